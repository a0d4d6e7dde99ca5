//! Conditions: what a rule asks of one value.
//!
//! A condition is a list of tests that must all hold, and what absence makes of it. Its outcome is yes, no or the
//! reason why nobody knows (`truth.rs`); single values are compared in `value.rs`, lists and objects here, because
//! their elements are asked conditions and matchers of their own.

use std::cmp::Ordering;

use regex::Regex;
use serde_json::Value;

use crate::facts::{FieldPath, Lookup};
use crate::facts::{INSIDE_NOT_KEPT, holds_not_kept, is_not_kept};
pub use crate::facts::{NOT_CARRIED, NOT_KEPT, REDACTED};
use crate::rules::language::host_path::host_path;
use crate::rules::language::matcher::Matcher;
use crate::rules::language::reference::Reference;
use crate::rules::language::truth::{Truth, Unknown};
use crate::rules::language::value::{
    compare_times, contains, equal, found_in, older, on_number, on_text, one_of, same_text, short, wrong_type,
};
use crate::rules::language::variables::{Others, Variables};

/// What the absence of a field makes of the condition on it.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Absent {
    /// Nobody knows, as where the rule does not speak of absence.
    #[default]
    Unknown,
    /// The condition holds.
    Holds,
    /// The condition does not hold.
    Fails,
    /// This value holds then.
    Default(Value),
}

/// A test on the elements of a list.
#[derive(Debug, Clone)]
pub enum ElementTest {
    /// The elements are values.
    Condition(Box<Condition>),
    /// The elements are objects.
    Matcher(Box<Matcher<FieldPath>>),
}

/// One test on a value.
#[derive(Debug, Clone)]
pub enum Test {
    /// Equal to.
    Equals(Value),
    /// Not equal to.
    Not(Value),
    /// One of.
    In(Vec<Value>),
    /// None of.
    NotIn(Vec<Value>),
    /// A text that the expression finds.
    Matches(Regex),
    /// A text that it does not find.
    NotMatches(Regex),
    /// A path of a host that the expression finds, once it stands in its plain spelling (see [`host_path`]).
    PathMatches(Regex),
    /// A list with this element, or a text with this part.
    Contains(Value),
    /// A list without this element, or a text without this part.
    Lacks(Value),
    /// A number not smaller.
    AtLeast(f64),
    /// A number not larger.
    AtMost(f64),
    /// An older version.
    OlderThan(Reference),
    /// A version that is not older.
    NotOlderThan(Reference),
    /// A time after this one.
    After(Reference),
    /// A time before this one.
    Before(Reference),
    /// Decided only where the variable of this name is known.
    Given(String),
    /// There, or not there.
    Exists(bool),
    /// A list, object or text that is empty, or not.
    Empty(bool),
    /// A text with one of these digests (see [`text_digest`]).
    TextDigest(Vec<Reference>),
    /// A text that stands in a field of another kind.
    FoundIn(Box<Others>),
    /// Every element.
    Every(ElementTest),
    /// At least one element.
    Some(ElementTest),
    /// No element.
    None(ElementTest),
}

/// What a rule asks of one value: every test must hold.
#[derive(Debug, Clone, Default)]
pub struct Condition {
    /// The tests.
    pub tests: Vec<Test>,
    /// What absence makes of the condition.
    pub absent: Absent,
    /// What it makes of the condition that the field is there without a value (`null`); `None` where the
    /// rule does not tell this from absence.
    pub unset: Option<Absent>,
    /// Whether what the collector does not keep is, wherever it stands, something else than what the tests look
    /// for, so that the rest of a value decides.
    pub not_kept_is_other: bool,
}

