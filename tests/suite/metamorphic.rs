//! What must not matter does not: order, form and company of objects leave every verdict as it is,
//! and a violating object makes a rule Open and nothing else.

use std::path::Path;

use crate::common::snapshot::Snapshot;
use crate::common::{assess_files, in_parallel, rule, statuses};
use mke_stig::model::assessment::{EvidenceStatus, Status};
use serde_json::{Value, json};

fn is_json(path: &str) -> bool {
    Path::new(path).extension() == Some("json".as_ref())
}

/// The members that are one JSON document.
fn documents(snapshot: &Snapshot) -> Vec<(String, Value)> {
    snapshot
        .paths()
        .into_iter()
        .filter(|path| is_json(path))
        .filter_map(|path| {
            let value = serde_json::from_slice(&snapshot.members[&path]).ok()?;
            Some((path, value))
        })
        .collect()
}

/// Changes every JSON document of the sample and compares the verdicts.
fn changes_nothing(what: &str, change: impl Fn(&str, &mut Value) -> Vec<u8>) {
    let sample = Snapshot::sample();
    let mut changed = sample.clone();
    let documents = documents(&sample);
    assert!(documents.len() > 50);
    for (path, mut value) in documents {
        let content = change(&path, &mut value);
        changed.set(&path, content);
    }
    same(what, &sample, &changed);
}

fn same(what: &str, before: &Snapshot, after: &Snapshot) {
    let (before, after) = (assess_files(&before.list()), assess_files(&after.list()));
    assert_eq!(statuses(&before), statuses(&after), "{what}");
    for result in &before.rules {
        let now = rule(&after, &result.id);
        assert_eq!((result.checked, result.failed), (now.checked, now.failed), "{what}: {}", result.id);
        assert_eq!(
            result.reason.as_ref().map(|r| r.code),
            now.reason.as_ref().map(|r| r.code),
            "{what}: {}",
            result.id
        );
    }
    assert_eq!(before.snapshot.nodes, after.snapshot.nodes, "{what}");
}

/// The list in a document: itself, or what stands under `items`.
fn list(value: &mut Value) -> Option<&mut Vec<Value>> {
    if value.is_array() { value.as_array_mut() } else { value.get_mut("items")?.as_array_mut() }
}

#[test]
fn order_of_objects() {
    changes_nothing("reversed", |_, value| {
        if let Some(list) = list(value) {
            list.reverse();
        }
        value.to_string().into_bytes()
    });
    changes_nothing("rotated", |_, value| {
        if let Some(list) = list(value).filter(|list| !list.is_empty()) {
            let by = list.len() / 2;
            list.rotate_left(by);
        }
        value.to_string().into_bytes()
    });
}

#[test]
fn compact_and_pretty() {
    changes_nothing("compact", |_, value| value.to_string().into_bytes());
    changes_nothing("pretty", |_, value| serde_json::to_vec_pretty(value).unwrap());
    changes_nothing("with Windows line ends", |_, value| {
        serde_json::to_string_pretty(value).unwrap().replace('\n', "\r\n").into_bytes()
    });
    changes_nothing("in much white space", |_, value| format!("\n\n \t{value} \n\n\t").into_bytes());
}

#[test]
fn fields_that_nobody_knows() {
    fn add(value: &mut Value, depth: u32) {
        match value {
            Value::Object(fields) => {
                for field in fields.values_mut() {
                    add(field, depth + 1);
                }
                // Labels and settings are maps of the user's: an entry there is data.
                if depth < 2 {
                    fields.insert(
                        "aaa_unknown".into(),
                        json!({ "a": [1, { "b": "]}\\\"" }], "HostConfig": { "PidMode": "host" } }),
                    );
                    fields.insert("zzz_unknown".into(), json!([null, true, -1.5e300, "\u{202e}\u{0}", [[]]]));
                }
            }
            Value::Array(list) => list.iter_mut().for_each(|value| add(value, depth)),
            _ => {}
        }
    }
    changes_nothing("unknown fields", |_, value| {
        add(value, 0);
        value.to_string().into_bytes()
    });
}

