//! Judges facts as they pass: every check of their kind, on the thread that parsed them.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use super::compile::{Compiled, CompiledCheck, CompiledDemand, CompiledKind, Leaf};
use super::probes::Seen;
use super::ssp::Ssp;
use super::tally::{CheckTally, Deferred, Line, Tally};
use crate::facts::{Fact, FieldPath, Fields, KindId, Observer, Slot};
use crate::layout::Owner;
use crate::rules::{Matcher, Truth, Unknown, Variables, short};

/// Judges facts by compiled rules.
pub(super) struct Judge<'r> {
    pub(super) compiled: &'r Compiled,
    pub(super) ssp: &'r Ssp,
}

/// One object, with the conditions that were already looked at.
struct Object<'o> {
    kind: &'o CompiledKind,
    plan_path: &'o dyn Fn(Slot) -> FieldPath,
    fields: &'o Fields,
    variables: &'o Variables,
    /// By leaf: not looked at, holds, does not hold, or cannot be told.
    known: Vec<Known>,
}

/// What is known of a condition on an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Known {
    Nothing,
    Yes,
    No,
    Unknown,
}

impl Object<'_> {
    fn eval(&mut self, matcher: &Matcher<Leaf>) -> Truth {
        let Self { kind, fields, variables, known, .. } = self;
        matcher.eval(&mut |leaf, _| {
            match known[leaf.0] {
                Known::Yes => return Truth::Yes,
                Known::No => return Truth::No,
                Known::Nothing | Known::Unknown => {}
            }
            let (slot, condition) = &kind.leaves[leaf.0];
            let truth = condition.eval(fields[slot.index()].as_ref(), variables);
            known[leaf.0] = match &truth {
                Truth::Yes => Known::Yes,
                Truth::No => Known::No,
                Truth::Unknown(_) => Known::Unknown,
            };
            truth
        })
    }

    /// Where the decision of a matcher fell, and the value there.
    fn decisive(&self, matcher: &Matcher<Leaf>) -> (String, String) {
        let value = |leaf: &Leaf| self.fields[self.kind.leaves[leaf.0].0.index()].as_ref();
        let found = matcher.deciding(&mut |leaf, condition| condition.eval(value(leaf), self.variables));
        let Some((leaf, condition)) = found else { return (String::new(), String::new()) };
        let path = (self.plan_path)(self.kind.leaves[leaf.0].0);
        let at = condition.decisive(value(leaf), self.variables);
        (path.pointer() + &at.pointer, format!("{path} = {}", at.seen))
    }
}

/// The outcome of a check on one object.
struct Outcome {
    truth: Truth,
    below: String,
    seen: String,
}

