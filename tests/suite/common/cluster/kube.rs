//! The Kubernetes objects of a generated cluster beside its pods.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::plan::{DAY, Plan, Registry, System};
use super::work::Pod;

/// The namespaces, MKE's and users'.
pub(crate) fn namespaces(plan: &Plan) -> Vec<&'static str> {
    let mut names = vec!["default", "kube-node-lease", "kube-public", "kube-system", "ledger", "tools"];
    if plan.registry == Registry::Third {
        names.push("msr");
    }
    names
}

fn object(plan: &mut Plan, api: &str, kind: &str, namespace: Option<&str>, name: &str) -> Value {
    let mut value = json!({ "apiVersion": api, "kind": kind,
        "metadata": { "name": name, "uid": plan.dice.uuid(), "creationTimestamp": "2026-08-01T06:05:00Z" } });
    if let Some(namespace) = namespace {
        value["metadata"]["namespace"] = namespace.into();
    }
    value
}

/// Every resource with its objects.
pub(crate) fn lists(plan: &mut Plan, pods: &[Pod]) -> BTreeMap<&'static str, Vec<Value>> {
    let empty = [
        "cronjobs",
        "ingresses",
        "jobs",
        "limitranges",
        "networkpolicies",
        "persistentvolumeclaims",
        "persistentvolumes",
        "roles",
        "statefulsets",
    ];
    let mut lists: BTreeMap<&'static str, Vec<Value>> = empty.into_iter().map(|name| (name, Vec::new())).collect();
    lists.insert("pods", pods.iter().map(Pod::json).collect());
    let named: Vec<Value> =
        namespaces(plan).into_iter().map(|name| object(plan, "v1", "Namespace", None, name)).collect();
    lists.insert("namespaces", named);
    lists.insert("nodes", nodes(plan));
    lists.insert("services", services(plan));
    lists.insert("resourcequotas", quotas(plan));
    lists.insert("serviceaccounts", accounts(plan));
    lists.insert("secrets", vec![secret(plan)]);
    lists.insert("storageclasses", vec![storage(plan)]);
    lists.insert("clusterroles", vec![object(plan, "rbac.authorization.k8s.io/v1", "ClusterRole", None, "view")]);
    lists.insert("clusterrolebindings", bindings(plan, "ClusterRoleBinding"));
    lists.insert("rolebindings", bindings(plan, "RoleBinding"));
    for (resource, kind, workload) in [
        ("daemonsets", "DaemonSet", "DaemonSet"),
        ("replicasets", "ReplicaSet", "ReplicaSet"),
        ("deployments", "Deployment", "ReplicaSet"),
    ] {
        lists.insert(resource, workloads(plan, pods, kind, workload));
    }
    lists
}

fn nodes(plan: &mut Plan) -> Vec<Value> {
    let kubernetes: Vec<_> = plan.nodes.iter().filter(|node| node.kubernetes).cloned().collect();
    let list = kubernetes.iter().map(|node| {
        let image = if node.system == System::Ubuntu { "Ubuntu 22.04.3 LTS" } else { "Red Hat Enterprise Linux 8.8 (Ootpa)" };
        let mut value = object(plan, "v1", "Node", None, &node.name);
        value["metadata"]["labels"] = json!({ "kubernetes.io/hostname": node.name, "kubernetes.io/os": "linux" });
        for (orchestrator, on) in [("kubernetes", node.kubernetes), ("swarm", node.swarm)] {
            if on {
                value["metadata"]["labels"][format!("com.docker.ucp.orchestrator.{orchestrator}")] = "true".into();
            }
        }
        value["spec"] = json!({});
        value["status"] = json!({
            "addresses": [{ "type": "InternalIP", "address": node.address }, { "type": "Hostname", "address": node.name }],
            "conditions": [{ "type": "Ready", "status": "True" }],
            "nodeInfo": { "architecture": "amd64", "operatingSystem": "linux", "osImage": image,
                "containerRuntimeVersion": "docker://23.0.9", "kernelVersion": "5.15.0",
                "kubeletVersion": "v1.27.10-mirantis-1" },
        });
        value
    });
    list.collect()
}

