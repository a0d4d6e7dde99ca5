//! What is asked of each kind of facts, over all rules.
//!
//! Rules are written one by one, but objects pass one by one: so the checks of all rules are turned
//! around and stand by kind, with one projection of fields for all of them. Equal conditions on the
//! same field share a number, and an object is asked each of them once, however many rules do.

use std::sync::Arc;

use serde_json::Value;

use crate::assess::compile::inventory::ProbeSlots;
use crate::assess::compile::subject::Subject;
use crate::facts::{FieldPath, Keep, KindId, Plan, Slot, hash_value};
use crate::layout::Kind;
use crate::model::digest::{Digest, Hasher};
use crate::rules::{Condition, Expression, Matcher, Others, Wording};

/// Number of a condition on a field, within its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Leaf(pub(crate) usize);

/// Which condition of which rule or check a compiled condition is, all by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ConditionId {
    /// Whether a rule judges a node.
    Node { rule: usize, part: usize },
    /// Whether a rule does not apply.
    Except { rule: usize, part: usize },
    /// Whether a node's own fact says what its objects leave open.
    UnlessNode { rule: usize, check: usize, part: usize },
    /// Whether a check counts.
    When { rule: usize, check: usize, part: usize },
}

/// What an object must be.
#[derive(Debug)]
pub(crate) enum CompiledDemand {
    Must(Matcher<Leaf>),
    /// Needs a variable: decided at the end.
    Deferred(Matcher<Leaf>),
    /// An expression, and its number within the kind.
    Expression(Arc<Expression>, usize),
    NeedsSsp(String),
    Person(String),
}

/// A check, in the terms of its kind.
#[derive(Debug)]
pub(crate) struct CompiledCheck {
    /// Number of the rule, and of the check in it.
    pub(crate) rule: usize,
    pub(crate) check: usize,
    /// The reading in which it decides; none for both.
    pub(crate) reading: Option<Wording>,
    /// Classes that are judged, by number; none for all.
    pub(crate) classes: Option<Vec<usize>>,
    pub(crate) filter: Option<Matcher<Leaf>>,
    pub(crate) demand: CompiledDemand,
    /// What a person looks at where an object is not known to meet it.
    pub(crate) person: Option<String>,
    /// The type of exception that can excuse an object.
    pub(crate) excuse: Option<String>,
    /// Numbers of the SSP's exceptions that can excuse an object.
    pub(crate) exceptions: Vec<usize>,
    /// What the SSP lists.
    pub(crate) listed: Option<CompiledListed>,
    /// Whether an entry of the SSP asks for the node or its role, which may be known only at the end.
    pub(crate) by_node: bool,
    /// Fields shown besides the one that decides.
    pub(crate) show: Vec<Slot>,
    /// Number of the set of inputs that select an object, judge it, and are shown.
    pub(crate) read: usize,
    /// The same, with those that name the object and those at which exceptions look: what is evidence
    /// of an object that does not simply pass.
    pub(crate) shown: usize,
}

impl CompiledCheck {
    /// Whether it judges objects of a class.
    pub(crate) fn judges(&self, class: usize) -> bool {
        self.classes.as_ref().is_none_or(|classes| classes.contains(&class))
    }
}

/// A part of a field on which a check rests: the field may be kept with more, for other checks.
#[derive(Debug)]
pub(crate) struct Input {
    pub(crate) slot: Slot,
    pub(crate) keep: Keep,
    /// Whether it is compared with a list of the SSP: then it says the same in whatever order its elements stand.
    pub(crate) any_order: bool,
    path: String,
    /// Digests of the values that most objects have: none, `null`, `false` and `true`.
    common: [Digest; 4],
}

impl Input {
    pub(crate) fn new(slot: Slot, keep: Keep, any_order: bool, path: &FieldPath) -> Self {
        let path = path.to_string();
        let common = [None, Some(Value::Null), Some(false.into()), Some(true.into())];
        let common = common.map(|value| digest(&path, value.as_ref(), &keep));
        Self { slot, keep, any_order, path, common }
    }

    /// The digest of the path and of the part of a value.
    pub(crate) fn digest(&self, value: Option<&Value>) -> Digest {
        match value {
            None => self.common[0],
            Some(Value::Null) => self.common[1],
            Some(Value::Bool(flag)) => self.common[2 + usize::from(*flag)],
            Some(Value::Array(list)) if self.any_order => digest_in_any_order(&self.path, list, &self.keep),
            Some(_) => digest(&self.path, value, &self.keep),
        }
    }
}

fn digest_in_any_order(path: &str, list: &[Value], keep: &Keep) -> Digest {
    let mut elements: Vec<Digest> = list.iter().map(|element| digest("", Some(element), keep)).collect();
    elements.sort_unstable();
    let mut hasher = Hasher::default();
    hasher.part(path);
    hasher.update(b"u");
    hasher.count(elements.len() as u64);
    for element in elements {
        hasher.update(element.bytes());
    }
    hasher.finish()
}

