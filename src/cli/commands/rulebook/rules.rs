//! `mke-stig rules`

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::json;

use crate::assess::run_cases;
use crate::cli::commands::rulebook::explain::{explain, find};
use crate::cli::exit::Exit;
use crate::cli::options::read::tell_problems;
use crate::cli::output::Out;
use crate::rules::{Cases, Pack, Rule, cases_schema, rule_schema};

/// List, show and check rules.
#[derive(Debug, Subcommand)]
pub(crate) enum Rules {
    /// List the rules and how each is decided.
    List(List),
    /// Show a rule.
    Show(Show),
    /// Check a folder of rules and run their cases.
    Check(Check),
    /// Print the JSON Schema of a rule file, for editors.
    Schema(Schema),
}

/// Print the JSON Schema of a rule file, for editors.
#[derive(Debug, Args)]
pub(crate) struct Schema {
    /// Print that of a file with cases.
    #[arg(long)]
    cases: bool,
}

/// List the rules and how each is decided.
#[derive(Debug, Args)]
pub(crate) struct List {
    /// Print JSON: id, cat, title, `decided_by` and kinds.
    #[arg(long)]
    json: bool,
    /// Print a Markdown table.
    #[arg(long, conflicts_with = "json")]
    markdown: bool,
    /// Folders with rules of your own.
    #[arg(long, value_name = "DIR")]
    rules: Vec<PathBuf>,
}

/// Show a rule.
#[derive(Debug, Args)]
pub(crate) struct Show {
    /// The rule's id, such as V-260930.
    id: String,
}

/// Check a folder of rules and run their cases.
#[derive(Debug, Args)]
pub(crate) struct Check {
    /// The folder.
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

impl Rules {
    pub(crate) fn run(&self, out: &mut Out) -> anyhow::Result<Exit> {
        match self {
            Self::List(list) => list.run(out),
            Self::Show(show) => {
                out.data(&explain(&find(&show.id)?))?;
                Ok(Exit::Done)
            }
            Self::Check(check) => check.run(out),
            Self::Schema(schema) => {
                let schema = if schema.cases { cases_schema() } else { rule_schema() };
                out.json(&schema)?;
                Ok(Exit::Done)
            }
        }
    }
}

impl List {
    fn run(&self, out: &mut Out) -> anyhow::Result<Exit> {
        let mut rules: Vec<Rule> = Pack::embedded().rules;
        for folder in &self.rules {
            let pack = Pack::read(folder)?;
            tell_problems(&pack.problems, &pack.texts, out);
            rules.extend(pack.rules);
        }
        if self.json {
            let list: Vec<_> = rules
                .iter()
                .map(|rule| {
                    let kinds: Vec<&str> = rule.kinds().into_iter().map(crate::layout::Kind::name).collect();
                    json!({
                        "id": rule.id,
                        "cat": rule.severity.cat(),
                        "title": rule.texts.title,
                        "decided_by": rule.decided_by(),
                        "kinds": kinds,
                    })
                })
                .collect();
            out.json(&list)?;
            return Ok(Exit::Done);
        }
        let mut text = String::new();
        if self.markdown {
            text.push_str("| rule | CAT | decided by | reads | requirement |\n|---|---|---|---|---|\n");
            for rule in &rules {
                let kinds: Vec<String> = rule.kinds().iter().map(|kind| format!("`{kind}`")).collect();
                let (cat, by) = (rule.severity.cat(), rule.decided_by());
                let _ = writeln!(text, "| {} | {cat} | {by} | {} | {} |", rule.id, kinds.join(" "), rule.texts.title);
            }
            out.data(&text)?;
            return Ok(Exit::Done);
        }
        for rule in &rules {
            let _ = writeln!(
                text,
                "{:<9} CAT {:<3} {:<8} {}",
                rule.id,
                rule.severity.cat(),
                rule.decided_by(),
                rule.texts.title
            );
        }
        out.data(&text)?;
        Ok(Exit::Done)
    }
}

impl Check {
    fn run(&self, out: &mut Out) -> anyhow::Result<Exit> {
        let pack = Pack::read(&self.folder)?;
        tell_problems(&pack.problems, &pack.texts, out);
        let cases = Cases::read(&self.folder)?;
        tell_problems(&cases.problems, &cases.texts, out);
        let run = run_cases(&pack, &cases);
        for failure in &run.failures {
            out.note(&format!("{}: case \"{}\" {}", failure.rule, failure.case, failure.message));
        }
        let rules = pack.rules.len();
        let problems = pack.problems.len() + cases.problems.len();
        let (written, derived, failed) = (run.written, run.derived, run.failures.len());
        out.data(&format!(
            "{rules} rules, {problems} problems; {written} cases and {derived} derived ones, {failed} failed"
        ))?;
        Ok(if problems == 0 && failed == 0 { Exit::Done } else { Exit::Trouble })
    }
}
