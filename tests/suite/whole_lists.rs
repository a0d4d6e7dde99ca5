//! A list is not whole because it was read to its end: other facts count and name what it leaves out.

use crate::common::{assess_files, rule};
use mke_stig::model::assessment::{Assessment, Status};
use serde_json::{Value, json};

pub(crate) type Files = Vec<(String, Vec<u8>)>;

/// An id as engines give it: two of them differ within their first twelve digits, by which `docker ps` names them.
fn id(number: u64) -> String {
    format!("{number:012x}{number:052x}")
}

pub(crate) fn container(number: u64, name: &str) -> Value {
    json!({ "Id": id(number), "Name": name, "State": { "Status": "running" }, "Mounts": [],
        "HostConfig": { "NetworkMode": "bridge", "Privileged": false, "SecurityOpt": ["no-new-privileges"] },
        "Config": { "Image": "shop/app:1", "Labels": {} }, "NetworkSettings": { "Ports": {} } })
}

pub(crate) fn info(node: &str, containers: u64, manager: bool) -> Value {
    json!({ "ID": node, "Containers": containers, "ContainersRunning": containers, "Driver": "overlay2",
        "ServerVersion": "23.0.7", "Name": node, "OSType": "linux", "OperatingSystem": "Ubuntu 22.04",
        "Swarm": { "NodeID": format!("n-{node}"), "Nodes": if manager { 2 } else { 0 },
            "Managers": u64::from(manager), "RemoteManagers": [{ "NodeID": "n-m1" }] } })
}

pub(crate) fn node(name: &str, role: &str) -> Value {
    json!({ "ID": format!("n-{name}"), "Description": { "Hostname": name }, "Spec": { "Role": role,
        "Labels": { "com.docker.ucp.orchestrator.swarm": "true" } } })
}

pub(crate) fn lines(values: &[Value]) -> Vec<u8> {
    values.iter().flat_map(|value| format!("{value}\n").into_bytes()).collect()
}

/// A manager with one container and a worker with two.
pub(crate) fn site() -> Files {
    vec![
        ("m1/containers.json".into(), lines(&[container(1, "/a")])),
        ("m1/info.json".into(), lines(&[info("m1", 1, true)])),
        ("w1/containers.json".into(), lines(&[container(2, "/b"), container(3, "/c")])),
        ("w1/info.json".into(), lines(&[info("w1", 2, false)])),
        ("nodes.json".into(), lines(&[json!([node("m1", "manager"), node("w1", "worker")])])),
    ]
}

