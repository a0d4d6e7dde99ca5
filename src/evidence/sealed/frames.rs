//! The zstd seekable format: frames that are decoded one by one, and a table of them at the end of the file.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};

use zstd::bulk::{Compressor, Decompressor};
use zstd::zstd_safe::{CParameter, find_frame_compressed_size};

use crate::model::limits;

/// Decoded bytes of one frame, as it is written.
pub(super) const FRAME: usize = 1 << 20;
/// Decoded bytes of one frame that is read. Others may write larger ones.
const MAX_FRAME: u32 = limits::SEALED_FRAME;
/// Frames of an archive that is read: 32 GiB in frames of 1 MiB, in a table of 256 MiB at most.
const MAX_FRAMES: u32 = 4 << 20;
/// Reports are compressed by about a tenth more than at zstd's own choice, 3; snapshots are compressed already.
const LEVEL: i32 = 9;
/// Before the table: a frame that other readers skip.
const SKIPPABLE: u32 = 0x184D_2A5E;
/// At the end of the table.
const SEEKABLE: u32 = 0x8F92_EAB1;
/// The number of frames, a byte of choices, and the magic.
const FOOTER: u64 = 9;
/// A frame's magic number and the length that follows it.
const HEADER: u64 = 8;
/// The two sizes of a frame.
const ROW: u64 = 8;

/// Writes frames.
pub(super) struct FrameWriter<W> {
    out: W,
    compressor: Compressor<'static>,
    held: Vec<u8>,
    /// Of each frame, its encoded and its decoded bytes.
    rows: Vec<(u32, u32)>,
}

impl<W: Write> FrameWriter<W> {
    pub(super) fn new(out: W) -> io::Result<Self> {
        let mut compressor = Compressor::new(LEVEL)?;
        compressor.set_parameter(CParameter::ChecksumFlag(true))?;
        Ok(Self { out, compressor, held: Vec::with_capacity(FRAME), rows: Vec::new() })
    }

    /// Adds bytes to the frame at hand, and begins another when it is full.
    pub(super) fn write(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            let (now, later) = bytes.split_at(bytes.len().min(FRAME - self.held.len()));
            self.held.extend_from_slice(now);
            bytes = later;
            if self.held.len() == FRAME {
                self.end_frame()?;
            }
        }
        Ok(())
    }

    /// Ends the frame at hand, if it holds anything.
    pub(super) fn end_frame(&mut self) -> io::Result<()> {
        if self.held.is_empty() {
            return Ok(());
        }
        let packed = self.compressor.compress(&self.held)?;
        self.out.write_all(&packed)?;
        self.rows.push((small(packed.len())?, small(self.held.len())?));
        self.held.clear();
        Ok(())
    }

    /// Writes the table; returns what was written to.
    pub(super) fn finish(mut self) -> io::Result<W> {
        self.end_frame()?;
        let length = self.rows.len() as u64 * ROW + FOOTER;
        let mut table = Vec::new();
        table.extend(SKIPPABLE.to_le_bytes());
        table.extend(u32::try_from(length).map_err(|_| too_large())?.to_le_bytes());
        for (packed, decoded) in &self.rows {
            table.extend(packed.to_le_bytes());
            table.extend(decoded.to_le_bytes());
        }
        table.extend(small(self.rows.len())?.to_le_bytes());
        table.push(0);
        table.extend(SEEKABLE.to_le_bytes());
        self.out.write_all(&table)?;
        Ok(self.out)
    }
}

fn small(number: usize) -> io::Result<u32> {
    u32::try_from(number).map_err(|_| too_large())
}

fn too_large() -> io::Error {
    io::Error::other("an evidence archive of this size cannot be indexed")
}

/// Where a frame lies.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    /// Its place in the file.
    pub(super) at: u64,
    /// Its encoded bytes.
    pub(super) packed: u32,
    /// Its place in the decoded bytes.
    pub(super) start: u64,
    /// Its decoded bytes.
    pub(super) size: u32,
}

/// The frames of a file, by its table. Nothing of the table is believed that the file itself does not bear out: the frames
/// must fill it from its beginning to the table.
pub(super) fn frames(file: &mut File) -> io::Result<Vec<Frame>> {
    let length = file.seek(SeekFrom::End(0))?;
    let footer = length.checked_sub(FOOTER).ok_or_else(|| lies("it is too short to have an index"))?;
    let mut end = [0; 9];
    file.seek(SeekFrom::Start(footer))?;
    file.read_exact(&mut end)?;
    let [a, b, c, d, choices, magic @ ..] = end;
    if u32::from_le_bytes(magic) != SEEKABLE {
        return Err(lies("there is no index at its end"));
    }
    let count = u32::from_le_bytes([a, b, c, d]);
    let row = if choices & 0x80 == 0 { ROW } else { ROW + 4 };
    if choices & 0x7c != 0 || count > MAX_FRAMES {
        return Err(lies("this version does not support the format of its index"));
    }
    let table = u64::from(count) * row + FOOTER;
    let begin = length.checked_sub(table + HEADER).ok_or_else(|| lies("its index is longer than the file"))?;
    file.seek(SeekFrom::Start(begin))?;
    let mut bytes = vec![0; usize::try_from(table + HEADER - FOOTER).map_err(|_| lies("its index is too long"))?];
    file.read_exact(&mut bytes)?;
    let (header, rows) = bytes.split_at(8);
    let number = |bytes: &[u8]| bytes.try_into().map_or(0, u32::from_le_bytes);
    if number(&header[..4]) != SKIPPABLE || u64::from(number(&header[4..])) != table {
        return Err(lies("its index does not begin where its length says"));
    }
    let (mut at, mut start) = (0, 0);
    let mut frames = Vec::with_capacity(rows.len() / 8);
    for row in rows.chunks_exact(if row == ROW { 8 } else { 12 }) {
        let (packed, size) = (number(&row[..4]), number(&row[4..8]));
        if size == 0 || size > MAX_FRAME || packed == 0 {
            return Err(lies("its index names a frame that is empty or larger than 8 MiB"));
        }
        frames.push(Frame { at, packed, start, size });
        at += u64::from(packed);
        start += u64::from(size);
    }
    if at != begin {
        return Err(lies("the frames that its index names do not fill the file"));
    }
    Ok(frames)
}

/// Decodes a frame, which must be one frame and as long as the index says.
pub(super) fn decode(file: &mut File, frame: Frame) -> io::Result<Vec<u8>> {
    let mut packed = vec![0; frame.packed as usize];
    file.seek(SeekFrom::Start(frame.at))?;
    file.read_exact(&mut packed)?;
    // Two bits of a frame's descriptor mean nothing, so nothing else would notice a change of them.
    let unused = packed.get(4).is_some_and(|descriptor| descriptor & 0x18 != 0);
    if unused
        || !packed.starts_with(&[0x28, 0xb5, 0x2f, 0xfd])
        || find_frame_compressed_size(&packed) != Ok(packed.len())
    {
        return Err(lies("a frame does not end where its index says"));
    }
    let decoded = Decompressor::new()?.decompress(&packed, frame.size as usize)?;
    if decoded.len() == frame.size as usize { Ok(decoded) } else { Err(lies("a frame is shorter than its index says")) }
}

pub(super) fn lies(what: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}
