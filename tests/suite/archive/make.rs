//! Archives made in memory, and reading them.

use std::io::{Cursor, Read, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use mke_stig::archive::{Budget, Error, Flow, Format, InputSummary, Limits, MemberMeta, read_bytes};
use tar::{EntryType, Header};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

pub(crate) type Members = Vec<(String, Vec<u8>)>;

pub(crate) const FILES: [(&str, &[u8]); 4] = [
    ("snap/manifest.jsonl", b"{\"record\":\"header\"}\n"),
    ("snap/cluster/docker/info.json", b"{\"Name\":\"mgr-1\"}"),
    ("snap/empty.json", b""),
    ("snap/nodes/wrk-1/host/os-release", &[b'x'; 1500]),
];

/// Reads bytes as an input, checks that the tap saw them all, returns what was in them.
pub(crate) fn read_with(limits: Limits, name: &str, bytes: &[u8]) -> Result<(InputSummary, Members), Error> {
    let mut tapped = Vec::new();
    let mut members = Members::new();
    let summary = read_bytes(
        name,
        bytes,
        &Budget::new(limits),
        &mut |chunk| tapped.extend_from_slice(chunk),
        &mut keep(&mut members),
    )?;
    assert_eq!(tapped, bytes, "the tap sees every byte once");
    assert_eq!(summary.bytes, bytes.len() as u64);
    assert!(summary.complete);
    Ok((summary, members))
}

pub(crate) fn read(bytes: &[u8]) -> Result<Members, Error> {
    read_with(Limits::default(), "in.bin", bytes).map(|(_, members)| members)
}

pub(crate) fn keep(members: &mut Members) -> impl FnMut(&MemberMeta, &mut dyn Read) -> Result<Flow, Error> + '_ {
    |meta, reader| {
        let mut content = Vec::new();
        // A failure here is returned by the reading itself.
        if reader.read_to_end(&mut content).is_ok() {
            members.push((meta.path.clone(), content));
        }
        Ok(Flow::Continue)
    }
}

pub(crate) fn refusal(bytes: &[u8]) -> Error {
    read(bytes).map(|members| members.len()).expect_err("it has to be refused")
}

pub(crate) fn expected() -> Members {
    let owned = |(path, content): &(&str, &[u8])| ((*path).to_owned(), content.to_vec());
    FILES.iter().map(owned).collect()
}

pub(crate) fn entry(kind: EntryType, size: usize) -> Header {
    let mut header = Header::new_gnu();
    header.set_entry_type(kind);
    header.set_size(size as u64);
    header.set_mode(0o644);
    header
}

pub(crate) fn tar_of(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    let mut folder = entry(EntryType::Directory, 0);
    builder.append_data(&mut folder, "snap/", &b""[..]).unwrap();
    for (path, content) in files {
        let mut header = entry(EntryType::Regular, content.len());
        builder.append_data(&mut header, path, *content).unwrap();
    }
    builder.into_inner().unwrap()
}

/// One entry with exactly these bytes as its name, without an end mark.
pub(crate) fn raw_entry(kind: u8, name: &[u8], content: &[u8]) -> Vec<u8> {
    let mut header = entry(EntryType::new(kind), content.len());
    header.as_mut_bytes()[..name.len()].copy_from_slice(name);
    header.set_cksum();
    let mut bytes = header.as_bytes().to_vec();
    bytes.extend_from_slice(content);
    bytes.resize(bytes.len().next_multiple_of(512), 0);
    bytes
}

pub(crate) fn ended(mut tar: Vec<u8>) -> Vec<u8> {
    tar.resize(tar.len() + 1024, 0);
    tar
}

pub(crate) fn raw_tar(kind: u8, name: &[u8], content: &[u8]) -> Vec<u8> {
    ended(raw_entry(kind, name, content))
}

pub(crate) fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub(crate) fn zst(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = zstd::Encoder::new(Vec::new(), 1).unwrap();
    encoder.include_checksum(true).unwrap();
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub(crate) fn zip_of(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default();
    writer.add_directory("snap", options).unwrap();
    for (path, content) in files {
        writer.start_file(*path, options).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// Every format of the same members.
pub(crate) fn every_format() -> Vec<(Format, Vec<u8>)> {
    let tar = tar_of(&FILES);
    vec![(Format::TarGz, gz(&tar)), (Format::TarZstd, zst(&tar)), (Format::Tar, tar), (Format::Zip, zip_of(&FILES))]
}
