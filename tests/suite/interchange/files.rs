//! The evidence folder: names, digests, what is in it, and what becomes of an earlier one.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use mke_stig::model::assessment::{Assessment, Evidence};
use mke_stig::report::{Choices, File, Format, render, write_all};
use serde_json::Value;

use crate::interchange::every::every;

fn write(assessment: &Assessment, dir: &Path) -> usize {
    write_all(assessment, dir, &[Format::Evidence], &Choices::default()).unwrap().len()
}

fn sums_hold(folder: &Path) {
    let ran =
        Command::new("sha256sum").args(["--check", "--strict", "SHA256SUMS"]).current_dir(folder).output().unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
}

pub(crate) fn holds_together(files: &[File], assessment: &Assessment) {
    let mut names = BTreeSet::new();
    for file in files {
        assert!(names.insert(file.path.to_lowercase()), "{} twice", file.path);
        assert!(file.path.len() < 200);
        for part in file.path.split('/') {
            assert!(part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte)), "{}", file.path);
            assert!(!part.is_empty() && !part.starts_with(['.', '-']) && !part.ends_with('.'), "{}", file.path);
        }
    }
    let text = |path: &str| &files.iter().find(|file| file.path == format!("evidence/{path}")).unwrap().text;
    let index: Value = serde_json::from_str(text("index.json")).unwrap();
    let rules = index["rules"].as_array().unwrap();
    assert_eq!(rules.len(), assessment.rules.len());
    for (rule, entry) in assessment.rules.iter().zip(rules) {
        assert_eq!(entry["id"], rule.id.as_str());
        assert_eq!(entry["evidence_omitted"], rule.evidence_omitted);
        assert!(!text(entry["verdict"].as_str().unwrap()).is_empty());
        let lines = text(entry["evidence"].as_str().unwrap()).lines();
        let lines: Vec<Evidence> = lines.map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines, rule.evidence, "every line as it was kept");
        for excerpt in entry["excerpts"].as_array().unwrap() {
            let shown: Value = serde_json::from_str(text(excerpt["file"].as_str().unwrap())).unwrap();
            let one = shown["members"].as_array().map_or(vec![&shown], |members| members.iter().collect());
            let found = one.iter().find(|found| found["member"] == excerpt["member"]).unwrap();
            assert_eq!(found["sha256"], excerpt["sha256"]);
            assert!(!found["lines"].as_array().unwrap().is_empty());
        }
    }
}

#[test]
fn the_folder_is_whole_and_its_digests_hold() {
    let assessment = every();
    holds_together(&render(&assessment, Format::Evidence, &Choices::default()).unwrap(), &assessment);
    let dir = tempfile::tempdir().unwrap();
    write(&assessment, dir.path());
    let folder = dir.path().join("evidence");
    sums_hold(&folder);
    let listed = fs::read_to_string(folder.join("SHA256SUMS")).unwrap().lines().count();
    let found = walk(&folder).len();
    assert_eq!(found, listed + 1, "all but the list itself");
    let verdict = fs::read_to_string(folder.join("V-260903/verdict.md")).unwrap();
    for wanted in ["Open: 3 of 3", "left out: 5", "--evidence-limit 0", "wrk-9 delivered nothing", "Risk accepted"] {
        assert!(verdict.contains(wanted), "{wanted}: {verdict}");
    }
    let outside: Vec<_> = fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(outside, ["evidence"], "no temporary names stay");
}

fn walk(folder: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(walk(&path));
        } else {
            found.insert(path.display().to_string());
        }
    }
    found
}

#[test]
fn members_beyond_the_first_share_a_file() {
    let assessment = crate::sample::large();
    let files = render(&assessment, Format::Evidence, &Choices::default()).unwrap();
    holds_together(&files, &assessment);
    let of_rule = files.iter().filter(|file| file.path.starts_with("evidence/V-260905/"));
    assert_eq!(of_rule.count(), 23, "20 excerpts, those that share a file, the lines, the verdict");
}

#[test]
fn an_earlier_folder_goes_and_what_a_person_added_stays() {
    let dir = tempfile::tempdir().unwrap();
    let mut assessment = every();
    let before = write(&assessment, dir.path());
    let folder = dir.path().join("evidence");
    fs::write(folder.join("V-260903/photo.txt"), "mine").unwrap();
    let changed = walk(&folder.join("V-260906")).into_iter().find(|path| path.ends_with("verdict.md")).unwrap();
    fs::write(&changed, "with my notes").unwrap();
    assessment.rules.remove(3);
    for line in &mut assessment.rules[0].evidence {
        line.member = "another.tar!a.json".to_owned();
    }
    assessment.rules[5].evidence.clear();
    let after = write(&assessment, dir.path());
    assert!(after < before);
    sums_hold(&folder);
    let mut left = walk(&folder);
    assert_eq!(left.len(), after + 2, "only the two files of the person are not of the report");
    assert!(left.remove(&folder.join("V-260903/photo.txt").display().to_string()));
    assert_eq!(fs::read_to_string(changed).unwrap(), "with my notes");
}

#[test]
fn a_list_of_digests_names_nothing_outside() {
    let dir = tempfile::tempdir().unwrap();
    let mine = dir.path().join("mine.txt");
    fs::write(&mine, "mine").unwrap();
    fs::create_dir_all(dir.path().join("evidence/a")).unwrap();
    let digest = "5ae9b17ae0bf2e3f9ce7c1a1be8e5d6fd1b1a1f5b8f0f2e2b4a7b4d9b6e3a0c1";
    let lines =
        ["../mine.txt", "a/../../mine.txt", "/etc/hostname", "mine.txt"].map(|path| format!("{digest}  {path}\n"));
    fs::write(dir.path().join("evidence/SHA256SUMS"), lines.concat()).unwrap();
    write(&every(), dir.path());
    assert_eq!(fs::read_to_string(&mine).unwrap(), "mine");
}

#[cfg(unix)]
#[test]
fn a_folder_that_is_a_link_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let (out, elsewhere) = (dir.path().join("out"), dir.path().join("elsewhere"));
    fs::create_dir_all(&out).unwrap();
    fs::create_dir_all(&elsewhere).unwrap();
    std::os::unix::fs::symlink(&elsewhere, out.join("evidence")).unwrap();
    let error = write_all(&every(), &out, &[Format::Csv, Format::Evidence], &Choices::default()).unwrap_err();
    assert!(error.to_string().contains("evidence"), "{error}");
    assert_eq!(fs::read_dir(&elsewhere).unwrap().count(), 0);
    let left: Vec<_> = fs::read_dir(&out).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["evidence"], "nothing is written where not all can be");
}
