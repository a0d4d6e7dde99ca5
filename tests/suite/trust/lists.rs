//! Kind 1: a list that lacks what another fact names, or what a count counts, is not whole.
//!
//! From each list of a clean cluster without a manifest one object is taken that something else
//! still knows. Every rule that passed by such a list must say so.

use std::collections::BTreeSet;

use serde_json::Value;

use super::base::{Base, keep_files};
use super::document::Document;
use super::hiding::clean;
use super::known::{Fault, settle};
use crate::common::snapshot::Snapshot;
use crate::common::{in_parallel, lets_off, packs};
use mke_stig::layout::Kind;
use mke_stig::model::assessment::Status;
use mke_stig::rules::Rule;

/// An object that something else knows.
struct Loss {
    /// What is gone, and who knows it.
    name: &'static str,
    /// The kind whose list is not whole.
    kind: &'static str,
    /// Takes it; says no where the cluster has none.
    take: fn(&mut Snapshot) -> Option<()>,
}

/// Takes the last object that `which` says yes to from a member's list.
fn take(snapshot: &mut Snapshot, path: &str, which: impl Fn(&Value) -> bool) -> Option<()> {
    let mut document = Document::read(snapshot.members.get(path)?)?;
    let index = document.objects.iter().rposition(which)?;
    document.objects.remove(index);
    document.save(snapshot, path);
    Some(())
}

/// The last member whose path ends so.
fn last(snapshot: &Snapshot, end: &str) -> Option<String> {
    snapshot.paths().into_iter().rfind(|path| path.starts_with("nodes/") && path.ends_with(end))
}

fn all(snapshot: &Snapshot, end: &str) -> Vec<Value> {
    let paths = snapshot.paths().into_iter().filter(|path| path.starts_with("nodes/") && path.ends_with(end));
    paths.flat_map(|path| Document::of(snapshot, &path).objects).collect()
}

fn container(snapshot: &mut Snapshot) -> Option<()> {
    let path = last(snapshot, "docker/containers.json")?;
    take(snapshot, &path, |_| true)
}

/// The container of a pod, which the pod names by its id.
fn container_of_pod(snapshot: &mut Snapshot) -> Option<()> {
    let pods = Document::of(snapshot, "cluster/kubectl/pods.json").objects;
    let id =
        pods.last()?["status"]["containerStatuses"][0]["containerID"].as_str()?.strip_prefix("docker://")?.to_owned();
    let paths: Vec<String> =
        snapshot.paths().into_iter().filter(|path| path.ends_with("/docker/containers.json")).collect();
    let path = paths.into_iter().find(|path| take(snapshot, path, |found| found["Id"] == id.as_str()).is_some())?;
    // The node counts as many as are listed now.
    let info = path.replace("containers.json", "info.json");
    snapshot.change(&info, |info| {
        for key in ["Containers", "ContainersRunning"] {
            info[key] = (info[key].as_u64().unwrap() - 1).into();
        }
    });
    Some(())
}

/// All of one pod's containers on its node.
fn pod(snapshot: &mut Snapshot) -> Option<()> {
    take(snapshot, "cluster/kubectl/pods.json", |pod| pod["metadata"]["namespace"] != "kube-system")
}

fn namespace(snapshot: &mut Snapshot) -> Option<()> {
    let (_, index) = super::plant::user_pod(snapshot);
    let name = Document::of(snapshot, "cluster/kubectl/pods.json").objects[index]["metadata"]["namespace"].clone();
    take(snapshot, "cluster/kubectl/namespaces.json", |found| found["metadata"]["name"] == name)
}

/// A namespace that one object alone names: no pod and no account of the namespace is left.
fn named_by(snapshot: &mut Snapshot, resource: &str, kind: &str) -> Option<()> {
    let meta =
        serde_json::json!({ "name": "left", "namespace": "ghost", "uid": "77777777-0000-4000-a000-000000000000" });
    let object = serde_json::json!({ "apiVersion": "v1", "kind": kind, "metadata": meta, "spec": {}, "rules": [] });
    super::plant::add(snapshot, &format!("cluster/kubectl/{resource}.json"), object);
    Some(())
}

fn named(snapshot: &mut Snapshot, list: &str, name: &str) -> Option<()> {
    take(snapshot, list, |found| found["metadata"]["name"] == name)
}

/// A service of which a container says that it is its task.
fn service(snapshot: &mut Snapshot) -> Option<()> {
    let label = |found: &Value| found["Config"]["Labels"]["com.docker.swarm.service.id"].as_str().map(str::to_owned);
    let ids: BTreeSet<String> = all(snapshot, "docker/containers.json").iter().filter_map(label).collect();
    take(snapshot, "cluster/docker/services.json", |found| ids.contains(found["ID"].as_str().unwrap_or_default()))
}

