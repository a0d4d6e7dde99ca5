//! The command line: one file per subcommand. The only room that prints.

mod clock;
mod commands;
mod exit;
mod interrupt;
mod new_file;
mod options;
mod output;
mod program;
mod progress;

pub use program::run;
