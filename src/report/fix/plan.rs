//! What is to be done for all rules that are open: MKE's settings changed once, and each engine restarted once.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::assessment::{Assessment, RuleResult, Status};
use crate::model::procedure::Place;
use crate::report::fix::filled::{Fix, Settings, fix, of_windows};

/// A rule that is open, and its fix.
pub(crate) type ToFix<'a> = (&'a RuleResult, Fix);

/// Lines of settings, with the rules that ask for each.
pub(crate) type Lines<'a> = BTreeMap<&'a str, BTreeSet<&'a str>>;

/// What is to be done, by rule.
pub(crate) struct Plan<'a> {
    pub(crate) assessment: &'a Assessment,
    /// The rules that are Open and have steps, CAT I first.
    pub(crate) rules: &'a [ToFix<'a>],
    /// By node, the lines of its engine's settings with the rule that asks for each.
    pub(crate) engines: BTreeMap<&'a str, Lines<'a>>,
    /// By table of MKE's configuration, its lines with the rule that asks for each.
    pub(crate) settings: BTreeMap<&'a str, Lines<'a>>,
}

/// The fixes of all rules that are Open and have steps, CAT I first.
pub(crate) fn fixes(assessment: &Assessment) -> Vec<ToFix<'_>> {
    let mut open: Vec<&RuleResult> = assessment.rules.iter().filter(|rule| rule.status == Status::Open).collect();
    open.sort_by_key(|rule| rule.cat);
    let windows = of_windows(assessment);
    open.into_iter().filter_map(|rule| Some((rule, fix(rule, &windows)?))).collect()
}

impl<'a> Plan<'a> {
    pub(crate) fn of(assessment: &'a Assessment, rules: &'a [ToFix<'a>]) -> Self {
        let (mut engines, mut settings) = (BTreeMap::new(), BTreeMap::new());
        for (rule, fix) in rules {
            for step in &fix.steps {
                let lines = step.settings_lines();
                match step.settings {
                    Some(Settings::Engines) => {
                        for node in step.blocks.iter().filter_map(|block| block.node.as_deref()) {
                            add(engines.entry(node).or_default(), lines, &rule.id);
                        }
                    }
                    Some(Settings::Mke) => {
                        if let Some((table, lines)) = lines.split_first() {
                            add(settings.entry(table.as_str()).or_default(), lines, &rule.id);
                        }
                    }
                    None => {}
                }
            }
        }
        Self { assessment, rules, engines, settings }
    }

    /// The nodes on which something is typed.
    pub(crate) fn nodes(&self) -> BTreeSet<&str> {
        let steps = self.rules.iter().flat_map(|(_, fix)| &fix.steps).filter(|step| step.at == Place::Node);
        steps.flat_map(|step| &step.blocks).filter_map(|block| block.node.as_deref()).collect()
    }
}

fn add<'a>(to: &mut Lines<'a>, lines: &'a [String], rule: &'a str) {
    for line in lines {
        to.entry(line).or_default().insert(rule);
    }
}

/// Ids of rules as a text names them.
pub(crate) fn joined(rules: &BTreeSet<&str>) -> String {
    rules.iter().copied().collect::<Vec<_>>().join(", ")
}
