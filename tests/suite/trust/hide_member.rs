//! Hiding a violation by what is done to its member, its node, or what lies beside it.

use serde_json::{Value, json};

use super::case::{Case, Hide};
use super::document::Document;
use crate::common::cluster::site;
use crate::common::snapshot::{Files, Snapshot, digest};

fn gone(case: &mut Case) -> Option<()> {
    case.remove(&case.spot.path.clone());
    Some(())
}

/// Gone, with a line in the manifest that says why.
fn admitted(case: &mut Case, status: &str) -> Option<()> {
    let path = case.spot.path.clone();
    case.snapshot.members.remove(&path);
    let record = case.snapshot.records.iter_mut().find(|record| record["path"] == path.as_str())?;
    record["status"] = status.into();
    record["bytes"] = 0.into();
    record["sha256"] = Value::Null;
    case.snapshot.count();
    Some(())
}

fn instead(case: &mut Case, text: &str) -> Option<()> {
    case.set(text);
    Some(())
}

fn moved(case: &mut Case, name: fn(&str) -> String) -> Option<()> {
    let path = case.spot.path.clone();
    let text = case.snapshot.members.get(&path)?.clone();
    case.remove(&path);
    case.snapshot.set(&name(&path), text);
    Some(())
}

/// Cut at a share of its bytes; a list of lines can end at any line.
fn cut(case: &mut Case, tenth: usize) -> Option<()> {
    let document = case.document()?;
    (!document.lines()).then_some(())?;
    let text = case.text();
    case.set(&text.trim_end().as_bytes()[..text.trim_end().len() * tenth / 10]);
    Some(())
}

/// Cut behind the byte before the object, or in the middle of it.
fn cut_at_object(case: &mut Case, within: bool) -> Option<()> {
    let document = case.in_list().then(|| case.document())??;
    let texts: Vec<String> = document.objects.iter().map(Value::to_string).collect();
    let whole = document.around(&texts);
    (within || !document.lines()).then_some(())?;
    let object = &texts[case.spot.index];
    let at = whole.find(object.as_str())? + if within { object.len() / 2 } else { 0 };
    // A character may not be cut in two for the text to be one.
    let at = (0..=at).rev().find(|at| whole.is_char_boundary(*at))?;
    case.set(&whole.as_bytes()[..at]);
    Some(())
}

/// The members of two nodes change places.
fn swapped(case: &mut Case) -> Option<()> {
    let path = case.spot.path.clone();
    let (node, file) = path.strip_prefix("nodes/")?.split_once('/')?;
    let other = case
        .snapshot
        .nodes()
        .into_iter()
        .find(|other| other != node && case.snapshot.members.contains_key(&format!("nodes/{other}/{file}")))?;
    let other = format!("nodes/{other}/{file}");
    // What says no name of its node cannot be told from that of another, where it is not counted.
    (file == "docker/info.json" || file == "docker/containers.json").then_some(())?;
    let (one, two) = (case.snapshot.members[&path].clone(), case.snapshot.members[&other].clone());
    case.snapshot.set(&path, two);
    case.snapshot.set(&other, one);
    Some(())
}

/// The other's member stands in both places.
fn copied(case: &mut Case) -> Option<()> {
    swapped(case)?;
    let (node, file) = case.spot.path.strip_prefix("nodes/")?.split_once('/')?;
    let good = case.snapshot.members[&case.spot.path].clone();
    for other in case.snapshot.nodes() {
        let other_path = format!("nodes/{other}/{file}");
        if other != node && case.snapshot.members.contains_key(&other_path) {
            case.snapshot.set(&other_path, good.clone());
            break;
        }
    }
    Some(())
}

