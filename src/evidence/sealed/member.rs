//! A member of an evidence archive as a stream that can jump.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::sync::{Arc, Mutex, PoisonError};

use crate::evidence::sealed::frames::{Frame, decode, lies};

/// A file with its frames, shared by the members that are open.
pub(super) struct Shared {
    pub(super) file: Mutex<File>,
    pub(super) frames: Vec<Frame>,
}

impl Shared {
    pub(super) fn decode(&self, number: usize) -> io::Result<Vec<u8>> {
        let frame = self.frames.get(number).ok_or_else(|| lies("a member ends after the last frame"))?;
        decode(&mut self.file.lock().unwrap_or_else(PoisonError::into_inner), *frame)
    }

    /// The number of the frame in which a decoded byte lies.
    pub(super) fn of(&self, at: u64) -> usize {
        self.frames.partition_point(|frame| frame.start + u64::from(frame.size) <= at)
    }
}

/// A member that is open. It holds the frame at hand and no more.
pub struct SealedMember {
    shared: Arc<Shared>,
    start: u64,
    size: u64,
    at: u64,
    /// The frame at hand: its number and its bytes.
    held: Option<(usize, Vec<u8>)>,
}

impl SealedMember {
    pub(super) fn new(shared: Arc<Shared>, start: u64, size: u64) -> Self {
        Self { shared, start, size, at: 0, held: None }
    }

    /// Its bytes.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }
}

impl Read for SealedMember {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let left = self.size.saturating_sub(self.at);
        let want = usize::try_from(left).map_or(out.len(), |left| left.min(out.len()));
        if want == 0 {
            return Ok(0);
        }
        let place = self.start + self.at;
        let number = self.shared.of(place);
        if self.held.as_ref().is_none_or(|(held, _)| *held != number) {
            self.held = Some((number, self.shared.decode(number)?));
        }
        let Some((_, bytes)) = &self.held else { return Err(lies("a member ends after the last frame")) };
        let from = usize::try_from(place - self.shared.frames[number].start).map_err(io::Error::other)?;
        let count = want.min(bytes.len() - from);
        out[..count].copy_from_slice(&bytes[from..from + count]);
        self.at += count as u64;
        Ok(count)
    }
}

impl Seek for SealedMember {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.size.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = at.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        Ok(self.at)
    }
}
