//! What is read from inputs that are as they should be.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::Path;

use mke_stig::archive::{
    Budget, Error, Flow, Format, InputSummary, Kind, Limits, Peeked, read_bytes, read_input, read_nested, sniff,
};
use tar::Header;

use crate::archive::make::{
    FILES, Members, ended, every_format, expected, gz, keep, raw_entry, raw_tar, read, read_with, refusal, tar_of,
    zip_of, zst,
};

#[test]
fn every_format_gives_the_same_members_whatever_its_name() {
    for (format, bytes) in every_format() {
        for name in ["snap.tar", "snap.zip", "snap.json", "snap"] {
            let (summary, members) = read_with(Limits::default(), name, &bytes).unwrap();
            assert_eq!((summary.format, members), (format, expected()), "{name}");
            assert_eq!(summary.name, name);
        }
    }
}

#[test]
fn files_on_disk_read_like_bytes() {
    let folder = tempfile::tempdir().unwrap();
    for (format, bytes) in every_format() {
        let path = folder.path().join("snap.txt");
        fs::write(&path, &bytes).unwrap();
        let (mut tapped, mut members) = (Vec::new(), Members::new());
        let summary = read_input(
            &path,
            &Budget::default(),
            &mut |chunk| tapped.extend_from_slice(chunk),
            &mut keep(&mut members),
        )
        .unwrap();
        assert_eq!((summary.format, &members), (format, &expected()));
        assert_eq!(summary.name, "snap.txt");
        assert_eq!(tapped, bytes);
    }
}

#[test]
fn lone_files_are_members_named_by_the_input() {
    let json = b"{\"Name\":\"mgr-1\"}";
    for (format, bytes, path) in [
        (Format::File, json.to_vec(), "info.json.gz"),
        (Format::Gzip, gz(json), "info.json"),
        (Format::Zstd, zst(json), "info.json"),
    ] {
        let (summary, members) = read_with(Limits::default(), "info.json.gz", &bytes).unwrap();
        assert_eq!(summary.format, format);
        assert_eq!(members, [(path.to_owned(), json.to_vec())]);
    }
}

#[test]
fn many_frames_are_one_stream() {
    let tar = tar_of(&FILES);
    let (mut frames, mut members) = (Vec::new(), Vec::new());
    // A frame to be skipped comes first.
    frames.extend_from_slice(b"\x50\x2a\x4d\x18\x03\0\0\0abc");
    for part in tar.chunks(700) {
        frames.extend(zst(part));
        frames.extend(zst(b""));
        frames.extend_from_slice(b"\x5f\x2a\x4d\x18\0\0\0\0");
        members.extend(gz(part));
        members.extend(gz(b""));
    }
    for mut bytes in [frames, members] {
        assert_eq!(read(&bytes).unwrap(), expected());
        bytes.extend([0; 100]);
        assert_eq!(read(&bytes).unwrap(), expected(), "padding");
        bytes.extend(b"x");
        assert!(matches!(refusal(&bytes), Error::Corrupt { .. }));
    }
}

#[test]
fn old_and_extended_tars_are_read() {
    let mut header = Header::new_old();
    header.set_path("old.json").unwrap();
    header.set_size(2);
    header.set_cksum();
    let mut old = header.as_bytes().to_vec();
    old.extend_from_slice(b"{}");
    old.resize(1024, 0);
    assert_eq!(read(&ended(old)).unwrap(), [("old.json".to_owned(), b"{}".to_vec())]);

    let long = format!("{}/x.json", "d".repeat(300));
    let named = tar_of(&[(&long, b"1")]);
    assert_eq!(read(&named).unwrap()[0].0, long);

    let mut pax = raw_entry(b'g', b"g", b"14 comment=hi\n");
    pax.extend(raw_entry(b'x', b"x", b"13 path=p/\xc3\xbc\n10 size=2\n"));
    let mut member = raw_entry(b'0', b"short", b"{}");
    member[124..136].copy_from_slice(b"00000000000\0");
    let mut header = Header::from_byte_slice(&member[..512]).clone();
    header.set_cksum();
    member[..512].copy_from_slice(header.as_bytes());
    pax.extend(member);
    assert_eq!(read(&ended(pax)).unwrap(), [("p/ü".to_owned(), b"{}".to_vec())]);
}

#[test]
fn names_that_are_not_utf8_are_escaped() {
    let members = read(&raw_tar(b'0', b"caf\xe9.json", b"{}")).unwrap();
    assert_eq!(members[0].0, "caf\\xe9.json");
}

