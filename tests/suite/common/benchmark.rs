//! Benchmarks as DISA lays them out, with invented texts.

use std::fmt::Write as _;

use super::packs;

/// One rule of an invented benchmark.
#[derive(Debug, Clone)]
pub(crate) struct Invented {
    pub vuln_id: String,
    pub rule_id: String,
    pub stig_id: String,
    pub severity: String,
    pub check: String,
}

/// The rules of the built-in pack, with invented texts.
pub(crate) fn of_pack() -> Vec<Invented> {
    packs()[0]
        .rules
        .iter()
        .map(|rule| Invented {
            vuln_id: rule.id.clone(),
            rule_id: rule.texts.rule_id.clone(),
            stig_id: rule.texts.stig_id.clone(),
            severity: rule.severity.name().to_owned(),
            check: format!("Invented check of {}: if x < 1 & y, look again.", rule.id),
        })
        .collect()
}

/// An invented later release: one rule removed, one with another revision, two added; 45 in all.
pub(crate) fn later() -> Vec<Invented> {
    let mut rules = of_pack();
    rules.retain(|rule| rule.vuln_id != "V-260905");
    let changed = rules.iter_mut().find(|rule| rule.vuln_id == "V-260914").unwrap();
    "SV-260914r2000001_rule".clone_into(&mut changed.rule_id);
    for number in [270_001, 270_002] {
        rules.push(Invented {
            vuln_id: format!("V-{number}"),
            rule_id: format!("SV-{number}r2000002_rule"),
            stig_id: format!("CNTR-MK-{number}"),
            severity: "high".to_owned(),
            check: format!("Invented check of V-{number}."),
        });
    }
    rules
}

/// A text as XML holds it.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// The rules as XCCDF 1.1, as DISA writes it: on one line, with a byte order mark.
pub(crate) fn xccdf(id: &str, release: &str, rules: &[Invented]) -> String {
    let mut text = format!(
        "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?><?xml-stylesheet type='text/xsl' href='x.xsl'?>\
         <Benchmark xmlns:dc=\"http://purl.org/dc/elements/1.1/\" id=\"{id}\" xml:lang=\"en\" \
         xmlns=\"http://checklists.nist.gov/xccdf/1.1\"><status date=\"2030-01-01\">accepted</status>\
         <title>Invented guide</title><description>Invented description.</description>\
         <notice id=\"terms-of-use\" xml:lang=\"en\"></notice><front-matter></front-matter>\
         <reference href=\"https://x.test\"><dc:publisher>X</dc:publisher><dc:source>X.TEST</dc:source></reference>\
         <plain-text id=\"release-info\">{release}</plain-text><plain-text id=\"generator\">3.5</plain-text>\
         <version>2</version>"
    );
    for profile in ["MAC-1_Public", "MAC-2_Public"] {
        let _ = write!(text, "<Profile id=\"{profile}\"><title>{profile}</title><description></description>");
        for rule in rules {
            let _ = write!(text, "<select idref=\"{}\" selected=\"true\"></select>", rule.vuln_id);
        }
        text.push_str("</Profile>");
    }
    for rule in rules {
        let number = rule.vuln_id.trim_start_matches("V-");
        let discussion = format!(
            "<VulnDiscussion>Invented reason of {number}, with <angle> & more.</VulnDiscussion><FalsePositives></FalsePositives>\
             <Documentable>false</Documentable><Mitigations>Invented mitigation.</Mitigations>\
             <Responsibility>A</Responsibility><Responsibility>B</Responsibility><IAControls></IAControls>"
        );
        let _ = write!(
            text,
            "<Group id=\"{}\"><title>SRG-APP-{number}</title><description>&lt;GroupDescription&gt;&lt;/GroupDescription&gt;</description>\
             <Rule id=\"{}\" weight=\"10.0\" severity=\"{}\"><version>{}</version><title>Invented title of {number}</title>\
             <description>{}</description><reference href=\"https://x.test\"><dc:identifier>9999</dc:identifier></reference>\
             <ident system=\"http://cyber.mil/legacy\">V-{}</ident><ident system=\"http://cyber.mil/cci\">CCI-000366</ident>\
             <fixtext fixref=\"F-{number}_fix\">Invented fix of {number}.</fixtext><fix id=\"F-{number}_fix\"></fix>\
             <check system=\"C-{number}_chk\"><check-content-ref href=\"X.xml\" name=\"M\"></check-content-ref>\
             <check-content>{}</check-content></check></Rule></Group>",
            rule.vuln_id,
            rule.rule_id,
            rule.severity,
            rule.stig_id,
            escaped(&discussion),
            number.len(),
            escaped(&rule.check),
        );
    }
    text.push_str("</Benchmark>");
    text
}

/// The id under which DISA publishes the benchmark.
pub(crate) const ID: &str = "Mirantis_Kubernetes_Engine_STIG";

/// What a release says of itself.
pub(crate) const RELEASE: &str = "Release: 2 Benchmark Date: 05 Jan 2030";
