#!/bin/sh
# mke-collect.sh - gathers what an assessment of a Mirantis Kubernetes Engine 3.x
# cluster needs, in one archive (snapshot format 2).
#
#   sh mke-collect.sh cluster --bundle DIR [options]     from a workstation
#   sh mke-collect.sh node [options]                     on a node, as root
#   sh mke-collect.sh all --hosts FILE [options]         cluster, then every node over ssh
#
# It only reads. --dry-run prints every command and URL. --help lists the options.
# Needs a POSIX shell, awk, tar, curl, and kubectl and/or docker.
#
# What it keeps: the fields that LISTS below names, and nothing else. Every answer
# passes a filter on its way to the disk; of a field that no list names the name
# stays and (present) stands for the value. --explain prints the lists in full.
# What it never does: it changes nothing, runs nothing in a container, reads no
# value of a Secret into a file, sends nothing anywhere but to the addresses given.
# The two exceptions are asked for by name: --user logs in, --support-dump has MKE
# make its own dump, which is stored as it comes.
#
# How to read it: first the lists; then the awk programs, which see every answer
# before the disk does (select.awk reads a list, keep_json.awk and keep_toml.awk
# follow it); then the tools, the manifest, and the running of one command (run,
# judge, settle); then what is asked of docker, kubectl, MKE and MSR, of a node, and
# of nodes over ssh; then the archive, and at the end the options and main.

# Filters and traps are called by name:
# shellcheck disable=SC2317

PROGRAM=mke-collect
VERSION=0.1.0

# --------------------------------------------------------------- lists.sh
# The lists of what is kept. Of a field that no line names, only the name leaves the cluster, and
# (present) stands for its value. Generated from the program's table of kinds; --explain prints them.
#
# `= name key members` begins the list of a kind, whose objects lie below the key (- for none).
# `path @name` stands for every line of the section @name. In a path * is any key; lists are entered.
# `+ path a b` are the fields path.a and path.b (. for none), which no rule reads yet.
# Behind a path: =name only that there is a value, =flags of a command line the flags in FLAGS,
# =path only a path of the host, =words only the words that a rule looks for; then the rules.
# shellcheck disable=SC2034
LISTS='= @engine
Name V-260908 V-260915 V-260921 V-260926 V-260937
ServerVersion V-260926 V-260945
OperatingSystem V-260921
OSType V-260908 V-260937
Driver V-260926
LoggingDriver V-260915
SecurityOptions V-260908 V-260920 V-260921 V-260937
Labels=words V-260908
Swarm.ControlAvailable V-260908
+ . ID OSVersion Architecture KernelVersion NCPU MemTotal SystemTime Containers ContainersRunning ContainersPaused
+ . ContainersStopped Images DriverStatus SystemStatus CgroupDriver CgroupVersion DefaultRuntime DockerRootDir
+ . LiveRestoreEnabled ExperimentalBuild Debug IPv4Forwarding BridgeNfIptables BridgeNfIp6tables MemoryLimit
+ . SwapLimit PidsLimit OomKillDisable CPUShares CPUSet Isolation ProductLicense IndexServerAddress InitBinary
+ . Warnings ServerErrors
+ ClientInfo Version Context Os Arch
+ Plugins Volume Network Authorization Log
+ RegistryConfig InsecureRegistryCIDRs Mirrors IndexConfigs.*.Name IndexConfigs.*.Secure IndexConfigs.*.Official
+ RegistryConfig IndexConfigs.*.Mirrors
+ Runtimes *.path
+ Swarm NodeID NodeAddr LocalNodeState Error Nodes Managers RemoteManagers.NodeID RemoteManagers.Addr
+ Swarm.Cluster ID CreatedAt UpdatedAt RootRotationInProgress DataPathPort TLSInfo.TrustRoot Spec.Name
+ Swarm.Cluster Spec.Labels["com.docker.ucp.InstanceID"] Spec.CAConfig.NodeCertExpiry
+ Swarm.Cluster Spec.EncryptionConfig.AutoLockManagers Spec.Orchestration.TaskHistoryRetentionLimit
= @versions
Version V-260945
Server.Version V-260945
+ . ApiVersion MinAPIVersion GitCommit GoVersion Os Arch BuildTime KernelVersion Platform.Name Components.Name
+ . Components.Version
+ Client Version ApiVersion MinAPIVersion GitCommit GoVersion Os Arch BuildTime KernelVersion Platform.Name
+ Client Components.Name Components.Version Context DefaultAPIVersion
+ Server ApiVersion MinAPIVersion GitCommit GoVersion Os Arch BuildTime KernelVersion Platform.Name Components.Name
+ Server Components.Version
= @container
name V-260907 V-260941
image V-260907 V-260911 V-260913 V-260935 V-260941
imagePullPolicy V-260907 V-260941
restartPolicy V-260907 V-260941
tty V-260907 V-260941
stdin V-260907 V-260941
workingDir V-260907 V-260941
ports.name V-260907 V-260941
ports.containerPort V-260907 V-260941
ports.hostPort V-260907 V-260924 V-260929 V-260941
ports.hostIP V-260907 V-260941
ports.protocol V-260907 V-260941
resources.limits.* V-260907 V-260941
resources.requests.* V-260907 V-260941
volumeMounts.name V-260907 V-260941
volumeMounts.mountPath V-260907 V-260941
volumeMounts.readOnly V-260907 V-260941
volumeMounts.subPath V-260907 V-260941
volumeMounts.mountPropagation V-260907 V-260941
volumeDevices.name V-260907 V-260941
volumeDevices.devicePath V-260907 V-260941
env.name V-260907 V-260941
env.valueFrom.secretKeyRef.name V-260907 V-260911 V-260941
env.valueFrom.secretKeyRef.key V-260907 V-260911 V-260941
env.valueFrom.secretKeyRef.optional V-260907 V-260911 V-260941
env.valueFrom.configMapKeyRef.name V-260907 V-260941
env.valueFrom.configMapKeyRef.key V-260907 V-260941
env.valueFrom.fieldRef.fieldPath V-260907 V-260941
env.valueFrom.resourceFieldRef.resource V-260907 V-260941
envFrom.secretRef.name V-260907 V-260911 V-260941
envFrom.secretRef.optional V-260907 V-260911 V-260941
envFrom.configMapRef.name V-260907 V-260941
envFrom.prefix V-260907 V-260941
securityContext.privileged V-260907 V-260941
securityContext.allowPrivilegeEscalation V-260907 V-260941
securityContext.readOnlyRootFilesystem V-260907 V-260941
securityContext.runAsNonRoot V-260907 V-260941
securityContext.runAsUser V-260907 V-260941
securityContext.runAsGroup V-260907 V-260941
securityContext.procMount V-260907 V-260941
securityContext.capabilities.add V-260907 V-260941
securityContext.capabilities.drop V-260907 V-260941
securityContext.seccompProfile.type V-260907 V-260941
securityContext.seccompProfile.localhostProfile V-260907 V-260941
securityContext.appArmorProfile.type V-260907 V-260941
securityContext.seLinuxOptions.user V-260907 V-260941
securityContext.seLinuxOptions.role V-260907 V-260941
securityContext.seLinuxOptions.type V-260907 V-260941
securityContext.seLinuxOptions.level V-260907 V-260941
securityContext.windowsOptions.hostProcess V-260907 V-260941
securityContext.fsGroup V-260907 V-260941
securityContext.supplementalGroups V-260907 V-260941
securityContext.sysctls.name V-260907 V-260941
securityContext.sysctls.value V-260907 V-260941
= @pod
spec.containers @container
spec.initContainers @container
spec.ephemeralContainers @container
spec.nodeName V-260907 V-260913 V-260924 V-260929 V-260941
spec.hostNetwork V-260913
spec.hostIPC V-260935
+ spec serviceAccountName serviceAccount automountServiceAccountToken hostPID hostUsers shareProcessNamespace
+ spec restartPolicy dnsPolicy priority priorityClassName preemptionPolicy runtimeClassName schedulerName
+ spec enableServiceLinks os.name imagePullSecrets.name nodeSelector.*=name tolerations.key tolerations.operator
+ spec tolerations.effect activeDeadlineSeconds terminationGracePeriodSeconds
+ spec.securityContext privileged allowPrivilegeEscalation readOnlyRootFilesystem runAsNonRoot runAsUser runAsGroup
+ spec.securityContext procMount capabilities.add capabilities.drop seccompProfile.type
+ spec.securityContext seccompProfile.localhostProfile appArmorProfile.type seLinuxOptions.user seLinuxOptions.role
+ spec.securityContext seLinuxOptions.type seLinuxOptions.level windowsOptions.hostProcess fsGroup
+ spec.securityContext supplementalGroups sysctls.name sysctls.value
+ spec.volumes name hostPath.path hostPath.type emptyDir.medium emptyDir.sizeLimit secret.secretName secret.optional
+ spec.volumes configMap.name configMap.optional persistentVolumeClaim.claimName persistentVolumeClaim.readOnly
+ spec.volumes csi.driver csi.readOnly projected.sources.secret.name projected.sources.configMap.name
+ spec.volumes projected.sources.serviceAccountToken.path projected.sources.serviceAccountToken.expirationSeconds
+ spec.volumes projected.sources.serviceAccountToken.audience
+ metadata labels.*=name annotations.*=name
= @workload
. @object
spec.template @pod
+ spec replicas minReadySeconds paused strategy.type updateStrategy.type serviceName selector.matchLabels.*=name
+ spec selector.matchExpressions.key selector.matchExpressions.operator
+ status replicas readyReplicas availableReplicas updatedReplicas unavailableReplicas desiredNumberScheduled
+ status currentNumberScheduled numberReady numberAvailable numberUnavailable observedGeneration conditions.type
+ status conditions.status
= @object
kind V-260905 V-260911 V-260912 V-260932
metadata.name V-260905 V-260907 V-260911 V-260912 V-260913 V-260924 V-260925 V-260929 V-260932 V-260935 V-260941
metadata.namespace V-260905 V-260907 V-260911 V-260912 V-260913 V-260924 V-260925 V-260929 V-260932 and 2 more
metadata.ownerReferences.apiVersion V-260905 V-260911 V-260912 V-260932
metadata.ownerReferences.kind V-260905 V-260911 V-260912 V-260932
metadata.ownerReferences.name V-260905 V-260911 V-260912 V-260932
metadata.ownerReferences.controller V-260905 V-260911 V-260912 V-260932
+ . apiVersion metadata.generateName metadata.uid metadata.creationTimestamp metadata.deletionTimestamp
+ . metadata.generation metadata.finalizers metadata.ownerReferences.uid metadata.labels.*=name
+ . metadata.annotations.*=name metadata.labels["kubernetes.io/os"] metadata.labels["kubernetes.io/arch"]
+ . metadata.labels["kubernetes.io/hostname"] metadata.labels["kubernetes.io/metadata.name"]
+ . metadata.labels["kubernetes.io/bootstrapping"] metadata.labels["com.docker.ucp.access.label"]
+ . metadata.labels["com.docker.ucp.collection"] metadata.labels["com.docker.ucp.orchestrator.kubernetes"]
+ . metadata.labels["com.docker.ucp.orchestrator.swarm"] metadata.labels["pod-security.kubernetes.io/enforce"]
+ . metadata.labels["pod-security.kubernetes.io/enforce-version"]
+ . metadata.labels["pod-security.kubernetes.io/audit"] metadata.labels["pod-security.kubernetes.io/audit-version"]
+ . metadata.labels["pod-security.kubernetes.io/warn"] metadata.labels["pod-security.kubernetes.io/warn-version"]
= docker.container - cluster/docker/containers.json nodes/<node>/docker/containers.json
Name V-260907 V-260913 V-260920 V-260922 V-260923 V-260924 V-260925 V-260929 V-260930 V-260933 V-260934 and 7 more
Platform V-260934 V-260936
AppArmorProfile V-260920
Args=flags V-260933
State.Status V-260907 V-260913 V-260922 V-260924 V-260925 V-260929 V-260930 V-260935 V-260936 V-260939 and 2 more
State.Running V-260945
Config.Image V-260907 V-260913 V-260920 V-260922 V-260923 V-260924 V-260925 V-260929 V-260930 V-260933 and 8 more
Config.Labels["com.docker.ucp.version"] V-260913 V-260922 V-260925 V-260930 V-260937 V-260945
HostConfig.Privileged V-260920 V-260937 V-260940
HostConfig.ReadonlyRootfs V-260936
HostConfig.NetworkMode V-260913
HostConfig.PidMode V-260930
HostConfig.IpcMode V-260935
HostConfig.UsernsMode V-260939
HostConfig.CapAdd V-260923 V-260933
HostConfig.CapDrop V-260923 V-260933
HostConfig.SecurityOpt V-260920 V-260934 V-260937
HostConfig.Memory V-260925
HostConfig.CpuShares V-260925
HostConfig.Mounts.VolumeOptions.DriverConfig.Options.device=path V-260922
Mounts.Type V-260922
Mounts.Name V-260922
Mounts.Source V-260922
Mounts.Destination V-260922
Mounts.Driver V-260922
Mounts.Mode V-260922
Mounts.RW V-260922
Mounts.Propagation V-260922
NetworkSettings.Ports.*.HostIp V-260907 V-260924 V-260929 V-260941
NetworkSettings.Ports.*.HostPort V-260907 V-260924 V-260929 V-260941
+ . Id Created Image Driver ProcessLabel MountLabel RestartCount
+ State Paused Restarting OOMKilled Dead Pid ExitCode StartedAt FinishedAt Health.Status Health.FailingStreak
+ Config Hostname Domainname User Tty OpenStdin AttachStdin AttachStdout AttachStderr StdinOnce NetworkDisabled
+ Config ExposedPorts.*=name Volumes.*=name StopTimeout
+ . Config.Labels["com.docker.ucp.InstanceID"] Config.Labels["com.docker.dtr.version"]
+ . Config.Labels["com.docker.swarm.service.name"] Config.Labels["com.docker.swarm.service.id"]
+ . Config.Labels["com.docker.swarm.node.id"] Config.Labels["com.docker.swarm.task.id"]
+ . Config.Labels["com.docker.stack.namespace"] Config.Labels["io.kubernetes.pod.name"]
+ . Config.Labels["io.kubernetes.pod.namespace"] Config.Labels["io.kubernetes.pod.uid"]
+ . Config.Labels["io.kubernetes.container.name"] Config.Labels["io.kubernetes.docker.type"]
+ HostConfig AutoRemove PublishAllPorts Init UTSMode CgroupnsMode Isolation Runtime GroupAdd MemoryReservation
+ HostConfig MemorySwap MemorySwappiness KernelMemory NanoCpus CpuPeriod CpuQuota CpuCount CpuPercent CpusetCpus
+ HostConfig CpusetMems PidsLimit BlkioWeight OomKillDisable OomScoreAdj ShmSize CgroupParent VolumeDriver Cgroup
+ HostConfig MaskedPaths ReadonlyPaths LogConfig.Type RestartPolicy.Name RestartPolicy.MaximumRetryCount
+ HostConfig PortBindings.*.HostIp PortBindings.*.HostPort Devices.PathOnHost Devices.PathInContainer
+ HostConfig Devices.CgroupPermissions Ulimits.Name Ulimits.Hard Ulimits.Soft Sysctls.* Mounts.Type Mounts.Source
+ HostConfig Mounts.Target Mounts.ReadOnly Mounts.VolumeOptions.DriverConfig.Name Mounts.BindOptions.Propagation
+ NetworkSettings Networks.*.NetworkID Networks.*.IPAddress Networks.*.GlobalIPv6Address IPAddress
= docker.info - nodes/<node>/docker/info.json
. @engine
= docker.version - nodes/<node>/docker/version.json
. @versions
= docker.image - cluster/docker/images.json nodes/<node>/docker/images.json
Repository V-260944
Tag V-260944
ID V-260944
Id V-260944
RepoTags V-260944
RepoDigests V-260944
+ . Digest CreatedAt CreatedSince Size
= docker.daemon - nodes/<node>/docker/daemon.json
log-driver V-260915
no-new-privileges V-260934
+ . log-level log-opts.max-size log-opts.max-file icc userns-remap live-restore userland-proxy selinux-enabled
+ . seccomp-profile insecure-registries registry-mirrors storage-driver storage-opts exec-opts cgroup-parent
+ . default-ulimits.*.Name default-ulimits.*.Hard default-ulimits.*.Soft experimental fips hosts tls tlsverify
+ . tlscacert tlscert tlskey authorization-plugins iptables ip6tables ip-forward ipv6 bridge bip ip data-root
+ . exec-root default-runtime default-shm-size debug max-concurrent-downloads max-concurrent-uploads metrics-addr
= docker.process - nodes/<node>/docker/processes.txt
container V-260910
pid V-260910
user V-260910
command=words V-260910
first V-260910
+ . ppid
= docker.node - cluster/docker/nodes.json
+ . ID CreatedAt UpdatedAt
+ Description Hostname Platform.OS Platform.Architecture Resources.NanoCPUs Resources.MemoryBytes
+ Description Engine.EngineVersion Engine.Plugins.Type Engine.Plugins.Name TLSInfo.TrustRoot
+ Spec Name Role Availability Labels["com.docker.ucp.orchestrator.swarm"]
+ Spec Labels["com.docker.ucp.orchestrator.kubernetes"] Labels["com.docker.ucp.access.label"]
+ Spec Labels["com.docker.ucp.collection"] Labels["com.docker.ucp.SANs"]
+ Status State Message Addr
+ ManagerStatus Leader Reachability Addr
= docker.service - cluster/docker/services.json
ID V-260913
Spec.Name V-260907 V-260913 V-260922 V-260923 V-260924 V-260929 V-260933 V-260941
Spec.EndpointSpec.Ports.* V-260907 V-260924 V-260929 V-260941
Spec.TaskTemplate.Networks.Target V-260913
Spec.TaskTemplate.ContainerSpec.Image V-260907 V-260913 V-260922 V-260923 V-260924 V-260929 V-260933 V-260941
Spec.TaskTemplate.ContainerSpec.CapabilityAdd V-260923 V-260933
Spec.TaskTemplate.ContainerSpec.Mounts.Source V-260922
Spec.TaskTemplate.ContainerSpec.Mounts.Target V-260922
Spec.TaskTemplate.ContainerSpec.Mounts.VolumeOptions.DriverConfig.Options.device=path V-260922
Endpoint.Ports.* V-260907 V-260924 V-260929 V-260941
+ . CreatedAt UpdatedAt
+ Spec Mode.Replicated.Replicas Mode.ReplicatedJob.TotalCompletions EndpointSpec.Mode
+ Spec Labels["com.docker.ucp.version"] Labels["com.docker.ucp.InstanceID"] Labels["com.docker.stack.namespace"]
+ Spec Labels["com.docker.ucp.access.label"] Labels["com.docker.ucp.collection"]
+ Spec.TaskTemplate Runtime LogDriver.Name Placement.Constraints Placement.Platforms.OS
+ Spec.TaskTemplate Placement.Platforms.Architecture RestartPolicy.Condition Resources.Limits.NanoCPUs
+ Spec.TaskTemplate Resources.Limits.MemoryBytes Resources.Limits.Pids Resources.Reservations.NanoCPUs
+ Spec.TaskTemplate Resources.Reservations.MemoryBytes
+ Spec.TaskTemplate.ContainerSpec User ReadOnly Init Isolation TTY OpenStdin CapabilityDrop Groups
+ Spec.TaskTemplate.ContainerSpec Privileges.NoNewPrivileges Privileges.Seccomp.Mode Privileges.AppArmor.Mode
+ Spec.TaskTemplate.ContainerSpec Privileges.SELinuxContext.Disable Sysctls.* Ulimits.Name Ulimits.Hard Ulimits.Soft
+ Spec.TaskTemplate.ContainerSpec Secrets.SecretID Secrets.SecretName Configs.ConfigID Configs.ConfigName
+ Spec.TaskTemplate.ContainerSpec Mounts.Type Mounts.ReadOnly Mounts.VolumeOptions.DriverConfig.Name
+ Spec.TaskTemplate.ContainerSpec Mounts.BindOptions.Propagation Labels["com.docker.ucp.version"]
+ Spec.TaskTemplate.ContainerSpec Labels["com.docker.ucp.InstanceID"] Labels["com.docker.stack.namespace"]
+ Endpoint Spec.Mode Spec.Ports.* VirtualIPs.NetworkID VirtualIPs.Addr
= docker.network - cluster/docker/networks.json nodes/<node>/docker/networks.json
Id V-260913 V-260931
Name V-260913 V-260931
Scope V-260913 V-260931
Driver V-260931
Ingress V-260931
Options.encrypted V-260931
IPAM.Driver V-260913 V-260931
IPAM.Config.Subnet V-260913 V-260931
IPAM.Config.Gateway V-260913 V-260931
IPAM.Config.IPRange V-260913 V-260931
+ . Created Internal Attachable EnableIPv6 EnableIPv4 ConfigOnly ConfigFrom.Network
+ . Options["com.docker.network.bridge.enable_icc"] Options["com.docker.network.bridge.enable_ip_masquerade"]
+ . Options["com.docker.network.bridge.name"] Options["com.docker.network.bridge.host_binding_ipv4"]
+ . Options["com.docker.network.driver.mtu"] Options["com.docker.network.driver.overlay.vxlanid_list"] Peers.Name
+ . Peers.IP Containers.*.Name Labels["com.docker.stack.namespace"] Labels["com.docker.ucp.access.label"]
= docker.secret - cluster/docker/secrets.json
Spec.Name V-260911
+ . ID CreatedAt UpdatedAt Spec.Driver.Name Spec.Labels.*=name
= host.os_release - nodes/<node>/host/os-release
+ . ID ID_LIKE NAME PRETTY_NAME VERSION VERSION_ID VERSION_CODENAME PLATFORM_ID CPE_NAME VARIANT VARIANT_ID
= host.docker_socket - nodes/<node>/host/docker-socket.txt
owner V-260906
group V-260906
mode V-260906
acl V-260906
acl_grants V-260906
+ . path
= host.docker_group - nodes/<node>/host/docker-group.txt
name V-260906
members V-260906
+ . gid
= host.selinux - nodes/<node>/host/selinux.txt
+ . status policy mode
= host.audit_docker - nodes/<node>/host/audit-docker.txt
event V-260938
account V-260938
user V-260938
command=words V-260938
exec_options V-260938
exec_cut V-260938
unknown_command V-260938
+ . program
= host.audit_rules - nodes/<node>/host/audit-rules.txt
enabled V-260938
pid V-260938
rules.* V-260938
= host.log_forwarding - nodes/<node>/host/log-forwarding.json
program V-260915
protocol V-260915
target V-260915
port V-260915
selector V-260915
= mke.info - cluster/docker/info.json
. @engine
= mke.version - cluster/docker/version.json
. @versions
= mke.config - cluster/mke/config.toml
auth.backend V-260909
auth.samlEnabled V-260909
auth.sessions.lifetime_minutes V-260903
auth.sessions.renewal_threshold_minutes V-260903
auth.saml.idpMetadataURL V-260909
auth.saml.spHost V-260909
auth.saml.rootCerts V-260909
auth.saml.tlsSkipVerify V-260909
auth.external_identity_provider.wellKnownConfigUrl V-260909
auth.external_identity_provider.issuer V-260909
auth.external_identity_provider.clientId V-260909
auth.external_identity_provider.clientID V-260909
audit_log_configuration.level V-260914
scheduling_configuration.enable_admin_ucp_scheduling V-260917
tracking_configuration.disable_usageinfo V-260918
tracking_configuration.disable_tracking V-260918
trust_configuration.require_content_trust V-260942
trust_configuration.require_signature_from V-260942
trust_configuration.allow_repos V-260942
log_configuration.protocol V-260915
log_configuration.host V-260915
log_configuration.level V-260914
cluster_config.secure_overlay V-260931
cluster_config.pre_logon_message=text V-260946
cluster_config.kms_enabled V-260911
cluster_config.kube_protect_kernel_defaults V-260933
cluster_config.priv_attributes_allowed_for_user_accounts V-260935
cluster_config.priv_attributes_user_accounts V-260935
cluster_config.priv_attributes_allowed_for_service_accounts V-260935
cluster_config.priv_attributes_service_accounts V-260935
cluster_config.custom_kubelet_flags=flags V-260933
cluster_config.custom_kubelet_flags_profiles.*=flags V-260933
cluster_config.ingress_controller.enabled V-260927 V-260941
+ auth default_new_user_role scimEnabled managedPasswordDisabled managedPasswordFallbackUser
+ auth.sessions per_user_limit store_token_per_session
+ auth.saml allowLdapLogins
+ auth.samlProxy enabled
+ auth.external_identity_provider usernameClaim caBundle
+ auth.account_lock enabled failureTrigger durationSeconds
+ hardening_configuration hardening_enabled limit_kernel_capabilities pid_limit pid_limit_unspecified
+ hardening_configuration use_strong_tls_ciphers
+ registries host_address service_id ca_bundle
+ audit_log_configuration support_dump_include_audit_logs
+ scheduling_configuration default_node_orchestrator
+ tracking_configuration cluster_label ops_care
+ license_configuration auto_refresh omit_telemetry
+ custom_api_server_headers name
+ pki client_ca_bundle
+ backup_schedule_config enabled path no_passphrase cron_spec include_logs backups_limit notification_delay
+ etcd_cleanup_schedule_config cleanup_enabled min_ttl_to_keep_seconds cron_expression defrag_enabled
+ cluster_config cluster_name controller_port kube_apiserver_port swarm_port swarm_strategy swarm_only dns dns_opt
+ cluster_config dns_search shared_sans external_service_lb cni_installer_url unmanaged_cni pod_cidr
+ cluster_config service_cluster_ip_range nodeport_range calico_mtu calico_vxlan calico_kdd calico_ebpf_enabled
+ cluster_config vxlan_vni kube_proxy_mode node_exporter_port profiling_enabled exclude_server_identity_headers
+ cluster_config kube_api_server_profiling_enabled kube_controller_manager_profiling_enabled
+ cluster_config kube_scheduler_profiling_enabled kube_scheduler_bind_to_all kube_api_server_auditing
+ cluster_config kube_api_server_audit_log_maxage kube_api_server_audit_log_maxbackup
+ cluster_config kube_api_server_audit_log_maxsize cipher_suites_for_kube_api_server cipher_suites_for_kubelet
+ cluster_config cipher_suites_for_etcd_server kube_manager_terminated_pod_gc_threshold kms_name kms_cachesize
+ cluster_config kubelet_max_pods kubelet_pods_per_core kubelet_event_record_qps kubelet_data_root
+ cluster_config k8s_always_pull_images_ac_enabled rethinkdb_cache_size metrics_retention_time
+ cluster_config metrics_scrape_interval prometheus_memory_limit image_scan_aggregation_enabled
+ cluster_config image_scan_cvss_version kv_timeout kv_snapshot_count etcd_storage_quota iscsi_enabled
+ cluster_config containerd_root cadvisor_enabled cpu_usage_banner_threshold local_volume_collection_mapping
+ cluster_config secrets_encryption_provider azure_ip_count kube_api_server_audit_log_path
+ cluster_config custom_kube_api_server_flags=flags custom_kube_controller_manager_flags=flags
+ cluster_config custom_kube_scheduler_flags=flags ingress_controller.ingress_num_replicas
+ cluster_config ingress_controller.ingress_enable_lb ingress_controller.ingress_default_backend_enabled
+ cluster_config metallb_config.enabled policy_enforcement.gatekeeper.enabled
+ cluster_config core_dns_lameduck_config.lameduck_enabled core_dns_lameduck_config.duration
+ cluster_config nvidia_device_plugin_enabled
= mke.auth - cluster/mke/auth.json
+ . backend defaultNewUserRole samlEnabled scimEnabled managedPasswordDisabled managedPasswordFallbackUser
= mke.kubernetes_config - cluster/mke/config-kubernetes.json
secureOverlay V-260911 V-260931
KMSEnabled V-260911 V-260931
= mke.ldap - cluster/mke/ldap.json
serverURL V-260909
startTLS V-260909
tlsSkipVerify V-260909
readerDN V-260909
additionalDomains.domain V-260909
additionalDomains.serverURL V-260909
additionalDomains.startTLS V-260909
additionalDomains.tlsSkipVerify V-260909
additionalDomains.rootCerts V-260909
additionalDomains.noSimplePagination V-260909
additionalDomains.readerDN V-260909
+ . rootCerts noSimplePagination jitUserProvisioning syncSchedule
+ userSearchConfigs baseDN scopeSubtree usernameAttr fullNameAttr
+ adminSyncOpts enableSync selectGroupMembers groupDN groupMemberAttr searchBaseDN searchScopeSubtree
= mke.account accounts cluster/mke/accounts.json
+ . id name fullName isOrg isAdmin isActive isImported onDemand otpEnabled membersCount teamsCount
= mke.team teams cluster/mke/teams.json
+ . id orgID name membersCount
= mke.role - cluster/mke/roles.json
+ . id name system_role operations.*.*
= mke.collection - cluster/mke/collections.json
+ . id name path parent_ids created_at updated_at legacylabelkey label_constraints.type label_constraints.key
+ . label_constraints.equality
= mke.grant grants cluster/mke/grants.json
subjectID V-260912 V-260917
roleID V-260912 V-260917
objectID V-260912 V-260917
collectionPath V-260912 V-260917
+ . collectionID
+ /subjects id subject_type
+ /subjects.account id name fullName isOrg isAdmin isActive isImported onDemand otpEnabled membersCount teamsCount
= mke.certificate - cluster/mke/tls-chain.pem
* V-260927
= mke.ca - cluster/mke/ca.pem
* V-260927
= msr.certificate - cluster/msr/tls-chain.pem
* V-260916
= msr.account accounts cluster/msr/accounts.json
name V-260904
isOrg V-260904
isAdmin V-260904
isActive V-260904
membersCount V-260904
teamsCount V-260904
+ . id fullName isImported onDemand otpEnabled
= msr.team_access teams cluster/msr/team-access.json
organization V-260904
team V-260904
repositoryAccessList.accessLevel V-260904
repositoryAccessList.repository.id V-260904
repositoryAccessList.repository.namespace V-260904
repositoryAccessList.repository.name V-260904
repositoryAccessList.repository.visibility V-260904
= msr.membership memberships cluster/msr/members.json
organization V-260904
team V-260904
members.isAdmin V-260904
members.member.name V-260904
= msr.settings - cluster/msr/settings.json
createRepositoryOnPush V-260928
reportAnalytics V-260919
scanningEnabled V-260943
+ . dtrHost anonymizeAnalytics disableBackupWarning scanningSyncOnline scanningEnableAutoRecheck scanningDeadline
+ . jobHistoryToKeep disableUpgrades disablePersistentCookies readOnlyRegistry enableClientCertAuth webTLSCert
+ . webTLSCA replicaID logProtocol logHost logLevel storageVolume nfsHost nfsPath gcMode repoEventsToKeep
= msr.scanner - cluster/msr/imagescan-status.json
lastDBUpdateFailed V-260943
dbVersion V-260943
dbUpdatedAt V-260943
scannerUpdatedAt V-260943
+ . state lastVulnOverridesDBUpdateFailed scannerVersion replicas.*.dbVersion replicas.*.dbUpdatedAt
+ . replicas.*.scannerUpdatedAt
= msr.repository repositories cluster/msr/repositories.json
namespace V-260904
name V-260904
visibility V-260904
+ . id namespaceType scanOnPush immutableTags enableManifestLists tagLimit pulls pushes
= kube.version - cluster/kubectl/version.json
+ clientVersion major minor gitVersion gitCommit buildDate goVersion platform
+ serverVersion major minor gitVersion gitCommit buildDate goVersion platform
+ . kustomizeVersion
= kube.ClusterRole items cluster/kubectl/clusterroles.json
. @object
+ . rules.apiGroups rules.resources rules.resourceNames rules.nonResourceURLs rules.verbs
+ . aggregationRule.clusterRoleSelectors.matchLabels.*=name
= kube.ClusterRoleBinding items cluster/kubectl/clusterrolebindings.json
. @object
roleRef.apiGroup V-260912
roleRef.kind V-260912
roleRef.name V-260912
subjects.apiGroup V-260912
subjects.kind V-260912
subjects.name V-260912
subjects.namespace V-260912
= kube.CronJob items cluster/kubectl/cronjobs.json
. @object
spec.jobTemplate.spec.template @pod
+ spec schedule timeZone suspend concurrencyPolicy successfulJobsHistoryLimit failedJobsHistoryLimit
+ status lastScheduleTime lastSuccessfulTime
= kube.DaemonSet items cluster/kubectl/daemonsets.json
. @workload
= kube.Deployment items cluster/kubectl/deployments.json
. @workload
= kube.Ingress items cluster/kubectl/ingresses.json
. @object
+ spec ingressClassName rules.host rules.http.paths.path rules.http.paths.pathType
+ spec rules.http.paths.backend.service.name rules.http.paths.backend.service.port.name
+ spec rules.http.paths.backend.service.port.number tls.hosts tls.secretName defaultBackend.service.name
+ spec defaultBackend.service.port.number
+ status loadBalancer.ingress.ip loadBalancer.ingress.hostname
= kube.Job items cluster/kubectl/jobs.json
. @object
spec.template @pod
+ spec parallelism completions backoffLimit suspend ttlSecondsAfterFinished
+ status active succeeded failed startTime completionTime conditions.type conditions.status
= kube.LimitRange items cluster/kubectl/limitranges.json
. @object
+ spec.limits type max.* min.* default.* defaultRequest.* maxLimitRequestRatio.*
= kube.MutatingWebhookConfiguration items cluster/kubectl/mutatingwebhookconfigurations.json
. @object
+ webhooks name failurePolicy matchPolicy sideEffects timeoutSeconds admissionReviewVersions
+ webhooks clientConfig.service.name clientConfig.service.namespace clientConfig.service.path
+ webhooks clientConfig.service.port rules.apiGroups rules.apiVersions rules.resources rules.operations rules.scope
+ webhooks namespaceSelector.matchLabels.*=name namespaceSelector.matchExpressions.key
+ webhooks namespaceSelector.matchExpressions.operator
= kube.Namespace items cluster/kubectl/namespaces.json
. @object
+ . spec.finalizers status.phase
= kube.NetworkPolicy items cluster/kubectl/networkpolicies.json
. @object
+ spec policyTypes podSelector.matchLabels.*=name podSelector.matchExpressions.key
+ spec podSelector.matchExpressions.operator ingress.ports.port ingress.ports.endPort ingress.ports.protocol
+ spec ingress.from.ipBlock.cidr ingress.from.ipBlock.except ingress.from.podSelector.matchLabels.*=name
+ spec ingress.from.podSelector.matchExpressions.key ingress.from.podSelector.matchExpressions.operator
+ spec ingress.from.namespaceSelector.matchLabels.*=name ingress.from.namespaceSelector.matchExpressions.key
+ spec ingress.from.namespaceSelector.matchExpressions.operator egress.ports.port egress.ports.endPort
+ spec egress.ports.protocol egress.to.ipBlock.cidr egress.to.ipBlock.except
+ spec egress.to.podSelector.matchLabels.*=name egress.to.podSelector.matchExpressions.key
+ spec egress.to.podSelector.matchExpressions.operator egress.to.namespaceSelector.matchLabels.*=name
+ spec egress.to.namespaceSelector.matchExpressions.key egress.to.namespaceSelector.matchExpressions.operator
= kube.Node items cluster/kubectl/nodes.json
. @object
+ spec podCIDR podCIDRs providerID unschedulable taints.key taints.effect
+ status addresses.type addresses.address capacity.* allocatable.* conditions.type conditions.status
+ status conditions.reason
+ status.nodeInfo architecture bootID containerRuntimeVersion kernelVersion kubeProxyVersion kubeletVersion
+ status.nodeInfo machineID operatingSystem osImage systemUUID
= kube.PersistentVolume items cluster/kubectl/persistentvolumes.json
. @object
+ spec capacity.* accessModes storageClassName volumeMode persistentVolumeReclaimPolicy claimRef.kind
+ spec claimRef.namespace claimRef.name hostPath.path local.path csi.driver
+ . status.phase
= kube.PersistentVolumeClaim items cluster/kubectl/persistentvolumeclaims.json
. @object
+ spec accessModes storageClassName volumeMode volumeName resources.requests.*
+ . status.phase
= kube.Pod items cluster/kubectl/pods.json
. @object
. @pod
+ status phase reason hostIP podIP podIPs.ip qosClass startTime conditions.type conditions.status
+ status.containerStatuses name image imageID containerID ready restartCount started state.running.startedAt
+ status.containerStatuses state.waiting.reason state.terminated.reason state.terminated.exitCode
+ status.containerStatuses lastState.terminated.containerID
+ status.initContainerStatuses name image imageID containerID ready restartCount started state.running.startedAt
+ status.initContainerStatuses state.waiting.reason state.terminated.reason state.terminated.exitCode
+ status.initContainerStatuses lastState.terminated.containerID
+ status.ephemeralContainerStatuses name image imageID containerID ready restartCount started
+ status.ephemeralContainerStatuses state.running.startedAt state.waiting.reason state.terminated.reason
+ status.ephemeralContainerStatuses state.terminated.exitCode lastState.terminated.containerID
= kube.PriorityClass items cluster/kubectl/priorityclasses.json
. @object
+ . value globalDefault preemptionPolicy
= kube.ReplicaSet items cluster/kubectl/replicasets.json
. @workload
= kube.ResourceQuota items cluster/kubectl/resourcequotas.json
. @object
spec.hard.* V-260925
spec.scopes V-260925
spec.scopeSelector.matchExpressions.scopeName V-260925
spec.scopeSelector.matchExpressions.operator V-260925
spec.scopeSelector.matchExpressions.values V-260925
+ status hard.* used.*
= kube.Role items cluster/kubectl/roles.json
. @object
+ . rules.apiGroups rules.resources rules.resourceNames rules.nonResourceURLs rules.verbs
= kube.RoleBinding items cluster/kubectl/rolebindings.json
. @object
roleRef.apiGroup V-260912
roleRef.kind V-260912
roleRef.name V-260912
subjects.apiGroup V-260912
subjects.kind V-260912
subjects.name V-260912
subjects.namespace V-260912
= kube.Secret items cluster/kubectl/secrets.json
. @object
+ . type immutable
= kube.Service items cluster/kubectl/services.json
. @object
spec.type V-260905
spec.clusterIP V-260905
spec.clusterIPs V-260905
spec.externalIPs V-260905
spec.externalName V-260905
spec.externalTrafficPolicy V-260905
spec.internalTrafficPolicy V-260905
spec.ipFamilies V-260905
spec.ipFamilyPolicy V-260905
spec.loadBalancerIP V-260905
spec.loadBalancerClass V-260905
spec.loadBalancerSourceRanges V-260905
spec.sessionAffinity V-260905
spec.ports.name V-260905
spec.ports.port V-260905
spec.ports.targetPort V-260905
spec.ports.nodePort V-260905
spec.ports.protocol V-260905
spec.selector.*=name V-260905
+ status loadBalancer.ingress.ip loadBalancer.ingress.hostname
= kube.ServiceAccount items cluster/kubectl/serviceaccounts.json
. @object
+ . automountServiceAccountToken secrets.name imagePullSecrets.name
= kube.StatefulSet items cluster/kubectl/statefulsets.json
. @workload
= kube.StorageClass items cluster/kubectl/storageclasses.json
. @object
provisioner V-260932
reclaimPolicy V-260932
volumeBindingMode V-260932
+ . allowVolumeExpansion parameters.*=name
= kube.ValidatingWebhookConfiguration items cluster/kubectl/validatingwebhookconfigurations.json
. @object
+ webhooks name failurePolicy matchPolicy sideEffects timeoutSeconds admissionReviewVersions
+ webhooks clientConfig.service.name clientConfig.service.namespace clientConfig.service.path
+ webhooks clientConfig.service.port rules.apiGroups rules.apiVersions rules.resources rules.operations rules.scope
+ webhooks namespaceSelector.matchLabels.*=name namespaceSelector.matchExpressions.key
+ webhooks namespaceSelector.matchExpressions.operator
'
# Flags of MKE's own components that are kept with their values.
# shellcheck disable=SC2034
FLAGS='admission-control-config-file allow-privileged anonymous-auth audit-log-maxage'
FLAGS="$FLAGS audit-log-maxbackup audit-log-maxsize audit-log-path audit-policy-file audit-webhook-config-file"
FLAGS="$FLAGS authorization-mode auto-tls basic-auth-file bind-address cert-file cipher-suites client-ca-file"
FLAGS="$FLAGS client-cert-auth config data-dir disable-admission-plugins enable-admission-plugins enable-v2"
FLAGS="$FLAGS encryption-provider-config etcd-cafile etcd-certfile etcd-keyfile etcd-servers event-qps"
FLAGS="$FLAGS experimental-encryption-provider-config feature-gates hostname-override initial-cluster"
FLAGS="$FLAGS insecure-bind-address insecure-port key-file kubelet-certificate-authority"
FLAGS="$FLAGS kubelet-client-certificate kubelet-client-key kubelet-https listen-client-urls"
FLAGS="$FLAGS listen-metrics-urls make-iptables-util-chains metrics peer-auto-tls peer-cert-file"
FLAGS="$FLAGS peer-client-cert-auth peer-key-file peer-trusted-ca-file profiling protect-kernel-defaults"
FLAGS="$FLAGS read-only-port request-timeout root-ca-file rotate-certificates rotate-server-certificates"
FLAGS="$FLAGS secure-port service-account-key-file service-account-lookup service-account-private-key-file"
FLAGS="$FLAGS service-node-port-range streaming-connection-idle-timeout terminated-pod-gc-threshold"
FLAGS="$FLAGS tls-cert-file tls-cipher-suites tls-min-version tls-private-key-file tlsverify token-auth-file"
FLAGS="$FLAGS trusted-ca-file use-service-account-credentials"
# Words that are kept whole.
# shellcheck disable=SC2034
WORDS='com.docker.security.fips=enabled'

