//! What the schemas and importers of the formats demand, restated.

use std::collections::BTreeSet;

use mke_stig::model::assessment::{Assessment, ReasonCode, RuleResult, Status};
use serde_json::Value;

use crate::checklists::dom::{Element, parse};

/// UTF-16 units that importers keep of one text.
pub(crate) const UNITS: usize = 32_767;

/// References that one importer takes in one file.
const REFERENCES: usize = 200_000;

fn is_uuid(text: &str) -> bool {
    let shape: String = text.chars().map(|c| if c.is_ascii_hexdigit() { 'x' } else { c }).collect();
    shape == "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx" && &text[14..15] == "5"
}

fn is_release(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("Release: ") else { return false };
    let Some((release, day)) = rest.split_once(" Benchmark Date: ") else { return false };
    let parts: Vec<&str> = day.split(' ').collect();
    release.bytes().all(|b| b.is_ascii_digit() || b == b'.')
        && parts.len() == 3
        && [(parts[0], 2), (parts[1], 3), (parts[2], 4)].iter().all(|(part, length)| part.len() == *length)
}

fn check_text(text: &str) {
    assert!(text.encode_utf16().count() <= UNITS, "{}", text.len());
}

/// Not Reviewed must say why, where a reviewer sees it first.
fn check_reason(rule: &RuleResult, details: &str) {
    if let Some(reason) = &rule.reason {
        let code = serde_json::to_value(reason.code).unwrap();
        assert!(details.starts_with("Not Reviewed ("), "{details}");
        assert!(details.contains(&format!("({})", code.as_str().unwrap())), "{details}");
    }
}

/// Checks a CKL as its schema and its importers do; returns (`Rule_ID`, STATUS) of each rule.
pub(crate) fn check_ckl(document: &str, assessment: &Assessment) -> Vec<(String, String)> {
    assert!(document.matches('&').count() <= REFERENCES);
    let root = parse(document);
    assert_eq!((root.name.as_str(), root.is_sequence("ASSET STIGS")), ("CHECKLIST", true));
    let asset = root.one("ASSET");
    assert!(asset.is_sequence(
        "ROLE ASSET_TYPE MARKING? HOST_NAME HOST_IP HOST_MAC HOST_GUID? HOST_FQDN TARGET_COMMENT? TECH_AREA TARGET_KEY STIG_GUID? WEB_OR_DATABASE WEB_DB_SITE WEB_DB_INSTANCE"
    ));
    check_asset(asset);
    let stig = root.one("STIGS").one("iSTIG");
    assert!(stig.is_sequence("STIG_INFO VULN*"));
    let info = stig.one("STIG_INFO");
    assert!(info.is_sequence("SI_DATA+"));
    let value = |name: &str| {
        let data = info.all("SI_DATA").find(|data| data.one("SID_NAME").text == name).unwrap();
        assert!(data.is_sequence(if name == "customname" { "SID_NAME" } else { "SID_NAME SID_DATA" }), "{name}");
        data.all("SID_DATA").next().map(|data| data.text.clone()).unwrap_or_default()
    };
    let names: Vec<&str> = info.all("SI_DATA").map(|data| data.one("SID_NAME").text.as_str()).collect();
    let order = "version classification customname stigid description filename releaseinfo title uuid notice source";
    assert_eq!(names.join(" "), order);
    assert!(is_release(&value("releaseinfo")), "{}", value("releaseinfo"));
    assert!(is_uuid(&value("uuid")) && !value("stigid").is_empty() && !value("version").is_empty());
    assert!(["UNCLASSIFIED", "UNCLASSIFIED//FOR OFFICIAL USE ONLY", "CUI"].contains(&value("classification").as_str()));
    let vulns: Vec<&Element> = stig.all("VULN").collect();
    assert_eq!(vulns.len(), assessment.rules.len());
    vulns.iter().zip(&assessment.rules).map(|(vuln, rule)| check_vuln(vuln, rule)).collect()
}

fn check_asset(asset: &Element) {
    let text = |name: &str| asset.one(name).text.clone();
    assert_eq!((text("ROLE").as_str(), text("ASSET_TYPE").as_str()), ("None", "Computing"));
    assert_eq!((text("TECH_AREA").as_str(), text("WEB_OR_DATABASE").as_str()), ("Other Review", "false"));
    assert!((1..=255).contains(&text("HOST_NAME").encode_utf16().count()));
    assert!(text("HOST_IP").is_empty() || text("HOST_IP").split(',').all(|ip| ip.parse::<std::net::IpAddr>().is_ok()));
    assert!(text("HOST_FQDN").is_empty() || text("HOST_FQDN").contains('.'));
}

