//! JSON as other programs write it: keys in any order, with or without spaces, objects in a list or
//! one a line.

use serde_json::Value;

use crate::common::dice::Dice;

/// How objects stand in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// One document.
    Object,
    /// One document over many lines.
    Pretty,
    /// A list.
    Array,
    /// Each object of the list on a line of its own.
    Lines,
}

/// The text of a value, its keys in an order that the dice give.
pub(crate) fn write(value: &Value, form: Form, dice: &mut Dice) -> Vec<u8> {
    let mut text = String::new();
    match (form, value.as_array()) {
        (Form::Pretty, _) => text = serde_json::to_string_pretty(value).unwrap(),
        (Form::Lines, Some(list)) => {
            for item in list {
                put(item, dice, &mut text);
                text.push('\n');
            }
        }
        (Form::Array, Some(list)) => {
            text.push('[');
            for (number, item) in list.iter().enumerate() {
                text.push_str(if number == 0 { "\n" } else { ",\n" });
                put(item, dice, &mut text);
            }
            text.push_str("\n]\n");
        }
        _ => put(value, dice, &mut text),
    }
    text.into_bytes()
}

fn put(value: &Value, dice: &mut Dice, text: &mut String) {
    match value {
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().collect();
            dice.shuffle(&mut fields);
            text.push('{');
            for (number, (key, value)) in fields.into_iter().enumerate() {
                if number > 0 {
                    text.push(',');
                }
                text.push_str(&Value::from(key.as_str()).to_string());
                text.push_str(": ");
                put(value, dice, text);
            }
            text.push('}');
        }
        Value::Array(list) => {
            text.push('[');
            for (number, item) in list.iter().enumerate() {
                if number > 0 {
                    text.push(',');
                }
                put(item, dice, text);
            }
            text.push(']');
        }
        scalar => text.push_str(&scalar.to_string()),
    }
}
