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
