//! Snapshot format 1: which member holds which kind, of which node.
//!
//! The folders of the format may stand under any folder above them, so that an unpacked snapshot is read as the
//! archive is. Which file holds which kind stands in the table of kinds.

use crate::layout::kinds::{Found, Kind, Scope, of_member};

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
        let found = match parts[at..] {
            ["cluster", "support", ..] | ["nodes", _, "logs", ..] => return Placement::Other,
            ["cluster", folder, file] => (of_member(Scope::Cluster, folder, file), Owner::Cluster),
            ["nodes", node, folder, file] => (of_member(Scope::Node, folder, file), Owner::Node(node.to_owned())),
            _ => continue,
        };
        return match found {
            (Found::Kind(kind), owner) => Placement::Fact(Place { kind, owner }),
            // What it unpacks to is told by its path again.
            (Found::Unread, _) if is_compressed(&parts[at..]) => Placement::Unknown,
            (Found::Unread, _) => Placement::Other,
            (Found::Nothing, _) => continue,
        };
    }
    Placement::Unknown
}

/// Whether a file is called as a member that someone compressed.
fn is_compressed(parts: &[&str]) -> bool {
    let [.., folder, file] = parts else { return false };
    let Some((plain, "gz" | "zst" | "xz")) = file.rsplit_once('.') else { return false };
    let scope = if parts.len() == 3 { Scope::Cluster } else { Scope::Node };
    matches!(of_member(scope, folder, plain), Found::Kind(_))
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
        assert_eq!(placed("cluster/docker/info.json.gz"), "Unknown");
        assert_eq!(placed("nodes/w1/docker/containers.json.zst"), "Unknown");
        assert_eq!(placed("nodes/w1/docker/other.json.gz"), "Other");
        assert_eq!(placed("cluster/docker/info.json.bak"), "Other");
    }
}
