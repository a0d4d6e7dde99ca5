//! Evidence before it is written out: of many lines, few are shown.

use crate::assess::cluster::sources::Source;
use crate::assess::compile::compiled::{CompiledCheck, CompiledKind};
use crate::assess::observe::explain::Writer;
use crate::assess::observe::samples::Line;
use crate::assess::observe::tally::Tally;
use crate::facts::{Member, Nature, Plan, Position, pointer_in_configuration};
use crate::model::assessment::{Evidence, EvidenceStatus};
use crate::rules::Variables;

/// What is seen at one place, and what it says.
#[derive(Debug, Clone)]
pub(crate) enum Sight<'g> {
    /// An object that was looked at, or the first of those that its line stands for.
    Object(Object<'g>),
    /// Something else than an object.
    Other(Box<Evidence>),
}

/// An object of a member.
#[derive(Debug, Clone)]
pub(crate) struct Object<'g> {
    pub(crate) status: EvidenceStatus,
    /// Node of all objects that the line stands for.
    pub(crate) node: Option<&'g str>,
    pub(crate) kind: &'g CompiledKind,
    pub(crate) check: &'g CompiledCheck,
    pub(crate) source: &'g Source,
    pub(crate) member: &'g Member<Tally>,
    /// The file in which the object stands, if it is another.
    pub(crate) file: Option<&'g Member<Tally>>,
    pub(crate) line: &'g Line,
    pub(crate) wanted: &'g str,
    /// Objects that the line stands for.
    pub(crate) count: u64,
}

impl From<Evidence> for Sight<'_> {
    fn from(evidence: Evidence) -> Self {
        Self::Other(Box::new(evidence))
    }
}

impl Sight<'_> {
    /// What it says.
    pub(crate) fn status(&self) -> EvidenceStatus {
        match self {
            Self::Object(object) => object.status,
            Self::Other(evidence) => evidence.status,
        }
    }

    /// The same, as something that decides nothing.
    pub(crate) fn noted(mut self) -> Self {
        match &mut self {
            Self::Object(object) => object.status = EvidenceStatus::Noted,
            Self::Other(evidence) => evidence.status = EvidenceStatus::Noted,
        }
        self
    }

    /// As evidence shows it.
    pub(crate) fn written(self, plan: &Plan, variables: &Variables) -> Evidence {
        match self {
            Self::Object(object) => object.written(plan, variables),
            Self::Other(evidence) => *evidence,
        }
    }
}

impl Object<'_> {
    fn written(self, plan: &Plan, variables: &Variables) -> Evidence {
        let Self { status, node, kind, check, source, member, file, line, wanted, count } = self;
        let shown = file.unwrap_or(member);
        let object = &line.object;
        let sighting = Writer { kind, plan, variables }.line(check, line);
        Evidence {
            status,
            node: node.map(str::to_owned),
            subject: object.subject.clone(),
            class: kind.has_classes.then(|| kind.class_names[object.class].clone()),
            member: name(source, member, file),
            pointer: pointer(shown, object.position, &sighting.below),
            seen: sighting.seen,
            wanted: wanted.to_owned(),
            sha256: shown.digest.to_string(),
            count,
        }
    }
}

/// The name of the file in which an object stands.
pub(crate) fn name(source: &Source, member: &Member<Tally>, file: Option<&Member<Tally>>) -> String {
    match (file, source.name.strip_suffix(&member.path)) {
        (Some(file), Some(input)) => format!("{input}{}", file.path),
        _ => source.name.clone(),
    }
}

/// Where something stands in its file: a place below an object at this position.
pub(crate) fn pointer(member: &Member<Tally>, position: Position, below: &str) -> String {
    if member.nature == Nature::SomeFields {
        return format!("{}{}", member.at, pointer_in_configuration(below));
    }
    let below = position.pointer_to(below);
    match (member.at.as_str(), member.place.as_ref().map(|place| place.kind.name())) {
        ("", _) => below,
        // The version was taken out of a text.
        (at, Some("mke.version" | "mke.instance")) => at.to_owned(),
        (at, _) if below.is_empty() || below.starts_with('/') => format!("{at}{below}"),
        (at, _) => format!("{at} {below}"),
    }
}
