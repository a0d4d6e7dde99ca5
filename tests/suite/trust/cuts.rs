//! Kind 4: what is cut, failed, or of another shape tells nothing.

use serde_json::{Value, json};

use super::base::{Base, keep_files};
use super::document::Document;
use super::hiding::clean;
use super::known::{Fault, settle};
use super::plant_settings::SETTINGS;
use crate::common::snapshot::Snapshot;
use crate::common::{in_parallel, lets_off, packs, rule};
use mke_stig::layout::{Kind, Placement, place};
use mke_stig::model::assessment::Status;

/// A cluster with every violation of the configuration at once, and the rules that they break.
fn all_settings(base: &Base) -> (Snapshot, Vec<&'static str>) {
    let mut snapshot = base.snapshot.clone();
    let mut rules = Vec::new();
    for plant in SETTINGS {
        let before = snapshot.clone();
        match (plant.sow)(&mut snapshot) {
            Some(spot) if spot.path == "cluster/mke/config.toml" => rules.extend(plant.rules),
            _ => snapshot = before,
        }
    }
    // What containers and networks say of the same rules is clean.
    rules.sort_unstable();
    rules.dedup();
    (snapshot, rules)
}

#[test]
fn a_configuration_that_ends_anywhere_tells_no_default() {
    let mut trials = Vec::new();
    for base in [Base::mended(), &Base::generated()[0], &Base::generated()[1]] {
        let (snapshot, rules) = all_settings(base);
        assert!(rules.len() >= 9, "{rules:?}");
        let text = String::from_utf8(snapshot.members["cluster/mke/config.toml"].clone()).unwrap();
        let ends: Vec<usize> =
            text.match_indices('\n').map(|(at, _)| at + 1).filter(|at| *at < text.trim_end().len()).collect();
        for at in ends {
            let table = text[at..].trim_start().starts_with('[');
            trials.push((base, snapshot.clone(), rules.clone(), at, table));
        }
    }
    let found = in_parallel(&trials, |(base, snapshot, rules, at, table)| {
        let mut cut = snapshot.clone();
        let content = cut.members["cluster/mke/config.toml"][..*at].to_vec();
        cut.set("cluster/mke/config.toml", content);
        let assessment = base.assess(&cut);
        let off = rules.iter().filter(|id| lets_off(rule(&assessment, id).status));
        off.map(|id| Fault {
            what: format!("the configuration ends {}", if *table { "before a table" } else { "in a table" }),
            kind: 4,
            rule: (*id).to_owned(),
            detail: format!("{}: cut at byte {at}: {:?}", base.name, rule(&assessment, id).status),
        })
        .collect::<Vec<_>>()
    });
    settle("cut configuration", &found.concat());
}

/// What stands in an object's place.
fn shapes(object: &Value) -> Vec<(&'static str, Value)> {
    let fields = object.as_object().cloned().unwrap_or_default();
    let with = |value: &Value| {
        fields
            .iter()
            .map(|(key, old)| (key.clone(), if old.is_object() { value.clone() } else { old.clone() }))
            .collect()
    };
    let lower = fields.iter().map(|(key, value)| (key.to_ascii_lowercase(), value.clone())).collect();
    let flat = fields.iter().filter(|(_, value)| !value.is_object() && !value.is_array());
    vec![
        ("null", Value::Null),
        ("a number", json!(7)),
        ("a text", json!("x")),
        ("a list", json!([[]])),
        ("an object without fields", json!({})),
        ("an object whose parts are null", Value::Object(with(&Value::Null))),
        ("an object whose parts are empty", Value::Object(with(&json!({})))),
        ("an object whose parts are texts", Value::Object(with(&json!("x")))),
        ("an object with keys in lower case", Value::Object(lower)),
        ("an object without its parts", Value::Object(flat.map(|(key, value)| (key.clone(), value.clone())).collect())),
        ("an object in an object", json!({ "object": object })),
    ]
}

/// Whether an object in a shape may still say all that rules ask of it: names of fields in lower
/// case are those of Kubernetes, and what rules ask of `docker info` and of settings stands at their top.
fn may_be_clean(kind: &Kind, shape: &str) -> bool {
    let kind = kind.name();
    match shape {
        "an object with keys in lower case" => !kind.starts_with("docker."),
        _ if shape.starts_with("an object whose parts") || shape == "an object without its parts" => {
            ["docker.info", "docker.network", "mke.kubernetes_config", "mke.ldap"].contains(&kind)
        }
        _ => false,
    }
}

