//! A list is not whole because it was read to its end: other facts count and name what it leaves out.

use crate::common::{assess_files, rule};
use mke_stig::model::assessment::{Assessment, Status};
use serde_json::{Value, json};

type Files = Vec<(String, Vec<u8>)>;

fn id(number: u64) -> String {
    format!("{number:064x}")
}

fn container(number: u64, name: &str) -> Value {
    json!({ "Id": id(number), "Name": name, "State": { "Status": "running" }, "Mounts": [],
        "HostConfig": { "NetworkMode": "bridge", "Privileged": false, "SecurityOpt": ["no-new-privileges"] },
        "Config": { "Image": "shop/app:1", "Labels": {} }, "NetworkSettings": { "Ports": {} } })
}

fn info(node: &str, containers: u64, manager: bool) -> Value {
    json!({ "ID": node, "Containers": containers, "ContainersRunning": containers, "Driver": "overlay2",
        "ServerVersion": "23.0.7", "Name": node, "OSType": "linux", "OperatingSystem": "Ubuntu 22.04",
        "Swarm": { "NodeID": format!("n-{node}"), "Nodes": if manager { 2 } else { 0 },
            "Managers": u64::from(manager), "RemoteManagers": [{ "NodeID": "n-m1" }] } })
}

fn node(name: &str, role: &str) -> Value {
    json!({ "ID": format!("n-{name}"), "Description": { "Hostname": name }, "Spec": { "Role": role,
        "Labels": { "com.docker.ucp.orchestrator.swarm": "true" } } })
}

fn lines(values: &[Value]) -> Vec<u8> {
    values.iter().flat_map(|value| format!("{value}\n").into_bytes()).collect()
}

/// A manager with one container and a worker with two.
fn site() -> Files {
    vec![
        ("m1/containers.json".into(), lines(&[container(1, "/a")])),
        ("m1/info.json".into(), lines(&[info("m1", 1, true)])),
        ("w1/containers.json".into(), lines(&[container(2, "/b"), container(3, "/c")])),
        ("w1/info.json".into(), lines(&[info("w1", 2, false)])),
        ("nodes.json".into(), lines(&[json!([node("m1", "manager"), node("w1", "worker")])])),
    ]
}

fn with(path: &str, content: Vec<u8>) -> Files {
    let mut files = site();
    files.retain(|(known, _)| known != path);
    files.push((path.to_owned(), content));
    files
}

fn status(files: &Files, id: &str) -> Status {
    rule(&assess_files(files), id).status
}

fn says(assessment: &Assessment, id: &str, words: &str) -> bool {
    rule(assessment, id).reason.iter().any(|reason| reason.text.contains(words))
}

#[test]
fn a_container_that_is_saved_twice_is_one() {
    assert_eq!(status(&site(), "V-260940"), Status::NotAFinding);
    for twice in 1..4 {
        let again: Vec<Value> = (0..=twice).map(|_| container(2, "/b")).collect();
        let assessment = assess_files(&with("w1/containers.json", lines(&again)));
        assert_eq!(rule(&assessment, "V-260940").status, Status::NotReviewed, "{twice}");
        assert!(says(&assessment, "V-260940", "counts 2 containers, 1 are listed"), "{twice}");
    }
    let mut files = with("w1/containers.json", lines(&[container(2, "/b")]));
    files.push(("w1/again.json".into(), lines(&[container(2, "/b")])));
    assert_eq!(status(&files, "V-260940"), Status::NotReviewed);
}

#[test]
fn the_list_of_the_cluster_counts_for_the_nodes_that_it_names() {
    let all = [container(1, "/m1/a"), container(2, "/w1/b"), container(3, "/w1/c")];
    let files = |listed: &[Value]| -> Files {
        let mut files = site();
        files.retain(|(path, _)| !path.ends_with("containers.json"));
        let mut files: Files = files
            .into_iter()
            .map(|(path, content)| match path.strip_suffix("/info.json") {
                Some(node) => (format!("nodes/{node}/docker/info.json"), content),
                None => ("cluster/docker/nodes.json".to_owned(), content),
            })
            .collect();
        files.push(("cluster/docker/containers.json".into(), Value::from(listed.to_vec()).to_string().into_bytes()));
        files
    };
    assert_eq!(status(&files(&all), "V-260940"), Status::NotAFinding);
    assert_eq!(status(&files(&all[..2]), "V-260940"), Status::NotReviewed);
}
