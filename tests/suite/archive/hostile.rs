//! Inputs made to deceive.

use std::io::{Cursor, Write};

use mke_stig::archive::{Error, Limits};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::archive::make::{FILES, ended, gz, raw_entry, raw_tar, read, read_with, refusal, tar_of, zip_of};

#[test]
fn unsafe_paths_are_refused() {
    for name in [&b"../up"[..], b"a/../../b", b"/etc/passwd", b"C:\\x", b"c:/x", b"a\\b", b"..\\x", b"./"] {
        for kind in *b"05" {
            if name == b"./" {
                continue;
            }
            let error = refusal(&raw_tar(kind, name, b""));
            assert!(matches!(error, Error::UnsafePath { .. }), "{name:?} {error}");
        }
        if name.ends_with(b"x") || name == b"../up" {
            let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
            let text = std::str::from_utf8(name).unwrap();
            writer.start_file(text, SimpleFileOptions::default()).unwrap();
            let bytes = writer.finish().unwrap().into_inner();
            let error = refusal(&bytes);
            assert!(matches!(error, Error::UnsafePath { .. }), "{name:?} {error}");
        }
    }
    // The root folder itself is no member.
    assert!(read(&raw_tar(b'5', b"./", b"")).unwrap().is_empty());
    assert!(matches!(refusal(&raw_tar(b'0', b".", b"x")), Error::UnsafePath { .. }));
    let nul = raw_entry(b'x', b"x", b"14 path=a\0b/c\n");
    let bytes = ended([nul, raw_entry(b'0', b"a", b"")].concat());
    assert!(matches!(refusal(&bytes), Error::UnsafePath { .. }));
}

fn skipped(bytes: &[u8]) -> Vec<(String, &'static str, Option<String>)> {
    let (summary, members) = read_with(Limits::default(), "in.bin", bytes).unwrap();
    assert_eq!(members, [("z.json".to_owned(), b"{}".to_vec())], "the rest is read");
    summary.skipped.named.into_iter().map(|entry| (entry.path, entry.what, entry.leads_to)).collect()
}

