//! Reports: one file per format, each made from nothing but the [`Assessment`].
//!
//! Rendering is pure: equal assessments give equal bytes. Every text of an assessment may come from
//! a hostile snapshot, so templates print through one formatter that escapes for their format. Formats know what is in
//! [`base`] and not each other; `format.rs` calls them, `write.rs` lays their files into a folder.
//!
//! [`Assessment`]: crate::model::assessment::Assessment

pub(crate) mod base;
pub(crate) mod bundle;
mod check;
pub(crate) mod checklist;
pub(crate) mod fix;
mod format;
pub(crate) mod interchange;
pub(crate) mod page;
mod read;
mod write;

pub use base::error::ReportError;
pub use base::prose::{comment, finding_details};
pub use base::types::{Choices, File, Format, UnknownFormat};
pub use check::check;
pub use format::{render, render_each};
pub use interchange::document::schema;
pub use page::terminal::terminal_summary;
pub use read::parse;
pub use write::write_all;
pub(crate) use write::write_unless;
