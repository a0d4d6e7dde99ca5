//! Judges facts as they pass: every check of their kind, on the thread that parsed them.
//!
//! An object is seen once and then dropped, so everything that any rule asks of it is asked here:
//! its class, the conditions that switch rules on and off, the fields with which others are compared,
//! and all checks. What the object does to each is added to a [`Tally`]. Checks that compare with
//! something known only at the end (the running version, a node's role, whose a container is) keep the
//! object's fields and are settled then.

use serde_json::Value;

use crate::assess::compile::compiled::{Compiled, CompiledCheck, CompiledDemand};
use crate::assess::compile::inventory::ObjectContext;
use crate::assess::observe::approval::{Approval, Approvals};
use crate::assess::observe::memo::{Memo, Memos};
use crate::assess::observe::object::{JudgedObject, Learned};
use crate::assess::observe::tally::{DEFERRED, OpenSum, Tally};
use crate::assess::observe::waiting::Waiting;
use crate::assess::sentences::remarks;
use crate::facts::{Fact, KindId, Observer, holds_not_kept};
use crate::layout::Owner;
use crate::rules::{NOT_CARRIED, NOT_KEPT, REDACTED, Truth, Unknown, Variables};
use crate::ssp::Proposal;

/// Judges facts by compiled rules.
pub(crate) struct Judge<'r> {
    pub(crate) compiled: &'r Compiled,
    pub(crate) approvals: Approvals<'r>,
    /// What values told before.
    pub(crate) memos: Memos,
}

impl Observer for Judge<'_> {
    type Tally = Tally;

    fn begin(&self, so_far: &Tally) -> Tally {
        so_far.following()
    }

    fn observe(&self, owner: &Owner, fact: &Fact<'_>, tally: &mut Tally) {
        let kind = self.compiled.kind(fact.kind);
        tally.earlier = fact.earlier;
        let variables = Variables::default();
        let mut memo = tally.memo().take().unwrap_or_else(|| self.memos.take(kind));
        let mut learned = std::mem::take(&mut memo.learned);
        learned.next(kind);
        memo.recall(fact.fields, &mut learned.outcomes);
        let mut object = JudgedObject::new(kind, fact, owner, &variables, learned);
        object.classify();
        probe(&object, tally);
        add_conditions(&mut object, tally);
        add_compared_fields(&mut object, tally);
        if !kind.checks.is_empty() {
            self.add_checks(&mut object, tally, &mut memo);
        }
        memo.learn(fact.fields, &object.learned.outcomes);
        memo.learned = object.learned;
        *tally.memo() = Some(memo);
    }

    fn end(&self, kind: KindId, tally: &mut Tally) {
        if let Some(memo) = tally.memo().take() {
            self.memos.give(self.compiled.kind(kind), memo);
        }
    }

    fn merge(&self, _: KindId, into: &mut Tally, from: Tally) {
        into.merge(from);
    }
}

/// Notes what the object says of the cluster.
fn probe(object: &JudgedObject<'_>, tally: &mut Tally) {
    let (kind, fields) = (object.kind, object.fields());
    let images = if kind.probe.wants_images() { kind.subject.images(fields) } else { Vec::new() };
    let context = ObjectContext {
        order: object.fact.order,
        class: object.doubt.is_none().then(|| kind.class_names[object.class].as_str()),
        images: &images,
        subject: &|| kind.subject.name(fields),
        node: object.node.filter(|_| *object.owner == Owner::Cluster),
        list: object.fact.position.list(),
    };
    kind.probe.observe(fields, &context, &mut tally.probe);
}

/// Counts the object for the conditions that switch rules and checks on and off.
fn add_conditions(object: &mut JudgedObject<'_>, tally: &mut Tally) {
    let conditions = &object.kind.conditions;
    if tally.conditions.is_empty() && !conditions.is_empty() {
        tally.conditions.resize_with(conditions.len(), Default::default);
    }
    for (sum, (_, matcher)) in tally.conditions.iter_mut().zip(conditions) {
        match object.eval(matcher) {
            Truth::Yes => sum.yes += 1,
            Truth::Unknown(_) => sum.unknown += 1,
            Truth::No => {}
        }
    }
}

