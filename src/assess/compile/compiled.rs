//! Turns rules into what is asked of each kind: one projection, each condition once.

use std::collections::HashMap;
use std::sync::Arc;

use crate::assess::compile::inventory::ProbeSlots;
use crate::assess::compile::subject::Subject;
use crate::facts::{FieldPath, Keep, KindId, Plan, Slot};
use crate::layout::Kind;
use crate::rules::{Classes, Condition, Demand, ElementTest, Expression, Matcher, Others, Rule, Test, USER, Wording};
use crate::ssp::Ssp;

/// Number of a condition on a field, within its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Leaf(pub(crate) usize);

/// What hangs on a condition: rules and checks by number, and which of several conditions it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hinge {
    /// Whether a rule judges a node.
    Node { rule: usize, part: usize },
    /// Whether a rule does not apply.
    Except { rule: usize, part: usize },
    /// Whether a check counts.
    Check { rule: usize, check: usize, part: usize },
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
    /// Number of the fields that the outcome and its evidence rest on.
    pub(crate) ground: usize,
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
pub(crate) struct Collector {
    pub(crate) key: String,
    pub(crate) slot: Slot,
    pub(crate) filter: Option<Matcher<Leaf>>,
}

/// All that is asked of a kind.
#[derive(Debug)]
pub(crate) struct CompiledKind {
    pub(crate) kind: Kind,
    pub(crate) id: KindId,
    pub(crate) leaves: Vec<(Slot, Condition)>,
    pub(crate) classes: Vec<Matcher<Leaf>>,
    /// Names of the classes; the last is `user`.
    pub(crate) class_names: Vec<String>,
    /// Whether the kind has classes at all.
    pub(crate) has_classes: bool,
    pub(crate) checks: Vec<CompiledCheck>,
    /// Conditions on which rules and checks hang.
    pub(crate) conditions: Vec<(Hinge, Matcher<Leaf>)>,
    pub(crate) collectors: Vec<Collector>,
    /// Fields on which checks rest. Many checks rest on the same ones, whose digest is made once for
    /// an object.
    pub(crate) grounds: Vec<Vec<Slot>>,
    /// Fields that expressions see, in the order of the expressions' own list.
    pub(crate) views: Vec<Vec<Slot>>,
    /// By the number of an expression, that of the fields that it sees.
    pub(crate) expressions: Vec<usize>,
    pub(crate) subject: Subject,
    pub(crate) probe: ProbeSlots,
}

impl CompiledKind {
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
}

/// All rules, by kind.
#[derive(Debug)]
pub(crate) struct Compiled {
    pub(crate) plan: Plan,
    pub(crate) kinds: Vec<CompiledKind>,
}

struct Builder {
    plan: Plan,
    kinds: Vec<CompiledKind>,
    /// Equal conditions on the same field are one leaf.
    known: Vec<HashMap<String, Leaf>>,
}

/// The fields that a check's outcome and its evidence rest on, each once.
fn slots(kind: &CompiledKind, demand: &CompiledDemand, listed: Option<&CompiledListed>, show: &[Slot]) -> Vec<Slot> {
    let mut slots: Vec<Slot> = show.to_vec();
    slots.extend(listed.into_iter().flat_map(|listed| &listed.slots).map(|(_, slot)| *slot));
    match demand {
        CompiledDemand::Must(matcher) | CompiledDemand::Deferred(matcher) => {
            matcher.each(&mut |leaf, _| slots.push(kind.leaves[leaf.0].0));
        }
        CompiledDemand::Expression(_, number) => slots.extend(kind.seen_by(*number)),
        CompiledDemand::NeedsSsp(_) | CompiledDemand::Person(_) => {}
    }
    slots.sort_unstable();
    slots.dedup();
    slots
}

/// The number of these fields among others, to which they are added where they are new.
fn number_of(known: &mut Vec<Vec<Slot>>, fields: Vec<Slot>) -> usize {
    known.iter().position(|other| *other == fields).unwrap_or_else(|| {
        known.push(fields);
        known.len() - 1
    })
}

