//! Inputs made to deceive.

use std::io::Cursor;

use mke_stig::archive::Error;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::archive::make::{FILES, ended, gz, raw_entry, raw_tar, read, refusal, tar_of, zip_of};

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

#[test]
fn anything_but_files_and_folders_is_refused() {
    for kind in *b"12346SDMX!" {
        match refusal(&raw_tar(kind, b"nodes/x", b"")) {
            Error::UnsafeEntry { member, .. } => assert_eq!(member, "nodes/x"),
            error => panic!("{}: {error}", char::from(kind)),
        }
    }
    let hidden = raw_tar(b'5', b"folder/", &[1; 600]);
    assert!(matches!(refusal(&hidden), Error::UnsafeEntry { .. }));
    let sparse = raw_entry(b'x', b"x", b"22 GNU.sparse.major=1\n");
    let bytes = ended([sparse, raw_entry(b'0', b"a", b"")].concat());
    assert!(matches!(refusal(&bytes), Error::UnsafeEntry { .. }));

    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer.add_symlink("snap/link", "/etc/passwd", SimpleFileOptions::default()).unwrap();
    let bytes = writer.finish().unwrap().into_inner();
    assert!(matches!(refusal(&bytes), Error::UnsafeEntry { .. }));
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
