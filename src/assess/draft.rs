//! The SSP against a snapshot: problems of one that is there, and a draft of one that is not.
//!
//! A draft lists what checks looked for in the SSP and did not find. It approves nothing, since what is
//! there is not therefore allowed.

use crate::assess::run::{AssessError, Options, judged};
use crate::assess::sentences::remarks;
use crate::assess::ssp_use::{needed, proposals};
use crate::facts::Source;
use crate::model::date::Day;
use crate::rules::{Orchestrator, Pack};
use crate::ssp::{Amiss, Proposal, draft};
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

/// What is amiss with the SSP of the options in view of the inputs: every entry that is not
/// approved, has expired, is not needed or stands twice, at its place.
///
/// # Errors
/// As [`super::assess`].
pub fn review_ssp(inputs: &[Source], packs: &[Pack], options: &Options) -> Result<Vec<Problem>, AssessError> {
    judged(inputs, packs, options, false, |judged| {
        let basis = &judged.basis;
        let all = [Amiss::Unapproved, Amiss::Expired, Amiss::Endless, Amiss::Unused, Amiss::Twin];
        options.ssp.review(basis.day(), Some(&needed(basis)), &all)
    })
}

/// An `ssp.yaml` from what is in the inputs, as far as the SSP of the options does not state it.
/// Nothing in it is approved, so that it decides nothing.
///
/// # Errors
/// As [`super::assess`], and inputs without a day.
pub fn draft_ssp(inputs: &[Source], packs: &[Pack], options: &Options) -> Result<String, DraftError> {
    judged(inputs, packs, options, true, |judged| {
        let (basis, context) = (&judged.basis, judged.basis.context);
        let expires = basis.day().and_then(Day::parse).and_then(|day| day.years_later(1)).ok_or(DraftError::NoDay)?;
        let mut proposals = proposals(basis);
        for orchestrator in [Orchestrator::Swarm, Orchestrator::Kubernetes] {
            if context.orchestrator(orchestrator).in_use == Some(true) {
                proposals.insert(Proposal::single("orchestrators", orchestrator.name()));
            }
        }
        for (variable, section) in [("mke.version", "mke_version"), ("msr.version", "msr_version")] {
            if let Some(version) = context.variables.values.get(variable) {
                proposals.insert(Proposal::single(section, version));
            }
        }
        let cluster = context.cluster_ids.first().map(String::as_str);
        let preamble = remarks::draft_preamble(context.collected_at.as_deref(), cluster);
        Ok(draft(&proposals, &preamble, cluster, &expires.to_string()))
    })?
}
