//! A verdict in plain text, the same in every format: the headline, the details that a reviewer reads as the finding, and
//! the comment on how it came about.
//!
//! Details say the verdict first, then what it rests on, then the objects, the worst first, so that a cut loses what
//! matters least. Every text is within the bound that its reader has, which is counted in UTF-16 units because the
//! importers count so. What differs between formats is a [`Form`], not another sentence.

use std::fmt::Write as _;

use crate::answers::carry::Lines;
use crate::model::assessment::{
    Assessment, DecidedBy, DecisionFile, DecisionRole, Evidence, EvidenceStatus, Reason, RuleResult, Status,
};
use crate::model::{display, labels};
use crate::report::base::limit::{UNITS, fit, spelled_out, units};
use crate::report::base::outcome::deciding;
use crate::report::base::text::{grouped, short, short_within};
use crate::report::base::types::Choices;
use crate::report::base::{extract, text};

/// What is said where a format asks for a marking and none was set.
pub(crate) const NO_MARKING: &str = "no marking was set by the assessor";

/// Characters of one name, value or path in the details; `assessment.json` has all. A line of evidence has five of them,
/// so some ten of the longest lines still fit into what importers keep.
const VALUE: usize = 600;

/// Inputs that a comment names; more are counted.
const INPUTS: usize = 20;

/// Units that are kept free for the notes behind the lines of evidence.
const TAIL: usize = 300;

/// Statuses of evidence, the worst first.
const WORST_FIRST: [EvidenceStatus; 6] = [
    EvidenceStatus::Fails,
    EvidenceStatus::Unknown,
    EvidenceStatus::Excepted,
    EvidenceStatus::Exempts,
    EvidenceStatus::Noted,
    EvidenceStatus::Passes,
];

/// What a format asks of a text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Form {
    /// UTF-16 units at most.
    pub(crate) limit: usize,
    /// Whether what looks like a command is spelled out.
    pub(crate) safe_text: bool,
    /// Whether a reader of the comment sees nothing else of the assessment, so that it names the inputs and how the rule
    /// is decided.
    pub(crate) stands_alone: bool,
}

impl Form {
    /// The form of a checklist: importers keep its texts and forget the file.
    pub(crate) fn checklist(choices: &Choices) -> Self {
        Self { limit: UNITS, safe_text: choices.safe_text, stands_alone: true }
    }

    /// The form of a file that says the rest elsewhere.
    pub(crate) fn within(limit: usize) -> Self {
        Self { limit, safe_text: false, stands_alone: false }
    }
}

/// The marking on one line, or that there is none.
pub(crate) fn marking(assessment: &Assessment) -> String {
    extract::marking(assessment).map_or_else(|| NO_MARKING.to_owned(), short)
}

/// The line that tells the marking, or that none was set.
pub(crate) fn marking_line(assessment: &Assessment) -> String {
    match extract::marking(assessment) {
        Some(marking) => format!("Marking: {}", short_within(marking, VALUE)),
        None => "No marking was set for this report.".to_owned(),
    }
}

/// The benchmark on one line: `Title, V2R1, 2024-07-24`.
pub(crate) fn benchmark(assessment: &Assessment) -> String {
    let benchmark = &assessment.benchmark;
    let mut line = short(&benchmark.title);
    if !benchmark.version.is_empty() {
        let _ = write!(line, ", V{}R{}", short(&benchmark.version), short(&benchmark.release));
    }
    if !benchmark.date.is_empty() {
        let _ = write!(line, ", {}", short(&benchmark.date));
    }
    line
}

/// What was assessed, and with which rules, on one line.
pub(crate) fn subject(assessment: &Assessment) -> String {
    format!("{} against {}", short(&assessment.asset.name), benchmark(assessment))
}

/// The severity that the site gives, with who says so and why.
pub(crate) fn override_text(rule: &RuleResult) -> Option<String> {
    let given = rule.severity_override.as_ref()?;
    Some(format!(
        "{} by {} on {}: {}",
        given.severity,
        short(&given.reviewer),
        short(&given.date),
        short(&given.justification)
    ))
}

