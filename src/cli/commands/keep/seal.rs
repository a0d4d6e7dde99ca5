//! `mke-stig seal`

use std::fmt::Write as _;
use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, anyhow, bail, ensure};
use clap::{Args, ValueEnum};

use crate::cli::commands::keep::again::{Effort, again, own_digest, record};
use crate::cli::exit::Exit;
use crate::cli::interrupt::Held;
use crate::cli::new_file::{draft, persist};
use crate::cli::options::assess::AssessArgs;
use crate::cli::options::sign::SignArgs;
use crate::cli::output::Out;
use crate::cli::progress::Progress;
use crate::evidence::sealed::{
    self, Content, InputRecord, OptionsRecord, PackRecord, Part, Record, SealError, Sealed, TextRecord, ToolRecord,
};
use crate::facts::{Bounds, Source, shared_folders};
use crate::model::assessment::Assessment;
use crate::model::digest::Algorithm;
use crate::model::display::escaped;
use crate::report::base::{json, text::grouped};
use crate::report::parse;
use crate::rules::Pack;

/// Differences that are named where nothing is sealed.
const DIFFERENCES: usize = 10;
/// What is in the program, with its dependencies.
const SBOM: &str = include_str!("../../../../sbom.cdx.json");

/// Make one archive of an assessment and of all that it was made from.
///
/// Give the inputs and the options of `analyze` again: the archive is kept only if they give the assessment.json in DIR, byte
/// for byte.
#[derive(Debug, Args)]
pub(crate) struct Seal {
    /// The inputs of the assessment.
    #[arg(required = true, value_name = "INPUT")]
    inputs: Vec<PathBuf>,
    /// The folder of its reports.
    #[arg(long, value_name = "DIR")]
    assessment: PathBuf,
    /// The archive.
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// The hash of the manifest.
    #[arg(long, value_enum, value_name = "HASH", default_value_t = Hash::Sha256)]
    digest: Hash,
    #[command(flatten)]
    sign: SignArgs,
    #[command(flatten)]
    assess: AssessArgs,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Hash {
    /// SHA-256.
    Sha256,
    /// SHA-384, as CNSA 2.0 asks for.
    Sha384,
}

impl Seal {
    pub(crate) fn run(&self, out: &mut Out) -> anyhow::Result<Exit> {
        self.outside()?;
        let mut parts = Vec::new();
        let (record, assessment) = self.gather(&mut parts, out)?;
        let bytes = json::pretty(&record)?.into_bytes();
        parts.push(Part { name: Record::MEMBER.to_owned(), content: Content::Bytes(bytes) });
        let algorithm = match self.digest {
            Hash::Sha256 => Algorithm::Sha256,
            Hash::Sha384 => Algorithm::Sha384,
        };
        let signals = Held::back();
        let failed = || format!("cannot write `{}`", self.output.display());
        let draft = draft(&self.output).with_context(failed)?;
        let sealing = sealed::seal(
            parts,
            algorithm,
            BufWriter::new(draft.as_file()),
            &mut |manifest| self.sign.members(manifest, algorithm, &assessment),
            &|| signals.pending(),
        )
        .map_err(|error| match error {
            SealError::Sign(why) => anyhow!("cannot sign the archive, so nothing was sealed: {why}"),
            error => anyhow::Error::new(error).context(failed()),
        })?;
        draft.as_file().sync_all().with_context(failed)?;
        let verdicts = self.prove(draft.path())?;
        ensure!(!signals.pending(), "interrupted; nothing was written");
        persist(draft, &self.output).with_context(failed)?;
        drop(signals);
        let mut file = File::open(&self.output).with_context(failed)?;
        let bytes = file.metadata().map_or(0, |found| found.len());
        let whole = Algorithm::Sha256.of_reader(&mut file)?;
        let mut text = String::new();
        let name = self.output.to_string_lossy();
        let _ = writeln!(text, "{}: sealed; {} files, {} bytes", escaped(&name), sealing.members, grouped(bytes));
        let _ = writeln!(text, "  {} of {}: {}", said(algorithm), sealing.manifest, sealing.digest);
        let _ = writeln!(text, "  SHA-256 of the archive: {whole}");
        let _ = writeln!(
            text,
            "  replayed: assessing it again gives all {verdicts} verdicts and every byte of assessment.json"
        );
        text.push_str("Note both digests where nobody can change them; `mke-stig verify` prints them again.\n");
        out.data(&text)?;
        Ok(Exit::Done)
    }

    /// Refuses to write the archive into what it is made of.
    fn outside(&self) -> anyhow::Result<()> {
        let folder = self.output.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let Ok(folder) = folder.canonicalize() else { bail!("there is no folder `{}`", folder.display()) };
        for path in self.inputs.iter().chain([&self.assessment]) {
            let inside = path.canonicalize().is_ok_and(|path| path.is_dir() && folder.starts_with(path));
            ensure!(!inside, "the archive would lie in `{}`, which it is made of; write it elsewhere", path.display());
        }
        Ok(())
    }

