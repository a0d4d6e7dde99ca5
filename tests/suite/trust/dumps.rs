//! Kinds 1 and 4 in support dumps: what a dump's files lose or never had tells nothing either.
//!
//! A clean cluster gets one violation, is written as a dump, and the file with the violation is damaged.

use std::collections::BTreeSet;

use mke_stig::facts::Source;
use serde_json::{Value, json};

use super::base::{Base, keep};
use super::known::{Fault, settle};
use super::plant::Plant;
use super::plant_settings::SETTINGS;
use crate::common::dump::{Layout, cluster};
use crate::common::snapshot::Files;
use crate::common::{in_parallel, lets_off, rule};
use mke_stig::model::assessment::Status;

/// A way to damage the file with the violation, a JSON document.
struct Way {
    name: &'static str,
    kind: u8,
    apply: fn(&str, &mut Value) -> Option<String>,
}

fn cut(value: &Value, tenth: usize) -> Option<String> {
    let text = value.to_string();
    let at = text.len() * tenth / 10;
    let at = (0..=at).rev().find(|at| text.is_char_boundary(*at))?;
    Some(text[..at].to_owned())
}

/// The part of the file that the rule reads: `docker_info`, or a group of the configuration.
fn part<'v>(path: &str, value: &'v mut Value) -> Option<Vec<&'v mut Value>> {
    let whole = value.as_object_mut()?;
    if path.ends_with("dsinfo.json") {
        return Some(vec![whole.get_mut("docker_info")?]);
    }
    let groups = ["analytics", "logging", "orchestration", "dockerContentTrust", "kubernetes", "httpServer"];
    Some(whole.iter_mut().filter(|(key, _)| groups.contains(&key.as_str())).map(|(_, value)| value).collect())
}

fn each(path: &str, value: &mut Value, change: impl Fn(&mut Value)) -> Option<String> {
    part(path, value)?.into_iter().for_each(change);
    Some(value.to_string())
}

#[rustfmt::skip]
const WAYS: &[Way] = &[
    Way { name: "the file is cut early", kind: 4, apply: |_, value| cut(value, 1) },
    Way { name: "the file is cut in the middle", kind: 4, apply: |_, value| cut(value, 5) },
    Way { name: "the file is cut late", kind: 4, apply: |_, value| cut(value, 9) },
    Way { name: "the file is empty", kind: 4, apply: |_, _| Some(String::new()) },
    Way { name: "the file is an object without fields", kind: 4, apply: |_, _| Some("{}".into()) },
    Way { name: "the file is a web page", kind: 4, apply: |_, _| Some("<html>Session expired</html>".into()) },
    Way { name: "the part is null", kind: 4, apply: |path, value| each(path, value, |part| *part = Value::Null) },
    Way { name: "the part is an object without fields", kind: 4, apply: |path, value| each(path, value, |part| *part = json!({})) },
    Way { name: "the part is a text", kind: 4, apply: |path, value| each(path, value, |part| *part = json!("unavailable")) },
    Way { name: "the part is a list of lines", kind: 4, apply: |path, value| each(path, value, |part| *part = json!(["Cannot connect to the Docker daemon"])) },
    Way { name: "the part has an error of the server", kind: 4, apply: |path, value| path.ends_with("dsinfo.json").then(|| each(path, value, |part| part["ServerErrors"] = json!(["Cannot connect to the Docker daemon"])))? },
    Way { name: "every value of the part is redacted", kind: 4, apply: |path, value| each(path, value, |part| part.as_object_mut().unwrap().values_mut().filter(|value| !value.is_object()).for_each(|value| *value = "(redacted)".into())) },
    Way { name: "every value of the part is null", kind: 4, apply: |path, value| each(path, value, |part| part.as_object_mut().unwrap().values_mut().for_each(|value| *value = Value::Null)) },
];

/// The file of a dump that holds what a member of a snapshot holds.
fn file_of(files: &Files, path: &str) -> Option<String> {
    if path == "cluster/mke/config.toml" {
        return Some("ucp-controller-config.json".to_owned());
    }
    let node = path.strip_prefix("nodes/")?.strip_suffix("/docker/info.json")?;
    files.keys().find(|name| name.ends_with("dsinfo.json") && name.contains(node)).cloned()
}

fn tried(base: &Base, plant: &Plant, layout: Layout) -> Vec<Fault> {
    let mut snapshot = base.snapshot.clone();
    let Some(spot) = (plant.sow)(&mut snapshot) else { return Vec::new() };
    let files = cluster(&snapshot, layout);
    let Some(target) = file_of(&files, &spot.path) else { return Vec::new() };
    let run = |files: &Files| {
        let source = Source::Files {
            name: "docker-support-20261118-08_20_00".into(),
            files: files.clone().into_iter().collect(),
        };
        (base.try_rules(std::slice::from_ref(&source), plant.rules).ok(), source)
    };
    // A dump does not hold everything: what it does not show cannot be hidden.
    let shown: BTreeSet<&str> = match run(&files).0 {
        Some(assessment) => {
            plant.rules.iter().copied().filter(|id| rule(&assessment, id).status == Status::Open).collect()
        }
        None => return Vec::new(),
    };
    let mut faults = Vec::new();
    for way in WAYS {
        let mut value: Value = serde_json::from_slice(&files[&target]).unwrap();
        let Some(text) = (way.apply)(&target, &mut value) else { continue };
        let mut damaged = files.clone();
        damaged.insert(target.clone(), text.into_bytes());
        let (Some(assessment), source) = run(&damaged) else { continue };
        for id in shown.iter().filter(|id| lets_off(rule(&assessment, id).status)) {
            keep(base, way.name, id, std::slice::from_ref(&source));
            let detail = format!("{}, {layout:?}, {target}: {:?}", plant.name, rule(&assessment, id).status);
            faults.push(Fault { what: way.name.to_owned(), kind: way.kind, rule: (*id).to_owned(), detail });
        }
    }
    faults
}

#[test]
fn what_a_dump_loses_lets_nothing_off() {
    let base = Base::mended();
    let trials: Vec<(&Plant, Layout)> = SETTINGS
        .iter()
        .flat_map(|plant| [Layout::Nested, Layout::Flat, Layout::Beside].map(|layout| (plant, layout)))
        .collect();
    let found = in_parallel(&trials, |(plant, layout)| tried(base, plant, *layout));
    settle("dumps", &found.concat());
}
