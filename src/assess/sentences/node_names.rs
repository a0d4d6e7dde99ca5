//! Why what was collected of a node cannot be told to be its own: one constructor each.

use crate::assess::sentences::reasons::some_of;

/// Several nodes of the swarm have one name.
pub(crate) fn nodes_of_one_name(name: &str, ids: &[&str]) -> String {
    format!(
        "the swarm lists {} nodes that are called {name} ({}), and what is collected of one cannot be told from the \
         others: give each host a name of its own, or remove the entries of nodes that left",
        ids.len(),
        some_of(ids)
    )
}

/// What was collected of a node is of an entry that the swarm has lost.
pub(crate) fn engine_of_lost_node(name: &str, id: &str) -> String {
    format!(
        "`docker info` of {name} is of its entry {id}, which is down, and not of the one that is there: collect it again"
    )
}
