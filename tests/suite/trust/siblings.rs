//! Kind 5: violations that a rule could look past, for the requirement is wider than one field. Each is
//! a sibling of a case that the first release got wrong: another spelling, place, owner or program.
//!
//! And kind 8: spellings of what is right, which must still pass.

use serde_json::{Value, json};

use super::base::{Base, keep_files};
use super::document::Document;
use super::known::{Fault, settle};
use super::plant::{add, edit, user_container, user_pod};
use super::sibling_hosts::{HOSTS, Sibling};
use crate::common::cluster::pem;
use crate::common::snapshot::Snapshot;
use crate::common::{in_parallel, lets_off, rule};

/// Changes the last user's container.
pub(crate) fn container(snapshot: &mut Snapshot, change: impl FnOnce(&mut Value)) -> Option<()> {
    let (path, index) = user_container(snapshot);
    edit(snapshot, &path, index, change);
    Some(())
}

/// MKE's own container of a name on the node of the last user's one.
fn own(snapshot: &Snapshot, name: &str) -> Option<Value> {
    let (path, _) = user_container(snapshot);
    Document::of(snapshot, &path).objects.into_iter().find(|found| found["Name"] == name)
}

/// The container joins a namespace of another one, by its id or by its name.
fn joins(snapshot: &mut Snapshot, field: &str, by_name: bool) -> Option<()> {
    let kubelet = own(snapshot, "/ucp-kubelet")?;
    let other = if by_name { json!("ucp-kubelet") } else { kubelet["Id"].clone() };
    let (path, index) = user_container(snapshot);
    // MKE's kubelet has the namespaces of the host.
    let mut document = Document::of(snapshot, &path);
    for found in document.objects.iter_mut().filter(|found| found["Name"] == "/ucp-kubelet") {
        found["HostConfig"][field] = "host".into();
    }
    document.objects[index]["HostConfig"][field] = format!("container:{}", other.as_str()?).into();
    document.save(snapshot, &path);
    Some(())
}

/// The container joins one that joins one of the host's.
fn joins_twice(snapshot: &mut Snapshot, field: &str) -> Option<()> {
    let kubelet = own(snapshot, "/ucp-kubelet")?["Id"].clone();
    let (path, index) = user_container(snapshot);
    let mut document = Document::of(snapshot, &path);
    let proxy = document.objects.iter().position(|found| found["Name"] == "/ucp-proxy")?;
    for found in document.objects.iter_mut().filter(|found| found["Name"] == "/ucp-kubelet") {
        found["HostConfig"][field] = "host".into();
    }
    document.objects[proxy]["HostConfig"][field] = format!("container:{}", kubelet.as_str()?).into();
    document.objects[index]["HostConfig"][field] =
        format!("container:{}", document.objects[proxy]["Id"].as_str()?).into();
    document.save(snapshot, &path);
    Some(())
}

/// The container joins one that is nowhere.
fn joins_nothing(snapshot: &mut Snapshot, field: &str) -> Option<()> {
    container(snapshot, |found| found["HostConfig"][field] = format!("container:{}", "9".repeat(64)).into())
}

fn mounts(snapshot: &mut Snapshot, mount: &Value) -> Option<()> {
    container(snapshot, |found| found["Mounts"] = json!([mount]))
}

fn bind(snapshot: &mut Snapshot, source: &str) -> Option<()> {
    mounts(
        snapshot,
        &json!({ "Type": "bind", "Source": source, "Destination": "/x", "Mode": "", "RW": true, "Propagation": "rprivate" }),
    )
}

/// A mount by an option of the local volume driver.
fn device(snapshot: &mut Snapshot, device: &str) -> Option<()> {
    container(snapshot, |found| {
        found["HostConfig"]["Mounts"] = json!([{ "Type": "volume", "Source": "v", "Target": "/x", "VolumeOptions": {
            "DriverConfig": { "Name": "local", "Options": { "type": "none", "o": "bind", "device": device } } } }]);
        found["Mounts"] = json!([{ "Type": "volume", "Name": "v", "Source": "/var/lib/docker/volumes/v/_data", "Destination": "/x",
            "Driver": "local", "Mode": "z", "RW": true, "Propagation": "" }]);
    })
}

