//! `assessment.hdf.json`: the Heimdall Data Format, as the output of a run over one profile.
//!
//! A reader takes a control with one passed result for passed even where others are skipped, so a
//! rule that is Not Reviewed or Not Applicable has a single, skipped result and never a passed one.
//! Controls are made while they are written, because their details are most of the file.

use std::borrow::Cow;

use serde::Serialize;

use crate::model::assessment::{Assessment, RuleResult};
use crate::model::display;
use crate::model::labels;
use crate::model::severity::{Cat, Severity};
use crate::report::base::error::ReportError;
use crate::report::base::extract::InputDigest;
use crate::report::base::json::Each;
use crate::report::base::outcome::Outcome;
use crate::report::base::prose::Form;
use crate::report::base::types::File;
use crate::report::base::{extract, json, outcome, prose, text, time};

/// UTF-16 units of the details of a control.
const DETAILS: usize = 30_000;

/// A run over one profile.
#[derive(Serialize)]
struct Run<C: Serialize> {
    platform: Platform,
    version: String,
    statistics: Statistics,
    profiles: [Profile<C>; 1],
    passthrough: Passthrough,
}

#[derive(Serialize)]
struct Platform {
    name: String,
    release: String,
    target_id: String,
}

#[derive(Serialize)]
struct Statistics {
    controls: Totals,
}

#[derive(Serialize)]
struct Totals {
    failed: Total,
    passed: Total,
    skipped: Total,
}

#[derive(Serialize)]
struct Total {
    total: usize,
}

/// The benchmark. The lists that nothing is put into must be there.
#[derive(Serialize)]
struct Profile<C: Serialize> {
    attributes: [(); 0],
    groups: [(); 0],
    name: String,
    sha256: String,
    status: &'static str,
    summary: String,
    supports: [(); 0],
    title: String,
    version: String,
    controls: C,
}

/// What the format has no place for.
#[derive(Serialize)]
struct Passthrough {
    inputs: Vec<InputDigest>,
    integrity: &'static str,
    marking: String,
    warnings: Vec<String>,
}

/// A rule with its results.
#[derive(Serialize)]
struct Control<'a> {
    code: &'static str,
    desc: Cow<'a, str>,
    descriptions: Vec<Description>,
    id: String,
    impact: f64,
    refs: [(); 0],
    results: Vec<ControlResult<'a>>,
    source_location: SourceLocation,
    tags: Tags,
    title: String,
}

#[derive(Serialize)]
struct Description {
    data: String,
    label: &'static str,
}

/// Where the code of a control stands: there is none.
#[derive(Serialize)]
struct SourceLocation {}

#[derive(Serialize)]
struct Tags {
    cat: Cat,
    cci: Vec<String>,
    decided_by: &'static str,
    evidence_digest: String,
    evidence_omitted: u64,
    gid: String,
    gtitle: String,
    nist: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    rid: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    risk_acceptance: Option<String>,
    severity: Severity,
    #[serde(skip_serializing_if = "Option::is_none")]
    severityjustification: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    severityoverride: Option<Severity>,
    stig_id: String,
    weight: String,
}

/// One result of a control.
#[derive(Serialize)]
struct ControlResult<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    backtrace: Option<[(); 0]>,
    code_desc: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    exception: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    skip_message: Option<String>,
    start_time: &'a str,
    status: &'static str,
}

/// The assessment as HDF.
pub(crate) fn render(assessment: &Assessment) -> Result<File, ReportError> {
    let time = time::collected_utc(assessment);
    let time = time.as_deref().unwrap_or(time::UNKNOWN);
    let (benchmark, tool) = (&assessment.benchmark, &assessment.tool);
    let run = Run {
        platform: Platform {
            name: text::short(&tool.name),
            release: text::short(&tool.version),
            target_id: text::short(&assessment.asset.name),
        },
        version: text::short(&tool.version),
        statistics: Statistics { controls: totals(assessment) },
        profiles: [Profile {
            attributes: [],
            groups: [],
            name: text::short(&benchmark.id),
            sha256: text::short(&tool.pack.sha256),
            status: "loaded",
            summary: summary(assessment),
            supports: [],
            title: text::short(&benchmark.title),
            version: format!("{}.{}.0", text::short(&benchmark.version), text::short(&benchmark.release)),
            controls: Each(|| assessment.rules.iter().map(|rule| control(assessment, rule, time))),
        }],
        passthrough: passthrough(assessment),
    };
    Ok(File { path: "assessment.hdf.json".to_owned(), text: json::pretty(&run)? })
}

fn totals(assessment: &Assessment) -> Totals {
    let total = |wanted: &[Outcome]| Total {
        total: assessment.rules.iter().filter(|rule| wanted.contains(&Outcome::of(rule))).count(),
    };
    Totals {
        failed: total(&[Outcome::Fail]),
        passed: total(&[Outcome::Pass]),
        skipped: total(&[Outcome::NotApplicable, Outcome::Review, Outcome::Undecided, Outcome::Error]),
    }
}

