//! What is printed after reports were written.

use std::path::PathBuf;

use crate::cli::output::Out;
use crate::model::assessment::Assessment;
use crate::model::display;
use crate::report::terminal_summary;

/// Prints the summary and where the reports are.
pub(super) fn print_summary(assessment: &Assessment, written: &[PathBuf], out: &mut Out) -> anyhow::Result<()> {
    let mut text = terminal_summary(assessment);
    text.push_str("\nReports\n");
    for path in written {
        text.push_str(&format!("  {}\n", display::escaped(&path.to_string_lossy())));
    }
    out.data(&text)?;
    Ok(())
}
