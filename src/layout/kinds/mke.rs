//! What MKE tells: through a client bundle, its API, and its support dump.

use crate::layout::kinds::encoding::{Encoding, TextForm};
use crate::layout::kinds::row::{CLUSTER, DUMPED, DumpForm, InDump, Lone, Row, Signature};

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
        list: false,
        in_cluster: Some("docker/info.json"),
        from: "`docker info --format '{{json .}}'` through a client bundle",
        lone: Lone::Keys(&[Signature::mke(&["ID", "Containers", "ServerVersion", "Driver"], "ServerVersion")]),
        ..CLUSTER
    },
    Row {
        name: "mke.version",
        list: false,
        in_cluster: Some("docker/version.json"),
        from: "`docker version --format '{{json .}}'` through a client bundle",
        lone: Lone::Keys(&[
            Signature::mke(&["Client", "Server"], "Server.Version"),
            Signature::mke(&["Client", "Client.ApiVersion"], "Server.Version"),
        ]),
        ..CLUSTER
    },
    Row {
        name: "mke.config",
        encoding: Encoding::Toml,
        list: false,
        in_cluster: Some("mke/config.toml"),
        in_dump: Some(InDump { files: &["ucp-controller-config.json"], form: DumpForm::Configuration, ..DUMPED }),
        from: "`GET /api/ucp/config-toml` of MKE",
        lone: Lone::Tables(TABLES),
        ..CLUSTER
    },
    Row {
        name: "mke.telemetry",
        list: false,
        in_dump: Some(InDump { files: &["ucp-telemetry.json"], ..DUMPED }),
        from: "`ucp-telemetry.json` of a support dump",
        collected: false,
        kept: &["cluster_id"],
        ..CLUSTER
    },
    Row {
        name: "mke.instance",
        list: false,
        in_dump: Some(InDump { files: &["ucp-instance-id.txt"], form: DumpForm::InstanceId, ..DUMPED }),
        from: "`ucp-instance-id.txt` of a support dump",
        collected: false,
        kept: &["id"],
        ..CLUSTER
    },
    Row {
        name: "mke.auth",
        list: false,
        in_cluster: Some("mke/auth.json"),
        from: "`GET /enzi/v0/config/auth` of MKE",
        ..CLUSTER
    },
    Row {
        name: "mke.ldap",
        list: false,
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
        kept: &["id", "name", "isOrg"],
        ..CLUSTER
    },
    Row {
        name: "mke.team",
        encoding: Encoding::JsonUnder("teams"),
        in_cluster: Some("mke/teams.json"),
        page: Some(PAGE),
        from: "`GET /accounts/{org}/teams` of MKE, all pages",
        kept: &["id", "name", "orgID"],
        ..CLUSTER
    },
    Row {
        name: "mke.role",
        in_cluster: Some("mke/roles.json"),
        from: "`GET /roles` of MKE",
        kept: &["id", "name"],
        ..CLUSTER
    },
    Row {
        name: "mke.collection",
        in_cluster: Some("mke/collections.json"),
        page: Some(PAGE),
        from: "`GET /collections` of MKE, all pages",
        kept: &["id", "name", "path"],
        ..CLUSTER
    },
    Row {
        name: "mke.grant",
        encoding: Encoding::JsonUnder("grants"),
        in_cluster: Some("mke/grants.json"),
        page: Some(PAGE),
        from: "`GET /collectionGrants` of MKE, all pages",
        kept: &["subjectID", "objectID", "roleID"],
        ..CLUSTER
    },
    Row {
        name: "mke.certificate",
        encoding: Encoding::Text(TextForm::Certificates),
        in_cluster: Some("mke/tls-chain.pem"),
        from: "`openssl s_client -showcerts` to MKE's address",
        ..CLUSTER
    },
    Row {
        name: "mke.ca",
        encoding: Encoding::Text(TextForm::Certificates),
        in_cluster: Some("mke/ca.pem"),
        from: "`GET /ca` of MKE",
        ..CLUSTER
    },
];
