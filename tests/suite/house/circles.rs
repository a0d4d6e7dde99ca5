//! Circles in a directed graph, by the algorithm of Kosaraju.

use std::collections::{BTreeMap, BTreeSet};

type Edges = BTreeMap<String, BTreeSet<String>>;

/// The groups of nodes that reach each other, each in the order of names; a node alone is no circle.
pub(crate) fn of(edges: &Edges) -> Vec<Vec<String>> {
    let mut order = Vec::new();
    let mut seen = BTreeSet::new();
    for node in edges.keys() {
        walk(node, edges, &mut seen, &mut order);
    }
    let mut backward = Edges::new();
    for (from, targets) in edges {
        for to in targets {
            backward.entry(to.clone()).or_default().insert(from.clone());
        }
    }
    let mut seen = BTreeSet::new();
    let mut circles = Vec::new();
    for node in order.iter().rev() {
        let mut group = Vec::new();
        walk(node, &backward, &mut seen, &mut group);
        if group.len() > 1 {
            group.sort();
            circles.push(group);
        }
    }
    circles
}

/// Adds what a node reaches and was not seen, each node behind all that it reaches.
fn walk(node: &str, edges: &Edges, seen: &mut BTreeSet<String>, order: &mut Vec<String>) {
    if seen.insert(node.to_owned()) {
        for next in edges.get(node).into_iter().flatten() {
            walk(next, edges, seen, order);
        }
        order.push(node.to_owned());
    }
}
