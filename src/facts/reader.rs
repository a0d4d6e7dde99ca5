//! The reading thread: members to digests and to batches of objects.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read};
use std::sync::Arc;

use crate::archive;
use crate::archive::{Budget, Flow, InputSummary, MemberMeta};
use crate::facts::fields::plan::{KindId, Plan};
use crate::facts::json::splitter::{Shape, SplitError, Splitter};
use crate::facts::member::{Failure, FoundManifest, Growing, Nature, State};
use crate::facts::nested::is_archive;
use crate::facts::objects::{Batch, Sink};
use crate::facts::pipeline::buffer::{BUFFER, Buffer, Pool};
use crate::facts::pipeline::digest::Feeder;
use crate::facts::pipeline::gate::Gate;
use crate::facts::stream::{Bounds, Observer, ReadError, Source};
use crate::facts::yaml;
use crate::layout;
use crate::layout::{Encoding, Identity, Located, Manifest, Owner, Place, Placement, Refusal, ResourceFolder};
use crate::model::digest::Digest;

/// Bytes that are enough to tell a file by its content.
const HEAD: usize = 64 << 10;

/// A member that is still being parsed.
pub(crate) struct Unfinished<T> {
    pub(crate) input: usize,
    pub(crate) path: String,
    pub(crate) at: String,
    pub(crate) place: Option<Place>,
    pub(crate) known: bool,
    pub(crate) bytes: u64,
    pub(crate) growing: Arc<Growing<T>>,
    pub(crate) hash: Hash,
    pub(crate) within: Option<usize>,
    pub(crate) nature: Nature,
    pub(crate) lone: bool,
    pub(crate) spare: bool,
    pub(crate) namespace: Option<String>,
}

impl<T> Unfinished<T> {
    /// A member of which nothing is known yet but where it is.
    pub(crate) fn new(site: &Site<'_>, path: &str) -> Self {
        Self {
            input: site.input,
            path: path.to_owned(),
            at: String::new(),
            place: None,
            known: true,
            bytes: 0,
            growing: Arc::new(Growing::new()),
            hash: Hash::Nth(0),
            within: site.within,
            nature: Nature::Whole,
            lone: true,
            spare: false,
            namespace: None,
        }
    }
}

/// Where a member's digest comes from.
#[derive(Debug, Clone)]
pub(crate) enum Hash {
    /// The hashing threads made it as that of the member that was the n-th to end.
    Nth(usize),
    /// It was made while reading.
    Known(Digest),
    /// It is that of another member.
    OfMember(usize),
}

impl Hash {
    /// The member that has it too.
    pub(crate) fn of_member(&self) -> Option<usize> {
        if let Self::OfMember(number) = self { Some(*number) } else { None }
    }
}

/// The archive in which members are read.
#[derive(Clone, Copy)]
pub(crate) struct Site<'a> {
    /// Number of the input.
    pub(crate) input: usize,
    /// Its name, for messages.
    pub(crate) name: &'a str,
    /// What stands before a member's path: nothing, or the path of an archive in an archive and `!`.
    pub(crate) prefix: &'a str,
    /// How many archives lie around its members, besides the input.
    pub(crate) depth: u32,
    /// The member that is the archive.
    pub(crate) within: Option<usize>,
    pub(crate) budget: &'a Budget,
}

/// What was seen of support dumps.
#[derive(Debug, Default)]
pub(crate) struct DumpSeen {
    /// Folders with reports, by input.
    pub(crate) reports: BTreeSet<(usize, String)>,
    /// Folders with the files of a cluster's dump.
    pub(crate) dumps: BTreeSet<(usize, String)>,
    pub(crate) failures: Vec<Failure>,
}

/// Lists from many files: by input, owner and whether they are spare, the sum, how many files it has,
/// and how many members of the kind came before it.
pub(crate) type Joined<T> = BTreeMap<(usize, Owner, bool), (Arc<Growing<T>>, u64, usize)>;

/// Reads sources one after another.
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
    pub(crate) dump: DumpSeen,
    /// Lists that are being put together from many files.
    pub(crate) joined: Joined<O::Tally>,
}

