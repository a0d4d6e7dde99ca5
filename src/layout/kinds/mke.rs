//! What MKE tells: through a client bundle, its API, and its support dump.

use crate::layout::kinds::encoding::{Encoding, TextForm};
use crate::layout::kinds::naming::{Naming, Tells};
use crate::layout::kinds::row::Select::{Below, Fields};
use crate::layout::kinds::row::{CLUSTER, DUMPED, DumpForm, Holds, InDump, RecognizedBy, Row, Signature};
use crate::layout::kinds::selects::docker::{INFO, VERSION};

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

/// An account or organization of MKE or MSR.
pub(super) const ACCOUNT: &str =
    "id name fullName isOrg isAdmin isActive isImported onDemand otpEnabled membersCount teamsCount";

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
        shape: &["Swarm.NodeID"],
        inventory: &[
            (Tells::Version, "ServerVersion"),
            (Tells::SwarmNodes, "Swarm.Nodes"),
            (Tells::SwarmId, "Swarm.Cluster.ID"),
        ],
        always_read: true,
        selects: &[("", Below("engine", INFO))],
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
        selects: &[("", Below("versions", VERSION))],
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
        selects: &[
            (
                "auth",
                Fields(
                    "backend default_new_user_role samlEnabled scimEnabled managedPasswordDisabled
                managedPasswordFallbackUser",
                ),
            ),
            (
                "auth.sessions",
                Fields("lifetime_minutes renewal_threshold_minutes per_user_limit store_token_per_session"),
            ),
            ("auth.saml", Fields("idpMetadataURL spHost rootCerts tlsSkipVerify allowLdapLogins")),
            ("auth.samlProxy", Fields("enabled")),
            (
                "auth.external_identity_provider",
                Fields("wellKnownConfigUrl issuer clientId clientID usernameClaim caBundle"),
            ),
            ("auth.account_lock", Fields("enabled failureTrigger durationSeconds")),
            (
                "hardening_configuration",
                Fields(
                    "hardening_enabled limit_kernel_capabilities pid_limit pid_limit_unspecified
                use_strong_tls_ciphers",
                ),
            ),
            ("registries", Fields("host_address service_id ca_bundle")),
            ("audit_log_configuration", Fields("level support_dump_include_audit_logs")),
            ("scheduling_configuration", Fields("enable_admin_ucp_scheduling default_node_orchestrator")),
            ("tracking_configuration", Fields("disable_usageinfo disable_tracking cluster_label ops_care")),
            ("trust_configuration", Fields("require_content_trust require_signature_from allow_repos")),
            ("log_configuration", Fields("protocol host level")),
            ("license_configuration", Fields("auto_refresh omit_telemetry")),
            ("custom_api_server_headers", Fields("name")),
            ("pki", Fields("client_ca_bundle")),
            (
                "backup_schedule_config",
                Fields("enabled path no_passphrase cron_spec include_logs backups_limit notification_delay"),
            ),
            (
                "etcd_cleanup_schedule_config",
                Fields("cleanup_enabled min_ttl_to_keep_seconds cron_expression defrag_enabled"),
            ),
            (
                "cluster_config",
                Fields(
                    "cluster_name controller_port kube_apiserver_port swarm_port swarm_strategy swarm_only dns
                dns_opt dns_search shared_sans external_service_lb cni_installer_url unmanaged_cni pod_cidr
                service_cluster_ip_range nodeport_range calico_mtu calico_vxlan calico_kdd calico_ebpf_enabled
                vxlan_vni kube_proxy_mode secure_overlay node_exporter_port pre_logon_message=text profiling_enabled
                exclude_server_identity_headers kube_api_server_profiling_enabled
                kube_controller_manager_profiling_enabled kube_scheduler_profiling_enabled
                kube_scheduler_bind_to_all kube_api_server_auditing kube_api_server_audit_log_maxage
                kube_api_server_audit_log_maxbackup kube_api_server_audit_log_maxsize
                cipher_suites_for_kube_api_server cipher_suites_for_kubelet cipher_suites_for_etcd_server
                kube_manager_terminated_pod_gc_threshold kms_enabled kms_name kms_cachesize kubelet_max_pods
                kubelet_pods_per_core kube_protect_kernel_defaults kubelet_event_record_qps kubelet_data_root
                k8s_always_pull_images_ac_enabled priv_attributes_allowed_for_user_accounts
                priv_attributes_user_accounts priv_attributes_allowed_for_service_accounts
                priv_attributes_service_accounts rethinkdb_cache_size metrics_retention_time
                metrics_scrape_interval prometheus_memory_limit image_scan_aggregation_enabled
                image_scan_cvss_version kv_timeout kv_snapshot_count etcd_storage_quota iscsi_enabled
                containerd_root cadvisor_enabled cpu_usage_banner_threshold local_volume_collection_mapping
                secrets_encryption_provider azure_ip_count kube_api_server_audit_log_path
                custom_kube_api_server_flags=flags custom_kube_controller_manager_flags=flags
                custom_kubelet_flags=flags custom_kubelet_flags_profiles.*=flags
                custom_kube_scheduler_flags=flags",
                ),
            ),
            (
                "cluster_config",
                Fields(
                    "ingress_controller.enabled ingress_controller.ingress_num_replicas
                ingress_controller.ingress_enable_lb ingress_controller.ingress_default_backend_enabled
                metallb_config.enabled policy_enforcement.gatekeeper.enabled
                core_dns_lameduck_config.lameduck_enabled core_dns_lameduck_config.duration
                nvidia_device_plugin_enabled",
                ),
            ),
        ],
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
        selects: &[(
            "",
            Fields(
                "backend defaultNewUserRole samlEnabled scimEnabled managedPasswordDisabled
                managedPasswordFallbackUser",
            ),
        )],
        ..CLUSTER
    },
    // The same switches as in the configuration's table `cluster_config`, under other names.
    Row {
        name: "mke.kubernetes_config",
        holds: Holds::One,
        in_cluster: Some("mke/config-kubernetes.json"),
        from: "`GET /api/ucp/config/kubernetes` of MKE",
        recognized_by: RecognizedBy::Keys(&[Signature::keys(&["secureOverlay", "KMSEnabled"])]),
        shape: &["secureOverlay", "KMSEnabled"],
        selects: &[("", Fields("secureOverlay KMSEnabled"))],
        ..CLUSTER
    },
    Row {
        name: "mke.ldap",
        holds: Holds::One,
        in_cluster: Some("mke/ldap.json"),
        from: "`GET /enzi/v0/config/auth/ldap` of MKE",
        selects: &[
            (
                "",
                Fields(
                    "serverURL startTLS tlsSkipVerify rootCerts noSimplePagination readerDN jitUserProvisioning
                syncSchedule",
                ),
            ),
            (
                "additionalDomains",
                Fields("domain serverURL startTLS tlsSkipVerify rootCerts noSimplePagination readerDN"),
            ),
            ("userSearchConfigs", Fields("baseDN scopeSubtree usernameAttr fullNameAttr")),
            (
                "adminSyncOpts",
                Fields("enableSync selectGroupMembers groupDN groupMemberAttr searchBaseDN searchScopeSubtree"),
            ),
        ],
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
        selects: &[("", Fields(ACCOUNT))],
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
        selects: &[("", Fields("id orgID name membersCount"))],
        ..CLUSTER
    },
    Row {
        name: "mke.role",
        in_cluster: Some("mke/roles.json"),
        from: "`GET /roles` of MKE",
        naming: Naming::by("name"),
        kept: &["id"],
        selects: &[("", Fields("id name system_role operations.*.*"))],
        ..CLUSTER
    },
    Row {
        name: "mke.collection",
        in_cluster: Some("mke/collections.json"),
        page: Some(PAGE),
        from: "`GET /collections` of MKE, all pages",
        naming: Naming::by("path"),
        kept: &["id", "name"],
        selects: &[(
            "",
            Fields(
                "id name path parent_ids created_at updated_at legacylabelkey label_constraints.type
                label_constraints.key label_constraints.equality",
            ),
        )],
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
        selects: &[
            ("", Fields("subjectID roleID objectID collectionPath collectionID")),
            ("/subjects", Fields("id subject_type")),
            ("/subjects.account", Fields(ACCOUNT)),
        ],
        ..CLUSTER
    },
    Row {
        name: "mke.certificate",
        encoding: Encoding::Text(TextForm::Certificates),
        in_cluster: Some("mke/tls-chain.pem"),
        from: "`openssl s_client -showcerts` to MKE's address",
        naming: Naming::by("subject"),
        selects: &[("", Fields("*"))],
        ..CLUSTER
    },
    Row {
        name: "mke.ca",
        encoding: Encoding::Text(TextForm::Certificates),
        in_cluster: Some("mke/ca.pem"),
        from: "`GET /ca` of MKE",
        naming: Naming::by("subject"),
        selects: &[("", Fields("*"))],
        ..CLUSTER
    },
];
