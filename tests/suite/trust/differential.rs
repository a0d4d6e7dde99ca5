//! The same cluster in whatever shape it is handed in: the same verdict, or none with the reason;
//! never another one.

use std::collections::BTreeMap;

use super::base::Base;
use super::known::{BUDGETS, Fault, settle};
use super::shape::{FILES, Shape, place};
use super::shape_view::VIEWS;
use crate::common::in_parallel;
use mke_stig::facts::Source;
use mke_stig::model::assessment::Status;

/// What a shape gave.
struct Told {
    faults: Vec<Fault>,
    /// Rules that the plain snapshot decides and this shape does not.
    needless: Vec<String>,
}

fn tell(base: &Base, shape: &Shape) -> Told {
    let lab = tempfile::tempdir().unwrap();
    let paths = place(&(shape.write)(&base.snapshot), lab.path());
    let inputs: Vec<Source> = paths.into_iter().map(Source::Path).collect();
    let (mut faults, mut needless) = (Vec::new(), Vec::new());
    let mut fault = |rule: &str, detail: String| {
        faults.push(Fault {
            what: shape.name.to_owned(),
            kind: 6,
            rule: rule.to_owned(),
            detail: format!("{}: {detail}", base.name),
        });
    };
    match base.try_inputs(&inputs) {
        Err(error) => {
            fault("every rule", format!("nothing is assessed: {error}"));
        }
        Ok(assessment) => {
            for result in &assessment.rules {
                let truth = base.truth[&result.id];
                if result.status == truth {
                    continue;
                }
                let reason = result.reason.as_ref().map(|reason| reason.text.as_str()).unwrap_or_default();
                if result.status != Status::NotReviewed {
                    fault(&result.id, format!("{truth:?} became {:?}", result.status));
                } else if reason.len() < 20 {
                    fault(&result.id, format!("{truth:?} became Not Reviewed without a reason: {reason:?}"));
                } else {
                    needless.push(format!("{}: {}", result.id, reason.chars().take(160).collect::<String>()));
                }
            }
        }
    }
    Told { faults, needless }
}

#[test]
fn the_shape_makes_no_difference() {
    let shapes: Vec<&Shape> = FILES.iter().chain(VIEWS).collect();
    assert!(shapes.len() >= 24);
    let numbered: Vec<(usize, &Shape)> = shapes.into_iter().enumerate().collect();
    let told = in_parallel(&numbered, |(number, shape)| {
        let generated = &Base::generated()[number % Base::generated().len()];
        [Base::sample(), generated].map(|base| tell(base, shape))
    });
    let mut counts: BTreeMap<&str, [usize; 2]> = BTreeMap::new();
    let mut faults = Vec::new();
    for ((_, shape), [sample, generated]) in numbered.iter().zip(told) {
        counts.insert(shape.name, [sample.needless.len(), generated.needless.len()]);
        for text in sample.needless.iter().chain(&generated.needless) {
            eprintln!("{}: needless: {text}", shape.name);
        }
        faults.extend(sample.faults.into_iter().chain(generated.faults));
    }
    let over = within_budget(&counts);
    settle("shapes", &faults);
    assert!(over.is_empty(), "{over}");
}

/// Compares what is needlessly not reviewed with what may be, and says where they differ.
fn within_budget(counts: &BTreeMap<&str, [usize; 2]>) -> String {
    let budgets: BTreeMap<&str, [usize; 2]> = BUDGETS.iter().map(|(name, counts)| (*name, *counts)).collect();
    let wrong: Vec<String> = counts
        .iter()
        .filter(|(name, counts)| {
            let most = budgets.get(**name).copied().unwrap_or_default();
            counts[0] > most[0] || counts[1] > most[1]
        })
        .map(|(name, counts)| format!("    ({name:?}, {counts:?}), // was {:?}", budgets.get(name)))
        .collect();
    if wrong.is_empty() {
        return String::new();
    }
    let total: usize = counts.values().flatten().sum();
    format!(
        "{total} needless in all; what is needlessly Not Reviewed, in the sample and in a generated cluster, may only fall:\n{}",
        wrong.join("\n")
    )
}
