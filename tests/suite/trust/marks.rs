//! Kind 3: marks that anybody can set make nothing MKE's, Kubernetes' or MSR's.
//!
//! What makes an object one's own is several facts that agree. Every trial sets all of them but one
//! on an object that breaks a rule, or takes away the list that would speak for it.

use serde_json::{Value, json};

use super::base::{Base, keep_files};
use super::document::Document;
use super::hiding::clean;
use super::known::{Fault, settle};
use super::plant::{OBJECTS, Plant, edit};
use crate::common::snapshot::Snapshot;
use crate::common::{in_parallel, lets_off, rule};
use mke_stig::facts::Source;

/// Rules that judge users' containers alone.
const OF_USERS: [&str; 9] =
    ["V-260913", "V-260922", "V-260923", "V-260925", "V-260930", "V-260936", "V-260937", "V-260939", "V-260940"];

/// What MKE's own containers have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    Label,
    Name,
    /// The last part of the image's name.
    Image,
    /// The registry and namespace of the image.
    Prefix,
}

const MARKS: [Mark; 4] = [Mark::Label, Mark::Name, Mark::Image, Mark::Prefix];

/// The version label and the image prefix of MKE's own agent.
fn own(snapshot: &Snapshot) -> (Value, String) {
    let node = snapshot.nodes().into_iter().next().unwrap();
    let path = format!("nodes/{node}/docker/containers.json");
    let containers = Document::of(snapshot, &path).objects;
    let own =
        containers.iter().find(|found| found["Name"] == "/ucp-controller" || found["Name"] == "/ucp-proxy").unwrap();
    let image = own["Config"]["Image"].as_str().unwrap();
    let prefix = image.rsplit_once('/').map_or(String::new(), |(prefix, _)| format!("{prefix}/"));
    (own["Config"]["Labels"].clone(), prefix)
}

fn marked(snapshot: &mut Snapshot, path: &str, index: usize, without: Mark) {
    let (labels, prefix) = own(snapshot);
    edit(snapshot, path, index, |container| {
        if without != Mark::Label {
            for (key, value) in labels.as_object().unwrap() {
                container["Config"]["Labels"][key] = value.clone();
            }
        }
        if without != Mark::Name {
            container["Name"] = "/ucp-agent-helper".into();
        }
        let prefix = if without == Mark::Prefix { "mirror.example/mirrors/".to_owned() } else { prefix };
        let name = if without == Mark::Image { "tool" } else { "ucp-agent" };
        container["Config"]["Image"] = format!("{prefix}{name}:3.7.7").into();
    });
}

/// Plants among users' containers, each with one mark lacking.
fn forged(base: &Base, plant: &Plant) -> Vec<Fault> {
    let mut faults = Vec::new();
    for without in MARKS {
        let mut snapshot = base.snapshot.clone();
        let Some(spot) = (plant.sow)(&mut snapshot) else { continue };
        if !spot.path.ends_with("docker/containers.json") {
            continue;
        }
        marked(&mut snapshot, &spot.path, spot.index, without);
        let what = format!("a container has all marks of MKE's but the {without:?}");
        faults.extend(passes(base, &snapshot, plant, &what));
    }
    faults
}

fn passes(base: &Base, snapshot: &Snapshot, plant: &Plant, what: &str) -> Vec<Fault> {
    let source = Source::Files { name: "in".into(), files: snapshot.list() };
    let Ok(assessment) = base.try_rules(&[source], plant.rules) else { return Vec::new() };
    plant
        .rules
        .iter()
        .filter(|id| OF_USERS.contains(id) && lets_off(rule(&assessment, id).status))
        .inspect(|id| keep_files(base, what, id, &[&snapshot.files()]))
        .map(|id| Fault {
            what: what.to_owned(),
            kind: 3,
            rule: (*id).to_owned(),
            detail: format!("{}, {}: {:?}", base.name, plant.name, rule(&assessment, id).status),
        })
        .collect()
}

