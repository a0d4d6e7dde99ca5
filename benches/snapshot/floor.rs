//! The floor: the least that any honest reading of a snapshot costs.
//!
//! It decodes, walks the tar, hashes the file and every member, validates every byte of JSON and
//! keeps nothing. One thread decodes; the pieces go to chains of work (a hash or a skim of one
//! member, each in order), which all threads take up, the decoding one too when it is ahead.

use std::collections::{BTreeMap, VecDeque};
use std::fs::File;
use std::io::{self, BufRead, Read};
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use anyhow::{Context as _, Result, anyhow, bail};
use sha2::{Digest as _, Sha256};

use crate::measure::hex;
use crate::skim::Skimmer;

/// Bytes in a piece: large enough to be worth a lock, small enough to stay in the cache.
const PIECE: usize = 256 << 10;
/// Pieces in flight.
const PIECES: usize = 64;

/// What the floor program found.
#[derive(Debug, Default)]
pub(crate) struct Floor {
    /// Bytes of the file.
    pub(crate) packed: u64,
    /// Bytes of all members.
    pub(crate) bytes: u64,
    /// Bytes of JSON among them.
    pub(crate) json: u64,
    /// JSON values parsed one by one.
    pub(crate) values: u64,
    /// Members.
    pub(crate) members: u64,
    /// Members whose digest equals the manifest's.
    pub(crate) verified: u64,
    /// SHA-256 of the file.
    pub(crate) sha256: String,
}

/// Reads a `.tar.zst` snapshot on `threads` threads.
///
/// # Errors
/// The file is unreadable, damaged, or its JSON is not JSON.
pub(crate) fn floor(file: &Path, threads: usize) -> Result<Floor> {
    let work = Work::default();
    let mut found = std::thread::scope(|scope| {
        for _ in 1..threads.max(1) {
            scope.spawn(|| work.help_until_done());
        }
        let found = decode(file, &work);
        let mut state = work.lock();
        state.ended = true;
        let found = match found {
            Ok(found) => found,
            Err(error) => {
                state.error.get_or_insert(error);
                Floor::default()
            }
        };
        drop(state);
        work.changed.notify_all();
        work.help_until_done();
        found
    });
    let mut state = work.lock();
    if let Some(error) = state.error.take() {
        return Err(error);
    }
    found.values = state.values;
    found.sha256 = state.digests.remove("").unwrap_or_default();
    let manifest = std::mem::take(&mut state.manifest);
    for line in manifest.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        let item: serde_json::Value = serde_json::from_slice(line)?;
        if let (Some(path), Some(digest)) = (item["path"].as_str(), item["sha256"].as_str()) {
            if state.digests.get(path).map(String::as_str) != Some(digest) {
                bail!("the digest of {path} is not the manifest's");
            }
            found.verified += 1;
        }
    }
    Ok(found)
}

fn decode(file: &Path, work: &Work) -> Result<Floor> {
    let input = File::open(file).with_context(|| format!("failed to open {}", file.display()))?;
    let mut found = Floor { packed: input.metadata()?.len(), ..Floor::default() };
    let packed = Packed { input, chain: work.open(Sink::hash("")), work, piece: work.piece()?, at: 0 };
    let mut archive = tar::Archive::new(zstd::stream::Decoder::with_buffer(packed)?);
    for entry in archive.entries()? {
        let mut entry = entry?;
        let path = entry.path()?.to_string_lossy().into_owned();
        let name = path.split_once('/').map_or(path.as_str(), |(_, name)| name);
        let manifest = name == "manifest.jsonl";
        let extension = Path::new(name).extension().and_then(|extension| extension.to_str());
        let hash = work.open(Sink::hash(name));
        let skim =
            matches!(extension, Some("json" | "jsonl")).then(|| work.open(Sink::Skim(name.to_owned(), Box::default())));
        found.members += 1;
        loop {
            let mut piece = work.piece()?;
            piece.fill(&mut entry)?;
            if piece.used == 0 {
                work.give_back(piece);
                break;
            }
            found.bytes += piece.used as u64;
            if manifest {
                work.lock().manifest.extend_from_slice(piece.bytes());
            }
            let piece = Arc::new(piece);
            if let Some(skim) = skim {
                found.json += piece.used as u64;
                work.push(skim, Arc::clone(&piece));
            }
            work.push(hash, piece);
        }
        for chain in skim.into_iter().chain([hash]) {
            work.close(chain);
        }
    }
    let mut packed = archive.into_inner().finish();
    while !packed.fill_buf()?.is_empty() {
        packed.at = packed.piece.used;
    }
    work.close(packed.chain);
    Ok(found)
}

/// The compressed file, read in pieces that are hashed too.
struct Packed<'a> {
    input: File,
    chain: u64,
    work: &'a Work,
    piece: Piece,
    at: usize,
}

impl Read for Packed<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let mut rest = self.fill_buf()?;
        let read = rest.read(buf)?;
        self.consume(read);
        Ok(read)
    }
}

impl BufRead for Packed<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.at == self.piece.used {
            let full = std::mem::replace(&mut self.piece, self.work.piece()?);
            self.at = 0;
            if full.used > 0 {
                self.work.push(self.chain, Arc::new(full));
            } else {
                self.work.give_back(full);
            }
            self.piece.fill(&mut self.input)?;
        }
        Ok(&self.piece.bytes()[self.at..])
    }

    fn consume(&mut self, bytes: usize) {
        self.at += bytes;
    }
}

