//! One object while it is judged: what was already found out about it is not found out again.
//!
//! Many rules ask the same of an object, so the answers to conditions, the digests of fields, what
//! expressions see and the copy that lines of evidence keep are each made once, when they are first
//! asked for.

use std::cell::OnceCell;
use std::sync::Arc;

use crate::assess::compile::compiled::{CompiledCheck, CompiledDemand, CompiledKind, Leaf};
use crate::assess::observe::digests::Digests;
use crate::assess::observe::explain::{Writer, weight};
use crate::assess::observe::packed::PackedFields;
use crate::assess::observe::samples::{DigestSum, KeptObject, Line, LineText, Mark, kept};
use crate::facts::{Fact, Fields, Plan};
use crate::layout::Owner;
use crate::rules::{Expression, Matcher, Truth, Unknown, Variables, View};
use crate::ssp::Target;

/// Fields of one object that are kept for lines about it, in bytes: lines about a larger one are
/// written at once.
const KEPT_BYTES: usize = 8 << 10;

/// Classes of which an object may be besides the one that it is taken for.
#[derive(Debug)]
pub(crate) struct ClassDoubt {
    why: String,
    may_be: Vec<usize>,
}

/// What was found out about one object, and is handed on to the next as far as it holds for that one, too.
#[derive(Debug, Default)]
pub(crate) struct Learned {
    /// By question (a condition, or an expression): whether it holds, once that was seen. What cannot
    /// be told is asked again.
    pub(crate) outcomes: Vec<Option<bool>>,
    /// Digests of its values.
    digests: Digests,
}

impl Learned {
    /// Forgets an object before the next one.
    pub(crate) fn next(&mut self, kind: &CompiledKind) {
        self.outcomes.clear();
        self.outcomes.resize(kind.questions(), None);
        self.digests.next(kind);
    }

    /// Forgets of an object what follows from those fields in which the next one may differ from it, where the
    /// same variables are known to both.
    pub(crate) fn next_with(&mut self, kind: &CompiledKind, changed: &[usize]) {
        if self.outcomes.len() != kind.questions() {
            return self.next(kind);
        }
        for question in changed.iter().filter_map(|slot| kind.asked_of.get(*slot)).flatten() {
            self.outcomes[*question] = None;
        }
        self.digests.next_with(kind, changed);
    }
}

/// One object, with what was already found out about it.
pub(crate) struct JudgedObject<'o> {
    pub(crate) kind: &'o CompiledKind,
    pub(crate) fact: &'o Fact<'o>,
    pub(crate) owner: &'o Owner,
    /// The node that the object itself names.
    pub(crate) node: Option<&'o str>,
    /// Number of its class.
    pub(crate) class: usize,
    /// Why it may be of another class, and of which; told only when all was read.
    pub(crate) doubt: Option<ClassDoubt>,
    /// Why its own values leave open whether it is of some classes.
    unclear: Option<(Unknown, Vec<usize>)>,
    variables: &'o Variables,
    pub(crate) learned: Learned,
    name: OnceCell<String>,
    /// The object as lines about it keep it.
    kept: OnceCell<Arc<KeptObject>>,
    /// What expressions see, by the number of the view.
    views: Vec<Option<Result<View, Unknown>>>,
}

impl<'o> JudgedObject<'o> {
    /// An object with what is known of it already.
    pub(crate) fn new(
        kind: &'o CompiledKind,
        fact: &'o Fact<'o>,
        owner: &'o Owner,
        variables: &'o Variables,
        learned: Learned,
    ) -> Self {
        Self {
            kind,
            fact,
            owner,
            node: kind.subject.node(owner, fact.fields),
            class: kind.classes.len(),
            doubt: None,
            unclear: None,
            variables,
            learned,
            name: OnceCell::new(),
            kept: OnceCell::new(),
            views: Vec::new(),
        }
    }

