//! The rule pack: every file is read without a problem, and every rule's own cases hold.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use mke_stig::assess::run_cases;
use mke_stig::rules::{Cases, Pack};
use mke_stig::yaml::Problem;

/// The folder of the pack, in which its cases are too.
pub(crate) fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/rules/mke-stig-v2r1"))
}

#[test]
fn the_pack_has_44_rules_and_no_problem() {
    let pack = Pack::embedded();
    let cases = Cases::read(folder()).unwrap();
    let problems: Vec<String> = pack.problems.iter().chain(&cases.problems).map(Problem::line).collect();
    assert_eq!(problems, [""; 0]);
    assert_eq!(pack.rules.len(), 44);
    assert_eq!(cases.of_rules.len(), 44);
}

#[test]
fn every_case_of_every_rule_holds() {
    let run = run_cases(&Pack::embedded(), &Cases::read(folder()).unwrap());
    let failures: Vec<String> =
        run.failures.iter().map(|failure| format!("{}: {}: {}", failure.rule, failure.case, failure.message)).collect();
    assert!(failures.is_empty(), "{} cases fail:\n{}", failures.len(), failures.join("\n"));
    assert!(run.written > 800 && run.derived > 500, "{} and {} cases ran", run.written, run.derived);
}

#[test]
fn the_built_in_pack_is_the_folder_without_its_cases() {
    let (built_in, read) = (Pack::embedded(), Pack::read(folder()).unwrap());
    assert_eq!(built_in.digest, read.digest);
    assert_eq!(format!("{:?}", built_in.rules), format!("{:?}", read.rules));
    let program = std::fs::read(assert_cmd::cargo::cargo_bin("mke-stig")).unwrap();
    let holds = |text: &[u8]| program.windows(text.len()).any(|part| part == text);
    assert!(holds(b"stig_id: CNTR-MK-000680"), "the rules are in the program");
    assert!(!holds(b"a finding decides though a node is missing"), "no case is in the program");
}

#[test]
fn every_fixture_is_used() {
    let mut named = BTreeSet::new();
    for entry in std::fs::read_dir(folder().join("cases")).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            named_in(&serde_yaml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap(), &mut named);
        }
    }
    let there: BTreeSet<String> = std::fs::read_dir(folder().join("cases/fixtures"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert!(there.len() > 10);
    assert_eq!(there, named);
}

/// Names of the fixtures in a file.
fn named_in(value: &serde_yaml::Value, named: &mut BTreeSet<String>) {
    match value {
        serde_yaml::Value::Mapping(mapping) => {
            for (key, value) in mapping {
                match (key.as_str(), value) {
                    (Some("fixture"), serde_yaml::Value::String(name)) => {
                        named.insert(name.clone());
                    }
                    (Some("fixture"), serde_yaml::Value::Sequence(names)) => {
                        named.extend(names.iter().filter_map(|name| Some(name.as_str()?.to_owned())));
                    }
                    _ => named_in(value, named),
                }
            }
        }
        serde_yaml::Value::Sequence(list) => list.iter().for_each(|value| named_in(value, named)),
        _ => {}
    }
}

#[test]
fn no_line_of_a_yaml_file_is_longer_than_120_characters() {
    let mut lines = BTreeMap::new();
    for folder in [folder().to_owned(), folder().join("cases")] {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "yaml") {
                let text = std::fs::read_to_string(&path).unwrap();
                let long = text.lines().filter(|line| line.chars().count() > 120).count();
                lines.insert(path, long);
            }
        }
    }
    assert_eq!(lines.len(), 89);
    lines.retain(|_, long| *long > 0);
    assert!(lines.is_empty(), "{lines:?}");
}
