//! What the SSP says of an object that breaks a check.
//!
//! An exception excuses the object as a whole. A list must name everything that the object does (each
//! port, each capability), so that one entry does not approve what another would have to. Whether an
//! entry still holds is not asked here, since the day of the collection is not known yet.

use serde_json::Value;

use crate::assess::compile::compiled::{CompiledCheck, CompiledListed};
use crate::assess::observe::object::JudgedObject;
use crate::assess::observe::tally::OpenSum;
use crate::facts::Slot;
use crate::ssp::{Claim, Proposal, Ssp, Target, claims};

/// Things that a line names of those which the SSP lists, or does not.
const SHOWN: usize = 12;

/// What the SSP says of an object that breaks a check.
pub(crate) enum Approval {
    /// It has nothing to say.
    Unasked,
    /// The entry of this number makes it good, if it holds on the day.
    Entry(usize, String),
    /// It does not list this.
    Unlisted(String),
    /// There is no SSP, or not this section: this would have to be compared.
    Silent(String),
    /// It lists this for nodes of one role, and which role the object's node has is not known.
    RoleNotKnown,
    /// What to compare cannot be read.
    Unreadable(String),
}

/// Asks the SSP about objects.
pub(crate) struct Approvals<'r> {
    pub(crate) ssp: &'r Ssp,
    /// Whether it is noted what the SSP would have to say.
    pub(crate) drafting: bool,
}

impl Approvals<'_> {
    /// What the SSP says of an object, noting which of its entries speak of it.
    pub(crate) fn ask(&self, object: &JudgedObject<'_>, check: &CompiledCheck, sum: &mut OpenSum<'_>) -> Approval {
        let kind = object.kind;
        let images = kind.subject.images(object.fields());
        let target = object.target(&images);
        sum.sum.used.extend(self.ssp.speaking(&check.exceptions, &target, None));
        if self.drafting
            && let Some(excuse) = &check.excuse
        {
            sum.propose(Proposal::exception(excuse, &target));
        }
        if let Some(number) = self.ssp.longest(&check.exceptions, &target, None) {
            return Approval::Entry(number, String::new());
        }
        if by_role(&target).any(|target| self.ssp.longest(&check.exceptions, &target, None).is_some()) {
            return Approval::RoleNotKnown;
        }
        let Some(listed) = &check.listed else { return Approval::Unasked };
        let value = |slot: &Slot| object.fields()[slot.index()].as_ref().unwrap_or(&Value::Null);
        let values: Vec<(&str, &Value)> = listed.slots.iter().map(|(key, slot)| (key.as_str(), value(slot))).collect();
        match claims(&listed.section, &values) {
            Ok(claims) if claims.is_empty() => Approval::Unreadable("it has nothing to compare".to_owned()),
            Ok(claims) => self.compare(listed, &claims, &target, sum),
            Err(what) => Approval::Unreadable(what),
        }
    }

    /// Compares what an object does with what the SSP lists.
    fn compare(
        &self,
        listed: &CompiledListed,
        claims: &[Claim],
        target: &Target<'_>,
        sum: &mut OpenSum<'_>,
    ) -> Approval {
        let expires = |number: usize| &self.ssp.entries[number].approval.expires;
        let (mut soonest, mut missing): (Option<usize>, Vec<&Claim>) = (None, Vec::new());
        for claim in claims {
            sum.sum.used.extend(self.ssp.speaking(&listed.entries, target, Some(claim)));
            if self.drafting && *claim != Claim::Use {
                sum.propose(Proposal::listed(&listed.section, claim, target));
            }
            match self.ssp.longest(&listed.entries, target, Some(claim)) {
                None => missing.push(claim),
                // What is listed by several entries holds as long as the first of them to expire.
                Some(number) => {
                    soonest = Some(soonest.filter(|known| expires(*known) <= expires(number)).unwrap_or(number));
                }
            }
        }
        match soonest {
            _ if !listed.given => Approval::Silent(some_of(&missing)),
            Some(number) if missing.is_empty() => Approval::Entry(number, some_of(&claims.iter().collect::<Vec<_>>())),
            // Without anything to compare there is nothing that the SSP could make good.
            _ if listed.slots.is_empty() => Approval::Unasked,
            _ if by_role(target).any(|target| self.lists_all(listed, &missing, &target)) => Approval::RoleNotKnown,
            _ => Approval::Unlisted(some_of(&missing)),
        }
    }

    fn lists_all(&self, listed: &CompiledListed, claims: &[&Claim], target: &Target<'_>) -> bool {
        claims.iter().all(|claim| self.ssp.longest(&listed.entries, target, Some(claim)).is_some())
    }
}

/// The object in each role that its node may have, where that is not known.
fn by_role<'t>(target: &Target<'t>) -> impl Iterator<Item = Target<'t>> {
    let unknown = target.node.is_some() && target.role.is_none();
    let target = *target;
    ["manager", "worker"].into_iter().filter(move |_| unknown).map(move |role| Target { role: Some(role), ..target })
}

fn some_of(list: &[&Claim]) -> String {
    let beyond = list.len().saturating_sub(SHOWN);
    let shown = list.iter().take(SHOWN).map(|claim| claim.words()).collect::<Vec<_>>().join(", ");
    if beyond == 0 { shown } else { format!("{shown} and {beyond} more") }
}
