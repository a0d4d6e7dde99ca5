//! A verdict in sentences, for formats that other programs read.

use std::borrow::Cow;
use std::fmt::Write as _;

use crate::model::assessment::{Assessment, DecidedBy, Evidence, RuleResult, Status};
use crate::model::{display, labels};
use crate::report::base::outcome::deciding;
use crate::report::base::{extract, text};

/// What is said where a format asks for a marking and none was set.
pub(crate) const NO_MARKING: &str = "no marking was set by the assessor";

/// The marking on one line, or that there is none.
pub(crate) fn marking(assessment: &Assessment) -> String {
    extract::marking(assessment).map_or_else(|| NO_MARKING.to_owned(), short)
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

/// What was judged by what, on one line.
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
    let mut line = labels::status(rule.status).to_owned();
    if let Some(reason) = &rule.reason {
        let (code, label) = (labels::reason_key(reason.code), labels::reason(reason.code));
        let _ = write!(line, " ({code}): {label}. {}", short(&reason.text));
    } else if rule.decided_by == DecidedBy::Answer {
        line.push_str(", by a recorded answer.");
    } else {
        let (checked, failed) = (text::grouped(rule.checked), text::grouped(rule.failed));
        let objects = labels::plural(rule.checked, "object", "objects");
        match rule.status {
            Status::Open => {
                let verb = labels::plural(rule.failed, "breaks", "break");
                let _ = write!(line, ": {failed} of {checked} {objects} {verb} the rule.");
            }
            Status::NotApplicable => {
                let why: Vec<_> = deciding(rule).take(3).map(|fact| short(&fact.seen)).collect();
                let _ = write!(line, ": {}.", why.join("; "));
            }
            _ if rule.checked == 0 => {
                line.push_str(": nothing that the rule is about was found where it was looked for.");
            }
            _ => {
                let _ = write!(line, ": {checked} {objects} looked at, none breaks the rule.");
            }
        }
    }
    line
}

/// A line of evidence on one line, without its place.
pub(crate) fn sentence(line: &Evidence) -> String {
    let mut said = short(&line.subject);
    if let Some(node) = &line.node
        && *node != line.subject
    {
        let _ = write!(said, " on {}", short(node));
    }
    let _ = write!(said, ": seen {}; wanted {}", short(&line.seen), short(&line.wanted));
    if line.count > 1 {
        let _ = write!(said, " (the same for {} objects)", text::grouped(line.count));
    }
    said
}

/// Where a line of evidence stands: `s.tar!a.json#/0/Id`, with the digest of the member.
pub(crate) fn place(line: &Evidence) -> String {
    if line.member.is_empty() {
        return String::new();
    }
    format!("{}, SHA-256 {}", short(&extract::place(line)), short(&line.sha256))
}

/// The verdict and all that it rests on, line by line and most telling first, in about `units`
/// UTF-16 units; what does not fit is counted.
pub(crate) fn details(rule: &RuleResult, units: usize) -> String {
    let mut said = headline(rule);
    said.push('\n');
    for gap in &rule.gaps {
        let (code, label) = (labels::reason_key(gap.code), labels::reason(gap.code));
        let _ = writeln!(said, "Not looked at ({code}): {label}. {}", short(&gap.text));
    }
    let mut used = said.encode_utf16().count();
    let mut left_out = 0_usize;
    for line in &rule.evidence {
        let entry = format!("{}: {}\n    {}\n", labels::evidence(line.status), sentence(line), place(line));
        used += entry.encode_utf16().count();
        if left_out > 0 || used > units {
            left_out += 1;
        } else {
            said.push_str(&entry);
        }
    }
    if left_out > 0 {
        let _ = writeln!(said, "… {} more lines of evidence stand in assessment.json.", text::grouped(left_out as u64));
    }
    if rule.evidence_omitted > 0 {
        let omitted = text::grouped(rule.evidence_omitted);
        let lines = labels::plural(rule.evidence_omitted, "line", "lines");
        let _ = writeln!(said, "{omitted} further {lines} of evidence were counted and not kept.");
    }
    said
}

/// What a reader should know besides: who decided, comments, how the text is read, digests.
pub(crate) fn remarks(assessment: &Assessment, rule: &RuleResult) -> String {
    let mut said = String::new();
    if rule.status != Status::NotReviewed {
        let _ = writeln!(said, "Decided by {}.", labels::decided_by(rule.decided_by));
    }
    if let Some(text) = override_text(rule) {
        let _ = writeln!(said, "Severity given by the site: {text}. The STIG's is {}.", rule.severity);
    }
    if let Some(text) = &rule.risk_acceptance {
        let _ = writeln!(said, "Risk accepted, the finding stays open: {}", short(text));
    }
    for text in [&rule.comment, &rule.reading] {
        let text = prose(text.trim());
        if !text.is_empty() {
            let _ = writeln!(said, "{text}");
        }
    }
    let tool = &assessment.tool;
    let _ = write!(
        said,
        "{} {}, rules {} {} (SHA-256 {}). Digest of the evidence: {}.",
        short(&tool.name),
        short(&tool.version),
        short(&tool.pack.id),
        short(&tool.pack.version),
        short(&tool.pack.sha256),
        short(&rule.evidence_digest)
    );
    said
}

/// A text on one line, hidden characters written out, cut with a note where it is long.
pub(crate) fn short(data: &str) -> String {
    let (head, note) = text::shown(data);
    let mut line = display::one_line(head);
    if let Some(note) = note {
        line.push_str(&note);
    }
    line
}

/// A text on its own lines, hidden characters written out.
pub(crate) fn prose(data: &str) -> Cow<'_, str> {
    display::visible(data)
}
