//! Kinds of facts.

use std::fmt;
use std::sync::Arc;

/// How a kind's members are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// JSON objects: one, a list, or one a line.
    Json,
    /// A JSON object that holds the list under this key (or is the only object).
    JsonUnder(&'static str),
    /// TOML, one document.
    Toml,
    /// `KEY=value` lines, as in `/etc/os-release`.
    KeyValue,
    /// What a program prints for people.
    Text(TextForm),
}

/// Whose output a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextForm {
    /// `stat` or `ls -l` of one file.
    FileMode,
    /// `getent group`.
    Group,
    /// `ausearch`.
    Audit,
    /// `auditctl -l`.
    AuditRules,
    /// `docker top` of several containers, each after a line `== <container id>`.
    Processes,
    /// `sestatus`.
    Selinux,
    /// Certificates in PEM, whatever stands between them.
    Certificates,
}

/// A kind of fact, such as `docker.container` or `kube.Pod`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Kind(Arc<str>);

struct Known {
    name: &'static str,
    per_node: bool,
    encoding: Encoding,
    source: &'static str,
}

const fn node(name: &'static str, encoding: Encoding, source: &'static str) -> Known {
    Known { name, per_node: true, encoding, source }
}

const fn cluster(name: &'static str, encoding: Encoding, source: &'static str) -> Known {
    Known { name, per_node: false, encoding, source }
}

/// Every kind but the Kubernetes ones: its encoding and what delivers it.
const KNOWN: &[Known] = &[
    node("docker.info", Encoding::Json, "`docker info --format '{{json .}}'` on the node itself"),
    node("docker.version", Encoding::Json, "`docker version --format '{{json .}}'` on the node itself"),
    node("docker.container", Encoding::Json, "`docker inspect` of every container (`docker ps -aq`) of the node"),
    node("docker.image", Encoding::Json, "`docker images --format '{{json .}}'` on the node"),
    node("docker.daemon", Encoding::Json, "`/etc/docker/daemon.json` of the node"),
    node("docker.process", Encoding::Text(TextForm::Processes), "`docker top` of every running container of the node"),
    node("host.os_release", Encoding::KeyValue, "`/etc/os-release` of the node"),
    node(
        "host.docker_socket",
        Encoding::Text(TextForm::FileMode),
        "`stat -c '%U:%G %a %n' /var/run/docker.sock` on the node",
    ),
    node("host.docker_group", Encoding::Text(TextForm::Group), "`getent group docker` on the node"),
    node("host.selinux", Encoding::Text(TextForm::Selinux), "`sestatus` on the node"),
    node("host.audit_docker", Encoding::Text(TextForm::Audit), "`ausearch -k docker` as root on the node"),
    node("host.audit_rules", Encoding::Text(TextForm::AuditRules), "`auditctl -l` as root on the node"),
    cluster("docker.network", Encoding::Json, "`docker network inspect` of every network"),
    cluster("docker.node", Encoding::Json, "`docker node inspect` of every node"),
    cluster("docker.service", Encoding::Json, "`docker service inspect` of every service"),
    cluster("docker.task", Encoding::Json, "`docker inspect` of every task (`docker node ps`)"),
    cluster("docker.secret", Encoding::Json, "`docker secret inspect` of every secret"),
    cluster("docker.config", Encoding::Json, "`docker config inspect` of every config"),
    cluster("mke.info", Encoding::Json, "`docker info --format '{{json .}}'` through a client bundle"),
    cluster("mke.version", Encoding::Json, "`docker version --format '{{json .}}'` through a client bundle"),
    cluster("mke.config", Encoding::Toml, "`GET /api/ucp/config-toml` of MKE"),
    cluster("mke.telemetry", Encoding::Json, "`ucp-telemetry.json` of a support dump"),
    cluster("mke.instance", Encoding::Json, "`ucp-instance-id.txt` of a support dump"),
    cluster("mke.auth", Encoding::Json, "`GET /enzi/v0/config/auth` of MKE"),
    cluster("mke.ldap", Encoding::Json, "`GET /enzi/v0/config/auth/ldap` of MKE"),
    cluster("mke.account", Encoding::JsonUnder("accounts"), "`GET /accounts/` of MKE, all pages"),
    cluster("mke.team", Encoding::JsonUnder("teams"), "`GET /accounts/{org}/teams` of MKE, all pages"),
    cluster("mke.role", Encoding::Json, "`GET /roles` of MKE"),
    cluster("mke.collection", Encoding::Json, "`GET /collections` of MKE, all pages"),
    cluster("mke.grant", Encoding::JsonUnder("grants"), "`GET /collectionGrants` of MKE, all pages"),
    cluster(
        "mke.certificate",
        Encoding::Text(TextForm::Certificates),
        "`openssl s_client -showcerts` to MKE's address",
    ),
    cluster("mke.ca", Encoding::Text(TextForm::Certificates), "`GET /ca` of MKE"),
    cluster(
        "msr.certificate",
        Encoding::Text(TextForm::Certificates),
        "`openssl s_client -showcerts` to MSR's address",
    ),
    cluster("msr.account", Encoding::JsonUnder("accounts"), "`GET /enzi/v0/accounts` of MSR, all pages"),
    cluster(
        "msr.team_access",
        Encoding::JsonUnder("teams"),
        "`GET /api/v0/accounts/{org}/teams/{team}/repositoryAccess` of MSR, all pages",
    ),
    cluster("msr.settings", Encoding::Json, "`GET /api/v0/meta/settings` of MSR"),
    cluster("msr.scanner", Encoding::Json, "`GET /api/v0/imagescan/status` of MSR"),
    cluster("msr.repository", Encoding::JsonUnder("repositories"), "`GET /api/v0/repositories` of MSR, all pages"),
    cluster("kube.version", Encoding::Json, "`kubectl version -o json`"),
];

