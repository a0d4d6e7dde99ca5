//! Objects that break a rule, planted into a clean cluster so that damage can try to hide them.
//!
//! A plant changes a clean snapshot in one place, and says where the violation stands and whether
//! another fact of the cluster still names or counts the object when it is gone.

use serde_json::{Value, json};

use super::document::Document;
use crate::common::snapshot::Snapshot;

/// Where a violation stands.
#[derive(Debug, Clone, Default)]
pub(crate) struct Spot {
    /// The member.
    pub path: String,
    /// The number of the object in the member's list.
    pub index: usize,
    /// The pointer of the field in the object that breaks the rule; empty where the object itself does.
    pub field: &'static str,
    /// What the field would say if it broke no rule.
    pub good: Value,
    /// Whether leaving the field out says by itself that all is well.
    pub absent_is_good: bool,
    /// Whether another fact names or counts the object.
    pub witnessed: bool,
}

/// A violation.
pub(crate) struct Plant {
    pub name: &'static str,
    /// The rules that it makes Open.
    pub rules: &'static [&'static str],
    /// Makes it, and says where it stands; nothing where the cluster has no place for it.
    pub sow: fn(&mut Snapshot) -> Option<Spot>,
}

/// Plants that make their rule Not Reviewed, for a person has to look.
pub(crate) const DOUBTS: [&str; 1] = ["a host that records nothing"];

/// Whether a container is a user's, by all that a clean cluster says.
fn of_user(container: &Value) -> bool {
    let labels = &container["Config"]["Labels"];
    let of_other = ["com.docker.ucp.version", "io.kubernetes.pod.name", "com.docker.dtr.version"];
    of_other.iter().all(|label| labels.get(label).is_none()) && container["Platform"] == "linux"
}

/// The last user's container for Linux: member and number.
pub(crate) fn user_container(snapshot: &Snapshot) -> (String, usize) {
    let paths = snapshot.paths().into_iter().filter(|path| path.ends_with("/docker/containers.json"));
    let found = paths.filter_map(|path| {
        let index = Document::of(snapshot, &path).objects.iter().rposition(of_user)?;
        Some((path, index))
    });
    found.reduce(|_, last| last).unwrap()
}

/// The last user's pod: member and number.
pub(crate) fn user_pod(snapshot: &Snapshot) -> (String, usize) {
    let path = "cluster/kubectl/pods.json".to_owned();
    let of_user = |pod: &Value| !["kube-system", "msr"].contains(&pod["metadata"]["namespace"].as_str().unwrap());
    let index = Document::of(snapshot, &path).objects.iter().rposition(of_user).unwrap();
    (path, index)
}

/// Changes one object of a member.
pub(crate) fn edit(snapshot: &mut Snapshot, path: &str, index: usize, change: impl FnOnce(&mut Value)) {
    let mut document = Document::of(snapshot, path);
    change(&mut document.objects[index]);
    document.save(snapshot, path);
}

/// Adds an object to a member's list and says its number.
pub(crate) fn add(snapshot: &mut Snapshot, path: &str, object: Value) -> usize {
    let mut document = Document::of(snapshot, path);
    document.objects.push(object);
    document.save(snapshot, path);
    document.objects.len() - 1
}

fn container(snapshot: &mut Snapshot, field: &'static str, bad: Value) -> Option<Spot> {
    let (path, index) = user_container(snapshot);
    let mut good = Value::Null;
    edit(snapshot, &path, index, |container| {
        let slot = container.pointer_mut(field).unwrap_or_else(|| panic!("no {field}"));
        good = std::mem::replace(slot, bad);
    });
    Some(Spot { path, index, field, good, absent_is_good: false, witnessed: true })
}

/// A container on a node with `AppArmor`, which the rule is about.
fn unconfined(snapshot: &mut Snapshot) -> Option<Spot> {
    let (path, index) = user_container(snapshot);
    let info = path.replace("containers.json", "info.json");
    let options = snapshot.json(&info)["SecurityOptions"].to_string();
    options.contains("name=apparmor").then(|| container(snapshot, "/AppArmorProfile", json!("unconfined")))?;
    Some(Spot {
        path,
        index,
        field: "/AppArmorProfile",
        good: json!("docker-default"),
        absent_is_good: false,
        witnessed: true,
    })
}

fn ports(snapshot: &mut Snapshot) -> Option<Spot> {
    let bad = json!({ "80/tcp": [{ "HostIp": "0.0.0.0", "HostPort": "80" }] });
    let (path, index) = user_container(snapshot);
    edit(snapshot, &path, index, |container| {
        container["HostConfig"]["PortBindings"] = json!({ "80/tcp": [{ "HostIp": "", "HostPort": "80" }] });
    });
    container(snapshot, "/NetworkSettings/Ports", bad)
}