#[test]
fn keys_and_texts_written_with_escapes() {
    /// Every letter of every string as an escape: the same JSON.
    fn escape(text: &str) -> String {
        let (mut out, mut inside, mut escaped) = (String::new(), false, false);
        for c in text.chars() {
            if escaped {
                escaped = false;
                out.push(c);
            } else if inside && c == '\\' {
                escaped = true;
                out.push(c);
            } else if c == '"' {
                inside = !inside;
                out.push(c);
            } else if inside && c.is_ascii_alphabetic() {
                out.push_str(&format!("\\u{:04x}", u32::from(c)));
            } else {
                out.push(c);
            }
        }
        out
    }
    // A `\u0041` of the text itself must stay as it is: the sample has none.
    let sample = Snapshot::sample();
    for (path, value) in documents(&sample) {
        let text = value.to_string();
        if text.contains("\\u") {
            continue;
        }
        let mut changed = sample.clone();
        let escaped = escape(&text);
        assert_eq!(serde_json::from_str::<Value>(&escaped).unwrap(), value);
        changed.set(&path, escaped);
        let (before, after) = (statuses(&assess_files(&sample.list())), statuses(&assess_files(&changed.list())));
        for (id, status) in &before {
            // To read it otherwise is no fault; to let a rule off is.
            let now = after[id];
            assert!(now == *status || now == Status::NotReviewed, "{path}: {id} went from {status:?} to {now:?}");
        }
    }
}

#[test]
fn a_list_in_two_lists_as_xargs_writes_them() {
    changes_nothing("two lists", |_, value| match value.as_array() {
        Some(list) if list.len() > 1 => {
            let (one, two) = list.split_at(list.len() / 2);
            format!("{}\n{}\n", Value::from(one.to_vec()), Value::from(two.to_vec())).into_bytes()
        }
        _ => value.to_string().into_bytes(),
    });
    changes_nothing("two lists without a line end", |_, value| match value.as_array() {
        Some(list) if list.len() > 1 => {
            let (one, two) = list.split_at(1);
            format!("{}{}", Value::from(one.to_vec()), Value::from(two.to_vec())).into_bytes()
        }
        _ => value.to_string().into_bytes(),
    });
    changes_nothing("a line for each object", |_, value| match value.as_array() {
        Some(list) if !list.is_empty() => list.iter().map(|item| format!("{item}\n")).collect::<String>().into_bytes(),
        _ => value.to_string().into_bytes(),
    });
}

#[test]
fn order_of_the_manifest() {
    let sample = Snapshot::sample();
    let mut changed = sample.clone();
    let last = changed.records.len() - 1;
    changed.records[1..last].reverse();
    same("a manifest in another order", &sample, &changed);
}

/// A violating object for each rule: where it goes and what it is.
fn violations() -> Vec<(&'static str, &'static str, Value)> {
    // A container of a user's that breaks no rule, but for one field.
    let good = Snapshot::passing().json("nodes/wrk-2/docker/containers.json");
    let good =
        good.as_array().unwrap().iter().find(|container| container["Name"].as_str().unwrap().starts_with("/shop-web"));
    let container = |field: &str, value: Value| {
        let mut container = good.unwrap().clone();
        container["Id"] = field.into();
        container["Name"] = format!("/{field}").into();
        container["HostConfig"][field] = value;
        container
    };
    let list = "nodes/wrk-1/docker/containers.json";
    vec![
        ("V-260913", list, container("NetworkMode", json!("host"))),
        ("V-260930", list, container("PidMode", json!("host"))),
        ("V-260934", list, container("SecurityOpt", json!([]))),
        ("V-260940", list, container("Privileged", json!(true))),
        (
            "V-260913",
            "cluster/kubectl/pods.json",
            json!({
                "apiVersion": "v1", "kind": "Pod", "metadata": { "name": "bad", "namespace": "shop" },
                "spec": { "hostNetwork": true, "nodeName": "wrk-1", "containers": [{ "name": "c", "image": "shop/bad:1.0" }] },
            }),
        ),
    ]
}

#[test]
fn a_violating_object_makes_its_rule_open_and_nothing_else_better() {
    let sample = Snapshot::sample();
    let before = statuses(&assess_files(&sample.list()));
    for (id, path, object) in violations() {
        // What is said stays true on a clean cluster as well as on one with findings.
        for clean in [false, true] {
            let mut snapshot = if clean { Snapshot::passing() } else { sample.clone() };
            let base = assess_files(&snapshot.list());
            snapshot.change(path, |value| list(value).unwrap().push(object.clone()));
            let after = assess_files(&snapshot.list());
            let found = rule(&after, id);
            assert_eq!(found.status, Status::Open, "{id} {path} clean: {clean}");
            assert_eq!(found.failed, rule(&base, id).failed + 1, "{id} {path} clean: {clean}");
            for (other, status) in statuses(&base) {
                let now = rule(&after, &other).status;
                // An object that lacks fields may leave another rule undecided, but makes none better.
                let worse = now == Status::Open || (now == Status::NotReviewed && status != Status::Open);
                assert!(now == status || worse, "{id} {path}: {other} went from {status:?} to {now:?}");
            }
        }
    }
    assert!(before.values().any(|status| *status == Status::Open));
}

