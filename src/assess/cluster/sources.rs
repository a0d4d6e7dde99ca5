//! The members that are evidence, each with its node and how far it can be relied on.
//!
//! A path or the content says what a member should hold; whether it counts is decided here. The
//! manifest speaks for its digest, `docker info` for its node, and the archive around it for its
//! end. What a support dump repeats of itself, or of the snapshot that brings it along, is left out.

use std::collections::{BTreeMap, BTreeSet};

use crate::assess::cluster::delivery::Delivery;
use crate::assess::cluster::source::{EvidenceSource, Standing, engines, member_name};
use crate::assess::cluster::whole::not_read;
use crate::assess::cluster::whole::not_read::outermost;
use crate::assess::observe::tally::Tally;
use crate::assess::sentences::{lists, reasons};
use crate::evidence::{Integrity, MemberCheck};
use crate::facts::{Member, Nature, Origin, Reading, State};
use crate::layout::{Owner, Place};

/// The sources, in the order of the members; none is dated or superseded yet.
pub(crate) fn sources(read: &Reading<Tally>, integrity: &Integrity, inputs: &[String]) -> Vec<EvidenceSource> {
    let folders = nodes_of_folders(read);
    let better = reported_elsewhere(read);
    let members = read.members.iter().enumerate();
    let wanted =
        members.filter(|(_, member)| !member.fallback || spot(member).is_none_or(|spot| !better.contains(&spot)));
    let mut sources: Vec<EvidenceSource> = wanted
        .filter_map(|(number, member)| {
            let place = member.place.as_ref()?;
            Some(EvidenceSource {
                name: member_name(inputs, member.input, &member.path),
                member: number,
                node: node_of(read, member, place, &folders),
                owner: place.owner.clone(),
                origin: member.origin,
                delivery: delivery(read, number, place, integrity),
                standing: Standing::Decides,
                taken: None,
            })
        })
        .collect();
    not_read::weaken(read, integrity, &mut sources);
    weaken_uncounted(read, &mut sources);
    drop_repeated(read, &mut sources);
    sources
}

fn node_of(read: &Reading<Tally>, member: &Member<Tally>, place: &Place, folders: &Folders<'_>) -> Option<String> {
    match &place.owner {
        Owner::Cluster => None,
        Owner::Node(name) => Some(name.clone()),
        Owner::Folder(_) if place.kind.name() == "docker.info" => {
            one_engine(member).or_else(|| folder_node(folders, read.folder(member)?))
        }
        Owner::Folder(_) => folder_node(folders, read.folder(member)?),
    }
}

/// The node that `docker info` names, where the member is filed under another.
fn other_node<'m>(member: &'m Member<Tally>, place: &Place) -> Option<&'m str> {
    let Owner::Node(name) = &place.owner else { return None };
    engines(member).map(|engine| engine.name.as_str()).find(|other| !other.is_empty() && !same_host(name, other))
}

/// A dump that a snapshot brings along completes it: what the snapshot tells itself is not told twice.
fn drop_repeated(read: &Reading<Tally>, sources: &mut Vec<EvidenceSource>) {
    let subject = |source: &EvidenceSource| {
        let member = &read.members[source.member];
        Some((member.input, member.place.as_ref()?.kind.name().to_owned(), source.node.clone()))
    };
    let told: BTreeSet<(usize, String, Option<String>)> = sources
        .iter()
        .filter(|source| source.origin == Origin::Snapshot && source.delivery == Delivery::Read)
        .filter_map(subject)
        .collect();
    sources.retain(|source| {
        source.origin != Origin::SupportDump || subject(source).is_none_or(|subject| !told.contains(&subject))
    });
}

type Spot<'m> = (usize, &'m str, &'m str, &'m Owner);

/// What a member tells: the input and archive, the kind, and of whom.
fn spot(member: &Member<Tally>) -> Option<Spot<'_>> {
    let archive = member.path.rsplit_once('!').map_or("", |(archive, _)| archive);
    let place = member.place.as_ref()?;
    Some((member.input, archive, place.kind.name(), &place.owner))
}

/// What files of their own report, so that the report of a whole dump need not.
fn reported_elsewhere(read: &Reading<Tally>) -> BTreeSet<Spot<'_>> {
    let good = |member: &&Member<Tally>| !member.fallback && member.state == State::Read;
    read.members.iter().filter(good).filter_map(spot).collect()
}

fn delivery(read: &Reading<Tally>, number: usize, place: &Place, integrity: &Integrity) -> Delivery {
    let member = &read.members[number];
    if let Some(other) = other_node(member, place) {
        return Delivery::Untrusted(reasons::of_another_node(other));
    }
    // In an archive inside, the manifest of a snapshot there speaks of its members, too.
    if let MemberCheck::Broken(why) = &integrity.members[number] {
        return Delivery::Untrusted(why.clone());
    }
    let check = &integrity.members[outermost(read, number)];
    let own = match (check, &member.state) {
        (MemberCheck::Broken(why), _) => return Delivery::Untrusted(why.clone()),
        (_, State::Unreadable(why)) => Delivery::Unreadable(why.clone()),
        (_, State::Forbidden(why)) => Delivery::Forbidden(why.clone()),
        (MemberCheck::Truncated(why), _) | (_, State::Truncated(why)) => Delivery::Truncated(why.clone()),
        _ if integrity.cut => Delivery::Truncated(reasons::snapshot_is_cut()),
        _ => match around(read, number) {
            Some(why) => Delivery::Truncated(reasons::holder_is_cut(&why)),
            None => Delivery::Read,
        },
    };
    match (&member.nature, own) {
        (Nature::SomeObjects(why), Delivery::Read) => Delivery::Partial((*why).to_owned()),
        // Of a list that is never whole, a damaged part takes nothing away.
        (Nature::SomeObjects(why), Delivery::Unreadable(damage) | Delivery::Truncated(damage)) => {
            Delivery::Partial(reasons::partly_damaged(why, &damage))
        }
        (_, own) => own,
    }
}

