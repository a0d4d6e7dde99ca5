//! Arbitrary bytes as one member of a snapshot, each reader of text, TOML, certificates and lists in its turn: an assessment
//! or an error, in bounded time, and a reason for each rule that is not decided.

#![no_main]

use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use mke_stig::assess::{Options, assess};
use mke_stig::facts::{Bounds, Source};
use mke_stig::model::assessment::Status;
use mke_stig::rules::Pack;

const NAMES: [&str; 20] = [
    "cluster/mke/config.toml",
    "cluster/mke/ca.pem",
    "cluster/mke/tls-chain.pem",
    "cluster/mke/auth.json",
    "cluster/mke/config-kubernetes.json",
    "cluster/mke/accounts.json",
    "cluster/kubectl/api-resources.txt",
    "cluster/kubectl/pods.json",
    "cluster/docker/services.json",
    "nodes/w1/docker/containers.json",
    "nodes/w1/docker/info.json",
    "nodes/w1/docker/daemon.json",
    "nodes/w1/docker/processes.txt",
    "nodes/w1/host/audit-docker.txt",
    "nodes/w1/host/audit-rules.txt",
    "nodes/w1/host/docker-group.txt",
    "nodes/w1/host/docker-socket.txt",
    "nodes/w1/host/os-release",
    "nodes/w1/host/selinux.txt",
    "nodes/w1/host/sysctl.txt",
];

static PACKS: OnceLock<Vec<Pack>> = OnceLock::new();

fuzz_target!(|bytes: &[u8]| {
    let Some((which, content)) = bytes.split_first() else { return };
    let name = NAMES[usize::from(*which) % NAMES.len()].to_owned();
    let packs = PACKS.get_or_init(|| vec![Pack::embedded()]);
    let bounds = Bounds { jobs: 1, max_object_bytes: 1 << 20, ..Bounds::default() };
    let options = Options { bounds, ..Options::default() };
    let source = Source::Files { name: "in".to_owned(), files: vec![(name, content.to_vec())] };
    let Ok(assessment) = assess(&[source], packs, &options) else { return };
    for rule in &assessment.rules {
        assert!(rule.status != Status::NotReviewed || rule.reason.is_some(), "{}", rule.id);
    }
});