/// The verdict in one line: status, reason, counts.
pub(crate) fn headline(rule: &RuleResult) -> String {
    verdict(rule, &short)
}

/// The verdict, with the text of its reason in the shape that is wanted.
fn verdict(rule: &RuleResult, shape: &dyn Fn(&str) -> String) -> String {
    let status = labels::status(rule.status);
    if let Some(reason) = &rule.reason {
        return format!("{status} {}", because(reason, shape));
    }
    if rule.decided_by == DecidedBy::Answer {
        return format!("{status}, by a recorded answer.");
    }
    let (checked, failed) = (grouped(rule.checked), grouped(rule.failed));
    let objects = labels::plural(rule.checked, "object", "objects");
    match rule.status {
        Status::Open => {
            let verb = labels::plural(rule.failed, "breaks", "break");
            format!("{status}: {failed} of {checked} {objects} {verb} the rule.")
        }
        Status::NotApplicable => {
            let why: Vec<String> = deciding(rule).take(3).map(|fact| short(&fact.seen)).collect();
            format!("{status}: {}.", why.join(", "))
        }
        _ if rule.checked == 0 => {
            format!("{status}: nothing that the rule is about was found where it was looked for.")
        }
        _ => format!("{status}: {checked} {objects} looked at, none breaks the rule."),
    }
}

/// `(missing): Evidence is not in the snapshot. …`
fn because(reason: &Reason, shape: &dyn Fn(&str) -> String) -> String {
    format!("({}): {}. {}", labels::reason_key(reason.code), labels::reason(reason.code), shape(&reason.text))
}

/// What the verdict rests on besides evidence, line by line: the verdict, gaps, what decided, counts by class.
pub(crate) fn summary(rule: &RuleResult) -> Vec<String> {
    // One line each: whoever reads the details back looks for lines of this program among them.
    let whole = |text: &str| display::one_line(text);
    let mut lines = vec![verdict(rule, &whole)];
    lines.extend(rule.gaps.iter().map(|gap| format!("Not looked at {}", because(gap, &whole))));
    if rule.reason.is_none() {
        lines.push(format!("Decided by {}.", labels::decided_by(rule.decided_by)));
    }
    lines.extend(rule.classes.iter().map(|(class, counts)| {
        let class = short_within(labels::class(class), VALUE);
        format!("{class}: {} checked, {} break the condition.", grouped(counts.checked), grouped(counts.failed))
    }));
    lines
}

/// A line of evidence on one line, without its place.
pub(crate) fn sentence(line: &Evidence) -> String {
    sentence_within(line, text::SHOWN)
}

/// A line of evidence on one line, each of its values within so many characters.
fn sentence_within(line: &Evidence, limit: usize) -> String {
    let short = |text: &str| short_within(text, limit);
    let mut said = short(&line.subject);
    if let Some(class) = &line.class {
        let _ = write!(said, " ({})", short(class));
    }
    if let Some(node) = line.node.as_ref().filter(|node| **node != line.subject) {
        let _ = write!(said, " on {}", short(node));
    }
    if !line.seen.is_empty() {
        let _ = write!(said, ": found {}", short(&line.seen));
    }
    if !line.wanted.is_empty() {
        let _ = write!(said, " (expected {})", short(&line.wanted));
    }
    if line.count > 1 {
        let _ = write!(said, " (the same for {} objects)", grouped(line.count));
    }
    said
}

/// Where a line of evidence stands: `s.tar!a.json#/0/Id`, with the digest of the member.
pub(crate) fn place(line: &Evidence) -> String {
    if line.member.is_empty() {
        return String::new();
    }
    format!("{}, SHA-256 {}", short_within(&extract::place(line), VALUE * 2), short_within(&line.sha256, VALUE))
}

