//! The file of answers.

use std::fmt;

use crate::model::assessment::{GivenAnswer, Status};
use crate::model::date::Day;
use crate::model::decisions::MOST_YEARS;
use crate::model::digest::Digest;
use crate::model::evidence_digest;
use crate::model::labels;
use crate::model::severity::Severity;
use crate::yaml::{Checker, Node, OfCluster, Place, Problem, nearest, parse};

/// What a person says of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnswerStatus {
    /// Nothing yet: a draft.
    Undecided,
    /// A finding.
    Open,
    /// No finding.
    NotAFinding,
    /// The rule does not apply.
    NotApplicable,
}

/// One answer.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The rule.
    pub rule: String,
    /// Only for this node.
    pub node: Option<String>,
    /// Only for this object, as evidence calls it.
    pub subject: Option<String>,
    /// What was found.
    pub status: AnswerStatus,
    /// What the file said that an undecided answer was imported from.
    pub proposed: Option<String>,
    /// Why an imported answer has to be looked at again; with it, no status can be set.
    pub re_review: Option<String>,
    /// Why, and what was looked at.
    pub comment: String,
    /// Who looked.
    pub reviewer: String,
    /// When, `YYYY-MM-DD`.
    pub date: String,
    /// Last day on which it holds, `YYYY-MM-DD`.
    pub expires: String,
    /// Digest of the evidence that it was given for.
    pub evidence_digest: Option<String>,
    /// Why the risk of a finding is accepted, where it is.
    pub risk_acceptance: Option<String>,
    /// Another severity that the site gives a finding.
    pub severity: Option<Severity>,
    /// Why it does.
    pub justification: Option<String>,
    /// The file, as the user named it.
    pub file: String,
    /// Where in it.
    pub place: Option<Place>,
}

/// A file that answers were read from.
#[derive(Debug, Clone)]
pub struct AnswerFile {
    /// The file, as the user named it.
    pub name: String,
    /// Digest of its bytes.
    pub sha256: Digest,
    /// The cluster that it is about, where it says so.
    pub cluster: Option<String>,
}

/// All answers, in the order of their files.
#[derive(Debug, Clone, Default)]
pub struct Answers {
    /// The files.
    pub files: Vec<AnswerFile>,
    /// The clusters that the files are about, where they say so.
    pub clusters: Vec<OfCluster>,
    /// The answers.
    pub answers: Vec<Answer>,
}

const KEYS: &[&str] = &["answers", "cluster"];
const ANSWER_KEYS: &[&str] = &[
    "rule",
    "node",
    "subject",
    "status",
    "proposed",
    "re_review",
    "comment",
    "reviewer",
    "date",
    "expires",
    "evidence_digest",
    "risk_acceptance",
    "severity",
    "justification",
];
/// The status of an answer that nobody has given yet.
const UNDECIDED: &str = "undecided";
const STATUSES: &[&str] = &[UNDECIDED, "open", "not_a_finding", "not_applicable"];

impl AnswerStatus {
    /// The rule's status that it gives.
    pub(crate) fn status(self) -> Option<Status> {
        match self {
            Self::Undecided => None,
            Self::Open => Some(Status::Open),
            Self::NotAFinding => Some(Status::NotAFinding),
            Self::NotApplicable => Some(Status::NotApplicable),
        }
    }

    /// The status as `answers.yaml` spells it.
    pub(crate) fn key(self) -> &'static str {
        self.status().map_or(UNDECIDED, labels::status_key)
    }
}

impl fmt::Display for AnswerStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.status().map_or(UNDECIDED, labels::status))
    }
}

impl Answer {
    /// Whether it speaks of the rule as a whole.
    pub(crate) fn is_whole(&self) -> bool {
        self.node.is_none() && self.subject.is_none()
    }

    /// The answer as an assessment keeps it; none of one that is undecided.
    pub(crate) fn given(&self) -> Option<GivenAnswer> {
        Some(GivenAnswer {
            effect: None,
            node: self.node.clone(),
            subject: self.subject.clone(),
            status: self.status.status()?,
            comment: self.comment.clone(),
            reviewer: self.reviewer.clone(),
            date: self.date.clone(),
            expires: self.expires.clone(),
            evidence_digest: self.evidence_digest.clone(),
            risk_acceptance: self.risk_acceptance.clone(),
            severity: self.severity,
            justification: self.justification.clone(),
        })
    }

    /// Whether it holds on a day (`YYYY-MM-DD`); without a day it cannot be told and does not.
    pub(crate) fn holds_on(&self, day: Option<&str>) -> bool {
        day.is_some_and(|day| day <= self.expires.as_str())
    }

