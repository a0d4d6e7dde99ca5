//! Assesses again from an evidence archive, and compares.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use anyhow::{Context, bail, ensure};
use serde_json::Value;

use crate::answers::Answers;
use crate::archive::Limits;
use crate::assess::{Options, assess};
use crate::evidence::sealed::{InputRecord, PackRecord, Record, Sealed, TextRecord};
use crate::facts::{Bounds, Source};
use crate::intake::find_sealed_benchmark;
use crate::model::assessment::{Assessment, RuleResult};
use crate::model::digest::Algorithm;
use crate::model::labels;
use crate::model::limits;
use crate::report::{Choices, Format, parse, render};
use crate::rules::{Pack, Wording};
use crate::ssp::Ssp;
use crate::yaml::Problem;

/// Bytes of a file that is read whole: an SSP, answers, a rule.
const TEXT: u64 = 64 << 20;
/// Bytes of an assessment.
const ASSESSMENT: u64 = limits::ASSESSMENT;
/// Characters of a value that differs.
const SHOWN: usize = 80;
/// Differences that are named.
const NAMED: usize = 200;

/// What came of assessing again.
pub(super) struct Again {
    /// Verdicts that were compared.
    pub(super) verdicts: usize,
    /// Whether every byte of assessment.json is the same.
    pub(super) same: bool,
    /// What differs.
    pub(super) differences: Vec<String>,
    /// What may be why.
    pub(super) causes: Vec<String>,
}

/// How many threads, and who is told how far it is.
pub(super) struct Effort {
    pub(super) jobs: usize,
    pub(super) progress: Arc<AtomicU64>,
}

/// Reads what an archive says of itself.
pub(super) fn record(sealed: &Sealed) -> anyhow::Result<Record> {
    let bytes = sealed.bytes(Record::MEMBER, TEXT).context("this is not an mke-stig evidence archive")?;
    let value: Value = serde_json::from_slice(&bytes).context("evidence.json is not JSON")?;
    let schema = value.get("schema").and_then(Value::as_str).unwrap_or_default();
    ensure!(
        schema == Record::SCHEMA,
        "the archive has the format `{schema}`, and this version reads `{}`; replay it with the version that sealed it",
        Record::SCHEMA
    );
    serde_json::from_value(value).context("evidence.json is not what it should be")
}

/// Assesses again and compares with the sealed assessment.
pub(super) fn again(sealed: &Sealed, record: &Record, effort: Effort) -> anyhow::Result<Again> {
    let packs = record.packs.iter().map(|pack| read_pack(sealed, pack)).collect::<anyhow::Result<Vec<Pack>>>()?;
    let options = options(sealed, record, &packs, effort)?;
    let inputs = inputs(sealed, record)?;
    let before = sealed.bytes(&record.assessment, ASSESSMENT)?;
    let mut assessment = assess(&inputs, &packs, &options).context("the sealed inputs cannot be assessed again")?;
    assessment.asset = record.asset.clone();
    let files = render(&assessment, Format::Json, &Choices::default())?;
    let after = files.first().map_or("", |file| file.text.as_str());
    let same = before == after.as_bytes();
    let mut differences = Vec::new();
    if !same {
        match parse(&before) {
            Ok(before) => differ(&before, &assessment, &mut differences),
            Err(error) => differences.push(format!("the sealed assessment cannot be read: {error}")),
        }
    }
    let causes = if same { Vec::new() } else { causes(record, &packs) };
    Ok(Again { verdicts: assessment.rules.len(), same, differences, causes })
}

fn text(sealed: &Sealed, member: &str) -> anyhow::Result<String> {
    String::from_utf8(sealed.bytes(member, TEXT)?).with_context(|| format!("`{member}` is not UTF-8"))
}

