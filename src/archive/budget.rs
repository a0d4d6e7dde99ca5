//! How much may be read, and how much has been.
//!
//! One budget serves all inputs of a run and every archive within them, so that a hundred small bombs are
//! as bounded as one large one. Counts are added before they are compared: threads that read side by side
//! can go over a limit by what they have in hand, and no further.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::archive::fault::{Fault, LimitExceeded};
use crate::model::limits;

/// Bounds on what may be read; an error that names one also names its command-line option.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Entries of every kind, over all inputs (`--max-entries`). A support dump of 10 GB, generated with as
    /// many containers as nodes have, has 123,000.
    pub max_entries: u64,
    /// Decoded bytes, over all inputs; the content of a nested archive counts again
    /// (`--max-bytes`). The report of a whole dump may come to 10 GB.
    pub max_bytes: u64,
    /// Decoded bytes of one member (`--max-member-bytes`).
    pub max_member_bytes: u64,
    /// Decoded bytes for each encoded byte, checked once 64 MiB are decoded (`--max-ratio`). A generated
    /// snapshot of 1 GB has 6 with zstd, and a log that repeats one line of 79 bytes has 295 with gzip.
    pub max_ratio: u64,
    /// Archives within archives (`--max-depth`).
    pub max_depth: u32,
    /// Bytes of a member's path (`--max-path`).
    pub max_path: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_entries: limits::ENTRIES,
            max_bytes: limits::BYTES,
            max_member_bytes: limits::MEMBER_BYTES,
            max_ratio: limits::RATIO,
            max_depth: limits::DEPTH,
            max_path: limits::PATH,
        }
    }
}

/// What one run has read so far, over all its inputs.
///
/// It is shared by reference: a visitor may use the same budget for an archive inside a member,
/// and several threads may read inputs against it.
#[derive(Debug, Default)]
pub struct Budget {
    limits: Limits,
    entries: AtomicU64,
    bytes: Arc<AtomicU64>,
}

impl Budget {
    /// Starts a budget of which nothing is used.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self { limits, ..Self::default() }
    }

    /// Starts a budget that counts decoded bytes where others can see them.
    #[must_use]
    pub fn shown(limits: Limits, bytes: Arc<AtomicU64>) -> Self {
        Self { limits, entries: AtomicU64::new(0), bytes }
    }

    /// Returns the bounds it was made from.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Returns the number of entries met so far, folders and links among them.
    #[must_use]
    pub fn entries(&self) -> u64 {
        self.entries.load(Ordering::Relaxed)
    }

    /// Returns the number of decoded bytes read so far.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    /// Counts `count` more entries.
    pub(super) fn enter(&self, count: u64) -> Result<(), Fault> {
        let limit = self.limits.max_entries;
        let before = self.entries.fetch_add(count, Ordering::Relaxed);
        if before.saturating_add(count) > limit {
            return Err(LimitExceeded::new("too many entries", limit, "--max-entries").into());
        }
        Ok(())
    }

    /// Counts `bytes` more decoded bytes.
    pub(super) fn spend(&self, bytes: u64) -> Result<(), Fault> {
        let limit = self.limits.max_bytes;
        let before = self.bytes.fetch_add(bytes, Ordering::Relaxed);
        if before.saturating_add(bytes) > limit {
            return Err(LimitExceeded::new("too many bytes in all", limit, "--max-bytes").into());
        }
        Ok(())
    }

    /// Refuses a member that has, or says that it has, `bytes` bytes.
    pub(super) fn check_member(&self, bytes: u64) -> Result<(), Fault> {
        let limit = self.limits.max_member_bytes;
        if bytes > limit {
            return Err(LimitExceeded::new("a member is too large", limit, "--max-member-bytes").into());
        }
        Ok(())
    }

    /// Refuses an archive that lies `depth` archives deep.
    pub(super) fn check_depth(&self, depth: u32) -> Result<(), Fault> {
        let limit = self.limits.max_depth;
        if depth > limit {
            let what = "too many archives within archives";
            return Err(LimitExceeded::new(what, u64::from(limit), "--max-depth").into());
        }
        Ok(())
    }
}
