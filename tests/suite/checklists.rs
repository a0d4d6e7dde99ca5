//! Checklists by the rules of their importers, each restated here: the programs themselves run over
//! the same files in `.ci/formats.sh`.

mod dom;
mod rules;

use mke_stig::assess::{Options, assess};
use mke_stig::facts::Source;
use mke_stig::model::assessment::{
    Assessment, EvidenceStatus, Input, Official, Reason, ReasonCode, SeverityOverride, Status,
};
use mke_stig::model::severity::Severity;
use mke_stig::report::{Choices, File, Format, comment, finding_details, render, write_all};
use mke_stig::rules::Pack;
use proptest::prelude::*;

use crate::checklists::dom::parse;
use crate::checklists::rules::{UNITS, check_ckl, check_cklb, check_xccdf};
use crate::sample::{HOSTILE, OPEN, PASSES, UNKNOWN, hostile, large, line, node, rule, small};

const CHECKLISTS: [Format; 3] = [Format::Ckl, Format::Cklb, Format::Xccdf];

fn files(assessment: &Assessment, format: Format) -> Vec<File> {
    render(assessment, format, &Choices::default()).unwrap()
}

fn text_of(assessment: &Assessment, format: Format) -> String {
    files(assessment, format).remove(0).text
}

/// Every format of an assessment, checked; the statuses of each.
fn checked(assessment: &Assessment) -> [Vec<(String, String)>; 3] {
    [
        check_ckl(&text_of(assessment, Format::Ckl), assessment),
        check_cklb(&text_of(assessment, Format::Cklb), assessment, false),
        check_xccdf(&text_of(assessment, Format::Xccdf), assessment),
    ]
}

/// An assessment of the sample snapshot.
fn sampled() -> Assessment {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/sample");
    assess(&[Source::Path(folder)], &[Pack::embedded()], &Options::default()).unwrap()
}

#[test]
fn every_rule_of_the_sample_reaches_every_format() {
    let assessment = sampled();
    let node = &assessment.snapshot.nodes[0];
    assert_eq!((node.name.as_str(), node.addresses.as_slice()), ("mgr-1", &["10.20.0.11".to_owned()][..]));
    assert_eq!(assessment.asset.ips, ["10.20.0.11", "10.20.0.12", "10.20.0.13"]);
    assert_eq!(
        (assessment.benchmark.id.as_str(), assessment.benchmark.date.as_str()),
        ("Mirantis_Kubernetes_Engine_STIG", "2024-07-24")
    );
    let [ckl, cklb, xccdf] = checked(&assessment);
    assert_eq!((ckl.len(), cklb.len(), xccdf.len()), (44, 44, 44));
    for ((ckl, cklb), xccdf) in ckl.iter().zip(&cklb).zip(&xccdf) {
        assert_eq!(ckl.0, cklb.0);
        assert_eq!(format!("xccdf_mil.disa.stig_rule_{}", ckl.0), xccdf.0);
    }
    for node in files(&assessment, Format::Ckl) {
        assert_eq!(node.path, "assessment.ckl", "no node without being asked");
    }
}

#[test]
fn hostile_and_large_assessments_keep_the_formats() {
    for assessment in [small(), large(), hostile()] {
        checked(&assessment);
    }
    let mut unnamed = small();
    unnamed.asset.name = "\u{1b}\0 ".to_owned();
    unnamed.benchmark.date = "soon".to_owned();
    unnamed.benchmark.release = "one".to_owned();
    unnamed.snapshot.collected_at = None;
    unnamed.rules[UNKNOWN].rule_id = "SV-260903r986160".to_owned();
    unnamed.rules[PASSES].rule_id = String::new();
    let [ckl, ..] = checked(&unnamed);
    assert_eq!((ckl[0].0.as_str(), ckl[1].0.as_str()), ("SV-260903r986160_rule", "V-260908_rule"));
    let xccdf = parse(&text_of(&unnamed, Format::Xccdf));
    assert_eq!(xccdf.one("TestResult").attribute("end-time"), "1970-01-01T00:00:00Z");
    let facts = xccdf.one("TestResult").one("target-facts");
    assert!(facts.children.iter().any(|fact| fact.text.starts_with("not stated")));
}

