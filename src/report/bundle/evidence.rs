//! `evidence/`: for each rule a folder with its verdict, every line of evidence that was kept, and an
//! excerpt of each member that the verdict rests on; an index and digests over all of it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;

use crate::model::assessment::{Assessment, Reason, RuleResult};
use crate::model::assessment::{Asset, Benchmark, Evidence, Input, IntegrityStatus, PackId, Status};
use crate::model::digest::Digest;
use crate::model::labels;
use crate::report::base::error::ReportError;
use crate::report::base::types::File;
use crate::report::base::{extract, ident, json, outcome, prose, text, time};

/// The folder.
pub(crate) const FOLDER: &str = "evidence";
/// Members of one rule whose excerpts are files of their own. A rule that holds on hundreds of nodes
/// has hundreds of equal ones; those that follow share a file.
const OWN: usize = 20;
/// Name and version of the index's form.
const SCHEMA: &str = "mke-stig.evidence/1";
/// What a line that is left out means.
const OMITTED: &str = "Lines that were counted and not kept: --evidence-limit 0 keeps more when the snapshot is assessed \
                       again, up to a bound for each check and member. A line on what holds stands for all such objects \
                       of its member.";

/// What is in the folder.
#[derive(Serialize)]
struct Index<'a> {
    schema: &'static str,
    marking: Option<&'a str>,
    tool: String,
    pack: &'a PackId,
    benchmark: &'a Benchmark,
    asset: &'a Asset,
    collected_at: Option<String>,
    inputs: &'a [Input],
    integrity: IntegrityStatus,
    /// What `evidence_omitted` counts.
    omitted: &'static str,
    rules: Vec<Entry<'a>>,
}

/// A rule's folder.
#[derive(Serialize)]
struct Entry<'a> {
    id: &'a str,
    rule_id: &'a str,
    status: Status,
    reason: Option<&'a Reason>,
    verdict: String,
    evidence: String,
    evidence_lines: usize,
    evidence_omitted: u64,
    evidence_digest: &'a str,
    excerpts: Vec<Excerpted<'a>>,
}

/// An excerpt in the index.
#[derive(Serialize)]
struct Excerpted<'a> {
    file: String,
    member: &'a str,
    sha256: &'a str,
}

/// What was seen in one member.
#[derive(Serialize)]
struct Excerpt<'a> {
    marking: Option<&'a str>,
    rule: &'a str,
    member: &'a str,
    /// Of the whole member.
    sha256: &'a str,
    lines: Vec<&'a Evidence>,
}

/// The excerpts of the members that follow the first [`OWN`].
#[derive(Serialize)]
struct Further<'a> {
    marking: Option<&'a str>,
    rule: &'a str,
    members: Vec<Excerpt<'a>>,
}

/// Gives each file of the folder to `take`, the index and the digests last.
pub(crate) fn render(
    assessment: &Assessment,
    take: &mut dyn FnMut(File) -> Result<(), ReportError>,
) -> Result<(), ReportError> {
    let mut sums = BTreeMap::new();
    let mut put = |path: String, text: String| {
        let full = format!("{FOLDER}/{path}");
        sums.insert(path, Digest::of(text.as_bytes()).to_string());
        take(File { path: full, text })
    };
    let marking = assessment.marking.as_deref();
    let mut rules = Vec::new();
    for rule in &assessment.rules {
        let folder = ident::folder_name(&rule.id);
        let mut excerpts = Vec::new();
        let mut further = Further { marking, rule: &rule.id, members: Vec::new() };
        let shared = format!("{folder}/further-members.json");
        for ((member, sha256), lines) in members(rule) {
            let excerpt = Excerpt { marking, rule: &rule.id, member, sha256, lines };
            let file = if excerpts.len() < OWN {
                let file = format!("{folder}/{}.json", ident::member_name(member, sha256));
                put(file.clone(), json::pretty(&excerpt)?)?;
                file
            } else {
                further.members.push(excerpt);
                shared.clone()
            };
            excerpts.push(Excerpted { file, member, sha256 });
        }
        if !further.members.is_empty() {
            put(shared, json::pretty(&further)?)?;
        }
        let evidence = format!("{folder}/evidence.jsonl");
        put(evidence.clone(), lines(rule)?)?;
        let verdict = format!("{folder}/verdict.md");
        put(verdict.clone(), told(assessment, rule, &excerpts))?;
        rules.push(Entry {
            id: &rule.id,
            rule_id: &rule.rule_id,
            status: rule.status,
            reason: rule.reason.as_ref(),
            verdict,
            evidence,
            evidence_lines: rule.evidence.len(),
            evidence_omitted: rule.evidence_omitted,
            evidence_digest: &rule.evidence_digest,
            excerpts,
        });
    }
    let index = Index {
        schema: SCHEMA,
        marking,
        tool: format!("{} {}", assessment.tool.name, assessment.tool.version),
        pack: &assessment.tool.pack,
        benchmark: &assessment.benchmark,
        asset: &assessment.asset,
        collected_at: time::collected_utc(assessment),
        inputs: &assessment.snapshot.inputs,
        integrity: assessment.snapshot.integrity.status,
        omitted: OMITTED,
        rules,
    };
    put("index.json".to_owned(), json::pretty(&index)?)?;
    let sums = sums.iter().fold(String::new(), |mut sums, (path, digest)| {
        let _ = writeln!(sums, "{digest}  {path}");
        sums
    });
    take(File { path: format!("{FOLDER}/SHA256SUMS"), text: sums })
}

