//! Compiles rules: asks the plan for their fields, and numbers their conditions.
//!
//! The numbers of kinds, fields and conditions depend on the order of all rules, so that nothing which
//! is published or stored may be made of them.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::assess::compile::compiled::{
    ComparedField, Compiled, CompiledCheck, CompiledDemand, CompiledKind, CompiledListed, ConditionId, Input, Leaf,
};
use crate::assess::compile::inventory::ProbeSlots;
use crate::assess::compile::subject::Subject;
use crate::facts::{FieldPath, Keep, Plan, Slot};
use crate::layout::Kind;
use crate::rules::{Check, Classes, Condition, Demand, ElementTest, Listed, Matcher, Others, Rule, Test, USER};
use crate::ssp::Ssp;

/// What rules are compiled for, besides the snapshot.
#[derive(Clone, Copy)]
pub(crate) struct Site<'s> {
    /// The classes of each kind.
    pub(crate) classes: &'s Classes,
    pub(crate) ssp: &'s Ssp,
    /// Whether a draft of the SSP is wanted, and not an assessment.
    pub(crate) drafting: bool,
}

/// Compiles rules, whose numbers are their places in the list.
pub(crate) fn compile(rules: &[Rule], site: Site<'_>) -> Compiled {
    let mut builder = Builder { site, plan: Plan::default(), kinds: Vec::new(), known: Vec::new() };
    for kind in Kind::always_read() {
        builder.kind(&kind);
    }
    for (number, rule) in rules.iter().enumerate() {
        for (check_number, check) in rule.checks().iter().enumerate() {
            builder.check((number, check_number), check);
        }
        for (part, (kind, condition)) in rule.applies.node.iter().enumerate() {
            builder.condition(kind, ConditionId::Node { rule: number, part }, condition);
        }
        for (part, (kind, condition)) in rule.applies.except.iter().enumerate() {
            builder.condition(kind, ConditionId::Except { rule: number, part }, condition);
        }
    }
    if let Some(anchors) = site.ssp.trusted_ca() {
        builder.plan.anchors = anchors;
    }
    let Builder { plan, mut kinds, .. } = builder;
    for kind in &mut kinds {
        kind.paths = plan.projection(kind.id).paths().map(|(_, path)| path.to_string()).collect();
        kind.sort_questions();
    }
    Compiled { plan, kinds }
}

struct Builder<'s> {
    site: Site<'s>,
    plan: Plan,
    kinds: Vec<CompiledKind>,
    /// By kind, the numbers of conditions: equal ones on the same field are one.
    known: Vec<HashMap<String, Leaf>>,
}

