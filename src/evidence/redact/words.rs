//! Words that are no names of a site: those of the products and of the formats.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use crate::layout::Kind;

/// Bytes of the shortest and the longest name.
const LENGTHS: std::ops::RangeInclusive<usize> = 3..=255;
/// Words of one name.
pub(super) const MAX_WORDS: usize = 24;

/// Names of the products and of every system, which are kept without a word.
const KNOWN: &[&str] = &[
    "default",
    "kube-system",
    "kube-public",
    "kube-node-lease",
    "root",
    "docker",
    "admin",
    "nobody",
    "daemon",
    "localhost",
    "docker-datacenter",
    "system",
    "cluster-admin",
    "kubernetes",
    "kubernetes-admin",
    "docker.io",
    "index.docker.io",
    "docker.com",
    "mirantis.com",
    "mirantis.azurecr.io",
    "registry.mirantis.com",
    "k8s.io",
    "registry.k8s.io",
    "gcr.io",
    "k8s.gcr.io",
    "quay.io",
    "ghcr.io",
    "github.com",
    "kubernetes.io",
    "cluster.local",
    "svc.cluster.local",
    "msr",
    "msr4",
    "calico-system",
    "calico-apiserver",
    "tigera-operator",
    "ingress-nginx",
    "gatekeeper-system",
    "istio-system",
    "metallb-system",
    "cert-manager",
    "node-feature-discovery",
    "gpu-operator",
    "ucp",
    "dtr",
    "mke",
    "kubelet",
    "kube-proxy",
    "kube-dns",
    "coredns",
    "calico-node",
    "pause",
    "etcd",
    "anonymous",
    "unauthenticated",
    "authenticated",
    "masters",
    "nodes",
    "serviceaccounts",
    "administrator",
    "system:masters",
    "scheduler",
    "none",
    "null",
    "true",
    "false",
    "opencontainers.org",
    "golang.org",
    "cncf.io",
    "w3.org",
    "example",
    "registry-1.docker.io",
    "microsoft.com",
    "mcr.microsoft.com",
    "wheel",
    "rethinkdb",
    "enzi",
    "swarm",
];

/// Words of the formats, beside the names of their fields.
const WORDS: &[&str] = &[
    "host",
    "bridge",
    "overlay",
    "macvlan",
    "ipvlan",
    "ingress",
    "user",
    "group",
    "node",
    "pod",
    "service",
    "image",
    "container",
    "network",
    "volume",
    "secret",
    "config",
    "name",
    "namespace",
    "label",
    "labels",
    "manager",
    "worker",
    "leader",
    "ready",
    "running",
    "exited",
    "created",
    "linux",
    "windows",
    "amd64",
    "x86_64",
    "arm64",
    "tcp",
    "udp",
    "sctp",
    "bind",
    "tmpfs",
    "rprivate",
    "always",
    "exit",
    "never",
    "unless-stopped",
    "on-failure",
    "journald",
    "syslog",
    "json-file",
    "local",
    "global",
    "replicated",
    "enabled",
    "disabled",
    "enforcing",
    "permissive",
    "yes",
    "get",
    "list",
    "watch",
    "create",
    "update",
    "patch",
    "delete",
    "http",
    "https",
    "ldap",
    "ldaps",
    "saml",
    "managed",
    "proc",
    "sys",
    "dev",
    "etc",
    "var",
    "run",
    "lib",
    "usr",
    "bin",
    "sbin",
    "tmp",
    "home",
    "sock",
    "data",
    "collected",
    "forbidden",
    "failed",
    "cluster",
    "item",
    "header",
    "footer",
    "domain",
    "person",
    "redacted",
];

static FIELDS: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let mut words: BTreeSet<String> = WORDS.iter().map(|word| (*word).to_owned()).collect();
    for kind in Kind::all() {
        let keys = kind.selection().fields().iter().flat_map(|field| field.keys.clone()).collect::<Vec<_>>();
        words.extend(keys.iter().map(|key| key.to_ascii_lowercase()));
        words.extend(kind.name().split('.').map(str::to_ascii_lowercase));
    }
    words
});

/// Why a name is not replaced.
pub(super) enum Unlisted {
    /// It is a name of the products, or no name.
    Silently,
    /// A reader is told.
    Told,
}

/// Whether a host is one of the makers', or inside every cluster.
pub(super) fn is_of_products(name: &str) -> bool {
    KNOWN.contains(&name)
        || [".docker.io", ".docker.com", ".mirantis.com", ".k8s.io", ".kubernetes.io", ".svc", ".local", ".gcr.io"]
            .iter()
            .any(|end| name.ends_with(end))
}

/// Whether it can be the name of a host: a version and an address cannot.
pub(super) fn is_host(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
    let last = name.rsplit('.').next().unwrap_or_default();
    name.bytes().all(plain) && (last == name || last.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic()))
}

/// Whether it is an id, which names nothing to a reader.
fn is_id(name: &str) -> bool {
    let parts: Vec<&str> = name.split('-').collect();
    parts.iter().map(|part| part.len()).eq([8, 4, 4, 4, 12])
        && parts.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// Why a name cannot be in the map; none if it can.
pub(super) fn unlisted(name: &str) -> Option<Unlisted> {
    let silently = name.is_empty()
        || KNOWN.contains(&name)
        || name.starts_with("system:")
        || name.starts_with("kube-")
        || name.starts_with("ucp-")
        || is_id(name)
        || name.bytes().all(|byte| byte.is_ascii_digit())
        || name.starts_with('(')
        || !name.bytes().any(|byte| byte.is_ascii_alphanumeric());
    if silently {
        return Some(Unlisted::Silently);
    }
    let words = name.split(|c: char| !c.is_alphanumeric()).count();
    let odd = name.chars().any(|c| c.is_control() || matches!(c, '"' | '\\' | '%' | '<'));
    let told = !LENGTHS.contains(&name.len()) || words > MAX_WORDS || odd || FIELDS.contains(name);
    let begins = name.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric() || byte >= 0x80);
    (told || !begins).then_some(Unlisted::Told)
}
