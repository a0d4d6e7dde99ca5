//! Reading `assessment.json` back, as strictly as it is written: an unknown field would be lost in every report.

use serde::Deserialize;

use crate::model::assessment::{Assessment, SCHEMA};
use crate::model::display;
use crate::report::base::error::ReportError;
use crate::report::check::check;

/// Only the schema: it is read first, so that another version is named as such and not as a
/// hundred unknown fields.
#[derive(Deserialize)]
struct Probe {
    schema: String,
}

/// Reads an `assessment.json` and checks that it does not contradict itself.
///
/// # Errors
/// Bytes that are not JSON, no schema or another one, a field that is unknown, missing or of
/// another type, or contents that [`check`](crate::report::check()) refuses.
///
/// ```
/// use mke_stig::report::parse;
///
/// let error = parse(b"{\"schema\": \"another/1\"}").unwrap_err();
/// assert!(error.to_string().contains("its schema is \"another/1\""));
/// ```
pub fn parse(json: &[u8]) -> Result<Assessment, ReportError> {
    // Windows editors put a byte order mark before the text, which JSON does not allow.
    let json = json.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(json);
    let probe: Probe = serde_json::from_slice(json)
        .map_err(|error| if error.is_data() { ReportError::NoSchema } else { ReportError::NotJson(error) })?;
    if probe.schema != SCHEMA {
        return Err(ReportError::OtherSchema { found: display::cut(&probe.schema, 80).to_owned() });
    }
    let assessment: Assessment = serde_json::from_slice(json).map_err(ReportError::Malformed)?;
    let problems = check(&assessment);
    if problems.is_empty() { Ok(assessment) } else { Err(ReportError::Contradiction { problems }) }
}