impl Condition {
    /// Whether a value meets the condition; `None` is an absent field.
    ///
    /// ```
    /// use mke_stig::rules::{Absent, Condition, Test, Truth, Variables};
    /// use serde_json::json;
    ///
    /// let condition = Condition { tests: vec![Test::Equals(json!(true))], absent: Absent::Fails, ..Condition::default() };
    /// let truth = |value| condition.eval(value, &Variables::default());
    /// assert_eq!(truth(Some(&json!(true))), Truth::Yes);
    /// assert_eq!(truth(None), Truth::No);
    /// assert!(matches!(truth(Some(&json!("(redacted)"))), Truth::Unknown(_)));
    /// ```
    #[must_use]
    pub fn eval(&self, value: Option<&Value>, variables: &Variables) -> Truth {
        let absent = self.absence(value);
        let value = value.filter(|value| !value.is_null());
        let redacted = value.and_then(Value::as_str) == Some(REDACTED);
        if value.and_then(Value::as_str) == Some(NOT_CARRIED) {
            return Truth::Unknown(Unknown::NotCarried);
        }
        if value.and_then(Value::as_str) == Some(INSIDE_NOT_KEPT) {
            return Truth::Unknown(Unknown::NotKept(String::new()));
        }
        let not_kept = !self.not_kept_is_other && value.is_some_and(is_not_kept);
        // What would be compared with something that is not known decides neither way.
        let missing = self.tests.iter().find_map(|test| match test {
            Test::Given(name) if !variables.values.contains_key(name) => Some(name),
            _ => None,
        });
        if let Some(name) = missing {
            return Truth::Unknown(Unknown::NoVariable(name.clone()));
        }
        Truth::all(self.tests.iter().map(|test| match (test, value, absent) {
            (Test::Exists(wanted), value, _) => Truth::of(value.is_some() == *wanted),
            (Test::Given(_), _, _) => Truth::Yes,
            _ if redacted => Truth::Unknown(Unknown::Redacted),
            // What is empty is kept as it is.
            (Test::Empty(wanted), Some(_), _) if not_kept => Truth::of(!*wanted),
            _ if not_kept => Truth::Unknown(Unknown::NotKept(String::new())),
            (test, Some(value), _) if test.compares_whole() && !value.is_string() && holds_not_kept(value) => {
                Truth::Unknown(Unknown::NotKept(String::new()))
            }
            (_, Some(value), _) => test.eval(value, variables),
            (_, None, Absent::Holds) => Truth::Yes,
            (_, None, Absent::Fails) => Truth::No,
            (_, None, Absent::Default(value)) => test.eval(value, variables),
            (_, None, Absent::Unknown) => Truth::Unknown(Unknown::AbsentField),
        }))
    }

    pub(super) fn absence(&self, value: Option<&Value>) -> &Absent {
        self.unset.as_ref().filter(|_| value.is_some()).unwrap_or(&self.absent)
    }

    /// The sections of the SSP whose value is named.
    ///
    /// ```
    /// use mke_stig::rules::{Condition, Test};
    ///
    /// let condition =
    ///     Condition { tests: vec![Test::Given("ssp.trusted_ca".to_owned())], ..Condition::default() };
    /// assert_eq!(condition.ssp_variables(), ["trusted_ca"]);
    /// ```
    #[must_use]
    pub fn ssp_variables(&self) -> Vec<&str> {
        let mut names = Vec::new();
        for test in &self.tests {
            let references = match test {
                Test::OlderThan(than) | Test::NotOlderThan(than) => std::slice::from_ref(than),
                Test::TextDigest(list) => list,
                Test::Given(name) => {
                    names.extend(name.strip_prefix("ssp."));
                    &[]
                }
                _ => &[],
            };
            for reference in references {
                if let Reference::Variable(name) = reference {
                    names.extend(name.strip_prefix("ssp."));
                }
            }
        }
        names
    }

    /// Whether a field of an object meets the condition.
    pub(super) fn eval_at(&self, path: &FieldPath, object: &Value, variables: &Variables) -> Truth {
        match path.lookup(object) {
            Lookup::Found(value) => self.eval(Some(value), variables).within(&path.to_string()),
            Lookup::Absent => self.eval(None, variables),
            Lookup::Blocked(value) if value.as_str() == Some(REDACTED) => Truth::Unknown(Unknown::Redacted),
            Lookup::Blocked(value) if is_not_kept(value) => Truth::Unknown(Unknown::NotKept(path.to_string())),
            Lookup::Blocked(value) => Truth::Unknown(Unknown::WrongType(format!(
                "`{path}` would be inside {}, which is no object",
                short(value)
            ))),
        }
    }

    /// Whether a value with a `$` or facts of another kind are needed to decide.
    #[must_use]
    pub(crate) fn needs_variables(&self) -> bool {
        self.tests.iter().any(|test| match test {
            Test::OlderThan(Reference::Variable(_))
            | Test::NotOlderThan(Reference::Variable(_))
            | Test::After(Reference::Variable(_))
            | Test::Before(Reference::Variable(_))
            | Test::FoundIn(_)
            | Test::Given(_) => true,
            Test::TextDigest(list) => list.iter().any(|digest| matches!(digest, Reference::Variable(_))),
            Test::Every(element) | Test::Some(element) | Test::None(element) => match element {
                ElementTest::Condition(condition) => condition.needs_variables(),
                ElementTest::Matcher(matcher) => matcher.any_condition(&mut |condition| condition.needs_variables()),
            },
            _ => false,
        })
    }

