//! What a rule asks for, as a digest.
//!
//! An answer is given to a rule as it was. It lapses when the rule begins to ask for something else,
//! and holds when only its words change: so the digest is of the conditions and demands that were
//! read, not of the file, and leaves out titles, names of checks and other texts. What a person is
//! told to look at is asked for too, and is in it.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::facts::{FieldPath, Keep, hash_value};
use crate::layout::Kind;
use crate::model::digest::{Digest, Hasher};
use crate::rules::language::condition::{Absent, Condition, ElementTest, Test};
use crate::rules::language::matcher::Matcher;
use crate::rules::language::reference::Reference;
use crate::rules::language::variables::Others;
use crate::rules::rule::{Applies, Check, Decision, Demand, Orchestrator, Rule};

/// The digest of what a rule asks for.
pub(crate) fn revision(rule: &Rule) -> Digest {
    let mut content = Content(Hasher::default());
    content.applies(&rule.applies);
    match &rule.decision {
        Decision::Checks(checks) => content.list("checks", checks, Content::check),
        Decision::Undecided(what) => content.texts(["undecided", what]),
        Decision::Broken(_) => content.texts(["broken"]),
    }
    content.list("person", &rule.person, |content, look| {
        content.orchestrator(look.orchestrator);
        content.texts([&look.text]);
    });
    content.0.finish()
}

/// The variables whose values a check compares with.
pub(crate) fn variables(check: &Check) -> BTreeSet<&str> {
    let mut names = BTreeSet::new();
    for matcher in check.filter.iter().chain(match &check.demand {
        Demand::Must(matcher) => Some(matcher),
        Demand::Expression(_) | Demand::NeedsSsp(_) | Demand::Person(_) => None,
    }) {
        matcher.conditions(&mut |condition| variables_of(condition, &mut names));
    }
    names
}

fn variables_of<'c>(condition: &'c Condition, names: &mut BTreeSet<&'c str>) {
    for test in &condition.tests {
        match test {
            Test::OlderThan(Reference::Variable(name))
            | Test::NotOlderThan(Reference::Variable(name))
            | Test::After(Reference::Variable(name))
            | Test::Before(Reference::Variable(name))
            | Test::Given(name) => _ = names.insert(name),
            Test::TextDigest(list) => names.extend(list.iter().filter_map(|digest| match digest {
                Reference::Variable(name) => Some(name.as_str()),
                Reference::Fixed(_) => None,
            })),
            Test::Every(element) | Test::Some(element) | Test::None(element) => match element {
                ElementTest::Condition(condition) => variables_of(condition, names),
                ElementTest::Matcher(matcher) => {
                    matcher.conditions(&mut |condition| variables_of(condition, names));
                }
            },
            _ => {}
        }
    }
}

/// The content of a rule, part by part. Every part has a word before it and lists their length, so
/// that no rule reads as another.
struct Content(Hasher);

impl Content {
    fn texts<'t>(&mut self, texts: impl IntoIterator<Item = &'t (impl AsRef<str> + ?Sized + 't)>) {
        for text in texts {
            self.0.part(text.as_ref());
        }
    }

    fn list<T>(&mut self, word: &str, items: &[T], mut add: impl FnMut(&mut Self, &T)) {
        self.texts([word]);
        self.0.count(items.len() as u64);
        for item in items {
            add(self, item);
        }
    }

    fn value(&mut self, value: &Value) {
        hash_value(&mut self.0, Some(value), &Keep::All);
    }

    fn orchestrator(&mut self, orchestrator: Option<Orchestrator>) {
        self.texts([orchestrator.map_or("any", Orchestrator::name)]);
    }

    fn applies(&mut self, applies: &Applies) {
        self.orchestrator(applies.orchestrator);
        self.texts([if applies.msr { "msr" } else { "any" }]);
        self.list("os", &applies.os, |content, os| content.texts([os]));
        if !applies.not_os.is_empty() {
            self.list("not os", &applies.not_os, |content, os| content.texts([os]));
        }
        self.list("node", &applies.node, Self::of_kind);
        self.list("except", &applies.except, Self::of_kind);
    }

    fn of_kind(&mut self, (kind, matcher): &(Kind, Matcher<FieldPath>)) {
        self.texts([kind.name()]);
        self.matcher(matcher);
    }

