//! The log with its one run: the tool, its rules, how it ran, and the results.

use crate::model::assessment::{Assessment, IntegrityStatus, RuleResult};
use crate::model::display;
use crate::model::labels;
use crate::model::severity::Severity;
use crate::report::base::error::ReportError;
use crate::report::base::json::Each;
use crate::report::base::outcome::Outcome;
use crate::report::base::types::File;
use crate::report::base::{extract, json, prose, text, time};
use crate::report::interchange::sarif::location::Artifacts;
use crate::report::interchange::sarif::model::{
    AutomationDetails, Configuration, Descriptor, Driver, Invocation, Log, Message, Notification, RuleProperties,
    RuleReference, Run, RunProperties, Tool, UriBase, UriBases,
};
use crate::report::interchange::sarif::result::{level, of_rule};

/// The assessment as SARIF. Results are made while they are written, because they are most of the file.
pub(crate) fn render(assessment: &Assessment) -> Result<File, ReportError> {
    let artifacts = Artifacts::of(assessment);
    let rules = || assessment.rules.iter().enumerate();
    let run = Run {
        artifacts: artifacts.list(),
        automation_details: AutomationDetails {
            description: message(prose::subject(assessment)),
            id: format!("{}/{}/", text::short(&assessment.tool.name), text::short(&assessment.asset.name)),
        },
        column_kind: "unicodeCodePoints",
        invocations: [invocation(assessment)],
        original_uri_base_ids: UriBases {
            snapshot: UriBase {
                description: message(
                    "The folder in which the snapshots lie; what follows a ! is a path inside of one.".to_owned(),
                ),
            },
        },
        properties: properties(assessment),
        tool: Tool { driver: driver(assessment) },
        results: Each(|| rules().flat_map(|(index, rule)| of_rule(assessment, &artifacts, index, rule))),
    };
    let log = Log { schema: "https://json.schemastore.org/sarif-2.1.0.json", version: "2.1.0", runs: [run] };
    Ok(File { path: "assessment.sarif".to_owned(), text: json::pretty(&log)? })
}

fn message(text: String) -> Message {
    Message { text }
}

fn driver(assessment: &Assessment) -> Driver {
    Driver {
        name: text::short(&assessment.tool.name),
        rules: assessment.rules.iter().map(descriptor).collect(),
        semantic_version: text::short(&assessment.tool.version),
        version: text::short(&assessment.tool.version),
    }
}

fn descriptor(rule: &RuleResult) -> Descriptor {
    let mut tags = vec![format!("CAT-{}", rule.cat)];
    tags.extend(rule.ccis.iter().chain(&rule.controls).map(|tag| text::short(tag)));
    tags.sort();
    tags.dedup();
    Descriptor {
        default_configuration: Configuration { level: level(rule) },
        full_description: message(display::visible(extract::discussion(rule)).into_owned()),
        help: message(display::visible(extract::fix(rule)).into_owned()),
        id: text::short(&rule.id),
        properties: RuleProperties {
            security_severity: match rule.severity {
                Severity::High => "8.0",
                Severity::Medium => "5.5",
                Severity::Low => "3.0",
            },
            srg: text::short(&rule.srg),
            stig_id: text::short(&rule.stig_id),
            stig_rule_id: text::short(&rule.rule_id),
            tags,
        },
        short_description: message(text::short(extract::title(rule))),
    }
}

fn invocation(assessment: &Assessment) -> Invocation {
    let snapshot = &assessment.snapshot;
    let failed = assessment.rules.iter().enumerate().filter(|(_, rule)| Outcome::of(rule) == Outcome::Error);
    let mut notifications: Vec<Notification> = failed
        .map(|(index, rule)| Notification {
            associated_rule: Some(RuleReference { id: text::short(&rule.id), index }),
            level: "error",
            message: message(prose::headline(rule)),
        })
        .collect();
    let broken = if snapshot.integrity.status == IntegrityStatus::Broken { "error" } else { "warning" };
    let problems = snapshot.integrity.problems.iter().map(|problem| (broken, problem));
    let warnings = snapshot.warnings.iter().map(|warning| ("warning", warning));
    notifications.extend(problems.chain(warnings).map(|(level, text)| Notification {
        associated_rule: None,
        level,
        message: message(text::short(text)),
    }));
    // The time of the evidence: the analysis has none of its own, or two runs would differ.
    let time = time::collected_utc(assessment);
    Invocation {
        end_time_utc: time.clone(),
        execution_successful: true,
        start_time_utc: time,
        tool_execution_notifications: notifications,
    }
}

fn properties(assessment: &Assessment) -> RunProperties {
    RunProperties {
        benchmark: prose::benchmark(assessment),
        inputs: extract::inputs(assessment),
        integrity: labels::integrity(assessment.snapshot.integrity.status),
        marking: prose::marking(assessment),
        pack: text::short(&assessment.tool.pack.sha256),
    }
}
