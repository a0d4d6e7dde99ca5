//! What the parts of one file share: the assessment, its time, and identifiers.

use std::collections::BTreeSet;

use crate::model::assessment::{Assessment, Node};
use crate::model::digest::Hasher;
use crate::model::labels;
use crate::report::base::{ident, time};

/// An assessment on its way into one file.
pub(crate) struct Document<'a> {
    pub(crate) assessment: &'a Assessment,
    /// Of the inputs, the rules and the verdicts: what makes this run another than the last.
    digest: String,
    /// When the snapshot was taken, as every time in the file.
    pub(crate) time: String,
}

impl<'a> Document<'a> {
    pub(crate) fn of(assessment: &'a Assessment) -> Self {
        let mut digest = Hasher::default();
        let tool = &assessment.tool;
        for part in [&tool.version, &tool.pack.sha256, &assessment.asset.name] {
            digest.part(part);
        }
        for input in &assessment.snapshot.inputs {
            digest.part(&input.sha256);
        }
        for rule in &assessment.rules {
            for part in [&rule.id, labels::status_key(rule.status), &rule.evidence_digest, &rule.comment] {
                digest.part(part);
            }
        }
        let time = time::collected_utc(assessment).unwrap_or_else(|| time::UNKNOWN.to_owned());
        Self { assessment, digest: digest.finish().to_string(), time }
    }

    /// The identifier of a thing of this run.
    pub(crate) fn run(&self, what: &str, name: &str) -> String {
        ident::uuid(&["oscal", &self.digest, what, name])
    }

    /// The identifier of a thing that stays from run to run.
    pub(crate) fn lasting(&self, what: &str, name: &str) -> String {
        ident::uuid(&["oscal", &self.assessment.asset.name, &self.assessment.benchmark.id, what, name])
    }

    /// The nodes, each name once: a saved assessment may name one twice.
    pub(crate) fn nodes(&self) -> impl Iterator<Item = &Node> {
        let mut seen = BTreeSet::new();
        self.assessment.snapshot.nodes.iter().filter(move |node| seen.insert(node.name.as_str()))
    }
}
