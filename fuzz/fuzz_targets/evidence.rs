//! Arbitrary bytes as an evidence archive, a list of digests, an envelope with a signature, and a snapshot to redact: errors are
//! expected; panics, hangs and an archive that is whole without a list are not.

#![no_main]

use std::fs;
use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use mke_stig::archive::{Budget, Limits};
use mke_stig::evidence::redact::{Names, find_names};
use mke_stig::evidence::sealed::Sealed;
use mke_stig::evidence::signature::Envelope;
use mke_stig::evidence::{Status, listed, verify};
use mke_stig::model::digest::Algorithm;

fn limits() -> Limits {
    Limits {
        max_entries: 1000,
        max_bytes: 8 << 20,
        max_member_bytes: 2 << 20,
        max_ratio: 100,
        max_depth: 2,
        max_path: 256,
    }
}

fuzz_target!(|bytes: &[u8]| {
    static FOLDER: OnceLock<tempfile::TempDir> = OnceLock::new();
    let folder = FOLDER.get_or_init(|| tempfile::tempdir().expect("a temporary folder"));
    let path = folder.path().join("in");
    fs::write(&path, bytes).expect("a temporary file");
    for algorithm in [Algorithm::Sha256, Algorithm::Sha384] {
        let _ = listed(bytes, algorithm, "record.json");
    }
    if let Ok((payload, _)) = Envelope::read(bytes) {
        let _ = Envelope::is_about(&payload, b"", Algorithm::Sha256);
    }
    if let Ok(sealed) = Sealed::open(&path) {
        let names: Vec<String> = sealed.members().map(|(name, _)| name.to_owned()).collect();
        for name in names {
            let _ = sealed.bytes(&name, 1 << 20);
        }
    }
    let verified = verify(&[path.as_path()], &Budget::new(limits()));
    if verified.status == Status::Whole {
        let list = |name: &[u8]| bytes.windows(name.len()).any(|part| part == name);
        let packed = bytes.starts_with(b"\x1f\x8b") || bytes.starts_with(b"PK") || bytes.starts_with(b"\xfd7zXZ");
        assert!(packed || bytes.starts_with(b"\x28\xb5\x2f\xfd") || list(b"MANIFEST") || list(b"manifest") || list(b"SUMS"));
    }
    let _ = find_names(&path, &limits(), &mut Names::default());
});
