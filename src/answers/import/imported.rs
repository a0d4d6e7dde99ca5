//! What a file gives: entries by rule, and what was not carried.

use std::collections::BTreeMap;

use crate::answers::answer::AnswerStatus;
use crate::intake::ReviewStatus;
use crate::model::severity::Severity;
use crate::rules::Rule;
use crate::yaml::{Place, Problem};

/// Problems that are told of one file.
const MAX_PROBLEMS: usize = 200;

/// What a file gives.
#[derive(Debug, Clone, Default)]
pub struct Imported {
    /// The file, as the user named it.
    pub file: String,
    /// What it is: `CKL`, `CKLB` or `Evaluate-STIG answer file`.
    pub form: &'static str,
    /// Name of the asset or of the STIG that the file is about; may be empty.
    pub about: String,
    /// The answers, by rule.
    pub entries: Vec<Entry>,
    /// Rules that the file has and nobody had reviewed.
    pub not_reviewed: Vec<String>,
    /// Rules that evidence decided in a checklist of this program: no answers.
    pub by_evidence: Vec<String>,
    /// What was not carried, or only with a doubt, each with its line.
    pub problems: Vec<Problem>,
}

/// One answer of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The rule.
    pub rule: String,
    /// Its CAT and title, for the reader.
    pub title: String,
    /// Only for this node.
    pub node: Option<String>,
    /// Only for this object.
    pub subject: Option<String>,
    /// The status it has at once; [`AnswerStatus::Undecided`] until a person completes it.
    pub status: AnswerStatus,
    /// What the file said.
    pub proposed: ReviewStatus,
    /// Why it has to be looked at again.
    pub re_review: Option<String>,
    /// What the file said about it.
    pub comment: String,
    /// Who reviewed; empty where the file does not say.
    pub reviewer: String,
    /// When; empty where the file does not say.
    pub date: String,
    /// Until when it holds; empty where the file does not say.
    pub expires: String,
    /// Digest of the evidence, where the file says it.
    pub evidence_digest: Option<String>,
    /// Why the risk is accepted.
    pub risk_acceptance: Option<String>,
    /// Another severity.
    pub severity: Option<Severity>,
    /// Why.
    pub justification: Option<String>,
    /// Where it is from, in words.
    pub origin: String,
    /// Whether it is an answer of this program, of which no word may be cut.
    pub whole: bool,
}

/// An entry that waits for a person.
pub(super) fn blank(
    rule: &Rule,
    proposed: ReviewStatus,
    re_review: Option<String>,
    comment: String,
    origin: String,
) -> Entry {
    Entry {
        rule: rule.id.clone(),
        title: format!("CAT {}: {}", rule.severity.cat(), rule.texts.title),
        node: None,
        subject: None,
        status: AnswerStatus::Undecided,
        proposed,
        re_review,
        comment,
        reviewer: String::new(),
        date: String::new(),
        expires: String::new(),
        evidence_digest: None,
        risk_acceptance: None,
        severity: None,
        justification: None,
        origin,
        whole: false,
    }
}

impl Imported {
    pub(super) fn note(&mut self, line: usize, message: String, hint: &str) {
        if self.problems.len() < MAX_PROBLEMS {
            let place = Some(Place { line, column: 1 });
            self.problems.push(Problem { file: self.file.clone(), place, message, hint: hint.to_owned() });
        }
    }

    /// Adds an entry, unless the file spoke of the same before; two that differ are looked at again.
    pub(super) fn add(&mut self, entry: Entry, line: usize) {
        let same =
            |known: &Entry| (&known.rule, &known.node, &known.subject) == (&entry.rule, &entry.node, &entry.subject);
        let Some(known) = self.entries.iter_mut().find(|known| same(known)) else {
            self.entries.push(entry);
            return;
        };
        let mut message = format!("{} appears twice in the file; the first is carried", entry.rule);
        if known.proposed != entry.proposed {
            known.status = AnswerStatus::Undecided;
            known.re_review = Some("the file has two different entries for it".to_owned());
            message.push_str(", to be looked at again: they do not agree");
        }
        self.note(line, message, "");
    }

    /// Tells of rules that no pack has, together: a file may be about many STIGs.
    pub(super) fn strangers(&mut self, strangers: &BTreeMap<String, usize>) {
        let Some(line) = strangers.values().min().copied() else { return };
        let first = strangers.iter().find(|(_, at)| **at == line).map_or("", |(id, _)| id.as_str());
        let message = match strangers.len() {
            1 => format!("{first} is in no rule pack; left out"),
            more => format!("{first} and {} more are in no rule pack; left out", more - 1),
        };
        self.note(line, message, "");
    }
}
