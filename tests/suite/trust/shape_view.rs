//! Shapes in which parts of a cluster are handed in: views, times, names of hosts, outputs that
//! people saved by hand.

use serde_json::{Value, json};

use super::document::{Document, bundle};
use super::shape::{Input, Shape};
use crate::common::snapshot::{Files, Snapshot};

fn of_nodes(snapshot: &Snapshot) -> Snapshot {
    snapshot.part(|path| path.starts_with("nodes/"))
}

/// The snapshot as if it had been taken an hour earlier or later.
fn at(mut snapshot: Snapshot, hours: i32) -> Snapshot {
    let started = snapshot.records[0]["started"].as_str().unwrap().to_owned();
    let hour: i32 = started[11..13].parse().unwrap();
    snapshot.records[0]["started"] = format!("{}{:02}{}", &started[..11], hour + hours, &started[13..]).into();
    snapshot
}

fn both(first: &Snapshot, second: &Snapshot) -> Vec<Input> {
    vec![Input::Folder(first.files()), Input::Folder(second.files())]
}

/// Changes what every member and path says, as a text.
fn retold(snapshot: &Snapshot, path: impl Fn(&str) -> String, text: impl Fn(&str, String) -> String) -> Vec<Input> {
    let mut told = snapshot.clone();
    told.members.clear();
    told.records.retain(|record| record["record"] != "item");
    for (old, content) in &snapshot.members {
        let content = text(old, String::from_utf8(content.clone()).unwrap());
        told.set(&path(old), content);
    }
    vec![Input::Folder(told.files())]
}

fn in_folder(path: &str, change: impl Fn(&str) -> String) -> String {
    match path.strip_prefix("nodes/").and_then(|rest| rest.split_once('/')) {
        Some((node, rest)) => format!("nodes/{}/{rest}", change(node)),
        None => path.to_owned(),
    }
}

fn full(node: &str) -> String {
    format!("{node}.site.example")
}

/// What docker says, with every node's name changed.
fn docker_says(snapshot: &Snapshot, path: &str, text: String, change: fn(&str) -> String) -> String {
    if !path.contains("/docker/") && !path.starts_with("cluster/docker/") {
        return text;
    }
    snapshot.nodes().iter().fold(text, |text, node| {
        let name = format!("\"{}\"", change(node));
        ["Name", "Hostname"].iter().fold(text, |text, key| {
            let text = text.replace(&format!("\"{key}\":\"{node}\""), &format!("\"{key}\":{name}"));
            text.replace(&format!("\"{key}\": \"{node}\""), &format!("\"{key}\": {name}"))
        })
    })
}

/// The snapshot without its members of Kubernetes, and these as files of another folder.
fn saved(snapshot: &Snapshot, write: impl Fn(&str, &Document) -> Texts) -> Vec<Input> {
    let rest = snapshot.part(|path| !path.starts_with("cluster/kubectl/"));
    let mut files = Files::new();
    for path in
        snapshot.paths().into_iter().filter(|path| path.starts_with("cluster/kubectl/") && path.ends_with(".json"))
    {
        let name = path.rsplit('/').next().unwrap().trim_end_matches(".json").to_owned();
        if let Some(document) = Document::read(&snapshot.members[&path]) {
            files.extend(write(&name, &document).into_iter().map(|(name, text)| (name, text.into_bytes())));
        }
    }
    vec![Input::Folder(rest.files()), Input::Folder(files)]
}

fn value(document: &Document) -> Value {
    serde_json::from_str(&document.text()).unwrap()
}

fn block(name: &str, document: &Document) -> Texts {
    vec![(format!("{name}.yaml"), serde_yaml::to_string(&value(document)).unwrap())]
}

/// Keys without quotes, objects in braces.
fn flow_text(value: &Value, text: &mut String) {
    match value {
        Value::Object(fields) => {
            text.push('{');
            for (number, (key, value)) in fields.iter().enumerate() {
                text.push_str(if number == 0 { "" } else { ", " });
                let plain = key.bytes().all(|byte| byte.is_ascii_alphabetic());
                text.push_str(&if plain { key.clone() } else { Value::from(key.as_str()).to_string() });
                text.push_str(": ");
                flow_text(value, text);
            }
            text.push('}');
        }
        Value::Array(list) => {
            text.push('[');
            for (number, value) in list.iter().enumerate() {
                text.push_str(if number == 0 { "" } else { ",\n  " });
                flow_text(value, text);
            }
            text.push(']');
        }
        scalar => text.push_str(&scalar.to_string()),
    }
}

fn flow(name: &str, document: &Document) -> Texts {
    let mut text = String::new();
    flow_text(&value(document), &mut text);
    vec![(format!("{name}.yml"), text + "\n")]
}

