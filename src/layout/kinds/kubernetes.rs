//! What the Kubernetes API tells. A kind that is in no row shares the pattern [`OTHER`].

use crate::layout::kinds::encoding::Encoding;
use crate::layout::kinds::naming::{Naming, Tells, Workload};
use crate::layout::kinds::row::Select::{Below, Fields};
use crate::layout::kinds::row::{CLUSTER, Holds, RecognizedBy, Row, Signature};
use crate::layout::kinds::selects::kubernetes::{BINDING, BUILD, CONTAINER_STATUS, META, TEMPLATE, WEBHOOK, WORKLOADS};

/// Objects in namespaces, as `kubectl get -A -o json` prints them.
const OBJECTS: Row = Row {
    encoding: Encoding::JsonUnder("items"),
    namespaced: true,
    marks: &["metadata.name"],
    recognized_by: RecognizedBy::Kubernetes,
    naming: Naming::within("metadata.name", "metadata.namespace", '/'),
    inventory: &[
        (Tells::Namespace, "metadata.namespace"),
        (Tells::Name, "metadata.name"),
        (Tells::Owners, "metadata.ownerReferences"),
    ],
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
        selects: &[
            ("clientVersion", Fields(BUILD)),
            ("serverVersion", Fields(BUILD)),
            ("", Fields("kustomizeVersion")),
        ],
        ..CLUSTER
    },
    Row { name: "kube.APIService", resource: Some("apiservices"), collected: false, ..OF_CLUSTER },
    Row {
        name: "kube.ClusterRole",
        resource: Some("clusterroles"),
        selects: &[
            ("", Below("object", META)),
            (
                "",
                Fields(
                    "rules.apiGroups rules.resources rules.resourceNames rules.nonResourceURLs rules.verbs
                aggregationRule.clusterRoleSelectors.matchLabels.*=name",
                ),
            ),
        ],
        ..OF_CLUSTER
    },
    Row {
        name: "kube.ClusterRoleBinding",
        resource: Some("clusterrolebindings"),
        shape: &["roleRef"],
        selects: &[("", Below("object", META)), ("", Fields(BINDING))],
        ..OF_CLUSTER
    },
    Row { name: "kube.ConfigMap", resource: Some("configmaps"), collected: false, ..OBJECTS },
    Row {
        name: "kube.CronJob",
        resource: Some("cronjobs"),
        selects: &[
            ("", Below("object", META)),
            (
                "spec",
                Fields("schedule timeZone suspend concurrencyPolicy successfulJobsHistoryLimit failedJobsHistoryLimit"),
            ),
            ("status", Fields("lastScheduleTime lastSuccessfulTime")),
            ("spec.jobTemplate.spec.template", Below("pod", TEMPLATE)),
        ],
        ..SPECIFIED
    },
    Row {
        name: "kube.CustomResourceDefinition",
        resource: Some("customresourcedefinitions"),
        collected: false,
        ..OF_CLUSTER
    },
    Row {
        name: "kube.DaemonSet",
        resource: Some("daemonsets"),
        selects: &[("", Below("workload", WORKLOADS))],
        ..SPECIFIED
    },
    Row {
        name: "kube.Deployment",
        resource: Some("deployments"),
        selects: &[("", Below("workload", WORKLOADS))],
        ..SPECIFIED
    },
    Row { name: "kube.Endpoints", resource: Some("endpoints"), collected: false, ..OBJECTS },
    Row { name: "kube.Event", resource: Some("events"), collected: false, ..OBJECTS },
    Row {
        name: "kube.Ingress",
        resource: Some("ingresses"),
        always_read: true,
        selects: &[
            ("", Below("object", META)),
            (
                "spec",
                Fields(
                    "ingressClassName rules.host rules.http.paths.path rules.http.paths.pathType
                rules.http.paths.backend.service.name rules.http.paths.backend.service.port.name
                rules.http.paths.backend.service.port.number tls.hosts tls.secretName
                defaultBackend.service.name defaultBackend.service.port.number",
                ),
            ),
            ("status", Fields("loadBalancer.ingress.ip loadBalancer.ingress.hostname")),
        ],
        ..SPECIFIED
    },
    Row {
        name: "kube.Job",
        resource: Some("jobs"),
        selects: &[
            ("", Below("object", META)),
            ("spec", Fields("parallelism completions backoffLimit suspend ttlSecondsAfterFinished")),
            ("status", Fields("active succeeded failed startTime completionTime conditions.type conditions.status")),
            ("spec.template", Below("pod", TEMPLATE)),
        ],
        ..SPECIFIED
    },
    Row {
        name: "kube.LimitRange",
        resource: Some("limitranges"),
        always_read: true,
        selects: &[
            ("", Below("object", META)),
            ("spec.limits", Fields("type max.* min.* default.* defaultRequest.* maxLimitRequestRatio.*")),
        ],
        ..SPECIFIED
    },
    Row {
        name: "kube.MutatingWebhookConfiguration",
        resource: Some("mutatingwebhookconfigurations"),
        selects: &[("", Below("object", META)), ("webhooks", Fields(WEBHOOK))],
        ..OF_CLUSTER
    },
    Row {
        name: "kube.Namespace",
        resource: Some("namespaces"),
        inventory: &[(Tells::Name, "metadata.name")],
        always_read: true,
        selects: &[("", Below("object", META)), ("", Fields("spec.finalizers status.phase"))],
        ..OF_CLUSTER
    },
    Row {
        name: "kube.NetworkPolicy",
        resource: Some("networkpolicies"),
        always_read: true,
        selects: &[
            ("", Below("object", META)),
            (
                "spec",
                Fields(
                    "policyTypes podSelector.matchLabels.*=name podSelector.matchExpressions.key
                podSelector.matchExpressions.operator ingress.ports.port ingress.ports.endPort
                ingress.ports.protocol ingress.from.ipBlock.cidr ingress.from.ipBlock.except
                ingress.from.podSelector.matchLabels.*=name ingress.from.podSelector.matchExpressions.key
                ingress.from.podSelector.matchExpressions.operator
                ingress.from.namespaceSelector.matchLabels.*=name
                ingress.from.namespaceSelector.matchExpressions.key
                ingress.from.namespaceSelector.matchExpressions.operator egress.ports.port egress.ports.endPort
                egress.ports.protocol egress.to.ipBlock.cidr egress.to.ipBlock.except
                egress.to.podSelector.matchLabels.*=name egress.to.podSelector.matchExpressions.key
                egress.to.podSelector.matchExpressions.operator egress.to.namespaceSelector.matchLabels.*=name
                egress.to.namespaceSelector.matchExpressions.key
                egress.to.namespaceSelector.matchExpressions.operator",
                ),
            ),
        ],
        ..SPECIFIED
    },
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
        selects: &[
            ("", Below("object", META)),
            ("spec", Fields("podCIDR podCIDRs providerID unschedulable taints.key taints.effect")),
            (
                "status",
                Fields(
                    "addresses.type addresses.address capacity.* allocatable.* conditions.type conditions.status
                conditions.reason",
                ),
            ),
            (
                "status.nodeInfo",
                Fields(
                    "architecture bootID containerRuntimeVersion kernelVersion kubeProxyVersion kubeletVersion
                machineID operatingSystem osImage systemUUID",
                ),
            ),
        ],
        ..OF_CLUSTER
    },
    Row {
        name: "kube.PersistentVolume",
        resource: Some("persistentvolumes"),
        selects: &[
            ("", Below("object", META)),
            (
                "spec",
                Fields(
                    "capacity.* accessModes storageClassName volumeMode persistentVolumeReclaimPolicy claimRef.kind
                claimRef.namespace claimRef.name hostPath.path local.path csi.driver",
                ),
            ),
            ("", Fields("status.phase")),
        ],
        ..OF_CLUSTER
    },
    Row {
        name: "kube.PersistentVolumeClaim",
        resource: Some("persistentvolumeclaims"),
        always_read: true,
        selects: &[
            ("", Below("object", META)),
            ("spec", Fields("accessModes storageClassName volumeMode volumeName resources.requests.*")),
            ("", Fields("status.phase")),
        ],
        ..OBJECTS
    },
    Row {
        name: "kube.Pod",
        resource: Some("pods"),
        shape: &["spec", "spec.containers"],
        inventory: &[
            (Tells::Namespace, "metadata.namespace"),
            (Tells::Id, "metadata.uid"),
            (Tells::Owners, "metadata.ownerReferences"),
            (Tells::Statuses, "status.containerStatuses"),
        ],
        workload: Workload {
            lists: &["spec.containers", "spec.initContainers", "spec.ephemeralContainers"],
            node: Some("spec.nodeName"),
            ..Workload::NONE
        },
        always_read: true,
        selects: &[
            ("", Below("object", META)),
            ("", Below("pod", TEMPLATE)),
            (
                "status",
                Fields("phase reason hostIP podIP podIPs.ip qosClass startTime conditions.type conditions.status"),
            ),
            ("status.containerStatuses", Fields(CONTAINER_STATUS)),
            ("status.initContainerStatuses", Fields(CONTAINER_STATUS)),
            ("status.ephemeralContainerStatuses", Fields(CONTAINER_STATUS)),
        ],
        ..SPECIFIED
    },
    Row {
        name: "kube.PriorityClass",
        resource: Some("priorityclasses"),
        selects: &[("", Below("object", META)), ("", Fields("value globalDefault preemptionPolicy"))],
        ..OF_CLUSTER
    },
    Row {
        name: "kube.ReplicaSet",
        resource: Some("replicasets"),
        selects: &[("", Below("workload", WORKLOADS))],
        ..SPECIFIED
    },
    Row {
        name: "kube.ResourceQuota",
        resource: Some("resourcequotas"),
        always_read: true,
        selects: &[
            ("", Below("object", META)),
            (
                "spec",
                Fields(
                    "hard.* scopes scopeSelector.matchExpressions.scopeName scopeSelector.matchExpressions.operator
                scopeSelector.matchExpressions.values",
                ),
            ),
            ("status", Fields("hard.* used.*")),
        ],
        ..SPECIFIED
    },
    Row {
        name: "kube.Role",
        resource: Some("roles"),
        always_read: true,
        selects: &[
            ("", Below("object", META)),
            ("", Fields("rules.apiGroups rules.resources rules.resourceNames rules.nonResourceURLs rules.verbs")),
        ],
        ..OBJECTS
    },
    Row {
        name: "kube.RoleBinding",
        resource: Some("rolebindings"),
        always_read: true,
        shape: &["roleRef"],
        selects: &[("", Below("object", META)), ("", Fields(BINDING))],
        ..OBJECTS
    },
    Row {
        name: "kube.Secret",
        resource: Some("secrets"),
        selects: &[("", Below("object", META)), ("", Fields("type immutable"))],
        ..OBJECTS
    },
    Row {
        name: "kube.Service",
        resource: Some("services"),
        selects: &[
            ("", Below("object", META)),
            (
                "spec",
                Fields(
                    "type clusterIP clusterIPs externalIPs externalName externalTrafficPolicy internalTrafficPolicy
                ipFamilies ipFamilyPolicy loadBalancerIP loadBalancerClass loadBalancerSourceRanges
                sessionAffinity ports.name ports.port ports.targetPort ports.nodePort ports.protocol
                selector.*=name",
                ),
            ),
            ("status", Fields("loadBalancer.ingress.ip loadBalancer.ingress.hostname")),
        ],
        ..SPECIFIED
    },
    Row {
        name: "kube.ServiceAccount",
        resource: Some("serviceaccounts"),
        selects: &[
            ("", Below("object", META)),
            ("", Fields("automountServiceAccountToken secrets.name imagePullSecrets.name")),
        ],
        // Every namespace has one: no namespace is missing from a list of them unseen. Where none is left, the other small
        // kinds that are always read name it.
        always_read: true,
        ..OBJECTS
    },
    Row {
        name: "kube.StatefulSet",
        resource: Some("statefulsets"),
        selects: &[("", Below("workload", WORKLOADS))],
        ..SPECIFIED
    },
    Row {
        name: "kube.StorageClass",
        resource: Some("storageclasses"),
        selects: &[
            ("", Below("object", META)),
            ("", Fields("provisioner reclaimPolicy volumeBindingMode allowVolumeExpansion parameters.*=name")),
        ],
        ..OF_CLUSTER
    },
    Row {
        name: "kube.ValidatingWebhookConfiguration",
        resource: Some("validatingwebhookconfigurations"),
        selects: &[("", Below("object", META)), ("webhooks", Fields(WEBHOOK))],
        ..OF_CLUSTER
    },
];
