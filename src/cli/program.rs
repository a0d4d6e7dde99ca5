//! The program: its subcommands and its exit codes.

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

use crate::cli::commands::assess::{analyze, demo, fix, inspect, report};
use crate::cli::commands::decide::{answers, ssp};
use crate::cli::commands::keep::{redact, replay, seal, verify};
use crate::cli::commands::rulebook::{explain, rules};
use crate::cli::commands::setup::{collector, completions};
use crate::cli::exit::Exit;
use crate::cli::output::{Out, broken_pipe};

/// Judges a snapshot of a Mirantis Kubernetes Engine 3.x cluster against the DISA STIG, offline.
#[derive(Debug, Parser)]
#[command(name = "mke-stig", version, propagate_version = true, max_term_width = 100)]
#[command(after_help = "Exit codes: 0 done, 1 what --fail-on names is there, 2 it could not be completed.")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Assess the sample snapshot that is built in.
    Demo(demo::Demo),
    /// Assess snapshots, or outputs of docker and kubectl.
    Analyze(analyze::Analyze),
    /// Write reports again from a saved assessment.json.
    Report(report::Report),
    /// Write how the findings of a snapshot are fixed: a plan, and a script for each place. Nothing is executed.
    Fix(fix::FixCommand),
    /// Show what is in the inputs: nodes, coverage, integrity; no verdicts.
    Inspect(inspect::Inspect),
    /// Check snapshots, evidence folders and evidence archives against their own lists of digests.
    Verify(verify::Verify),
    /// Make one archive of an assessment and of all that it was made from.
    Seal(seal::Seal),
    /// Assess again from an evidence archive, and say whether all of it is the same.
    Replay(replay::Replay),
    /// Write a snapshot again with names of hosts, people, addresses, images and namespaces replaced.
    Redact(redact::Redact),
    /// Draft and check what people decide.
    #[command(subcommand)]
    Answers(answers::AnswersCommand),
    /// Draft and check the machine-readable part of the System Security Plan.
    #[command(subcommand)]
    Ssp(ssp::SspCommand),
    /// List, show and check rules.
    #[command(subcommand)]
    Rules(rules::Rules),
    /// Explain a rule: what it asks, why, how it is decided and fixed.
    Explain(explain::Explain),
    /// Write the collector's scripts into a folder.
    Collector(collector::Collector),
    /// Print shell completions.
    Completions(completions::Completions),
    /// Write manual pages into a folder.
    Man(completions::Man),
}

/// Runs the program with the process's arguments.
#[must_use]
pub fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let trouble = error.use_stderr();
            Out::new().usage(&error);
            return if trouble { Exit::Trouble } else { Exit::Done }.into();
        }
    };
    let mut out = Out::new();
    let outcome = match cli.command {
        Command::Demo(command) => command.run(&mut out),
        Command::Analyze(command) => command.run(&mut out),
        Command::Report(command) => command.run(&mut out),
        Command::Fix(command) => command.run(&mut out),
        Command::Inspect(command) => command.run(&mut out),
        Command::Verify(command) => command.run(&mut out),
        Command::Seal(command) => command.run(&mut out),
        Command::Replay(command) => command.run(&mut out),
        Command::Redact(command) => command.run(&mut out),
        Command::Answers(command) => command.run(&mut out),
        Command::Ssp(command) => command.run(&mut out),
        Command::Rules(command) => command.run(&mut out),
        Command::Explain(command) => command.run(&mut out),
        Command::Collector(command) => command.run(&mut out),
        Command::Completions(command) => command.run(&mut Cli::command(), &mut out),
        Command::Man(command) => command.run(Cli::command(), &mut out),
    };
    match outcome {
        Ok(exit) => exit.into(),
        // Quietly, since nobody reads, but never as done: what was not read may have been a finding.
        Err(error) if broken_pipe(&error) => Exit::Trouble.into(),
        Err(error) => {
            out.error(&error);
            Exit::Trouble.into()
        }
    }
}
