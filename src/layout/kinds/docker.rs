//! What Docker tells: of each node's engine, and of the swarm.

use crate::layout::kinds::encoding::{Encoding, TextForm};
use crate::layout::kinds::row::{CLUSTER, DUMPED, DumpForm, InDump, Lone, NODE, Row, Signature};

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
        from: "`docker inspect` of every container (`docker ps -aq`) of the node",
        lone: Lone::Keys(&[Signature::keys(&["Id", "HostConfig", "Config", "State"])]),
        kept: &["Image", "Created"],
        ..NODE
    },
    Row {
        name: "docker.info",
        list: false,
        on_node: Some("docker/info.json"),
        in_dump: Some(InDump { section: &["docker_info"], form: DumpForm::EngineInfo, ..DUMPED }),
        marks: &["Name"],
        from: "`docker info --format '{{json .}}'` on the node itself",
        lone: Lone::Keys(&[Signature::engine(&["ID", "Containers", "ServerVersion", "Driver"], "ServerVersion")]),
        ..NODE
    },
    Row {
        name: "docker.version",
        list: false,
        on_node: Some("docker/version.json"),
        in_dump: Some(InDump { section: &["docker_version"], ..DUMPED }),
        from: "`docker version --format '{{json .}}'` on the node itself",
        lone: Lone::Keys(&[
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
        lone: Lone::Keys(&[Signature::keys(&["Id", "RepoTags"]), Signature::keys(&["Repository", "Tag", "ID"])]),
        ..NODE
    },
    Row {
        name: "docker.daemon",
        list: false,
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
        ..NODE
    },
    Row {
        name: "docker.node",
        in_cluster: Some("docker/nodes.json"),
        in_dump: Some(InDump { files: &["ucp-nodes.txt"], ..DUMPED }),
        marks: &["Description.Hostname"],
        from: "`docker node inspect` of every node",
        lone: Lone::Keys(&[Signature::keys(&["ID", "Description.Hostname", "Spec.Role"])]),
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
        from: "`docker service inspect` of every service",
        lone: Lone::Keys(&[Signature::keys(&["ID", "Spec.TaskTemplate"])]),
        ..CLUSTER
    },
    Row {
        name: "docker.network",
        in_cluster: Some("docker/networks.json"),
        on_node: Some("docker/networks.json"),
        marks: &["Name"],
        from: "`docker network inspect` of every network",
        lone: Lone::Keys(&[Signature::keys(&["Name", "Id", "Scope", "Driver", "IPAM"])]),
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
        kept: &["ID", "CreatedAt", "UpdatedAt"],
        ..CLUSTER
    },
    Row {
        name: "docker.config",
        in_cluster: Some("docker/configs.json"),
        marks: &["Spec.Name"],
        from: "`docker config inspect` of every config",
        kept: &["ID", "CreatedAt", "UpdatedAt"],
        ..CLUSTER
    },
];
