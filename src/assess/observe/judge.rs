//! Judges facts as they pass: every check of their kind, on the thread that parsed them.

use std::cell::{OnceCell, RefCell};
use std::sync::Arc;

use serde_json::Value;

use crate::assess::compile::compiled::{Compiled, CompiledCheck, CompiledDemand, CompiledKind, Leaf};
use crate::assess::compile::inventory::ObjectContext;
use crate::assess::observe::explain::{Writer, weight};
use crate::assess::observe::memo::Memos;
use crate::assess::observe::samples::{KeptObject, Line, LineText, Mark, kept};
use crate::assess::observe::tally::{Bars, CheckTally, DEFERRED, Deferred, Tally};
use crate::assess::remarks;
use crate::facts::{Fact, Fields, KindId, Observer, Position, Slot};
use crate::layout::Owner;
use crate::model::digest::Digest;
use crate::rules::{Expression, Matcher, NOT_CARRIED, REDACTED, Truth, Unknown, Variables, View};
use crate::ssp::{Claim, Proposal, Ssp, Target, claims};

/// Fields of one object that are kept for lines about it, in bytes: lines about a larger one are
/// written at once.
const KEPT_BYTES: usize = 8 << 10;

/// Judges facts by compiled rules.
pub(crate) struct Judge<'r> {
    pub(crate) compiled: &'r Compiled,
    pub(crate) ssp: &'r Ssp,
    /// Whether it is noted what the SSP would have to say.
    pub(crate) drafting: bool,
    /// What values told before.
    pub(crate) memos: Memos,
}

/// One object, with the conditions that were already looked at.
struct JudgedObject<'o> {
    kind: &'o CompiledKind,
    fields: &'o Fields,
    variables: &'o Variables,
    /// The object's name, made when it is first asked for.
    name: OnceCell<String>,
    /// By question (a leaf, or an expression): whether it holds, once that was seen. What cannot be told is
    /// asked again.
    known: Vec<Option<bool>>,
    /// Digests of fields, by the number of the field set, made when they are first asked for: without
    /// the name, and with it.
    digests: RefCell<Vec<[Option<Digest>; 2]>>,
    /// The object for the lines about it, made for the first of them.
    kept: OnceCell<Arc<KeptObject>>,
    /// What expressions see, by the number of the view.
    views: Vec<Option<Result<View, Unknown>>>,
}

impl<'o> JudgedObject<'o> {
    fn new(kind: &'o CompiledKind, fields: &'o Fields, variables: &'o Variables) -> Self {
        Self {
            kind,
            fields,
            variables,
            name: OnceCell::new(),
            known: vec![None; kind.questions()],
            digests: RefCell::default(),
            kept: OnceCell::new(),
            views: Vec::new(),
        }
    }

    fn eval(&mut self, matcher: &Matcher<Leaf>) -> Truth {
        matcher.eval(&mut |leaf, _| {
            let truth = self.look(*leaf);
            self.known[leaf.0] = truth.told();
            truth
        })
    }

    /// The object's name.
    fn name(&self) -> &str {
        self.name.get_or_init(|| self.kind.subject.name(self.fields))
    }

    /// Whether a condition holds, without noting it.
    fn look(&self, leaf: Leaf) -> Truth {
        if let Some(holds) = self.known[leaf.0] {
            return Truth::of(holds);
        }
        let (slot, condition) = &self.kind.leaves[leaf.0];
        condition.eval(self.fields[slot.index()].as_ref(), self.variables)
    }

    /// A digest of the values that a check rests on, with the object's name if that counts.
    fn digest(&self, check: &CompiledCheck, named: bool) -> Digest {
        let mut known = self.digests.borrow_mut();
        known.resize(self.kind.field_sets.len(), [None, None]);
        *known[check.field_set][usize::from(named)].get_or_insert_with(|| {
            let mut text = if named { self.name().to_owned().into_bytes() } else { Vec::new() };
            for slot in &self.kind.field_sets[check.field_set] {
                text.push(0);
                if let Some(value) = &self.fields[slot.index()] {
                    // Writing a value into memory cannot fail.
                    let _ = serde_json::to_writer(&mut text, value);
                }
            }
            Digest::of(&text)
        })
    }