/// A user's service without a replica.
fn service(snapshot: &mut Snapshot, change: impl FnOnce(&mut Value)) -> Option<()> {
    let path = "cluster/docker/services.json";
    let mut service = Document::of(snapshot, path)
        .objects
        .into_iter()
        .find(|found| found["Spec"]["Name"].as_str().is_some_and(|name| !name.starts_with("ucp-")))?;
    service["ID"] = "idle0000000000000000000000".into();
    service["Spec"]["Name"] = "idle".into();
    service["Spec"]["Mode"] = json!({ "Replicated": { "Replicas": 0 } });
    service["Spec"]["EndpointSpec"] = json!({ "Mode": "vip" });
    service["Endpoint"] = json!({ "Spec": { "Mode": "vip" } });
    change(&mut service);
    add(snapshot, path, service);
    Some(())
}

fn service_mounts(snapshot: &mut Snapshot, source: &str) -> Option<()> {
    let mount = json!([{ "Type": "bind", "Source": source, "Target": "/x" }]);
    service(snapshot, |service| service["Spec"]["TaskTemplate"]["ContainerSpec"]["Mounts"] = mount)
}

/// A port that Swarm chose, which stands in `Endpoint` alone.
fn chosen_port(snapshot: &mut Snapshot) -> Option<()> {
    service(snapshot, |service| {
        service["Spec"]["EndpointSpec"]["Ports"] =
            json!([{ "Protocol": "tcp", "TargetPort": 80, "PublishMode": "ingress" }]);
        service["Endpoint"]["Ports"] =
            json!([{ "Protocol": "tcp", "TargetPort": 80, "PublishedPort": 99, "PublishMode": "ingress" }]);
    })
}

fn pod(snapshot: &mut Snapshot, change: impl FnOnce(&mut Value)) -> Option<()> {
    let (path, index) = user_pod(snapshot);
    edit(snapshot, &path, index, change);
    Some(())
}

fn workload(snapshot: &mut Snapshot, resource: &str, kind: &str, namespace: &str) -> Option<()> {
    let env = json!([{ "name": "P", "valueFrom": { "secretKeyRef": { "name": "s", "key": "k" } } }]);
    let object = json!({ "apiVersion": "apps/v1", "kind": kind, "metadata": { "name": "idle", "namespace": namespace,
        "uid": "55555555-0000-4000-a000-000000000000" }, "spec": { "replicas": 0, "template": { "spec": { "containers": [
        { "name": "c", "image": "apps.example/idle:1", "env": env }] } } } });
    add(snapshot, &format!("cluster/kubectl/{resource}.json"), object);
    Some(())
}

/// Every quota of the cluster in place of that of one namespace.
fn quota(snapshot: &mut Snapshot, change: impl Fn(&mut Value)) -> Option<()> {
    let (pods, index) = user_pod(snapshot);
    let namespace = Document::of(snapshot, &pods).objects[index]["metadata"]["namespace"].clone();
    let path = "cluster/kubectl/resourcequotas.json";
    let mut document = Document::of(snapshot, path);
    document.objects.iter_mut().filter(|quota| quota["metadata"]["namespace"] == namespace).for_each(change);
    document.save(snapshot, path);
    Some(())
}

fn network(snapshot: &mut Snapshot, encrypted: &str) -> Option<()> {
    let lists: Vec<String> =
        snapshot.paths().into_iter().filter(|path| path.ends_with("docker/networks.json")).collect();
    for list in lists {
        let mut document = Document::of(snapshot, &list);
        for network in document.objects.iter_mut().filter(|network| network["Driver"] == "overlay") {
            network["Options"]["encrypted"] = encrypted.into();
        }
        document.save(snapshot, &list);
    }
    Some(())
}

