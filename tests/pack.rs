//! The rule pack: every file is read without a problem, and every rule's own cases hold.

use mke_stig::assess::run_cases;
use mke_stig::rules::{Pack, Problem};

#[test]
fn the_pack_has_44_rules_and_no_problem() {
    let pack = Pack::embedded();
    let problems: Vec<String> = pack.problems.iter().map(Problem::line).collect();
    assert_eq!(problems, [""; 0]);
    assert_eq!(pack.rules.len(), 44);
}

#[test]
fn every_case_of_every_rule_holds() {
    let (ran, failures) = run_cases(&Pack::embedded());
    let failures: Vec<String> =
        failures.iter().map(|failure| format!("{}: {}: {}", failure.rule, failure.case, failure.message)).collect();
    assert!(failures.is_empty(), "{} of {ran} cases fail:\n{}", failures.len(), failures.join("\n"));
    assert!(ran > 100, "{ran} cases ran");
}
