//! `assessment.md`.

use crate::assess::assessment::Assessment;
use crate::report::{Format, ReportError, print};

const TEMPLATE: (&str, &str) = ("assessment.md.j2", include_str!("../../reports/assessment.md.j2"));

/// The assessment as Markdown.
pub(super) fn render(assessment: &Assessment) -> Result<String, ReportError> {
    print::template(Format::Markdown, TEMPLATE, assessment, &[])
}
