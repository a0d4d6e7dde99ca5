//! `mke-stig answers`

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::answers::{AnswerStatus, Answers, draft, review};
use crate::assess::assess;
use crate::cli::commands::decide::import::Import;
use crate::cli::exit::Exit;
use crate::cli::options::assess::AssessArgs;
use crate::cli::options::read::{from_the_future, read_answers, sources};
use crate::cli::output::Out;

/// Draft and check what people decide.
#[derive(Debug, Subcommand)]
pub(crate) enum AnswersCommand {
    /// Print a file of answers to be filled in: every rule that is not reviewed, with what to look at.
    Draft(Draft),
    /// Check a file of answers; with inputs, also against what is in them.
    Check(Check),
    /// Carry reviews of a checklist (CKL, CKLB) or of an Evaluate-STIG answer file into a file of answers.
    Import(Import),
}

/// Print a file of answers to be filled in: every rule that is not reviewed, with what to look at.
#[derive(Debug, Args)]
pub(crate) struct Draft {
    /// Snapshots, or folders and files with outputs of docker and kubectl.
    #[arg(required = true, value_name = "INPUT")]
    inputs: Vec<PathBuf>,
    #[command(flatten)]
    assess: AssessArgs,
}

/// Check a file of answers; with inputs, also against what is in them.
#[derive(Debug, Args)]
pub(crate) struct Check {
    /// The file of answers.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Snapshots that the answers are about.
    #[arg(value_name = "INPUT")]
    inputs: Vec<PathBuf>,
    #[command(flatten)]
    assess: AssessArgs,
}

impl AnswersCommand {
    pub(crate) fn run(&self, out: &mut Out) -> anyhow::Result<Exit> {
        match self {
            Self::Draft(draft) => draft.run(out),
            Self::Check(check) => check.run(out),
            Self::Import(import) => import.run(out),
        }
    }
}

impl Draft {
    fn run(&self, out: &mut Out) -> anyhow::Result<Exit> {
        let packs = self.assess.packs(out)?;
        let options = self.assess.options(&packs, out)?;
        let assessment = assess(&sources(&self.inputs), &packs, &options)?;
        out.data(&draft(&assessment))?;
        Ok(Exit::Done)
    }
}

impl Check {
    /// Ends with [`Exit::Trouble`] where an answer is not what it should be.
    fn run(&self, out: &mut Out) -> anyhow::Result<Exit> {
        let answers = read_answers(&self.file, out)?;
        let text = std::fs::read_to_string(&self.file)?;
        let future = from_the_future(&answers).len();
        if self.inputs.is_empty() {
            return tell(&answers, future, out);
        }
        let packs = self.assess.packs(out)?;
        let mut options = self.assess.options(&packs, out)?;
        options.answers.add(answers.clone());
        // An answer may speak of a line that a report would leave out.
        options.evidence_limit = 0;
        let assessment = assess(&sources(&self.inputs), &packs, &options)?;
        let problems = review(&answers, &assessment);
        for problem in &problems {
            out.problem(problem, &text);
        }
        tell(&answers, future + problems.len(), out)
    }
}

fn tell(answers: &Answers, problems: usize, out: &mut Out) -> anyhow::Result<Exit> {
    let all = answers.answers.len();
    let undecided = answers.answers.iter().filter(|answer| answer.status == AnswerStatus::Undecided).count();
    out.data(&format!("{all} answers, {undecided} of them undecided; {problems} problems"))?;
    Ok(if problems == 0 { Exit::Done } else { Exit::Trouble })
}
