//! Reading: which member is what, and the threads that share the work.

mod dump_file;
mod dump_part;
mod join;
mod nested;
mod output;
mod placed;
mod reader;
mod run;
mod unfinished;
mod visit;

pub use run::read;