/// The members that the verdict rests on, each with all lines on it.
fn members(rule: &RuleResult) -> BTreeMap<(&str, &str), Vec<&Evidence>> {
    let mut members: BTreeMap<(&str, &str), Vec<&Evidence>> = outcome::deciding(rule)
        .filter(|line| !line.member.is_empty())
        .map(|line| ((line.member.as_str(), line.sha256.as_str()), Vec::new()))
        .collect();
    for line in &rule.evidence {
        if let Some(lines) = members.get_mut(&(line.member.as_str(), line.sha256.as_str())) {
            lines.push(line);
        }
    }
    members
}

/// Every line kept, a JSON object each.
fn lines(rule: &RuleResult) -> Result<String, ReportError> {
    let mut text = String::new();
    for line in &rule.evidence {
        text.push_str(&json::line(line)?);
    }
    Ok(text)
}

/// The verdict for a reader.
fn told(assessment: &Assessment, rule: &RuleResult, excerpts: &[Excerpted<'_>]) -> String {
    let marking = escaped(&prose::marking(assessment));
    let mut page = format!("**{marking}**\n\n# {} — {}\n\n", escaped(&rule.id), escaped(extract::title(rule)));
    let mut paragraph = |said: &str| {
        if !said.trim().is_empty() {
            let _ = write!(page, "{}\n\n", escaped(said));
        }
    };
    paragraph(&prose::headline(rule));
    paragraph(&format!(
        "{}, {}, {}, CAT {}. {}",
        rule.rule_id,
        rule.stig_id,
        rule.srg,
        rule.cat,
        prose::subject(assessment)
    ));
    for gap in &rule.gaps {
        let (code, label) = (labels::reason_key(gap.code), labels::reason(gap.code));
        paragraph(&format!("Not looked at ({code}): {label}. {}", gap.text));
    }
    for part in text::parts(&prose::remarks(assessment, rule)) {
        let (text::Part::Paragraph(said) | text::Part::Item(said)) = part;
        paragraph(&said);
    }
    page.push_str("## Evidence\n\n");
    let count = text::grouped(rule.evidence.len() as u64);
    let _ =
        writeln!(page, "- `evidence.jsonl`: {count} {}", labels::plural(rule.evidence.len() as u64, "line", "lines"));
    if rule.evidence_omitted > 0 {
        let _ = writeln!(page, "- left out: {}. {OMITTED}", text::grouped(rule.evidence_omitted));
    }
    for excerpt in excerpts {
        let file = excerpt.file.rsplit('/').next().unwrap_or_default();
        let _ = writeln!(page, "- `{file}`: from {}, SHA-256 {}", escaped(excerpt.member), escaped(excerpt.sha256));
    }
    let _ = write!(page, "\n**{marking}**\n");
    page
}

fn escaped(data: &str) -> String {
    let mut out = String::new();
    text::markdown(&mut out, &prose::short(data));
    out
}
