//! MKE's support dump: its files are recognized by their paths.
//!
//! The layouts of 3.x differ in what stands around the files (a root folder or none, `dsinfo/` or its
//! content laid flat, one node or all of them), so that only the last parts of a path count.

use crate::layout::kinds;
use crate::layout::kinds::Kind;
use crate::layout::snapshot::{Owner, Place};

/// What a file of a support dump is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DumpFile {
    /// Facts of one kind, written as [`Kind::dump_form`] says.
    Facts(Place),
    /// The report of a node, or of the whole dump, as a JSON object of sections; whose, its keys tell.
    Report {
        /// The node's folder, or that of the dump.
        folder: String,
        /// Whether it may be the report of the whole dump.
        root: bool,
    },
    /// The report of a node as text: the output of one command after the other. That of `docker info`
    /// is read.
    Text(Place),
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

/// Files of a dump that hold nothing which is read.
const IGNORED: &[&str] = &[
    "ucp-license-id.txt",
    "mirantis.lic",
    "docker_subscription.lic",
    "tasks-count.txt",
    "auth-config.txt",
    "rethinkdb-status.json",
    "certdump",
    "etcd-status.txt",
    "kube-describe-nodes.txt",
    "kube-describe-all.txt",
];

/// Tells a file of a support dump by its path; none if it is of no dump.
#[must_use]
pub fn dump_file(path: &str) -> Option<DumpFile> {
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
    let last = folder.rsplit('/').next().unwrap_or_default();
    match file {
        "dsinfo.json" => {
            return Some(DumpFile::Report { folder: node_folder(folder).to_owned(), root: last != "dsinfo" });
        }
        "dsinfo.txt" => return text_report(node_folder(folder).to_owned()),
        name if IGNORED.contains(&name) => return Some(DumpFile::Ignored),
        _ => {}
    }
    let beside = |host: &str| if folder.is_empty() { host.to_owned() } else { format!("{folder}/{host}") };
    if let Some(host) = file.strip_suffix(".dsinfo.json").filter(|host| !host.is_empty()) {
        return Some(DumpFile::Report { folder: beside(host), root: false });
    }
    if let Some(host) = file.strip_suffix(".dsinfo.txt").filter(|host| !host.is_empty()) {
        return text_report(beside(host));
    }
    if let Some(kind) = kinds::of_dump_file(last, file) {
        let owner = if kind.per_node() {
            let above = folder.strip_suffix(last).unwrap_or_default().trim_end_matches('/');
            Owner::Folder(node_folder(above).to_owned())
        } else {
            Owner::Cluster
        };
        return Some(DumpFile::Facts(Place { kind, owner }));
    }
    if let Some(node) = file.strip_suffix(".error").filter(|node| !node.is_empty()) {
        return Some(DumpFile::Failure { node: node.to_owned(), folder: folder.to_owned() });
    }
    let log = file.starts_with("journalctl_") || (last == "logs" && has_extension(file, "log"));
    let ingress = (file.starts_with("ingress-") || file.starts_with("ucp-interlock")) && has_extension(file, "txt");
    // What else lies among a node's files is not recognized by its content: users can write into logs.
    let among = folder.split('/').any(|part| part == "dsinfo");
    (log || ingress || among || folder.contains("/cni/")).then_some(DumpFile::Ignored)
}

fn text_report(folder: String) -> Option<DumpFile> {
    Some(DumpFile::Text(Place { kind: Kind::named("docker.info")?, owner: Owner::Folder(folder) }))
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

/// The kind of the section of a node's report that stands under these keys.
#[must_use]
pub fn section<S: AsRef<str>>(keys: &[S]) -> Option<Kind> {
    kinds::of_section(keys)
}

/// Whether sections of a node's report stand below these keys.
#[must_use]
pub fn within_sections<S: AsRef<str>>(keys: &[S]) -> bool {
    kinds::within_sections(keys)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(path: &str) -> String {
        match dump_file(path) {
            Some(DumpFile::Facts(Place { kind, owner })) => format!("{kind} {owner:?}"),
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
        let report = |path: &str| match dump_file(path) {
            Some(DumpFile::Report { folder, root }) => (folder, root),
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