/// Takes from lists that are whole only if something counts them that they are, where nothing does.
fn weaken_uncounted(read: &Reading<Tally>, sources: &mut [EvidenceSource]) {
    let counts = |source: &&EvidenceSource| engines(&read.members[source.member]).any(|of| of.containers.is_some());
    let counted: BTreeSet<String> = sources.iter().filter(counts).filter_map(|source| source.node.clone()).collect();
    for source in sources.iter_mut().filter(|source| *source.nature(read) == Nature::IfCounted) {
        let is_counted = source.node.as_ref().is_some_and(|node| counted.contains(node));
        if source.delivery == Delivery::Read && !is_counted {
            source.delivery = Delivery::Partial(lists::containers_not_counted());
        }
    }
}

/// Why the archive or the file around a member is not whole.
fn around(read: &Reading<Tally>, number: usize) -> Option<String> {
    let outer = read.members[number].within?;
    match &read.members[outer].state {
        State::Read => around(read, outer),
        State::Truncated(why) | State::Forbidden(why) | State::Unreadable(why) => Some(why.clone()),
    }
}

/// Whether two host names are one: `wrk-1` is `WRK-1.example.mil` too.
pub(crate) fn same_host(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b) || ((!a.contains('.') || !b.contains('.')) && short_name(a) == short_name(b))
}

/// Hosts by their names, so that one is found among many by [`same_host`] in few steps.
#[derive(Default)]
pub(in crate::assess::cluster) struct Hosts {
    names: BTreeSet<String>,
    short: BTreeSet<String>,
    /// Those that are named without their domain.
    without_domain: BTreeSet<String>,
}

impl Hosts {
    pub(in crate::assess::cluster) fn insert(&mut self, host: &str) {
        self.names.insert(host.to_ascii_lowercase());
        self.short.insert(short_name(host));
        if !host.contains('.') {
            self.without_domain.insert(short_name(host));
        }
    }

    /// Whether one of them is the host of that name.
    pub(in crate::assess::cluster) fn contain(&self, host: &str) -> bool {
        let short = short_name(host);
        self.names.contains(&host.to_ascii_lowercase())
            || self.without_domain.contains(&short)
            || (!host.contains('.') && self.short.contains(&short))
    }
}

/// What two names of one host have in common.
pub(in crate::assess::cluster) fn short_name(host: &str) -> String {
    host.split('.').next().unwrap_or_default().to_ascii_lowercase()
}

fn one_engine(member: &Member<Tally>) -> Option<String> {
    let mut names = engines(member).map(|engine| &engine.name).filter(|name| !name.is_empty());
    let first = names.next()?;
    names.all(|name| name == first).then(|| first.clone())
}

type Folders<'m> = BTreeMap<(usize, &'m str), BTreeSet<String>>;

/// The names that `docker info` gives in each folder; nodes of the lists give theirs to folders of
/// the same name.
fn nodes_of_folders(read: &Reading<Tally>) -> Folders<'_> {
    let mut folders: Folders<'_> = BTreeMap::new();
    let mut listed = BTreeSet::new();
    for member in &read.members {
        for facts in &member.facts {
            listed.extend(facts.tally.probe.nodes.iter().map(|node| node.name.clone()));
        }
        if let Some(folder) = read.folder(member) {
            let names = folders.entry(folder).or_default();
            names.extend(engines(member).map(|engine| engine.name.clone()).filter(|name| !name.is_empty()));
        }
    }
    for ((_, folder), names) in &mut folders {
        let last = folder.rsplit(['/', '!']).next().unwrap_or_default();
        if names.is_empty() && listed.contains(last) {
            names.insert(last.to_owned());
        }
    }
    folders
}

/// The node of a folder, if it is clear.
fn folder_node(folders: &Folders<'_>, folder: (usize, &str)) -> Option<String> {
    let names = folders.get(&folder)?;
    if names.len() == 1 { names.first().cloned() } else { None }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Hosts, same_host};

    proptest! {
        /// Found among many is what is one of them, in every spelling of short and full names.
        #[test]
        fn a_host_is_found_among_many_as_it_is_one_by_one(
            hosts in prop::collection::vec("[aAbB]{0,1}(\\.[xX]{0,1}){0,2}", 0..6),
            asked in "[aAbB]{0,1}(\\.[xX]{0,1}){0,2}",
        ) {
            let mut many = Hosts::default();
            for host in &hosts {
                many.insert(host);
            }
            prop_assert_eq!(many.contain(&asked), hosts.iter().any(|host| same_host(&asked, host)));
        }
    }
}
