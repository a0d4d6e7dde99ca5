//! Violations in what a cluster, its engines and its hosts say of themselves.

use serde_json::{Value, json};

use super::plant::{Plant, Spot, add, edit};
use crate::common::cluster::pem;
use crate::common::snapshot::Snapshot;

/// The member of a worker with Linux: the last one.
fn worker(snapshot: &Snapshot, file: &str) -> Option<String> {
    let mut paths = snapshot.paths().into_iter().filter(|path| path.starts_with("nodes/") && path.ends_with(file));
    paths.rfind(|path| {
        let node = path.split('/').nth(1).unwrap();
        snapshot.members.contains_key(&format!("nodes/{node}/host/os-release"))
    })
}

fn engine(snapshot: &mut Snapshot, field: &'static str, bad: Value) -> Option<Spot> {
    let path = worker(snapshot, "docker/info.json")?;
    let mut good = Value::Null;
    edit(snapshot, &path, 0, |info| good = std::mem::replace(&mut info[&field[1..]], bad));
    Some(Spot { path, index: 0, field, good, absent_is_good: false, witnessed: true })
}

/// An option of the engine's security that is gone.
fn without(snapshot: &mut Snapshot, option: &str) -> Option<Spot> {
    let infos: Vec<String> = snapshot.paths().into_iter().filter(|path| path.ends_with("docker/info.json")).collect();
    let path = infos.into_iter().rfind(|path| snapshot.json(path)["SecurityOptions"].to_string().contains(option))?;
    let good = snapshot.json(&path)["SecurityOptions"].clone();
    edit(snapshot, &path, 0, |info| {
        info["SecurityOptions"].as_array_mut().unwrap().retain(|found| !found.as_str().unwrap().starts_with(option));
    });
    Some(Spot { path, index: 0, field: "/SecurityOptions", good, absent_is_good: false, witnessed: true })
}

/// A text of a host in which something is replaced.
fn host(snapshot: &mut Snapshot, file: &str, text: &str) -> Option<Spot> {
    let path = worker(snapshot, file)?;
    snapshot.set(&path, text);
    Some(Spot { path, witnessed: true, ..Spot::default() })
}

fn server(snapshot: &mut Snapshot) -> Option<Spot> {
    let path = worker(snapshot, "docker/processes.txt")?;
    let text = String::from_utf8(snapshot.members[&path].clone()).unwrap();
    let line = text.lines().last().unwrap().to_owned();
    snapshot.set(&path, format!("{text}{line} /usr/sbin/sshd -D\n"));
    Some(Spot { path, witnessed: true, ..Spot::default() })
}

const RECORD: &str = "----\ntime->Mon Nov 16 21:33:09 2026\ntype=PROCTITLE msg=audit(1794864789.882:40117): proctitle=646F636B65720065786563002D2D7072696C6567656400740073\ntype=EXECVE msg=audit(1794864789.882:40117): argc=5 a0=\"docker\" a1=\"exec\" a2=\"--privileged\" a3=\"t\" a4=\"sh\"\ntype=SYSCALL msg=audit(1794864789.882:40117): arch=c000003e syscall=59 success=yes exit=0 ppid=20871 pid=20902 auid=1004 uid=0 gid=0 comm=\"docker\" exe=\"/usr/bin/docker\" key=\"docker\"\n";

fn image(snapshot: &mut Snapshot) -> Option<Spot> {
    let path = worker(snapshot, "docker/images.json")?;
    let row = json!({ "Containers": "N/A", "ID": format!("sha256:{}", "5".repeat(64)), "Repository": "mirantis/ucp-agent",
        "Tag": "3.6.1", "Digest": "<none>" });
    let index = add(snapshot, &path, row);
    Some(Spot { path, index, field: "/Tag", good: json!("9.9.9"), ..Spot::default() })
}

/// A setting of MKE's configuration: the text that is there and the one that breaks a rule.
fn config(snapshot: &mut Snapshot, of: &[(&str, &str)]) -> Option<Spot> {
    let path = "cluster/mke/config.toml".to_owned();
    let text = String::from_utf8(snapshot.members[&path].clone()).unwrap();
    let (from, to) = of.iter().find(|(from, _)| text.contains(from))?;
    snapshot.set(&path, text.replacen(from, to, 1));
    Some(Spot { path, witnessed: true, ..Spot::default() })
}

