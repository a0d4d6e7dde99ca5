//! Matchers: trees of conditions on the fields of a fact.
//!
//! The tree does not know how a field is looked up. Whoever evaluates it answers for each leaf, so that the same tree
//! is asked of a fact's own fields, of an element of a list, and of answers that are known already.

use crate::rules::language::condition::Condition;
use crate::rules::language::truth::Truth;

/// A tree of conditions. `F` names a field: a path in a rule, or a leaf of a compiled kind.
#[derive(Debug, Clone)]
pub enum Matcher<F> {
    /// All hold.
    All(Vec<Matcher<F>>),
    /// At least one holds.
    Any(Vec<Matcher<F>>),
    /// It does not hold.
    Not(Box<Matcher<F>>),
    /// A field meets a condition.
    Field(F, Condition),
}

impl<F> Matcher<F> {
    /// Whether the tree holds, asking `leaf` for each field.
    ///
    /// ```
    /// use mke_stig::rules::{Condition, Matcher, Test, Truth};
    ///
    /// let condition = Condition { tests: vec![Test::Exists(true)], ..Condition::default() };
    /// let either = Matcher::Any(vec![Matcher::Field("a", condition.clone()), Matcher::Field("b", condition)]);
    /// assert_eq!(either.eval(&mut |field, _| if *field == "b" { Truth::Yes } else { Truth::No }), Truth::Yes);
    /// ```
    pub fn eval(&self, leaf: &mut dyn FnMut(&F, &Condition) -> Truth) -> Truth {
        match self {
            Self::Field(field, condition) => leaf(field, condition),
            Self::Not(inner) => inner.eval(leaf).negate(),
            Self::All(parts) => Truth::all(parts.iter().map(|part| part.eval(leaf))),
            Self::Any(parts) => Truth::any(parts.iter().map(|part| part.eval(leaf))),
        }
    }

    /// The field that decides a tree that does not hold, or of which nobody knows.
    pub(crate) fn deciding(&self, leaf: &mut dyn FnMut(&F, &Condition) -> Truth) -> Option<(&F, &Condition)> {
        match self {
            Self::Field(field, condition) => Some((field, condition)),
            Self::Not(inner) => inner.deciding(leaf),
            Self::All(parts) => {
                let outcome = self.eval(leaf);
                parts.iter().find(|part| part.eval(leaf) == outcome).and_then(|part| part.deciding(leaf))
            }
            // Of alternatives that all fail, the one that goes furthest is the one meant.
            Self::Any(parts) => {
                let outcome = self.eval(leaf);
                let mut furthest = None;
                for part in parts {
                    let reached = part.holding(leaf);
                    if part.eval(leaf) == outcome && furthest.as_ref().is_none_or(|(most, _)| reached > *most) {
                        furthest = Some((reached, part));
                    }
                }
                furthest.and_then(|(_, part)| part.deciding(leaf))
            }
        }
    }

    fn holding(&self, leaf: &mut dyn FnMut(&F, &Condition) -> Truth) -> usize {
        match self {
            Self::All(parts) => parts.iter().take_while(|part| part.eval(leaf) == Truth::Yes).count(),
            _ => 0,
        }
    }

    /// Renames the fields.
    pub(crate) fn map<G>(self, rename: &mut dyn FnMut(F, &Condition) -> G) -> Matcher<G> {
        match self {
            Self::Field(field, condition) => {
                let field = rename(field, &condition);
                Matcher::Field(field, condition)
            }
            Self::Not(inner) => Matcher::Not(Box::new(inner.map(rename))),
            Self::All(parts) => Matcher::All(parts.into_iter().map(|part| part.map(rename)).collect()),
            Self::Any(parts) => Matcher::Any(parts.into_iter().map(|part| part.map(rename)).collect()),
        }
    }

    /// Whether a condition of the tree has a property.
    pub(crate) fn any_condition(&self, property: &mut dyn FnMut(&Condition) -> bool) -> bool {
        match self {
            Self::Field(_, condition) => property(condition),
            Self::Not(inner) => inner.any_condition(property),
            Self::All(parts) | Self::Any(parts) => parts.iter().any(|part| part.any_condition(property)),
        }
    }

    /// Shows every condition.
    pub(crate) fn conditions<'m>(&'m self, show: &mut dyn FnMut(&'m Condition)) {
        match self {
            Self::Field(_, condition) => show(condition),
            Self::Not(inner) => inner.conditions(show),
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|part| part.conditions(show)),
        }
    }

    /// Shows every field with its condition.
    pub(crate) fn each(&self, show: &mut dyn FnMut(&F, &Condition)) {
        match self {
            Self::Field(field, condition) => show(field, condition),
            Self::Not(inner) => inner.each(show),
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|part| part.each(show)),
        }
    }
}

impl<F: std::fmt::Display> Matcher<F> {
    /// The tree in words.
    ///
    /// ```
    /// use mke_stig::rules::{Condition, Matcher, Test};
    ///
    /// let condition = Condition { tests: vec![Test::Exists(true)], ..Condition::default() };
    /// let either = Matcher::Any(vec![Matcher::Field("a", condition.clone()), Matcher::Field("b", condition)]);
    /// assert_eq!(either.words(), "(a: present or b: present)");
    /// ```
    #[must_use]
    pub fn words(&self) -> String {
        let join = |parts: &[Self], word: &str| parts.iter().map(Self::words).collect::<Vec<_>>().join(word);
        match self {
            Self::Field(field, condition) => format!("{field}: {}", condition.words()),
            Self::Not(inner) => format!("not ({})", inner.words()),
            Self::All(parts) => join(parts, " and "),
            Self::Any(parts) => format!("({})", join(parts, " or ")),
        }
    }
}
