//! Inputs that are cut off or changed.

use std::io::Read;

use mke_stig::archive::{Budget, Error, Flow, Format, Limits, MemberMeta, read_bytes};
use proptest::prelude::*;

use crate::archive::make::{FILES, every_format, expected, gz, read, read_with, refusal, tar_of, zip_of, zst};

#[test]
fn a_cut_archive_is_never_a_smaller_one() {
    for (format, bytes) in every_format() {
        for cut in (1..bytes.len()).step_by(10) {
            match read_with(Limits::default(), "snap", &bytes[..cut]) {
                // Zeros after the end mark carry nothing.
                Ok((summary, members)) if summary.format == format => {
                    assert_eq!(members, expected(), "{format} cut at {cut}");
                }
                // Too short to be known for what it was.
                Ok((summary, _)) => {
                    assert!(summary.format == Format::File && cut < 512, "{format} {cut}");
                }
                Err(Error::Truncated { at, .. }) => assert!(at <= cut as u64),
                Err(error) => panic!("{format} cut at {cut}: {error}"),
            }
        }
    }
}

#[test]
fn a_tar_without_its_end_mark_is_cut() {
    let tar = tar_of(&FILES);
    let whole = tar.len() - 1024;
    for bytes in [tar[..whole].to_vec(), gz(&tar[..whole]), zst(&tar[..whole])] {
        let error = refusal(&bytes);
        assert!(matches!(error, Error::Truncated { .. }), "{error}");
    }
    assert_eq!(read(&tar[..whole + 512]).unwrap(), expected());
}

#[test]
fn damage_is_seen() {
    let content: Vec<u8> = (0..20_000u32).flat_map(u32::to_le_bytes).collect();
    let files = [("snap/a.bin", &content[..])];
    for (name, bytes) in [("gz", gz(&tar_of(&files))), ("zst", zst(&tar_of(&files))), ("zip", zip_of(&files))] {
        let mut bytes = bytes;
        let middle = bytes.len() / 2;
        bytes[middle] ^= 0xff;
        let error = refusal(&bytes);
        assert!(matches!(error, Error::Corrupt { .. }), "{name}: {error}");
    }
    let mut tar = tar_of(&FILES);
    tar[512 + 5] ^= 1;
    assert!(matches!(refusal(&tar), Error::Corrupt { .. }));
}

#[test]
fn a_failure_below_wins_over_the_visitor() {
    let bytes = zst(&tar_of(&[("a", &[7; 5000]), ("b", b"x")]));
    let mut visit = |_: &MemberMeta, reader: &mut dyn Read| {
        let mut content = Vec::new();
        // The visitor takes what it got for the whole.
        let _ = reader.read_to_end(&mut content);
        assert!(reader.read(&mut [0]).is_err(), "a failure stays a failure");
        Ok::<_, Error>(Flow::Continue)
    };
    let cut = &bytes[..bytes.len() - 12];
    let result = read_bytes("x", cut, &Budget::default(), &mut |_| {}, &mut visit);
    assert!(matches!(result, Err(Error::Truncated { .. })), "{result:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes_never_panic(start in 0..6usize, mut bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        let magic: [&[u8]; 6] = [b"", b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd", b"PK\x03\x04", b"PK\x05\x06", b"\x50\x2a\x4d\x18"];
        bytes.splice(0..0, magic[start].iter().copied());
        let _ = read(&bytes);
    }

    #[test]
    fn changed_archives_never_panic(format in 0..4usize, changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4)) {
        let (_, mut bytes) = every_format().swap_remove(format);
        for (index, value) in changes {
            let index = index.index(bytes.len());
            bytes[index] = value;
        }
        let _ = read(&bytes);
    }
}
