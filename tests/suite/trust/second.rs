//! The generated clusters are what they claim to be: whole, consistent, clean, and not alike.

use std::collections::BTreeSet;

use super::base::Base;
use super::known::{Fault, settle};
use crate::common::cluster::site;
use crate::common::{lets_off, rule};
use mke_stig::model::assessment::IntegrityStatus;

#[test]
fn generated_clusters_are_whole_and_clean() {
    let mut faults = Vec::new();
    for base in Base::generated() {
        let assessment = base.assess(&base.snapshot);
        assert_eq!(assessment.snapshot.integrity.status, IntegrityStatus::Verified, "{}", base.name);
        assert_eq!(assessment.snapshot.nodes.len(), 6, "{}", base.name);
        for (id, _) in base.truth.iter().filter(|(_, status)| !lets_off(**status)) {
            let result = rule(&assessment, id);
            let detail = format!("{}: {:?} {:?}", base.name, result.status, result.reason);
            faults.push(Fault { what: "a clean cluster".into(), kind: 8, rule: id.clone(), detail });
        }
    }
    settle("second", &faults);
}

#[test]
fn the_same_seed_gives_the_same_cluster_and_another_does_not() {
    let mut seen = BTreeSet::new();
    for seed in 0..8 {
        let (one, two) = (site(seed), site(seed));
        assert_eq!(one.snapshot.files(), two.snapshot.files());
        assert_eq!(one.ssp, two.ssp);
        assert!(seen.insert(one.snapshot.members["cluster/docker/nodes.json"].clone()), "{seed}");
    }
    let plans: Vec<_> = (0..8).map(|seed| site(seed).plan).collect();
    let kinds = |of: fn(&crate::common::cluster::Plan) -> String| plans.iter().map(of).collect::<BTreeSet<_>>().len();
    assert!(kinds(|plan| format!("{:?}", plan.login)) == 3, "all providers have their turn");
    assert!(kinds(|plan| format!("{:?}", plan.registry)) == 2, "both registries have their turn");
    assert!(kinds(|plan| plan.prefix.clone()) >= 3, "registries differ");
}