#[test]
fn links_and_devices_are_named_and_the_rest_is_read() {
    let rest = ended(raw_entry(b'0', b"z.json", b"{}"));
    for (kind, what) in [
        (b'1', "a hard link"),
        (b'2', "a symbolic link"),
        (b'3', "a device"),
        (b'4', "a device"),
        (b'6', "a named pipe"),
        (b'S', "a sparse file"),
    ] {
        let bytes = [raw_entry(kind, b"nodes/x", b""), rest.clone()].concat();
        let names = skipped(&bytes);
        assert!(matches!(names.as_slice(), [(path, found, _)] if path == "nodes/x" && *found == what), "{names:?}");
        // Some programs take no content for what has none, whatever its header says: they see other entries.
        let refused = kind != b'S' && matches!(refusal(&raw_tar(kind, b"x", &[1; 600])), Error::UnsafeEntry { .. });
        assert!(refused || kind == b'S', "{what}");
    }
    let target =
        [raw_entry(b'K', b"K", b"../../pods.json\0"), raw_entry(b'2', b"a/b/link", b""), rest.clone()].concat();
    assert_eq!(skipped(&target)[0].2.as_deref(), Some("pods.json"));
    let target = [raw_entry(b'x', b"x", b"18 linkpath=../up\n"), raw_entry(b'2', b"link", b""), rest.clone()].concat();
    assert_eq!(skipped(&target)[0].2, None, "it leads out");

    // The map of a sparse file goes on in blocks of its own.
    let mut sparse = raw_entry(b'S', b"log", &[7; 600]);
    sparse[482] = 1;
    let sum: u64 = sparse[..512]
        .iter()
        .enumerate()
        .map(|(at, byte)| u64::from(if (148..156).contains(&at) { b' ' } else { *byte }))
        .sum();
    sparse[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    let mut maps = vec![0; 1024];
    maps[504] = 1;
    sparse.splice(512..512, maps);
    assert_eq!(skipped(&[sparse, rest.clone()].concat())[0].1, "a sparse file");
    let pax = [raw_entry(b'x', b"x", b"22 GNU.sparse.major=1\n"), raw_entry(b'0', b"a", &[7; 600]), rest].concat();
    assert_eq!(skipped(&pax)[0].1, "a sparse file");

    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer.add_symlink("snap/link", "../z.json", SimpleFileOptions::default()).unwrap();
    writer.start_file("z.json", SimpleFileOptions::default()).unwrap();
    writer.write_all(b"{}").unwrap();
    let names = skipped(&writer.finish().unwrap().into_inner());
    assert_eq!(names, [("snap/link".to_owned(), "a symbolic link", Some("z.json".to_owned()))]);
}

#[test]
fn entries_of_unknown_types_and_folders_with_content_are_refused() {
    for kind in *b"DMX!" {
        match refusal(&raw_tar(kind, b"nodes/x", b"")) {
            Error::UnsafeEntry { member, .. } => assert_eq!(member, "nodes/x"),
            error => panic!("{}: {error}", char::from(kind)),
        }
    }
    let hidden = raw_tar(b'5', b"folder/", &[1; 600]);
    assert!(matches!(refusal(&hidden), Error::UnsafeEntry { .. }));
}

/// A zip of one file as a program of this system writes it, with any bytes as its name.
fn made_by(system: u8, name: &str) -> Vec<u8> {
    let stand_in = "x".repeat(name.len());
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer.start_file(stand_in.as_str(), SimpleFileOptions::default()).unwrap();
    writer.write_all(b"{}").unwrap();
    let mut bytes = writer.finish().unwrap().into_inner();
    let record = bytes.windows(4).position(|at| at == b"PK\x01\x02").unwrap();
    bytes[record + 5] = system;
    while let Some(at) = bytes.windows(name.len()).position(|at| at == stand_in.as_bytes()) {
        bytes[at..at + name.len()].copy_from_slice(name.as_bytes());
    }
    bytes
}

#[test]
fn names_from_windows_are_paths_that_stay_inside() {
    let names = |bytes: &[u8]| read(bytes).unwrap().into_iter().map(|(path, _)| path).collect::<Vec<_>>();
    for system in [0, 10, 11, 14] {
        assert_eq!(names(&made_by(system, r"case\w1\info.json")), ["case/w1/info.json"]);
        assert_eq!(names(&made_by(system, r"case/w1\.\info.json")), ["case/w1/info.json"]);
        for name in [r"..\up.json", r"a\..\..\up", r"a/..\up", r"C:\x.json", r"\\host\share\x", r"\x.json", r"\\?\C:\x"]
        {
            let error = refusal(&made_by(system, name));
            assert!(matches!(error, Error::UnsafePath { .. }), "{name} {error}");
        }
    }
    assert!(matches!(refusal(&made_by(3, r"case\info.json")), Error::UnsafePath { .. }), "on Unix it is a name");
}

#[test]
fn tricks_with_extended_headers_are_refused() {
    let global = raw_entry(b'g', b"g", b"10 path=x\n");
    let twice = [raw_entry(b'x', b"x", b"10 path=x\n"), raw_entry(b'x', b"x", b"10 path=y\n")].concat();
    let two_names = [raw_entry(b'x', b"x", b"10 path=x\n"), raw_entry(b'L', b"L", b"y\0")].concat();
    let huge = raw_entry(b'x', b"x", &vec![b'1'; 2 << 20]);
    for start in [global, twice, two_names, huge] {
        let bytes = ended([start, raw_entry(b'0', b"a", b"")].concat());
        let error = refusal(&bytes);
        assert!(matches!(error, Error::Corrupt { .. }), "{error}");
    }
    let alone = ended(raw_entry(b'L', b"L", b"y\0"));
    assert!(matches!(refusal(&alone), Error::Corrupt { .. }));
    let late = [ended(raw_entry(b'0', b"a", b"")), ended(raw_entry(b'0', b"b", b""))].concat();
    assert!(matches!(refusal(&late), Error::Corrupt { .. }));
}

#[test]
fn a_path_is_there_once() {
    let tar = tar_of(&[("a/b", b"1"), ("a//./b", b"2")]);
    for bytes in [gz(&tar), tar, zip_of(&[("a/b", b"1"), ("./a/b", b"2")])] {
        match refusal(&bytes) {
            Error::Duplicate { member, .. } => assert_eq!(member, "a/b"),
            error => panic!("{error}"),
        }
    }
}

#[test]
fn a_zip_with_something_after_or_before_it_is_refused() {
    let zip = zip_of(&FILES);
    let appended = [&zip[..], b"tail"].concat();
    assert!(matches!(refusal(&appended), Error::Corrupt { .. }));
    let two = [&zip[..], &zip_of(&[("other", b"1")])[..]].concat();
    assert!(matches!(refusal(&two), Error::Corrupt { .. }));
}

#[test]
fn an_encrypted_zip_says_what_to_do() {
    let mut bytes = zip_of(&[("a", b"1")]);
    // The lowest flag of a member, in its own header and in the directory.
    for (magic, at) in [(b"PK\x03\x04", 6), (b"PK\x01\x02", 8)] {
        let starts: Vec<_> = (0..bytes.len() - 4).filter(|start| &bytes[*start..*start + 4] == magic).collect();
        for start in starts {
            bytes[start + at] |= 1;
        }
    }
    let error = refusal(&bytes);
    assert!(matches!(&error, Error::Encrypted { .. }), "{error}");
    assert!(error.to_string().contains("without a password"));
}
