//! JSON as all reports write it, and `assessment.json` with its schema.
//!
//! JSON keeps every character of a value, but a terminal or an editor that shows the file obeys the hidden ones.
//! [`pretty`] and [`line`] write those as `\u` sequences; nothing else here writes JSON.

use std::fmt::Write as _;

use serde::{Serialize, Serializer};

use crate::model::display;
use crate::report::base::error::ReportError;

/// A value as JSON for people and programs alike, over several lines, ending in a newline.
///
/// # Errors
/// [`ReportError::Serialize`], a defect of the program.
pub(crate) fn pretty(value: &impl Serialize) -> Result<String, ReportError> {
    finished(serde_json::to_string_pretty(value))
}

/// A value as JSON on one line, ending in a newline.
///
/// # Errors
/// [`ReportError::Serialize`], a defect of the program.
pub(crate) fn line(value: &impl Serialize) -> Result<String, ReportError> {
    finished(serde_json::to_string(value))
}

fn finished(json: serde_json::Result<String>) -> Result<String, ReportError> {
    let mut json = ascii_hidden(json.map_err(ReportError::Serialize)?);
    json.push('\n');
    Ok(json)
}

/// Writes hidden characters as `\u` sequences, which mean the same. They stand in strings only, and never behind a
/// backslash, because the serializer escapes nothing that is hidden but controls of ASCII.
fn ascii_hidden(json: String) -> String {
    if !json.contains(display::is_hidden) {
        return json;
    }
    let mut escaped = String::with_capacity(json.len() + 64);
    for c in json.chars() {
        if display::is_hidden(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                // Writing to a string cannot fail.
                let _ = write!(escaped, "\\u{unit:04x}");
            }
        } else {
            escaped.push(c);
        }
    }
    escaped
}

/// A list that is made while it is written, so that it is never held whole.
pub(crate) struct Each<F>(pub(crate) F);

impl<F, I> Serialize for Each<F>
where
    F: Fn() -> I,
    I: IntoIterator<Item: Serialize>,
{
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq((self.0)())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn hidden_characters_are_sequences() {
        let text = "a\u{9b}31m\u{7f}\u{202e}\u{e0041}\\\u{200b}\u{1b}é";
        assert_eq!(line(&text).unwrap(), "\"a\\u009b31m\\u007f\\u202e\\udb40\\udc41\\\\\\u200b\\u001bé\"\n");
    }

    proptest! {
        #[test]
        fn values_stay_what_they_are(
            texts in proptest::collection::vec("(\\PC|[\\x00-\u{ff}]|[\u{2000}-\u{206f}]|\\\\|\u{e0041}|\u{fffe}){0,20}", 0..4)
        ) {
            for json in [pretty(&texts).unwrap(), line(&texts).unwrap()] {
                prop_assert!(!json.contains(display::is_hidden));
                prop_assert_eq!(serde_json::from_str::<Vec<String>>(&json).unwrap(), texts.clone());
            }
        }
    }
}