# --------------------------------------------------------------- list.awk
# shellcheck disable=SC2016
AWK_LIST='
# The list of one member, out of LISTS on the standard input, as select.awk reads it:
# one line for each field, its keys with a \001 between them, a tab, what is kept.
# of is the member or its kind; keep holds what --keep adds, each as kind:path.
# Behind /page stands one page of a list that the objects of the kind hold.
BEGIN { flat = sub(/\/page$/, "", of) }
$1 == "=" {
  name = $2; under[name] = $3; count[name] = 0
  if (name == of) kind = name
  for (i = 4; i <= NF; i++) if ($i == of) kind = name
  next
}
$1 == "+" {
  for (i = 3; i <= NF; i++) add(name, ($2 == "." ? "" : $2) (substr($i, 1, 1) == "[" || $2 == "." ? "" : ".") $i)
  next
}
NF { if ($2 ~ /^@/) add(name, $1 " " $2); else add(name, $1) }
function add(n, l) { LINE[n, ++count[n]] = l }
END {
  if (kind == "") exit 1
  top = flat || under[kind] == "-" || under[kind] == "" ? "" : under[kind] "\001"
  section(kind, top)
  if (top != "") put("apiVersion kind metadata.resourceVersion metadata.continue metadata.remainingItemCount")
  if (kind ~ /^m[ks][er]\./) put("nextPageStart resourceCount usersCount orgsCount errors.code")
  if (kind ~ /^m[ks][er]\./) print keys("errors.message") "\tname"
  n = split(keep, k, " ")
  for (i = 1; i <= n; i++) if (index(k[i], kind ":") == 1) print top keys(substr(k[i], length(kind) + 2)) "\tdeep"
}
function put(words,   n, i, a) { n = split(words, a, " "); for (i = 1; i <= n; i++) print keys(a[i]) "\tvalue" }
function section(n, above,   i, l, p, how) {
  for (i = 1; i <= count[n]; i++) {
    l = LINE[n, i]
    if (p = index(l, " ")) {
      section(substr(l, p + 1), above (substr(l, 1, p - 1) == "." ? "" : keys(substr(l, 1, p - 1)) "\001"))
      continue
    }
    how = "value"
    if (match(l, /=[a-z]+$/)) { how = substr(l, RSTART + 1); l = substr(l, 1, RSTART - 1) }
    if (substr(l, 1, 1) == "/") print keys(substr(l, 2)) "\t" how
    else print above keys(l) "\t" how
  }
}
# a.b["c.d"] as keys
function keys(p,   out, e) {
  out = ""
  while (p != "") {
    if (substr(p, 1, 2) == "[\"") { e = index(p, "\"]"); out = out "\001" substr(p, 3, e - 3); p = substr(p, e + 2) }
    else {
      match(p, /^[^.[]+/)
      if (RLENGTH < 1) return substr(out, 2)
      out = out "\001" substr(p, 1, RLENGTH); p = substr(p, RLENGTH + 1)
    }
    sub(/^\./, "", p)
  }
  return substr(out, 2)
}
'

# --------------------------------------------------------------- explain.awk
# shellcheck disable=SC2016
AWK_EXPLAIN='
# LISTS in full: for each member its fields, how much is kept of each, and the rules
# that read it. mode is cluster, node or all; keep holds what --keep adds.
$1 == "=" {
  name = $2; count[name] = 0
  if ($2 !~ /^@/) { kinds[++n] = $2; members[$2] = substr($0, length($1 $2 $3) + 4) }
  next
}
$1 == "+" {
  for (i = 3; i <= NF; i++) add(name, ($2 == "." ? "" : $2) (substr($i, 1, 1) == "[" || $2 == "." ? "" : ".") $i)
  next
}
NF { add(name, $0) }
function add(s, l) { LINE[s, ++count[s]] = l }
END {
  kept[""] = "its value"; kept["name"] = "that it has a value"; kept["text"] = "its text"
  kept["flags"] = "flags of known names"; kept["path"] = "a path of the host"
  kept["words"] = "words that a rule looks for"
  for (k = 1; k <= n; k++) {
    if (mode == "node" && members[kinds[k]] !~ /(^| )nodes\//) continue
    if (mode == "cluster" && members[kinds[k]] !~ /(^| )cluster\//) continue
    m = members[kinds[k]]; gsub(/ /, ", ", m)
    print m "  (" kinds[k] ")"
    section(kinds[k], "")
    i = split(keep, a, " ")
    for (; i > 0; i--)
      if (index(a[i], kinds[k] ":") == 1) print "  " substr(a[i], length(kinds[k]) + 2) "  all below it: --keep"
    print ""
  }
}
function section(s, above,   i, l, p, rules, how) {
  for (i = 1; i <= count[s]; i++) {
    l = LINE[s, i]; rules = ""
    if (p = index(l, " ")) { rules = substr(l, p + 1); l = substr(l, 1, p - 1) }
    if (rules ~ /^@/) { section(rules, above (l == "." ? "" : l ".")); continue }
    how = ""
    if (match(l, /=[a-z]+$/)) { how = substr(l, RSTART + 1); l = substr(l, 1, RSTART - 1) }
    if (substr(l, 1, 1) == "/") l = substr(l, 2) " of the document"
    else if (substr(l, 1, 1) == "[") l = substr(above, 1, length(above) - 1) l
    else l = above l
    print "  " l "  " kept[how] (rules == "" ? "" : "; " rules)
  }
}
'

# --------------------------------------------------------------- redact.awk
# shellcheck disable=SC2016
AWK_REDACT='
# Finds secrets in text. scrub(s) returns s with secret values replaced and adds
# the number of replacements to nred. It works on raw text and on the escaped
# inside of a JSON string alike: a backslash never ends up alone.
#
# Every awk part runs in the C locale, so that a length is a number of bytes, and
# uses nothing beyond POSIX awk (no intervals, no gensub, no asort). No part may
# contain an apostrophe, because each becomes a quoted variable of the shell.
BEGIN {
  HID = "(redacted)"
  # What the name of a secret ends with, in lower case.
  WORD = "(pass|password|passwd|passphrase|passcode|pwd|secret|token|apikey|api[-_.]key|accesskey|"
  WORD = WORD "access[-_.]key|secretkey|secret[-_.]key|private[-_.]?key|signing[-_.]?ca[-_.]?key|"
  WORD = WORD "signingkey|signing[-_.]key|encryptionkey|encryption[-_.]key|masterkey|master[-_.]key|"
  WORD = WORD "auth[-_.]?key|credential|credentials|requirepass|masterauth|bearer|jwt|authorization|"
  WORD = WORD "connectionstring|connection[-_.]string)"
  # What it may end with behind other letters.
  TAIL = "(password|passwd|passphrase|secret|token|apikey|privatekey|secretkey|accesskey|credentials?)"
  # What is a secret though white space stands behind its colon.
  SPACED = "(pass|password|passwd|passphrase|secret[-_]?key|client[-_]?secret|private[-_]?key|api[-_]?key|"
  SPACED = SPACED "auth[-_]?token|access[-_]?token)[ \t]*[:=][ \t]+"
  # Six letters of a token at least.
  SIX = "[a-z0-9._~+/=-]"; SIX = "^" SIX SIX SIX SIX SIX SIX
  # A cheap look at the raw text: without any of these there is nothing to do.
  HINT = "[Pp][Aa][Ss][Ss]|[Pp][Ww][Dd]|[Ss][Ee][Cc][Rr][Ee][Tt]|[Tt][Oo][Kk][Ee][Nn]|"
  HINT = HINT "[Kk][Ee][Yy]|[Cc][Rr][Ee][Dd]|[Bb][Ee][Aa][Rr]|[Jj][Ww][Tt]|[Aa][Uu][Tt][Hh]|"
  HINT = HINT "[Bb][Aa][Ss][Ii][Cc]|SWMTKN|PRIVATE|LS0tLS1CRUdJTi|eyJ|[Mm][Yy][Ss][Qq][Ll]|"
  HINT = HINT "[Mm][Aa][Rr][Ii][Aa]|[Ll][Dd][Aa][Pp]|[Rr][Ee][Dd][Ii][Ss]|[Cc][Uu][Rr][Ll]|"
  HINT = HINT ":[/][/][^/]*@|[Cc]onnection"
  PEM64 = "LS0tLS1CRUdJTiBQUklWQVRF|LS0tLS1CRUdJTiBSU0EgUFJJVkFUR|LS0tLS1CRUdJTiBFQyBQUklWQVRF|"
  PEM64 = PEM64 "LS0tLS1CRUdJTiBPUEVOU1NIIFBSSVZBVEUg|LS0tLS1CRUdJTiBFTkNSWVBURUQgUFJJVkFUR|"
  PEM64 = PEM64 "LS0tLS1CRUdJTiBEU0EgUFJJVkFUR"
}
# put(s): a line of what stays. report(ok, more): how many secrets, bytes and dropped parts there were and
# whether the text was what it should be, in the file that side names.
function put(s) { printf "%s\n", s; bytes += length(s) + 1 }
function report(ok, more) {
  if (side != "") { printf "%d %d %d %d%s\n", nred, bytes, ok, ndrop, more > side; close(side) }
}
# How long the value at the start of t is: quoted, or up to white space, an
# escaped white space or a quote.
function valuelen(t,   q, i, c, n, two) {
  n = length(t)
  two = substr(t, 1, 2); q = ""
  if (two == "\\\"") { q = two; i = 3 }
  else { c = substr(t, 1, 1); if (c == "\"" || c == "\047" || c == "`") { q = c; i = 2 } else i = 1 }
  if (q != "") {
    c = index(substr(t, i), q)
    return c ? i - 1 + c - 1 + length(q) : n
  }
  while (i <= n) {
    c = substr(t, i, 1)
    if (c == "\\") {
      two = substr(t, i + 1, 1)
      if (two == "n" || two == "t" || two == "r" || two == "\"") break
      i += 2; continue
    }
    if (c == " " || c == "\t" || c == "\n" || c == "\r" || c == "\"" || c == "\047" || c == "`") break
    i++
  }
  return (i > n + 1 ? n + 1 : i) - 1
}
# Replaces the value after every match of re (matched on lower case). The
# values true and false, empty ones and those already replaced stay.
function after(s, re, yes,   out, low, v, n, e, q, z) {
  out = ""; low = tolower(s)
  while (match(low, re)) {
    e = RSTART + RLENGTH - 1
    out = out substr(s, 1, e); s = substr(s, e + 1); low = substr(low, e + 1)
    n = valuelen(s); v = substr(low, 1, n)
    q = substr(v, 1, 1); z = ""
    if (substr(v, 1, 2) == "\\\"") q = "\\\""
    else if (q != "\"" && q != "\047" && q != "`") q = ""
    if (q != "") {
      v = substr(v, length(q) + 1)
      if (length(v) >= length(q) && substr(v, length(v) - length(q) + 1) == q) {
        z = q; v = substr(v, 1, length(v) - length(q))
      }
    }
    if (v == "" || v == "true" || v == "false" || v == HID) continue
    if (yes != "" && v !~ yes) continue
    out = out q HID z; nred++
    s = substr(s, n + 1); low = substr(low, n + 1)
  }
  return out s
}
# s without what was just matched.
function cutout(s) { nred++; return substr(s, 1, RSTART - 1) HID substr(s, RSTART + RLENGTH) }
function scrub(s,   low, out, a, b, c, m) {
  if (s !~ HINT) return s
  if (s ~ /PRIVATE KEY/ || s ~ PEM64) { nred++; return HID }
  while (match(s, /SWMTKN-[A-Za-z0-9-]+/)) s = cutout(s)
  while (match(s, /eyJ[A-Za-z0-9_-]+\.eyJ[A-Za-z0-9_-]+\.?[A-Za-z0-9_-]*/)) s = cutout(s)
  # scheme://user:password@host, the last @ before a slash or a space counts
  if (s ~ /:\/\/[^\/]*@/) {
    out = ""
    while (match(s, /:\/\/[^\/ \t"\047]*@/)) {
      m = substr(s, RSTART + 3, RLENGTH - 4)
      out = out substr(s, 1, RSTART + 2)
      s = substr(s, RSTART + RLENGTH)
      c = index(m, ":")
      if (c && substr(m, c + 1) != HID && length(m) > c) { m = substr(m, 1, c) HID; nred++ }
      else if (!c && length(m) >= 20) { m = HID; nred++ }
      out = out m "@"
    }
    s = out s
    # a password with a slash in it hides its @ behind the slash
    s = after2(s, ":\\/\\/[A-Za-z0-9._%+-]+:[^@ \\t\"\\047:]*\\/[^@ \\t\"\\047]*@")
  }
  low = tolower(s)
  if (low ~ /(bearer|basic)(:|%20| )+[a-z0-9._~+\/=-]/) s = after(s, "(bearer|basic)(:|%20| )+", SIX)
  if (low ~ (WORD "[0-9_]*(\\\\?[\"\047])?[ \t]*[=:]")) {
    s = after(s, WORD "[0-9_]*=", "")
    s = after(s, WORD "[0-9_]*(\\\\?[\"\047])[ \t]*[:=][ \t]*", "")
    s = after(s, SPACED, "")
    s = after(s, "(x-[a-z-]*(token|key|secret)|authorization)[ \t]*:[ \t]*", "")
  }
  if (low ~ ("--?[a-z0-9_.-]*" WORD "[ \t]+")) s = after(s, "--?[a-z0-9_.-]*" WORD "[ \t]+", "^[^-]")
  if (low ~ /(mysql|mariadb|sshpass|ldap|redis|curl)/) {
    if (low ~ /(mysql|mariadb|sshpass)/) { s = after(s, "(mysql|mariadb|sshpass)[^|;&]*[ \t]-p[ \t]*", "") }
    if (low ~ /ldap/) s = after(s, "ldap[a-z]*[ \t][^|;&]*-w[ \t]*", "")
    if (low ~ /redis/) s = after(s, "redis-cli[^|;&]*[ \t]-a[ \t]+", "")
    if (low ~ /curl/) s = after(s, "curl[^|;&]*[ \t](-u|--user)[ \t]+[^: \t]+:", "")
  }
  return s
}
function after2(s, re,   out, m, c) {
  out = ""
  while (match(s, re)) {
    m = substr(s, RSTART + 3, RLENGTH - 4); out = out substr(s, 1, RSTART + 2); s = substr(s, RSTART + RLENGTH)
    c = index(m, ":")
    if (substr(m, c + 1, length(HID)) != HID) { m = substr(m, 1, c) HID; nred++ }
    out = out m "@"
  }
  return out s
}
'

# --------------------------------------------------------------- select.awk
# shellcheck disable=SC2016
AWK_SELECT='
# What is kept of a member, as numbers: the list that the file `list` holds is read
# once into a table of nodes, and a place in a document is the number of its node.
#
# GO[n, key] is the node below n, with "*" for any key. KEEP[n] is how a value is
# kept: "" not at all, "value", "text", "flags", "path", "words". DEEP[n]: all below, too.
BEGIN {
  LOST = "(present)"; nodes = 1; ndrop = 0
  for (n = 32; n < 127; n++) if (n != 34 && n != 92) SPELL[sprintf("u00%02x", n)] = sprintf("%c", n)
  n = RS; RS = "\n"
  while ((getline line < list) > 0) if (line != "") keepfield(line)
  RS = n
  close(list)
  n = split(flags, part, " "); for (i = 1; i <= n; i++) FLAG[part[i]] = 1
  n = split(words, part, " "); for (i = 1; i <= n; i++) WORD1[part[i]] = 1
}
# One line of the list: keys with a bar between them, then what is kept.
function keepfield(line,   i, n, at, how, k, a) {
  i = match(line, /\t[a-z]*$/)
  how = substr(line, i + 1); n = split(substr(line, 1, i - 1), a, "\001"); at = 1
  for (i = 1; i <= n; i++) {
    k = a[i]
    if (!((at, k) in GO)) { GO[at, k] = ++nodes; INNER[at] = 1 }
    at = GO[at, k]
  }
  if (how == "deep") { DEEP[at] = 1; how = "value" }
  if (how != "name") KEEP[at] = how
}
# The node of a key below node n, 0 where nothing of it is kept.
function below(n, key) {
  if (n in DEEP) return n
  if ((n, key) in GO) return GO[n, key]
  return (n, "*") in GO ? GO[n, "*"] : 0
}
# What is kept of the text s, a value at node n.
function keptvalue(n, s,   how) {
  if (s == "" || s == HID) return s
  how = n ? KEEP[n] : ""
  if (how == "text" && length(s) <= 65536) return s
  if (how == "value" && length(s) <= 65536) return scrubbed(s)
  if (how == "flags" && length(s) <= 65536) return keptflags(s)
  if (how == "path") {
    if (length(s) > 4096) { ndrop++; return LOST }
    if (s ~ /^\/[A-Za-z0-9_.+~% \/-]*$/) return s
    # a rule looks for these words anywhere
    how = tolower(s)
    if (how ~ /docker\.sock/) { ndrop++; return LOST " docker.sock" }
    if (how ~ /docker_engine/) { ndrop++; return LOST " docker_engine" }
  }
  if (how == "words") {
    if (s in WORD1) return s
    if ((how = index(s, "=")) > 1 && how < 200) { ndrop++; return substr(s, 1, how) LOST }
  }
  ndrop++
  return LOST
}
# What escapes spell is looked at as well; where nothing is found, the text stays as it was spelled.
function scrubbed(s,   plain, out) {
  if (s !~ /\\\/|\\u00/) return scrub(s)
  plain = spelled(s); out = scrub(plain)
  return out == plain ? scrub(s) : out
}
# Escapes of printable letters as these letters.
function spelled(s,   n, i, a, out, h) {
  n = split(s, a, "\\"); out = a[1]
  for (i = 2; i <= n; i++) {
    if (a[i] == "" && i < n) { i++; out = out "\\\\" a[i]; continue }
    h = tolower(substr(a[i], 1, 5))
    if (substr(h, 1, 1) == "/") out = out a[i]
    else if (h in SPELL) out = out SPELL[h] substr(a[i], 6)
    else out = out "\\" a[i]
  }
  return out
}
# Of a command line the flags that have a name in FLAGS, whatever quotes stand around
# them; anything else becomes one mark.
function keptflags(s,   n, i, a, w, e, out, lost, follows) {
  gsub(/\\[ntr"\047]/, " ", s)
  n = split(s, a, /[ \t\n\r"\047`;&|<>()$]+/); out = ""; lost = 0; follows = 0
  for (i = 1; i <= n; i++) {
    w = a[i]
    if (w == "") continue
    if (follows) {
      follows = 0
      if (w ~ /^([Tt]rue|TRUE|[Ff]alse|FALSE|[tTfF]|[0-9.]+[smh]?)$/) { out = out " " w; continue }
    }
    if (w !~ /\\/ && match(w, /^--?[A-Za-z0-9][A-Za-z0-9-]*/)) {
      e = substr(w, RLENGTH + 1)
      if (tolower(flagname(substr(w, 1, RLENGTH))) in FLAG && (e == "" || substr(e, 1, 1) == "=")) {
        out = out " " scrub(w); lost = 0; follows = (e == ""); continue
      }
    }
    if (!lost) { out = out " " LOST; lost = 1; ndrop++ }
  }
  return substr(out, 2)
}
function flagname(w) { sub(/^--?/, "", w); return w }
'

# --------------------------------------------------------------- strings.awk
# shellcheck disable=SC2016
AWK_STRINGS='
# Reads JSON by splitting it at the quotes: every second record is the inside of
# a string, or a part of one where a quote in it is escaped. This works the same
# on indented and on compact JSON, and holds no more than one string in memory.
#
# The program behind this part defines outside(s) for the text between two
# strings, inside(s) for a whole string, still escaped, and unwanted() for
# whether all but the first part of a string may be dropped while it is read.
BEGIN { RS = "\""; d = 0; instr = 0; isval = 0; key = ""; cont = 0 }
{
  if (!instr) { outside($0); instr = 1; next }
  if (!cont) { parts = 1; part[1] = $0; drop = $0 != "" && unwanted() }
  else if (!drop) part[++parts] = $0
  cont = 0
  if ($0 ~ /\\$/) { match($0, /\\+$/); if (RLENGTH % 2) { cont = 1; next } }
  instr = 0
  inside(whole())
}
# The string out of its parts. Neighbors are joined until one is left, so that the
# time does not grow with the square of the length.
function whole(   i, n) {
  while (parts > 1) {
    n = 0
    for (i = 1; i <= parts; i += 2) part[++n] = i < parts ? part[i] "\"" part[i + 1] : part[i]
    parts = n
  }
  return part[1]
}
'

# --------------------------------------------------------------- keep_json.awk
# shellcheck disable=SC2016
AWK_KEEP_JSON='
# Behind redact.awk, strings.awk and select.awk: JSON in; out goes what the list keeps,
# and for the rest its key and a mark. join=1 makes one list out of many lists one
# after the other. The file that side names gets the counts.
#
# For each depth d: T is "o" or "a", N the node of the list. skip counts the brackets
# open in a value that goes; hollow, whether nothing was in it yet; lit collects a
# number or a word.
BEGIN { nred = 0; bytes = 0; bad = 0; skip = 0; hollow = ""; lit = ""; some = 0; fresh = 1; begun = 0; want = 0 }
function unwanted() { return skip || isval && !(here() in KEEP) }
# Behind the first thing that is no JSON nobody knows what is the inside of a string: nothing of it stays.
function emit(x) { if (bad) return; printf "%s", x; bytes += length(x) }
# The node of the value that comes now.
function here() { return d == 0 ? 1 : T[d] == "o" ? want : N[d] }
function lost() { emit("\"" LOST "\""); ndrop++ }
# Before a value: many lists become one.
function value() {
  if (join && d == 1) { rows++; if (fresh && some) emit(",\n"); fresh = 0; some = 1 }
}
function outside(s) {
  if (skip && s !~ /[][{}]/) { if (s ~ /[^ \t\r\n]/) filled(); return }
  if (s == ": " || s == ":") { step(":"); return }
  if (s == ",") { step(","); return }
  gsub(/[ \t\r\n]+/, " ", s)
  if (s == ", ") { step(","); return }
  steps(s, length(s))
}
# Long texts by halves: in some programs one letter costs the length of its text.
function steps(s, n,   i) {
  if (n > 200) {
    i = int(n / 2)
    steps(substr(s, 1, i), i); steps(substr(s, i + 1), n - i)
    return
  }
  for (i = 1; i <= n; i++) step(substr(s, i, 1))
}
# Something stands in a value that goes.
function filled() { if (hollow != "") { hollow = ""; lost() } }
function step(c) {
  if (skip) { skipped(c); return }
  if (c == "{" || c == "[") { literal(); open(c) }
  else if (c == "}" || c == "]") { literal(); shut(c) }
  else if (c == ",") {
    literal()
    if (d == 0) { bad = 1; return }
    emit(d <= 2 && T[d] == "a" ? ",\n" : ","); isval = (T[d] == "a")
  } else if (c == ":") { if (d == 0 || T[d] != "o" || isval) bad = 1; else { emit(":"); isval = 1 } }
  else if (c == " ") literal()
  else if (length(lit) < 64) lit = lit c
  else bad = 1
}
function skipped(c) {
  if (c == "{" || c == "[") { filled(); skip++ }
  else if (c == "}" || c == "]") {
    if (--skip == 0 && hollow != "") { emit(hollow c); hollow = "" }
  } else if (c != " ") filled()
}
function open(c,   n) {
  n = here()
  value()
  if (d && T[d] == "o" && !isval) bad = 1
  if (!(n in DEEP) && !(n in INNER) && (c == "{" || !(n in KEEP)) || d > 400) {
    hollow = c; skip = 1; isval = d && T[d] == "a"
    return
  }
  if (!(join && d == 0)) emit(c)
  else if (c != "[") bad = 1
  else if (!begun) { emit("["); begun = 1 } else fresh = 1
  d++; T[d] = c == "{" ? "o" : "a"; N[d] = n; isval = (c == "[")
}
function shut(c) {
  if (d == 0 || T[d] != (c == "}" ? "o" : "a")) { bad = 1; return }
  d--
  if (!(join && d == 0)) emit(c)
  if (d == 0 && !join) emit("\n")
  isval = d && T[d] == "a"
}
# A number or a word ends.
function literal(   n) {
  if (lit == "") return
  n = here()
  value()
  if (lit == "null") emit(lit)
  else if (lit !~ /^(true|false|-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?)$/) { bad = 1; emit("null") }
  else if (n && (KEEP[n] == "value" || n in DEEP)) emit(lit)
  else lost()
  lit = ""; isval = d && T[d] == "a"
}
function inside(s) {
  if (skip) { filled(); return }
  if (lit != "") { bad = 1; lit = "" }
  if (d == 0) { bad = 1; return }
  if (isval || T[d] == "a") {
    value()
    emit("\"" keptvalue(here(), s) "\""); isval = (T[d] == "a")
  } else {
    want = below(N[d], s)
    emit(length(s) > 512 ? "\"(key not kept)\"" : "\"" s "\"")
  }
}
END {
  if (join) emit(begun ? "]\n" : "[]\n")
  ok = NR == 0 ? join + 0 : (instr == 1 && d == 0 && !bad && !cont && !skip && lit == "")
  counts = join ? " " (rows + 0) : ""
  report(ok, counts)
}
'

# --------------------------------------------------------------- keep_toml.awk
# shellcheck disable=SC2016
AWK_KEEP_TOML='
# Behind redact.awk and select.awk: TOML in; out go the names of all tables and keys,
# the values that the list keeps, and a mark for every other value. Comments go.
# It reads letter by letter, so that no spelling matters: dotted and quoted keys,
# inline tables, arrays and strings over many lines.
#
# mode is what the letter c is part of: s the start of a statement, h a table head,
# k a key, v the place of a value, b a bare value, q a string, a what follows a value,
# c a comment, x what stands behind the first thing that is no TOML: nothing of it
# stays. depth counts open arrays and inline tables, KIND
# and NODE tell them; skip is the depth in which everything goes. Lengths of what is
# held are bounded.
BEGIN {
  nred = 0; bytes = 0; bad = 0; some = 0; mode = "s"; depth = 0; skip = 0; table = 1; raw = ""; word = ""; quote = ""
  text = ""; tail = ""; hollow = ""; held = 0; esc = 0
}
NR == 1 && index($0, "\357\273\277") == 1 { $0 = substr($0, 4) }
mode == "x" { next }
{ letters($0, length($0)); letter("\n") }
function emit(x) { printf "%s", x; bytes += length(x) }
function lost() { emit("\"" LOST "\""); ndrop++ }
function letters(s, n,   i) {
  if (n > 200) {
    i = int(n / 2)
    letters(substr(s, 1, i), i); letters(substr(s, i + 1), n - i)
    return
  }
  for (i = 1; i <= n; i++) letter(substr(s, i, 1))
}
function letter(c) {
  if (c == "\r") return
  if (mode == "q") string(c)
  else if (mode == "c") { if (c == "\n") { mode = before; letter(c) } }
  else if (mode == "x") return
  else if (mode == "s") statement(c)
  else if (mode == "h" || mode == "k") key(c)
  else if (mode == "v") place(c)
  else if (mode == "b") bare(c)
  else behind(c)
}
function wrong() { bad = 1; mode = "x"; depth = 0; skip = 0; raw = ""; word = "" }
function comment() { before = mode; mode = "c" }
function statement(c) {
  if (c == " " || c == "\t" || c == "\n") { emit(c); return }
  if (c == "#") { comment(); return }
  some = 1; raw = ""; word = ""; node = table; held = 0; quoted = 0
  if (c == "[") { mode = "h"; node = 1; raw = c; heads = 1 } else { mode = "k"; key(c) }
}
# A key, or the name of a table: node follows it down the list.
function key(c) {
  if (length(raw) > 2000) { wrong(); return }
  if (c == "\n") { if (mode == "h" && heads == 0) { emit(raw c); mode = "s" } else wrong(); return }
  if (mode == "h" && heads == 0) {
    if (c == "#") { emit(raw); raw = ""; comment() }
    else if (c ~ /[ \t]/) raw = raw c
    else wrong()
    return
  }
  if (c == "\"" || c == "\047") { quote = c; inkey = 1; mode2 = mode; mode = "q"; raw = raw c; return }
  if (mode == "h" && c == "[" && raw == "[") { heads = 2; raw = raw c; return }
  if (c == ".") { node = below(node, word); word = ""; raw = raw c; return }
  if (mode == "h" && c == "]") {
    raw = raw c
    if (--heads == 0) { table = below(node, word); word = "" }
    return
  }
  if (mode == "k" && c == "=") {
    node = below(node, word); word = ""
    if (!skip) emit(raw c)
    raw = ""; mode = "v"
    return
  }
  if (c == " " || c == "\t") { raw = raw c; return }
  if (c !~ /[A-Za-z0-9_-]/) { wrong(); return }
  raw = raw c; word = word c
}
# The node of the value that comes now.
function here() { return depth && KIND[depth] == "[" ? NODE[depth] : node }
function place(c) {
  if (c == " " || c == "\t" || c == "\n") {
    if (c == "\n" && !(depth && KIND[depth] == "[")) { wrong(); return }
    if (!skip) emit(c)
    return
  }
  if (c == "#") { comment(); return }
  if (c == "]" && depth && KIND[depth] == "[") { shut(c); return }
  if (skip && hollow != "") { hollow = ""; lost() }
  if (c == "[" || c == "{") { opened(c); return }
  if (c == "\"" || c == "\047") {
    quote = c; inkey = 0; mode = "q"; text = ""; tail = ""; held = 0; empty = 0; esc = 0
    return
  }
  if (c !~ /[A-Za-z0-9+.-]/) { wrong(); return }
  mode = "b"; word = c
}
function opened(c,   n) {
  n = here(); depth++; KIND[depth] = c; NODE[depth] = n
  if (!skip && (!(n in DEEP) && !(n in INNER) && (c == "{" || !(n in KEEP)) || depth > 60)) { skip = depth; hollow = c }
  else if (!skip) emit(c)
  mode = c == "[" ? "v" : "a"
  if (c == "{") { node = n; expects = 1 }
}
function shut(c) {
  if (skip == depth && skip) { if (hollow != "") emit(hollow c); hollow = ""; skip = 0 }
  else if (!skip) emit(c)
  depth--; mode = "a"; expects = 0
}
function bare(c) {
  if (c ~ /[A-Za-z0-9_+.:-]/ && length(word) < 64) { word = word c; return }
  # a date and a time may have a blank between them
  if (c == " " && word ~ /^[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]$/) { word = word c; return }
  sub(/ $/, "", word)
  scalar(); mode = "a"; expects = 0; behind(c)
}
function scalar(   n) {
  n = here()
  if (skip) return
  if (n && (KEEP[n] == "value" || KEEP[n] == "text" || n in DEEP)) emit(word)
  else lost()
  word = ""
}
# What stands between values: a comma, a bracket, the end of the line; in an inline
# table the next key.
function behind(c) {
  if (c == " " || c == "\t") { if (!skip) emit(c); return }
  if (c == "#") { comment(); return }
  if (!depth) { if (c == "\n") { emit(c); mode = "s" } else wrong(); return }
  if (c == "\n") { if (KIND[depth] == "{" && !skip) wrong(); else if (!skip) emit(c); return }
  if (c == ",") {
    if (!skip) emit(c)
    if (KIND[depth] == "[") mode = "v"
    else expects = 1
    return
  }
  if (c == (KIND[depth] == "[" ? "]" : "}")) { shut(c); return }
  if (KIND[depth] != "{" || !expects) { wrong(); return }
  if (skip && hollow != "") { hollow = ""; lost() }
  expects = 0; node = NODE[depth]; raw = ""; word = ""; mode = "k"; inner = 1
  key(c)
}
# Inside a string. A key keeps its letters, a value is held until its end.
function string(c,   n, e) {
  if (inkey) {
    if (c == "\n") { wrong(); return }
    raw = raw c
    if (esc) esc = 0
    else if (c == "\\" && quote == "\"") { esc = 1; return }
    else if (c == quote) { mode = mode2; return }
    word = word c
    return
  }
  if (length(quote) == 1) {
    if (text == "" && held == 0 && !empty && c == quote) { empty = 1; return }
    if (empty) {
      if (c == quote) { quote = quote quote quote; empty = 0; tail = ""; return }
      finish(); letter(c); return
    }
    if (c == "\n") { wrong(); return }
    if (esc) { esc = 0; hold("\\" c); return }
    if (c == "\\" && quote == "\"") { esc = 1; return }
    if (c == quote) { finish(); return }
    hold(c); return
  }
  # three quotes: the string ends with the first three, to which up to two more belong
  if (esc) { esc = 0; tail = ""; hold("\\" c); return }
  if (c == substr(quote, 1, 1)) {
    tail = tail c
    if (tail == quote) finish()
    return
  }
  if (tail != "") { hold(tail); tail = "" }
  if (c == "\\" && substr(quote, 1, 1) == "\"") { esc = 1; return }
  hold(c)
}
function hold(x) {
  held++
  if (skip || !(here() in KEEP) || held > 65536) { if (text == "") text = "x"; return }
  if (length(x) + length(piece) < 200) { piece = piece x; return }
  store(piece); piece = x
}
# Pieces are joined two by two, so that the time grows with the length alone.
function store(x,   n) {
  n = 0
  while (n in PART) { x = PART[n] x; delete PART[n]; n++ }
  PART[n] = x; if (n > most) most = n
}
function held_text(   n, x) {
  x = piece; piece = ""
  for (n = 0; n <= most; n++) if (n in PART) { x = PART[n] x; delete PART[n] }
  most = 0
  return x
}
function finish(   n, v, q) {
  n = here(); q = quote; v = held_text()
  if (!(n in KEEP) || skip || held > 65536) v = held ? "x" : ""
  mode = "a"; expects = 0; quote = ""; empty = 0; text = ""; tail = ""
  if (skip) return
  if (v == "") { emit(q q); return }
  n = held > 65536 ? 0 : n
  v = keptvalue(n, v)
  if (v == LOST) q = "\""
  emit(q v q)
}
END {
  if (mode == "b" || mode == "v" || mode == "q" || mode == "k") bad = 1
  ok = some && !bad && !depth
  report(ok)
}
'

# --------------------------------------------------------------- keep_lines.awk
# shellcheck disable=SC2016
AWK_KEEP_LINES='
# Behind redact.awk and select.awk: texts that hold one fact a line. form says whose
# output it is; a line that does not look like it goes. The file that side names gets
# the counts.
BEGIN { nred = 0; bytes = 0; some = 0; bad = 0; gid = ""
  MODES = "[(](enforce|complain|kill|prompt|unconfined|mixed)[)]$"
}
function emit(x) { put(x); some = 1 }
function gone() { ndrop++ }
# NAME=value, as in /etc/os-release: names on the list keep their values
function assignment(s,   p, name, v) {
  p = index(s, "=")
  if (!p || s !~ /^[A-Za-z_][A-Za-z0-9_]*=/) { if (s !~ /^[ \t]*(#.*)?$/) gone(); return }
  name = substr(s, 1, p - 1); v = substr(s, p + 1)
  if (v == "" || v == "\"\"") { emit(s); return }
  p = below(1, name)
  if (p in KEEP && length(v) < 1000) emit(name "=" scrub(v))
  else { emit(name "=\"" LOST "\""); gone() }
}
# An account, as far as its name looks like one.
function account(w) {
  if (length(w) <= 64 && w ~ /^[A-Za-z0-9_.][A-Za-z0-9_.@$\\-]*$/) return w
  gone()
  return LOST
}
function id(w) { return length(w) <= 10 && w ~ /^[0-9]+$/ ? w : "" }
# name:password:gid:members, then name:password:uid:gid:... of the accounts whose primary group it is
function group(s,   n, i, m, a, b, out) {
  n = split(s, a, ":")
  if (n == 7 && gid != "") {
    if (a[4] == gid) emit(account(a[1]) ":x:" id(a[3]) ":" gid ":::")
    return
  }
  # a line that is neither may be an account that was cut
  if (n != 4 || a[1] != "docker" || id(a[3]) == "" || gid != "") { bad = 1; gone(); return }
  gid = a[3]; m = split(a[4], b, ","); out = ""
  for (i = 1; i <= m; i++) out = out (i > 1 ? "," : "") account(b[i])
  emit("docker:x:" gid ":" out)
}
# What is kept behind each head of sestatus.
function selinux(s,   p, v, k) {
  p = index(s, ":"); k = substr(s, 1, p - 1); v = substr(s, p + 1); gsub(/^[ \t]+|[ \t]+$/, "", v)
  if (k !~ /^(SELinux status|SELinuxfs mount|SELinux root directory|Loaded policy name|Current mode)$/ &&
      k != "Mode from config file" &&
      k !~ /^(Policy MLS status|Policy deny_unknown status|Memory protection checking|Max kernel policy version)$/ &&
      k != "Policy version") { gone(); return }
  if (v ~ /^(enabled|disabled|enforcing|permissive|allowed|denied)$/ ||
      v ~ /^(actual|requested) \((in)?secure\)$/ ||
      v ~ /^(error \([A-Za-z ]+\)|[0-9]+)$/ ||
      k ~ /mount|directory/ && v ~ /^\/[A-Za-z0-9_.\/-]*$/ && length(v) < 200 ||
      k ~ /name/ && v ~ /^[A-Za-z0-9_-]+$/ && length(v) < 64) emit(s)
  else { emit(k ": " LOST); gone() }
}
function sysctl(s) { if (s ~ /^[a-z0-9_.]+ = [-0-9 \t]*$/ && length(s) < 300) emit(s); else gone() }
function apparmor(s) {
  if (s ~ /^enabled = [YN]$/) emit(s)
  else if (length(s) < 500 && s ~ /^[]A-Za-z0-9_.\/*+{},@:[-]+ \([a-z]+\)$/ && s ~ MODES) emit(s)
  else gone()
}
# Arguments, one a line, and files with lines NAME=arguments
function kubelet(s,   p) {
  if (s ~ /^# (arguments of the running kubelet|\/etc\/[a-z]+\/kubelet)$/) { emit(s); return }
  if (s ~ /^[ \t]*(#.*)?$/) return
  p = 0
  if (match(s, /^[A-Z_][A-Z0-9_]*=/)) p = RLENGTH
  if (p) emit(substr(s, 1, p) (length(s) > p ? keptflags(substr(s, p + 1)) : ""))
  else emit(keptflags(s))
}
# What `kubectl api-resources` prints: name, short names, version, whether it is namespaced, kind
function table(s,   n, i, a) {
  if (s ~ /^NAME +SHORTNAMES +API(VERSION|GROUP) +NAMESPACED +KIND *$/) { emit(s); return }
  n = split(s, a, " ")
  fits = n >= 3 && n <= 5 && length(s) <= 500 && a[n] ~ /^[A-Z][A-Za-z0-9]*$/ && a[n - 1] ~ /^(true|false)$/
  for (i = 1; i < n - 1; i++) if (a[i] !~ /^[a-z0-9][a-z0-9.,\/-]*$/) fits = 0
  if (fits) emit(s)
  else { bad = 1; gone() }
}
{
  sub(/\r$/, "")
  if (length($0) > 65536) gone()
  else if (form == "os-release") assignment($0)
  else if (form == "docker-group") group($0)
  else if (form == "selinux") selinux($0)
  else if (form == "sysctl") sysctl($0)
  else if (form == "apparmor") apparmor($0)
  else if (form == "kubelet") kubelet($0)
  else if (form == "api-resources") table($0)
  else gone()
}
END {
  ok = some && !bad
  report(ok)
}
'

# --------------------------------------------------------------- keep_audit.awk
# shellcheck disable=SC2016
AWK_KEEP_AUDIT='
# Behind redact.awk and select.awk: audit records. Of each record the fields of who,
# what program and with which result stay. Of a command line stays what tells whether
# it was a docker exec and which of its options were given; values, names and the
# command that ran inside go.
BEGIN {
  nred = 0; bytes = 0; event = ""
  words_of(PLAIN, "arch syscall success exit ppid pid auid uid gid euid suid fsuid egid sgid fsgid tty ses items argc")
  words_of(PLAIN, "AUID UID GID EUID SUID FSUID EGID SGID FSGID ARCH SYSCALL")
  words_of(QUOTED, "comm exe key")
  # fields of which only that they are there stays
  words_of(NAMED, "a0 a1 a2 a3 cwd name path proctitle cmd op res acct addr hostname terminal subj obj item inode dev")
  words_of(NAMED, "mode ouid ogid rdev nametype list msg unit data ver flags fd cap_fp cap_fi cap_fe cap_fver")
  words_of(NAMED, "cap_frootid old new OUID OGID SADDR saddr oldprog prog grantors id sig reason prog-id")
  words_of(NAMED, "kernel format node")
  words_of(GLOBAL, "--config -c --context -H --host -l --log-level --tlscacert --tlscert --tlskey")
  words_of(FREE, "-D --debug --tls --tlsverify -v --version --help")
  words_of(COMPOSE, "-f --file -p --project-name --profile --env-file --project-directory --parallel --ansi --progress")
  words_of(TAKES, "--env --env-file --workdir --user --detach-keys --index")
  words_of(BARE, "--privileged --interactive --tty --detach --no-tty --no-TTY --help")
  words_of(COMMAND, "attach build commit config cp create diff events export history image images import info inspect")
  words_of(COMMAND, "kill load login logout logs network node pause plugin port ps pull push rename restart rm rmi run")
  words_of(COMMAND, "save search secret service stack start stats stop swarm system tag top trust unpause up down")
  words_of(COMMAND, "update version volume wait")
  for (i = 1; i < 256; i++) { CODE[sprintf("%c", i)] = i; CHAR[sprintf("%02X", i)] = sprintf("%c", i) }
}
function words_of(set, text,   n, i, a) { n = split(text, a, " "); for (i = 1; i <= n; i++) set[a[i]] = 1 }
# A record that is not understood stays one, of which nobody knows what it records.
function unknown() { ndrop++; put("type=UNKNOWN msg=audit(0.0:" NR "): comm=" LOST) }
function lost() { ndrop++; return LOST }
# A command line begins: phase 0 looks for docker, 1 for its command, 2 for the options
# of exec, 3 is behind them.
function start() { phase = 0; compose = 0; value = 0 }
function base(w) { sub(/^.*[\/\\]/, "", w); return w }
# What stays of one word of a command line.
function keptword(w,   p, n, v) {
  if (phase == 0) {
    if (base(w) !~ /^docker(-compose)?(\.exe)?$/ || w !~ /^[A-Za-z0-9_.:\/\\-]*$/ || length(w) > 200) return lost()
    phase = 1; compose = (base(w) ~ /compose/)
    return w
  }
  if (phase == 3) return lost()
  if (value) { value = 0; return lost() }
  if (phase == 1) {
    if (w == "container") return w
    if (w == "compose") { compose = 1; return w }
    if (w == "exec") { phase = 2; return w }
    if (w !~ /^-/) { phase = 3; return w in COMMAND ? w : lost() }
    if (w in GLOBAL || compose && w in COMPOSE) { value = 1; return w }
    return w in FREE ? w : "--" lost()
  }
  if (w == "--" || w == "-" || w !~ /^-/) { phase = 3; return w == "--" || w == "-" ? w : lost() }
  if (w ~ /^--/) {
    p = index(w, "="); n = p ? substr(w, 1, p - 1) : w; v = p ? substr(w, p + 1) : ""
    if (n in TAKES) { if (!p) { value = 1; return n } return n "=" lost() }
    if (!(n in BARE)) return "--" lost()
    if (!p) return n
    return n "=" (v ~ /^([Tt]rue|TRUE|[Ff]alse|FALSE|[tTfF01])$/ ? v : lost())
  }
  for (p = 2; p <= length(w); p++) {
    n = substr(w, p, 1)
    if (n ~ /[ewu]/) {
      if (p == length(w)) value = 1
      return substr(w, 1, p) (p < length(w) ? lost() : "")
    }
    if (n == "=") return substr(w, 1, p) lost()
    if (n !~ /[dith]/) return substr(w, 1, p - 1) (p == 2 ? "-" : "=") lost()
  }
  return w
}
function decoded(h,   i, out) {
  out = ""
  for (i = 1; i < length(h) && i < 8000; i += 2) out = out (substr(h, i, 2) == "00" ? "\001" : CHAR[substr(h, i, 2)])
  return out
}
function encoded(s,   i, c, out) {
  out = ""
  for (i = 1; i <= length(s); i++) { c = substr(s, i, 1); out = out (c == "\001" ? "00" : sprintf("%02X", CODE[c])) }
  return out
}
# proctitle: the words of a command line with zeros between them, cut at 127 bytes
function title(v,   n, i, a, out, was) {
  start()
  if (v ~ /^".*"$/) { v = substr(v, 2, length(v) - 2); return "\"" pad(keptword(v), length(v)) "\"" }
  if (v !~ /^[0-9A-F]+$/ || length(v) % 2) return lost()
  v = decoded(v); was = length(v); n = split(v, a, "\001"); out = ""
  for (i = 1; i <= n; i++) out = out (i > 1 ? "\001" : "") keptword(a[i])
  return encoded(pad(out, was))
}
# A title that was cut stays one: the reader tells it by its length.
function pad(s, was) {
  if (was < 127) return substr(s, 1, 126)
  while (length(s) < 127) s = s "."
  return s
}
function argument(k, v) {
  if (k ~ /_len=$/) return k (v ~ /^[0-9]+$/ ? v : "0")
  if (interpreted) return k keptword(v)
  if (v ~ /^".*"$/) v = substr(v, 2, length(v) - 2)
  else if (v ~ /^[0-9A-F]+$/ && length(v) % 2 == 0) v = decoded(v)
  else return k encoded(lost())
  # of an argument in several parts the first tells
  if (k ~ /\[[0-9]+\]=$/ && k !~ /\[0\]=$/) return k "\"\""
  v = keptword(v)
  # auditd writes what has blanks or quotes in it in hexadecimal digits
  return v ~ /[ "]/ ? k encoded(v) : k "\"" v "\""
}
# Whether a field stays with its value.
function fits(name, v) {
  if (length(v) > 300) return 0
  if (name in PLAIN) return v ~ /^([A-Za-z0-9_.()?-]*|"[A-Za-z0-9_.()?-]*")$/
  if (name in QUOTED && interpreted && v ~ /^[A-Za-z0-9_.:\/-]*$/) return 1
  return name in QUOTED && (v ~ /^"[A-Za-z0-9_.:\/-]*"$/ || v == "(null)")
}
# The title as `ausearch -i` prints it, with blanks between its words.
function plain_title(v,   n, i, a, out, was) {
  start(); was = length(v); n = split(v, a, " "); out = ""
  for (i = 1; i <= n && i < 4000; i++) out = out (i > 1 ? " " : "") keptword(a[i])
  return pad(out, was + 1)
}
function record(s,   head, rest, kind, id, n, a, i, k, v, out) {
  match(s, /msg=audit\([0-9.:\/ ]+\) ?:/)
  head = substr(s, 1, RSTART + RLENGTH - 1); rest = substr(s, RSTART + RLENGTH)
  id = substr(s, RSTART, RLENGTH); kind = head; sub(/^.*type=/, "", kind); sub(/ .*/, "", kind)
  # a record is of at most 9,000 bytes or so
  if (length(head) > 200 || length(s) > 65536) { unknown(); return }
  interpreted = id ~ /\//
  if (kind == "EXECVE" && id != event) { event = id; start() }
  gsub(/\035/, " ", rest)
  if (kind == "PROCTITLE" && interpreted && (k = index(rest, "proctitle="))) {
    put(head " proctitle=" plain_title(substr(rest, k + 10)))
    return
  }
  n = split(rest, a, " "); out = head
  for (i = 1; i <= n; i++) {
    if (!(k = index(a[i], "="))) { ndrop++; continue }
    v = substr(a[i], k + 1); k = substr(a[i], 1, k)
    if (kind == "EXECVE" && k ~ /^a[0-9]+(\[[0-9]+\]|_len)?=$/) out = out " " argument(k, v)
    else if (kind == "PROCTITLE" && k == "proctitle=") out = out " " k title(v)
    else if (fits(substr(k, 1, length(k) - 1), v)) out = out " " k v
    else if (substr(k, 1, length(k) - 1) in NAMED) out = out " " k lost()
    else ndrop++
  }
  put(out)
}
/^----$/ { put($0); next }
/^time->[A-Za-z]+ [A-Za-z]+ +[0-9]+ [0-9:]+ [0-9]+$/ { put($0); next }
/^<no matches>$/ { put($0); next }
/^(node=[A-Za-z0-9._-]+ )?type=[A-Z_0-9]+(\[[0-9]+\])? msg=audit\([0-9.:\/ ]+\) ?:/ { record($0); next }
/audit\(/ { unknown(); next }
{ ndrop++ }
END {
  ok = NR > 0
  report(ok)
}
'

# --------------------------------------------------------------- keep_rules.awk
# shellcheck disable=SC2016
AWK_KEEP_RULES='
# Behind redact.awk and select.awk: the audit rules that auditctl prints. Of each the
# options and their values, as far as they look like values of audit rules.
BEGIN { nred = 0; bytes = 0; rules = 0 }
function fits(option, v) {
  if (length(v) > 512) return 0
  if (option == "-w") return v ~ /^\/[A-Za-z0-9_.+~%\/-]*$/
  if (option == "-p") return v ~ /^[rwxa]+$/
  if (option == "-k") return v ~ /^[A-Za-z0-9_.:-]+$/
  if (option == "-a" || option == "-A") return v ~ /^[a-z]+,[a-z]+$/
  if (option == "-S") return v ~ /^[a-z0-9_,]+$/
  if (option == "-C") return v ~ /^[a-z_]+!?=[a-z_]+$/
  if (option == "-F") return v ~ /^[a-z0-9_]+(=|!=|<=|>=|<|>|&=|&)[A-Za-z0-9_.,:\/-]+$/
  return 0
}
# What `auditctl -s` says: a pair a line, or all of them on one.
function status(n, a,   i, p) {
  if (n == 2 && a[1] ~ /^(enabled|pid)$/ && a[2] ~ /^[0-9]+$/) { put(a[1] " " a[2]); return }
  for (i = 1; i <= n; i++) {
    if (split(a[i], p, "=") == 2 && p[1] ~ /^(enabled|pid)$/ && p[2] ~ /^[0-9]+$/) put(p[1] " " p[2])
  }
  ndrop++
}
{
  sub(/\r$/, "")
  if (tolower($0) ~ /^ *no rules *$/) { rules++; put("No rules"); next }
  n = split($0, a, " ")
  if (n == 0) next
  if (a[1] !~ /^-/) { status(n, a); next }
  out = ""
  for (i = 1; i <= n; i++) {
    w = a[i]
    if (w ~ /^-[wpkaASCF]$/) {
      v = i < n ? a[i + 1] : ""
      if (fits(w, v)) { out = out " " w " " v; i++; continue }
      # a filter that is not understood still limits the rule
      out = out " " w " " LOST; ndrop++; if (v != "" && v !~ /^-/) i++
      continue
    }
    out = out " " LOST; ndrop++
  }
  rules++
  put(substr(out, 2))
}
END {
  ok = rules > 0
  report(ok)
}
'

# --------------------------------------------------------------- keep_forward.awk
# shellcheck disable=SC2016
AWK_KEEP_FORWARD='
# Behind redact.awk: the configuration of rsyslog and of journald. Of it stays where
# entries are forwarded to, as a list of JSON objects; of every other line nothing.
# A value that does not look like an address, a number or a selector goes.
BEGIN { nred = 0; bytes = 0; ndrop = 0; n = 0; block = ""; lines = 0; put("[") }
function safe(s, what) {
  if (s == "") return ""
  if (length(s) > 255 || s !~ what) { ndrop++; return LOST }
  return s
}
function forward(program, protocol, target, port, selector) {
  target = safe(target, "^[][A-Za-z0-9._:-]+$")
  put((n++ ? "," : "") "{\"program\":\"" program "\",\"protocol\":\"" safe(protocol, "^[a-z0-9]+$") "\",\"target\":\"" \
    target "\",\"port\":\"" safe(port, "^[A-Za-z0-9-]+$") "\",\"selector\":\"" \
    safe(selector, "^[A-Za-z0-9_.,;*!=-]+$") "\"}")
}
# The value of a key in action(...), without its quotes
function given(s, key,   low, v) {
  low = tolower(s)
  if (!match(low, "[ \t(]" key "[ \t]*=[ \t]*\"[^\"]*\"")) return ""
  v = substr(s, RSTART, RLENGTH)
  sub(/^[^"]*"/, "", v); sub(/"$/, "", v)
  return v
}
# What stands before the action: a selector, or something that is none
function selector(s) { sub(/^[ \t]+/, "", s); sub(/[ \t]+$/, "", s); return s }
function action(s,   p, type, protocol) {
  p = index(s, "action(")
  type = tolower(given(substr(s, p), "type"))
  if (type !~ /^om(fwd|relp|gssapi|kafka|elasticsearch|http|amqp1|rabbitmq|hiredis|mongodb)$/) return
  protocol = type == "omfwd" ? tolower(given(s, "protocol")) : substr(type, 3)
  forward("rsyslog", protocol, given(s, "target"), given(s, "port"), selector(substr(s, 1, p - 1)))
}
# SELECTOR @@host:port, SELECTOR @(z9)host, SELECTOR :omrelp:host:port;template
function legacy(s,   at, protocol, p) {
  sub(/[ \t]+(#.*)?$/, "", s)
  if (!match(s, /(^|[ \t])(@@?(\([^)]*\))?|:omrelp:)[^@ \t(][^ \t]*$/)) return
  at = selector(substr(s, RSTART)); s = selector(substr(s, 1, RSTART - 1))
  if (s !~ /^([A-Za-z0-9*][A-Za-z0-9_.,;*!=-]*\.[A-Za-z0-9_.,;*!=-]+|&|:[a-z].*|if .*then)?$/) { ndrop++; return }
  protocol = at ~ /^@@/ ? "tcp" : at ~ /^@/ ? "udp" : "relp"
  sub(/^(@@?(\([^)]*\))?|:omrelp:)/, "", at); sub(/;.*$/, "", at)
  p = ""
  if (match(at, /:[0-9]+$/) && (at ~ /^\[/ || at !~ /:.*:/)) {
    p = substr(at, RSTART + 1); at = substr(at, 1, RSTART - 1)
  }
  forward("rsyslog", protocol, at, p, s)
}
function rsyslog(s) {
  if (block != "") {
    block = block " " s
    if (++lines > 100 || length(block) > 65536) { block = ""; ndrop++ }
  } else if (tolower(s) ~ /(^|[ \t;{}])action[ \t]*\(/) {
    sub(/[Aa][Cc][Tt][Ii][Oo][Nn][ \t]*\(/, "action(", s); block = s; lines = 0
  } else { legacy(s); return }
  if (block ~ /\)/) { action(block); block = "" }
}
function journal(s,   v, p) {
  v = s; sub(/^[^=]*=[ \t]*/, "", v); sub(/[ \t]+$/, "", v)
  if (s ~ /^ForwardToSyslog[ \t]*=/) {
    if (tolower(v) ~ /^(yes|true|on|1|y|t)$/) forward("journald", "", "syslog", "", "")
  } else if (s ~ /^URL[ \t]*=/ && v != "") {
    p = match(v, /^https?:\/\//) ? substr(v, 1, RLENGTH - 3) : ""
    sub(/^https?:\/\//, "", v); s = ""
    if (v ~ /@/) v = "@"
    sub(/\/.*$/, "", v)
    if (match(v, /:[0-9]+$/)) { s = substr(v, RSTART + 1); v = substr(v, 1, RSTART - 1) }
    forward("journal-upload", p, v, s, "")
  }
}
/^# file / { file = $3; block = ""; next }
{
  sub(/\r$/, "")
  if (length($0) > 65536) { ndrop++; next }
  sub(/^[ \t]+/, "")
  if ($0 == "" || $0 ~ /^[#;]/) next
  if (file ~ /rsyslog/) rsyslog($0)
  else journal($0)
}
END { put("]"); report(1) }
'

# --------------------------------------------------------------- processes.awk
# shellcheck disable=SC2016
AWK_PROCESSES='
# Behind redact.awk and select.awk: lists of processes, each behind a line
# "== <container id>". The program stays, its arguments go. Of an argument that names
# a server for ssh the name stays, since a rule looks for it anywhere in a command line.
# A line that does not fit its head is marked, so that no process gets lost unseen. A title may
# hold lines of its own, so a list begins only with the next id of the file that ids names.
BEGIN {
  nred = 0; bytes = 0; head = 0; ncol = 0; windows = 0; bad = 0; at = 0; nids = 0; line = ""
  rs = RS; RS = "\n"
  if (ids != "") { while ((getline line < ids) > 0) ID[++nids] = line; close(ids) }
  RS = rs
  FORM["PID"] = FORM["PPID"] = "^[0-9]+$"
  FORM["USER"] = FORM["UID"] = "^[A-Za-z0-9_.][A-Za-z0-9_.@+-]*$"
  FORM["C"] = FORM["%CPU"] = FORM["%MEM"] = FORM["VSZ"] = FORM["RSS"] = "^[0-9.]+$"
  FORM["STIME"] = FORM["START"] = FORM["TIME"] = "^([A-Z][a-z][a-z])?[0-9][0-9:-]*$"
  FORM["TTY"] = FORM["STAT"] = "^[A-Za-z0-9?/<+]+$"
}
function lost() { ndrop++; put(LOST) }
function begins(s) {
  if (s !~ /^== [A-Za-z0-9]+$/) return 0
  s = substr(s, 4)
  if (ids == "") return s ~ /^[0-9a-f]+$/ && length(s) <= 64
  return at < nids && s == ID[at + 1]
}
function process(s,   n, i, a, out) {
  if (begins(s)) { if (head) bad = 1; at++; head = 1; put(s); return }
  if (!at) { bad = 1; ndrop++; return }
  if (s ~ /^[ \t]*$/) return
  if (head) {
    head = 0
    # nothing is listed of a container that ended meanwhile
    if (s == "-- none") { ncol = 0; windows = 0; return }
    windows = s ~ /^ *Name +PID +CPU +Private Working Set *$/
    ncol = column(s)
    if (windows || ncol) put(s)
    else { bad = 1; lost() }
    return
  }
  if (windows) {
    # Windows names programs without their arguments
    if (length(s) < 300 && s ~ /^ *[A-Za-z0-9_.+() -]+  +[0-9]+  +[0-9:.]+  +[0-9.]+ ?[kKMGT]?i?B *$/) put(s)
    else lost()
    return
  }
  if (length(s) > 131072) s = substr(s, 1, 131072)
  n = split(s, a, " ")
  if (!ncol || n < ncol) { lost(); return }
  out = ""
  for (i = 1; i < ncol; i++) {
    if (a[i] !~ FORM[HEAD[i]] || length(a[i]) > 64) { lost(); return }
    out = out a[i] " "
  }
  put(out program(a[ncol]) arguments(a, n))
}
# A program, as far as it looks like one.
function program(w) {
  if (length(w) <= 256 && w ~ /^[[({-]?[A-Za-z0-9_.\/+:-]+[])}]?:?$/ && w !~ /:\/\//) return w
  ndrop++
  return LOST server(w)
}
# The word of an SSH server in a word, in quotes or among others.
function server(w) {
  w = tolower(w)
  if (w ~ /sshd/) return " sshd"
  return w ~ /(^|[^a-z0-9_.-])dropbear(multi)?(\.exe)?($|[^a-z0-9_.-])/ ? " dropbear" : ""
}
function arguments(a, n,   i, out, cut, found) {
  if (n == ncol) return ""
  out = ""; cut = 0
  for (i = ncol + 1; i <= n; i++) {
    found = server(a[i])
    if (found != " sshd") out = out found
    else { if (!cut) out = out found; cut = 1 }
  }
  ndrop++
  return out " " LOST
}
# The column of the command lines, which is the last one; 0 if the head is none.
function column(s,   n, i, a, pid) {
  n = split(s, a, " "); pid = 0
  if (a[n] != "CMD" && a[n] != "COMMAND" && a[n] != "ARGS") return 0
  for (i = 1; i < n; i++) {
    if (!(a[i] in FORM)) return 0
    HEAD[i] = a[i]; if (a[i] == "PID") pid = 1
  }
  return pid ? n : 0
}
{ sub(/\r$/, ""); process($0) }
END {
  ok = !bad && !head && at == (ids == "" ? at : nids)
  report(ok)
}
'

# --------------------------------------------------------------- cert.awk
# shellcheck disable=SC2016
AWK_CERT='
# The certificates in a text, and nothing else of it: a block is its two marks and lines of
# base64 between them. Of a block with anything else in it no line stays, and the text is not what it should be.
BEGIN { bytes = 0; bad = 0; some = 0; open = 0; n = 0 }
{
  sub(/\r$/, "")
  if ($0 ~ /^-----BEGIN (TRUSTED )?CERTIFICATE-----$/) { if (open) bad = 1; open = 1; n = 0; LINE[++n] = $0 }
  else if (!open) { if ($0 ~ /-----(BEGIN|END) /) bad = 1 }
  else if ($0 ~ /^-----END (TRUSTED )?CERTIFICATE-----$/) {
    LINE[++n] = $0; open = 0
    if (n < 3) { bad = 1; next }
    some = 1
    for (i = 1; i <= n; i++) put(LINE[i])
  }
  else if ($0 ~ /^[A-Za-z0-9+\/]+=?=?$/ && length($0) <= 76 && n < 2000) LINE[++n] = $0
  else { bad = 1; open = 0 }
}
END {
  ok = some && !bad && !open
  report(ok)
}
'

# --------------------------------------------------------------- socket.awk
# shellcheck disable=SC2016
AWK_SOCKET='
# One line of `ls -ldL` as "owner:group mode path", the
# mode in octal digits. Where a plus sign marks an access control list, the mode stays as ls
# prints it: digits would hide that more people may come in than they say. Behind it what
# getfacl prints of the same file.
BEGIN { LOST = "(present)"; bytes = 0; bad = 0; ACCOUNT = "^[A-Za-z0-9_.][A-Za-z0-9_.@$\\\\-]*$" }
function account(w) { return length(w) <= 64 && w ~ ACCOUNT ? w : LOST }
function octal(s,   i, c, o, v) {
  o = 0
  for (i = 1; i <= 9; i++) {
    c = substr(s, i, 1); v = (i % 3 == 1) ? 4 : (i % 3 == 2) ? 2 : 1
    if (c ~ /[rwxst]/) o += v * (i <= 3 ? 100 : i <= 6 ? 10 : 1)
    if (c ~ /[sStT]/) o += (i == 3 ? 4000 : i == 6 ? 2000 : 1000)
  }
  return o
}
NR == 1 {
  if (NF < 5 || $1 !~ /^[a-z-][rwxsStT-]+[.+@]?$/ || length($1) < 10 ||
      $NF !~ /^\/[A-Za-z0-9._\/-]*$/) { bad = 1; next }
  put(account($3) ":" account($4) " " (substr($1, 11, 1) == "+" ? $1 : octal(substr($1, 2, 9))) " " $NF)
  next
}
{
  sub(/[ \t]*(#.*)?\r?$/, "")
  n = split($0, a, ":")
  if (n == 3 && a[1] ~ /^(user|group|mask|other)$/ && a[3] ~ /^[r-][w-][x-]$/)
    put(a[1] ":" (a[2] == "" ? "" : account(a[2])) ":" a[3])
  # what is not understood may let somebody in
  else if ($0 != "") put("user:" LOST ":rwx")
}
END {
  ok = NR > 0 && !bad
  report(ok)
}
'

# --------------------------------------------------------------- ids.awk
# shellcheck disable=SC2016
AWK_IDS='
# A listing of ids, one a line; what is none is counted and reaches no file. The file that side names gets the counts.
BEGIN { bytes = 0; ndrop = 0; n = 0 }
{
  sub(/\r$/, ""); sub(/ +\*?$/, "")
  if ($0 == "") next
  if ($0 !~ /^[A-Za-z0-9]+$/ || length($0) > 64 || n >= 500000) { ndrop++; next }
  if (!($0 in seen)) { seen[$0] = 1; n++; put($0) }
}
END { report(1) }
'

# --------------------------------------------------------------- flat.awk
# shellcheck disable=SC2016
AWK_FLAT='
# Behind strings.awk: JSON as lines "path<TAB>value", with strings still escaped.
# For small answers.
function unwanted() { return 0 }
function path(   i, p) {
  p = ""
  for (i = 1; i <= d; i++) p = p (T[i] == "a" ? "[" I[i] "]" : (p == "" ? "" : ".") K[i])
  return p
}
function outside(s,   i, n, c, w) {
  gsub(/[ \t\r\n]+/, "", s); n = length(s); w = ""
  for (i = 1; i <= n; i++) {
    c = substr(s, i, 1)
    if (index("{}[],:", c)) {
      if (w != "") { print path() "\t" w; w = "" }
      if (c == "{") { d++; T[d] = "o"; K[d] = ""; isval = 0 }
      else if (c == "[") { d++; T[d] = "a"; I[d] = 0; isval = 1 }
      else if (c == ":") isval = 1
      else if (c == ",") { if (T[d] == "a") { I[d]++; isval = 1 } else isval = 0 }
      else if (d > 0) { d--; isval = (T[d] == "a") }
    } else w = w c
  }
  if (w != "") print path() "\t" w
}
function inside(s) {
  if (isval || T[d] == "a") print path() "\t" s
  else K[d] = s
}
'

# --------------------------------------------------------------- rows.awk
# shellcheck disable=SC2016
AWK_ROWS='
# Behind strings.awk: the elements of one list of a JSON answer as they stand,
# without the brackets. want is the name of the list at the top, or "" where the
# answer itself is a list; the file that rows names gets the number of elements, and whether there
# is such a list.
BEGIN { on = 0; n = 0; some = 0 }
function unwanted() { return 0 }
function out(x) {
  if (!on) return
  if (!some && x ~ /[^ \t\r\n]/) { some = 1; n = 1 }
  printf "%s", x
}
function wanted() { return !on && !done && (want == "" && d == 1 || want != "" && d == 2 && key == want) }
function outside(s,   i, m, c) {
  if (on && d > base && s !~ /[][{}]/) { out(s); if (s ~ /:/) isval = 1; else if (s ~ /,/) isval = 0; return }
  m = length(s)
  for (i = 1; i <= m; i++) {
    c = substr(s, i, 1)
    if (c == "{" || c == "[") {
      out(c); d++
      if (c == "[" && wanted()) { on = 1; base = d; found = 1 }
      isval = 0
    } else if (c == "}" || c == "]") {
      if (on && d == base) { on = 0; done = 1 }
      d--; out(c); isval = 0
    } else {
      if (c == ":") isval = 1
      if (c == ",") { isval = 0; if (on && d == base) n++ }
      out(c)
    }
  }
}
function inside(s) {
  if (d == 1 && !isval) key = s
  out("\"" s "\"")
}
END { print n, found + 0 > rows; close(rows) }
'

# --------------------------------------------------------------- said.awk
# shellcheck disable=SC2016
AWK_SAID='
# An error text as its known phrases, a line for a line that says something: of a message that somebody
# else wrote no word reaches the disk but these. Where hdr names a file, the text is what curl says, with
# the headers of the answer before it; of these the status and the next page go to that file.
BEGIN {
  NOTKEPT = "(message not kept)"; said = 0; nphrase = 0
  known("permission denied;access denied;(Forbidden);forbidden;(Unauthorized);unauthorized;not authorized;(NotFound)")
  known("authentication required;authentication failed;must be logged in;a password is required;NOT_AUTHORIZED")
  known("NOT_AUTHENTICATED")
  known("host key verification failed;too many authentication failures;connection refused;was refused;connection reset")
  known("connection timed out;operation timed out;timed out;i/o timeout;Client.Timeout;deadline exceeded")
  known("tls handshake timeout;no route to host;network is unreachable;no such host;could not resolve host")
  known("name or service not known;temporary failure in name resolution;cannot connect to the docker daemon")
  known("error during connect;broken pipe;unexpected eof;empty reply from server;connection closed;failed to connect")
  known("certificate signed by unknown authority;certificate has expired;certificate is not valid;unknown ca")
  known("issuer certificate;self-signed certificate;self signed certificate;certificate problem")
  known("bad certificate;certificate required;handshake failure;wrong version number;no such file or directory")
  known("command not found;is not running;no such container;not a swarm manager;have a resource type")
  known("the server is currently unable;service unavailable;internal server error;bad gateway;gateway timeout")
  known("too many requests;unknown flag;unknown command;unknown shorthand;invalid option;unrecognized option")
  known("no space left on device;file too large;input/output error;read-only file system;cannot allocate memory")
  known("out of memory;operation not permitted;must be root;error opening;unable to open;not supported;is too new")
  known("is too old;unexpected end;invalid character;write error;write failure;is a directory;not found")
}
function known(text,   i, n, a) {
  n = split(text, a, ";")
  for (i = 1; i <= n; i++) { PHRASE[++nphrase] = a[i]; LOW[nphrase] = tolower(a[i]) }
}
function header(s,   v) {
  sub(/\r$/, "", s)
  if (s ~ /^HTTP\/[0-9.]+ [1-5][0-9][0-9]( |$)/) { split(s, v, " "); print "HTTP", v[2] > hdr }
  else if (tolower(s) ~ /^x-next-page-start:/) {
    sub(/^[^:]*:[ \t]*/, "", s)
    if (s !~ /^[A-Za-z0-9._~%+\/=-]*$/ || length(s) > 512) s = "(present)"
    if (s != "") print "X-Next-Page-Start:", s > hdr
  }
}
function phrases(s,   i, n, low, out) {
  low = tolower(s); out = ""; n = 0
  if (match(low, /^curl: \([0-9][0-9]?\)/)) out = substr(low, 1, RLENGTH)
  for (i = 1; i <= nphrase && n < 4; i++)
    if (index(low, LOW[i]) && !index(tolower(out), LOW[i])) { n++; out = out (out == "" ? "" : ", ") PHRASE[i] }
  return out == "" ? NOTKEPT : out
}
# What an engine says of one object that is gone, and nothing besides.
function gone(s) {
  if (length(s) > 300) return 0
  sub(/^(Error: |Error response from daemon: )/, "", s); s = tolower(s)
  if (s ~ /^no such (object|container|network|service|secret|config|node|image|volume)(: ?[a-z0-9]+)?$/) return 1
  return s ~ /^(network|service|secret|config|node) [a-z0-9]+ not found$/
}
{
  s = length($0) > 2000 ? substr($0, 1, 2000) : $0
  if (hdr != "" && s !~ /^curl: /) { header(s); next }
  gsub(/[\001-\037\177]+/, " ", s); sub(/^ +/, "", s); sub(/ +$/, "", s)
  if (s == "" || ++said > 1001) next
  if (said == 1001) print NOTKEPT
  else if (s == "<no matches>") print s
  else if (gone(s)) print "no such object"
  else print phrases(s)
}
'

# --------------------------------------------------------------- record.awk
# shellcheck disable=SC2016
AWK_RECORD='
# Behind redact.awk: one line of the manifest out of the variables R_* of the
# environment. R_FIELDS names them with their kinds: s text, n a number, z text or
# null, b true or false.
BEGIN {
  for (i = 1; i < 32; i++) ESC[sprintf("%c", i)] = sprintf("\\u%04x", i)
  ESC["\""] = "\\\""; ESC["\\"] = "\\\\"; ESC["\n"] = "\\n"; ESC["\t"] = "\\t"; ESC["\r"] = "\\r"
  ESC[sprintf("%c", 127)] = "\\u007f"
  n = split(ENVIRON["R_FIELDS"], f, " ")
  o = "{"
  for (i = 1; i <= n; i++) {
    c = index(f[i], ":"); kind = substr(f[i], c + 1); k = substr(f[i], 1, c - 1)
    v = ENVIRON["R_" k]
    o = o (i > 1 ? "," : "") "\"" k "\":"
    if (kind == "s") o = o str(v)
    else if (kind == "n") o = o (v ~ /^-?[0-9]+$/ ? v : "null")
    else if (kind == "z") o = o (v == "" ? "null" : str(v))
    else o = o (v == "true" ? "true" : "false")
  }
  print o "}"
  exit
}
function str(s,   i, n, c, r) {
  s = scrub(s); n = length(s); r = ""
  for (i = 1; i <= n; i++) {
    c = substr(s, i, 1)
    if (c in ESC) r = r ESC[c]
    else if (c > "~") r = r "?"
    else r = r c
  }
  return "\"" r "\""
}
'

# --------------------------------------------------------------- parts.awk
# shellcheck disable=SC2016
AWK_PARTS='
# The lines of the manifest in archives of at most size bytes, in their order: each item
# with a member gets the number of its archive. count asks for the number of archives
# alone, part for the members of one. The lines are of record.awk: within their strings
# a quotation mark has a backslash before it.
function field(name,   s) {
  if (!match($0, "\"" name "\":(\"[^\"]*\"|[0-9]+)")) return ""
  s = substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 3)
  gsub(/"/, "", s)
  return s
}
BEGIN { at = 1; held = 0 }
part { if (field("part") == part) print field("path"); next }
{
  has = size && field("sha256") ~ /^[0-9a-f]+$/
  if (has) {
    bytes = field("bytes") + 0
    if (held && held + bytes > size) { at++; held = 0 }
    held += bytes
    sub(/}$/, ",\"part\":" at "}")
  }
  if (!count) print
}
END { if (count) print at }
'

# --------------------------------------------------------------- url.awk
# shellcheck disable=SC2016
AWK_URL='
# A JSON string, still escaped, as a part of a URL path.
BEGIN { for (i = 0; i < 256; i++) { c = sprintf("%c", i); ORD[c] = i } }
function hex(n) { return sprintf("%%%02X", n) }
function utf(n) {
  if (n < 128) return hex(n)
  if (n < 2048) return hex(192 + int(n / 64)) hex(128 + n % 64)
  return hex(224 + int(n / 4096)) hex(128 + int(n / 64) % 64) hex(128 + n % 64)
}
function num(h,   i, n) {
  n = 0; h = tolower(h)
  for (i = 1; i <= length(h); i++) n = n * 16 + index("0123456789abcdef", substr(h, i, 1)) - 1
  return n
}
{
  n = length($0); o = ""
  for (i = 1; i <= n; i++) {
    c = substr($0, i, 1)
    if (c ~ /[A-Za-z0-9_-]/) { o = o c; continue }
    if (c == "\\") {
      i++; c = substr($0, i, 1)
      if (c == "u") { o = o utf(num(substr($0, i + 1, 4))); i += 4; continue }
      if (c == "n") c = "\n"; else if (c == "t") c = "\t"; else if (c == "r") c = "\r"
    }
    o = o hex(ORD[c])
  }
  print o
}
'

# --------------------------------------------------------------- usage.sh
# The page of --help.

usage() {
  cat <<'EOT'
usage: mke-collect.sh cluster|node|all [options]
       mke-collect.sh select MEMBER <FILE    what would be kept of an output, on standard output

  cluster             through the API: swarm, Kubernetes, MKE, MSR
  node                this node alone; run it as root on the node
  all --hosts FILE    cluster, then `node` over ssh on every host of FILE

where to
  -o, --output DIR    folder for the archive (default: the current one)
  --name WORD         name of the cluster in the archive's name
  --format zst|gz|tar (default: zst where zstd is installed, else gz)
  --tmp DIR           where the private working folder is made
  --split SIZE        several archives, each with the whole manifest and members of at most SIZE before they are
                      packed (500M, 2G; a larger member fills one alone). Assess all of them together
  --stream            the archive goes to standard output as plain tar

which cluster, which credentials
  --bundle DIR        client bundle: ca.pem cert.pem key.pem kube.yml env.sh
  --mke URL           address of MKE (default: from the bundle)
  --msr URL           address of MSR (default: none; `auto`: as MKE's settings name it)
  --user NAME         log in with a password, asked for on the terminal
  --password-file F   or read from a file of mode 0600
  --token-file F      session token in a file of mode 0600 instead of a password
  --ca FILE           CA of MKE (default: the bundle's ca.pem)
  --msr-ca FILE       CA of MSR (default: that of MKE)
  --insecure          do not verify the TLS of MKE, MSR and docker; the manifest says so
  --kubeconfig F      --context NAME  (default: the bundle's kube.yml)
  --docker-host URL   engine to ask (default: the bundle's, or the local one)
  --keep KIND:FIELD   keep this field too, and all below it (docker.container:Config.Cmd); again for more.
                      Rules of your own may need it. Look into the archive for secrets then
  --skip LIST         leave out parts (docker,kubectl,mke,msr,host) or members by name, wherever they
                      are (secrets,images,accounts,kubelet,...; comma list)

how
  --since WHEN        audit records since today, yesterday, this-week, week-ago, this-month, this-year or boot
                      alone. That nothing was recorded is then no proof, and the member counts as cut
  --timeout SECONDS   limit for each command (default 180)
  --support-dump      also ask MKE for its support dump (--support-timeout SECONDS, default 1800)
  --hosts FILE        one [user@]host[:port] per line, # starts a comment
  --ssh-config FILE   --sudo   --node-timeout SECONDS (default 1800)   --jobs N (default 4)
  --node-name NAME    name of this node (default: uname -n)
  --socket PATH       engine socket of this node (default /var/run/docker.sock)
  --dry-run           print every command and URL, and do nothing
  --explain           print for each member which fields are kept and for which rules, and do nothing
  --quiet             no progress, no summary
  --version, --help

exit: 0 everything collected, 3 collected with gaps, 2 nothing collected
EOT
}

# --------------------------------------------------------------- tools.sh
# Small tools.

say() { printf '%s\n' "$*" >&2; }
die() { say "$PROGRAM: $*"; end_tracked KILL; cleanup; trap - EXIT; exit 2; }
have() { command -v "$1" >/dev/null 2>&1; }

# Milliseconds where date knows them, else whole seconds.
now_ms() {
  t=$(date +%s%N 2>/dev/null)
  case $t in
    '' | *[!0-9]*) t=$(date +%s); t=$((t * 1000)) ;;
    ????????????????*) t=${t%??????} ;;
    *) t=$((t * 1000)) ;;
  esac
  printf '%s\n' "$t"
}
utc() { date -u +%Y-%m-%dT%H:%M:%SZ; }

sha256_of() {
  if have sha256sum; then sha256sum <"$1"; elif have shasum; then shasum -a 256 <"$1"
  else openssl dgst -sha256 <"$1"; fi | awk '{ for (i = 1; i <= NF; i++) if (length($i) == 64) { print $i; exit } }'
}
bytes_of() { wc -c <"$1" | tr -d ' \t'; }

# A name that is safe as a folder: letters, digits, dot, underscore, hyphen.
safe_name() {
  printf '%s' "$1" | tr '\n' '_' | sed -e 's/[^A-Za-z0-9._-]/_/g' -e 's/^[.-]/_/' -e 's/\.\./__/g' | cut -c1-128
}

# JSON as lines "path<TAB>value": flat [FILE]
flat() { awk "$AWK_STRINGS$AWK_FLAT" "$@"; }
# Escaped JSON strings, one per line, as parts of a URL path.
url_words() { awk "$AWK_URL"; }

# --------------------------------------------------------------- shells.sh
# What differs between shells.

# put TEXT: prints a credential by a command that is built into the shell. In mksh
# and posh, printf is a program, and everybody may read the arguments of a program.
choose_put() {
  case $(type printf 2>/dev/null) in
    *built*) put() { printf '%s\n' "$1"; }; return ;;
  esac
  # without a PATH only what is built in is found
  # shellcheck disable=SC2030,SC2123
  if (PATH=/nowhere; print -r -- x) >/dev/null 2>&1; then put() { print -r -- "$1"; }
  elif (PATH=/nowhere; echo x) >/dev/null 2>&1; then put() { put_echo "$1"; }
  else put() { die 'this shell can print nothing by itself: run the script with another one'; }; fi
}
# An echo that reads backslashes gets them twice.
put_echo() {
  p_left=$1; p_text=
  while :; do
    case $p_left in *\\*) ;; *) break ;; esac
    p_text=$p_text${p_left%%\\*}\\\\; p_left=${p_left#*\\}
  done
  # shellcheck disable=SC2028,SC2116
  case $(echo 'a\\b') in 'a\b') echo "$p_text$p_left" ;; *) echo "$1" ;; esac
}

# A limit on file sizes then gives an error to the writer instead of killing it.
ignore_file_limit() {
  # shellcheck disable=SC3048
  if (trap '' XFSZ) 2>/dev/null; then trap '' XFSZ; fi
}

# Nothing of the caller's environment decides what is run, and nothing of the script's own
# variables reaches a program by having been exported before.
clean_environment() {
  set +x +v
  LC_ALL=C; COPYFILE_DISABLE=1; export LC_ALL COPYFILE_DISABLE
  unset CDPATH ENV BASH_ENV GREP_OPTIONS TAR_OPTIONS
  unset PASSWORD TOKEN USER_NAME m_user m_pass p_left p_text
}

# --------------------------------------------------------------- guard.sh
# Programs that may take long, and the guard that watches over them.
#
# Every such program runs by `tracked`, which leaves a file in $WORK/run with its process id and
# with the second in which its time is over. Once a second the guard looks at these files, ends
# what is late, and ends everything where the collector itself is gone: after `kill -9` no program
# and no file of it stays. The guard never acts on an id that is not in such a file at that moment.

GUARD=

# one_program PID: a signal goes to one program and never to a group: posh and some programs `kill` take the id of a
# group, which begins with a minus, for every process of the machine.
one_program() { case $1 in '' | 0 | 1 | *[!0-9]*) return 1 ;; esac; }
# deadline SECONDS: the second in which that time is over
deadline() { echo $(($(date +%s) + $1)); }

# tracked NAME DEADLINE COMMAND...: DEADLINE 0 is none
tracked() {
  g_file=$WORK/run/$1; shift
  # shellcheck disable=SC2016
  sh -c 'echo "$$ $2" >"$1" && shift 2 && exec "$@"' sh "$g_file" "$@"
  set -- $?
  rm -f "$g_file"
  return "$1"
}
# going: whether a loop of tracked commands may go on
going() { [ ! -e "$WORK/stop" ] && [ -d "$WORK/run" ]; }
# late NAME: whether its time was over
late() { [ -e "$WORK/late.$1" ]; }

# end_tracked SIGNAL
end_tracked() {
  [ -n "$WORK" ] || return
  for g_file in "$WORK"/run/*; do
    [ -s "$g_file" ] && read -r g_pid g_end <"$g_file" && one_program "$g_pid" && kill -"$1" "$g_pid"
  done 2>/dev/null
}
# stop_tracked: no loop goes on, and what does not end by itself is killed by the guard
stop_tracked() {
  [ -z "$WORK" ] || : >"$WORK/stop"
  end_tracked TERM
}

start_guard() {
  guard </dev/null >/dev/null 2>&1 &
  GUARD=$!
}
# watch_guard: there is one, also where somebody ended it
watch_guard() { [ -n "$GUARD" ] && ! kill -0 "$GUARD" 2>/dev/null && start_guard; }
end_guard() {
  [ -n "$GUARD" ] || return
  # a gentler signal can be lost while a shell is still starting its part in the background
  kill -KILL "$GUARD" 2>/dev/null; wait "$GUARD" 2>/dev/null
  GUARD=
}
guard() {
  trap '' INT HUP
  trap - EXIT TERM
  g_stop=0; g_user=$(id -u)
  # $$ is the collector, also here
  while kill -0 "$$"; do
    sleep 1
    own_work || continue
    g_now=$(date +%s)
    for g_file in "$WORK"/run/*; do [ -s "$g_file" ] && guard_one "${g_file##*/}"; done
    if [ -e "$WORK/stop" ]; then g_stop=$((g_stop + 1)); else g_stop=0; fi
    [ "$g_stop" -le 3 ] || end_tracked KILL
  done
  own_work || return
  end_tracked KILL
  sleep 1
  end_tracked KILL
  remove_work
}
# own_work: whether the working folder is there and this user's. The guard begins before it is made, and in a folder
# that somebody else made under its name stand ids and paths that are not to be believed.
own_work() { own_folder "$WORK"; }
own_folder() {
  # shellcheck disable=SC2046
  set -- $(ls -dn -- "$1" 2>/dev/null)
  case $1 in d*) [ "$3" = "${g_user:-$(id -u)}" ] ;; *) false ;; esac
}
# guard_one NAME: TERM when its time is over, KILL three seconds later
guard_one() {
  read -r g_pid g_end <"$WORK/run/$1" || return
  one_program "$g_pid" || return
  case $g_end in '' | 0 | *[!0-9]*) return ;; esac
  [ "$g_now" -ge "$g_end" ] || return
  if ! late "$1"; then
    : >"$WORK/late.$1"
    kill -TERM "$g_pid"
  elif [ "$g_now" -ge $((g_end + 3)) ]; then kill -KILL "$g_pid"; fi
}

# --------------------------------------------------------------- work.sh
# The working folder, and signals.

WORK=; STAGE=; JOB=; STOPPED=; FINISHING=; INTERRUPTED=; TTY_STATE=

start_work() {
  umask 077
  w_base=${TMP_DIR:-${TMPDIR:-/tmp}}
  safe_place "$w_base" --tmp
  trap on_exit EXIT
  trap 'on_signal INT' INT
  trap 'on_signal TERM' TERM
  trap 'on_signal HUP' HUP
  trap '' PIPE
  ignore_file_limit
  make_work
  STAGE=$WORK/stage
  mkdir "$STAGE" "$WORK/docker" "$WORK/kube" "$WORK/run" || die "cannot write to $WORK"
  : >"$WORK/items" || die "cannot write to $WORK"
  STARTED=$(utc)
  STAMP=$(date -u +%Y%m%dT%H%M%SZ)
}
# safe_place FOLDER OPTION: where somebody else may swap what is written for something of their own, nothing is written
safe_place() {
  [ "$(printf '%s' "$1" | tr -d '\001-\037\177')" = "$1" ] || die "$2: a name with control characters in it"
  p_at=$(cd "$1" 2>/dev/null && pwd -P) || die "$1: no such folder, or it cannot be entered"
  p_first=1
  while :; do
    # shellcheck disable=SC2046
    set -- $(ls -ldn -- "$p_at" 2>/dev/null)
    case $1 in
      d????????[tT]*) ;;
      d???????w*) die "$p_at: everybody may write there, and the folder is not sticky: choose another one" ;;
      d????w*) [ -z "$p_first" ] || [ "$4" = "$(id -g)" ] ||
        die "$p_at: a group may write there, and the folder is not sticky: choose another one" ;;
    esac
    p_first=
    [ "$p_at" != / ] || return 0
    p_at=${p_at%/*}; p_at=${p_at:-/}
  done
}
# make_work: the guard is there before the folder, so that `kill -9` at any moment leaves none
make_work() {
  for _ in 1 2 3; do
    WORK=$(mktemp -u "$w_base/mke-collect.XXXXXX") || break
    case $WORK in /*) ;; *) WORK=$PWD/$WORK ;; esac
    start_guard
    mkdir "$WORK" 2>/dev/null && return
    end_guard
  done
  WORK=
  die "cannot make a working folder in $w_base"
}
cleanup() {
  end_guard
  [ -z "$WORK" ] || ! own_work || remove_work
  WORK=
}
# remove_work: with the archive under the name that it has while it is written
remove_work() {
  remove_unfinished
  # a shell of the pipeline that packed may write its last file into the folder while it goes
  for _ in 1 2 3 4; do
    rm -rf -- "$WORK" 2>/dev/null && return
    sleep 1
  done
  rm -rf -- "$WORK"
}
restore_tty() { [ -n "$TTY_STATE" ] && stty "$TTY_STATE" </dev/tty 2>/dev/null; TTY_STATE=; }
on_exit() {
  restore_tty
  end_tracked KILL
  # what still writes into the working folder would keep it from being removed
  if [ -n "$JOB" ]; then kill -KILL "$JOB"; wait "$JOB"; fi 2>/dev/null
  cleanup
}

# The first signal ends the collecting: what is there is packed, and the footer
# says that it is not the whole. While the archive is being written the first
# signal changes nothing. The second one gives up.
on_signal() {
  INTERRUPTED=1
  restore_tty
  case $FINISHING in
    named) ;;
    pack)
      FINISHING=signal
      trouble "$PROGRAM: the archive is being written; once more gives up" ;;
    signal)
      say "$PROGRAM: stopped by SIG$1, no archive written"
      trap - EXIT; on_exit; exit 2 ;;
    *)
      STOPPED="interrupted by SIG$1"
      FINISHING=signal
      stop_tracked ;;
  esac
}
# wait_job PID: waits to its end, whatever signals come meanwhile; JOB_RC is its exit code.
# Shells differ in what `wait` returns after a signal.
wait_job() {
  JOB=$1; INTERRUPTED=
  wait "$JOB"; JOB_RC=$?
  while [ -n "$INTERRUPTED" ] && kill -0 "$JOB" 2>/dev/null; do INTERRUPTED=; wait "$JOB"; JOB_RC=$?; done
  JOB=
}

# --------------------------------------------------------------- record.sh
# The manifest: what was run and what became of it.

N_ITEMS=0; N_BYTES=0; N_DONE=0; N_FAILED=0; N_FORBIDDEN=0; N_TIMED=0; N_SKIPPED=0; N_CUT=0;
N_REDACTED=0; N_DROPPED=0; GAPS=0
# the fields of an item, in their order
ITEM_FIELDS='record path what started ms exit http bytes sha256 status note redacted dropped'
COMPLAINED=; N_SAME=0

# progress TEXT
progress() {
  [ -n "$QUIET" ] && return
  [ -t 2 ] && printf '\r\033[K%s %s' "$((N_ITEMS + 1))" "$1" >&2
}
trouble() {
  [ -n "$QUIET" ] && return
  if [ -t 2 ]; then printf '\r\033[K%s\n' "$1" >&2; else printf '%s\n' "$1" >&2; fi
}
# complain STATUS PATH NOTE: what follows with the same status and note is only counted
complain() {
  printf '%s: %s\n' "$1" "$(printable "$3")" >>"$WORK/failures"
  if [ "$1: $3" = "$COMPLAINED" ]; then N_SAME=$((N_SAME + 1)); return; fi
  end_complaint
  COMPLAINED="$1: $3"
  trouble "  $1 $2: $(printable "$3")"
}
end_complaint() {
  [ "$N_SAME" -eq 0 ] || trouble "  ${COMPLAINED%%:*} $N_SAME more for the same reason"
  COMPLAINED=; N_SAME=0
}
printable() { printf '%s' "$1" | tr -d '\000-\010\013-\037\177-\377' | tr '\n\t' '  ' | cut -c1-300; }

# record PATH WHAT STARTED MS EXIT HTTP STATUS NOTE REDACTED [gap|nogap]
record() {
  r_sha=; r_bytes=0
  if [ -f "$STAGE/$1" ]; then
    r_bytes=$(bytes_of "$STAGE/$1"); r_sha=$(sha256_of "$STAGE/$1")
    # Ctrl-C on a terminal also ends the tool that was just counting
    [ -n "$r_bytes" ] || r_bytes=$(bytes_of "$STAGE/$1")
    [ -n "$r_sha" ] || r_sha=$(sha256_of "$STAGE/$1")
  fi
  R_record=item; R_path=$1; R_what=$2; R_started=$3; R_ms=$4; R_exit=$5; R_http=$6; R_bytes=$r_bytes; R_sha256=$r_sha
  R_status=$7; R_note=$8; R_redacted=$9; R_dropped=${NDROP:-0}
  R_FIELDS='record:s path:s what:s started:s ms:n exit:n http:n bytes:n sha256:z status:s note:s redacted:n dropped:n'
  export R_record R_path R_what R_started R_ms R_exit R_http R_bytes R_sha256 R_status R_note R_redacted R_dropped
  export R_FIELDS
  record_line || record_line || fatal="cannot write to the working folder (is the disk full?)"
  count "$7" "$r_bytes" "${9:-0}" "${10:-gap}" "$R_dropped"
  NDROP=0
  case $7 in
    collected) ;;
    skipped) [ "${10:-}" = nogap ] || complain skipped "$1" "$8" ;;
    *) complain "$7" "$1" "$8" ;;
  esac
}
record_line() { awk "$MANIFEST_LINE" >>"$WORK/items"; }
MANIFEST_LINE="$AWK_REDACT$AWK_RECORD"
# add A B: some shells count with 32 bits
case $((2147483647 + 1)) in
  2147483648) add() { echo $(($1 + $2)); } ;;
  *) add() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.0f\n", a + b }'; } ;;
esac
# count STATUS BYTES REDACTED gap|nogap DROPPED
count() {
  N_ITEMS=$((N_ITEMS + 1)); N_BYTES=$(add "$N_BYTES" "$2")
  N_REDACTED=$((N_REDACTED + $3)); N_DROPPED=$((N_DROPPED + $5))
  case $1 in
    collected) N_DONE=$((N_DONE + 1)) ;;
    failed) N_FAILED=$((N_FAILED + 1)); GAPS=1 ;;
    forbidden) N_FORBIDDEN=$((N_FORBIDDEN + 1)); GAPS=1 ;;
    timed_out) N_TIMED=$((N_TIMED + 1)); GAPS=1 ;;
    truncated) N_CUT=$((N_CUT + 1)); GAPS=1 ;;
    *) N_SKIPPED=$((N_SKIPPED + 1)); [ "$4" = nogap ] || GAPS=1 ;;
  esac
}

# skip PATH WHAT NOTE [nogap]: a member that is not asked for
skip() {
  [ -n "$DRY$STOPPED" ] && return
  record "$1" "$2" "$(utc)" 0 '' '' skipped "$3" 0 "${4:-gap}"
}
# plan WHAT PATH: a line of the dry run
plan() { put "$1  ->  $2"; }

# --------------------------------------------------------------- filters.sh
# The filters that an answer passes on its way to the disk. Each keeps what its list
# names and leaves in the file `side` how many values the patterns found besides, how
# many bytes it wrote, whether what it read was whole, and how many values it dropped.
# A filter has the time limit of its command.

PROCESS_IDS=
# keeping MEMBER-OR-KIND: the list of what is kept, for the filter of the next command.
# A member without a list has a form of its own.
keeping() {
  case $1 in nodes/*/*) k_of="nodes/<node>/${1#nodes/*/}" ;; *) k_of=$1 ;; esac
  KEEP_LIST=$WORK/list.$(printf '%s' "$k_of" | tr -c 'A-Za-z0-9.\n' '_')
  [ -f "$KEEP_LIST" ] || list_of "$k_of" >"$KEEP_LIST" || : >"$KEEP_LIST"
}
list_of() {
  case $1 in
    manifest) for f in $ITEM_FIELDS; do printf '%s\tvalue\n' "$f"; done ;;
    *) printf '%s\n' "$LISTS" | awk -v of="$1" -v keep="$KEEP" "$AWK_LIST" ;;
  esac
}
# filter_of MEMBER: the filter of a member
filter_of() {
  case $1 in
    */processes.txt) echo f_top ;;
    */audit-docker.txt) echo f_audit ;;
    */audit-rules.txt) echo f_rules ;;
    */docker-socket.txt) echo f_socket ;;
    *.json) echo f_json ;;
    *.toml) echo f_toml ;;
    *.pem) echo f_cert ;;
    *) echo f_lines ;;
  esac
}

# filter PROGRAM [NAME=VALUE]. Some awks end a text at a zero byte, and would take the
# inside of a string for its outside.
filter() {
  tr '\000' '\001' 2>/dev/null | tracked "filter.$RUN" "$RUN_END" awk -v side="$WORK/side" -v list="$KEEP_LIST" \
    -v flags="$FLAGS" -v words="$WORDS" -v "${2:-join=}" "$AWK_REDACT$1"
}
f_json() { filter "$AWK_STRINGS$AWK_SELECT$AWK_KEEP_JSON"; }
f_join() { filter "$AWK_STRINGS$AWK_SELECT$AWK_KEEP_JSON" join=1; }
f_toml() { filter "$AWK_SELECT$AWK_KEEP_TOML"; }
f_audit() { filter "$AWK_SELECT$AWK_KEEP_AUDIT"; }
f_rules() { filter "$AWK_SELECT$AWK_KEEP_RULES"; }
f_forward() { filter "$AWK_SELECT$AWK_KEEP_FORWARD"; }
f_top() { filter "$AWK_SELECT$AWK_PROCESSES" "ids=$PROCESS_IDS"; }
f_lines() { k_of=${MEMBER##*/}; filter "$AWK_SELECT$AWK_KEEP_LINES" "form=${k_of%.txt}"; }
f_cert() { filter "$AWK_CERT"; }
# These leave no file `side`.
f_none() { tracked "filter.$RUN" "$RUN_END" cat >/dev/null; }
f_raw() { tracked "filter.$RUN" "$RUN_END" cat; }
f_socket() { filter "$AWK_SOCKET"; }
f_ids() { filter "$AWK_IDS"; }
# what the command says on its standard error
f_said() { tracked "said.$RUN" "$RUN_END" awk -v hdr="$RUN_HDR" "$AWK_SAID"; }

# --------------------------------------------------------------- run.sh
# One command and its member: begin, run, judge, settle.
#
# A command has a time limit; its standard output goes through a filter into a
# file, never into a shell variable.

EXTRA=; fatal=; SETTLE_GAP=; RUN_INPUT=no_input; RUN_HDR=; RUN=0; RUN_END=0; MEMBER=; KEEP_AS=; KEEP_LIST=; NDROP=0
no_input() { :; }

# begin PATH WHAT [PLAN]: whether the member is to be collected now. A dry run
# prints it (PLAN where that says more), and after a signal nothing more begins.
begin() {
  b_name=${1##*/}; b_name=${b_name%%.*}
  if ! wants "$b_name"; then skip "$1" "$2" "left out by --skip $b_name" nogap; return 1; fi
  if [ -n "$DRY" ]; then plan "${3:-$2}" "$1"; return 1; fi
  [ -z "$STOPPED" ] || return 1
  progress "$1"
  MEMBER=$1; NDROP=0
  mkdir -p "$STAGE/${1%/*}"
  t_started=$(utc); t_http=
}

# run LIMIT FILTER FILE COMMAND...
# COMMAND is `bounded` and a program, or a function that calls it. Leaves RC and ERR of the
# command, FRC of the filter, TIMED, MS, and what the filter says: NRED values found by the
# patterns, NDROP values dropped, COMPLETE.
run() {
  run_limit=$1; run_filter=$2; run_file=$3; shift 3
  rm -f "$WORK/rc" "$WORK/frc" "$WORK/side" "$WORK/hdr"
  watch_guard
  RUN=$((RUN + 1)); RUN_END=$(deadline "$run_limit")
  keeping "${KEEP_AS:-$MEMBER}"
  run_t0=$(now_ms)
  {
    {
      { "$RUN_INPUT" | "$@" 2>&3; echo $? >"$WORK/rc"; } | "$run_filter" >"$run_file" 3>&-
      echo $? >"$WORK/frc"
    } 3>&1 2>"$WORK/ferr" | f_said >"$WORK/err" 2>/dev/null
  } &
  wait_job $!
  FRC=1; [ ! -s "$WORK/frc" ] || FRC=$(cat "$WORK/frc")
  MS=$(($(now_ms) - run_t0))
  RC=; TIMED=; NRED=0; NDROP=0; COMPLETE=1; SIDEBYTES=; NROWS=
  [ -s "$WORK/rc" ] && RC=$(cat "$WORK/rc")
  if late "cmd.$RUN" || late "filter.$RUN" || late "said.$RUN"; then TIMED=1; fi
  case $run_filter in
    f_raw | f_none) ;;
    *)
      if [ -s "$WORK/side" ]; then read -r NRED SIDEBYTES COMPLETE NDROP NROWS <"$WORK/side"; else FRC=1; fi
      [ -n "$SIDEBYTES" ] && [ "$SIDEBYTES" != "$(bytes_of "$run_file")" ] && FRC=1 ;;
  esac
  ERR=$(first_error "$WORK/err")
}
# bounded COMMAND...: a program within the time of the run
bounded() { tracked "cmd.$RUN" "$RUN_END" "$@"; }
# first_error FILE: the first line of an error text, whose phrases alone are in the file, that says something
first_error() {
  awk '$0 != "(message not kept)" { print; done = 1; exit } { some = $0 } END { if (!done && some != "") print some }' \
    "$1" 2>/dev/null
}
# told FILE COMMAND...: a command outside of a run; the file gets the phrases of what it says on its standard error
told() {
  o_file=$1; shift
  { { "$@" 2>&1 >&5 5>&-; echo $? >"$o_file.rc"; } | awk "$AWK_SAID" >"$o_file"; } 5>&1
  return "$(cat "$o_file.rc" 2>/dev/null || echo 1)"
}

# What became of the command that ran: STATUS and NOTE.
judge() {
  NOTE=$ERR; STATUS=failed
  if [ -n "$STOPPED" ]; then NOTE=$STOPPED
  elif [ -n "$TIMED" ]; then STATUS=timed_out; NOTE="no end after $run_limit seconds"
  elif cannot_write; then
    NOTE="cannot write to the working folder (is the disk full?)"
    if [ -s "$WORK/ferr" ] && ! grep -iE 'no space|too large|writ' "$WORK/ferr" >/dev/null; then
      NOTE=$(awk "$AWK_SAID" "$WORK/ferr" | head -n 1)
    else fatal=$NOTE; fi
  elif [ "$RC" -ne 0 ]; then judge_refusal
  elif [ "$COMPLETE" != 1 ]; then STATUS=truncated; NOTE='the answer ends early or is not what it should be'
  else STATUS=collected; NOTE=; fi
}
# Whether the filter failed, not the command.
cannot_write() {
  [ -n "$RC" ] || return 0
  [ "$FRC" -eq 0 ] || [ "$RC" != 0 ] || return 0
  grep -iE 'no space|file too large|write error|write failure' "$WORK/ferr" >/dev/null 2>&1
}
judge_refusal() {
  case $ERR in
    *[Ff]orbidden* | *'ermission denied'* | *'ccess denied'*) STATUS=forbidden ;;
    *[Uu]nauthorized* | *'not authorized'* | *'must be logged in'* | *NOT_AUTH*) STATUS=forbidden ;;
  esac
  case $ERR in
    *'(Forbidden)'*) t_http=403 ;; *'(Unauthorized)'*) t_http=401 ;; *'(NotFound)'*) t_http=404 ;;
  esac
  case $NOTE in
    '') NOTE="exit code $RC without a message" ;;
    '(message'*) NOTE="exit code $RC $NOTE" ;;
  esac
}

