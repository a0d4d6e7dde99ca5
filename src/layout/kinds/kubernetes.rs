//! What the Kubernetes API tells. A kind that is in no row shares the pattern [`OTHER`].

use crate::layout::kinds::encoding::Encoding;
use crate::layout::kinds::naming::{Naming, Tells, Workload};
use crate::layout::kinds::row::{CLUSTER, Holds, RecognizedBy, Row, Signature};

/// Objects in namespaces, as `kubectl get -A -o json` prints them.
const OBJECTS: Row = Row {
    encoding: Encoding::JsonUnder("items"),
    namespaced: true,
    marks: &["metadata.name"],
    recognized_by: RecognizedBy::Kubernetes,
    naming: Naming::within("metadata.name", "metadata.namespace", '/'),
    inventory: &[(Tells::Namespace, "metadata.namespace")],
    kept: &["apiVersion", "kind", "metadata.uid"],
    ..CLUSTER
};

/// Objects of which a specification says what is asked for.
const SPECIFIED: Row = Row { shape: &["spec"], ..OBJECTS };

/// Objects that lie in no namespace.
const OF_CLUSTER: Row = Row { namespaced: false, ..OBJECTS };

/// Any kind of objects that has no row: other programs' folders and lists may hold it.
pub(super) static OTHER: Row = Row { collected: false, ..OBJECTS };

pub(super) const ROWS: &[Row] = &[
    Row {
        name: "kube.version",
        holds: Holds::One,
        in_cluster: Some("kubectl/version.json"),
        from: "`kubectl version -o json`",
        recognized_by: RecognizedBy::Keys(&[Signature::keys(&["clientVersion"])]),
        ..CLUSTER
    },
    Row { name: "kube.APIService", resource: Some("apiservices"), collected: false, ..OF_CLUSTER },
    Row { name: "kube.ClusterRole", resource: Some("clusterroles"), ..OF_CLUSTER },
    Row { name: "kube.ClusterRoleBinding", resource: Some("clusterrolebindings"), shape: &["roleRef"], ..OF_CLUSTER },
    Row { name: "kube.ConfigMap", resource: Some("configmaps"), ..OBJECTS },
    Row { name: "kube.CronJob", resource: Some("cronjobs"), ..SPECIFIED },
    Row {
        name: "kube.CustomResourceDefinition",
        resource: Some("customresourcedefinitions"),
        collected: false,
        ..OF_CLUSTER
    },
    Row { name: "kube.DaemonSet", resource: Some("daemonsets"), ..SPECIFIED },
    Row { name: "kube.Deployment", resource: Some("deployments"), ..SPECIFIED },
    Row { name: "kube.Endpoints", resource: Some("endpoints"), collected: false, ..OBJECTS },
    Row { name: "kube.Event", resource: Some("events"), collected: false, ..OBJECTS },
    Row { name: "kube.Ingress", resource: Some("ingresses"), ..SPECIFIED },
    Row { name: "kube.Job", resource: Some("jobs"), ..SPECIFIED },
    Row { name: "kube.LimitRange", resource: Some("limitranges"), ..SPECIFIED },
    Row { name: "kube.MutatingWebhookConfiguration", resource: Some("mutatingwebhookconfigurations"), ..OF_CLUSTER },
    Row {
        name: "kube.Namespace",
        resource: Some("namespaces"),
        inventory: &[(Tells::Name, "metadata.name")],
        always_read: true,
        ..OF_CLUSTER
    },
    Row { name: "kube.NetworkPolicy", resource: Some("networkpolicies"), ..SPECIFIED },
    Row {
        name: "kube.Node",
        resource: Some("nodes"),
        inventory: &[
            (Tells::NodeName, "metadata.name"),
            (Tells::Labels, "metadata.labels"),
            (Tells::System, "status.nodeInfo.osImage"),
            (Tells::Kubelet, "status.nodeInfo.kubeletVersion"),
            (Tells::Addresses, "status.addresses"),
        ],
        always_read: true,
        ..OF_CLUSTER
    },
    Row { name: "kube.PersistentVolume", resource: Some("persistentvolumes"), ..OF_CLUSTER },
    Row { name: "kube.PersistentVolumeClaim", resource: Some("persistentvolumeclaims"), ..OBJECTS },
    Row {
        name: "kube.Pod",
        resource: Some("pods"),
        shape: &["spec", "spec.containers"],
        inventory: &[(Tells::Namespace, "metadata.namespace"), (Tells::Id, "metadata.uid")],
        workload: Workload {
            lists: &["spec.containers", "spec.initContainers", "spec.ephemeralContainers"],
            node: Some("spec.nodeName"),
            ..Workload::NONE
        },
        always_read: true,
        ..SPECIFIED
    },
    Row { name: "kube.PriorityClass", resource: Some("priorityclasses"), ..OF_CLUSTER },
    Row { name: "kube.ReplicaSet", resource: Some("replicasets"), ..SPECIFIED },
    Row { name: "kube.ResourceQuota", resource: Some("resourcequotas"), ..SPECIFIED },
    Row { name: "kube.Role", resource: Some("roles"), ..OBJECTS },
    Row { name: "kube.RoleBinding", resource: Some("rolebindings"), shape: &["roleRef"], ..OBJECTS },
    Row { name: "kube.Secret", resource: Some("secrets"), ..OBJECTS },
    Row { name: "kube.Service", resource: Some("services"), ..SPECIFIED },
    Row { name: "kube.ServiceAccount", resource: Some("serviceaccounts"), ..OBJECTS },
    Row { name: "kube.StatefulSet", resource: Some("statefulsets"), ..SPECIFIED },
    Row { name: "kube.StorageClass", resource: Some("storageclasses"), ..OF_CLUSTER },
    Row {
        name: "kube.ValidatingWebhookConfiguration",
        resource: Some("validatingwebhookconfigurations"),
        ..OF_CLUSTER
    },
];