#[test]
fn every_render_gives_the_same_bytes() {
    let choices = Choices { per_node: true, safe_text: true, strict_cklb: true };
    for format in CHECKLISTS {
        let mut assessment = large();
        assessment.snapshot.nodes.truncate(3);
        let first = render(&assessment, format, &choices).unwrap();
        assert_eq!(first, render(&assessment.clone(), format, &choices).unwrap());
    }
}

#[test]
fn a_file_never_has_more_references_than_importers_count() {
    let mut assessment = large();
    for rule in &mut assessment.rules {
        for text in [&mut rule.how, &mut rule.why, &mut rule.fix, &mut rule.reading, &mut rule.comment] {
            *text = "<&".repeat(40_000);
        }
        rule.evidence.iter_mut().for_each(|line| line.seen = "<&".repeat(500));
    }
    checked(&assessment);
}

#[test]
fn long_values_are_cut_with_a_note() {
    let mut assessment = small();
    assessment.rules[OPEN].evidence[0].seen = "x".repeat(1_048_576);
    assessment.rules[OPEN].comment = "\u{1f600}".repeat(40_000);
    assessment.rules[OPEN].evidence_omitted = 3;
    assessment.rules[UNKNOWN].reason.as_mut().unwrap().text = "word ".repeat(20_000);
    assessment.rules[OPEN].evidence.extend((0..5_000).map(|number| {
        let mut line = line(EvidenceStatus::Fails, "/same", "host", 1);
        line.pointer = format!("/{number}");
        line
    }));
    checked(&assessment);
    let details = finding_details(&assessment.rules[OPEN], &Choices::default());
    assert!(details.starts_with("Open: 2 of 5 objects break the rule.\n"));
    assert!(details.contains("more lines of evidence stand in assessment.json."), "{details}");
    assert!(details.contains("3 further lines of evidence were counted and not kept."), "{details}");
    let comment = comment(&assessment, &assessment.rules[OPEN], &Choices::default());
    assert!(comment.encode_utf16().count() <= UNITS && comment.contains("[cut here: "));
    let details = finding_details(&assessment.rules[UNKNOWN], &Choices::default());
    assert!(details.starts_with("Not Reviewed (missing): Evidence is not in the snapshot. word"));
    assert!(details.contains("[cut here: "));
}

#[test]
fn importers_get_only_what_they_take() {
    let mut assessment = small();
    assessment.asset.fqdn = Some("bare-host".to_owned());
    assessment.asset.ips = ["10.0.0.0/8", "node.example.test", "2001:db8::1", "192.0.2.7"].map(str::to_owned).to_vec();
    assessment.asset.macs = vec!["nonsense".to_owned(), "02:42:0a:14:00:0b".to_owned()];
    assessment.marking = Some("CUI".to_owned());
    let ckl = parse(&text_of(&assessment, Format::Ckl));
    let asset = ckl.one("ASSET");
    for (name, wanted) in
        [("HOST_FQDN", ""), ("HOST_IP", "2001:db8::1,192.0.2.7"), ("HOST_MAC", "02:42:0a:14:00:0b"), ("MARKING", "CUI")]
    {
        assert_eq!(asset.one(name).text, wanted, "{name}");
    }
    assert!(asset.one("TARGET_COMMENT").text.ends_with("\nMarking: CUI"));
    for format in CHECKLISTS {
        assert!(text_of(&small(), format).contains("No marking was set for this report."), "{format}");
    }
}

