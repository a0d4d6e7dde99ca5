//! Rules against nodes: which rule fails where.
//!
//! A cell is the worst that a rule's evidence says of the node. Nodes with the same column share it, so that a thousand
//! workers that are alike are one column; what is left beyond the width of a page is counted.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::model::assessment::{Assessment, EvidenceStatus, RuleResult};
use crate::model::labels;

/// Columns of nodes on a page: with more, the table is wider than a landscape sheet.
const COLUMNS: usize = 24;

/// The table.
#[derive(Serialize)]
pub(crate) struct Matrix<'a> {
    columns: Vec<Column<'a>>,
    rows: Vec<MatrixRow<'a>>,
    /// Nodes whose columns are not shown.
    nodes_left_out: usize,
}

/// Nodes of which the evidence says the same.
#[derive(Serialize)]
struct Column<'a> {
    first: &'a str,
    nodes: Vec<&'a str>,
}

#[derive(Serialize)]
struct MatrixRow<'a> {
    id: &'a str,
    title: &'a str,
    key: &'static str,
    label: &'static str,
    /// What is of the cluster as a whole.
    cluster: Option<Cell>,
    cells: Vec<Option<Cell>>,
}

#[derive(Serialize, Clone, Copy)]
struct Cell {
    key: &'static str,
    label: &'static str,
}

type Worst<'a> = BTreeMap<Option<&'a str>, EvidenceStatus>;

/// The matrix of an assessment; none where no evidence is of a node.
pub(crate) fn matrix(assessment: &Assessment) -> Option<Matrix<'_>> {
    let rules: Vec<(&RuleResult, Worst<'_>)> =
        assessment.rules.iter().map(|rule| (rule, worst(rule))).filter(|(_, worst)| !worst.is_empty()).collect();
    let mut alike: BTreeMap<Vec<Option<EvidenceStatus>>, Vec<&str>> = BTreeMap::new();
    for node in &assessment.snapshot.nodes {
        let name = node.name.as_str();
        let column = rules.iter().map(|(_, worst)| worst.get(&Some(name)).copied()).collect();
        alike.entry(column).or_default().push(name);
    }
    let mut columns: Vec<(Vec<Option<EvidenceStatus>>, Vec<&str>)> = alike.into_iter().collect();
    let fails =
        |column: &[Option<EvidenceStatus>]| column.iter().filter(|cell| **cell == Some(EvidenceStatus::Fails)).count();
    // Those with most findings are kept, then shown in the order of their names.
    columns.sort_by(|a, b| fails(&b.0).cmp(&fails(&a.0)).then(a.1.cmp(&b.1)));
    let nodes_left_out = columns.iter().skip(COLUMNS).map(|(_, nodes)| nodes.len()).sum();
    columns.truncate(COLUMNS);
    columns.sort_by(|a, b| a.1.cmp(&b.1));
    if columns.is_empty() {
        return None;
    }
    let rows = rules
        .iter()
        .enumerate()
        .map(|(index, (rule, worst))| MatrixRow {
            id: &rule.id,
            title: &rule.title,
            key: labels::status_key(rule.status),
            label: labels::status(rule.status),
            cluster: worst.get(&None).copied().map(Cell::of),
            cells: columns.iter().map(|(column, _)| column[index].map(Cell::of)).collect(),
        })
        .collect();
    let columns = columns.into_iter().map(|(_, nodes)| Column { first: nodes[0], nodes }).collect();
    Some(Matrix { columns, rows, nodes_left_out })
}

/// The worst that a rule's evidence says of each node, and of the cluster.
fn worst(rule: &RuleResult) -> Worst<'_> {
    let mut worst = Worst::new();
    for line in &rule.evidence {
        let entry = worst.entry(line.node.as_deref()).or_insert(line.status);
        *entry = line.status.min(*entry);
    }
    worst
}

impl Cell {
    fn of(status: EvidenceStatus) -> Self {
        Self { key: labels::evidence_key(status), label: labels::evidence(status) }
    }
}
