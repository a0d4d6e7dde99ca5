//! Why an orchestrator or MSR counts as in use, as not in use, or as neither: one constructor each.

use crate::rules::Orchestrator;

/// Nothing tells whether an orchestrator runs users' workloads.
pub(crate) fn use_unknown(orchestrator: Orchestrator) -> String {
    format!("nothing in the snapshot says whether {} runs users' workloads", product(orchestrator))
}

/// Nothing tells whether MSR is in use.
pub(crate) fn msr_use_unknown() -> String {
    "nothing in the snapshot says whether MSR is in use".to_owned()
}

fn product(orchestrator: Orchestrator) -> &'static str {
    match orchestrator {
        Orchestrator::Swarm => "Swarm",
        Orchestrator::Kubernetes => "Kubernetes",
    }
}

/// A worker is labelled for an orchestrator.
pub(crate) fn worker_labelled(node: &str, orchestrator: Orchestrator) -> String {
    format!("worker {node} carries the label com.docker.ucp.orchestrator.{}", orchestrator.name())
}

/// A user's object of a kind is there.
pub(crate) fn user_object_runs(kind: &str, subject: &str) -> String {
    let what = kind.rsplit('.').next().unwrap_or(kind).to_lowercase();
    format!("a user's {what} runs: {subject}")
}

/// Nothing of Swarm is used.
pub(crate) fn workers_for_kubernetes_only() -> String {
    "every worker is labelled for Kubernetes only, and no user's service or container of Swarm exists".to_owned()
}

/// Nothing of Kubernetes is used but by MKE.
pub(crate) fn workers_for_swarm_only() -> String {
    "every worker is labelled for Swarm only, and no user's pod exists".to_owned()
}

/// MKE is configured for Swarm alone.
pub(crate) fn swarm_only() -> String {
    "cluster_config.swarm_only is true".to_owned()
}

/// A container or pod of MSR is there.
pub(crate) fn msr_runs(subject: &str) -> String {
    format!("a container of MSR runs: {subject}")
}

/// MKE's configuration names registries.
pub(crate) fn registries_configured(count: u64) -> String {
    format!("MKE's configuration names {count} registries")
}

/// MSR's settings were collected.
pub(crate) fn msr_answered() -> String {
    "MSR answered with its settings".to_owned()
}

/// Nothing of MSR is there.
pub(crate) fn nothing_of_msr() -> String {
    "MKE's configuration names no registry, and no container or pod of MSR exists".to_owned()
}

/// The SSP names an orchestrator.
pub(crate) fn named_by_ssp() -> String {
    "the SSP names it".to_owned()
}

/// The SSP names orchestrators, and this is none of them.
pub(crate) fn not_named_by_ssp() -> String {
    "the SSP names other orchestrators only".to_owned()
}
