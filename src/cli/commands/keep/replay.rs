//! `mke-stig replay`

use std::fmt::Write as _;
use std::io::{self, Read, Write as _};
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, bail, ensure};
use clap::Args;
use serde::Serialize;

use crate::archive::Budget;
use crate::cli::commands::keep::again::{Again, Effort, again, record};
use crate::cli::commands::keep::verify::found;
use crate::cli::exit::Exit;
use crate::cli::new_file::{draft, persist};
use crate::cli::options::limits;
use crate::cli::options::limits::LimitArgs;
use crate::cli::output::Out;
use crate::cli::progress::Progress;
use crate::evidence;
use crate::evidence::sealed::Sealed;
use crate::evidence::{Checked, Status};
use crate::facts::Bounds;
use crate::model::digest::Algorithm;
use crate::model::display::escaped;
use crate::model::limits as bounds;

/// Bytes of a manifest.
const MANIFEST: u64 = bounds::DIGEST_LIST;
/// Problems that are named of an archive that is not replayed.
const PROBLEMS: usize = 10;

/// Assess again from an evidence archive, and say whether all of it is the same.
///
/// The archive is verified first. Then its inputs are assessed with its rule packs, SSP, answers and options, and the result
/// is compared with the assessment.json in it.
#[derive(Debug, Args)]
#[command(after_help = "Exit codes: 0 everything is the same, 1 something differs or the archive is not whole, \
    2 it could not be replayed.")]
pub(crate) struct Replay {
    /// The evidence archive.
    #[arg(value_name = "ARCHIVE")]
    archive: PathBuf,
    /// Write this member to standard output, or to -o, and do nothing else; only what holds it is decoded.
    #[arg(long, value_name = "MEMBER")]
    extract: Option<String>,
    /// File for the extracted member.
    #[arg(short, long, value_name = "FILE", requires = "extract")]
    output: Option<PathBuf>,
    /// Print JSON.
    #[arg(long, conflicts_with = "extract")]
    json: bool,
    /// Threads that parse and judge; as many as there are cores without it.
    #[arg(short, long, value_name = "N", value_parser = limits::jobs)]
    jobs: Option<std::num::NonZero<usize>>,
    #[command(flatten)]
    limits: LimitArgs,
}

/// What `--json` prints.
#[derive(Serialize)]
struct Replayed<'a> {
    schema: &'static str,
    archive: &'a Checked,
    /// None if it was not assessed again, because the archive is not whole.
    same: Option<bool>,
    verdicts: usize,
    differences: &'a [String],
    causes: &'a [String],
}

impl Replay {
    pub(crate) fn run(&self, out: &mut Out) -> anyhow::Result<Exit> {
        if let Some(member) = &self.extract {
            return self.extract(member, out);
        }
        let read = Arc::default();
        let progress = Progress::of(&read);
        let verified = evidence::verify(&[&self.archive], &Budget::shown(self.limits.archive(), Arc::clone(&read)));
        let Some(checked) = verified.inputs.first() else { bail!("nothing was given") };
        // What a sealed snapshot itself lacks was so when it was assessed.
        let whole = checked.archive && checked.problem_count == checked.problems_inside && checked.agree > 0;
        if !whole && checked.status == Status::NotChecked {
            let why = checked.not_checked.first().map_or("it could not be checked", String::as_str);
            bail!("cannot replay `{}`: {why}", self.archive.display());
        }
        if !checked.archive && !checked.lists.is_empty() {
            bail!("`{}` is not an evidence archive, which `mke-stig seal` makes", self.archive.display());
        }
        if !whole {
            drop(progress);
            self.tell(checked, None, out)?;
            return Ok(Exit::Differs);
        }
        let sealed = Sealed::open(&self.archive)?;
        let record = record(&sealed)?;
        let jobs = self.jobs.map_or(Bounds::default().jobs, std::num::NonZero::get);
        let again = again(&sealed, &record, Effort { jobs, progress: read })?;
        drop(progress);
        self.tell(checked, Some(&again), out)?;
        Ok(if again.same { Exit::Done } else { Exit::Differs })
    }

    fn tell(&self, checked: &Checked, again: Option<&Again>, out: &mut Out) -> anyhow::Result<()> {
        if self.json {
            return out.json(&Replayed {
                schema: "mke-stig.replay/1",
                archive: checked,
                same: again.map(|again| again.same),
                verdicts: again.map_or(0, |again| again.verdicts),
                differences: again.map_or(&[], |again| &again.differences),
                causes: again.map_or(&[], |again| &again.causes),
            });
        }
        let name = escaped(&checked.input);
        let mut text = String::new();
        let _ = match again {
            None => writeln!(text, "{name}: NOT WHOLE, so it was not replayed"),
            Some(again) if again.same => writeln!(
                text,
                "{name}: the same; assessing the sealed inputs again gives all {} verdicts and every byte of assessment.json",
                again.verdicts
            ),
            Some(_) => {
                writeln!(text, "{name}: NOT THE SAME; assessing the sealed inputs again gives another assessment.json")
            }
        };
        if again.is_none() {
            found(&checked.problems, ("  ", PROBLEMS), checked.problem_count, &mut text);
        }
        if let Some(again) = again {
            for line in &again.differences {
                let _ = writeln!(text, "  {}", escaped(line));
            }
            for line in &again.causes {
                let _ = writeln!(text, "  possible cause: {}", escaped(line));
            }
        }
        Ok(out.data(&text)?)
    }

    /// Writes a member, once its digest was found to be the manifest's.
    fn extract(&self, name: &str, out: &mut Out) -> anyhow::Result<Exit> {
        let sealed = Sealed::open(&self.archive)?;
        let mut member = sealed.member(name)?;
        self.check(&sealed, name)?;
        match &self.output {
            None => {
                let mut stdout = io::stdout().lock();
                io::copy(&mut member, &mut stdout)?;
                stdout.flush()?;
            }
            Some(path) => {
                let failed = || format!("cannot write `{}`", path.display());
                let mut file = draft(path).with_context(failed)?;
                io::copy(&mut member, &mut file).with_context(failed)?;
                persist(file, path).with_context(failed)?;
                out.note(&format!("{} written", path.display()));
            }
        }
        Ok(Exit::Done)
    }

    fn check(&self, sealed: &Sealed, name: &str) -> anyhow::Result<()> {
        let lists = [Algorithm::Sha256, Algorithm::Sha384];
        let found = lists.iter().find_map(|algorithm| {
            let list = format!("MANIFEST.{}", algorithm.name());
            Some((*algorithm, list.clone(), sealed.bytes(&list, MANIFEST).ok()?))
        });
        let Some((algorithm, list, text)) = found else {
            bail!("`{}` has no MANIFEST.sha256, so it is not an evidence archive", self.archive.display())
        };
        if name == list || evidence::sealed::OF_MANIFEST.contains(&name) {
            return Ok(());
        }
        let wanted = evidence::listed(&text, algorithm, name);
        let Some(wanted) = wanted else { bail!("{list} does not name `{name}`; verify the archive") };
        let digest = algorithm.of_reader(&mut sealed.member(name)? as &mut dyn Read)?;
        ensure!(digest == wanted, "`{name}` is not what {list} says: its digest is {digest}; nothing was written");
        Ok(())
    }
}
