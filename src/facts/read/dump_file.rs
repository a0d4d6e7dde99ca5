//! Reads a file of a support dump.
//!
//! A file that holds several kinds becomes several members, one for each section, that share its path
//! and digest and carry a JSON pointer. JSON that lies as it should is read as a stream like any member;
//! the other shapes in which dumps hold it are small, and put together first.

use serde_json::Value;

use crate::facts::dump::loose;
use crate::facts::dump::report::{Found, Sections};
use crate::facts::dump::walk::{WalkError, walk};
use crate::facts::error::ReadError;
use crate::facts::fact::Observer;
use crate::facts::member::{Failure, State};
use crate::facts::read::dump_part;
use crate::facts::read::dump_part::{Part, PartError, nature, sink_of};
use crate::facts::read::nested::Hashing;
use crate::facts::read::placed;
use crate::facts::read::reader::Reader;
use crate::facts::read::unfinished::{Hash, Rest, Site, Unfinished};
use crate::layout;
use crate::layout::{DumpFile, DumpForm, Kind, Owner, Place};

/// Bytes of a node's text report that are looked into: `docker info` is its first command.
const MAX_TEXT: usize = 4 << 20;

/// Longest id of a cluster; MKE's have 25 characters.
const LONGEST_ID: usize = 100;

/// Reads one file of a dump.
pub(crate) struct DumpFileReader<'a, 'r, 's, O: Observer> {
    pub(crate) reader: &'a mut Reader<'r, 's, O>,
    pub(crate) site: &'a Site<'a>,
    /// The number that the file's member will have.
    pub(crate) number: usize,
}

