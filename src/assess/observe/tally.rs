//! Sums of one member: how many objects hold, fail or cannot be told, with the first of each.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::assess::compile::probe::Probe;
use crate::assess::observe::samples::{Bar, Line, Lines, Mark, behind};
use crate::facts::{Fields, Position};
use crate::model::digest::Digest;
use crate::rules::{Found, MAX_CLASSES, Unknown};
use crate::ssp::Proposal;

/// Different reasons kept of one check.
const REASONS: usize = 32;
/// What an SSP would have to say about one check, kept of each member.
const PROPOSALS: usize = 5_000;
/// Ids of passing objects kept, for kinds that several members show.
const SHARED: usize = 10_000;
/// Objects kept of one member until the running version is known.
pub(crate) const DEFERRED: usize = 100_000;

/// Counts of one class.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Count {
    pub(crate) checked: u64,
    pub(crate) failed: u64,
}

/// What a member already has of one check: objects behind these bars need no line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bars {
    pass: Bar,
    fails: Bar,
    noted: Bar,
    excepted: BTreeMap<usize, u64>,
    unknown: BTreeMap<Unknown, u64>,
}

impl Bars {
    /// Whether these are the bars of a sum.
    fn still(&self, sum: &CheckTally) -> bool {
        let barred = |lines: &&Lines| lines.bar().is_some();
        self.pass == sum.first_pass.as_ref().map(|(first, ..)| *first)
            && self.fails == sum.fails.bar()
            && self.noted == sum.noted.bar()
            && self.excepted.len() == sum.excepted.values().filter(barred).count()
            && self.unknown.len() == sum.unknown.values().filter(barred).count()
            && self.excepted.iter().all(|(number, bar)| sum.excepted.get(number).and_then(Lines::bar) == Some(*bar))
            && self.unknown.iter().all(|(why, bar)| sum.unknown.get(why).and_then(Lines::bar) == Some(*bar))
    }

    /// Whether a passing object of this number needs no line.
    pub(crate) fn pass(&self, order: u64) -> bool {
        behind(self.pass, order)
    }
}

/// The sum of one check over one member (or over one node's objects in it).
#[derive(Debug, Clone, Default)]
pub(crate) struct CheckTally {
    /// By class number.
    pub(crate) classes: [Count; MAX_CLASSES],
    pub(crate) passes: u64,
    /// The first that passes, with a digest of the values that its outcome rests on.
    pub(crate) first_pass: Option<(u64, Digest, Line)>,
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
    fn bars(&self) -> Bars {
        Bars {
            pass: self.first_pass.as_ref().map(|(first, ..)| *first),
            fails: self.fails.bar(),
            noted: self.noted.bar(),
            excepted: self.excepted.iter().filter_map(|(number, lines)| Some((*number, lines.bar()?))).collect(),
            unknown: self.unknown.iter().filter_map(|(why, lines)| Some((why.clone(), lines.bar()?))).collect(),
        }
    }

    pub(crate) fn count(&mut self, class: usize, failed: bool) {
        let count = &mut self.classes[class];
        count.checked += 1;
        count.failed += u64::from(failed);
    }

    pub(crate) fn pass(&mut self, order: u64, bars: &Bars, line: impl FnOnce() -> (Digest, Line)) {
        self.passes += 1;
        if !bars.pass(order) && self.first_pass.as_ref().is_none_or(|(first, ..)| order < *first) {
            let (digest, line) = line();
            self.first_pass = Some((order, digest, line));
        }
    }

    /// Notes the id of a passing object that other members may show too.
    pub(crate) fn pass_shared(&mut self, id: &str) {
        if self.passing.len() < SHARED {
            self.passing.insert(id.to_owned());
        }
    }

    /// Keeps what the SSP would have to say, as far as a file of it can hold.
    pub(crate) fn propose(&mut self, proposal: Proposal) {
        if self.proposals.len() < PROPOSALS {
            self.proposals.insert(proposal);
        }
    }

    pub(crate) fn fail(&mut self, mark: &Mark, bars: &Bars, line: impl FnOnce() -> Line) {
        self.fails.add(mark, bars.fails, line);
    }

