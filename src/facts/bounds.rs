//! How much one reading may take.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use crate::archive::Limits;
use crate::model::limits;

/// Bounds on reading.
#[derive(Debug, Clone)]
pub struct Bounds {
    /// Bounds on archives.
    pub archive: Limits,
    /// Bytes of one object, of a manifest or of a document that is read whole (`--max-object-bytes`).
    ///
    /// An object of the Kubernetes API has at most 1.5 MiB, for etcd takes no larger request. The default
    /// leaves room for the containers of one node in one object.
    pub max_object_bytes: u64,
    /// Threads that parse.
    pub jobs: usize,
    /// Decoded bytes read so far: for whoever waits. Nothing else depends on it.
    pub progress: Arc<AtomicU64>,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            archive: Limits::default(),
            max_object_bytes: limits::OBJECT_BYTES,
            jobs: std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
            progress: Arc::default(),
        }
    }
}
