//! The formats that other programs read: whole, parsable, the same each time, whatever the texts say.

pub(crate) mod every;
mod files;
mod oscal;
mod read;
mod sarif;

use mke_stig::model::assessment::{Assessment, ReasonCode, Status};
use mke_stig::report::{Choices, Format, check, render};
use proptest::prelude::*;

use crate::interchange::every::{every, filled};
use crate::interchange::read::{cases, json, rows, text};

const FORMATS: [Format; 7] =
    [Format::Oscal, Format::Hdf, Format::Sarif, Format::Junit, Format::Csv, Format::Poam, Format::Evidence];

/// What XCCDF calls the outcome of each rule.
fn outcomes(assessment: &Assessment) -> Vec<&'static str> {
    let outcome = |status, code: Option<ReasonCode>| match (status, code) {
        (Status::Open, _) => "fail",
        (Status::NotAFinding, _) => "pass",
        (Status::NotApplicable, _) => "notapplicable",
        (_, Some(ReasonCode::RuleError)) => "error",
        (
            _,
            Some(
                ReasonCode::NeedsPerson
                | ReasonCode::NeedsSsp
                | ReasonCode::AnswerExpired
                | ReasonCode::EvidenceChanged,
            ),
        ) => "notchecked",
        _ => "unknown",
    };
    assessment.rules.iter().map(|rule| outcome(rule.status, rule.reason.as_ref().map(|reason| reason.code))).collect()
}

fn is(path: &str, extension: &str) -> bool {
    std::path::Path::new(path).extension().is_some_and(|found| found == extension)
}

#[test]
fn the_sample_has_every_status_and_reason() {
    let assessment = every();
    assert_eq!(check(&assessment), Vec::<String>::new());
    assert_eq!(assessment.rules.len(), 44);
    for code in ReasonCode::ALL {
        assert!(assessment.rules.iter().any(|rule| rule.reason.as_ref().is_some_and(|reason| reason.code == code)));
    }
}

#[test]
fn every_format_gives_the_same_bytes_twice_and_ends_its_last_line() {
    for format in FORMATS {
        let files = render(&every(), format, &Choices::default()).unwrap();
        assert_eq!(files, render(&every(), format, &Choices::default()).unwrap());
        for file in files {
            assert!(file.text.ends_with('\n') || file.text.is_empty(), "{}", file.path);
            let mark = file.text.starts_with('\u{feff}');
            assert_eq!(mark, is(&file.path, "csv"), "a byte order mark only where spreadsheets read: {}", file.path);
            assert_eq!(file.text.contains('\r'), is(&file.path, "csv"), "{}", file.path);
        }
    }
}

#[test]
fn hdf_says_of_44_rules_what_the_assessment_says() {
    let assessment = every();
    let run = json(&assessment, Format::Hdf);
    let controls = run["profiles"][0]["controls"].as_array().unwrap();
    assert_eq!(controls.len(), 44);
    for ((rule, control), outcome) in assessment.rules.iter().zip(controls).zip(outcomes(&assessment)) {
        assert_eq!(control["id"], rule.id.as_str());
        let results: Vec<&str> =
            control["results"].as_array().unwrap().iter().map(|result| result["status"].as_str().unwrap()).collect();
        let (wanted, least) = match outcome {
            "pass" => ("passed", 1),
            "fail" => ("failed", 1),
            "error" => ("error", 1),
            _ => ("skipped", 1),
        };
        assert!(results.len() >= least && results.iter().all(|status| *status == wanted), "{outcome}: {results:?}");
        if wanted == "skipped" {
            assert_eq!(results.len(), 1);
            assert!(!control["results"][0]["skip_message"].as_str().unwrap().is_empty());
        }
        let impact = match (outcome, rule.severity.name()) {
            ("notapplicable", _) => 0.0,
            (_, "high") => 0.7,
            (_, "medium") => 0.5,
            _ => 0.3,
        };
        assert_eq!(control["impact"], impact, "{}", rule.id);
    }
    let first = &controls[0]["tags"];
    assert_eq!((&first["severity"], &first["severityoverride"]), (&"high".into(), &"low".into()));
    assert_eq!(first["risk_acceptance"], "Accepted until the next release.");
    assert!(run["passthrough"]["marking"].as_str().unwrap().contains("no marking was set"));
}