    pub(crate) fn note(&mut self, mark: &Mark, bars: &Bars, line: impl FnOnce() -> Line) {
        self.noted.add(mark, bars.noted, line);
    }

    pub(crate) fn except(&mut self, number: usize, mark: &Mark, bars: &Bars, line: impl FnOnce() -> Line) {
        self.excepted.entry(number).or_default().add(mark, bars.excepted.get(&number).copied(), line);
    }

    pub(crate) fn unknown(&mut self, mark: &Mark, bars: &Bars, why: &Unknown, line: impl FnOnce() -> Line) {
        if let Some(lines) = self.unknown.get_mut(why) {
            lines.add(mark, bars.unknown.get(why).copied(), line);
            return;
        }
        // Hostile values must not become as many reasons.
        let why =
            if self.unknown.len() < REASONS { why.clone() } else { Unknown::WrongType("and other values".to_owned()) };
        let bar = bars.unknown.get(&why).copied();
        self.unknown.entry(why).or_default().add(mark, bar, line);
    }

    fn merge(&mut self, other: Self) {
        for (mine, count) in self.classes.iter_mut().zip(other.classes) {
            mine.checked += count.checked;
            mine.failed += count.failed;
        }
        self.passes += other.passes;
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

/// The sums of all checks of a kind.
#[derive(Debug, Default)]
pub(crate) struct Sums {
    /// By check; empty until the first object.
    pub(crate) checks: Vec<CheckTally>,
    /// By check, what the member had when this sum was begun; nothing where it was the first.
    bars: Arc<[Bars]>,
}

/// Bars of a member that has nothing yet.
static NO_BARS: Bars =
    Bars { pass: None, fails: None, noted: None, excepted: BTreeMap::new(), unknown: BTreeMap::new() };

impl Sums {
    /// The sum of a check, and the bars for it.
    pub(crate) fn of(&mut self, check: usize) -> (&mut CheckTally, &Bars) {
        (&mut self.checks[check], self.bars.get(check).unwrap_or(&NO_BARS))
    }

    fn merge(&mut self, other: Self) {
        if self.checks.is_empty() {
            self.checks = other.checks;
        } else {
            self.checks.iter_mut().zip(other.checks).for_each(|(mine, theirs)| mine.merge(theirs));
        }
        let same = self.bars.len() == self.checks.len()
            && self.bars.iter().zip(&self.checks).all(|(bars, sum)| bars.still(sum));
        if !same {
            self.bars = self.checks.iter().map(CheckTally::bars).collect();
        }
    }
}

/// An object with checks that need what is known only at the end.
#[derive(Debug, Clone)]
pub(crate) struct Deferred {
    pub(crate) order: u64,
    pub(crate) position: Position,
    pub(crate) class: usize,
    /// These checks, each with the reason why it is not certain that it is about this object.
    pub(crate) checks: Vec<(usize, Option<Unknown>)>,
    pub(crate) fields: Fields,
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
    pub(crate) deferred: Vec<Deferred>,
    /// Objects beyond what can be kept until the end.
    pub(crate) dropped: u64,
    pub(crate) probe: Probe,
}

impl Tally {
    /// An empty sum, to be added to this one: it knows which lines this one has no use for.
    pub(crate) fn following(&self) -> Self {
        let checks = self.checks.iter();
        Self {
            checks: checks
                .map(|(node, sums)| (node.clone(), Sums { checks: Vec::new(), bars: Arc::clone(&sums.bars) }))
                .collect(),
            ..Self::default()
        }
    }

    /// The sums of an object under this node, for a kind with so many checks.
    pub(crate) fn sums(&mut self, node: Option<String>, checks: usize) -> &mut Sums {
        let sums = self.checks.entry(node).or_default();
        if sums.checks.is_empty() {
            sums.checks.resize_with(checks, CheckTally::default);
        }
        sums
    }

    /// Keeps an object until the end, or counts it if there are too many.
    pub(crate) fn defer(&mut self, object: Deferred) {
        if self.deferred.len() < DEFERRED {
            self.deferred.push(object);
        } else {
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
            }
        }
        self.earlier = self.earlier.max(other.earlier);
        self.deferred.extend(other.deferred);
        self.dropped += other.dropped;
        self.probe.merge(other.probe);
    }
}
