//! Reads inputs as one stream: bytes to the digests, objects to an observer, on all cores.
//!
//! The calling thread decodes and cuts members into batches of objects, a few threads hash, and a
//! pool parses the batches and shows the objects to the observer. Queues between them are bounded,
//! so memory does not grow with the input.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::archive::{Budget, InputSummary};
use crate::facts::bounds::Bounds;
use crate::facts::dump::seen::DumpsSeen;
use crate::facts::error::ReadError;
use crate::facts::fact::Observer;
use crate::facts::fields::plan::Plan;
use crate::facts::pipeline::buffer::Pool;
use crate::facts::pipeline::digest::{Digests, Feeder, Lane};
use crate::facts::pipeline::gate::Gate;
use crate::facts::read::join::Unjoined;
use crate::facts::read::reader::Reader;
use crate::facts::read::visit;
use crate::facts::reading::Reading;
use crate::facts::source::{Source, shared_folders};

/// Reads the sources and shows every fact that `plan` wants to `observer`.
///
/// # Errors
/// The first input that cannot be read or breaks a bound. A member that cannot be understood is no
/// error: its [`State`](crate::facts::State) says so.
pub fn read<O: Observer>(
    sources: &[Source],
    bounds: &Bounds,
    plan: &Plan,
    observer: &O,
) -> Result<Reading<O::Tally>, ReadError> {
    let threads = rayon::ThreadPoolBuilder::new()
        .num_threads(bounds.jobs.max(1))
        .build()
        .map_err(|error| ReadError::Threads(error.to_string()))?;
    let pool = Pool::default();
    // Two batches for each thread, one at work and one that waits, and two more while the reader cuts.
    let gate = Gate::new(bounds.jobs.max(1) * 2 + 2);
    let (feeder, hashing) = Feeder::new(&pool, bounds.jobs);
    std::thread::scope(|outer| {
        let hashers: Vec<_> = hashing.into_iter().map(|work| outer.spawn(work)).collect();
        let outcome = threads.in_place_scope(|scope| {
            let mut reader = Reader {
                scope,
                plan,
                observer,
                bounds,
                pool: &pool,
                gate: &gate,
                feeder,
                members: Vec::new(),
                manifests: Vec::new(),
                read: BTreeMap::new(),
                dumps: DumpsSeen::default(),
                skipped: BTreeMap::new(),
                joined: BTreeMap::new(),
            };
            let budget = Budget::shown(bounds.archive.clone(), Arc::clone(&bounds.progress));
            let inputs: Result<Vec<InputSummary>, ReadError> = sources
                .iter()
                .enumerate()
                .map(|(number, source)| visit::source(&mut reader, number, source, &budget))
                .collect();
            let Reader { members, manifests, dumps, mut skipped, .. } = reader;
            let with_nested = |(number, mut input): (usize, InputSummary)| {
                input.skipped.extend(skipped.remove(&number).unwrap_or_default(), "");
                input
            };
            let inputs = inputs.map(|inputs| inputs.into_iter().enumerate().map(with_nested).collect());
            let folders = shared_folders(sources);
            inputs.map(|inputs| Unjoined { inputs, folders, members, manifests, dumps })
        });
        let lanes: Result<Vec<Lane>, ReadError> = hashers
            .into_iter()
            .map(|hasher| hasher.join().map_err(|_| ReadError::Threads("a hashing thread failed".into())))
            .collect();
        let digests = Digests::of(lanes?);
        outcome.map(|read| read.join(&digests))
    })
}
