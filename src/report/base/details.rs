//! What a checklist says of a verdict: the finding details and the comment of a rule, as plain text.
//!
//! Both are within what importers keep. The verdict comes first, then what it rests on, then the
//! objects, the worst first, so that a cut loses what matters least.

use crate::answers::carry::Lines;
use crate::model::assessment::{Assessment, Evidence, EvidenceStatus, Reason, RuleResult, Status};
use crate::model::display;
use crate::model::labels;
use crate::report::base::limit::{UNITS, fit, spelled_out, units};
use crate::report::base::types::Choices;
use crate::report::base::{extract, text};

/// Characters of one value seen or wanted; `assessment.json` has all.
const VALUE: usize = 600;

/// Characters of one name, path or pointer.
const NAME: usize = 400;

/// Units kept for what stands behind the evidence lines.
const TAIL: usize = 300;

/// Statuses of evidence, worst first, with the heading of their lines.
const HEADINGS: [(EvidenceStatus, &str); 6] = [
    (EvidenceStatus::Fails, "Fails:"),
    (EvidenceStatus::Unknown, "Cannot be told:"),
    (EvidenceStatus::Excepted, "Excepted by the SSP:"),
    (EvidenceStatus::Exempts, "Makes the rule not applicable:"),
    (EvidenceStatus::Noted, "Noted, not deciding:"),
    (EvidenceStatus::Passes, "Passes:"),
];

/// What was found for a rule: its status with the reason, counts, the digest of the evidence, and the
/// evidence line by line. At most 32,767 UTF-16 units, never empty, without hidden characters.
#[must_use]
pub fn finding_details(rule: &RuleResult, choices: &Choices) -> String {
    let mut page = Page::new(choices);
    page.line(&verdict(rule));
    if let Some(reason) = &rule.reason {
        page.line(&reason_line(reason));
    }
    for gap in &rule.gaps {
        page.line(&format!("Not looked at: {}", reason_line(gap)));
    }
    if rule.reason.is_none() {
        page.line(&format!("Decided by {}.", labels::decided_by(rule.decided_by)));
    }
    for (class, counts) in &rule.classes {
        let class = display::cut(labels::class(class), NAME);
        let (checked, failed) = (text::grouped(counts.checked), text::grouped(counts.failed));
        page.line(&format!("{class}: {checked} checked, {failed} break the condition."));
    }
    page.line(&format!("Evidence digest: SHA-256 {}", display::cut(&rule.evidence_digest, NAME)));
    evidence(&mut page, rule);
    page.finish()
}

fn verdict(rule: &RuleResult) -> String {
    let (checked, failed) = (text::grouped(rule.checked), text::grouped(rule.failed));
    let counts = match rule.status {
        _ if rule.checked == 0 && rule.failed == 0 => String::new(),
        Status::Open => format!(" {failed} of {checked} objects checked break the rule."),
        _ => format!(" {checked} {} checked.", labels::plural(rule.checked, "object was", "objects were")),
    };
    format!("{}.{counts}", labels::status(rule.status))
}

fn reason_line(reason: &Reason) -> String {
    format!("{} ({}): {}", labels::reason(reason.code), labels::reason_key(reason.code), reason.text)
}

/// The lines of evidence that fit, each with its place, and how many do not.
fn evidence(page: &mut Page<'_>, rule: &RuleResult) {
    if rule.evidence.is_empty() {
        page.line("No evidence was found.");
    }
    let mut left_out = 0;
    for (status, heading) in HEADINGS {
        let mut headed = false;
        for line in rule.evidence.iter().filter(|line| line.status == status) {
            let mut text = String::new();
            if !headed {
                text.push_str(&format!("\n{heading}\n"));
            }
            text.push_str(&evidence_line(line));
            if left_out == 0 && page.fits(&text) {
                page.line(&text);
                headed = true;
            } else {
                left_out += 1;
            }
        }
    }
    if left_out > 0 {
        let count = text::grouped(left_out);
        page.line(&format!("\n[{count} more lines of evidence do not fit here; assessment.json has them]"));
    }
    if rule.evidence_omitted > 0 {
        let count = text::grouped(rule.evidence_omitted);
        page.line(&format!("\n[{count} more lines are beyond the cap of the assessment; the counts include them]"));
    }
}