impl<O: Observer> DumpFileReader<'_, '_, '_, O> {
    /// Reads the file.
    pub(crate) fn read(
        &mut self,
        file: DumpFile,
        unfinished: &mut Unfinished<O::Tally>,
        rest: Rest<'_>,
    ) -> Result<(), ReadError> {
        match file {
            DumpFile::Ignored => unfinished.member.bytes = self.reader.pass(rest)?,
            DumpFile::Failure { node, .. } => {
                let path = unfinished.member.path.clone();
                self.reader.dumps.failures.push(Failure { input: self.site.input, path, node });
                unfinished.member.bytes = self.reader.pass(rest)?;
            }
            DumpFile::Facts(place) => {
                if place.owner == Owner::Cluster {
                    let path = &unfinished.member.path;
                    let folder = path.rsplit_once('/').map_or(self.site.prefix, |(folder, _)| folder);
                    self.reader.dumps.dumps.insert((self.site.input, folder.to_owned()));
                }
                let place = full_place(self.site, place);
                self.note_inspection(&place, &unfinished.member.path);
                self.facts(place, unfinished, rest)?;
            }
            DumpFile::Report { folder, root } => {
                let folder = self.site.full(&folder);
                let dumps = &mut self.reader.dumps;
                dumps.reports.insert((self.site.input, folder.clone()));
                if root && dumps.repeats(self.site.input, &folder) {
                    unfinished.member.bytes = self.reader.pass(rest)?;
                } else {
                    self.report(&folder, root, unfinished, rest)?;
                }
            }
            DumpFile::Text(place) => {
                let place = full_place(self.site, place);
                if let Owner::Folder(folder) = &place.owner {
                    self.reader.dumps.signs.insert((self.site.input, folder.clone()));
                }
                let (text, bytes) = self.reader.beginning(rest)?;
                unfinished.member.bytes = bytes;
                let text = String::from_utf8_lossy(&text[..text.len().min(MAX_TEXT)]).into_owned();
                let part = Part { fallback: true, ..self.part_of(unfinished, place) };
                dump_part::add(self.reader, self.site, part, Ok(Value::String(text)));
            }
        }
        Ok(())
    }

    /// Notes an inspection of a container, for whether it is of a dump shows only when all is read.
    fn note_inspection(&mut self, place: &Place, path: &str) {
        let (Owner::Folder(folder), Some(DumpForm::Inspections)) = (&place.owner, place.kind.dump_form()) else {
            return;
        };
        let at = (self.site.input, folder.clone());
        let of_dump = |name: &str| name.contains("docker-support-");
        if of_dump(self.site.name) || of_dump(path) || path.split(['/', '!']).any(|part| part == "dsinfo") {
            self.reader.dumps.signs.insert(at.clone());
        }
        self.reader.dumps.inspections.insert(self.number, at);
    }

    /// Reads a file of one kind, in whichever form the dump writes it.
    fn facts(&mut self, place: Place, unfinished: &mut Unfinished<O::Tally>, rest: Rest<'_>) -> Result<(), ReadError> {
        let form = place.kind.dump_form();
        let is_inspected_proxy = || unfinished.member.path.rsplit('/').next().is_some_and(is_proxy);
        match form {
            Some(DumpForm::InstanceId) => self.instance_id(place, unfinished, rest),
            Some(DumpForm::Configuration) => self.value(place, unfinished, rest),
            Some(DumpForm::Inspections) if is_inspected_proxy() => {
                let value = self.read_value(unfinished, rest)?;
                self.version(unfinished, "", &value, false);
                let part = self.part_of(unfinished, place);
                dump_part::add(self.reader, self.site, part, Ok(value));
                Ok(())
            }
            _ => {
                let mut bytes = rest.first.iter().copied().filter(|byte| !byte.is_ascii_whitespace());
                let is_json =
                    matches!((bytes.next(), bytes.next()), (Some(b'{'), Some(_)) | (Some(b'['), Some(b'{' | b']')));
                if is_json || self.reader.plan.id(&place.kind).is_none() {
                    self.list(&place, unfinished, rest)
                } else {
                    self.value(place, unfinished, rest)
                }
            }
        }
    }

    /// Reads the file that is the id of the cluster.
    fn instance_id(
        &mut self,
        place: Place,
        unfinished: &mut Unfinished<O::Tally>,
        rest: Rest<'_>,
    ) -> Result<(), ReadError> {
        let text = self.reader.whole(rest)?;
        unfinished.member.bytes = text.len() as u64;
        let id = String::from_utf8_lossy(&text).trim().to_owned();
        let is_id = |id: &str| id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if !id.is_empty() && id.len() <= LONGEST_ID && is_id(&id) {
            let part = self.part_of(unfinished, place);
            dump_part::add(self.reader, self.site, part, Ok(serde_json::json!({ "id": id })));
        }
        Ok(())
    }

    /// Reads a file that is a list, or an object, of one kind.
    fn list(&mut self, place: &Place, unfinished: &mut Unfinished<O::Tally>, rest: Rest<'_>) -> Result<(), ReadError> {
        unfinished.member.nature = nature(&place.kind);
        unfinished.member.place = Some(place.clone());
        let wanted = self.reader.plan.id(&place.kind);
        unfinished.member.bytes = match wanted {
            Some(id) if layout::refusal(&rest.first, rest.ended).is_none() => {
                let sink = sink_of(self.reader, id, unfinished, &place.owner, self.number);
                placed::into_sink(self.reader, sink, (unfinished, place), rest)?
            }
            _ => placed::read(self.reader, unfinished, rest)?,
        };
        Ok(())
    }

    /// Reads a file that is one value.
    fn value(&mut self, place: Place, unfinished: &mut Unfinished<O::Tally>, rest: Rest<'_>) -> Result<(), ReadError> {
        let value = self.read_value(unfinished, rest)?;
        let part = self.part_of(unfinished, place);
        dump_part::add(self.reader, self.site, part, Ok(value));
        Ok(())
    }

    /// The value that a file is: JSON, or else its text.
    fn read_value(&mut self, unfinished: &mut Unfinished<O::Tally>, rest: Rest<'_>) -> Result<Value, ReadError> {
        let text = self.reader.whole(rest)?;
        unfinished.member.bytes = text.len() as u64;
        unfinished.hash = Hash::Nth(self.reader.feeder.last());
        Ok(serde_json::from_slice(&text).unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&text).into())))
    }

    /// Adds the version that the inspection of a proxy names.
    fn version(&mut self, unfinished: &Unfinished<O::Tally>, at: &str, value: &Value, fallback: bool) {
        let Ok(containers) = loose::objects(value.clone()) else { return };
        let [container] = containers.as_slice() else { return };
        let Some((below, version)) = version_of(container) else { return };
        let Some(kind) = Kind::named("mke.version") else { return };
        // In lines of text there is no pointer to a value.
        let at = match value {
            Value::Object(_) => format!("{at}{below}"),
            Value::Array(list) if list.iter().all(Value::is_object) => format!("{at}/0{below}"),
            _ => at.to_owned(),
        };
        let part = Part { at, fallback, ..self.part_of(unfinished, Place { kind, owner: Owner::Cluster }) };
        dump_part::add(self.reader, self.site, part, Ok(serde_json::json!({ "Version": format!("ucp/{version}") })));
    }

    /// Reads a report: its sections become members.
    fn report(
        &mut self,
        folder: &str,
        root: bool,
        unfinished: &mut Unfinished<O::Tally>,
        rest: Rest<'_>,
    ) -> Result<(), ReadError> {
        let limit = usize::try_from(self.reader.bounds.max_object_bytes).unwrap_or(usize::MAX);
        let mut hashing = Hashing::new(rest, self.reader.pool);
        let mut show = |found: Found| {
            if found.place.kind.dump_form() == Some(DumpForm::Inspections)
                && let Ok(value) = &found.value
                && found.at.rsplit("~1").next().is_some_and(is_proxy)
            {
                self.version(unfinished, &found.at, value, true);
            }
            let part = Part { at: found.at, fallback: found.fallback, ..self.part_of(unfinished, found.place) };
            dump_part::add(self.reader, self.site, part, found.value.map_err(PartError::NotJson));
        };
        match walk(&mut hashing, limit, &mut Sections { folder, root, show: &mut show }) {
            Ok(()) => {}
            Err(WalkError::Io(error)) => return Err(error.into()),
            Err(error @ WalkError::Cut) => unfinished.growing.problem(0, State::Truncated(error.to_string())),
            Err(error) => unfinished.growing.problem(0, State::Unreadable(error.to_string())),
        }
        let (digest, bytes) = hashing.finish()?;
        unfinished.hash = Hash::Known(digest);
        unfinished.member.bytes = bytes;
        Ok(())
    }

    /// A part of the file, with what differs left to be set.
    fn part_of<'p>(&self, unfinished: &'p Unfinished<O::Tally>, place: Place) -> Part<'p> {
        Part { file: self.number, path: &unfinished.member.path, at: String::new(), place, fallback: false }
    }
}

