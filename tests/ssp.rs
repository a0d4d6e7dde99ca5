//! The SSP: its schema is the one in the repository, and what rules ask of it is there.

use mke_stig::assess::{SECTIONS, Ssp, ssp_schema};
use mke_stig::rules::SSP_LISTS;

const SCHEMA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/rules/ssp.schema.json");

/// `UPDATE_SCHEMA=1 cargo test --test ssp` writes it anew.
#[test]
fn the_schema_in_the_repository_is_the_one_made_from_the_table() {
    let made = serde_json::to_string_pretty(&ssp_schema()).unwrap() + "\n";
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        std::fs::write(SCHEMA, &made).unwrap();
    }
    assert_eq!(std::fs::read_to_string(SCHEMA).unwrap(), made, "UPDATE_SCHEMA=1 cargo test --test ssp");
}

#[test]
fn every_list_that_rules_can_ask_for_is_a_section() {
    for list in SSP_LISTS {
        assert!(SECTIONS.iter().any(|section| section.name == *list && section.list), "{list}");
    }
}

#[test]
fn the_sample_is_read_without_a_problem() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/ssp.yaml");
    let ssp = Ssp::parse("ssp.yaml", &std::fs::read_to_string(path).unwrap()).unwrap();
    assert!(ssp.entries.iter().any(|entry| !entry.approval.approved), "one entry is there to decide nothing");
}
