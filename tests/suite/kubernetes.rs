//! Kubernetes objects as other programs save them: complete only when all namespaces are there.

use std::collections::BTreeMap;

use crate::common::snapshot::{Files, Snapshot, ssp};
use crate::common::{assess_with, lets_off, packs, rule, statuses};
use mke_stig::facts::Source;
use mke_stig::layout::Kind;
use mke_stig::model::assessment::{Assessment, Status};
use serde_json::{Value, json};

const NAMESPACED: [(&str, &str, &str); 10] = [
    ("pods", "Pod", "core"),
    ("services", "Service", "core"),
    ("deployments", "Deployment", "apps"),
    ("daemonsets", "DaemonSet", "apps"),
    ("statefulsets", "StatefulSet", "apps"),
    ("replicasets", "ReplicaSet", "apps"),
    ("jobs", "Job", "batch"),
    ("cronjobs", "CronJob", "batch"),
    ("networkpolicies", "NetworkPolicy", "networking.k8s.io"),
    ("resourcequotas", "ResourceQuota", "core"),
];

/// How a program saves the lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Layout {
    /// `kubectl cluster-info dump --output-directory`
    ClusterInfo,
    /// A must-gather: YAML.
    MustGather,
    /// A troubleshoot.sh bundle; older ones hold bare lists.
    Troubleshoot,
}

fn namespaces(snapshot: &Snapshot) -> Vec<String> {
    let list = snapshot.json("cluster/kubectl/namespaces.json");
    list["items"].as_array().unwrap().iter().map(|item| item["metadata"]["name"].as_str().unwrap().to_owned()).collect()
}

/// The snapshot without its lists of namespaced objects, and these in a layout.
fn split(snapshot: &Snapshot, layout: Layout) -> (Snapshot, Files) {
    let path = |resource: &str| format!("cluster/kubectl/{resource}.json");
    let rest = snapshot.part(|member| !NAMESPACED.iter().any(|(resource, ..)| member == path(resource)));
    let mut files = Files::new();
    for (resource, kind, group) in NAMESPACED {
        let Some(content) = snapshot.members.get(&path(resource)) else { continue };
        let list: Value = serde_json::from_slice(content).unwrap();
        for namespace in namespaces(snapshot) {
            let items: Vec<&Value> = list["items"]
                .as_array()
                .unwrap()
                .iter()
                .filter(|item| item["metadata"]["namespace"] == namespace.as_str())
                .collect();
            let whole = json!({ "apiVersion": "v1", "kind": format!("{kind}List"), "metadata": {}, "items": items });
            let (name, text) = match layout {
                Layout::ClusterInfo => (format!("{namespace}/{resource}.json"), whole.to_string()),
                Layout::MustGather => {
                    (format!("m/namespaces/{namespace}/{group}/{resource}.yaml"), format!("---\n{}", yaml(&whole)))
                }
                Layout::Troubleshoot => {
                    (format!("b/cluster-resources/{resource}/{namespace}.json"), json!(items).to_string())
                }
            };
            files.insert(name, text.into_bytes());
        }
    }
    (rest, files)
}

fn yaml(value: &Value) -> String {
    serde_yaml::to_string(value).unwrap()
}

fn assess(rest: &Snapshot, files: &Files) -> Assessment {
    let saved = Source::Files { name: "saved".into(), files: files.clone().into_iter().collect() };
    assess_with(&[Source::Files { name: "in".into(), files: rest.list() }, saved], ssp())
}

#[test]
fn all_namespaces_together_are_the_whole_list() {
    let snapshot = Snapshot::passing();
    let whole = statuses(&assess(&snapshot, &Files::from([("x".to_owned(), b"x".to_vec())])));
    for layout in [Layout::ClusterInfo, Layout::MustGather, Layout::Troubleshoot] {
        let (rest, files) = split(&snapshot, layout);
        let after = assess(&rest, &files);
        let changed: BTreeMap<_, _> =
            statuses(&after).into_iter().filter(|(id, status)| whole[id] != *status).collect();
        let reasons: Vec<_> = changed.keys().map(|id| &rule(&after, id).reason).collect();
        assert!(changed.is_empty(), "{layout:?}: {changed:?} {reasons:?} {:?}", after.snapshot.warnings);
    }
}

