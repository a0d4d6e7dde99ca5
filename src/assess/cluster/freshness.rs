//! When sources were taken, and which of two that tell the same decides: the newer.
//!
//! A snapshot states its time in the manifest. A support dump does not: the clock of the node's
//! engine in it comes first, then the latest clock in the same archive, then the time in the dump's
//! name. Only a source that holds all of its kind takes the place of an older one, since of a part
//! nobody knows what it leaves out; without a time on both sides, both decide.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use crate::assess::cluster::delivery::Delivery;
use crate::assess::cluster::source::{EvidenceSource, Standing, Taken, engines};
use crate::assess::observe::tally::Tally;
use crate::facts::{Member, Nature, Origin, Reading};
use crate::layout::Owner;
use crate::model::date::Timestamp;

/// Dates the sources and marks those that newer ones supersede.
pub(crate) fn order(read: &Reading<Tally>, inputs: &[String], sources: &mut [EvidenceSource]) {
    let clocks = Clocks::of(read, inputs);
    for source in sources.iter_mut() {
        source.taken = clocks.taken(source, &read.members[source.member]);
    }
    supersede(read, sources);
}

/// What tells when members were taken.
struct Clocks<'r> {
    read: &'r Reading<Tally>,
    inputs: &'r [String],
    /// By input and folder, the latest clock of an engine.
    folders: BTreeMap<(usize, &'r str), Taken>,
    /// The same by archive.
    archives: BTreeMap<(usize, &'r str), Taken>,
    /// By input and folder, the start that a manifest states.
    manifests: Vec<(usize, &'r str, Taken)>,
}

impl<'r> Clocks<'r> {
    fn of(read: &'r Reading<Tally>, inputs: &'r [String]) -> Self {
        let mut clocks =
            Self { read, inputs, folders: BTreeMap::new(), archives: BTreeMap::new(), manifests: Vec::new() };
        for member in &read.members {
            let Some(folder) = read.folder(member) else { continue };
            for taken in engines(member).filter_map(|engine| Taken::parse(engine.time.as_deref()?)) {
                latest(clocks.folders.entry(folder), &taken);
                latest(clocks.archives.entry((member.input, archive(&member.path))), &taken);
            }
        }
        let stated = read.manifests.iter().filter_map(|found| {
            let header = &found.manifest.as_ref().ok()?.header;
            Some((found.input, found.top.as_str(), Taken::parse(&header.started)?))
        });
        clocks.manifests.extend(stated);
        clocks
    }

    fn taken(&self, source: &EvidenceSource, member: &Member<Tally>) -> Option<Taken> {
        let claimed = || {
            let of = |(input, top, _): &&(usize, &str, Taken)| *input == member.input && member.path.starts_with(top);
            self.manifests.iter().filter(of).max_by_key(|(_, top, _)| top.len()).map(|(_, _, taken)| taken.clone())
        };
        let engine = || self.folders.get(&self.read.folder(member)?).cloned();
        if source.origin != Origin::SupportDump {
            return claimed().or_else(engine);
        }
        let named = || stamp(&member.path).or_else(|| stamp(self.inputs.get(member.input).map_or("", String::as_str)));
        let in_archive = || self.archives.get(&(member.input, archive(&member.path))).cloned();
        engine().or_else(in_archive).or_else(named).or_else(claimed)
    }
}

fn archive(path: &str) -> &str {
    path.rsplit_once('!').map_or("", |(archive, _)| archive)
}

fn latest<K: Ord>(entry: Entry<'_, K, Taken>, taken: &Taken) {
    let latest = entry.or_insert_with(|| taken.clone());
    if *latest < *taken {
        latest.clone_from(taken);
    }
}

/// The time in a name such as `docker-support-20260303-19_51_11`, or with `-` and spaces between:
/// `docker-support-<id>-2026-03-03 19 51 11`.
fn stamp(name: &str) -> Option<Taken> {
    let after = name.rfind("docker-support-").map(|at| &name[at + "docker-support-".len()..])?;
    let stem = after.split(['/', '!']).next()?;
    let groups: Vec<&str> = stem.split(|c: char| !c.is_ascii_digit()).filter(|group| !group.is_empty()).collect();
    let joined = |at: usize| {
        let date: Vec<&str> = match groups.get(at..)? {
            [date, hour, minute, second, ..] if date.len() == 8 => {
                vec![date.get(..4)?, date.get(4..6)?, date.get(6..8)?, hour, minute, second]
            }
            [year, month, day, hour, minute, second, ..] if year.len() == 4 => {
                vec![year, month, day, hour, minute, second]
            }
            _ => return None,
        };
        let [year, month, day, hour, minute, second] = date.as_slice() else { return None };
        Taken::parse(&format!("{year}-{month:0>2}-{day:0>2}T{hour:0>2}:{minute:0>2}:{second:0>2}Z"))
    };
    (0..groups.len()).find_map(joined)
}

/// Marks the sources in whose place a newer one tells all.
fn supersede(read: &Reading<Tally>, sources: &mut [EvidenceSource]) {
    let mut newest: BTreeMap<(&str, Option<String>), (Timestamp, usize)> = BTreeMap::new();
    for (number, source) in sources.iter().enumerate() {
        let (Some(kind), Some(taken)) = (source.kind(read), &source.taken) else { continue };
        let member = &read.members[source.member];
        // A node's proxy tells the version that runs there: nodes that differ are all of them true.
        let of_one_node = kind == "mke.version" && !member.at.is_empty();
        let whole = member.nature == Nature::Whole && source.delivery == Delivery::Read && !of_one_node;
        if whole && (source.node.is_some() || source.owner == Owner::Cluster) {
            let newest = newest.entry((kind, source.node.clone())).or_insert((taken.at, number));
            if newest.0 < taken.at {
                *newest = (taken.at, number);
            }
        }
    }
    for source in sources.iter_mut() {
        let (Some(kind), Some(taken)) = (source.kind(read), &source.taken) else { continue };
        if let Some((_, by)) = newest.get(&(kind, source.node.clone())).filter(|(at, _)| *at > taken.at) {
            source.standing = Standing::Superseded { by: *by };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_dumps_tell_their_time() {
        let told = |name: &str| stamp(name).map(|taken| taken.text);
        let wanted = Some("2026-03-03T19:51:11Z".to_owned());
        assert_eq!(told("docker-support-20260303-19_51_11/ucp-nodes.txt"), wanted);
        assert_eq!(told("docker-support-k7w2liv4prjytrze4vqqshn3b-2026-03-03 19 51 11.zip"), wanted);
        assert_eq!(told("docker-support-wrk-1-20260303-19_51_11.tgz!dsinfo/dsinfo.json"), wanted);
        assert_eq!(told("docker-support-x.zip"), None);
        assert_eq!(told("docker-support-20261399-99_51_11.zip"), None);
    }
}
