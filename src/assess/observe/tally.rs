//! Sums of one member: how many objects pass, fail or cannot be told, with the first of each.
//!
//! Batches of objects are summed up on several threads and added in any order, so a sum must come out
//! the same whatever the order: counts and digests are added, and of lines the first by the objects'
//! numbers are kept. A batch begins with the cutoffs of what its member has so far. Behind these no
//! line can be among the first any more, so that none is made.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use crate::assess::compile::probe::Probe;
use crate::assess::observe::differences::Differences;
use crate::assess::observe::memo::Memo;
use crate::assess::observe::samples::{Cutoff, DigestSum, Line, Lines, Mark, behind};
use crate::assess::observe::waiting::{Waiting, WaitingList};
use crate::facts::Fields;
use crate::rules::{Found, MAX_CLASSES, Unknown};
use crate::ssp::Proposal;

/// Different reasons kept of one check. A reason quotes a value, and hostile values are all different.
const REASONS: usize = 32;
/// What an SSP would have to say about one check, kept of each member: twice what a draft can hold.
const PROPOSALS: usize = 5_000;
/// Ids of passing objects kept, for kinds that several members show: far more networks than a swarm
/// has addresses for.
const SHARED: usize = 10_000;
/// Objects kept of one batch until the running version is known. They are images and versions, of
/// which a cluster has hundreds; a list that says otherwise must not fill the memory.
pub(crate) const DEFERRED: usize = 100_000;

/// Counts of one class.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Count {
    /// Objects that a check looked at.
    pub(crate) checked: u64,
    /// Objects that break it, whether or not that decides.
    pub(crate) failed: u64,
}

/// What a member already has of one check: objects behind these cutoffs need no line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cutoffs {
    pass: Cutoff,
    fails: Cutoff,
    noted: Cutoff,
    excepted: BTreeMap<usize, u64>,
    unknown: BTreeMap<Unknown, u64>,
}

impl Cutoffs {
    /// Whether these are the cutoffs of a sum.
    fn still(&self, sum: &CheckTally) -> bool {
        let barred = |lines: &&Lines| lines.cutoff().is_some();
        self.pass == sum.first_pass.as_ref().map(|(first, ..)| *first)
            && self.fails == sum.fails.cutoff()
            && self.noted == sum.noted.cutoff()
            && self.excepted.len() == sum.excepted.values().filter(barred).count()
            && self.unknown.len() == sum.unknown.values().filter(barred).count()
            && self
                .excepted
                .iter()
                .all(|(number, cutoff)| sum.excepted.get(number).and_then(Lines::cutoff) == Some(*cutoff))
            && self.unknown.iter().all(|(why, cutoff)| sum.unknown.get(why).and_then(Lines::cutoff) == Some(*cutoff))
    }
}

/// The sum of one check over one member (or over one node's objects in it).
#[derive(Debug, Clone, Default)]
pub(crate) struct CheckTally {
    /// By class number.
    pub(crate) classes: [Count; MAX_CLASSES],
    pub(crate) passes: u64,
    /// The first that passes.
    pub(crate) first_pass: Option<(u64, Line)>,
    /// Digests of the values on which the outcome rests, of all that pass, field by field. A list of
    /// thousands that pass is common, so the values of one object are not bound together: that would
    /// take a hash for each object and check.
    pub(crate) passing_values: DigestSum,
    /// Ids of those that pass and that other members may show too.
    pub(crate) passing: BTreeSet<String>,
    pub(crate) fails: Lines,
    /// Break the check, but are not of the class that it judges.
    pub(crate) noted: Lines,
    /// Break the check, and an exception of this number speaks of them.
    pub(crate) excepted: BTreeMap<usize, Lines>,
    /// Cannot be told, by the reason.
    pub(crate) unknown: BTreeMap<Unknown, Lines>,
    /// Numbers of the SSP's entries that speak of an object that breaks the check.
    pub(crate) used: BTreeSet<usize>,
    /// What the SSP would have to say; kept only for a draft of one.
    pub(crate) proposals: BTreeSet<Proposal>,
}

impl CheckTally {
    fn cutoffs(&self) -> Cutoffs {
        Cutoffs {
            pass: self.first_pass.as_ref().map(|(first, ..)| *first),
            fails: self.fails.cutoff(),
            noted: self.noted.cutoff(),
            excepted: self.excepted.iter().filter_map(|(number, lines)| Some((*number, lines.cutoff()?))).collect(),
            unknown: self.unknown.iter().filter_map(|(why, lines)| Some((why.clone(), lines.cutoff()?))).collect(),
        }
    }

