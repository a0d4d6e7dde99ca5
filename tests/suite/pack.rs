//! The rule pack: every file is read without a problem, and every rule's own cases hold.

use mke_stig::assess::run_cases;
use mke_stig::rules::Pack;
use mke_stig::yaml::Problem;

#[test]
fn the_pack_has_44_rules_and_no_problem() {
    let pack = Pack::embedded_with_cases();
    let problems: Vec<String> = pack.problems.iter().map(Problem::line).collect();
    assert_eq!(problems, [""; 0]);
    assert_eq!(pack.rules.len(), 44);
}

#[test]
fn every_case_of_every_rule_holds() {
    let (ran, failures) = run_cases(&Pack::embedded_with_cases());
    let failures: Vec<String> =
        failures.iter().map(|failure| format!("{}: {}: {}", failure.rule, failure.case, failure.message)).collect();
    assert!(failures.is_empty(), "{} of {ran} cases fail:\n{}", failures.len(), failures.join("\n"));
    assert!(ran > 100, "{ran} cases ran");
}

#[test]
fn without_its_cases_a_rule_is_the_same_rule() {
    let (mut whole, without) = (Pack::embedded_with_cases(), Pack::embedded());
    for rule in &mut whole.rules {
        assert!(!rule.cases.is_empty(), "{}", rule.id);
        rule.cases.clear();
    }
    assert_eq!(format!("{whole:?}"), format!("{without:?}"));
}
