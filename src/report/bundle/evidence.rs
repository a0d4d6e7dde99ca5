//! `evidence/`: for each rule a folder with its verdict, every line of evidence that was kept, and an
//! excerpt of each member that the verdict rests on; an index and digests over all of it.
//!
//! Files go out one by one and only their digests stay in memory, because a cluster of hundreds of nodes has thousands.

use std::collections::BTreeMap;

use crate::model::assessment::{Assessment, Evidence, RuleResult};
use crate::model::digest::Digest;
use crate::report::base::error::ReportError;
use crate::report::base::types::File;
use crate::report::base::{ident, json, outcome, time};
use crate::report::bundle::model::{Entry, Excerpt, Excerpted, Further, Index, OMITTED, SCHEMA};
use crate::report::bundle::verdict;

/// The folder.
pub(crate) const FOLDER: &str = "evidence";
/// Members of one rule whose excerpts are files of their own. A rule that holds on hundreds of nodes
/// has hundreds of equal ones; those that follow share a file.
const OWN: usize = 20;

/// Gives each file of the folder to `take`, the index and the digests last.
pub(crate) fn render(
    assessment: &Assessment,
    take: &mut dyn FnMut(File) -> Result<(), ReportError>,
) -> Result<(), ReportError> {
    let mut folder = Folder { take, sums: BTreeMap::new() };
    let rules = assessment.rules.iter().map(|rule| of_rule(&mut folder, assessment, rule));
    let index = index(assessment, rules.collect::<Result<_, _>>()?);
    folder.put("index.json".to_owned(), json::pretty(&index)?)?;
    let sums = folder.sums.iter().map(|(path, digest)| format!("{digest}  {path}\n")).collect();
    (folder.take)(File { path: format!("{FOLDER}/SHA256SUMS"), text: sums })
}

/// The folder as it is made: files go out one by one, their digests stay.
struct Folder<'t> {
    take: &'t mut dyn FnMut(File) -> Result<(), ReportError>,
    /// Digests by path.
    sums: BTreeMap<String, String>,
}

impl Folder<'_> {
    fn put(&mut self, path: String, text: String) -> Result<(), ReportError> {
        let full = format!("{FOLDER}/{path}");
        self.sums.insert(path, Digest::of(text.as_bytes()).to_string());
        (self.take)(File { path: full, text })
    }
}

/// Makes the files of a rule.
fn of_rule<'a>(
    folder: &mut Folder<'_>,
    assessment: &'a Assessment,
    rule: &'a RuleResult,
) -> Result<Entry<'a>, ReportError> {
    let name = ident::folder_name(&rule.id);
    let excerpts = excerpts(folder, &name, assessment, rule)?;
    let evidence = format!("{name}/evidence.jsonl");
    folder.put(evidence.clone(), lines(rule)?)?;
    let verdict = format!("{name}/verdict.md");
    folder.put(verdict.clone(), verdict::page(assessment, rule, &excerpts))?;
    Ok(Entry {
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
    })
}

/// Makes the excerpts of a rule: the first in files of their own, the others in one.
fn excerpts<'a>(
    folder: &mut Folder<'_>,
    name: &str,
    assessment: &'a Assessment,
    rule: &'a RuleResult,
) -> Result<Vec<Excerpted<'a>>, ReportError> {
    let marking = assessment.marking.as_deref();
    let shared = format!("{name}/further-members.json");
    let mut further = Further { marking, rule: &rule.id, members: Vec::new() };
    let mut excerpts = Vec::new();
    for ((member, sha256), lines) in members(rule) {
        let excerpt = Excerpt { marking, rule: &rule.id, member, sha256, lines };
        let file = if excerpts.len() < OWN {
            let file = format!("{name}/{}.json", ident::member_name(member, sha256));
            folder.put(file.clone(), json::pretty(&excerpt)?)?;
            file
        } else {
            further.members.push(excerpt);
            shared.clone()
        };
        excerpts.push(Excerpted { file, member, sha256 });
    }
    if !further.members.is_empty() {
        folder.put(shared, json::pretty(&further)?)?;
    }
    Ok(excerpts)
}

fn index<'a>(assessment: &'a Assessment, rules: Vec<Entry<'a>>) -> Index<'a> {
    Index {
        schema: SCHEMA,
        marking: assessment.marking.as_deref(),
        tool: format!("{} {}", assessment.tool.name, assessment.tool.version),
        pack: &assessment.tool.pack,
        benchmark: &assessment.benchmark,
        asset: &assessment.asset,
        collected_at: time::collected_utc(assessment),
        inputs: &assessment.snapshot.inputs,
        integrity: assessment.snapshot.integrity.status,
        omitted: OMITTED,
        rules,
    }
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
