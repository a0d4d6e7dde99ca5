//! The digest of the evidence that a verdict rests on.
//!
//! It is stored in people's answers and decides whether these still hold, so it must change with what a
//! person would have to look at again, and with nothing else. It covers the cluster, the rule and what
//! it asks for, the verdict, and of each check and node how many objects passed, failed or could not be
//! told, with the values that the check reads of them; of what was not delivered the kinds and nodes.
//! It leaves out names of files, times, words of messages, and everything that only other rules read.
//!
//! Entries are sorted and objects added up, so that the order of members, of objects and of threads
//! makes no difference. Each text has its length before it, so that no value can pass for two. The
//! form has a version: a digest of another version is never equal to one of this.

use std::collections::BTreeMap;

use crate::assess::observe::samples::DigestSum;
use crate::model::assessment::{ReasonCode, Status};
use crate::model::digest::Hasher;
use crate::model::evidence_digest::{VERSION, written};
use crate::model::labels;
use crate::rules::{Rule, Unknown, revision};

/// What becomes of the objects of a check.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Outcome<'u> {
    /// They meet it.
    Passes,
    /// They break it.
    Fails,
    /// They break it, on a node that the rule may not judge.
    MayFail,
    /// They break it, and the SSP excuses them.
    Excepted,
    /// They break it, and are of a class that it does not judge.
    Noted,
    /// It cannot be told.
    Unknown(&'u Unknown),
}

/// Collects what the digest covers.
#[derive(Debug, Default)]
pub(crate) struct EvidenceDigest(BTreeMap<Vec<String>, (u64, DigestSum)>);

impl EvidenceDigest {
    /// Adds objects of a check on a node, or of the cluster.
    pub(crate) fn objects(
        &mut self,
        (check, node): (usize, Option<&str>),
        outcome: Outcome<'_>,
        count: u64,
        digests: DigestSum,
    ) {
        let check = check.to_string();
        let mut key = vec!["objects", &check];
        // A node may have any name.
        key.extend(node.map_or(vec!["cluster"], |node| vec!["node", node]));
        key.extend(words(&outcome));
        let (objects, sum) = self.0.entry(owned(&key)).or_default();
        *objects += count;
        sum.merge(digests);
    }

    /// Adds something that holds for the rule as a whole.
    pub(crate) fn fact(&mut self, words: &[&str]) {
        self.0.entry(owned(words)).or_default();
    }

    /// Adds why something cannot be told, by what it is about.
    pub(crate) fn gap(&mut self, code: ReasonCode, about: &[&str]) {
        self.fact(&[&["gap", labels::reason_key(code)], about].concat());
    }

    /// Adds what checks of the reading that does not decide have seen.
    pub(crate) fn other_reading(&mut self, other: Self) {
        for (mut key, value) in other.0 {
            key.insert(0, "other reading".to_owned());
            self.0.insert(key, value);
        }
    }

    /// The digest of what was collected about a rule of a cluster, with the verdict on it.
    pub(crate) fn finish(self, cluster: Option<&str>, rule: &Rule, verdict: (Status, Option<ReasonCode>)) -> String {
        let mut hasher = Hasher::default();
        hasher.part(VERSION);
        let mut optional = |text: Option<&str>| {
            hasher.count(u64::from(text.is_some()));
            if let Some(text) = text {
                hasher.part(text);
            }
        };
        optional(cluster);
        optional(verdict.1.map(labels::reason_key));
        hasher.part(labels::status_key(verdict.0));
        hasher.part(&rule.id);
        hasher.part(&rule.texts.rule_id);
        hasher.update(revision(rule).bytes());
        hasher.count(self.0.len() as u64);
        for (key, (count, sum)) in &self.0 {
            hasher.count(key.len() as u64);
            for word in key {
                hasher.part(word);
            }
            hasher.count(*count);
            for half in sum.bytes() {
                hasher.update(&half);
            }
        }
        written(hasher.finish())
    }
}

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// An outcome in words that are stored, and so never change.
fn words<'o>(outcome: &'o Outcome<'_>) -> Vec<&'o str> {
    match outcome {
        Outcome::Passes => vec!["passes"],
        Outcome::Fails => vec!["fails"],
        Outcome::MayFail => vec!["may fail"],
        Outcome::Excepted => vec!["excepted"],
        Outcome::Noted => vec!["noted"],
        Outcome::Unknown(why) => match why {
            // What is said of values is in the digests of these.
            Unknown::RuleError(_) => vec!["unknown", "rule error"],
            Unknown::WrongType(_) => vec!["unknown", "wrong type"],
            Unknown::NoVariable(name) => vec!["unknown", "no variable", name],
            Unknown::Redacted => vec!["unknown", "redacted"],
            Unknown::NotKept(field) => vec!["unknown", "not kept", field],
            Unknown::NotCarried => vec!["unknown", "not carried"],
            Unknown::AbsentField => vec!["unknown", "absent field"],
            Unknown::Others(kind) => vec!["unknown", "others", kind],
            Unknown::Mark(_) => vec!["unknown", "mark"],
            Unknown::NoRole => vec!["unknown", "no role"],
            Unknown::Ssp(section) => vec!["unknown", "ssp", section],
            // The rule's own words are in the digest of what it asks for.
            Unknown::NeedsSsp(_) => vec!["unknown", "needs ssp"],
            Unknown::Person(_) => vec!["unknown", "person"],
        },
    }
}
