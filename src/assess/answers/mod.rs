//! What people decided: answers to rules that evidence and SSP leave open.

mod answer;
mod apply;
mod draft;
mod import;
mod review;

pub use answer::{Answer, AnswerStatus, Answers};
pub(super) use apply::{OpenPoints, apply};
pub use draft::draft;
pub use import::{Entry, Imported, import};
pub use review::review;
