//! `verify` says whole only of what is as its list says, to the last byte and the last name.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::common::archives::{gz, tar, zip, zst};
use crate::common::snapshot::{Files, Snapshot, write_files};
use crate::common::{Ran, run};

fn verify(path: &Path) -> Ran {
    run(["verify".as_ref(), path.as_os_str()])
}

/// The exit code, and the first line without the name.
fn said(path: &Path) -> (i32, String) {
    let ran = verify(path);
    assert_eq!(ran.err, "");
    let line = ran.out.lines().next().unwrap_or_default();
    (ran.code, line.split_once(": ").map_or(line, |(_, said)| said).to_owned())
}

fn problems(path: &Path) -> (i32, Vec<(String, String)>) {
    let ran = run(["verify".as_ref(), "--json".as_ref(), path.as_os_str()]);
    let value: Value = serde_json::from_str(&ran.out).unwrap();
    let found = value["inputs"][0]["problems"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    (ran.code, found.map(|found| (text(&found["path"]), text(&found["what"]))).collect())
}

#[test]
fn a_snapshot_in_every_wrapping_is_whole() {
    let folder = tempfile::tempdir().unwrap();
    let files = Snapshot::sample().files();
    let tar = tar(&files, "snap/");
    for (name, bytes) in [
        ("a.tar", tar.clone()),
        ("a.tar.gz", gz(&tar)),
        ("a.tar.zst", zst(&tar, 50_000)),
        ("a.zip", zip(&files, "snap/")),
    ] {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        assert_eq!(
            said(&path),
            (0, "whole; 125 files match snap/manifest.jsonl, and there are no others".to_owned()),
            "{name}"
        );
    }
    let (code, line) = said(folder.path());
    assert_eq!((code, line.as_str()), (0, "whole; 500 files match 4 lists, and there are no others"));
}

/// A change of a snapshot's files.
type Change = fn(&mut Files);

#[test]
fn anything_changed_missing_or_added_is_told() {
    let path = "nodes/mgr-1/docker/info.json";
    let cases: [(&str, Change, &str, &str); 8] = [
        ("changed", |files| files.get_mut("nodes/mgr-1/docker/info.json").unwrap()[0] ^= 1, path, "its SHA-256 is"),
        ("longer", |files| files.get_mut("nodes/mgr-1/docker/info.json").unwrap().push(b'\n'), path, "its SHA-256 is"),
        ("gone", |files| drop(files.remove("nodes/mgr-1/docker/info.json")), path, "but it is not there"),
        ("added", |files| drop(files.insert("x/y.json".into(), Vec::new())), "x/y.json", "does not name it"),
        ("litter", |files| drop(files.insert(".DS_Store".into(), Vec::new())), ".DS_Store", "does not name it"),
        (
            "a second manifest",
            |files| drop(files.insert("nodes/manifest.jsonl".into(), files["manifest.jsonl"].clone())),
            "nodes/manifest.jsonl",
            "does not name it",
        ),
        (
            "a list of sums",
            |files| drop(files.insert("SHA256SUMS".into(), b"".to_vec())),
            "SHA256SUMS",
            "does not name it",
        ),
        ("no footer", cut_footer, "manifest.jsonl", "has no footer"),
    ];
    for (name, change, at, what) in cases {
        let mut files = Snapshot::sample().files();
        change(&mut files);
        let folder = tempfile::tempdir().unwrap();
        let archive = folder.path().join("a.tar.gz");
        fs::write(&archive, gz(&tar(&files, ""))).unwrap();
        let unpacked = folder.path().join("unpacked");
        write_files(&unpacked, &files);
        for input in [&archive, &unpacked] {
            let (code, found) = problems(input);
            assert_eq!((code, found.len()), (1, 1), "{name}: {found:?}");
            assert!(found[0].0 == at && found[0].1.contains(what), "{name}: {found:?}");
        }
    }
}

fn cut_footer(files: &mut Files) {
    let manifest = files.get_mut("manifest.jsonl").unwrap();
    let end = manifest[..manifest.len() - 1].iter().rposition(|byte| *byte == b'\n').unwrap();
    manifest.truncate(end + 1);
}

#[test]
fn every_cut_and_every_changed_byte_of_an_archive_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let mut small = Files::new();
    let snapshot = Snapshot::sample().part(|path| path.starts_with("nodes/wrk-3/docker/i"));
    small.extend(snapshot.files());
    let tar = tar(&small, "s/");
    let path = folder.path().join("a.tar");
    fs::write(&path, &tar).unwrap();
    assert_eq!(said(&path).0, 0);
    // A byte of a header that means nothing (a time, an owner) may change; content may not. Nothing vouches for the
    // manifest itself.
    small.remove("manifest.jsonl");
    for at in (0..tar.len()).step_by(97) {
        let mut changed = tar.clone();
        changed[at] ^= 0x20;
        fs::write(&path, &changed).unwrap();
        let ran = verify(&path);
        let content = small.values().any(|content| {
            let start = tar.windows(content.len().max(1)).position(|bytes| bytes == content.as_slice());
            start.is_some_and(|start| (start..start + content.len()).contains(&at))
        });
        assert!(ran.code == 1 || !content, "byte {at}: {ran:?}");
    }
    for end in (1..tar.len() - 1024).step_by(331) {
        fs::write(&path, &tar[..end]).unwrap();
        assert_ne!(verify(&path).code, 0, "cut at {end}");
    }
}

