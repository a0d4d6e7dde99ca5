//! What is gathered about a rule, before it is weighed.

use std::collections::{BTreeMap, BTreeSet};

use super::assessment::{ClassCount, Evidence, EvidenceStatus};
use super::sight::Sight;
use super::verdict::Findings;
use crate::facts::Digest;

/// What is gathered about a rule.
#[derive(Default)]
pub(super) struct Gathered<'g> {
    pub(super) findings: Findings<Sight<'g>>,
    /// Evidence with its rank: lines of different members take turns under the cap.
    pub(super) lines: Vec<(usize, Sight<'g>)>,
    pub(super) checked: u64,
    pub(super) failed: u64,
    pub(super) classes: BTreeMap<String, ClassCount>,
    pub(super) digest: BTreeSet<String>,
    pub(super) comments: Vec<String>,
    /// Lines that stand for objects of which no line was kept.
    pub(super) beyond: u64,
    /// Objects that several members show, and that have their line.
    pub(super) shown: BTreeSet<(EvidenceStatus, String, String)>,
    /// The same of those that pass, by the check's name.
    pub(super) passing: BTreeSet<(&'g str, Digest)>,
    /// Reasons that lines of evidence stand for.
    pub(super) lined: usize,
    /// Whether the SSP had a part in the outcome.
    pub(super) by_ssp: bool,
}

impl Gathered<'_> {
    /// Adds a line that is shown and does not count.
    pub(super) fn note(&mut self, line: Evidence) {
        self.digest.insert(format!("Noted {:?} {} {} {}", line.node, line.subject, line.member, line.seen));
        self.lines.push((0, line.into()));
    }

    /// Adds a comment that does not stand there yet.
    pub(super) fn comment(&mut self, text: String) {
        if !self.comments.contains(&text) {
            self.comments.push(text);
        }
    }
}
