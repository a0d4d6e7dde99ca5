//! Reading: which member is what, and the threads that share the work.

mod dump_file;
mod dump_part;
mod join;
mod nested;
mod placed;
mod reader;
mod run;
mod unfinished;
mod visit;
mod yaml_objects;

pub use run::read;
