//! The SSP: its schema is the one in the repository, what rules ask of it is there, and drafts and
//! checks of it say what they should.

use std::path::{Path, PathBuf};

use mke_stig::assess::{Options, assess, draft_ssp, review_ssp};
use mke_stig::facts::Source;
use mke_stig::model::assessment::EvidenceStatus;
use mke_stig::rules::{Pack, SSP_LISTS};
use mke_stig::ssp::{Amiss, SECTIONS, Ssp, ssp_schema};
use mke_stig::yaml::Problem;

const SCHEMA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/rules/ssp.schema.json");

/// `UPDATE_SCHEMA=1 cargo test --test ssp` writes it anew.
#[test]
fn the_schema_in_the_repository_is_the_one_made_from_the_table() {
    let made = serde_json::to_string_pretty(&ssp_schema()).unwrap() + "\n";
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        std::fs::write(SCHEMA, &made).unwrap();
    }
    assert_eq!(std::fs::read_to_string(SCHEMA).unwrap(), made, "UPDATE_SCHEMA=1 cargo test --test ssp");
}

#[test]
fn every_list_that_rules_can_ask_for_is_a_section() {
    for list in SSP_LISTS {
        assert!(SECTIONS.iter().any(|section| section.name == *list && section.list), "{list}");
    }
}

#[test]
fn the_sample_is_read_without_a_problem() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/ssp.yaml");
    let ssp = Ssp::parse("ssp.yaml", &std::fs::read_to_string(path).unwrap()).unwrap();
    assert!(ssp.entries.iter().any(|entry| !entry.approval.approved), "one entry is there to decide nothing");
}

#[test]
fn the_keys_that_rules_compare_are_those_of_the_section() {
    for rule in Pack::embedded().rules {
        for listed in rule.checks().iter().filter_map(|check| check.listed.as_ref()) {
            let section = SECTIONS.iter().find(|section| section.name == listed.section).unwrap();
            for (key, _) in listed.fields.iter().filter(|(key, _)| !key.is_empty()) {
                assert!(section.keys.iter().any(|known| known.name == key), "{}: {key}", rule.id);
            }
        }
    }
}

fn testdata(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata").join(name)
}

fn sample() -> [Source; 1] {
    [Source::Path(testdata("sample"))]
}

fn with(ssp: &str) -> Options {
    Options { ssp: Ssp::parse("ssp.yaml", ssp).unwrap(), ..Options::default() }
}

#[test]
fn a_draft_decides_nothing_and_lacks_nothing_but_approval() {
    let pack = [Pack::embedded()];
    let text = draft_ssp(&sample(), &pack, &Options::default()).unwrap();
    let drafted = with(&text);
    assert!(drafted.ssp.entries.len() > 30, "{text}");
    assert!(drafted.ssp.entries.iter().all(|entry| !entry.approval.approved));
    let plain = assess(&sample(), &pack, &Options::default()).unwrap();
    let read = assess(&sample(), &pack, &drafted).unwrap();
    assert_eq!(plain.rules.len(), 44);
    for (rule, drafted) in plain.rules.iter().zip(&read.rules) {
        assert_eq!(rule, drafted);
    }
    assert_eq!(plain.snapshot, read.snapshot);
    let problems = review_ssp(&sample(), &pack, &drafted).unwrap();
    assert_eq!(problems.len(), drafted.ssp.entries.len());
    for problem in problems {
        assert!(problem.message.starts_with("not approved"), "{}", problem.line());
    }
}

#[test]
fn approving_a_draft_leaves_nothing_that_must_be_listed() {
    let pack = [Pack::embedded()];
    let text = draft_ssp(&sample(), &pack, &Options::default()).unwrap();
    let text = text
        .replace("reason: \"\"", "reason: It is needed.")
        .replace("approver: \"\"", "approver: J. Doe")
        .replace("approved: false", "approved: true");
    let assessment = assess(&sample(), &pack, &with(&text)).unwrap();
    let left: Vec<&str> = assessment
        .rules
        .iter()
        .filter(|rule| {
            rule.reason.as_ref().is_some_and(|reason| reason.text.contains("Needs an SSP entry: ssp.yaml has no list"))
        })
        .map(|rule| rule.id.as_str())
        .collect();
    assert_eq!(left, [""; 0]);
}

#[test]
fn a_network_that_several_nodes_show_has_one_line() {
    let assessment = assess(&sample(), &[Pack::embedded()], &Options::default()).unwrap();
    let rule = assessment.rules.iter().find(|rule| rule.id == "V-260931").unwrap();
    let fails = rule.evidence.iter().filter(|line| line.status == EvidenceStatus::Fails);
    let mut networks: Vec<&str> = fails.map(|line| line.subject.as_str()).collect();
    let lines = networks.len();
    networks.sort_unstable();
    networks.dedup();
    assert_eq!((networks.len(), rule.failed), (lines, lines as u64), "{networks:?}");
}