#[test]
fn archives_inside_are_looked_into() {
    let dump: Files = [("a.txt".to_owned(), b"text".repeat(1000))].into();
    let inner = gz(&tar(&dump, ""));
    let with = |content: Vec<u8>| {
        let mut snapshot = Snapshot::sample();
        snapshot.set("cluster/support/dump.tar.gz", content);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("s.tar");
        fs::write(&path, tar(&snapshot.files(), "")).unwrap();
        problems(&path)
    };
    assert_eq!(with(inner.clone()), (0, Vec::new()));
    let (code, found) = with(inner[..inner.len() - 20].to_vec());
    assert_eq!((code, found.len()), (1, 1), "{found:?}");
    assert!(found[0].1.contains("it cannot be read to its end"), "{found:?}");
}

#[test]
fn what_no_list_speaks_of_is_never_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("none.tar");
    fs::write(&path, tar(&Snapshot::sample().members, "")).unwrap();
    assert_eq!(said(&path), (2, "NOT CHECKED".to_owned()));
    // Beside a whole snapshot, an archive without a list and a file are listed nowhere.
    fs::write(folder.path().join("whole.tar"), tar(&Snapshot::sample().files(), "")).unwrap();
    fs::write(folder.path().join("notes.txt"), "x").unwrap();
    let (code, found) = problems(folder.path());
    let names: Vec<&str> = found.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!((code, names), (1, vec!["none.tar", "notes.txt"]));
    // Lists that list nothing.
    for (name, text) in [
        ("SHA256SUMS", ""),
        ("MANIFEST.sha256", ""),
        ("manifest.jsonl", "{\"record\":\"header\",\"format\":1}\n{\"record\":\"footer\",\"items\":0}\n"),
    ] {
        let empty = tempfile::tempdir().unwrap();
        fs::write(empty.path().join(name), text).unwrap();
        assert_eq!(said(empty.path()).0, 1, "{name}");
    }
    let nothing = tempfile::tempdir().unwrap();
    assert_eq!(said(nothing.path()).0, 2);
}

#[test]
fn the_evidence_folder_of_a_report_is_whole_until_it_is_touched() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("r");
    assert_eq!(run(["demo".as_ref(), "-f".as_ref(), "evidence".as_ref(), "-o".as_ref(), out.as_os_str()]).code, 0);
    let evidence = out.join("evidence");
    assert_eq!(said(&evidence).0, 0);
    fs::write(evidence.join("index.json"), "{}").unwrap();
    assert_eq!(said(&evidence).0, 1);
}

#[cfg(unix)]
#[test]
fn links_are_told_and_names_cannot_steer_a_terminal() {
    let folder = tempfile::tempdir().unwrap();
    Snapshot::sample().write(folder.path());
    std::os::unix::fs::symlink("/etc/passwd", folder.path().join("link")).unwrap();
    fs::write(folder.path().join("a\u{1b}[2J\nb"), "x").unwrap();
    let ran = verify(folder.path());
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("  link: it is a symbolic link"), "{}", ran.out);
    assert!(ran.out.contains("  a\\u{1b}[2J\\nb: manifest.jsonl does not name it"), "{}", ran.out);
}

#[test]
fn a_bound_that_breaks_is_no_verdict() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bomb.tar.gz");
    let bomb: Files = [("manifest.jsonl".to_owned(), Vec::new()), ("zeros".to_owned(), vec![0; 70 << 20])].into();
    fs::write(&path, gz(&tar(&bomb, ""))).unwrap();
    let ran = run(["verify".as_ref(), "--max-ratio".as_ref(), "100".as_ref(), path.as_os_str()]);
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.out.contains("--max-ratio"), "{}", ran.out);
}

/// A file's name may have any character in it, `!` too: only what lies in an archive inside counts as inside.
#[test]
fn a_name_does_not_tell_what_lies_inside() {
    let folder = tempfile::tempdir().unwrap();
    let mut files = Snapshot::sample().files();
    files.insert("nodes/wrk-1/docker/a!b.json".to_owned(), b"{}".to_vec());
    write_files(&folder.path().join("outer"), &files);
    let inner = tar(&files, "snap/");
    fs::create_dir(folder.path().join("inner")).unwrap();
    fs::write(folder.path().join("inner/snap.tar"), inner).unwrap();
    for (name, inside) in [("outer", false), ("inner", true)] {
        let path = folder.path().join(name);
        let ran = run(["verify".as_ref(), "--json".as_ref(), path.as_os_str()]);
        let value: Value = serde_json::from_str(&ran.out).unwrap();
        let input = &value["inputs"][0];
        assert_eq!((ran.code, input["problem_count"].as_u64()), (1, Some(1)), "{name}: {input}");
        assert_eq!(input["problems_inside"].as_u64(), Some(u64::from(inside)), "{name}: {input}");
        assert_eq!(input["problems"][0]["inside"].as_bool(), Some(inside), "{name}: {input}");
    }
}