#[test]
fn junit_counts_and_words_are_those_of_the_assessment() {
    let assessment = every();
    let page = text(&assessment, Format::Junit);
    let (suite, cases) = cases(&page);
    assert_eq!(cases.len(), 44);
    let outcomes = outcomes(&assessment);
    for ((rule, case), outcome) in assessment.rules.iter().zip(&cases).zip(&outcomes) {
        assert!(case.name.starts_with(&rule.id), "{}", case.name);
        let wanted = match *outcome {
            "pass" => "system-out",
            "fail" => "failure",
            "error" => "error",
            _ => "skipped",
        };
        assert_eq!(case.element, wanted, "{}", case.name);
        if wanted == "skipped" {
            assert!(
                case.message.starts_with("Not Reviewed") || case.message.starts_with("Not Applicable"),
                "{}",
                case.message
            );
        }
    }
    let count = |wanted: &[&str]| outcomes.iter().filter(|outcome| wanted.contains(outcome)).count().to_string();
    assert_eq!(suite["tests"], "44");
    assert_eq!(suite["failures"], count(&["fail"]));
    assert_eq!(suite["errors"], count(&["error"]));
    assert_eq!(suite["skipped"], count(&["notapplicable", "notchecked", "unknown"]));
    assert_eq!(suite["timestamp"], "2026-11-20T08:00:00", "without a zone");
    let root = page.lines().find(|line| line.starts_with("<testsuites")).unwrap();
    assert!(!root.contains("skipped"), "the root takes no such count");
}

#[test]
fn csv_has_a_row_for_each_rule_and_the_plan_one_for_each_open() {
    let assessment = every();
    let table = rows(&text(&assessment, Format::Csv));
    assert_eq!(table.len(), 45);
    let column = |name: &str| table[0].iter().position(|column| column == name).unwrap();
    for ((rule, row), outcome) in assessment.rules.iter().zip(&table[1..]).zip(outcomes(&assessment)) {
        assert_eq!((row[column("Vuln ID")].as_str(), row[column("Result")].as_str()), (rule.id.as_str(), outcome));
        assert_eq!(row.len(), table[0].len());
        assert_eq!(row[column("Marking")], "no marking was set by the assessor");
        if let Some(reason) = &rule.reason {
            assert!(row[column("Finding details")].contains(&reason.text));
        }
    }
    let plan = rows(&text(&assessment, Format::Poam));
    let open: Vec<&str> =
        assessment.rules.iter().filter(|rule| rule.status == Status::Open).map(|rule| rule.rule_id.as_str()).collect();
    assert_eq!(plan.len(), open.len() + 1);
    let column = |name: &str| plan[0].iter().position(|column| column == name).unwrap();
    for (row, id) in plan[1..].iter().zip(open) {
        assert!(row[column("Security Checks")].starts_with(id));
        assert_eq!(row[column("Status")], "Ongoing");
    }
    assert_eq!((plan[1][column("Raw Severity")].as_str(), plan[1][column("Severity")].as_str()), ("I", "High"));
    assert!(plan[1][column("Severity Override")].contains("The network is closed."));
    assert_eq!(plan[1][column("Risk Acceptance")], "Accepted until the next release.");
    assert!(plan[1][column("Devices Affected")].contains("wrk-000"));
}

#[test]
fn a_marking_stands_in_every_format() {
    let mut assessment = every();
    assessment.marking = Some("CUI".to_owned());
    let oscal = json(&assessment, Format::Oscal);
    let props = oscal["assessment-results"]["metadata"]["props"].as_array().unwrap();
    assert!(props.iter().any(|prop| prop["name"] == "marking" && prop["value"] == "CUI"));
    assert_eq!(json(&assessment, Format::Hdf)["passthrough"]["marking"], "CUI");
    assert_eq!(json(&assessment, Format::Sarif)["runs"][0]["properties"]["marking"], "CUI");
    assert!(text(&assessment, Format::Junit).contains("<property name=\"marking\" value=\"CUI\"/>"));
    for format in [Format::Csv, Format::Poam] {
        let table = rows(&text(&assessment, format));
        assert!(table[1..].iter().all(|row| row.last().unwrap() == "CUI"));
    }
    for file in render(&assessment, Format::Evidence, &Choices::default()).unwrap() {
        if is(&file.path, "md") {
            assert!(file.text.starts_with("**CUI**\n") && file.text.ends_with("**CUI**\n"));
        } else if is(&file.path, "json") {
            assert!(file.text.contains("\"marking\": \"CUI\""), "{}", file.path);
        }
    }
}