/// A network that a service names, which no node lists.
fn network(snapshot: &mut Snapshot) -> Option<()> {
    let services = Document::of(snapshot, "cluster/docker/services.json").objects;
    let target =
        services.iter().find_map(|found| found["Spec"]["TaskTemplate"]["Networks"][0]["Target"].as_str())?.to_owned();
    let lists: Vec<String> =
        snapshot.paths().into_iter().filter(|path| path.ends_with("docker/networks.json")).collect();
    let taken =
        lists.iter().filter(|path| take(snapshot, path, |found| found["Id"] == target.as_str()).is_some()).count();
    (taken > 0).then_some(())
}

/// The network that every swarm has, from every list.
fn ingress(snapshot: &mut Snapshot) -> Option<()> {
    let lists: Vec<String> =
        snapshot.paths().into_iter().filter(|path| path.ends_with("docker/networks.json")).collect();
    let taken = lists.iter().filter(|path| take(snapshot, path, |found| found["Ingress"] == true).is_some()).count();
    (taken > 0).then_some(())
}

/// A network of the swarm that a node still lists.
fn network_of_node(snapshot: &mut Snapshot) -> Option<()> {
    let of_nodes: BTreeSet<String> = all(snapshot, "docker/networks.json")
        .iter()
        .filter_map(|found| Some(found["Id"].as_str()?.to_owned()))
        .collect();
    take(snapshot, "cluster/docker/networks.json", |found| of_nodes.contains(found["Id"].as_str().unwrap_or_default()))
}

/// A node, wherever it stands but in one list and in the counts.
fn node(snapshot: &mut Snapshot, lists: &[&str]) -> Option<()> {
    let name = snapshot
        .nodes()
        .into_iter()
        .rfind(|node| snapshot.members.contains_key(&format!("nodes/{node}/host/os-release")))?;
    for path in snapshot.paths().into_iter().filter(|path| path.starts_with(&format!("nodes/{name}/"))) {
        snapshot.members.remove(&path);
    }
    for list in lists {
        take(snapshot, list, |found| {
            found["Description"]["Hostname"] == name.as_str() || found["metadata"]["name"] == name.as_str()
        })?;
    }
    Some(())
}

/// All managers, which every worker's engine still names.
fn managers(snapshot: &mut Snapshot) -> Option<()> {
    let managers: Vec<String> = snapshot
        .nodes()
        .into_iter()
        .filter(|node| snapshot.json(&format!("nodes/{node}/docker/info.json"))["Swarm"]["ControlAvailable"] == true)
        .collect();
    for path in snapshot.paths() {
        let gone = managers.iter().any(|node| path.starts_with(&format!("nodes/{node}/")))
            || path == "cluster/docker/info.json";
        if gone {
            snapshot.members.remove(&path);
        }
    }
    for list in ["cluster/docker/nodes.json", "cluster/kubectl/nodes.json"] {
        let mut document = Document::of(snapshot, list);
        document.objects.retain(|found| {
            let name = found["Description"]["Hostname"].as_str().or(found["metadata"]["name"].as_str());
            !managers.iter().any(|manager| name == Some(manager))
        });
        document.save(snapshot, list);
    }
    Some(())
}

/// An image of which a container runs.
fn image(snapshot: &mut Snapshot) -> Option<()> {
    let path = last(snapshot, "docker/images.json")?;
    take(snapshot, &path, |found| found["Repository"].as_str().is_some_and(|name| name.contains("ucp-")))
}

/// The processes of one container, by the head of its table.
fn processes(snapshot: &mut Snapshot) -> Option<()> {
    let path = last(snapshot, "docker/processes.txt")?;
    let text = String::from_utf8(snapshot.members[&path].clone()).unwrap();
    let at = text.rfind("== ")?;
    snapshot.set(&path, &text.as_bytes()[..at]);
    Some(())
}

/// The table of one container in place of another's.
fn processes_twice(snapshot: &mut Snapshot) -> Option<()> {
    let path = last(snapshot, "docker/processes.txt")?;
    let text = String::from_utf8(snapshot.members[&path].clone()).unwrap();
    let at = text.rfind("== ")?;
    let first = text.find("== ").and_then(|from| text[from + 3..].find("== ").map(|to| &text[from..from + 3 + to]))?;
    snapshot.set(&path, format!("{}{first}", &text[..at]));
    Some(())
}

fn account(snapshot: &mut Snapshot) -> Option<()> {
    take(snapshot, "cluster/msr/accounts.json", |_| true)
}

/// A repository that a team may push to.
fn repository(snapshot: &mut Snapshot) -> Option<()> {
    take(snapshot, "cluster/msr/repositories.json", |_| true)
}

/// The team of an organization that counts one.
fn team(snapshot: &mut Snapshot) -> Option<()> {
    take(snapshot, "cluster/msr/team-access.json", |_| true)
}

