//! Writes any text as a YAML value that is read back as it was.
//!
//! The values come from snapshots and from other people's files. Nothing in them may end the quotes, begin a
//! comment or hide from the reader, so that what stands in a draft is what the person who signs it sees. A
//! library's emitter would choose the style by the text; here people get lines where lines can be read, and
//! quotes with escapes everywhere else.

use std::fmt::Write as _;

use crate::model::display;
use crate::yaml::brackets;

/// The text as a value, in lines of its own where people can read it so, else in quotes. `indent`
/// is that of the key.
pub(crate) fn scalar(text: &str, indent: &str) -> String {
    let first = text.lines().next().unwrap_or_default();
    let lines = text.contains('\n')
        && !first.is_empty()
        && !first.starts_with([' ', '\t'])
        && !text.ends_with('\n')
        && text.chars().all(|c| c == '\n' || is_plain(c))
        && brackets::balanced(text);
    if !lines {
        return quoted(text);
    }
    let mut block = "|-".to_owned();
    for line in text.split('\n') {
        block.push('\n');
        if !line.is_empty() {
            block.push_str(indent);
            block.push_str("  ");
            block.push_str(line);
        }
    }
    block
}

/// The text in double quotes, with what cannot be seen written out.
pub(crate) fn quoted(text: &str) -> String {
    in_quotes(text, is_plain)
}

/// The text in double quotes, with everything beside ASCII written out: names from a snapshot that a person
/// approves by reading them must not pass for others that look alike.
pub(crate) fn quoted_ascii(text: &str) -> String {
    in_quotes(text, |c| (' '..='~').contains(&c))
}

/// The text in double quotes; characters that are not `plain` are written as escapes.
fn in_quotes(text: &str, plain: fn(char) -> bool) -> String {
    let mut out = "\"".to_owned();
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if plain(c) => out.push(c),
            c => {
                let _ = write!(out, "\\U{:08X}", u32::from(c));
            }
        }
    }
    out.push('"');
    out
}

/// Characters that YAML holds as they are and that people see as they are.
fn is_plain(c: char) -> bool {
    !display::is_hidden(c) && !matches!(c, '\t' | '\n')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn lines_stay_lines() {
        assert_eq!(scalar("a\n\n b: #c", "  "), "|-\n    a\n\n     b: #c");
        assert_eq!(scalar("one: two", ""), "\"one: two\"");
        assert_eq!(scalar("a\u{202e}\nb", ""), "\"a\\U0000202E\\nb\"");
    }

    proptest! {
        #[test]
        fn every_text_is_read_back(text in "(\\PC|[\\n\\t #:>|'\"\\\\-]|\\x00|\u{feff}|\u{85}|\r){0,40}") {
            let yaml = format!("list:\n  - key: {}\n    other: 1\n", scalar(&text, "    "));
            let value: serde_yaml::Value = serde_yaml::from_str(&yaml).unwrap();
            prop_assert_eq!(value["list"][0]["key"].as_str(), Some(text.as_str()));

            let ascii = quoted_ascii(&text);
            prop_assert!(ascii.is_ascii());
            let value: serde_yaml::Value = serde_yaml::from_str(&ascii).unwrap();
            prop_assert_eq!(value.as_str(), Some(text.as_str()));
        }
    }
}