fn config(snapshot: &mut Snapshot, from: &str, to: &str) -> Option<()> {
    let path = "cluster/mke/config.toml";
    let text = String::from_utf8(snapshot.members[path].clone()).unwrap();
    text.contains(from).then(|| snapshot.set(path, text.replacen(from, to, 1)))
}

fn chain(snapshot: &mut Snapshot, name: &str) -> Option<()> {
    let text = if name.ends_with("-client") { pem(name) + &pem("issuing") } else { pem(name) };
    snapshot.set("cluster/mke/tls-chain.pem", text);
    Some(())
}

/// The root comes before the intermediate; in the sample, which has authorities of its own, that is another chain.
fn root_second(snapshot: &mut Snapshot) -> Option<()> {
    let path = "cluster/mke/tls-chain.pem";
    let chain = String::from_utf8_lossy(&snapshot.members[path]).into_owned();
    chain.contains(pem("issuing").trim()).then(|| snapshot.set(path, pem("mke") + &pem("root") + &pem("issuing")))
}

fn security(snapshot: &mut Snapshot, options: &Value) -> Option<()> {
    container(snapshot, |found| found["HostConfig"]["SecurityOpt"] = options.clone())
}

fn profile(snapshot: &mut Snapshot, action: &str) -> Option<()> {
    let profile = format!("seccomp={{\"defaultAction\":\"{action}\",\"syscalls\":[]}}");
    security(snapshot, &json!(["no-new-privileges:true", profile]))
}

/// Whether the node of the last user's container has `AppArmor`.
fn confines(snapshot: &Snapshot) -> Option<()> {
    let (path, _) = user_container(snapshot);
    let info = snapshot.json(&path.replace("containers.json", "info.json"));
    info["SecurityOptions"].to_string().contains("name=apparmor").then_some(())
}

fn account(snapshot: &mut Snapshot, path: &str, key: &str, value: &Value) -> Option<()> {
    let index = Document::of(snapshot, path)
        .objects
        .iter()
        .rposition(|found| found.get(key).is_some_and(|old| old != value))?;
    edit(snapshot, path, index, |found| found[key] = value.clone());
    Some(())
}