/// Returns the finding details of a checklist: the verdict with its reason, counts, the digest of the evidence, and the
/// evidence line by line. At most 32,767 UTF-16 units, never empty, without hidden characters.
///
/// ```no_run
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use mke_stig::report::{Choices, finding_details, parse};
///
/// let assessment = parse(&std::fs::read("assessment.json")?)?;
/// println!("{}", finding_details(&assessment.rules[0], &Choices::default()));
/// # Ok(())
/// # }
/// ```
#[must_use]
pub fn finding_details(rule: &RuleResult, choices: &Choices) -> String {
    details(rule, Form::checklist(choices))
}

/// What was found for a rule: the verdict with its reason, counts, the digest of the evidence, and the evidence line by
/// line, the worst first. What does not fit is counted.
pub(crate) fn details(rule: &RuleResult, form: Form) -> String {
    let mut page = Bounded::new(form);
    for line in summary(rule) {
        page.line(&line);
    }
    page.line(&format!("Evidence digest: SHA-256 {}", short_within(&rule.evidence_digest, VALUE)));
    evidence(&mut page, rule);
    page.finish()
}

fn evidence(page: &mut Bounded, rule: &RuleResult) {
    if rule.evidence.is_empty() {
        page.line("No evidence was found.");
    }
    let mut left_out = 0;
    for status in WORST_FIRST {
        let mut heading = format!("\n{}:\n", labels::evidence(status));
        for line in rule.evidence.iter().filter(|line| line.status == status) {
            let entry = entry(line);
            if left_out == 0 && page.fits(&format!("{heading}{entry}")) {
                page.line(&format!("{heading}{entry}"));
                heading.clear();
            } else {
                left_out += 1;
            }
        }
    }
    if left_out > 0 {
        page.line(&format!("\n{} more lines of evidence stand in assessment.json.", grouped(left_out)));
    }
    if rule.evidence_omitted > 0 {
        let lines = labels::plural(rule.evidence_omitted, "line", "lines");
        let omitted = grouped(rule.evidence_omitted);
        page.line(&format!("\n{omitted} further {lines} of evidence were counted and not kept."));
    }
}

/// A line of evidence and, on a line of its own, its place.
fn entry(line: &Evidence) -> String {
    let place = place(line);
    let within = if place.is_empty() { String::new() } else { format!("\n  in {place}") };
    format!("- {}{within}", sentence_within(line, VALUE))
}

/// Returns the comment of a checklist: by what a rule was decided, what people set beside it, how it is read. At most
/// 32,767 UTF-16 units, never empty, without hidden characters.
///
/// ```no_run
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use mke_stig::report::{Choices, comment, parse};
///
/// let assessment = parse(&std::fs::read("assessment.json")?)?;
/// println!("{}", comment(&assessment, &assessment.rules[0], &Choices::default()));
/// # Ok(())
/// # }
/// ```
#[must_use]
pub fn comment(assessment: &Assessment, rule: &RuleResult, choices: &Choices) -> String {
    remarks(assessment, rule, Form::checklist(choices))
}

/// How a rule was decided: by what program, pack and snapshot, what people set beside it, how the rule is read.
pub(crate) fn remarks(assessment: &Assessment, rule: &RuleResult, form: Form) -> String {
    let mut page = Bounded::new(form);
    for remark in each_remark(assessment, rule, form.stands_alone) {
        page.line(&remark);
    }
    // What stands alone is all that comes back from a reviewer, so it carries the answers themselves.
    if form.stands_alone { page.finish_with(&Lines::of(rule).lines) } else { page.finish() }
}

