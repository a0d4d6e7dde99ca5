//! What is amiss with the entries of an SSP.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::date::Day;
use crate::model::decisions::MOST_YEARS;
use crate::ssp::entry::Entry;
use crate::ssp::plan::Ssp;
use crate::ssp::section::section;
use crate::yaml::{Problem, locate};

/// Entries that are told one by one: each is looked up in the file.
const TOLD: usize = 200;

/// What is amiss with an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Amiss {
    /// Nobody has approved it: it decides nothing.
    Unapproved,
    /// It held until a day that has passed.
    Expired,
    /// It holds for longer than an authorization is given.
    Endless,
    /// Nothing in the snapshot needs it.
    Unused,
    /// An earlier entry says the same.
    Twin,
}

/// What a snapshot needs of an SSP.
#[derive(Debug, Clone, Default)]
pub struct Needed {
    /// Numbers of the entries with which objects were compared, or would have been.
    pub asked: BTreeSet<usize>,
    /// Numbers of those that speak of an object that needs them.
    pub used: BTreeSet<usize>,
}

impl Ssp {
    /// What is amiss on a day (`YYYY-MM-DD`; without one nothing can be told to have expired), and
    /// in view of a snapshot, each at its place. Of the last sorts the first are told, and how many more there are.
    #[doc(hidden)]
    #[must_use]
    pub fn review(&self, day: Option<&str>, needed: Option<&Needed>, sorts: &[Amiss]) -> Vec<Problem> {
        let last = day.and_then(Day::parse).and_then(|day| day.years_later(MOST_YEARS)).map(|last| last.to_string());
        let mut said: BTreeMap<String, usize> = BTreeMap::new();
        let mut found: Vec<(Amiss, &Entry)> = Vec::new();
        for (number, entry) in self.entries.iter().enumerate() {
            if *said.entry(format!("{} {}", entry.words(), entry.approval.approved)).or_insert(number) != number {
                found.push((Amiss::Twin, entry));
            }
            if !entry.approval.approved {
                found.push((Amiss::Unapproved, entry));
            }
            if day.is_some_and(|day| day > entry.approval.expires.as_str()) {
                found.push((Amiss::Expired, entry));
            }
            if last.as_deref().is_some_and(|last| entry.approval.expires.as_str() > last) {
                found.push((Amiss::Endless, entry));
            }
            let unused = |needed: &Needed| needed.asked.contains(&number) && !needed.used.contains(&number);
            if needed.is_some_and(unused) {
                found.push((Amiss::Unused, entry));
            }
        }
        found.retain(|(amiss, _)| sorts.contains(amiss));
        let more = found.len().saturating_sub(TOLD);
        let mut problems: Vec<Problem> =
            found.into_iter().take(TOLD).map(|(amiss, entry)| self.problem(amiss, entry, day)).collect();
        if more > 0 {
            let message = format!("{more} more entries have problems");
            problems.push(Problem { file: self.file.clone(), place: None, message, hint: String::new() });
        }
        problems
    }

    fn problem(&self, amiss: Amiss, entry: &Entry, day: Option<&str>) -> Problem {
        let words = entry.words();
        let (message, hint) = match amiss {
            Amiss::Unapproved => {
                (format!("not approved, so it decides nothing: {words}"), "set `approver` and `approved: true`")
            }
            Amiss::Expired => (
                format!("it expired {}, before {}: {words}", entry.approval.expires, day.unwrap_or_default()),
                "have it approved again, or remove it",
            ),
            Amiss::Endless => (
                format!("it expires {}, more than {MOST_YEARS} years away: {words}", entry.approval.expires),
                "set a day within the authorization, by which it is reviewed again",
            ),
            Amiss::Unused if section(entry.section).is_some_and(|section| section.required) => (
                format!("required, but nothing in the snapshot meets it: {words}"),
                "create it in the cluster, correct its globs, or remove it if it is no longer required",
            ),
            Amiss::Unused => {
                (format!("not needed by anything in the snapshot: {words}"), "remove it, or correct its globs")
            }
            Amiss::Twin => (format!("an earlier entry says the same: {words}"), "remove one of them"),
        };
        let place = locate(&self.text, &entry.path, false);
        Problem { file: self.file.clone(), place, message, hint: hint.to_owned() }
    }
}