impl Judge<'_> {
    fn outcome(object: &mut Object<'_>, check: &CompiledCheck) -> Outcome {
        let (truth, (below, seen)) = match &check.demand {
            CompiledDemand::Must(matcher) | CompiledDemand::Deferred(matcher) => {
                let truth = object.eval(matcher);
                // A passing object is shown by the same field that would have failed it.
                let at = if truth == Truth::Yes { Self::holding(object, matcher) } else { object.decisive(matcher) };
                (truth, at)
            }
            CompiledDemand::Expression(expression, slots) => {
                let values: Vec<Option<&Value>> = slots.iter().map(|slot| object.fields[slot.index()].as_ref()).collect();
                let truth = expression.eval(&values);
                let seen: Vec<String> = expression
                    .fields
                    .iter()
                    .zip(&values)
                    .map(|(path, value)| format!("{path} = {}", value.map_or_else(|| "(absent)".to_owned(), short)))
                    .collect();
                (truth, (String::new(), seen.join(", ")))
            }
            CompiledDemand::NeedsSsp(text) => {
                (Truth::Unknown(Unknown::NeedsSsp(text.clone())), (String::new(), String::new()))
            }
            CompiledDemand::Person(text) => {
                (Truth::Unknown(Unknown::Person(text.clone())), (String::new(), String::new()))
            }
        };
        Outcome { truth, below, seen }
    }

    fn holding(object: &Object<'_>, matcher: &Matcher<Leaf>) -> (String, String) {
        let mut first = None;
        matcher.each(&mut |leaf, condition| {
            let (slot, _) = &object.kind.leaves[leaf.0];
            let value = object.fields[slot.index()].as_ref();
            if first.is_none() && condition.eval(value, object.variables) == Truth::Yes {
                let path = (object.plan_path)(*slot);
                let at = condition.decisive(value, object.variables);
                first = Some((path.pointer(), format!("{path} = {}", at.seen)));
            }
        });
        first.unwrap_or_default()
    }

    /// Judges one object by one check and adds the outcome to the sum.
    #[expect(clippy::too_many_arguments, reason = "an object, a check and where both stand")]
    fn judge(
        &self,
        object: &mut Object<'_>,
        check: &CompiledCheck,
        class: usize,
        selection: Option<&Unknown>,
        fact: &Fact<'_>,
        node: Option<&str>,
        owner: &Owner,
        tally: &mut CheckTally,
    ) {
        let kind = object.kind;
        let judged = check.classes.as_ref().is_none_or(|classes| classes.contains(&class));
        let quick = match &check.demand {
            CompiledDemand::Must(matcher) | CompiledDemand::Deferred(matcher) => Some(object.eval(matcher)),
            _ => None,
        };
        if quick == Some(Truth::Yes) && tally.first_pass.as_ref().is_some_and(|(first, _)| *first < fact.order) {
            tally.count(class, false);
            tally.passes += u64::from(judged);
            return;
        }
        let outcome = Self::outcome(object, check);
        let line = || {
            let mut seen = outcome.seen.clone();
            for slot in &check.show {
                let path = (object.plan_path)(*slot);
                if seen.starts_with(&format!("{path} = ")) {
                    continue;
                }
                if let Some(value) = &fact.fields[slot.index()]
                    && !kind.subject.shows(*slot)
                {
                    let between = if seen.is_empty() { "" } else { "; " };
                    seen.push_str(&format!("{between}{path} = {}", short(value)));
                }
            }
            Line {
                position: fact.position,
                node: node.map(str::to_owned),
                subject: kind.subject.name(fact.fields),
                class,
                below: outcome.below.clone(),
                seen,
            }
        };
        match (&outcome.truth, selection) {
            (Truth::No, None) if !judged => {
                tally.count(class, true);
                tally.noted.add(fact.order, line());
            }
            (_, _) if !judged => tally.count(class, false),
            (Truth::Yes, _) => {
                tally.count(class, false);
                tally.pass(fact.order, line);
            }
            // Whether the check is about the object comes before what it would say of it.
            (Truth::Unknown(_) | Truth::No, Some(why)) | (Truth::Unknown(why), None) => {
                tally.count(class, false);
                tally.unknown(fact.order, why.clone(), line());
            }
            (Truth::No, None) => {
                tally.count(class, true);
                let images = kind.subject.images(fact.fields);
                let named = match owner {
                    Owner::Node(name) => Some(name.as_str()),
                    _ => node,
                };
                let target = kind.subject.target(fact.fields, &images, named);
                let exception = check.exceptions.iter().find(|number| {
                    let exception = &self.ssp.exceptions[**number];
                    exception.approved && exception.covers(&target)
                });
                match exception {
                    Some(number) => tally.excepted.entry(*number).or_default().add(fact.order, line()),
                    None => tally.fails.add(fact.order, line()),
                }
            }
        }
    }

    fn class(object: &mut Object<'_>) -> usize {
        let kind = object.kind;
        let found = kind.classes.iter().position(|members| object.eval(members) == Truth::Yes);
        found.unwrap_or(kind.classes.len())
    }

    /// Judges the objects whose checks had to wait for the variables.
    pub(super) fn settle(&self, id: KindId, owner: &Owner, tally: &mut Tally, variables: &Variables) {
        let kind = self.compiled.kind(id);
        let path = |slot| self.compiled.plan.path(id, slot).clone();
        for deferred in std::mem::take(&mut tally.deferred) {
            let Deferred { check, order, position, class, selection, fields } = deferred;
            let fact = Fact { kind: id, fields: &fields, position, order };
            let known = vec![Known::Nothing; kind.leaves.len()];
            let mut object = Object { kind, plan_path: &path, fields: &fields, variables, known };
            let node = kind.subject.node(owner, &fields).map(str::to_owned);
            let key = key(kind, owner, node.as_deref());
            let sums = sums(&mut tally.checks, kind, key);
            let check_of = &kind.checks[check];
            self.judge(&mut object, check_of, class, selection.as_ref(), &fact, node.as_deref(), owner, &mut sums[check]);
        }
    }
}

