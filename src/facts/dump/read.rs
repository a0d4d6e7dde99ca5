//! Reads the files of a support dump.

use serde_json::Value;

use crate::archive::{Flow, MemberMeta};
use crate::facts::dump::loose;
use crate::facts::dump::part::{Part, nature};
use crate::facts::dump::report::{Found, Sections};
use crate::facts::dump::walk::{WalkError, walk};
use crate::facts::member::{Failure, State};
use crate::facts::nested::Hashing;
use crate::facts::reader::{Hash, Reader, Rest, Site, Unfinished};
use crate::facts::stream::{Observer, ReadError};
use crate::layout;
use crate::layout::{DumpFile, DumpForm, Kind, Owner, Place};

/// Largest text report of a node of which the beginning is read.
const MAX_TEXT: usize = 4 << 20;

impl<'s, O: Observer> Reader<'_, 's, O>
where
    O::Tally: 's,
{
    /// Whether a file is not read, or later: what nobody wants is not decoded, and the report of a
    /// whole dump comes after the files that it repeats.
    pub(crate) fn passed_over(&mut self, site: &Site<'_>, meta: &MemberMeta, file: &DumpFile) -> Option<Flow> {
        if !meta.lazy {
            return None;
        }
        match file {
            DumpFile::Ignored => Some(Flow::Continue),
            DumpFile::Report { folder, root: true } if !meta.again => {
                self.dump.reports.insert((site.input, full(site, folder)));
                Some(Flow::Later)
            }
            DumpFile::Report { folder, root: true } if self.repeats(site, folder) => Some(Flow::Continue),
            _ => None,
        }
    }

    /// Whether the reports of nodes are there for themselves, below a folder with a report.
    fn repeats(&self, site: &Site<'_>, folder: &str) -> bool {
        let folder = full(site, folder);
        self.dump.reports.iter().any(|(input, other)| {
            *input == site.input
                && match other.strip_prefix(&folder) {
                    Some(rest) if folder.is_empty() || folder.ends_with('!') => !rest.is_empty(),
                    Some(rest) => rest.starts_with('/'),
                    None => false,
                }
        })
    }

    /// Reads a file of a dump.
    pub(crate) fn dump_file(
        &mut self,
        site: &Site<'_>,
        number: usize,
        file: DumpFile,
        member: &mut Unfinished<O::Tally>,
        rest: Rest<'_>,
    ) -> Result<(), ReadError> {
        let folder =
            member.path.rsplit_once('/').map_or_else(|| site.prefix.to_owned(), |(folder, _)| folder.to_owned());
        match file {
            DumpFile::Ignored => member.bytes = self.pass(rest)?,
            DumpFile::Failure { node, .. } => {
                self.dump.failures.push(Failure { input: site.input, path: member.path.clone(), node });
                member.bytes = self.pass(rest)?;
            }
            DumpFile::Facts(place) if place.kind.dump_form() == Some(DumpForm::InstanceId) => {
                self.dump.dumps.insert((site.input, folder));
                self.instance_id(site, number, place, member, rest)?;
            }
            DumpFile::Facts(place) => {
                if place.owner == Owner::Cluster {
                    self.dump.dumps.insert((site.input, folder));
                }
                let place = full_place(site, place);
                let form = place.kind.dump_form();
                if form == Some(DumpForm::Inspections) && member.path.rsplit('/').next().is_some_and(is_proxy) {
                    return self.proxy(site, number, place, member, rest);
                }
                // JSON as it is read as a stream; the other shapes are small, and put together first.
                let begins: Vec<u8> =
                    rest.first.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).take(2).collect();
                let is_json = matches!(begins.as_slice(), [b'{', _] | [b'[', b'{' | b']']);
                if form != Some(DumpForm::Configuration) && (is_json || self.plan.id(&place.kind).is_none()) {
                    self.listed(number, &place, member, rest)?;
                } else {
                    self.whole_part(site, number, place, member, rest)?;
                }
            }
            DumpFile::Report { folder, root } => {
                self.dump.reports.insert((site.input, full(site, &folder)));
                if root && self.repeats(site, &folder) {
                    member.bytes = self.pass(rest)?;
                } else {
                    self.report(site, number, &full(site, &folder), root, member, rest)?;
                }
            }
            DumpFile::Text(place) => {
                let (text, bytes) = self.beginning(rest)?;
                member.bytes = bytes;
                let text = String::from_utf8_lossy(&text[..text.len().min(MAX_TEXT)]).into_owned();
                let mut part = part_of(number, member, full_place(site, place));
                part.spare = true;
                self.part(site, part, Value::String(text));
            }
        }
        Ok(())
    }

    /// Reads the file that is the id of the cluster.
    fn instance_id(
        &mut self,
        site: &Site<'_>,
        number: usize,
        place: Place,
        member: &mut Unfinished<O::Tally>,
        rest: Rest<'_>,
    ) -> Result<(), ReadError> {
        let text = self.whole(rest)?;
        member.bytes = text.len() as u64;
        let id = String::from_utf8_lossy(&text).trim().to_owned();
        let is_id = |id: &str| id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if !id.is_empty() && id.len() <= 100 && is_id(&id) {
            let part = part_of(number, member, place);
            self.part(site, part, serde_json::json!({ "id": id }));
        }
        Ok(())
    }

    /// Reads a file that is a list, or an object, of one kind.
    fn listed(
        &mut self,
        number: usize,
        place: &Place,
        member: &mut Unfinished<O::Tally>,
        rest: Rest<'_>,
    ) -> Result<(), ReadError> {
        member.nature = nature(&place.kind);
        member.place = Some(place.clone());
        let wanted = self.plan.id(&place.kind);
        member.bytes = match wanted {
            Some(id) if layout::refusal(&rest.first, rest.ended).is_none() => {
                let sink = self.sink_of(id, member, &place.owner, number);
                self.read_into(sink, member, place, rest)?
            }
            _ => self.placed(member, rest)?,
        };
        Ok(())
    }

    /// Reads the inspection of MKE's proxy: a container, and the version that the node runs.
    fn proxy(
        &mut self,
        site: &Site<'_>,
        number: usize,
        place: Place,
        member: &mut Unfinished<O::Tally>,
        rest: Rest<'_>,
    ) -> Result<(), ReadError> {
        let value = self.value(member, rest)?;
        self.version(site, number, member, "", &value, false);
        let part = part_of(number, member, place);
        self.part(site, part, value);
        Ok(())
    }

    /// Adds the version that the inspection of a proxy names.
    fn version(
        &mut self,
        site: &Site<'_>,
        number: usize,
        member: &Unfinished<O::Tally>,
        at: &str,
        value: &Value,
        spare: bool,
    ) {
        let Ok(containers) = loose::objects(value.clone()) else { return };
        let [container] = containers.as_slice() else { return };
        let Some((below, version)) = version_of(container) else { return };
        let Some(kind) = Kind::named("mke.version") else { return };
        let mut part = part_of(number, member, Place { kind, owner: Owner::Cluster });
        part.spare = spare;
        // In lines of text there is no pointer to a value.
        part.at = match value {
            Value::Object(_) => format!("{at}{below}"),
            Value::Array(list) if list.iter().all(Value::is_object) => format!("{at}/0{below}"),
            _ => at.to_owned(),
        };
        self.part(site, part, serde_json::json!({ "Version": format!("ucp/{version}") }));
    }

    /// The value that a file is: JSON, or else its text.
    fn value(&mut self, member: &mut Unfinished<O::Tally>, rest: Rest<'_>) -> Result<Value, ReadError> {
        let text = self.whole(rest)?;
        member.bytes = text.len() as u64;
        member.hash = Hash::Nth(self.feeder.last());
        Ok(serde_json::from_slice(&text).unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&text).into())))
    }

    /// Reads a file that is one value.
    fn whole_part(
        &mut self,
        site: &Site<'_>,
        number: usize,
        place: Place,
        member: &mut Unfinished<O::Tally>,
        rest: Rest<'_>,
    ) -> Result<(), ReadError> {
        let value = self.value(member, rest)?;
        let part = part_of(number, member, place);
        self.part(site, part, value);
        Ok(())
    }

    /// Reads a report: its sections become members.
    fn report(
        &mut self,
        site: &Site<'_>,
        number: usize,
        folder: &str,
        root: bool,
        member: &mut Unfinished<O::Tally>,
        rest: Rest<'_>,
    ) -> Result<(), ReadError> {
        let limit = usize::try_from(self.bounds.max_object_bytes).unwrap_or(usize::MAX);
        let pool = self.pool;
        let mut reader = Hashing::new(rest, pool);
        let mut show = |found: Found| {
            if found.kind.dump_form() == Some(DumpForm::Inspections)
                && let Ok(value) = &found.value
                && found.at.rsplit("~1").next().is_some_and(is_proxy)
            {
                self.version(site, number, member, &found.at, value, true);
            }
            let place = Place { kind: found.kind, owner: found.owner };
            let part = Part { at: found.at, spare: found.spare, ..part_of(number, member, place) };
            // A section that cannot be parsed is told by the facts that it does not give.
            self.part(site, part, found.value.unwrap_or_else(Value::String));
        };
        match walk(&mut reader, limit, &mut Sections { folder, root, show: &mut show }) {
            Ok(()) => {}
            Err(WalkError::Io(error)) => return Err(error.into()),
            Err(error @ WalkError::Cut) => member.growing.problem(0, State::Truncated(error.to_string())),
            Err(error) => member.growing.problem(0, State::Unreadable(error.to_string())),
        }
        let (digest, bytes) = reader.finish()?;
        member.hash = Hash::Known(digest);
        member.bytes = bytes;
        Ok(())
    }
}

/// A part of a file, with what differs left to be set.
fn part_of<T>(file: usize, member: &Unfinished<T>, place: Place) -> Part<'_> {
    Part { file, path: &member.path, at: String::new(), place, spare: false }
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
        Owner::Folder(folder) => Place { kind: place.kind, owner: Owner::Folder(full(site, &folder)) },
        _ => place,
    }
}

/// A folder with the archive in which it lies.
fn full(site: &Site<'_>, folder: &str) -> String {
    format!("{}{folder}", site.prefix)
}