pub(crate) fn with(path: &str, content: Vec<u8>) -> Files {
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
        assert!(says(&assessment, "V-260940", "counts 2 containers, but 1 are listed"), "{twice}");
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

#[test]
fn a_swarm_has_its_managers_in_its_list_of_nodes() {
    let nodes = |listed: &[Value]| lines(&[Value::from(listed.to_vec())]);
    let all = [node("m1", "manager"), node("w1", "worker")];
    assert_eq!(status(&with("nodes.json", nodes(&all)), "V-260940"), Status::NotAFinding);
    // The engine of the worker names a manager that nobody lists.
    let mut files = with("nodes.json", nodes(&all[1..]));
    files.retain(|(path, _)| !path.starts_with("m1"));
    assert_eq!(status(&files, "V-260940"), Status::NotReviewed);
    assert!(says(&assess_files(&files), "V-260940", "n-m1"));
    // A bundle counts the nodes, too.
    let mut files = with("nodes.json", nodes(&all[..1]));
    files.retain(|(path, _)| !path.starts_with("w1") && path != "m1/info.json");
    files.push((
        "bundle.json".into(),
        lines(&[json!({ "ID": "k", "Containers": 3, "Driver": "", "Name": "c",
        "ServerVersion": "ucp/3.7.7", "Swarm": { "NodeID": "n-m1", "Nodes": 2 } })]),
    ));
    assert_eq!(status(&files, "V-260940"), Status::NotReviewed);
    assert!(says(&assess_files(&files), "V-260940", "2 nodes, but 1 are known"));
}

fn pods(namespaces: &[&str], metadata: &Value) -> Value {
    let pod = |namespace: &&str| {
        json!({ "apiVersion": "v1", "kind": "Pod",
        "metadata": { "name": "a", "namespace": namespace },
        "spec": { "nodeName": "w1", "containers": [{ "name": "c", "image": "shop/app:1" }] } })
    };
    json!({ "apiVersion": "v1", "kind": "PodList", "metadata": metadata,
        "items": namespaces.iter().map(pod).collect::<Vec<_>>() })
}

/// What is said of the list of pods.
fn of_pods(name: &str, content: Vec<u8>) -> String {
    let mut files = site();
    files.push((name.into(), content));
    let assessment = assess_files(&files);
    rule(&assessment, "V-260913").reason.as_ref().map(|reason| reason.text.clone()).unwrap_or_default()
}

#[test]
fn each_document_is_a_list_of_its_own() {
    let none = json!({ "resourceVersion": "7" });
    let whole = of_pods("pods.json", lines(&[pods(&["kube-system", "shop"], &none)]));
    assert!(!whole.contains("kube.Pod"), "{whole}");
    let two = of_pods("pods.json", lines(&[pods(&["kube-system"], &none), pods(&["shop"], &none)]));
    assert!(two.contains("namespace"), "{two}");
}

#[test]
fn a_next_page_is_asked_for_in_every_encoding() {
    let more = json!({ "resourceVersion": "7", "continue": "abc", "remainingItemCount": 1 });
    let (last, other) = (json!({ "resourceVersion": "7" }), json!({ "resourceVersion": "9" }));
    let (first, both) = (pods(&["kube-system", "shop"], &more), ["kube-system", "shop"]);
    let yaml = |values: &[Value]| -> Vec<u8> {
        let text = |value: &Value| format!("---\n{}", serde_yaml::to_string(value).unwrap());
        values.iter().flat_map(|value| text(value).into_bytes()).collect()
    };
    for (name, write) in [("pods.json", &lines as &dyn Fn(&[Value]) -> Vec<u8>), ("pods.yaml", &yaml)] {
        let says = |values: &[Value]| of_pods(name, write(values));
        assert!(says(std::slice::from_ref(&first)).contains("follow"), "{name}");
        assert!(says(&[first.clone(), pods(&both, &other)]).contains("follow"), "{name}");
        assert!(!says(&[first.clone(), pods(&both, &last)]).contains("follow"), "{name}");
    }
}

#[test]
fn services_and_networks_that_containers_name_are_in_their_lists() {
    let mut connected = container(3, "/shop.1");
    connected["Config"]["Labels"]["com.docker.swarm.service.name"] = "shop".into();
    connected["NetworkSettings"]["Networks"] = json!({ "shop-net": { "NetworkID": "n2" } });
    let network = |name: &str, id: &str| {
        json!({ "Name": name, "Id": id, "Scope": "swarm", "Driver": "overlay",
        "IPAM": {}, "Options": { "encrypted": "" } })
    };
    let mut files = with("w1/containers.json", lines(&[container(2, "/b"), connected]));
    files.push(("networks.json".into(), lines(&[json!([network("ingress", "n1")])])));
    assert!(says(&assess_files(&files), "V-260931", "it lacks shop-net"));
    files.pop();
    files.push(("networks.json".into(), lines(&[json!([network("ingress", "n1"), network("shop-net", "n2")])])));
    assert!(!says(&assess_files(&files), "V-260931", "it lacks"));
}

/// The id of a network of the swarm.
const NET: &str = "3atep1sk38s7d77crbaah1vbz";

/// Networks as `docker network inspect` prints them.
fn networks(names: &[(&str, &str)]) -> Vec<u8> {
    let network = |(name, id): &(&str, &str)| json!({ "Name": name, "Id": id, "Scope": "swarm", "Driver": "overlay", "IPAM": {}, "Options": { "encrypted": "" } });
    lines(&[names.iter().map(network).collect::<Value>()])
}

#[test]
fn every_swarm_has_ingress_and_the_networks_of_its_services() {
    let service = json!({ "ID": "s1", "Spec": { "Name": "shop", "TaskTemplate": {
        "Networks": [{ "Target": NET }], "ContainerSpec": { "Image": "shop/app:1" } } } });
    let of = |names: &[(&str, &str)]| {
        let mut files = site();
        files.push(("services.json".into(), lines(&[json!([service])])));
        files.push(("networks.json".into(), networks(names)));
        assess_files(&files)
    };
    assert!(says(&of(&[("shop-net", NET)]), "V-260931", "it lacks ingress"));
    assert!(says(&of(&[("ingress", "n1")]), "V-260931", &format!("it lacks {NET}")));
    assert!(!says(&of(&[("ingress", "n1"), ("shop-net", NET)]), "V-260931", "it lacks"));
}

#[test]
fn a_list_of_namespaces_is_not_empty() {
    let mut files = site();
    files.push(("namespaces.json".into(), br#"{"apiVersion":"v1","kind":"NamespaceList","items":[]}"#.to_vec()));
    files.push(("pods.json".into(), lines(&[pods(&["kube-system", "shop"], &json!({}))])));
    let assessment = assess_files(&files);
    assert_ne!(rule(&assessment, "V-260925").status, Status::NotAFinding);
    assert!(says(&assessment, "V-260925", "it lacks"), "{:?}", rule(&assessment, "V-260925").reason);
}

#[test]
fn a_copy_with_another_id_is_the_same_container() {
    for other in [json!(id(9)), json!("short"), json!(format!("{} ", id(2)))] {
        let mut copy = container(2, "/b");
        copy["Id"] = other;
        let files = with("w1/containers.json", lines(&[container(2, "/b"), copy]));
        assert!(
            says(&assess_files(&files), "V-260940", "counts 2 containers"),
            "{:?}",
            rule(&assess_files(&files), "V-260940").reason
        );
    }
}

#[test]
fn pods_of_running_containers_are_in_the_list_of_pods() {
    let of_pod = |uid: &str, running: bool| {
        let mut made = container(3, "/k8s_app_web_shop_u_0");
        made["Config"]["Labels"] = json!({ "io.kubernetes.pod.name": "web", "io.kubernetes.pod.uid": uid });
        made["State"]["Running"] = running.into();
        let mut files = with("w1/containers.json", lines(&[container(2, "/b"), made]));
        files.push(("pods.json".into(), lines(&[pods(&["kube-system", "shop"], &json!({}))])));
        assess_files(&files)
    };
    let words = "it lacks 1 pods whose containers run";
    assert!(
        says(&of_pod("gone", true), "V-260913", words)
            || rule(&of_pod("gone", true), "V-260913").comment.contains(words)
    );
    let ended = of_pod("gone", false);
    assert!(!says(&ended, "V-260913", words) && !rule(&ended, "V-260913").comment.contains(words));
}
