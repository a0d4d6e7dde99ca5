//! Support dumps: files that hold facts of several kinds, or facts in loose shapes.

mod config;
mod images;
mod info;
mod loose;
mod part;
mod read;
mod report;
mod walk;

pub use config::pointer_in_configuration;