fn documents(name: &str, document: &Document) -> Texts {
    let text =
        document.objects.iter().map(|object| format!("---\n{}", serde_yaml::to_string(object).unwrap())).collect();
    vec![(format!("{name}.yaml"), text)]
}

fn json_behind_dashes(name: &str, document: &Document) -> Texts {
    vec![(format!("{name}.yaml"), format!("---\n{}\n", document.text()))]
}

fn quoted_keys(name: &str, document: &Document) -> Texts {
    let text = serde_yaml::to_string(&value(document)).unwrap();
    vec![(
        format!("{name}.yaml"),
        text.replace("\nkind: List", "\n\"kind\": \"List\"").replace("apiVersion: v1\n", "'apiVersion': 'v1'\n"),
    )]
}

fn one_each(name: &str, document: &Document) -> Texts {
    let objects = document.objects.iter().enumerate();
    objects.map(|(number, object)| (format!("{name}-{number}.json"), object.to_string())).collect()
}

/// As the API answers: a list of its own type, whose items name none.
fn typed(name: &str, document: &Document) -> Texts {
    let Some(kind) = document.objects.first().map(|object| object["kind"].as_str().unwrap_or_default().to_owned())
    else {
        return vec![(format!("{name}.json"), document.text())];
    };
    let mut list = value(document);
    if !document.kubernetes() {
        return vec![(format!("{name}.json"), list.to_string())];
    }
    list["kind"] = format!("{kind}List").into();
    for item in list["items"].as_array_mut().unwrap() {
        item.as_object_mut().unwrap().retain(|key, _| key != "kind" && key != "apiVersion");
    }
    vec![(format!("{name}.json"), list.to_string())]
}

/// All that Kubernetes has in one file.
fn together(snapshot: &Snapshot, join: fn(&[Document]) -> String) -> Vec<Input> {
    let rest = snapshot.part(|path| !path.starts_with("cluster/kubectl/"));
    let paths =
        snapshot.paths().into_iter().filter(|path| path.starts_with("cluster/kubectl/") && path.ends_with(".json"));
    let all: Vec<Document> =
        paths.filter_map(|path| Document::read(&snapshot.members[&path])).filter(Document::kubernetes).collect();
    let files = Files::from([("all.json".to_owned(), join(&all).into_bytes())]);
    vec![Input::Folder(rest.files()), Input::Folder(files)]
}

fn one_list(all: &[Document]) -> String {
    let items: Vec<Value> = all.iter().flat_map(|document| document.objects.clone()).collect();
    json!({ "apiVersion": "v1", "kind": "List", "metadata": { "resourceVersion": "" }, "items": items }).to_string()
}

fn one_after_another(all: &[Document]) -> String {
    all.iter().map(|document| document.text() + "\n").collect()
}

fn slurped(all: &[Document]) -> String {
    Value::from(all.iter().map(value).collect::<Vec<_>>()).to_string()
}

/// Texts by the names of their files.
type Texts = Vec<(String, String)>;

/// Files that a node's engine gave, by hand: the snapshot without them, and a folder for each node.
fn by_hand(snapshot: &Snapshot, write: fn(&[(&str, Document)]) -> Texts) -> Vec<Input> {
    const KINDS: [&str; 5] = ["info", "version", "containers", "images", "networks"];
    let of_engine = |path: &str| {
        KINDS.iter().any(|kind| path.starts_with("nodes/") && path.ends_with(&format!("/docker/{kind}.json")))
    };
    let rest = snapshot.part(|path| !of_engine(path));
    let mut files = Files::new();
    for node in snapshot.nodes() {
        let found: Vec<(&str, Document)> = KINDS
            .iter()
            .filter_map(|kind| {
                let content = snapshot.members.get(&format!("nodes/{node}/docker/{kind}.json"))?;
                Some((*kind, Document::read(content)?))
            })
            .collect();
        files.extend(write(&found).into_iter().map(|(name, text)| (format!("{node}/{name}"), text.into_bytes())));
    }
    vec![Input::Folder(rest.files()), Input::Folder(files)]
}

fn separate(found: &[(&str, Document)]) -> Texts {
    found.iter().map(|(kind, document)| (format!("{kind}.json"), document.text())).collect()
}

fn in_one_file(found: &[(&str, Document)]) -> Texts {
    vec![("all.json".to_owned(), found.iter().map(|(_, document)| document.text() + "\n").collect())]
}

