//! `assessment.md`: the page for repositories and tickets, from a template like the HTML page.

use crate::model::assessment::Assessment;
use crate::report::base::error::ReportError;
use crate::report::base::types::{File, Format};
use crate::report::page::template;

const TEMPLATE: [(&str, &str); 1] = [("assessment.md.j2", include_str!("../../../reports/assessment.md.j2"))];

/// The assessment as Markdown.
pub(crate) fn render(assessment: &Assessment) -> Result<File, ReportError> {
    let text = template::template(Format::Markdown, &TEMPLATE, assessment, &[])?;
    Ok(File { path: "assessment.md".to_owned(), text })
}
