//! Reports for people, and the document: what they show, and what hostile text cannot do to them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mke_stig::model::assessment::{Assessment, DecidedBy, Reason, ReasonCode, SCHEMA, SeverityOverride, Status};
use mke_stig::model::severity::{Cat, Severity};
use mke_stig::report::{Choices, Format, ReportError, check, parse, render, schema, terminal_summary};
use sha2::{Digest, Sha256};

use crate::sample::{HOSTILE, OPEN, PASSES, UNKNOWN, hostile, large, small};

/// The format's own file.
fn text_of(assessment: &Assessment, format: Format) -> String {
    render(assessment, format, &Choices::default()).unwrap().remove(0).text
}

/// The tags of a page (`<…>`), without the text between them and without style and script.
fn tags(page: &str) -> Vec<String> {
    let mut tags = Vec::new();
    let mut rest = without_blocks(page);
    while let Some(start) = rest.find('<') {
        let end = start + rest[start..].find('>').expect("every tag ends");
        tags.push(rest[start..=end].to_owned());
        rest = rest[end + 1..].to_owned();
    }
    tags
}

fn block<'a>(page: &'a str, name: &str) -> &'a str {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    assert_eq!(page.matches(&open).count(), 1, "one {open}");
    assert_eq!(page.matches(&close).count(), 1, "one {close}");
    let start = page.find(&open).unwrap() + open.len();
    &page[start..page.find(&close).unwrap()]
}

fn without_blocks(page: &str) -> String {
    let page = page.replace(block(page, "style"), "");
    let script = block(&page, "script").to_owned();
    page.replace(&script, "")
}

fn with(change: impl FnOnce(&mut Assessment)) -> Result<Assessment, ReportError> {
    let mut assessment = small();
    change(&mut assessment);
    parse(text_of(&assessment, Format::Json).as_bytes())
}

#[test]
fn terminal_summary_keeps_to_80_columns_and_prints_no_control() {
    for assessment in [small(), hostile(), large()] {
        for line in terminal_summary(&assessment).lines() {
            assert!(line.chars().all(|c| !c.is_control() && c != '\u{202e}'), "{line:?}");
            let one_word = !line.trim().contains(' ');
            assert!(line.chars().count() <= 80 || one_word, "{line:?}");
        }
    }
}

#[test]
fn json_survives_the_way_there_and_back() {
    for assessment in [small(), large(), hostile_with_true_ids()] {
        let json = text_of(&assessment, Format::Json);
        assert!(json.ends_with("}\n"));
        assert_eq!(parse(json.as_bytes()).unwrap(), assessment);
        let marked = format!("\u{feff}{json}");
        assert_eq!(parse(marked.as_bytes()).unwrap(), assessment);
    }
}

fn hostile_with_true_ids() -> Assessment {
    let mut assessment = hostile();
    for (rule, plain) in assessment.rules.iter_mut().zip(small().rules) {
        rule.id = plain.id;
    }
    assessment
}

/// The formats that these tests are about.
const PAGES: [Format; 3] = [Format::Html, Format::Markdown, Format::Json];

#[test]
fn every_render_gives_the_same_bytes() {
    for format in &PAGES {
        let first = text_of(&small(), *format);
        assert_eq!(first, text_of(&small(), *format), "{format}");
        assert!(first.ends_with('\n') && !first.contains('\r'), "{format}");
    }
}

#[test]
fn the_page_shows_every_rule_and_asks_nothing_of_elsewhere() {
    let mut assessment = small();
    "line 3".clone_into(&mut assessment.rules[PASSES].evidence[0].pointer);
    let page = text_of(&assessment, Format::Html);
    for rule in &assessment.rules {
        assert!(page.contains(&format!("id=\"{}\"", rule.id)));
        assert!(page.contains(&rule.rule_id) && page.contains(&rule.evidence_digest));
    }
    assert_eq!(page.matches("<details class=\"rule\"").count(), 7);
    for word in ["http://", "https://", "src=", "url(", "@import", "style=\"", "onclick"] {
        assert!(!page.contains(word), "{word}");
    }
    let page = page.replace("<wbr>", "");
    assert!(page.contains("No marking was set for this report."));
    assert!(page.contains("snapshot.tar.zst!nodes/wrk-1/docker/containers.json#/0/HostConfig/PidMode"));
    assert!(page.contains("info.json, line 3"));
}

