//! Answers out of checklists of the first release, which carried them in sentences alone.
//!
//! The sentences are those of that release and stay as they are here, whatever the program says today.
//! They are read only in a review that says that an answer decided it, and an answer is taken as given
//! only where it has the review's own status: text that a snapshot smuggled into a comment cannot
//! decide a rule that no person decided.

use std::sync::LazyLock;

use regex::Regex;

use crate::answers::AnswerStatus;
use crate::answers::import::imported::Entry;
use crate::answers::import::imported::blank;
use crate::intake::{Review, ReviewStatus};
use crate::model::severity::Severity;
use crate::rules::Rule;

static DIGEST: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^Evidence digest: SHA-256 ((?:v[23]:)?[0-9a-f]{64})$").ok());

static ANSWER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let day = r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])";
    Regex::new(&format!(
        r"^(?:Answered by (?P<a>.+) on|(?P<b>.+) noted on) (?P<date>{day})(?: for node (?P<node>.+?))?(?: for object (?P<object>.+?))?, (?P<status>Open|Not a Finding|Not Applicable), until (?P<expires>{day}): (?P<comment>.*)$"
    ))
    .ok()
});

/// What follows an answer in a comment and is no part of it.
const ENDS: [&str; 5] = [
    " This does not answer all that is open.",
    " What the evidence shows to be open stays open.",
    " The evidence says otherwise and decides; look again.",
    " It does not count.",
    " The finding stays open.",
];
/// Lines that begin something else.
const STARTS: [&str; 5] =
    ["What was left to people: ", "How it is decided: ", "Reading: ", "Besides what is open,", "The answer of "];

/// What a review says beside its answers.
struct Sentences {
    digest: Option<String>,
    answered: bool,
}

/// The answers in a review of the first release.
pub(crate) fn answers(review: &Review, rule: &Rule, re_review: Option<&String>, origin: &str) -> Vec<Entry> {
    // What comes after the digest is evidence, and evidence is others' text.
    let head: Vec<&str> = review.details.lines().take_while(|line| !line.is_empty()).collect();
    let digest = head.iter().find_map(|line| Some(DIGEST.as_ref()?.captures(line)?[1].to_owned()));
    let answered = head.iter().any(|line| line.starts_with("Decided by") && line.contains("answer"));
    Sentences { digest, answered }.answers(review, rule, re_review, origin)
}

impl Sentences {
    /// The answers in the review's comment.
    fn answers(&self, review: &Review, rule: &Rule, re_review: Option<&String>, origin: &str) -> Vec<Entry> {
        let mut entries: Vec<Entry> = Vec::new();
        let mut within = false;
        for line in review.comments.lines() {
            if let Some(entry) = self.answer(line, review, rule, re_review, origin) {
                entries.push(entry);
                within = true;
            } else if STARTS.iter().any(|start| line.starts_with(start)) {
                within = false;
            } else if let Some(entry) = entries.last_mut().filter(|_| within) {
                entry.comment.push('\n');
                entry.comment.push_str(line);
            }
        }
        for entry in &mut entries {
            extras(entry, review);
            self.settle(entry, review);
        }
        entries
    }

    fn answer(
        &self,
        line: &str,
        review: &Review,
        rule: &Rule,
        re_review: Option<&String>,
        origin: &str,
    ) -> Option<Entry> {
        let found = ANSWER.as_ref()?.captures(line)?;
        let part = |name: &str| found.name(name).map(|part| part.as_str().to_owned());
        let status = ReviewStatus::parse(&found["status"]).unwrap_or(review.status);
        let mut entry = blank(rule, status, re_review.cloned(), part("comment")?, origin.to_owned());
        entry.reviewer = part("a").or_else(|| part("b"))?;
        entry.date = part("date")?;
        entry.expires = part("expires")?;
        entry.node = part("node");
        entry.subject = part("object");
        entry.evidence_digest.clone_from(&self.digest);
        Some(entry)
    }

    /// Gives an entry its status at once where nothing of it is in doubt.
    fn settle(&self, entry: &mut Entry, review: &Review) {
        let whole = !entry.comment.is_empty() && entry.evidence_digest.is_some() && entry.date <= entry.expires;
        let agrees = entry.proposed == review.status;
        let opens = entry.proposed == ReviewStatus::Open;
        if whole && agrees && entry.re_review.is_none() && (self.answered || opens) {
            entry.status = match entry.proposed {
                ReviewStatus::NotAFinding => AnswerStatus::NotAFinding,
                ReviewStatus::Open => AnswerStatus::Open,
                ReviewStatus::NotApplicable => AnswerStatus::NotApplicable,
                ReviewStatus::NotReviewed => AnswerStatus::Undecided,
            };
        }
    }
}

/// Takes what follows the comment out of it: the severity and the risk that the answer accepts.
fn extras(entry: &mut Entry, review: &Review) {
    cut_ends(&mut entry.comment);
    if entry.proposed != ReviewStatus::Open {
        return;
    }
    if let Some((comment, severity)) = entry.comment.rsplit_once(" The site takes the severity as ")
        && let Some((severity, why)) = severity.split_once(": ")
        && review.severity.is_some()
        && review.severity == Severity::parse(severity)
    {
        (entry.severity, entry.justification) = (review.severity, Some(why.to_owned()));
        entry.comment = comment.to_owned();
        cut_ends(&mut entry.comment);
    }
    if let Some((comment, why)) = entry.comment.rsplit_once(" The risk is accepted: ") {
        entry.risk_acceptance = Some(why.to_owned());
        entry.comment = comment.to_owned();
    }
}

fn cut_ends(comment: &mut String) {
    while let Some(rest) = ENDS.iter().find_map(|end| comment.strip_suffix(end)) {
        *comment = rest.to_owned();
    }
}
