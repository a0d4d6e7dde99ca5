//! What was found for a rule, in one sentence that can be pasted into a checklist.
//!
//! It names the obligation, then who does not meet it: users' objects first, because they are the site's to mend, and the
//! value that was found. A rule that is not reviewed says what is missing instead.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::model::assessment::{DecidedBy, Evidence, RuleResult, Status};
use crate::model::labels;
use crate::report::base::outcome::{failing, is_own};
use crate::report::base::prose;
use crate::report::base::text::{grouped, short_within};

/// Objects that the sentence names; more are counted.
const NAMED: usize = 3;
/// Characters of a name or a value in the sentence.
const VALUE: usize = 120;
/// Characters of a reason on the first screen; the rule itself shows the whole text.
const REASON: usize = 320;

/// The sentence of a rule, in plain text.
pub(crate) fn finding(rule: &RuleResult) -> String {
    match (rule.status, &rule.reason) {
        (Status::Open, _) if rule.decided_by != DecidedBy::Answer && rule.failed > 0 => open(rule),
        (_, Some(reason)) => format!("{}. {}", obligation(rule), short_within(&reason.text, REASON)),
        _ => prose::headline(rule),
    }
}

fn open(rule: &RuleResult) -> String {
    let (failed, checked) = (grouped(rule.failed), grouped(rule.checked));
    let objects = labels::plural(rule.checked, "object", "objects");
    let verb = labels::plural(rule.failed, "fails", "fail");
    let title = obligation(rule);
    let mut named: Vec<String> = Vec::new();
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut stood_for = 0;
    // Those of users' objects and of the cluster come before MKE's own.
    let (own, others): (Vec<&Evidence>, Vec<&Evidence>) = failing(rule).partition(|line| is_own(line));
    for line in others.into_iter().chain(own) {
        let name = object(line);
        if named.len() < NAMED && seen.insert(name.clone()) {
            let found = if line.seen.is_empty() { String::new() } else { format!(" ({})", breaking(&line.seen)) };
            named.push(format!("{name}{found}"));
            stood_for += line.count.max(1);
        }
    }
    if named.is_empty() {
        return format!("{title}. {failed} of {checked} {objects} {verb}.");
    }
    let more = rule.failed.saturating_sub(stood_for);
    let more = if more > 0 { format!(", and {} more", grouped(more)) } else { String::new() };
    format!("{title}. {failed} of {checked} {objects} {verb}: {}{more}.", named.join(", "))
}

/// What the rule asks, without a full stop.
fn obligation(rule: &RuleResult) -> &str {
    rule.title.trim_end_matches('.')
}

fn object(line: &Evidence) -> String {
    let subject = short_within(&without_digest(&line.subject), VALUE);
    match line.node.as_ref().filter(|node| **node != line.subject) {
        Some(node) => format!("{subject} on {}", short_within(node, VALUE)),
        None => subject,
    }
}

/// The subject with a digest of an image cut to the twelve digits by which docker shows it.
fn without_digest(subject: &str) -> Cow<'_, str> {
    let Some(at) = subject.find("sha256:").map(|at| at + "sha256:".len()) else { return subject.into() };
    let digits = subject[at..].bytes().take_while(u8::is_ascii_hexdigit).count();
    if digits == 64 { format!("{}…{}", &subject[..at + 12], &subject[at + 64..]).into() } else { subject.into() }
}

/// The first of the values that a line shows: it is the one that breaks the rule, the rest says which object it is of.
fn breaking(seen: &str) -> String {
    let end = seen.find("; ").unwrap_or(seen.len());
    short_within(&seen[..end], VALUE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_short_and_other_text_stays() {
        let digest = "a1".repeat(32);
        assert_eq!(without_digest(&format!("x:1 (sha256:{digest})")), "x:1 (sha256:a1a1a1a1a1a1…)");
        assert_eq!(without_digest("x:1 (sha256:a1)"), "x:1 (sha256:a1)");
        assert_eq!(breaking("a = [1]; b = 2"), "a = [1]");
    }
}