#[test]
fn the_policy_allows_the_two_inline_blocks_and_nothing_else() {
    let page = text_of(&small(), Format::Html);
    let source = |name| {
        let digest = Sha256::digest(block(&page, name).as_bytes());
        format!("'sha256-{}'", STANDARD.encode(digest))
    };
    let policy = format!(
        "content=\"default-src 'none'; style-src {}; script-src {}; base-uri 'none'; form-action 'none'\"",
        source("style"),
        source("script")
    );
    assert!(page.contains(&policy), "{policy}");
}

#[test]
fn hostile_text_adds_no_tag_and_no_attribute() {
    let page = text_of(&hostile(), Format::Html);
    for c in ['\u{1b}', '\0', '\u{202e}', '\u{2066}', '\u{2028}'] {
        assert!(!page.contains(c), "{c:?}");
    }
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    assert!(page.contains(r"<i class=x>\u{1b}</i>"));
    assert!(page.contains("{{ 7*7 }}"), "templates in text stay text");
    for tag in tags(&page) {
        for word in ["alert", "onerror", "src", "evil", "{{"] {
            // A title shows text, so what it holds must be inside its quotes.
            let outside: String = tag.split('"').step_by(2).collect();
            assert!(!outside.contains(word), "{tag}");
        }
        let name = tag.trim_start_matches(['<', '/']);
        assert!(!name.starts_with("img"), "{tag}");
    }
}

#[test]
fn hostile_text_breaks_no_line_of_markdown() {
    let page = text_of(&hostile(), Format::Markdown);
    for c in ['\u{1b}', '\0', '\u{202e}', '\u{2066}', '\u{2028}'] {
        assert!(!page.contains(c), "{c:?}");
    }
    for word in ["<script", "<img", "](https:", "| **b**", "`code`"] {
        assert!(!page.contains(word), "{word}");
    }
    let pipes = |line: &str| line.replace("\\\\", "").replace("\\|", "").matches('|').count();
    let mut columns = 0;
    for line in page.lines() {
        assert!(!line.starts_with("# heading"), "{line}");
        if line.starts_with('|') {
            let now = pipes(line);
            assert!(columns == 0 || columns == now, "{line}");
            columns = now;
        } else {
            columns = 0;
        }
    }
}

#[test]
fn long_values_are_cut_on_pages_and_whole_in_json() {
    let mut assessment = small();
    assessment.rules[OPEN].evidence[0].seen = "x".repeat(1_048_576);
    for format in [Format::Html, Format::Markdown] {
        let page = text_of(&assessment, format);
        assert!(page.len() < 100_000, "{format}: {}", page.len());
        assert!(page.contains("the first 2,000 of 1,048,576 characters"));
    }
    assert!(text_of(&assessment, Format::Json).len() > 1_048_576);
}

#[test]
fn three_hundred_nodes_stay_readable() {
    for format in [Format::Html, Format::Markdown] {
        let page = text_of(&large(), format);
        assert!(page.len() < 1_000_000, "{format}: {}", page.len());
        assert!(page.contains("wrk-299"));
        assert!(page.contains("275 more lines like these are in assessment.json"));
    }
}

#[test]
fn a_marking_stands_at_both_ends() {
    let mut assessment = small();
    assessment.marking = Some("CUI//SP-ISVI".to_owned());
    let page = text_of(&assessment, Format::Html);
    assert_eq!(page.matches("<p class=\"marking\">CUI//SP-ISVI</p>").count(), 2);
    let page = text_of(&assessment, Format::Markdown);
    assert!(page.starts_with("**CUI//SP-ISVI**\n") && page.ends_with("**CUI//SP-ISVI**\n"));
    let page = terminal_summary(&assessment);
    assert!(page.starts_with("CUI//SP-ISVI\n") && page.ends_with("CUI//SP-ISVI\n"));
}