impl Compiled {
    pub(crate) fn of(rules: &[Rule], classes: &Classes, ssp: &Ssp, drafting: bool) -> Self {
        let mut builder = Builder { plan: Plan::default(), kinds: Vec::new(), known: Vec::new() };
        for name in ProbeSlots::KINDS {
            if let Some(kind) = Kind::named(name) {
                builder.kind(&kind, classes);
            }
        }
        for (number, rule) in rules.iter().enumerate() {
            for (check_number, check) in rule.checks().iter().enumerate() {
                let at = builder.kind(&check.each, classes);
                let filter = check.filter.clone().map(|matcher| builder.matcher(at, matcher));
                let demand = builder.demand(at, &check.demand);
                let show: Vec<Slot> = check.show.iter().map(|path| builder.slot(at, path, Keep::All)).collect();
                for (part, (kind, condition)) in check.when.iter().enumerate() {
                    builder.condition(
                        kind,
                        classes,
                        Hinge::Check { rule: number, check: check_number, part },
                        condition,
                    );
                }
                let listed = check.listed.as_ref().map(|listed| CompiledListed {
                    section: listed.section.clone(),
                    slots: listed
                        .fields
                        .iter()
                        .map(|(key, path)| (key.clone(), builder.slot(at, path, Keep::All)))
                        .collect(),
                    entries: if listed.fields.is_empty() {
                        Vec::new()
                    } else {
                        ssp.of(&listed.section).map(|(number, _)| number).collect()
                    },
                    given: ssp.speaks_of(&listed.section),
                });
                for others in check.others() {
                    builder.collector(others, classes);
                }
                let kind = &mut builder.kinds[at];
                let judged = (!check.of.is_empty()).then(|| {
                    let known = kind.class_names.iter().enumerate();
                    known.filter(|(_, name)| check.of.contains(name)).map(|(number, _)| number).collect()
                });
                let exceptions: Vec<usize> = ssp
                    .of("exceptions")
                    .filter(|(_, entry)| check.unless.is_some() && entry.text("type") == check.unless.as_deref())
                    .map(|(number, _)| number)
                    .collect();
                let mut asked = exceptions.iter().chain(listed.iter().flat_map(|listed| &listed.entries));
                let by_node = drafting && check.asks_ssp()
                    || asked.any(|number| {
                        let scope = &ssp.entries[*number].scope;
                        scope.role.is_some() || scope.node.is_some()
                    });
                let (rule, check) = (number, check_number);
                let rests_on = slots(kind, &demand, listed.as_ref(), &show);
                let ground = number_of(&mut kind.grounds, rests_on);
                kind.checks.push(CompiledCheck {
                    rule,
                    check,
                    reading: rules[rule].checks()[check].reading,
                    classes: judged,
                    filter,
                    demand,
                    excuse: rules[rule].checks()[check].unless.clone(),
                    exceptions,
                    listed,
                    by_node,
                    show,
                    ground,
                });
            }
            for (part, (kind, condition)) in rule.applies.node.iter().enumerate() {
                builder.condition(kind, classes, Hinge::Node { rule: number, part }, condition);
            }
            for (part, (kind, condition)) in rule.applies.except.iter().enumerate() {
                builder.condition(kind, classes, Hinge::Except { rule: number, part }, condition);
            }
        }
        if let Some(anchors) = ssp.trusted_ca() {
            builder.plan.anchors = anchors;
        }
        Self { plan: builder.plan, kinds: builder.kinds }
    }

    pub(crate) fn kind(&self, id: KindId) -> &CompiledKind {
        &self.kinds[id.index()]
    }

    pub(crate) fn path(&self, id: KindId, slot: Slot) -> &FieldPath {
        self.plan.path(id, slot)
    }

    pub(crate) fn named(&self, kind: &Kind) -> Option<&CompiledKind> {
        self.plan.id(kind).map(|id| self.kind(id))
    }
}

