//! Sums of one member: how many objects hold, fail or cannot be told, with the first of each.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::sync::Arc;

use crate::facts::{Digest, Fields, Position};
use crate::rules::{Found, MAX_CLASSES, Unknown};

/// Lines kept of each sort for one check: all of these of the first member of a kind, and of each
/// later one as many as there can be if every member is to have its share. Counts are of all.
const KEPT: usize = 200;

/// How many lines a member may keep, by the number of members of its kind that came before.
pub(super) fn kept(earlier: usize) -> usize {
    (KEPT / (earlier + 1)).max(1)
}
/// Different values kept of what a probe collects.
pub(super) const VALUES: usize = 32;
/// Objects kept of one member until the running version is known.
pub(super) const DEFERRED: usize = 100_000;

/// An object as evidence shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) position: Position,
    /// Node that the object itself names.
    pub(super) node: Option<String>,
    pub(super) subject: String,
    /// Number of its class.
    pub(super) class: usize,
    /// JSON pointer from the object on.
    pub(super) below: String,
    pub(super) seen: String,
}

/// An object among those of its member.
pub(super) struct Mark {
    pub(super) order: u64,
    /// Over its name and the values that the check looks at.
    pub(super) digest: Digest,
    /// Lines that its member keeps.
    pub(super) kept: usize,
}

/// Objects of one sort.
#[derive(Debug, Clone, Default)]
pub(super) struct Lines {
    pub(super) count: u64,
    /// Sum of the digests of all of them: the same whatever their order.
    pub(super) digest: (u128, u128),
    /// The first, by their number in the member.
    pub(super) first: BTreeMap<u64, Line>,
    /// How many of them are kept.
    most: usize,
}

impl Lines {
    /// Adds an object with its digest; the line is made only if it is among the first.
    pub(super) fn add(&mut self, mark: &Mark, line: impl FnOnce() -> Line) {
        self.count += 1;
        self.most = self.most.max(mark.kept);
        let (high, low) = mark.digest.bytes().split_at(16);
        let number = |half: &[u8]| half.iter().fold(0_u128, |sum, byte| sum << 8 | u128::from(*byte));
        self.digest.0 = self.digest.0.wrapping_add(number(high));
        self.digest.1 = self.digest.1.wrapping_add(number(low));
        if self.first.len() < self.most || self.first.last_key_value().is_some_and(|(last, _)| mark.order < *last) {
            self.first.insert(mark.order, line());
            self.trim();
        }
    }

    fn trim(&mut self) {
        while self.first.len() > self.most {
            self.first.pop_last();
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.count += other.count;
        self.digest.0 = self.digest.0.wrapping_add(other.digest.0);
        self.digest.1 = self.digest.1.wrapping_add(other.digest.1);
        self.most = self.most.max(other.most);
        self.first.extend(other.first);
        self.trim();
    }
}

/// Counts of one class.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Count {
    pub(super) checked: u64,
    pub(super) failed: u64,
}

/// The sum of one check over one member (or over one node's objects in it).
#[derive(Debug, Clone, Default)]
pub(super) struct CheckTally {
    /// By class number.
    pub(super) classes: [Count; MAX_CLASSES],
    pub(super) passes: u64,
    pub(super) first_pass: Option<(u64, Box<Line>)>,
    pub(super) fails: Lines,
    /// Break the check, but are not of the class that it judges.
    pub(super) noted: Lines,
    /// Break the check, and an exception of this number speaks of them.
    pub(super) excepted: BTreeMap<usize, Lines>,
    /// Cannot be told, by the reason.
    pub(super) unknown: BTreeMap<Unknown, Lines>,
}

impl CheckTally {
    pub(super) fn count(&mut self, class: usize, failed: bool) {
        let count = &mut self.classes[class];
        count.checked += 1;
        count.failed += u64::from(failed);
    }

    pub(super) fn pass(&mut self, order: u64, line: impl FnOnce() -> Line) {
        self.passes += 1;
        if self.first_pass.as_ref().is_none_or(|(first, _)| order < *first) {
            self.first_pass = Some((order, Box::new(line())));
        }
    }

    pub(super) fn unknown(&mut self, mark: &Mark, why: Unknown, line: impl FnOnce() -> Line) {
        // Hostile values must not become as many reasons.
        let why = if self.unknown.len() < VALUES || self.unknown.contains_key(&why) {
            why
        } else {
            Unknown::WrongType("and other values".to_owned())
        };
        self.unknown.entry(why).or_default().add(mark, line);
    }

    pub(super) fn merge(&mut self, other: Self) {
        for (mine, count) in self.classes.iter_mut().zip(other.classes) {
            mine.checked += count.checked;
            mine.failed += count.failed;
        }
        self.passes += other.passes;
        if let Some((order, line)) = other.first_pass
            && self.first_pass.as_ref().is_none_or(|(first, _)| order < *first)
        {
            self.first_pass = Some((order, line));
        }
        self.fails.merge(other.fails);
        self.noted.merge(other.noted);
        for (exception, lines) in other.excepted {
            self.excepted.entry(exception).or_default().merge(lines);
        }
        for (why, lines) in other.unknown {
            self.unknown.entry(why).or_default().merge(lines);
        }
    }
}

/// An object whose check needs what is known only at the end.
#[derive(Debug, Clone)]
pub(super) struct Deferred {
    pub(super) check: usize,
    pub(super) order: u64,
    pub(super) position: Position,
    pub(super) class: usize,
    /// Why it is not certain that the check is about this object.
    pub(super) selection: Option<Unknown>,
    /// Shared by all checks of the object.
    pub(super) fields: Arc<Fields>,
}