/// Violations among objects and settings.
#[rustfmt::skip]
const OBJECTS: &[Sibling] = &[
    Sibling { name: "a container joins the network of the kubelet", rules: &["V-260913"], sow: |s| joins(s, "NetworkMode", false) },
    Sibling { name: "a container joins the network of the kubelet by its name", rules: &["V-260913"], sow: |s| joins(s, "NetworkMode", true) },
    Sibling { name: "a container joins the network of one that joins the kubelet's", rules: &["V-260913"], sow: |s| joins_twice(s, "NetworkMode") },
    Sibling { name: "a container joins the network of one that is not there", rules: &["V-260913"], sow: |s| joins_nothing(s, "NetworkMode") },
    Sibling { name: "a container joins the processes of the kubelet", rules: &["V-260930"], sow: |s| joins(s, "PidMode", false) },
    Sibling { name: "a container joins the processes of one that joins the kubelet's", rules: &["V-260930"], sow: |s| joins_twice(s, "PidMode") },
    Sibling { name: "a container joins the processes of one that is not there", rules: &["V-260930"], sow: |s| joins_nothing(s, "PidMode") },
    Sibling { name: "a container joins the IPC of the kubelet", rules: &["V-260935"], sow: |s| joins(s, "IpcMode", false) },
    Sibling { name: "a container joins the IPC of one that joins the kubelet's", rules: &["V-260935"], sow: |s| joins_twice(s, "IpcMode") },
    Sibling { name: "a container mounts /run", rules: &["V-260922"], sow: |s| bind(s, "/run") },
    Sibling { name: "a container mounts /var/run with a slash", rules: &["V-260922"], sow: |s| bind(s, "/var/run/") },
    Sibling { name: "a container mounts //", rules: &["V-260922"], sow: |s| bind(s, "//") },
    Sibling { name: "a container mounts /var/.", rules: &["V-260922"], sow: |s| bind(s, "/var/.") },
    Sibling { name: "a container mounts /var/lib/../run", rules: &["V-260922"], sow: |s| bind(s, "/var/lib/../run") },
    Sibling { name: "a container mounts /proc/1/root", rules: &["V-260922"], sow: |s| bind(s, "/proc/1/root") },
    Sibling { name: "a volume binds the socket", rules: &["V-260922"], sow: |s| device(s, "/var/run/docker.sock") },
    Sibling { name: "a volume binds /run", rules: &["V-260922"], sow: |s| device(s, "/run") },
    Sibling { name: "a volume binds /", rules: &["V-260922"], sow: |s| device(s, "/") },
    Sibling { name: "an idle service mounts the socket", rules: &["V-260922"], sow: |s| service_mounts(s, "/var/run/docker.sock") },
    Sibling { name: "an idle service mounts /", rules: &["V-260922"], sow: |s| service_mounts(s, "/") },
    Sibling { name: "an idle service adds capabilities", rules: &["V-260923", "V-260933"], sow: |s| service(s, |found| found["Spec"]["TaskTemplate"]["ContainerSpec"]["CapabilityAdd"] = json!(["CAP_SYS_ADMIN"])) },
    Sibling { name: "an idle service is on the host's network", rules: &["V-260913"], sow: |s| service(s, |found| found["Spec"]["TaskTemplate"]["Networks"] = json!([{ "Target": "host" }])) },
    Sibling { name: "a service on a port that Swarm chose", rules: &["V-260907", "V-260924", "V-260929", "V-260941"], sow: chosen_port },
    Sibling { name: "a container with AppArmor off that never ran", rules: &["V-260920"], sow: |s| { confines(s)?; container(s, |found| { found["AppArmorProfile"] = "".into(); found["HostConfig"]["SecurityOpt"] = json!(["no-new-privileges:true", "apparmor=unconfined"]); }) } },
    Sibling { name: "a profile of seccomp that allows all", rules: &["V-260937"], sow: |s| profile(s, "SCMP_ACT_ALLOW") },
    Sibling { name: "a profile of seccomp that logs all", rules: &["V-260937"], sow: |s| profile(s, "SCMP_ACT_LOG") },
    Sibling { name: "seccomp off in the old spelling", rules: &["V-260937"], sow: |s| security(s, &json!(["no-new-privileges:true", "seccomp:unconfined"])) },
    Sibling { name: "no-new-privileges twice, at last off", rules: &["V-260934"], sow: |s| security(s, &json!(["no-new-privileges:true", "no-new-privileges:false"])) },
    Sibling { name: "a pod on port 80 of the host", rules: &["V-260924", "V-260929"], sow: |s| pod(s, |pod| pod["spec"]["containers"][0]["ports"] = json!([{ "containerPort": 8080, "hostPort": 80, "protocol": "TCP" }])) },
    Sibling { name: "a pod's first container on port 80 of the host", rules: &["V-260924", "V-260929"], sow: |s| pod(s, |pod| pod["spec"]["initContainers"] = json!([{ "name": "i", "image": "apps.example/i:1", "restartPolicy": "Always", "ports": [{ "containerPort": 80, "hostPort": 80 }] }])) },
    Sibling { name: "a replica set that takes a secret into its environment", rules: &["V-260911"], sow: |s| workload(s, "replicasets", "ReplicaSet", "tools") },
    Sibling { name: "a user's deployment in kube-system that takes a secret", rules: &["V-260911"], sow: |s| workload(s, "deployments", "Deployment", "kube-system") },
    Sibling { name: "a pod whose init container takes a secret", rules: &["V-260911"], sow: |s| pod(s, |pod| pod["spec"]["initContainers"] = json!([{ "name": "i", "image": "apps.example/i:1", "envFrom": [{ "secretRef": { "name": "s" } }] }])) },
    Sibling { name: "a service in kube-public", rules: &["V-260905"], sow: |s| { add(s, "cluster/kubectl/services.json", json!({ "apiVersion": "v1", "kind": "Service", "metadata": { "name": "x", "namespace": "kube-public", "uid": "6" }, "spec": {} })); Some(()) } },
    Sibling { name: "a quota with scopes", rules: &["V-260925"], sow: |s| quota(s, |quota| quota["spec"]["scopes"] = json!(["Terminating"])) },
    Sibling { name: "a quota with a selector of scopes", rules: &["V-260925"], sow: |s| quota(s, |quota| quota["spec"]["scopeSelector"] = json!({ "matchExpressions": [{ "scopeName": "PriorityClass", "operator": "In", "values": ["low"] }] })) },
    Sibling { name: "a quota of requests alone", rules: &["V-260925"], sow: |s| quota(s, |quota| quota["spec"]["hard"] = json!({ "requests.cpu": "6", "requests.memory": "12Gi" })) },
    Sibling { name: "a quota above the SSP's", rules: &["V-260925"], sow: |s| quota(s, |quota| quota["spec"]["hard"]["limits.memory"] = "1Ti".into()) },
    Sibling { name: "networks with encrypted=0", rules: &["V-260931"], sow: |s| network(s, "0") },
    Sibling { name: "networks with encrypted=FALSE", rules: &["V-260931"], sow: |s| network(s, "FALSE") },
    Sibling { name: "networks with encrypted=f", rules: &["V-260931"], sow: |s| network(s, "f") },
    Sibling { name: "flags of the kubelet that switch kernel defaults off", rules: &["V-260933"], sow: |s| config(s, "kubelet_max_pods", "custom_kubelet_flags = [\"--protect-kernel-defaults=0\"]\nkubelet_max_pods").and_then(|()| config(s, "custom_kubelet_flags = []\n", "")).or(Some(())) },
    Sibling { name: "repositories that need no signature", rules: &["V-260942"], sow: |s| config(s, "allow_repos = []", "allow_repos = [\"docker.io/*\"]").or_else(|| config(s, "require_content_trust = true", "require_content_trust = true\nallow_repos = [\"docker.io/*\"]")) },
    Sibling { name: "a log level that says nothing", rules: &["V-260914"], sow: |s| config(s, "level = \"DEBUG\"", "level = \"OFF\"").or_else(|| config(s, "level = \"INFO\"", "level = \"OFF\"")) },
    Sibling { name: "a chain with its leaf last", rules: &["V-260927"], sow: |s| { s.set("cluster/mke/tls-chain.pem", pem("issuing") + &pem("mke")); Some(()) } },
    Sibling { name: "a certificate for clients", rules: &["V-260927"], sow: |s| chain(s, "mke-client") },
    Sibling { name: "a chain through a certificate that is no authority", rules: &["V-260927"], sow: |s| chain(s, "chain-noca") },
    Sibling { name: "a chain that is longer than its authority allows", rules: &["V-260927"], sow: |s| chain(s, "chain-deep") },
    Sibling { name: "a chain through an authority that may not sign", rules: &["V-260927"], sow: |s| chain(s, "chain-nosign") },
    Sibling { name: "a chain through an authority that has expired", rules: &["V-260927"], sow: |s| chain(s, "chain-late") },
    Sibling { name: "a chain to another authority of the same name", rules: &["V-260927"], sow: |s| chain(s, "chain-other") },
    Sibling { name: "an account of MSR that became administrator", rules: &["V-260904"], sow: |s| account(s, "cluster/msr/accounts.json", "isAdmin", &json!(true)) },
    Sibling { name: "a repository that became public", rules: &["V-260904"], sow: |s| account(s, "cluster/msr/repositories.json", "visibility", &json!("public")) },
    Sibling { name: "a list of accounts with another page", rules: &["V-260904"], sow: |s| { s.change("cluster/msr/accounts.json", |list| list["nextPageStart"] = "x".into()); Some(()) } },
    Sibling { name: "an additional directory without TLS", rules: &["V-260909"], sow: |s| { let used = String::from_utf8_lossy(&s.members["cluster/mke/config.toml"]).contains("backend = \"ldap\""); used.then(|| s.change("cluster/mke/ldap.json", |ldap| ldap["additionalDomains"] = json!([{ "domain": "b", "serverURL": "ldap://b.example", "startTLS": false, "tlsSkipVerify": true }]))) } },
];

