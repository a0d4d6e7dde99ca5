//! MKE's and MSR's own answers in a generated cluster: configuration, accounts, grants, registry.

use serde_json::{Value, json};

use super::plan::{Login, Plan};

/// Who is granted what: subject, role, object and the object's path.
pub(crate) const GRANTS: [(&str, &str, &str, &str); 3] = [
    ("aaaaaaaa-0000-4000-a000-000000000001", "fullcontrol", "swarm", "/"),
    ("aaaaaaaa-0000-4000-a000-000000000002", "restrictedcontrol", "works", "/Shared/works"),
    ("aaaaaaaa-0000-4000-a000-000000000003", "viewonly", "swarm", "/"),
];

/// The notice that the Department of Defense prescribes, as the STIG's fix prints it.
pub(crate) const NOTICE: &str = include_str!("notice.txt");

/// A certificate of the made-up authority.
pub(crate) fn pem(name: &str) -> String {
    let path = format!("{}/testdata/trust/certificates/{name}.pem", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).unwrap()
}

/// The configuration file: its tables in an order of their own.
pub(crate) fn config(plan: &mut Plan) -> String {
    let mut tables = vec![
        format!(
            "[auth]\nbackend = \"{}\"\nsamlEnabled = {}\ndefault_new_user_role = \"restrictedcontrol\"\n",
            if plan.login == Login::Ldap { "ldap" } else { "managed" },
            plan.login == Login::Saml
        ),
        "[auth.sessions]\nrenewal_threshold_minutes = 0\nlifetime_minutes = 10\n".to_owned(),
        "[audit_log_configuration]\nlevel = \"request\"\nsupport_bundle_include_audit_logs = true\n".to_owned(),
        "[log_configuration]\nlevel = \"DEBUG\"\nprotocol = \"tcp\"\nhost = \"log.halyard.test:6514\"\n".to_owned(),
        "[scheduling_configuration]\ndefault_node_orchestrator = \"swarm\"\nenable_admin_ucp_scheduling = false\n"
            .to_owned(),
        "[tracking_configuration]\ndisable_tracking = true\ndisable_usageinfo = true\n".to_owned(),
        "[trust_configuration]\nrequire_content_trust = true\nrequire_signature_from = [\"works/signers\"]\n"
            .to_owned(),
        "[license_configuration]\nauto_refresh = true\n".to_owned(),
        "[[registries]]\nservice_id = \"\"\nhost_address = \"msr.halyard.test\"\nca_bundle = \"\"\n".to_owned(),
        cluster_config(),
    ];
    match plan.login {
        Login::Ldap => {}
        Login::Saml => tables.push(format!(
            "[auth.saml]\nidpMetadataURL = \"https://idp.halyard.test/metadata\"\nspHost = \"https://{}\"\nrootCerts = \"\"\"\n{}\"\"\"\ntlsSkipVerify = false\n",
            super::plan::HOST,
            pem("root")
        )),
        Login::External => tables.push(
            "[auth.external_identity_provider]\nissuer = \"https://idp.halyard.test/realms/works\"\nwellKnownConfigUrl = \"https://idp.halyard.test/realms/works/.well-known/openid-configuration\"\nclientId = \"mke\"\nclientSecret = \"(redacted)\"\n"
                .to_owned(),
        ),
    }
    plan.dice.shuffle(&mut tables);
    tables.join("\n")
}

fn cluster_config() -> String {
    format!(
        "[cluster_config]\ncontroller_port = 443\nkube_apiserver_port = 6443\nswarm_only = false\nsecure_overlay = true\nkube_protect_kernel_defaults = true\nkms_enabled = true\npriv_attributes_allowed_for_user_accounts = []\npriv_attributes_allowed_for_service_accounts = [\"hostNetwork\"]\npriv_attributes_service_accounts = [\"kube-system:calico-node\"]\npre_logon_message = {}\nkubelet_max_pods = 90\n\n[cluster_config.ingress_controller]\nenabled = false\n\n[cluster_config.metallb_config]\nenabled = false\n",
        toml::Value::String(NOTICE.to_owned())
    )
}

