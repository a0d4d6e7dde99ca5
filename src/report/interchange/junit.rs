//! `assessment.junit.xml`: a test case for each rule, in the dialect that build servers read.
//!
//! What was not reviewed or does not apply is skipped and says so: green never means reviewed.

use crate::model::assessment::{Assessment, RuleResult};
use crate::model::labels;
use crate::report::base::outcome::Outcome;
use crate::report::base::prose::Form;
use crate::report::base::types::File;
use crate::report::base::xml::Xml;
use crate::report::base::{extract, prose, text, time};

/// UTF-16 units of each of the two texts of a test case.
const DETAILS: usize = 30_000;

/// The assessment as `JUnit` XML.
pub(crate) fn render(assessment: &Assessment) -> File {
    let outcomes: Vec<Outcome> = assessment.rules.iter().map(Outcome::of).collect();
    let count = |wanted: &[Outcome]| outcomes.iter().filter(|outcome| wanted.contains(outcome)).count().to_string();
    let counts = [
        ("tests", outcomes.len().to_string()),
        ("failures", count(&[Outcome::Fail])),
        ("errors", count(&[Outcome::Error])),
        ("skipped", count(&[Outcome::NotApplicable, Outcome::Review, Outcome::Undecided])),
    ];
    let counts: Vec<(&str, &str)> = counts.iter().map(|(name, count)| (*name, count.as_str())).collect();
    let mut xml = Xml::new();
    let tool = text::short(&assessment.tool.name);
    let mut attributes = vec![("name", tool.as_str())];
    // The root takes no count of what was skipped.
    attributes.extend(&counts[..3]);
    attributes.push(("time", "0"));
    xml.open("testsuites", &attributes);
    suite(&mut xml, assessment, &counts);
    properties(&mut xml, assessment);
    for (rule, outcome) in assessment.rules.iter().zip(outcomes) {
        case(&mut xml, assessment, rule, outcome);
    }
    File { path: "assessment.junit.xml".to_owned(), text: xml.finish() }
}

fn suite(xml: &mut Xml, assessment: &Assessment, counts: &[(&str, &str)]) {
    let (name, host) = (prose::benchmark(assessment), text::short(&assessment.asset.name));
    let time = time::collected_utc(assessment);
    let mut attributes = vec![("name", name.as_str()), ("hostname", host.as_str())];
    attributes.extend(counts);
    attributes.push(("time", "0"));
    // The dialect has no zones.
    attributes.extend(time.as_deref().map(|time| ("timestamp", time.trim_end_matches('Z'))));
    xml.open("testsuite", &attributes);
}

fn properties(xml: &mut Xml, assessment: &Assessment) {
    let snapshot = &assessment.snapshot;
    let mut properties = vec![
        ("marking", prose::marking(assessment)),
        ("tool", format!("{} {}", assessment.tool.name, assessment.tool.version)),
        ("pack", assessment.tool.pack.sha256.clone()),
        ("integrity", labels::integrity(snapshot.integrity.status).to_owned()),
    ];
    if time::collected_utc(assessment).is_none() {
        properties.push(("collected", "no source states when".to_owned()));
    }
    properties.extend(snapshot.inputs.iter().map(|input| ("input", format!("{} {}", input.name, input.sha256))));
    let files = assessment.decisions.iter();
    properties.extend(files.map(|file| ("decisions", prose::decision_file(file, text::SHOWN))));
    xml.open("properties", &[]);
    for (name, value) in properties {
        xml.empty("property", &[("name", name), ("value", &text::short(&value))]);
    }
    xml.close();
}

fn case(xml: &mut Xml, assessment: &Assessment, rule: &RuleResult, outcome: Outcome) {
    let name = format!("{} {}", text::short(&rule.id), text::short(extract::title(rule)));
    let class = format!("{}.CAT_{}", text::short(&assessment.benchmark.id.replace('.', "_")), rule.cat);
    xml.open("testcase", &[("name", &name), ("classname", &class), ("time", "0")]);
    let body = format!(
        "Rule {}, {}\n{}\n\n{}\n",
        text::short(&rule.rule_id),
        text::short(&rule.stig_id),
        prose::details(rule, Form::within(DETAILS)),
        prose::remarks(assessment, rule, Form::within(DETAILS))
    );
    let kind = rule.reason.as_ref().map_or(labels::status(rule.status), |reason| labels::reason_key(reason.code));
    let headline = prose::headline(rule);
    let attributes = [("type", kind), ("message", headline.as_str())];
    match outcome {
        Outcome::Pass => xml.text("system-out", &body),
        Outcome::Fail => xml.leaf("failure", &attributes, &body),
        Outcome::Error => xml.leaf("error", &attributes, &body),
        Outcome::NotApplicable | Outcome::Review | Outcome::Undecided => xml.leaf("skipped", &attributes, &body),
    }
    xml.close();
}