# settle PATH WHAT: the judged output becomes the member, or goes.
settle() {
  if [ "$STATUS" = truncated ] && [ ! -s "$WORK/out" ]; then STATUS=failed; fi
  if [ "$STATUS" = collected ] || [ "$STATUS" = truncated ]; then
    mv "$WORK/out" "$STAGE/$1" || { STATUS=failed; NOTE='cannot write to the working folder'; }
  else
    rm -f "$WORK/out"; NRED=0; NDROP=0
  fi
  [ -n "$EXTRA" ] && NOTE="$NOTE${NOTE:+; }$EXTRA"
  record "$1" "$2" "$t_started" "$MS" "$RC" "$t_http" "$STATUS" "$NOTE" "$NRED" "${SETTLE_GAP:-gap}"
  EXTRA=
  stop_if_fatal
  [ "$STATUS" = collected ]
}
# The run ends where it cannot write.
stop_if_fatal() {
  if [ -n "$fatal" ] && [ -z "$STOPPED" ]; then STOPPED=$fatal; trouble "$PROGRAM: $fatal"; fi
}

# take PATH WHAT FILTER COMMAND...: one command, one member
take() {
  t_path=$1; t_what=$2; t_filter=$3; shift 3
  begin "$t_path" "$t_what" || return
  run "$TIMEOUT" "$t_filter" "$WORK/out" bounded "$@"
  judge
  settle "$t_path" "$t_what"
}