#[test]
fn a_time_that_no_source_states_is_told() {
    let mut assessment = every();
    assessment.snapshot.collected_at = None;
    let oscal = json(&assessment, Format::Oscal);
    let metadata = &oscal["assessment-results"]["metadata"];
    assert_eq!(metadata["last-modified"], "1970-01-01T00:00:00Z");
    assert!(metadata["remarks"].as_str().unwrap().contains("No source states when"));
    let hdf = json(&assessment, Format::Hdf);
    assert!(hdf["profiles"][0]["summary"].as_str().unwrap().contains("No source states when"));
    assert!(json(&assessment, Format::Sarif)["runs"][0]["invocations"][0].get("startTimeUtc").is_none());
    assert!(!text(&assessment, Format::Junit).contains("timestamp="));
}

/// Renders an assessment with this text everywhere in every format, and reads it back.
fn survives(hostile: &str) {
    let assessment = filled(hostile);
    let controls = json(&assessment, Format::Hdf)["profiles"][0]["controls"].as_array().unwrap().len();
    assert_eq!(controls, 44);
    oscal::holds_together(&json(&assessment, Format::Oscal), 44);
    sarif::holds_together(&json(&assessment, Format::Sarif), 44);
    assert_eq!(cases(&text(&assessment, Format::Junit)).1.len(), 44);
    let open = assessment.rules.iter().filter(|rule| rule.status == Status::Open).count();
    for (format, wanted) in [(Format::Csv, 44), (Format::Poam, open)] {
        let table = rows(&text(&assessment, format));
        assert_eq!(table.len(), wanted + 1);
        for cell in table[1..].iter().flatten() {
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell:?}");
            assert!(cell.encode_utf16().count() <= 32_767);
        }
    }
    files::holds_together(&render(&assessment, Format::Evidence, &Choices::default()).unwrap(), &assessment);
}

#[test]
fn hostile_texts_are_data_in_every_format() {
    for hostile in [
        crate::sample::HOSTILE,
        "=cmd|' /C calc'!A0",
        "]]>",
        "<!DOCTYPE x [<!ENTITY a \"b\">]>&a;",
        "\u{1b}[31m\0\u{fffe}\u{ffff}\u{feff}",
        "\u{202e}gpj.exe\u{2066}",
        "@x\ty\r\nz",
        "../../../etc/passwd",
        "..",
        "CON",
        " ",
        "",
        "\u{e0041}\u{10ffff}",
    ] {
        survives(hostile);
    }
}

#[test]
fn a_line_of_a_megabyte_is_cut_where_formats_have_bounds() {
    let long = format!("={}", "A<&\"\u{1b}é".repeat(180_000));
    let mut assessment = every();
    assessment.rules[0].evidence[0].seen.clone_from(&long);
    for format in FORMATS {
        for file in render(&assessment, format, &Choices::default()).unwrap() {
            let whole = format == Format::Evidence && file.path.contains("V-260903");
            assert!(whole || file.text.len() < 1_000_000, "{}: {}", file.path, file.text.len());
        }
    }
    let lines = render(&assessment, Format::Evidence, &Choices::default()).unwrap();
    let lines = &lines.iter().find(|file| file.path == "evidence/V-260903/evidence.jsonl").unwrap().text;
    let first: serde_json::Value = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
    assert_eq!(first["seen"], long.as_str(), "the folder keeps it whole");
    assert!(text(&assessment, Format::Csv).contains("assessment.json has them all"));
}

/// Lays assessments with every status, and with hostile texts, where `MKE_STIG_SAMPLES` says, for
/// checks with the programs of others.
#[test]
fn samples_for_other_programs() {
    let Some(dir) = std::env::var_os("MKE_STIG_SAMPLES") else { return };
    let dir = std::path::PathBuf::from(dir);
    std::fs::create_dir_all(&dir).unwrap();
    let hostile = filled(crate::sample::HOSTILE);
    let strange = filled("=1 \u{1b}\0\u{fffe}]]>\u{202e}");
    for (name, assessment) in [("every", every()), ("hostile", hostile), ("strange", strange)] {
        assert_eq!(check(&assessment), Vec::<String>::new());
        let json = render(&assessment, Format::Json, &Choices::default()).unwrap().remove(0);
        std::fs::write(dir.join(format!("{name}.json")), json.text).unwrap();
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]
    #[test]
    fn any_text_is_data_in_every_format(hostile in "(\\PC|[\\x00-\\x20]|[<&>\"'=+@;,\\]-]|\u{202e}|\u{fffe}){0,40}") {
        survives(&hostile);
    }
}
