//! What must hold in OSCAL besides its schema: identifiers and what they point to.

use std::collections::BTreeSet;

use mke_stig::model::assessment::{Assessment, Status};
use mke_stig::report::Format;
use serde_json::Value;

use crate::interchange::every::every;
use crate::interchange::outcomes;
use crate::interchange::read::json;

fn walk(value: &Value, see: &mut dyn FnMut(&str, &str)) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| walk(item, see)),
        Value::Object(fields) => {
            for (key, field) in fields {
                if let Value::String(text) = field {
                    see(key, text);
                }
                assert!(field.as_array().is_none_or(|list| !list.is_empty()), "{key} is empty");
                walk(field, see);
            }
        }
        _ => {}
    }
}

pub(crate) fn holds_together(document: &Value, rules: usize) {
    let (mut ids, mut named) = (BTreeSet::new(), BTreeSet::new());
    walk(document, &mut |key, text| {
        if key == "uuid" {
            assert!(ids.insert(text.to_owned()), "{text} twice");
            let bytes = text.as_bytes();
            assert!(text.len() == 36 && bytes[14] == b'5' && b"89ab".contains(&bytes[19]), "{text}");
        } else if key.ends_with("-uuid") {
            named.insert(text.to_owned());
        } else if key == "href" {
            match text.strip_prefix('#') {
                Some(id) => drop(named.insert(id.to_owned())),
                None => assert!(
                    !text.starts_with('/') && !text.contains(':') && !text.split('/').any(|part| part == ".."),
                    "{text}"
                ),
            }
        } else if key == "value" {
            assert!(!text.is_empty() && text.trim() == text && !text.contains('\n'), "{text:?}");
        }
    });
    assert!(named.is_subset(&ids), "{:?}", named.difference(&ids).collect::<Vec<_>>());
    assert_eq!(document["assessment-results"]["results"][0]["observations"].as_array().unwrap().len(), rules);
}

#[test]
fn every_identifier_is_there_and_of_version_5() {
    holds_together(&json(&every(), Format::Oscal), 44);
}

#[test]
fn statuses_become_observations_risks_and_findings() {
    let assessment = every();
    let document = json(&assessment, Format::Oscal);
    let result = &document["assessment-results"]["results"][0];
    let observations = result["observations"].as_array().unwrap();
    for ((rule, observation), outcome) in assessment.rules.iter().zip(observations).zip(outcomes(&assessment)) {
        let prop = |name: &str| {
            let props = observation["props"].as_array().unwrap();
            props.iter().find(|prop| prop["name"] == name).map(|prop| prop["value"].as_str().unwrap().to_owned())
        };
        assert_eq!(prop("stig-vuln-id").as_deref(), Some(rule.id.as_str()));
        assert_eq!(prop("stig-result").as_deref(), Some(outcome));
        let examined = !matches!(outcome, "notchecked" | "unknown" | "error") && rule.id != "V-260905";
        assert_eq!(observation["methods"][0], if examined { "EXAMINE" } else { "UNKNOWN" }, "{}", rule.id);
        if let Some(reason) = &rule.reason {
            assert!(observation["description"].as_str().unwrap().contains(&reason.text));
        }
    }
    let open = assessment.rules.iter().filter(|rule| rule.status == Status::Open).count();
    let risks = result["risks"].as_array().unwrap();
    assert_eq!(risks.len(), open);
    assert!(risks.iter().all(|risk| risk["status"] == "open"), "an accepted risk stays open");
    assert!(observations[0]["remarks"].as_str().unwrap().contains("Risk accepted"));
}

#[test]
fn a_control_is_satisfied_only_where_all_its_rules_are() {
    let mut assessment = every();
    assessment.rules.truncate(4);
    let states = |assessment: &Assessment| -> Vec<(String, String)> {
        let document = json(assessment, Format::Oscal);
        let findings = document["assessment-results"]["results"][0]["findings"].as_array().cloned().unwrap_or_default();
        let target = |finding: &Value| {
            let target = &finding["target"];
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            (text(&target["target-id"]), text(&target["status"]["state"]))
        };
        findings.iter().map(target).collect()
    };
    let pair = |id: &str, state: &str| (id.to_owned(), state.to_owned());
    // Open, Not Reviewed, Not a Finding, Not Applicable, each with a control of its own.
    for (rule, control) in assessment.rules.iter_mut().zip(["AC-2 (1)", "SC-10", "AC-8 a", "CM-7"]) {
        rule.controls = vec![control.to_owned()];
    }
    assert_eq!(states(&assessment), [pair("ac-2.1_smt", "not-satisfied"), pair("ac-8_smt.a", "satisfied")]);
    for rule in &mut assessment.rules[1..] {
        rule.controls = vec!["AC-8 a".to_owned()];
    }
    assert_eq!(states(&assessment), [pair("ac-2.1_smt", "not-satisfied")], "one that is not reviewed decides nothing");
    for rule in &mut assessment.rules {
        rule.controls = vec!["<script>".to_owned()];
    }
    assert_eq!(states(&assessment), []);
}
