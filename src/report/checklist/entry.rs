//! What CKL, CKLB and XCCDF share: the asset, the benchmark and one entry per rule, in the values
//! that their importers accept.
//!
//! Importers refuse a whole file for one value: an address that is none, a bare host name, an empty rule id. Such values
//! are dropped or replaced here, once for the three formats.

use core::net::IpAddr;

use crate::model::assessment::{Assessment, Official, RuleResult};
use crate::model::display;
use crate::model::labels;
use crate::report::base::limit::{fit, units};
use crate::report::base::prose::{Form, details, marking_line, plain, remarks};
use crate::report::base::types::Choices;
use crate::report::base::{extract, ident, time};

/// What stands for the description where no benchmark was given.
const OWN_WORDS: &str = "The texts of these rules are in this program's own words, not the benchmark's; with the benchmark's \
                         file at hand, analyze with --benchmark.";

/// Units of a name that importers keep.
const NAME: usize = 255;

/// An assessment as checklists tell it.
pub(crate) struct Checklist<'a> {
    pub(crate) assessment: &'a Assessment,
    /// Never empty, on one line.
    pub(crate) host_name: String,
    /// Empty, or a name with its domain: an importer refuses the file for a bare host name.
    pub(crate) fqdn: String,
    /// Addresses alone: an importer refuses the file for anything else.
    pub(crate) ips: Vec<String>,
    pub(crate) macs: Vec<String>,
    pub(crate) marking: String,
    /// A summary of the asset, with the marking or that none was set.
    pub(crate) remark: String,
    pub(crate) stig_id: String,
    pub(crate) title: String,
    pub(crate) version: String,
    /// `Release: 1 Benchmark Date: 24 Jul 2024`
    pub(crate) release_info: String,
    pub(crate) description: String,
    pub(crate) notice: String,
    /// `UNCLASSIFIED`, `UNCLASSIFIED//FOR OFFICIAL USE ONLY` or `CUI`.
    pub(crate) classification: &'static str,
    /// `Unclass`, `FOUO` or `CUI`.
    pub(crate) class: &'static str,
    /// Who published the texts.
    pub(crate) source: String,
    /// The file that the texts are from.
    pub(crate) file_name: String,
    pub(crate) target_key: String,
    pub(crate) uuid: String,
    pub(crate) stig_uuid: String,
    pub(crate) entries: Vec<Entry<'a>>,
}

/// One rule of a checklist.
pub(crate) struct Entry<'a> {
    pub(crate) rule: &'a RuleResult,
    /// `SV-…_rule`; never empty.
    pub(crate) rule_id: String,
    /// `high`, `medium` or `low`: the STIG's.
    pub(crate) severity: &'static str,
    /// The official texts, or the pack's own in their places.
    pub(crate) texts: Official,
    pub(crate) target_key: String,
    pub(crate) uuid: String,
    pub(crate) details: String,
    pub(crate) comment: String,
    /// Another severity and why, where the site gives one.
    pub(crate) severity_override: Option<(&'static str, String)>,
}

impl<'a> Checklist<'a> {
    /// The checklist of an assessment; `summary` says what the asset is.
    pub(crate) fn of(assessment: &'a Assessment, choices: &Choices, summary: &str) -> Self {
        let (asset, benchmark) = (&assessment.asset, &assessment.benchmark);
        let form = Form::checklist(choices);
        let host_name = or(&name(&asset.name), "mke-cluster");
        let stig_id = or(&name(&benchmark.id), "unknown");
        let version = or(&digits(&benchmark.version), "0");
        let release = or(&digits(&benchmark.release), "0");
        let (classification, class) = classification(&benchmark.classification);
        let file_name = benchmark.source.as_ref().map_or_else(
            || format!("{} {}", assessment.tool.pack.id, assessment.tool.pack.version),
            |file| file.name.clone(),
        );
        let stig_uuid = ident::uuid(&["stig", &stig_id, &version, &release]);
        let uuid = ident::uuid(&["checklist", &host_name, &stig_id, &version, &release]);
        let target_key = benchmark.target_key.as_deref().map(name).unwrap_or_default();
        let mut checklist = Self {
            assessment,
            fqdn: asset.fqdn.as_deref().filter(|name| is_domain(name)).unwrap_or_default().to_owned(),
            ips: asset.ips.iter().filter(|ip| ip.parse::<IpAddr>().is_ok()).take(16).cloned().collect(),
            macs: asset.macs.iter().filter(|mac| is_mac(mac)).take(16).cloned().collect(),
            marking: extract::marking(assessment).map(name).unwrap_or_default(),
            remark: plain(&format!("{summary}\n{}", marking_line(assessment)), form),
            title: or(&name(&benchmark.title), &stig_id),
            release_info: format!("Release: {release} Benchmark Date: {}", time::benchmark_day(&benchmark.date)),
            version,
            description: plain(benchmark.description.as_deref().unwrap_or(OWN_WORDS), form),
            notice: benchmark.notice.as_deref().map(name).unwrap_or_default(),
            classification,
            class,
            source: if benchmark.source.is_some() { "STIG.DOD.MIL" } else { "mke-stig" }.to_owned(),
            file_name: name(&file_name),
            target_key,
            uuid,
            stig_uuid,
            entries: Vec::new(),
            host_name,
            stig_id,
        };
        checklist.entries = assessment.rules.iter().map(|rule| Entry::of(&checklist, assessment, rule, form)).collect();
        checklist
    }

