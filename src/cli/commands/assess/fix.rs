//! `mke-stig fix`

use std::path::PathBuf;

use clap::Args;

use crate::cli::exit::Exit;
use crate::cli::interrupt::Held;
use crate::cli::options::assess::AssessArgs;
use crate::cli::output::Out;
use crate::model::assessment::{Assessment, Status};
use crate::model::{display, labels};
use crate::report::{Choices, Format, write_unless};

/// Write how the findings of a snapshot are fixed: a plan, and a script for each place. Nothing is executed.
#[derive(Debug, Args)]
pub(crate) struct FixCommand {
    /// Snapshots, or folders and files with outputs of docker and kubectl, as for `analyze`.
    #[arg(required = true, value_name = "INPUT")]
    inputs: Vec<PathBuf>,
    /// Folder in which the folder `fix` is written.
    #[arg(short, long, value_name = "DIR", default_value = "mke-stig-report")]
    output: PathBuf,
    #[command(flatten)]
    assess: AssessArgs,
    /// Print nothing but errors.
    #[arg(short, long)]
    quiet: bool,
}

impl FixCommand {
    pub(crate) fn run(&self, out: &mut Out) -> anyhow::Result<Exit> {
        // A plan names everything that fails and was kept.
        let assessment = self.assess.assess(&self.inputs, self.quiet, |options| options.evidence_limit = 0, out)?;
        let signals = Held::back();
        let written =
            write_unless(&|| signals.pending(), &assessment, &self.output, &[Format::Fix], &Choices::default());
        drop(signals);
        let written = written?;
        if !self.quiet {
            out.data(&said(&assessment, &written))?;
        }
        Ok(Exit::Done)
    }
}

/// What was written, and where to begin.
fn said(assessment: &Assessment, written: &[PathBuf]) -> String {
    let open = assessment.rules.iter().filter(|rule| rule.status == Status::Open).count() as u64;
    let rules = labels::plural(open, "rule is", "rules are");
    let mut text = format!("{open} {rules} open. Nothing was executed.\n");
    if let Some(plan) = written.first() {
        text.push_str(&format!("\nBegin with\n  {}\n", display::escaped(&plan.to_string_lossy())));
    }
    text
}