impl Kind {
    /// The kind of this name. Any `kube.<Kind>` is one; other names must be known.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let kubernetes = name
            .strip_prefix("kube.")
            .is_some_and(|kind| !kind.is_empty() && kind.bytes().all(|b| b.is_ascii_alphanumeric()));
        (kubernetes || KNOWN.iter().any(|known| known.name == name)).then(|| Self(name.into()))
    }

    /// The names of all kinds but the Kubernetes ones.
    pub fn known_names() -> impl Iterator<Item = &'static str> {
        KNOWN.iter().map(|known| known.name)
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0
    }

    fn known(&self) -> Option<&'static Known> {
        KNOWN.iter().find(|known| known.name == &*self.0)
    }

    /// Whether every node delivers facts of this kind, so that coverage is counted over the nodes.
    #[must_use]
    pub fn per_node(&self) -> bool {
        self.known().is_some_and(|known| known.per_node)
    }

    /// Whether its members are lists, so that one without objects is a list that is empty.
    #[must_use]
    pub fn is_list(&self) -> bool {
        !matches!(
            self.name(),
            "docker.info"
                | "docker.version"
                | "docker.daemon"
                | "mke.info"
                | "mke.version"
                | "mke.auth"
                | "mke.ldap"
                | "msr.settings"
                | "msr.scanner"
                | "kube.version"
                | "mke.config"
                | "mke.telemetry"
                | "mke.instance"
                | "host.selinux"
                | "host.os_release"
                | "host.docker_socket"
                | "host.docker_group"
        )
    }

    /// Fields that every object of the kind has: one without them is something else.
    #[must_use]
    pub fn marks(&self) -> &'static [&'static str] {
        match self.name() {
            "docker.container" => &["Name", "Config.Image"],
            "docker.info" | "docker.network" => &["Name"],
            "docker.node" => &["Description.Hostname"],
            "docker.task" => &["ServiceID"],
            "docker.service" | "docker.secret" | "docker.config" => &["Spec.Name"],
            name if name.starts_with("kube.") && name != "kube.version" => &["metadata.name"],
            _ => &[],
        }
    }

    /// How its members are written.
    #[must_use]
    pub fn encoding(&self) -> Encoding {
        self.known().map_or(Encoding::JsonUnder("items"), |known| known.encoding)
    }

    /// The command, URL or file that delivers it.
    #[must_use]
    pub fn source(&self) -> String {
        match (self.known(), self.0.strip_prefix("kube.")) {
            (Some(known), _) => known.source.to_owned(),
            (None, Some(kind)) => format!("`kubectl get {} -A -o json`", plural(kind)),
            (None, None) => String::new(),
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether objects of a Kubernetes kind lie in namespaces; kinds that are not known do.
#[must_use]
pub fn is_namespaced(kind: &Kind) -> bool {
    const OF_CLUSTER: &[&str] = &[
        "Node",
        "Namespace",
        "PersistentVolume",
        "StorageClass",
        "ClusterRole",
        "ClusterRoleBinding",
        "CustomResourceDefinition",
        "PriorityClass",
        "APIService",
        "MutatingWebhookConfiguration",
        "ValidatingWebhookConfiguration",
    ];
    kind.0.strip_prefix("kube.").is_some_and(|name| name != "version" && !OF_CLUSTER.contains(&name))
}

/// The resource name that `kubectl get` takes for a Kubernetes kind.
pub(super) fn plural(kind: &str) -> String {
    let lower = kind.to_ascii_lowercase();
    if lower.ends_with("policy") {
        format!("{}ies", &lower[..lower.len() - 1])
    } else if lower.ends_with('s') {
        if lower.ends_with("ss") { format!("{lower}es") } else { lower }
    } else {
        format!("{lower}s")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kubernetes_kinds_are_open_and_others_are_not() {
        assert!(Kind::named("kube.Pod").is_some());
        assert!(Kind::named("kube.").is_none());
        assert!(Kind::named("docker.containers").is_none());
        assert_eq!(Kind::named("kube.NetworkPolicy").unwrap().source(), "`kubectl get networkpolicies -A -o json`");
        assert_eq!(Kind::named("kube.Ingress").unwrap().source(), "`kubectl get ingresses -A -o json`");
    }
}