/// `docker inspect` of networks and containers, which gives one list.
fn inspected(found: &[(&str, Document)]) -> Texts {
    let of =
        |wanted: &str| found.iter().find(|(kind, _)| *kind == wanted).map(|(_, document)| document.objects.clone());
    let mixed = [of("networks"), of("containers")].into_iter().flatten().flatten().collect::<Vec<_>>();
    let mut files: Vec<_> = found
        .iter()
        .filter(|(kind, _)| *kind != "networks" && *kind != "containers")
        .map(|(kind, document)| (format!("{kind}.json"), document.text()))
        .collect();
    files.push(("inspect.json".to_owned(), Value::from(mixed).to_string()));
    files
}

fn a_file_for_each(found: &[(&str, Document)]) -> Texts {
    let mut files = Vec::new();
    for (kind, document) in found {
        for (number, object) in document.objects.iter().enumerate() {
            let text = if document.lone() { object.to_string() } else { json!([object]).to_string() };
            files.push((format!("{kind}-{number}.txt"), text));
        }
    }
    files
}

fn slurped_files(found: &[(&str, Document)]) -> Texts {
    let slurp = |document: &Document| {
        let values: Vec<Value> =
            serde_json::Deserializer::from_str(&document.text()).into_iter().map(Result::unwrap).collect();
        Value::from(values).to_string()
    };
    found.iter().map(|(kind, document)| (format!("{kind}.json"), slurp(document))).collect()
}

/// Shapes of views and of outputs saved by hand.
#[rustfmt::skip]
pub(crate) const VIEWS: &[Shape] = &[
    Shape { name: "the bundle's view alone", write: |snapshot| vec![Input::Folder(bundle(snapshot).files())] },
    Shape { name: "the nodes' view alone", write: |snapshot| vec![Input::Folder(of_nodes(snapshot).files())] },
    Shape { name: "both views, the bundle's newer and first", write: |snapshot| both(&at(bundle(snapshot), 1), &of_nodes(snapshot)) },
    Shape { name: "both views, the bundle's newer and last", write: |snapshot| both(&of_nodes(snapshot), &at(bundle(snapshot), 1)) },
    Shape { name: "both views, the bundle's older and first", write: |snapshot| both(&at(bundle(snapshot), -1), &of_nodes(snapshot)) },
    Shape { name: "both views, of no time", write: |snapshot| both(&bundle(snapshot).without_manifest(), &of_nodes(snapshot).without_manifest()) },
    Shape { name: "folders with full host names", write: |snapshot| retold(snapshot, |path| in_folder(path, full), |_, text| text) },
    Shape { name: "docker says full host names", write: |snapshot| retold(snapshot, |path| in_folder(path, full), |path, text| docker_says(snapshot, path, text, full)) },
    Shape { name: "docker says host names in upper case", write: |snapshot| retold(snapshot, |path| in_folder(path, str::to_uppercase), |path, text| docker_says(snapshot, path, text, str::to_uppercase)) },
    Shape { name: "folders with host names in upper case", write: |snapshot| retold(snapshot, |path| in_folder(path, str::to_uppercase), |_, text| text) },
    Shape { name: "Kubernetes as YAML", write: |snapshot| saved(snapshot, block) },
    Shape { name: "Kubernetes as YAML in braces", write: |snapshot| saved(snapshot, flow) },
    Shape { name: "Kubernetes as YAML with quoted keys", write: |snapshot| saved(snapshot, quoted_keys) },
    Shape { name: "Kubernetes as a YAML document for each object", write: |snapshot| saved(snapshot, documents) },
    Shape { name: "Kubernetes as JSON behind dashes", write: |snapshot| saved(snapshot, json_behind_dashes) },
    Shape { name: "Kubernetes as a file for each object", write: |snapshot| saved(snapshot, one_each) },
    Shape { name: "Kubernetes as lists of the API", write: |snapshot| saved(snapshot, typed) },
    Shape { name: "Kubernetes as one List", write: |snapshot| together(snapshot, one_list) },
    Shape { name: "Kubernetes as lists in one file", write: |snapshot| together(snapshot, one_after_another) },
    Shape { name: "Kubernetes as lists slurped by jq", write: |snapshot| together(snapshot, slurped) },
    Shape { name: "engines as files saved by hand", write: |snapshot| by_hand(snapshot, separate) },
    Shape { name: "engines as one file for each node", write: |snapshot| by_hand(snapshot, in_one_file) },
    Shape { name: "engines as `docker inspect` of all", write: |snapshot| by_hand(snapshot, inspected) },
    Shape { name: "engines as a file for each object", write: |snapshot| by_hand(snapshot, a_file_for_each) },
    Shape { name: "engines as files slurped by jq", write: |snapshot| by_hand(snapshot, slurped_files) },
];
