//! Tests in words, as reports and explanations show what is wanted.

use serde_json::Value;

use crate::rules::language::condition::{Test, VersionRef, short};

impl Test {
    pub(crate) fn words(&self) -> String {
        let list = |values: &[Value]| values.iter().map(short).collect::<Vec<_>>().join(", ");
        let than = |reference: &VersionRef| match reference {
            VersionRef::Fixed(version) => version.clone(),
            VersionRef::Variable(name) if name.starts_with("ssp.") => {
                format!("the SSP's {}", name.trim_start_matches("ssp."))
            }
            VersionRef::Variable(name) => format!("the running {name}"),
        };
        match self {
            Self::Equals(value) => short(value),
            Self::Not(value) => format!("not {}", short(value)),
            Self::In(values) => format!("one of {}", list(values)),
            Self::NotIn(values) => format!("none of {}", list(values)),
            Self::Matches(regex) => format!("matches {regex}"),
            Self::NotMatches(regex) => format!("does not match {regex}"),
            Self::Contains(value) => format!("contains {}", short(value)),
            Self::Lacks(value) => format!("does not contain {}", short(value)),
            Self::AtLeast(number) => format!("at least {number}"),
            Self::AtMost(number) => format!("at most {number}"),
            Self::OlderThan(reference) => format!("older than {}", than(reference)),
            Self::NotOlderThan(reference) => format!("not older than {}", than(reference)),
            Self::After(time) => format!("after {}", time.words()),
            Self::Before(time) => format!("before {}", time.words()),
            Self::Given(name) => format!("with {name}"),
            Self::Exists(true) => "present".to_owned(),
            Self::Exists(false) => "absent".to_owned(),
            Self::Empty(true) => "empty".to_owned(),
            Self::Empty(false) => "not empty".to_owned(),
            Self::TextDigest(list) => {
                let digests = list.iter().map(|digest| match digest {
                    VersionRef::Fixed(digest) => format!("SHA-256 {digest} without white space"),
                    VersionRef::Variable(name) => format!("the SSP's {}", name.trim_start_matches("ssp.")),
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
