//! `mke-stig inspect`

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;

use crate::assess::assess;
use crate::cli::clock::now;
use crate::cli::exit::Exit;
use crate::cli::options::assess::AssessArgs;
use crate::cli::options::read::sources;
use crate::cli::output::Out;
use crate::model::assessment::{Input, IntegrityStatus, Node, RuleResult, Snapshot, Status};
use crate::model::date::Timestamp;
use crate::model::labels::{self, capital};

/// Nodes listed one by one; more are counted.
const NODES: usize = 40;

/// Show what is in the inputs: nodes, coverage, integrity, age; no verdicts.
#[derive(Debug, Args)]
pub(crate) struct Inspect {
    /// Snapshots, support dumps, or folders and files with outputs of docker and kubectl.
    #[arg(required = true, value_name = "INPUT")]
    inputs: Vec<PathBuf>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
    /// Also show for each rule whether it can be decided, or what is missing.
    #[arg(short, long)]
    verbose: bool,
    #[command(flatten)]
    assess: AssessArgs,
}

impl Inspect {
    pub(crate) fn run(&self, out: &mut Out) -> anyhow::Result<Exit> {
        let packs = self.assess.packs(out)?;
        let options = self.assess.options(&packs, out)?;
        let inputs = sources(&self.inputs);
        let assessment = assess(&inputs, &packs, &options)?;
        if self.json {
            out.json(&assessment.snapshot)?;
        } else {
            let decided = assessment.rules.iter().filter(|rule| rule.status != Status::NotReviewed).count();
            let mut text = text(&assessment.snapshot, decided, assessment.rules.len());
            if self.verbose {
                rules(&assessment.rules, &mut text);
            }
            out.data(&text)?;
        }
        Ok(Exit::Done)
    }
}

fn text(snapshot: &Snapshot, decided: usize, rules: usize) -> String {
    let mut text = String::new();
    let unknown = || "not known".to_owned();
    for input in &snapshot.inputs {
        let _ = writeln!(text, "Input         {} ({} bytes, SHA-256 {})", input.name, input.bytes, input.sha256);
        let _ = writeln!(text, "              {}", source(input));
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
        let role = node.role.as_deref().unwrap_or("role?");
        let os = node.os.as_deref().unwrap_or("unknown operating system");
        let _ = writeln!(text, "  {:<width$}  {role:<7}  {os}: {}", node.name, delivered(node));
    }
    if nodes.len() > NODES {
        let _ = writeln!(text, "  and {} more; --json shows all", nodes.len() - NODES);
    }
}

/// What a node delivered, and what it did not.
fn delivered(node: &Node) -> String {
    let mut by_word: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (kind, word) in &node.kinds {
        by_word.entry(word).or_default().push(kind);
    }
    if by_word.keys().all(|word| *word == "read") {
        return "everything delivered".to_owned();
    }
    let read = by_word.remove("read").map_or(0, |kinds| kinds.len());
    let others: Vec<String> = by_word.iter().map(|(word, kinds)| format!("{word} {}", kinds.join(" "))).collect();
    format!("{read} of {} read; {}", node.kinds.len(), others.join("; "))
}

/// What an input is, and how old.
fn source(input: &Input) -> String {
    let what = if input.holds.is_empty() { "nothing recognized".to_owned() } else { input.holds.join(", ") };
    match &input.taken_at {
        None => format!("{what}; collection time unknown"),
        Some(time) => {
            let days = Timestamp::parse(time).and_then(|taken| Some((now()? - taken.seconds()) / 86_400));
            match days {
                Some(1) => format!("{what}, taken {time}, a day ago"),
                Some(days) if days > 1 => format!("{what}, taken {time}, {days} days ago"),
                _ => format!("{what}, taken {time}"),
            }
        }
    }
}

/// For each rule, whether it can be decided, or what is missing.
fn rules(rules: &[RuleResult], text: &mut String) {
    text.push_str("\nRules\n");
    for rule in rules {
        let outcome = match (&rule.reason, rule.status) {
            (Some(reason), Status::NotReviewed) => {
                let words: String = reason.text.chars().take(300).collect();
                format!("{}: {words}", labels::reason_key(reason.code))
            }
            _ => "can be decided".to_owned(),
        };
        let _ = writeln!(text, "  {}  CAT {:<3}  {}", rule.id, rule.cat, outcome.replace('\n', " "));
    }
}
