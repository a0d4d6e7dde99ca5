//! Archives of files in memory.

use std::io::{Cursor, Write};

use super::snapshot::Files;

/// A tar with each file under `top` (empty, or ending in `/`).
pub fn tar(files: &Files, top: &str) -> Vec<u8> {
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
pub fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// The bytes as zstd frames, one for each `chunk` bytes.
pub fn zst(bytes: &[u8], chunk: usize) -> Vec<u8> {
    bytes.chunks(chunk).flat_map(|chunk| zstd::encode_all(chunk, 1).unwrap()).collect()
}

/// A zip of the files.
pub fn zip(files: &Files, top: &str) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (path, content) in files {
        writer.start_file(format!("{top}{path}"), zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}
