//! One change anywhere in the bytes of an archive: `verify` never calls another content whole, and no verdict changes without a word.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use mke_stig::Source;
use mke_stig::archive::{Budget, Error, Flow, Limits, MemberMeta, read_input};
use mke_stig::assess::{Options, assess};
use mke_stig::evidence::sealed::{Content, Part, seal};
use mke_stig::evidence::{Status, verify};
use mke_stig::model::assessment::{Assessment, IntegrityStatus};
use mke_stig::model::digest::Algorithm;
use proptest::prelude::*;

use crate::common::archives::{gz, tar, xz, zip};
use crate::common::packs;
use crate::common::snapshot::{Files, Snapshot};

/// How snapshots come. In the plain tar, and in the xz that the tests write without a check, nothing but the manifest covers the bytes.
const FORMATS: [&str; 6] = ["tar", "tar.gz", "tar.zst", "tar.xz", "zip", "sealed"];

/// zstd as its command line writes it: with a checksum for each frame.
fn zst(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = zstd::Encoder::new(Vec::new(), 1).unwrap();
    encoder.include_checksum(true).unwrap();
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn archive(format: &str, files: &Files) -> Vec<u8> {
    let plain = tar(files, "s/");
    match format {
        "tar" => plain,
        "tar.gz" => gz(&plain),
        "tar.zst" => zst(&plain),
        "tar.xz" => xz(&plain),
        "zip" => zip(files, "s/"),
        _ => {
            let part = |(name, content): (&String, &Vec<u8>)| Part {
                name: format!("inputs/1/{name}"),
                content: Content::Bytes(content.clone()),
            };
            let mut out = Vec::new();
            seal(files.iter().map(part).collect(), Algorithm::Sha256, &mut out, &mut |_| Ok(Vec::new()), &|| false)
                .unwrap();
            out
        }
    }
}

/// What of the sample two rules are decided by.
fn files() -> Files {
    Snapshot::sample()
        .part(|path| path.starts_with("nodes/wrk-3/docker/i") || path.starts_with("nodes/wrk-3/host/"))
        .files()
}

/// What came of an archive.
struct Seen {
    whole: bool,
    /// The content, where it can be read to its end.
    content: Option<BTreeMap<String, Vec<u8>>>,
    /// The statuses, and whether something is said about the input.
    judged: Option<(Vec<mke_stig::model::assessment::Status>, bool)>,
}

fn content(path: &Path) -> Option<BTreeMap<String, Vec<u8>>> {
    let mut found = BTreeMap::new();
    let mut visit = |meta: &MemberMeta, stream: &mut dyn Read| -> Result<Flow, Error> {
        let mut bytes = Vec::new();
        let read = stream.read_to_end(&mut bytes);
        if read.is_ok() {
            found.insert(meta.path.clone(), bytes);
        }
        Ok(Flow::Continue)
    };
    read_input::<Error>(path, &Budget::new(Limits::default()), &mut |_| (), &mut visit).ok()?;
    Some(found)
}

fn speaks(assessment: &Assessment) -> bool {
    let snapshot = &assessment.snapshot;
    snapshot.integrity.status != IntegrityStatus::Verified || !snapshot.integrity.problems.is_empty()
}

fn look(path: &Path) -> Seen {
    let verified = verify(&[path], &Budget::new(Limits::default()));
    let judged = assess(&[Source::Path(path.to_owned())], packs(), &Options::default());
    let judged = judged.ok().map(|found| (found.rules.iter().map(|rule| rule.status).collect(), speaks(&found)));
    Seen { whole: verified.status == Status::Whole, content: content(path), judged }
}

/// Each format's bytes with what they give unchanged.
static ARCHIVES: LazyLock<Vec<(Vec<u8>, Seen)>> = LazyLock::new(|| {
    let files = files();
    let made = FORMATS.iter().map(|format| {
        let bytes = archive(format, &files);
        let (_folder, path) = put(format, &bytes);
        let seen = look(&path);
        assert!(seen.whole && seen.content.is_some(), "{format}");
        (bytes, seen)
    });
    made.collect()
});

fn put(format: &str, bytes: &[u8]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(if format == "sealed" { "x.tar.zst".to_owned() } else { format!("x.{format}") });
    fs::write(&path, bytes).unwrap();
    (folder, path)
}

/// Holds a changed archive against the one that it was.
fn check(format: usize, bytes: &[u8], what: &str) {
    let (name, (_, before)) = (FORMATS[format], &ARCHIVES[format]);
    let (_folder, path) = put(name, bytes);
    let after = look(&path);
    // Nothing vouches for the manifest of a snapshot itself: another one is another snapshot.
    let other_manifest = |content: &BTreeMap<String, Vec<u8>>| {
        matches!(name, "tar" | "tar.xz")
            && before.content.as_ref().is_some_and(|old| old.get("s/manifest.jsonl") != content.get("s/manifest.jsonl"))
    };
    if after.content.as_ref().is_some_and(other_manifest) {
        return;
    }
    assert!(!after.whole || after.content == before.content, "{name}: {what}: another content is whole");
    if let (Some((old, _)), Some((new, speaks))) = (&before.judged, &after.judged) {
        assert!(old == new || *speaks || name == "sealed", "{name}: {what}: other verdicts without a word");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn a_byte_changed_cut_or_put_in_anywhere_is_told(format in 0..FORMATS.len(), at in any::<prop::sample::Index>(), change in 0..5_u8, byte in any::<u8>(), more in 1..700_usize) {
        let mut bytes = ARCHIVES[format].0.clone();
        let at = at.index(bytes.len());
        match change {
            0 => bytes[at] ^= byte.max(1),
            1 => bytes.truncate(at),
            2 => bytes.insert(at, byte),
            3 => drop(bytes.drain(at..(at + more).min(bytes.len()))),
            _ => {
                let again = bytes[at..(at + more).min(bytes.len())].to_vec();
                bytes.splice(at..at, again);
            }
        }
        check(format, &bytes, &format!("change {change} at {at} with {byte}, {more}"));
    }
}

/// Another snapshot of the same names: one file differs, and its own manifest says so.
fn other() -> Files {
    let mut snapshot = Snapshot::sample();
    let path = "nodes/wrk-3/docker/info.json";
    let mut info = snapshot.members[path].clone();
    info.push(b'\n');
    snapshot.set(path, info);
    snapshot.part(|path| path.starts_with("nodes/wrk-3/docker/i") || path.starts_with("nodes/wrk-3/host/")).files()
}

#[test]
fn archives_one_after_another_trailing_bytes_and_members_twice_are_told() {
    let other = other();
    for (format, name) in FORMATS.iter().enumerate() {
        let bytes = &ARCHIVES[format].0;
        let second = archive(name, &other);
        check(format, &[bytes.as_slice(), &second].concat(), "another archive behind it");
        check(format, &[second.as_slice(), bytes].concat(), "another archive before it");
        check(format, &[bytes.as_slice(), bytes].concat(), "itself behind it");
        for (what, more) in [("text", b"more".to_vec()), ("zeros", vec![0; 5000]), ("a block", vec![b'x'; 512])] {
            check(format, &[bytes.as_slice(), &more].concat(), what);
            check(format, &[&more, bytes.as_slice()].concat(), what);
        }
    }
    // A member twice, the second with another content, in the same tar under every wrapping.
    let twice = {
        let (first, mut second) = (tar(&files(), "s/"), tar(&other, "s/"));
        let end = first.len() - 1024;
        second.splice(0..0, first[..end].iter().copied());
        second
    };
    for (format, bytes) in [(0, twice.clone()), (1, gz(&twice)), (2, zst(&twice)), (3, xz(&twice))] {
        let (_folder, path) = put(FORMATS[format], &bytes);
        assert!(!look(&path).whole, "{}: each member twice", FORMATS[format]);
    }
}