    /// Lists everything that is sealed.
    fn gather(&self, parts: &mut Vec<Part>, out: &mut Out) -> anyhow::Result<(Record, Assessment)> {
        let stored = self.assessment.join("assessment.json");
        let text = std::fs::read(&stored).with_context(|| {
            format!("cannot read `{}`; `mke-stig analyze -f json -o DIR` writes one", stored.display())
        })?;
        let assessment = parse(&text).with_context(|| format!("cannot use `{}`", stored.display()))?;
        let sources: Vec<Source> = self.inputs.iter().cloned().map(Source::Path).collect();
        let mut inputs = Vec::new();
        for (number, (path, folder)) in self.inputs.iter().zip(shared_folders(&sources)).enumerate() {
            let member = sealed::given(path, &format!("inputs/{}/", number + 1), parts)?;
            inputs.push(InputRecord { name: sources[number].name(), member, folder });
        }
        let assess = &self.assess;
        let ssp = assess.ssp.as_deref().map(|path| file(path, "ssp/", parts)).transpose()?;
        let mut answers = Vec::new();
        for (number, path) in assess.answers.iter().enumerate() {
            answers.push(file(path, &format!("answers/{}/", number + 1), parts)?);
        }
        let benchmark = assess.benchmark.as_deref().map(|path| file(path, "benchmark/", parts)).transpose()?;
        let packs = self.packs(parts, out)?;
        sealed::folder(&self.assessment, "reports/", parts)?;
        parts.push(Part { name: "sbom.cdx.json".to_owned(), content: Content::Bytes(SBOM.into()) });
        let record = Record {
            schema: Record::SCHEMA.to_owned(),
            tool: ToolRecord {
                name: env!("CARGO_PKG_NAME").to_owned(),
                version: env!("CARGO_PKG_VERSION").to_owned(),
                sha256: own_digest()?,
            },
            inputs,
            ssp,
            answers,
            benchmark,
            packs,
            options: OptionsRecord {
                only: assess.only.clone(),
                reading: assess.reading.wording().name().to_owned(),
                marking: assess.marking.clone(),
                evidence_limit: assess.evidence_limit,
                bounds: assess.limits.record(),
            },
            asset: assessment.asset.clone(),
            assessment: "reports/assessment.json".to_owned(),
        };
        Ok((record, assessment))
    }

    /// The built-in pack and those that were given, file by file.
    fn packs(&self, parts: &mut Vec<Part>, out: &mut Out) -> anyhow::Result<Vec<PackRecord>> {
        let packs = self.assess.packs(out)?;
        let mut records = Vec::new();
        for (number, pack) in packs.iter().enumerate() {
            let given = number.checked_sub(1).and_then(|number| self.assess.rules.get(number));
            let name = match given {
                None => Pack::EMBEDDED_NAME.to_owned(),
                Some(folder) => folder.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            };
            let member = format!("rules/{}-{name}/", number + 1);
            let files = match given {
                None => Pack::embedded_files(),
                Some(folder) => Pack::files_of(folder)?,
            };
            for (path, text) in files {
                let base = path.rsplit(['/', '\\']).next().unwrap_or_default();
                parts.push(Part { name: format!("{member}{base}"), content: Content::Bytes(text.into_bytes()) });
            }
            records.push(PackRecord {
                name,
                given: given.map(|folder| folder.display().to_string()).unwrap_or_default(),
                member,
                version: pack.version.clone(),
                sha256: pack.digest.to_string(),
            });
        }
        Ok(records)
    }

    /// Assesses from the archive; returns how many verdicts came out the same.
    fn prove(&self, path: &Path) -> anyhow::Result<usize> {
        let sealed = Sealed::open(path)?;
        let record = record(&sealed)?;
        let jobs = self.assess.jobs.map_or(Bounds::default().jobs, std::num::NonZero::get);
        let read = Arc::default();
        let progress = Progress::of(&read);
        let again = again(&sealed, &record, Effort { jobs, progress: read });
        drop(progress);
        let again = again?;
        if !again.same {
            let mut first: Vec<String> = again.differences.iter().take(DIFFERENCES).cloned().collect();
            let more = again.differences.len().saturating_sub(DIFFERENCES);
            if more > 0 {
                first.push(format!("and {more} more"));
            }
            bail!(
                "these inputs and options do not give `{}`, so nothing was sealed. Give `seal` the inputs and options of \
                 `analyze` (--ssp, --answers, --rules …), or run `analyze` again with this version:\n  {}",
                self.assessment.join("assessment.json").display(),
                first.join("\n  ")
            );
        }
        Ok(again.verdicts)
    }
}

fn said(algorithm: Algorithm) -> &'static str {
    match algorithm {
        Algorithm::Sha256 => "SHA-256",
        Algorithm::Sha384 => "SHA-384",
    }
}

/// A file that an option names.
fn file(path: &Path, prefix: &str, parts: &mut Vec<Part>) -> anyhow::Result<TextRecord> {
    ensure!(!path.is_dir(), "`{}` is a folder; give the file itself", path.display());
    let member = sealed::given(path, prefix, parts)?;
    Ok(TextRecord { given: path.display().to_string(), member })
}
