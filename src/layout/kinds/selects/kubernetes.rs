//! What the collector keeps of objects of Kubernetes that many kinds share.

use crate::layout::kinds::row::Group;
use crate::layout::kinds::row::Select::{Below, Fields};

/// What every object is called and who owns it. Labels and annotations keep their keys.
pub(in crate::layout::kinds) const META: &[Group] = &[(
    "",
    Fields(
        r#"apiVersion kind metadata.name metadata.generateName metadata.namespace metadata.uid
        metadata.creationTimestamp metadata.deletionTimestamp metadata.generation metadata.finalizers
        metadata.ownerReferences.apiVersion metadata.ownerReferences.kind metadata.ownerReferences.name
        metadata.ownerReferences.uid metadata.ownerReferences.controller metadata.labels.*=name metadata.annotations.*=name
        metadata.labels["kubernetes.io/os"] metadata.labels["kubernetes.io/arch"]
        metadata.labels["kubernetes.io/hostname"] metadata.labels["kubernetes.io/metadata.name"]
        metadata.labels["kubernetes.io/bootstrapping"] metadata.labels["com.docker.ucp.access.label"]
        metadata.labels["com.docker.ucp.collection"] metadata.labels["com.docker.ucp.orchestrator.kubernetes"]
        metadata.labels["com.docker.ucp.orchestrator.swarm"]
        metadata.labels["pod-security.kubernetes.io/enforce"]
        metadata.labels["pod-security.kubernetes.io/enforce-version"]
        metadata.labels["pod-security.kubernetes.io/audit"]
        metadata.labels["pod-security.kubernetes.io/audit-version"]
        metadata.labels["pod-security.kubernetes.io/warn"]
        metadata.labels["pod-security.kubernetes.io/warn-version"]"#,
    ),
)];

/// A container of a pod. Of its environment the names stay, and what a value is taken from.
pub(in crate::layout::kinds) const CONTAINER: &[Group] = &[
    (
        "",
        Fields(
            "name image imagePullPolicy restartPolicy tty stdin workingDir ports.name ports.containerPort
        ports.hostPort ports.hostIP ports.protocol resources.limits.* resources.requests.* volumeMounts.name
        volumeMounts.mountPath volumeMounts.readOnly volumeMounts.subPath volumeMounts.mountPropagation
        volumeDevices.name volumeDevices.devicePath env.name env.valueFrom.secretKeyRef.name
        env.valueFrom.secretKeyRef.key env.valueFrom.secretKeyRef.optional env.valueFrom.configMapKeyRef.name
        env.valueFrom.configMapKeyRef.key env.valueFrom.fieldRef.fieldPath
        env.valueFrom.resourceFieldRef.resource envFrom.secretRef.name envFrom.secretRef.optional
        envFrom.configMapRef.name envFrom.prefix",
        ),
    ),
    ("securityContext", Fields(SECURITY)),
];

/// What a pod or a container may do.
pub(in crate::layout::kinds) const SECURITY: &str =
    "privileged allowPrivilegeEscalation readOnlyRootFilesystem runAsNonRoot runAsUser runAsGroup procMount
    capabilities.add capabilities.drop seccompProfile.type seccompProfile.localhostProfile appArmorProfile.type
    seLinuxOptions.user seLinuxOptions.role seLinuxOptions.type seLinuxOptions.level windowsOptions.hostProcess
    fsGroup supplementalGroups sysctls.name sysctls.value";

/// A pod.
pub(in crate::layout::kinds) const POD: &str =
    "nodeName serviceAccountName serviceAccount automountServiceAccountToken hostNetwork hostPID hostIPC
    hostUsers shareProcessNamespace restartPolicy dnsPolicy priority priorityClassName preemptionPolicy
    runtimeClassName schedulerName enableServiceLinks os.name imagePullSecrets.name nodeSelector.*=name
    tolerations.key tolerations.operator tolerations.effect activeDeadlineSeconds terminationGracePeriodSeconds";

/// A volume of a pod.
pub(in crate::layout::kinds) const VOLUME: &str =
    "name hostPath.path hostPath.type emptyDir.medium emptyDir.sizeLimit secret.secretName secret.optional
    configMap.name configMap.optional persistentVolumeClaim.claimName persistentVolumeClaim.readOnly csi.driver
    csi.readOnly projected.sources.secret.name projected.sources.configMap.name
    projected.sources.serviceAccountToken.path projected.sources.serviceAccountToken.expirationSeconds
    projected.sources.serviceAccountToken.audience";

/// How a container of a pod fares, without what it last printed.
pub(in crate::layout::kinds) const CONTAINER_STATUS: &str =
    "name image imageID containerID ready restartCount started state.running.startedAt state.waiting.reason
    state.terminated.reason state.terminated.exitCode lastState.terminated.containerID";

/// A pod, and a template of pods.
pub(in crate::layout::kinds) const TEMPLATE: &[Group] = &[
    ("spec", Fields(POD)),
    ("spec.securityContext", Fields(SECURITY)),
    ("spec.volumes", Fields(VOLUME)),
    ("spec.containers", Below("container", CONTAINER)),
    ("spec.initContainers", Below("container", CONTAINER)),
    ("spec.ephemeralContainers", Below("container", CONTAINER)),
    ("metadata", Fields("labels.*=name annotations.*=name")),
];

/// A webhook that sees every object before it is stored.
pub(in crate::layout::kinds) const WEBHOOK: &str =
    "name failurePolicy matchPolicy sideEffects timeoutSeconds admissionReviewVersions clientConfig.service.name
    clientConfig.service.namespace clientConfig.service.path clientConfig.service.port rules.apiGroups
    rules.apiVersions rules.resources rules.operations rules.scope namespaceSelector.matchLabels.*=name
    namespaceSelector.matchExpressions.key namespaceSelector.matchExpressions.operator";

/// What keeps pods running.
pub(in crate::layout::kinds) const WORKLOAD: &str =
    "replicas minReadySeconds paused strategy.type updateStrategy.type serviceName selector.matchLabels.*=name
    selector.matchExpressions.key selector.matchExpressions.operator";

/// How many of them run.
pub(in crate::layout::kinds) const WORKLOAD_STATUS: &str =
    "replicas readyReplicas availableReplicas updatedReplicas unavailableReplicas desiredNumberScheduled
    currentNumberScheduled numberReady numberAvailable numberUnavailable observedGeneration conditions.type
    conditions.status";

/// What keeps pods running, with its template of pods.
pub(in crate::layout::kinds) const WORKLOADS: &[Group] = &[
    ("", Below("object", META)),
    ("spec", Fields(WORKLOAD)),
    ("status", Fields(WORKLOAD_STATUS)),
    ("spec.template", Below("pod", TEMPLATE)),
];

/// Who is given which role.
pub(in crate::layout::kinds) const BINDING: &str =
    "roleRef.apiGroup roleRef.kind roleRef.name subjects.apiGroup subjects.kind subjects.name subjects.namespace";

/// The version of a client or server.
pub(in crate::layout::kinds) const BUILD: &str = "major minor gitVersion gitCommit buildDate goVersion platform";
