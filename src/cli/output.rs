//! Printing: data to standard output, the rest to standard error.
//!
//! Nothing else in the program prints, so that no text of an input or of a rule pack reaches a terminal with the
//! characters that it would obey: each way out of here writes them out, save the one for generated scripts.

use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write};

use serde::Serialize;

use crate::model::display;
use crate::report::base::json;
use crate::yaml::Problem;

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

    /// Prints text to standard output, with whatever a terminal would obey written out.
    pub(crate) fn data(&mut self, text: &str) -> io::Result<()> {
        self.script(&printable(text))
    }

    /// Prints a value as JSON to standard output.
    pub(crate) fn json(&mut self, value: &impl Serialize) -> anyhow::Result<()> {
        Ok(self.script(&json::pretty(value)?)?)
    }

    /// Prints to standard output what nobody but this program made: it is printed as it is.
    #[expect(clippy::unused_self, reason = "printing goes through the one place that may print")]
    pub(crate) fn script(&mut self, text: &str) -> io::Result<()> {
        let mut stdout = io::stdout().lock();
        stdout.write_all(text.as_bytes())?;
        if !text.ends_with('\n') {
            stdout.write_all(b"\n")?;
        }
        stdout.flush()
    }

    /// Prints a remark to standard error, with whatever a terminal would obey written out.
    pub(crate) fn note(&mut self, text: &str) {
        self.line(&printable(text));
    }

    /// Draws a problem of a file under the line of its text where it stands, to standard error.
    pub(crate) fn problem(&mut self, problem: &Problem, text: &str) {
        self.line(&problem.drawn(text, self.color));
    }

    /// Prints what is wrong with the arguments, or the help that they ask for.
    pub(crate) fn usage(&mut self, error: &clap::Error) {
        let repeats_hidden =
            std::env::args_os().any(|argument| argument.to_string_lossy().contains(display::is_hidden));
        if repeats_hidden && error.use_stderr() {
            // In colors, what an argument brought could not be told from the colors.
            self.line(&printable(&error.render().to_string()));
        } else {
            // A closed pipe is no trouble: there is nobody left to tell.
            let _ = error.print();
        }
    }

    /// Prints to standard error; a line that cannot be printed is lost without harm.
    #[expect(clippy::unused_self, reason = "printing goes through the one place that may print")]
    fn line(&mut self, text: &str) {
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
        self.line(&format!("{on}error{off}: {text}"));
    }
}

/// A text without what a terminal would take as a command; tabs too are written out, since they
/// would move what stands behind them.
fn printable(text: &str) -> String {
    display::visible(text).replace('\t', "\\t")
}

/// Whether an error says that nobody reads the output any more.
pub(crate) fn broken_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
