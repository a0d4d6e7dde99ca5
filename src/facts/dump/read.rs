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
use crate::layout::{Owner, Piece, Place};

/// Largest text report of a node of which the beginning is read.
const MAX_TEXT: usize = 4 << 20;

impl<'s, O: Observer> Reader<'_, 's, O>
where
    O::Tally: 's,
{
    /// Whether a file is not read, or later: what nobody wants is not decoded, and the report of a
    /// whole dump comes after the files that it repeats.
    pub(crate) fn passed_over(&mut self, site: &Site<'_>, meta: &MemberMeta, piece: &Piece) -> Option<Flow> {
        if !meta.lazy {
            return None;
        }
        match piece {
            Piece::Ignored => Some(Flow::Continue),
            Piece::Report { folder, root: true } if !meta.again => {
                self.dump.reports.insert((site.input, full(site, folder)));
                Some(Flow::Later)
            }
            Piece::Report { folder, root: true } if self.repeats(site, folder) => Some(Flow::Continue),
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
    pub(crate) fn piece(
        &mut self,
        site: &Site<'_>,
        number: usize,
        piece: Piece,
        member: &mut Unfinished<O::Tally>,
        rest: Rest<'_>,
    ) -> Result<(), ReadError> {
        let folder =
            member.path.rsplit_once('/').map_or_else(|| site.prefix.to_owned(), |(folder, _)| folder.to_owned());
        match piece {
            Piece::Ignored => member.bytes = self.pass(rest)?,
            Piece::Failure { node, .. } => {
                self.dump.failures.push(Failure { input: site.input, path: member.path.clone(), node });
                member.bytes = self.pass(rest)?;
            }
            Piece::Facts(place) => {
                if place.owner == Owner::Cluster {
                    self.dump.dumps.insert((site.input, folder));
                }
                let owner = match place.owner {
                    Owner::Folder(folder) => Owner::Folder(full(site, &folder)),
                    owner => owner,
                };
                let place = Place { kind: place.kind, owner };
                if place.kind.name() == "docker.container" && member.path.rsplit('/').next().is_some_and(is_proxy) {
                    self.proxy(site, number, place.owner, member, rest)?;
                    return Ok(());
                }
                // JSON as it is read as a stream; the other shapes are small, and put together first.
                let begins: Vec<u8> =
                    rest.first.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).take(2).collect();
                if matches!(begins.as_slice(), [b'{', _] | [b'[', b'{' | b']']) || self.plan.id(&place.kind).is_none() {
                    self.listed(number, &place, member, rest)?;
                } else {
                    self.whole_part(site, number, place.kind.name(), place.owner, member, rest)?;
                }
            }
            Piece::Configuration => {
                self.dump.dumps.insert((site.input, folder));
                self.whole_part(site, number, "mke.config", Owner::Cluster, member, rest)?;
            }
            Piece::InstanceId => {
                self.dump.dumps.insert((site.input, folder));
                let text = self.whole(rest)?;
                member.bytes = text.len() as u64;
                let id = String::from_utf8_lossy(&text).trim().to_owned();
                if !id.is_empty()
                    && id.len() <= 100
                    && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
                {
                    let value = serde_json::json!({ "id": id });
                    let part = part_of(number, member, "mke.instance", Owner::Cluster);
                    self.part(site, part, value);
                }
            }
            Piece::Report { folder, root } => {
                self.dump.reports.insert((site.input, full(site, &folder)));
                if root && self.repeats(site, &folder) {
                    member.bytes = self.pass(rest)?;
                } else {
                    self.report(site, number, &full(site, &folder), root, member, rest)?;
                }
            }
            Piece::Text { folder } => {
                let (text, bytes) = self.beginning(rest)?;
                member.bytes = bytes;
                let text = String::from_utf8_lossy(&text[..text.len().min(MAX_TEXT)]).into_owned();
                let owner = Owner::Folder(full(site, &folder));
                let mut part = part_of(number, member, "docker.info", owner);
                part.spare = true;
                self.part(site, part, Value::String(text));
            }
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
        owner: Owner,
        member: &mut Unfinished<O::Tally>,
        rest: Rest<'_>,
    ) -> Result<(), ReadError> {
        let value = self.value(member, rest)?;
        self.version(site, number, member, "", &value, false);
        let part = part_of(number, member, "docker.container", owner);
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
        let mut part = part_of(number, member, "mke.version", Owner::Cluster);
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
        kind: &str,
        owner: Owner,
        member: &mut Unfinished<O::Tally>,
        rest: Rest<'_>,
    ) -> Result<(), ReadError> {
        let value = self.value(member, rest)?;
        let part = part_of(number, member, kind, owner);
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
            if found.kind == "docker.container"
                && let Ok(value) = &found.value
                && found.at.rsplit("~1").next().is_some_and(is_proxy)
            {
                self.version(site, number, member, &found.at, value, true);
            }
            let Part { path, file, .. } = part_of(number, member, "", Owner::Cluster);
            let part = Part { file, path, at: found.at, kind: found.kind, owner: found.owner, spare: found.spare };
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
fn part_of<'p, T>(file: usize, member: &'p Unfinished<T>, kind: &'p str, owner: Owner) -> Part<'p> {
    Part { file, path: &member.path, at: String::new(), kind, owner, spare: false }
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

/// A folder with the archive in which it lies.
fn full(site: &Site<'_>, folder: &str) -> String {
    format!("{}{folder}", site.prefix)
}
