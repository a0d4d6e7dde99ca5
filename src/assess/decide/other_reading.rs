//! What the reading that does not decide would show.
//!
//! Where a rule's text is ambiguous, checks of both readings run, and only those of the chosen one
//! decide. The others are added up apart, and what they would find is shown beside the verdict.

use std::collections::BTreeMap;

use crate::assess::decide::accumulator::Accumulator;
use crate::assess::decide::basis::{Basis, CheckRef};
use crate::assess::decide::check::gather;
use crate::assess::decide::evidence_line::{EvidenceLine, ObjectLine};
use crate::assess::decide::scope::Scope;
use crate::assess::sentences::remarks;
use crate::model::assessment::EvidenceStatus;
use crate::rules::Wording;

/// Notes what breaks a check of the reading that does not decide: lines of evidence, and how many objects.
pub(crate) fn note<'g>(basis: &Basis<'g>, check: CheckRef<'g>, scope: &Scope, acc: &mut Accumulator<'g>) {
    let off = |orchestrator| basis.context.orchestrator(orchestrator).in_use == Some(false);
    if check.stated.orchestrator.is_some_and(off) {
        return;
    }
    let mut other = Accumulator::default();
    gather(basis, check, &[], scope, &mut other);
    let breaking = |line: &EvidenceLine<'_>| matches!(line.status(), EvidenceStatus::Fails | EvidenceStatus::Excepted);
    let noted: Vec<EvidenceLine<'g>> =
        other.lines.into_iter().map(|(_, line)| line).filter(|line| breaking(line)).collect();
    if noted.is_empty() {
        return;
    }
    let reading = check.stated.reading.unwrap_or(Wording::Intended);
    acc.comment(remarks::other_reading_finds(reading, &check.stated.name, other.failed));
    acc.digest.other_reading(other.digest);
    // What is shown already is not shown twice.
    let mut shown: BTreeMap<_, Vec<ObjectLine<'_>>> = BTreeMap::new();
    for (_, line) in &acc.lines {
        if let EvidenceLine::Object(object) = line {
            shown.entry(location(object)).or_default().push(*object);
        }
    }
    let pointer =
        |object: &ObjectLine<'g>| basis.writer(object.sum.check.kind).below(object.sum.check.compiled, object.line);
    let is_new = |line: &EvidenceLine<'g>| match line {
        EvidenceLine::Object(object) => shown.get(&location(object)).is_none_or(|others| {
            let pointer_of_it = pointer(object);
            others.iter().all(|other| pointer(other) != pointer_of_it)
        }),
        EvidenceLine::Other(_) => true,
    };
    let new: Vec<_> = noted.into_iter().filter(is_new).collect();
    acc.lines.extend(new.into_iter().enumerate().map(|(rank, line)| (rank, line.noted())));
}

/// Member, object and where it stands.
fn location<'s>(object: &ObjectLine<'s>) -> (&'s str, &'s str, String) {
    let kept = &object.line.object;
    (&object.sum.source.name, &kept.subject, kept.position.pointer_to(""))
}
