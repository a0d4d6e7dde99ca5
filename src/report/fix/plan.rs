//! What is to be done for all rules that are open: MKE's settings changed once, and each engine restarted once.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::assessment::{Assessment, EvidenceStatus, RuleResult, Status};
use crate::model::procedure::{Place, Step};
use crate::report::fix::filled::{Fix, fix, of_windows};

/// Lines of settings, with the rules that ask for each.
pub(crate) type Lines<'a> = BTreeMap<&'a str, BTreeSet<&'a str>>;

/// What is to be done, by rule.
pub(crate) struct Plan<'a> {
    pub(crate) assessment: &'a Assessment,
    /// The rules that are Open and have steps, CAT I first.
    pub(crate) rules: Vec<(&'a RuleResult, Fix)>,
    /// By node, the lines of its engine's settings with the rule that asks for each.
    pub(crate) engines: BTreeMap<&'a str, Lines<'a>>,
    /// By table of MKE's configuration, its lines with the rule that asks for each.
    pub(crate) settings: BTreeMap<&'a str, Lines<'a>>,
}

impl<'a> Plan<'a> {
    pub(crate) fn of(assessment: &'a Assessment) -> Self {
        let mut open: Vec<&RuleResult> = assessment.rules.iter().filter(|rule| rule.status == Status::Open).collect();
        open.sort_by_key(|rule| rule.cat);
        let windows = of_windows(assessment);
        let (mut engines, mut settings) = (BTreeMap::new(), BTreeMap::new());
        for rule in &open {
            for step in rule.procedure.iter().flat_map(|procedure| &procedure.steps) {
                match step {
                    Step::Engine(lines) => {
                        let failing = rule.evidence.iter().filter(|line| line.status == EvidenceStatus::Fails);
                        let nodes = failing.filter_map(|line| line.node.as_deref());
                        for node in nodes.filter(|node| !windows.contains(node)) {
                            add(engines.entry(node).or_default(), lines, &rule.id);
                        }
                    }
                    Step::MkeConfig(config) => {
                        if let Some((table, lines)) = config.toml.split_first() {
                            add(settings.entry(table.as_str()).or_default(), lines, &rule.id);
                        }
                    }
                    Step::Do(_) => {}
                }
            }
        }
        let rules = open.into_iter().filter_map(|rule| Some((rule, fix(rule, &windows)?))).collect();
        Self { assessment, rules, engines, settings }
    }

    /// The nodes on which something is typed.
    pub(crate) fn nodes(&self) -> BTreeSet<&str> {
        let steps = self.rules.iter().flat_map(|(_, fix)| &fix.steps).filter(|step| step.at == Place::Node);
        let typed = steps.flat_map(|step| &step.blocks).filter_map(|block| block.node.as_deref());
        typed.chain(self.engines.keys().copied()).collect()
    }
}

fn add<'a>(to: &mut Lines<'a>, lines: &'a [String], rule: &'a str) {
    for line in lines {
        to.entry(line).or_default().insert(rule);
    }
}
