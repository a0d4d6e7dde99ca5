//! What is assessed, by what, within which bounds.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::answers::Answers;
use crate::assess::{Options, assess};
use crate::cli::options::limits;
use crate::cli::options::limits::LimitArgs;
use crate::cli::options::read::{read_answers, read_benchmark, read_packs, read_ssp, sources};
use crate::cli::output::Out;
use crate::cli::progress::Progress;
use crate::facts::Bounds;
use crate::model::assessment::Assessment;
use crate::rules::{Pack, Wording};
use crate::ssp::Ssp;

/// What is judged, and by what.
#[derive(Debug, Args)]
pub(crate) struct AssessArgs {
    /// The site's System Security Plan as ssp.yaml.
    #[arg(long, value_name = "FILE")]
    pub(crate) ssp: Option<PathBuf>,
    /// DISA's benchmark: the …_Manual-xccdf.xml, or the zip or the zip of zips that holds it. Its ids
    /// and texts go into the reports.
    #[arg(long, value_name = "FILE")]
    pub(crate) benchmark: Option<PathBuf>,
    /// What people decided, as answers.yaml; may be given several times.
    #[arg(long, value_name = "FILE")]
    pub(crate) answers: Vec<PathBuf>,
    /// Folders with rules of your own, beside the STIG's.
    #[arg(long, value_name = "DIR")]
    pub(crate) rules: Vec<PathBuf>,
    /// Only these rules, separated by commas.
    #[arg(long, value_name = "IDS", value_delimiter = ',')]
    pub(crate) only: Vec<String>,
    #[command(flatten)]
    pub(crate) reading: ReadingArg,
    /// Marking of all reports, such as CUI.
    #[arg(long, value_name = "TEXT")]
    pub(crate) marking: Option<String>,
    /// Evidence lines of one rule in the reports; 0 for all that are kept.
    #[arg(long, value_name = "N", default_value_t = 200)]
    pub(crate) evidence_limit: usize,
    /// Threads that parse and judge; as many as there are cores without it.
    #[arg(short, long, value_name = "N", value_parser = limits::jobs)]
    pub(crate) jobs: Option<std::num::NonZero<usize>>,
    #[command(flatten)]
    pub(crate) limits: LimitArgs,
}

/// Which reading of ambiguous rules decides.
#[derive(Debug, Args)]
pub(crate) struct ReadingArg {
    /// Where a rule's text says something else than what is meant, which of the two decides; the
    /// evidence shows both.
    #[arg(long, value_enum, value_name = "READING", default_value_t = Reading::Intended)]
    reading: Reading,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Reading {
    /// What is meant.
    Intended,
    /// What the text says by the letter.
    Literal,
}

impl ReadingArg {
    pub(crate) fn wording(&self) -> Wording {
        match self.reading {
            Reading::Intended => Wording::Intended,
            Reading::Literal => Wording::Literal,
        }
    }
}

impl AssessArgs {
    /// The STIG's pack and the user's, with every problem told.
    pub(crate) fn packs(&self, out: &mut Out) -> anyhow::Result<Vec<Pack>> {
        read_packs(&self.rules, out)
    }

    /// Assesses inputs, with what a command sets of the options itself; shows the progress unless `quiet`.
    pub(crate) fn assess(
        &self,
        inputs: &[PathBuf],
        quiet: bool,
        set: impl FnOnce(&mut Options),
        out: &mut Out,
    ) -> anyhow::Result<Assessment> {
        let packs = self.packs(out)?;
        let mut options = self.options(&packs, out)?;
        set(&mut options);
        let progress = (!quiet).then(|| Progress::of(&options.bounds.progress));
        let assessed = assess(&sources(inputs), &packs, &options);
        drop(progress);
        Ok(assessed?)
    }

    /// How to assess.
    pub(crate) fn options(&self, packs: &[Pack], out: &mut Out) -> anyhow::Result<Options> {
        let ssp = match &self.ssp {
            None => Ssp::default(),
            Some(path) => read_ssp(path, out)?.0,
        };
        let mut answers = Answers::default();
        for path in &self.answers {
            answers.add(read_answers(path, out)?);
        }
        let archive = self.limits.archive();
        let benchmark = read_benchmark(self.benchmark.as_deref(), &archive, packs)?;
        let jobs = self.jobs.map_or(Bounds::default().jobs, std::num::NonZero::get);
        Ok(Options {
            bounds: Bounds { archive, max_object_bytes: self.limits.max_object_bytes(), jobs, ..Bounds::default() },
            ssp,
            benchmark,
            answers,
            marking: self.marking.clone(),
            evidence_limit: self.evidence_limit,
            only: self.only.clone(),
            reading: self.reading.wording(),
            day: None,
        })
    }
}
