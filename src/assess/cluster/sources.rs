//! The members that are evidence, each with its node and how far it can be trusted.

use std::collections::{BTreeMap, BTreeSet};

use crate::assess::cluster::freshness as age;
use crate::assess::observe::tally::{EngineInfo, Tally};
use crate::evidence::{Integrity, MemberCheck};
use crate::facts::{Member, Nature, Reading, State};
use crate::layout::{Owner, piece};
use crate::model::date::Timestamp;

/// How far the facts of a kind were delivered, best first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Delivery {
    /// All of them.
    Read,
    /// Only some, as the source never holds all.
    Partial(String),
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
pub(crate) struct Source {
    /// `input!path`.
    pub(crate) name: String,
    /// Number of the member.
    pub(crate) member: usize,
    /// Its node, where it has one.
    pub(crate) node: Option<String>,
    pub(crate) owner: Owner,
    pub(crate) delivery: Delivery,
    /// Whether it is what the manifest says, as far as a manifest speaks of it.
    pub(crate) trusted: bool,
    /// Whether its content told what it is, and not the snapshot format.
    pub(crate) lone: bool,
    /// When it was taken, as far as something tells; and how that is written.
    pub(crate) time: Option<(Timestamp, String)>,
    /// The newer source that takes its place: what this one says is shown and does not decide.
    pub(crate) newer: Option<usize>,
    /// Whether it is of a support dump.
    pub(crate) dump: bool,
}

impl Source {
    /// Whether what it says counts.
    pub(crate) fn counts(&self) -> bool {
        self.trusted && self.newer.is_none()
    }
}

/// The name of a member in evidence.
pub(crate) fn member_name(inputs: &[String], input: usize, path: &str) -> String {
    let input = inputs.get(input).map_or("", String::as_str);
    if path.is_empty() || path == input { input.to_owned() } else { format!("{input}!{path}") }
}

/// The sources, in the order of the members.
pub(crate) fn sources(reading: &Reading<Tally>, integrity: &Integrity, inputs: &[String]) -> Vec<Source> {
    let folders = nodes_of_folders(reading);
    let better = told_elsewhere(reading);
    let mut sources: Vec<Source> = reading
        .members
        .iter()
        .enumerate()
        .filter(|(_, member)| !member.spare || spot(member).is_none_or(|spot| !better.contains(&spot)))
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
            let check = &integrity.members[outermost(reading, number)];
            Some(Source {
                name: member_name(inputs, member.input, &member.path),
                member: number,
                node,
                owner: place_of.owner.clone(),
                delivery: match stranger {
                    Some(other) => Delivery::Unreadable(format!("`docker info` says that it is of {other}")),
                    None => delivery(reading, number, check, integrity),
                },
                trusted: !matches!(check, MemberCheck::Broken(_)) && stranger.is_none(),
                lone: member.lone,
                time: None,
                newer: None,
                dump: piece(local(&member.path)).is_some(),
            })
        })
        .collect();
    drop_completed(reading, &mut sources);
    age::date(reading, inputs, &mut sources);
    age::supersede(reading, &mut sources);
    sources
}

/// A dump that a snapshot brings along completes it: what the snapshot tells itself is not told twice.
fn drop_completed(reading: &Reading<Tally>, sources: &mut Vec<Source>) {
    let told: BTreeSet<(usize, String, Option<String>)> = sources
        .iter()
        .filter(|source| !source.dump && !source.lone && source.trusted && source.delivery == Delivery::Read)
        .filter_map(|source| spoken(reading, source))
        .collect();
    sources.retain(|source| !source.dump || spoken(reading, source).is_none_or(|spoken| !told.contains(&spoken)));
}

fn spoken(reading: &Reading<Tally>, source: &Source) -> Option<(usize, String, Option<String>)> {
    let member = &reading.members[source.member];
    let place = member.place.as_ref()?;
    Some((member.input, place.kind.name().to_owned(), source.node.clone()))
}

/// The path within the innermost archive.
fn local(path: &str) -> &str {
    path.rsplit('!').next().unwrap_or(path)
}

/// The member that lies in no other: what a manifest can speak of.
fn outermost(reading: &Reading<Tally>, mut number: usize) -> usize {
    while let Some(outer) = reading.members[number].within {
        number = outer;
    }
    number
}

type Spot<'m> = (usize, &'m str, &'m str, &'m Owner);

/// What a member tells: the input and archive, the kind, and of whom.
fn spot(member: &Member<Tally>) -> Option<Spot<'_>> {
    let archive = member.path.rsplit_once('!').map_or("", |(archive, _)| archive);
    let place = member.place.as_ref()?;
    Some((member.input, archive, place.kind.name(), &place.owner))
}

/// What members that are not spare tell.
fn told_elsewhere(reading: &Reading<Tally>) -> BTreeSet<Spot<'_>> {
    let good = |member: &&Member<Tally>| !member.spare && member.state == State::Read;
    reading.members.iter().filter(good).filter_map(spot).collect()
}

fn delivery(reading: &Reading<Tally>, number: usize, check: &MemberCheck, integrity: &Integrity) -> Delivery {
    let member = &reading.members[number];
    if let MemberCheck::Broken(why) = check {
        return Delivery::Unreadable(why.clone());
    }
    let own = match (check, &member.state) {
        (_, State::Unreadable(why)) => Delivery::Unreadable(why.clone()),
        (_, State::Forbidden(why)) => Delivery::Forbidden(why.clone()),
        (MemberCheck::Truncated(why), _) | (_, State::Truncated(why)) => Delivery::Truncated(why.clone()),
        _ if integrity.cut => Delivery::Truncated("the snapshot is not whole".to_owned()),
        _ => match around(reading, number) {
            Some(why) => Delivery::Truncated(format!("what holds it is not whole: {why}")),
            None => Delivery::Read,
        },
    };
    match (&member.nature, own) {
        (Nature::SomeObjects(why), Delivery::Read) => Delivery::Partial((*why).to_owned()),
        // Of a list that is never whole, a damaged part takes nothing away.
        (Nature::SomeObjects(why), Delivery::Unreadable(damage) | Delivery::Truncated(damage)) => {
            Delivery::Partial(format!("{why}; and not all of them could be read ({damage})"))
        }
        (_, own) => own,
    }
}

/// Why the archive or the file around a member is not whole.
fn around(reading: &Reading<Tally>, number: usize) -> Option<String> {
    let outer = reading.members[number].within?;
    match &reading.members[outer].state {
        State::Read => around(reading, outer),
        State::Truncated(why) | State::Forbidden(why) | State::Unreadable(why) => Some(why.clone()),
    }
}

/// Whether two host names are one: `wrk-1` is `WRK-1.example.mil` too.
fn same_host(a: &str, b: &str) -> bool {
    let short = |name: &str| name.split('.').next().unwrap_or_default().to_ascii_lowercase();
    a.eq_ignore_ascii_case(b) || ((!a.contains('.') || !b.contains('.')) && short(a) == short(b))
}

pub(crate) fn engines(member: &Member<Tally>) -> impl Iterator<Item = &EngineInfo> {
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
        let last = folder.rsplit(['/', '!']).next().unwrap_or_default();
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
