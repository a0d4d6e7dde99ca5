//! `mke-stig ssp`

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::assess::{draft_ssp, review_ssp};
use crate::cli::exit::Exit;
use crate::cli::new_file::write_new;
use crate::cli::options::assess::AssessArgs;
use crate::cli::options::read::{read_ssp, sources};
use crate::cli::output::Out;
use crate::model::date::{Day, Timestamp};
use crate::ssp::Amiss;

/// Draft and check the machine-readable part of the System Security Plan.
#[derive(Debug, Subcommand)]
pub(crate) enum SspCommand {
    /// Write an ssp.yaml from what is there; nothing in it is approved, so that it decides nothing.
    Draft(Draft),
    /// Check an ssp.yaml: what is not approved, has expired or stands twice; with inputs, also what they do not need.
    Check(Check),
}

/// Write an ssp.yaml from what is there; nothing in it is approved, so that it decides nothing.
#[derive(Debug, Args)]
pub(crate) struct Draft {
    /// Snapshots, or folders and files with outputs of docker and kubectl.
    #[arg(required = true, value_name = "INPUT")]
    inputs: Vec<PathBuf>,
    /// Write to this file; without it, print. A file that is there is not overwritten.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    day: DayArg,
    #[command(flatten)]
    assess: AssessArgs,
}

/// Check an ssp.yaml: what is not approved, has expired or stands twice; with inputs, also what they do not need.
#[derive(Debug, Args)]
pub(crate) struct Check {
    /// The file.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Snapshots that it is about.
    #[arg(value_name = "INPUT")]
    inputs: Vec<PathBuf>,
    #[command(flatten)]
    day: DayArg,
    #[command(flatten)]
    assess: AssessArgs,
}

/// The day on which entries must hold.
#[derive(Debug, Args)]
struct DayArg {
    /// Day on which entries must hold, where the inputs do not say of what day they are (2026-11-20);
    /// without it, that of `SOURCE_DATE_EPOCH`.
    #[arg(long, value_name = "DAY", value_parser = day)]
    day: Option<String>,
}

fn day(text: &str) -> Result<String, String> {
    if Day::parse(text).is_some() { Ok(text.to_owned()) } else { Err("write it as 2026-11-20".to_owned()) }
}

impl DayArg {
    fn day(&self) -> Option<String> {
        let epoch = || {
            let seconds = std::env::var("SOURCE_DATE_EPOCH").ok()?.trim().parse().ok()?;
            Timestamp::from_seconds(seconds)?.day().map(|day| day.to_string())
        };
        self.day.clone().or_else(epoch)
    }
}

impl SspCommand {
    pub(crate) fn run(&self, out: &mut Out) -> anyhow::Result<Exit> {
        match self {
            Self::Draft(draft) => draft.run(out),
            Self::Check(check) => check.run(out),
        }
    }
}

impl Draft {
    fn run(&self, out: &mut Out) -> anyhow::Result<Exit> {
        let packs = self.assess.packs(out)?;
        let mut options = self.assess.options(&packs, out)?;
        options.day = self.day.day();
        let text = draft_ssp(&sources(&self.inputs), &packs, &options)?;
        match &self.output {
            None => out.data(&text)?,
            Some(path) => {
                write_new(path, &text)?;
                out.data(&format!("{}: {} entries, none approved", path.display(), entries(&text)))?;
            }
        }
        Ok(Exit::Done)
    }
}

/// Entries of a draft: each has its own line.
fn entries(draft: &str) -> usize {
    draft.lines().filter(|line| line.trim() == "approved: false").count()
}

impl Check {
    /// Ends with [`Exit::Trouble`] where an entry is not what it should be.
    fn run(&self, out: &mut Out) -> anyhow::Result<Exit> {
        let (ssp, text) = read_ssp(&self.file, out)?;
        let day = self.day.day();
        let all = ssp.entries.len();
        let problems = if self.inputs.is_empty() {
            if day.is_none() {
                out.note("No date is known, so expiry was not checked: give inputs, --day or SOURCE_DATE_EPOCH.");
            }
            ssp.review(day.as_deref(), None, &[Amiss::Unapproved, Amiss::Expired, Amiss::Endless, Amiss::Twin])
        } else {
            let packs = self.assess.packs(out)?;
            let mut options = self.assess.options(&packs, out)?;
            options.ssp = ssp;
            options.day = day;
            review_ssp(&sources(&self.inputs), &packs, &options)?
        };
        for problem in &problems {
            out.problem(problem, &text);
        }
        out.data(&format!("{all} entries; {} problems", problems.len()))?;
        Ok(if problems.is_empty() { Exit::Done } else { Exit::Trouble })
    }
}