/// Under which node the sums of an object stand: that of an object of the cluster's own list.
fn key(kind: &CompiledKind, owner: &Owner, node: Option<&str>) -> Option<String> {
    node.filter(|_| kind.subject.is_container() && *owner == Owner::Cluster).map(str::to_owned)
}

fn sums<'t>(
    checks: &'t mut BTreeMap<Option<String>, Vec<CheckTally>>,
    kind: &CompiledKind,
    key: Option<String>,
) -> &'t mut Vec<CheckTally> {
    let sums = checks.entry(key).or_default();
    if sums.is_empty() {
        sums.resize_with(kind.checks.len(), CheckTally::default);
    }
    sums
}

impl Observer for Judge<'_> {
    type Tally = Tally;

    fn observe(&self, owner: &Owner, fact: &Fact<'_>, tally: &mut Tally) {
        let kind = self.compiled.kind(fact.kind);
        let path = |slot| self.compiled.plan.path(fact.kind, slot).clone();
        let variables = Variables::new();
        let known = vec![Known::Nothing; kind.leaves.len()];
        let mut object = Object { kind, plan_path: &path, fields: fact.fields, variables: &variables, known };
        let class = Self::class(&mut object);
        let node = kind.subject.node(owner, fact.fields);

        let images = if kind.probe.wants_images() { kind.subject.images(fact.fields) } else { Vec::new() };
        let seen = Seen {
            order: fact.order,
            class: &kind.class_names[class],
            images: &images,
            subject: &|| kind.subject.name(fact.fields),
            node: if *owner == Owner::Cluster { node } else { None },
        };
        kind.probe.observe(fact.fields, &seen, &mut tally.probe);

        if tally.conditions.is_empty() && !kind.conditions.is_empty() {
            tally.conditions.resize_with(kind.conditions.len(), Default::default);
        }
        for (sum, (_, matcher)) in tally.conditions.iter_mut().zip(&kind.conditions) {
            match object.eval(matcher) {
                Truth::Yes => sum.yes += 1,
                Truth::Unknown(_) => sum.unknown += 1,
                Truth::No => {}
            }
        }

        if kind.checks.is_empty() {
            return;
        }
        let Tally { checks, deferred, dropped, .. } = tally;
        let sums = sums(checks, kind, key(kind, owner, node));
        let mut kept: Option<Arc<Fields>> = None;
        for (number, check) in kind.checks.iter().enumerate() {
            let selection = match check.filter.as_ref().map(|filter| object.eval(filter)) {
                Some(Truth::No) => continue,
                Some(Truth::Unknown(why)) => Some(why),
                Some(Truth::Yes) | None => None,
            };
            if matches!(check.demand, CompiledDemand::Deferred(_)) {
                let fields = Arc::clone(kept.get_or_insert_with(|| Arc::new(fact.fields.clone())));
                let (order, position) = (fact.order, fact.position);
                let object = Deferred { check: number, order, position, class, selection, fields };
                Tally::defer(deferred, dropped, object);
                continue;
            }
            self.judge(&mut object, check, class, selection.as_ref(), fact, node, owner, &mut sums[number]);
        }
    }

    fn merge(&self, _: KindId, into: &mut Tally, from: Tally) {
        into.merge(from);
    }
}
