//! What Docker tells: of each node's engine, and of the swarm.

use crate::layout::kinds::encoding::{Encoding, TextForm};
use crate::layout::kinds::naming::{Naming, Tells, Workload};
use crate::layout::kinds::row::Select::{Below, Fields};
use crate::layout::kinds::row::{CLUSTER, DUMPED, DumpForm, Holds, InDump, NODE, RecognizedBy, Row, Signature};
use crate::layout::kinds::selects::docker::{INFO, VERSION};

/// Why a dump's services and tasks are only some of them.
const SERVICES_OF_MKE: &str = "a support dump holds the services of MKE, not those of users";

pub(super) const ROWS: &[Row] = &[
    Row {
        name: "docker.container",
        in_cluster: Some("docker/containers.json"),
        on_node: Some("docker/containers.json"),
        in_dump: Some(InDump {
            files: &["inspect/*.txt"],
            section: &["container_info", "inspect"],
            form: DumpForm::Inspections,
            only_some: Some("a support dump holds the containers of MKE and MSR, not those of users"),
        }),
        marks: &["Name", "Config.Image"],
        shape: &["HostConfig"],
        from: "`docker inspect` of every container (`docker ps -aq`) of the node",
        recognized_by: RecognizedBy::Keys(&[Signature::keys(&["Id", "HostConfig", "Config", "State"])]),
        naming: Naming::and("Name", "Config.Image"),
        workload: Workload { images: &["Config.Image"], node_in_name: true, ..Workload::NONE },
        inventory: &[
            (Tells::Version, "Config.Labels[\"com.docker.ucp.version\"]"),
            (Tells::Id, "Id"),
            (Tells::Name, "Name"),
            (Tells::Service, "Config.Labels[\"com.docker.swarm.service.name\"]"),
            (Tells::ServiceId, "Config.Labels[\"com.docker.swarm.service.id\"]"),
            (Tells::Networks, "NetworkSettings.Networks"),
            (Tells::Pod, "Config.Labels[\"io.kubernetes.pod.uid\"]"),
            (Tells::IsRunning, "State.Running"),
            (Tells::InPod, "Config.Labels[\"io.kubernetes.container.name\"]"),
            (Tells::ImageId, "Image"),
        ],
        always_read: true,
        kept: &["Image", "Created"],
        selects: &[
            (
                "",
                Fields(
                    "Id Name Created Image Driver Platform AppArmorProfile ProcessLabel MountLabel RestartCount
                Args=flags",
                ),
            ),
            (
                "State",
                Fields(
                    "Status Running Paused Restarting OOMKilled Dead Pid ExitCode StartedAt FinishedAt Health.Status
                Health.FailingStreak",
                ),
            ),
            (
                "Config",
                Fields(
                    "Hostname Domainname Image User Tty OpenStdin AttachStdin AttachStdout AttachStderr StdinOnce
                NetworkDisabled ExposedPorts.*=name Volumes.*=name StopTimeout",
                ),
            ),
            (
                "",
                Fields(
                    r#"Config.Labels["com.docker.ucp.version"] Config.Labels["com.docker.ucp.InstanceID"]
                Config.Labels["com.docker.dtr.version"] Config.Labels["com.docker.swarm.service.name"]
                Config.Labels["com.docker.swarm.service.id"] Config.Labels["com.docker.swarm.node.id"]
                Config.Labels["com.docker.swarm.task.id"] Config.Labels["com.docker.stack.namespace"]
                Config.Labels["io.kubernetes.pod.name"] Config.Labels["io.kubernetes.pod.namespace"]
                Config.Labels["io.kubernetes.pod.uid"] Config.Labels["io.kubernetes.container.name"]
                Config.Labels["io.kubernetes.docker.type"]"#,
                ),
            ),
            (
                "HostConfig",
                Fields(
                    "AutoRemove Privileged ReadonlyRootfs PublishAllPorts Init NetworkMode PidMode IpcMode UTSMode
                UsernsMode CgroupnsMode Isolation Runtime CapAdd CapDrop SecurityOpt GroupAdd Memory
                MemoryReservation MemorySwap MemorySwappiness KernelMemory NanoCpus CpuShares CpuPeriod CpuQuota
                CpuCount CpuPercent CpusetCpus CpusetMems PidsLimit BlkioWeight OomKillDisable OomScoreAdj
                ShmSize CgroupParent VolumeDriver Cgroup MaskedPaths ReadonlyPaths LogConfig.Type
                RestartPolicy.Name RestartPolicy.MaximumRetryCount PortBindings.*.HostIp PortBindings.*.HostPort
                Devices.PathOnHost Devices.PathInContainer Devices.CgroupPermissions Ulimits.Name Ulimits.Hard
                Ulimits.Soft Sysctls.* Mounts.Type Mounts.Source Mounts.Target Mounts.ReadOnly
                Mounts.VolumeOptions.DriverConfig.Name Mounts.VolumeOptions.DriverConfig.Options.device=path
                Mounts.BindOptions.Propagation",
                ),
            ),
            ("Mounts", Fields("Type Name Source Destination Driver Mode RW Propagation")),
            (
                "NetworkSettings",
                Fields(
                    "Ports.*.HostIp Ports.*.HostPort Networks.*.NetworkID Networks.*.IPAddress
                Networks.*.GlobalIPv6Address IPAddress",
                ),
            ),
        ],
        ..NODE
    },
    Row {
        name: "docker.info",
        holds: Holds::One,
        on_node: Some("docker/info.json"),
        in_dump: Some(InDump { section: &["docker_info"], form: DumpForm::EngineInfo, ..DUMPED }),
        marks: &["Name"],
        never_empty: Some("ID"),
        errors: Some("ServerErrors"),
        from: "`docker info --format '{{json .}}'` on the node itself",
        recognized_by: RecognizedBy::Keys(&[Signature::engine(
            &["ID", "Containers", "ServerVersion", "Driver"],
            "ServerVersion",
        )]),
        naming: Naming::by("Name"),
        inventory: &[
            (Tells::NodeName, "Name"),
            (Tells::System, "OperatingSystem"),
            (Tells::SystemType, "OSType"),
            (Tells::Containers, "Containers"),
            (Tells::Running, "ContainersRunning"),
            (Tells::ImagesHeld, "Images"),
            (Tells::SwarmNodes, "Swarm.Nodes"),
            (Tells::Managers, "Swarm.RemoteManagers"),
            (Tells::SwarmId, "Swarm.Cluster.ID"),
            (Tells::ClusterId, "Swarm.Cluster.Spec.Labels[\"com.docker.ucp.InstanceID\"]"),
            (Tells::Time, "SystemTime"),
            (Tells::Address, "Swarm.NodeAddr"),
            (Tells::Id, "Swarm.NodeID"),
        ],
        always_read: true,
        selects: &[("", Below("engine", INFO))],
        ..NODE
    },
    Row {
        name: "docker.version",
        holds: Holds::One,
        on_node: Some("docker/version.json"),
        in_dump: Some(InDump { section: &["docker_version"], ..DUMPED }),
        shape: &["Server"],
        from: "`docker version --format '{{json .}}'` on the node itself",
        recognized_by: RecognizedBy::Keys(&[
            Signature::engine(&["Client", "Server"], "Server.Version"),
            Signature::engine(&["Client", "Client.ApiVersion"], "Server.Version"),
        ]),
        kept: &["Server.Platform.Name"],
        selects: &[("", Below("versions", VERSION))],
        ..NODE
    },
    Row {
        name: "docker.image",
        in_cluster: Some("docker/images.json"),
        on_node: Some("docker/images.json"),
        in_dump: Some(InDump { section: &["docker_images"], form: DumpForm::Images, ..DUMPED }),
        from: "`docker images --format '{{json .}}'` on the node",
        recognized_by: RecognizedBy::Keys(&[
            Signature::keys(&["Id", "RepoTags"]),
            Signature::keys(&["Repository", "Tag", "ID"]),
        ]),
        naming: Naming { aside: Some("ID"), ..Naming::within("Tag", "Repository", ':') },
        inventory: &[(Tells::ImageId, "ID")],
        selects: &[("", Fields("Repository Tag ID Digest CreatedAt CreatedSince Size Id RepoTags RepoDigests"))],
        ..NODE
    },
    Row {
        name: "docker.daemon",
        holds: Holds::One,
        on_node: Some("docker/daemon.json"),
        in_dump: Some(InDump { section: &["docker_daemon_json"], form: DumpForm::DaemonFile, ..DUMPED }),
        from: "`/etc/docker/daemon.json` of the node",
        selects: &[(
            "",
            Fields(
                "log-driver log-level log-opts.max-size log-opts.max-file icc userns-remap live-restore
                userland-proxy no-new-privileges selinux-enabled seccomp-profile insecure-registries
                registry-mirrors storage-driver storage-opts exec-opts cgroup-parent default-ulimits.*.Name
                default-ulimits.*.Hard default-ulimits.*.Soft experimental fips hosts tls tlsverify tlscacert
                tlscert tlskey authorization-plugins iptables ip6tables ip-forward ipv6 bridge bip ip data-root
                exec-root default-runtime default-shm-size debug max-concurrent-downloads max-concurrent-uploads
                metrics-addr",
            ),
        )],
        ..NODE
    },
    Row {
        name: "docker.process",
        encoding: Encoding::Text(TextForm::Processes),
        on_node: Some("docker/processes.txt"),
        from: "`docker top` of every running container of the node",
        naming: Naming::and("container", "command"),
        inventory: &[(Tells::FirstOfTable, "first"), (Tells::Id, "container")],
        // It tells which containers a list of them lacks, whatever rules are asked for.
        always_read: true,
        selects: &[("", Fields("container pid ppid user command=words first"))],
        ..NODE
    },
    Row {
        name: "docker.node",
        in_cluster: Some("docker/nodes.json"),
        in_dump: Some(InDump { files: &["ucp-nodes.txt"], ..DUMPED }),
        marks: &["Description.Hostname"],
        shape: &["Spec"],
        from: "`docker node inspect` of every node",
        recognized_by: RecognizedBy::Keys(&[Signature::keys(&["ID", "Description.Hostname", "Spec.Role"])]),
        naming: Naming::by("Description.Hostname"),
        inventory: &[
            (Tells::NodeName, "Description.Hostname"),
            (Tells::Id, "ID"),
            (Tells::Role, "Spec.Role"),
            (Tells::SystemType, "Description.Platform.OS"),
            (Tells::RunsSwarm, "Spec.Labels[\"com.docker.ucp.orchestrator.swarm\"]"),
            (Tells::RunsKubernetes, "Spec.Labels[\"com.docker.ucp.orchestrator.kubernetes\"]"),
            (Tells::Address, "Status.Addr"),
            (Tells::State, "Status.State"),
        ],
        always_read: true,
        selects: &[
            ("", Fields("ID CreatedAt UpdatedAt")),
            (
                "Description",
                Fields(
                    "Hostname Platform.OS Platform.Architecture Resources.NanoCPUs Resources.MemoryBytes
                Engine.EngineVersion Engine.Plugins.Type Engine.Plugins.Name TLSInfo.TrustRoot",
                ),
            ),
            (
                "Spec",
                Fields(
                    r#"Name Role Availability Labels["com.docker.ucp.orchestrator.swarm"]
                Labels["com.docker.ucp.orchestrator.kubernetes"] Labels["com.docker.ucp.access.label"]
                Labels["com.docker.ucp.collection"] Labels["com.docker.ucp.SANs"]"#,
                ),
            ),
            ("Status", Fields("State Message Addr")),
            ("ManagerStatus", Fields("Leader Reachability Addr")),
        ],
        ..CLUSTER
    },
    Row {
        name: "docker.service",
        in_cluster: Some("docker/services.json"),
        in_dump: Some(InDump {
            files: &[
                "ucp-*-service.txt",
                "ucp-*interlock-extension.txt",
                "ucp-*interlock-proxy.txt",
                "ucp-*interlock-config.txt",
            ],
            only_some: Some(SERVICES_OF_MKE),
            ..DUMPED
        }),
        marks: &["Spec.Name"],
        shape: &["Spec.TaskTemplate"],
        inventory: &[(Tells::Id, "ID"), (Tells::Name, "Spec.Name"), (Tells::Attached, "Spec.TaskTemplate.Networks")],
        from: "`docker service inspect` of every service",
        recognized_by: RecognizedBy::Keys(&[Signature::keys(&["ID", "Spec.TaskTemplate"])]),
        naming: Naming::by("Spec.Name"),
        workload: Workload { images: &["Spec.TaskTemplate.ContainerSpec.Image"], ..Workload::NONE },
        always_read: true,
        selects: &[
            ("", Fields("ID CreatedAt UpdatedAt")),
            (
                "Spec",
                Fields(
                    r#"Name Mode.Replicated.Replicas Mode.ReplicatedJob.TotalCompletions EndpointSpec.Mode
                EndpointSpec.Ports.* Labels["com.docker.ucp.version"] Labels["com.docker.ucp.InstanceID"]
                Labels["com.docker.stack.namespace"] Labels["com.docker.ucp.access.label"]
                Labels["com.docker.ucp.collection"]"#,
                ),
            ),
            (
                "Spec.TaskTemplate",
                Fields(
                    "Networks.Target Runtime LogDriver.Name Placement.Constraints Placement.Platforms.OS
                Placement.Platforms.Architecture RestartPolicy.Condition Resources.Limits.NanoCPUs
                Resources.Limits.MemoryBytes Resources.Limits.Pids Resources.Reservations.NanoCPUs
                Resources.Reservations.MemoryBytes",
                ),
            ),
            (
                "Spec.TaskTemplate.ContainerSpec",
                Fields(
                    r#"Image User ReadOnly Init Isolation TTY OpenStdin CapabilityAdd CapabilityDrop Groups
                Privileges.NoNewPrivileges Privileges.Seccomp.Mode Privileges.AppArmor.Mode
                Privileges.SELinuxContext.Disable Sysctls.* Ulimits.Name Ulimits.Hard Ulimits.Soft
                Secrets.SecretID Secrets.SecretName Configs.ConfigID Configs.ConfigName Mounts.Type
                Mounts.Source Mounts.Target Mounts.ReadOnly Mounts.VolumeOptions.DriverConfig.Name
                Mounts.VolumeOptions.DriverConfig.Options.device=path Mounts.BindOptions.Propagation
                Labels["com.docker.ucp.version"] Labels["com.docker.ucp.InstanceID"]
                Labels["com.docker.stack.namespace"]"#,
                ),
            ),
            ("Endpoint", Fields("Ports.* Spec.Mode Spec.Ports.* VirtualIPs.NetworkID VirtualIPs.Addr")),
        ],
        ..CLUSTER
    },
    Row {
        name: "docker.network",
        in_cluster: Some("docker/networks.json"),
        on_node: Some("docker/networks.json"),
        marks: &["Name"],
        shape: &["IPAM"],
        inventory: &[(Tells::Name, "Name"), (Tells::Id, "Id"), (Tells::Reach, "Scope")],
        from: "`docker network inspect` of every network",
        recognized_by: RecognizedBy::Keys(&[Signature::keys(&["Name", "Id", "Scope", "Driver", "IPAM"])]),
        naming: Naming { shared_id: Some("Id"), ..Naming::and("Name", "Id") },
        selects: &[(
            "",
            Fields(
                r#"Id Name Created Scope Driver Internal Attachable Ingress EnableIPv6 EnableIPv4 ConfigOnly
                ConfigFrom.Network Options.encrypted Options["com.docker.network.bridge.enable_icc"]
                Options["com.docker.network.bridge.enable_ip_masquerade"]
                Options["com.docker.network.bridge.name"] Options["com.docker.network.bridge.host_binding_ipv4"]
                Options["com.docker.network.driver.mtu"]
                Options["com.docker.network.driver.overlay.vxlanid_list"] IPAM.Driver IPAM.Config.Subnet
                IPAM.Config.Gateway IPAM.Config.IPRange Peers.Name Peers.IP Containers.*.Name
                Labels["com.docker.stack.namespace"] Labels["com.docker.ucp.access.label"]"#,
            ),
        )],
        ..CLUSTER
    },
    Row {
        name: "docker.task",
        in_dump: Some(InDump { files: &["ucp-*-tasks.txt"], only_some: Some(SERVICES_OF_MKE), ..DUMPED }),
        marks: &["ServiceID"],
        from: "`docker inspect` of every task (`docker node ps`)",
        collected: false,
        kept: &["ID", "NodeID", "Slot"],
        ..CLUSTER
    },
    Row {
        name: "docker.secret",
        in_cluster: Some("docker/secrets.json"),
        marks: &["Spec.Name"],
        from: "`docker secret inspect` of every secret",
        naming: Naming::by("Spec.Name"),
        kept: &["ID", "CreatedAt", "UpdatedAt"],
        selects: &[("", Fields("ID CreatedAt UpdatedAt Spec.Name Spec.Driver.Name Spec.Labels.*=name"))],
        ..CLUSTER
    },
    Row {
        name: "docker.config",
        in_cluster: Some("docker/configs.json"),
        marks: &["Spec.Name"],
        from: "`docker config inspect` of every config",
        naming: Naming::by("Spec.Name"),
        kept: &["ID", "CreatedAt", "UpdatedAt"],
        collected: false,
        ..CLUSTER
    },
];
