//! MKE's support dump: what its files are, told by their paths.
//!
//! The layouts of 3.x differ in what stands around the files (a root folder or none, `dsinfo/` or its
//! content laid flat, one node or all of them), so that only the last parts of a path count.

use crate::layout::kind::Kind;
use crate::layout::snapshot::{Owner, Place};

/// What a file of a support dump is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Facts of one kind, in any of the shapes in which dumps hold JSON.
    Facts(Place),
    /// MKE's configuration as JSON, under names other than those of the TOML.
    Configuration,
    /// The id of the cluster, as text.
    InstanceId,
    /// The report of a node, or of the whole dump, as a JSON object of sections; whose, its keys tell.
    Report {
        /// The node's folder, or that of the dump.
        folder: String,
        /// Whether it may be the report of the whole dump.
        root: bool,
    },
    /// The report of a node as text: the output of one command after the other.
    Text {
        /// The node's folder.
        folder: String,
    },
    /// The sign that the collection failed on a node.
    Failure {
        /// The node, by the file's name.
        node: String,
        /// The folder of the dump, if it is one.
        folder: String,
    },
    /// Part of a dump, but nothing that is read: logs, tables for people, the licence.
    Ignored,
}

/// Tells a file of a support dump by its path; none if it is of no dump.
#[must_use]
pub fn piece(path: &str) -> Option<Piece> {
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
    let last = folder.rsplit('/').next().unwrap_or_default();
    let cluster = |kind: &str| Some(Piece::Facts(Place { kind: Kind::named(kind)?, owner: Owner::Cluster }));
    match file {
        "ucp-nodes.txt" => return cluster("docker.node"),
        "ucp-controller-config.json" => return Some(Piece::Configuration),
        "ucp-telemetry.json" => return cluster("mke.telemetry"),
        "ucp-instance-id.txt" => return Some(Piece::InstanceId),
        "dsinfo.json" => {
            return Some(Piece::Report { folder: node_folder(folder).to_owned(), root: last != "dsinfo" });
        }
        "dsinfo.txt" => return Some(Piece::Text { folder: node_folder(folder).to_owned() }),
        "ucp-license-id.txt"
        | "mirantis.lic"
        | "docker_subscription.lic"
        | "tasks-count.txt"
        | "auth-config.txt"
        | "rethinkdb-status.json"
        | "certdump"
        | "etcd-status.txt"
        | "kube-describe-nodes.txt"
        | "kube-describe-all.txt" => return Some(Piece::Ignored),
        _ => {}
    }
    let beside = |host: &str| if folder.is_empty() { host.to_owned() } else { format!("{folder}/{host}") };
    if let Some(host) = file.strip_suffix(".dsinfo.json").filter(|host| !host.is_empty()) {
        return Some(Piece::Report { folder: beside(host), root: false });
    }
    if let Some(host) = file.strip_suffix(".dsinfo.txt").filter(|host| !host.is_empty()) {
        return Some(Piece::Text { folder: beside(host) });
    }
    if let Some(of_mke) = file.strip_prefix("ucp-").and_then(|rest| rest.strip_suffix(".txt")) {
        let service = ["-service", "interlock-extension", "interlock-proxy", "interlock-config"];
        if of_mke.ends_with("-tasks") {
            return cluster("docker.task");
        } else if service.iter().any(|end| of_mke.ends_with(end)) && last != "inspect" {
            return cluster("docker.service");
        }
    }
    if last == "inspect" && has_extension(file, "txt") {
        let above = folder.strip_suffix("inspect").unwrap_or_default().trim_end_matches('/');
        let owner = Owner::Folder(node_folder(above).to_owned());
        return Some(Piece::Facts(Place { kind: Kind::named("docker.container")?, owner }));
    }
    if let Some(node) = file.strip_suffix(".error").filter(|node| !node.is_empty()) {
        return Some(Piece::Failure { node: node.to_owned(), folder: folder.to_owned() });
    }
    let log = file.starts_with("journalctl_") || (last == "logs" && has_extension(file, "log"));
    let ingress = (file.starts_with("ingress-") || file.starts_with("ucp-interlock")) && has_extension(file, "txt");
    // What else lies among a node's files is not told by its content: users can write into logs.
    let among = folder.split('/').any(|part| part == "dsinfo");
    (log || ingress || among || folder.contains("/cni/")).then_some(Piece::Ignored)
}

