//! The files in which people decided something, and how much of each had a part in the verdicts.
//!
//! What had a part is counted in the results themselves, so that the counts and the fields of the rules agree.

use std::collections::BTreeSet;
use std::path::Path;

use crate::answers::{Answer, Answers};
use crate::model::assessment::{AnswerEffect, DecisionFile, DecisionRole, RuleResult};
use crate::ssp::Ssp;

/// The SSP and the files of answers, in that order.
pub(crate) fn decision_files(ssp: &Ssp, answers: &Answers, rules: &[RuleResult]) -> Vec<DecisionFile> {
    let mut files: Vec<DecisionFile> = of_ssp(ssp, rules).into_iter().collect();
    files.extend(answers.files.iter().map(|file| {
        let own = || answers.answers.iter().filter(|answer| answer.file == file.name);
        let used = own().filter(|answer| has_a_part(answer, rules)).count() as u64;
        let entries = own().count() as u64;
        DecisionFile {
            role: DecisionRole::Answers,
            name: name(&file.name),
            sha256: file.sha256.to_string(),
            system: None,
            cluster: file.cluster.clone(),
            entries,
            used,
            unused: entries - used,
        }
    }));
    files
}

fn of_ssp(ssp: &Ssp, rules: &[RuleResult]) -> Option<DecisionFile> {
    let (file, sha256) = ssp.source()?;
    let stated: BTreeSet<_> =
        rules.iter().flat_map(|rule| &rule.approvals).map(|approved| (&approved.section, &approved.states)).collect();
    let used = ssp.entries.iter().map(crate::ssp::Entry::approved);
    let used = used.filter(|entry| stated.contains(&(&entry.section, &entry.states))).count() as u64;
    let entries = ssp.entries.len() as u64;
    Some(DecisionFile {
        role: DecisionRole::Ssp,
        name: name(file),
        sha256: sha256.to_string(),
        system: Some(ssp.system.clone()).filter(|system| !system.is_empty()),
        cluster: ssp.cluster.as_ref().map(|cluster| cluster.id.clone()),
        entries,
        used,
        unused: entries - used,
    })
}

/// Whether a result has the answer and counts it.
fn has_a_part(answer: &Answer, rules: &[RuleResult]) -> bool {
    let Some(given) = answer.given() else { return false };
    let results = rules.iter().filter(|rule| rule.id == answer.rule);
    results.flat_map(|rule| &rule.answers).any(|kept| {
        let counts = matches!(kept.effect, Some(AnswerEffect::Decides | AnswerEffect::Beside));
        counts && (&kept.node, &kept.subject, kept.status) == (&given.node, &given.subject, given.status)
    })
}

/// The name without directories, which say something of the machine and nothing of the file.
fn name(path: &str) -> String {
    Path::new(path).file_name().map_or_else(|| path.to_owned(), |name| name.to_string_lossy().into_owned())
}
