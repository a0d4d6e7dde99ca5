//! `assessment.json` and its schema.

use serde::Serialize;

use crate::assess::assessment::Assessment;
use crate::report::{File, ReportError};

/// The assessment, pretty, keys in the order of the type's fields, and its schema beside it.
pub(super) fn render(assessment: &Assessment) -> Result<Vec<File>, ReportError> {
    Ok(vec![
        File { path: "assessment.json".to_owned(), text: pretty(assessment)? },
        File { path: "assessment.schema.json".to_owned(), text: schema()? },
    ])
}

/// The JSON Schema (2020-12) of `assessment.json`: pretty, ending in a newline.
///
/// # Errors
/// [`ReportError::Serialize`], a defect of the program.
pub fn schema() -> Result<String, ReportError> {
    pretty(&schemars::schema_for!(Assessment))
}

/// A value as JSON for people and programs alike, ending in a newline.
pub(super) fn pretty(value: &impl Serialize) -> Result<String, ReportError> {
    let mut text = serde_json::to_string_pretty(value).map_err(ReportError::Serialize)?;
    text.push('\n');
    Ok(text)
}