    fn merge(&mut self, other: Self) {
        for (mine, count) in self.classes.iter_mut().zip(other.classes) {
            mine.checked += count.checked;
            mine.failed += count.failed;
        }
        self.passes += other.passes;
        self.passing_values.merge(other.passing_values);
        if let Some(theirs) = other.first_pass
            && self.first_pass.as_ref().is_none_or(|(first, ..)| theirs.0 < *first)
        {
            self.first_pass = Some(theirs);
        }
        self.passing.extend(other.passing);
        self.fails.merge(other.fails);
        self.noted.merge(other.noted);
        for (exception, lines) in other.excepted {
            self.excepted.entry(exception).or_default().merge(lines);
        }
        for (why, lines) in other.unknown {
            self.unknown.entry(why).or_default().merge(lines);
        }
        self.used.extend(other.used);
        self.proposals.extend(other.proposals);
    }
}

/// The sum of a check while objects are added to it.
pub(crate) struct OpenSum<'s> {
    pub(crate) sum: &'s mut CheckTally,
    /// What the member had when the sum was begun.
    cutoffs: &'s Cutoffs,
}

impl OpenSum<'_> {
    /// Counts an object of a class.
    pub(crate) fn count(&mut self, class: usize, failed: bool) {
        let count = &mut self.sum.classes[class];
        count.checked += 1;
        count.failed += u64::from(failed);
    }

    /// Whether a passing object of this number is shown by another one that comes before it.
    pub(crate) fn has_pass_before(&self, order: u64) -> bool {
        self.sum.first_pass.as_ref().is_some_and(|(first, ..)| *first < order) || behind(self.cutoffs.pass, order)
    }

    /// Adds an object that passes, with the digests of its values.
    pub(crate) fn pass(&mut self, order: u64, values: DigestSum, line: impl FnOnce() -> Line) {
        self.sum.passes += 1;
        self.sum.passing_values.merge(values);
        if !self.has_pass_before(order) {
            self.sum.first_pass = Some((order, line()));
        }
    }

    /// Notes the id of a passing object that other members may show too.
    pub(crate) fn pass_shared(&mut self, id: &str) {
        if self.sum.passing.len() < SHARED {
            self.sum.passing.insert(id.to_owned());
        }
    }

    /// Keeps what the SSP would have to say, as far as a file of it can hold.
    pub(crate) fn propose(&mut self, proposal: Proposal) {
        if self.sum.proposals.len() < PROPOSALS {
            self.sum.proposals.insert(proposal);
        }
    }

    /// Adds an object that breaks the check.
    pub(crate) fn fail(&mut self, mark: &Mark, line: impl FnOnce() -> Line) {
        self.sum.fails.add(mark, self.cutoffs.fails, line);
    }

    /// Adds an object that breaks the check and is not of the class that it judges.
    pub(crate) fn note(&mut self, mark: &Mark, line: impl FnOnce() -> Line) {
        self.sum.noted.add(mark, self.cutoffs.noted, line);
    }

    /// Adds an object that breaks the check and of which the SSP's entry of this number speaks.
    pub(crate) fn except(&mut self, entry: usize, mark: &Mark, line: impl FnOnce() -> Line) {
        let cutoff = self.cutoffs.excepted.get(&entry).copied();
        self.sum.excepted.entry(entry).or_default().add(mark, cutoff, line);
    }

    /// Adds an object of which the check cannot tell.
    pub(crate) fn unknown(&mut self, mark: &Mark, why: &Unknown, line: impl FnOnce() -> Line) {
        let unknown = &mut self.sum.unknown;
        if let Some(lines) = unknown.get_mut(why) {
            lines.add(mark, self.cutoffs.unknown.get(why).copied(), line);
            return;
        }
        // Hostile values must not become as many reasons.
        let why = if unknown.len() < REASONS { why.clone() } else { Unknown::WrongType("and other values".to_owned()) };
        let cutoff = self.cutoffs.unknown.get(&why).copied();
        unknown.entry(why).or_default().add(mark, cutoff, line);
    }
}

