//! Reads the lists of the table: which fields of a kind are kept, and what is kept of their values.

use crate::layout::kinds::kind::Kind;
use crate::layout::kinds::row::{Group, Row, Select};

/// Flags of command lines that are kept with their values: those of MKE's own components that say how they are
/// secured. Of any other argument it is kept that there is one.
pub const FLAGS: &[&str] = &[
    "admission-control-config-file",
    "allow-privileged",
    "anonymous-auth",
    "audit-log-maxage",
    "audit-log-maxbackup",
    "audit-log-maxsize",
    "audit-log-path",
    "audit-policy-file",
    "audit-webhook-config-file",
    "authorization-mode",
    "auto-tls",
    "basic-auth-file",
    "bind-address",
    "cert-file",
    "cipher-suites",
    "client-ca-file",
    "client-cert-auth",
    "config",
    "data-dir",
    "disable-admission-plugins",
    "enable-admission-plugins",
    "enable-v2",
    "encryption-provider-config",
    "etcd-cafile",
    "etcd-certfile",
    "etcd-keyfile",
    "etcd-servers",
    "event-qps",
    "experimental-encryption-provider-config",
    "feature-gates",
    "hostname-override",
    "initial-cluster",
    "insecure-bind-address",
    "insecure-port",
    "key-file",
    "kubelet-certificate-authority",
    "kubelet-client-certificate",
    "kubelet-client-key",
    "kubelet-https",
    "listen-client-urls",
    "listen-metrics-urls",
    "make-iptables-util-chains",
    "metrics",
    "peer-auto-tls",
    "peer-cert-file",
    "peer-client-cert-auth",
    "peer-key-file",
    "peer-trusted-ca-file",
    "profiling",
    "protect-kernel-defaults",
    "read-only-port",
    "request-timeout",
    "root-ca-file",
    "rotate-certificates",
    "rotate-server-certificates",
    "secure-port",
    "service-account-key-file",
    "service-account-lookup",
    "service-account-private-key-file",
    "service-node-port-range",
    "streaming-connection-idle-timeout",
    "terminated-pod-gc-threshold",
    "tls-cert-file",
    "tls-cipher-suites",
    "tls-min-version",
    "tls-private-key-file",
    "tlsverify",
    "token-auth-file",
    "trusted-ca-file",
    "use-service-account-credentials",
];

/// Words that are kept where a list holds words of users: a label of an engine that says that it runs in FIPS mode.
pub const WORDS: &[&str] = &["com.docker.security.fips=enabled"];

/// What is kept of a field's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kept {
    /// All of it.
    Value,
    /// All of it, and no pattern looks for secrets in it: a text that is shown to everybody.
    Text,
    /// Of a command line the flags of [`FLAGS`].
    Flags,
    /// A path of the host, and nothing else.
    Path,
    /// The words that a rule looks for, among them those of [`WORDS`].
    Words,
    /// That it is there.
    Name,
}

impl Kept {
    fn of(word: &str) -> Option<Self> {
        Some(match word {
            "" => Self::Value,
            "text" => Self::Text,
            "flags" => Self::Flags,
            "path" => Self::Path,
            "words" => Self::Words,
            "name" => Self::Name,
            _ => return None,
        })
    }
}

/// A field that is kept, as the list of its kind names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptField {
    /// The keys from the object's root on; `*` is any key. Lists are entered.
    pub keys: Vec<String>,
    /// What is kept of it.
    pub kept: Kept,
    /// As the table writes it, without the path of its group.
    pub text: String,
    /// Whether the path begins at the root of the document and not of the object.
    pub of_document: bool,
}

/// How much of a field a list keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Covered {
    /// Its value.
    Kept,
    /// That it is there, and fields inside it.
    Partly,
    /// Only its name, if an object has it.
    Dropped,
}

/// What the collector keeps of a kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selection(Vec<KeptField>);

impl Selection {
    /// The fields of the list.
    #[must_use]
    pub fn fields(&self) -> &[KeptField] {
        &self.0
    }

    /// How much of the field with these keys is kept.
    #[must_use]
    pub fn covers(&self, keys: &[String]) -> Covered {
        let same = |field: &KeptField| field.keys.iter().zip(keys).all(|(own, key)| own == key || own == "*");
        let mut found = Covered::Dropped;
        for field in self.0.iter().filter(|field| !field.of_document && same(field)) {
            if field.keys.len() == keys.len() && field.kept != Kept::Name {
                return Covered::Kept;
            }
            if field.keys.len() >= keys.len() {
                found = Covered::Partly;
            }
        }
        found
    }
}