fn check_vuln(vuln: &Element, rule: &RuleResult) -> (String, String) {
    assert!(vuln.is_sequence("STIG_DATA+ STATUS FINDING_DETAILS COMMENTS SEVERITY_OVERRIDE SEVERITY_JUSTIFICATION"));
    let data: Vec<(&str, &str)> = vuln
        .all("STIG_DATA")
        .map(|data| {
            assert!(data.is_sequence("VULN_ATTRIBUTE ATTRIBUTE_DATA"));
            (data.one("VULN_ATTRIBUTE").text.as_str(), data.one("ATTRIBUTE_DATA").text.as_str())
        })
        .collect();
    let names: Vec<&str> = data.iter().map(|(name, _)| *name).filter(|name| *name != "CCI_REF").collect();
    let order = "Vuln_Num Severity Group_Title Rule_ID Rule_Ver Rule_Title Vuln_Discuss IA_Controls Check_Content Fix_Text False_Positives False_Negatives Documentable Mitigations Potential_Impact Third_Party_Tools Mitigation_Control Responsibility Security_Override_Guidance Check_Content_Ref Weight Class STIGRef TargetKey STIG_UUID LEGACY_ID LEGACY_ID";
    assert_eq!(names.join(" "), order);
    assert_eq!(data.iter().filter(|(name, _)| *name == "CCI_REF").count(), rule.ccis.len());
    let value = |name: &str| data.iter().find(|(known, _)| *known == name).unwrap().1;
    assert_eq!(value("Severity"), rule.severity.name());
    assert!(value("Rule_ID").ends_with("_rule") && is_uuid(value("STIG_UUID")));
    assert!(["Unclass", "FOUO", "CUI"].contains(&value("Class")));
    assert!(value("STIGRef").contains(" :: Version ") && value("STIGRef").contains(", Release: "));
    let status = &vuln.one("STATUS").text;
    let wanted = match rule.status {
        Status::Open => "Open",
        Status::NotReviewed => "Not_Reviewed",
        Status::NotAFinding => "NotAFinding",
        Status::NotApplicable => "Not_Applicable",
    };
    assert_eq!(status, wanted);
    for element in ["FINDING_DETAILS", "COMMENTS"] {
        assert!(!vuln.one(element).text.is_empty(), "{element}");
    }
    check_reason(rule, &vuln.one("FINDING_DETAILS").text);
    let given = &vuln.one("SEVERITY_OVERRIDE").text;
    assert_eq!(*given, rule.severity_override.as_ref().map_or("", |given| given.severity.name()));
    vuln.walk(&mut |element| check_text(&element.text));
    (value("Rule_ID").to_owned(), status.clone())
}

/// Checks a CKLB as its schema and its importers do; returns (`rule_id_src`, status) of each rule.
pub(crate) fn check_cklb(document: &str, assessment: &Assessment, strict: bool) -> Vec<(String, String)> {
    assert!(document.starts_with('{') && document.ends_with("}\n") && !document.contains(": null"));
    let root: Value = serde_json::from_str(document).unwrap();
    let keys = |value: &Value| -> BTreeSet<String> { value.as_object().unwrap().keys().cloned().collect() };
    let words = |words: &str| -> BTreeSet<String> { words.split(' ').map(str::to_owned).collect() };
    assert_eq!(keys(&root), words("title id active mode has_path target_data stigs cklb_version"));
    assert_eq!((root["cklb_version"].as_str(), root["active"].as_bool()), (Some("1.0"), Some(false)));
    let target = &root["target_data"];
    assert_eq!(
        keys(target),
        words(
            "target_type host_name ip_address mac_address fqdn comments role is_web_database technology_area web_db_site web_db_instance"
        )
    );
    assert!(!target["host_name"].as_str().unwrap().is_empty());
    let stig = &root["stigs"][0];
    let mut wanted = words("stig_name display_name stig_id release_info uuid reference_identifier size rules");
    if !strict {
        wanted.insert("version".to_owned());
    }
    assert_eq!(keys(stig), wanted);
    assert!(is_release(stig["release_info"].as_str().unwrap()));
    assert!(is_uuid(root["id"].as_str().unwrap()) && is_uuid(stig["uuid"].as_str().unwrap()));
    let rules = stig["rules"].as_array().unwrap();
    assert_eq!((rules.len(), stig["size"].as_u64()), (assessment.rules.len(), Some(rules.len() as u64)));
    let rule_keys = words(
        "group_id_src group_tree group_id severity group_title rule_id_src rule_id rule_version rule_title fix_text weight check_content check_content_ref classification discussion false_positives false_negatives documentable security_override_guidance potential_impacts third_party_tools ia_controls responsibility mitigations mitigation_control legacy_ids ccis reference_identifier uuid stig_uuid status overrides comments finding_details",
    );
    let mut uuids = BTreeSet::new();
    rules
        .iter()
        .zip(&assessment.rules)
        .map(|(found, rule)| {
            assert_eq!(keys(found), rule_keys);
            let text = |key: &str| found[key].as_str().unwrap_or_else(|| panic!("{key} is a text")).to_owned();
            assert!(is_uuid(&text("uuid")) && uuids.insert(text("uuid")));
            assert_eq!(text("stig_uuid"), stig["uuid"].as_str().unwrap());
            assert_eq!(text("severity"), rule.severity.name());
            assert_eq!(format!("{}_rule", text("rule_id")), text("rule_id_src"));
            assert!(found["weight"].is_string() && found["documentable"].is_string());
            assert!(!text("finding_details").is_empty() && !text("comments").is_empty());
            assert_eq!(text("status"), serde_json::to_value(rule.status).unwrap().as_str().unwrap());
            for text in found.as_object().unwrap().values().filter_map(Value::as_str) {
                check_text(text);
            }
            check_reason(rule, &text("finding_details"));
            (text("rule_id_src"), text("status"))
        })
        .collect()
}

