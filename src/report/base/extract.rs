//! What several formats pick out of an assessment: titles, the marking, inputs, members, nodes, places.
//!
//! A benchmark that was given has the better texts, so each text is taken from it where it has one. Members are addresses
//! that others' programs resolve, so they are written as relative references that lead nowhere else.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde::Serialize;

use crate::model::assessment::{Assessment, Evidence, Input, Official, RuleResult};
use crate::report::base::outcome::deciding;
use crate::report::base::text;

/// The marking, where one with any text was set.
pub(crate) fn marking(assessment: &Assessment) -> Option<&str> {
    let marking = assessment.marking.as_deref().map(str::trim);
    marking.filter(|marking| !marking.is_empty())
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

/// Member and pointer as one text: `s.tar!a.json#/0/Id`, `s.tar!a.txt, line 3`.
pub(crate) fn place(line: &Evidence) -> String {
    let between = match line.pointer.as_bytes() {
        [] => "",
        [b'/', ..] => "#",
        _ => ", ",
    };
    format!("{}{between}{}", line.member, line.pointer)
}

/// An input with its digest, as files for other programs name it.
#[derive(Serialize)]
pub(crate) struct InputDigest {
    name: String,
    sha256: String,
}

/// The inputs with their digests, each on one line.
pub(crate) fn inputs(assessment: &Assessment) -> Vec<InputDigest> {
    let digest = |input: &Input| InputDigest { name: text::short(&input.name), sha256: text::short(&input.sha256) };
    assessment.snapshot.inputs.iter().map(digest).collect()
}

/// Every member that evidence names, with its digest, in the order of their names.
pub(crate) fn members(assessment: &Assessment) -> Vec<(&str, &str)> {
    let lines = assessment.rules.iter().flat_map(|rule| &rule.evidence);
    let members: BTreeSet<_> =
        lines.filter(|line| !line.member.is_empty()).map(|line| (line.member.as_str(), line.sha256.as_str())).collect();
    members.into_iter().collect()
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
