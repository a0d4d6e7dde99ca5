//! `assessment.cklb`: the checklist of STIG Viewer 3.
//!
//! The order of fields is that of files which STIG Viewer writes. Its schema knows no version of the benchmark, but an
//! importer takes a file without one for V0R1; `--strict-cklb` leaves it out.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::model::labels;
use crate::report::base::error::ReportError;
use crate::report::base::json;
use crate::report::base::types::Choices;
use crate::report::checklist::entry::{Checklist, Entry, name};

#[derive(Serialize)]
struct Document<'a> {
    title: String,
    id: &'a str,
    active: bool,
    mode: u8,
    has_path: bool,
    target_data: Target<'a>,
    stigs: [Stig<'a>; 1],
    cklb_version: &'static str,
}

#[derive(Serialize)]
struct Target<'a> {
    target_type: &'static str,
    host_name: &'a str,
    ip_address: String,
    mac_address: String,
    fqdn: &'a str,
    comments: &'a str,
    role: &'static str,
    is_web_database: bool,
    technology_area: &'static str,
    web_db_site: &'static str,
    web_db_instance: &'static str,
}

#[derive(Serialize)]
struct Stig<'a> {
    stig_name: &'a str,
    display_name: String,
    stig_id: &'a str,
    release_info: &'a str,
    /// Not in the first schema, but an importer takes the file for V0R1 without it.
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<&'a str>,
    uuid: &'a str,
    reference_identifier: &'a str,
    size: usize,
    rules: Vec<Rule<'a>>,
}

#[derive(Serialize)]
struct Rule<'a> {
    group_id_src: String,
    group_tree: [Group<'a>; 1],
    group_id: String,
    severity: &'static str,
    group_title: &'a str,
    rule_id_src: &'a str,
    rule_id: &'a str,
    rule_version: String,
    rule_title: &'a str,
    fix_text: &'a str,
    weight: &'a str,
    check_content: &'a str,
    check_content_ref: ContentRef<'a>,
    classification: &'static str,
    discussion: &'a str,
    false_positives: &'a str,
    false_negatives: &'a str,
    documentable: &'a str,
    security_override_guidance: &'a str,
    potential_impacts: &'a str,
    third_party_tools: &'a str,
    ia_controls: &'a str,
    responsibility: &'a str,
    mitigations: &'a str,
    mitigation_control: &'a str,
    legacy_ids: &'a [String],
    ccis: Vec<String>,
    reference_identifier: &'a str,
    uuid: &'a str,
    stig_uuid: &'a str,
    status: &'static str,
    overrides: BTreeMap<&'static str, Override<'a>>,
    comments: &'a str,
    finding_details: &'a str,
}

#[derive(Serialize)]
struct Group<'a> {
    id: String,
    title: &'a str,
    description: &'static str,
}

#[derive(Serialize)]
struct ContentRef<'a> {
    href: &'a str,
    name: &'a str,
}

#[derive(Serialize)]
struct Override<'a> {
    severity: &'static str,
    reason: &'a str,
}

/// The checklist as one document.
pub(crate) fn render(checklist: &Checklist<'_>, choices: &Choices) -> Result<String, ReportError> {
    let title = &checklist.title;
    let document = Document {
        title: format!("{}_{}", checklist.host_name, checklist.stig_id),
        id: &checklist.uuid,
        active: false,
        mode: 1,
        has_path: true,
        target_data: Target {
            target_type: "Computing",
            host_name: &checklist.host_name,
            ip_address: checklist.ips.join(","),
            mac_address: checklist.macs.join(","),
            fqdn: &checklist.fqdn,
            // The format has no place for the marking; it stands here.
            comments: &checklist.remark,
            role: "None",
            is_web_database: false,
            technology_area: "Other Review",
            web_db_site: "",
            web_db_instance: "",
        },
        stigs: [Stig {
            stig_name: title,
            display_name: title.replace("Security Technical Implementation Guide", "").trim().to_owned(),
            stig_id: &checklist.stig_id,
            release_info: &checklist.release_info,
            version: (!choices.strict_cklb).then_some(checklist.version.as_str()),
            uuid: &checklist.stig_uuid,
            reference_identifier: &checklist.target_key,
            size: checklist.entries.len(),
            rules: checklist.entries.iter().map(|entry| rule(checklist, entry)).collect(),
        }],
        cklb_version: "1.0",
    };
    json::pretty(&document)
}

fn rule<'a>(checklist: &'a Checklist<'_>, entry: &'a Entry<'_>) -> Rule<'a> {
    let texts = &entry.texts;
    let id = name(&entry.rule.id);
    let severity = entry.severity_override.as_ref().map(|(severity, reason)| Override { severity, reason });
    Rule {
        group_id_src: id.clone(),
        group_tree: [Group {
            id: id.clone(),
            title: &texts.group_title,
            description: "<GroupDescription></GroupDescription>",
        }],
        group_id: id,
        severity: entry.severity,
        group_title: &texts.group_title,
        rule_id_src: &entry.rule_id,
        rule_id: entry.rule_id.strip_suffix("_rule").unwrap_or(&entry.rule_id),
        rule_version: name(&entry.rule.stig_id),
        rule_title: &texts.title,
        fix_text: &texts.fix,
        weight: &texts.weight,
        check_content: &texts.check,
        check_content_ref: ContentRef { href: &texts.check_ref_href, name: &texts.check_ref_name },
        classification: checklist.classification,
        discussion: &texts.discussion,
        false_positives: &texts.false_positives,
        false_negatives: &texts.false_negatives,
        documentable: &texts.documentable,
        security_override_guidance: &texts.severity_override_guidance,
        potential_impacts: &texts.potential_impacts,
        third_party_tools: &texts.third_party_tools,
        ia_controls: &texts.ia_controls,
        responsibility: &texts.responsibility,
        mitigations: &texts.mitigations,
        mitigation_control: &texts.mitigation_control,
        legacy_ids: &texts.legacy_ids,
        ccis: entry.rule.ccis.iter().map(|cci| name(cci)).collect(),
        reference_identifier: &entry.target_key,
        uuid: &entry.uuid,
        stig_uuid: &checklist.stig_uuid,
        status: labels::status_key(entry.rule.status),
        overrides: severity.into_iter().map(|given| ("severity", given)).collect(),
        comments: &entry.comment,
        finding_details: &entry.details,
    }
}
