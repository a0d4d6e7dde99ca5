//! Each promise of ARCHITECTURE.md has a test that is there; and the one that no other file is about: a verdict shows its evidence.

use serde_json::Value;

use crate::common::snapshot::{Snapshot, digest, ssp};
use crate::common::{assess_with, repository, repository_text};
use mke_stig::facts::Source;
use mke_stig::model::assessment::Status;

/// The rows of the table: a promise, and the tests named for it.
fn table() -> Vec<(String, Vec<String>)> {
    let text = repository_text("ARCHITECTURE.md");
    let table = text.split("| promise | tests that fail when it is broken |\n").nth(1).expect("the table of promises");
    let rows = table.lines().skip(1).take_while(|line| line.starts_with('|'));
    rows.map(|line| {
        let mut cells = line.trim_matches('|').split('|');
        let promise = cells.next().unwrap().trim().to_owned();
        let tests = cells.next().unwrap().split('`').skip(1).step_by(2).map(str::to_owned).collect();
        (promise, tests)
    })
    .collect()
}

#[test]
fn every_promise_has_tests_that_are_there() {
    let table = table();
    assert_eq!(table.len(), 10, "{table:#?}");
    for (promise, tests) in table {
        assert!(!tests.is_empty(), "{promise}");
        for test in tests {
            // A test of the collector is a line of the shell.
            let (file, mark) = if let Some((file, title)) = test.split_once(": ") {
                (file.to_owned(), format!("equal '{title}'"))
            } else {
                let (file, name) = test.rsplit_once("::").unwrap_or_else(|| panic!("{test}"));
                (format!("tests/suite/{}.rs", file.replace("::", "/")), format!("#[test]\nfn {name}()"))
            };
            assert!(repository(&file).is_file(), "{promise}: there is no {file}");
            assert!(repository_text(&file).contains(&mark), "{promise}: {file} has no `{mark}`");
        }
    }
}

/// Member, pointer into it, digest, what was seen and what was wanted: of every line, and each as it stands in the file.
#[test]
fn every_verdict_shows_its_evidence() {
    let snapshot = Snapshot::sample();
    let files = snapshot.files();
    let source = Source::Files { name: "in".to_owned(), files: snapshot.list() };
    let assessment = assess_with(&[source], ssp());
    let mut lines = 0;
    for rule in &assessment.rules {
        if matches!(rule.status, Status::Open | Status::NotAFinding) {
            assert!(!rule.evidence.is_empty(), "{} is {:?} without evidence", rule.id, rule.status);
        }
        for line in &rule.evidence {
            let path = line.member.strip_prefix("in!").unwrap_or_else(|| panic!("{}: {line:?}", rule.id));
            let content = files.get(path).unwrap_or_else(|| panic!("{}: there is no {path}", rule.id));
            assert_eq!(line.sha256, digest(content), "{}: {path}", rule.id);
            assert!(!line.seen.is_empty() && !line.wanted.is_empty(), "{}: {line:?}", rule.id);
            if let Ok(document) = serde_json::from_slice::<Value>(content)
                && !line.pointer.is_empty()
            {
                // What is absent has no place of its own: the object that lacks it has.
                let parents = line.pointer.match_indices('/').map(|(at, _)| &line.pointer[..at]);
                let object = parents.chain([line.pointer.as_str()]).filter_map(|at| document.pointer(at)).count();
                assert!(object >= 1 && line.pointer.starts_with('/'), "{}: {path} has no {}", rule.id, line.pointer);
                let first = line.pointer.split('/').nth(1).unwrap_or_default();
                let there = document.pointer(&format!("/{first}")).is_some() || line.seen.contains("(absent)");
                assert!(there, "{}: {path} has no {}", rule.id, line.pointer);
            }
            lines += 1;
        }
    }
    assert!(lines > 300, "{lines}");
}
