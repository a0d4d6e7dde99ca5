//! Arbitrary bytes as a manifest: what is read is what stands there, and only a whole one is whole.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mke_stig::layout::Manifest;

fuzz_target!(|bytes: &[u8]| {
    match Manifest::parse(bytes) {
        Ok(manifest) => {
            let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty()).count();
            assert!(manifest.items.len() < lines.max(1));
            assert_eq!(manifest.header.format, 1);
            // Without a footer it is not whole.
            if !bytes.windows(6).any(|part| part == b"footer") && !bytes.contains(&b'\\') {
                assert!(!manifest.problems.is_empty());
            }
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
});
