//! Bounds on hostile input.

use std::num::NonZero;

use clap::Args;

use crate::archive::Limits;
use crate::evidence::sealed::Bounds as Kept;
use crate::facts::Bounds;
use crate::model::limits as bounds;

/// Bounds on hostile input.
#[derive(Debug, Args)]
#[command(next_help_heading = "Bounds on the input")]
pub(crate) struct LimitArgs {
    /// Entries over all inputs.
    #[arg(long, value_name = "N", default_value_t = Limits::default().max_entries)]
    max_entries: u64,
    /// Decoded bytes over all inputs.
    #[arg(long, value_name = "BYTES", default_value_t = Limits::default().max_bytes)]
    max_bytes: u64,
    /// Decoded bytes of one member.
    #[arg(long, value_name = "BYTES", default_value_t = Limits::default().max_member_bytes)]
    max_member_bytes: u64,
    /// Decoded bytes for each encoded byte.
    #[arg(long, value_name = "N", default_value_t = Limits::default().max_ratio)]
    max_ratio: u64,
    /// Archives within archives.
    #[arg(long, value_name = "N", default_value_t = Limits::default().max_depth)]
    max_depth: u32,
    /// Bytes of a member's path.
    #[arg(long, value_name = "BYTES", default_value_t = Limits::default().max_path)]
    max_path: usize,
    /// Bytes of one object, or of one file that is read whole.
    #[arg(long, value_name = "BYTES", default_value_t = Bounds::default().max_object_bytes)]
    max_object_bytes: u64,
}

/// Threads that a run may ask for. Beyond some hundred nothing gets faster, and a system refuses at some thousands.
const MAX_JOBS: usize = bounds::JOBS;

/// A number of threads.
pub(crate) fn jobs(text: &str) -> Result<NonZero<usize>, String> {
    let number: Option<NonZero<usize>> = text.parse().ok();
    number.filter(|number| number.get() <= MAX_JOBS).ok_or_else(|| format!("a number from 1 to {MAX_JOBS}"))
}

impl LimitArgs {
    /// The bounds on archives.
    pub(crate) fn archive(&self) -> Limits {
        Limits {
            max_entries: self.max_entries,
            max_bytes: self.max_bytes,
            max_member_bytes: self.max_member_bytes,
            max_ratio: self.max_ratio,
            max_depth: self.max_depth,
            max_path: self.max_path,
        }
    }

    /// The bounds as an evidence archive keeps them.
    pub(crate) fn record(&self) -> Kept {
        let Self { max_entries, max_bytes, max_member_bytes, max_ratio, max_depth, max_path, max_object_bytes } = *self;
        Kept { max_entries, max_bytes, max_member_bytes, max_ratio, max_depth, max_path, max_object_bytes }
    }

    /// The bound on one object.
    pub(crate) fn max_object_bytes(&self) -> u64 {
        self.max_object_bytes
    }
}