impl Kind {
    /// What the collector keeps of it.
    ///
    /// ```
    /// use mke_stig::layout::{Covered, Kind};
    ///
    /// let kept = Kind::named("docker.container").unwrap().selection();
    /// let keys = |text: &str| text.split('.').map(str::to_owned).collect::<Vec<_>>();
    /// assert_eq!(kept.covers(&keys("HostConfig.Privileged")), Covered::Kept);
    /// assert_eq!(kept.covers(&keys("HostConfig")), Covered::Partly);
    /// assert_eq!(kept.covers(&keys("Config.Env")), Covered::Dropped);
    /// ```
    #[must_use]
    pub fn selection(&self) -> Selection {
        let mut fields = Vec::new();
        each(self.row(), &mut |place| {
            let keys = place.above.iter().cloned().chain(keys_of(place.path)).collect();
            fields.push(KeptField {
                keys,
                kept: place.kept,
                text: place.path.to_owned(),
                of_document: place.of_document,
            });
        });
        Selection(fields)
    }
}

/// Where one field of a list stands.
pub(super) struct Placed<'r> {
    /// The keys above it.
    pub(super) above: &'r [String],
    /// Its own path.
    pub(super) path: &'static str,
    pub(super) kept: Kept,
    pub(super) of_document: bool,
}

/// Shows each field of a row's list. A field whose kind of keeping is not known is left out, and a test finds it.
pub(super) fn each(row: &'static Row, show: &mut dyn FnMut(Placed<'_>)) {
    groups(row.selects, &[], false, show);
}

fn groups(list: &'static [Group], above: &[String], of_document: bool, show: &mut dyn FnMut(Placed<'_>)) {
    for (path, select) in list {
        let (path, of_document) = path.strip_prefix('/').map_or((*path, of_document), |path| (path, true));
        let above: Vec<String> = above.iter().cloned().chain(keys_of(path)).collect();
        match select {
            Select::Below(_, inner) => groups(inner, &above, of_document, show),
            Select::Fields(text) => {
                for field in text.split_whitespace() {
                    let (path, word) = parts(field);
                    if let Some(kept) = Kept::of(word) {
                        show(Placed { above: &above, path, kept, of_document });
                    }
                }
            }
        }
    }
}

/// The path of a field and how it is kept. A label may have a `=` in its brackets.
pub(super) fn parts(field: &'static str) -> (&'static str, &'static str) {
    match field.rsplit_once('=') {
        Some((path, word)) if !word.contains(']') => (path, word),
        _ => (field, ""),
    }
}

/// The keys of a path: `a.b["c.d"].*`.
pub(super) fn keys_of(path: &str) -> Vec<String> {
    let mut keys = Vec::new();
    let mut rest = path;
    while !rest.is_empty() {
        let (key, behind) = match rest.strip_prefix("[\"") {
            Some(quoted) => quoted.split_once("\"]").unwrap_or((quoted, "")),
            None => rest.split_at(rest.find(['.', '[']).unwrap_or(rest.len())),
        };
        keys.push(key.to_owned());
        rest = behind.strip_prefix('.').unwrap_or(behind);
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_of_a_list_is_read() {
        fn words(list: &'static [Group], seen: &mut dyn FnMut(&'static str)) {
            for (_, select) in list {
                match select {
                    Select::Below(_, inner) => words(inner, seen),
                    Select::Fields(text) => text.split_whitespace().for_each(&mut *seen),
                }
            }
        }
        let mut count = 0;
        for kind in Kind::all() {
            let mut own = 0;
            words(kind.row().selects, &mut |field| {
                own += 1;
                let (path, word) = parts(field);
                assert!(Kept::of(word).is_some(), "{kind}: {field}");
                assert!(!path.is_empty() && !path.contains('\''), "{kind}: {field}");
            });
            assert_eq!(kind.selection().fields().len(), own, "{kind}");
            assert_eq!(own > 0, kind.is_collected(), "{kind}");
            count += own;
        }
        assert!(count > 1000, "{count}");
    }

    #[test]
    fn keys_are_read_as_paths_of_rules_are() {
        assert_eq!(keys_of("Config.Labels[\"a.b/c\"]"), ["Config", "Labels", "a.b/c"]);
        assert_eq!(keys_of("Ports.*.HostIp"), ["Ports", "*", "HostIp"]);
        assert_eq!(parts("labels[\"x=y\"]"), ("labels[\"x=y\"]", ""));
        assert_eq!(parts("labels.*=name"), ("labels.*", "name"));
    }
}