/// `config-kubernetes.json`, which tells part of the same.
pub(crate) fn config_kubernetes() -> Value {
    json!({ "secureOverlay": true, "privAttributesAllowedForUserAccounts": [],
        "privAttributesAllowedForServiceAccounts": ["hostNetwork"],
        "privAttributesServiceAccounts": ["kube-system:calico-node"], "KMSEnabled": true,
        "customKubeletFlags": null, "ingressController": { "enabled": false } })
}

/// The settings of the directory, which MKE answers with whether or not it is used.
pub(crate) fn ldap(plan: &Plan) -> Value {
    if plan.login != Login::Ldap {
        return json!({ "serverURL": "", "startTLS": false, "tlsSkipVerify": false, "readerDN": "",
            "additionalDomains": [], "userSearchConfigs": [] });
    }
    json!({ "serverURL": "ldap://dir.halyard.test:389", "startTLS": true, "tlsSkipVerify": false,
        "rootCerts": pem("root"), "readerDN": "cn=reader,dc=halyard,dc=test", "additionalDomains": [],
        "userSearchConfigs": [{ "baseDN": "dc=halyard,dc=test", "scopeSubtree": true, "usernameAttr": "uid" }] })
}

pub(crate) fn grants() -> Value {
    let grants: Vec<Value> = GRANTS
        .iter()
        .map(|(subject, role, object, path)| {
            json!({ "subjectID": subject, "roleID": role, "objectID": object, "collectionPath": path })
        })
        .collect();
    json!({ "nextPageStart": "", "subjects": [], "grants": grants })
}

pub(crate) fn accounts() -> Value {
    let user = |name: &str, id: &str, admin: bool| json!({ "name": name, "id": id, "fullName": name, "isOrg": false, "isAdmin": admin, "isActive": true });
    json!({ "usersCount": 3, "orgsCount": 1, "resourceCount": 4, "nextPageStart": "", "accounts": [
        user("keeper", GRANTS[0].0, true), user("w.ames", GRANTS[1].0, false), user("o.brandt", GRANTS[2].0, false),
        { "name": "works", "id": "aaaaaaaa-0000-4000-a000-000000000009", "isOrg": true, "membersCount": 1, "teamsCount": 1 }] })
}

pub(crate) fn roles() -> Value {
    let role = |id: &str| json!({ "id": id, "name": id, "system_role": true, "operations": {} });
    json!([role("viewonly"), role("restrictedcontrol"), role("fullcontrol"), role("scheduler")])
}

pub(crate) fn collections() -> Value {
    let collection = |id: &str, path: &str| json!({ "id": id, "name": id, "path": path, "parent_ids": [] });
    json!([
        collection("swarm", "/"),
        collection("system", "/System"),
        collection("shared", "/Shared"),
        collection("works", "/Shared/works")
    ])
}

pub(crate) fn msr_settings() -> Value {
    json!({ "dtrHost": "msr.halyard.test", "createRepositoryOnPush": false, "reportAnalytics": false,
        "scanningEnabled": true, "scanningSyncOnline": true, "disableUpgrades": false })
}

pub(crate) fn msr_scanner() -> Value {
    json!({ "state": 0, "scannerVersion": 3, "dbVersion": 1031, "dbUpdatedAt": "2027-02-07T00:00:00Z",
        "lastDBUpdateFailed": false })
}

pub(crate) fn msr_accounts() -> Value {
    json!({ "usersCount": 1, "orgsCount": 1, "resourceCount": 2, "nextPageStart": "", "accounts": [
        { "name": "team", "id": "bb", "isOrg": true, "membersCount": 1, "teamsCount": 1 },
        { "name": "o.brandt", "id": GRANTS[2].0, "isOrg": false, "isAdmin": false, "isActive": true }] })
}

pub(crate) fn msr_repositories() -> Value {
    let list: Vec<Value> = ["gauge", "tail"]
        .iter()
        .map(|name| {
            json!({ "id": name, "namespace": "team", "namespaceType": "organization", "name": name,
            "visibility": "private", "scanOnPush": true })
        })
        .collect();
    json!({ "repositories": list })
}

pub(crate) fn msr_teams() -> Value {
    let access: Vec<Value> = ["gauge", "tail"]
        .iter()
        .map(|name| json!({ "accessLevel": "read-write", "repository": { "namespace": "team", "name": name } }))
        .collect();
    json!({ "teams": [{ "organization": "team", "team": "makers", "repositoryAccessList": access }] })
}