impl Builder {
    /// The number of a kind; kinds come into the plan in the same order.
    fn kind(&mut self, kind: &Kind, classes: &Classes) -> usize {
        let id = self.plan.kind(kind);
        if id.index() < self.kinds.len() {
            return id.index();
        }
        let subject = Subject::of(kind, &mut self.plan);
        let probe = ProbeSlots::of(kind, &mut self.plan);
        let known = classes.get(kind);
        let mut class_names: Vec<String> = known.into_iter().flatten().map(|class| class.name.clone()).collect();
        class_names.push(USER.to_owned());
        self.known.push(HashMap::new());
        self.kinds.push(CompiledKind {
            kind: kind.clone(),
            id,
            leaves: Vec::new(),
            classes: Vec::new(),
            class_names,
            has_classes: known.is_some(),
            checks: Vec::new(),
            conditions: Vec::new(),
            collectors: Vec::new(),
            grounds: Vec::new(),
            views: Vec::new(),
            expressions: Vec::new(),
            subject,
            probe,
        });
        let at = id.index();
        for class in known.into_iter().flatten() {
            let members = self.matcher(at, class.members.clone());
            self.kinds[at].classes.push(members);
        }
        at
    }

    fn condition(&mut self, kind: &Kind, classes: &Classes, hinge: Hinge, condition: &Matcher<FieldPath>) {
        let at = self.kind(kind, classes);
        let matcher = self.matcher(at, condition.clone());
        self.kinds[at].conditions.push((hinge, matcher));
    }

    fn collector(&mut self, others: &Others, classes: &Classes) {
        let at = self.kind(&others.kind, classes);
        let key = others.key();
        if self.kinds[at].collectors.iter().any(|known| known.key == key) {
            return;
        }
        let slot = self.slot(at, &others.field, Keep::All);
        let filter = others.filter.clone().map(|filter| self.matcher(at, filter));
        self.kinds[at].collectors.push(Collector { key, slot, filter });
    }

    fn slot(&mut self, at: usize, path: &FieldPath, keep: Keep) -> Slot {
        let kind = self.kinds[at].kind.clone();
        self.plan.want(&kind, path, keep).1
    }

    fn matcher(&mut self, at: usize, matcher: Matcher<FieldPath>) -> Matcher<Leaf> {
        matcher.map(&mut |path, condition| {
            let slot = self.slot(at, &path, keep(condition));
            let key = format!("{slot:?} {condition:?}");
            let leaves = &mut self.kinds[at].leaves;
            *self.known[at].entry(key).or_insert_with(|| {
                leaves.push((slot, condition.clone()));
                Leaf(leaves.len() - 1)
            })
        })
    }

    fn demand(&mut self, at: usize, demand: &Demand) -> CompiledDemand {
        match demand {
            Demand::Must(matcher) => {
                let deferred = matcher.any_condition(&mut Condition::needs_variables);
                let matcher = self.matcher(at, matcher.clone());
                if deferred { CompiledDemand::Deferred(matcher) } else { CompiledDemand::Must(matcher) }
            }
            Demand::Expression(expression) => {
                let slots = expression.fields.iter().map(|path| self.slot(at, path, Keep::All)).collect();
                let kind = &mut self.kinds[at];
                kind.expressions.push(number_of(&mut kind.views, slots));
                CompiledDemand::Expression(Arc::clone(expression), kind.expressions.len() - 1)
            }
            Demand::NeedsSsp(text) => CompiledDemand::NeedsSsp(text.clone()),
            Demand::Person(text) => CompiledDemand::Person(text.clone()),
        }
    }
}

/// Of lists of objects only the fields that their elements' conditions name are kept.
fn keep(condition: &Condition) -> Keep {
    let mut kept = Keep::only([]);
    let elements = |test: &Test| {
        matches!(
            test,
            Test::Every(ElementTest::Matcher(_))
                | Test::Some(ElementTest::Matcher(_))
                | Test::None(ElementTest::Matcher(_))
        )
    };
    let of_elements = condition.tests.iter().any(elements);
    for test in &condition.tests {
        match test {
            Test::Every(ElementTest::Matcher(matcher))
            | Test::Some(ElementTest::Matcher(matcher))
            | Test::None(ElementTest::Matcher(matcher)) => {
                let mut paths = Vec::new();
                matcher.each(&mut |path, below| paths.push((path.clone(), keep(below))));
                kept.merge(Keep::only(paths));
            }
            // A list is as long without the fields of its elements.
            Test::Exists(_) | Test::Empty(_) if of_elements => {}
            _ => kept.merge(Keep::All),
        }
    }
    kept
}
