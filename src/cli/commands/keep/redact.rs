//! `mke-stig redact`

use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
#[cfg(unix)]
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail, ensure};
use clap::Args;

use crate::assess::{Options, assess};
use crate::cli::exit::Exit;
use crate::cli::interrupt::Held;
use crate::cli::new_file::{draft, persist};
use crate::cli::options::limits;
use crate::cli::options::limits::LimitArgs;
use crate::cli::output::Out;
use crate::cli::progress::Progress;
use crate::evidence::redact::{Category, MAX_MAP, Names, Redacted, find_names, still_there, without_names, write};
use crate::evidence::sealed::{Record, Sealed};
use crate::facts::{Bounds, Source};
use crate::model::assessment::{Assessment, IntegrityStatus, RuleResult};
use crate::model::digest::{Algorithm, Digest};
use crate::model::display::escaped;
use crate::model::labels;
use crate::model::labels::plural;
use crate::report::base::text::grouped;
use crate::rules::Pack;

/// zstd's level: a snapshot is handed on, so that a smaller file is worth some time.
const LEVEL: i32 = 9;
/// Names and rules that are listed.
const LISTED: usize = 20;

/// Write a snapshot again with names of hosts, people, addresses, images and namespaces replaced.
///
/// Every verdict is kept: both snapshots are assessed without SSP and answers, and nothing is written unless statuses, reasons
/// and counts are equal. The map says what each name became, and is private; given again, further snapshots agree.
#[derive(Debug, Args)]
pub(crate) struct Redact {
    /// The snapshot.
    #[arg(value_name = "SNAPSHOT")]
    input: PathBuf,
    /// The new snapshot, ending in .tar.zst or .tar.
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// What each name becomes; read if it is there, and written with the names that were found.
    #[arg(long, value_name = "FILE")]
    map: PathBuf,
    /// Threads that parse and judge; as many as there are cores without it.
    #[arg(short, long, value_name = "N", value_parser = limits::jobs)]
    jobs: Option<std::num::NonZero<usize>>,
    #[command(flatten)]
    limits: LimitArgs,
}

impl Redact {
    pub(crate) fn run(&self, out: &mut Out) -> anyhow::Result<Exit> {
        self.apart()?;
        let mut names = self.read_map()?;
        let signals = Held::back();
        let limits = &self.limits.archive();
        let digest = find_names(&self.input, limits, &mut names)
            .with_context(|| format!("cannot redact `{}`", self.input.display()))?;
        ensure!(!signals.pending(), "interrupted; nothing was written");
        let failed = || format!("cannot write `{}`", self.output.display());
        let file = draft(&self.output).with_context(failed)?;
        let redacted = self.pack(digest, &names, &file, &signals)?;
        file.as_file().sync_all().with_context(failed)?;
        let still = still_there(file.path(), limits, &names).context("cannot read the redacted snapshot again")?;
        if let Some(first) = still.first() {
            bail!("names of the map are still in {} members, first in `{first}`; nothing was written", still.len());
        }
        let rules = self.compare(file.path(), &names)?;
        ensure!(!signals.pending(), "interrupted; nothing was written");
        self.write_map(&names)?;
        persist(file, &self.output).with_context(failed)?;
        drop(signals);
        self.tell(&names, &redacted, rules, out)
    }