/// A buffer that is used again and again.
struct Piece {
    buffer: Vec<u8>,
    used: usize,
}

impl Piece {
    fn bytes(&self) -> &[u8] {
        &self.buffer[..self.used]
    }

    fn fill(&mut self, reader: &mut impl Read) -> io::Result<()> {
        self.used = 0;
        while self.used < self.buffer.len() {
            match reader.read(&mut self.buffer[self.used..])? {
                0 => break,
                read => self.used += read,
            }
        }
        Ok(())
    }
}

enum Sink {
    Hash(String, Box<Sha256>),
    Skim(String, Box<Skimmer>),
}

impl Sink {
    fn hash(name: &str) -> Self {
        Self::Hash(name.to_owned(), Box::default())
    }
}

/// Pieces of one member for one sink, in order.
struct Chain {
    pieces: VecDeque<Arc<Piece>>,
    /// `None` while a thread works on it.
    sink: Option<Sink>,
    closed: bool,
}

#[derive(Default)]
struct State {
    chains: BTreeMap<u64, Chain>,
    opened: u64,
    free: Vec<Piece>,
    made: usize,
    ended: bool,
    digests: BTreeMap<String, String>,
    values: u64,
    manifest: Vec<u8>,
    error: Option<anyhow::Error>,
}

#[derive(Default)]
struct Work {
    state: Mutex<State>,
    changed: Condvar,
}

/// What a thread took up: a few pieces of one chain.
struct Task {
    chain: u64,
    sink: Sink,
    pieces: VecDeque<Arc<Piece>>,
    last: bool,
}

impl Work {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn open(&self, sink: Sink) -> u64 {
        let mut state = self.lock();
        state.opened += 1;
        let id = state.opened;
        state.chains.insert(id, Chain { pieces: VecDeque::new(), sink: Some(sink), closed: false });
        id
    }

    fn push(&self, chain: u64, piece: Arc<Piece>) {
        if let Some(chain) = self.lock().chains.get_mut(&chain) {
            chain.pieces.push_back(piece);
        }
        self.changed.notify_one();
    }

    fn close(&self, chain: u64) {
        if let Some(chain) = self.lock().chains.get_mut(&chain) {
            chain.closed = true;
        }
        self.changed.notify_one();
    }

    fn give_back(&self, piece: Piece) {
        self.lock().free.push(piece);
    }

    /// An empty piece; when all are in flight, the thread works some off. Fails when any thread did.
    fn piece(&self) -> io::Result<Piece> {
        let mut state = self.lock();
        loop {
            if state.error.is_some() {
                return Err(io::Error::other("stopped"));
            }
            if let Some(mut piece) = state.free.pop() {
                piece.used = 0;
                return Ok(piece);
            }
            if state.made < PIECES {
                state.made += 1;
                return Ok(Piece { buffer: vec![0; PIECE], used: 0 });
            }
            state = self.work_or_wait(state);
        }
    }

    fn help_until_done(&self) {
        let mut state = self.lock();
        while state.error.is_none() && !(state.ended && state.chains.is_empty()) {
            state = self.work_or_wait(state);
        }
        self.changed.notify_all();
    }

    fn work_or_wait<'a>(&'a self, mut state: MutexGuard<'a, State>) -> MutexGuard<'a, State> {
        let Some(mut task) = take(&mut state) else {
            return self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        };
        drop(state);
        let result = task.run();
        let free: Vec<Piece> = task.pieces.drain(..).filter_map(Arc::into_inner).collect();
        let mut state = self.lock();
        state.free.extend(free);
        match result {
            Ok(Outcome::Digest(name, digest)) => _ = state.digests.insert(name, digest),
            Ok(Outcome::Values(values)) => state.values += values,
            Ok(Outcome::More) => {
                if let Some(chain) = state.chains.get_mut(&task.chain) {
                    chain.sink = Some(task.sink);
                }
                self.changed.notify_all();
                return state;
            }
            Err(error) => _ = state.error.get_or_insert(error),
        }
        state.chains.remove(&task.chain);
        self.changed.notify_all();
        state
    }
}

/// The oldest chain with something to do.
fn take(state: &mut State) -> Option<Task> {
    let (id, chain) = state
        .chains
        .iter_mut()
        .find(|(_, chain)| chain.sink.is_some() && (chain.closed || !chain.pieces.is_empty()))?;
    let number = chain.pieces.len().min(4);
    let pieces: VecDeque<_> = chain.pieces.drain(..number).collect();
    let last = chain.closed && chain.pieces.is_empty();
    Some(Task { chain: *id, sink: chain.sink.take()?, pieces, last })
}

enum Outcome {
    More,
    Digest(String, String),
    Values(u64),
}

impl Task {
    fn run(&mut self) -> Result<Outcome> {
        for piece in &self.pieces {
            match &mut self.sink {
                Sink::Hash(_, hash) => hash.update(piece.bytes()),
                Sink::Skim(name, skimmer) => skimmer.push(piece.bytes()).map_err(|error| anyhow!("{name}: {error}"))?,
            }
        }
        if !self.last {
            return Ok(Outcome::More);
        }
        match &mut self.sink {
            Sink::Hash(name, hash) => {
                let digest = std::mem::take(hash.as_mut()).finalize();
                Ok(Outcome::Digest(std::mem::take(name), hex(&digest)))
            }
            Sink::Skim(name, skimmer) => {
                let values = skimmer.finish().map_err(|error| anyhow!("{name}: {error}"))?;
                Ok(Outcome::Values(values))
            }
        }
    }
}
