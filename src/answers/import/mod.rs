//! Answers out of checklists and answer files that other programs wrote.
//!
//! What is carried decides nothing by itself: an entry is undecided, with what the file said beside
//! it, until a person completes it. The one exception is an answer that this program wrote into a
//! checklist with all that makes an answer: reviewer, dates and the digest of the evidence.

mod answer_file;
mod checklist;
mod first_release;
mod own;
mod rules;
mod write;

use std::collections::BTreeMap;

use crate::answers::answer::AnswerStatus;
use crate::intake;
use crate::intake::ReviewStatus;
use crate::model::severity::Severity;
use crate::rules::Pack;
use crate::yaml::Problem;
use rules::Rules;

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

/// Reads a CKL, a CKLB or an answer file of Evaluate-STIG, told apart by content.
///
/// `key` names the answer key that goes before `DEFAULT` in an answer file.
///
/// # Errors
/// A file that is none of them.
pub fn import(file: &str, bytes: Vec<u8>, packs: &[Pack], key: Option<&str>) -> Result<Imported, Problem> {
    let text = intake::decode(file, bytes)?;
    let rules = Rules::of(packs);
    let problem =
        |message: String, hint: &str| Problem { file: file.to_owned(), place: None, message, hint: hint.to_owned() };
    let mut imported = if text.trim_start().starts_with('{') {
        checklist::import(&intake::read_cklb(file, &text)?, "CKLB", file, &rules)
    } else {
        match intake::root_name(file, &text)?.as_str() {
            "CHECKLIST" => checklist::import(&intake::read_ckl(file, &text)?, "CKL", file, &rules),
            "STIGComments" => answer_file::import(&intake::read_answer_file(file, &text)?, file, &rules, key),
            other => {
                let other: String = other.chars().take(60).collect();
                let hint = "known are CKL, CKLB and answer files of Evaluate-STIG";
                return Err(problem(
                    format!("answers are not read from a file whose outermost element is `{other}`"),
                    hint,
                ));
            }
        }
    };
    file.clone_into(&mut imported.file);
    if imported.entries.is_empty() && imported.not_reviewed.is_empty() && imported.by_evidence.is_empty() {
        let told: String = imported.problems.iter().take(5).map(|problem| format!("\n  {}", problem.line())).collect();
        return Err(problem(format!("nothing in it speaks of a rule that is known{told}"), ""));
    }
    imported.entries.sort_by(|a, b| (&a.rule, &a.node, &a.subject).cmp(&(&b.rule, &b.node, &b.subject)));
    Ok(imported)
}

impl Imported {
    fn note(&mut self, line: usize, message: String, hint: &str) {
        if self.problems.len() < MAX_PROBLEMS {
            let place = Some(crate::yaml::Place { line, column: 1 });
            self.problems.push(Problem { file: self.file.clone(), place, message, hint: hint.to_owned() });
        }
    }

    /// Adds an entry, unless the file spoke of the same before; two that differ are looked at again.
    fn add(&mut self, entry: Entry, line: usize) {
        let same =
            |known: &Entry| (&known.rule, &known.node, &known.subject) == (&entry.rule, &entry.node, &entry.subject);
        let Some(known) = self.entries.iter_mut().find(|known| same(known)) else {
            self.entries.push(entry);
            return;
        };
        let mut message = format!("{} is in the file twice; the first is carried", entry.rule);
        if known.proposed != entry.proposed {
            known.status = AnswerStatus::Undecided;
            known.re_review = Some("the file speaks of it twice and not alike".to_owned());
            message.push_str(", to be looked at again: they do not agree");
        }
        self.note(line, message, "");
    }

    /// Tells of rules that no pack has, together: a file may be about many STIGs.
    fn strangers(&mut self, strangers: &BTreeMap<String, usize>) {
        let Some(line) = strangers.values().min().copied() else { return };
        let first = strangers.iter().find(|(_, at)| **at == line).map_or("", |(id, _)| id.as_str());
        let message = match strangers.len() {
            1 => format!("{first} is a rule that no rule pack has; it is left out"),
            more => format!("{first} and {} more are rules that no rule pack has; they are left out", more - 1),
        };
        self.note(line, message, "");
    }
}