/// The kinds whose objects rules judge, by the member that holds them. `daemon.json` decides by the
/// letter of the STIG alone.
fn lists(snapshot: &Snapshot) -> Vec<(String, Kind)> {
    let judged = |kind: &Kind| packs()[0].rules.iter().any(|rule| rule.kinds().contains(&kind));
    let mut lists: Vec<(String, Kind)> = Vec::new();
    for path in snapshot.paths().into_iter().filter(|path| path.ends_with(".json")) {
        if let Placement::Fact(found) = place(&path)
            && judged(&found.kind)
            && found.kind.name() != "docker.daemon"
            && lists.iter().filter(|(_, kind)| *kind == found.kind).count() < 2
            && Document::read(&snapshot.members[&path]).is_some_and(|document| !document.objects.is_empty())
        {
            lists.push((path, found.kind));
        }
    }
    lists
}

#[test]
fn an_object_without_the_shape_of_its_kind_is_not_clean() {
    let mut trials = Vec::new();
    let bases = clean();
    for (number, (path, kind)) in lists(&bases[1].snapshot).into_iter().enumerate() {
        // The same member of the sample, and of one generated cluster.
        let base = if number % 2 == 0 { bases[1] } else { bases[0] };
        let path = lists(&base.snapshot).into_iter().find(|(_, other)| *other == kind).map_or(path, |(path, _)| path);
        for shape in 0..11 {
            trials.push((base, path.clone(), kind.clone(), shape));
        }
    }
    let found = in_parallel(&trials, |(base, path, kind, shape)| {
        let mut snapshot = base.snapshot.clone().without_manifest();
        let mut document = Document::of(&snapshot, path);
        let last = document.objects.len() - 1;
        let (name, value) = shapes(&document.objects[last])[*shape].clone();
        if value == document.objects[last] || may_be_clean(kind, name) {
            return Vec::new();
        }
        document.objects[last] = value;
        document.save(&mut snapshot, path);
        let after = base.assess(&snapshot);
        let what = format!("{name} stands for one of {kind}");
        let reads = packs()[0].rules.iter().filter(|rule| super::lists::looks_at_all(rule, kind));
        reads
            .filter(|read| base.bare[&read.id] == Status::NotAFinding && lets_off(rule(&after, &read.id).status))
            .inspect(|read| keep_files(base, &what, &read.id, &[&snapshot.files()]))
            .map(|read| Fault {
                what: what.clone(),
                kind: 4,
                rule: read.id.clone(),
                detail: format!("{}: {path}", base.name),
            })
            .collect()
    });
    settle("shapes of objects", &found.concat());
}

/// A way to change an object.
type Way = (&'static str, fn(&mut Value));

/// `docker info` that says nothing of the engine, in several ways.
fn unreached() -> Vec<Way> {
    vec![
        ("an error of the server beside all fields", |info| {
            info["ServerErrors"] = json!(["Cannot connect to the Docker daemon"]);
        }),
        ("an empty id", |info| info["ID"] = "".into()),
        ("empty fields and an error of the server", |info| {
            for (key, value) in info.as_object_mut().unwrap() {
                let nothing = match value {
                    Value::String(_) if key != "Name" => json!(""),
                    Value::Number(_) => json!(0),
                    Value::Bool(_) => json!(false),
                    Value::Array(_) => Value::Null,
                    _ => continue,
                };
                *value = nothing;
            }
            info["ServerErrors"] = json!(["error during connect: the docker client must be run elevated"]);
        }),
    ]
}

#[test]
fn docker_info_that_did_not_reach_the_engine_tells_nothing() {
    let rules = ["V-260908", "V-260921", "V-260926"];
    let clean = clean();
    let found = in_parallel(&unreached(), |(name, change)| {
        let mut faults = Vec::new();
        for base in &clean {
            for node in base.snapshot.nodes() {
                let path = format!("nodes/{node}/docker/info.json");
                if !base.snapshot.members.contains_key(&format!("nodes/{node}/host/os-release")) {
                    continue;
                }
                let mut snapshot = base.snapshot.clone();
                snapshot.change(&path, change);
                let assessment = base.assess(&snapshot);
                for id in rules.iter().filter(|id| rule(&assessment, id).status == Status::NotAFinding) {
                    // SELinux is the matter of some systems alone.
                    let ubuntu = String::from_utf8_lossy(&snapshot.members[&format!("nodes/{node}/host/os-release")])
                        .contains("Ubuntu");
                    if *id != "V-260921" || !ubuntu {
                        let detail = format!("{}: {node}", base.name);
                        faults.push(Fault { what: (*name).to_owned(), kind: 4, rule: (*id).to_string(), detail });
                    }
                }
            }
        }
        faults
    });
    settle("engines not reached", &found.concat());
}
