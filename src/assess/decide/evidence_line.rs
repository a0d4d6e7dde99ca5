//! Lines of evidence before they are written out.
//!
//! A rule may gather thousands of lines of which a report shows a few. A line therefore only points
//! to what it shows, and is written when it is known to be shown.

use crate::assess::cluster::source::EvidenceSource;
use crate::assess::decide::basis::{Basis, CheckRef};
use crate::assess::observe::samples::Line;
use crate::assess::observe::tally::{CheckTally, Tally};
use crate::facts::{Member, Nature, Position, pointer_in_configuration};
use crate::model::assessment::{Evidence, EvidenceStatus};

/// What stands at one place, and what it says.
#[derive(Debug, Clone)]
pub(crate) enum EvidenceLine<'g> {
    /// An object that was judged, or the first of those that its line stands for.
    Object(ObjectLine<'g>),
    /// Something else than an object.
    Other(Box<Evidence>),
}

/// The sum of one check over what one source shows of one node.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SourceSum<'g> {
    pub(crate) check: CheckRef<'g>,
    pub(crate) source: &'g EvidenceSource,
    pub(crate) member: &'g Member<Tally>,
    pub(crate) node: Option<&'g str>,
    pub(crate) tally: &'g CheckTally,
    /// Whether it is certain that the rule judges the node.
    pub(crate) certain: bool,
}

/// A line about an object.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ObjectLine<'g> {
    pub(crate) status: EvidenceStatus,
    pub(crate) sum: SourceSum<'g>,
    /// Node of all objects that the line stands for.
    pub(crate) node: Option<&'g str>,
    pub(crate) line: &'g Line,
    /// Objects that the line stands for.
    pub(crate) count: u64,
}

impl From<Evidence> for EvidenceLine<'_> {
    fn from(evidence: Evidence) -> Self {
        Self::Other(Box::new(evidence))
    }
}

impl<'g> EvidenceLine<'g> {
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
    pub(crate) fn written(self, basis: &Basis<'g>) -> Evidence {
        match self {
            Self::Object(object) => object.written(basis),
            Self::Other(evidence) => *evidence,
        }
    }
}

impl<'g> SourceSum<'g> {
    /// The number of the check in its rule, and the node.
    pub(crate) fn place(&self) -> (usize, Option<&'g str>) {
        (self.check.compiled.check, self.node)
    }

    /// The line about an object of it, on the object's own node where the source is of none.
    pub(crate) fn line(self, status: EvidenceStatus, line: &'g Line) -> EvidenceLine<'g> {
        let node = self.node.or(line.object.node.as_deref());
        EvidenceLine::Object(ObjectLine { status, sum: self, node, line, count: 1 })
    }
}

impl<'g> ObjectLine<'g> {
    /// As evidence shows it.
    pub(crate) fn written(self, basis: &Basis<'g>) -> Evidence {
        let Self { status, sum, node, line, count } = self;
        let CheckRef { stated, compiled, kind, .. } = sum.check;
        let object = &line.object;
        // An object of a list that was put together from many files stands in one of these.
        let file = basis.inputs.read.file(object.position);
        let shown = file.unwrap_or(sum.member);
        let written = basis.writer(kind).line(compiled, line);
        Evidence {
            status,
            node: node.map(|node| basis.inputs.hosts.of(node).to_owned()),
            subject: object.subject.clone(),
            class: kind.has_classes.then(|| kind.class_names[object.class].clone()),
            member: file_name(sum.source, sum.member, file),
            pointer: pointer(shown, object.position, &written.below),
            seen: written.seen,
            wanted: stated.wanted.clone(),
            sha256: shown.digest.to_string(),
            count,
            object: (count == 1).then(|| object.named.clone()),
        }
    }
}

/// The name of the file in which an object stands.
fn file_name(source: &EvidenceSource, member: &Member<Tally>, file: Option<&Member<Tally>>) -> String {
    match (file, source.name.strip_suffix(&member.path)) {
        (Some(file), Some(input)) => format!("{input}{}", file.path),
        _ => source.name.clone(),
    }
}

/// Where something stands in its file: a place below an object at this position.
fn pointer(member: &Member<Tally>, position: Position, below: &str) -> String {
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