/// MKE states the switch twice, and a cluster has one.
fn without_encryption(snapshot: &mut Snapshot) -> Option<Spot> {
    let spot = config(snapshot, &[("secure_overlay = true", "secure_overlay = false")])?;
    let settings = "cluster/mke/config-kubernetes.json";
    if snapshot.members.contains_key(settings) {
        edit(snapshot, settings, 0, |object| object["secureOverlay"] = false.into());
    }
    Some(spot)
}

fn single(snapshot: &mut Snapshot, path: &str, field: &'static str, bad: Value) -> Option<Spot> {
    let mut good = Value::Null;
    edit(snapshot, path, 0, |object| good = std::mem::replace(object.pointer_mut(field).unwrap(), bad));
    Some(Spot { path: path.to_owned(), index: 0, field, good, absent_is_good: false, witnessed: true })
}

fn directory(snapshot: &mut Snapshot) -> Option<Spot> {
    let text = String::from_utf8_lossy(&snapshot.members["cluster/mke/config.toml"]).into_owned();
    text.contains("backend = \"ldap\"").then_some(())?;
    // A check of certificates is on unless it says otherwise.
    let spot = single(snapshot, "cluster/mke/ldap.json", "/tlsSkipVerify", json!(true))?;
    Some(Spot { absent_is_good: true, ..spot })
}

fn listed(snapshot: &mut Snapshot, path: &str, object: Value, field: &'static str) -> Option<Spot> {
    let index = add(snapshot, path, object);
    Some(Spot { path: path.to_owned(), index, field, good: json!("aaaa"), ..Spot::default() })
}

fn scheduler(snapshot: &mut Snapshot) -> Option<Spot> {
    let grant =
        json!({ "subjectID": "authenticated", "roleID": "scheduler", "objectID": "swarm", "collectionPath": "/" });
    let spot = listed(snapshot, "cluster/mke/grants.json", grant, "/roleID")?;
    Some(Spot { good: json!("none"), ..spot })
}

