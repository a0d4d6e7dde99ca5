//! Reports: one file per format, each made from nothing but the [`Assessment`].
//!
//! Rendering is pure: equal assessments give equal bytes. Every text of an assessment may come from
//! a hostile snapshot, so templates print through one formatter that escapes for their format.
//!
//! [`Assessment`]: crate::model::assessment::Assessment

pub(crate) mod bundle;
mod check;
pub(crate) mod checklist;
mod error;
mod format;
mod ident;
pub(crate) mod interchange;
pub(crate) mod json;
pub(crate) mod page;
mod read;
mod text;
mod time;
mod write;
mod xml;

pub use check::check;
pub use checklist::details::{comment, finding_details, marking_line};
pub use error::ReportError;
pub use format::{Choices, File, Format, UnknownFormat, render, render_each};
pub use json::schema;
pub use page::terminal::terminal_summary;
pub use read::parse;
pub use write::write_all;