#[test]
fn severity_is_the_benchmarks_and_an_override_has_its_place() {
    let mut assessment = small();
    assessment.rules[OPEN].severity_override = Some(SeverityOverride {
        severity: Severity::Low,
        justification: "The pods are in a lab.".to_owned(),
        reviewer: "A. Reviewer".to_owned(),
        date: "2026-11-01".to_owned(),
    });
    assessment.rules[OPEN].risk_acceptance = Some("Until the move. (A. Reviewer, 2026-11-01)".to_owned());
    checked(&assessment);
    let why = "The pods are in a lab. (A. Reviewer, 2026-11-01)";
    let ckl = parse(&text_of(&assessment, Format::Ckl));
    let vuln = ckl.one("STIGS").one("iSTIG").all("VULN").nth(2).unwrap();
    assert_eq!(vuln.one("SEVERITY_OVERRIDE").text, "low");
    assert_eq!(vuln.one("SEVERITY_JUSTIFICATION").text, why);
    assert!(vuln.one("COMMENTS").text.contains("Risk accepted, the finding stays open: Until the move."));
    let cklb: serde_json::Value = serde_json::from_str(&text_of(&assessment, Format::Cklb)).unwrap();
    let rule = &cklb["stigs"][0]["rules"][2];
    assert_eq!((rule["severity"].as_str(), rule["status"].as_str()), (Some("high"), Some("open")));
    assert_eq!(rule["overrides"], serde_json::json!({ "severity": { "severity": "low", "reason": why } }));
    assert_eq!(cklb["stigs"][0]["rules"][0]["overrides"], serde_json::json!({}));
    let xccdf = parse(&text_of(&assessment, Format::Xccdf));
    let result = xccdf.one("TestResult").all("rule-result").nth(2).unwrap();
    let given = result.one("check").one("check-content").one("m:severity-override");
    assert_eq!((given.attribute("severity"), given.text.as_str()), ("low", why));
}

#[test]
fn official_texts_stand_where_they_were_given() {
    let mut assessment = small();
    assessment.benchmark.source = Some(Input {
        name: "U_MKE_V2R1_Manual-xccdf.xml".to_owned(),
        sha256: "ab".repeat(32),
        bytes: 7,
        holds: vec!["benchmark".to_owned()],
        taken_at: None,
    });
    assessment.benchmark.target_key = Some("5511".to_owned());
    let hostile = "</VulnDiscussion><Documentable>true</Documentable>";
    assessment.rules[UNKNOWN].official = Some(Official {
        title: "The official title".to_owned(),
        discussion: format!("Discussion; with `marks` {hostile}\r\nand lines"),
        check: "Check".to_owned(),
        check_system: "C-1_chk".to_owned(),
        check_ref_href: "MKE.xml".to_owned(),
        legacy_ids: vec!["V-1".to_owned(), "SV-1".to_owned()],
        fix_id: "F-1_fix".to_owned(),
        ..Official::default()
    });
    checked(&assessment);
    let ckl = text_of(&assessment, Format::Ckl);
    for wanted in ["The official title", "U_MKE_V2R1_Manual-xccdf.xml", "STIG.DOD.MIL", "<TARGET_KEY>5511</TARGET_KEY>"]
    {
        assert!(ckl.contains(wanted), "{wanted}");
    }
    let xccdf = parse(&text_of(&assessment, Format::Xccdf));
    let description = &xccdf.all("Group").next().unwrap().one("Rule").one("description").text;
    assert_eq!(description.matches("</VulnDiscussion>").count(), 1, "{description}");
    let safe = Choices { safe_text: true, ..Choices::default() };
    let ckl = render(&assessment, Format::Ckl, &safe).unwrap().remove(0).text;
    assert!(ckl.contains("Discussion; with `marks`"), "the benchmark's own words stay");
    assert!(!text_of(&small(), Format::Ckl).contains("STIG.DOD.MIL"), "own texts do not pass for the benchmark's");
}

#[test]
fn safe_text_spells_out_what_filters_refuse() {
    let mut assessment = small();
    assessment.rules[OPEN].evidence[0].seen = "a; cat ../../etc/passwd | sh $(id) `id` <script>&&".to_owned();
    assessment.rules[OPEN].comment = "rm -rf / ; --".to_owned();
    let safe = Choices { safe_text: true, ..Choices::default() };
    for text in [finding_details(&assessment.rules[OPEN], &safe), comment(&assessment, &assessment.rules[OPEN], &safe)]
    {
        for mark in [";", "|", "$", "`", "../", "<", ">", "&", "--"] {
            assert!(!text.contains(mark), "{mark}: {text}");
        }
    }
    let plain = finding_details(&assessment.rules[OPEN], &Choices::default());
    assert!(plain.contains("| sh $(id) `id` <script>&&"));
    check_ckl(&render(&assessment, Format::Ckl, &safe).unwrap()[0].text, &assessment);
}

