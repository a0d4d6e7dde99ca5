//! The file: metadata, the one result, and the resources that both refer to.

use crate::model::assessment::{Assessment, DecisionRole, Input};
use crate::model::digest::Digest;
use crate::report::base::error::ReportError;
use crate::report::base::types::File;
use crate::report::base::{extract, json, prose, text, time};
use crate::report::interchange::oscal::document::Document;
use crate::report::interchange::oscal::model::{
    BackMatter, Body, Hash, Link, Metadata, Plan, Prop, Resource, Root, value,
};
use crate::report::interchange::oscal::result;

/// The assessment as OSCAL. Observations are made while they are written, because they are most of the file.
pub(crate) fn render(assessment: &Assessment) -> Result<File, ReportError> {
    let doc = Document::of(assessment);
    let observations = json::Each(|| assessment.rules.iter().map(|rule| result::observation(&doc, rule)));
    let root = Root {
        body: Body {
            uuid: doc.run("document", ""),
            metadata: metadata(&doc),
            import_ap: Plan {
                href: format!("#{}", doc.run("resource", "benchmark")),
                remarks: "There is no assessment plan: the benchmark takes its place.",
            },
            results: [result::result(&doc, observations)],
            back_matter: BackMatter { resources: resources(&doc) },
        },
    };
    Ok(File { path: "assessment.oscal.json".to_owned(), text: json::pretty(&root)? })
}

fn metadata(doc: &Document<'_>) -> Metadata {
    let assessment = doc.assessment;
    let tool = &assessment.tool;
    let marking = assessment.marking.as_deref().and_then(|marking| Prop::known("marking", marking));
    let told = if marking.is_some() { prose::marking(assessment) } else { prose::NO_MARKING.to_owned() };
    let mut remarks = vec![format!("Marking: {told}.")];
    if time::collected_utc(assessment).is_none() {
        remarks.push("No source states when it was collected; the times in this file stand for that.".to_owned());
    }
    let own = [
        Prop::own("tool", &format!("{} {}", tool.name, tool.version)),
        Prop::own("rule-pack", &format!("{} {}", tool.pack.id, tool.pack.version)),
        Prop::own("rule-pack-sha256", &tool.pack.sha256),
    ];
    Metadata {
        last_modified: doc.time.clone(),
        oscal_version: "1.1.2",
        props: marking.into_iter().chain(own.into_iter().flatten()).collect(),
        remarks: remarks.join("\n"),
        title: prose::subject(assessment),
        version: value(&tool.version).unwrap_or_else(|| "unknown".to_owned()),
    }
}

fn resources(doc: &Document<'_>) -> Vec<Resource> {
    let assessment = doc.assessment;
    let benchmark = &assessment.benchmark;
    let props = [
        Prop::own("benchmark-id", &benchmark.id),
        Prop::own("version", &benchmark.version),
        Prop::own("release", &benchmark.release),
        Prop::own("benchmark-date", &benchmark.date),
    ];
    let mut resources = vec![Resource {
        description: "The benchmark by whose rules was judged.",
        props: props.into_iter().flatten().collect(),
        rlinks: benchmark.source.as_ref().map(|source| [link(source)]),
        title: prose::benchmark(assessment),
        uuid: doc.run("resource", "benchmark"),
    }];
    resources.extend(assessment.snapshot.inputs.iter().enumerate().map(|(number, input)| Resource {
        description: "A snapshot that was read.",
        props: Vec::new(),
        rlinks: Some([link(input)]),
        title: text::short(&input.name),
        uuid: doc.run("resource", &format!("input {number}")),
    }));
    resources.extend(assessment.decisions.iter().enumerate().map(|(number, file)| Resource {
        description: match file.role {
            DecisionRole::Ssp => "The machine-readable part of the System Security Plan.",
            DecisionRole::Answers => "Answers of people.",
        },
        props: Vec::new(),
        rlinks: Some([linked(&file.name, &file.sha256)]),
        title: text::short(&file.name),
        uuid: doc.run("resource", &format!("decisions {number}")),
    }));
    resources
}

fn link(input: &Input) -> Link {
    linked(&input.name, &input.sha256)
}

fn linked(name: &str, sha256: &str) -> Link {
    let is_digest = sha256.parse::<Digest>().is_ok();
    Link {
        hashes: is_digest.then(|| [Hash { algorithm: "SHA-256", value: sha256.to_owned() }]),
        href: extract::uri(name),
    }
}