    /// What an expression says of the object. Expressions over the same fields share what they see.
    fn express(&mut self, expression: &Expression, number: usize) -> Truth {
        let question = self.kind.question(number);
        if let Some(holds) = self.known[question] {
            return Truth::of(holds);
        }
        let fields = self.fields;
        let values = self.kind.seen_by(number).iter().map(|slot| fields[slot.index()].as_ref());
        self.views.resize_with(self.kind.views.len(), || None);
        let truth = match self.views[self.kind.expressions[number]].get_or_insert_with(|| expression.view(values)) {
            Ok(view) => expression.eval(view),
            Err(why) => Truth::Unknown(why.clone()),
        };
        self.known[question] = truth.told();
        truth
    }

    /// The object as lines about it keep it.
    fn kept(&self, position: Position, node: Option<&str>, class: usize) -> &Arc<KeptObject> {
        self.kept.get_or_init(|| {
            let fields = (weight(self.fields) <= KEPT_BYTES).then(|| self.fields.clone());
            let node = node.map(str::to_owned);
            let shared_id = self.kind.subject.shared_id(self.fields).map(str::to_owned);
            Arc::new(KeptObject { position, node, subject: self.name().to_owned(), shared_id, class, fields })
        })
    }
}

/// What the SSP says of an object that breaks a check.
enum Answer {
    /// It has nothing to say.
    Unasked,
    /// The entry of this number makes it good, if it holds on the day.
    Entry(usize, String),
    /// It does not list this.
    Unlisted(String),
    /// There is no SSP, or not this section: this would have to be compared.
    Silent(String),
    /// What to compare cannot be read.
    Unreadable(String),
}

