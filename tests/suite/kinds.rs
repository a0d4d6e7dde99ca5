//! The table of kinds against the rooms that use it: rules' test cases, field paths and the collector.

use std::collections::BTreeSet;
use std::fs;

use mke_stig::assess::case_result;
use mke_stig::facts::FieldPath;
use mke_stig::layout::{DumpForm, Encoding, Kind, TextForm, case_path, cluster_path};
use mke_stig::rules::{CaseFacts, CaseInput, Pack, read_rule};
use serde_json::{Value, json};

/// One object of a kind, or the text of which one is read.
fn example(kind: &Kind) -> Value {
    match kind.encoding() {
        Encoding::Text(TextForm::FileMode(_)) => json!("root:docker 660 /var/run/docker.sock"),
        Encoding::Text(TextForm::Group) => json!("docker:x:983:"),
        Encoding::Text(TextForm::Audit) => json!("type=SYSCALL msg=audit(1.5:7): exe=\"/usr/bin/docker\""),
        Encoding::Text(TextForm::AuditRules) => json!("No rules"),
        Encoding::Text(TextForm::Processes) => json!("== a1\nPID USER COMMAND\n1 root app"),
        Encoding::Text(TextForm::Selinux) => json!("SELinux status: enabled"),
        Encoding::Text(TextForm::Certificates) => json!(include_str!("../../testdata/sample/cluster/mke/ca.pem")),
        Encoding::KeyValue => json!({ "ID": "rhel" }),
        Encoding::Toml => json!({ "cluster_config": { "swarm_only": false } }),
        _ if kind.dump_form() == Some(DumpForm::InstanceId) => json!({ "id": "abc" }),
        _ if kind.dump_form() == Some(DumpForm::Images) => json!({ "Repository": "a", "Tag": "1", "ID": "x" }),
        _ => {
            let mut object = json!({});
            for mark in kind.marks() {
                match mark.split_once('.') {
                    Some((outer, inner)) => object[outer][inner] = "wrk-1".into(),
                    None => object[mark] = "wrk-1".into(),
                }
            }
            object
        }
    }
}

#[test]
fn every_kind_can_be_given_in_a_case_of_a_rule() {
    let pack = Pack::embedded();
    let mut places = 0;
    for kind in Kind::all() {
        let text = format!(
            "id: X-1\nseverity: low\ntitle: t\nwhy: w\nhow: h\nfix: f\nreading: r\n\
             checks:\n  - name: c\n    each: {kind}\n    must: {{ no.such.field: {{ equals: 1, absent: holds }} }}\n"
        );
        let rule = read_rule("X-1.yaml", &text).unwrap_or_else(|problems| panic!("{kind}: {}", problems[0].line()));
        for node in [None, Some("wrk-1")] {
            if case_path(&kind, node).is_none() {
                continue;
            }
            let facts = CaseFacts { kind: kind.clone(), node: node.map(str::to_owned), objects: vec![example(&kind)] };
            let case = CaseInput { nodes: vec!["wrk-1".to_owned()], facts: vec![facts], ..CaseInput::default() };
            let result = case_result(&pack, &rule, &case).unwrap_or_else(|why| panic!("{kind}: {why}"));
            assert_eq!(result.checked, 1, "{kind} {node:?}: {:?}", result.reason);
            places += 1;
        }
    }
    assert!(places > Kind::all().count(), "{places}");
}

#[test]
fn recognizable_fields_are_paths_of_fields() {
    for kind in Kind::all() {
        let fields = kind.recognizable_fields();
        for field in &fields {
            assert!(field.parse::<FieldPath>().is_ok(), "{kind}: {field}");
        }
        assert!(kind.marks().iter().all(|mark| fields.contains(mark)), "{kind}");
    }
}

#[test]
fn the_collector_writes_a_member_of_every_kind_that_it_collects_and_no_other() {
    let commands = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/collector-scripts/COMMANDS.md")).unwrap();
    let written: BTreeSet<&str> =
        commands.lines().filter_map(|line| line.split_once("  ->  ")).map(|(_, path)| path.trim()).collect();
    assert!(written.len() > 60, "{}", written.len());
    for kind in Kind::all() {
        let paths = [cluster_path(&kind), case_path(&kind, Some("<node>"))];
        let known: Vec<String> = paths.into_iter().flatten().collect();
        let found = known.iter().filter(|path| written.contains(path.as_str())).count();
        assert_eq!(found, if kind.is_collected() { known.len() } else { 0 }, "{kind}: {known:?}");
        assert!(!kind.is_collected() || !known.is_empty(), "{kind}");
    }
}
