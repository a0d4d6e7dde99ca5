//! The reading thread: members to digests and to batches of objects.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::sync::Arc;

use super::buffer::{BUFFER, Buffer, Pool};
use super::digest::Feeder;
use super::gate::Gate;
use super::member::{FoundManifest, Growing, State};
use super::objects::{Batch, Sink};
use super::plan::{KindId, Plan};
use super::splitter::{Shape, SplitError, Splitter};
use super::stream::{Bounds, Observer, ReadError, Source};
use crate::archive::{self, Budget, Flow, InputSummary, MemberMeta};
use crate::layout::{self, Encoding, Identity, Manifest, Owner, Place, Placement, Refusal};

/// Bytes that are enough to tell a file by its content.
const HEAD: usize = 64 << 10;

/// A member that is still being parsed.
pub(super) struct Unfinished<T> {
    pub(super) input: usize,
    pub(super) path: String,
    pub(super) place: Option<Place>,
    pub(super) known: bool,
    pub(super) bytes: u64,
    pub(super) growing: Arc<Growing<T>>,
}

/// Reads sources one after another.
pub(super) struct Reader<'r, 's, O: Observer> {
    pub(super) scope: &'r rayon::Scope<'s>,
    pub(super) plan: &'s Plan,
    pub(super) observer: &'s O,
    pub(super) bounds: &'s Bounds,
    pub(super) pool: &'s Pool,
    pub(super) gate: &'s Gate,
    pub(super) feeder: Feeder,
    pub(super) members: Vec<Unfinished<O::Tally>>,
    pub(super) manifests: Vec<FoundManifest>,
    /// Members read of each kind.
    pub(super) read: BTreeMap<KindId, usize>,
}

/// The bytes of a member that are still to be read, behind the buffer that was filled first.
struct Rest<'m> {
    member: String,
    first: Buffer,
    ended: bool,
    stream: &'m mut dyn Read,
}

