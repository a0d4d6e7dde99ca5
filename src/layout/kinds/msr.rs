//! What MSR tells: through its API, and by the certificate that it presents.

use crate::layout::kinds::encoding::{Encoding, TextForm};
use crate::layout::kinds::mke::{ACCOUNT, PAGE};
use crate::layout::kinds::naming::Naming;
use crate::layout::kinds::row::Select::Fields;
use crate::layout::kinds::row::{CLUSTER, Holds, RecognizedBy, Row, Signature};

pub(super) const ROWS: &[Row] = &[
    Row {
        name: "msr.certificate",
        encoding: Encoding::Text(TextForm::Certificates),
        in_cluster: Some("msr/tls-chain.pem"),
        from: "`openssl s_client -showcerts` to MSR's address",
        naming: Naming::by("subject"),
        selects: &[("", Fields("*"))],
        ..CLUSTER
    },
    Row {
        name: "msr.account",
        encoding: Encoding::JsonUnder("accounts"),
        in_cluster: Some("msr/accounts.json"),
        page: Some(PAGE),
        from: "`GET /enzi/v0/accounts` of MSR, all pages",
        naming: Naming::by("name"),
        kept: &["id", "isOrg"],
        selects: &[("", Fields(ACCOUNT))],
        ..CLUSTER
    },
    Row {
        name: "msr.team_access",
        encoding: Encoding::JsonUnder("teams"),
        in_cluster: Some("msr/team-access.json"),
        from: "`GET /api/v0/accounts/{org}/teams/{team}/repositoryAccess` of MSR, all pages",
        naming: Naming::within("team", "organization", '/'),
        selects: &[
            ("", Fields("organization team")),
            (
                "repositoryAccessList",
                Fields("accessLevel repository.id repository.namespace repository.name repository.visibility"),
            ),
        ],
        ..CLUSTER
    },
    Row {
        name: "msr.membership",
        encoding: Encoding::JsonUnder("memberships"),
        in_cluster: Some("msr/members.json"),
        from: "`members` of `GET /enzi/v0/accounts/{org}` and of its teams in MSR, all pages",
        naming: Naming::within("team", "organization", '/'),
        selects: &[("", Fields("organization team")), ("members", Fields("isAdmin member.name"))],
        ..CLUSTER
    },
    Row {
        name: "msr.settings",
        holds: Holds::One,
        in_cluster: Some("msr/settings.json"),
        from: "`GET /api/v0/meta/settings` of MSR",
        recognized_by: RecognizedBy::Keys(&[Signature::keys(&["createRepositoryOnPush"])]),
        always_read: true,
        selects: &[(
            "",
            Fields(
                "dtrHost createRepositoryOnPush reportAnalytics anonymizeAnalytics disableBackupWarning
                scanningEnabled scanningSyncOnline scanningEnableAutoRecheck scanningDeadline jobHistoryToKeep
                disableUpgrades disablePersistentCookies readOnlyRegistry enableClientCertAuth webTLSCert
                webTLSCA replicaID logProtocol logHost logLevel storageVolume nfsHost nfsPath gcMode
                repoEventsToKeep",
            ),
        )],
        ..CLUSTER
    },
    Row {
        name: "msr.scanner",
        holds: Holds::One,
        in_cluster: Some("msr/imagescan-status.json"),
        from: "`GET /api/v0/imagescan/status` of MSR",
        selects: &[(
            "",
            Fields(
                "state lastDBUpdateFailed dbVersion dbUpdatedAt lastVulnOverridesDBUpdateFailed scannerVersion
                scannerUpdatedAt replicas.*.dbVersion replicas.*.dbUpdatedAt replicas.*.scannerUpdatedAt",
            ),
        )],
        ..CLUSTER
    },
    Row {
        name: "msr.repository",
        encoding: Encoding::JsonUnder("repositories"),
        in_cluster: Some("msr/repositories.json"),
        from: "`GET /api/v0/repositories` of MSR, all pages",
        naming: Naming::within("name", "namespace", '/'),
        kept: &["id"],
        selects: &[(
            "",
            Fields(
                "id namespace namespaceType name visibility scanOnPush immutableTags enableManifestLists tagLimit
                pulls pushes",
            ),
        )],
        ..CLUSTER
    },
];
