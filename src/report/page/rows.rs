//! The evidence of a rule as rows of a page: by what the lines say, users' objects before MKE's own, equal rows as one.
//!
//! A column that is the same in every row of a group stands above the group instead. Rows that differ only in which
//! container or pod they are of share one row with a count, so that a service of a hundred replicas is one line; the
//! single objects unfold from it. Counts of a group are those of its lines, so they add up to the rule's.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::model::assessment::{Evidence, EvidenceStatus, RuleResult};
use crate::model::labels;
use crate::report::base::extract;
use crate::report::base::outcome::is_own;

/// Equal lines from which on they share a row.
const SHARED: usize = 3;
/// Passing and noted lines that a page shows per rule; what fails or is unknown is always shown.
const PASSING_SHOWN: usize = 25;

/// Lines that say the same of the same sort of objects.
#[derive(Serialize)]
pub(crate) struct Group<'a> {
    key: &'static str,
    label: String,
    /// Objects that its lines stand for.
    objects: u64,
    /// Whether it is folded, for it does not decide.
    folded: bool,
    /// The node of every line, where it is one.
    node: Option<&'a str>,
    /// What is expected of every line, where it is the same.
    wanted: Option<&'a str>,
    rows: Vec<Row<'a>>,
    /// Lines that are left out of the page.
    left_out: u64,
}

/// One row, of one line or of several that are alike.
#[derive(Serialize)]
struct Row<'a> {
    /// The object, or what the objects have in common.
    subject: &'a str,
    /// The class of the object, in words.
    class: Option<&'a str>,
    node: &'a str,
    /// What was found.
    seen: &'a str,
    /// The part of it that decides, which comes first.
    seen_first: &'a str,
    seen_rest: &'a str,
    wanted: &'a str,
    count: u64,
    /// Nodes of a row of several lines.
    nodes: usize,
    places: Vec<Place<'a>>,
}

/// Where a line stands.
#[derive(Serialize)]
struct Place<'a> {
    subject: &'a str,
    node: &'a str,
    place: String,
    sha256: &'a str,
}

/// The order of the groups: what decides first.
const ORDER: [EvidenceStatus; 6] = [
    EvidenceStatus::Fails,
    EvidenceStatus::Unknown,
    EvidenceStatus::Exempts,
    EvidenceStatus::Excepted,
    EvidenceStatus::Noted,
    EvidenceStatus::Passes,
];

/// The groups of a rule's evidence, none of which is empty.
pub(crate) fn groups(rule: &RuleResult) -> Vec<Group<'_>> {
    let mut groups = Vec::new();
    for status in ORDER {
        for own in [false, true] {
            let lines: Vec<&Evidence> =
                rule.evidence.iter().filter(|line| line.status == status && is_own(line) == own).collect();
            if !lines.is_empty() {
                groups.push(group(status, own, &lines));
            }
        }
    }
    groups
}

fn group<'a>(status: EvidenceStatus, own: bool, lines: &[&'a Evidence]) -> Group<'a> {
    let decides = !matches!(status, EvidenceStatus::Noted | EvidenceStatus::Passes);
    let shown = if decides { lines.len() } else { lines.len().min(PASSING_SHOWN) };
    let classes: BTreeSet<Option<&str>> = lines.iter().map(|line| line.class.as_deref()).collect();
    // One class stands in the heading, several with each row.
    let class = classes.first().copied().flatten().filter(|_| classes.len() == 1);
    let whose = match class {
        Some(class) => format!(", {}", labels::class(class)),
        None if own => ", MKE's and Kubernetes' own objects".to_owned(),
        None => String::new(),
    };
    Group {
        key: labels::evidence_key(status),
        label: format!("{}{whose}", labels::evidence(status)),
        objects: lines.iter().map(|line| line.count).sum(),
        folded: !decides || own,
        node: same(lines, node),
        wanted: same(lines, |line| &line.wanted),
        rows: rows(&lines[..shown], class.is_none()),
        left_out: (lines.len() - shown) as u64,
    }
}

/// What all lines have, where they have the same and there are several.
fn same<'a>(lines: &[&'a Evidence], of: impl Fn(&'a Evidence) -> &'a str) -> Option<&'a str> {
    let first = of(lines.first()?);
    (lines.len() > 1 && lines.iter().all(|line| of(line) == first)).then_some(first)
}

fn node(line: &Evidence) -> &str {
    line.node.as_deref().unwrap_or("cluster")
}

fn rows<'a>(lines: &[&'a Evidence], classes: bool) -> Vec<Row<'a>> {
    let mut alike: Vec<Vec<&'a Evidence>> = Vec::new();
    let mut at = BTreeMap::new();
    for line in lines {
        let key = (family(&line.subject), line.class.as_deref(), &line.seen, &line.wanted);
        let index = *at.entry(key).or_insert_with(|| {
            alike.push(Vec::new());
            alike.len() - 1
        });
        alike[index].push(line);
    }
    let split = |lines: Vec<&'a Evidence>| {
        if lines.len() >= SHARED {
            vec![row(&lines, classes)]
        } else {
            lines.iter().map(|line| row(&[*line], classes)).collect()
        }
    };
    alike.into_iter().flat_map(split).collect()
}

fn row<'a>(lines: &[&'a Evidence], classes: bool) -> Row<'a> {
    let first = lines[0];
    let decides = matches!(first.status, EvidenceStatus::Fails | EvidenceStatus::Unknown);
    let at = first.seen.find("; ").filter(|_| decides).unwrap_or(if decides { first.seen.len() } else { 0 });
    let (seen_first, seen_rest) = first.seen.split_at(at);
    let nodes: BTreeSet<&str> = lines.iter().map(|line| node(line)).collect();
    Row {
        subject: if lines.len() > 1 { family(&first.subject) } else { &first.subject },
        class: first.class.as_deref().map(labels::class).filter(|_| classes),
        node: node(first),
        seen: &first.seen,
        seen_first,
        seen_rest,
        wanted: &first.wanted,
        count: lines.iter().map(|line| line.count).sum(),
        nodes: nodes.len(),
        places: lines.iter().map(|line| place(line)).collect(),
    }
}

fn place(line: &Evidence) -> Place<'_> {
    Place { subject: &line.subject, node: node(line), place: extract::place(line), sha256: &line.sha256 }
}

/// What an object shares with its siblings: the image of a container, the namespace of a pod, else its own name.
///
/// A container is written as `/name (image)`, an object of Kubernetes as `namespace/name`.
fn family(subject: &str) -> &str {
    if let Some((_, image)) = subject.strip_suffix(')').and_then(|text| text.rsplit_once(" (")) {
        return image;
    }
    match subject.split_once('/') {
        Some((namespace, name)) if !namespace.is_empty() && !name.contains('/') => namespace,
        _ => subject,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn siblings_share_image_or_namespace() {
        for (subject, shared) in [
            ("/web.1.abc (reg.example/web:1.2)", "reg.example/web:1.2"),
            ("shop/cart-5c7f", "shop"),
            ("wrk-2", "wrk-2"),
            ("ingress (s5nrs8)", "s5nrs8"),
            ("reg.example/a/b:1", "reg.example/a/b:1"),
        ] {
            assert_eq!(family(subject), shared);
        }
    }
}