impl Judge<'_> {
    fn ask(&self, check: &CompiledCheck, fields: &Fields, target: &Target<'_>, tally: &mut CheckTally) -> Answer {
        tally.used.extend(self.ssp.speaking(&check.exceptions, target, None));
        if self.drafting
            && let Some(excuse) = &check.excuse
        {
            tally.propose(Proposal::exception(excuse, target));
        }
        if let Some(number) = self.ssp.longest(&check.exceptions, target, None) {
            return Answer::Entry(number, String::new());
        }
        let Some(listed) = &check.listed else { return Answer::Unasked };
        let value = |slot: &Slot| fields[slot.index()].as_ref().unwrap_or(&Value::Null);
        let values: Vec<(&str, &Value)> = listed.slots.iter().map(|(key, slot)| (key.as_str(), value(slot))).collect();
        let claims = match claims(&listed.section, &values) {
            Ok(claims) => claims,
            Err(what) => return Answer::Unreadable(what),
        };
        let (mut soonest, mut missing): (Option<usize>, Vec<String>) = (None, Vec::new());
        for claim in &claims {
            tally.used.extend(self.ssp.speaking(&listed.entries, target, Some(claim)));
            if self.drafting && *claim != Claim::Use {
                tally.propose(Proposal::listed(&listed.section, claim, target));
            }
            match self.ssp.longest(&listed.entries, target, Some(claim)) {
                None => missing.push(claim.words()),
                Some(number) => {
                    let expires = |number: usize| &self.ssp.entries[number].approval.expires;
                    soonest = Some(soonest.filter(|known| expires(*known) <= expires(number)).unwrap_or(number));
                }
            }
        }
        let words = |list: &[String]| {
            const SHOWN: usize = 12;
            let beyond = list.len().saturating_sub(SHOWN);
            let shown = list.iter().take(SHOWN).cloned().collect::<Vec<_>>().join(", ");
            if beyond == 0 { shown } else { format!("{shown} and {beyond} more") }
        };
        match soonest {
            _ if !listed.given => Answer::Silent(words(&missing)),
            Some(number) if missing.is_empty() => {
                Answer::Entry(number, words(&claims.iter().map(Claim::words).collect::<Vec<_>>()))
            }
            // Without anything to compare there is nothing that the SSP could make good.
            _ if listed.slots.is_empty() => Answer::Unasked,
            _ => Answer::Unlisted(words(&missing)),
        }
    }

    /// Whether an object meets a check.
    fn truth(object: &mut JudgedObject<'_>, check: &CompiledCheck) -> Truth {
        match &check.demand {
            CompiledDemand::Must(matcher) | CompiledDemand::Deferred(matcher) => object.eval(matcher),
            CompiledDemand::Expression(expression, number) => object.express(expression, *number),
            CompiledDemand::NeedsSsp(text) => Truth::Unknown(Unknown::NeedsSsp(text.clone())),
            CompiledDemand::Person(text) => Truth::Unknown(Unknown::Person(text.clone())),
        }
    }

    /// Notes the single values that the SSP would have to state.
    fn propose_values(object: &JudgedObject<'_>, check: &CompiledCheck, tally: &mut CheckTally) {
        let CompiledDemand::Deferred(matcher) = &check.demand else { return };
        matcher.each(&mut |leaf, condition| {
            let slot = object.kind.leaves[leaf.0].0;
            let Some(value) = object.fields[slot.index()].as_ref().and_then(Value::as_str) else { return };
            for proposal in
                condition.ssp_variables().into_iter().filter_map(|section| Proposal::of_value(section, value))
            {
                tally.propose(proposal);
            }
        });
    }

    /// Judges one object by one check and adds the outcome to the sum.
    #[expect(clippy::too_many_arguments, reason = "an object, a check and where both stand")]
    fn judge(
        &self,
        object: &mut JudgedObject<'_>,
        check: &CompiledCheck,
        class: usize,
        selection: Option<&Unknown>,
        fact: &Fact<'_>,
        node: Option<&str>,
        owner: &Owner,
        tally: &mut CheckTally,
        bars: &Bars,
    ) {
        let kind = object.kind;
        let judged = check.classes.as_ref().is_none_or(|classes| classes.contains(&class));
        let truth = Self::truth(object, check);
        let shown = tally.first_pass.as_ref().is_some_and(|(first, ..)| *first < fact.order) || bars.pass(fact.order);
        if truth == Truth::Yes
            && judged
            && let Some(id) = kind.subject.shared_id(object.fields)
        {
            tally.pass_shared(id);
        }
        if truth == Truth::Yes && shown {
            tally.count(class, false);
            tally.passes += u64::from(judged);
            return;
        }
        if self.drafting && truth != Truth::Yes {
            Self::propose_values(object, check, tally);
        }
        let object = &*object;
        let holds = truth == Truth::Yes;
        let line_with = |note: &str| {
            let kept = object.kept(fact.position, node, class);
            let text = if kept.fields.is_some() {
                LineText::InFields { holds, note: note.into() }
            } else {
                let writer = Writer { kind, plan: &self.compiled.plan, variables: object.variables };
                LineText::Written(Box::new(writer.written(check, object.fields, holds, note)))
            };
            Line { object: Arc::clone(kept), text }
        };
        let line = || line_with("");
        let mark = || Mark { order: fact.order, digest: object.digest(check, true), kept: kept(fact.earlier) };
        match (&truth, selection) {
            (Truth::No, None) if !judged => {
                tally.count(class, true);
                tally.note(&mark(), bars, line);
            }
            (_, _) if !judged => tally.count(class, false),
            (Truth::Yes, _) => {
                tally.count(class, false);
                tally.pass(fact.order, bars, || (object.digest(check, false), line()));
            }
            // Whether the check is about the object comes before what it would say of it.
            (Truth::Unknown(_) | Truth::No, Some(why)) | (Truth::Unknown(why), None) => {
                tally.count(class, false);
                tally.unknown(&mark(), bars, why, line);
            }
            (Truth::No, None) => {
                let images = kind.subject.images(fact.fields);
                let named = match owner {
                    Owner::Node(name) => Some(name.as_str()),
                    _ => node,
                };
                let role = named.and_then(|name| object.variables.roles.get(name)).copied();
                let target = kind.subject.target(fact.fields, &images, named, role);
                let answer = self.ask(check, fact.fields, &target, tally);
                tally.count(class, !matches!(answer, Answer::Silent(_) | Answer::Unreadable(_)));
                match answer {
                    Answer::Entry(number, what) => {
                        tally.except(number, &mark(), bars, || line_with(&remarks::in_ssp(&what)));
                    }
                    Answer::Unasked => tally.fail(&mark(), bars, line),
                    Answer::Unlisted(what) => {
                        tally.fail(&mark(), bars, || line_with(&remarks::not_in_ssp(&what)));
                    }
                    Answer::Silent(what) => {
                        let section = check.listed.as_ref().map_or("", |listed| listed.section.as_str());
                        let what = if section == "exceptions" { "" } else { what.as_str() };
                        tally.unknown(&mark(), bars, &Unknown::Ssp(section.to_owned()), || {
                            line_with(&remarks::to_compare(what))
                        });
                    }
                    Answer::Unreadable(what) if what == NOT_CARRIED => {
                        tally.unknown(&mark(), bars, &Unknown::NotCarried, line);
                    }
                    Answer::Unreadable(what) if what == REDACTED => {
                        tally.unknown(&mark(), bars, &Unknown::Redacted, line);
                    }
                    Answer::Unreadable(what) => tally.unknown(&mark(), bars, &Unknown::WrongType(what), line),
                }
            }
        }
    }

    fn class(object: &mut JudgedObject<'_>) -> usize {
        let kind = object.kind;
        let found = kind.classes.iter().position(|members| object.eval(members) == Truth::Yes);
        found.unwrap_or(kind.classes.len())
    }

    /// Judges the objects whose checks had to wait for the variables.
    pub(crate) fn settle(&self, id: KindId, owner: &Owner, tally: &mut Tally, variables: &Variables) {
        let earlier = tally.earlier;
        let kind = self.compiled.kind(id);
        for deferred in std::mem::take(&mut tally.deferred) {
            let Deferred { order, position, class, checks, fields } = deferred;
            let fact = Fact { kind: id, fields: &fields, position, order, earlier };
            let mut object = JudgedObject::new(kind, &fields, variables);
            let node = kind.subject.node(owner, &fields);
            let sums = tally.sums(key(kind, owner, node), kind.checks.len());
            for (number, selection) in checks {
                let (check, selection) = (&kind.checks[number], selection.as_ref());
                let (sum, bars) = sums.of(number);
                self.judge(&mut object, check, class, selection, &fact, node, owner, sum, bars);
            }
        }
    }
}

