//! `assessment.md`.

use crate::assess::assessment::Assessment;
use crate::report::{File, Format, ReportError, print};

const TEMPLATE: (&str, &str) = ("assessment.md.j2", include_str!("../../reports/assessment.md.j2"));

/// The assessment as Markdown.
pub(super) fn render(assessment: &Assessment) -> Result<File, ReportError> {
    let text = print::template(Format::Markdown, TEMPLATE, assessment, &[])?;
    Ok(File { path: "assessment.md".to_owned(), text })
}
