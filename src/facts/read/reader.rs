//! The reading thread: bytes of members to the hashing threads, objects in batches to the pool.
//!
//! Everything that a reading has in hand stands here: the members so far, the plan, and the ways to the
//! other threads. Each way to read a member (as a stream of objects, whole, as far as one object may go,
//! or only hashed) hands on every byte once and in order, so that no member can be read without its
//! digest. What a member is, and which of the ways suits it, is for the files beside this one to say.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::archive::SkippedEntries;
use crate::facts::bounds::Bounds;
use crate::facts::dump::seen::DumpsSeen;
use crate::facts::error::ReadError;
use crate::facts::fact::Observer;
use crate::facts::fields::plan::{KindId, Plan};
use crate::facts::json::splitter::{Shape, SplitError, Splitter};
use crate::facts::member::{FoundManifest, Origin, State};
use crate::facts::objects::growing::Growing;
use crate::facts::objects::pages;
use crate::facts::objects::sink::{Batch, Sink};
use crate::facts::pipeline::buffer::Pool;
use crate::facts::pipeline::digest::Feeder;
use crate::facts::pipeline::gate::Gate;
use crate::facts::read::unfinished::{Rest, Unfinished};
use crate::layout::Owner;

/// Lists from many files: by input, owner and whether they are fallbacks, the sum, how many files it has,
/// and how many members of the kind came before it.
pub(crate) type Joined<T> = BTreeMap<(usize, Owner, bool), (Arc<Growing<T>>, u64, usize)>;

/// Reads members one after another.
pub(crate) struct Reader<'r, 's, O: Observer> {
    pub(crate) scope: &'r rayon::Scope<'s>,
    pub(crate) plan: &'s Plan,
    pub(crate) observer: &'s O,
    pub(crate) bounds: &'s Bounds,
    pub(crate) pool: &'s Pool,
    pub(crate) gate: &'s Gate,
    pub(crate) feeder: Feeder,
    /// The members; a place is taken before a member is read, and stays empty if it cannot be.
    pub(crate) members: Vec<Option<Unfinished<O::Tally>>>,
    pub(crate) manifests: Vec<FoundManifest>,
    /// Members read of each kind.
    pub(crate) read: BTreeMap<KindId, usize>,
    pub(crate) dumps: DumpsSeen,
    /// By input, what is not read of the archives in it.
    pub(crate) skipped: BTreeMap<usize, SkippedEntries>,
    /// Lists that are being put together from many files.
    pub(crate) joined: Joined<O::Tally>,
}