fn services(plan: &mut Plan) -> Vec<Value> {
    let mut of = vec![("default", "kubernetes"), ("kube-system", "kube-dns"), ("ledger", "ledger-web")];
    if plan.registry == Registry::Third {
        of.push(("msr", "msr"));
    }
    let list = of.into_iter().map(|(namespace, name)| {
        let mut value = object(plan, "v1", "Service", Some(namespace), name);
        value["spec"] = json!({ "type": "ClusterIP", "clusterIP": "10.96.0.7",
            "ports": [{ "name": "main", "port": 443, "protocol": "TCP", "targetPort": 6443 }] });
        value
    });
    list.collect()
}

fn quotas(plan: &mut Plan) -> Vec<Value> {
    let list = namespaces(plan).into_iter().map(|namespace| {
        let mut value = object(plan, "v1", "ResourceQuota", Some(namespace), "limits");
        value["spec"] = json!({ "hard": { "limits.cpu": "6", "limits.memory": "12Gi" } });
        value
    });
    list.collect()
}

fn accounts(plan: &mut Plan) -> Vec<Value> {
    let mut list: Vec<Value> = namespaces(plan)
        .into_iter()
        .map(|namespace| object(plan, "v1", "ServiceAccount", Some(namespace), "default"))
        .collect();
    list.push(object(plan, "v1", "ServiceAccount", Some("kube-system"), "calico-node"));
    list
}

fn secret(plan: &mut Plan) -> Value {
    let mut value = object(plan, "v1", "Secret", Some("ledger"), "ledger-db");
    value["type"] = "Opaque".into();
    value["data"] = json!({ "password": "(redacted)" });
    value
}

fn storage(plan: &mut Plan) -> Value {
    let mut value = object(plan, "storage.k8s.io/v1", "StorageClass", None, "block");
    value["provisioner"] = "csi.halyard.test".into();
    value["reclaimPolicy"] = "Delete".into();
    value["volumeBindingMode"] = "WaitForFirstConsumer".into();
    value
}

fn bindings(plan: &mut Plan, kind: &str) -> Vec<Value> {
    let api = "rbac.authorization.k8s.io/v1";
    let of: &[(&str, Option<&str>, &str, &str)] = if kind == "ClusterRoleBinding" {
        &[("cluster-admin", None, "cluster-admin", "system:masters"), ("see-all", None, "view", "auditors")]
    } else {
        &[("ledger-edit", Some("ledger"), "edit", "ledger-team")]
    };
    let list = of.iter().map(|(name, namespace, role, group)| {
        let mut value = object(plan, api, kind, *namespace, name);
        value["roleRef"] = json!({ "apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": role });
        value["subjects"] = json!([{ "apiGroup": "rbac.authorization.k8s.io", "kind": "Group", "name": group }]);
        value
    });
    list.collect()
}

/// The objects that made the pods: of one kind those of pods whose owner is of another (a
/// Deployment's pods belong to its `ReplicaSet`).
fn workloads(plan: &mut Plan, pods: &[Pod], kind: &str, owner: &str) -> Vec<Value> {
    let mut seen = Vec::new();
    let mut list = Vec::new();
    for pod in pods.iter().filter(|pod| pod.owner.0 == owner) {
        let set = &pod.owner.1;
        let name = if kind == "Deployment" { set.rsplit_once('-').map_or(set.as_str(), |(name, _)| name) } else { set };
        if seen.contains(&(pod.namespace, name.to_owned())) {
            continue;
        }
        seen.push((pod.namespace, name.to_owned()));
        let mut value = object(plan, "apps/v1", kind, Some(pod.namespace), name);
        let containers = pod.json()["spec"]["containers"].clone();
        value["spec"] = json!({ "selector": { "matchLabels": { "app": pod.container.0 } },
            "template": { "metadata": { "labels": { "app": pod.container.0 } }, "spec": { "containers": containers } } });
        value["metadata"]["creationTimestamp"] = format!("{DAY}T01:00:00Z").into();
        if let ("ReplicaSet", Some((deployment, _))) = (kind, name.rsplit_once('-')) {
            value["metadata"]["ownerReferences"] = json!([{ "apiVersion": "apps/v1", "controller": true,
                "kind": "Deployment", "name": deployment, "uid": "00000000-0000-4000-a000-000000000000" }]);
        }
        list.push(value);
    }
    list
}