/// Keeps the object's values with which objects of other kinds are compared.
fn add_compared_fields(object: &mut JudgedObject<'_>, tally: &mut Tally) {
    let compared = &object.kind.compared_fields;
    if tally.found.is_empty() && !compared.is_empty() {
        tally.found.resize_with(compared.len(), Default::default);
    }
    for (found, field) in tally.found.iter_mut().zip(compared) {
        let selected = field.filter.as_ref().map_or(Truth::Yes, |filter| object.eval(filter));
        let said = field.others.values(object.fields()[field.slot.index()].as_ref());
        match (selected, said) {
            (Truth::No, _) => {}
            (Truth::Yes, Some(texts)) => {
                for text in texts {
                    match field.others.compared(text).filter(|_| found.values.len() < DEFERRED) {
                        Some(value) => _ = found.values.insert(value.to_owned()),
                        None => found.unsure = true,
                    }
                }
            }
            (_, None) if field.others.each.is_some() => found.silent = true,
            _ => found.unsure = true,
        }
    }
}

impl Judge<'_> {
    /// Judges an object by all checks of its kind, or keeps it for those that must wait.
    fn add_checks(&self, object: &mut JudgedObject<'_>, tally: &mut Tally, memo: &mut Memo) {
        let checks = &object.kind.checks;
        let Memo { waits_for: waiting, differences, .. } = memo;
        waiting.clear();
        let sums = tally.sums(object.sum_key(), checks.len());
        for (number, check) in checks.iter().enumerate() {
            let selection = match check.filter.as_ref().map(|filter| object.eval(filter)) {
                Some(Truth::No) => continue,
                Some(Truth::Unknown(why)) => Some(why),
                Some(Truth::Yes) | None => None,
            };
            if object.doubt.is_some() || must_wait(object, check) {
                waiting.push((number, selection));
            } else {
                self.judge(object, check, selection.as_ref(), sums.open(number));
            }
        }
        if !waiting.is_empty() || object.doubt.is_some() {
            let Fact { order, position, .. } = *object.fact;
            let doubtful = object.doubt.is_some();
            let checks = tally.waiting.share(waiting);
            tally.wait(Waiting { order, position, doubtful, checks }, object.fields(), differences);
        }
    }

    /// Finds the classes of objects that compare with facts of other kinds, and notes what these objects
    /// say of the cluster.
    pub(crate) fn settle_classes(&self, id: KindId, owner: &Owner, tally: &mut Tally, variables: &Variables) {
        let (kind, earlier) = (self.compiled.kind(id), tally.earlier);
        let Tally { waiting, probe, .. } = tally;
        let mut learned = Learned::default();
        waiting.each(|Waiting { order, position, doubtful, .. }, fields, changed| {
            learned.next_with(kind, changed);
            if *doubtful {
                let fact = Fact { kind: id, fields, position: *position, order: *order, earlier };
                let mut object = JudgedObject::new(kind, &fact, owner, variables, std::mem::take(&mut learned));
                object.classify();
                let class = object.doubt.is_none().then(|| kind.class_names[object.class].as_str());
                kind.probe.observe_class(fields, class, (*order, &|| kind.subject.name(fields)), probe);
                learned = object.learned;
            }
        });
        probe.bound();
    }

    /// Judges the objects whose checks had to wait for the variables.
    pub(crate) fn settle(&self, id: KindId, owner: &Owner, tally: &mut Tally, variables: &Variables) {
        let (kind, earlier) = (self.compiled.kind(id), tally.earlier);
        let mut learned = Learned::default();
        let lost =
            std::mem::take(&mut tally.waiting).each(|Waiting { order, position, checks, .. }, fields, changed| {
                learned.next_with(kind, changed);
                let fact = Fact { kind: id, fields, position: *position, order: *order, earlier };
                let mut object = JudgedObject::new(kind, &fact, owner, variables, std::mem::take(&mut learned));
                object.classify();
                let sums = tally.sums(object.sum_key(), kind.checks.len());
                for (number, selection) in checks.iter() {
                    self.judge(&mut object, &kind.checks[*number], selection.as_ref(), sums.open(*number));
                }
                learned = object.learned;
            });
        tally.dropped += lost;
    }

    /// Judges one object by one check and adds the outcome to the sum. `selection` says why it is not
    /// certain that the check is about the object.
    fn judge(
        &self,
        object: &mut JudgedObject<'_>,
        check: &CompiledCheck,
        selection: Option<&Unknown>,
        mut sum: OpenSum<'_>,
    ) {
        let (judged, doubt) = object.judged_by(check);
        let looks = check.person.clone().map(Unknown::Person);
        let selection = selection.or(doubt.as_ref()).or(looks.as_ref());
        let truth = object.meets(check);
        if truth == Truth::Yes {
            self.pass(object, check, judged, sum);
            return;
        }
        if self.approvals.drafting {
            propose_values(object, check, &mut sum);
        }
        let line = || object.line(&self.compiled.plan, check, false, "");
        match (&truth, selection) {
            (Truth::No, None) if !judged => {
                sum.count(object.class, true);
                sum.note(&object.mark(check), line);
            }
            _ if !judged => sum.count(object.class, false),
            (Truth::No, None) => self.fail(object, check, sum),
            // Whether the check is about the object comes before what it would say of it.
            (_, Some(why)) | (Truth::Unknown(why), None) => {
                sum.count(object.class, false);
                sum.unknown(&object.mark(check), why, line);
            }
            (Truth::Yes, None) => {}
        }
    }

    /// Adds an object that meets a check. Of many such objects the first is shown.
    fn pass(&self, object: &JudgedObject<'_>, check: &CompiledCheck, judged: bool, mut sum: OpenSum<'_>) {
        sum.count(object.class, false);
        if judged {
            if let Some(id) = object.shared_id() {
                sum.pass_shared(id);
            }
            let line = || object.line(&self.compiled.plan, check, true, "");
            sum.pass(object.fact.order, object.values(check), line);
        }
    }

    /// Adds an object that breaks a check, unless the SSP makes it good.
    fn fail(&self, object: &JudgedObject<'_>, check: &CompiledCheck, mut sum: OpenSum<'_>) {
        let approval = self.approvals.ask(object, check, &mut sum);
        let compared = !matches!(approval, Approval::Silent(_) | Approval::RoleNotKnown | Approval::Unreadable(_));
        sum.count(object.class, compared);
        let mark = object.mark(check);
        let line = |note: &str| object.line(&self.compiled.plan, check, false, note);
        match approval {
            Approval::Entry(number, what) => sum.except(number, &mark, || line(&remarks::in_ssp(&what))),
            Approval::Unasked => sum.fail(&mark, || line("")),
            Approval::Unlisted(what) => sum.fail(&mark, || line(&remarks::not_in_ssp(&what))),
            Approval::Silent(what) => {
                let section = check.listed.as_ref().map_or("", |listed| listed.section.as_str());
                let what = if section == "exceptions" { "" } else { what.as_str() };
                sum.unknown(&mark, &Unknown::Ssp(section.to_owned()), || line(&remarks::to_compare(what)));
            }
            Approval::RoleNotKnown => sum.unknown(&mark, &Unknown::NoRole, || line("")),
            Approval::Unreadable(what) => {
                let why = match what.as_str() {
                    NOT_CARRIED => Unknown::NotCarried,
                    REDACTED => Unknown::Redacted,
                    NOT_KEPT => Unknown::NotKept(listed_field(object, check)),
                    _ => Unknown::WrongType(what),
                };
                sum.unknown(&mark, &why, || line(""));
            }
        }
    }
}