/// The sums of all checks of a kind.
#[derive(Debug, Default)]
pub(crate) struct Sums {
    /// By check; empty until the first object.
    pub(crate) checks: Vec<CheckTally>,
    /// By check, what the member had when this sum was begun; nothing where it was the first.
    cutoffs: Arc<[Cutoffs]>,
}

/// Cutoffs of a member that has nothing yet.
static NO_CUTOFFS: Cutoffs =
    Cutoffs { pass: None, fails: None, noted: None, excepted: BTreeMap::new(), unknown: BTreeMap::new() };

impl Sums {
    /// The sum of a check, to add objects to it.
    pub(crate) fn open(&mut self, check: usize) -> OpenSum<'_> {
        OpenSum { sum: &mut self.checks[check], cutoffs: self.cutoffs.get(check).unwrap_or(&NO_CUTOFFS) }
    }

    fn merge(&mut self, other: Self) {
        if self.checks.is_empty() {
            self.checks = other.checks;
        } else {
            self.checks.iter_mut().zip(other.checks).for_each(|(mine, theirs)| mine.merge(theirs));
        }
        let same = self.cutoffs.len() == self.checks.len()
            && self.cutoffs.iter().zip(&self.checks).all(|(cutoffs, sum)| cutoffs.still(sum));
        if !same {
            self.cutoffs = self.checks.iter().map(CheckTally::cutoffs).collect();
        }
    }
}

/// How many facts of a node meet a rule's condition on nodes.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct NodeCondition {
    pub(crate) yes: u64,
    pub(crate) unknown: u64,
}

/// The sum over the facts of one kind in one member.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// By the node that an object of the cluster's own list names (`None` where the member or
    /// nothing names it), then by check.
    pub(crate) checks: BTreeMap<Option<String>, Sums>,
    pub(crate) conditions: Vec<NodeCondition>,
    /// Members of the kind that were read before.
    pub(crate) earlier: usize,
    /// Values of the fields with which objects of other kinds are compared.
    pub(crate) found: Vec<Found>,
    /// Objects that are judged when all was read.
    pub(crate) waiting: WaitingList,
    /// Objects beyond what can be kept until the end.
    pub(crate) dropped: u64,
    pub(crate) probe: Probe,
    /// What values told before, while a batch is summed up.
    memo: Mutex<Option<Box<Memo>>>,
}

impl Tally {
    /// An empty sum, to be added to this one: it knows which lines this one has no use for.
    pub(crate) fn following(&self) -> Self {
        let checks = self.checks.iter();
        Self {
            checks: checks
                .map(|(node, sums)| (node.clone(), Sums { checks: Vec::new(), cutoffs: Arc::clone(&sums.cutoffs) }))
                .collect(),
            ..Self::default()
        }
    }

    /// What values told before; nothing outside a batch.
    pub(crate) fn memo(&mut self) -> &mut Option<Box<Memo>> {
        self.memo.get_mut().unwrap_or_else(PoisonError::into_inner)
    }

    /// The sums of an object under this node, for a kind with so many checks.
    pub(crate) fn sums(&mut self, node: Option<String>, checks: usize) -> &mut Sums {
        let sums = self.checks.entry(node).or_default();
        if sums.checks.is_empty() {
            sums.checks.resize_with(checks, CheckTally::default);
        }
        sums
    }

    /// Gives the nodes that it names other names.
    pub(crate) fn rename_nodes(&mut self, rename: &impl Fn(&mut String)) {
        for (mut node, sums) in std::mem::take(&mut self.checks) {
            node.iter_mut().for_each(rename);
            self.checks.entry(node).or_default().merge(sums);
        }
        self.probe.rename_nodes(rename);
    }

    /// Keeps an object until the end, or counts it if there are too many.
    pub(crate) fn wait(&mut self, object: Waiting, fields: &Fields, differences: &mut Differences) {
        if self.waiting.len() >= DEFERRED || !self.waiting.push(object, fields, differences) {
            self.dropped += 1;
        }
    }

    pub(crate) fn merge(&mut self, other: Self) {
        for (node, theirs) in other.checks {
            if !theirs.checks.is_empty() {
                self.checks.entry(node).or_default().merge(theirs);
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
                mine.silent |= theirs.silent;
            }
        }
        self.earlier = self.earlier.max(other.earlier);
        self.waiting.merge(other.waiting);
        self.dropped += other.dropped;
        self.probe.merge(other.probe);
    }
}
