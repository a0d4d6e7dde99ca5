//! Every format of the small assessment, whole: what changes in a report is seen as it will be read.
//!
//! Digests and the identifiers made of them are masked, since they change with every word of a rule; other tests hold
//! them.

use mke_stig::model::assessment::Assessment;
use mke_stig::report::{Choices, File, Format, render, terminal_summary};
use regex::Regex;

use crate::sample::small;

/// What is masked, and what stands in its place.
const MASKS: [(&str, &str); 6] = [
    (r"(?s)<style>.*?</style>", "<style>…</style>"),
    (r"(?s)<script>.*?</script>", "<script>…</script>"),
    (r"'sha256-[A-Za-z0-9+/=]{44}'", "'sha256-…'"),
    (r"[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}", "<uuid>"),
    (r"(v\d+:)?\b[0-9a-f]{32}([0-9a-f]{32})?\b", "<digest>"),
    (r"-[0-9a-f]{16}\.json|>[0-9a-f]{12}<", "<short digest>"),
];

fn masked(text: &str) -> String {
    MASKS.iter().fold(text.to_owned(), |text, (pattern, mask)| {
        Regex::new(pattern).unwrap().replace_all(&text, *mask).into_owned()
    })
}

fn files(assessment: &Assessment, format: Format) -> Vec<File> {
    render(assessment, format, &Choices::default()).unwrap()
}

#[test]
fn every_format_of_the_small_assessment() {
    let assessment = small();
    for format in Format::all().iter().filter(|format| **format != Format::Evidence) {
        insta::assert_snapshot!(format.name(), masked(&files(&assessment, *format)[0].text));
    }
    insta::assert_snapshot!("terminal", terminal_summary(&assessment));
}

#[test]
fn the_evidence_folder_of_the_small_assessment() {
    let files = files(&small(), Format::Evidence);
    let paths: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
    insta::assert_snapshot!("evidence_folder", masked(&paths.join("\n")));
    for part in ["V-260913/verdict.md", "V-260913/evidence.jsonl", "index.json"] {
        let file = files.iter().find(|file| file.path == format!("evidence/{part}")).unwrap();
        insta::assert_snapshot!(format!("evidence_{}", part.replace('/', "_")), masked(&file.text));
    }
}

#[test]
fn a_mask_hides_digests_alone() {
    let text = "a 1234 2026-11-20 V-260913 10.20.0.11 SV-260913r966096_rule CNTR-MK-000150 0123456789abcdef";
    assert_eq!(masked(text), text);
    assert_eq!(masked(&"ab".repeat(32)), "<digest>");
}
