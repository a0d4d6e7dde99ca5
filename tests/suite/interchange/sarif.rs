//! What must hold in SARIF besides its schema: indexes, levels, fingerprints.

use std::collections::{BTreeMap, BTreeSet};

use mke_stig::report::Format;
use serde_json::Value;

use crate::interchange::every::every;
use crate::interchange::outcomes;
use crate::interchange::read::json;

pub(crate) fn holds_together(log: &Value, rules: usize) {
    let run = &log["runs"][0];
    let descriptors = run["tool"]["driver"]["rules"].as_array().unwrap();
    let artifacts = run["artifacts"].as_array().unwrap();
    assert_eq!(descriptors.len(), rules);
    let mut seen = BTreeSet::new();
    let mut fingerprints = BTreeSet::new();
    for result in run["results"].as_array().unwrap() {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(descriptors[index]["id"], result["ruleId"]);
        seen.insert(index);
        assert_eq!(result["kind"] == "fail", result["level"] != "none", "a level is for findings only");
        let fingerprint = result["partialFingerprints"]["mkeStigObject/v1"].as_str().unwrap();
        assert!(fingerprints.insert(fingerprint.to_owned()), "{fingerprint}");
        for location in result["locations"].as_array().unwrap() {
            assert!(!location["logicalLocations"].as_array().unwrap().is_empty());
            let Some(address) = location["physicalLocation"].get("artifactLocation") else { continue };
            let index = usize::try_from(address["index"].as_u64().unwrap()).unwrap();
            assert_eq!(artifacts[index]["location"]["uri"], address["uri"]);
            let uri = address["uri"].as_str().unwrap();
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~!$'()*,/%".contains(&byte);
            assert!(uri.bytes().all(plain) && !uri.starts_with('/'), "{uri}");
            assert!(uri.split('/').all(|part| !part.is_empty() && part != "." && part != ".."), "{uri}");
        }
    }
    assert_eq!(seen.len(), rules, "every rule has a result");
}

#[test]
fn indexes_levels_and_addresses_are_right() {
    holds_together(&json(&every(), Format::Sarif), 44);
}

#[test]
fn kinds_are_those_of_the_statuses() {
    let assessment = every();
    let log = json(&assessment, Format::Sarif);
    let outcomes = outcomes(&assessment);
    let mut counts: BTreeMap<u64, usize> = BTreeMap::new();
    for result in log["runs"][0]["results"].as_array().unwrap() {
        let index = result["ruleIndex"].as_u64().unwrap();
        *counts.entry(index).or_default() += 1;
        let index = usize::try_from(index).unwrap();
        let kind = match outcomes[index] {
            "notapplicable" => "notApplicable",
            "notchecked" => "review",
            "unknown" | "error" => "open",
            same => same,
        };
        assert_eq!(result["kind"], kind);
        let level = match (kind, assessment.rules[index].severity.name()) {
            ("fail", "high") => "error",
            ("fail", "medium") => "warning",
            ("fail", _) => "note",
            _ => "none",
        };
        assert_eq!(result["level"], level);
    }
    assert_eq!(counts[&0], 3, "each object that breaks a rule is a result");
    assert_eq!(counts[&1], 1);
    let notifications = &log["runs"][0]["invocations"][0]["toolExecutionNotifications"];
    assert!(notifications.as_array().unwrap().iter().any(|said| said["associatedRule"]["id"] == "V-260904"));
    let regions: Vec<&Value> = log["runs"][0]["results"][1]["locations"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|location| location["physicalLocation"].get("region"))
        .collect();
    assert_eq!(regions, [&serde_json::json!({ "startLine": 2 })]);
}

#[test]
fn fingerprints_outlive_another_order_and_another_snapshot() {
    let prints = |assessment: &_| -> BTreeSet<String> {
        let log = json(assessment, Format::Sarif);
        let results = log["runs"][0]["results"].as_array().unwrap();
        results.iter().map(|result| result["partialFingerprints"].to_string()).collect()
    };
    let mut assessment = every();
    let before = prints(&assessment);
    for rule in &mut assessment.rules {
        rule.evidence.reverse();
        for (number, line) in rule.evidence.iter_mut().enumerate() {
            line.member = format!("later-{}", line.member);
            line.sha256 = "00".repeat(32);
            line.pointer = match line.pointer.as_str() {
                text if text.starts_with("line") => format!("line {}", number + 77),
                _ => format!("/{}/HostConfig/PidMode", number + 77),
            };
        }
    }
    assert_eq!(prints(&assessment), before);
    assessment.rules[0].evidence[0].subject = "/another".to_owned();
    assert_ne!(prints(&assessment), before);
}
