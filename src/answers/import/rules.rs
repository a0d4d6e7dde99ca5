//! Which rule a file means.

use std::collections::BTreeMap;

use crate::intake::{full_rule_id, vuln_of};
use crate::rules::{Pack, Rule};

/// The rules of the packs, by both of their ids.
pub(crate) struct Rules<'p> {
    by_id: BTreeMap<&'p str, &'p Rule>,
    by_rule_id: BTreeMap<&'p str, &'p Rule>,
}

/// How far a file's ids fit a rule.
#[derive(Debug)]
pub(crate) enum Fit<'p> {
    /// The revision is known.
    Exact(&'p Rule),
    /// It is another revision, or an older id; why that matters.
    Other(&'p Rule, String),
    /// The file names no revision.
    Unsaid(&'p Rule),
    /// No pack has it.
    Unknown,
}

impl<'p> Rules<'p> {
    pub(crate) fn of(packs: &'p [Pack]) -> Self {
        let mut rules = Self { by_id: BTreeMap::new(), by_rule_id: BTreeMap::new() };
        for rule in packs.iter().flat_map(|pack| &pack.rules) {
            rules.by_id.entry(&rule.id).or_insert(rule);
            let ids = [&rule.texts.rule_id].into_iter().chain(&rule.texts.other_rule_ids);
            for id in ids.filter(|id| !id.is_empty()) {
                rules.by_rule_id.entry(id).or_insert(rule);
            }
        }
        rules
    }

    /// The rule of a review: by its exact rule id, else by the id that all revisions share, else by
    /// an id of an earlier benchmark.
    pub(crate) fn review(&self, rule_id: &str, vuln_id: &str, legacy_ids: &[String]) -> Fit<'p> {
        if let Some(rule) = self.by_rule_id.get(rule_id) {
            return Fit::Exact(rule);
        }
        let shared = if vuln_id.is_empty() { vuln_of(rule_id).unwrap_or_default() } else { vuln_id.to_owned() };
        if let Some(rule) = self.by_id.get(shared.as_str()) {
            if rule_id.is_empty() || rule.texts.rule_id.is_empty() {
                return Fit::Unsaid(rule);
            }
            let known = &rule.texts.rule_id;
            return Fit::Other(
                rule,
                format!("given for {rule_id}, while the rule pack has {known}: the check may have changed"),
            );
        }
        let legacy = legacy_ids.iter().find_map(|id| {
            let id = id.trim();
            let shared = vuln_of(id).unwrap_or_else(|| id.to_owned());
            Some((id, *self.by_id.get(shared.as_str())?))
        });
        match legacy {
            Some((id, rule)) => Fit::Other(rule, format!("given for {vuln_id} {rule_id}, which once was {id}")),
            None => Fit::Unknown,
        }
    }

    /// The rule of an answer, which names a rule by either id.
    pub(crate) fn answer(&self, id: &str) -> Fit<'p> {
        if id.starts_with("SV-") { self.review(&full_rule_id(id), "", &[]) } else { self.review("", id, &[]) }
    }
}