    /// `<title> :: Version 2, Release: 1 Benchmark Date: 24 Jul 2024`
    pub(crate) fn stig_ref(&self) -> String {
        format!("{} :: Version {}, {}", self.title, self.version, self.release_info)
    }
}

impl<'a> Entry<'a> {
    fn of(checklist: &Checklist<'a>, assessment: &Assessment, rule: &'a RuleResult, form: Form) -> Self {
        let texts = texts(rule, form);
        let given = or(&name(&rule.rule_id), &name(&rule.id));
        let rule_id = if given.ends_with("_rule") { given } else { format!("{given}_rule") };
        let target_key = texts.target_key.as_deref().map_or_else(|| checklist.target_key.clone(), name);
        let severity_override = rule.severity_override.as_ref().map(|given| {
            let why = format!("{} ({}, {})", given.justification, given.reviewer, given.date);
            (given.severity.name(), plain(&why, form))
        });
        Self {
            rule,
            severity: rule.severity.name(),
            target_key,
            uuid: ident::uuid(&["rule", &checklist.uuid, &rule.id, &rule_id]),
            details: details(rule, form),
            comment: remarks(assessment, rule, form),
            severity_override,
            texts,
            rule_id,
        }
    }
}

/// The official texts of a rule, or the pack's own in their places, as importers keep them.
fn texts(rule: &RuleResult, form: Form) -> Official {
    let mut texts = rule.official.clone().unwrap_or_else(|| Official {
        group_title: rule.srg.clone(),
        title: rule.title.clone(),
        discussion: rule.why.clone(),
        check: rule.how.clone(),
        fix: rule.fix.clone(),
        ..Official::default()
    });
    for (text, default) in [
        (&mut texts.weight, "10.0"),
        (&mut texts.documentable, "false"),
        (&mut texts.check_ref_name, "M"),
        (&mut texts.check_ref_href, ""),
        (&mut texts.check_system, ""),
        (&mut texts.fix_id, ""),
    ] {
        *text = or(&name(text), default);
    }
    let official = Form { safe_text: false, ..form };
    for text in [&mut texts.group_title, &mut texts.title] {
        *text = display::one_line(text);
    }
    for text in [
        &mut texts.group_title,
        &mut texts.title,
        &mut texts.discussion,
        &mut texts.check,
        &mut texts.fix,
        &mut texts.false_positives,
        &mut texts.false_negatives,
        &mut texts.mitigations,
        &mut texts.severity_override_guidance,
        &mut texts.potential_impacts,
        &mut texts.third_party_tools,
        &mut texts.mitigation_control,
        &mut texts.responsibility,
        &mut texts.ia_controls,
    ] {
        // The benchmark's own words are no finding details, so they stay as they are.
        *text = plain(text, official);
    }
    texts.legacy_ids = texts.legacy_ids.iter().map(|id| name(id)).collect();
    texts
}

/// A benchmark's classification in the two spellings of checklists; importers know no others.
fn classification(text: &str) -> (&'static str, &'static str) {
    match text.trim().to_ascii_uppercase().as_str() {
        "CUI" => ("CUI", "CUI"),
        "FOUO" | "UNCLASSIFIED//FOR OFFICIAL USE ONLY" => ("UNCLASSIFIED//FOR OFFICIAL USE ONLY", "FOUO"),
        _ => ("UNCLASSIFIED", "Unclass"),
    }
}

/// What the asset of the cluster's checklist is.
pub(crate) fn cluster_summary(assessment: &Assessment) -> String {
    let (snapshot, coverage) = (&assessment.snapshot, &assessment.summary.coverage);
    let known = |value: &Option<String>| value.as_deref().map_or_else(|| "not stated".to_owned(), name);
    format!(
        "Mirantis Kubernetes Engine cluster {}, MKE {}; {} of {} {} delivered everything that the rules read.",
        known(&snapshot.cluster_id),
        known(&snapshot.mke_version),
        coverage.complete,
        coverage.nodes,
        labels::plural(coverage.nodes, "node", "nodes")
    )
}

/// A text on one line, within what importers keep of a name.
pub(crate) fn name(text: &str) -> String {
    let line = display::one_line(display::cut(text, NAME));
    if units(&line) <= NAME {
        return line;
    }
    // A note about the cut would not be part of a name.
    fit(&line, NAME).split("\n[cut").next().unwrap_or_default().trim().to_owned()
}

fn or(text: &str, default: &str) -> String {
    if text.is_empty() { default.to_owned() } else { text.to_owned() }
}

/// A version or release as readers parse it: digits, with a part behind a dot at most.
fn digits(text: &str) -> String {
    let plain = |part: &str| !part.is_empty() && part.len() <= 6 && part.bytes().all(|b| b.is_ascii_digit());
    let text = text.trim();
    let whole = plain(text) || text.split_once('.').is_some_and(|(a, b)| plain(a) && plain(b));
    if whole { text.to_owned() } else { String::new() }
}

/// A domain name with at least two parts.
fn is_domain(text: &str) -> bool {
    let part = |part: &str| {
        (1..=63).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    };
    text.len() <= 253 && text.contains('.') && text.split('.').all(part)
}

fn is_mac(text: &str) -> bool {
    let bytes: Vec<&str> = text.split([':', '-']).collect();
    bytes.len() == 6 && bytes.iter().all(|byte| byte.len() == 2 && byte.bytes().all(|b| b.is_ascii_hexdigit()))
}
