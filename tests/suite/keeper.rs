//! What `verify`, `seal`, `replay` and `redact` say in each of their outcomes, as a reader sees it: a change of a word is a change
//! of a snapshot, and somebody reads it.

use std::fs;
use std::path::Path;

use regex::Regex;

use crate::common::archives::{tar, zst};
use crate::common::snapshot::{Snapshot, write_files};
use crate::seal::{SEAL, desk, run_in, sealed_of, unsealed};

/// The lines, each with what it printed and its exit code. Digests and sizes of what holds the program's own digest are masked.
fn told(folder: &Path, lines: &[&str]) -> String {
    let masks = [
        (r"\b[0-9a-f]{96}\b", "[SHA-384]"),
        (r"\b[0-9a-f]{64}\b", "[SHA-256]"),
        (r"\b[0-9,]+ bytes\b", "[N] bytes"),
        (r"byte [0-9]+\b", "byte [N]"),
        (r"\b[0-9]{3} (files|members)\b", "[N] $1"),
    ];
    let masks = masks.map(|(pattern, mask)| (Regex::new(pattern).unwrap(), mask));
    let mut text = String::new();
    for line in lines {
        let ran = run_in(folder, line);
        let mut said = format!("$ mke-stig {line}\n{}{}[exit {}]\n\n", ran.out, ran.err, ran.code);
        for (pattern, mask) in &masks {
            said = pattern.replace_all(&said, *mask).into_owned();
        }
        text.push_str(&said);
    }
    // No line begins with nothing before a colon, and none ends in one that nothing follows.
    for line in text.lines() {
        assert!(!line.trim_start().starts_with(':') && !line.ends_with(' ') && !line.contains("  :"), "{line:?}");
    }
    text
}

/// A folder with snapshots in every state that `verify` tells apart.
fn states() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let files = Snapshot::sample().files();
    let packed = tar(&files, "snap/");
    for (name, bytes) in [
        ("whole.tar", packed.clone()),
        ("cut.tar", packed[..packed.len() / 2].to_vec()),
        ("cut.tar.zst", zst(&packed, 50_000)[..20_000].to_vec()),
        ("trailing.tar.zst", [zst(&packed, 50_000), b"more".to_vec()].concat()),
        ("empty.tar", Vec::new()),
        ("plain.txt", b"hello\n".to_vec()),
    ] {
        fs::write(at.join(name), bytes).unwrap();
    }
    let mut changed = files.clone();
    changed.get_mut("nodes/mgr-1/docker/info.json").unwrap().push(b'\n');
    changed.remove("nodes/mgr-1/docker/version.json");
    changed.insert("notes.txt".to_owned(), b"x".to_vec());
    write_files(&at.join("changed"), &changed);
    let mut unfinished = files.clone();
    let manifest = unfinished.get_mut("manifest.jsonl").unwrap();
    let end = manifest[..manifest.len() - 1].iter().rposition(|byte| *byte == b'\n').unwrap();
    manifest.truncate(end + 1);
    write_files(&at.join("unfinished"), &unfinished);
    for name in ["one.tar", "two.tar"] {
        fs::create_dir_all(at.join("several")).unwrap();
        fs::write(at.join("several").join(name), &packed).unwrap();
    }
    fs::create_dir(at.join("beside")).unwrap();
    fs::write(at.join("beside/whole.tar"), &packed).unwrap();
    fs::write(at.join("beside/notes.txt"), "x").unwrap();
    folder
}

#[test]
fn verify_tells_every_state_of_a_snapshot() {
    let folder = states();
    let lines = [
        "verify whole.tar",
        "verify several",
        "verify changed",
        "verify unfinished",
        "verify beside",
        "verify cut.tar",
        "verify cut.tar.zst",
        "verify trailing.tar.zst",
        "verify empty.tar",
        "verify plain.txt",
        "verify nosuch",
        "verify plain.txt changed",
        "verify whole.tar --ca roots.pem",
        "verify whole.tar --max-entries 5",
    ];
    insta::assert_snapshot!("keeper_verify", told(folder.path(), &lines));
}

