//! Reads YAML values by their expected shape and collects every problem on the way.
//!
//! A reader asks the [`Checker`] for the entries, elements or text of a node, says what it expected there, and goes on
//! with what it got, be it nothing. So one run reports every mistake of a file; whether there was any is asked once, at
//! the end. A node knows the way to it from the root of the file, from which the place of a problem is found
//! (`locate.rs`).

use std::collections::BTreeSet;

use serde_yaml::{Mapping, Value};

use crate::model::limits;
use crate::yaml::Problem;
use crate::yaml::brackets;
use crate::yaml::{Place, Step, locate, places};

/// A YAML file being checked, with the problems found so far.
pub(crate) struct Checker<'t> {
    file: &'t str,
    text: &'t str,
    problems: Vec<Problem>,
    noted: BTreeSet<(Vec<Step>, bool, String)>,
}

/// A node, and the way to it.
#[derive(Clone)]
pub(crate) struct Node<'v> {
    pub(crate) value: &'v Value,
    path: Vec<Step>,
}

/// Problems of one file that are shown.
const MOST_PROBLEMS: usize = 200;

/// Bytes that a YAML file may have: rules are read by people.
pub(crate) const FILE_LIMIT: usize = limits::PEOPLE_FILE;

/// Parses a YAML text; a syntax error is the only problem then.
pub(crate) fn parse(file: &str, text: &str) -> Result<Value, Problem> {
    let problem =
        |place, message: String, hint: &str| Problem { file: file.to_owned(), place, message, hint: hint.to_owned() };
    if text.len() > FILE_LIMIT {
        return Err(problem(None, format!("the file has more than {FILE_LIMIT} bytes"), "split it"));
    }
    if brackets::too_many(text) {
        return Err(problem(None, format!("more than {} brackets are open at once", brackets::MOST), "close them"));
    }
    serde_yaml::from_str(text).map_err(|error| {
        let place = error.location().map(|at| Place { line: at.line(), column: at.column() });
        let message = error.to_string();
        let message = message.split(" at line ").next().unwrap_or_default();
        problem(
            place,
            format!("this is not valid YAML: {message}"),
            "check indentation and quotes here and one line above",
        )
    })
}

impl<'v> Node<'v> {
    pub(crate) fn root(value: &'v Value) -> Self {
        Self { value, path: Vec::new() }
    }

    /// The way to it.
    pub(crate) fn path(&self) -> &[Step] {
        &self.path
    }

    pub(crate) fn child(&self, step: Step, value: &'v Value) -> Self {
        let mut path = self.path.clone();
        path.push(step);
        Self { value, path }
    }
}

impl<'t> Checker<'t> {
    pub(crate) fn new(file: &'t str, text: &'t str) -> Self {
        Self { file, text, problems: Vec::new(), noted: BTreeSet::new() }
    }

    /// All problems, by place.
    pub(crate) fn finish(mut self) -> Vec<Problem> {
        self.problems.sort_by(|a, b| (a.place, &a.message).cmp(&(b.place, &b.message)));
        self.problems
    }

    pub(crate) fn clean(&self) -> bool {
        self.problems.is_empty()
    }

    /// Notes a problem at a node's value.
    pub(crate) fn problem(&mut self, node: &Node<'_>, message: impl Into<String>, hint: impl Into<String>) {
        self.note(node, false, message.into(), hint.into());
    }

    /// Notes a problem at a node's key.
    pub(crate) fn key_problem(&mut self, node: &Node<'_>, message: impl Into<String>, hint: impl Into<String>) {
        self.note(node, true, message.into(), hint.into());
    }

    fn note(&mut self, node: &Node<'_>, key: bool, message: String, hint: String) {
        // Each is looked up in the text from its beginning; nobody reads thousands.
        if self.problems.len() > MOST_PROBLEMS {
            return;
        }
        // Where one place of a file is read several times, its mistake is one all the same.
        if !self.noted.insert((node.path.clone(), key, message.clone())) {
            return;
        }
        if self.problems.len() == MOST_PROBLEMS {
            let message = "more problems are not shown".to_owned();
            self.problems.push(Problem { file: self.file.to_owned(), place: None, message, hint: String::new() });
            return;
        }
        let place = locate(self.text, &node.path, key);
        self.problems.push(Problem { file: self.file.to_owned(), place, message, hint });
    }

