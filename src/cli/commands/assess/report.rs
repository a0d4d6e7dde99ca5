//! `mke-stig report`

use std::path::PathBuf;

use anyhow::Context;
use clap::Args;

use crate::cli::commands::assess::summary::print_summary;
use crate::cli::exit::Exit;
use crate::cli::options::output::OutputArgs;
use crate::cli::output::Out;
use crate::model::limits;
use crate::report::parse;

/// Bytes of an assessment that is read again.
const LIMIT: u64 = limits::ASSESSMENT;

/// Write reports again from a saved assessment.json.
#[derive(Debug, Args)]
pub(crate) struct Report {
    /// The assessment.json of an earlier run.
    #[arg(value_name = "ASSESSMENT")]
    assessment: PathBuf,
    #[command(flatten)]
    output: OutputArgs,
    /// Marking of all reports, such as CUI, in place of the assessment's.
    #[arg(long, value_name = "TEXT")]
    marking: Option<String>,
    /// Print nothing but errors.
    #[arg(short, long)]
    quiet: bool,
}

impl Report {
    pub(crate) fn run(&self, out: &mut Out) -> anyhow::Result<Exit> {
        let formats = self.output.formats()?;
        let name = self.assessment.display();
        let size = std::fs::metadata(&self.assessment).with_context(|| format!("cannot read `{name}`"))?.len();
        anyhow::ensure!(size <= LIMIT, "`{name}` has {size} bytes; an assessment has at most {LIMIT}");
        let text = std::fs::read(&self.assessment).with_context(|| format!("cannot read `{name}`"))?;
        let mut assessment = parse(&text).with_context(|| format!("cannot use `{name}`"))?;
        if self.marking.is_some() {
            assessment.marking.clone_from(&self.marking);
        }
        let written = self.output.write(&mut assessment, &formats)?;
        if !self.quiet {
            print_summary(&assessment, &written, out)?;
        }
        Ok(Exit::Done)
    }
}
