//! What is gathered about a rule, before it is weighed.
//!
//! Every check adds its sums here: lines of evidence, counts, reasons, comments and what the evidence
//! digest covers. Several nodes show the same network, so what they share is counted once.

use std::collections::{BTreeMap, BTreeSet};

use crate::assess::decide::evidence_digest::{EvidenceDigest, Outcome};
use crate::assess::decide::evidence_line::{EvidenceLine, SourceSum};
use crate::assess::observe::samples::Lines;
use crate::assess::sentences::objects::Objects;
use crate::assess::sentences::reasons;
use crate::layout::Kind;
use crate::model::assessment::{ClassCount, Evidence, EvidenceStatus, Reason};
use crate::model::verdict::Findings;
use crate::rules::Unknown;

/// What is gathered about a rule.
#[derive(Default)]
pub(crate) struct Accumulator<'g> {
    pub(crate) findings: Findings<EvidenceLine<'g>>,
    /// Evidence with its rank: lines of different members take turns under the cap.
    pub(crate) lines: Vec<(usize, EvidenceLine<'g>)>,
    pub(crate) checked: u64,
    pub(crate) failed: u64,
    pub(crate) classes: BTreeMap<String, ClassCount>,
    pub(crate) digest: EvidenceDigest,
    pub(crate) comments: BTreeSet<String>,
    /// Lines that stand for objects of which no line was kept.
    pub(crate) beyond: u64,
    /// Objects that several members show, and that have their line.
    shown: BTreeSet<(EvidenceStatus, &'g str, &'g str)>,
    /// The same of those that pass, by the check's name.
    passing: BTreeSet<(&'g str, &'g str)>,
    /// Reasons that lines of evidence stand for.
    pub(crate) lined: usize,
    /// Of which objects the same is unknown, by why and the name of their kind.
    unknown: BTreeMap<(&'g Unknown, &'g str), (&'g Kind, Objects<'g>)>,
    /// Whether the SSP had a part in the outcome.
    pub(crate) by_ssp: bool,
    /// Numbers of the SSP's entries that excuse or list objects, or state what they are compared with, and hold.
    pub(crate) approvals: BTreeSet<usize>,
}

impl<'g> Accumulator<'g> {
    /// Adds a reason why the rule cannot be decided, with the words under which the digest of the
    /// evidence covers it: what it is about, and nothing that is said of it.
    pub(crate) fn gap(&mut self, reason: Reason, about: &[&str]) {
        self.digest.gap(reason.code, about);
        self.findings.reasons.push(reason);
    }

    /// Adds a reason for which lines of evidence stand.
    pub(crate) fn shown_gap(&mut self, reason: Reason) {
        self.lined += 1;
        self.findings.reasons.push(reason);
    }

    /// Adds objects of a kind of which the same is unknown.
    pub(crate) fn unknown(&mut self, why: &'g Unknown, kind: &'g Kind, add: impl FnOnce(&mut Objects<'g>)) {
        let (_, objects) = self.unknown.entry((why, kind.name())).or_insert_with(|| (kind, Objects::default()));
        add(objects);
    }

    /// Makes reasons of what is unknown, once all checks have added to it.
    pub(crate) fn tell_unknown(&mut self) {
        for ((why, _), (kind, objects)) in std::mem::take(&mut self.unknown) {
            self.shown_gap(reasons::unknown(why, &objects, kind));
        }
    }

    /// Adds a line that is shown and does not count: no verdict rests on it.
    pub(crate) fn note(&mut self, line: Evidence) {
        self.lines.push((0, line.into()));
    }

    /// Adds a comment that does not stand there yet.
    pub(crate) fn comment(&mut self, text: String) {
        self.comments.insert(text);
    }

    /// Counts the objects of a sum, by class.
    pub(crate) fn count(&mut self, sum: &SourceSum<'g>) {
        let kind = sum.check.kind;
        for (class, count) in sum.tally.classes.iter().enumerate().filter(|(_, count)| count.checked > 0) {
            if kind.has_classes {
                let counts = self.classes.entry(kind.class_names[class].clone()).or_default();
                counts.checked += count.checked;
                counts.failed += count.failed;
            }
            if sum.check.compiled.judges(class) {
                self.checked += count.checked;
            }
        }
    }

    /// Shows lines of a sum; returns how many of them another member has shown before.
    pub(crate) fn show(&mut self, sum: &SourceSum<'g>, outcome: Outcome<'_>, lines: &'g Lines) -> u64 {
        if lines.count == 0 {
            return 0;
        }
        let status = status(outcome);
        let mut again = 0;
        self.beyond += lines.count - lines.first().len() as u64;
        self.digest.objects(sum.place(), outcome, lines.count, lines.digests);
        for (rank, kept) in lines.first().enumerate() {
            if let Some(id) = &kept.object.shared_id
                && !self.shown.insert((status, &sum.check.stated.name, id))
            {
                again += 1;
                continue;
            }
            self.lines.push((rank, sum.line(status, kept)));
        }
        self.checked = self.checked.saturating_sub(again);
        again
    }

    /// How many of the passing objects of a sum another member has shown before.
    pub(crate) fn passed_before(&mut self, sum: &SourceSum<'g>) -> u64 {
        let name = sum.check.stated.name.as_str();
        let again = sum.tally.passing.iter().filter(|id| !self.passing.insert((name, id))).count() as u64;
        self.checked = self.checked.saturating_sub(again);
        again
    }

    /// Adds lines of a sum to what breaks the rule, of which `again` were shown before.
    pub(crate) fn fail(&mut self, sum: &SourceSum<'g>, lines: &'g Lines, again: u64) {
        self.failed += lines.count - again;
        self.findings.fails.extend(lines.first().map(|kept| sum.line(EvidenceStatus::Fails, kept)));
    }
}

/// How lines about objects are marked.
fn status(outcome: Outcome<'_>) -> EvidenceStatus {
    match outcome {
        Outcome::Passes => EvidenceStatus::Passes,
        Outcome::Fails => EvidenceStatus::Fails,
        Outcome::Excepted => EvidenceStatus::Excepted,
        Outcome::Noted => EvidenceStatus::Noted,
        Outcome::MayFail | Outcome::Unknown(_) => EvidenceStatus::Unknown,
    }
}