    /// Where a node begins.
    pub(crate) fn place(&self, node: &Node<'_>) -> Option<Place> {
        locate(self.text, &node.path, false)
    }

    /// Where the elements of a list begin that are mappings.
    pub(crate) fn places(&self, list: &Node<'_>) -> Vec<Option<Place>> {
        places(self.text, &list.path)
    }

    /// The entries of a mapping with string keys.
    pub(crate) fn entries<'v>(&mut self, node: &Node<'v>, what: &str) -> Vec<(&'v str, Node<'v>)> {
        let Value::Mapping(mapping) = node.value else {
            self.problem(node, format!("{what} must be a mapping (`key: value`)"), "");
            return Vec::new();
        };
        self.mapping_entries(node, mapping)
    }

    fn mapping_entries<'v>(&mut self, node: &Node<'v>, mapping: &'v Mapping) -> Vec<(&'v str, Node<'v>)> {
        let mut entries = Vec::new();
        for (key, value) in mapping {
            match key.as_str() {
                Some(key) => entries.push((key, node.child(Step::Key(key.to_owned()), value))),
                None => self.problem(node, "a key is not text", "put it in quotes"),
            }
        }
        entries
    }

    /// The elements of a list.
    pub(crate) fn elements<'v>(&mut self, node: &Node<'v>, what: &str) -> Vec<Node<'v>> {
        let Value::Sequence(list) = node.value else {
            self.problem(node, format!("{what} must be a list (`- …`)"), "");
            return Vec::new();
        };
        list.iter().enumerate().map(|(index, value)| node.child(Step::Index(index), value)).collect()
    }

    /// A text that is not empty.
    pub(crate) fn text(&mut self, node: &Node<'_>, what: &str) -> String {
        match node.value {
            Value::String(text) if !text.trim().is_empty() => text.trim().to_owned(),
            Value::String(_) => {
                self.problem(node, format!("{what} is empty"), "");
                String::new()
            }
            _ => {
                self.problem(node, format!("{what} must be text"), "put it in quotes");
                String::new()
            }
        }
    }

    /// A list of texts, or one text.
    pub(crate) fn texts(&mut self, node: &Node<'_>, what: &str) -> Vec<String> {
        if node.value.is_string() {
            return vec![self.text(node, what)];
        }
        self.elements(node, what).iter().map(|element| self.text(element, what)).collect()
    }

    /// `true` or `false`.
    pub(crate) fn boolean(&mut self, node: &Node<'_>, what: &str) -> bool {
        node.value.as_bool().unwrap_or_else(|| {
            self.problem(node, format!("{what} must be true or false"), "");
            false
        })
    }

    /// Notes a key that is none of `known`.
    pub(crate) fn unknown_key(&mut self, node: &Node<'_>, key: &str, known: &[&str]) {
        self.key_problem(node, format!("unknown key `{key}`"), nearest(key, known));
    }
}

/// `did you mean …` or the list of what is known.
pub(crate) fn nearest(word: &str, known: &[&str]) -> String {
    let best = known
        .iter()
        .map(|candidate| (strsim::normalized_damerau_levenshtein(word, candidate), *candidate))
        .max_by(|a, b| a.0.total_cmp(&b.0));
    match best {
        Some((score, candidate)) if score > 0.55 => format!("did you mean `{candidate}`?"),
        _ => format!("known are {}", known.join(", ")),
    }
}

/// A YAML value as JSON; tags and keys that are not text have no JSON form.
pub(crate) fn to_json(value: &Value) -> Option<serde_json::Value> {
    Some(match value {
        Value::Null => serde_json::Value::Null,
        Value::Bool(value) => (*value).into(),
        Value::Number(number) => {
            if let Some(value) = number.as_i64() {
                value.into()
            } else if let Some(value) = number.as_u64() {
                value.into()
            } else {
                number.as_f64()?.into()
            }
        }
        Value::String(text) => text.as_str().into(),
        Value::Sequence(list) => serde_json::Value::Array(list.iter().map(to_json).collect::<Option<_>>()?),
        Value::Mapping(mapping) => serde_json::Value::Object(
            mapping
                .iter()
                .map(|(key, value)| Some((key.as_str()?.to_owned(), to_json(value)?)))
                .collect::<Option<_>>()?,
        ),
        Value::Tagged(_) => return None,
    })
}