#[test]
fn a_namespace_that_is_not_there_is_never_passing() {
    let snapshot = Snapshot::passing();
    for layout in [Layout::ClusterInfo, Layout::MustGather, Layout::Troubleshoot] {
        let (rest, files) = split(&snapshot, layout);
        let base = statuses(&assess(&rest, &files));
        let reads = |id: &str, kind: &str| {
            let kind = Kind::named(&format!("kube.{kind}")).unwrap();
            packs()[0].rules.iter().any(|rule| rule.id == id && rule.kinds().contains(&&kind))
        };
        let mut tried = 0;
        for (resource, kind, _) in NAMESPACED {
            for namespace in ["payroll", "default"] {
                let mut fewer = files.clone();
                fewer.retain(|path, _| !(path.contains(resource) && path.contains(namespace)));
                let after = assess(&rest, &fewer);
                for (id, _) in base.iter().filter(|(id, status)| **status == Status::NotAFinding && reads(id, kind)) {
                    let result = rule(&after, id);
                    assert_eq!(
                        result.status,
                        Status::NotReviewed,
                        "{layout:?}: {id} without {resource} of {namespace}"
                    );
                    let text = &result.reason.as_ref().unwrap().text;
                    assert!(text.contains(namespace), "{text}");
                    tried += 1;
                }
            }
        }
        assert!(tried >= 2, "{layout:?}: {tried}");
        // Without the list of namespaces nobody knows that these are all.
        let unnamed = rest.part(|path| path != "cluster/kubectl/namespaces.json");
        let after = assess(&unnamed, &files);
        for id in ["V-260911", "V-260935"] {
            assert!(!lets_off(rule(&after, id).status), "{layout:?}: {id}");
        }
    }
}

#[test]
fn single_objects_are_no_list() {
    let snapshot = Snapshot::passing();
    let pods = snapshot.json("cluster/kubectl/pods.json");
    let rest = snapshot.part(|path| path != "cluster/kubectl/pods.json");
    for yaml_form in [false, true] {
        let mut files = Files::new();
        for (number, pod) in pods["items"].as_array().unwrap().iter().enumerate() {
            let (name, text) =
                if yaml_form { (format!("{number}.yaml"), yaml(pod)) } else { (format!("{number}"), pod.to_string()) };
            files.insert(name, text.into_bytes());
        }
        let after = assess(&rest, &files);
        assert_eq!(rule(&after, "V-260935").status, Status::NotReviewed);
        // What is seen may still be open.
        let mut bad = files.clone();
        let mut pod = pods["items"]
            .as_array()
            .unwrap()
            .iter()
            .find(|pod| pod["metadata"]["namespace"] == "payroll")
            .unwrap()
            .clone();
        pod["spec"]["hostIPC"] = true.into();
        bad.insert("bad.yaml".to_owned(), yaml(&pod).into_bytes());
        assert_eq!(rule(&assess(&rest, &bad), "V-260935").status, Status::Open);
    }
}

#[test]
fn without_a_day_nobody_knows_whether_an_approval_holds() {
    let snapshot = Snapshot::passing();
    let member = |path: &str| (path.rsplit('/').next().unwrap().to_owned(), snapshot.members[path].clone());
    let names = ["services", "namespaces", "pods", "nodes"];
    let files = names.map(|name| member(&format!("cluster/kubectl/{name}.json"))).to_vec();
    let of_no_day = Source::Files { name: "in".into(), files };
    let result = assess_with(&[of_no_day], ssp());
    let services = rule(&result, "V-260905");
    assert_eq!(services.status, Status::NotReviewed, "{:?}", services.evidence);
    let text = &services.reason.as_ref().unwrap().text;
    assert!(text.contains("The day of the collection is not known") && text.contains("kube-dns"), "{text}");
}