/// The node is gone: its folder, and its line in one list or in both.
fn node_gone(case: &mut Case, lists: &[&str]) -> Option<()> {
    let node = case.node()?.to_owned();
    let of_node = format!("nodes/{node}/");
    for path in case.snapshot.paths().into_iter().filter(|path| path.starts_with(&of_node)) {
        case.remove(&path);
    }
    for list in lists {
        let mut document = Document::of(&case.snapshot, list);
        document.objects.retain(|found| {
            found["Description"]["Hostname"] != node.as_str() && found["metadata"]["name"] != node.as_str()
        });
        document.save(&mut case.snapshot, list);
    }
    Some(())
}

/// `docker info` that did not reach the engine of the node.
fn unreached(case: &mut Case) -> Option<()> {
    let path = format!("nodes/{}/docker/info.json", case.node()?);
    let info = json!({ "ID": "", "Containers": 0, "ContainersRunning": 0, "ContainersPaused": 0, "ContainersStopped": 0,
        "Images": 0, "Driver": "", "DriverStatus": null, "LoggingDriver": "", "OSType": "", "Name": "", "Labels": null,
        "ServerVersion": "", "SecurityOptions": null, "Swarm": { "NodeID": "", "NodeAddr": "", "LocalNodeState": "",
        "ControlAvailable": false, "Error": "", "RemoteManagers": null }, "Warnings": null,
        "ServerErrors": ["Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?"],
        "ClientInfo": { "Version": "23.0.7" } });
    (path == case.spot.path).then(|| case.snapshot.set(&path, info.to_string()))
}

/// The violation mended in a member of which the manifest denies the digest, and a second manifest
/// beside it that vouches for it.
fn second_manifest(case: &mut Case) -> Option<()> {
    let path = case.spot.path.clone();
    let (folder, name) = path.rsplit_once('/')?;
    let content = mended(case)?;
    case.snapshot.members.insert(path.clone(), content.clone());
    let header = case.snapshot.records.first()?.clone();
    let item = json!({ "record": "item", "path": name, "status": "collected", "bytes": content.len(), "sha256": digest(&content) });
    let footer = json!({ "record": "footer", "items": 1, "bytes": content.len(), "complete": true });
    case.beside.insert(format!("{folder}/manifest.jsonl"), format!("{header}\n{item}\n{footer}\n").into_bytes());
    Some(())
}

/// The member with the violation mended.
fn mended(case: &Case) -> Option<Vec<u8>> {
    let mut document = case.document()?;
    (!case.spot.field.is_empty()).then_some(())?;
    *document.objects.get_mut(case.spot.index)?.pointer_mut(case.spot.field)? = case.spot.good.clone();
    Some(document.text().into_bytes())
}

/// A second snapshot that shows the same member without the violation, taken at another time.
fn other_view(case: &mut Case, started: Option<&str>) -> Option<()> {
    let mut other = case.snapshot.clone();
    let content = mended(case)?;
    other.set(&case.spot.path, content);
    let mut other = other.part(|path| path == case.spot.path);
    match started {
        Some(started) => other.records[0]["started"] = started.into(),
        None => other.records.clear(),
    }
    case.more.push(other.files());
    Some(())
}

/// A newer, clean snapshot of another cluster whose nodes have the same names.
fn other_cluster(case: &mut Case) -> Option<()> {
    let mut other = clean_twin(&case.snapshot);
    other.records[0]["started"] = "2027-02-10T03:20:00Z".into();
    case.more.push(other.files());
    Some(())
}

/// The generated cluster with the names of another's nodes.
fn clean_twin(of: &Snapshot) -> Snapshot {
    let other = site(77).snapshot;
    let names: Vec<(String, String)> = other.nodes().into_iter().zip(of.nodes()).collect();
    let mut members = Files::new();
    for (path, content) in &other.members {
        let renamed = |text: &str| {
            // Through names that are in neither, so that no name is replaced twice.
            let marked = names
                .iter()
                .enumerate()
                .fold(text.to_owned(), |text, (number, (from, _))| text.replace(from, &format!("@{number}@")));
            names.iter().enumerate().fold(marked, |text, (number, (_, to))| text.replace(&format!("@{number}@"), to))
        };
        members.insert(renamed(path), renamed(&String::from_utf8_lossy(content)).into_bytes());
    }
    let mut records = vec![other.records[0].clone(), other.records[other.records.len() - 1].clone()];
    records[0]["host"] = of.nodes()[0].clone().into();
    let mut twin = Snapshot { members: Files::new(), records };
    for (path, content) in members {
        twin.set(&path, content);
    }
    twin
}

