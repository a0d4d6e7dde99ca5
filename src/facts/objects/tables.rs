//! Configuration files in TOML: what is in them, and what may be cut off.
//!
//! A copy that breaks off behind a line is a file like any other. Only what follows a table tells that it ended, so of
//! the last one nobody knows what else it says; and a program that writes a table writes values into it.

use serde_json::Value;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::facts::fields::path::{FieldPath, Lookup};

/// Where a file cannot be read: the parser's own message quotes the line, and the line may hold a password.
#[derive(Debug, thiserror::Error)]
#[error("it is not valid TOML at line {line}, column {column}")]
pub(super) struct TomlError {
    line: usize,
    column: usize,
}

/// Reads a file.
pub(super) fn value(text: &str) -> Result<Value, TomlError> {
    toml::from_str(text).map_err(|error: toml::de::Error| {
        let before = text.get(..error.span().map_or(0, |span| span.start)).unwrap_or_default();
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        TomlError { line: before.matches('\n').count() + 1, column }
    })
}

/// The first of some tables that is not there, or has no value of its own.
pub(super) fn lacking<'p>(value: &Value, tables: &'p [FieldPath]) -> Option<&'p FieldPath> {
    let has_values = |table: &Value| table.as_object().is_some_and(|table| table.values().any(|it| !it.is_object()));
    tables.iter().find(|path| !matches!(path.lookup(value), Lookup::Found(table) if has_values(table)))
}

/// The keys of the table that stands last, which may go on where the text ends.
pub(super) fn last_table(text: &str) -> Vec<String> {
    let Ok(document) = DeTable::parse(text) else { return Vec::new() };
    // Each table with the number of the one around it: paths can be long, and are made once.
    let mut tables: Vec<(usize, &str, &DeTable<'_>)> = vec![(0, "", document.get_ref())];
    let (mut last, mut at) = (0, 0);
    let mut number = 0;
    while let Some((_, _, table)) = tables.get(number).copied() {
        for (key, value) in table {
            let before = tables.len();
            tables.extend(own_tables(value, text).map(|inner| (number, key.get_ref().as_ref(), inner)));
            if key.span().start >= at {
                (at, last) = (key.span().start, if tables.len() > before { before } else { number });
            }
        }
        number += 1;
    }
    let mut keys = Vec::new();
    while let Some((around, key, _)) = tables.get(last).filter(|_| last > 0) {
        keys.push((*key).to_owned());
        last = *around;
    }
    keys.reverse();
    keys
}

/// The tables that stand in the place of a value under heads of their own.
fn own_tables<'v, 't>(value: &'v Spanned<DeValue<'t>>, text: &str) -> impl Iterator<Item = &'v DeTable<'t>> {
    let (one, list) = match value.get_ref() {
        DeValue::Table(_) => (Some(value), None),
        DeValue::Array(list) => (None, Some(list.iter())),
        _ => (None, None),
    };
    let inline = |value: &Spanned<DeValue<'_>>| text.as_bytes().get(value.span().start) == Some(&b'{');
    let own: Vec<_> = one.into_iter().chain(list.into_iter().flatten()).filter(|value| !inline(value)).collect();
    own.into_iter().filter_map(|value| value.get_ref().as_table())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_last_table_is_that_of_the_text_and_not_of_the_alphabet() {
        let last = |text: &str| last_table(text).join("/");
        assert_eq!(last("[b]\nx = 1\n[a]\ny = 2\n"), "a");
        assert_eq!(last("[a]\nx = 1\n[b.c]\n"), "b/c");
        assert_eq!(last("[b]\nx = 1\n[b.a]\ny = 1\nz = [\n]\n"), "b/a");
        assert_eq!(last("[b]\nx = { y = 1 }\nz = \"\"\"\n[a]\n\"\"\"\n"), "b");
        assert_eq!(last("[[r]]\nx = 1\n[[r]]\nx = 2\n"), "r");
        assert_eq!(last("x = 1\n"), "");
    }

    #[test]
    fn a_table_without_values_is_no_table_that_a_program_wrote() {
        let tables = ["a", "b"].map(FieldPath::key);
        let lacks = |value: Value| lacking(&value, &tables).map(ToString::to_string);
        assert_eq!(lacks(json!({ "a": { "x": 1 }, "b": { "y": [], "c": {} } })), None);
        assert_eq!(lacks(json!({ "a": { "x": 1 }, "b": { "c": { "y": 1 } } })).as_deref(), Some("b"));
        assert_eq!(lacks(json!({ "a": {}, "b": { "y": 1 } })).as_deref(), Some("a"));
    }
}