fn kubernetes_labels(pod: &Value) -> Value {
    json!({
        "io.kubernetes.pod.name": pod["metadata"]["name"], "io.kubernetes.pod.namespace": pod["metadata"]["namespace"],
        "io.kubernetes.pod.uid": pod["metadata"]["uid"], "io.kubernetes.container.name": "tool",
        "io.kubernetes.docker.type": "container",
    })
}

/// A container that says it is of a pod, in one of the ways in which that is not so.
fn of_pod(base: &Base, plant: &Plant) -> Vec<Fault> {
    type Way = (&'static str, fn(&mut Snapshot, &mut Value));
    let ways: [Way; 5] = [
        ("a container says that it is of a pod that is there, and the pod does not name it", |_, _| {}),
        ("a container says that it is of a pod that is not there", |_, pod| {
            pod["metadata"]["uid"] = "33333333-0000-4000-a000-000000000000".into();
        }),
        ("a container says that it is of a pod of another node", |snapshot, pod| {
            *pod = Document::of(snapshot, "cluster/kubectl/pods.json").objects[0].clone();
        }),
        ("a container says that it is of a pod, and the list of pods is gone", |snapshot, _| {
            snapshot.members.remove("cluster/kubectl/pods.json");
            snapshot.disown("cluster/kubectl/pods.json");
        }),
        ("a container says that it is of a pod, and the list of pods is empty", |snapshot, _| {
            snapshot.set("cluster/kubectl/pods.json", r#"{"apiVersion":"v1","kind":"List","items":[]}"#);
        }),
    ];
    let mut faults = Vec::new();
    for (what, change) in ways {
        let mut snapshot = base.snapshot.clone();
        let Some(spot) = (plant.sow)(&mut snapshot) else { continue };
        if !spot.path.ends_with("docker/containers.json") {
            continue;
        }
        let (_, index) = super::plant::user_pod(&snapshot);
        let mut pod = Document::of(&snapshot, "cluster/kubectl/pods.json").objects[index].clone();
        change(&mut snapshot, &mut pod);
        let (name, namespace) = (&pod["metadata"]["name"], &pod["metadata"]["namespace"]);
        let uid = pod["metadata"]["uid"].as_str().unwrap();
        let named = format!("/k8s_tool_{}_{}_{uid}_0", name.as_str().unwrap(), namespace.as_str().unwrap());
        edit(&mut snapshot, &spot.path, spot.index, |container| {
            container["Config"]["Labels"] = kubernetes_labels(&pod);
            container["Name"] = named.into();
        });
        faults.extend(passes(base, &snapshot, plant, what));
    }
    faults
}

#[test]
fn all_marks_but_one_are_not_enough() {
    let plants: Vec<(usize, &Plant)> = OBJECTS.iter().enumerate().collect();
    let clean = clean();
    let found = in_parallel(&plants, |(number, plant)| {
        let bases = [clean[number % clean.len()], clean[(number + 3) % clean.len()]];
        bases.into_iter().flat_map(|base| [forged(base, plant), of_pod(base, plant)].concat()).collect::<Vec<_>>()
    });
    settle("marks", &found.concat());
}

const OF_REGISTRY: [&str; 5] = ["V-260904", "V-260916", "V-260919", "V-260928", "V-260943"];

/// What runs, and how it comes to run.
type Registry = (&'static str, fn(&mut Snapshot));

/// MSR that runs, of which neither the configuration nor anything collected speaks.
fn registries() -> Vec<Registry> {
    fn pod(snapshot: &mut Snapshot, namespace: &str, image: &str) {
        let path = "cluster/kubectl/pods.json";
        let pod = json!({ "apiVersion": "v1", "kind": "Pod", "metadata": { "name": "registry-0", "namespace": namespace,
            "uid": "44444444-0000-4000-a000-000000000000" }, "spec": { "nodeName": "x", "containers": [{ "name": "c", "image": image }] } });
        super::plant::add(snapshot, path, pod);
    }
    fn container(snapshot: &mut Snapshot, name: &str, image: &str, labels: &Value) {
        let (path, index) = super::plant::user_container(snapshot);
        edit(snapshot, &path, index, |container| {
            container["Name"] = name.into();
            container["Config"]["Image"] = image.into();
            container["Config"]["Labels"] = labels.clone();
        });
    }
    vec![
        ("MSR 2 by its labels", |snapshot| {
            let labels = json!({ "com.docker.dtr.version": "2.9.16", "com.docker.dtr.replica_id": "0a1b2c" });
            container(snapshot, "/dtr-registry-0a1b2c", "mirantis/dtr-registry:2.9.16", &labels);
        }),
        ("MSR 2 behind the prefix of a mirror", |snapshot| {
            container(snapshot, "/dtr-registry-0a1b2c", "mirror.example:5000/m/dtr-registry:2.9.16", &json!({}));
        }),
        ("MSR 3 of the vendor", |snapshot| pod(snapshot, "msr", "registry.mirantis.com/msr/msr-api:3.1.4")),
        ("MSR 3 behind the prefix of a mirror", |snapshot| {
            pod(snapshot, "images", "mirror.example:5000/m/msr-api:3.1.4");
        }),
        ("MSR 3 by its digest", |snapshot| {
            pod(snapshot, "msr", &format!("registry.mirantis.com/msr/msr-api@sha256:{}", "a".repeat(64)));
        }),
        ("MSR 4 of the vendor", |snapshot| pod(snapshot, "harbor", "registry.mirantis.com/harbor/harbor-core:v2.12.0")),
        ("MSR 4 behind the prefix of a mirror", |snapshot| {
            pod(snapshot, "images", "mirror.example:5000/goharbor/harbor-core:v2.12.0");
        }),
        ("MSR 4 as containers", |snapshot| {
            container(snapshot, "/harbor-core", "goharbor/harbor-core:v2.12.0", &json!({}));
        }),
    ]
}

#[test]
fn a_registry_that_runs_is_in_use() {
    let registries = registries();
    let clean = clean();
    let found = in_parallel(&registries, |(name, run)| {
        let mut faults = Vec::new();
        for base in &clean {
            let mut snapshot = without_registry(&base.snapshot);
            run(&mut snapshot);
            let assessment = base.assess(&snapshot);
            for id in OF_REGISTRY {
                let status = rule(&assessment, id).status;
                if lets_off(status) {
                    keep_files(base, name, id, &[&snapshot.files()]);
                    let detail = format!("{}: {status:?}, though nothing of it was collected", base.name);
                    faults.push(Fault { what: (*name).to_owned(), kind: 3, rule: id.to_owned(), detail });
                }
            }
        }
        faults
    });
    settle("registries", &found.concat());
}

/// A cluster that has no registry, nor ever heard of one.
fn without_registry(snapshot: &Snapshot) -> Snapshot {
    let mut without = snapshot.part(|path| !path.starts_with("cluster/msr/"));
    let config = String::from_utf8(without.members["cluster/mke/config.toml"].clone()).unwrap();
    let mut kept = String::new();
    let mut skip = false;
    for line in config.lines() {
        if line.starts_with('[') {
            skip = line.starts_with("[[registries]]");
        }
        if !skip {
            kept += &format!("{line}\n");
        }
    }
    without.set("cluster/mke/config.toml", kept);
    let mut pods = Document::of(&without, "cluster/kubectl/pods.json");
    pods.objects.retain(|pod| pod["metadata"]["namespace"] != "msr");
    pods.save(&mut without, "cluster/kubectl/pods.json");
    for node in without.nodes() {
        let path = format!("nodes/{node}/docker/containers.json");
        let mut containers = Document::of(&without, &path);
        containers.objects.retain(|found| {
            let labels = &found["Config"]["Labels"];
            labels["io.kubernetes.pod.namespace"] != "msr" && labels.get("com.docker.dtr.version").is_none()
        });
        containers.save(&mut without, &path);
        let count = containers.objects.len();
        without.change(&format!("nodes/{node}/docker/info.json"), |info| {
            info["Containers"] = count.into();
            info["ContainersRunning"] = count.into();
        });
    }
    without
}