fn socket(snapshot: &mut Snapshot) -> Option<Spot> {
    let bind = json!([{ "Type": "bind", "Source": "/var/run/docker.sock", "Destination": "/var/run/docker.sock",
        "Mode": "rw", "RW": true, "Propagation": "rprivate" }]);
    container(snapshot, "/Mounts", bind)
}

fn pod(snapshot: &mut Snapshot, field: &'static str, bad: Value) -> Option<Spot> {
    let (path, index) = user_pod(snapshot);
    edit(snapshot, &path, index, |pod| {
        let name = field.rsplit('/').next().unwrap();
        pod["spec"][name] = bad;
    });
    Some(Spot { path, index, field, good: json!(false), absent_is_good: true, witnessed: true })
}

fn environment() -> Value {
    json!([{ "name": "DB_PASSWORD", "valueFrom": { "secretKeyRef": { "name": "ledger-db", "key": "password" } } }])
}

fn pod_secret(snapshot: &mut Snapshot) -> Option<Spot> {
    let (path, index) = user_pod(snapshot);
    edit(snapshot, &path, index, |pod| pod["spec"]["containers"][0]["env"] = environment());
    Some(Spot { path, index, field: "/spec/containers", good: json!([]), absent_is_good: false, witnessed: true })
}

fn deployment_secret(snapshot: &mut Snapshot) -> Option<Spot> {
    let path = "cluster/kubectl/deployments.json".to_owned();
    let of_user = |object: &Value| !["kube-system", "msr"].contains(&object["metadata"]["namespace"].as_str().unwrap());
    let index = Document::of(snapshot, &path).objects.iter().rposition(of_user)?;
    edit(snapshot, &path, index, |object| {
        object["spec"]["template"]["spec"]["containers"][0]["env"] = environment();
    });
    let field = "/spec/template/spec/containers";
    Some(Spot { path, index, field, good: json!([]), absent_is_good: false, witnessed: true })
}

/// A job by the clock, of which no pod is left.
fn job_secret(snapshot: &mut Snapshot) -> Option<Spot> {
    let path = "cluster/kubectl/cronjobs.json".to_owned();
    let containers = json!([{ "name": "c", "image": "apps.example/c:1", "env": environment() }]);
    let job = json!({ "apiVersion": "batch/v1", "kind": "CronJob", "metadata": { "name": "nightly", "namespace": "tools",
        "uid": "11111111-0000-4000-a000-000000000001" }, "spec": { "schedule": "0 3 * * *", "jobTemplate": { "spec": {
        "template": { "spec": { "restartPolicy": "Never", "containers": containers } } } } } });
    let index = add(snapshot, &path, job);
    let field = "/spec/jobTemplate/spec/template/spec/containers";
    Some(Spot { path, index, field, good: json!([]), absent_is_good: false, witnessed: false })
}

/// A service of Kubernetes in the default namespace.
fn default_service(snapshot: &mut Snapshot) -> Option<Spot> {
    let path = "cluster/kubectl/services.json".to_owned();
    let service = json!({ "apiVersion": "v1", "kind": "Service", "metadata": { "name": "leftover", "namespace": "default",
        "uid": "11111111-0000-4000-a000-000000000002" }, "spec": { "type": "ClusterIP", "ports": [{ "port": 80 }] } });
    let index = add(snapshot, &path, service);
    Some(Spot { path, index, field: "/metadata/namespace", good: json!("ledger"), ..Spot::default() })
}

/// The namespace of the last user's pod loses its quota.
fn no_quota(snapshot: &mut Snapshot) -> Option<Spot> {
    let (pods, index) = user_pod(snapshot);
    let namespace = Document::of(snapshot, &pods).objects[index]["metadata"]["namespace"].clone();
    let quotas = "cluster/kubectl/resourcequotas.json";
    let mut document = Document::of(snapshot, quotas);
    document.objects.retain(|quota| quota["metadata"]["namespace"] != namespace);
    document.save(snapshot, quotas);
    let path = "cluster/kubectl/namespaces.json".to_owned();
    let index =
        Document::of(snapshot, &path).objects.iter().position(|object| object["metadata"]["name"] == namespace)?;
    Some(Spot {
        path,
        index,
        field: "/metadata/name",
        good: json!("kube-public"),
        absent_is_good: false,
        witnessed: true,
    })
}

/// A service of a user's on a low port, with its task on a node.
fn low_service(snapshot: &mut Snapshot) -> Option<Spot> {
    let (containers, _) = user_container(snapshot);
    let containers = Document::of(snapshot, &containers).objects;
    let mut users = containers.iter().rev().filter(|found| of_user(found));
    let name = users.find_map(|found| found["Config"]["Labels"]["com.docker.swarm.service.name"].as_str())?.to_owned();
    let path = "cluster/docker/services.json".to_owned();
    let index =
        Document::of(snapshot, &path).objects.iter().position(|service| service["Spec"]["Name"] == name.as_str())?;
    let port = json!([{ "Protocol": "tcp", "TargetPort": 8443, "PublishedPort": 81, "PublishMode": "ingress" }]);
    edit(snapshot, &path, index, |service| {
        service["Spec"]["EndpointSpec"]["Ports"] = port.clone();
        service["Endpoint"]["Spec"]["Ports"] = port.clone();
        service["Endpoint"]["Ports"] = port;
    });
    let field = "/Spec/EndpointSpec/Ports";
    Some(Spot { path, index, field, good: json!([]), absent_is_good: true, witnessed: true })
}

