//! `assessment.xccdf.xml`: XCCDF 1.2, the whole benchmark with the result inside, for some importers
//! read nothing from a bare result.

use crate::model::assessment::Status;
use crate::model::date::Day;
use crate::report::base::ident::Names;
use crate::report::base::outcome::Outcome;
use crate::report::base::xml::Xml;
use crate::report::base::{ident, time};
use crate::report::checklist::entry::{Checklist, Entry, name};

const XCCDF: &str = "http://checklists.nist.gov/xccdf/1.2";
const DUBLIN_CORE: &str = "http://purl.org/dc/elements/1.1/";
const CCI: &str = "http://cyber.mil/cci";
const LEGACY: &str = "http://cyber.mil/legacy";

/// Namespace of the elements that hold details and comment; an importer looks for their local names.
const OWN: &str = "urn:mke-stig:xccdf:1";

/// What names the checks of this program.
const CHECK: &str = "urn:mke-stig:check";

/// Rules that apply and are Not a Finding, in per cent; Not Reviewed counts against.
const SCORE: &str = "urn:mke-stig:score:not-a-finding-of-applicable";

/// Facts of this name set the fields of an asset in STIG Manager.
const ASSET_FACT: &str = "tag:stig-manager@users.noreply.github.com,2020:asset:";

/// Ids of one rule, as XML allows them.
struct Ids {
    group: String,
    rule: String,
    fix: String,
}

/// The checklist as one document.
pub(crate) fn render(checklist: &Checklist<'_>) -> String {
    let tool = &checklist.assessment.tool;
    let mut xml = Xml::with_comment(&format!("{} :: {}", name(&tool.name), name(&tool.version)));
    let benchmark = format!("xccdf_mil.disa.stig_benchmark_{}", Names::default().name(&checklist.stig_id));
    let (mut groups, mut rules, mut fixes) = (Names::default(), Names::default(), Names::default());
    let ids: Vec<Ids> = checklist
        .entries
        .iter()
        .map(|entry| {
            let id = name(&entry.rule.id);
            let digits = id.strip_prefix("V-").unwrap_or(&id);
            let fix =
                if entry.texts.fix_id.is_empty() { format!("F-{digits}_fix") } else { entry.texts.fix_id.clone() };
            Ids {
                group: format!("xccdf_mil.disa.stig_group_{}", groups.name(&id)),
                rule: format!("xccdf_mil.disa.stig_rule_{}", rules.name(&entry.rule_id)),
                fix: identifier("F", &fixes.name(&fix)),
            }
        })
        .collect();
    xml.open(
        "Benchmark",
        &[("xmlns", XCCDF), ("xmlns:dc", DUBLIN_CORE), ("id", &benchmark), ("resolved", "true"), ("xml:lang", "en")],
    );
    head(&mut xml, checklist);
    for (entry, ids) in checklist.entries.iter().zip(&ids) {
        group(&mut xml, checklist, entry, ids);
    }
    result(&mut xml, checklist, &benchmark, &ids);
    xml.finish()
}

/// A name that begins with a letter.
fn identifier(prefix: &str, name: &str) -> String {
    if name.starts_with(|c: char| c.is_ascii_alphabetic()) { name.to_owned() } else { format!("{prefix}_{name}") }
}

fn head(xml: &mut Xml, checklist: &Checklist<'_>) {
    let date = &checklist.assessment.benchmark.date;
    let dated = [("date", date.as_str())];
    xml.leaf("status", if Day::parse(date).is_some() { &dated } else { &[] }, "accepted");
    xml.text("title", &checklist.title);
    xml.text("description", &checklist.description);
    let notice = if checklist.notice.is_empty() { "terms-of-use" } else { &checklist.notice };
    xml.empty("notice", &[("id", &identifier("notice", &Names::default().name(notice))), ("xml:lang", "en")]);
    xml.leaf("plain-text", &[("id", "release-info")], &checklist.release_info);
    xml.text("version", &checklist.version);
    let publisher = publisher(checklist);
    xml.open("metadata", &[]);
    xml.text("dc:creator", publisher);
    xml.text("dc:publisher", publisher);
    xml.text("dc:source", &checklist.file_name);
    xml.close();
}

