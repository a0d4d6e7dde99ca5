//! Options that several subcommands share.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use anyhow::{Context, bail};
use clap::{Args, ValueEnum};

use crate::answers::Answers;
use crate::archive::Limits;
use crate::assess::Options;
use crate::cli::interrupt::Held;
use crate::cli::options::benchmark::read_benchmark;
use crate::cli::output::Out;
use crate::facts::Bounds;
use crate::model::assessment::{Assessment, Asset};
use crate::model::display;
use crate::report::{Choices, Format, write_unless};
use crate::rules::{Pack, Wording};
use crate::ssp::Ssp;
use crate::yaml::Problem;

/// Where reports go, and which.
#[derive(Debug, Args)]
pub(crate) struct OutputArgs {
    /// Folder for the reports.
    #[arg(short, long, value_name = "DIR", default_value = "mke-stig-report")]
    output: PathBuf,
    /// Formats, separated by commas: html, md, json, ckl, cklb, xccdf, oscal, hdf, sarif, junit, csv, poam,
    /// evidence, all.
    #[arg(short, long, value_name = "FORMATS", value_delimiter = ',', default_value = "html,md,json")]
    format: Vec<String>,
    #[command(flatten)]
    asset: AssetArgs,
    #[command(flatten)]
    checklists: ChecklistArgs,
}

/// How checklists name what was judged.
#[derive(Debug, Args)]
#[command(next_help_heading = "Asset in checklists")]
struct AssetArgs {
    /// Name of the asset; without it the cluster id.
    #[arg(long, value_name = "NAME", value_parser = asset_name)]
    asset_name: Option<String>,
    /// Fully qualified domain name of the asset.
    #[arg(long, value_name = "FQDN", value_parser = domain_name)]
    host_fqdn: Option<String>,
    /// IP address of the asset, may be given several times; without it those of the managers.
    #[arg(long, value_name = "IP")]
    host_ip: Vec<core::net::IpAddr>,
    /// MAC address of the asset, may be given several times.
    #[arg(long, value_name = "MAC", value_parser = mac_address)]
    host_mac: Vec<String>,
}

/// Choices for the formats that other programs import.
#[derive(Debug, Args)]
#[command(next_help_heading = "Checklists")]
struct ChecklistArgs {
    /// Spell out text that looks like a command, for upload filters that refuse it.
    #[arg(long)]
    safe_text: bool,
    /// Keep CKLB to the letter of its schema, without the version that other tools write and read.
    #[arg(long)]
    strict_cklb: bool,
    /// Write a checklist for each node, too, into the folder `nodes`.
    #[arg(long)]
    per_node: bool,
}

/// A name that every importer keeps.
fn asset_name(text: &str) -> Result<String, String> {
    let name = text.trim();
    if name.is_empty() || name.len() > 255 || *name != *display::escaped(name) {
        return Err("1 to 255 bytes without control characters".to_owned());
    }
    Ok(name.to_owned())
}

/// A dotted name: importers refuse a file in which the domain name is a bare host name.
fn domain_name(text: &str) -> Result<String, String> {
    let label = |label: &str| {
        (1..=63).contains(&label.len()) && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    };
    let dotted = text.len() <= 253 && text.contains('.') && text.split('.').all(label);
    if dotted { Ok(text.to_owned()) } else { Err("write it with its domain, as mke.example.mil".to_owned()) }
}

/// Six bytes in hex, as `02:42:ac:11:00:02`.
fn mac_address(text: &str) -> Result<String, String> {
    let colons = text.replace('-', ":").to_ascii_lowercase();
    let bytes: Vec<&str> = colons.split(':').collect();
    let hex = |byte: &&str| byte.len() == 2 && byte.bytes().all(|b| b.is_ascii_hexdigit());
    if bytes.len() == 6 && bytes.iter().all(hex) { Ok(colons) } else { Err("write it as 02:42:ac:11:00:02".to_owned()) }
}

impl OutputArgs {
    /// Writes the reports, with the asset named as asked.
    pub(crate) fn write(&self, assessment: &mut Assessment, formats: &[Format]) -> anyhow::Result<Vec<PathBuf>> {
        self.asset.apply(&mut assessment.asset);
        let ChecklistArgs { safe_text, strict_cklb, per_node } = self.checklists;
        let choices = Choices { safe_text, strict_cklb, per_node };
        let signals = Held::back();
        let written = write_unless(&|| signals.pending(), assessment, &self.output, formats, &choices);
        drop(signals);
        let written = written?;
        // A folder is named once, not with each of its files.
        let mut shown: Vec<PathBuf> = Vec::new();
        for path in written {
            let inner = path.strip_prefix(&self.output).ok().and_then(|inner| inner.components().next());
            let top = inner.map_or_else(|| path.clone(), |first| self.output.join(first));
            let top = if top == path { top } else { top.join("") };
            if shown.last() != Some(&top) {
                shown.push(top);
            }
        }
        Ok(shown)
    }

    /// The formats, each once.
    pub(crate) fn formats(&self) -> anyhow::Result<Vec<Format>> {
        let mut formats = Vec::new();
        for name in &self.format {
            let named = if name == "all" { Format::all().to_vec() } else { vec![Format::from_str(name)?] };
            for format in named {
                if !formats.contains(&format) {
                    formats.push(format);
                }
            }
        }
        Ok(formats)
    }
}

impl AssetArgs {
    fn apply(&self, asset: &mut Asset) {
        if let Some(name) = &self.asset_name {
            asset.name.clone_from(name);
        }
        if self.host_fqdn.is_some() {
            asset.fqdn.clone_from(&self.host_fqdn);
        }
        if !self.host_ip.is_empty() {
            asset.ips = self.host_ip.iter().map(ToString::to_string).collect();
        }
        if !self.host_mac.is_empty() {
            asset.macs.clone_from(&self.host_mac);
        }
    }
}

