//! What MKE tells: through a client bundle, its API, and its support dump.

use crate::layout::kinds::encoding::{Encoding, TextForm};
use crate::layout::kinds::naming::{Naming, Tells};
use crate::layout::kinds::row::{CLUSTER, DUMPED, DumpForm, Holds, InDump, RecognizedBy, Row, Signature};

/// Entries of a page of MKE's lists unless more are asked for.
pub(super) const PAGE: u64 = 10;

/// Tables of MKE's configuration file; no other program's file has two of them.
const TABLES: &[&str] = &[
    "[auth",
    "[cluster_config",
    "[tracking_configuration",
    "[trust_configuration",
    "[audit_log_configuration",
    "[scheduling_configuration",
    "[log_configuration",
    "[license_configuration",
];

pub(super) const ROWS: &[Row] = &[
    Row {
        name: "mke.info",
        holds: Holds::One,
        in_cluster: Some("docker/info.json"),
        from: "`docker info --format '{{json .}}'` through a client bundle",
        recognized_by: RecognizedBy::Keys(&[Signature::mke(
            &["ID", "Containers", "ServerVersion", "Driver"],
            "ServerVersion",
        )]),
        errors: Some("ServerErrors"),
        never_empty: Some("ID"),
        inventory: &[
            (Tells::Version, "ServerVersion"),
            (Tells::SwarmNodes, "Swarm.Nodes"),
            (Tells::SwarmId, "Swarm.Cluster.ID"),
        ],
        always_read: true,
        ..CLUSTER
    },
    Row {
        name: "mke.version",
        holds: Holds::One,
        in_cluster: Some("docker/version.json"),
        from: "`docker version --format '{{json .}}'` through a client bundle",
        recognized_by: RecognizedBy::Keys(&[
            Signature::mke(&["Client", "Server"], "Server.Version"),
            Signature::mke(&["Client", "Client.ApiVersion"], "Server.Version"),
        ]),
        inventory: &[(Tells::Version, "Version"), (Tells::ServerVersion, "Server.Version")],
        always_read: true,
        ..CLUSTER
    },
    Row {
        name: "mke.config",
        encoding: Encoding::Toml,
        holds: Holds::One,
        in_cluster: Some("mke/config.toml"),
        in_dump: Some(InDump { files: &["ucp-controller-config.json"], form: DumpForm::Configuration, ..DUMPED }),
        whole_with: &["auth", "scheduling_configuration", "tracking_configuration", "cluster_config"],
        from: "`GET /api/ucp/config-toml` of MKE",
        recognized_by: RecognizedBy::Tables(TABLES),
        inventory: &[
            (Tells::SwarmOnly, "cluster_config.swarm_only"),
            (Tells::Registries, "registries"),
            (Tells::LastTable, "cluster_config"),
        ],
        always_read: true,
        ..CLUSTER
    },
    Row {
        name: "mke.telemetry",
        holds: Holds::One,
        in_dump: Some(InDump { files: &["ucp-telemetry.json"], ..DUMPED }),
        from: "`ucp-telemetry.json` of a support dump",
        collected: false,
        inventory: &[(Tells::NodeCount, "node_count")],
        always_read: true,
        kept: &["cluster_id"],
        ..CLUSTER
    },
    Row {
        name: "mke.instance",
        holds: Holds::One,
        in_dump: Some(InDump { files: &["ucp-instance-id.txt"], form: DumpForm::InstanceId, ..DUMPED }),
        from: "`ucp-instance-id.txt` of a support dump",
        collected: false,
        inventory: &[(Tells::ClusterId, "id")],
        always_read: true,
        ..CLUSTER
    },
    Row {
        name: "mke.auth",
        holds: Holds::One,
        in_cluster: Some("mke/auth.json"),
        from: "`GET /enzi/v0/config/auth` of MKE",
        ..CLUSTER
    },
    Row {
        name: "mke.ldap",
        holds: Holds::One,
        in_cluster: Some("mke/ldap.json"),
        from: "`GET /enzi/v0/config/auth/ldap` of MKE",
        ..CLUSTER
    },
    Row {
        name: "mke.account",
        encoding: Encoding::JsonUnder("accounts"),
        in_cluster: Some("mke/accounts.json"),
        page: Some(PAGE),
        from: "`GET /accounts/` of MKE, all pages",
        naming: Naming::by("name"),
        kept: &["id", "isOrg"],
        ..CLUSTER
    },
    Row {
        name: "mke.team",
        encoding: Encoding::JsonUnder("teams"),
        in_cluster: Some("mke/teams.json"),
        page: Some(PAGE),
        from: "`GET /accounts/{org}/teams` of MKE, all pages",
        naming: Naming::by("name"),
        kept: &["id", "orgID"],
        ..CLUSTER
    },
    Row {
        name: "mke.role",
        in_cluster: Some("mke/roles.json"),
        from: "`GET /roles` of MKE",
        naming: Naming::by("name"),
        kept: &["id"],
        ..CLUSTER
    },
    Row {
        name: "mke.collection",
        in_cluster: Some("mke/collections.json"),
        page: Some(PAGE),
        from: "`GET /collections` of MKE, all pages",
        naming: Naming::by("path"),
        kept: &["id", "name"],
        ..CLUSTER
    },
    Row {
        name: "mke.grant",
        encoding: Encoding::JsonUnder("grants"),
        in_cluster: Some("mke/grants.json"),
        page: Some(PAGE),
        from: "`GET /collectionGrants` of MKE, all pages",
        naming: Naming::and("subjectID", "roleID"),
        kept: &["objectID"],
        ..CLUSTER
    },
    Row {
        name: "mke.certificate",
        encoding: Encoding::Text(TextForm::Certificates),
        in_cluster: Some("mke/tls-chain.pem"),
        from: "`openssl s_client -showcerts` to MKE's address",
        naming: Naming::by("subject"),
        ..CLUSTER
    },
    Row {
        name: "mke.ca",
        encoding: Encoding::Text(TextForm::Certificates),
        in_cluster: Some("mke/ca.pem"),
        from: "`GET /ca` of MKE",
        naming: Naming::by("subject"),
        ..CLUSTER
    },
];