impl Builder<'_> {
    /// The number of a kind; kinds come into the plan in the same order.
    fn kind(&mut self, kind: &Kind) -> usize {
        let id = self.plan.kind(kind);
        if id.index() < self.kinds.len() {
            return id.index();
        }
        let subject = Subject::of(kind, &mut self.plan);
        let probe = ProbeSlots::of(kind, &mut self.plan);
        let classes = self.site.classes.get(kind);
        let mut class_names: Vec<String> = classes.into_iter().flatten().map(|class| class.name.clone()).collect();
        class_names.push(USER.to_owned());
        self.known.push(HashMap::new());
        self.kinds.push(CompiledKind {
            kind: kind.clone(),
            id,
            paths: Vec::new(),
            leaves: Vec::new(),
            classes: Vec::new(),
            class_names,
            has_classes: classes.is_some(),
            checks: Vec::new(),
            conditions: Vec::new(),
            compared_fields: Vec::new(),
            inputs: Vec::new(),
            input_sets: Vec::new(),
            views: Vec::new(),
            expressions: Vec::new(),
            asked_of: Vec::new(),
            subject,
            probe,
        });
        let at = id.index();
        for class in classes.into_iter().flatten() {
            let members = self.matcher(at, class.members.clone());
            self.kinds[at].classes.push(members);
            let mut others = Vec::new();
            class.members.conditions(&mut |condition| condition.others(&mut others));
            for others in others {
                self.compared_field(others);
            }
        }
        at
    }

    fn check(&mut self, (rule, number): (usize, usize), check: &Check) {
        let at = self.kind(&check.each);
        let filter = check.filter.clone().map(|matcher| self.matcher(at, matcher));
        let demand = self.demand(at, &check.demand);
        let show: Vec<Slot> = check.show.iter().map(|path| self.slot(at, path, Keep::All)).collect();
        for (part, (kind, condition)) in check.when.iter().enumerate() {
            self.condition(kind, ConditionId::When { rule, check: number, part }, condition);
        }
        for (part, (kind, condition)) in check.unless_node.iter().enumerate() {
            self.condition(kind, ConditionId::UnlessNode { rule, check: number, part }, condition);
        }
        let listed = check.listed.as_ref().map(|listed| self.listed(at, listed));
        for others in check.others() {
            self.compared_field(others);
        }
        let exceptions = self.exceptions(check);
        let by_node = self.asks_for_node(check, &exceptions, listed.as_ref());
        let kind = &self.kinds[at];
        let judged = |name: &String| check.of.contains(name);
        let classes = (!check.of.is_empty()).then(|| {
            let names = kind.class_names.iter().enumerate();
            names.filter(|(_, name)| judged(name)).map(|(number, _)| number).collect()
        });
        let mut inputs = reads(kind, filter.as_ref(), &demand);
        let compared: Vec<Slot> = listed.iter().flat_map(|listed| &listed.slots).map(|(_, slot)| *slot).collect();
        inputs.extend(show.iter().chain(&compared).map(|slot| (*slot, Keep::All)));
        let mut with_name = [inputs.clone(), kind.subject.naming_read()].concat();
        if check.unless.is_some() || check.listed.is_some() {
            with_name.extend(kind.subject.target_read(by_node));
        }
        let (read, shown) = (self.input_set(at, inputs, &compared), self.input_set(at, with_name, &compared));
        self.kinds[at].checks.push(CompiledCheck {
            rule,
            check: number,
            reading: check.reading,
            classes,
            filter,
            demand,
            person: check.person.clone(),
            excuse: check.unless.clone(),
            exceptions,
            listed,
            by_node,
            show,
            read,
            shown,
        });
    }

    /// Numbers of the SSP's exceptions that can excuse what breaks a check.
    fn exceptions(&self, check: &Check) -> Vec<usize> {
        let entries = self.site.ssp.of("exceptions");
        let of_type =
            entries.filter(|(_, entry)| check.unless.is_some() && entry.text("type") == check.unless.as_deref());
        of_type.map(|(number, _)| number).collect()
    }

    /// Whether an entry of the SSP that a check asks for looks at the node.
    fn asks_for_node(&self, check: &Check, exceptions: &[usize], listed: Option<&CompiledListed>) -> bool {
        let mut entries = exceptions.iter().chain(listed.iter().flat_map(|listed| &listed.entries));
        self.site.drafting && check.asks_ssp()
            || entries.any(|number| {
                let scope = &self.site.ssp.entries[*number].scope;
                scope.role.is_some() || scope.node.is_some()
            })
    }

    fn listed(&mut self, at: usize, listed: &Listed) -> CompiledListed {
        let slot = |(key, path): &(String, FieldPath)| (key.clone(), self.slot(at, path, Keep::All));
        let slots: Vec<(String, Slot)> = listed.fields.iter().map(slot).collect();
        let entries = self.site.ssp.of(&listed.section).map(|(number, _)| number);
        CompiledListed {
            section: listed.section.clone(),
            entries: if slots.is_empty() { Vec::new() } else { entries.collect() },
            slots,
            given: self.site.ssp.speaks_of(&listed.section),
        }
    }

    fn condition(&mut self, kind: &Kind, id: ConditionId, condition: &Matcher<FieldPath>) {
        let at = self.kind(kind);
        let matcher = self.matcher(at, condition.clone());
        self.kinds[at].conditions.push((id, matcher));
    }

    fn compared_field(&mut self, others: &Others) {
        let at = self.kind(&others.kind);
        let key = others.key().to_owned();
        if self.kinds[at].compared_fields.iter().any(|known| known.key == key) {
            return;
        }
        let keep = others.each.clone().map_or(Keep::All, |each| Keep::only([(each, Keep::All)]));
        let slot = self.slot(at, &others.field, keep);
        // What only has to be there is not shown either.
        let filter = others.filter.clone().map(|filter| self.matcher_of(at, filter, keep_or_presence));
        self.kinds[at].compared_fields.push(ComparedField { key, slot, filter, others: others.clone() });
    }

    /// The number of a set of inputs, in the order of their paths; of a field that is read several
    /// times all that is read of it. What is compared with the SSP counts in any order.
    fn input_set(&mut self, at: usize, read: Vec<(Slot, Keep)>, compared: &[Slot]) -> usize {
        let mut by_path: BTreeMap<String, (Slot, Keep)> = BTreeMap::new();
        for (slot, keep) in read {
            let path = self.plan.path(self.kinds[at].id, slot).to_string();
            match by_path.get_mut(&path) {
                Some((_, known)) => known.merge(keep),
                None => _ = by_path.insert(path, (slot, keep)),
            }
        }
        let inputs = by_path.into_values().map(|(slot, keep)| self.input(at, slot, keep, compared.contains(&slot)));
        let inputs = inputs.collect();
        number_of(&mut self.kinds[at].input_sets, inputs)
    }

    fn input(&mut self, at: usize, slot: Slot, keep: Keep, any_order: bool) -> usize {
        let path = self.plan.path(self.kinds[at].id, slot);
        let inputs = &mut self.kinds[at].inputs;
        let same = |known: &Input| known.slot == slot && known.keep == keep && known.any_order == any_order;
        inputs.iter().position(same).unwrap_or_else(|| {
            inputs.push(Input::new(slot, keep, any_order, path));
            inputs.len() - 1
        })
    }

    fn slot(&mut self, at: usize, path: &FieldPath, keep: Keep) -> Slot {
        let kind = self.kinds[at].kind.clone();
        self.plan.want(&kind, path, keep).1
    }

    fn matcher(&mut self, at: usize, matcher: Matcher<FieldPath>) -> Matcher<Leaf> {
        self.matcher_of(at, matcher, keep)
    }

    fn matcher_of(&mut self, at: usize, matcher: Matcher<FieldPath>, keep: fn(&Condition) -> Keep) -> Matcher<Leaf> {
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

/// What a check reads to select objects and to judge them.
fn reads(kind: &CompiledKind, filter: Option<&Matcher<Leaf>>, demand: &CompiledDemand) -> Vec<(Slot, Keep)> {
    let mut read = Vec::new();
    let mut add = |leaf: &Leaf, condition: &Condition| read.push((kind.leaves[leaf.0].0, keep(condition)));
    if let Some(filter) = filter {
        filter.each(&mut add);
    }
    match demand {
        CompiledDemand::Must(matcher) | CompiledDemand::Deferred(matcher) => matcher.each(&mut add),
        CompiledDemand::Expression(_, number) => {
            read.extend(kind.seen_by(*number).iter().map(|slot| (*slot, Keep::All)));
        }
        CompiledDemand::NeedsSsp(_) | CompiledDemand::Person(_) => {}
    }
    read
}

/// The number of these fields or inputs among others, to which they are added where they are new.
fn number_of<T: PartialEq>(known: &mut Vec<Vec<T>>, fields: Vec<T>) -> usize {
    known.iter().position(|other| *other == fields).unwrap_or_else(|| {
        known.push(fields);
        known.len() - 1
    })
}

/// The same, and of what only has to be there nothing inside it.
fn keep_or_presence(condition: &Condition) -> Keep {
    let presence = condition.tests.iter().all(|test| matches!(test, Test::Exists(_)));
    if presence { Keep::nothing() } else { keep(condition) }
}

/// Of lists of objects only the fields that their elements' conditions name are kept.
fn keep(condition: &Condition) -> Keep {
    let mut kept = Keep::nothing();
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