    pub(crate) fn fields(&self) -> &'o Fields {
        self.fact.fields
    }

    /// Finds the class of the object: the first whose matcher holds, else the last, which is the users'.
    ///
    /// A class that compares with other facts may be in doubt until these are known, or for good.
    pub(crate) fn classify(&mut self) {
        let kind = self.kind;
        (self.class, self.doubt, self.unclear) = (kind.classes.len(), None, None);
        for (class, members) in kind.classes.iter().enumerate() {
            let why = match self.eval(members) {
                Truth::Yes => {
                    self.class = class;
                    return;
                }
                Truth::Unknown(Unknown::Others(kind)) => format!("not all facts of {kind} were read"),
                Truth::Unknown(Unknown::Mark(why)) => why,
                Truth::Unknown(why) => {
                    self.unclear.get_or_insert_with(|| (why, Vec::new())).1.push(class);
                    continue;
                }
                Truth::No => continue,
            };
            let doubt = self.doubt.get_or_insert_with(|| ClassDoubt { why, may_be: Vec::new() });
            doubt.may_be.push(class);
        }
    }

    /// Whether a check decides about the object, and why that is not certain.
    pub(crate) fn judged_by(&self, check: &CompiledCheck) -> (bool, Option<Unknown>) {
        let judged = check.judges(self.class);
        let other = |doubt: &&ClassDoubt| doubt.may_be.iter().any(|class| check.judges(*class) != judged);
        match self.doubt.as_ref().filter(other) {
            Some(doubt) => (true, Some(Unknown::Mark(doubt.why.clone()))),
            // What is a user's in doubt is judged as such; a check of another class alone would pass it over.
            None => {
                match self.unclear.as_ref().filter(|(_, may_be)| !judged && may_be.iter().any(|of| check.judges(*of))) {
                    Some((why, _)) => (true, Some(why.clone())),
                    None => (judged, None),
                }
            }
        }
    }

    /// Under which node its sums stand: that of an object of the cluster's own list.
    pub(crate) fn sum_key(&self) -> Option<String> {
        let of_cluster = self.kind.subject.is_container() && *self.owner == Owner::Cluster;
        self.node.filter(|_| of_cluster).map(str::to_owned)
    }

    /// Whether a matcher holds.
    pub(crate) fn eval(&mut self, matcher: &Matcher<Leaf>) -> Truth {
        matcher.eval(&mut |leaf, _| {
            let truth = self.look(*leaf);
            self.learned.outcomes[leaf.0] = truth.told();
            truth
        })
    }

    /// Whether a condition holds, without noting it.
    fn look(&self, leaf: Leaf) -> Truth {
        if let Some(holds) = self.learned.outcomes[leaf.0] {
            return Truth::of(holds);
        }
        let (slot, condition) = &self.kind.leaves[leaf.0];
        let truth = condition.eval(self.fields()[slot.index()].as_ref(), self.variables);
        match truth {
            Truth::Unknown(Unknown::NotKept(_)) => truth.within(self.kind.path(*slot)),
            other => other,
        }
    }

    /// Whether the object meets a check.
    pub(crate) fn meets(&mut self, check: &CompiledCheck) -> Truth {
        match &check.demand {
            CompiledDemand::Must(matcher) | CompiledDemand::Deferred(matcher) => self.eval(matcher),
            CompiledDemand::Expression(expression, number) => self.express(expression, *number),
            CompiledDemand::NeedsSsp(text) => Truth::Unknown(Unknown::NeedsSsp(text.clone())),
            CompiledDemand::Person(text) => Truth::Unknown(Unknown::Person(text.clone())),
        }
    }

    /// What an expression says of the object. Expressions over the same fields share what they see.
    fn express(&mut self, expression: &Expression, number: usize) -> Truth {
        let question = self.kind.question(number);
        if let Some(holds) = self.learned.outcomes[question] {
            return Truth::of(holds);
        }
        let fields = self.fields();
        let values = self.kind.seen_by(number).iter().map(|slot| fields[slot.index()].as_ref());
        self.views.resize_with(self.kind.views.len(), || None);
        let truth = match self.views[self.kind.expressions[number]].get_or_insert_with(|| expression.view(values)) {
            Ok(view) => expression.eval(view),
            Err(why) => Truth::Unknown(why.clone()),
        };
        self.learned.outcomes[question] = truth.told();
        truth
    }

    /// The object's name.
    fn name(&self) -> &str {
        self.name.get_or_init(|| self.kind.subject.name(self.fields()))
    }

    /// The id of an object that several members may show.
    pub(crate) fn shared_id(&self) -> Option<&'o str> {
        self.kind.subject.shared_id(self.fact.fields)
    }

    /// What entries of the SSP look at.
    pub(crate) fn target<'t>(&'t self, images: &'t [&'t str]) -> Target<'t> {
        let node = match self.owner {
            Owner::Node(name) => Some(name.as_str()),
            _ => self.node,
        };
        let role = node.and_then(|name| self.variables.roles.get(name)).copied();
        self.kind.subject.target(self.fields(), images, node, role)
    }

    /// The digests of the values that a check reads, added up.
    pub(crate) fn values(&self, check: &CompiledCheck) -> DigestSum {
        self.learned.digests.read(self.kind, check, self.fields())
    }

    /// The object among those of its member, for a check.
    pub(crate) fn mark(&self, check: &CompiledCheck) -> Mark {
        let Fact { order, earlier, .. } = *self.fact;
        Mark { order, digest: self.learned.digests.shown(self.kind, check, self.fields()), kept: kept(earlier) }
    }

    /// A line about the object for a check, with what else there is to say.
    pub(crate) fn line(&self, plan: &Plan, check: &CompiledCheck, holds: bool, note: &str) -> Line {
        let object = self.kept();
        let text = if object.fields.is_some() {
            LineText::InFields { holds, note: note.into() }
        } else {
            let writer = Writer { kind: self.kind, plan, variables: self.variables };
            LineText::Written(Box::new(writer.written(check, self.fields(), holds, note)))
        };
        Line { object: Arc::clone(object), text }
    }

    /// The object as lines about it keep it.
    fn kept(&self) -> &Arc<KeptObject> {
        self.kept.get_or_init(|| {
            Arc::new(KeptObject {
                position: self.fact.position,
                node: self.node.map(str::to_owned),
                subject: self.name().to_owned(),
                named: self.kind.subject.named(self.kind.kind.name(), self.fields()),
                shared_id: self.shared_id().map(str::to_owned),
                class: self.class,
                fields: Some(self.fields()).filter(|fields| weight(fields) <= KEPT_BYTES).and_then(PackedFields::of),
            })
        })
    }
}