/// Reads archives in archives, naming members by the whole way to them.
fn dive(
    path: &str,
    depth: u32,
    reader: &mut dyn Read,
    budget: &Budget,
    found: &mut BTreeMap<String, usize>,
) -> Result<(), Error> {
    let mut reader = Peeked::new(reader).expect("readable");
    if sniff(reader.head()) == Kind::Other {
        let size = reader.read_to_end(&mut Vec::new()).expect("readable");
        found.insert(path.to_owned(), size);
        return Ok(());
    }
    read_nested(path, depth, &mut reader, budget, &mut |meta, reader| {
        let path = format!("{path}!{}", meta.path);
        dive(&path, depth + 1, reader, budget, found)?;
        Ok(Flow::Continue)
    })?;
    Ok(())
}

#[test]
fn archives_in_archives_are_read_to_the_depth() {
    let one = zst(&tar_of(&[("dump/a.json", b"{}"), ("dump/b.log.gz", &gz(b"log"))]));
    let two = gz(&tar_of(&[("one.tar.zst", &one), ("top.json", b"[]")]));
    let mut found = BTreeMap::new();
    dive("in", 0, &mut &two[..], &Budget::default(), &mut found).unwrap();
    let names: Vec<_> = found.keys().map(String::as_str).collect();
    assert_eq!(names, ["in!one.tar.zst!dump/a.json", "in!one.tar.zst!dump/b.log.gz!b.log", "in!top.json"]);

    let budget = Budget::new(Limits { max_depth: 1, ..Limits::default() });
    match dive("in", 0, &mut &two[..], &budget, &mut found) {
        Err(Error::Limit { option, .. }) => assert_eq!(option, "--max-depth"),
        other => panic!("{other:?}"),
    }

    let zipped = tar_of(&[("in.zip", &zip_of(&FILES))]);
    let result = dive("in", 0, &mut &zipped[..], &Budget::default(), &mut found);
    assert!(matches!(result, Err(Error::NestedZip { .. })));
}

fn read_path(path: &Path) -> Result<(InputSummary, Members), Error> {
    let mut members = Members::new();
    let summary =
        read_input(path, &Budget::default(), &mut |_| panic!("a folder is not tapped"), &mut keep(&mut members))?;
    Ok((summary, members))
}

#[test]
fn a_folder_is_read_in_the_order_of_names() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("snap");
    for path in ["b/y.json", "b/x.json", "a.json", "c/d/e.json"] {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "{}").unwrap();
    }
    #[cfg(unix)]
    std::os::unix::fs::symlink("/etc", root.join("b/link")).unwrap();
    let (summary, members) = read_path(&root).unwrap();
    let names: Vec<_> = members.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(names, ["a.json", "b/x.json", "b/y.json", "c/d/e.json"]);
    assert_eq!((summary.format, summary.bytes), (Format::Folder, 8));
    #[cfg(unix)]
    assert_eq!(summary.skipped.named.iter().map(|entry| entry.path.as_str()).collect::<Vec<_>>(), ["b/link"]);

    let budget = Budget::new(Limits { max_entries: 3, ..Limits::default() });
    let result = read_input(&root, &budget, &mut |_| {}, &mut |_, _| Ok::<_, Error>(Flow::Continue));
    assert!(matches!(result, Err(Error::Limit { .. })));
}

#[test]
fn what_is_not_there_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let error = read_path(&folder.path().join("no.tar")).unwrap_err();
    assert!(error.to_string().contains("check the path"), "{error}");
    assert!(std::error::Error::source(&error).is_some());
    let empty = folder.path().join("empty.tar");
    fs::write(&empty, "").unwrap();
    let error = read_path(&empty).unwrap_err();
    assert!(matches!(&error, Error::Empty { input } if input == "empty.tar"));
    assert!(matches!(refusal(&gz(b"")), Error::Empty { .. }));
}

#[test]
fn the_visitor_may_stop_skip_and_fail() {
    #[derive(Debug)]
    enum Mine {
        Archive,
        Own,
    }
    impl From<Error> for Mine {
        fn from(_: Error) -> Self {
            Self::Archive
        }
    }
    let budget = Budget::default();
    for (_, bytes) in every_format() {
        let mut seen = 0;
        let summary = read_bytes("x", &bytes, &budget, &mut |_| {}, &mut |_, _| {
            seen += 1;
            Ok::<_, Error>(if seen == 2 { Flow::Stop } else { Flow::Continue })
        });
        assert!(!summary.unwrap().complete);
        assert_eq!(seen, 2);
        let own = read_bytes("x", &bytes, &budget, &mut |_| {}, &mut |_, _| Err(Mine::Own));
        assert!(matches!(own, Err(Mine::Own)));
        let cut = &bytes[..bytes.len() / 2];
        let archive = read_bytes("x", cut, &budget, &mut |_| {}, &mut |_, _| Ok::<_, Mine>(Flow::Continue));
        assert!(matches!(archive, Err(Mine::Archive)));
    }
}
