//! What the reading that does not decide would show.

use std::collections::BTreeMap;

use crate::assess::decide::accumulator::Gathered;
use crate::assess::decide::basis::Ground;
use crate::assess::decide::evidence_line::{Object, Sight};
use crate::model::assessment::EvidenceStatus;
use crate::rules::{Check, Truth, Wording};

impl<'g> Ground<'g> {
    /// Notes what breaks a check of the reading that does not decide: lines of evidence, and how many objects.
    pub(crate) fn note_other_reading(
        &self,
        number: usize,
        check_number: usize,
        check: &'g Check,
        scope: Option<&BTreeMap<String, Truth>>,
        gathered: &mut Gathered<'g>,
    ) {
        let off = |orchestrator| self.context.orchestrator(orchestrator).in_use == Some(false);
        if check.orchestrator.is_some_and(off) {
            return;
        }
        let mut other = Gathered::default();
        self.check(number, check_number, check, scope, &mut other);
        let breaking = |sight: &Sight<'_>| matches!(sight.status(), EvidenceStatus::Fails | EvidenceStatus::Excepted);
        let noted: Vec<Sight<'g>> =
            other.lines.into_iter().map(|(_, sight)| sight).filter(|sight| breaking(sight)).collect();
        if noted.is_empty() {
            return;
        }
        let reading = match check.reading {
            Some(Wording::Literal) => "the literal reading",
            Some(Wording::Intended) | None => "the intended reading",
        };
        gathered.comment(format!("In {reading} the check \"{}\" has {} findings.", check.name, other.failed));
        gathered.digest.insert(format!("{reading} {} {:?}", check.name, other.digest));
        // What is shown already is not shown twice.
        let mut known: BTreeMap<_, Vec<&Object<'_>>> = BTreeMap::new();
        for (_, sight) in &gathered.lines {
            if let Sight::Object(object) = sight {
                known.entry(place(object)).or_default().push(object);
            }
        }
        let pointer = |object: &Object<'_>| self.writer(object.kind).below(object.check, object.line);
        let is_new = |sight: &Sight<'_>| match sight {
            Sight::Object(object) => known.get(&place(object)).is_none_or(|others| {
                let pointer_of_it = pointer(object);
                others.iter().all(|other| pointer(other) != pointer_of_it)
            }),
            Sight::Other(_) => true,
        };
        let new: Vec<_> = noted.into_iter().filter(is_new).collect();
        gathered.lines.extend(new.into_iter().enumerate().map(|(rank, sight)| (rank, sight.noted())));
    }
}

/// Member, object and where it stands.
fn place<'s>(object: &Object<'s>) -> (&'s str, &'s str, String) {
    let kept = &object.line.object;
    (&object.source.name, &kept.subject, kept.position.pointer_to(""))
}
