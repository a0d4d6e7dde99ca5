//! Reports for people: HTML, Markdown and the terminal.

mod families;
mod finding;
pub(crate) mod html;
pub(crate) mod markdown;
mod matrix;
mod rows;
mod steps;
pub(crate) mod template;
pub(crate) mod terminal;
pub(crate) mod view;
