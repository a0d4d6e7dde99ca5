//! What is gathered about a rule, before it is weighed.

use std::collections::{BTreeMap, BTreeSet};

use crate::assess::decide::evidence_line::Sight;
use crate::model::assessment::{ClassCount, Evidence, EvidenceStatus};
use crate::model::digest::Digest;
use crate::model::verdict::Findings;

/// What is gathered about a rule.
#[derive(Default)]
pub(crate) struct Gathered<'g> {
    pub(crate) findings: Findings<Sight<'g>>,
    /// Evidence with its rank: lines of different members take turns under the cap.
    pub(crate) lines: Vec<(usize, Sight<'g>)>,
    pub(crate) checked: u64,
    pub(crate) failed: u64,
    pub(crate) classes: BTreeMap<String, ClassCount>,
    pub(crate) digest: BTreeSet<String>,
    pub(crate) comments: Vec<String>,
    /// Lines that stand for objects of which no line was kept.
    pub(crate) beyond: u64,
    /// Objects that several members show, and that have their line.
    pub(crate) shown: BTreeSet<(EvidenceStatus, String, String)>,
    /// The same of those that pass, by the check's name.
    pub(crate) passing: BTreeSet<(&'g str, Digest)>,
    /// Reasons that lines of evidence stand for.
    pub(crate) lined: usize,
    /// Whether the SSP had a part in the outcome.
    pub(crate) by_ssp: bool,
}

impl Gathered<'_> {
    /// Adds a line that is shown and does not count.
    pub(crate) fn note(&mut self, line: Evidence) {
        self.digest.insert(format!("Noted {:?} {} {} {}", line.node, line.subject, line.member, line.seen));
        self.lines.push((0, line.into()));
    }

    /// Adds a comment that does not stand there yet.
    pub(crate) fn comment(&mut self, text: String) {
        if !self.comments.contains(&text) {
            self.comments.push(text);
        }
    }
}