/// Whether a file is the inspection of the proxy that MKE runs on every node.
fn is_proxy(file: &str) -> bool {
    file.starts_with("ucp-proxy")
}

/// The version of MKE that a container of its agent names, and where.
fn version_of(container: &Value) -> Option<(&'static str, String)> {
    let config = container.get("Config")?;
    let image = config.get("Image")?.as_str()?;
    let name = image.rsplit('/').next()?;
    if !name.starts_with("ucp-agent") {
        return None;
    }
    let label = config.get("Labels").and_then(|labels| labels.get("com.docker.ucp.version")).and_then(Value::as_str);
    let variable = config.get("Env").and_then(Value::as_array).and_then(|list| {
        list.iter().filter_map(Value::as_str).find_map(|variable| variable.strip_prefix("IMAGE_VERSION="))
    });
    let tag = name.split_once(':').map(|(_, tag)| tag);
    let found = [("/Config/Labels", label), ("/Config/Env", variable), ("/Config/Image", tag)];
    let is_version = |text: &str| {
        let parts: Vec<&str> = text.split(['.', '-', '+']).collect();
        parts.len() >= 3 && text.len() < 40 && parts[..3].iter().all(|part| part.parse::<u32>().is_ok())
    };
    found.into_iter().find_map(|(at, version)| Some((at, version.filter(|version| is_version(version))?.to_owned())))
}

/// A place whose folder is named with the archive in which it lies.
fn full_place(site: &Site<'_>, place: Place) -> Place {
    match place.owner {
        Owner::Folder(folder) => Place { kind: place.kind, owner: Owner::Folder(site.full(&folder)) },
        _ => place,
    }
}
