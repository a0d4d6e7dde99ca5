//! Reads the conditions on which a rule or a check hangs: facts of a node, or of the cluster as a whole.
//!
//! A rule that applies to some nodes must ask a kind that every node delivers, and one about the cluster a kind that is
//! there once; each would otherwise be unknown for ever, so the loader refuses it.

use crate::facts::FieldPath;
use crate::layout::Kind;
use crate::rules::language::matcher::Matcher;
use crate::rules::load::definitions::MatcherReader;
use crate::rules::load::matcher::matcher;
use crate::rules::load::values::kind;
use crate::yaml::Node;

/// Conditions by the kind of fact that must meet them.
type Conditions = Vec<(Kind, Matcher<FieldPath>)>;

/// Conditions on facts of the cluster as a whole.
pub(crate) fn of_the_cluster(reader: &mut MatcherReader<'_>, node: &Node<'_>, what: &str) -> Conditions {
    let mut conditions = Vec::new();
    for (name, condition) in reader.checker.entries(node, what) {
        let matcher = matcher(reader, &condition);
        let checker = &mut reader.checker;
        if matcher.any_condition(&mut |condition| condition.needs_variables()) {
            checker.problem(&condition, format!("{what} cannot compare with a variable"), "compare in `must`");
        }
        match kind(checker, name, &condition) {
            Some(kind) if kind.per_node() => {
                let message = format!("`{name}` is a kind that every node delivers");
                checker.key_problem(&condition, message, "name one of the cluster as a whole");
            }
            Some(kind) => conditions.push((kind, matcher)),
            None => {}
        }
    }
    conditions
}

/// Conditions on facts of each node.
pub(crate) fn of_nodes(reader: &mut MatcherReader<'_>, node: &Node<'_>, what: &str) -> Conditions {
    let mut conditions = Vec::new();
    for (name, condition) in reader.checker.entries(node, what) {
        let matcher = matcher(reader, &condition);
        match kind(&mut reader.checker, name, &condition) {
            Some(kind) if !kind.per_node() => {
                let message = format!("`{name}` is not a kind that every node delivers");
                reader.checker.key_problem(&condition, message, "");
            }
            Some(kind) => conditions.push((kind, matcher)),
            None => {}
        }
    }
    conditions
}