#[test]
fn what_is_no_assessment_is_named_as_such() {
    let json = text_of(&small(), Format::Json);
    let message = |bytes: &[u8]| parse(bytes).unwrap_err().to_string();
    assert!(message(b"PK\x03\x04").contains("not JSON"));
    assert!(message(&json.as_bytes()[..json.len() / 2]).contains("not JSON"));
    assert!(message(b"[]").contains("names no schema"));
    assert!(message(b"{\"schema\": 1}").contains("names no schema"));
    let other = json.replace(SCHEMA, "mke-stig.assessment/2");
    assert!(message(other.as_bytes()).contains("mke-stig.assessment/2"));
    let unknown = json.replacen("\"marking\"", "\"colour\": 1,\n  \"marking\"", 1);
    assert!(message(unknown.as_bytes()).contains("unknown field `colour`"));
    let wrong = json.replacen("\"checked\": 5", "\"checked\": \"5\"", 1);
    assert!(message(wrong.as_bytes()).contains("line "));
}

#[test]
fn contradictions_are_refused() {
    let message = |result: Result<Assessment, ReportError>| result.unwrap_err().to_string();
    let reason = || Reason { code: ReasonCode::Missing, text: "gone".to_owned() };
    assert!(message(with(|a| a.rules[UNKNOWN].reason = None)).contains("V-260903 is Not Reviewed without a reason"));
    assert!(
        message(with(|a| a.rules[PASSES].reason = Some(reason())))
            .contains("V-260908 is Not a Finding but has a reason")
    );
    assert!(message(with(|a| a.rules[PASSES].evidence.clear())).contains("V-260908 is Not a Finding without evidence"));
    assert!(message(with(|a| a.rules[OPEN].evidence.clear())).contains("V-260913 is Open without evidence"));
    assert!(message(with(|a| "V-260908".clone_into(&mut a.rules[OPEN].id))).contains("V-260908 stands twice"));
    assert!(message(with(|a| a.rules[OPEN].cat = Cat::III)).contains("CAT"));
    assert!(message(with(|a| a.rules[OPEN].status = Status::NotAFinding)).contains("counts by status"));
    assert!(message(with(|a| a.summary.coverage.complete = 9)).contains("more nodes"));
    let severity = || SeverityOverride {
        severity: Severity::Low,
        justification: "why".to_owned(),
        reviewer: "A. Reviewer".to_owned(),
        date: "2026-11-01".to_owned(),
    };
    assert!(message(with(|a| a.rules[PASSES].gaps = vec![reason()])).contains("Not a Finding but has gaps"));
    assert!(message(with(|a| a.rules[PASSES].risk_acceptance = Some("x".to_owned()))).contains("has an accepted risk"));
    assert!(message(with(|a| a.rules[PASSES].severity_override = Some(severity()))).contains("has another severity"));
    let unknown = text_of(&small(), Format::Json).replacen("\"severity\": \"high\"", "\"severity\": \"none\"", 1);
    assert!(message(parse(unknown.as_bytes())).contains("unknown variant `none`"));
    assert!(message(with(|a| a.asset.name.clear())).contains("the asset has no name"));
    with(|a| {
        a.rules[PASSES].evidence.clear();
        a.rules[PASSES].decided_by = DecidedBy::Answer;
        "Seen on 2026-11-01 by A. Reviewer.".clone_into(&mut a.rules[PASSES].comment);
    })
    .expect("an answer carries its own words");
    assert!(check(&small()).is_empty());
}

#[test]
fn formats_are_named() {
    for format in Format::all() {
        assert_eq!(format.name().parse(), Ok(*format));
    }
    let error = "pdf".parse::<Format>().unwrap_err().to_string();
    assert!(error.starts_with("unknown format \"pdf\"; known are html, md, json, "), "{error}");
}

#[test]
fn the_schema_is_closed_and_named() {
    let schema: serde_json::Value = serde_json::from_str(&schema().unwrap()).unwrap();
    assert_eq!(schema["title"], "Assessment");
    assert_eq!(schema["additionalProperties"], false);
    assert!(HOSTILE.len() > 100);
}
