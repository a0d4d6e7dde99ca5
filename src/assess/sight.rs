//! Evidence before it is written out: of many lines, few are shown.

use super::assessment::{Evidence, EvidenceStatus};
use super::compile::CompiledKind;
use super::lines::Line;
use super::sources::Source;
use super::tally::Tally;
use crate::facts::{Member, Nature, pointer_in_configuration};

/// What is seen at one place, and what it says.
#[derive(Debug, Clone)]
pub(super) enum Sight<'g> {
    /// An object that was looked at, or the first of those that its line stands for.
    Object(Object<'g>),
    /// Something else than an object.
    Other(Box<Evidence>),
}

/// An object of a member.
#[derive(Debug, Clone)]
pub(super) struct Object<'g> {
    pub(super) status: EvidenceStatus,
    /// Node of all objects that the line stands for.
    pub(super) node: Option<&'g str>,
    pub(super) kind: &'g CompiledKind,
    pub(super) source: &'g Source,
    pub(super) member: &'g Member<Tally>,
    /// The file in which the object stands, if it is another.
    pub(super) file: Option<&'g Member<Tally>>,
    pub(super) line: &'g Line,
    pub(super) wanted: &'g str,
    /// Objects that the line stands for.
    pub(super) count: u64,
}

impl From<Evidence> for Sight<'_> {
    fn from(evidence: Evidence) -> Self {
        Self::Other(Box::new(evidence))
    }
}

impl Sight<'_> {
    /// What it says.
    pub(super) fn status(&self) -> EvidenceStatus {
        match self {
            Self::Object(object) => object.status,
            Self::Other(evidence) => evidence.status,
        }
    }

    /// The same, as something that decides nothing.
    pub(super) fn noted(mut self) -> Self {
        match &mut self {
            Self::Object(object) => object.status = EvidenceStatus::Noted,
            Self::Other(evidence) => evidence.status = EvidenceStatus::Noted,
        }
        self
    }

    /// As evidence shows it.
    pub(super) fn written(self) -> Evidence {
        match self {
            Self::Object(object) => object.written(),
            Self::Other(evidence) => *evidence,
        }
    }
}

impl Object<'_> {
    fn written(self) -> Evidence {
        let Self { status, node, kind, source, member, file, line, wanted, count } = self;
        let shown = file.unwrap_or(member);
        Evidence {
            status,
            node: node.map(str::to_owned),
            subject: line.subject.clone(),
            class: kind.has_classes.then(|| kind.class_names[line.class].clone()),
            member: name(source, member, file),
            pointer: pointer(shown, line),
            seen: line.seen.clone(),
            wanted: wanted.to_owned(),
            sha256: shown.digest.to_string(),
            count,
        }
    }
}

/// The name of the file in which an object stands.
pub(super) fn name(source: &Source, member: &Member<Tally>, file: Option<&Member<Tally>>) -> String {
    match (file, source.name.strip_suffix(&member.path)) {
        (Some(file), Some(input)) => format!("{input}{}", file.path),
        _ => source.name.clone(),
    }
}

/// Where a line stands in its file.
pub(super) fn pointer(member: &Member<Tally>, line: &Line) -> String {
    if member.nature == Nature::SomeFields {
        return format!("{}{}", member.at, pointer_in_configuration(&line.below));
    }
    let below = line.position.pointer_to(&line.below);
    match (member.at.as_str(), member.place.as_ref().map(|place| place.kind.name())) {
        ("", _) => below,
        // The version was taken out of a text.
        (at, Some("mke.version" | "mke.instance")) => at.to_owned(),
        (at, _) if below.is_empty() || below.starts_with('/') => format!("{at}{below}"),
        (at, _) => format!("{at} {below}"),
    }
}
