//! Reports for people: HTML, Markdown and the terminal.

pub(crate) mod html;
pub(crate) mod markdown;
pub(crate) mod template;
pub(crate) mod terminal;
pub(crate) mod view;
