//! The members that are evidence, each with its node and how far it can be trusted.

use std::collections::{BTreeMap, BTreeSet};

use super::tally::{EngineInfo, Tally};
use crate::evidence::{Integrity, MemberCheck};
use crate::facts::{Member, Reading, State};
use crate::layout::{Owner, Placement, place};

/// How far the facts of a kind were delivered, best first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Delivery {
    /// All of them.
    Read,
    /// Only the beginning.
    Truncated(String),
    /// Access was refused.
    Forbidden(String),
    /// Not in the snapshot.
    Missing(String),
    /// Damaged, or not what the manifest says: nothing else makes up for it.
    Unreadable(String),
}

/// A member as evidence.
#[derive(Debug)]
pub(super) struct Source {
    /// `input!path`.
    pub(super) name: String,
    /// Number of the member.
    pub(super) member: usize,
    /// Its node, where it has one.
    pub(super) node: Option<String>,
    pub(super) owner: Owner,
    pub(super) delivery: Delivery,
    /// Whether it is what the manifest says, as far as a manifest speaks of it.
    pub(super) trusted: bool,
    /// Whether its content told what it is, and not the snapshot format.
    pub(super) lone: bool,
}

/// The name of a member in evidence.
pub(super) fn member_name(inputs: &[String], input: usize, path: &str) -> String {
    let input = inputs.get(input).map_or("", String::as_str);
    if path.is_empty() || path == input { input.to_owned() } else { format!("{input}!{path}") }
}

/// The sources, in the order of the members.
pub(super) fn sources(reading: &Reading<Tally>, integrity: &Integrity, inputs: &[String]) -> Vec<Source> {
    let folders = nodes_of_folders(reading);
    reading
        .members
        .iter()
        .enumerate()
        .filter_map(|(number, member)| {
            let place_of = member.place.as_ref()?;
            let node = match &place_of.owner {
                Owner::Cluster => None,
                Owner::Node(name) => Some(name.clone()),
                Owner::Folder(folder) if place_of.kind.name() == "docker.info" => {
                    one_engine(member).or_else(|| folder_node(&folders, member.input, folder))
                }
                Owner::Folder(folder) => folder_node(&folders, member.input, folder),
            };
            let stranger = match &place_of.owner {
                Owner::Node(name) => engines(member)
                    .map(|engine| &engine.name)
                    .find(|other| !other.is_empty() && !same_host(name, other)),
                _ => None,
            };
            Some(Source {
                name: member_name(inputs, member.input, &member.path),
                member: number,
                node,
                owner: place_of.owner.clone(),
                delivery: match stranger {
                    Some(other) => Delivery::Unreadable(format!("`docker info` says that it is of {other}")),
                    None => delivery(member, &integrity.members[number], integrity),
                },
                trusted: !matches!(integrity.members[number], MemberCheck::Broken(_)) && stranger.is_none(),
                lone: place(&member.path) == Placement::Unknown,
            })
        })
        .collect()
}

fn delivery(member: &Member<Tally>, check: &MemberCheck, integrity: &Integrity) -> Delivery {
    match (check, &member.state) {
        (MemberCheck::Broken(why), _) => Delivery::Unreadable(why.clone()),
        (_, State::Unreadable(why)) => Delivery::Unreadable(why.clone()),
        (_, State::Forbidden(why)) => Delivery::Forbidden(why.clone()),
        (MemberCheck::Truncated(why), _) | (_, State::Truncated(why)) => Delivery::Truncated(why.clone()),
        _ if integrity.cut => Delivery::Truncated("the snapshot is not whole".to_owned()),
        _ => Delivery::Read,
    }
}

/// Whether two host names are one: `wrk-1` is `WRK-1.example.mil` too.
fn same_host(a: &str, b: &str) -> bool {
    let short = |name: &str| name.split('.').next().unwrap_or_default().to_ascii_lowercase();
    a.eq_ignore_ascii_case(b) || ((!a.contains('.') || !b.contains('.')) && short(a) == short(b))
}

fn engines(member: &Member<Tally>) -> impl Iterator<Item = &EngineInfo> {
    member.facts.iter().flat_map(|facts| &facts.tally.probe.engines)
}

fn one_engine(member: &Member<Tally>) -> Option<String> {
    let mut names = engines(member).map(|engine| &engine.name).filter(|name| !name.is_empty());
    let first = names.next()?;
    names.all(|name| name == first).then(|| first.clone())
}

type Folders = BTreeMap<(usize, String), BTreeSet<String>>;

/// The names that `docker info` gives in each folder; nodes that are known give theirs to folders
/// of the same name.
fn nodes_of_folders(reading: &Reading<Tally>) -> Folders {
    let mut folders: Folders = BTreeMap::new();
    let mut known = BTreeSet::new();
    for member in &reading.members {
        for facts in &member.facts {
            known.extend(facts.tally.probe.nodes.iter().map(|node| node.name.clone()));
        }
        if let Some(place) = &member.place
            && let Owner::Folder(folder) = &place.owner
        {
            let names = folders.entry((member.input, folder.clone())).or_default();
            names.extend(engines(member).map(|engine| engine.name.clone()).filter(|name| !name.is_empty()));
        }
    }
    for ((_, folder), names) in &mut folders {
        let last = folder.rsplit('/').next().unwrap_or_default();
        if names.is_empty() && known.contains(last) {
            names.insert(last.to_owned());
        }
    }
    folders
}

/// The node of a folder, if it is clear.
fn folder_node(folders: &Folders, input: usize, folder: &str) -> Option<String> {
    let names = folders.get(&(input, folder.to_owned()))?;
    if names.len() == 1 { names.first().cloned() } else { None }
}