fn evidence_line(line: &Evidence) -> String {
    let short = |text: &str, limit: usize| {
        let shown = display::one_line(display::cut(text, limit));
        if display::cut(text, limit).len() < text.len() { format!("{shown} [cut]") } else { shown }
    };
    let node = line.node.as_deref().map_or_else(|| "cluster".to_owned(), |node| short(node, NAME));
    let class = line.class.as_deref().map(|class| format!(" ({})", short(class, NAME))).unwrap_or_default();
    let count = if line.count > 1 { format!(" x {}", text::grouped(line.count)) } else { String::new() };
    let mut out = format!("- {node}: {}{class}{count}", short(&line.subject, NAME));
    for (name, value) in [("seen", &line.seen), ("wanted", &line.wanted)] {
        if !value.is_empty() {
            out.push_str(&format!(", {name}: {}", short(value, VALUE)));
        }
    }
    if !line.member.is_empty() {
        let place = short(&extract::place(line), NAME * 2);
        out.push_str(&format!("\n  in {place} (SHA-256 {})", short(&line.sha256, NAME)));
    }
    out
}

/// How a rule was decided: by what program, pack and snapshot, what people set beside it, how the
/// rule is read. At most 32,767 UTF-16 units, never empty, without hidden characters.
#[must_use]
pub fn comment(assessment: &Assessment, rule: &RuleResult, choices: &Choices) -> String {
    let mut page = Page::new(choices);
    let (tool, snapshot) = (&assessment.tool, &assessment.snapshot);
    let cut = |text: &str| display::one_line(display::cut(text, NAME));
    page.line(&format!(
        "Assessed by {} {} with rule pack {} {} (SHA-256 {}).",
        cut(&tool.name),
        cut(&tool.version),
        cut(&tool.pack.id),
        cut(&tool.pack.version),
        cut(&tool.pack.sha256)
    ));
    // The second line: what stands above it is no snapshot's text.
    let answers = Lines::of(rule);
    page.line(&answers.header());
    let collected = snapshot.collected_at.as_deref().map_or("at a time not stated".to_owned(), cut);
    let integrity = labels::integrity_key(snapshot.integrity.status);
    page.line(&format!("Snapshot collected {collected}, integrity {integrity}."));
    for input in snapshot.inputs.iter().take(20) {
        page.line(&format!("Input {}: SHA-256 {}", cut(&input.name), cut(&input.sha256)));
    }
    if snapshot.inputs.len() > 20 {
        page.line(&format!("and {} more inputs, in assessment.json", snapshot.inputs.len() - 20));
    }
    if let Some(given) = &rule.severity_override {
        page.line(&format!(
            "Severity given by the site: {} in place of {} ({}, {}): {}",
            given.severity,
            rule.severity,
            cut(&given.reviewer),
            cut(&given.date),
            given.justification
        ));
    }
    if let Some(why) = &rule.risk_acceptance {
        page.line(&format!("Risk accepted, the finding stays open: {why}"));
    }
    for (label, prose) in [("", &rule.comment), ("How it is decided: ", &rule.how), ("Reading: ", &rule.reading)] {
        if !prose.trim().is_empty() {
            page.line(&format!("{label}{}", prose.trim()));
        }
    }
    page.finish_with(&answers.lines)
}

/// A text as a checklist may hold it: hidden characters and, if chosen, what looks like a command
/// written out, and cut to what importers keep.
pub(crate) fn plain(text: &str, choices: &Choices) -> String {
    fit(harmless(text, choices).trim(), UNITS).into_owned()
}

/// A text with hidden characters and, if chosen, what looks like a command written out.
fn harmless(text: &str, choices: &Choices) -> String {
    let lines = text.replace("\r\n", "\n");
    let shown = display::visible(&lines);
    if choices.safe_text { spelled_out(&shown).into_owned() } else { shown.into_owned() }
}

/// The line that tells the marking, or that none was set.
#[must_use]
pub fn marking_line(assessment: &Assessment) -> String {
    match extract::marking(assessment) {
        Some(marking) => format!("Marking: {}", display::one_line(display::cut(marking, NAME))),
        None => "No marking was set for this report.".to_owned(),
    }
}

/// Lines of text within the limit.
struct Page<'c> {
    text: String,
    units: usize,
    choices: &'c Choices,
}

impl<'c> Page<'c> {
    fn new(choices: &'c Choices) -> Self {
        Self { text: String::new(), units: 0, choices }
    }

    /// A text as a line of this page; no single one needs more than a whole text may have.
    fn ready(&self, text: &str) -> String {
        fit(&harmless(text, self.choices), UNITS - TAIL * 2).into_owned()
    }

    fn fits(&self, text: &str) -> bool {
        self.units + units(&self.ready(text)) + TAIL < UNITS
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
        let mut text = fit(self.text.trim(), UNITS - tail.len()).into_owned();
        text.push_str(&tail);
        text
    }
}
