//! The command line: one file per subcommand. The only room that prints.

mod analyze;
mod answers;
mod answers_import;
mod args;
mod benchmark;
mod collector;
mod completions;
mod demo;
mod explain;
mod inspect;
mod output;
mod program;
mod progress;
mod report;
mod rules;
mod ssp;

pub use program::{EXIT_FAIL_ON, EXIT_OK, EXIT_TROUBLE, run};