/// The remarks one by one; those of people and of the rule may have several lines.
pub(crate) fn each_remark(assessment: &Assessment, rule: &RuleResult, stands_alone: bool) -> Vec<String> {
    let tool = &assessment.tool;
    let cut = |text: &str| short_within(text, VALUE);
    let mut remarks = vec![format!(
        "Assessed by {} {} with rule pack {} {} (SHA-256 {}).",
        cut(&tool.name),
        cut(&tool.version),
        cut(&tool.pack.id),
        cut(&tool.pack.version),
        cut(&tool.pack.sha256)
    )];
    if stands_alone {
        // The second line: what stands above it is no text of a snapshot.
        remarks.push(Lines::of(rule).header());
        remarks.extend(inputs(assessment));
    }
    if let Some(given) = override_text(rule) {
        remarks.push(format!("Severity given by the site (the STIG's is {}): {given}", rule.severity));
    }
    if let Some(why) = &rule.risk_acceptance {
        remarks.push(format!("Risk accepted, the finding stays open: {why}"));
    }
    let how = if stands_alone { rule.how.as_str() } else { "" };
    let texts = [("", rule.comment.as_str()), ("How it is decided: ", how), ("Reading: ", &rule.reading)];
    let told = texts.iter().filter(|(_, text)| !text.trim().is_empty());
    remarks.extend(told.map(|(label, text)| format!("{label}{}", text.trim())));
    remarks
}

fn inputs(assessment: &Assessment) -> Vec<String> {
    let snapshot = &assessment.snapshot;
    let cut = |text: &str| short_within(text, VALUE);
    let collected = snapshot.collected_at.as_deref().map_or_else(|| "at a time not stated".to_owned(), cut);
    let integrity = labels::integrity_key(snapshot.integrity.status);
    let mut lines = vec![format!("Snapshot collected {collected}, integrity {integrity}.")];
    let named = snapshot.inputs.iter().take(INPUTS);
    lines.extend(named.map(|input| format!("Input {}: SHA-256 {}", cut(&input.name), cut(&input.sha256))));
    if snapshot.inputs.len() > INPUTS {
        lines.push(format!("and {} more inputs, in assessment.json", snapshot.inputs.len() - INPUTS));
    }
    lines.extend(assessment.decisions.iter().take(INPUTS).map(|file| decision_file(file, VALUE)));
    lines
}

/// A file of people's decisions in one line, its name cut to a number of characters.
pub(crate) fn decision_file(file: &DecisionFile, most: usize) -> String {
    let role = match file.role {
        DecisionRole::Ssp => "SSP",
        DecisionRole::Answers => "Answers",
    };
    let name = short_within(&file.name, most);
    format!("{role} {name}: {} used, {} not used, SHA-256 {}", file.used, file.unused, file.sha256)
}

/// A text of others as a checklist may hold it: hidden characters and, if chosen, what looks like a command written out,
/// and cut to what importers keep.
pub(crate) fn plain(text: &str, form: Form) -> String {
    fit(harmless(text, form.safe_text).trim(), form.limit).into_owned()
}

/// A text with hidden characters and, if chosen, what looks like a command written out.
fn harmless(text: &str, safe_text: bool) -> String {
    let lines = text.replace("\r\n", "\n");
    let shown = display::visible(&lines);
    if safe_text { spelled_out(&shown).into_owned() } else { shown.into_owned() }
}

/// Lines of text within the limit.
struct Bounded {
    text: String,
    units: usize,
    form: Form,
}

impl Bounded {
    fn new(form: Form) -> Self {
        Self { text: String::new(), units: 0, form }
    }

    /// A text as a line of this page; no single one needs more than a whole text may have.
    fn ready(&self, text: &str) -> String {
        fit(&harmless(text, self.form.safe_text), self.form.limit - TAIL * 2).into_owned()
    }

    fn fits(&self, text: &str) -> bool {
        self.units + units(&self.ready(text)) + TAIL < self.form.limit
    }

    fn line(&mut self, text: &str) {
        let text = self.ready(text);
        self.units += units(&text) + 1;
        self.text.push_str(&text);
        self.text.push('\n');
    }

    fn finish(self) -> String {
        self.finish_with(&[])
    }

    /// The page, cut so that these lines stand whole at its end.
    fn finish_with(self, lines: &[String]) -> String {
        let tail: String = lines.iter().map(|line| format!("\n{line}")).collect();
        let mut text = fit(self.text.trim(), self.form.limit - tail.len()).into_owned();
        text.push_str(&tail);
        text
    }
}
