//! One source after another, and in each one member after another: which way of reading suits it.

use std::io::Read;

use crate::archive;
use crate::archive::{Budget, Charset, Flow, InputSummary, MemberMeta, SkippedEntries, Utf8Reader};
use crate::facts::dump::seen::Passed;
use crate::facts::error::ReadError;
use crate::facts::fact::Observer;
use crate::facts::member::{FoundManifest, Origin, State};
use crate::facts::pipeline::buffer::BUFFER;
use crate::facts::read::dump_file::DumpFileReader;
use crate::facts::read::nested;
use crate::facts::read::nested::Hashing;
use crate::facts::read::output;
use crate::facts::read::placed;
use crate::facts::read::reader::Reader;
use crate::facts::read::unfinished::{Hash, Lying, Rest, Site, Unfinished};
use crate::facts::source::Source;
use crate::layout;
use crate::layout::{Located, Manifest, Placement};

/// Reads a source to its end.
pub(crate) fn source<O: Observer>(
    reader: &mut Reader<'_, '_, O>,
    number: usize,
    source: &Source,
    budget: &Budget,
) -> Result<InputSummary, ReadError> {
    let feeder = reader.feeder.inputs();
    let mut held = Vec::with_capacity(BUFFER);
    let mut tap = |bytes: &[u8]| {
        held.extend_from_slice(bytes);
        if held.len() >= BUFFER {
            feeder.bytes(std::mem::replace(&mut held, Vec::with_capacity(BUFFER)));
        }
    };
    let name = source.name();
    let site = Site { input: number, name: &name, prefix: "", depth: 0, within: None, budget };
    let mut visit = |meta: &MemberMeta, stream: &mut dyn Read| member(reader, &site, meta, stream);
    let summary = match source {
        Source::Path(path) => archive::read_input(path, budget, &mut tap, &mut visit)?,
        Source::Files { name, files } => files_in_memory(name, files, &mut visit)?,
        Source::Sealed { file, .. } => archive::read_opened(file, budget, &mut tap, &mut visit)?,
        Source::SealedFolder { name, files } => archive::read_opened_folder(name, files, budget, &mut visit)?,
    };
    feeder.bytes(held);
    feeder.end();
    Ok(summary)
}

/// Reads a member.
fn member<O: Observer>(
    reader: &mut Reader<'_, '_, O>,
    site: &Site<'_>,
    meta: &MemberMeta,
    stream: &mut dyn Read,
) -> Result<Flow, ReadError> {
    if layout::is_litter(&meta.path) {
        return Ok(Flow::Continue);
    }
    let lying = Lying::of(site, meta);
    let located = layout::locate(&lying.path);
    if let Located::Dump(file) = &located {
        match reader.dumps.passed(site.input, &lying.prefix, meta, file) {
            Passed::Over => return Ok(Flow::Continue),
            Passed::Later => return Ok(Flow::Later),
            Passed::Not => {}
        }
    }
    let path = format!("{}{}", site.prefix, meta.path);
    let number = reader.members.len();
    reader.members.push(None);
    let mut first = reader.pool.take();
    let ended = first.fill(stream)?;
    let rest = Rest { member: format!("{}!{path}", site.name), first, ended, stream };
    let mut unfinished = Unfinished::new(site, &path);
    match archive::charset(&rest.first) {
        Some(charset) if !nested::is_archive(&rest.first) => {
            decoded(reader, (site, number), (&lying, located), &mut unfinished, (charset, rest))?;
        }
        _ => one_way(reader, (site, number), (&lying, located), &mut unfinished, rest)?,
    }
    if matches!(unfinished.hash, Hash::Nth(_)) {
        unfinished.hash = Hash::Nth(reader.feeder.last());
    }
    reader.members[number] = Some(unfinished);
    Ok(Flow::Continue)
}

/// Reads a member that is no plain UTF-8 as if it were. Its size and digest stay those of its own bytes.
fn decoded<O: Observer>(
    reader: &mut Reader<'_, '_, O>,
    at: (&Site<'_>, usize),
    (lying, located): (&Lying, Located),
    unfinished: &mut Unfinished<O::Tally>,
    (charset, rest): (Charset, Rest<'_>),
) -> Result<(), ReadError> {
    let member = rest.member.clone();
    let mut stream = Utf8Reader::new(Hashing::new(rest, reader.pool), charset);
    let mut first = reader.pool.take();
    let ended = first.fill(&mut stream)?;
    one_way(reader, at, (lying, located), unfinished, Rest { member, first, ended, stream: &mut stream })?;
    let (hashing, fault) = stream.into_inner();
    if let Some(byte) = fault {
        let why = format!("it is UTF-16 up to byte {byte}, and not behind it: save it again as UTF-8");
        unfinished.growing.problem(0, State::Unreadable(why));
    }
    let (digest, bytes) = hashing.finish()?;
    unfinished.hash = Hash::Known(digest);
    unfinished.member.bytes = bytes;
    Ok(())
}

/// Reads a member in the way that suits it.
fn one_way<O: Observer>(
    reader: &mut Reader<'_, '_, O>,
    (site, number): (&Site<'_>, usize),
    (lying, located): (&Lying, Located),
    unfinished: &mut Unfinished<O::Tally>,
    rest: Rest<'_>,
) -> Result<(), ReadError> {
    match located {
        Located::Dump(file) => {
            unfinished.member.origin = Origin::SupportDump;
            let site = &Site { prefix: &lying.prefix, ..*site };
            DumpFileReader { reader, site, number }.read(file, unfinished, rest)?;
        }
        Located::Unknown if nested::is_archive(&rest.first) => {
            let site = Site { within: Some(number), ..*site };
            nested::read(reader, &site, unfinished, rest, member)?;
        }
        Located::Unknown => output::read(reader, (site, number), lying, unfinished, rest)?,
        Located::Snapshot(Placement::Manifest(top)) => {
            let text = reader.whole(rest)?;
            // What a compressed manifest says is of nothing beside it: one manifest speaks for a snapshot.
            let top = if lying.lone { site.prefix.to_owned() } else { format!("{}{top}", site.prefix) };
            reader.manifests.push(FoundManifest { input: site.input, top, manifest: Manifest::parse(&text) });
            unfinished.member.bytes = text.len() as u64;
            unfinished.member.origin = Origin::Snapshot;
        }
        Located::Snapshot(placement) => {
            unfinished.member.origin = Origin::Snapshot;
            if let Placement::Fact(place) = placement {
                unfinished.member.place = Some(place);
            }
            unfinished.member.bytes = placed::read(reader, unfinished, rest)?;
        }
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
        skipped: SkippedEntries::default(),
        complete: true,
        preamble: 0,
    })
}