fn summary(assessment: &Assessment) -> String {
    let mut said = format!("{}. Marking: {}.", prose::subject(assessment), prose::marking(assessment));
    if time::collected_utc(assessment).is_none() {
        said.push_str(" No source states when it was collected; the times in this file stand for that.");
    }
    said
}

fn passthrough(assessment: &Assessment) -> Passthrough {
    let snapshot = &assessment.snapshot;
    Passthrough {
        inputs: extract::inputs(assessment),
        integrity: labels::integrity(snapshot.integrity.status),
        marking: prose::marking(assessment),
        warnings: snapshot.warnings.iter().map(|warning| text::short(warning)).collect(),
    }
}

fn control<'a>(assessment: &Assessment, rule: &'a RuleResult, time: &'a str) -> Control<'a> {
    let outcome = Outcome::of(rule);
    // No impact is how the format says that a control does not apply.
    let impact = match (outcome, rule.severity) {
        (Outcome::NotApplicable, _) => 0.0,
        (_, Severity::High) => 0.7,
        (_, Severity::Medium) => 0.5,
        (_, Severity::Low) => 0.3,
    };
    Control {
        code: "",
        desc: display::visible(extract::discussion(rule)),
        descriptions: descriptions(assessment, rule),
        id: text::short(&rule.id),
        impact,
        refs: [],
        results: results(rule, outcome, time),
        source_location: SourceLocation {},
        tags: tags(rule),
        title: text::short(extract::title(rule)),
    }
}

fn descriptions(assessment: &Assessment, rule: &RuleResult) -> Vec<Description> {
    let described = |label: &'static str, data: String| Description { data, label };
    let mut descriptions = vec![
        described("check", display::visible(extract::check(rule)).into_owned()),
        described("fix", display::visible(extract::fix(rule)).into_owned()),
        described("details", prose::details(rule, Form::within(DETAILS))),
        described("comments", prose::remarks(assessment, rule, Form::within(DETAILS))),
    ];
    let accepted = rule.risk_acceptance.as_ref();
    descriptions.extend(accepted.map(|text| described("justification", display::visible(text).into_owned())));
    descriptions
}

fn tags(rule: &RuleResult) -> Tags {
    let each = |texts: &[String]| texts.iter().map(|text| text::short(text)).collect::<Vec<_>>();
    let weight = rule.official.as_ref().map(|official| official.weight.as_str()).filter(|weight| !weight.is_empty());
    Tags {
        cat: rule.cat,
        cci: each(&rule.ccis),
        decided_by: labels::decided_by(rule.decided_by),
        evidence_digest: text::short(&rule.evidence_digest),
        evidence_omitted: rule.evidence_omitted,
        gid: text::short(&rule.id),
        gtitle: text::short(&rule.srg),
        nist: each(&rule.controls),
        reason: rule.reason.as_ref().map(|reason| labels::reason_key(reason.code)),
        rid: text::short(&rule.rule_id),
        risk_acceptance: rule.risk_acceptance.as_deref().map(text::short),
        severity: rule.severity,
        severityjustification: prose::override_text(rule),
        severityoverride: rule.severity_override.as_ref().map(|given| given.severity),
        stig_id: text::short(&rule.stig_id),
        weight: text::short(weight.unwrap_or("10.0")),
    }
}

fn results<'a>(rule: &RuleResult, outcome: Outcome, start_time: &'a str) -> Vec<ControlResult<'a>> {
    let plain = |status: &'static str, code_desc: String, message: Option<String>| ControlResult {
        backtrace: None,
        code_desc,
        exception: None,
        message,
        skip_message: None,
        start_time,
        status,
    };
    let headline = || Some(prose::headline(rule));
    let skipped =
        |why: &str| vec![ControlResult { skip_message: headline(), ..plain("skipped", why.to_owned(), None) }];
    let status = match outcome {
        Outcome::Pass => "passed",
        Outcome::Fail => "failed",
        Outcome::NotApplicable => return skipped("Not Applicable"),
        Outcome::Review => return skipped("Needs a manual check or an SSP entry"),
        Outcome::Undecided => return skipped("Evidence is missing or cannot be read"),
        Outcome::Error => {
            let error = plain("error", "The rule failed".to_owned(), headline());
            return vec![ControlResult { backtrace: Some([]), exception: Some("rule_error"), ..error }];
        }
    };
    let lines = outcome::deciding(rule).map(|line| {
        let label = labels::evidence(line.status);
        let message = format!("{label}: {}\n{}", prose::sentence(line), prose::place(line));
        plain(status, text::short(&line.subject), Some(message))
    });
    let mut results: Vec<ControlResult<'_>> = lines.collect();
    if results.is_empty() {
        results.push(plain(status, "A recorded answer".to_owned(), headline()));
    }
    results
}
