//! Arbitrary bytes as an input: errors are expected; panics, hangs and spilled memory are not.

#![no_main]

use std::io::Read;

use libfuzzer_sys::fuzz_target;
use mke_stig::archive::{Budget, Error, Flow, Limits, MemberMeta, read_bytes, read_nested};

fuzz_target!(|bytes: &[u8]| {
    let budget = Budget::new(Limits {
        max_entries: 1000,
        max_bytes: 8 << 20,
        max_member_bytes: 2 << 20,
        max_ratio: 100,
        max_depth: 2,
        max_path: 256,
    });
    let mut tapped = 0;
    let mut visit = |meta: &MemberMeta, reader: &mut dyn Read| -> Result<Flow, Error> {
        assert!(!meta.path.starts_with('/') && !meta.path.contains('\0'));
        assert!(meta.path.split('/').all(|part| part != ".."));
        // An archive inside may be broken without the outer one being so.
        let _ = read_nested(&meta.path, 1, reader, &budget, &mut |_, reader| {
            let mut buffer = [0; 4096];
            while reader.read(&mut buffer).is_ok_and(|count| count > 0) {}
            Ok::<_, Error>(Flow::Continue)
        });
        Ok(Flow::Continue)
    };
    let result = read_bytes("in", bytes, &budget, &mut |part| tapped += part.len(), &mut visit);
    match result {
        Ok(summary) => assert_eq!((summary.bytes, tapped), (bytes.len() as u64, bytes.len())),
        // Every message can be shown.
        Err(error) => assert!(!error.to_string().chars().any(char::is_control)),
    }
});