    /// A problem with it, at its place.
    pub(crate) fn problem(&self, message: String, hint: &str) -> Problem {
        Problem { file: self.file.clone(), place: self.place, message, hint: hint.to_owned() }
    }
}

impl Answers {
    /// Reads an `answers.yaml`.
    ///
    /// # Errors
    /// Every problem of the file, with line and column.
    ///
    /// ```
    /// use mke_stig::Answers;
    ///
    /// let text = "answers:\n  - { rule: V-260903, status: undecided, comment: ask the operator }\n";
    /// let answers = Answers::parse("answers.yaml", text).unwrap();
    /// assert_eq!(answers.answers[0].rule, "V-260903");
    /// assert!(Answers::parse("answers.yaml", "answer: []\n").is_err());
    /// ```
    pub fn parse(file: &str, text: &str) -> Result<Self, Vec<Problem>> {
        let value = parse(file, text).map_err(|problem| vec![problem])?;
        let mut checker = Checker::new(file, text);
        let (mut answers, mut clusters) = (Vec::new(), Vec::new());
        let root = Node::root(&value);
        for (key, node) in checker.entries(&root, "a file of answers") {
            match key {
                "cluster" => clusters.push(OfCluster::read(&mut checker, file, &node)),
                // A draft in which nothing needs an answer has an empty list.
                "answers" if node.value.is_null() => {}
                "answers" => {
                    let mut places = checker.places(&node).into_iter();
                    for element in checker.elements(&node, "`answers`") {
                        answers.push(answer(&mut checker, file, &element, places.next().flatten()));
                    }
                }
                other => checker.unknown_key(&node, other, KEYS),
            }
        }
        if !checker.clean() {
            return Err(checker.finish());
        }
        let cluster = clusters.first().map(|cluster: &OfCluster| cluster.id.clone());
        let file = AnswerFile { name: file.to_owned(), sha256: Digest::of(text.as_bytes()), cluster };
        Ok(Self { files: vec![file], clusters, answers })
    }

    /// Adds the answers of another file. Of two about the same the first decides; the second is told
    /// as one that matches nothing.
    ///
    /// ```
    /// use mke_stig::Answers;
    ///
    /// let mut answers = Answers::parse("one.yaml", "answers: []\n").unwrap();
    /// answers.add(Answers::parse("two.yaml", "answers: []\n").unwrap());
    /// assert_eq!(answers.files.len(), 2);
    /// ```
    pub fn add(&mut self, other: Self) {
        self.files.extend(other.files);
        self.clusters.extend(other.clusters);
        self.answers.extend(other.answers);
    }
}

fn answer(checker: &mut Checker<'_>, file: &str, node: &Node<'_>, place: Option<Place>) -> Answer {
    let mut answer = Answer {
        rule: String::new(),
        node: None,
        subject: None,
        status: AnswerStatus::Undecided,
        proposed: None,
        re_review: None,
        comment: String::new(),
        reviewer: String::new(),
        date: String::new(),
        expires: String::new(),
        evidence_digest: None,
        risk_acceptance: None,
        severity: None,
        justification: None,
        file: file.to_owned(),
        place,
    };
    let mut stated = false;
    for (key, value) in checker.entries(node, "an answer") {
        let draft = value.value.is_null() || value.value.as_str().is_some_and(|text| text.trim().is_empty());
        stated |= key == "status";
        match key {
            "status" => answer.status = status(checker, &value),
            known if ANSWER_KEYS.contains(&known) && draft && known != "rule" => {}
            key => set(checker, &mut answer, key, &value),
        }
    }
    for (missing, name) in [(answer.rule.is_empty(), "rule"), (!stated, "status")] {
        if missing && checker.clean() {
            checker.problem(node, format!("`{name}` is missing"), "");
        }
    }
    if answer.status != AnswerStatus::Undecided {
        complete(checker, node, &answer);
    }
    answer
}

fn status(checker: &mut Checker<'_>, value: &Node<'_>) -> AnswerStatus {
    match checker.text(value, "`status`").as_str() {
        "open" => AnswerStatus::Open,
        "not_a_finding" => AnswerStatus::NotAFinding,
        "not_applicable" => AnswerStatus::NotApplicable,
        "undecided" | "" => AnswerStatus::Undecided,
        other => {
            checker.problem(value, format!("`{other}` is not an answer status"), nearest(other, STATUSES));
            AnswerStatus::Undecided
        }
    }
}

