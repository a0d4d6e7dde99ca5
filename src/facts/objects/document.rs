//! Documents that are read whole: TOML, `KEY=value` lines, and what programs print for people.

use std::str::Utf8Error;

use serde_json::Value;

use crate::facts::fact::Observer;
use crate::facts::fields::path::NOT_CARRIED;
use crate::facts::fields::position::Position;
use crate::facts::fields::projection::PickError;
use crate::facts::fields::tree::Fields;
use crate::facts::member::State;
use crate::facts::objects::sink::{PARTS, Sink};
use crate::facts::objects::tables;
use crate::facts::objects::tables::TomlError;
use crate::facts::text;
use crate::facts::text::TextFact;
use crate::layout::{Encoding, TextForm};

/// Why a document cannot be read.
#[derive(Debug, thiserror::Error)]
enum DocumentError {
    #[error("it is not UTF-8: {0}")]
    NotUtf8(#[from] Utf8Error),
    #[error(transparent)]
    NotToml(#[from] TomlError),
    #[error("line {0}: there is no `=`")]
    NoEquals(usize),
    #[error(transparent)]
    Pick(#[from] PickError),
}

/// Parses and observes a document that is read whole.
pub(crate) fn document<O: Observer>(sink: &Sink<'_, O>, encoding: Encoding, text: &[u8]) {
    let parsed = match encoding {
        Encoding::Text(form) => return printed(sink, form, text),
        Encoding::KeyValue => key_values(text),
        Encoding::Toml | Encoding::Json | Encoding::JsonUnder(_) => toml_value(text),
    };
    let plan = sink.plan.planned(sink.kind);
    match parsed.and_then(|value| Ok((plan.projection.pick(&value)?, value))) {
        Ok((mut fields, value)) => {
            if encoding == Encoding::Toml {
                mark_cut_off(sink, &value, text, &mut fields);
            }
            let mut sums = Vec::new();
            sink.fact(sink.kind, &fields, Position::Document { document: 0, line: 0 }, 0, &mut sums);
            sink.add(sums);
        }
        Err(error) => sink.growing.problem(0, State::Unreadable(error.to_string())),
    }
}

/// Parses and observes what a program printed for people.
fn printed<O: Observer>(sink: &Sink<'_, O>, form: TextForm, text: &[u8]) {
    let mut sums = Vec::new();
    let mut order = 0;
    // A program ends its lines: what it printed is cut where one has no end, and the rest of that
    // line may say something else than the whole would.
    let whole = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last + 1);
    let lines = if form == TextForm::Certificates { text } else { &text[..whole] };
    let outcome = text::read(form, lines, &sink.plan.anchors, &mut |fact: TextFact| {
        match sink.plan.planned(sink.kind).projection.pick(&fact.value) {
            Ok(fields) => sink.fact(sink.kind, &fields, Position::Line(fact.line), order << PARTS, &mut sums),
            Err(error) => sink.growing.problem(order, State::Unreadable(error.to_string())),
        }
        order += 1;
    });
    sink.add(sums);
    if lines.len() < text.len() {
        sink.growing.problem(order, State::Truncated("its last line has no end".to_owned()));
    } else if let Err(error) = outcome {
        sink.growing.problem(order, State::Unreadable(error.to_string()));
    }
}

fn toml_value(text: &[u8]) -> Result<Value, DocumentError> {
    Ok(tables::value(str::from_utf8(text)?)?)
}

/// Marks the fields that a file which breaks off may have said.
fn mark_cut_off<O: Observer>(sink: &Sink<'_, O>, value: &Value, text: &[u8], fields: &mut Fields) {
    let plan = sink.plan.planned(sink.kind);
    let lacking = tables::lacking(value, &plan.whole_with);
    let last = str::from_utf8(text).map(tables::last_table).unwrap_or_default();
    for (field, (_, path)) in fields.iter_mut().zip(plan.projection.paths()).filter(|(field, _)| field.is_none()) {
        let of_last = path.keys().split_last().is_some_and(|(_, table)| table == last);
        if lacking.is_some() || of_last {
            *field = Some(NOT_CARRIED.into());
        }
    }
    if let Some(table) = lacking {
        sink.growing.problem(0, State::Truncated(format!("it has no `{table}`, which every whole one has")));
    }
}

/// Reads `KEY=value` lines; values may be quoted as in a shell.
fn key_values(text: &[u8]) -> Result<Value, DocumentError> {
    let mut values = serde_json::Map::new();
    for (number, line) in std::str::from_utf8(text)?.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (key, value) = line.split_once('=').ok_or(DocumentError::NoEquals(number + 1))?;
        let value = value.trim_matches(|c| c == '"' || c == '\'');
        values.insert(key.to_owned(), value.into());
    }
    Ok(Value::Object(values))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_bytes_end(bytes in prop::collection::vec(prop_oneof![prop::sample::select(b"[]=\"'{}.,#\n\\ a1".to_vec()), any::<u8>()], 0..300)) {
            let lines = bytes.split(|byte| *byte == b'\n').count();
            if let Ok(Value::Object(values)) = key_values(&bytes) {
                prop_assert!(values.len() <= lines);
            }
            let _ = toml_value(&bytes);
        }
    }
}