fn has_extension(file: &str, extension: &str) -> bool {
    file.rsplit_once('.').is_some_and(|(_, found)| found.eq_ignore_ascii_case(extension))
}

/// The folder of a node, of which `dsinfo/` is only a part.
fn node_folder(folder: &str) -> &str {
    match folder.strip_suffix("dsinfo") {
        Some("") => "",
        Some(above) => above.strip_suffix('/').unwrap_or(folder),
        None => folder,
    }
}

/// Where a section of a report belongs, and how much of its kind it is.
#[must_use]
pub fn section(name: &str) -> Option<&'static str> {
    Some(match name {
        "docker_info" => "docker.info",
        "docker_version" => "docker.version",
        "docker_daemon_json" => "docker.daemon",
        "docker_images" => "docker.image",
        "sestatus" => "host.selinux",
        "container_info" => "docker.container",
        _ => return None,
    })
}

/// Why facts of a kind from a dump are only some of them; none where the dump holds all.
#[must_use]
pub fn only_some(kind: &Kind) -> Option<&'static str> {
    match kind.name() {
        "docker.container" => Some("a support dump holds the containers of MKE and MSR, not those of users"),
        "docker.service" | "docker.task" => Some("a support dump holds the services of MKE, not those of users"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(path: &str) -> String {
        match piece(path) {
            Some(Piece::Facts(Place { kind, owner })) => format!("{kind} {owner:?}"),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn files_are_told_in_every_layout() {
        let node = "Folder(\"dump 20260303/wrk-1\")";
        for (path, wanted) in [
            ("dump 20260303/wrk-1/dsinfo/inspect/ucp-proxy.txt", format!("docker.container {node}")),
            ("dump 20260303/wrk-1/inspect/ucp-proxy.txt", format!("docker.container {node}")),
            ("dsinfo/inspect/ucp-proxy.txt", "docker.container Folder(\"\")".to_owned()),
            ("inspect/ucp-agent-service.txt", "docker.container Folder(\"\")".to_owned()),
            ("ucp-nodes.txt", "docker.node Cluster".to_owned()),
            ("x/ucp-auth-api-service.txt", "docker.service Cluster".to_owned()),
            ("x/ucp-auth-api-tasks.txt", "docker.task Cluster".to_owned()),
            ("x/wrk-1/dsinfo/logs/ucp-kv.log", "Some(Ignored)".to_owned()),
            ("x/mirantis.lic", "Some(Ignored)".to_owned()),
            ("x/wrk-1/dsinfo/containers.json", "Some(Ignored)".to_owned()),
            ("nodes.json", "None".to_owned()),
        ] {
            assert_eq!(told(path), wanted, "{path}");
        }
    }

    #[test]
    fn reports_belong_to_their_folder() {
        let report = |path: &str| match piece(path) {
            Some(Piece::Report { folder, root }) => (folder, root),
            other => panic!("{path}: {other:?}"),
        };
        assert_eq!(report("a/wrk-1/dsinfo/dsinfo.json"), ("a/wrk-1".to_owned(), false));
        assert_eq!(report("a/wrk-1.dsinfo.json"), ("a/wrk-1".to_owned(), false));
        assert_eq!(report("dsinfo/dsinfo.json"), (String::new(), false));
        assert_eq!(report("a/dsinfo.json"), ("a".to_owned(), true));
        assert_eq!(report("dsinfo.json"), (String::new(), true));
        assert_eq!(report("nodsinfo/dsinfo.json"), ("nodsinfo".to_owned(), true));
    }
}
