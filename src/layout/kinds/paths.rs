//! From a path to the kind that lies there, and from a kind to its paths.

use crate::layout::kinds::kind::Kind;
use crate::layout::kinds::row::{Row, Scope};
use crate::layout::kinds::table::rows;

/// What lies at a path of a snapshot's `cluster/` or `nodes/<node>/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::layout) enum Found {
    /// Facts of this kind.
    Kind(Kind),
    /// A file of the snapshot format that is not read as facts.
    Unread,
    /// Nothing of the snapshot format: it has no such folder.
    Nothing,
}

/// Tells the file of a folder of the cluster's or of a node's part of a snapshot.
pub(in crate::layout) fn of_member(part: Scope, folder: &str, file: &str) -> Found {
    let mut known = false;
    for row in rows() {
        let (own_folder, own_file) = match (part, row.in_cluster, row.resource) {
            (Scope::Node, ..) => row.on_node.and_then(|path| path.split_once('/')).unzip(),
            (Scope::Cluster, Some(path), _) => path.split_once('/').unzip(),
            (Scope::Cluster, None, Some(resource)) if folder == RESOURCES => {
                (Some(RESOURCES), file.strip_suffix(".json").filter(|name| *name == resource).map(|_| file))
            }
            (Scope::Cluster, None, _) => (None, None),
        };
        known |= own_folder == Some(folder);
        if own_folder == Some(folder) && own_file == Some(file) {
            return Found::Kind(Kind::of(row));
        }
    }
    if known { Found::Unread } else { Found::Nothing }
}

/// Where the lists of Kubernetes objects lie in a snapshot's `cluster/`.
const RESOURCES: &str = "kubectl";

/// The path of a kind's member in the cluster's part of a snapshot.
#[must_use]
pub fn cluster_path(kind: &Kind) -> Option<String> {
    let row = kind.row();
    let resource = || row.resource.map(|resource| format!("cluster/{RESOURCES}/{resource}.json"));
    row.in_cluster.map(|path| format!("cluster/{path}")).or_else(resource)
}

/// The path of a kind's member among those of a node, or in the cluster's part of a snapshot. What only
/// a support dump holds lies in the dump that a snapshot may have.
#[must_use]
pub fn case_path(kind: &Kind, node: Option<&str>) -> Option<String> {
    if let Some(node) = node {
        return kind.row().on_node.map(|path| format!("nodes/{node}/{path}"));
    }
    let dumped = || {
        let file = kind.row().in_dump.as_ref()?.files.iter().find(|file| !file.contains('/'))?;
        Some(format!("cluster/support/{}", file.replace('*', "x")))
    };
    cluster_path(kind).or_else(dumped)
}

/// The kind of a file of a support dump, in a folder of this name.
pub(in crate::layout) fn of_dump_file(folder: &str, file: &str) -> Option<Kind> {
    let fits = |pattern: &&str| match pattern.split_once('/') {
        Some((in_folder, pattern)) => folder == in_folder && matches(pattern, file),
        // A user may give a container any name, and its inspection is called by it.
        None => matches(pattern, file) && !is_folder_of_dump(folder),
    };
    rows().find(|row| row.in_dump.iter().flat_map(|dump| dump.files).any(fits)).map(Kind::of)
}

fn is_folder_of_dump(folder: &str) -> bool {
    let patterns = rows().filter_map(|row| row.in_dump.as_ref()).flat_map(|dump| dump.files);
    patterns.filter_map(|pattern| pattern.split_once('/')).any(|(own, _)| own == folder)
}

/// Whether a name is one that a pattern with at most one `*` stands for. Windows writes extensions in
/// either case.
fn matches(pattern: &str, name: &str) -> bool {
    let Some((before, after)) = pattern.split_once('*') else { return pattern == name };
    let Some((stem, extension)) = name.rsplit_once('.') else { return false };
    let (end, own_extension) = after.rsplit_once('.').unwrap_or((after, ""));
    extension.eq_ignore_ascii_case(own_extension) && stem.strip_prefix(before).is_some_and(|rest| rest.ends_with(end))
}

/// The kind of the section of a node's report that stands under these keys.
pub(in crate::layout) fn of_section<S: AsRef<str>>(keys: &[S]) -> Option<Kind> {
    sections().find(|(section, _)| is_same(section, keys)).map(|(_, row)| Kind::of(row))
}

/// Whether sections of a node's report stand below these keys.
pub(in crate::layout) fn within_sections<S: AsRef<str>>(keys: &[S]) -> bool {
    sections().any(|(section, _)| section.get(..keys.len()).is_some_and(|above| is_same(above, keys)))
        && of_section(keys).is_none()
}

fn sections() -> impl Iterator<Item = (&'static [&'static str], &'static Row)> {
    let section = |row: &'static Row| Some((row.in_dump.as_ref()?.section, row));
    rows().filter_map(section).filter(|(section, _)| !section.is_empty())
}

fn is_same<S: AsRef<str>>(section: &[&str], keys: &[S]) -> bool {
    section.len() == keys.len() && section.iter().zip(keys).all(|(own, key)| *own == key.as_ref())
}

/// The kind of a Kubernetes resource, however it is written: `network-policies`, `networkpolicy`, `pvcs`.
pub(in crate::layout) fn of_resource(resource: &str) -> Option<Kind> {
    let name: String = resource.chars().filter(|c| *c != '-').collect::<String>().to_ascii_lowercase();
    let name = match name.as_str() {
        "pvs" => "persistentvolumes",
        "pvcs" => "persistentvolumeclaims",
        name => name,
    };
    let singular = |row: &Row| row.name.strip_prefix("kube.").is_some_and(|kind| kind.eq_ignore_ascii_case(name));
    rows().filter(|row| row.resource.is_some()).find(|row| row.resource == Some(name) || singular(row)).map(Kind::of)
}