    /// The fields of other kinds with which values are compared, in elements of lists too.
    pub(crate) fn others<'c>(&'c self, found: &mut Vec<&'c Others>) {
        for test in &self.tests {
            match test {
                Test::FoundIn(others) => found.push(others),
                Test::Every(element) | Test::Some(element) | Test::None(element) => match element {
                    ElementTest::Condition(condition) => condition.others(found),
                    ElementTest::Matcher(matcher) => matcher.conditions(&mut |condition| condition.others(found)),
                },
                _ => {}
            }
        }
    }

    /// The condition in words.
    ///
    /// ```
    /// use mke_stig::rules::{Condition, Test};
    ///
    /// let condition = Condition { tests: vec![Test::AtLeast(1024.0)], ..Condition::default() };
    /// assert_eq!(condition.words(), "at least 1024");
    /// ```
    #[must_use]
    pub fn words(&self) -> String {
        let tests = self.tests.iter().filter(|test| !matches!(test, Test::Given(_)));
        tests.map(Test::words).collect::<Vec<_>>().join(" and ")
    }
}

impl ElementTest {
    pub(super) fn eval(&self, item: &Value, variables: &Variables) -> Truth {
        match self {
            Self::Condition(condition) => condition.eval(Some(item), variables),
            Self::Matcher(_) if !item.is_object() => wrong_type(item, "an object"),
            Self::Matcher(matcher) => matcher.eval(&mut |path, condition| condition.eval_at(path, item, variables)),
        }
    }

    pub(crate) fn words(&self) -> String {
        match self {
            Self::Condition(condition) => condition.words(),
            Self::Matcher(matcher) => matcher.words(),
        }
    }
}

impl Test {
    /// Whether it looks at a list or an object as one, and not at elements one by one.
    fn compares_whole(&self) -> bool {
        !matches!(self, Self::Every(_) | Self::Some(_) | Self::None(_) | Self::Empty(_) | Self::Exists(_))
    }

    fn eval(&self, value: &Value, variables: &Variables) -> Truth {
        match self {
            Self::Equals(wanted) => equal(value, wanted),
            Self::Not(unwanted) => equal(value, unwanted).negate(),
            Self::In(list) => one_of(value, list),
            Self::NotIn(list) => one_of(value, list).negate(),
            Self::Matches(regex) => on_text(value, |text| Truth::of(regex.is_match(text))),
            Self::NotMatches(regex) => on_text(value, |text| Truth::of(!regex.is_match(text))),
            Self::PathMatches(regex) => on_text(value, |text| Truth::of(regex.is_match(&host_path(text)))),
            Self::Contains(part) => contains(value, part),
            Self::Lacks(part) => contains(value, part).negate(),
            Self::AtLeast(least) => on_number(value, |number| number >= *least),
            Self::AtMost(most) => on_number(value, |number| number <= *most),
            Self::OlderThan(than) => older(value, than, variables),
            Self::NotOlderThan(than) => older(value, than, variables).negate(),
            Self::After(than) => compare_times(value, than, variables, Ordering::Greater),
            Self::Before(than) => compare_times(value, than, variables, Ordering::Less),
            Self::Given(_) => Truth::Yes,
            Self::Exists(wanted) => Truth::of(*wanted),
            Self::Empty(wanted) => match value {
                Value::Array(list) => Truth::of(list.is_empty() == *wanted),
                Value::Object(map) => Truth::of(map.is_empty() == *wanted),
                Value::String(text) => Truth::of(text.is_empty() == *wanted),
                other => wrong_type(other, "a list, an object or text"),
            },
            Self::TextDigest(list) => on_text(value, |text| same_text(text, list, variables)),
            Self::FoundIn(others) => on_text(value, |text| found_in(text, others, variables)),
            Self::Every(test) => {
                on_elements(value, test, |items| Truth::all(items.map(|item| test.eval(item, variables))))
            }
            Self::Some(test) => {
                on_elements(value, test, |items| Truth::any(items.map(|item| test.eval(item, variables))))
            }
            Self::None(test) => {
                on_elements(value, test, |items| Truth::any(items.map(|item| test.eval(item, variables))).negate())
            }
        }
    }
}

fn on_elements(
    value: &Value,
    element: &ElementTest,
    test: impl FnOnce(&mut dyn Iterator<Item = &Value>) -> Truth,
) -> Truth {
    match (value, element) {
        (Value::Array(list), _) => test(&mut list.iter()),
        (Value::Object(map), ElementTest::Condition(_)) => test(&mut map.values()),
        _ => wrong_type(value, "a list"),
    }
}