/// The member of a clean cluster in place of the one with the violation.
fn of_other_cluster(case: &mut Case) -> Option<()> {
    let twin = clean_twin(&case.snapshot);
    let content = twin.members.get(&case.spot.path)?.clone();
    // Where nothing in the member says of which cluster it is, nothing can tell.
    ["docker/info.json", "docker/containers.json", "docker/nodes.json", "docker/services.json", "kubectl/pods.json"]
        .iter()
        .any(|end| case.spot.path.ends_with(end))
        .then_some(())?;
    case.set(content);
    Some(())
}

/// Ways that change the member and what lies around it.
#[rustfmt::skip]
pub(crate) const MEMBERS: &[Hide] = &[
    Hide { name: "the member is gone", kind: 1, apply: gone },
    Hide { name: "the member is gone, and the manifest says that it failed", kind: 1, apply: |case| admitted(case, "failed") },
    Hide { name: "the member is gone, and the manifest says that it was skipped", kind: 1, apply: |case| admitted(case, "skipped") },
    Hide { name: "the member is empty", kind: 4, apply: |case| instead(case, "") },
    Hide { name: "the member is null", kind: 4, apply: |case| instead(case, "null\n") },
    Hide { name: "the member is an object without fields", kind: 4, apply: |case| instead(case, "{}\n") },
    Hide { name: "the member is an error message", kind: 4, apply: |case| instead(case, "Error response from daemon: This node is not a swarm manager.\n") },
    Hide { name: "the member is a web page", kind: 4, apply: |case| instead(case, "<!DOCTYPE html><html><body>Session expired</body></html>\n") },
    Hide { name: "the member has another name", kind: 6, apply: |case| moved(case, |path| format!("{path}.old")) },
    Hide { name: "the member lies in another folder", kind: 6, apply: |case| moved(case, |path| path.replacen('/', "-old/", 1)) },
    Hide { name: "the member is cut early", kind: 4, apply: |case| cut(case, 2) },
    Hide { name: "the member is cut in the middle", kind: 4, apply: |case| cut(case, 5) },
    Hide { name: "the member is cut late", kind: 4, apply: |case| cut(case, 9) },
    Hide { name: "the member is cut before the object", kind: 4, apply: |case| cut_at_object(case, false) },
    Hide { name: "the member is cut within the object", kind: 4, apply: |case| cut_at_object(case, true) },
    Hide { name: "two nodes have each other's member", kind: 4, apply: swapped },
    Hide { name: "another node's member stands in its place", kind: 4, apply: copied },
    Hide { name: "the node's folder is gone", kind: 1, apply: |case| node_gone(case, &[]) },
    Hide { name: "the node is gone from its folder and from the swarm's list", kind: 1, apply: |case| node_gone(case, &["cluster/docker/nodes.json"]) },
    Hide { name: "the node is gone from its folder and from both lists", kind: 1, apply: |case| node_gone(case, &["cluster/docker/nodes.json", "cluster/kubectl/nodes.json"]) },
    Hide { name: "`docker info` did not reach the engine", kind: 4, apply: unreached },
    Hide { name: "a second manifest vouches for what the first denies", kind: 10, apply: second_manifest },
    Hide { name: "an older view says otherwise", kind: 2, apply: |case| other_view(case, Some("2026-01-05T01:00:00Z")) },
    Hide { name: "a view of unknown time says otherwise", kind: 2, apply: |case| other_view(case, None) },
    Hide { name: "a newer snapshot of another cluster lies beside it", kind: 10, apply: other_cluster },
    Hide { name: "the member of another cluster stands in its place", kind: 10, apply: of_other_cluster },
];