# --------------------------------------------------------------- docker.sh
# Docker, through the client bundle or on a node.

DOCKER_MEMBERS='version.json info.json nodes.json services.json secrets.json networks.json containers.json images.json
processes.txt'

# docker_off PATH WHAT: true, with an item, if there is no docker to ask
docker_off() {
  if wants docker; then
    [ -n "$DRY" ] && return 1
    have docker && return 1
    skip "$1" "$2" 'docker is not installed here'
  else
    skip "$1" "$2" 'left out by --skip docker' nogap
  fi
  return 0
}

# docker_one PATH WHAT FILTER COMMAND...
docker_one() { docker_off "$1" "$2" || take "$@"; }

docker_info() {
  # an engine that cannot be reached still gives an object, and exit code 0
  i_what='docker info --format {{json .}}'
  docker_off "$1" "$i_what" && return
  begin "$1" "$i_what" || return
  run "$TIMEOUT" f_json "$WORK/out" bounded docker info --format '{{json .}}'
  if [ "$RC" = 0 ] && flat "$WORK/out" 2>/dev/null | grep '^ServerErrors\[0\]' >"$WORK/flat"; then
    sed -e 's/^[^	]*	//' "$WORK/flat" | awk "$AWK_SAID" >"$WORK/err"
    RC=1; ERR=$(first_error "$WORK/err")
  fi
  judge
  settle "$1" "$i_what"
}

