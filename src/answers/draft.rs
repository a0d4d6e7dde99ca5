//! A file of answers to be filled in.

use std::fmt::Write as _;

use crate::model::assessment::{Assessment, EvidenceStatus, RuleResult, Status};
use crate::model::display;
use crate::model::labels;
use crate::yaml::quote::quoted_ascii;

/// Lines of evidence that are shown of one rule.
const LINES: usize = 12;
/// Characters of a line of the file.
const WIDTH: usize = 110;

/// YAML that lists what needs a person: what to look at, and the digest of the evidence. Nothing in
/// it decides before somebody fills it in.
#[must_use]
pub fn draft(assessment: &Assessment) -> String {
    let mut text = String::from("# Rules that are not reviewed yet. An entry decides nothing until `status` is set.\n");
    let snapshot = &assessment.snapshot;
    comment(
        &mut text,
        "",
        &format!(
            "Snapshot of {}, cluster {}.",
            snapshot.collected_at.as_deref().unwrap_or("an unknown day"),
            snapshot.cluster_id.as_deref().unwrap_or("not known")
        ),
    );
    comment(
        &mut text,
        "",
        "status: not_a_finding, open or not_applicable; `date` and `expires` are days such as 2027-06-30.",
    );
    comment(&mut text, "", "`node` and `subject` narrow an answer to one node or to one object of the evidence.");
    if let Some(cluster) = &snapshot.cluster_id {
        let _ = writeln!(text, "cluster: {}", quoted_ascii(cluster));
    }
    let open: Vec<&RuleResult> = assessment.rules.iter().filter(|rule| rule.status == Status::NotReviewed).collect();
    text.push_str(if open.is_empty() { "answers: []\n" } else { "answers:\n" });
    for rule in open {
        text.push('\n');
        entry(&mut text, rule);
    }
    text
}

fn entry(text: &mut String, rule: &RuleResult) {
    comment(text, "  ", &format!("{} (CAT {}): {}", rule.id, rule.cat, rule.title));
    if let Some(reason) = &rule.reason {
        comment(text, "  ", &format!("{}: {}", labels::reason_key(reason.code), reason.text));
    }
    let unknown: Vec<_> = rule.evidence.iter().filter(|line| line.status == EvidenceStatus::Unknown).collect();
    for line in unknown.iter().take(LINES) {
        let node = line.node.as_ref().map(|node| format!("{node}: ")).unwrap_or_default();
        comment(text, "  ", &format!("- {node}{}: {}", line.subject, line.seen));
    }
    let more = unknown.len().saturating_sub(LINES) as u64 + rule.evidence_omitted;
    if more > 0 {
        comment(text, "  ", &format!("- and {more} more lines of evidence in the report"));
    }
    // The id and the digest are made of letters, digits and dashes, with no blank behind the colon, so
    // that they need no quotes.
    let _ = write!(
        text,
        "  - rule: {}\n    status: undecided\n    comment: \"\"\n    reviewer: \"\"\n    date: \"\"\n    expires: \"\"\n    evidence_digest: {}\n",
        rule.id, rule.evidence_digest
    );
}

/// A comment in lines of moderate length. What stands in a snapshot must not leave its comment.
pub(crate) fn comment(text: &mut String, indent: &str, words: &str) {
    let mut line = String::new();
    for word in display::one_line(words).split(' ') {
        if !line.is_empty() && line.chars().count() + word.chars().count() >= WIDTH {
            let _ = writeln!(text, "{indent}#{line}");
            line.clear();
        }
        line.push(' ');
        line.extend(word.chars().take(400));
    }
    let _ = writeln!(text, "{indent}#{line}");
}
