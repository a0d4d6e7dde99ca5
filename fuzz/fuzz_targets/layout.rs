//! Arbitrary bytes as a file of unknown name, and arbitrary text as a path: told or not told, but
//! in bounded time and without a panic.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mke_stig::layout::{ListOf, Placement, Told, identify, identify_toml, locate, place, refusal, resource_folder};

fuzz_target!(|input: (&str, &[u8])| {
    let (path, head) = input;
    let told = match identify(head) {
        Told::Object(kind) | Told::List(ListOf::Kind(kind)) => Some(kind),
        _ => identify_toml(head),
    };
    if let Some(kind) = told {
        assert!(!kind.name().is_empty() && !kind.source().is_empty());
    }
    for whole in [false, true] {
        let _ = refusal(head, whole);
    }
    let _ = (locate(path), resource_folder(path));
    if let Placement::Manifest(top) = place(path) {
        assert!(path.starts_with(&top) && (top.is_empty() || top.ends_with('/')));
    }
});
