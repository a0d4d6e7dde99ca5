//! Matchers that have a name, written once under `define` and used as `$name` wherever a matcher can stand.
//!
//! A use is replaced by the matcher while the file is read, so that nothing behind the loader knows of definitions:
//! words, evidence and compiled conditions are those of the matcher itself. A definition may use those above it and
//! those of `pack.yaml`, which rules out circles. What uses multiply is bounded by [`MOST_REPEATED`], since
//! definitions that use each other twice double with every line.

use std::collections::BTreeMap;

use serde_yaml::Value;

use crate::facts::FieldPath;
use crate::rules::language::condition::{Condition, ElementTest, Test};
use crate::rules::language::matcher::Matcher;
use crate::yaml::{Checker, Node, nearest};

/// Bytes of YAML, as [`weight`] counts them, by which uses of definitions, lists of kinds and readings may lengthen
/// one file. The longest file of the built-in pack is lengthened by under 10 KiB; with 256 KiB a file of the largest
/// size stays within the memory that `hostile_rules` allows.
const MOST_REPEATED: usize = 256 << 10;

/// How deep matchers and conditions may be nested, far above what people write.
pub(crate) const MAX_DEPTH: u32 = 16;

/// Matchers by name.
#[derive(Debug, Clone, Default)]
pub(crate) struct Definitions(BTreeMap<String, Definition>);

#[derive(Debug, Clone)]
struct Definition {
    matcher: Matcher<FieldPath>,
    /// How much a use of it lengthens the file.
    weight: usize,
    /// How many levels it nests.
    depth: u32,
}

/// A file with matchers while it is read: what is found wrong so far, and the definitions known so far.
pub(crate) struct MatcherReader<'t> {
    pub(crate) checker: Checker<'t>,
    of_pack: &'t Definitions,
    of_file: Definitions,
    repeated: usize,
}

impl<'t> MatcherReader<'t> {
    /// Begins to read a file of a pack with these definitions.
    pub(crate) fn new(file: &'t str, text: &'t str, of_pack: &'t Definitions) -> Self {
        Self { checker: Checker::new(file, text), of_pack, of_file: Definitions::default(), repeated: 0 }
    }

    /// Whether a matcher of the file can have this name.
    pub(crate) fn can_define(&mut self, node: &Node<'_>, name: &str) -> bool {
        let good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if name.is_empty() || name.len() > 64 || !name.chars().all(good) {
            let hint = "use lower-case letters, digits and `_`, at most 64";
            self.checker.key_problem(node, format!("`{name}` cannot be the name of a matcher"), hint);
            return false;
        }
        if self.of_pack.0.contains_key(name) {
            let message = format!("`{name}` is defined in pack.yaml already");
            self.checker.key_problem(node, message, "give it another name");
            return false;
        }
        true
    }

    /// Makes a matcher known by its name. `before` is what was repeated before it was read.
    pub(crate) fn define(&mut self, name: &str, node: &Node<'_>, matcher: Matcher<FieldPath>, before: usize) {
        let weight = weight(node.value).saturating_add(self.repeated - before);
        let depth = depth(&matcher);
        self.of_file.0.insert(name.to_owned(), Definition { matcher, weight, depth });
    }

    /// How much was written once and read again so far.
    pub(crate) fn repeated(&self) -> usize {
        self.repeated
    }

    /// What the file has defined.
    pub(crate) fn into_parts(self) -> (Checker<'t>, Definitions) {
        (self.checker, self.of_file)
    }

    /// The matcher that a use at this depth names.
    pub(crate) fn used(&mut self, node: &Node<'_>, name: &str, at: u32) -> Matcher<FieldPath> {
        let nothing = Matcher::All(Vec::new());
        let Some((weight, depth)) = self.named(name).map(|definition| (definition.weight, definition.depth)) else {
            let known: Vec<&str> = self.of_file.0.keys().chain(self.of_pack.0.keys()).map(String::as_str).collect();
            let hint = match known.as_slice() {
                [] => "write the matcher under `define`, above its first use".to_owned(),
                known => nearest(name, known),
            };
            self.checker.problem(node, format!("no matcher `{name}` is defined"), hint);
            return nothing;
        };
        if at + depth > MAX_DEPTH {
            let message = format!("this is nested too deeply with what `{name}` stands for");
            self.checker.problem(node, message, format!("at most {MAX_DEPTH} levels"));
            return nothing;
        }
        if !self.repeats(node, weight) {
            return nothing;
        }
        self.named(name).map_or(nothing, |definition| definition.matcher.clone())
    }

    fn named(&self, name: &str) -> Option<&Definition> {
        self.of_file.0.get(name).or_else(|| self.of_pack.0.get(name))
    }

    /// Counts what is written once and read again; whether there may be so much of it.
    pub(crate) fn repeats(&mut self, node: &Node<'_>, weight: usize) -> bool {
        let fitted = self.repeated <= MOST_REPEATED;
        self.repeated = self.repeated.saturating_add(weight);
        let fits = self.repeated <= MOST_REPEATED;
        // Where it is too much once, all that follows is too.
        if fitted && !fits {
            let message = "definitions, kinds and readings make this file too large";
            self.checker.problem(node, message, "split the rule, or state less at once");
        }
        fits
    }
}

/// The name in `$name`, where a matcher can stand. Variables have a dot in them, or are operators' values.
pub(crate) fn use_of<'v>(node: &Node<'v>) -> Option<&'v str> {
    node.value.as_str()?.strip_prefix('$')
}

/// About how many bytes of YAML a value is.
pub(crate) fn weight(value: &Value) -> usize {
    8 + match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
        Value::String(text) => text.len(),
        Value::Sequence(list) => list.iter().map(weight).sum(),
        Value::Mapping(mapping) => mapping.iter().map(|(key, value)| weight(key) + weight(value)).sum(),
        Value::Tagged(tagged) => weight(&tagged.value),
    }
}

/// How many levels of matchers and conditions stand within each other.
fn depth(matcher: &Matcher<FieldPath>) -> u32 {
    1 + match matcher {
        Matcher::All(parts) | Matcher::Any(parts) => parts.iter().map(depth).max().unwrap_or(0),
        Matcher::Not(inner) => depth(inner),
        Matcher::Field(_, condition) => depth_of_condition(condition),
    }
}

fn depth_of_condition(condition: &Condition) -> u32 {
    let inside = condition.tests.iter().map(|test| match test {
        Test::Every(element) | Test::Some(element) | Test::None(element) => match element {
            ElementTest::Condition(condition) => 1 + depth_of_condition(condition),
            ElementTest::Matcher(matcher) => 1 + depth(matcher),
        },
        Test::FoundIn(others) => others.filter.as_ref().map_or(0, depth),
        _ => 0,
    });
    1 + inside.max().unwrap_or(0)
}
