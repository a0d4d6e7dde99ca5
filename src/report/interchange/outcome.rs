//! What the formats for other programs have in common: outcomes, short texts, addresses of members.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::model::assessment::{
    Assessment, DecidedBy, Evidence, EvidenceStatus, Official, ReasonCode, RuleResult, Status,
};
use crate::model::display;
use crate::model::labels;
use crate::report::page::view;
use crate::report::text;

/// What is said where a format asks for a marking and none was set.
pub(crate) const NO_MARKING: &str = "no marking was set by the assessor";

/// The outcome of a rule, finer than the four statuses of checklists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Nothing breaks the rule.
    Pass,
    /// A finding.
    Fail,
    /// The rule does not apply.
    NotApplicable,
    /// A person or the SSP must say.
    Review,
    /// Evidence is missing or cannot be read.
    Undecided,
    /// The rule itself failed.
    Error,
}

impl Outcome {
    pub(crate) fn of(rule: &RuleResult) -> Self {
        match (rule.status, rule.reason.as_ref().map(|reason| reason.code)) {
            (Status::Open, _) => Self::Fail,
            (Status::NotAFinding, _) => Self::Pass,
            (Status::NotApplicable, _) => Self::NotApplicable,
            (Status::NotReviewed, Some(ReasonCode::RuleError)) => Self::Error,
            (
                Status::NotReviewed,
                Some(
                    ReasonCode::NeedsPerson
                    | ReasonCode::NeedsSsp
                    | ReasonCode::AnswerExpired
                    | ReasonCode::EvidenceChanged,
                ),
            ) => Self::Review,
            (Status::NotReviewed, _) => Self::Undecided,
        }
    }

    /// The word of XCCDF for it, which other formats carry as a property.
    pub(crate) fn xccdf(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::NotApplicable => "notapplicable",
            Self::Review => "notchecked",
            Self::Undecided => "unknown",
            Self::Error => "error",
        }
    }
}

/// The lines that a verdict rests on: what fails for Open, what is unknown for Not Reviewed, what
/// holds (or is excepted) for Not a Finding, what exempts for Not Applicable.
pub(crate) fn deciding(rule: &RuleResult) -> impl Iterator<Item = &Evidence> {
    let status = rule.status;
    rule.evidence.iter().filter(move |line| match status {
        Status::Open => line.status == EvidenceStatus::Fails,
        Status::NotReviewed => line.status == EvidenceStatus::Unknown,
        Status::NotAFinding => matches!(line.status, EvidenceStatus::Passes | EvidenceStatus::Excepted),
        Status::NotApplicable => line.status == EvidenceStatus::Exempts,
    })
}

/// The marking on one line, or that there is none.
pub(crate) fn marking(assessment: &Assessment) -> String {
    view::marking(assessment).map_or_else(|| NO_MARKING.to_owned(), short)
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

/// The rule's title: the benchmark's where one was given, else the pack's.
pub(crate) fn title(rule: &RuleResult) -> &str {
    official(rule, |official| &official.title, &rule.title)
}

/// Why the rule matters, as [`title`].
pub(crate) fn discussion(rule: &RuleResult) -> &str {
    official(rule, |official| &official.discussion, &rule.why)
}

/// How the rule is checked, as [`title`].
pub(crate) fn check(rule: &RuleResult) -> &str {
    official(rule, |official| &official.check, &rule.how)
}

/// How a finding is fixed, as [`title`].
pub(crate) fn fix(rule: &RuleResult) -> &str {
    official(rule, |official| &official.fix, &rule.fix)
}

fn official<'a>(rule: &'a RuleResult, text: impl Fn(&'a Official) -> &'a String, own: &'a str) -> &'a str {
    rule.official.as_ref().map(text).filter(|text| !text.trim().is_empty()).map_or(own, String::as_str)
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
    format!("{}, SHA-256 {}", short(&view::place(line)), short(&line.sha256))
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

/// The nodes that deciding evidence names, in the order of their names.
pub(crate) fn nodes(rule: &RuleResult) -> BTreeSet<&str> {
    deciding(rule).filter_map(|line| line.node.as_deref()).collect()
}

/// A member as a relative reference (RFC 3986): it names no host, has no scheme and climbs nowhere.
pub(crate) fn uri(member: &str) -> String {
    let mut uri = String::with_capacity(member.len() + 8);
    for (index, segment) in member.split('/').enumerate() {
        if index > 0 {
            uri.push('/');
        }
        // Empty and dotted segments would change which file is meant.
        if segment.bytes().all(|byte| byte == b'.') {
            uri.push('_');
        }
        for byte in segment.bytes() {
            if byte.is_ascii_alphanumeric() || b"-._~!$'()*,".contains(&byte) {
                uri.push(char::from(byte));
            } else {
                let _ = write!(uri, "%{byte:02X}");
            }
        }
    }
    uri
}

/// The line of a text that a pointer names.
pub(crate) fn line_number(pointer: &str) -> Option<u32> {
    pointer.strip_prefix("line ")?.parse().ok().filter(|line| *line > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_stay_below_their_base() {
        assert_eq!(uri("s.tar.zst!nodes/w 1/a.json"), "s.tar.zst!nodes/w%201/a.json");
        assert_eq!(uri("../../etc/passwd"), "_../_../etc/passwd");
        assert_eq!(uri("//host/x"), "_/_/host/x");
        assert_eq!(uri("javascript:alert(1)"), "javascript%3Aalert(1)");
        assert_eq!(uri("a\\b?c#d%2e\u{202e}"), "a%5Cb%3Fc%23d%252e%E2%80%AE");
        assert_eq!(uri("a%2F..;x"), "a%252F..%3Bx");
    }

    #[test]
    fn lines_are_numbers_from_one() {
        assert_eq!(line_number("line 3"), Some(3));
        assert_eq!(line_number("line 0"), None);
        assert_eq!(line_number("/line 3"), None);
        assert_eq!(line_number("line 99999999999"), None);
    }
}