    fn check(&mut self, check: &Check) {
        self.texts([check.each.name()]);
        self.list("of", &check.of, |content, class| content.texts([class]));
        self.orchestrator(check.orchestrator);
        self.texts([check.reading.map_or("both", crate::rules::rule::Wording::name)]);
        self.list("when", &check.when, Self::of_kind);
        self.list("filter", check.filter.as_slice(), Self::matcher);
        match &check.demand {
            Demand::Must(matcher) => {
                self.texts(["must"]);
                self.matcher(matcher);
                if let Some(what) = &check.person {
                    self.texts(["or person", what]);
                }
            }
            Demand::Expression(expression) => {
                self.texts(["expression", &expression.text]);
                self.list("fields", &expression.fields, Self::path);
            }
            Demand::NeedsSsp(what) => self.texts(["ssp", what]),
            Demand::Person(what) => self.texts(["person", what]),
        }
        self.list("unless", check.unless.as_slice(), |content, unless| content.texts([unless]));
        self.list("listed", check.listed.as_slice(), |content, listed| {
            content.texts([&listed.section]);
            content.list("fields", &listed.fields, |content, (key, path)| {
                content.texts([key]);
                content.path(path);
            });
        });
        self.list("show", &check.show, Self::path);
        if !check.unless_node.is_empty() {
            self.list("unless node", &check.unless_node, Self::of_kind);
        }
        if !check.instead.is_empty() {
            self.list("instead", &check.instead, |content, kind| content.texts([kind.name()]));
        }
    }

    fn path(&mut self, path: &FieldPath) {
        self.texts([&path.to_string()]);
    }

    fn matcher(&mut self, matcher: &Matcher<FieldPath>) {
        match matcher {
            Matcher::All(parts) => self.list("all", parts, Self::matcher),
            Matcher::Any(parts) => self.list("any", parts, Self::matcher),
            Matcher::Not(inner) => {
                self.texts(["not"]);
                self.matcher(inner);
            }
            Matcher::Field(path, condition) => {
                self.texts(["field"]);
                self.path(path);
                self.condition(condition);
            }
        }
    }

    fn condition(&mut self, condition: &Condition) {
        self.absent(&condition.absent);
        self.list("unset", condition.unset.as_slice(), Self::absent);
        self.list("tests", &condition.tests, Self::test);
    }

    fn absent(&mut self, absent: &Absent) {
        match absent {
            Absent::Unknown => self.texts(["unknown"]),
            Absent::Holds => self.texts(["holds"]),
            Absent::Fails => self.texts(["fails"]),
            Absent::Default(value) => {
                self.texts(["default"]);
                self.value(value);
            }
        }
    }

    fn test(&mut self, test: &Test) {
        match test {
            Test::Equals(value) => self.with_value("equals", value),
            Test::Not(value) => self.with_value("not", value),
            Test::In(values) => self.list("in", values, Self::value),
            Test::NotIn(values) => self.list("not in", values, Self::value),
            Test::Matches(regex) => self.texts(["matches", regex.as_str()]),
            Test::NotMatches(regex) => self.texts(["not matches", regex.as_str()]),
            Test::PathMatches(regex) => self.texts(["path matches", regex.as_str()]),
            Test::Contains(value) => self.with_value("contains", value),
            Test::Lacks(value) => self.with_value("lacks", value),
            Test::AtLeast(number) => self.with_value("at least", &Value::from(*number)),
            Test::AtMost(number) => self.with_value("at most", &Value::from(*number)),
            Test::OlderThan(version) => self.reference("older than", version),
            Test::NotOlderThan(version) => self.reference("not older than", version),
            Test::After(time) => self.reference("after", time),
            Test::Before(time) => self.reference("before", time),
            Test::Given(name) => self.texts(["given", name]),
            Test::Exists(wanted) => self.with_value("exists", &Value::from(*wanted)),
            Test::Empty(wanted) => self.with_value("empty", &Value::from(*wanted)),
            Test::TextDigest(digests) => {
                self.list("text digest", digests, |content, digest| content.reference("digest", digest));
            }
            Test::FoundIn(others) => self.others(others),
            Test::Every(element) => self.element("every", element),
            Test::Some(element) => self.element("some", element),
            Test::None(element) => self.element("none", element),
        }
    }

    fn with_value(&mut self, word: &str, value: &Value) {
        self.texts([word]);
        self.value(value);
    }

    fn reference(&mut self, word: &str, reference: &Reference) {
        match reference {
            Reference::Fixed(value) => self.texts([word, "fixed", value]),
            Reference::Variable(name) => self.texts([word, "variable", name]),
        }
    }

    fn others(&mut self, others: &Others) {
        self.texts(["found in", others.kind.name()]);
        self.path(&others.field);
        for (set, word) in [(others.folder, "folder"), (others.agreed, "agreed")] {
            if set {
                self.texts([word]);
            }
        }
        self.list("filter", others.filter.as_slice(), Self::matcher);
    }

    fn element(&mut self, word: &str, element: &ElementTest) {
        self.texts([word]);
        match element {
            ElementTest::Condition(condition) => {
                self.texts(["condition"]);
                self.condition(condition);
            }
            ElementTest::Matcher(matcher) => {
                self.texts(["matcher"]);
                self.matcher(matcher);
            }
        }
    }
}