#[rustfmt::skip]
const LOSSES: &[Loss] = &[
    Loss { name: "a container that docker info counts", kind: "docker.container", take: container },
    Loss { name: "a container that its pod names", kind: "docker.container", take: container_of_pod },
    Loss { name: "a pod whose containers run", kind: "kube.Pod", take: pod },
    Loss { name: "a namespace that a pod names", kind: "kube.Namespace", take: namespace },
    Loss { name: "a namespace that a role names", kind: "kube.Namespace", take: |s| named_by(s, "roles", "Role") },
    Loss { name: "a namespace that a quota names", kind: "kube.Namespace", take: |s| named_by(s, "resourcequotas", "ResourceQuota") },
    Loss { name: "a namespace that a policy of networks names", kind: "kube.Namespace", take: |s| named_by(s, "networkpolicies", "NetworkPolicy") },
    Loss { name: "the namespace default", kind: "kube.Namespace", take: |s| named(s, "cluster/kubectl/namespaces.json", "default") },
    Loss { name: "the namespace kube-system", kind: "kube.Namespace", take: |s| named(s, "cluster/kubectl/namespaces.json", "kube-system") },
    Loss { name: "the service kubernetes", kind: "kube.Service", take: |s| named(s, "cluster/kubectl/services.json", "kubernetes") },
    Loss { name: "a service whose task runs", kind: "docker.service", take: service },
    Loss { name: "a network that a service names", kind: "docker.network", take: network },
    Loss { name: "a network that a node lists", kind: "docker.network", take: network_of_node },
    Loss { name: "the network of the swarm's ports", kind: "docker.network", take: ingress },
    Loss { name: "a node's folder", kind: "docker.container", take: |s| node(s, &[]) },
    Loss { name: "a node that Kubernetes lists", kind: "docker.container", take: |s| node(s, &["cluster/docker/nodes.json"]) },
    Loss { name: "a node that pods and counts name", kind: "docker.container", take: |s| node(s, &["cluster/docker/nodes.json", "cluster/kubectl/nodes.json"]) },
    Loss { name: "the managers, which workers name", kind: "docker.container", take: managers },
    Loss { name: "an image of a container that runs", kind: "docker.image", take: image },
    Loss { name: "the processes of a container", kind: "docker.process", take: processes },
    Loss { name: "the processes of a container, another's twice", kind: "docker.process", take: processes_twice },
    Loss { name: "an account that MSR counts", kind: "msr.account", take: account },
    Loss { name: "a repository that a team may use", kind: "msr.repository", take: repository },
    Loss { name: "the rights of a team that MSR counts", kind: "msr.team_access", take: team },
];

/// The rules that look at every object of a kind. That on `AppArmor` looks at nodes of one system
/// alone, which the node that loses something may not be of.
fn readers(kind: &str) -> BTreeSet<String> {
    let kind = Kind::named(kind).unwrap();
    let reads = packs()[0].rules.iter().filter(|rule| looks_at_all(rule, &kind));
    reads.map(|rule| rule.id.clone()).filter(|id| id != "V-260920").collect()
}

/// Whether a rule needs all objects of a kind: it judges them, or compares others with them. What is only
/// compared where it agrees, such as the registry of MKE's running agents, one container tells as well as all
/// of them; an object whose comparison comes out otherwise says by itself that containers are missing. Networks are
/// compared with those of services that have no container, of which these clusters have none.
pub(super) fn looks_at_all(rule: &Rule, kind: &Kind) -> bool {
    rule.checks().iter().any(|check| {
        let compared = check
            .others()
            .into_iter()
            .any(|others| others.kind == *kind && !others.agreed && kind.name() != "docker.network");
        check.each == *kind || check.when.iter().any(|(of, _)| of == kind) || compared
    })
}

fn lost(base: &Base, loss: &Loss) -> Vec<Fault> {
    let mut snapshot = base.snapshot.clone().without_manifest();
    if (loss.take)(&mut snapshot).is_none() {
        return Vec::new();
    }
    let after = base.assess(&snapshot);
    readers(loss.kind)
        .into_iter()
        .filter(|id| base.bare[id] == Status::NotAFinding)
        .filter(|id| lets_off(crate::common::rule(&after, id).status))
        .inspect(|id| keep_files(base, loss.name, id, &[&snapshot.files()]))
        .map(|rule| Fault {
            what: loss.name.to_owned(),
            kind: 1,
            rule,
            detail: format!("{}: it still passes", base.name),
        })
        .collect()
}

#[test]
fn a_list_that_lacks_what_another_fact_names_is_not_whole() {
    let clean = clean();
    let found = in_parallel(LOSSES, |loss| clean.iter().flat_map(|base| lost(base, loss)).collect::<Vec<_>>());
    settle("lists", &found.concat());
}
