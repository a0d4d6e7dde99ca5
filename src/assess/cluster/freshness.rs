//! When sources were taken, and which of two that tell the same decides: the newer.

use std::collections::BTreeMap;

use crate::assess::cluster::sources::{Delivery, Source, engines};
use crate::assess::observe::tally::Tally;
use crate::facts::{Nature, Reading};
use crate::layout::Owner;
use crate::model::date::Timestamp;

type Time = (Timestamp, String);

/// Dates the sources: by the manifest that speaks of them, by the clock of their node's engine, by
/// the name that a dump was given, or by the latest clock in the same dump.
pub(crate) fn date(reading: &Reading<Tally>, inputs: &[String], sources: &mut [Source]) {
    let mut folders: BTreeMap<(usize, &str), Time> = BTreeMap::new();
    let mut archives: BTreeMap<(usize, &str), Time> = BTreeMap::new();
    for member in &reading.members {
        let Some(Owner::Folder(folder)) = member.place.as_ref().map(|place| &place.owner) else { continue };
        for time in engines(member).filter_map(|engine| parsed(engine.time.as_deref()?)) {
            latest(folders.entry((member.input, folder)), &time);
            latest(archives.entry((member.input, archive(&member.path))), &time);
        }
    }
    let manifests: Vec<(usize, &str, Time)> = reading
        .manifests
        .iter()
        .filter_map(|found| {
            let header = &found.manifest.as_ref().ok()?.header;
            Some((found.input, found.top.as_str(), parsed(&header.started)?))
        })
        .collect();
    for source in sources {
        let member = &reading.members[source.member];
        let claimed = || {
            let of = |(input, top, _): &&(usize, &str, Time)| *input == member.input && member.path.starts_with(top);
            manifests.iter().filter(of).max_by_key(|(_, top, _)| top.len()).map(|(_, _, time)| time.clone())
        };
        let engine = || match &source.owner {
            Owner::Folder(folder) => folders.get(&(member.input, folder)).cloned(),
            _ => None,
        };
        source.time = if source.dump {
            let named = || stamp(&member.path).or_else(|| stamp(inputs.get(member.input).map_or("", String::as_str)));
            let in_archive = || archives.get(&(member.input, archive(&member.path))).cloned();
            engine().or_else(in_archive).or_else(named).or_else(claimed)
        } else {
            claimed().or_else(engine)
        };
    }
}

fn archive(path: &str) -> &str {
    path.rsplit_once('!').map_or("", |(archive, _)| archive)
}

fn parsed(text: &str) -> Option<Time> {
    Some((Timestamp::parse(text)?, text.to_owned()))
}

fn latest<K: Ord>(entry: std::collections::btree_map::Entry<'_, K, Time>, time: &Time) {
    let known = entry.or_insert_with(|| time.clone());
    if *known < *time {
        known.clone_from(time);
    }
}

/// The time in a name such as `docker-support-20260303-19_51_11`, or with `-` and spaces between:
/// `docker-support-<id>-2026-03-03 19 51 11`.
fn stamp(name: &str) -> Option<Time> {
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
        parsed(&format!("{year}-{month:0>2}-{day:0>2}T{hour:0>2}:{minute:0>2}:{second:0>2}Z"))
    };
    (0..groups.len()).find_map(joined)
}

/// Marks the sources in whose place a newer one tells all.
pub(crate) fn supersede(reading: &Reading<Tally>, sources: &mut [Source]) {
    let kind = |source: &Source| reading.members[source.member].place.as_ref().map(|place| place.kind.name());
    let mut newest: BTreeMap<(&str, Option<String>), (Timestamp, usize)> = BTreeMap::new();
    for (number, source) in sources.iter().enumerate() {
        let member = &reading.members[source.member];
        // A node's proxy tells the version that runs there: nodes that differ are all of them true.
        let of_one_node = kind(source) == Some("mke.version") && !member.at.is_empty();
        let whole = member.nature == Nature::Whole && source.delivery == Delivery::Read && !of_one_node;
        if let (true, true, Some((time, _)), Some(kind)) = (whole, source.trusted, &source.time, kind(source))
            && (source.node.is_some() || source.owner == Owner::Cluster)
        {
            let known = newest.entry((kind, source.node.clone())).or_insert((*time, number));
            if known.0 < *time {
                *known = (*time, number);
            }
        }
    }
    for source in sources.iter_mut() {
        let (Some((time, _)), Some(kind)) = (&source.time, kind(source)) else { continue };
        let found = newest.get(&(kind, source.node.clone())).filter(|(newer, _)| newer > time);
        source.newer = found.map(|(_, other)| *other);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_dumps_tell_their_time() {
        let told = |name: &str| stamp(name).map(|(_, text)| text);
        let wanted = Some("2026-03-03T19:51:11Z".to_owned());
        assert_eq!(told("docker-support-20260303-19_51_11/ucp-nodes.txt"), wanted);
        assert_eq!(told("docker-support-k7w2liv4prjytrze4vqqshn3b-2026-03-03 19 51 11.zip"), wanted);
        assert_eq!(told("docker-support-wrk-1-20260303-19_51_11.tgz!dsinfo/dsinfo.json"), wanted);
        assert_eq!(told("docker-support-x.zip"), None);
        assert_eq!(told("docker-support-20261399-99_51_11.zip"), None);
    }
}