fn binding(snapshot: &mut Snapshot) -> Option<Spot> {
    let binding = json!({ "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding",
        "metadata": { "name": "backdoor", "namespace": "tools", "uid": "11111111-0000-4000-a000-000000000003" },
        "roleRef": { "apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "cluster-admin" },
        "subjects": [{ "kind": "User", "name": "mallory" }] });
    listed(snapshot, "cluster/kubectl/rolebindings.json", binding, "/subjects")
}

fn account(snapshot: &mut Snapshot) -> Option<Spot> {
    let account = json!({ "name": "mallory", "id": "cc", "isOrg": false, "isAdmin": true, "isActive": true });
    let spot = listed(snapshot, "cluster/msr/accounts.json", account, "/name")?;
    Some(Spot { good: Value::Null, ..spot })
}

fn chain(snapshot: &mut Snapshot, path: &str, text: &str) -> Option<Spot> {
    snapshot.set(path, text);
    Some(Spot { path: path.to_owned(), witnessed: true, ..Spot::default() })
}

const MKE_CHAIN: &str = "cluster/mke/tls-chain.pem";
const MSR_CHAIN: &str = "cluster/msr/tls-chain.pem";

/// The plants among settings.
#[rustfmt::skip]
pub(crate) const SETTINGS: &[Plant] = &[
    Plant { name: "an engine without FIPS", rules: &["V-260908"], sow: |s| without(s, "name=fips") },
    Plant { name: "an engine without SELinux", rules: &["V-260921"], sow: |s| without(s, "name=selinux") },
    Plant { name: "an engine that logs to files", rules: &["V-260915"], sow: |s| engine(s, "/LoggingDriver", json!("json-file")) },
    Plant { name: "an engine on btrfs", rules: &["V-260926"], sow: |s| engine(s, "/Driver", json!("btrfs")) },
    Plant { name: "a socket that everybody writes", rules: &["V-260906"], sow: |s| host(s, "docker-socket.txt", "root:docker 666 /var/run/docker.sock\n") },
    Plant { name: "a stranger in the group docker", rules: &["V-260906"], sow: |s| host(s, "docker-group.txt", "docker:x:998:mallory\n") },
    Plant { name: "an exec with privileges", rules: &["V-260938"], sow: |s| host(s, "audit-docker.txt", RECORD) },
    Plant { name: "a host that records nothing", rules: &["V-260938"], sow: |s| host(s, "audit-rules.txt", "No rules\n") },
    Plant { name: "an SSH server in a container", rules: &["V-260910"], sow: server },
    Plant { name: "an image of an earlier MKE", rules: &["V-260944"], sow: image },
    Plant { name: "sessions of an hour", rules: &["V-260903"], sow: |s| config(s, &[("lifetime_minutes = 10", "lifetime_minutes = 60")]) },
    Plant { name: "audit logs that are off", rules: &["V-260914"], sow: |s| config(s, &[("level = \"request\"", "level = \"\"")]) },
    Plant { name: "logs of errors alone", rules: &["V-260914"], sow: |s| config(s, &[("level = \"DEBUG\"", "level = \"ERROR\""), ("level = \"INFO\"", "level = \"ERROR\"")]) },
    Plant { name: "administrators who schedule anywhere", rules: &["V-260917"], sow: |s| config(s, &[("enable_admin_ucp_scheduling = false", "enable_admin_ucp_scheduling = true")]) },
    Plant { name: "usage reports", rules: &["V-260918"], sow: |s| config(s, &[("disable_usageinfo = true", "disable_usageinfo = false")]) },
    Plant { name: "images without signatures", rules: &["V-260942"], sow: |s| config(s, &[("require_content_trust = true", "require_content_trust = false")]) },
    Plant { name: "networks of pods without encryption", rules: &["V-260931"], sow: without_encryption },
    Plant { name: "kubelets without kernel defaults", rules: &["V-260933"], sow: |s| config(s, &[("kube_protect_kernel_defaults = true", "kube_protect_kernel_defaults = false")]) },
    Plant { name: "users who may use the host's IPC", rules: &["V-260935"], sow: |s| config(s, &[("priv_attributes_allowed_for_user_accounts = []", "priv_attributes_allowed_for_user_accounts = [\"hostIPC\"]"), ("priv_attributes_allowed_for_user_accounts = [\"hostBindMounts\"]", "priv_attributes_allowed_for_user_accounts = [\"hostIPC\"]")]) },
    Plant { name: "a notice of one word", rules: &["V-260946"], sow: |s| config(s, &[("pre_logon_message = ", "pre_logon_message = \"Welcome\"\nold_message = ")]) },
    Plant { name: "no provider of identities", rules: &["V-260909"], sow: |s| config(s, &[("backend = \"ldap\"", "backend = \"managed\""), ("samlEnabled = true", "samlEnabled = false"), ("issuer = \"https", "issuer = \"http")]) },
    Plant { name: "a directory whose certificate is not checked", rules: &["V-260909"], sow: directory },
    Plant { name: "a registry that reports", rules: &["V-260919"], sow: |s| single(s, "cluster/msr/settings.json", "/reportAnalytics", json!(true)) },
    Plant { name: "a registry that makes repositories", rules: &["V-260928"], sow: |s| single(s, "cluster/msr/settings.json", "/createRepositoryOnPush", json!(true)) },
    Plant { name: "a registry that does not scan", rules: &["V-260943"], sow: |s| single(s, "cluster/msr/settings.json", "/scanningEnabled", json!(false)) },
    Plant { name: "a scanner without data", rules: &["V-260943"], sow: |s| single(s, "cluster/msr/imagescan-status.json", "/dbVersion", json!(0)) },
    Plant { name: "everybody may schedule anywhere", rules: &["V-260912", "V-260917"], sow: scheduler },
    Plant { name: "a binding that nobody approved", rules: &["V-260912"], sow: binding },
    Plant { name: "an account that nobody approved", rules: &["V-260904"], sow: account },
    Plant { name: "a certificate that signed itself", rules: &["V-260927"], sow: |s| chain(s, MKE_CHAIN, &pem("self")) },
    Plant { name: "a certificate that has expired", rules: &["V-260927"], sow: |s| chain(s, MKE_CHAIN, &(pem("mke-expired") + &pem("issuing"))) },
    Plant { name: "a registry's certificate that signed itself", rules: &["V-260916"], sow: |s| chain(s, MSR_CHAIN, &pem("self")) },
    Plant { name: "a registry's certificate for clients", rules: &["V-260916"], sow: |s| chain(s, MSR_CHAIN, &(pem("msr-client") + &pem("issuing"))) },
];
