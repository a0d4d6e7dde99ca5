//! A member of which the kind is known, by its path or by its content.

use crate::facts::error::ReadError;
use crate::facts::fact::Observer;
use crate::facts::json::lines;
use crate::facts::json::splitter::Shape;
use crate::facts::member::{Origin, State};
use crate::facts::objects::document::document;
use crate::facts::objects::sink::Sink;
use crate::facts::read::reader::Reader;
use crate::facts::read::unfinished::{Rest, Unfinished};
use crate::layout;
use crate::layout::{Encoding, Place, Refusal};

/// Reads a member whose kind is known, or hashes one of no kind; returns its size.
pub(crate) fn read<O: Observer>(
    reader: &mut Reader<'_, '_, O>,
    unfinished: &mut Unfinished<O::Tally>,
    rest: Rest<'_>,
) -> Result<u64, ReadError> {
    let Some(place) = unfinished.member.place.clone() else { return reader.pass(rest) };
    if let Some(refusal) = layout::refusal(&rest.first, rest.ended) {
        let state = match refusal {
            Refusal::Forbidden(why) => State::Forbidden(why),
            Refusal::Unreadable(why) => State::Unreadable(why),
        };
        unfinished.growing.problem(0, state);
        return reader.pass(rest);
    }
    let Some(kind) = reader.plan.id(&place.kind) else { return reader.pass(rest) };
    let sink = reader.sink(kind, unfinished, &place.owner);
    into_sink(reader, sink, (unfinished, &place), rest)
}

/// Reads a member whose facts go into a sink; returns its size.
pub(crate) fn into_sink<'s, O: Observer>(
    reader: &mut Reader<'_, 's, O>,
    sink: Sink<'s, O>,
    (unfinished, place): (&mut Unfinished<O::Tally>, &Place),
    rest: Rest<'_>,
) -> Result<u64, ReadError> {
    let (warnings, before) = match place.kind.encoding() {
        Encoding::Json | Encoding::JsonUnder(_) => lines::before_json(&rest.first),
        Encoding::Text(_) | Encoding::Toml | Encoding::KeyValue => (0, 0),
    };
    if warnings > 0 {
        unfinished.member.passed.push(lines::passed_over(warnings));
    }
    match place.kind.encoding() {
        Encoding::Json => reader.objects(Shape::Objects, sink, before, rest),
        // Some programs save the bare list of a Kubernetes list's items.
        Encoding::JsonUnder(_)
            if unfinished.member.origin != Origin::Snapshot
                && rest.first[before..].trim_ascii_start().starts_with(b"[") =>
        {
            reader.objects(Shape::Objects, sink, before, rest)
        }
        Encoding::JsonUnder(key) => reader.objects(Shape::ListUnder(key), sink, before, rest),
        encoding @ Encoding::Text(_) => {
            let (text, bytes) = reader.beginning(rest)?;
            if bytes > text.len() as u64 {
                let why = format!("only the first {} of its {bytes} bytes are read", text.len());
                unfinished.growing.problem(0, State::Truncated(why));
            }
            document(&sink, encoding, &text);
            Ok(bytes)
        }
        encoding @ (Encoding::Toml | Encoding::KeyValue) => {
            let text = reader.whole(rest)?;
            document(&sink, encoding, &text);
            Ok(text.len() as u64)
        }
    }
}
