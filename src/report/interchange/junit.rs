//! `assessment.junit.xml`: a test case for each rule, in the dialect that build servers read.
//!
//! What was not reviewed or does not apply is skipped and says so: green never means reviewed.

use std::fmt::Write as _;

use crate::model::assessment::{Assessment, RuleResult};
use crate::model::display;
use crate::model::labels;
use crate::report::base::outcome::Outcome;
use crate::report::base::types::File;
use crate::report::base::{extract, prose, time};

/// UTF-16 units of a test case's text.
const DETAILS: usize = 30_000;

/// The assessment as `JUnit` XML.
pub(crate) fn render(assessment: &Assessment) -> File {
    let outcomes: Vec<Outcome> = assessment.rules.iter().map(Outcome::of).collect();
    let count = |wanted: fn(&Outcome) -> bool| outcomes.iter().filter(|outcome| wanted(outcome)).count();
    let failures = count(|outcome| *outcome == Outcome::Fail);
    let errors = count(|outcome| *outcome == Outcome::Error);
    let skipped = count(|outcome| matches!(outcome, Outcome::NotApplicable | Outcome::Review | Outcome::Undecided));
    let tests = outcomes.len();
    let tool = attribute(&assessment.tool.name);
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    // The root takes no count of what was skipped.
    let _ = writeln!(
        out,
        "<testsuites name=\"{tool}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\" time=\"0\">"
    );
    let _ = write!(
        out,
        "  <testsuite name=\"{}\" hostname=\"{}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\" \
         skipped=\"{skipped}\" time=\"0\"",
        attribute(&prose::benchmark(assessment)),
        attribute(&assessment.asset.name),
    );
    if let Some(time) = time::collected_utc(assessment) {
        let _ = write!(out, " timestamp=\"{}\"", time.trim_end_matches('Z'));
    }
    out.push_str(">\n    <properties>\n");
    for (name, value) in properties(assessment) {
        let _ = writeln!(out, "      <property name=\"{name}\" value=\"{}\"/>", attribute(&value));
    }
    out.push_str("    </properties>\n");
    for (rule, outcome) in assessment.rules.iter().zip(outcomes) {
        case(&mut out, assessment, rule, outcome);
    }
    out.push_str("  </testsuite>\n</testsuites>\n");
    File { path: "assessment.junit.xml".to_owned(), text: out }
}

fn properties(assessment: &Assessment) -> Vec<(&'static str, String)> {
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
    properties
}

fn case(out: &mut String, assessment: &Assessment, rule: &RuleResult, outcome: Outcome) {
    let _ = write!(
        out,
        "    <testcase name=\"{} {}\" classname=\"{}.CAT_{}\" time=\"0\">",
        attribute(&rule.id),
        attribute(extract::title(rule)),
        attribute(&assessment.benchmark.id.replace('.', "_")),
        rule.cat,
    );
    let body = format!(
        "Rule {}, {}\n{}{}\n",
        prose::short(&rule.rule_id),
        prose::short(&rule.stig_id),
        prose::details(rule, DETAILS),
        prose::remarks(assessment, rule)
    );
    let element = match outcome {
        Outcome::Pass => "system-out",
        Outcome::Fail => "failure",
        Outcome::Error => "error",
        Outcome::NotApplicable | Outcome::Review | Outcome::Undecided => "skipped",
    };
    let _ = write!(out, "\n      <{element}");
    if outcome != Outcome::Pass {
        let kind = rule.reason.as_ref().map_or(labels::status(rule.status), |reason| labels::reason_key(reason.code));
        let _ = write!(out, " type=\"{}\" message=\"{}\"", attribute(kind), attribute(&prose::headline(rule)));
    }
    out.push('>');
    content(out, &body);
    let _ = writeln!(out, "</{element}>\n    </testcase>");
}

/// A text on one line, fit for a quoted attribute.
fn attribute(data: &str) -> String {
    let mut out = String::new();
    for c in prose::short(data).chars() {
        if c == '"' {
            out.push_str("&quot;");
        } else {
            escape(&mut out, c);
        }
    }
    out
}

/// A text as the content of an element. What XML cannot carry is written out.
fn content(out: &mut String, data: &str) {
    display::visible(data).chars().for_each(|c| escape(out, c));
}

fn escape(out: &mut String, c: char) {
    match c {
        '&' => out.push_str("&amp;"),
        '<' => out.push_str("&lt;"),
        '>' => out.push_str("&gt;"),
        _ => out.push(c),
    }
}
