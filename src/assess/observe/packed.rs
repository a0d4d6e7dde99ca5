//! What was read of an object as text, which takes a tenth of the memory of the values themselves.

use serde_json::Value;

use crate::facts::Fields;

/// Fields written one after the other: how many there are, then those that were read with their numbers.
type Written<V> = (usize, Vec<(usize, V)>);

/// The fields of one object.
#[derive(Debug)]
pub(crate) struct PackedFields(Box<[u8]>);

impl PackedFields {
    /// Packs fields; none where they cannot be written.
    pub(crate) fn of(fields: &Fields) -> Option<Self> {
        let mut text = Vec::new();
        write(fields, &mut text).then(|| Self(text.into()))
    }

    /// The fields as they were.
    pub(crate) fn unpack(&self) -> Option<Fields> {
        read(&self.0).next()
    }
}

/// Writes fields behind a text. Where they cannot be written, the text stays as it is.
fn write(fields: &Fields, text: &mut Vec<u8>) -> bool {
    let before = text.len();
    let read = fields.iter().enumerate().filter_map(|(slot, value)| Some((slot, value.as_ref()?)));
    let written: Written<&Value> = (fields.len(), read.collect());
    let written = serde_json::to_writer(&mut *text, &written).is_ok();
    if !written {
        text.truncate(before);
    }
    written
}

/// The fields that stand one after the other in a text.
fn read(text: &[u8]) -> impl Iterator<Item = Fields> {
    let mut reader = serde_json::Deserializer::from_slice(text);
    // These are values that were read before, under the limit of their reader.
    reader.disable_recursion_limit();
    let objects = reader.into_iter::<Written<Value>>().map_while(Result::ok);
    objects.map(|(slots, values)| {
        let mut fields: Fields = vec![None; slots];
        for (slot, value) in values {
            if let Some(place) = fields.get_mut(slot) {
                *place = Some(value);
            }
        }
        fields
    })
}
