//! What stands around a list: whether the list is whole.
//!
//! A server may cut a list into pages. Kubernetes and MKE say so in the object around the list; MKE also
//! gives ten entries where nobody asked for more, and names no next page in every version. So a list is
//! whole only if nothing around it speaks against that.

use std::collections::BTreeSet;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use crate::facts::fact::Observer;
use crate::facts::fields::position::Position;
use crate::facts::member::State;
use crate::facts::objects::sink::{ObjectError, Sink};

/// Why entries of a list are missing.
#[derive(Debug, Clone, Copy, thiserror::Error)]
enum Cut {
    #[error("the list counts {stated} entries, {listed} are there")]
    Fewer { stated: u64, listed: u64 },
    #[error("it has exactly {0} entries, as a first page has, and does not say that none follow")]
    FirstPage(u64),
    #[error("the list says that {0} more items follow")]
    Remaining(u64),
    #[error("the list names a next page that is not there")]
    NextPage,
    #[error("the list does not say in a number how many items follow")]
    Uncounted,
}

/// Why what stands around a list cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum EnvelopeError {
    #[error("the JSON around the list is not valid: {0}")]
    NotJson(#[from] serde_json::Error),
    #[error("the key `{0}` is written with escapes")]
    Escaped(&'static str),
    #[error("a key stands twice around the list, so that nobody knows which of the two holds")]
    Twice,
    #[error("there is no list under `{0}`")]
    NoList(&'static str),
    #[error("the object {0}")]
    Object(#[from] ObjectError),
}

/// What stood around a list, as far as it speaks of other pages: its objects may be many.
pub(crate) struct Around {
    kind: String,
    version: Option<Value>,
    cut: Option<Cut>,
}

impl Around {
    /// Reads an object that stood around a list.
    pub(crate) fn of(list: &Value) -> Self {
        Self {
            kind: list.get("kind").and_then(Value::as_str).unwrap_or_default().to_owned(),
            version: list.pointer("/metadata/resourceVersion").cloned(),
            cut: following(list),
        }
    }
}

/// Looks at the objects that stood around lists under `key`, their lists emptied. Several are the pages
/// of one list, and only the last may name no next page. `listed` is how many entries the lists had.
pub(crate) fn around_lists<O: Observer>(sink: &Sink<'_, O>, texts: &[Vec<u8>], key: &'static str, listed: u64) {
    for (document, text) in (0..).zip(texts) {
        if let Err(error) = envelope(sink, text, key, (document, listed)) {
            sink.growing.problem(listed, State::Unreadable(error.to_string()));
        }
    }
    let around: Vec<Value> = texts.iter().map(|text| serde_json::from_slice(text).unwrap_or(Value::Null)).collect();
    let pages: Vec<Around> = around.iter().map(Around::of).collect();
    let last = around.last().cloned().unwrap_or(Value::Null);
    note(sink, following_pages(&pages).or_else(|| page(sink, &last, listed)), listed);
}

/// Reads the object around a list that was taken out of it.
pub(crate) fn taken_out(text: &[u8]) -> Result<Value, EnvelopeError> {
    let envelope: Value = serde_json::from_slice(text)?;
    match envelope.get("items") {
        Some(Value::Array(list)) if !list.is_empty() => Err(EnvelopeError::Escaped("items")),
        Some(Value::Array(_) | Value::Null) => Ok(envelope),
        _ => Err(EnvelopeError::NoList("items")),
    }
}

/// Looks at a list around which nothing stood.
pub(crate) fn bare_list<O: Observer>(sink: &Sink<'_, O>, listed: u64) {
    note(sink, page(sink, &Value::Null, listed), listed);
}

fn note<O: Observer>(sink: &Sink<'_, O>, cut: Option<Cut>, listed: u64) {
    if let Some(cut) = cut {
        sink.growing.problem(listed, State::Truncated(cut.to_string()));
    }
}

/// Whether a list that names no next page may be the first page of one all the same. What it
/// says of its length decides; without that, a page of the default length may have others behind.
fn page<O: Observer>(sink: &Sink<'_, O>, envelope: &Value, listed: u64) -> Option<Cut> {
    let page = sink.plan.name(sink.kind).page()?;
    let count = |key: &str| envelope.get(key).and_then(Value::as_u64);
    let stated = count("resourceCount").or_else(|| Some(count("usersCount")? + count("orgsCount")?));
    match stated {
        Some(stated) if listed < stated => Some(Cut::Fewer { stated, listed }),
        Some(_) => None,
        None if envelope.get("nextPageStart").is_some_and(Value::is_string) => None,
        None => (listed == page).then_some(Cut::FirstPage(page)),
    }
}

/// Checks what stands around a list. Without a list, the object itself is the fact.
fn envelope<O: Observer>(
    sink: &Sink<'_, O>,
    text: &[u8],
    key: &'static str,
    (document, listed): (u64, u64),
) -> Result<(), EnvelopeError> {
    let envelope: Value = serde_json::from_slice(text)?;
    if serde_json::from_slice::<Keys>(text)?.twice {
        return Err(EnvelopeError::Twice);
    }
    let is_list = envelope.get("kind").and_then(Value::as_str).is_some_and(|kind| kind.ends_with("List"));
    match envelope.get(key) {
        // A list that was not taken out, because its key is written in another way.
        Some(Value::Array(list)) if !list.is_empty() => return Err(EnvelopeError::Escaped(key)),
        Some(Value::Array(_) | Value::Null) => {}
        None if !is_list => {
            if !sink.placed {
                sink.growing.single();
            }
            let mut sums = Vec::new();
            let position = Position::Document { document, line: 0 };
            let outcome = sink.object(text, position, listed + document, &mut sums);
            sink.add(sums);
            outcome?;
            return Ok(());
        }
        _ => return Err(EnvelopeError::NoList(key)),
    }
    Ok(())
}

/// What lists say of items that follow them, unless the list behind is that next page.
fn following_pages(lists: &[Around]) -> Option<Cut> {
    let mut lists = lists.iter().peekable();
    while let Some(list) = lists.next() {
        let is_next = |next: &&Around| next.kind == list.kind && next.version == list.version;
        if list.cut.is_some() && !lists.peek().is_some_and(is_next) {
            return list.cut;
        }
    }
    None
}

/// What a list says of items that follow it. Servers write a text and a number, and leave out what is not
/// so; any other value there is one that nobody can take for the end of the list.
fn following(list: &Value) -> Option<Cut> {
    let metadata = |key: &str| list.get("metadata").and_then(|metadata| metadata.get(key));
    let says_nothing = |value: &&Value| !value.is_null() && value.as_str() != Some("");
    if let Some(remaining) = metadata("remainingItemCount").filter(says_nothing)
        && remaining.as_f64() != Some(0.0)
    {
        return Some(remaining.as_u64().map_or(Cut::Uncounted, Cut::Remaining));
    }
    let next = [metadata("continue"), list.get("nextPageStart")];
    next.into_iter().flatten().any(|token| says_nothing(&token)).then_some(Cut::NextPage)
}

/// The keys of an object and of its `metadata`.
#[derive(Default)]
struct Keys {
    /// Whether one of them stands twice.
    twice: bool,
}

impl<'de> Deserialize<'de> for Keys {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        reader.deserialize_any(Self::default())
    }
}

impl<'de> Visitor<'de> for Keys {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<Self, A::Error> {
        let mut met = BTreeSet::new();
        while let Some(key) = map.next_key::<String>()? {
            self.twice |= match key.as_str() {
                "metadata" => map.next_value::<Self>()?.twice,
                _ => map.next_value::<IgnoredAny>().map(|_| false)?,
            };
            self.twice |= !met.insert(key);
        }
        Ok(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(self)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self, E> {
        Ok(self)
    }
    fn visit_i64<E>(self, _: i64) -> Result<Self, E> {
        Ok(self)
    }
    fn visit_u64<E>(self, _: u64) -> Result<Self, E> {
        Ok(self)
    }
    fn visit_f64<E>(self, _: f64) -> Result<Self, E> {
        Ok(self)
    }
    fn visit_str<E>(self, _: &str) -> Result<Self, E> {
        Ok(self)
    }
    fn visit_unit<E>(self) -> Result<Self, E> {
        Ok(self)
    }
}

/// Why lists are not all of their lists, by what stood around them.
pub(crate) fn cut(lists: &[Around]) -> Option<String> {
    following_pages(lists).map(|cut| cut.to_string())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_servers_write_at_the_end_of_a_list_is_its_end() {
        let says =
            |metadata: Value| following(&json!({ "items": [], "metadata": metadata })).map(|cut| cut.to_string());
        for end in [json!({}), json!({ "continue": "" }), json!({ "continue": null, "remainingItemCount": 0 })] {
            assert_eq!(says(end), None);
        }
        for more in [
            json!({ "continue": "eyJ2" }),
            json!({ "continue": 7 }),
            json!({ "continue": { "token": "eyJ2" } }),
            json!({ "remainingItemCount": 3 }),
            json!({ "remainingItemCount": 3.0 }),
            json!({ "remainingItemCount": "3" }),
            json!({ "remainingItemCount": [3] }),
        ] {
            assert!(says(more.clone()).is_some(), "{more}");
        }
    }

    #[test]
    fn a_key_that_stands_twice_around_a_list_is_seen_however_it_is_written() {
        let twice = |text: &str| serde_json::from_str::<Keys>(text).unwrap().twice;
        assert!(twice(r#"{"metadata":{"continue":"eyJ2"},"metadata":{}}"#));
        assert!(twice(r#"{"metadata":{"continue":"eyJ2","c\u006fntinue":""}}"#));
        assert!(!twice(r#"{"items":[{"a":1,"a":2}],"metadata":{"continue":""},"kind":"List"}"#));
    }
}
