//! What a path says of a member, in every layout.

use crate::layout::dump::{DumpFile, dump_file};
use crate::layout::snapshot::{Placement, place};

/// What a path says of a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Located {
    /// Part of a snapshot.
    Snapshot(Placement),
    /// Part of a support dump.
    Dump(DumpFile),
    /// Nothing: the content must tell, and it may be an archive.
    Unknown,
}

/// Tells a member by its path in its archive.
#[must_use]
pub fn locate(path: &str) -> Located {
    let support = path.find("cluster/support/").filter(|at| *at == 0 || path.as_bytes()[at - 1] == b'/');
    let rest = support.map(|at| &path[at + "cluster/support/".len()..]);
    match (place(path), rest) {
        (Placement::Other, Some(rest)) => dump_file(rest).map_or(Located::Unknown, |_| dump(path)),
        (Placement::Unknown, _) => dump(path),
        (placement, _) => Located::Snapshot(placement),
    }
}

/// Whether a desktop made the file beside others, as it looked at them or packed them: it is of nobody's facts.
#[must_use]
pub fn is_litter(path: &str) -> bool {
    let file = path.rsplit('/').next().unwrap_or_default();
    let by_name = [".DS_Store", "Thumbs.db", "desktop.ini"].contains(&file);
    by_name || file.starts_with("._") || path.split('/').any(|part| part == "__MACOSX")
}

fn dump(path: &str) -> Located {
    dump_file(path).map_or(Located::Unknown, Located::Dump)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_desktop_leaves_is_litter() {
        for path in ["a/._pods.json", ".DS_Store", "nodes/w/Thumbs.db", "__MACOSX/a/info.json"] {
            assert!(is_litter(path), "{path}");
        }
        for path in ["a/.pods.json", "a_/._b/info.json", "DS_Store", "nodes/w/docker/info.json"] {
            assert!(!is_litter(path), "{path}");
        }
    }

    #[test]
    fn a_dump_in_a_snapshot_is_one() {
        assert!(matches!(locate("s/cluster/support/x/ucp-nodes.txt"), Located::Dump(DumpFile::Facts(_))));
        assert_eq!(locate("s/cluster/support/support-dump.zip"), Located::Unknown);
        assert!(matches!(locate("s/cluster/mke/config.toml"), Located::Snapshot(Placement::Fact(_))));
        assert!(matches!(locate("s/nodes/w/logs/x.log"), Located::Snapshot(Placement::Other)));
        assert_eq!(locate("c"), Located::Unknown);
    }
}