/// The bytes of a member that are still to be read, behind the buffer that was filled first.
pub(crate) struct Rest<'m> {
    /// `input!path`.
    pub(crate) member: String,
    pub(crate) first: Buffer,
    pub(crate) ended: bool,
    pub(crate) stream: &'m mut dyn Read,
}

impl<'s, O: Observer> Reader<'_, 's, O>
where
    O::Tally: 's,
{
    /// Reads a source to its end.
    pub(crate) fn source(
        &mut self,
        number: usize,
        source: &Source,
        budget: &Budget,
    ) -> Result<InputSummary, ReadError> {
        let feeder = self.feeder.inputs();
        let mut held = Vec::with_capacity(BUFFER);
        let mut tap = |bytes: &[u8]| {
            held.extend_from_slice(bytes);
            if held.len() >= BUFFER {
                feeder.bytes(std::mem::replace(&mut held, Vec::with_capacity(BUFFER)));
            }
        };
        let name = source.name();
        let site = Site { input: number, name: &name, prefix: "", depth: 0, within: None, budget };
        let mut visit = |meta: &MemberMeta, stream: &mut dyn Read| self.member(&site, meta, stream);
        let summary = match source {
            Source::Path(path) => archive::read_input(path, budget, &mut tap, &mut visit)?,
            Source::Files { name, files } => files_in_memory(name, files, &mut visit)?,
        };
        feeder.bytes(held);
        feeder.end();
        Ok(summary)
    }

    /// Reads a member.
    pub(crate) fn member(
        &mut self,
        site: &Site<'_>,
        meta: &MemberMeta,
        stream: &mut dyn Read,
    ) -> Result<Flow, ReadError> {
        let located = layout::locate(&meta.path);
        if let Located::Dump(file) = &located
            && let Some(flow) = self.passed_over(site, meta, file)
        {
            return Ok(flow);
        }
        let path = format!("{}{}", site.prefix, meta.path);
        let number = self.members.len();
        self.members.push(None);
        let mut first = self.pool.take();
        let ended = first.fill(stream)?;
        let rest = Rest { member: format!("{}!{path}", site.name), first, ended, stream };
        let mut member = Unfinished::new(site, &path);
        match located {
            Located::Dump(file) => self.dump_file(site, number, file, &mut member, rest)?,
            Located::Unknown if is_archive(&rest.first) => self.archive(site, number, &mut member, rest)?,
            Located::Unknown if yaml::looks_like_objects(&rest.first) => self.yaml(&mut member, rest)?,
            Located::Snapshot(Placement::Manifest(top)) => {
                let text = self.whole(rest)?;
                let manifest = Manifest::parse(&text).map_err(|error| error.to_string());
                let top = format!("{}{top}", site.prefix);
                self.manifests.push(FoundManifest { input: site.input, top, manifest });
                member.bytes = text.len() as u64;
                member.lone = false;
            }
            located => {
                member.lone = located == Located::Unknown;
                identify(located, site.prefix, &meta.path, &rest.first, &mut member);
                member.bytes = self.placed(&member, rest)?;
            }
        }
        if matches!(member.hash, Hash::Nth(_)) {
            member.hash = Hash::Nth(self.feeder.last());
        }
        self.members[number] = Some(member);
        Ok(Flow::Continue)
    }

    /// Reads a member whose kind is known, or hashes one of no kind; returns its size.
    pub(crate) fn placed(&mut self, member: &Unfinished<O::Tally>, rest: Rest<'_>) -> Result<u64, ReadError> {
        let place = member.place.as_ref();
        let growing = &member.growing;
        if place.is_some()
            && let Some(refusal) = layout::refusal(&rest.first, rest.ended)
        {
            let state = match refusal {
                Refusal::Forbidden(why) => State::Forbidden(why),
                Refusal::Unreadable(why) => State::Unreadable(why),
            };
            growing.problem(0, state);
            return self.pass(rest);
        }
        let Some((kind, place)) = place.and_then(|place| Some((self.plan.id(&place.kind)?, place))) else {
            return self.pass(rest);
        };
        let sink = self.sink(kind, member, &place.owner);
        self.read_into(sink, member, place, rest)
    }

    /// Reads a member whose facts go into a sink; returns its size.
    pub(crate) fn read_into(
        &mut self,
        sink: Sink<'s, O>,
        member: &Unfinished<O::Tally>,
        place: &Place,
        rest: Rest<'_>,
    ) -> Result<u64, ReadError> {
        let growing = &member.growing;
        match place.kind.encoding() {
            Encoding::Json => self.objects(Shape::Objects, sink, rest),
            // Some programs save the bare list of a Kubernetes list's items.
            Encoding::JsonUnder(_) if member.lone && rest.first.trim_ascii_start().starts_with(b"[") => {
                self.objects(Shape::Objects, sink, rest)
            }
            Encoding::JsonUnder(key) => self.objects(Shape::ListUnder(key), sink, rest),
            encoding @ Encoding::Text(_) => {
                let (text, bytes) = self.beginning(rest)?;
                if bytes > text.len() as u64 {
                    let why = format!("only the first {} of its {bytes} bytes are read", text.len());
                    growing.problem(0, State::Truncated(why));
                }
                sink.document(encoding, &text);
                Ok(bytes)
            }
            encoding => {
                let text = self.whole(rest)?;
                sink.document(encoding, &text);
                Ok(text.len() as u64)
            }
        }
    }

    /// Where the objects of a member go.
    pub(crate) fn sink(&mut self, kind: KindId, member: &Unfinished<O::Tally>, owner: &Owner) -> Sink<'s, O> {
        let read = self.read.entry(kind).or_default();
        *read += 1;
        Sink {
            plan: self.plan,
            observer: self.observer,
            kind,
            placed: !member.lone,
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
            check_object(self.bounds, &member, hashed)?;
            let count = items.len() as u64;
            if count > 0 {
                self.observe(&sink, Batch { buffer: shared, items, order });
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
}

fn check_object(bounds: &Bounds, member: &str, bytes: usize) -> Result<(), ReadError> {
    let limit = bounds.max_object_bytes;
    if bytes as u64 > limit {
        return Err(ReadError::ObjectTooLarge { member: member.to_owned(), limit });
    }
    Ok(())
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
        let meta = MemberMeta { path: path.clone(), size: Some(content.len() as u64), ..MemberMeta::default() };
        visit(&meta, &mut content.as_slice())?;
    }
    Ok(InputSummary {
        name: name.to_owned(),
        format: archive::Format::Folder,
        bytes: files.iter().map(|(_, content)| content.len() as u64).sum(),
        skipped: Vec::new(),
        complete: true,
        lead: 0,
    })
}

/// Says where a member belongs, by the snapshot format or by its content.
fn identify<T>(located: Located, prefix: &str, path: &str, first: &[u8], member: &mut Unfinished<T>) {
    match located {
        Located::Snapshot(Placement::Fact(place)) => member.place = Some(place),
        Located::Snapshot(_) | Located::Dump(_) => {}
        Located::Unknown => match (layout::identify(&first[..first.len().min(HEAD)]), layout::resource_folder(path)) {
            // What holds no kind of its own is what its path says.
            (Identity::EmptyList | Identity::Unknown, ResourceFolder { kind: Some(kind), namespace })
                if path.contains("cluster-resources/") =>
            {
                member.place = Some(Place { kind, owner: Owner::Cluster });
                member.namespace = namespace;
            }
            (Identity::Fact(kind), folder) => {
                if folder.kind.as_ref() == Some(&kind) {
                    member.namespace = folder.namespace;
                }
                let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
                let owner = if kind.per_node() { Owner::Folder(format!("{prefix}{folder}")) } else { Owner::Cluster };
                member.place = Some(Place { kind, owner });
            }
            (Identity::EmptyList, _) => {
                let why = "an empty Kubernetes list does not say of what it is a list";
                member.growing.problem(0, State::Unreadable(why.into()));
                member.known = false;
            }
            (Identity::Unknown, _) => member.known = false,
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
