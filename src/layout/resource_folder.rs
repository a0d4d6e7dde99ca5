//! Folders of Kubernetes objects that other programs save: what their paths say.
//!
//! `kubectl cluster-info dump` writes `<namespace>/pods.json`, a must-gather writes
//! `namespaces/<namespace>/core/pods.yaml`, and a troubleshoot.sh bundle
//! `cluster-resources/pods/<namespace>.json`.

use crate::layout::kinds::{Kind, of_resource};

/// What a path says of a file with Kubernetes objects.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ResourceFolder {
    /// The kind of its objects.
    pub kind: Option<Kind>,
    /// The namespace of which it is the list.
    pub namespace: Option<String>,
}

/// Tells what the path of a file with Kubernetes objects says.
#[must_use]
pub fn resource_folder(path: &str) -> ResourceFolder {
    let parts: Vec<&str> = path.split('/').collect();
    let (file, folders) = parts.split_last().map_or(("", [].as_slice()), |(file, folders)| (*file, folders));
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    if let Some(at) = folders.iter().rposition(|folder| *folder == "cluster-resources") {
        return match folders[at + 1..] {
            [] => ResourceFolder { kind: of_resource(stem), namespace: None },
            [resource] => ResourceFolder { kind: of_resource(resource), namespace: Some(stem.to_owned()) },
            _ => ResourceFolder::default(),
        };
    }
    let Some(kind) = of_resource(stem) else { return ResourceFolder::default() };
    let below = folders.iter().rposition(|folder| *folder == "namespaces");
    let namespace = match (below.and_then(|at| folders.get(at + 1)), folders.last()) {
        (Some(namespace), _) | (None, Some(namespace)) => Some((*namespace).to_owned()),
        (None, None) => None,
    };
    ResourceFolder { kind: Some(kind), namespace }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_name_kind_and_namespace() {
        let told = |path: &str| {
            let folder = resource_folder(path);
            (folder.kind.map(|kind| kind.name().to_owned()).unwrap_or_default(), folder.namespace.unwrap_or_default())
        };
        let pair = |kind: &str, namespace: &str| (kind.to_owned(), namespace.to_owned());
        assert_eq!(told("b/cluster-resources/pods/payroll.json"), pair("kube.Pod", "payroll"));
        assert_eq!(told("b/cluster-resources/network-policy/a.json"), pair("kube.NetworkPolicy", "a"));
        assert_eq!(told("b/cluster-resources/nodes.json"), pair("kube.Node", ""));
        assert_eq!(told("m/namespaces/shop/core/pods.yaml"), pair("kube.Pod", "shop"));
        assert_eq!(told("dump/kube-system/deployments.json"), pair("kube.Deployment", "kube-system"));
        assert_eq!(told("m/namespaces/shop/pods/web-1/web-1.yaml"), pair("", ""));
        assert_eq!(told("x.json"), pair("", ""));
    }
}
