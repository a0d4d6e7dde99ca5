//! `assessment.html`: one page that needs nothing else and may run nothing else.
//!
//! Style and script are in the page, and its policy allows exactly these two by their digests, so that markup which slipped
//! through the escaping would still not run.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::model::assessment::Assessment;
use crate::model::digest::Digest;
use crate::report::base::error::ReportError;
use crate::report::base::types::{File, Format};
use crate::report::page::template;

const TEMPLATE: (&str, &str) = ("assessment.html.j2", include_str!("../../../reports/assessment.html.j2"));
const STYLE: &str = include_str!("../../../reports/style.css");
const SCRIPT: &str = include_str!("../../../reports/page.js");

/// The assessment as one page.
pub(crate) fn render(assessment: &Assessment) -> Result<File, ReportError> {
    // Browsers digest the text after line ends are made `\n`, whatever a checkout made of them.
    let style = STYLE.replace("\r\n", "\n");
    let script = SCRIPT.replace("\r\n", "\n");
    let policy = format!(
        "default-src 'none'; style-src {}; script-src {}; base-uri 'none'; form-action 'none'",
        source(&style),
        source(&script)
    );
    let extra = [("style", style.as_str()), ("script", script.as_str()), ("policy", policy.as_str())];
    let text = template::template(Format::Html, TEMPLATE, assessment, &extra)?;
    Ok(File { path: "assessment.html".to_owned(), text })
}

/// An inline block as a Content-Security-Policy names it.
fn source(block: &str) -> String {
    let digest = STANDARD.encode(Digest::of(block.as_bytes()).bytes());
    format!("'sha256-{digest}'")
}
