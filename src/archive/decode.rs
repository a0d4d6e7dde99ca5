//! Decompression as streams: any number of frames, nothing but padding after the last one.
//!
//! Collectors append, and tools concatenate: a gzip or zstd file may be several frames one after another,
//! and a decoder that stops after the first would silently leave the rest unread. What is neither a frame
//! nor padding is an error, for another reader might see something in it.

use std::cell::Cell;
use std::io::{self, BufRead, Read};

use flate2::bufread::GzDecoder;
use lzma_rust2::XzReader;
use zstd::stream::raw::{DParameter, Decoder, InBuffer, Operation, OutBuffer};

use crate::archive::budget::Budget;
use crate::archive::fault::{Fault, LimitExceeded};
use crate::model::limits;

/// Decoded bytes below which no ratio is checked: a small file may be very regular.
const RATIO_FROM: u64 = 64 << 20;

/// Largest window of a zstd frame, as a power of two: 128 MiB.
const WINDOW_LOG: u32 = limits::WINDOW_LOG;

/// Decodes gzip, any number of members.
pub(super) struct Gunzip<R>(GzDecoder<Slot<R>>);

/// A reader that can be taken out, so that one decoder serves every gzip member.
struct Slot<R>(Option<R>);

impl<R: BufRead> Gunzip<R> {
    pub(super) fn new(source: R) -> Self {
        Self(GzDecoder::new(Slot(Some(source))))
    }
}

impl<R: BufRead> Read for Gunzip<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if out.is_empty() {
            return Ok(0);
        }
        loop {
            let count = self.0.read(out)?;
            if count > 0 {
                return Ok(count);
            }
            let source = self.0.get_mut();
            if !another(source, |byte| byte == 0x1f)? {
                return Ok(0);
            }
            let source = Slot(source.0.take());
            self.0.reset(source);
        }
    }
}

impl<R: BufRead> Read for Slot<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.0.as_mut().map_or(Ok(0), |inner| inner.read(out))
    }
}

impl<R: BufRead> BufRead for Slot<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.0.as_mut().map_or(Ok(&[]), BufRead::fill_buf)
    }

    fn consume(&mut self, count: usize) {
        if let Some(inner) = &mut self.0 {
            inner.consume(count);
        }
    }
}

/// Decodes zstd, any number of frames, those to be skipped among them.
pub(super) struct Unzstd<R> {
    source: R,
    decoder: Decoder<'static>,
    between_frames: bool,
}

impl<R: BufRead> Unzstd<R> {
    pub(super) fn new(source: R) -> io::Result<Self> {
        let mut decoder = Decoder::new()?;
        decoder.set_parameter(DParameter::WindowLogMax(WINDOW_LOG))?;
        Ok(Self { source, decoder, between_frames: true })
    }
}

impl<R: BufRead> Read for Unzstd<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if out.is_empty() {
            return Ok(0);
        }
        loop {
            if self.between_frames {
                let is_magic = |byte| matches!(byte, 0x28 | 0x50..=0x5f);
                if !another(&mut self.source, is_magic)? {
                    return Ok(0);
                }
                self.decoder.reinit()?;
                self.between_frames = false;
            }
            let encoded = self.source.fill_buf()?;
            let at_end = encoded.is_empty();
            let mut from = InBuffer::around(encoded);
            let mut to = OutBuffer::around(out);
            let result = self.decoder.run(&mut from, &mut to);
            let (taken, given) = (from.pos(), to.pos());
            self.source.consume(taken);
            self.between_frames = result.map_err(explain)? == 0;
            if given > 0 {
                return Ok(given);
            }
            if at_end && !self.between_frames {
                return Err(Fault::Truncated.into());
            }
            if taken == 0 && !self.between_frames {
                return Err(Fault::corrupt("decompression makes no progress").into());
            }
        }
    }
}

/// Largest memory of an xz decoder in KiB: that of `xz -9` (64 MiB), twice.
const XZ_MEMORY: u32 = limits::XZ_KIB;

/// Decodes xz, any number of streams with padding between them.
pub(super) struct Unxz<R: Read>(XzReader<R>);

impl<R: Read> Unxz<R> {
    pub(super) fn new(source: R) -> Self {
        Self(XzReader::new_mem_limit(source, true, XZ_MEMORY))
    }
}

impl<R: Read> Read for Unxz<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.0.read(out).map_err(|error| {
            if error.kind() == io::ErrorKind::OutOfMemory {
                let what = "its xz dictionary needs over 128 MiB; compress it again with `xz -9` or less";
                return Fault::Unsupported(what.to_owned()).into();
            }
            error
        })
    }
}

/// Turns the decoder's refusal of a huge window into what to do about it.
fn explain(error: io::Error) -> io::Error {
    if error.to_string().contains("too much memory") {
        let what = "its zstd window is over 128 MiB; compress it again without `--long`";
        return Fault::Unsupported(what.to_owned()).into();
    }
    error
}

/// Says, where a frame ended, whether another one follows; only zeros may follow the last one.
fn another(source: &mut impl BufRead, is_magic: impl Fn(u8) -> bool) -> io::Result<bool> {
    match source.fill_buf()?.first() {
        None => return Ok(false),
        Some(&byte) if is_magic(byte) => return Ok(true),
        Some(_) => {}
    }
    loop {
        let rest = source.fill_buf()?;
        let count = rest.len();
        if count == 0 {
            return Ok(false);
        }
        if rest.iter().any(|byte| *byte != 0) {
            return Err(Fault::corrupt("extra data follows the compressed data").into());
        }
        source.consume(count);
    }
}

/// Counts decoded bytes against the budget and, if the encoded ones are known, the ratio.
pub(super) struct Metered<'a, R> {
    inner: R,
    budget: &'a Budget,
    encoded: Option<&'a Cell<u64>>,
    decoded: u64,
}

impl<'a, R: Read> Metered<'a, R> {
    pub(super) fn new(inner: R, budget: &'a Budget, encoded: Option<&'a Cell<u64>>) -> Self {
        Self { inner, budget, encoded, decoded: 0 }
    }
}

impl<R: Read> Read for Metered<'_, R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(out)?;
        self.decoded += count as u64;
        self.budget.spend(count as u64)?;
        let limit = self.budget.limits().max_ratio;
        if let Some(encoded) = self.encoded
            && self.decoded > RATIO_FROM
            && self.decoded > encoded.get().max(1).saturating_mul(limit)
        {
            let what = "too many bytes for each compressed byte, as in a decompression bomb";
            return Err(Fault::from(LimitExceeded::new(what, limit, "--max-ratio")).into());
        }
        Ok(count)
    }
}
