//! What the reading that does not decide would show.

use std::collections::{BTreeMap, BTreeSet};

use super::assessment::EvidenceStatus;
use super::decide::Ground;
use super::gathered::Gathered;
use super::sight::Sight;
use crate::rules::{Check, Truth, Wording};

impl<'g> Ground<'g> {
    /// Notes what breaks a check of the reading that does not decide: lines of evidence, and how many objects.
    pub(super) fn note_other_reading(
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
        let known: BTreeSet<_> = gathered.lines.iter().filter_map(|(_, sight)| place(sight)).collect();
        let new: Vec<_> =
            noted.into_iter().filter(|sight| place(sight).is_none_or(|at| !known.contains(&at))).collect();
        gathered.lines.extend(new.into_iter().enumerate().map(|(rank, sight)| (rank, sight.noted())));
    }
}

/// Member, object and place in it.
fn place<'s>(sight: &'s Sight<'_>) -> Option<(&'s str, &'s str, String)> {
    match sight {
        Sight::Object(object) => {
            let line = object.line;
            Some((&object.source.name, &line.subject, line.position.pointer_to(&line.below)))
        }
        Sight::Other(_) => None,
    }
}