/// What is right in another spelling: the change must leave the rule a pass.
#[rustfmt::skip]
const SPELLINGS: &[Sibling] = &[
    Sibling { name: "a quota in thousandths", rules: &["V-260925"], sow: |s| spelled(s, "6000m", "12884901888000m") },
    Sibling { name: "a quota in bytes", rules: &["V-260925"], sow: |s| spelled(s, "6", "12884901888") },
    Sibling { name: "a quota in mebibytes", rules: &["V-260925"], sow: |s| spelled(s, "6.0", "12288Mi") },
    Sibling { name: "a quota with an exponent", rules: &["V-260925"], sow: |s| spelled(s, "6e0", "12884901888e0") },
    Sibling { name: "a quota in kibibytes", rules: &["V-260925"], sow: |s| spelled(s, "+6", "12582912Ki") },
    Sibling { name: "no-new-privileges without a value", rules: &["V-260934"], sow: |s| security(s, &json!(["no-new-privileges"])) },
    Sibling { name: "no-new-privileges with an equals sign", rules: &["V-260934"], sow: |s| security(s, &json!(["no-new-privileges=true"])) },
    Sibling { name: "networks with encrypted=true", rules: &["V-260931"], sow: |s| network(s, "true") },
    Sibling { name: "keys of the configuration in quotes", rules: &["V-260903", "V-260914", "V-260918"], sow: |s| config(s, "lifetime_minutes = 10", "\"lifetime_minutes\" = 10") },
    // The server's own certificate comes first (RFC 8446, 4.4.2), and clients take the first one for it: only what
    // follows may come in any order.
    Sibling { name: "a chain with its root before its intermediate", rules: &["V-260927"], sow: root_second },
];