/// Under which node the sums of an object stand: that of an object of the cluster's own list.
fn key(kind: &CompiledKind, owner: &Owner, node: Option<&str>) -> Option<String> {
    node.filter(|_| kind.subject.is_container() && *owner == Owner::Cluster).map(str::to_owned)
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
        let mut object = JudgedObject::new(kind, fact.fields, &variables);
        let mut memo = self.memos.take(kind);
        memo.recall(fact.fields, &mut object.known);
        self.all(&mut object, owner, fact, tally);
        memo.learn(fact.fields, &object.known);
        self.memos.give(kind, memo);
    }

    fn merge(&self, _: KindId, into: &mut Tally, from: Tally) {
        into.merge(from);
    }
}

impl Judge<'_> {
    /// Adds an object to the sums of all that is asked of its kind.
    fn all(&self, object: &mut JudgedObject<'_>, owner: &Owner, fact: &Fact<'_>, tally: &mut Tally) {
        let kind = object.kind;
        let class = Self::class(object);
        let node = kind.subject.node(owner, fact.fields);

        let images = if kind.probe.wants_images() { kind.subject.images(fact.fields) } else { Vec::new() };
        let seen = ObjectContext {
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

        if tally.found.is_empty() && !kind.compared_fields.is_empty() {
            tally.found.resize_with(kind.compared_fields.len(), Default::default);
        }
        for (found, compared_field) in tally.found.iter_mut().zip(&kind.compared_fields) {
            let selected = compared_field.filter.as_ref().map_or(Truth::Yes, |filter| object.eval(filter));
            match (selected, fact.fields[compared_field.slot.index()].as_ref()) {
                (Truth::No, _) => {}
                (Truth::Yes, Some(Value::String(text))) if found.values.len() < DEFERRED => {
                    found.values.insert(text.clone());
                }
                _ => found.unsure = true,
            }
        }

        if kind.checks.is_empty() {
            return;
        }
        let mut waiting = Vec::new();
        let sums = tally.sums(key(kind, owner, node), kind.checks.len());
        for (number, check) in kind.checks.iter().enumerate() {
            let selection = match check.filter.as_ref().map(|filter| object.eval(filter)) {
                Some(Truth::No) => continue,
                Some(Truth::Unknown(why)) => Some(why),
                Some(Truth::Yes) | None => None,
            };
            let broken = |object: &mut JudgedObject<'_>| match &check.demand {
                CompiledDemand::Must(matcher) => object.eval(matcher) == Truth::No,
                _ => true,
            };
            if matches!(check.demand, CompiledDemand::Deferred(_)) || check.by_node && broken(object) {
                waiting.push((number, selection));
                continue;
            }
            let (sum, bars) = sums.of(number);
            self.judge(object, check, class, selection.as_ref(), fact, node, owner, sum, bars);
        }
        if !waiting.is_empty() {
            let (order, position, fields) = (fact.order, fact.position, fact.fields.clone());
            tally.defer(Deferred { order, position, class, checks: waiting, fields });
        }
    }
}
