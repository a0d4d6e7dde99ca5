//! The SSP against a snapshot: what it needs of one, what is amiss with one, and a draft of one.

use std::collections::BTreeSet;

use crate::assess::compile::compiled::CompiledCheck;
use crate::assess::decide::basis::Ground;
use crate::assess::observe::tally::CheckTally;
use crate::assess::run::{AssessError, Judged, Options, judged};
use crate::facts::Source;
use crate::model::date::Day;
use crate::rules::{Orchestrator, Pack, REDACTED, Version};
use crate::ssp::{Amiss, Needed, Wish, draft};
use crate::yaml::Problem;

/// Why no draft can be made.
#[derive(Debug, thiserror::Error)]
pub enum DraftError {
    /// The inputs cannot be assessed.
    #[error(transparent)]
    Assess(#[from] AssessError),
    /// No day from which its entries could hold.
    #[error("nothing says of what day the inputs are, and entries of an SSP expire: give the day with --day")]
    NoDay,
}

impl Ground<'_> {
    fn sums(&self) -> impl Iterator<Item = &CheckTally> {
        let members = self.reading.members.iter().flat_map(|member| &member.facts);
        members.flat_map(|facts| {
            let checks = &self.compiled.kind(facts.kind).checks;
            let sums = facts.tally.checks.values().flat_map(move |sums| checks.iter().zip(&sums.checks));
            sums.filter(|(check, _)| self.decides(check)).map(|(_, sum)| sum)
        })
    }

    fn decides(&self, check: &CompiledCheck) -> bool {
        check.reading.is_none_or(|reading| reading == self.wording)
    }

    /// Which entries of the SSP objects of the snapshot were compared with, and which they need.
    pub(crate) fn needed(&self) -> Needed {
        let mut asked = BTreeSet::new();
        for kind in &self.compiled.kinds {
            // Of what nothing was read it cannot be told whether it would be needed.
            let read = self.reading.members.iter().any(|member| {
                member.place.as_ref().is_some_and(|place| place.kind == kind.kind)
                    || member.facts.iter().any(|facts| facts.kind == kind.id)
            });
            for check in kind.checks.iter().filter(|check| read && self.decides(check)) {
                asked.extend(check.exceptions.iter().copied());
                asked.extend(check.listed.iter().flat_map(|listed| &listed.entries).copied());
            }
        }
        Needed { asked, used: self.sums().flat_map(|sum| sum.used.iter().copied()).collect() }
    }
}

/// What is amiss with the SSP of the options in view of the inputs: every entry that is not
/// approved, has expired, is not needed or stands twice, at its place.
///
/// # Errors
/// As [`super::assess`].
pub fn review_ssp(inputs: &[Source], packs: &[Pack], options: &Options) -> Result<Vec<Problem>, AssessError> {
    judged(inputs, packs, options, false, |judged| {
        let ground = &judged.ground;
        let all = [Amiss::Unapproved, Amiss::Expired, Amiss::Unused, Amiss::Twin];
        options.ssp.review(ground.today, Some(&ground.needed()), &all)
    })
}

/// An `ssp.yaml` from what is in the inputs, as far as the SSP of the options does not state it.
/// Nothing in it is approved, so that it decides nothing.
///
/// # Errors
/// As [`super::assess`], and inputs without a day.
pub fn draft_ssp(inputs: &[Source], packs: &[Pack], options: &Options) -> Result<String, DraftError> {
    judged(inputs, packs, options, true, |judged| {
        let expires = judged.ground.today.and_then(Day::parse).and_then(Day::next_year).ok_or(DraftError::NoDay)?;
        let mut wishes: BTreeSet<Wish> = judged.ground.sums().flat_map(|sum| sum.wishes.iter().cloned()).collect();
        for orchestrator in [Orchestrator::Swarm, Orchestrator::Kubernetes] {
            if judged.ground.context.orchestrator(orchestrator).in_use == Some(true) {
                wishes.insert(Wish::single("orchestrators", orchestrator.name()));
            }
        }
        for (variable, section) in [("mke.version", "mke_version"), ("msr.version", "msr_version")] {
            if let Some(version) = judged.ground.context.variables.values.get(variable) {
                wishes.insert(Wish::single(section, version));
            }
        }
        Ok(draft(&wishes, &about(judged), &expires.to_string()))
    })?
}

fn about(judged: &Judged<'_>) -> Vec<String> {
    let context = judged.ground.context;
    let of = context.collected_at.as_deref().unwrap_or("a day that is not known");
    let cluster = context.cluster_ids.first().map_or("not known", String::as_str);
    [
        "A draft of the part of the SSP that a machine can read, from what is in a snapshot.".to_owned(),
        format!("Snapshot of {of}, cluster {cluster}."),
        "Nothing here is approved: an entry decides nothing until it has a reason, an approver and `approved: true`."
            .to_owned(),
        "What is there is not therefore right. Take out what should not be, and say it wider with globs where it should.".to_owned(),
        "Not drafted: trusted_ca, for an authority is not taken from the server for which it is to vouch.".to_owned(),
    ]
    .to_vec()
}

/// What the SSP would state as a single value. An authority is not taken from the server for which it is to vouch.
pub(crate) fn single(section: &str, value: &str) -> Option<Wish> {
    let value = value.trim_start_matches("ucp/").trim();
    let states = match section {
        "banner" => !value.is_empty() && value != REDACTED,
        "mke_version" | "msr_version" => Version::parse(value).is_some(),
        _ => false,
    };
    states.then(|| Wish::single(section, value))
}