#[test]
fn the_cleaned_sample_passes_and_each_gap_takes_it_back() {
    let snapshot = Snapshot::passing();
    let ids = ["V-260913", "V-260930", "V-260934", "V-260940"];
    let base = assess_files(&snapshot.list());
    for id in ids {
        assert_eq!(rule(&base, id).status, Status::NotAFinding, "{id}: {:?}", rule(&base, id).reason);
    }
    let mut paths = snapshot.paths();
    paths.retain(|path| path.ends_with("containers.json") || path.ends_with("pods.json"));
    let wrong = in_parallel(&paths, |path| {
        let mut wrong = Vec::new();
        for (what, content) in [
            ("gone", None),
            ("empty list", Some("[]")),
            ("escaped", Some(r#"{"kind":"List","apiVersion":"v1","it\u0065ms":[{}]}"#)),
            ("{}", Some("{}")),
            ("null", Some("null")),
        ] {
            let mut changed = snapshot.clone();
            if let Some(content) = content {
                changed.set(path, content);
            } else {
                changed.members.remove(path);
                changed.disown(path);
            }
            let after = assess_files(&changed.list());
            for id in ids {
                let reads = !path.ends_with("pods.json") || id == "V-260913";
                // A container without any field may break a rule: then it is a finding.
                let let_off = crate::common::lets_off(rule(&after, id).status);
                if reads && let_off {
                    wrong.push(format!("{path} {what}: {id} is {:?}", rule(&after, id).status));
                }
            }
        }
        wrong
    })
    .concat();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Evidence without what a changed file changes in any case.
fn evidence(result: &mke_stig::model::assessment::RuleResult) -> Vec<Value> {
    let mut lines: Vec<Value> = result.evidence.iter().map(|line| serde_json::to_value(line).unwrap()).collect();
    for line in &mut lines {
        line["sha256"] = Value::Null;
    }
    lines
}

#[test]
fn a_network_is_one_however_many_nodes_show_it() {
    let sample = Snapshot::sample();
    let lists: Vec<(String, Value)> =
        documents(&sample).into_iter().filter(|(path, _)| path.ends_with("docker/networks.json")).collect();
    assert!(lists.len() > 3);
    let swarm: Vec<Value> = lists
        .iter()
        .flat_map(|(_, list)| list.as_array().unwrap())
        .filter(|network| network["Scope"] == "swarm")
        .cloned()
        .collect();
    let mut changed = sample.clone();
    let mut added = 0;
    for (path, mut list) in lists {
        let list = list.as_array_mut().unwrap();
        for network in &swarm {
            if !list.iter().any(|known| known["Id"] == network["Id"]) {
                list.push(network.clone());
                added += 1;
            }
        }
        changed.set(&path, serde_json::to_vec(&list).unwrap());
    }
    assert!(added > 0);
    same("networks shown by every node", &sample, &changed);
    // Its lists are as long as the manager's: the networks of the swarm, and those of the nodes.
    let result = assess_files(&changed.list());
    let result = rule(&result, "V-260931");
    let lines: u64 = result.evidence.iter().map(|line| line.count).sum();
    let passing = result.evidence.iter().filter(|line| line.status == EvidenceStatus::Passes);
    assert!(passing.clone().count() > 0, "nothing passes, so nothing is tried");
    assert!(passing.map(|line| line.count).sum::<u64>() <= lines);
}

#[test]
fn how_large_an_object_is_changes_nothing_of_what_is_told() {
    let sample = Snapshot::sample();
    let mut changed = sample.clone();
    let mut large = 0;
    for (path, mut list) in documents(&sample).into_iter().filter(|(path, _)| path.ends_with("docker/containers.json"))
    {
        for container in list.as_array_mut().unwrap() {
            container["HostConfig"]["CapAdd"] = json!(["X".repeat(10_000)]);
            large += 1;
        }
        changed.set(&path, serde_json::to_vec(&list).unwrap());
    }
    assert!(large > 10);
    let (before, after) = (assess_files(&sample.list()), assess_files(&changed.list()));
    let about_capabilities = ["V-260923", "V-260933"];
    let mut compared = 0;
    for result in before.rules.iter().filter(|result| !about_capabilities.contains(&result.id.as_str())) {
        let now = rule(&after, &result.id);
        assert_eq!(evidence(result), evidence(now), "{}", result.id);
        compared += result.evidence.iter().filter(|line| line.member.ends_with("docker/containers.json")).count();
    }
    assert!(compared > 10, "{compared} lines about containers");
}
