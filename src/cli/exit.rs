//! How the program ends.

use std::process::ExitCode;

/// What a subcommand ends with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done.
    Done,
    /// What `--fail-on` names is there.
    FailOn,
    /// What was checked is not whole, or not the same.
    Differs,
    /// It could not be completed: usage, unreadable input, nothing to assess, cannot write.
    Trouble,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Done => 0,
            Exit::FailOn | Exit::Differs => 1,
            Exit::Trouble => 2,
        })
    }
}
