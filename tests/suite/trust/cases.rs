//! Cases that the first release got wrong, each an example of its kind: `testdata/trust/`.
//!
//! A case is a file: what it starts from, what is changed, and which verdicts are right. They are all
//! run, and those that fall short are told at once.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use mke_stig::answers::Answers;
use mke_stig::model::assessment::{Assessment, Status};
use mke_stig::ssp::Ssp;
use regex::Regex;
use serde::Deserialize;

use super::base::{Base, Verdicts};
use super::case_file::{Paper, Part, papers};
use super::known::{Fault, settle};
use super::shape::{Input, place};
use crate::common::snapshot::Snapshot;
use crate::common::{in_parallel, program, statuses};
use mke_stig::facts::Source;

/// A case.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    /// Why the verdicts are right.
    why: String,
    kind: u8,
    /// The right statuses of rules, with `|` between them.
    #[serde(default)]
    expect: BTreeMap<String, String>,
    expect_or_says: Option<Either>,
    /// What must be said, and what must not.
    says: Option<String>,
    says_not: Option<String>,
    /// The names of all nodes.
    nodes: Option<String>,
    /// Whether the question is that reading ends.
    #[serde(default)]
    ends: bool,
    #[serde(default)]
    ssp: Paper,
    #[serde(default)]
    answers: Paper,
    inputs: Vec<Part>,
    /// Inputs that give the same verdicts.
    #[serde(default)]
    same_as: Vec<Part>,
}

/// A verdict, or a warning in its place.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Either {
    rule: String,
    status: String,
    says: String,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/trust")
}

fn word(status: Status) -> String {
    serde_json::to_value(status).unwrap().as_str().unwrap().to_owned()
}

/// What inputs give: the assessment, or the error in words.
fn run(case: &Case, parts: &[Part]) -> Result<Assessment, String> {
    let lab = tempfile::tempdir().unwrap();
    let inputs: Vec<Input> = parts.iter().map(Part::input).collect();
    let paths = place(&inputs, lab.path());
    let (ssp, answers) = papers(&case.ssp, &case.answers);
    let base = Base {
        name: String::new(),
        snapshot: Snapshot::sample(),
        ssp: ssp.as_ref().map(|text| Ssp::parse("ssp.yaml", text).unwrap()).unwrap_or_default(),
        answers: answers.as_ref().map(|text| Answers::parse("answers.yaml", text).unwrap()).unwrap_or_default(),
        papers: [ssp, answers].map(Option::unwrap_or_default),
        truth: Verdicts::new(),
        bare: Verdicts::new(),
    };
    let inputs: Vec<Source> = paths.into_iter().map(Source::Path).collect();
    base.try_inputs(&inputs).map_err(|error| error.to_string())
}

/// Whether the program ends by itself; one that does not is ended.
fn ends(case: &Case) -> bool {
    let lab = tempfile::tempdir().unwrap();
    let inputs: Vec<Input> = case.inputs.iter().map(Part::input).collect();
    let mut command = program();
    command.arg("inspect").args(place(&inputs, lab.path())).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    let begun = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if begun.elapsed() > Duration::from_secs(30) {
            child.kill().unwrap();
            child.wait().unwrap();
            return false;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    true
}

/// What falls short in a case: the rule or the question, and what was found.
fn shortfalls(case: &Case) -> Vec<(String, String)> {
    let mut short = Vec::new();
    if case.ends {
        if !ends(case) {
            short.push(("it ends".to_owned(), "it does not end".to_owned()));
        }
        return short;
    }
    let got = run(case, &case.inputs);
    let (text, found) = match &got {
        Ok(assessment) => (serde_json::to_string_pretty(assessment).unwrap(), statuses(assessment)),
        Err(error) => (error.clone(), Verdicts::new()),
    };
    let status = |id: &str| found.get(id).map_or_else(|| format!("nothing: {text:.200}"), |status| word(*status));
    for (id, right) in &case.expect {
        if !right.split('|').any(|right| right == status(id)) {
            short.push((id.clone(), format!("{} (right: {right})", status(id))));
        }
    }
    if let Some(either) = &case.expect_or_says {
        let warnings = got.as_ref().map_or_else(Clone::clone, |assessment| assessment.snapshot.warnings.join("\n"));
        let said = Regex::new(&either.says).unwrap().is_match(&warnings);
        if status(&either.rule) != either.status && !said {
            let what = format!("{}, and no warning says /{}/", status(&either.rule), either.says);
            short.push((either.rule.clone(), what));
        }
    }
    for (pattern, wanted) in [(&case.says, true), (&case.says_not, false)] {
        if let Some(pattern) = pattern
            && Regex::new(pattern).unwrap().is_match(&text) != wanted
        {
            short.push(("what is said".to_owned(), format!("/{pattern}/ is said: {}", !wanted)));
        }
    }
    if let (Some(nodes), Ok(assessment)) = (&case.nodes, &got) {
        let names: Vec<&str> = assessment.snapshot.nodes.iter().map(|node| node.name.as_str()).collect();
        if names.join(" ") != *nodes {
            short.push(("the nodes".to_owned(), names.join(" ")));
        }
    }
    if !case.same_as.is_empty() {
        let other = run(case, &case.same_as).map(|assessment| statuses(&assessment)).unwrap_or_default();
        let differ: Vec<String> = other
            .iter()
            .filter(|(id, wanted)| found.get(*id) != Some(wanted))
            .map(|(id, wanted)| format!("{id} {} (right: {})", status(id), word(*wanted)))
            .collect();
        if let Some(first) = differ.first() {
            short.push(("the same verdicts".to_owned(), format!("{} differ, first {first}", differ.len())));
        }
    }
    short
}

#[test]
fn cases_of_the_first_release() {
    let mut paths: Vec<PathBuf> = ["rules", "inputs"]
        .iter()
        .flat_map(|part| std::fs::read_dir(folder().join(part)).unwrap().map(|entry| entry.unwrap().path()))
        .collect();
    paths.sort();
    assert!(paths.len() >= 90, "{} cases", paths.len());
    let found = in_parallel(&paths, |path| {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(path).unwrap();
        let case: Case = serde_yaml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let short = shortfalls(&case).into_iter();
        short
            .map(|(rule, got)| Fault {
                what: name.clone(),
                kind: case.kind,
                rule,
                detail: format!("{got}; {}", case.why),
            })
            .collect::<Vec<_>>()
    });
    settle("cases", &found.concat());
}