# docker_list PATH WHAT LIST-COMMAND... -- INSPECT-COMMAND...
# Lists ids, then inspects them in batches of a hundred; the answers become one list.
docker_list() {
  l_path=$1; l_what=$2; shift 2
  docker_off "$l_path" "$l_what" && return
  begin "$l_path" "$l_what" || return
  l_t0=$(now_ms)
  # the words before -- are the listing, the ones after it the inspection; both are fixed words
  l_list=; l_insp=; l_behind=
  for w in "$@"; do
    if [ "$w" = -- ]; then l_behind=1
    elif [ -n "$l_behind" ]; then l_insp="$l_insp $w"
    else l_list="$l_list $w"; fi
  done
  # shellcheck disable=SC2086
  run "$TIMEOUT" f_ids "$WORK/ids" bounded docker $l_list
  judge
  if [ "$STATUS" != collected ]; then settle "$l_path" "$l_what"; return; fi
  l_odd=$NDROP
  l_ids=$(wc -l <"$WORK/ids" | tr -d ' ')
  awk '{ printf "%s%s", (NR % 100 == 1 ? (NR > 1 ? "\n" : "") : " "), $0 } END { if (NR) print "" }' \
    "$WORK/ids" >"$WORK/batches"
  # shellcheck disable=SC2086
  run "$((TIMEOUT * (1 + l_ids / 1000)))" f_join "$WORK/out" inspect_batches $l_insp
  MS=$(($(now_ms) - l_t0))
  # what went away between the listing and the inspection is no failure
  l_gone=0
  if [ "$RC" = 1 ] && [ -s "$WORK/err" ] && ! grep -v '^no such object$' "$WORK/err" >/dev/null; then
    l_gone=$(wc -l <"$WORK/err" | tr -d ' ')
    RC=0; EXTRA="$l_gone of $l_ids went away while being read"
  fi
  judge
  if [ "$STATUS" = collected ] && [ "$l_odd" -gt 0 ]; then
    STATUS=truncated; NOTE="$l_odd lines of the listing are no ids"
  fi
  if [ "$STATUS" = collected ] && [ "$((NROWS + l_gone))" -lt "$l_ids" ]; then
    STATUS=truncated; NOTE="$NROWS of $l_ids were inspected"
    [ "$NROWS" -gt 0 ] || STATUS=failed
  fi
  settle "$l_path" "$l_what"
}

