//! `assessment.ckl`: the checklist of STIG Viewer 2, by its schema of 2021.
//!
//! Every list of it is a sequence, so the order of elements here is the format's.

use crate::model::assessment::Status;
use crate::report::base::xml::Xml;
use crate::report::checklist::entry::{Checklist, Entry, name};

/// The checklist as one document.
pub(crate) fn render(checklist: &Checklist<'_>) -> String {
    let tool = &checklist.assessment.tool;
    let mut xml = Xml::with_comment(&format!("{} :: {}", name(&tool.name), name(&tool.version)));
    xml.open("CHECKLIST", &[]);
    asset(&mut xml, checklist);
    xml.open("STIGS", &[]);
    xml.open("iSTIG", &[]);
    stig(&mut xml, checklist);
    for entry in &checklist.entries {
        vuln(&mut xml, checklist, entry);
    }
    xml.finish()
}

fn asset(xml: &mut Xml, checklist: &Checklist<'_>) {
    xml.open("ASSET", &[]);
    for (element, text) in [
        ("ROLE", "None"),
        ("ASSET_TYPE", "Computing"),
        ("MARKING", checklist.marking.as_str()),
        ("HOST_NAME", &checklist.host_name),
        ("HOST_IP", &checklist.ips.join(",")),
        ("HOST_MAC", &checklist.macs.join(",")),
        ("HOST_FQDN", &checklist.fqdn),
        ("TARGET_COMMENT", &checklist.remark),
        // There is no area for containers.
        ("TECH_AREA", "Other Review"),
        ("TARGET_KEY", &checklist.target_key),
        // With `true` an importer renames the asset.
        ("WEB_OR_DATABASE", "false"),
        ("WEB_DB_SITE", ""),
        ("WEB_DB_INSTANCE", ""),
    ] {
        xml.text(element, text);
    }
    xml.close();
}

fn stig(xml: &mut Xml, checklist: &Checklist<'_>) {
    xml.open("STIG_INFO", &[]);
    for (key, value) in [
        ("version", Some(checklist.version.as_str())),
        ("classification", Some(checklist.classification)),
        ("customname", None),
        ("stigid", Some(&checklist.stig_id)),
        ("description", Some(&checklist.description)),
        ("filename", Some(&checklist.file_name)),
        ("releaseinfo", Some(&checklist.release_info)),
        ("title", Some(&checklist.title)),
        ("uuid", Some(&checklist.uuid)),
        ("notice", Some(&checklist.notice)),
        ("source", Some(&checklist.source)),
    ] {
        xml.open("SI_DATA", &[]);
        xml.text("SID_NAME", key);
        if let Some(value) = value {
            xml.text("SID_DATA", value);
        }
        xml.close();
    }
    xml.close();
}

fn vuln(xml: &mut Xml, checklist: &Checklist<'_>, entry: &Entry<'_>) {
    let (rule, texts) = (entry.rule, &entry.texts);
    let (id, stig_id, stig_ref) = (name(&rule.id), name(&rule.stig_id), checklist.stig_ref());
    xml.open("VULN", &[]);
    let mut data: Vec<(&str, &str)> = vec![
        ("Vuln_Num", &id),
        ("Severity", entry.severity),
        ("Group_Title", &texts.group_title),
        ("Rule_ID", &entry.rule_id),
        ("Rule_Ver", &stig_id),
        ("Rule_Title", &texts.title),
        ("Vuln_Discuss", &texts.discussion),
        ("IA_Controls", &texts.ia_controls),
        ("Check_Content", &texts.check),
        ("Fix_Text", &texts.fix),
        ("False_Positives", &texts.false_positives),
        ("False_Negatives", &texts.false_negatives),
        ("Documentable", &texts.documentable),
        ("Mitigations", &texts.mitigations),
        ("Potential_Impact", &texts.potential_impacts),
        ("Third_Party_Tools", &texts.third_party_tools),
        ("Mitigation_Control", &texts.mitigation_control),
        ("Responsibility", &texts.responsibility),
        // Sic: the format spells it so.
        ("Security_Override_Guidance", &texts.severity_override_guidance),
        ("Check_Content_Ref", &texts.check_ref_name),
        ("Weight", &texts.weight),
        ("Class", checklist.class),
        ("STIGRef", &stig_ref),
        ("TargetKey", &entry.target_key),
        ("STIG_UUID", &checklist.stig_uuid),
    ];
    // STIG Viewer writes two empty ones where there are none.
    if texts.legacy_ids.is_empty() {
        data.extend([("LEGACY_ID", ""); 2]);
    }
    data.extend(texts.legacy_ids.iter().map(|id| ("LEGACY_ID", id.as_str())));
    let ccis: Vec<String> = rule.ccis.iter().map(|cci| name(cci)).collect();
    data.extend(ccis.iter().map(|cci| ("CCI_REF", cci.as_str())));
    for (key, value) in data {
        xml.open("STIG_DATA", &[]);
        xml.text("VULN_ATTRIBUTE", key);
        xml.text("ATTRIBUTE_DATA", value);
        xml.close();
    }
    xml.text("STATUS", status(rule.status));
    xml.text("FINDING_DETAILS", &entry.details);
    xml.text("COMMENTS", &entry.comment);
    let (severity, why) = entry.severity_override.as_ref().map_or(("", ""), |(severity, why)| (*severity, why));
    xml.text("SEVERITY_OVERRIDE", severity);
    xml.text("SEVERITY_JUSTIFICATION", why);
    xml.close();
}

/// The four words of the format; a rule with any other is lost on import.
fn status(status: Status) -> &'static str {
    match status {
        Status::Open => "Open",
        Status::NotReviewed => "Not_Reviewed",
        Status::NotAFinding => "NotAFinding",
        Status::NotApplicable => "Not_Applicable",
    }
}
