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

fn dump(path: &str) -> Located {
    dump_file(path).map_or(Located::Unknown, Located::Dump)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dump_in_a_snapshot_is_one() {
        assert!(matches!(locate("s/cluster/support/x/ucp-nodes.txt"), Located::Dump(DumpFile::Facts(_))));
        assert_eq!(locate("s/cluster/support/support-dump.zip"), Located::Unknown);
        assert!(matches!(locate("s/cluster/mke/config.toml"), Located::Snapshot(Placement::Fact(_))));
        assert!(matches!(locate("s/nodes/w/logs/x.log"), Located::Snapshot(Placement::Other)));
        assert_eq!(locate("c"), Located::Unknown);
    }
}