# inspect_batches INSPECT-COMMAND...
inspect_batches() {
  l_bad=0
  while read -r l_batch; do
    going && ! late "cmd.$RUN" || return 1
    # shellcheck disable=SC2086
    bounded docker "$@" $l_batch </dev/null || l_bad=1
  done <"$WORK/batches"
  return "$l_bad"
}

# Process lists of the running containers of this node.
docker_processes() {
  p_what='docker ps -q --no-trunc | docker top <id> -eo pid,ppid,user,args (or docker top <id>)'
  docker_off "$1" "$p_what" && return
  begin "$1" "$p_what" || return
  p_t0=$(now_ms)
  run "$TIMEOUT" f_ids "$WORK/ids" bounded docker ps -q --no-trunc
  judge
  if [ "$STATUS" != collected ]; then settle "$1" "$p_what"; return; fi
  p_odd=$NDROP
  p_ids=$(wc -l <"$WORK/ids" | tr -d ' ')
  PROCESS_IDS=$WORK/ids
  run "$((TIMEOUT * (1 + p_ids / 200)))" f_top "$WORK/out" list_processes
  PROCESS_IDS=
  MS=$(($(now_ms) - p_t0))
  judge
  if [ "$STATUS" = failed ] && [ "$RC" = 1 ] && grep -E '^(PID|UID|USER)' "$WORK/out" >/dev/null 2>&1; then
    STATUS=truncated; NOTE="some containers gave no process list: $ERR"
  fi
  if [ "$STATUS" = collected ] && [ "$p_odd" -gt 0 ]; then
    STATUS=truncated; NOTE="$p_odd lines of the listing are no ids"
  fi
  settle "$1" "$p_what"
}
# Every container has its own limit, so that one that hangs does not hide the others.
list_processes() {
  p_bad=0; p_n=0
  p_each=20; [ "$TIMEOUT" -ge 20 ] || p_each=$TIMEOUT
  while read -r p_id; do
    going || return 1
    if [ "$(date +%s)" -ge "$RUN_END" ]; then : >"$WORK/late.cmd.$RUN"; return 1; fi
    echo "== $p_id"
    process_list "$p_id" -eo pid,ppid,user,args || process_list "$p_id" ||
      { p_bad=1; echo '-- none'; first_error "$WORK/top.err" >&2; }
  done <"$WORK/ids"
  return "$p_bad"
}
# process_list ID [WORDS]: also true for a container that ended meanwhile
process_list() {
  p_n=$((p_n + 1))
  told "$WORK/top.err" tracked "top.$RUN.$p_n" "$(deadline "$p_each")" docker top "$@" </dev/null && return
  grep -E 'is not running|no such (container|object)' "$WORK/top.err" >/dev/null && echo '-- none'
}

# docker_ids PATH NOUN: lists and inspects the objects that the noun names
docker_ids() { docker_list "$1" "docker $2 ls -q | docker $2 inspect <ids>" "$2" ls -q -- "$2" inspect; }

docker_common() {
  docker_one "$1/version.json" 'docker version --format {{json .}}' f_json docker version --format '{{json .}}'
  docker_info "$1/info.json"
}
docker_objects() {
  docker_list "$1/networks.json" 'docker network ls -q --no-trunc | docker network inspect <ids>' \
    network ls -q --no-trunc -- network inspect
  docker_list "$1/containers.json" 'docker ps -aq --no-trunc | docker inspect --type container <ids>' \
    ps -aq --no-trunc -- inspect --type container
  docker_one "$1/images.json" 'docker images --no-trunc --format {{json .}}' f_json \
    docker images --no-trunc --format '{{json .}}'
}

collect_docker_cluster() {
  docker_common cluster/docker
  docker_ids cluster/docker/nodes.json node
  docker_ids cluster/docker/services.json service
  docker_ids cluster/docker/secrets.json secret
  docker_objects cluster/docker
}

# --------------------------------------------------------------- kube.sh
# Kubernetes.

KUBE_RESOURCES='nodes namespaces pods services serviceaccounts deployments daemonsets statefulsets replicasets
jobs cronjobs ingresses networkpolicies resourcequotas limitranges roles rolebindings clusterroles
clusterrolebindings persistentvolumes persistentvolumeclaims storageclasses priorityclasses
validatingwebhookconfigurations mutatingwebhookconfigurations secrets'
KUBE_DOWN=

# kube_off PATH WHAT: true, with an item, if there is no API server to ask
kube_off() {
  if ! wants kubectl; then skip "$1" "$2" 'left out by --skip kubectl' nogap
  elif [ -n "$DRY" ]; then return 1
  elif ! have kubectl; then skip "$1" "$2" 'kubectl is not installed here'
  elif [ -n "$KUBE_DOWN" ]; then skip "$1" "$2" "$KUBE_DOWN"
  else return 1; fi
}

# kube PATH WHAT FILTER ARGUMENTS...
kube() {
  k_path=$1; k_what=$2; k_filter=$3; shift 3
  kube_off "$k_path" "$k_what" && return
  begin "$k_path" "$k_what" || return
  set -- kubectl --cache-dir "$WORK/kube" "--request-timeout=${TIMEOUT}s" "$@"
  [ -n "$KUBECONFIG_FILE" ] && set -- "$@" --kubeconfig "$KUBECONFIG_FILE"
  [ -n "$KUBE_CONTEXT" ] && set -- "$@" --context "$KUBE_CONTEXT"
  run "$TIMEOUT" "$k_filter" "$WORK/out" bounded "$@"
  judge
  if [ "$STATUS" = failed ]; then
    case $ERR in *'have a resource type'*)
      STATUS=skipped; NOTE='the server has no such resource type'; SETTLE_GAP=nogap ;;
    esac
    case $(cat "$WORK/err") in *'i/o timeout'* | *'Client.Timeout'* | *'deadline exceeded'*) STATUS=timed_out ;; esac
  fi
  case $STATUS:$k_path in
    collected:cluster/kubectl/version.json)
      grep serverVersion "$WORK/out" >/dev/null ||
        { STATUS=failed; NOTE=${ERR:-'the server did not say its version'}; } ;;
    collected:*.json)
      grep '"items": *\[' "$WORK/out" >/dev/null || { STATUS=failed; NOTE='the answer has no list items'; } ;;
  esac
  settle "$k_path" "$k_what"
  SETTLE_GAP=
}

collect_kubectl() {
  kube cluster/kubectl/version.json 'kubectl version -o json' f_json version -o json
  # what nobody answers is not asked for again and again
  if [ -z "$DRY$STOPPED" ] && wants kubectl && wants version && have kubectl && [ "$STATUS" != collected ]; then
    case $NOTE in *[Ff]orbidden*) ;; *) KUBE_DOWN="the API server gave no answer: $NOTE" ;; esac
  fi
  kube cluster/kubectl/api-resources.txt 'kubectl api-resources' f_lines api-resources
  for r in $KUBE_RESOURCES; do
    kube "cluster/kubectl/$r.json" "kubectl get $r -A -o json" f_json get "$r" -A -o json
  done
}

# --------------------------------------------------------------- http.sh
# HTTP requests to MKE and MSR. Credentials reach curl on its standard input, so
# that they are in no file, no argument and no environment.

HTTP_INPUT=no_input; HTTP_LIMIT=; HTTP=

# curl_words CA: what curl is told for every request
curl_words() {
  printf 'silent\nshow-error\ngloboff\nconnect-timeout = 15\n'
  [ -n "$INSECURE" ] && printf 'insecure\n'
  [ -n "$1" ] && printf 'cacert = "%s"\n' "$(curl_quote "$1")"
  :
}
curl_bundle() {
  c_dir=$(curl_quote "$BUNDLE")
  printf 'cert = "%s/cert.pem"\nkey = "%s/key.pem"\n' "$c_dir" "$c_dir"
}
curl_token() { put "header = \"Authorization: Bearer $(curl_quote "$TOKEN")\""; }
curl_password() { put "user = \"$(curl_quote "$USER_NAME"):$(curl_quote "$PASSWORD")\""; }

mke_input() {
  curl_words "$MKE_CA"
  if [ -n "$TOKEN" ]; then curl_token
  elif [ -n "$BUNDLE" ]; then curl_bundle; fi
}
msr_input() {
  curl_words "$MSR_CA"
  # a password goes only to an address that was given by hand
  if [ -n "$PASSWORD" ] && [ -z "$MSR_FOUND" ]; then curl_password
  elif [ -n "$BUNDLE" ]; then curl_bundle
  elif [ -n "$TOKEN" ] && [ -z "$MSR_FOUND" ]; then curl_token; fi
}

# http FILTER FILE URL [curl words]: one request; HTTP has the status, judged
http() {
  h_filter=$1; h_file=$2; h_url=$3; shift 3
  RUN_INPUT=$HTTP_INPUT; RUN_HDR=$WORK/hdr
  run "${HTTP_LIMIT:-$TIMEOUT}" "$h_filter" "$h_file" bounded curl -q -K - -D /dev/stderr "$@" --url "$h_url"
  RUN_INPUT=no_input; RUN_HDR=
  HTTP=$(awk '$1 == "HTTP" { c = $2 } END { print c }' "$WORK/hdr" 2>/dev/null)
  t_http=$HTTP
  h_complete=$COMPLETE
  # a refusal need not be what the filter wants
  case $HTTP in 2??) ;; ?*) COMPLETE=1; FRC=0 ;; esac
  judge
  [ "$RC" = 28 ] && { STATUS=timed_out; NOTE="no end after ${HTTP_LIMIT:-$TIMEOUT} seconds"; }
  [ "$RC" = 0 ] && [ -z "$TIMED" ] && [ -z "$STOPPED" ] && [ -z "$fatal" ] && judge_http
  [ "$STATUS" = collected ]
}
judge_http() {
  case $HTTP in
    2??)
      [ "$h_complete" = 1 ] && return
      STATUS=failed; NOTE='the answer is not what it should be'
      [ "$h_filter" = f_json ] && NOTE='the answer is not whole JSON' ;;
    401 | 403) STATUS=forbidden; NOTE="HTTP $HTTP$(http_said)" ;;
    '') STATUS=failed; NOTE=${ERR:-no answer} ;;
    *) STATUS=failed; NOTE="HTTP $HTTP$(http_said)" ;;
  esac
}
# what a refusal says, as far as its phrases are known
http_said() {
  [ -s "$h_file" ] || return
  head -c 2000 "$h_file" | awk "$AWK_SAID" >"$WORK/refusal"
  h_said=$(first_error "$WORK/refusal")
  case $h_said in '' | '('*) ;; *) printf ': %s' "$h_said" ;; esac
}

# get PATH FILTER URL [list]: list, where the answer is one
get() {
  g_path=$1; g_what="GET $3"
  begin "$g_path" "$g_what" || return
  http "$2" "$WORK/out" "$3"
  if [ "$STATUS" = collected ]; then
    case ${4:-}:$(head -c 1 "$WORK/out") in
      :?* | list:\[) ;;
      :) STATUS=failed; NOTE='an empty answer' ;;
      *) STATUS=failed; NOTE='the answer is no list' ;;
    esac
  fi
  settle "$g_path" "$g_what"
}

# tls_chain PATH URL: the chain that a server hands out, by openssl where it is, else curl's own view of it
tls_chain() {
  c_path=$1; c_url=$2
  c_host=${c_url#https://}; c_host=${c_host%%/*}
  case $c_host in
    \[*\]) c_port=443 ;; \[*\]:*) c_port=${c_host##*:} ;;
    *:*) c_port=${c_host##*:} ;; *) c_port=443 ;;
  esac
  c_name=${c_host%:"$c_port"}
  c_what="openssl s_client -showcerts -connect $c_name:$c_port (or curl --write-out %{certs} $c_url)"
  if [ -n "$DRY" ] || have openssl; then
    case $c_name in *[!0-9.]*) set -- -servername "$c_name" ;; *) set -- ;; esac
    case $c_name in \[*) set -- ;; esac
    take "$c_path" "$c_what" f_cert openssl s_client -showcerts -connect "$c_name:$c_port" "$@"
    return
  fi
  begin "$c_path" "$c_what" || return
  HTTP_INPUT=no_input
  http f_cert "$WORK/out" "$c_url/" -s -S -k -o /dev/null --max-time "$TIMEOUT" -w '%{certs}'
  [ -n "$RC" ] && [ "$RC" -eq 0 ] && [ "$h_complete" = 1 ] && STATUS=collected NOTE=
  if [ ! -s "$WORK/out" ]; then
    STATUS=failed; NOTE=${ERR:-'this curl cannot show certificates and openssl is not installed'}
  fi
  t_http=
  settle "$c_path" "$c_what"
}

# --------------------------------------------------------------- pages.sh
# Lists that come in pages; the pages become one document of the same shape.
# list PATH URL START KEY... asks for one list; a document of many lists is made
# by list_begin, list_add for each list, and list_end.

PAGE=100

# list PATH URL START KEY...
list() {
  n_path=$1; n_url=$2; n_start=$3; shift 3
  begin "$n_path" "GET $n_url" "GET $n_url&$n_start=<next page>" || return
  list_begin
  list_add "$n_url" "$n_start" "$@"
  list_end "$n_path" "GET $n_url" "$@"
}

list_begin() {
  rm -f "$WORK"/rows.*
  LIST_RED=0; LIST_DROP=0; LIST_MS=0; LIST_PAGES=0; LIST_ROWS=0
  LIST_STATUS=collected; LIST_NOTE=; LIST_HTTP=; LIST_NEXT=; LIST_RC=0
}
# list_cut NOTE [NEXT]: only a part of the list came
list_cut() { LIST_STATUS=truncated; LIST_NOTE=$1; LIST_NEXT=${2:-}; }

# list_add URL START KEY...: START is the word of the URL that says where a page begins; KEY is the
# name of the list in the answer, "." for an answer that is a list. Of many keys the first decides.
list_add() {
  a_url=$1; a_startword=$2; shift 2
  a_next=; a_first=; a_marked=; a_page=0; a_offset=0
  case $a_url in *\?*) a_sep='&' ;; *) a_sep='?' ;; esac
  while :; do
    [ -n "$STOPPED" ] && { list_cut "$STOPPED"; return; }
    http f_json "$WORK/page" "$a_url${a_next:+$a_sep$a_startword=$a_next}"
    LIST_MS=$((LIST_MS + MS)); LIST_HTTP=$HTTP; LIST_RC=$RC
    if [ "$STATUS" != collected ]; then
      if [ "$LIST_PAGES" -eq 0 ]; then LIST_STATUS=$STATUS; LIST_NOTE=$NOTE
      else list_cut "page $((a_page + 1)): $NOTE" "${a_next:-?}"; fi
      return
    fi
    list_page "$@" || return
    list_next || return
    if [ "$a_page" -ge 10000 ]; then list_cut 'more than 10000 pages' "$a_next"; return; fi
  done
}
# list_page KEY...: adds the rows of the page that came; false if it is the first page again
list_page() {
  a_rows=0; a_i=0
  for a_key in "$@"; do
    a_want=$a_key; [ "$a_key" = . ] && a_want=
    awk -v want="$a_want" -v rows="$WORK/nrows" "$AWK_STRINGS$AWK_ROWS" "$WORK/page" >"$WORK/inner" ||
      fatal='cannot write to the working folder'
    read -r a_n a_found <"$WORK/nrows"
    if [ "$a_i" -eq 0 ]; then
      if [ "$a_found" != 1 ] && ! null_list "$a_key"; then list_none "$a_key"; return 1; fi
      a_rows=$a_n
      a_sum=$(sha256_of "$WORK/inner")
      if [ "$a_page" -eq 0 ]; then a_first=$a_sum
      elif [ "$a_sum" = "$a_first" ]; then
        # the server does not know this way of asking for more
        if [ -n "$a_marked" ]; then list_cut 'the next page is the first one again' "$a_next"
        else list_cut "exactly $a_rows rows and no word of more: there may be more" "$LIST_NEXT"; fi
        return 1
      fi
    fi
    if [ "$a_n" -gt 0 ]; then
      [ -s "$WORK/rows.$a_i" ] && printf ',' >>"$WORK/rows.$a_i"
      cat "$WORK/inner" >>"$WORK/rows.$a_i" || fatal='cannot write to the working folder'
    fi
    a_i=$((a_i + 1))
  done
  LIST_RED=$((LIST_RED + NRED)); LIST_DROP=$((LIST_DROP + NDROP));
  LIST_PAGES=$((LIST_PAGES + 1)); LIST_ROWS=$((LIST_ROWS + a_rows))
  a_page=$((a_page + 1)); a_offset=$((a_offset + a_rows))
}
# null_list KEY: whether null stands for a list that may be empty
null_list() {
  case $1 in teams | repositoryAccessList) flat "$WORK/page" | grep -x "$1	null" >/dev/null ;; *) false ;; esac
}
# list_none KEY: an answer without the list that was asked for
list_none() {
  a_why="the answer has no list $1"; [ "$1" != . ] || a_why='the answer is no list'
  if [ "$LIST_PAGES" -eq 0 ]; then LIST_STATUS=failed; LIST_NOTE=$a_why
  else list_cut "page $((a_page + 1)): $a_why" "${a_next:-?}"; fi
}
# list_next: where the next page begins; false after the last one
list_next() {
  a_marked=
  a_next=$(flat "$WORK/page" |
    awk -F '\t' '$1 == "nextPageStart" && $2 != "" && $2 != "null" { print $2; exit }' | url_words)
  [ -n "$a_next" ] ||
    a_next=$(awk '$1 == "X-Next-Page-Start:" { print $2; exit }' "$WORK/hdr" 2>/dev/null | url_words)
  if [ -n "$a_next" ]; then a_marked=1; return; fi
  # a full page without a word of more: asked for again from where it ends
  [ "$a_rows" -eq "$PAGE" ] || [ "$a_rows" -eq 10 ] || return
  a_next=$a_offset
}

# list_end PATH WHAT KEY...
list_end() {
  e_path=$1; e_what=$2; shift 2
  STATUS=$LIST_STATUS; NOTE=$LIST_NOTE; NRED=$LIST_RED; NDROP=$LIST_DROP; MS=$LIST_MS; RC=$LIST_RC; t_http=$LIST_HTTP
  if [ "$STATUS" = collected ]; then NOTE="all pages: $LIST_ROWS rows in $LIST_PAGES"; fi
  list_document "$@" >"$WORK/out" || { STATUS=failed; NOTE='cannot write to the working folder'; fatal=$NOTE; }
  settle "$e_path" "$e_what"
}
list_document() {
  if [ "$1" = . ]; then
    printf '['; cat "$WORK/rows.0" 2>/dev/null; printf ']\n'
    return
  fi
  e_i=0
  printf '{'
  for e_key in "$@"; do
    printf '"%s":[' "$e_key"; [ -f "$WORK/rows.$e_i" ] && cat "$WORK/rows.$e_i"; printf '],'
    e_i=$((e_i + 1))
  done
  printf '"resourceCount":%s,"nextPageStart":"%s"}\n' "$LIST_ROWS" "$LIST_NEXT"
}

# --------------------------------------------------------------- credentials.sh
# Credentials, and the addresses that come with them. Nothing of the bundle is
# ever executed.

