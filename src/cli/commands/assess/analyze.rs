//! `mke-stig analyze`

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::cli::commands::assess::summary::print_summary;
use crate::cli::exit::Exit;
use crate::cli::options::assess::AssessArgs;
use crate::cli::options::output::OutputArgs;
use crate::cli::output::Out;
use crate::model::assessment::{Assessment, Status};
use crate::model::severity::Cat;

/// Assess snapshots, or outputs of docker and kubectl.
#[derive(Debug, Args)]
pub(crate) struct Analyze {
    /// Snapshots (folder, .tar, .tar.gz, .tar.zst, .zip), or folders and files with outputs of docker
    /// and kubectl. Several are one cluster.
    #[arg(required = true, value_name = "INPUT")]
    inputs: Vec<PathBuf>,
    #[command(flatten)]
    output: OutputArgs,
    #[command(flatten)]
    assess: AssessArgs,
    /// End with exit code 1 when this is there; may be given several times.
    #[arg(long, value_name = "WHAT", value_delimiter = ',')]
    fail_on: Vec<FailOn>,
    /// Print nothing but errors.
    #[arg(short, long)]
    quiet: bool,
}

/// What ends the program with exit code 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FailOn {
    /// An open CAT I.
    Cat1,
    /// An open CAT I or II.
    Cat2,
    /// Anything open.
    Cat3,
    /// Anything not reviewed.
    NotReviewed,
}

impl FailOn {
    fn trips(self, assessment: &Assessment) -> bool {
        let open = |least: Cat| assessment.rules.iter().any(|rule| rule.status == Status::Open && rule.cat <= least);
        match self {
            Self::Cat1 => open(Cat::I),
            Self::Cat2 => open(Cat::II),
            Self::Cat3 => open(Cat::III),
            Self::NotReviewed => assessment.rules.iter().any(|rule| rule.status == Status::NotReviewed),
        }
    }
}

impl Analyze {
    pub(crate) fn run(&self, out: &mut Out) -> anyhow::Result<Exit> {
        let formats = self.output.formats()?;
        let mut assessment = self.assess.assess(&self.inputs, self.quiet, |_| {}, out)?;
        let written = self.output.write(&mut assessment, &formats)?;
        if !self.quiet {
            print_summary(&assessment, &written, out)?;
        }
        let tripped = self.fail_on.iter().any(|what| what.trips(&assessment));
        Ok(if tripped { Exit::FailOn } else { Exit::Done })
    }
}
