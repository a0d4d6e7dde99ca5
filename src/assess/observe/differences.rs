//! Objects written one after the other, each by what differs from the ones before.
//!
//! Most objects of a list are alike in most fields. A value that was written before is written as its number, and what
//! the object before has in the same field is not written at all. So neither writing nor reading costs much more than
//! what is new in an object.

use serde_json::Value;

use crate::facts::Fields;

/// Values of one field that are known by number.
const KNOWN: usize = 16;

/// New values in a row after which those of a field are taken to be all different.
const IN_VAIN: u8 = 8;

/// What a change of a field begins with: it is absent, it has a value that is written out and will not be known by
/// number, or one that will. From [`NUMBERS`] on it has the value of that number.
const ABSENT: usize = 0;
const ALONE: usize = 1;
const NEW: usize = 2;
const NUMBERS: usize = 3;

/// What a field has at hand.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum At {
    #[default]
    Absent,
    Alone,
    Number(usize),
}

/// What is known of one field.
#[derive(Debug, Default)]
struct Column {
    known: Vec<Value>,
    at: At,
    vain: u8,
}

/// Writes objects by their differences.
#[derive(Debug, Default)]
pub(crate) struct Differences {
    /// By field; nothing before the first object.
    columns: Option<Vec<Column>>,
    changes: Vec<u8>,
    value: Vec<u8>,
}

impl Differences {
    /// Lets the next object stand for itself, as each one does behind which what is read begins.
    pub(super) fn begin(&mut self) {
        self.columns = None;
    }

    /// Writes an object behind a text. Where it cannot be written, the text stays as it is.
    pub(super) fn write(&mut self, fields: &Fields, text: &mut Vec<u8>) -> bool {
        let known = self.columns.take().filter(|columns| columns.len() == fields.len());
        let first = known.is_none();
        let mut columns = known.unwrap_or_else(|| fields.iter().map(|_| Column::default()).collect());
        self.changes.clear();
        let mut count = 0;
        for (slot, (column, value)) in columns.iter_mut().zip(fields).enumerate() {
            let Some(code) = column.code(value.as_ref()) else { continue };
            count += 1;
            put(&mut self.changes, slot);
            put(&mut self.changes, code);
            if let (ALONE | NEW, Some(value)) = (code, value) {
                self.value.clear();
                if !write_value(value, &mut self.value) {
                    return false;
                }
                put(&mut self.changes, self.value.len());
                self.changes.extend_from_slice(&self.value);
            }
        }
        // Without a number of fields, what the object before has stays.
        put(text, if first { fields.len() + 1 } else { 0 });
        put(text, count);
        text.extend_from_slice(&self.changes);
        self.columns = Some(columns);
        true
    }
}

impl Column {
    /// What the change to a value begins with; nothing where it is the one at hand.
    fn code(&mut self, value: Option<&Value>) -> Option<usize> {
        let Some(value) = value else {
            return (std::mem::take(&mut self.at) != At::Absent).then_some(ABSENT);
        };
        if self.vain >= IN_VAIN {
            self.at = At::Alone;
            return Some(ALONE);
        }
        if let At::Number(number) = self.at
            && same(&self.known[number], value)
        {
            self.vain = 0;
            return None;
        }
        if let Some(number) = self.known.iter().position(|known| same(known, value)) {
            self.vain = 0;
            self.at = At::Number(number);
            return Some(NUMBERS + number);
        }
        self.vain += 1;
        if self.known.len() >= KNOWN {
            self.at = At::Alone;
            return Some(ALONE);
        }
        self.at = At::Number(self.known.len());
        self.known.push(value.clone());
        Some(NEW)
    }
}

/// Whether two values are the same to the last bit: equal numbers may be written in two ways.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => {
            one == other && (!one.is_f64() || one.as_f64().map(f64::to_bits) == other.as_f64().map(f64::to_bits))
        }
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one.iter().zip(other).all(|(one, other)| one.0 == other.0 && same(one.1, other.1))
        }
        _ => one == other,
    }
}

/// Texts stand as they are, and all else as JSON.
fn write_value(value: &Value, text: &mut Vec<u8>) -> bool {
    if let Value::String(string) = value {
        text.push(b's');
        text.extend_from_slice(string.as_bytes());
        return true;
    }
    text.push(b'j');
    serde_json::to_writer(text, value).is_ok()
}

fn read_value(text: &[u8]) -> Option<Value> {
    let (form, text) = text.split_first()?;
    if *form == b's' {
        return Some(Value::String(String::from_utf8(text.to_vec()).ok()?));
    }
    let mut reader = serde_json::Deserializer::from_slice(text);
    // These are values that were read before, under the limit of their reader.
    reader.disable_recursion_limit();
    serde::Deserialize::deserialize(&mut reader).ok()
}

/// Writes a number, seven bits a byte, the lowest first.
fn put(text: &mut Vec<u8>, mut number: usize) {
    loop {
        let [low, ..] = number.to_le_bytes();
        number >>= 7;
        if number == 0 {
            text.push(low);
            return;
        }
        text.push(low | 0x80);
    }
}

/// Reads objects that were written by their differences.
#[derive(Debug, Default)]
pub(super) struct Objects<'t> {
    rest: &'t [u8],
    fields: Fields,
    /// By field, the values that are known by number, without the one that the object has, and the number of that.
    known: Vec<(Vec<Option<Value>>, Option<usize>)>,
    changed: Vec<usize>,
}

impl<'t> Objects<'t> {
    pub(super) fn of(text: &'t [u8]) -> Self {
        Self { rest: text, ..Self::default() }
    }

    /// The next object, with the numbers of the fields in which it may differ from the one before; none behind the
    /// last.
    pub(super) fn next(&mut self) -> Option<(&Fields, &[usize])> {
        self.changed.clear();
        if let Some(slots) = self.number()?.checked_sub(1) {
            self.changed.extend(0..slots.max(self.fields.len()));
            self.fields = vec![None; slots];
            self.known.clear();
            self.known.resize_with(slots, Default::default);
        }
        for _ in 0..self.number()? {
            let slot = self.number()?;
            self.change(slot)?;
            self.changed.push(slot);
        }
        Some((&self.fields, &self.changed))
    }

    fn change(&mut self, slot: usize) -> Option<()> {
        let code = self.number()?;
        let value = match code {
            ALONE | NEW => {
                let length = self.number()?;
                let (written, rest) = self.rest.split_at_checked(length)?;
                self.rest = rest;
                Some(read_value(written)?)
            }
            _ => None,
        };
        let (field, (known, at)) = (self.fields.get_mut(slot)?, self.known.get_mut(slot)?);
        if let Some(left) = at.take() {
            *known.get_mut(left)? = field.take();
        }
        *field = match code {
            ABSENT | ALONE => value,
            NEW => {
                known.push(None);
                *at = Some(known.len() - 1);
                value
            }
            _ => {
                *at = Some(code - NUMBERS);
                Some(known.get_mut(code - NUMBERS)?.take()?)
            }
        };
        Some(())
    }

    fn number(&mut self) -> Option<usize> {
        let (mut number, mut shift) = (0_usize, 0);
        loop {
            let (byte, rest) = self.rest.split_first()?;
            self.rest = rest;
            number |= usize::from(byte & 0x7f).checked_shl(shift)?;
            if byte & 0x80 == 0 {
                return Some(number);
            }
            shift += 7;
        }
    }
}
