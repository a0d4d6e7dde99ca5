//! `mke-stig inspect`

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;

use super::args::AssessArgs;
use super::output::{Out, printable};
use super::program::EXIT_OK;
use crate::assess::assessment::{IntegrityStatus, Node, Snapshot, Status};
use crate::assess::{assess, capital};
use crate::facts::Source;

/// Nodes listed one by one; more are counted.
const NODES: usize = 40;

/// Show what is in the inputs: nodes, coverage, integrity; no verdicts.
#[derive(Debug, Args)]
pub(super) struct Inspect {
    /// Snapshots, or folders and files with outputs of docker and kubectl.
    #[arg(required = true, value_name = "INPUT")]
    inputs: Vec<PathBuf>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    assess: AssessArgs,
}

impl Inspect {
    pub(super) fn run(&self, out: &mut Out) -> anyhow::Result<u8> {
        let packs = self.assess.packs(out)?;
        let options = self.assess.options(&packs, out)?;
        let inputs: Vec<Source> = self.inputs.iter().map(|path| Source::Path(path.clone())).collect();
        let assessment = assess(&inputs, &packs, &options)?;
        if self.json {
            out.data(&serde_json::to_string_pretty(&assessment.snapshot)?)?;
        } else {
            let decided = assessment.rules.iter().filter(|rule| rule.status != Status::NotReviewed).count();
            out.data(&printable(&text(&assessment.snapshot, decided, assessment.rules.len())))?;
        }
        Ok(EXIT_OK)
    }
}

fn text(snapshot: &Snapshot, decided: usize, rules: usize) -> String {
    let mut text = String::new();
    let unknown = || "not known".to_owned();
    for input in &snapshot.inputs {
        let _ = writeln!(text, "Input         {} ({} bytes, SHA-256 {})", input.name, input.bytes, input.sha256);
    }
    let _ = writeln!(text, "Collected     {}", snapshot.collected_at.clone().unwrap_or_else(unknown));
    let _ = writeln!(text, "Cluster       {}", snapshot.cluster_id.clone().unwrap_or_else(unknown));
    let _ = writeln!(text, "MKE           {}", snapshot.mke_version.clone().unwrap_or_else(unknown));
    for orchestrator in &snapshot.orchestrators {
        let usage = match orchestrator.in_use {
            Some(true) => "in use",
            Some(false) => "not in use",
            None => "not known",
        };
        let _ = writeln!(text, "{:<13} {usage}: {}", capital(&orchestrator.name), orchestrator.because);
    }
    let integrity = match snapshot.integrity.status {
        IntegrityStatus::Verified => "verified",
        IntegrityStatus::Unverified => "unverified (no manifest speaks of every file)",
        IntegrityStatus::Broken => "BROKEN",
    };
    let _ = writeln!(text, "Integrity     {integrity}; {} digests agree", snapshot.integrity.verified);
    for problem in &snapshot.integrity.problems {
        let _ = writeln!(text, "  {problem}");
    }
    let _ = writeln!(text, "Rules         {decided} of {rules} can be decided from it");
    nodes(&snapshot.nodes, &mut text);
    if !snapshot.warnings.is_empty() {
        text.push_str("\nWarnings\n");
        for warning in &snapshot.warnings {
            let _ = writeln!(text, "  {warning}");
        }
    }
    text
}

fn nodes(nodes: &[Node], text: &mut String) {
    let _ = writeln!(text, "\nNodes ({})", nodes.len());
    let width = nodes.iter().take(NODES).map(|node| node.name.chars().count()).max().unwrap_or(0);
    for node in nodes.iter().take(NODES) {
        let lacking: BTreeSet<String> = node
            .kinds
            .iter()
            .filter(|(_, word)| *word != "read")
            .map(|(kind, word)| format!("{kind} {word}"))
            .collect();
        let delivered = if lacking.is_empty() {
            "everything delivered".to_owned()
        } else {
            lacking.into_iter().collect::<Vec<_>>().join(", ")
        };
        let role = node.role.as_deref().unwrap_or("role?");
        let os = node.os.as_deref().unwrap_or("operating system not known");
        let _ = writeln!(text, "  {:<width$}  {role:<7}  {os}: {delivered}", node.name);
    }
    if nodes.len() > NODES {
        let _ = writeln!(text, "  and {} more; --json shows all", nodes.len() - NODES);
    }
}