    /// Refuses to write over what is read.
    fn apart(&self) -> anyhow::Result<()> {
        ensure!(
            !Sealed::open(&self.input).is_ok_and(|sealed| sealed.members().any(|(name, _)| name == Record::MEMBER)),
            "`{}` is an evidence archive; take a snapshot out of it with `mke-stig replay --extract` and redact that",
            self.input.display()
        );
        let same =
            |a: &Path, b: &Path| a == b || matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b);
        ensure!(!same(&self.input, &self.output), "the new snapshot would replace the old one; write it elsewhere");
        ensure!(
            !same(&self.map, &self.input) && !same(&self.map, &self.output),
            "the map must be another file than the snapshots"
        );
        let name = self.output.to_string_lossy();
        ensure!(
            name.ends_with(".tar") || name.ends_with(".tar.zst"),
            "`{}` must end in .tar.zst or .tar",
            self.output.display()
        );
        if let Ok(folder) = self.input.canonicalize()
            && folder.is_dir()
        {
            for file in [&self.output, &self.map] {
                let at = file.parent().filter(|at| !at.as_os_str().is_empty()).unwrap_or(Path::new("."));
                let inside = at.canonicalize().is_ok_and(|at| at.starts_with(&folder));
                ensure!(!inside, "`{}` would lie in the snapshot; write it elsewhere", file.display());
            }
        }
        Ok(())
    }

    fn read_map(&self) -> anyhow::Result<Names> {
        let failed = || format!("cannot use the map `{}`", self.map.display());
        let mut text = String::new();
        match File::open(&self.map) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            file => {
                file.and_then(|file| file.take(MAX_MAP + 1).read_to_string(&mut text)).with_context(failed)?;
                ensure!(text.len() as u64 <= MAX_MAP, "the map `{}` is larger than 64 MiB", self.map.display());
            }
        }
        Names::read(&text).with_context(failed)
    }

    fn write_map(&self, names: &Names) -> anyhow::Result<()> {
        let failed = || format!("cannot write the map `{}`", self.map.display());
        let file = draft(&self.map).with_context(failed)?;
        #[cfg(unix)]
        file.as_file().set_permissions(PermissionsExt::from_mode(0o600)).with_context(failed)?;
        file.as_file().write_all(names.write()?.as_bytes()).with_context(failed)?;
        persist(file, &self.map).with_context(failed)?;
        Ok(())
    }

    fn pack(
        &self,
        digest: Digest,
        names: &Names,
        file: &tempfile::NamedTempFile,
        signals: &Held,
    ) -> anyhow::Result<Redacted> {
        let failed = || format!("cannot redact `{}`", self.input.display());
        let out = BufWriter::new(file.as_file());
        let limits = &self.limits.archive();
        if self.output.to_string_lossy().ends_with(".tar") {
            let mut out = out;
            let redacted =
                write((&self.input, digest), limits, names, &mut out, &|| signals.pending()).with_context(failed)?;
            out.flush().with_context(failed)?;
            return Ok(redacted);
        }
        let mut packer = zstd::Encoder::new(out, LEVEL)?;
        packer.include_checksum(true)?;
        let redacted =
            write((&self.input, digest), limits, names, &mut packer, &|| signals.pending()).with_context(failed)?;
        packer.finish().and_then(|mut out| out.flush()).with_context(failed)?;
        Ok(redacted)
    }

    /// Assesses both, and refuses what does not come out the same; returns the number of rules.
    fn compare(&self, new: &Path, names: &Names) -> anyhow::Result<usize> {
        let packs = [Pack::embedded()];
        let jobs = self.jobs.map_or(Bounds::default().jobs, std::num::NonZero::get);
        let assessed = |path: &Path| -> anyhow::Result<Assessment> {
            let bounds = Bounds {
                archive: self.limits.archive(),
                max_object_bytes: self.limits.max_object_bytes(),
                jobs,
                ..Bounds::default()
            };
            let progress = Progress::of(&bounds.progress);
            let assessment =
                assess(&[Source::Path(path.to_owned())], &packs, &Options { bounds, ..Options::default() });
            drop(progress);
            Ok(assessment?)
        };
        let before = assessed(&self.input).context("the snapshot cannot be assessed")?;
        let after = assessed(new).context("the redacted snapshot cannot be assessed")?;
        let reasons = |assessment: &Assessment, replaced| {
            // A reason names the input that it is about, and the two have other names.
            let own = assessment.snapshot.inputs.first().map(|input| format!("{}!", input.name)).unwrap_or_default();
            let texts = assessment.rules.iter().map(|rule| reason(rule).1.replace(&own, ""));
            without_names(texts, names, replaced)
        };
        let (old, new) = (reasons(&before, false), reasons(&after, true));
        let mut differ = Vec::new();
        for (number, (a, b)) in before.rules.iter().zip(&after.rules).enumerate() {
            let counts =
                |rule: &RuleResult| (rule.status, reason(rule).0, rule.checked, rule.failed, rule.evidence.len());
            if counts(a) != counts(b) {
                differ.push(format!("{}: {}", a.id, unlike(a, b)));
            } else if old.get(number) != new.get(number) {
                differ.push(format!("{}: the reason has another text", a.id));
            }
        }
        let same_integrity = before.snapshot.integrity.status == after.snapshot.integrity.status;
        if !same_integrity {
            differ.push("the integrity of the snapshot differs".to_owned());
        }
        if !differ.is_empty() || before.rules.len() != after.rules.len() {
            bail!(
                "without its names this snapshot gives another assessment, so nothing was written. {}\n  {}",
                if before.snapshot.integrity.status == IntegrityStatus::Broken {
                    "The snapshot is not whole: see `mke-stig verify`, and redact a whole one"
                } else {
                    "Names that a rule needs can be kept: list them under `keep` in the map"
                },
                differ.iter().take(LISTED).cloned().collect::<Vec<_>>().join("\n  ")
            );
        }
        Ok(after.rules.len())
    }

    fn tell(&self, names: &Names, redacted: &Redacted, rules: usize, out: &mut Out) -> anyhow::Result<Exit> {
        let mut text = String::new();
        let mut file = File::open(&self.output)?;
        let digest = Algorithm::Sha256.of_reader(&mut file)?;
        let _ = writeln!(text, "{}: redacted; {} files", escaped(&self.output.to_string_lossy()), redacted.members);
        let _ = writeln!(text, "  SHA-256 of the new snapshot: {digest}");
        let _ = writeln!(text, "  all {rules} rules have the same status, reason and counts before and after");
        for category in Category::ALL {
            let times = redacted.counts.get(&category).copied().unwrap_or_default();
            let known = names.count(category) as u64;
            let _ = writeln!(
                text,
                "  {}: {} in the map, replaced {} {}",
                category.name(),
                grouped(known),
                grouped(times),
                plural(times, "time", "times")
            );
        }
        let left = names.left();
        if !left.is_empty() {
            let shown: Vec<String> = left.iter().take(LISTED).map(|name| escaped(name).into_owned()).collect();
            let more = left.len().saturating_sub(LISTED);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            let _ = writeln!(
                text,
                "  not replaced, because they are words of the format or too short: {}{more}",
                shown.join(", ")
            );
        }
        let _ = writeln!(
            text,
            "  the map is {}; keep it private, for it undoes all of this",
            escaped(&self.map.to_string_lossy())
        );
        out.data(&text)?;
        Ok(Exit::Done)
    }
}

fn reason(rule: &RuleResult) -> (Option<crate::model::assessment::ReasonCode>, &str) {
    rule.reason.as_ref().map_or((None, ""), |reason| (Some(reason.code), reason.text.as_str()))
}

fn unlike(before: &RuleResult, after: &RuleResult) -> String {
    let said = |rule: &RuleResult| {
        format!(
            "{}, {} checked, {} failed, {} lines of evidence",
            labels::status(rule.status),
            rule.checked,
            rule.failed,
            rule.evidence.len()
        )
    };
    format!("before: {}; after: {}", said(before), said(after))
}
