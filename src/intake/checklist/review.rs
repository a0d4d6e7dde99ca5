//! What a checklist says of a rule, in words that all checklists share.

use crate::model::limits;
use crate::model::severity::Severity;
use crate::yaml::Problem;

/// Reviews of one checklist, over all its STIGs.
pub(super) const MAX_REVIEWS: usize = limits::REVIEWS;
/// Problems that are told of one file.
pub(super) const MAX_PROBLEMS: usize = 50;

/// A checklist.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Checklist {
    /// Name of the asset.
    pub asset: String,
    /// The reviews, in the order of the file.
    pub reviews: Vec<Review>,
    /// Reviews that cannot be read, each with its line.
    pub problems: Vec<Problem>,
}

/// What was found about one rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// Id of the benchmark.
    pub stig_id: String,
    /// `V-…`; empty where the file has none.
    pub vuln_id: String,
    /// `SV-…r…_rule`; empty where the file has none.
    pub rule_id: String,
    /// Ids of earlier benchmarks.
    pub legacy_ids: Vec<String>,
    /// What was found.
    pub status: ReviewStatus,
    /// The finding's details.
    pub details: String,
    /// Comments.
    pub comments: String,
    /// Another severity that the site gives it.
    pub severity: Option<Severity>,
    /// Why it does.
    pub justification: String,
    /// Line of the file in which it begins.
    pub line: usize,
}

/// A status, in the four words that all checklists share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReviewStatus {
    /// No finding.
    NotAFinding,
    /// A finding.
    Open,
    /// The rule does not apply.
    NotApplicable,
    /// Nobody has looked.
    NotReviewed,
}

impl ReviewStatus {
    /// The status that a file's word stands for; none for a word that is unknown.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        let word: String =
            word.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).take(20).collect();
        Some(match word.as_str() {
            "notafinding" | "nf" | "pass" => Self::NotAFinding,
            "open" | "o" | "fail" => Self::Open,
            "notapplicable" | "na" => Self::NotApplicable,
            "notreviewed" | "nr" | "notchecked" => Self::NotReviewed,
            _ => return None,
        })
    }

    /// As `answers.yaml` writes it; `undecided` for what nobody has looked at.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::NotAFinding => "not_a_finding",
            Self::Open => "open",
            Self::NotApplicable => "not_applicable",
            Self::NotReviewed => "undecided",
        }
    }
}

/// A severity that can stand for another; checklists do not agree on capitals.
pub(super) fn severity(word: &str) -> Option<Severity> {
    Severity::parse(&word.trim().to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_are_read_in_every_spelling() {
        for word in ["NotAFinding", "not_a_finding", "NF", "pass", "Not A Finding"] {
            assert_eq!(ReviewStatus::parse(word), Some(ReviewStatus::NotAFinding), "{word}");
        }
        for word in ["Not_Reviewed", "notchecked", "nr"] {
            assert_eq!(ReviewStatus::parse(word), Some(ReviewStatus::NotReviewed), "{word}");
        }
        assert_eq!(ReviewStatus::parse("Not_Applicable"), Some(ReviewStatus::NotApplicable));
        assert_eq!(ReviewStatus::parse("OPEN"), Some(ReviewStatus::Open));
        for word in ["", "Profile_Error", "notafinding!!!!!!!!!!!!!!!x", "undecided"] {
            assert_eq!(ReviewStatus::parse(word), None, "{word}");
        }
    }
}