#[test]
fn a_strict_cklb_has_no_version() {
    let strict = Choices { strict_cklb: true, ..Choices::default() };
    let document = render(&small(), Format::Cklb, &strict).unwrap().remove(0).text;
    check_cklb(&document, &small(), true);
    assert!(text_of(&small(), Format::Cklb).contains("\"version\": \"2\""));
}

/// Two nodes, one rule; what the rule says of the second.
fn of_second(change: impl FnOnce(&mut mke_stig::model::assessment::RuleResult)) -> (String, String) {
    let mut open = rule("V-260913", Severity::High, Status::Open);
    open.evidence =
        vec![line(EvidenceStatus::Fails, "/bad", "host", 1), line(EvidenceStatus::Passes, "/good", "private", 4)];
    open.evidence[1].node = Some("wrk-2".to_owned());
    change(&mut open);
    let mut assessment = crate::sample::assessment(vec![open]);
    assessment.snapshot.nodes = vec![node("wrk-1"), node("wrk-2")];
    let choices = Choices { per_node: true, ..Choices::default() };
    let files = render(&assessment, Format::Cklb, &choices).unwrap();
    let paths: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(paths, ["assessment.cklb", "nodes/wrk-1.cklb", "nodes/wrk-2.cklb"]);
    let document: serde_json::Value = serde_json::from_str(&files[2].text).unwrap();
    assert_eq!(document["target_data"]["host_name"], "wrk-2");
    let rule = &document["stigs"][0]["rules"][0];
    (rule["status"].as_str().unwrap().to_owned(), rule["finding_details"].as_str().unwrap().to_owned())
}

#[test]
fn what_is_not_shown_of_a_node_never_passes() {
    let status = |change: &dyn Fn(&mut mke_stig::model::assessment::RuleResult)| of_second(change).0;
    let gap = || Reason { code: ReasonCode::Partial, text: "1 of 2 nodes delivered it.".to_owned() };
    assert_eq!(status(&|_| {}), "not_a_finding");
    assert_eq!(status(&|rule| rule.evidence_omitted = 1), "not_reviewed");
    assert_eq!(status(&|rule| rule.gaps = vec![gap()]), "not_reviewed");
    assert_eq!(status(&|rule| drop(rule.evidence.pop())), "not_reviewed");
    assert_eq!(status(&|rule| rule.evidence[1].node = None), "not_a_finding");
    assert_eq!(status(&|rule| rule.evidence[0].node = None), "open");
    assert_eq!(status(&|rule| rule.evidence[0].node = Some("wrk-2".to_owned())), "open");
    assert_eq!(status(&|rule| rule.evidence.push(line(EvidenceStatus::Unknown, "/x", "", 1))), "not_a_finding");
    let unknown = |node: Option<&str>| {
        let mut line = line(EvidenceStatus::Unknown, "/x", "", 1);
        line.node = node.map(str::to_owned);
        line
    };
    assert_eq!(status(&|rule| rule.evidence.push(unknown(Some("wrk-2")))), "not_reviewed");
    assert_eq!(status(&|rule| rule.evidence.push(unknown(None))), "not_reviewed");
    // Another node's own list holds; nothing is shown of this one.
    let other = |rule: &mut mke_stig::model::assessment::RuleResult| {
        rule.evidence[1].node = Some("wrk-3".to_owned());
        let mut line = line(EvidenceStatus::Passes, "/all", "", 1);
        line.node = None;
        rule.evidence.push(line);
    };
    assert_eq!(status(&other), "not_reviewed");
    let passing = |rule: &mut mke_stig::model::assessment::RuleResult| {
        rule.status = Status::NotAFinding;
        rule.evidence.remove(0);
    };
    assert_eq!(status(&passing), "not_a_finding");
    let (status, details) = of_second(|rule| {
        passing(rule);
        rule.evidence[0].node = Some("wrk-1".to_owned());
        rule.evidence_omitted = 9;
    });
    assert_eq!(status, "not_reviewed");
    assert!(details.contains("No evidence of wrk-2 is shown") && !details.contains("on wrk-1"), "{details}");
    let (status, details) = of_second(|rule| {
        rule.status = Status::NotReviewed;
        rule.reason = Some(gap());
        rule.evidence.clear();
    });
    assert_eq!(status, "not_reviewed");
    assert!(details.contains("1 of 2 nodes delivered it."), "{details}");
}

