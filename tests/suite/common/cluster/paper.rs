//! The System Security Plan of a generated cluster, which allows what the cluster has and no more.

use super::host::MEMBER;
use super::kube::namespaces;
use super::plan::{HOST, Login, Plan, Registry};
use super::settings::{GRANTS, pem};

const AGREED: &str = "reason: Made up., approver: P. Ilic (ISSM), expires: 2028-01-31, approved: true";

/// `ssp.yaml`.
pub(crate) fn ssp(plan: &Plan) -> String {
    let sections = [
        ("ports", ports(plan)),
        ("services", vec!["service: kube-dns, namespace: kube-system".to_owned()]),
        ("quotas", namespaces(plan).iter().map(|name| format!("namespace: {name}, cpu: 6, memory: 12Gi")).collect()),
        ("signers", vec!["signer: works/signers".to_owned()]),
        ("identity_providers", vec![provider(plan)]),
        (
            "grants",
            GRANTS.iter().map(|(who, role, what, _)| format!("subject: {who}, role: {role}, object: {what}")).collect(),
        ),
        ("role_bindings", bindings()),
        ("msr_accounts", registry_accounts()),
        ("msr_repositories", vec!["account: team, repository: \"{gauge,tail}\", visibility: private".to_owned()]),
        ("msr_teams", vec!["organization: team, team: makers, right: \"read-write team/*\"".to_owned()]),
        ("docker_group", vec![format!("member: {MEMBER}")]),
        ("orchestrators", vec!["orchestrator: swarm".to_owned(), "orchestrator: kubernetes".to_owned()]),
    ];
    let mut text = String::from("system: Halyard\nowner: made up\n");
    text += &format!("mke_version: {{ version: \"{}\", {AGREED} }}\n", plan.version);
    for (section, entries) in sections {
        text += &format!("{section}:\n");
        for entry in entries {
            text += &format!("  - {{ {entry}, {AGREED} }}\n");
        }
    }
    // Lists that are empty allow nothing: what would need an entry is a finding.
    text += "capabilities: []\nexceptions: []\n";
    text += "trusted_ca:\n";
    for part in AGREED.split(", ") {
        text += &format!("  {part}\n");
    }
    text += "  pem: |\n";
    for line in pem("root").lines() {
        text += &format!("    {line}\n");
    }
    text
}

fn ports(plan: &Plan) -> Vec<String> {
    let mut ports = vec![
        "ports: [443/tcp, 6443/tcp, 12388/tcp, 12379/tcp, 12383/tcp, 2376/tcp], image: \"*ucp-*\", role: manager"
            .to_owned(),
        "ports: 12376/tcp, image: \"*ucp-agent*\"".to_owned(),
        format!("ports: 30443/tcp, image: \"{}gauge:*\"", plan.users),
        format!("ports: 18080/tcp, image: \"{}badge-iis:*\"", plan.users),
    ];
    if plan.registry == Registry::Second {
        ports.push("ports: 4443/tcp, image: \"*dtr-nginx:*\"".to_owned());
    }
    ports
}

fn provider(plan: &Plan) -> String {
    match plan.login {
        Login::Ldap => "ldap: \"ldap://dir.halyard.test:389\", reader: \"cn=reader,dc=halyard,dc=test\"".to_owned(),
        Login::Saml => format!("saml: \"https://idp.halyard.test/metadata\", host: \"https://{HOST}\""),
        Login::External => {
            let issuer = "https://idp.halyard.test/realms/works";
            format!("issuer: \"{issuer}\", discovery: \"{issuer}/.well-known/openid-configuration\"")
        }
    }
}

fn bindings() -> Vec<String> {
    let binding = |name: &str, role: &str, group: &str| {
        format!("name: {name}, role: ClusterRole {role}, subject: \"Group {group}\"")
    };
    vec![
        binding("cluster-admin", "cluster-admin", "system:masters"),
        binding("see-all", "view", "auditors"),
        binding("ledger-edit", "edit", "ledger-team"),
    ]
}

fn registry_accounts() -> Vec<String> {
    vec![
        "account: team, organization: true".to_owned(),
        "account: o.brandt, organization: false, admin: false".to_owned(),
    ]
}
