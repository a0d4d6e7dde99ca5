//! `assessment.html`: one page that needs nothing else and may run nothing else.
//!
//! Style and script are in the page, and its policy allows exactly these two by their digests, so that markup which slipped
//! through the escaping would still not run.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::model::assessment::Assessment;
use crate::model::digest::Digest;
use crate::model::display;
use crate::report::base::error::ReportError;
use crate::report::base::extract;
use crate::report::base::types::{File, Format};
use crate::report::page::{template, view};

/// The page, then its parts in the order in which they stand on it.
const TEMPLATES: [(&str, &str); 12] = [
    ("assessment.html.j2", include_str!("../../../reports/assessment.html.j2")),
    ("page/first.html.j2", include_str!("../../../reports/page/first.html.j2")),
    ("page/summary.html.j2", include_str!("../../../reports/page/summary.html.j2")),
    ("page/not_reviewed.html.j2", include_str!("../../../reports/page/not_reviewed.html.j2")),
    ("page/rules.html.j2", include_str!("../../../reports/page/rules.html.j2")),
    ("page/rule.html.j2", include_str!("../../../reports/page/rule.html.j2")),
    ("page/evidence.html.j2", include_str!("../../../reports/page/evidence.html.j2")),
    ("page/fix.html.j2", include_str!("../../../reports/page/fix.html.j2")),
    ("page/views.html.j2", include_str!("../../../reports/page/views.html.j2")),
    ("page/coverage.html.j2", include_str!("../../../reports/page/coverage.html.j2")),
    ("page/decisions.html.j2", include_str!("../../../reports/page/decisions.html.j2")),
    ("page/inputs.html.j2", include_str!("../../../reports/page/inputs.html.j2")),
];
/// Characters of a text at the edge of a printed page: more do not fit on a line.
const EDGE: usize = 90;
const STYLE: &str = include_str!("../../../reports/style.css");
const SCRIPT: &str = include_str!("../../../reports/page.js");

/// The assessment as one page.
pub(crate) fn render(assessment: &Assessment) -> Result<File, ReportError> {
    // Browsers digest the text after line ends are made `\n`, whatever a checkout made of them.
    let style = format!("{}{}", STYLE.replace("\r\n", "\n"), sheet(assessment));
    let script = SCRIPT.replace("\r\n", "\n");
    let policy = format!(
        "default-src 'none'; style-src {}; script-src {}; base-uri 'none'; form-action 'none'",
        source(&style),
        source(&script)
    );
    let extra = [("style", style.as_str()), ("script", script.as_str()), ("policy", policy.as_str())];
    let text = template::template(Format::Html, &TEMPLATES, assessment, &extra)?;
    Ok(File { path: "assessment.html".to_owned(), text })
}

/// What stands at the edges of each printed page: the marking above and below, the system and the time of the
/// collection, the number of the page.
fn sheet(assessment: &Assessment) -> String {
    let marking = css(extract::marking(assessment).unwrap_or_default());
    let time = assessment.snapshot.collected_at.as_deref().unwrap_or("time of collection not stated");
    let name = css(&format!("{}, {time}", view::name(assessment)));
    format!(
        "@page {{ margin: 16mm 12mm;\n\
         @top-center {{ content: {marking}; font: bold 9pt sans-serif; }}\n\
         @bottom-center {{ content: {marking}; font: bold 9pt sans-serif; }}\n\
         @bottom-left {{ content: {name}; font: 8pt sans-serif; }}\n\
         @bottom-right {{ content: counter(page) \" of \" counter(pages); font: 8pt sans-serif; white-space: nowrap; }} }}\n"
    )
}

/// A text as a string of CSS on one line: every character but letters and digits is written by its number, so that nothing
/// in it can end the string or the style.
fn css(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in display::one_line(display::cut(text, EDGE)).chars() {
        if c.is_ascii_alphanumeric() {
            quoted.push(c);
        } else {
            let _ = write!(quoted, "\\{:x} ", u32::from(c));
        }
    }
    quoted.push('"');
    quoted
}

/// An inline block as a Content-Security-Policy names it.
fn source(block: &str) -> String {
    let digest = STANDARD.encode(Digest::of(block.as_bytes()).bytes());
    format!("'sha256-{digest}'")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_the_string_or_the_style() {
        let every: String = (0..=255_u8).map(char::from).chain("\u{2028}</style>\\".chars()).collect();
        let quoted = css(&every);
        let inner = quoted.trim_matches('"');
        assert!(inner.chars().all(|c| c.is_ascii_alphanumeric() || c == '\\' || c == ' '), "{quoted}");
        assert_eq!(css("S//NF"), "\"S\\2f \\2f NF\"");
    }
}
