//! What Docker tells: of each node's engine, and of the swarm.

use crate::layout::kinds::encoding::{Encoding, TextForm};
use crate::layout::kinds::naming::{Naming, Tells, Workload};
use crate::layout::kinds::row::{CLUSTER, DUMPED, DumpForm, Holds, InDump, NODE, RecognizedBy, Row, Signature};

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
            (Tells::Networks, "NetworkSettings.Networks"),
            (Tells::Pod, "Config.Labels[\"io.kubernetes.pod.uid\"]"),
            (Tells::IsRunning, "State.Running"),
        ],
        always_read: true,
        kept: &["Image", "Created"],
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
            (Tells::SwarmNodes, "Swarm.Nodes"),
            (Tells::Managers, "Swarm.RemoteManagers"),
            (Tells::SwarmId, "Swarm.Cluster.ID"),
            (Tells::Time, "SystemTime"),
            (Tells::Address, "Swarm.NodeAddr"),
        ],
        always_read: true,
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
        ..NODE
    },
    Row {
        name: "docker.daemon",
        holds: Holds::One,
        on_node: Some("docker/daemon.json"),
        in_dump: Some(InDump { section: &["docker_daemon_json"], form: DumpForm::DaemonFile, ..DUMPED }),
        from: "`/etc/docker/daemon.json` of the node",
        ..NODE
    },
    Row {
        name: "docker.process",
        encoding: Encoding::Text(TextForm::Processes),
        on_node: Some("docker/processes.txt"),
        from: "`docker top` of every running container of the node",
        naming: Naming::and("container", "command"),
        inventory: &[(Tells::FirstOfTable, "first"), (Tells::Id, "container")],
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
        ],
        always_read: true,
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
        inventory: &[(Tells::Name, "Spec.Name"), (Tells::Attached, "Spec.TaskTemplate.Networks")],
        from: "`docker service inspect` of every service",
        recognized_by: RecognizedBy::Keys(&[Signature::keys(&["ID", "Spec.TaskTemplate"])]),
        naming: Naming::by("Spec.Name"),
        workload: Workload { images: &["Spec.TaskTemplate.ContainerSpec.Image"], ..Workload::NONE },
        always_read: true,
        ..CLUSTER
    },
    Row {
        name: "docker.network",
        in_cluster: Some("docker/networks.json"),
        on_node: Some("docker/networks.json"),
        marks: &["Name"],
        shape: &["IPAM"],
        inventory: &[(Tells::Name, "Name"), (Tells::Id, "Id")],
        from: "`docker network inspect` of every network",
        recognized_by: RecognizedBy::Keys(&[Signature::keys(&["Name", "Id", "Scope", "Driver", "IPAM"])]),
        naming: Naming { shared_id: Some("Id"), ..Naming::and("Name", "Id") },
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
        ..CLUSTER
    },
    Row {
        name: "docker.config",
        in_cluster: Some("docker/configs.json"),
        marks: &["Spec.Name"],
        from: "`docker config inspect` of every config",
        naming: Naming::by("Spec.Name"),
        kept: &["ID", "CreatedAt", "UpdatedAt"],
        ..CLUSTER
    },
];
