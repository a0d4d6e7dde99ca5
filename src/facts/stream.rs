//! Reads inputs as one stream: bytes to the digests, objects to an observer, on all cores.
//!
//! The calling thread decodes and cuts members into batches of objects, a few threads hash, and a
//! pool parses the batches and shows the objects to the observer. Queues between them are bounded,
//! so memory does not grow with the input.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use crate::archive;
use crate::archive::{Budget, Format, InputSummary, Limits};
use crate::facts::fields::plan::{KindId, Plan};
use crate::facts::fields::position::Position;
use crate::facts::fields::projection::Fields;
use crate::facts::member::{Failure, FoundManifest, Member, Nature, ONE_OBJECT};
use crate::facts::pipeline::buffer::Pool;
use crate::facts::pipeline::digest::{Digests, Feeder, Lane};
use crate::facts::pipeline::gate::Gate;
use crate::facts::reader::{DumpSeen, Hash, Reader, Unfinished};
use crate::layout::Owner;
use crate::model::digest::{Digest, Hasher};

/// Something to read.
#[derive(Debug, Clone)]
pub enum Source {
    /// A folder, an archive or a lone file.
    Path(PathBuf),
    /// Files in memory, by path.
    Files {
        /// The name they go by.
        name: String,
        /// Path and content of each, in any order.
        files: Vec<(String, Vec<u8>)>,
    },
}

impl Source {
    /// The name without its folders, as evidence shows it.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Path(path) => path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned(),
            Self::Files { name, .. } => name.clone(),
        }
    }
}

/// One object of a wanted kind.
#[derive(Debug)]
pub struct Fact<'f> {
    /// Its kind.
    pub kind: KindId,
    /// Its wanted fields, by slot.
    pub fields: &'f Fields,
    /// Where it stands in its member.
    pub position: Position,
    /// A number that grows with the facts of a member, in the order of reading.
    pub order: u64,
    /// How many members of the kind were read before this one.
    pub earlier: usize,
}

/// Sums up facts while they pass.
///
/// Objects of one member are shown on several threads and in any order, so sums must not depend on
/// it: [`Observer::merge`] has to be commutative and associative.
pub trait Observer: Sync {
    /// The sum over the facts of one kind in one member.
    type Tally: Default + Send;

    /// An empty sum that will be added to one of the same kind and member, which may say what it has
    /// no more use for. What it says may be old: other sums are added meanwhile.
    fn begin(&self, _so_far: &Self::Tally) -> Self::Tally {
        Self::Tally::default()
    }

    /// Adds a fact.
    fn observe(&self, owner: &Owner, fact: &Fact<'_>, tally: &mut Self::Tally);

    /// Adds one sum to another of the same kind and member.
    fn merge(&self, kind: KindId, into: &mut Self::Tally, from: Self::Tally);
}

/// An input that was read.
#[derive(Debug)]
pub struct InputRead {
    /// File or folder name.
    pub name: String,
    /// Encoded bytes.
    pub bytes: u64,
    /// SHA-256 of the file; of a folder, of its sorted `sha256  path` lines.
    pub digest: Digest,
    /// Links and devices of a folder, which are not followed.
    pub skipped: Vec<String>,
    /// Bytes of text before the archive, which were passed over.
    pub lead: u64,
}

/// All that was read.
#[derive(Debug)]
pub struct Reading<T> {
    /// The inputs, in the order given.
    pub inputs: Vec<InputRead>,
    /// Their members, in the order of reading.
    pub members: Vec<Member<T>>,
    /// By the number of a file, its place among the members.
    numbers: Vec<Option<usize>>,
    /// The manifests among them.
    pub manifests: Vec<FoundManifest>,
    /// Nodes on which a support dump could not be collected.
    pub failures: Vec<Failure>,
    /// Folders that are support dumps of a cluster: the input's number, and the folder.
    pub dumps: BTreeSet<(usize, String)>,
}

impl<T> Reading<T> {
    /// The file in which an object stands, if it is another than the member that lists it.
    #[must_use]
    pub fn file(&self, position: Position) -> Option<&Member<T>> {
        let Position::Of { file, .. } = position else { return None };
        let number = self.numbers.get(usize::try_from(file).ok()?).copied().flatten()?;
        self.members.get(number)
    }
}

/// Bounds on reading.
#[derive(Debug, Clone)]
pub struct Bounds {
    /// Bounds on archives.
    pub archive: Limits,
    /// Bytes of one object, of a manifest or of a document that is read whole (`--max-object-bytes`).
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
            max_object_bytes: 64 << 20,
            jobs: std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
            progress: Arc::default(),
        }
    }
}

/// Why reading cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// An input cannot be read or breaks a bound.
    #[error(transparent)]
    Archive(#[from] archive::Error),
    /// An object is too large.
    #[error(
        "`{member}` holds an object of more than {limit} bytes; if the file is what it should be, allow more with --max-object-bytes"
    )]
    ObjectTooLarge {
        /// `input!path`.
        member: String,
        /// The bound.
        limit: u64,
    },
    /// The bytes of a member could not be had; an [`archive::Error`] says why.
    #[error("cannot read: {0}")]
    Stream(std::io::Error),
    /// The threads could not be started.
    #[error("cannot start the threads that parse: {0}")]
    Threads(String),
}