/// Who the texts are from: they are the benchmark's only where one was given.
fn publisher(checklist: &Checklist<'_>) -> &'static str {
    if checklist.assessment.benchmark.source.is_some() { "DISA" } else { "mke-stig" }
}

fn group(xml: &mut Xml, checklist: &Checklist<'_>, entry: &Entry<'_>, ids: &Ids) {
    let texts = &entry.texts;
    xml.open("Group", &[("id", &ids.group)]);
    xml.text("title", &texts.group_title);
    xml.text("description", "<GroupDescription></GroupDescription>");
    xml.open(
        "Rule",
        &[("id", &ids.rule), ("weight", weight(entry)), ("severity", entry.severity), ("selected", "true")],
    );
    xml.text("version", &name(&entry.rule.stig_id));
    xml.text("title", &texts.title);
    xml.text("description", &description(entry));
    xml.open("reference", &[]);
    xml.text("dc:publisher", publisher(checklist));
    xml.text("dc:subject", &checklist.title);
    if !entry.target_key.is_empty() {
        xml.text("dc:identifier", &entry.target_key);
    }
    xml.close();
    for cci in &entry.rule.ccis {
        xml.leaf("ident", &[("system", CCI)], &name(cci));
    }
    for id in &texts.legacy_ids {
        xml.leaf("ident", &[("system", LEGACY)], id);
    }
    xml.leaf("fixtext", &[("fixref", &ids.fix)], &texts.fix);
    xml.empty("fix", &[("id", &ids.fix)]);
    let system = if texts.check_system.is_empty() { CHECK.to_owned() } else { uri(&texts.check_system) };
    xml.open("check", &[("system", &system)]);
    if !texts.check_ref_href.is_empty() {
        let href = uri(&texts.check_ref_href);
        xml.empty("check-content-ref", &[("href", &href), ("name", &texts.check_ref_name)]);
    }
    xml.text("check-content", &texts.check);
    xml.close();
    xml.close();
    xml.close();
}

/// The elements that benchmarks hide, escaped, in a rule's description.
fn description(entry: &Entry<'_>) -> String {
    let texts = &entry.texts;
    let mut out = String::new();
    for (tag, text) in [
        ("VulnDiscussion", &texts.discussion),
        ("FalsePositives", &texts.false_positives),
        ("FalseNegatives", &texts.false_negatives),
        ("Documentable", &texts.documentable),
        ("Mitigations", &texts.mitigations),
        ("SeverityOverrideGuidance", &texts.severity_override_guidance),
        ("PotentialImpacts", &texts.potential_impacts),
        ("ThirdPartyTools", &texts.third_party_tools),
        ("MitigationControl", &texts.mitigation_control),
        ("Responsibility", &texts.responsibility),
        ("IAControls", &texts.ia_controls),
    ] {
        // Readers cut at these tags, so none may stand within.
        let text = text.replace(&format!("</{tag}>"), &format!("< /{tag}>"));
        out.push_str(&format!("<{tag}>{text}</{tag}>"));
    }
    out
}

fn weight<'e>(entry: &'e Entry<'_>) -> &'e str {
    let weight = entry.texts.weight.as_str();
    let decimal = weight.bytes().all(|b| b.is_ascii_digit() || b == b'.') && weight.parse::<f64>().is_ok();
    if decimal { weight } else { "10.0" }
}

/// A text where a URI must stand: anything that could not be in one is replaced.
fn uri(text: &str) -> String {
    let keep = |c: char| c.is_ascii_alphanumeric() || "-._~/:?=+,()".contains(c);
    text.chars().map(|c| if keep(c) { c } else { '_' }).collect()
}

fn result(xml: &mut Xml, checklist: &Checklist<'_>, benchmark: &str, ids: &[Ids]) {
    let assessment = checklist.assessment;
    let digests: Vec<&str> = assessment.snapshot.inputs.iter().map(|input| input.sha256.as_str()).collect();
    let id = format!("xccdf_mke-stig_testresult_{}", ident::uuid(&["result", &checklist.uuid, &digests.join(" ")]));
    let collected = time::collected(assessment);
    let time = collected.unwrap_or(time::UNKNOWN);
    let version = Names::default().name(&assessment.tool.version);
    let system = format!("cpe:/a:mke-stig:mke-stig:{version}");
    xml.open(
        "TestResult",
        &[("id", &id), ("test-system", &system), ("start-time", time), ("end-time", time), ("version", "1.0")],
    );
    xml.empty("benchmark", &[("href", benchmark), ("id", benchmark)]);
    xml.text("title", &format!("mke-stig: {}", checklist.host_name));
    xml.leaf("identity", &[("authenticated", "false"), ("privileged", "false")], "offline");
    xml.text("target", &checklist.host_name);
    for ip in &checklist.ips {
        xml.text("target-address", ip);
    }
    facts(xml, checklist, &digests, collected);
    for (entry, ids) in checklist.entries.iter().zip(ids) {
        rule_result(xml, entry, ids, time);
    }
    xml.leaf("score", &[("system", SCORE), ("maximum", "100")], &score(checklist));
}

/// Facts, and not remarks: some readers do not know those.
fn facts(xml: &mut Xml, checklist: &Checklist<'_>, digests: &[&str], collected: Option<&str>) {
    let ip = checklist.ips.join(",");
    let mac = checklist.macs.join(",");
    let digests = name(&digests.join(" "));
    xml.open("target-facts", &[]);
    let own = |fact: &str| format!("urn:mke-stig:fact:{fact}");
    let asset = |fact: &str| format!("{ASSET_FACT}{fact}");
    for (fact, value) in [
        ("urn:scap:fact:asset:identifier:host_name".to_owned(), checklist.host_name.as_str()),
        ("urn:scap:fact:asset:identifier:fqdn".to_owned(), &checklist.fqdn),
        (asset("name"), &checklist.host_name),
        (asset("description"), &checklist.remark),
        (asset("fqdn"), &checklist.fqdn),
        (asset("ip"), &ip),
        (asset("mac"), &mac),
        (own("marking"), if checklist.marking.is_empty() { "none was set" } else { &checklist.marking }),
        (own("collected-at"), collected.unwrap_or("not stated, so that the times here stand for none")),
        (own("snapshot-sha256"), &digests),
    ] {
        if !value.is_empty() {
            xml.leaf("fact", &[("name", &fact), ("type", "string")], value);
        }
    }
    xml.close();
}

fn rule_result(xml: &mut Xml, entry: &Entry<'_>, ids: &Ids, time: &str) {
    let rule = entry.rule;
    let stig_id = name(&rule.stig_id);
    xml.open(
        "rule-result",
        &[
            ("idref", &ids.rule),
            ("role", "full"),
            ("time", time),
            ("severity", entry.severity),
            ("version", &stig_id),
            ("weight", weight(entry)),
        ],
    );
    xml.text("result", Outcome::of(rule).xccdf());
    for cci in &rule.ccis {
        xml.leaf("ident", &[("system", CCI)], &name(cci));
    }
    // One and no more: with two an importer keeps neither.
    xml.leaf("message", &[("severity", "info")], &entry.details);
    xml.open("check", &[("system", CHECK)]);
    xml.open("check-content", &[]);
    let own = [("xmlns:m", OWN)];
    xml.leaf("m:detail", &own, &entry.details);
    xml.leaf("m:comment", &own, &entry.comment);
    if let Some((severity, why)) = &entry.severity_override {
        xml.leaf("m:severity-override", &[("xmlns:m", OWN), ("severity", severity)], why);
    }
    xml.close();
    xml.close();
    xml.close();
}

fn score(checklist: &Checklist<'_>) -> String {
    let count = |status| checklist.entries.iter().filter(|entry| entry.rule.status == status).count();
    let applicable = checklist.entries.len() - count(Status::NotApplicable);
    let tenths = (count(Status::NotAFinding) * 1_000).checked_div(applicable).unwrap_or(0);
    format!("{}.{}", tenths / 10, tenths % 10)
}