impl<'s, O: Observer> Reader<'_, 's, O> {
    /// Where the objects of a member go.
    pub(crate) fn sink(&mut self, kind: KindId, member: &Unfinished<O::Tally>, owner: &Owner) -> Sink<'s, O> {
        let read = self.read.entry(kind).or_default();
        *read += 1;
        Sink {
            plan: self.plan,
            observer: self.observer,
            kind,
            placed: member.member.origin == Origin::Snapshot,
            owner: owner.clone(),
            earlier: *read - 1,
            growing: Arc::clone(&member.growing),
            join: None,
        }
    }

    /// Hashes a member and shows its bytes in order; returns its size.
    fn hash(&mut self, rest: Rest<'_>, show: &mut dyn FnMut(&[u8]) -> Result<(), ReadError>) -> Result<u64, ReadError> {
        let Rest { first, mut ended, stream, .. } = rest;
        let (mut buffer, mut bytes) = (first, 0);
        loop {
            show(&buffer)?;
            let length = buffer.len();
            bytes += length as u64;
            let shared = Arc::new(buffer);
            self.feeder.member(&shared, 0..length);
            self.pool.give_back(shared);
            if ended {
                self.feeder.end_member();
                return Ok(bytes);
            }
            buffer = self.pool.take();
            ended = buffer.fill(stream)?;
        }
    }

    /// Hashes a member without looking into it.
    pub(crate) fn pass(&mut self, rest: Rest<'_>) -> Result<u64, ReadError> {
        self.hash(rest, &mut |_| Ok(()))
    }

    /// Hashes a member and keeps all of it.
    pub(crate) fn whole(&mut self, mut rest: Rest<'_>) -> Result<Vec<u8>, ReadError> {
        let member = std::mem::take(&mut rest.member);
        let mut text = Vec::new();
        let bounds = self.bounds;
        self.hash(rest, &mut |bytes| {
            text.extend_from_slice(bytes);
            check_object(bounds, &member, text.len())
        })?;
        Ok(text)
    }

    /// Hashes a member and keeps its whole lines as far as one object may go: logs have any size.
    /// Returns them with the size of the member.
    pub(crate) fn beginning(&mut self, rest: Rest<'_>) -> Result<(Vec<u8>, u64), ReadError> {
        let limit = usize::try_from(self.bounds.max_object_bytes).unwrap_or(usize::MAX);
        let mut text = Vec::new();
        let bytes = self.hash(rest, &mut |bytes| {
            let room = limit - text.len();
            text.extend_from_slice(&bytes[..bytes.len().min(room)]);
            Ok(())
        })?;
        if bytes > text.len() as u64 {
            let end = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
            text.truncate(end);
        }
        Ok((text, bytes))
    }

    /// Hashes a member, cuts it into objects and has them observed; returns its size.
    pub(crate) fn objects(
        &mut self,
        shape: Shape,
        sink: Sink<'s, O>,
        before: usize,
        rest: Rest<'_>,
    ) -> Result<u64, ReadError> {
        let Rest { member, first, mut ended, stream } = rest;
        let sink = Arc::new(sink);
        let mut splitter = Splitter::new(shape);
        splitter.pass(&first[..before]);
        let (mut buffer, mut hashed) = (first, 0);
        let (mut bytes, mut order, mut broken) = (0, 0, false);
        loop {
            bytes += (buffer.len() - hashed) as u64;
            let mut items = Vec::new();
            if !broken && let Err(error) = splitter.scan(&buffer, ended, &mut items) {
                broken = true;
                sink.growing.problem(order + items.len() as u64, unsplit(&error));
            }
            let keep = if broken { buffer.len() } else { splitter.keep_from() };
            let shared = Arc::new(buffer);
            self.feeder.member(&shared, hashed..shared.len());
            let mut next = self.pool.take();
            next.append(&shared[keep..]);
            hashed = next.len();
            check_object(self.bounds, &member, hashed)?;
            let count = items.len() as u64;
            if count > 0 {
                self.observe(&sink, Batch { buffer: shared, items, order, named: false });
            } else {
                self.pool.give_back(shared);
            }
            order += count;
            if ended {
                self.feeder.end_member();
                // A dump has thousands of small files: a buffer let go of for each would tear the heap.
                self.pool.give_back(Arc::new(next));
                break;
            }
            splitter.rebase(keep);
            if next.is_full() {
                next.grow();
            }
            ended = next.fill(stream)?;
            buffer = next;
        }
        match shape {
            _ if broken => {}
            // An empty list is no answer where one object is asked for.
            _ if order == 0 && !sink.plan.name(sink.kind).is_list() => {
                sink.growing.problem(0, State::Unreadable("it holds no object".to_owned()));
            }
            Shape::ListUnder(key) => pages::around_lists(&sink, &splitter.take_envelopes(), key, order),
            Shape::Objects => pages::bare_list(&sink, order),
        }
        Ok(bytes)
    }

    pub(crate) fn observe(&self, sink: &Arc<Sink<'s, O>>, batch: Batch) {
        let pass = self.gate.enter();
        let (sink, pool) = (Arc::clone(sink), self.pool);
        self.scope.spawn(move |_| {
            let _pass = pass;
            sink.batch(&batch);
            pool.give_back(batch.buffer);
        });
    }
}

/// How far a member could be read that cannot be cut into objects.
pub(crate) fn unsplit(error: &SplitError) -> State {
    match error {
        SplitError::Cut { .. } => State::Truncated(error.to_string()),
        SplitError::Unexpected { .. } | SplitError::Envelope { .. } => {
            State::Unreadable(format!("it is not valid JSON: {error}"))
        }
        SplitError::Yaml { .. } | SplitError::Text { .. } => State::Unreadable(error.to_string()),
    }
}

fn check_object(bounds: &Bounds, member: &str, bytes: usize) -> Result<(), ReadError> {
    let limit = bounds.max_object_bytes;
    if bytes as u64 > limit {
        return Err(ReadError::ObjectTooLarge { member: member.to_owned(), limit });
    }
    Ok(())
}