/// What is judged, and by what.
#[derive(Debug, Args)]
pub(crate) struct AssessArgs {
    /// The site's System Security Plan as ssp.yaml.
    #[arg(long, value_name = "FILE")]
    ssp: Option<PathBuf>,
    /// DISA's benchmark: the …_Manual-xccdf.xml, or the zip or the zip of zips that holds it. Its ids
    /// and texts go into the reports.
    #[arg(long, value_name = "FILE")]
    benchmark: Option<PathBuf>,
    /// What people decided, as answers.yaml; may be given several times.
    #[arg(long, value_name = "FILE")]
    answers: Vec<PathBuf>,
    /// Folders with rules of your own, beside the STIG's.
    #[arg(long, value_name = "DIR")]
    rules: Vec<PathBuf>,
    /// Only these rules, separated by commas.
    #[arg(long, value_name = "IDS", value_delimiter = ',')]
    only: Vec<String>,
    #[command(flatten)]
    reading: ReadingArg,
    /// Marking of all reports, such as CUI.
    #[arg(long, value_name = "TEXT")]
    marking: Option<String>,
    /// Evidence lines of one rule in the reports; 0 for all that are kept.
    #[arg(long, value_name = "N", default_value_t = 200)]
    evidence_limit: usize,
    /// Threads that parse and judge; as many as there are cores without it.
    #[arg(short, long, value_name = "N")]
    jobs: Option<std::num::NonZero<usize>>,
    #[command(flatten)]
    limits: LimitArgs,
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

/// Bounds on hostile input.
#[derive(Debug, Args)]
#[command(next_help_heading = "Bounds on the input")]
struct LimitArgs {
    /// Entries over all inputs.
    #[arg(long, value_name = "N", default_value_t = Limits::default().max_entries)]
    max_entries: u64,
    /// Decoded bytes over all inputs.
    #[arg(long, value_name = "BYTES", default_value_t = Limits::default().max_bytes)]
    max_bytes: u64,
    /// Decoded bytes of one member.
    #[arg(long, value_name = "BYTES", default_value_t = Limits::default().max_member_bytes)]
    max_member_bytes: u64,
    /// Decoded bytes for each encoded byte.
    #[arg(long, value_name = "N", default_value_t = Limits::default().max_ratio)]
    max_ratio: u64,
    /// Archives within archives.
    #[arg(long, value_name = "N", default_value_t = Limits::default().max_depth)]
    max_depth: u32,
    /// Bytes of a member's path.
    #[arg(long, value_name = "BYTES", default_value_t = Limits::default().max_path)]
    max_path: usize,
    /// Bytes of one object, or of one file that is read whole.
    #[arg(long, value_name = "BYTES", default_value_t = Bounds::default().max_object_bytes)]
    max_object_bytes: u64,
}

impl AssessArgs {
    /// The STIG's pack and the user's, with every problem told.
    pub(crate) fn packs(&self, out: &mut Out) -> anyhow::Result<Vec<Pack>> {
        read_packs(&self.rules, out)
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
        let limits = &self.limits;
        let archive = Limits {
            max_entries: limits.max_entries,
            max_bytes: limits.max_bytes,
            max_member_bytes: limits.max_member_bytes,
            max_ratio: limits.max_ratio,
            max_depth: limits.max_depth,
            max_path: limits.max_path,
        };
        let benchmark = read_benchmark(self.benchmark.as_deref(), &archive, packs)?;
        let jobs = self.jobs.map_or(Bounds::default().jobs, std::num::NonZero::get);
        Ok(Options {
            bounds: Bounds { archive, max_object_bytes: limits.max_object_bytes, jobs, ..Bounds::default() },
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

/// The STIG's pack and those in folders, with every problem told.
pub(crate) fn read_packs(folders: &[PathBuf], out: &mut Out) -> anyhow::Result<Vec<Pack>> {
    let mut packs = vec![Pack::embedded()];
    for folder in folders {
        let pack = Pack::read(folder)?;
        tell_problems(&pack.problems, &pack.texts, out);
        packs.push(pack);
    }
    Ok(packs)
}

/// Draws every problem of a pack's files, whose texts are given by name.
pub(crate) fn tell_problems(problems: &[Problem], texts: &BTreeMap<String, String>, out: &mut Out) {
    for problem in problems {
        let text = texts.get(&problem.file).map_or("", String::as_str);
        out.problem(problem, text);
    }
}

/// Reads an SSP, with its text; its problems are drawn.
pub(crate) fn read_ssp(path: &Path, out: &mut Out) -> anyhow::Result<(Ssp, String)> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read the SSP `{}`", path.display()))?;
    let name = path.display().to_string();
    let ssp = Ssp::parse(&name, &text).or_else(|problems: Vec<Problem>| {
        for problem in &problems {
            out.problem(problem, &text);
        }
        bail!("the SSP `{name}` has {} problems; nothing was assessed", problems.len())
    })?;
    Ok((ssp, text))
}

/// Reads a file of answers; its problems are drawn.
pub(crate) fn read_answers(path: &Path, out: &mut Out) -> anyhow::Result<Answers> {
    let text =
        std::fs::read_to_string(path).with_context(|| format!("cannot read the answers `{}`", path.display()))?;
    let name = path.display().to_string();
    Answers::parse(&name, &text).or_else(|problems: Vec<Problem>| {
        for problem in &problems {
            out.problem(problem, &text);
        }
        bail!("the answers `{name}` have {} problems; nothing was assessed", problems.len())
    })
}
