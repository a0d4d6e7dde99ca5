//! Arbitrary bytes as JSON, in pieces of any size: the same objects come out as in one piece.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mke_stig::facts::{Shape, SplitError, Splitter};

/// Texts and pointers of the objects, and how it ended.
fn split(shape: Shape, bytes: &[u8], step: usize) -> (Vec<(Vec<u8>, String)>, Result<(), SplitError>, Vec<Vec<u8>>) {
    let mut splitter = Splitter::new(shape);
    let (mut buffer, mut found) = (Vec::new(), Vec::new());
    let mut rest = bytes;
    loop {
        let (piece, after) = rest.split_at(step.min(rest.len()));
        rest = after;
        buffer.extend_from_slice(piece);
        let mut items = Vec::new();
        let outcome = splitter.scan(&buffer, rest.is_empty(), &mut items);
        found.extend(items.iter().map(|item| (buffer[item.start..item.end].to_vec(), item.position.pointer())));
        if outcome.is_err() || rest.is_empty() {
            return (found, outcome, splitter.take_envelopes());
        }
        let keep = splitter.keep_from();
        buffer.drain(..keep);
        splitter.rebase(keep);
    }
}

fuzz_target!(|input: (u8, &[u8])| {
    let (choice, bytes) = input;
    let shape = if choice & 1 == 0 { Shape::Objects } else { Shape::ListUnder("items") };
    let whole = split(shape, bytes, bytes.len().max(1));
    let step = usize::from(choice >> 1) % 127 + 1;
    assert_eq!(whole, split(shape, bytes, step), "in pieces of {step}");
    // What is one JSON value to a parser is never cut into objects that are none.
    if serde_json::from_slice::<serde_json::Value>(bytes).is_ok_and(|value| value.is_object() || value.is_array()) {
        for (text, pointer) in &whole.0 {
            assert!(serde_json::from_slice::<serde_json::Value>(text).is_ok(), "{pointer}");
        }
    }
});