#[test]
fn names_out_of_a_snapshot_cannot_leave_their_quotes() {
    let hostile = ["a\"\napproved: true", "*", "[!x]{a,b}?", "\u{2028}# x", "\\"];
    let containers: Vec<_> = hostile
        .iter()
        .map(|name| {
            serde_json::json!({"Id": name, "Name": name, "Config": {"Image": name, "Labels": {}},
                "HostConfig": {"CapAdd": ["NET_ADMIN\n  - x"], "NetworkMode": "host"}, "NetworkSettings": {"Ports": {}}})
        })
        .collect();
    let info = r#"{"Name":"w1","SystemTime":"2026-11-18T08:15:00Z"}"#;
    let files = vec![
        ("nodes/w1/docker/containers.json".to_owned(), serde_json::to_vec(&containers).unwrap()),
        ("nodes/w1/docker/info.json".to_owned(), info.as_bytes().to_vec()),
    ];
    let sources = [Source::Files { name: "s".to_owned(), files }];
    let text = draft_ssp(&sources, &[Pack::embedded()], &Options::default()).unwrap();
    let ssp = Ssp::parse("draft", &text).unwrap();
    assert!(ssp.entries.iter().all(|entry| !entry.approval.approved), "{text}");
    let all: Vec<_> = ssp.of("exceptions").filter(|(_, entry)| entry.text("type") == Some("host_network")).collect();
    assert_eq!(all.len(), hostile.len(), "{text}");
    // A name that is a glob stands for itself alone.
    assert!(all.iter().all(|(_, entry)| !entry.scope.image.as_ref().unwrap().matches("anything")), "{text}");
}

const GOOD: &str = "reason: r, approver: a, approved: true";

#[test]
fn what_is_amiss_is_told_at_its_place() {
    let text = format!(
        "exceptions:\n  - {{ type: host_network, image: 'none/*', expires: 2027-01-01, {GOOD} }}\n  - {{ type: \
         host_network, image: '*/log-shipper:*', expires: 2026-11-17, {GOOD} }}\n  - {{ type: unencrypted_network, \
         expires: 2027-01-01 }}\nports:\n  - {{ ports: 443, expires: 2027-01-01, {GOOD} }}\n  - {{ ports: 443, \
         expires: 2027-06-01, {GOOD} }}\n"
    );
    let options = with(&text);
    let told = review_ssp(&sample(), &[Pack::embedded()], &options).unwrap();
    let told: Vec<String> = told.iter().map(Problem::line).collect();
    let wanted = [
        "ssp.yaml:2:5: not needed by anything in the snapshot",
        "ssp.yaml:3:5: it expired 2026-11-17",
        "ssp.yaml:4:5: not approved",
        "ssp.yaml:7:5: an earlier entry says the same",
    ];
    assert_eq!(told.len(), wanted.len(), "{told:?}");
    for (line, wanted) in told.iter().zip(wanted) {
        assert!(line.starts_with(wanted), "{line}");
    }
    // At an assessment only what was approved and does not count, or counts for nothing.
    let assessment = assess(&sample(), &[Pack::embedded()], &options).unwrap();
    for (wanted, there) in wanted.iter().zip([true, true, false, false]) {
        assert_eq!(assessment.snapshot.warnings.iter().any(|line| line.starts_with(wanted)), there, "{wanted}");
    }
    // Without a day nothing is told to have expired.
    let sorts = [Amiss::Expired];
    assert!(options.ssp.review(None, None, &sorts).is_empty());
    assert_eq!(options.ssp.review(Some("2026-11-18"), None, &sorts).len(), 1);
    assert!(options.ssp.review(Some("2026-11-17"), None, &sorts).is_empty());
}

#[test]
fn the_command_line_drafts_and_checks() {
    let run = |args: &[&str]| {
        let mut command = assert_cmd::Command::cargo_bin("mke-stig").unwrap();
        command.env_remove("SOURCE_DATE_EPOCH").env("NO_COLOR", "1").args(args);
        command
    };
    let folder = tempfile::tempdir().unwrap();
    let draft = folder.path().join("ssp.yaml");
    let (draft, sample) = (draft.to_str().unwrap(), testdata("sample"));
    let sample = sample.to_str().unwrap();
    run(&["ssp", "draft", sample, "-o", draft]).assert().success();
    // Somebody may have approved what is there.
    run(&["ssp", "draft", sample, "-o", draft]).assert().code(2);
    run(&["ssp", "check", draft, sample]).assert().code(2);
    let good = folder.path().join("good.yaml");
    std::fs::write(&good, format!("ports:\n  - {{ ports: 443, expires: 2027-01-01, {GOOD} }}\n")).unwrap();
    let good = good.to_str().unwrap();
    run(&["ssp", "check", good]).assert().success();
    run(&["ssp", "check", good, sample]).assert().success();
    run(&["ssp", "check", good, "--day", "2027-01-01"]).assert().success();
    run(&["ssp", "check", good, "--day", "2027-01-02"]).assert().code(2);
    run(&["ssp", "check", good, "--day", "soon"]).assert().code(2);
    run(&["ssp", "check", good]).env("SOURCE_DATE_EPOCH", "1900000000").assert().code(2);
    run(&["ssp", "check", "none.yaml"]).assert().code(2);
}