#[test]
fn a_checklist_of_each_node_keeps_the_formats() {
    let assessment = sampled();
    let choices = Choices { per_node: true, ..Choices::default() };
    for format in CHECKLISTS {
        let files = render(&assessment, format, &choices).unwrap();
        assert_eq!(files.len(), 1 + assessment.snapshot.nodes.len());
    }
    let cluster = &render(&assessment, Format::Ckl, &choices).unwrap()[0].text;
    assert_eq!(*cluster, text_of(&assessment, Format::Ckl));
    for node in &render(&assessment, Format::Ckl, &choices).unwrap()[1..] {
        let root = parse(&node.text);
        assert_eq!(root.one("STIGS").one("iSTIG").all("VULN").count(), 44);
    }
}

#[test]
fn names_of_nodes_stay_in_the_folder() {
    let mut assessment = small();
    for (node, name) in assessment.snapshot.nodes.iter_mut().zip(["../../outside", "CON", "a/b\\c\0<x>"]) {
        name.clone_into(&mut node.name);
    }
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    let choices = Choices { per_node: true, ..Choices::default() };
    let written = write_all(&assessment, &out, &CHECKLISTS, &choices).unwrap();
    assert_eq!(written.len(), 12);
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
    assert_eq!(std::fs::read_dir(out.join("nodes")).unwrap().count(), 9);
    for path in written {
        assert!(path.starts_with(&out) && path.is_file(), "{}", path.display());
    }
}

#[test]
fn nothing_is_left_where_a_checklist_cannot_be_written() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(dir.path().join("nodes/wrk-2.ckl")).unwrap();
    let choices = Choices { per_node: true, ..Choices::default() };
    write_all(&small(), dir.path(), &[Format::Ckl], &choices).unwrap_err();
    let names = |path: &str| std::fs::read_dir(dir.path().join(path)).unwrap().count();
    assert_eq!((names(""), names("nodes")), (1, 1));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// Text of any kind, from any field, is data: it comes back as the details say it, and the
    /// formats hold.
    #[test]
    fn any_text_is_data(parts in proptest::collection::vec(any::<String>(), 9), mark in 0_usize..8) {
        let marks = ["]]>", "<![CDATA[", "&lt;&#x1b;", "\u{fffe}\u{ffff}", "\u{1b}[31m\0", "=cmd()", "\u{202e}", HOSTILE];
        let text = |at: usize| format!("{}{}{}", parts[at], marks[mark], parts[(at + 1) % parts.len()]);
        let mut assessment = hostile();
        assessment.asset.name = text(0);
        assessment.asset.fqdn = Some(text(1));
        assessment.asset.ips = vec![text(2)];
        assessment.benchmark.id = text(3);
        assessment.benchmark.title = text(4);
        assessment.benchmark.version = text(5);
        assessment.benchmark.notice = Some(text(6));
        assessment.marking = Some(text(7));
        for rule in &mut assessment.rules {
            rule.rule_id = text(0);
            rule.comment = text(1);
            rule.ccis = vec![text(2)];
            rule.how = text(3);
            for line in &mut rule.evidence {
                line.seen = text(4);
                line.subject = text(5);
                line.node = Some(text(6));
            }
        }
        checked(&assessment);
        let choices = Choices::default();
        let ckl = parse(&text_of(&assessment, Format::Ckl));
        let cklb: serde_json::Value = serde_json::from_str(&text_of(&assessment, Format::Cklb)).unwrap();
        for (at, (vuln, rule)) in ckl.one("STIGS").one("iSTIG").all("VULN").zip(&assessment.rules).enumerate() {
            let (details, said) = (finding_details(rule, &choices), comment(&assessment, rule, &choices));
            prop_assert_eq!(&vuln.one("FINDING_DETAILS").text, &details);
            prop_assert_eq!(&vuln.one("COMMENTS").text, &said);
            prop_assert_eq!(cklb["stigs"][0]["rules"][at]["finding_details"].as_str(), Some(details.as_str()));
            prop_assert_eq!(cklb["stigs"][0]["rules"][at]["comments"].as_str(), Some(said.as_str()));
        }
    }
}
