//! What stands around a list: whether the list is whole.
//!
//! A server may cut a list into pages. Kubernetes and MKE say so in the object around the list; MKE also
//! gives ten entries where nobody asked for more, and names no next page in every version. So a list is
//! whole only if nothing around it speaks against that.

use serde_json::Value;

use crate::facts::fact::Observer;
use crate::facts::fields::position::Position;
use crate::facts::member::State;
use crate::facts::objects::sink::{ObjectError, Sink};

/// Why entries of a list are missing.
#[derive(Debug, thiserror::Error)]
enum Cut {
    #[error("the list counts {stated} entries, {listed} are there")]
    Fewer { stated: u64, listed: u64 },
    #[error("it has exactly {0} entries, as a first page has, and does not say that none follow")]
    FirstPage(u64),
    #[error("the list says that {0} more items follow")]
    Remaining(u64),
    #[error("the list names a next page that is not there")]
    NextPage,
}

/// Why what stands around a list cannot be used.
#[derive(Debug, thiserror::Error)]
enum EnvelopeError {
    #[error("what stands around the list is not valid JSON: {0}")]
    NotJson(#[from] serde_json::Error),
    #[error("the key `{0}` is written with escapes")]
    Escaped(&'static str),
    #[error("there is no list under `{0}`")]
    NoList(&'static str),
    #[error("the object {0}")]
    Object(#[from] ObjectError),
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
    let more = following_pages(&around);
    let last = around.last().cloned().unwrap_or(Value::Null);
    note(sink, more.or_else(|| page(sink, &last, listed)), listed);
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
fn following_pages(lists: &[Value]) -> Option<Cut> {
    let same = |a: &Value, b: &Value| {
        let version = |list: &Value| list.pointer("/metadata/resourceVersion").cloned();
        a.get("kind") == b.get("kind") && version(a) == version(b)
    };
    let mut lists = lists.iter().peekable();
    while let Some(list) = lists.next() {
        let cut = following(list);
        if cut.is_some() && lists.peek().is_none_or(|next| !same(list, next)) {
            return cut;
        }
    }
    None
}

/// What a list says of items that follow it.
fn following(list: &Value) -> Option<Cut> {
    let metadata = list.get("metadata");
    let remaining = metadata.and_then(|m| m.get("remainingItemCount")).and_then(Value::as_u64).unwrap_or(0);
    let named = [metadata.and_then(|m| m.get("continue")), list.get("nextPageStart")]
        .into_iter()
        .flatten()
        .any(|token| token.as_str().is_some_and(|token| !token.is_empty()));
    if remaining > 0 { Some(Cut::Remaining(remaining)) } else { named.then_some(Cut::NextPage) }
}

/// Why lists in documents that were read whole are not all of their lists.
pub(crate) fn cut(documents: &[Value]) -> Option<String> {
    following_pages(documents).map(|cut| cut.to_string())
}
