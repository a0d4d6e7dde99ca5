//! What was imported, as a file of answers to be completed.

use std::fmt::Write as _;

use crate::answers::AnswerStatus;
use crate::answers::draft::comment;
use crate::answers::import::imported::{Entry, Imported};
use crate::intake::ReviewStatus;
use crate::yaml::quote::{quoted, scalar};

/// Characters of one comment; the file is read by people, and the source has the rest.
const MAX_COMMENT: usize = 6000;
/// Characters of other values.
const MAX_VALUE: usize = 1000;

impl Imported {
    /// The answers as YAML in the form that `--answers` takes.
    #[must_use]
    pub fn yaml(&self, sha256: &str) -> String {
        let mut text = String::new();
        let about = if self.about.is_empty() { String::new() } else { format!(" about {}", cut(&self.about, 200)) };
        comment(&mut text, "", &format!("Answers from {} ({}{about}), SHA-256 {sha256}.", self.file, self.form));
        let left = self.entries.iter().filter(|entry| entry.status == AnswerStatus::Undecided).count();
        comment(
            &mut text,
            "",
            &format!(
                "TO BE COMPLETED: {left} of {} entries. `status: undecided` decides nothing; `proposed` is what the file said.",
                self.entries.len()
            ),
        );
        let whole = self.entries.len() - left;
        if whole > 0 {
            comment(
                &mut text,
                "",
                &format!(
                    "{whole} entries have their reviewer, dates and digest from an earlier checklist of this program, and decide as they did."
                ),
            );
        }
        comment(
            &mut text,
            "",
            "To take an entry over, set `status`, `reviewer`, `date`, `expires` (days such as 2027-06-30) and `evidence_digest`: `mke-stig answers draft` writes the digests. Where `re_review` stands, compare the official texts first, then take it out.",
        );
        for (what, list) in [
            ("Not reviewed in the file, so nothing to carry", &self.not_reviewed),
            ("Decided by evidence in the file, so nothing to carry", &self.by_evidence),
        ] {
            if !list.is_empty() {
                comment(&mut text, "", &format!("{what}: {}.", list.join(", ")));
            }
        }
        text.push_str(if self.entries.is_empty() { "answers: []\n" } else { "answers:\n" });
        for item in &self.entries {
            text.push('\n');
            entry(&mut text, item);
        }
        text
    }
}

fn entry(text: &mut String, entry: &Entry) {
    comment(text, "  ", &format!("{} ({})", entry.rule, entry.title));
    comment(text, "  ", &format!("From {}.", entry.origin));
    if entry.status == AnswerStatus::Undecided {
        let missing: Vec<&str> = [
            ("status", true),
            ("comment", entry.comment.is_empty()),
            ("reviewer", entry.reviewer.is_empty()),
            ("date", entry.date.is_empty()),
            ("expires", entry.expires.is_empty()),
            ("evidence_digest", entry.evidence_digest.is_none() && entry.proposed != ReviewStatus::Open),
        ]
        .into_iter()
        .filter_map(|(name, missing)| missing.then_some(name))
        .collect();
        comment(text, "  ", &format!("TO BE COMPLETED: {}.", missing.join(", ")));
    }
    let status = entry.status.key();
    let _ = writeln!(text, "  - rule: {}\n    status: {status}", quoted(&entry.rule));
    if entry.status == AnswerStatus::Undecided {
        let _ = writeln!(text, "    proposed: {}", entry.proposed.word());
    }
    let mut value = |key: &str, value: &str, limit: usize| {
        let value = if entry.whole { value.to_owned() } else { cut(value, limit) };
        let _ = writeln!(text, "    {key}: {}", scalar(&value, "    "));
    };
    for (key, given) in [("re_review", &entry.re_review), ("node", &entry.node), ("subject", &entry.subject)] {
        if let Some(given) = given {
            value(key, given, MAX_VALUE);
        }
    }
    value("comment", &entry.comment, MAX_COMMENT);
    value("reviewer", &entry.reviewer, MAX_VALUE);
    value("date", &entry.date, MAX_VALUE);
    value("expires", &entry.expires, MAX_VALUE);
    value("evidence_digest", entry.evidence_digest.as_deref().unwrap_or_default(), MAX_VALUE);
    for (key, given) in [
        ("risk_acceptance", &entry.risk_acceptance),
        ("severity", &entry.severity.map(|severity| severity.name().to_owned())),
        ("justification", &entry.justification),
    ] {
        if let Some(given) = given {
            value(key, given, MAX_COMMENT);
        }
    }
}

/// The text, trimmed, with a note where it is not all of it.
fn cut(text: &str, limit: usize) -> String {
    let text = text.trim();
    match text.char_indices().nth(limit) {
        Some((end, _)) => format!("{} [cut; see the original file]", text[..end].trim_end()),
        None => text.to_owned(),
    }
}