/// Reads the value of a key other than `status`.
fn set(checker: &mut Checker<'_>, answer: &mut Answer, key: &str, value: &Node<'_>) {
    match key {
        "rule" => answer.rule = checker.text(value, "`rule`"),
        "node" => answer.node = Some(checker.text(value, "`node`")),
        "subject" => answer.subject = Some(checker.text(value, "`subject`")),
        "proposed" => {
            let proposed = checker.text(value, "`proposed`");
            if !STATUSES.contains(&proposed.as_str()) {
                let message = format!("`{proposed}` is not an answer status");
                checker.problem(value, message, nearest(&proposed, STATUSES));
            }
            answer.proposed = Some(proposed);
        }
        "re_review" => answer.re_review = Some(checker.text(value, "`re_review`")),
        "comment" => answer.comment = checker.text(value, "`comment`"),
        "reviewer" => answer.reviewer = checker.text(value, "`reviewer`"),
        "date" => answer.date = day(checker, value, "`date`"),
        "expires" => answer.expires = day(checker, value, "`expires`"),
        "evidence_digest" => answer.evidence_digest = Some(digest(checker, value)),
        "risk_acceptance" => answer.risk_acceptance = Some(checker.text(value, "`risk_acceptance`")),
        "severity" => {
            let word = checker.text(value, "`severity`");
            answer.severity = Severity::parse(&word);
            if answer.severity.is_none() {
                checker.problem(value, format!("`{word}` is not a severity"), nearest(&word, &Severity::NAMES));
            }
        }
        "justification" => answer.justification = Some(checker.text(value, "`justification`")),
        other => checker.unknown_key(value, other, ANSWER_KEYS),
    }
}

/// An answer that decides says who gave it, when, why, for what evidence and until when.
fn complete(checker: &mut Checker<'_>, node: &Node<'_>, answer: &Answer) {
    let passes = answer.status != AnswerStatus::Open;
    for (missing, name) in [
        (answer.comment.is_empty(), "comment"),
        (answer.reviewer.is_empty(), "reviewer"),
        (answer.date.is_empty(), "date"),
        (answer.expires.is_empty(), "expires"),
        (passes && answer.evidence_digest.is_none(), "evidence_digest"),
    ] {
        if missing {
            checker.problem(
                node,
                format!("an answer that decides needs `{name}`"),
                "`mke-stig answers draft` writes all keys",
            );
        }
    }
    if answer.re_review.is_some() {
        checker.problem(
            node,
            "it was carried over and must be reviewed again before it decides",
            "compare the official texts, then remove `re_review`",
        );
    }
    if !answer.date.is_empty() && !answer.expires.is_empty() && answer.expires < answer.date {
        checker.problem(node, "it expires before it was given", "");
    }
    let last = Day::parse(&answer.date).and_then(|day| day.years_later(MOST_YEARS));
    if last.is_some_and(|last| answer.expires > last.to_string()) {
        let hint = "an authorization is reviewed again by then, and so are its answers";
        checker.problem(node, format!("it is valid for more than {MOST_YEARS} years"), hint);
    }
    if passes && (answer.risk_acceptance.is_some() || answer.severity.is_some()) {
        checker.problem(
            node,
            "only an open finding can have an accepted risk or another severity",
            "give it the status open",
        );
    }
    if answer.severity.is_some() && answer.justification.is_none() {
        checker.problem(node, "another severity needs `justification`", "");
    }
}

/// A day of the calendar, `YYYY-MM-DD`, so that days can be compared as text.
fn day(checker: &mut Checker<'_>, node: &Node<'_>, what: &str) -> String {
    let text = checker.text(node, what);
    if !text.is_empty() && Day::parse(&text).is_none() {
        checker.problem(node, format!("`{text}` is not a day"), "write it as 2027-06-30");
    }
    text
}

/// A digest of evidence. What is none is one problem; the file is refused for it, so the text may stand.
fn digest(checker: &mut Checker<'_>, node: &Node<'_>) -> String {
    let text = checker.text(node, "`evidence_digest`").to_ascii_lowercase();
    if evidence_digest::form(&text).is_none() {
        checker.problem(
            node,
            "this is not a digest of evidence",
            "`mke-stig answers draft` writes it, as `v3:` and 64 hexadecimal digits",
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml;

    #[test]
    fn a_file_is_walked_once_for_the_places_of_all_its_answers() {
        let walked = |count: usize| {
            let one = "  - rule: V-260903\n    status: undecided\n";
            let before = yaml::walks();
            let read =
                Answers::parse("a.yaml", &format!("answers:\n{}", one.repeat(count))).expect("it is a file of answers");
            let lines: Vec<_> = read.answers.iter().filter_map(|answer| answer.place).map(|place| place.line).collect();
            assert_eq!(lines, (0..count).map(|number| 2 + 2 * number).collect::<Vec<_>>());
            yaml::walks() - before
        };
        assert_eq!((walked(1), walked(10), walked(500)), (1, 1, 1));
    }
}