/// An overlay network without encryption, which a container uses and its node lists.
fn plain_network(snapshot: &mut Snapshot) -> Option<Spot> {
    let path = "cluster/docker/networks.json".to_owned();
    let user = |network: &Value| network["Driver"] == "overlay" && network["Ingress"] == false;
    let index = Document::of(snapshot, &path).objects.iter().position(user)?;
    let id = Document::of(snapshot, &path).objects[index]["Id"].clone();
    let lists: Vec<String> =
        snapshot.paths().into_iter().filter(|path| path.ends_with("docker/networks.json")).collect();
    for list in lists {
        let mut document = Document::of(snapshot, &list);
        for network in document.objects.iter_mut().filter(|network| network["Id"] == id) {
            network["Options"].as_object_mut().unwrap().remove("encrypted");
        }
        document.save(snapshot, &list);
    }
    Some(Spot { path, index, field: "/Driver", good: json!("bridge"), absent_is_good: false, witnessed: true })
}

/// The plants among objects of Swarm, Kubernetes and the engine.
#[rustfmt::skip]
pub(crate) const OBJECTS: &[Plant] = &[
    Plant { name: "a container on the host's network", rules: &["V-260913"], sow: |s| container(s, "/HostConfig/NetworkMode", json!("host")) },
    Plant { name: "a container in the host's process namespace", rules: &["V-260930"], sow: |s| container(s, "/HostConfig/PidMode", json!("host")) },
    Plant { name: "a container in the host's IPC namespace", rules: &["V-260935"], sow: |s| container(s, "/HostConfig/IpcMode", json!("host")) },
    Plant { name: "a container in the host's user namespace", rules: &["V-260939"], sow: |s| container(s, "/HostConfig/UsernsMode", json!("host")) },
    Plant { name: "a privileged container", rules: &["V-260940"], sow: |s| container(s, "/HostConfig/Privileged", json!(true)) },
    Plant { name: "a container that writes to its root", rules: &["V-260936"], sow: |s| container(s, "/HostConfig/ReadonlyRootfs", json!(false)) },
    Plant { name: "a container without a memory limit", rules: &["V-260925"], sow: |s| container(s, "/HostConfig/Memory", json!(0)) },
    Plant { name: "a container without CPU shares", rules: &["V-260925"], sow: |s| container(s, "/HostConfig/CpuShares", json!(0)) },
    Plant { name: "a container with a capability", rules: &["V-260923", "V-260933"], sow: |s| container(s, "/HostConfig/CapAdd", json!(["SYS_ADMIN"])) },
    Plant { name: "a container that may gain privileges", rules: &["V-260934"], sow: |s| container(s, "/HostConfig/SecurityOpt", json!(["no-new-privileges:false"])) },
    Plant { name: "a container without seccomp", rules: &["V-260937"], sow: |s| container(s, "/HostConfig/SecurityOpt", json!(["no-new-privileges:true", "seccomp=unconfined"])) },
    Plant { name: "an unconfined container", rules: &["V-260920"], sow: unconfined },
    Plant { name: "a container with the engine's socket", rules: &["V-260922"], sow: socket },
    Plant { name: "a container on port 80", rules: &["V-260907", "V-260924", "V-260929", "V-260941"], sow: ports },
    Plant { name: "a pod on the host's network", rules: &["V-260913"], sow: |s| pod(s, "/spec/hostNetwork", json!(true)) },
    Plant { name: "a pod in the host's IPC namespace", rules: &["V-260935"], sow: |s| pod(s, "/spec/hostIPC", json!(true)) },
    Plant { name: "a pod with a secret in its environment", rules: &["V-260911"], sow: pod_secret },
    Plant { name: "a deployment with a secret in its environment", rules: &["V-260911"], sow: deployment_secret },
    Plant { name: "a job with a secret in its environment", rules: &["V-260911"], sow: job_secret },
    Plant { name: "a service in the default namespace", rules: &["V-260905"], sow: default_service },
    Plant { name: "a namespace without a quota", rules: &["V-260925"], sow: no_quota },
    Plant { name: "a service on port 81", rules: &["V-260907", "V-260924", "V-260929", "V-260941"], sow: low_service },
    Plant { name: "a network without encryption", rules: &["V-260931"], sow: plain_network },
];
