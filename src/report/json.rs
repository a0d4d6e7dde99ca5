//! `assessment.json` and its schema.

use serde::Serialize;

use crate::assess::assessment::Assessment;
use crate::report::ReportError;

/// The assessment, pretty, keys in the order of the type's fields.
pub(super) fn render(assessment: &Assessment) -> Result<String, ReportError> {
    pretty(assessment)
}

/// The JSON Schema (2020-12) of `assessment.json`: pretty, ending in a newline.
///
/// # Errors
/// [`ReportError::Serialize`], a defect of the program.
pub fn schema() -> Result<String, ReportError> {
    pretty(&schemars::schema_for!(Assessment))
}

fn pretty(value: &impl Serialize) -> Result<String, ReportError> {
    let mut text = serde_json::to_string_pretty(value).map_err(ReportError::Serialize)?;
    text.push('\n');
    Ok(text)
}