#[test]
fn seal_and_replay_tell_every_outcome() {
    let desk = desk();
    let at = desk.path();
    let mut text = told(at, &[SEAL]);
    let bytes = fs::read(at.join("x.tar.zst")).unwrap();
    fs::write(at.join("cut.tar.zst"), &bytes[..bytes.len() / 2]).unwrap();
    fs::write(at.join("plain.tar"), zstd::decode_all(bytes.as_slice()).unwrap()).unwrap();
    fs::write(at.join("empty.tar"), "").unwrap();
    fs::write(at.join("not-a-certificate.txt"), "x").unwrap();
    let members = unsealed(&at.join("x.tar.zst"));
    for (to, name, from, into) in [
        ("title.tar.zst", "reports/assessment.json", "\"title\": \"", "\"title\": \"Another "),
        ("ssp.tar.zst", "evidence.json", "\"ssp\": {", "\"no_ssp\": {"),
        ("rule.tar.zst", "rules/1-mke-stig-v2r1/V-260930.yaml", "\nid:", "\nnew_key: 1\nid:"),
        ("newer.tar.zst", "evidence.json", "mke-stig.sealed/1", "mke-stig.sealed/9"),
    ] {
        let mut members = members.clone();
        let old = String::from_utf8(members[name].clone()).unwrap();
        members.insert(name.to_owned(), old.replacen(from, into, 1).into_bytes());
        sealed_of(members, &at.join(to));
    }
    text += &told(
        at,
        &[
            "verify x.tar.zst",
            "replay x.tar.zst",
            "replay title.tar.zst",
            "replay ssp.tar.zst",
            "replay rule.tar.zst",
            "replay newer.tar.zst",
            "verify cut.tar.zst",
            "replay cut.tar.zst",
            "verify plain.tar",
            "replay plain.tar",
            "replay snap.tar.zst",
            "replay empty.tar",
            "replay ssp.yaml",
            "replay nosuch",
            "replay x.tar.zst --extract nosuch",
            "replay snap.tar.zst --extract a",
            "replay x.tar.zst --extract ssp/ssp.yaml -o back.yaml",
            "replay x.tar.zst --extract ssp/ssp.yaml -o nosuch/back.yaml",
            "verify x.tar.zst --ca nosuch",
            "verify x.tar.zst --ca not-a-certificate.txt --tsa-ca nosuch --dsse-key nosuch",
            "seal snap.tar.zst --assessment r -o y.tar.zst",
            "seal snap.tar.zst --assessment nosuch -o y.tar.zst",
            "seal snap.tar.zst --assessment r -o r/y.tar.zst",
            "seal snap.tar.zst --assessment r -o nosuch/y.tar.zst",
            "seal nosuch --assessment r -o y.tar.zst",
            "seal snap.tar.zst --ssp ssp.yaml --assessment r -o y.tar.zst --sign-with false",
            "seal snap.tar.zst --ssp ssp.yaml --assessment r -o y.tar.zst --sign-with true",
        ],
    );
    insta::assert_snapshot!("keeper_seal", text);
}

#[test]
fn redact_tells_every_outcome() {
    let folder = states();
    let at = folder.path();
    fs::write(at.join("bad.yaml"), "hosts: [").unwrap();
    fs::write(at.join("short.yaml"), "hosts: { a: b }").unwrap();
    let lines = [
        "redact whole.tar -o new.tar.zst --map map.yaml",
        "redact whole.tar -o new.tar.zst --map map.yaml",
        "verify new.tar.zst",
        "redact whole.tar -o new.zip --map map.yaml",
        "redact changed -o changed/new.tar --map map.yaml",
        "redact changed -o new.tar --map map2.yaml",
        "redact whole.tar -o whole.tar --map map2.yaml",
        "redact whole.tar -o new.tar --map whole.tar",
        "redact whole.tar -o new.tar --map bad.yaml",
        "redact whole.tar -o new.tar --map short.yaml",
        "redact cut.tar -o new.tar --map map2.yaml",
        "redact several -o new.tar --map map2.yaml",
        "redact plain.txt -o new.tar --map map2.yaml",
        "redact nosuch -o new.tar --map map2.yaml",
        "redact whole.tar -o nosuch/new.tar --map map2.yaml",
        "redact whole.tar -o new.tar --map nosuch/map2.yaml",
    ];
    insta::assert_snapshot!("keeper_redact", told(at, &lines));
}
