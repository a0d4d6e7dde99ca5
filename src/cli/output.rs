//! Printing: data to standard output, the rest to standard error.

use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write};

use crate::report::visible;

/// Where a command prints.
pub(crate) struct Out {
    color: bool,
}

impl Out {
    /// Colour is for terminals whose user has not set `NO_COLOR`.
    pub(crate) fn new() -> Self {
        let wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        Self { color: wanted && io::stderr().is_terminal() }
    }

    /// Whether diagnostics are coloured.
    pub(crate) fn color(&self) -> bool {
        self.color
    }

    /// Prints data to standard output.
    #[expect(clippy::unused_self, reason = "printing goes through the one place that may print")]
    pub(crate) fn data(&mut self, text: &str) -> io::Result<()> {
        let mut stdout = io::stdout().lock();
        stdout.write_all(text.as_bytes())?;
        if !text.ends_with('\n') {
            stdout.write_all(b"\n")?;
        }
        stdout.flush()
    }

    /// Prints a remark to standard error; one that cannot be printed is lost without harm.
    #[expect(clippy::unused_self, reason = "printing goes through the one place that may print")]
    pub(crate) fn note(&mut self, text: &str) {
        let _ = writeln!(io::stderr().lock(), "{text}");
    }

    /// Prints an error with its causes to standard error.
    pub(crate) fn error(&mut self, error: &anyhow::Error) {
        let mut text = String::new();
        for (depth, cause) in error.chain().enumerate() {
            let line = printable(&cause.to_string());
            // A cause that its error already tells is not told again.
            let absent = cause.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::NotFound);
            if depth > 0 && (text.contains(&line) || absent && text.contains("no such file")) {
                continue;
            }
            let _ = write!(text, "{}{line}", if depth == 0 { "" } else { ": " });
        }
        let (on, off) = if self.color { ("\u{1b}[1;31m", "\u{1b}[0m") } else { ("", "") };
        self.note(&format!("{on}error{off}: {text}"));
    }
}

/// A text without what a terminal would take as a command; tabs too are written out, since they
/// would move what stands behind them.
pub(crate) fn printable(text: &str) -> String {
    visible(text).replace('\t', "\\u{9}")
}

/// Whether an error says that nobody reads the output any more.
pub(crate) fn broken_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
