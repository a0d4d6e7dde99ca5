//! `mke-stig answers import`

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Args;

use crate::answers::{AnswerStatus, Answers, Imported, import};
use crate::cli::exit::Exit;
use crate::cli::new_file::write_new;
use crate::cli::options::read::read_packs;
use crate::cli::output::Out;
use crate::intake::MAX_FILE;
use crate::model::digest::Digest;

/// Carry reviews of a checklist (CKL, CKLB) or of an Evaluate-STIG answer file into a file of answers.
///
/// What is carried decides nothing until a person completes it. Code in an answer file is never run.
#[derive(Debug, Args)]
pub(crate) struct Import {
    /// The checklist (.ckl, .cklb) or the answer file (.xml); recognized by content.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Where to write the answers, a file that is not there yet; without it they are printed.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Folders with rules of your own, beside the STIG's.
    #[arg(long, value_name = "DIR")]
    rules: Vec<PathBuf>,
    /// Key of an answer file whose answers go before those of DEFAULT.
    #[arg(long, value_name = "NAME")]
    answer_key: Option<String>,
}

impl Import {
    pub(crate) fn run(&self, out: &mut Out) -> anyhow::Result<Exit> {
        let packs = read_packs(&self.rules, out)?;
        let bytes = read(&self.file)?;
        let sha256 = Digest::of(&bytes).to_string();
        let name = self.file.file_name().unwrap_or(self.file.as_os_str()).to_string_lossy();
        let imported = match import(&name, bytes, &packs, self.answer_key.as_deref()) {
            Ok(imported) => imported,
            Err(problem) => bail!("{}", problem.line()),
        };
        for problem in &imported.problems {
            out.note(&format!("warning: {}", problem.line()));
        }
        let yaml = imported.yaml(&sha256);
        // What is written must be a file that the program takes.
        if let Err(problems) = Answers::parse("answers.yaml", &yaml) {
            let lines: Vec<String> = problems.iter().take(5).map(|problem| format!("\n  {}", problem.line())).collect();
            bail!("the answers of `{name}` cannot be put into a file of answers:{}", lines.concat());
        }
        match &self.output {
            Some(path) => write_new(path, &yaml)?,
            None => out.data(&yaml)?,
        }
        out.note(&told(&imported));
        Ok(Exit::Done)
    }
}

fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    let failed = || format!("cannot read `{}`", path.display());
    let mut bytes = Vec::new();
    let file = File::open(path).with_context(failed)?;
    file.take(MAX_FILE + 1).read_to_end(&mut bytes).with_context(failed)?;
    if bytes.len() as u64 > MAX_FILE {
        bail!("`{}` has more than {} MiB: too large for a checklist of a cluster", path.display(), MAX_FILE >> 20);
    }
    Ok(bytes)
}

fn told(imported: &Imported) -> String {
    let entries = &imported.entries;
    let undecided = entries.iter().filter(|entry| entry.status == AnswerStatus::Undecided).count();
    let again = entries.iter().filter(|entry| entry.re_review.is_some()).count();
    format!(
        "{} answers from {}, {undecided} of them to be completed, {again} to be reviewed again; {} rules not reviewed in it; {} warnings",
        entries.len(),
        imported.form,
        imported.not_reviewed.len(),
        imported.problems.len()
    )
}