/// The field of those that the SSP must list which is not kept.
fn listed_field(object: &JudgedObject<'_>, check: &CompiledCheck) -> String {
    let mut slots = check.listed.iter().flat_map(|listed| &listed.slots).map(|(_, slot)| *slot);
    let hidden = slots.find(|slot| object.fields()[slot.index()].as_ref().is_some_and(holds_not_kept));
    hidden.map_or_else(String::new, |slot| object.kind.path(slot).to_owned())
}

/// Whether a check can be decided only when all was read.
fn must_wait(object: &mut JudgedObject<'_>, check: &CompiledCheck) -> bool {
    match &check.demand {
        CompiledDemand::Deferred(_) => true,
        CompiledDemand::Must(matcher) => check.by_node && object.eval(matcher) == Truth::No,
        _ => check.by_node,
    }
}

/// Notes the single values that the SSP would have to state.
fn propose_values(object: &JudgedObject<'_>, check: &CompiledCheck, sum: &mut OpenSum<'_>) {
    let CompiledDemand::Deferred(matcher) = &check.demand else { return };
    matcher.each(&mut |leaf, condition| {
        let slot = object.kind.leaves[leaf.0].0;
        let Some(value) = object.fields()[slot.index()].as_ref().and_then(Value::as_str) else { return };
        for proposal in condition.ssp_variables().into_iter().filter_map(|section| Proposal::of_value(section, value)) {
            sum.propose(proposal);
        }
    });
}
