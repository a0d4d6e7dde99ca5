//! Arbitrary text as a rule's file and as an SSP: problems are expected; panics and hangs are not.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mke_stig::ssp::Ssp;
use mke_stig::rules::read_rule;
use mke_stig::yaml::Problem;

fn shown(text: &str, problems: &[Problem]) {
    assert!(!problems.is_empty(), "a failure has a reason");
    for problem in problems {
        let drawn = problem.drawn(text, false);
        assert!(!drawn.chars().any(|c| c.is_control() && c != '\n' && c != '\t'), "{drawn:?}");
        let _ = problem.line();
    }
}

fuzz_target!(|text: &str| {
    match read_rule("rule.yaml", text) {
        Ok(rule) => assert!(!rule.id.is_empty() && !rule.texts.title.is_empty()),
        Err(problems) => shown(text, &problems),
    }
    if let Err(problems) = Ssp::parse("ssp.yaml", text) {
        shown(text, &problems);
    }
});