/// How many facts of a node meet a rule's condition on nodes.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct NodeCondition {
    pub(super) yes: u64,
    pub(super) unknown: u64,
}

/// What `docker info` says of its node.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct EngineInfo {
    pub(super) name: String,
    pub(super) os: String,
    pub(super) windows: bool,
    pub(super) containers: Option<u64>,
    pub(super) swarm_nodes: Option<u64>,
    pub(super) swarm_id: Option<String>,
    pub(super) time: Option<String>,
    pub(super) running: Option<u64>,
    pub(super) address: Option<IpAddr>,
}

/// A node in a list of nodes.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ListedNode {
    pub(super) name: String,
    pub(super) manager: Option<bool>,
    pub(super) os: Option<String>,
    pub(super) swarm: Option<bool>,
    pub(super) kubernetes: Option<bool>,
    pub(super) kubelet: Option<String>,
    pub(super) addresses: BTreeSet<IpAddr>,
    pub(super) fqdn: Option<String>,
}

/// What the facts say of the cluster, besides the rules.
#[derive(Debug, Clone, Default)]
pub(super) struct Probe {
    pub(super) engines: BTreeSet<EngineInfo>,
    pub(super) nodes: BTreeSet<ListedNode>,
    pub(super) os_release: BTreeSet<(String, String)>,
    pub(super) mke_versions: BTreeSet<String>,
    pub(super) msr_versions: BTreeSet<String>,
    pub(super) swarm_only: Option<bool>,
    pub(super) registries: Option<u64>,
    /// The first user's object (service, container or pod), by its number.
    pub(super) user: Option<(u64, String)>,
    /// The first container or pod of MSR.
    pub(super) msr: Option<(u64, String)>,
    pub(super) namespaces: BTreeSet<String>,
    /// Containers whose processes are listed.
    pub(super) tables: u64,
    /// Nodes that objects of the cluster's own list name.
    pub(super) mentioned: BTreeSet<String>,
}

fn first(mine: &mut Option<(u64, String)>, other: Option<(u64, String)>) {
    *mine = match (mine.take(), other) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    };
}

impl Probe {
    pub(super) fn user(&mut self, order: u64, subject: impl FnOnce() -> String) {
        if self.user.as_ref().is_none_or(|(known, _)| order < *known) {
            self.user = Some((order, subject()));
        }
    }

    pub(super) fn msr(&mut self, order: u64, subject: impl FnOnce() -> String) {
        if self.msr.as_ref().is_none_or(|(known, _)| order < *known) {
            self.msr = Some((order, subject()));
        }
    }

    fn merge(&mut self, other: Self) {
        self.engines.extend(other.engines);
        self.nodes.extend(other.nodes);
        self.os_release.extend(other.os_release);
        self.mke_versions.extend(other.mke_versions);
        self.msr_versions.extend(other.msr_versions);
        self.namespaces.extend(other.namespaces);
        self.mentioned.extend(other.mentioned);
        for set in [&mut self.mke_versions, &mut self.msr_versions, &mut self.namespaces] {
            while set.len() > VALUES {
                set.pop_last();
            }
        }
        self.swarm_only = self.swarm_only.or(other.swarm_only);
        self.registries = self.registries.max(other.registries);
        self.tables += other.tables;
        first(&mut self.user, other.user);
        first(&mut self.msr, other.msr);
    }
}

/// The sum over the facts of one kind in one member.
#[derive(Debug, Default)]
pub(super) struct Tally {
    /// By the node that an object of the cluster's own list names (`None` where the member or
    /// nothing names it), then by check.
    pub(super) checks: BTreeMap<Option<String>, Vec<CheckTally>>,
    pub(super) conditions: Vec<NodeCondition>,
    /// Members of the kind that were read before.
    pub(super) earlier: usize,
    /// Values of the fields with which objects of other kinds are compared.
    pub(super) found: Vec<Found>,
    pub(super) deferred: Vec<Deferred>,
    /// Objects beyond what can be kept until the end.
    pub(super) dropped: u64,
    pub(super) probe: Probe,
}

impl Tally {
    /// Keeps an object until the end, or counts it if there are too many.
    pub(super) fn defer(deferred: &mut Vec<Deferred>, dropped: &mut u64, object: Deferred) {
        if deferred.len() < DEFERRED {
            deferred.push(object);
        } else {
            *dropped += 1;
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        for (node, theirs) in other.checks {
            let mine = self.checks.entry(node).or_default();
            if mine.is_empty() {
                *mine = theirs;
            } else {
                mine.iter_mut().zip(theirs).for_each(|(mine, theirs)| mine.merge(theirs));
            }
        }
        if self.conditions.is_empty() {
            self.conditions = other.conditions;
        } else {
            for (mine, theirs) in self.conditions.iter_mut().zip(other.conditions) {
                mine.yes += theirs.yes;
                mine.unknown += theirs.unknown;
            }
        }
        if self.found.is_empty() {
            self.found = other.found;
        } else {
            for (mine, theirs) in self.found.iter_mut().zip(other.found) {
                mine.values.extend(theirs.values);
                mine.unsure |= theirs.unsure || mine.values.len() > DEFERRED;
            }
        }
        self.earlier = self.earlier.max(other.earlier);
        self.deferred.extend(other.deferred);
        self.dropped += other.dropped;
        self.probe.merge(other.probe);
    }
}
