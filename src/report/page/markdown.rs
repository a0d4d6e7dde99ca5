//! `assessment.md`.

use crate::model::assessment::Assessment;
use crate::report::page::template as print;
use crate::report::{File, Format, ReportError};

const TEMPLATE: (&str, &str) = ("assessment.md.j2", include_str!("../../../reports/assessment.md.j2"));

/// The assessment as Markdown.
pub(crate) fn render(assessment: &Assessment) -> Result<File, ReportError> {
    let text = print::template(Format::Markdown, TEMPLATE, assessment, &[])?;
    Ok(File { path: "assessment.md".to_owned(), text })
}
