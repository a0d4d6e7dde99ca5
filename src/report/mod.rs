//! Reports: one file per format, each made from nothing but the [`Assessment`].
//!
//! Rendering is pure: equal assessments give equal bytes. Every text of an assessment may come from
//! a hostile snapshot, so templates print through one formatter that escapes for their format.
//!
//! [`Assessment`]: crate::assess::assessment::Assessment

mod check;
mod checklist;
mod ckl;
mod cklb;
mod csv;
mod details;
mod error;
mod evidence;
mod exchange;
mod format;
mod hdf;
mod html;
mod ident;
mod json;
mod junit;
mod limit;
mod markdown;
mod names;
mod oscal;
mod per_node;
mod poam;
mod print;
mod read;
mod sarif;
mod stale;
mod terminal;
mod text;
mod time;
mod view;
mod words;
mod write;
mod xccdf;
mod xml;

pub use check::check;
pub use details::{comment, finding_details, marking_line};
pub use error::ReportError;
pub use format::{Choices, File, Format, UnknownFormat, render, render_each};
pub use json::schema;
pub use read::parse;
pub use terminal::terminal_summary;
pub(crate) use text::visible;
pub use write::write_all;
