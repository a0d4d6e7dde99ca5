//! Snapshot format 1: which member holds which kind, of which node.

use crate::layout::kind::{Kind, plural};

/// Whose facts a member holds.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Owner {
    /// The cluster: what was asked through MKE, a client bundle or the Kubernetes API.
    Cluster,
    /// The node of this name.
    Node(String),
    /// The node whose `docker info` lies in this folder, or whose name the folder has.
    Folder(String),
}

/// What a member holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The kind of its facts.
    pub kind: Kind,
    /// Whose they are.
    pub owner: Owner,
}

/// What a path says about a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Placement {
    /// The manifest of the snapshot under this top folder (empty, or ending in `/`).
    Manifest(String),
    /// Facts.
    Fact(Place),
    /// Part of the snapshot format, but nothing that is read as facts.
    Other,
    /// The path says nothing: the content must tell.
    Unknown,
}

/// Places a member of snapshot format 1 by its path in the input.
#[must_use]
pub fn place(path: &str) -> Placement {
    let parts: Vec<&str> = path.split('/').collect();
    if parts.last() == Some(&"manifest.jsonl") {
        return Placement::Manifest(path[..path.len() - "manifest.jsonl".len()].to_owned());
    }
    for at in 0..parts.len() {
        match parts[at..] {
            ["cluster", "docker", file] => return fact(cluster_docker(file), Owner::Cluster),
            ["cluster", "kubectl", file] => return fact(cluster_kubectl(file), Owner::Cluster),
            ["cluster", "mke", file] => return fact(cluster_mke(file), Owner::Cluster),
            ["cluster", "msr", file] => return fact(cluster_msr(file), Owner::Cluster),
            ["cluster", "support", ..] => return Placement::Other,
            ["nodes", node, "docker", file] => return fact(node_docker(file), Owner::Node(node.to_owned())),
            ["nodes", node, "host", file] => return fact(node_host(file), Owner::Node(node.to_owned())),
            ["nodes", _, "logs", ..] => return Placement::Other,
            _ => {}
        }
    }
    Placement::Unknown
}

/// The path of a kind's member in the cluster's part of a snapshot.
#[must_use]
pub fn cluster_path(kind: &Kind) -> Option<String> {
    const FILES: &[(&str, &[&str])] = &[
        ("docker", &["version", "info", "nodes", "services", "networks", "secrets", "configs", "containers", "images"]),
        ("mke", &["auth", "ldap", "accounts", "teams", "roles", "collections", "grants"]),
        ("msr", &["settings", "repositories", "accounts", "team-access", "imagescan-status"]),
    ];
    const CERTIFICATES: &[&str] = &["cluster/mke/tls-chain.pem", "cluster/mke/ca.pem", "cluster/msr/tls-chain.pem"];
    let known =
        FILES.iter().flat_map(|(folder, files)| files.iter().map(move |file| format!("cluster/{folder}/{file}.json")));
    let resource = kind.name().strip_prefix("kube.").map(|name| format!("cluster/kubectl/{}.json", plural(name)));
    let single = ["cluster/mke/config.toml", "cluster/kubectl/version.json"];
    let mut paths = known.chain(single.iter().chain(CERTIFICATES).map(|path| (*path).to_owned())).chain(resource);
    paths.find(|path| matches!(place(path), Placement::Fact(place) if place.kind == *kind))
}

fn fact(kind: Option<&str>, owner: Owner) -> Placement {
    match kind.and_then(Kind::named) {
        Some(kind) => Placement::Fact(Place { kind, owner }),
        None => Placement::Other,
    }
}

fn cluster_docker(file: &str) -> Option<&'static str> {
    Some(match file {
        "version.json" => "mke.version",
        "info.json" => "mke.info",
        "nodes.json" => "docker.node",
        "services.json" => "docker.service",
        "networks.json" => "docker.network",
        "secrets.json" => "docker.secret",
        "configs.json" => "docker.config",
        "containers.json" => "docker.container",
        "images.json" => "docker.image",
        _ => return None,
    })
}