/// A pack of its sealed files, under the names that messages gave them.
fn read_pack(sealed: &Sealed, record: &PackRecord) -> anyhow::Result<Pack> {
    let mut files = Vec::new();
    for (member, _) in sealed.members() {
        let Some(base) = member.strip_prefix(&record.member) else { continue };
        let name = if record.given.is_empty() {
            base.to_owned()
        } else {
            Path::new(&record.given).join(base).display().to_string()
        };
        files.push((name, text(sealed, member)?));
    }
    ensure!(!files.is_empty(), "the archive holds no file of the rule pack `{}`", record.name);
    files.sort();
    Ok(Pack::from_files(&record.name, files))
}

fn options(sealed: &Sealed, record: &Record, packs: &[Pack], effort: Effort) -> anyhow::Result<Options> {
    let kept = &record.options;
    let bounds = &kept.bounds;
    let archive = Limits {
        max_entries: bounds.max_entries,
        max_bytes: bounds.max_bytes,
        max_member_bytes: bounds.max_member_bytes,
        max_ratio: bounds.max_ratio,
        max_depth: bounds.max_depth,
        max_path: bounds.max_path,
    };
    let problems = |file: &TextRecord, problems: Vec<Problem>| {
        let first = problems.first().map(Problem::line).unwrap_or_default();
        anyhow::anyhow!("this version cannot read the sealed `{}`: {first}", file.member)
    };
    let ssp = match &record.ssp {
        None => Ssp::default(),
        Some(file) => Ssp::parse(&file.given, &text(sealed, &file.member)?).map_err(|found| problems(file, found))?,
    };
    let mut answers = Answers::default();
    for file in &record.answers {
        let read = Answers::parse(&file.given, &text(sealed, &file.member)?);
        answers.add(read.map_err(|found| problems(file, found))?);
    }
    let benchmark = match &record.benchmark {
        None => None,
        Some(file) => {
            let name = Path::new(&file.given).file_name().unwrap_or_default().to_string_lossy().into_owned();
            let id = packs.first().map_or("", |pack| pack.benchmark.id.as_str());
            let rules: Vec<&str> = packs.iter().flat_map(|pack| &pack.rules).map(|rule| rule.id.as_str()).collect();
            let opener = sealed.opener(&file.member, &name)?;
            Some(find_sealed_benchmark(&opener, &archive, id, &rules).context("cannot use the sealed benchmark")?)
        }
    };
    let reading = match kept.reading.as_str() {
        "intended" => Wording::Intended,
        "literal" => Wording::Literal,
        other => bail!("this version does not know the reading `{other}`"),
    };
    let Effort { jobs, progress } = effort;
    let max_object_bytes = bounds.max_object_bytes;
    Ok(Options {
        bounds: Bounds { archive, max_object_bytes, jobs, progress },
        ssp,
        benchmark,
        answers,
        marking: kept.marking.clone(),
        evidence_limit: kept.evidence_limit,
        only: kept.only.clone(),
        reading,
        day: None,
    })
}

fn inputs(sealed: &Sealed, record: &Record) -> anyhow::Result<Vec<Source>> {
    let input = |found: &InputRecord| -> anyhow::Result<Source> {
        let InputRecord { name, member, folder } = found;
        if !member.ends_with('/') {
            return Ok(Source::Sealed { file: sealed.opener(member, name)?, folder: *folder });
        }
        let inner = sealed.members().filter_map(|(path, _)| Some((path, path.strip_prefix(member.as_str())?)));
        let files = inner.map(|(path, inner)| sealed.opener(path, inner)).collect::<Result<_, _>>()?;
        Ok(Source::SealedFolder { name: name.to_owned(), files })
    };
    record.inputs.iter().map(input).collect()
}

/// What may be why an assessment differs.
fn causes(record: &Record, packs: &[Pack]) -> Vec<String> {
    let mut causes = Vec::new();
    let now = env!("CARGO_PKG_VERSION");
    if record.tool.version != now {
        causes.push(format!("it was sealed by version {}, and this is {now}", record.tool.version));
    } else if own_digest().is_ok_and(|digest| digest != record.tool.sha256) {
        causes.push(format!("it was sealed by another build of version {now}: SHA-256 {}", record.tool.sha256));
    }
    for (pack, kept) in packs.iter().zip(&record.packs) {
        if pack.digest.to_string() != kept.sha256 {
            causes.push(format!("the rule pack `{}` is not the one that was recorded: {}", kept.name, kept.sha256));
        }
        if let Some(problem) = pack.problems.first() {
            causes.push(format!("this version cannot read all of the rule pack `{}`: {}", kept.name, problem.line()));
        }
    }
    causes
}