/// Checks an XCCDF file as its schema and its importers do; returns (rule, result) of each rule.
pub(crate) fn check_xccdf(document: &str, assessment: &Assessment) -> Vec<(String, String)> {
    assert!(document.matches('&').count() <= REFERENCES);
    let root = parse(document);
    assert_eq!(root.name, "Benchmark");
    assert!(
        root.is_sequence("status title description notice plain-text version metadata Group* TestResult"),
        "{:?}",
        root.names()
    );
    assert!(root.attribute("id").starts_with("xccdf_mil.disa.stig_benchmark_"));
    assert!(is_release(&root.one("plain-text").text));
    let mut ids = BTreeSet::new();
    let name = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b));
    root.walk(&mut |element| {
        if let Some((_, id)) = element.attributes.iter().find(|(key, _)| key == "id")
            && element.name != "benchmark"
        {
            assert!(name(id) && ids.insert(id.clone()), "{id}");
        }
        // A rule's description is several texts in one.
        if element.name != "description" {
            check_text(&element.text);
        }
    });
    for group in root.all("Group") {
        assert!(group.is_sequence("title description Rule"));
        let rule = group.one("Rule");
        assert!(rule.is_sequence("version title description reference ident* fixtext fix check"), "{:?}", rule.names());
        assert!(rule.attribute("id").starts_with("xccdf_mil.disa.stig_rule_"));
        assert_eq!(rule.one("fixtext").attribute("fixref"), rule.one("fix").attribute("id"));
    }
    let result = root.one("TestResult");
    assert!(result.is_sequence("benchmark title identity target target-address* target-facts rule-result* score"));
    assert!(result.attribute("test-system").starts_with("cpe:/a:mke-stig:mke-stig:"));
    assert!(result.attribute("end-time").len() > 18);
    let score: f64 = result.one("score").text.parse().unwrap();
    assert!((0.0..=100.0).contains(&score));
    let results: Vec<&Element> = result.all("rule-result").collect();
    assert_eq!((results.len(), root.all("Group").count()), (assessment.rules.len(), assessment.rules.len()));
    let rules = root.all("Group").map(|group| group.one("Rule").attribute("id"));
    results
        .iter()
        .zip(&assessment.rules)
        .zip(rules)
        .map(|((found, rule), id)| {
            assert!(found.is_sequence("result ident* message check"));
            assert_eq!((found.attribute("idref"), found.attribute("severity")), (id, rule.severity.name()));
            let outcome = &found.one("result").text;
            assert_eq!(outcome, wanted_outcome(rule));
            let content = found.one("check").one("check-content");
            assert_eq!(content.one("m:detail").text, found.one("message").text);
            assert!(!content.one("m:comment").text.is_empty());
            check_reason(rule, &found.one("message").text);
            (id.to_owned(), outcome.clone())
        })
        .collect()
}

fn wanted_outcome(rule: &RuleResult) -> &'static str {
    match (rule.status, rule.reason.as_ref().map(|reason| reason.code)) {
        (Status::Open, _) => "fail",
        (Status::NotAFinding, _) => "pass",
        (Status::NotApplicable, _) => "notapplicable",
        (_, Some(ReasonCode::RuleError)) => "error",
        (_, Some(ReasonCode::NeedsPerson | ReasonCode::NeedsSsp)) => "notchecked",
        (_, Some(ReasonCode::AnswerExpired | ReasonCode::EvidenceChanged)) => "notchecked",
        _ => "unknown",
    }
}
