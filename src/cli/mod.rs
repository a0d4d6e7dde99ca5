//! The command line: one file per subcommand. The only room that prints.

mod commands;
mod interrupt;
mod options;
mod output;
mod program;
mod progress;

pub use program::{EXIT_FAIL_ON, EXIT_OK, EXIT_TROUBLE, run};
