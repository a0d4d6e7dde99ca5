//! Files that are written by the program are what it writes today.

use mke_stig::rules::{cases_schema, rule_schema};

/// Fails with the command that writes the file anew.
fn assert_same(path: &str, written: &str, command: &str) {
    let full = format!("{}/{path}", env!("CARGO_MANIFEST_DIR"));
    let there = std::fs::read_to_string(&full).unwrap_or_default();
    assert!(there.contains(written.trim_end()), "{path} is not up to date: run `{command}`");
}

#[test]
fn the_schemas_of_rules_and_cases() {
    let schema = serde_json::to_string_pretty(&rule_schema()).unwrap();
    assert_same("rules/schema.json", &schema, "cargo run -- rules schema > rules/schema.json");
    let schema = serde_json::to_string_pretty(&cases_schema()).unwrap();
    assert_same("rules/cases.schema.json", &schema, "cargo run -- rules schema --cases > rules/cases.schema.json");
}

#[test]
fn the_table_of_rules() {
    let output =
        assert_cmd::Command::cargo_bin("mke-stig").unwrap().args(["rules", "list", "--markdown"]).output().unwrap();
    let table = String::from_utf8(output.stdout).unwrap();
    assert!(table.lines().count() >= 46, "{table}");
    assert_same("rules/README.md", &table, "cargo run -- rules list --markdown");
}