/// Names what differs between two assessments, verdicts first.
fn differ(before: &Assessment, after: &Assessment, differences: &mut Vec<String>) {
    let by_id = |assessment: &'_ Assessment| -> BTreeMap<String, RuleResult> {
        assessment.rules.iter().map(|rule| (rule.id.clone(), rule.clone())).collect()
    };
    let (old, new) = (by_id(before), by_id(after));
    let ids: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let mut words = Vec::new();
    for id in ids {
        match (old.get(id), new.get(id)) {
            (Some(old), Some(new)) if old.status != new.status => {
                let name = |rule: &RuleResult| labels::status(rule.status);
                differences.push(format!("{id}: was {}, is now {}", name(old), name(new)));
            }
            (Some(old), Some(new)) if old != new => words.push(format!("{id}: {}", fields(old, new))),
            (Some(_), Some(_)) => {}
            (Some(_), None) => differences.push(format!("{id}: the rule is no longer there")),
            (None, _) => differences.push(format!("{id}: the rule was not there")),
        }
    }
    let verdicts_differ = !differences.is_empty();
    differences.append(&mut words);
    beside_rules(before, after, differences);
    if !verdicts_differ && !differences.is_empty() {
        differences.insert(0, "every status is the same; evidence or texts differ:".to_owned());
    }
    if differences.is_empty() {
        differences.push("only spaces, order or spelling of assessment.json differ".to_owned());
    }
    let more = differences.len().saturating_sub(NAMED);
    if more > 0 {
        differences.truncate(NAMED);
        differences.push(format!("and {more} more"));
    }
}

/// Names what differs beside the rules, each by its place and with both values.
fn beside_rules(before: &Assessment, after: &Assessment, differences: &mut Vec<String>) {
    let (Ok(mut before), Ok(mut after)) = (serde_json::to_value(before), serde_json::to_value(after)) else { return };
    for value in [&mut before, &mut after] {
        if let Some(fields) = value.as_object_mut() {
            fields.remove("rules");
        }
    }
    unlike("", &before, &after, differences);
}

fn unlike(at: &str, before: &Value, after: &Value, differences: &mut Vec<String>) {
    match (before, after) {
        _ if before == after => {}
        (Value::Object(old), Value::Object(new)) => {
            let keys: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
            for key in keys {
                let of = |fields: &'_ serde_json::Map<String, Value>| fields.get(key).cloned().unwrap_or_default();
                unlike(&format!("{at}/{key}"), &of(old), &of(new), differences);
            }
        }
        (Value::Array(old), Value::Array(new)) if old.len() == new.len() => {
            for (number, (old, new)) in old.iter().zip(new).enumerate() {
                unlike(&format!("{at}/{number}"), old, new, differences);
            }
        }
        _ => differences.push(format!("{at}: was {}, is now {}", short(before), short(after))),
    }
}

fn short(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// The fields in which two results of a rule differ.
fn fields(old: &RuleResult, new: &RuleResult) -> String {
    let (old, new) = (serde_json::to_value(old).ok(), serde_json::to_value(new).ok());
    let (Some(Value::Object(old)), Some(Value::Object(new))) = (old, new) else {
        return "differs".to_owned();
    };
    let keys: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let names: Vec<&str> = keys.into_iter().filter(|key| old.get(*key) != new.get(*key)).map(String::as_str).collect();
    format!("{} differ", names.join(", "))
}

/// SHA-256 of the program's own file.
pub(super) fn own_digest() -> anyhow::Result<String> {
    let path = std::env::current_exe().context("cannot find the program's own file")?;
    let mut file =
        File::open(&path).with_context(|| format!("cannot read the program's own file `{}`", path.display()))?;
    Ok(Algorithm::Sha256.of_reader(&mut file)?)
}
