//! What people decided: answers to rules that evidence and SSP leave open.

mod answer;
mod apply;
pub(crate) mod carry;
mod draft;
mod import;
mod lint;

pub use answer::{Answer, AnswerFile, AnswerStatus, Answers};
pub(crate) use apply::{OpenPoints, apply};
pub use draft::draft;
pub use import::{Entry, Imported, import};
pub use lint::review;