impl<'s, O: Observer> Reader<'_, 's, O>
where
    O::Tally: 's,
{
    /// Reads a source to its end.
    pub(super) fn source(
        &mut self,
        number: usize,
        source: &Source,
        budget: &Budget,
    ) -> Result<InputSummary, ReadError> {
        let feeder = self.feeder.clone();
        let mut held = Vec::with_capacity(BUFFER);
        let mut tap = |bytes: &[u8]| {
            held.extend_from_slice(bytes);
            if held.len() >= BUFFER {
                feeder.input(std::mem::replace(&mut held, Vec::with_capacity(BUFFER)));
            }
        };
        let name = source.name();
        let mut visit = |meta: &MemberMeta, stream: &mut dyn Read| {
            self.member(number, &name, meta, stream)?;
            Ok::<Flow, ReadError>(Flow::Continue)
        };
        let summary = match source {
            Source::Path(path) => archive::read_input(path, budget, &mut tap, &mut visit)?,
            Source::Files { name, files } => files_in_memory(name, files, &mut visit)?,
        };
        self.feeder.input(held);
        self.feeder.end_input();
        Ok(summary)
    }

    fn member(&mut self, input: usize, name: &str, meta: &MemberMeta, stream: &mut dyn Read) -> Result<(), ReadError> {
        let mut first = self.pool.take();
        let ended = first.fill(stream)?;
        let growing = Arc::new(Growing::new());
        let (place, known) = identify(&meta.path, &first, &growing);
        let refused = match &place {
            Some(_) => layout::refusal(&first, ended),
            None => None,
        };
        let rest = Rest { member: format!("{name}!{}", meta.path), first, ended, stream };
        let wanted = place.as_ref().and_then(|place| self.plan.id(&place.kind).zip(Some(place)));
        let bytes = if let Placement::Manifest(top) = layout::place(&meta.path) {
            let text = self.whole(rest)?;
            let manifest = Manifest::parse(&text).map_err(|error| error.to_string());
            self.manifests.push(FoundManifest { input, top, manifest });
            text.len() as u64
        } else if let Some(refusal) = refused {
            growing.problem(
                0,
                match refusal {
                    Refusal::Forbidden(why) => State::Forbidden(why),
                    Refusal::Unreadable(why) => State::Unreadable(why),
                },
            );
            self.pass(rest)?
        } else if let Some((kind, place)) = wanted {
            *self.read.entry(kind).or_default() += 1;
            let sink = Sink {
                plan: self.plan,
                observer: self.observer,
                kind,
                placed: matches!(layout::place(&meta.path), Placement::Fact(_)),
                owner: place.owner.clone(),
                earlier: self.read.get(&kind).map_or(0, |read| read - 1),
                growing: Arc::clone(&growing),
            };
            match place.kind.encoding() {
                Encoding::Json => self.objects(Shape::Objects, sink, rest)?,
                Encoding::JsonUnder(key) => self.objects(Shape::ListUnder(key), sink, rest)?,
                encoding @ Encoding::Text(_) => {
                    let (text, bytes) = self.beginning(rest)?;
                    if bytes > text.len() as u64 {
                        let why = format!("only the first {} of its {bytes} bytes are read", text.len());
                        growing.problem(0, State::Truncated(why));
                    }
                    sink.document(encoding, &text);
                    bytes
                }
                encoding => {
                    let text = self.whole(rest)?;
                    sink.document(encoding, &text);
                    text.len() as u64
                }
            }
        } else {
            self.pass(rest)?
        };
        self.members.push(Unfinished { input, path: meta.path.clone(), place, known, bytes, growing });
        Ok(())
    }

    /// Hashes a member and shows its bytes in order; returns its size.
    fn hash(&self, rest: Rest<'_>, show: &mut dyn FnMut(&[u8]) -> Result<(), ReadError>) -> Result<u64, ReadError> {
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
    fn pass(&self, rest: Rest<'_>) -> Result<u64, ReadError> {
        self.hash(rest, &mut |_| Ok(()))
    }

    /// Hashes a member and keeps all of it.
    fn whole(&self, mut rest: Rest<'_>) -> Result<Vec<u8>, ReadError> {
        let member = std::mem::take(&mut rest.member);
        let mut text = Vec::new();
        self.hash(rest, &mut |bytes| {
            text.extend_from_slice(bytes);
            self.check_object(&member, text.len())
        })?;
        Ok(text)
    }

    /// Hashes a member and keeps its whole lines as far as one object may go: logs have any size.
    /// Returns them with the size of the member.
    fn beginning(&self, rest: Rest<'_>) -> Result<(Vec<u8>, u64), ReadError> {
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

    /// Hashes a member, cuts it into objects and has them observed.
    fn objects(&mut self, shape: Shape, sink: Sink<'s, O>, rest: Rest<'_>) -> Result<u64, ReadError> {
        let Rest { member, first, mut ended, stream } = rest;
        let sink = Arc::new(sink);
        let mut splitter = Splitter::new(shape);
        let (mut buffer, mut hashed) = (first, 0);
        let (mut bytes, mut order, mut broken) = (0, 0, false);
        loop {
            bytes += (buffer.len() - hashed) as u64;
            let mut items = Vec::new();
            if !broken && let Err(error) = splitter.scan(&buffer, ended, &mut items) {
                broken = true;
                let state = match error {
                    SplitError::Cut { .. } => State::Truncated(error.to_string()),
                    _ => State::Unreadable(format!("it is not valid JSON: {error}")),
                };
                sink.growing.problem(order + items.len() as u64, state);
            }
            let keep = if broken { buffer.len() } else { splitter.keep_from() };
            let shared = Arc::new(buffer);
            self.feeder.member(&shared, hashed..shared.len());
            let mut next = self.pool.take();
            next.append(&shared[keep..]);
            hashed = next.len();
            self.check_object(&member, hashed)?;
            let count = items.len() as u64;
            if count > 0 {
                self.observe(&sink, Batch { buffer: shared, items, order });
            } else {
                self.pool.give_back(shared);
            }
            order += count;
            if ended {
                self.feeder.end_member();
                break;
            }
            splitter.rebase(keep);
            if next.is_full() {
                next.grow();
            }
            ended = next.fill(stream)?;
            buffer = next;
        }
        if broken {
            return Ok(bytes);
        }
        match shape {
            Shape::ListUnder(key) => sink.envelopes(&splitter.take_envelopes(), key, order),
            Shape::Objects => {
                if let Some(why) = sink.page(&serde_json::Value::Null, order) {
                    sink.growing.problem(order, State::Truncated(why));
                }
            }
        }
        Ok(bytes)
    }

    fn observe(&self, sink: &Arc<Sink<'s, O>>, batch: Batch) {
        let pass = self.gate.enter();
        let (sink, pool) = (Arc::clone(sink), self.pool);
        self.scope.spawn(move |_| {
            let _pass = pass;
            sink.batch(&batch);
            pool.give_back(batch.buffer);
        });
    }

    fn check_object(&self, member: &str, bytes: usize) -> Result<(), ReadError> {
        let limit = self.bounds.max_object_bytes;
        if bytes as u64 > limit {
            return Err(ReadError::ObjectTooLarge { member: member.to_owned(), limit });
        }
        Ok(())
    }
}

/// Shows files in memory in the way of a folder: by their paths.
fn files_in_memory(
    name: &str,
    files: &[(String, Vec<u8>)],
    visit: &mut archive::Visit<'_, ReadError>,
) -> Result<InputSummary, ReadError> {
    let mut sorted: Vec<&(String, Vec<u8>)> = files.iter().collect();
    sorted.sort();
    for (path, content) in &sorted {
        let meta = MemberMeta { path: path.clone(), size: Some(content.len() as u64) };
        visit(&meta, &mut content.as_slice())?;
    }
    Ok(InputSummary {
        name: name.to_owned(),
        format: archive::Format::Folder,
        bytes: files.iter().map(|(_, content)| content.len() as u64).sum(),
        skipped: Vec::new(),
        complete: true,
    })
}

/// Where a member belongs, and whether the snapshot format or its content says so.
fn identify<T>(path: &str, first: &[u8], growing: &Growing<T>) -> (Option<Place>, bool) {
    match layout::place(path) {
        Placement::Fact(place) => (Some(place), true),
        Placement::Manifest(_) | Placement::Other => (None, true),
        Placement::Unknown => match layout::identify(&first[..first.len().min(HEAD)]) {
            Identity::Fact(kind) => {
                let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
                let owner = if kind.per_node() { Owner::Folder(folder) } else { Owner::Cluster };
                (Some(Place { kind, owner }), true)
            }
            Identity::EmptyList => {
                let why = "an empty Kubernetes list does not say of what it is a list";
                growing.problem(0, State::Unreadable(why.into()));
                (None, false)
            }
            Identity::Unknown => (None, false),
        },
    }
}

impl From<io::Error> for ReadError {
    /// The archive room reports why a member's bytes could not be had; this error never reaches a
    /// caller, it only ends the visit.
    fn from(error: io::Error) -> Self {
        Self::Stream(error)
    }
}