fn cluster_mke(file: &str) -> Option<&'static str> {
    Some(match file {
        "config.toml" => "mke.config",
        "auth.json" => "mke.auth",
        "ldap.json" => "mke.ldap",
        "accounts.json" => "mke.account",
        "teams.json" => "mke.team",
        "roles.json" => "mke.role",
        "collections.json" => "mke.collection",
        "grants.json" => "mke.grant",
        "tls-chain.pem" => "mke.certificate",
        "ca.pem" => "mke.ca",
        _ => return None,
    })
}

fn cluster_msr(file: &str) -> Option<&'static str> {
    Some(match file {
        "settings.json" => "msr.settings",
        "repositories.json" => "msr.repository",
        "accounts.json" => "msr.account",
        "team-access.json" => "msr.team_access",
        "tls-chain.pem" => "msr.certificate",
        "imagescan-status.json" => "msr.scanner",
        _ => return None,
    })
}

fn node_docker(file: &str) -> Option<&'static str> {
    Some(match file {
        "info.json" => "docker.info",
        "version.json" => "docker.version",
        "containers.json" => "docker.container",
        "images.json" => "docker.image",
        "daemon.json" => "docker.daemon",
        "networks.json" => "docker.network",
        "processes.txt" => "docker.process",
        _ => return None,
    })
}

fn node_host(file: &str) -> Option<&'static str> {
    Some(match file {
        "os-release" => "host.os_release",
        "docker-socket.txt" => "host.docker_socket",
        "docker-group.txt" => "host.docker_group",
        "selinux.txt" => "host.selinux",
        "audit-docker.txt" => "host.audit_docker",
        "audit-rules.txt" => "host.audit_rules",
        _ => return None,
    })
}

/// Kubernetes kinds by the resource name of their member.
pub(super) const KUBERNETES: &[&str] = &[
    "ClusterRole",
    "ClusterRoleBinding",
    "ConfigMap",
    "CronJob",
    "DaemonSet",
    "Deployment",
    "Ingress",
    "Job",
    "LimitRange",
    "Namespace",
    "NetworkPolicy",
    "Node",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "Pod",
    "PriorityClass",
    "ReplicaSet",
    "ResourceQuota",
    "Role",
    "RoleBinding",
    "Secret",
    "Service",
    "ServiceAccount",
    "StatefulSet",
    "StorageClass",
    "Event",
    "Endpoints",
    "CustomResourceDefinition",
    "APIService",
    "MutatingWebhookConfiguration",
    "ValidatingWebhookConfiguration",
];

fn cluster_kubectl(file: &str) -> Option<&'static str> {
    /// The kinds' fact names, made once.
    static NAMES: std::sync::LazyLock<Vec<(String, String)>> =
        std::sync::LazyLock::new(|| KUBERNETES.iter().map(|kind| (plural(kind), format!("kube.{kind}"))).collect());
    let resource = file.strip_suffix(".json")?;
    if resource == "version" {
        return Some("kube.version");
    }
    NAMES.iter().find(|(name, _)| name == resource).map(|(_, kind)| kind.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn placed(path: &str) -> String {
        match place(path) {
            Placement::Fact(Place { kind, owner }) => format!("{kind} {owner:?}"),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn members_are_placed_under_any_top_folder() {
        assert_eq!(placed("snap/nodes/w1/docker/containers.json"), "docker.container Node(\"w1\")");
        assert_eq!(placed("nodes/w1/host/os-release"), "host.os_release Node(\"w1\")");
        assert_eq!(placed("a/b/cluster/kubectl/networkpolicies.json"), "kube.NetworkPolicy Cluster");
        assert_eq!(placed("cluster/docker/info.json"), "mke.info Cluster");
        assert_eq!(placed("snap/manifest.jsonl"), "Manifest(\"snap/\")");
        assert_eq!(placed("snap/cluster/support/dump.zip"), "Other");
        assert_eq!(placed("docker/info.json"), "Unknown");
    }
}
