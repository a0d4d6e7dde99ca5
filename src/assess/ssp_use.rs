//! Which entries of the SSP the snapshot was compared with, and what an SSP would have to say of it.
//! Both are noted while objects are judged and only have to be brought together.

use std::collections::BTreeSet;

use crate::assess::decide::basis::Basis;
use crate::assess::observe::tally::CheckTally;
use crate::ssp::{Needed, Proposal};

/// Which entries of the SSP objects of the snapshot were compared with, and which they need.
pub(crate) fn needed(basis: &Basis<'_>) -> Needed {
    let mut asked = BTreeSet::new();
    for kind in &basis.compiled.kinds {
        // Of what nothing was read it cannot be told whether it would be needed.
        let read = basis.inputs.read.members.iter().any(|member| {
            member.place.as_ref().is_some_and(|place| place.kind == kind.kind)
                || member.facts.iter().any(|facts| facts.kind == kind.id)
        });
        for check in kind.checks.iter().filter(|check| read && basis.decides(check.reading)) {
            asked.extend(check.exceptions.iter().copied());
            asked.extend(check.listed.iter().flat_map(|listed| &listed.entries).copied());
        }
    }
    Needed { asked, used: sums(basis).flat_map(|sum| sum.used.iter().copied()).collect() }
}

/// The entries that an SSP would need; only a draft collects them.
pub(crate) fn proposals(basis: &Basis<'_>) -> BTreeSet<Proposal> {
    sums(basis).flat_map(|sum| sum.proposals.iter().cloned()).collect()
}

/// The sums of all checks that decide, over all members.
fn sums<'g>(basis: &Basis<'g>) -> impl Iterator<Item = &'g CheckTally> {
    let basis = *basis;
    basis.inputs.read.members.iter().flat_map(|member| &member.facts).flat_map(move |facts| {
        let checks = &basis.compiled.kind(facts.kind).checks;
        let sums = facts.tally.checks.values().flat_map(move |sums| checks.iter().zip(&sums.checks));
        sums.filter(move |(check, _)| basis.decides(check.reading)).map(|(_, sum)| sum)
    })
}
