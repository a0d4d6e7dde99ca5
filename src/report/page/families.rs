//! Rules by family of NIST SP 800-53, for those who authorize by control.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::model::assessment::{Assessment, RuleResult};
use crate::model::labels;

/// The families, by their letters (NIST SP 800-53 Rev. 5, table 1).
const FAMILIES: [(&str, &str); 20] = [
    ("AC", "Access Control"),
    ("AT", "Awareness and Training"),
    ("AU", "Audit and Accountability"),
    ("CA", "Assessment, Authorization, and Monitoring"),
    ("CM", "Configuration Management"),
    ("CP", "Contingency Planning"),
    ("IA", "Identification and Authentication"),
    ("IR", "Incident Response"),
    ("MA", "Maintenance"),
    ("MP", "Media Protection"),
    ("PE", "Physical and Environmental Protection"),
    ("PL", "Planning"),
    ("PM", "Program Management"),
    ("PS", "Personnel Security"),
    ("PT", "PII Processing and Transparency"),
    ("RA", "Risk Assessment"),
    ("SA", "System and Services Acquisition"),
    ("SC", "System and Communications Protection"),
    ("SI", "System and Information Integrity"),
    ("SR", "Supply Chain Risk Management"),
];

/// A family and the controls in it that rules are about.
#[derive(Serialize)]
pub(crate) struct Family<'a> {
    letters: &'a str,
    name: &'static str,
    controls: Vec<Control<'a>>,
}

/// A control and its rules.
#[derive(Serialize)]
struct Control<'a> {
    name: &'a str,
    rules: Vec<ControlRule<'a>>,
}

#[derive(Serialize)]
struct ControlRule<'a> {
    id: &'a str,
    key: &'static str,
    label: &'static str,
}

/// Rules by control: its letters, number and name, in which order controls stand.
type Controls<'a> = BTreeMap<(&'a str, u32, &'a str), Vec<ControlRule<'a>>>;

/// The families in the order of their letters; a rule stands once under each of its controls.
pub(crate) fn families(assessment: &Assessment) -> Vec<Family<'_>> {
    let mut families: BTreeMap<&str, Controls<'_>> = BTreeMap::new();
    for rule in &assessment.rules {
        for control in rule.controls.iter().map(String::as_str).collect::<BTreeSet<_>>() {
            let letters = control.split('-').next().unwrap_or(control);
            families.entry(letters).or_default().entry(order(control)).or_default().push(ControlRule::of(rule));
        }
    }
    families
        .into_iter()
        .map(|(letters, controls)| Family {
            letters,
            name: FAMILIES.iter().find(|(known, _)| *known == letters).map_or("other", |(_, name)| *name),
            controls: controls.into_iter().map(|((_, _, name), rules)| Control { name, rules }).collect(),
        })
        .collect()
}

/// `AC-17 (2)` after `AC-8`: letters, number, then the name as it is.
fn order(control: &str) -> (&str, u32, &str) {
    let (letters, rest) = control.split_once('-').unwrap_or((control, ""));
    let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    (letters, rest[..digits].parse().unwrap_or(0), control)
}

impl<'a> ControlRule<'a> {
    fn of(rule: &'a RuleResult) -> Self {
        Self { id: &rule.id, key: labels::status_key(rule.status), label: labels::status(rule.status) }
    }
}