/// The same limits as the SSP's, in another spelling.
fn spelled(snapshot: &mut Snapshot, cpu: &str, memory: &str) -> Option<()> {
    let path = "cluster/kubectl/resourcequotas.json";
    let mut document = Document::of(snapshot, path);
    let mut generated = false;
    for quota in &mut document.objects {
        if quota["spec"]["hard"] == json!({ "limits.cpu": "6", "limits.memory": "12Gi" }) {
            quota["spec"]["hard"] = json!({ "limits.cpu": cpu, "limits.memory": memory });
            generated = true;
        }
    }
    document.save(snapshot, path);
    generated.then_some(())
}

fn tried(
    sibling: &Sibling,
    kind: u8,
    wrong: impl Fn(&Base, &str, mke_stig::model::assessment::Status) -> bool,
) -> Vec<Fault> {
    let mut faults = Vec::new();
    for base in super::hiding::clean() {
        let mut snapshot = base.snapshot.clone();
        if (sibling.sow)(&mut snapshot).is_none() {
            continue;
        }
        let assessment = base.assess(&snapshot);
        for id in sibling.rules {
            let result = rule(&assessment, id);
            if wrong(base, id, result.status) {
                keep_files(base, sibling.name, id, &[&snapshot.files()]);
                let detail = format!(
                    "{}: {:?} {:?}",
                    base.name,
                    result.status,
                    result.reason.as_ref().map(|reason| &reason.text)
                );
                faults.push(Fault { what: sibling.name.to_owned(), kind, rule: (*id).to_owned(), detail });
            }
        }
    }
    faults
}

#[test]
fn siblings_of_what_was_looked_past() {
    let all: Vec<&Sibling> = OBJECTS.iter().chain(HOSTS).collect();
    let found = in_parallel(&all, |sibling| tried(sibling, 5, |_, _, status| lets_off(status)));
    settle("siblings", &found.concat());
}

#[test]
fn other_spellings_of_what_is_right() {
    let found = in_parallel(SPELLINGS, |sibling| {
        tried(sibling, 8, |base, id, status| lets_off(base.truth[id]) && status != base.truth[id])
    });
    settle("spellings", &found.concat());
}
