//! Arbitrary bytes as the files of a support dump: an assessment or an error, in bounded time, and a
//! reason for each rule that is not decided.

#![no_main]

use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use mke_stig::model::assessment::Status;
use mke_stig::assess::{Options, assess};
use mke_stig::facts::{Bounds, Source};
use mke_stig::rules::Pack;

const NAMES: [&str; 7] = [
    "ucp-nodes.txt",
    "ucp-controller-config.json",
    "dsinfo.json",
    "w/dsinfo/dsinfo.json",
    "w/dsinfo/dsinfo.txt",
    "w/dsinfo/inspect/ucp-proxy.txt",
    "namespaces/a/core/pods.yaml",
];

static PACKS: OnceLock<Vec<Pack>> = OnceLock::new();

fuzz_target!(|contents: [&[u8]; 7]| {
    let files = NAMES.iter().zip(contents).filter(|(_, content)| !content.is_empty());
    let files: Vec<(String, Vec<u8>)> = files.map(|(name, content)| ((*name).to_owned(), content.to_vec())).collect();
    let packs = PACKS.get_or_init(|| vec![Pack::embedded()]);
    let bounds = Bounds { jobs: 1, max_object_bytes: 1 << 20, ..Bounds::default() };
    let options = Options { bounds, ..Options::default() };
    let source = Source::Files { name: "dump".to_owned(), files };
    let Ok(assessment) = assess(&[source], packs, &options) else { return };
    for rule in &assessment.rules {
        assert!(rule.status != Status::NotReviewed || rule.reason.is_some(), "{}", rule.id);
    }
});