# A file that holds a credential must be readable by its owner alone.
private_file() {
  [ -f "$1" ] || die "$1: no such file"
  # shellcheck disable=SC2012
  case $(ls -ldL -- "$1" 2>/dev/null | cut -c1-10) in
    -rw------- | -r--------) ;;
    *) die "$1: must have mode 0600 (others may read it)" ;;
  esac
}
# The text as it stands between the quotes of a curl configuration.
curl_quote() { put "x$1" | sed -e 's/^x//' -e 's/\\/\\\\/g' -e 's/"/\\"/g'; }
json_quote() { put "x$1" | sed -e 's/^x//' -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/	/\\t/g'; }

credentials() {
  [ -z "$BUNDLE" ] || open_bundle
  MKE_CA=${CA:-${BUNDLE:+$BUNDLE/ca.pem}}
  MSR_CA=${MSR_CA:-$MKE_CA}
  for f in "$MKE_CA" "$MSR_CA" "$KUBECONFIG_FILE" "$SSH_CONFIG"; do
    [ -z "$f" ] || [ -r "$f" ] || die "$f: cannot be read"
  done
  [ -z "$DOCKER_URL" ] || docker_remote
  DOCKER_CLI_HINTS=false; export DOCKER_CLI_HINTS
  if [ -n "$TOKEN_FILE" ]; then
    private_file "$TOKEN_FILE"
    IFS= read -r TOKEN <"$TOKEN_FILE" || [ -n "$TOKEN" ] || die "$TOKEN_FILE: is empty"
  fi
  if [ -n "$PASSWORD_FILE" ]; then
    [ -n "$USER_NAME" ] || die '--password-file wants --user'
    private_file "$PASSWORD_FILE"
    IFS= read -r PASSWORD <"$PASSWORD_FILE" || [ -n "$PASSWORD" ] || die "$PASSWORD_FILE: is empty"
  elif [ -n "$USER_NAME" ] && [ -z "$TOKEN" ]; then ask_password; fi
}
open_bundle() {
  [ -d "$BUNDLE" ] || die "$BUNDLE: no such folder"
  BUNDLE=$(cd "$BUNDLE" && pwd) || die "$BUNDLE: cannot be entered"
  for f in ca.pem cert.pem key.pem; do [ -r "$BUNDLE/$f" ] || die "$BUNDLE/$f: cannot be read"; done
  [ -z "$KUBECONFIG_FILE" ] && [ -r "$BUNDLE/kube.yml" ] && KUBECONFIG_FILE=$BUNDLE/kube.yml
  b_host=
  [ -r "$BUNDLE/env.sh" ] && b_host=$(awk 'match($0, /DOCKER_HOST="?tcp:\/\/[][A-Za-z0-9._:-]+/) {
    s = substr($0, RSTART, RLENGTH); sub(/.*\/\//, "", s); print s; exit }' "$BUNDLE/env.sh")
  [ -z "$DOCKER_URL" ] && [ -n "$b_host" ] && DOCKER_URL=tcp://$b_host
  [ -z "$MKE_URL" ] && [ -n "$b_host" ] && MKE_URL=https://$b_host
  :
}
# docker gets an empty folder of settings, so that no context of the user's interferes.
docker_remote() {
  unset DOCKER_CONTEXT DOCKER_TLS DOCKER_TLS_VERIFY DOCKER_CERT_PATH
  DOCKER_HOST=$DOCKER_URL; DOCKER_CONFIG=$WORK/docker; export DOCKER_HOST DOCKER_CONFIG
  case $DOCKER_URL in tcp://*) ;; *) return ;; esac
  [ -n "$BUNDLE" ] || return
  DOCKER_CERT_PATH=$BUNDLE; export DOCKER_CERT_PATH
  # without verification docker still wants the certificate
  if [ -n "$INSECURE" ]; then DOCKER_TLS=1; export DOCKER_TLS; else DOCKER_TLS_VERIFY=1; export DOCKER_TLS_VERIFY; fi
}
ask_password() {
  { : </dev/tty; } 2>/dev/null || die 'no terminal to ask for the password: --password-file'
  TTY_STATE=$(stty -g </dev/tty 2>/dev/null)
  printf 'password of %s: ' "$USER_NAME" >/dev/tty
  stty -echo </dev/tty 2>/dev/null
  IFS= read -r PASSWORD </dev/tty
  restore_tty
  printf '\n' >/dev/tty
}

# --------------------------------------------------------------- mke.sh
# MKE: its settings, accounts, roles and grants, and its support dump.

LOGIN_FAILED=
# every member, for what cannot be asked
MKE_MEMBERS='config.toml config-kubernetes.json auth.json ldap.json accounts.json teams.json roles.json
collections.json grants.json ca.pem tls-chain.pem ping.json version.json'

mke_login() {
  [ -n "$TOKEN" ] || [ -z "$PASSWORD" ] && return
  m_user=$(json_quote "$USER_NAME"); m_pass=$(json_quote "$PASSWORD")
  progress 'logging in to MKE'
  TOKEN=$(
    {
      curl_words "$MKE_CA"
      printf 'max-time = %s\nheader = "Content-Type: application/json"\n' "$TIMEOUT"
      put "data = \"$(curl_quote "{\"username\":\"$m_user\",\"password\":\"$m_pass\"}")\""
    } | told "$WORK/err" tracked login 0 curl -q -K - --url "$MKE_URL/auth/login" |
      flat | awk -F '\t' '$1 == "auth_token" { print $2; exit }'
  )
  case $TOKEN in
    '') LOGIN_FAILED="logging in as $USER_NAME failed: $(first_error "$WORK/err")"; trouble "  $LOGIN_FAILED" ;;
    *[!A-Za-z0-9._~+/=-]*) TOKEN=; LOGIN_FAILED='the server gave a token that is none' ;;
  esac
}

# skip_all FOLDER MEMBERS WHAT NOTE [nogap]
skip_all() {
  for m in $2; do skip "$1/$m" "$3" "$4" "${5:-gap}"; done
}

collect_mke() {
  if ! wants mke; then skip_all cluster/mke "$MKE_MEMBERS" MKE 'left out by --skip mke' nogap; return; fi
  if [ -n "$DRY" ]; then
    MKE_URL=${MKE_URL:-'https://<mke>'}
    plan "POST $MKE_URL/auth/login" '(only with --user: the session token, kept in memory)'
  elif [ -z "$MKE_URL" ]; then
    skip_all cluster/mke "$MKE_MEMBERS" MKE 'no address of MKE: give --bundle or --mke'; return
  elif ! have curl; then
    skip_all cluster/mke "$MKE_MEMBERS" MKE 'curl is not installed here'; return
  else mke_login; fi
  HTTP_INPUT=mke_input
  KEEP_AS=mke.version
  get cluster/mke/version.json f_json "$MKE_URL/version"
  KEEP_AS=
  mke_ping
  get cluster/mke/config.toml f_toml "$MKE_URL/api/ucp/config-toml"
  get cluster/mke/config-kubernetes.json f_json "$MKE_URL/api/ucp/config/kubernetes"
  get cluster/mke/auth.json f_json "$MKE_URL/enzi/v0/config/auth"
  get cluster/mke/ldap.json f_json "$MKE_URL/enzi/v0/config/auth/ldap"
  list cluster/mke/accounts.json "$MKE_URL/accounts/?filter=all&limit=$PAGE" start accounts
  mke_teams
  get cluster/mke/roles.json f_json "$MKE_URL/roles" list
  list cluster/mke/collections.json "$MKE_URL/collections?limit=$PAGE" start .
  list cluster/mke/grants.json "$MKE_URL/collectionGrants?subjectType=all&expandUser=true&showPaths=true&limit=$PAGE" \
    start grants subjects
  get cluster/mke/ca.pem f_cert "$MKE_URL/ca"
  tls_chain cluster/mke/tls-chain.pem "$MKE_URL"
}

# Whether MKE answers.
mke_ping() {
  m_what="GET $MKE_URL/_ping"
  begin cluster/mke/ping.json "$m_what" || return
  HTTP_INPUT=mke_input
  http f_none "$WORK/out" "$MKE_URL/_ping"
  case $HTTP in
    [1-5][0-9][0-9])
      m_url=$(json_quote "$MKE_URL")
      printf '[{"url":"%s/_ping","http":%s}]\n' "$m_url" "$HTTP" >"$WORK/out"
      STATUS=collected; NOTE=; COMPLETE=1; NRED=0 ;;
  esac
  settle cluster/mke/ping.json "$m_what"
}

mke_teams() {
  m_what="GET $MKE_URL/accounts/<organization>/teams?limit=$PAGE"
  begin cluster/mke/teams.json "$m_what" "$m_what&start=<next page>" || return
  if [ ! -f "$STAGE/cluster/mke/accounts.json" ]; then
    skip cluster/mke/teams.json "$m_what" 'the organizations are not known'; return
  fi
  organizations "$STAGE/cluster/mke/accounts.json" >"$WORK/orgs"
  HTTP_INPUT=mke_input
  list_begin
  while read -r m_org; do
    list_add "$MKE_URL/accounts/$m_org/teams?limit=$PAGE" start teams
    [ "$LIST_STATUS" = collected ] || break
  done <"$WORK/orgs"
  list_end cluster/mke/teams.json "$m_what" teams
}
# The names of the organizations in a list of accounts, ready for a URL.
organizations() {
  flat "$1" | awk -F '\t' '
    { i = $1; sub(/^accounts\[/, "", i); sub(/\].*/, "", i); f = $1; sub(/^accounts\[[0-9]+\]\./, "", f) }
    i != last { if (org) print name; org = 0; name = ""; last = i }
    f == "name" { name = $2 } f == "isOrg" && $2 == "true" { org = 1 }
    END { if (org) print name }' | url_words
}

collect_support() {
  [ -n "$SUPPORT" ] || return
  u_what="POST ${MKE_URL:-https://<mke>}/api/support"
  begin 'cluster/support/support-dump.<zip or tgz>' "$u_what" || return
  if [ -z "$MKE_URL" ]; then
    skip cluster/support/support-dump "$u_what" 'no address of MKE: give --bundle or --mke'; return
  fi
  progress 'cluster/support: waiting for the support dump of MKE'
  HTTP_INPUT=mke_input; HTTP_LIMIT=$SUPPORT_TIMEOUT
  http f_raw "$WORK/out" "$MKE_URL/api/support" -X POST -H 'Content-Length: 0'
  HTTP_LIMIT=
  case $(head -c 4 "$WORK/out" 2>/dev/null | od -An -tx1 | tr -d ' \n') in
    504b*) u_ext=zip ;; 1f8b*) u_ext=tgz ;; *) u_ext=bin ;;
  esac
  if [ "$STATUS" = collected ]; then
    EXTRA='as MKE gave it: nothing in it is left out'
    [ -s "$WORK/out" ] || { STATUS=failed; NOTE='an empty answer'; EXTRA=; }
  fi
  settle "cluster/support/support-dump.$u_ext" "$u_what"
}

# --------------------------------------------------------------- msr.sh
# MSR: its settings, repositories and accounts.

MSR_FOUND=
MSR_MEMBERS='settings.json repositories.json imagescan-status.json accounts.json team-access.json members.json
tls-chain.pem'

collect_msr() {
  if ! wants msr; then skip_all cluster/msr "$MSR_MEMBERS" MSR 'left out by --skip msr' nogap; return; fi
  if [ -n "$DRY" ]; then
    case $MSR_URL in '' | auto) MSR_URL='https://<msr>' ;; esac
  else
    msr_address || return
    if ! have curl; then skip_all cluster/msr "$MSR_MEMBERS" MSR 'curl is not installed here'; return; fi
  fi
  HTTP_INPUT=msr_input
  get cluster/msr/settings.json f_json "$MSR_URL/api/v0/meta/settings"
  list cluster/msr/repositories.json "$MSR_URL/api/v0/repositories?count=true&pageSize=$PAGE" pageStart repositories
  get cluster/msr/imagescan-status.json f_json "$MSR_URL/api/v0/imagescan/status"
  list cluster/msr/accounts.json "$MSR_URL/enzi/v0/accounts?filter=all&limit=$PAGE" start accounts
  msr_access
  msr_members
  tls_chain cluster/msr/tls-chain.pem "$MSR_URL"
}

# Where MSR is: as given, or as MKE's settings name it. False, with items, if there is none to ask.
msr_address() {
  case $MSR_URL in '' | auto) ;; *) return 0 ;; esac
  s_host=
  [ -f "$STAGE/cluster/mke/config.toml" ] && s_host=$(awk '/^[ \t]*host_address[ \t]*=/ {
    sub(/^[^=]*=[ \t]*/, ""); gsub(/["\047 \t\r]/, ""); sub(/^https?:\/\//, ""); sub(/\/.*/, "")
    if ($0 != "") { print; exit } }' "$STAGE/cluster/mke/config.toml")
  case $s_host in *[!A-Za-z0-9.:_-]*) s_host= ;; esac
  if [ "$MSR_URL" = auto ] && [ -n "$s_host" ]; then MSR_URL=https://$s_host; MSR_FOUND=1; return 0; fi
  if [ -n "$s_host" ]; then
    skip_all cluster/msr "$MSR_MEMBERS" MSR "MKE's settings name $s_host: give --msr to read it"
  else skip_all cluster/msr "$MSR_MEMBERS" MSR 'no address of MSR was given' nogap; fi
  return 1
}

# Which team may do what to which repository.
msr_access() {
  s_what="GET $MSR_URL/enzi/v0/accounts/<organization>/teams?limit=$PAGE"
  s_what="$s_what, GET $MSR_URL/api/v0/accounts/<organization>/teams/<team>/repositoryAccess?pageSize=$PAGE"
  msr_each cluster/msr/team-access.json "$s_what" teams msr_rights
}
# Who belongs to which organization, and to which of its teams.
msr_members() {
  s_what="GET $MSR_URL/enzi/v0/accounts/<organization>/members?limit=$PAGE"
  s_what="$s_what, GET $MSR_URL/enzi/v0/accounts/<organization>/teams/<team>/members?limit=$PAGE"
  msr_each cluster/msr/members.json "$s_what" memberships msr_belonging
}
# msr_each PATH WHAT KEY COMMAND: one document of what the command adds for every organization
msr_each() {
  begin "$1" "$2" || return
  if [ ! -f "$STAGE/cluster/msr/accounts.json" ]; then skip "$1" "$2" 'the organizations are not known'; return; fi
  organizations "$STAGE/cluster/msr/accounts.json" >"$WORK/orgs"
  list_begin
  s_red=0; s_ms=0; s_drop=0; s_sep=
  printf '{"%s":[' "$3" >"$WORK/out"
  while read -r s_org; do "$4" "$s_org" || break; done <"$WORK/orgs"
  printf ']}\n' >>"$WORK/out" || fatal='cannot write to the working folder'
  STATUS=$LIST_STATUS; NOTE=$LIST_NOTE; NRED=$s_red; NDROP=$s_drop; MS=$s_ms; KEEP_AS=; t_http=$LIST_HTTP; RC=$LIST_RC
  if [ "$STATUS" != collected ] && [ -n "$s_sep" ]; then STATUS=truncated; fi
  settle "$1" "$2"
}
# msr_rights ORGANIZATION: what its teams may do; false if a list did not come whole
msr_rights() {
  msr_of_teams "$1" msr.team_access/page api/v0 "repositoryAccess?pageSize=$PAGE" pageStart repositoryAccessList
}
# msr_belonging ORGANIZATION: who belongs to it and to its teams; false if a list did not come whole
msr_belonging() {
  KEEP_AS=msr.membership/page
  msr_row "$MSR_URL/enzi/v0/accounts/$1/members?limit=$PAGE" start members "\"organization\":\"$1\"" || return
  msr_of_teams "$1" msr.membership/page enzi/v0 "members?limit=$PAGE" start members
}
# msr_of_teams ORGANIZATION KIND API LIST START KEY: a row for each of its teams; false if a list did not come whole
msr_of_teams() {
  msr_teams "$1" || return
  KEEP_AS=$2
  while IFS= read -r s_team; do
    s_part=$(printf '%s\n' "$s_team" | url_words)
    msr_row "$MSR_URL/$3/accounts/$1/teams/$s_part/$4" "$5" "$6" \
      "\"organization\":\"$1\",\"team\":\"$s_team\"" || return
  done <"$WORK/teams"
}
# msr_teams ORGANIZATION: the names of its teams, one a line; false if the list did not come whole
msr_teams() {
  list_begin
  KEEP_AS=mke.team
  list_add "$MSR_URL/enzi/v0/accounts/$1/teams?limit=$PAGE" start teams
  s_ms=$((s_ms + LIST_MS))
  : >"$WORK/teams"
  [ "$LIST_STATUS" = collected ] || return
  [ -s "$WORK/rows.0" ] || return 0
  { printf '{"teams":['; cat "$WORK/rows.0"; printf ']}'; } | flat |
    awk -F '\t' '$1 ~ /^teams\[[0-9]+\]\.name$/ { print $2 }' >"$WORK/teams"
}
# msr_row URL START KEY FACTS: adds an object of these facts and the list of that name
msr_row() {
  list_begin
  list_add "$1" "$2" "$3"
  s_ms=$((s_ms + LIST_MS)); s_red=$((s_red + LIST_RED)); s_drop=$((s_drop + LIST_DROP))
  [ "$LIST_STATUS" = collected ] || return
  {
    printf '%s{%s,"%s":[' "$s_sep" "$4" "$3"
    [ -f "$WORK/rows.0" ] && cat "$WORK/rows.0"
    printf ']}'
  } >>"$WORK/out"
  s_sep=,
}

# --------------------------------------------------------------- node.sh
# One node: its engine and its host.

HOST_MEMBERS='os-release docker-socket.txt docker-group.txt audit-docker.txt audit-rules.txt sysctl.txt selinux.txt
apparmor.txt kubelet.txt log-forwarding.json'
SYSCTLS='kernel.keys.root_maxbytes kernel.keys.root_maxkeys kernel.panic kernel.panic_on_oops vm.overcommit_memory'
SYSCTLS="$SYSCTLS vm.panic_on_oom crypto.fips_enabled kernel.randomize_va_space kernel.unprivileged_bpf_disabled"
SYSCTLS="$SYSCTLS net.ipv4.ip_forward user.max_user_namespaces"

collect_node() {
  if [ -n "$DRY" ]; then NODE='<node>'
  else
    NODE=$(safe_name "${NODE_NAME:-$(uname -n)}")
    [ -n "$NODE" ] || NODE=node
  fi
  docker_common "nodes/$NODE/docker"
  docker_objects "nodes/$NODE/docker"
  docker_processes "nodes/$NODE/docker/processes.txt"
  if wants docker; then file_item "nodes/$NODE/docker/daemon.json" /etc/docker/daemon.json f_json; fi
  collect_host "nodes/$NODE/host"
}
# What docker asks is the engine of this node, unless an address was given.
docker_local() {
  if [ -z "$DOCKER_URL" ] && { [ -n "$SOCKET_GIVEN" ] || [ -z "${DOCKER_HOST:-}" ]; }; then
    unset DOCKER_CONTEXT DOCKER_TLS DOCKER_TLS_VERIFY DOCKER_CERT_PATH
    DOCKER_HOST=unix://$SOCKET; DOCKER_CONFIG=$WORK/docker; export DOCKER_HOST DOCKER_CONFIG
  fi
}

# file_item PATH FILE FILTER
file_item() {
  if [ -z "$DRY" ] && [ ! -e "$2" ]; then skip "$1" "cat $2" 'no such file' nogap; return; fi
  take "$1" "cat $2" "$3" cat "$2"
}
# lacks PATH WHAT TOOL [nogap]: true, with an item, if the tool is not here
lacks() {
  [ -z "$DRY" ] || return 1
  have "$3" && return 1
  skip "$1" "$2" "$3 is not installed here" "${4:-gap}"
}

collect_host() {
  o=$1
  if ! wants host; then skip_all "$o" "$HOST_MEMBERS" host 'left out by --skip host' nogap; return; fi
  if [ -z "$DRY" ] && [ ! -e /etc/os-release ] && [ -e /usr/lib/os-release ]; then
    file_item "$o/os-release" /usr/lib/os-release f_lines
  else file_item "$o/os-release" /etc/os-release f_lines; fi
  take_socket "$o/docker-socket.txt"
  take_group "$o/docker-group.txt"
  take_audit "$o/audit-docker.txt"
  take_rules "$o/audit-rules.txt"
  take_sysctl "$o/sysctl.txt"
  lacks "$o/selinux.txt" sestatus sestatus nogap || take "$o/selinux.txt" sestatus f_lines sestatus
  take_apparmor "$o/apparmor.txt"
  take_kubelet "$o/kubelet.txt"
  take_forwarding "$o/log-forwarding.json"
}
# Without getfacl, or where it fails, the mark of ls stays and says that there is such a list.
socket_rights() {
  bounded ls -ldL "$SOCKET" || return
  ! have getfacl || bounded getfacl -cE "$SOCKET" || : >"$WORK/noacl"
}
take_socket() {
  if [ -z "$DRY" ] && [ ! -e "$SOCKET" ]; then skip "$1" "ls -ldL $SOCKET" 'no such file'; return; fi
  q_what="ls -ldL $SOCKET; getfacl -cE $SOCKET"
  begin "$1" "$q_what" || return
  rm -f "$WORK/noacl"
  run "$TIMEOUT" f_socket "$WORK/out" socket_rights
  [ ! -e "$WORK/noacl" ] || EXTRA='getfacl failed'
  judge; settle "$1" "$q_what"
}
# The group first: of the accounts only those stay whose primary group it is. NO_GROUP: there is none of that name.
NO_GROUP=102
group_and_accounts() {
  if have getent; then
    bounded getent group docker || { n_rc=$?; [ "$n_rc" -ne 2 ] || n_rc=$NO_GROUP; return "$n_rc"; }
    bounded getent passwd
  else
    bounded grep '^docker:' /etc/group || { n_rc=$?; [ "$n_rc" -ne 1 ] || n_rc=$NO_GROUP; return "$n_rc"; }
    bounded cat /etc/passwd
  fi
}
take_group() {
  q_what='getent group docker; getent passwd'
  [ -n "$DRY" ] || have getent || q_what='grep ^docker: /etc/group; cat /etc/passwd'
  begin "$1" "$q_what" || return
  run "$TIMEOUT" f_lines "$WORK/out" group_and_accounts
  # without the group there is nobody in it
  if [ "$RC" = "$NO_GROUP" ] && [ ! -s "$WORK/err" ] && [ ! -s "$WORK/out" ] && [ -z "$TIMED$STOPPED" ]; then
    skip "$1" "$q_what" 'no group of that name' nogap; return
  fi
  judge; settle "$1" "$q_what"
}
take_audit() {
  q_what="ausearch --input-logs -k docker${SINCE:+ -ts $SINCE}"
  lacks "$1" "$q_what" ausearch && return
  begin "$1" "$q_what" || return
  run "$TIMEOUT" f_audit "$WORK/out" bounded ausearch --input-logs -k docker ${SINCE:+-ts "$SINCE"}
  # no record at all is an answer, though the exit code is 1
  # where nothing else was said
  if [ "$RC" = 1 ] && [ "$(cat "$WORK/err" "$WORK/out")" = '<no matches>' ]; then
    echo '<no matches>' >"$WORK/out"; RC=0; COMPLETE=1; ERR=
  fi
  judge
  # what was asked for in part proves nothing of the rest
  if [ -n "$SINCE" ] && [ "$STATUS" = collected ]; then STATUS=truncated; NOTE="only records since $SINCE (--since)"; fi
  settle "$1" "$q_what"
}
take_rules() {
  q_what='auditctl -s; auditctl -l'
  lacks "$1" "$q_what" auditctl nogap && return
  begin "$1" "$q_what" || return
  run "$TIMEOUT" f_rules "$WORK/out" rules_and_status
  judge; settle "$1" "$q_what"
}
rules_and_status() {
  bounded auditctl -s; n_rc=$?
  bounded auditctl -l && return "$n_rc"
}
take_sysctl() {
  # shellcheck disable=SC2016,SC2086
  take "$1" "cat /proc/sys/<name>: $SYSCTLS" f_lines sh -c '
    for k in "$@"; do f=/proc/sys/$(echo "$k" | tr . /); [ -r "$f" ] && echo "$k = $(cat "$f")"; done
    :' sh $SYSCTLS
}
take_apparmor() {
  q_what='cat /sys/module/apparmor/parameters/enabled /sys/kernel/security/apparmor/profiles'
  if [ -z "$DRY" ] && [ ! -r /sys/module/apparmor/parameters/enabled ]; then
    skip "$1" "$q_what" 'the kernel has no AppArmor' nogap; return
  fi
  # shellcheck disable=SC2016
  take "$1" "$q_what" f_lines sh -c '
    printf "enabled = %s\n" "$(cat /sys/module/apparmor/parameters/enabled)"
    [ -r /sys/kernel/security/apparmor/profiles ] && cat /sys/kernel/security/apparmor/profiles
    :'
}
# Where rsyslog and journald send entries; nothing else of their files stays.
take_forwarding() {
  q_what='cat /etc/rsyslog.conf /etc/rsyslog.d/*.conf'
  for q_name in journald journal-upload; do
    q_what="$q_what /etc/systemd/$q_name.conf /etc/systemd/$q_name.conf.d/*.conf"
  done
  begin "$1" "$q_what" || return
  # shellcheck disable=SC2016
  run "$TIMEOUT" f_forward "$WORK/out" bounded sh -c '
    rc=0
    for f in ${1#cat }; do
      [ -e "$f" ] || continue
      echo "# file $f"; cat "$f" || rc=1; echo
    done
    exit $rc' sh "$q_what"
  judge; settle "$1" "$q_what"
}
# The arguments of the kubelet, wherever it runs, and its file of settings.
take_kubelet() {
  q_what='cat /proc/<pid of kubelet>/cmdline /etc/sysconfig/kubelet /etc/default/kubelet'
  begin "$1" "$q_what" || return
  # shellcheck disable=SC2016
  run "$TIMEOUT" f_lines "$WORK/out" bounded sh -c '
    for d in /proc/[0-9]*; do
      read -r name <"$d/comm" || continue
      [ "$name" = kubelet ] || continue
      echo "# arguments of the running kubelet"
      tr "\000" "\n" <"$d/cmdline"
    done 2>/dev/null
    for f in /etc/sysconfig/kubelet /etc/default/kubelet; do
      [ -r "$f" ] && { echo "# $f"; cat "$f"; }
    done
    :'
  if [ "$RC" = 0 ] && [ -z "$TIMED" ] && [ ! -s "$WORK/out" ]; then
    skip "$1" "$q_what" 'no kubelet runs here and it has no file of settings' nogap; return
  fi
  judge; settle "$1" "$q_what"
}

# --------------------------------------------------------------- ssh.sh
# All nodes over ssh: this script goes to `sh -s` on the host, a tar comes back.

read_hosts() {
  [ -r "$HOSTS" ] || die "$HOSTS: cannot be read"
  awk '{ sub(/\r$/, ""); sub(/#.*/, ""); gsub(/[ \t]/, "") } $0 == "" { next }
    /^-/ || /[^A-Za-z0-9._@:%\[\]-]/ { print "bad " NR; exit }
    { print }' "$HOSTS" >"$WORK/hosts"
  case $(head -n 1 "$WORK/hosts") in '') die "$HOSTS: no host in it" ;; esac
  if grep '^bad ' "$WORK/hosts" >/dev/null; then
    die "$HOSTS: line $(sed -n 's/^bad //p' "$WORK/hosts"): not [user@]host[:port]"
  fi
}

collect_hosts() {
  v_remote="sh -s -- node --stream --quiet --timeout $TIMEOUT --skip ${SKIP:-none}"
  [ -n "$SOCKET_GIVEN" ] && v_remote="$v_remote --socket '$SOCKET'"
  [ -z "$SINCE" ] || v_remote="$v_remote --since $SINCE"
  for v_word in $KEEP; do v_remote="$v_remote --keep '$v_word'"; done
  [ -n "$SUDO" ] && v_remote="sudo -n $v_remote"
  if [ -n "$DRY" ]; then
    plan "ssh <host> $v_remote" 'nodes/<node>/'
    collect_node
    return
  fi
  have ssh || die 'ssh is not installed here'
  v_n=0
  while read -r v_line; do
    [ -n "$STOPPED" ] && break
    v_n=$((v_n + 1))
    printf '%s\n' "$v_line" >"$WORK/host.$v_n"
    one_host "$v_n" "$v_line" &
    printf '%s\n' "$!" >"$WORK/host.$v_n.pid"
    if [ $((v_n % JOBS)) -eq 0 ]; then wait_hosts; fi
  done <"$WORK/hosts"
  wait_hosts
  v_i=0
  while [ "$v_i" -lt "$v_n" ]; do
    v_i=$((v_i + 1))
    merge_host "$v_i" "$(cat "$WORK/host.$v_i")"
    stop_if_fatal
  done
}
wait_hosts() {
  progress "hosts: $v_n asked"
  for f in "$WORK"/host.*.pid; do
    [ -s "$f" ] && wait_job "$(cat "$f")"
    rm -f "$f"
  done
}
# one_host NUMBER LINE, in the background: host.N.tar, host.N.err, host.N.rc
one_host() {
  j_n=$1; j_host=$2; j_port=
  case $j_host in
    \[*\]:* | *@\[*\]:*) j_port=${j_host##*:}; j_host=${j_host%:*} ;;
    *:*:*) ;;
    *:*) j_port=${j_host##*:}; j_host=${j_host%:*} ;;
  esac
  j_host=$(printf '%s' "$j_host" | tr -d '[]')
  set -- ssh -C -o BatchMode=yes -o ConnectTimeout=15 -o ServerAliveInterval=15 -o ServerAliveCountMax=4
  [ -n "$SSH_CONFIG" ] && set -- "$@" -F "$SSH_CONFIG"
  [ -n "$j_port" ] && set -- "$@" -p "$j_port"
  utc >"$WORK/host.$j_n.start"
  told "$WORK/host.$j_n.err" tracked "host.$j_n" "$(deadline "$NODE_TIMEOUT")" "$@" -- "$j_host" "$v_remote" \
    <"$SCRIPT" >"$WORK/host.$j_n.tar"
  echo $? >"$WORK/host.$j_n.rc"
}

