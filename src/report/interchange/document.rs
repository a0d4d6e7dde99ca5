//! `assessment.json`, the assessment itself, and its schema: the public form from which all other reports can be made again.

use crate::model::assessment::Assessment;
use crate::report::base::error::ReportError;
use crate::report::base::json;
use crate::report::base::types::File;

/// The assessment, pretty, keys in the order of the type's fields, and its schema beside it.
pub(crate) fn render(assessment: &Assessment) -> Result<Vec<File>, ReportError> {
    Ok(vec![
        File { path: "assessment.json".to_owned(), text: json::pretty(assessment)? },
        File { path: "assessment.schema.json".to_owned(), text: schema()? },
    ])
}

/// The JSON Schema (2020-12) of `assessment.json`: pretty, ending in a newline.
///
/// # Errors
/// [`ReportError::Serialize`], a defect of the program.
///
/// ```
/// let schema = mke_stig::report::schema().unwrap();
/// assert!(schema.contains("\"additionalProperties\": false"));
/// ```
pub fn schema() -> Result<String, ReportError> {
    json::pretty(&schemars::schema_for!(Assessment))
}