/// Reads the sources and shows every fact that `plan` wants to `observer`.
///
/// # Errors
/// The first input that cannot be read or breaks a bound. A member that cannot be understood is no
/// error: its [`State`] says so.
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
                dump: DumpSeen::default(),
                joined: BTreeMap::new(),
            };
            let budget = Budget::shown(bounds.archive.clone(), Arc::clone(&bounds.progress));
            let inputs: Result<Vec<InputSummary>, ReadError> =
                sources.iter().enumerate().map(|(number, source)| reader.source(number, source, &budget)).collect();
            inputs.map(|inputs| (inputs, reader.members, reader.manifests, reader.dump))
        });
        let lanes: Result<Vec<Lane>, ReadError> = hashers
            .into_iter()
            .map(|hasher| hasher.join().map_err(|_| ReadError::Threads("a hashing thread failed".into())))
            .collect();
        let digests = Digests::of(lanes?);
        outcome.map(|(inputs, members, manifests, dump)| finish(inputs, members, manifests, dump, &digests))
    })
}

/// Members after which memory is given back.
const GIVEN_BACK: usize = 4096;

/// Joins what the reading thread, the hashing threads and the pool found.
fn finish<T>(
    inputs: Vec<InputSummary>,
    mut members: Vec<Option<Unfinished<T>>>,
    manifests: Vec<FoundManifest>,
    dump: DumpSeen,
    digests: &Digests,
) -> Reading<T> {
    // Parts of a file have its digest.
    let mut shared: BTreeMap<usize, Hash> = BTreeMap::new();
    let mut named: Vec<usize> = members.iter().flatten().filter_map(|member| member.hash.of_member()).collect();
    while let Some(number) = named.pop() {
        if let Some(Some(member)) = members.get(number)
            && shared.insert(number, member.hash.clone()).is_none()
        {
            named.extend(member.hash.of_member());
        }
    }
    let digest = |mut hash: Hash| {
        loop {
            match hash {
                Hash::Known(digest) => return Some(digest),
                Hash::Nth(number) => return digests.members.get(number).copied(),
                Hash::OfMember(number) => hash = shared.get(&number)?.clone(),
            }
        }
    };
    // Members that could not be read to their end have left a place without a member.
    let mut numbers = vec![None; members.len()];
    let mut whole: Vec<Member<T>> = Vec::with_capacity(members.len());
    // From the last to the first, so that what is done with can be given back meanwhile.
    while let Some(member) = members.pop() {
        let number = members.len();
        if number.is_multiple_of(GIVEN_BACK) {
            members.shrink_to_fit();
        }
        let Some(member) = member else { continue };
        let (Some(digest), Some(growing)) = (digest(member.hash), Arc::into_inner(member.growing)) else { continue };
        let (facts, state, single) = growing.finish();
        let kubernetes = member.place.as_ref().is_some_and(|place| place.kind.kubernetes().is_some());
        let nature = match member.nature {
            Nature::Whole if single && kubernetes && member.lone => Nature::SomeObjects(ONE_OBJECT),
            nature => nature,
        };
        numbers[number] = Some(whole.len());
        whole.push(Member {
            input: member.input,
            path: member.path,
            place: member.place,
            known: member.known,
            state,
            bytes: member.bytes,
            digest,
            facts,
            at: member.at,
            within: member.within,
            nature,
            lone: member.lone,
            spare: member.spare,
            namespace: member.namespace,
        });
    }
    whole.reverse();
    for number in numbers.iter_mut().flatten() {
        *number = whole.len() - 1 - *number;
    }
    for member in &mut whole {
        member.within = member.within.and_then(|number| numbers.get(number).copied().flatten());
    }
    let members = whole;
    let inputs = inputs
        .into_iter()
        .zip(digests.inputs.iter().copied())
        .enumerate()
        .map(|(number, (input, digest))| InputRead {
            digest: if input.format == Format::Folder { folder_digest(&members, number) } else { digest },
            name: input.name,
            bytes: input.bytes,
            skipped: input.skipped,
            lead: input.lead,
        })
        .collect();
    let DumpSeen { mut failures, dumps, .. } = dump;
    // Without a dump around it, the name of a file says nothing.
    failures.retain(|failure| {
        let folder = failure.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        dumps.contains(&(failure.input, folder.to_owned()))
    });
    Reading { inputs, members, numbers, manifests, failures, dumps }
}

fn folder_digest<T>(members: &[Member<T>], input: usize) -> Digest {
    let mut files: Vec<&Member<T>> =
        members.iter().filter(|member| member.input == input && member.within.is_none()).collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let mut hasher = Hasher::default();
    for member in files {
        hasher.update(format!("{}  {}\n", member.digest, member.path).as_bytes());
    }
    hasher.finish()
}
