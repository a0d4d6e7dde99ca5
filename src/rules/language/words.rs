//! Tests in words, as reports and explanations show what is wanted.
//!
//! The words are made from the test that is asked, so that a rule cannot promise one thing and ask another.

use serde_json::Value;

use crate::rules::language::condition::Test;
use crate::rules::language::reference::Reference;
use crate::rules::language::value::short;

impl Test {
    pub(crate) fn words(&self) -> String {
        let list = |values: &[Value]| values.iter().map(short).collect::<Vec<_>>().join(", ");
        match self {
            Self::Equals(value) => short(value),
            Self::Not(value) => format!("not {}", short(value)),
            Self::In(values) => format!("one of {}", list(values)),
            Self::NotIn(values) => format!("none of {}", list(values)),
            Self::Matches(regex) => format!("matches {regex}"),
            Self::NotMatches(regex) => format!("does not match {regex}"),
            Self::PathMatches(regex) => format!("is a path that matches {regex}"),
            Self::Contains(value) => format!("contains {}", short(value)),
            Self::Lacks(value) => format!("does not contain {}", short(value)),
            Self::AtLeast(number) => format!("at least {number}"),
            Self::AtMost(number) => format!("at most {number}"),
            Self::OlderThan(reference) => format!("older than {}", reference.words()),
            Self::NotOlderThan(reference) => format!("not older than {}", reference.words()),
            Self::After(time) => format!("after {}", time.words()),
            Self::Before(time) => format!("before {}", time.words()),
            Self::Given(name) => format!("with {name}"),
            Self::Exists(true) => "present".to_owned(),
            Self::Exists(false) => "absent".to_owned(),
            Self::Empty(true) => "empty".to_owned(),
            Self::Empty(false) => "not empty".to_owned(),
            Self::TextDigest(list) => {
                let digests = list.iter().map(|digest| match digest {
                    Reference::Fixed(digest) => format!("SHA-256 {digest} without white space"),
                    variable @ Reference::Variable(_) => variable.words(),
                });
                format!("the text with {}", digests.collect::<Vec<_>>().join(" or "))
            }
            Self::FoundIn(others) => format!("the {}", others.key()),
            Self::Every(test) => format!("every element {}", test.words()),
            Self::Some(test) => format!("an element {}", test.words()),
            Self::None(test) => format!("no element {}", test.words()),
        }
    }
}
