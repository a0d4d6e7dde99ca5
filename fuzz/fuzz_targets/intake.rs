//! Arbitrary bytes as a benchmark, a checklist and a file of answers: problems are expected; panics,
//! hangs and answers that decide are not.

#![no_main]

use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use mke_stig::answers::{AnswerStatus, Answers, import};
use mke_stig::intake::{decode, read_benchmarks};
use mke_stig::rules::Pack;

fuzz_target!(|bytes: &[u8]| {
    static PACKS: OnceLock<Vec<Pack>> = OnceLock::new();
    let packs = PACKS.get_or_init(|| vec![Pack::embedded()]);
    if let Ok(text) = decode("f", bytes.to_vec()) {
        match read_benchmarks("f", &text) {
            Ok(found) => {
                for rule in found.iter().flat_map(|benchmark| &benchmark.rules) {
                    assert!(!rule.vuln_id.is_empty() && !rule.rule_id.is_empty());
                }
            }
            Err(problems) => assert!(!problems.is_empty(), "a failure has a reason"),
        }
    }
    if let Ok(imported) = import("f", bytes.to_vec(), packs, None) {
        let answers = Answers::parse("f", &imported.yaml("")).expect("what is written is read again");
        for answer in answers.answers.iter().filter(|answer| answer.status != AnswerStatus::Undecided) {
            assert!(!answer.reviewer.is_empty() && !answer.date.is_empty() && !answer.expires.is_empty());
        }
    }
});