fn digest(path: &str, value: Option<&Value>, keep: &Keep) -> Digest {
    let mut hasher = Hasher::default();
    hasher.part(path);
    hash_value(&mut hasher, value, keep);
    hasher.finish()
}

/// A list of the SSP with which objects are compared.
#[derive(Debug)]
pub(crate) struct CompiledListed {
    pub(crate) section: String,
    /// The fields whose contents must be listed, with the section's keys.
    pub(crate) slots: Vec<(String, Slot)>,
    /// Numbers of its entries.
    pub(crate) entries: Vec<usize>,
    /// Whether the SSP has the section.
    pub(crate) given: bool,
}

/// Collects the values of a field, with which objects of other kinds are compared.
#[derive(Debug)]
pub(crate) struct ComparedField {
    pub(crate) key: String,
    pub(crate) slot: Slot,
    pub(crate) filter: Option<Matcher<Leaf>>,
    /// What is compared of a value.
    pub(crate) others: Others,
}

/// All that is asked of a kind.
#[derive(Debug)]
pub(crate) struct CompiledKind {
    pub(crate) kind: Kind,
    pub(crate) id: KindId,
    /// The paths of its fields, by slot.
    pub(crate) paths: Vec<String>,
    pub(crate) leaves: Vec<(Slot, Condition)>,
    pub(crate) classes: Vec<Matcher<Leaf>>,
    /// Names of the classes; the last is `user`.
    pub(crate) class_names: Vec<String>,
    /// Whether the kind has classes at all.
    pub(crate) has_classes: bool,
    pub(crate) checks: Vec<CompiledCheck>,
    /// Conditions that switch rules and checks on and off.
    pub(crate) conditions: Vec<(ConditionId, Matcher<Leaf>)>,
    pub(crate) compared_fields: Vec<ComparedField>,
    /// Parts of fields on which checks rest, each once.
    pub(crate) inputs: Vec<Input>,
    /// Numbers of inputs, in the order of their paths. Many checks rest on the same ones, whose digest
    /// is made once for an object.
    pub(crate) input_sets: Vec<Vec<usize>>,
    /// Fields that expressions see, in the order of the expressions' own list.
    pub(crate) views: Vec<Vec<Slot>>,
    /// By the number of an expression, that of the fields that it sees.
    pub(crate) expressions: Vec<usize>,
    /// By slot, the questions that its value answers.
    pub(crate) asked_of: Vec<Vec<usize>>,
    pub(crate) subject: Subject,
    pub(crate) probe: ProbeSlots,
}

impl CompiledKind {
    /// The path of a field.
    pub(crate) fn path(&self, slot: Slot) -> &str {
        self.paths.get(slot.index()).map_or("", String::as_str)
    }

    /// The fields that an expression sees.
    pub(crate) fn seen_by(&self, expression: usize) -> &[Slot] {
        &self.views[self.expressions[expression]]
    }

    /// How many conditions and expressions an object may be asked.
    pub(crate) fn questions(&self) -> usize {
        self.leaves.len() + self.expressions.len()
    }

    /// The place of an expression among the questions: they stand behind the conditions.
    pub(crate) fn question(&self, expression: usize) -> usize {
        self.leaves.len() + expression
    }

    /// Finds out which questions each field answers, once all were asked.
    pub(super) fn sort_questions(&mut self) {
        let mut asked_of = vec![Vec::new(); self.paths.len()];
        for (question, (slot, _)) in self.leaves.iter().enumerate() {
            asked_of[slot.index()].push(question);
        }
        for expression in 0..self.expressions.len() {
            self.seen_by(expression).iter().for_each(|slot| asked_of[slot.index()].push(self.question(expression)));
        }
        self.asked_of = asked_of;
    }

    /// The number of a condition of a rule or check.
    pub(crate) fn condition(&self, id: ConditionId) -> Option<usize> {
        self.conditions.iter().position(|(known, _)| *known == id)
    }
}

/// All rules, by kind.
#[derive(Debug)]
pub(crate) struct Compiled {
    pub(crate) plan: Plan,
    pub(crate) kinds: Vec<CompiledKind>,
}

impl Compiled {
    /// What is asked of the kind of this number.
    pub(crate) fn kind(&self, id: KindId) -> &CompiledKind {
        &self.kinds[id.index()]
    }

    /// The path of a field.
    pub(crate) fn path(&self, id: KindId, slot: Slot) -> &FieldPath {
        self.plan.path(id, slot)
    }

    /// What is asked of a kind; none if no rule reads it.
    pub(crate) fn named(&self, kind: &Kind) -> Option<&CompiledKind> {
        self.plan.id(kind).map(|id| self.kind(id))
    }
}
