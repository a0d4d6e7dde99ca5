//! Archives of files in memory.

use std::io::{Cursor, Write};

use super::snapshot::Files;

/// A tar with each file under `top` (empty, or ending in `/`).
pub(crate) fn tar(files: &Files, top: &str) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (path, content) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        header.set_mtime(1_763_453_700);
        builder.append_data(&mut header, format!("{top}{path}"), content.as_slice()).unwrap();
    }
    builder.into_inner().unwrap()
}

/// The bytes as gzip.
pub(crate) fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// The bytes as zstd frames, one for each `chunk` bytes.
pub(crate) fn zst(bytes: &[u8], chunk: usize) -> Vec<u8> {
    bytes.chunks(chunk).flat_map(|chunk| zstd::encode_all(chunk, 1).unwrap()).collect()
}

/// A zip of the files.
pub(crate) fn zip(files: &Files, top: &str) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (path, content) in files {
        writer.start_file(format!("{top}{path}"), zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// The bytes as xz, stored and not compressed.
pub(crate) fn xz(bytes: &[u8]) -> Vec<u8> {
    let crc = |bytes: &[u8]| {
        let mut crc = flate2::Crc::new();
        crc.update(bytes);
        crc.sum().to_le_bytes()
    };
    let number = |mut number: u64| {
        let mut text = Vec::new();
        while number >= 0x80 {
            text.push(u8::try_from(number & 0x7f).unwrap() | 0x80);
            number >>= 7;
        }
        text.push(u8::try_from(number).unwrap());
        text
    };
    let pad = |text: &mut Vec<u8>| text.resize(text.len().next_multiple_of(4), 0);
    let flags = [0, 0];
    let mut out = [b"\xfd7zXZ\0".as_slice(), &flags, &crc(&flags)].concat();
    let header = [2, 0, 0x21, 1, 16, 0, 0, 0];
    out.extend([header.as_slice(), &crc(&header)].concat());
    let mut data = Vec::new();
    for (index, chunk) in bytes.chunks(1 << 16).enumerate() {
        data.push(if index == 0 { 1 } else { 2 });
        data.extend(u16::try_from(chunk.len() - 1).unwrap().to_be_bytes());
        data.extend(chunk);
    }
    data.push(0);
    let unpadded = 12 + data.len() as u64;
    pad(&mut data);
    out.extend(&data);
    let mut index = [vec![0], number(1), number(unpadded), number(bytes.len() as u64)].concat();
    pad(&mut index);
    index.extend(crc(&index));
    let footer = [u32::try_from(index.len() / 4 - 1).unwrap().to_le_bytes().as_slice(), &flags].concat();
    out.extend(&index);
    out.extend(crc(&footer));
    out.extend(&footer);
    out.extend(b"YZ");
    out
}