# --------------------------------------------------------------- merge.sh
# What came back from a host. It is not trusted: names, kinds and digests are
# looked at before anything of it is kept.

# host_failed STATUS NOTE
host_failed() {
  record "nodes/$w_name/docker/info.json" "ssh $w_line sh -s -- node" "$w_start" 0 "$w_rc" '' "$1" "$2" 0 gap
}

# merge_host NUMBER LINE
merge_host() {
  w_line=$2
  w_name=${w_line#*@}; case $w_name in *:*:*) ;; *) w_name=${w_name%:*} ;; esac
  w_name=$(safe_name "$w_name")
  w_start=$(cat "$WORK/host.$1.start" 2>/dev/null); w_rc=$(cat "$WORK/host.$1.rc" 2>/dev/null)
  w_tar=$WORK/host.$1.tar
  if late "host.$1"; then host_failed timed_out "no end after $NODE_TIMEOUT seconds"; return; fi
  if [ ! -s "$w_tar" ]; then
    w_err=$(first_error "$WORK/host.$1.err")
    w_status=failed
    case $w_err in *'ermission denied'* | *'password is required'*) w_status=forbidden ;; esac
    host_failed "$w_status" "${w_err:-${STOPPED:-nothing came back}}"; return
  fi
  w_why=$(check_archive)
  if [ -n "$w_why" ]; then host_failed failed "$w_why"; return; fi
  rm -rf "$WORK/unpack"; mkdir "$WORK/unpack"
  if ! (cd "$WORK/unpack" && tar -xf "$w_tar") 2>/dev/null; then
    host_failed failed 'what came back cannot be unpacked'
    fatal='cannot write to the working folder (is the disk full?)'; return
  fi
  rm -f "$w_tar"
  set -- "$WORK"/unpack/mke-snapshot-*
  if [ $# -ne 1 ] || [ ! -f "$1/manifest.jsonl" ]; then host_failed failed 'what came back has no manifest'; return; fi
  w_top=$1
  set -- "$w_top"/nodes/*
  w_node=${1##*/}
  if [ $# -ne 1 ] || [ ! -d "$1" ]; then host_failed failed 'what came back is not one node'; return; fi
  if [ -e "$STAGE/nodes/$w_node" ]; then
    host_failed failed "another host already gave itself the name $w_node"; return
  fi
  case $(tail -n 1 "$w_top/manifest.jsonl") in
    '{"record":"footer",'*'"complete":true'*) ;;
    *) trouble "  incomplete $w_node: its collection was interrupted"; GAPS=1 ;;
  esac
  grep '^{"record":"item","path":"nodes/' "$w_top/manifest.jsonl" >"$WORK/sub"
  while IFS= read -r w_item; do merge_item; done <"$WORK/sub"
  rm -rf "$WORK/unpack"
  # 3: the node had gaps of its own
  [ "$w_rc" = 0 ] || GAPS=1
}
# Why the archive that came back must not be unpacked; nothing if it may.
check_archive() {
  if ! tar -tf "$w_tar" >"$WORK/names" 2>/dev/null || ! tar -tvf "$w_tar" >"$WORK/kinds" 2>/dev/null; then
    echo 'what came back is no whole archive'; return
  fi
  c_name='[A-Za-z0-9_][A-Za-z0-9._-]*'; c_file='[A-Za-z0-9_-][A-Za-z0-9._-]*'
  c_path="^mke-snapshot-[A-Za-z0-9._-]+/(manifest\.jsonl|(nodes/($c_name/((docker|host)/($c_file)?)?)?)?)\$"
  { grep -v '^[d-]' "$WORK/kinds"; grep -vE "$c_path" "$WORK/names"; grep '\.\./' "$WORK/names"; } >"$WORK/odd"
  [ -s "$WORK/odd" ] && echo 'what came back holds names or kinds of files that do not belong there'
}
# One item of its manifest, checked against the file it speaks of.
merge_item() {
  w_path=$(item_part '^{"record":"item","path":"\(nodes\/[A-Za-z0-9._\/-]*\)",.*')
  case $w_path in nodes/"$w_node"/*) ;; *) return ;; esac
  case $w_path in *../* | */./*) return ;; esac
  w_status=$(item_part '.*"status":"\([a-z_]*\)","note":.*')
  w_bytes=$(item_part '.*"bytes":\([0-9]*\),"sha256":.*')
  case $w_bytes in 0?* | ????????????????*) w_bytes= ;; esac
  w_sha=$(item_part '.*,"sha256":"\([0-9a-f]*\)","status":.*')
  w_red=$(item_part '.*,"redacted":\([0-9]*\),"dropped":[0-9]*}$')
  w_drop=$(item_part '.*,"dropped":\([0-9]*\)}$')
  # a number that begins with 0 or has many digits is another one in some shells
  for w_number in "$w_red" "$w_drop"; do case $w_number in '' | 0?* | ??????????*) w_red=; w_drop= ;; esac; done
  case $w_status in
    collected | truncated) [ -n "$w_sha" ] || w_sha=none ;;
    failed | forbidden | timed_out | skipped) [ -z "$w_sha" ] || w_status=bad ;;
    *) w_status=bad ;;
  esac
  keeping manifest
  printf '%s\n' "$w_item" | { RUN_END=0; f_json; } >"$WORK/item"
  read -r _ _ w_whole _ <"$WORK/side"
  if [ "$w_status" = bad ] || [ "$w_whole" != 1 ] || [ -z "$w_bytes" ] || [ -z "$w_red$w_drop" ]; then
    item_failed 'the record that came back is not what it should be'; return
  fi
  if [ -n "$w_sha" ]; then
    w_file=$w_top/$w_path
    if [ ! -f "$w_file" ] || [ "$(sha256_of "$w_file")" != "$w_sha" ] || [ "$(bytes_of "$w_file")" != "$w_bytes" ]; then
      item_failed 'the file that came back differs from its digest'
      rm -f "$w_file"; return
    fi
    mkdir -p "$STAGE/${w_path%/*}"; mv "$w_file" "$STAGE/$w_path" || fatal='cannot write to the working folder'
  fi
  cat "$WORK/item" >>"$WORK/items" || fatal='cannot write to the working folder'
  # a gap of the node is in its exit code
  w_gaps=$GAPS; count "$w_status" "$w_bytes" "$w_red" nogap "$w_drop"; GAPS=$w_gaps
}
# item_part PATTERN: what \( \) stands for in the item
item_part() { printf '%s\n' "$w_item" | sed -n "s/$1/\\1/p"; }
item_failed() { record "$w_path" "ssh $w_line" "$w_start" 0 '' '' failed "$1" 0 gap; }

# --------------------------------------------------------------- pack.sh
# The archive.

# What is not finished lies in a folder of the run's own, whose name begins with a dot. Where the archives were
# already getting their names when the collector was killed, the guard gives the others theirs.
remove_unfinished() {
  [ -s "$WORK/part" ] || return 0
  IFS= read -r z_own <"$WORK/part"
  case $z_own in .mke-snapshot.*) ;; *) return 0 ;; esac
  case $z_own in */* | *[!A-Za-z0-9.-]*) return 0 ;; esac
  own_folder "$OUT/$z_own" || return 0
  [ ! -e "$WORK/naming" ] || give_names
  rm -rf -- "${OUT:?}/$z_own"
}
# make_own: that folder, private from its beginning, so that nobody else can lay anything under the names in it
make_own() {
  for _ in 1 2 3; do
    z_own=$(mktemp -u "$OUT/.mke-snapshot.XXXXXX") || return
    z_own=${z_own##*/}
    printf '%s\n' "$z_own" >"$WORK/part" || return
    mkdir -m 700 -- "$OUT/$z_own" 2>/dev/null && return
    rm -f "$WORK/part"
  done
  return 1
}

# The id of the cluster: what MKE's containers say, else the swarm's.
cluster_id() {
  [ -d "$STAGE" ] || return
  find "$STAGE" -name containers.json -type f 2>/dev/null | sort >"$WORK/found"
  while IFS= read -r f; do
    id=$(awk 'match($0, /"com\.docker\.ucp\.InstanceID": *"[A-Za-z0-9_-]+"/) {
      s = substr($0, RSTART, RLENGTH); sub(/"$/, "", s); sub(/.*"/, "", s); print s; exit }' "$f")
    if [ -n "$id" ]; then printf '%s\n' "$id"; return; fi
  done <"$WORK/found"
  find "$STAGE" -name info.json -type f 2>/dev/null | sort >"$WORK/found"
  while IFS= read -r f; do
    id=$(flat "$f" | awk -F '\t' '$1 == "Swarm.Cluster.ID" && $2 ~ /^[A-Za-z0-9_-]+$/ { print $2; exit }')
    if [ -n "$id" ]; then printf '%s\n' "$id"; return; fi
  done <"$WORK/found"
}

write_manifest() {
  z_more=${SPLIT:+ parts:n}
  R_record=header R_parts=$z_parts R_format=2 R_collector="$PROGRAM $VERSION" R_cluster_id=$z_id R_host=$(uname -n) \
    R_user=$(id -un 2>/dev/null || id -u) R_started=$STARTED R_mode=$MODE \
    R_tls_verified=$([ -n "$INSECURE" ] && echo false || echo true) R_keep=$KEEP \
    R_FIELDS="record:s format:n collector:s cluster_id:s host:s user:s started:s mode:s tls_verified:b keep:s$z_more" \
    awk "$MANIFEST_LINE" &&
  awk -v size="${SPLIT:-0}" "$AWK_PARTS" "$WORK/items" &&
  R_record=footer R_finished=$(utc) R_items=$N_ITEMS R_bytes=$N_BYTES R_complete=$z_complete R_note=$STOPPED \
    R_FIELDS='record:s finished:s items:n bytes:n complete:b note:s' awk "$MANIFEST_LINE"
}

# Writing goes on in the background, where Ctrl-C does not reach it, while the first
# signal waits for its end and the second one ends it.
pack() {
  progress 'packing'
  FINISHING=${FINISHING:-pack}
  rm -f "$WORK/stop"
  write_snapshot &
  wait_job $!
  [ "$JOB_RC" -eq 0 ] || die "$(cat "$WORK/why" 2>/dev/null || echo 'cannot write the archive'): no archive written"
  [ -n "$STREAM" ] || name_archive
}
# The archive gets its name here and not in the background, so that whoever gives up knows whether it has it.
# Ctrl-C also ends the tool that was just renaming.
name_archive() {
  IFS= read -r z_own <"$WORK/part"
  while read -r _ _ z_file; do free_name "$OUT/$z_file"; done <"$WORK/packed"
  # from here on no signal changes anything
  FINISHING=named
  : >"$WORK/naming"
  if ! give_names; then
    rm -f "$WORK/naming"
    die "cannot give the archive its name in $OUT: no archive written"
  fi
  remove_unfinished
  rm -f "$WORK/naming" "$WORK/part"
}
give_names() {
  while read -r _ _ z_file; do
    z_part=$OUT/$z_own/$z_file
    for _ in 1 2; do [ ! -f "$z_part" ] || mv -f -- "$z_part" "$OUT/$z_file" 2>/dev/null; done
    [ ! -e "$z_part" ] || return
  done <"$WORK/packed"
}
# free_name FILE: what is there already stays
free_name() {
  if [ -e "$1" ] || [ -L "$1" ]; then die "$1 is there already: no archive written"; fi
}
# give_up REASON: ends the background
give_up() {
  printf '%s\n' "$1" >"$WORK/why"
  remove_unfinished
  exit 1
}

write_snapshot() {
  trap - EXIT
  trap '' INT HUP TERM
  z_id=$(cluster_id)
  z_name=${NAME:-$z_id}; z_name=$(safe_name "${z_name:-cluster}" | cut -c1-40)
  [ "$MODE" = node ] && z_name=$z_name-$NODE
  z_top=mke-snapshot-$z_name-$STAMP
  z_parts=$(awk -v size="${SPLIT:-0}" -v count=1 "$AWK_PARTS" "$WORK/items")
  z_complete=true; [ -n "$STOPPED" ] && z_complete=false
  write_manifest >"$WORK/manifest" || give_up 'cannot write the manifest (is the disk full?)'
  # what cannot be written must not look whole
  z_lines=$(wc -l <"$WORK/manifest" | tr -d ' ')
  [ "$z_lines" = $((N_ITEMS + 2)) ] || give_up 'the manifest could not be written whole (is the disk full?)'
  if ! { mkdir "$WORK/tar" && mv "$STAGE" "$WORK/tar/$z_top" && mv "$WORK/manifest" "$WORK/tar/$z_top/manifest.jsonl"; }
  then give_up 'cannot write to the working folder'; fi
  STAGE=$WORK/tar/$z_top
  find "$STAGE" -type d -exec rmdir {} + 2>/dev/null
  find "$STAGE" -depth -type d -exec rmdir {} \; 2>/dev/null
  if [ -n "$STREAM" ]; then tar_snapshot || give_up 'cannot write the archive'
  else
    make_own || give_up "cannot write to $OUT"
    z_of=
    for z_number in $(seq_to "$z_parts"); do
      if [ -n "$SPLIT" ]; then
        z_of=.part${z_number}of$z_parts
        set_apart || give_up 'cannot write to the working folder (is the disk full?)'
      fi
      write_archive
    done
  fi
  exit 0
}
seq_to() { awk -v n="$1" 'BEGIN { for (i = 1; i <= n; i++) print i }'; }
# A folder with the manifest and the members of the part of this number.
set_apart() {
  z_from=$WORK/tar/$z_top; STAGE=$WORK/tar.$z_number/$z_top
  mkdir -p "$STAGE" && cp "$z_from/manifest.jsonl" "$STAGE" || return
  awk -v part="$z_number" "$AWK_PARTS" "$z_from/manifest.jsonl" >"$WORK/members" || return
  while IFS= read -r z_line; do
    mkdir -p "$STAGE/${z_line%/*}" && mv "$z_from/$z_line" "$STAGE/$z_line" || return
  done <"$WORK/members"
}
tar_snapshot() {
  z_dirs=
  for d in cluster nodes; do [ ! -d "$STAGE/$d" ] || z_dirs="$z_dirs $z_top/$d"; done
  # the manifest first: a reader then knows what to expect
  # shellcheck disable=SC2086
  tracked tar 0 tar -C "${STAGE%/*}" -cf - "$z_top/manifest.jsonl" $z_dirs
}
write_archive() {
  case $FORMAT in zst) z_ext=tar.zst ;; gz) z_ext=tar.gz ;; *) z_ext=tar ;; esac
  z_file=$z_top$z_of.$z_ext
  z_part=$OUT/$z_own/$z_file
  # opened here: a part of the pipeline that is late would make the file again after it was removed
  true >"$z_part" || give_up "cannot write to $OUT"
  { { tar_snapshot; echo $? >"$WORK/tar.rc"; } 2>"$WORK/err" | pack_to >&4 2>>"$WORK/err"; } 4>"$z_part"
  z_rc=$?
  if [ $z_rc -ne 0 ] || [ "$(cat "$WORK/tar.rc" 2>/dev/null)" != 0 ]; then
    z_err=$(first_error "$WORK/err"); give_up "cannot write the archive to $OUT: ${z_err:-is the disk full?}"
  fi
  # read it again before it gets its name
  z_count=$(find "$STAGE" -type f | wc -l | tr -d ' ')
  z_seen=$(pack_from <"$z_part" 2>/dev/null | tar -tf - 2>/dev/null | grep -c '[^/]$')
  [ "$z_seen" = "$z_count" ] || give_up "the archive in $OUT cannot be read back ($z_seen of $z_count members)"
  printf '%s %s %s\n' "$(bytes_of "$z_part")" "$(sha256_of "$z_part")" "$z_file" >>"$WORK/packed" ||
    give_up 'cannot write to the working folder'
}
pack_to() { case $FORMAT in zst) packer zstd -q -c ;; gz) packer gzip -c ;; *) packer cat ;; esac; }
pack_from() { case $FORMAT in zst) packer zstd -q -d -c ;; gz) packer gzip -d -c ;; *) packer cat ;; esac; }
packer() { tracked packer 0 "$@"; }

# One line for each kind of failure, the most frequent first.
summary_of_failures() {
  [ -s "$WORK/failures" ] || return 0
  sort "$WORK/failures" | uniq -c | sort -rn | awk '
    NR <= 20 { n = $1; sub(/^ *[0-9]+ /, ""); print "  " n " x " $0; next }
    { rest += $1 }
    END { if (rest) print "  " rest " more of other kinds" }'
}
summary() {
  [ -n "$QUIET" ] && return
  [ -t 2 ] && printf '\r\033[K' >&2
  {
    printf '  collected %s  failed %s  forbidden %s  timed out %s  truncated %s  skipped %s\n' \
      "$N_DONE" "$N_FAILED" "$N_FORBIDDEN" "$N_TIMED" "$N_CUT" "$N_SKIPPED"
    printf '  %s bytes in %s items, %s values left out\n' "$N_BYTES" "$N_ITEMS" "$N_DROPPED"
    [ "$N_REDACTED" -eq 0 ] ||
      printf '  warning: %s values that look like secrets stood in kept fields, and were replaced\n' "$N_REDACTED"
    summary_of_failures
    if [ -z "$STREAM" ]; then
      while read -r z_bytes z_sha z_file; do
        printf '%s\n  archive %s bytes, sha256 %s\n' "$OUT/$z_file" "$z_bytes" "$z_sha"
      done <"$WORK/packed"
    fi
    [ -n "$STOPPED" ] && printf '  not the whole: %s\n' "$STOPPED"
  } >&2
  :
}

# --------------------------------------------------------------- options.sh
# The options.

# wants PART: whether --skip leaves it in
wants() { case ",$SKIP," in *",$1,"*) return 1 ;; esac; }
need() { [ $# -ge 2 ] || die "$1 wants a value"; }
# Times of at most six digits: some shells count with 32 bits.
number() { case $2 in '' | *[!0-9]* | 0* | ???????*) die "$1 wants a whole number from 1 to 999999" ;; esac; }

default_options() {
  MODE=; OUT=.; NAME=; FORMAT=; TMP_DIR=; STREAM=; SPLIT=; SINCE=
  BUNDLE=; MKE_URL=; MSR_URL=; USER_NAME=; PASSWORD=; PASSWORD_FILE=; TOKEN=; TOKEN_FILE=
  CA=; MSR_CA=; MKE_CA=; INSECURE=; KUBECONFIG_FILE=; KUBE_CONTEXT=; DOCKER_URL=; SKIP=; KEEP=
  TIMEOUT=180; SUPPORT=; SUPPORT_TIMEOUT=1800; NODE_TIMEOUT=1800; JOBS=4
  HOSTS=; SSH_CONFIG=; SUDO=; NODE_NAME=; NODE=; SOCKET=/var/run/docker.sock; SOCKET_GIVEN=; DRY=; QUIET=; EXPLAIN=
}

# read_options ARGUMENTS...: leaves them in variables, or ends the run
read_options() {
  case ${1:-} in
    cluster | node | all) MODE=$1; shift ;;
    select) need "$@"; MODE=$1; MEMBER=$2; shift 2 ;;
    -h | --help) usage; exit 0 ;;
    --version) echo "$PROGRAM $VERSION"; exit 0 ;;
    '') usage >&2; exit 2 ;;
    *) say "$PROGRAM: $1: not one of cluster, node, all (--help tells more)"; exit 2 ;;
  esac
  while [ $# -gt 0 ]; do
    case $1 in
      -o | --output) need "$@"; OUT=$2; shift ;;
      --name) need "$@"; NAME=$2; shift ;;
      --format) need "$@"; FORMAT=$2; shift ;;
      --tmp) need "$@"; TMP_DIR=$2; shift ;;
      --stream) STREAM=1 ;;
      --split) need "$@"; SPLIT=$2; shift ;;
      --bundle) need "$@"; BUNDLE=$2; shift ;;
      --mke) need "$@"; MKE_URL=$2; shift ;;
      --msr) need "$@"; MSR_URL=$2; shift ;;
      --user) need "$@"; USER_NAME=$2; shift ;;
      --password-file) need "$@"; PASSWORD_FILE=$2; shift ;;
      --token-file) need "$@"; TOKEN_FILE=$2; shift ;;
      --ca) need "$@"; CA=$2; shift ;;
      --msr-ca) need "$@"; MSR_CA=$2; shift ;;
      --insecure) INSECURE=1 ;;
      --kubeconfig) need "$@"; KUBECONFIG_FILE=$2; shift ;;
      --context) need "$@"; KUBE_CONTEXT=$2; shift ;;
      --docker-host) need "$@"; DOCKER_URL=$2; shift ;;
      --keep) need "$@"; KEEP=${KEEP:+$KEEP }$2; shift ;;
      --skip) need "$@"; SKIP=$2; shift ;;
      --since) need "$@"; SINCE=$2; shift ;;
      --timeout) need "$@"; number "$1" "$2"; TIMEOUT=$2; shift ;;
      --support-dump) SUPPORT=1 ;;
      --support-timeout) need "$@"; number "$1" "$2"; SUPPORT_TIMEOUT=$2; shift ;;
      --hosts) need "$@"; HOSTS=$2; shift ;;
      --ssh-config) need "$@"; SSH_CONFIG=$2; shift ;;
      --sudo) SUDO=1 ;;
      --node-timeout) need "$@"; number "$1" "$2"; NODE_TIMEOUT=$2; shift ;;
      --jobs) need "$@"; number "$1" "$2"; JOBS=$2; shift ;;
      --node-name) need "$@"; NODE_NAME=$2; shift ;;
      --socket) need "$@"; SOCKET=$2; SOCKET_GIVEN=1; shift ;;
      --dry-run) DRY=1 ;;
      --explain) EXPLAIN=1 ;;
      --quiet) QUIET=1 ;;
      --version) echo "$PROGRAM $VERSION"; exit 0 ;;
      -h | --help) usage; exit 0 ;;
      *) say "$PROGRAM: $1: no such option (--help lists them)"; exit 2 ;;
    esac
    shift
  done
}

# --skip names parts, or members by their names without what stands behind the dot.
check_skip() {
  case $SKIP in *[!a-z,-]*) die "--skip $SKIP: a comma list of parts and members (--help names them)" ;; esac
  o_words=
  for o_word in docker kubectl mke msr host none daemon api-resources support-dump \
    $DOCKER_MEMBERS $KUBE_RESOURCES $MKE_MEMBERS $MSR_MEMBERS $HOST_MEMBERS; do o_words="$o_words ${o_word%%.*} "; done
  o_left=$SKIP,
  while [ -n "$o_left" ]; do
    o_word=${o_left%%,*}; o_left=${o_left#*,}
    case $o_words in *" $o_word "*) continue ;; esac
    [ -z "$o_word" ] || die "--skip $o_word: there is no such part and no such member (--help names them)"
  done
}

# --keep names a kind of the lists and a field of it.
check_keep() {
  case $KEEP in *[!A-Za-z0-9_.:/\ \[\]\"-]*) die "--keep $KEEP: letters, digits and . _ : / [ ] \" - alone" ;; esac
  for o_word in $KEEP; do
    case $o_word in
      *:?*) ;;
      *) die "--keep $o_word: a kind and a field of it, such as docker.container:Config.Cmd" ;;
    esac
    case $o_word in
      host.* | docker.process:* | *.certificate:* | mke.ca:*)
        die "--keep $o_word: of this kind no more can be kept" ;;
    esac
    printf '%s\n' "$LISTS" | grep -F "= ${o_word%%:*} " >/dev/null ||
      die "--keep $o_word: there is no such kind (--explain names them)"
  done
}

# --split as a number of bytes.
check_split() {
  [ -z "$STREAM" ] || die '--split writes files: not with --stream'
  case $SPLIT in
    *[0-9]K) o_unit=1024 ;; *[0-9]M) o_unit=1048576 ;; *[0-9]G) o_unit=1073741824 ;;
    *) die "--split $SPLIT: a whole number with K, M or G behind it, such as 500M" ;;
  esac
  SPLIT=${SPLIT%[KMG]}
  case $SPLIT in
    *[!0-9]* | 0* | ??????????*) die '--split: a whole number with K, M or G behind it, such as 500M' ;;
  esac
  # some shells count with 32 bits
  SPLIT=$(awk -v n="$SPLIT" -v unit="$o_unit" 'BEGIN { printf "%.0f", n * unit }')
}

check_options() {
  case $SINCE in
    '' | today | yesterday | this-week | week-ago | this-month | this-year | boot) ;;
    *) die '--since is one of today, yesterday, this-week, week-ago, this-month, this-year, boot' ;;
  esac
  [ -z "$SPLIT" ] || check_split
  check_skip
  [ -z "$KEEP" ] || check_keep
  case $SOCKET in *[!A-Za-z0-9._/-]*) die '--socket: only letters, digits and . _ / -' ;; esac
  case $MKE_URL in '' | https://*) ;; *) die '--mke wants an address that begins with https://' ;; esac
  case $MSR_URL in '' | auto | https://*) ;; *) die '--msr wants auto or an address that begins with https://' ;; esac
  case $MKE_URL$MSR_URL in *[!A-Za-z0-9.:/_%\[\]-]*) die '--mke and --msr: characters that no address has' ;; esac
  MKE_URL=${MKE_URL%/}; MSR_URL=${MSR_URL%/}
  case $FORMAT in
    '') if have zstd; then FORMAT=zst; else FORMAT=gz; fi ;;
    zst) [ -n "$DRY" ] || have zstd || die 'zstd is not installed here: --format gz' ;;
    gz | tar) ;;
    *) die '--format is zst, gz or tar' ;;
  esac
  [ "$MODE" != all ] || [ -n "$HOSTS" ] || [ -n "$DRY" ] || die 'all wants --hosts FILE'
}

# --------------------------------------------------------------- main.sh
# Start. Everything above is read before anything runs: the script may come on
# standard input.

main() {
  clean_environment
  choose_put
  STATUS=; NOTE=
  default_options
  read_options "$@"
  check_options
  # shellcheck disable=SC2031
  [ "$MODE" = node ] && PATH=$PATH:/usr/sbin:/sbin && export PATH
  if [ -n "$EXPLAIN" ]; then explain; exit 0; fi
  if [ -n "$DRY" ]; then collect; exit 0; fi

  have sha256sum || have shasum || have openssl || die 'none of sha256sum, shasum, openssl is installed'
  have tar || die 'tar is not installed'
  [ -d "$OUT" ] || die "$OUT: no such folder"
  if [ -z "$STREAM" ] && [ "$MODE" != select ]; then
    safe_place "$OUT" --output
    [ -w "$OUT" ] || die "$OUT: cannot be written to"
  fi
  OUT=$(cd "$OUT" && pwd) || die "cannot enter the output folder"
  SCRIPT=$0
  start_work
  if [ "$MODE" = select ]; then select_input; fi
  credentials
  if [ "$MODE" = all ]; then
    [ -r "$SCRIPT" ] || die 'all needs the script as a file (not on standard input)'
    read_hosts
  fi
  [ "$MODE" = node ] && docker_local
  collect
  end_complaint
  if [ "$N_DONE" -eq 0 ] && [ "$N_CUT" -eq 0 ]; then
    [ -n "$STOPPED" ] && die "$STOPPED: nothing collected, no archive written"
    die 'nothing could be collected, no archive written'
  fi
  pack
  summary
  z_exit=0; [ "$GAPS" -ne 0 ] && z_exit=3; [ -n "$STOPPED" ] && z_exit=3
  trap - EXIT; cleanup
  exit "$z_exit"
}

explain() { printf '%s\n' "$LISTS" | awk -v mode="$MODE" -v keep="$KEEP" "$AWK_EXPLAIN"; }
# What the filter of a member keeps of the standard input.
select_input() {
  keeping "$MEMBER"
  [ -s "$KEEP_LIST" ] ||
    case $MEMBER in *.json | *.toml) die "$MEMBER: no such member (--explain names them)" ;; esac
  RUN_END=0
  "$(filter_of "$MEMBER")"
  z_exit=$?
  [ ! -s "$WORK/side" ] || read -r NRED _ COMPLETE NDROP _ <"$WORK/side"
  [ "${COMPLETE:-1}" = 1 ] || { say "$PROGRAM: the input ends early or is not what it should be"; z_exit=3; }
  say "$NDROP values left out, $NRED more replaced"
  trap - EXIT; cleanup
  exit "$z_exit"
}
collect() {
  case $MODE in
    cluster) collect_cluster ;;
    node) collect_node ;;
    all) collect_cluster; collect_hosts ;;
  esac
}
collect_cluster() {
  collect_docker_cluster
  collect_kubectl
  collect_mke
  collect_msr
  collect_support
}

main "$@"
