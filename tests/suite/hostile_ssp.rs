//! No SSP and no answers that somebody made up let a rule pass that should not.

use std::fmt::Write as _;
use std::path::Path;

use mke_stig::answers::Answers;
use mke_stig::assess::{Options, assess};
use mke_stig::facts::Source;
use mke_stig::model::assessment::{RuleResult, Status};
use mke_stig::rules::Pack;
use mke_stig::ssp::Ssp;
use mke_stig::yaml::Problem;

fn lines(text: &str) -> Vec<String> {
    Ssp::parse("ssp.yaml", text).err().unwrap_or_default().iter().map(Problem::line).collect()
}

/// A container on the host's network, on a day.
fn judged(ssp: &str, time: &str) -> RuleResult {
    let info =
        format!(r#"{{"Name":"w1","OSType":"linux","Containers":1,"Swarm":{{"Nodes":1}},"SystemTime":"{time}"}}"#);
    let node = r#"[{"ID":"w1","Spec":{"Role":"worker","Labels":{"com.docker.ucp.orchestrator.swarm":"true"}},"Description":{"Hostname":"w1"}}]"#;
    let container =
        r#"[{"Id":"u","Name":"/u","Config":{"Image":"shop/u:1","Labels":{}},"HostConfig":{"NetworkMode":"host"}}]"#;
    let files = [
        ("cluster/docker/nodes.json", node),
        ("cluster/mke/config.toml", "[cluster_config]\nswarm_only = true\n"),
        ("cluster/docker/services.json", "[]"),
        ("nodes/w1/docker/info.json", info.as_str()),
        ("nodes/w1/docker/containers.json", container),
    ];
    let files = files.into_iter().map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec())).collect();
    let options =
        Options { ssp: Ssp::parse("ssp.yaml", ssp).unwrap(), only: vec!["V-260913".to_owned()], ..Options::default() };
    let source = Source::Files { name: "s".to_owned(), files };
    assess(&[source], &[Pack::embedded()], &options).unwrap().rules.remove(0)
}

const DAY: &str = "2026-11-18T08:15:00Z";

fn exception(more: &str) -> String {
    format!("exceptions:\n  - {{ type: host_network, reason: r, approver: a, {more} }}\n")
}

#[test]
fn an_exception_counts_only_where_it_is_approved_holds_and_matches() {
    let status = |more: &str, time: &str| judged(&exception(more), time).status;
    assert_eq!(status("expires: 2027-01-01, approved: true", DAY), Status::NotAFinding);
    for (more, time) in [
        ("expires: 2027-01-01", DAY),
        ("expires: 2027-01-01, approved: false", DAY),
        ("expires: 2026-11-17, approved: true", DAY),
        ("expires: 2027-01-01, approved: true, image: ''", "x"),
        ("expires: 2027-01-01, approved: true, image: 'shop/*', node: w2", DAY),
        ("expires: 2027-01-01, approved: true, role: manager", DAY),
        ("expires: 2027-01-01, approved: true, namespace: '*'", DAY),
        ("expires: 2027-01-01, approved: true, image: 'u'", DAY),
    ] {
        if lines(&exception(more)).is_empty() {
            assert_eq!(status(more, time), Status::Open, "{more} at {time}");
        }
    }
    // Without a day nobody knows whether it holds, and what is no day would stand before every other one.
    for time in ["", "!!!!-!!-!!T00:00:00Z", "0"] {
        assert_eq!(status("expires: 2027-01-01, approved: true", time), Status::NotReviewed, "{time}");
        assert_eq!(status("expires: 2027-01-01, approved: false", time), Status::Open, "{time}");
    }
    let other = exception("expires: 2027-01-01, approved: true").replace("host_network", "host_pid");
    assert_eq!(judged(&other, DAY).status, Status::Open);
}

#[test]
fn what_is_not_plain_is_refused() {
    for (more, part) in [
        ("expires: 2027-02-30, approved: true", "not a day"),
        ("expires: 9999-99-99, approved: true", "not a day"),
        ("expires: ~, approved: true", "must be text"),
        ("approved: true", "`expires` is missing"),
        ("expires: 2027-01-01, approved: 'true'", "true or false"),
        ("expires: 2027-01-01, approved: yes", "true or false"),
        ("expires: 2027-01-01, approved: true, approved: true", "duplicate"),
        ("expires: 2027-01-01, approved: true, <<: { image: x }", "unknown key `<<`"),
        ("expires: 2027-01-01, approved: true, image: ''", "is empty"),
        ("expires: 2027-01-01, approved: true, image: [x]", "must be text"),
    ] {
        let told = lines(&exception(more));
        assert!(told.iter().any(|line| line.contains(part)), "{more}: {told:?}");
    }
    let told = lines(
        "exceptions:\n  - { type: host_network, expires: 2027-01-01, approved: true, reason: ' ', approver: a }\n",
    );
    assert!(told.iter().any(|line| line.contains("needs `reason`")), "{told:?}");
    let told = lines("exceptions: []\nexceptions: []\n");
    assert!(told.iter().any(|line| line.contains("duplicate")), "{told:?}");
    for text in ["exceptions: ~\n", "exceptions: {}\n", "- a\n", "\"x\"\n", "a: 1\n---\nb: 2\n"] {
        assert!(!lines(text).is_empty(), "{text}");
    }
}

#[test]
fn bombs_and_floods_end_in_a_problem() {
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let inner = format!("*a{}", level - 1);
        writeln!(bomb, "a{level}: &a{level} [{}]", vec![inner; 9].join(", ")).unwrap();
    }
    assert!(!lines(&bomb).is_empty());
    assert!(!lines(&"[".repeat(100_000)).is_empty());
    assert!(!lines(&format!("system: {}\n", "x".repeat(2 << 20))).is_empty());
    let mut flood = String::from("exceptions:\n");
    flood.push_str(&"  - { type: nothing }\n".repeat(20_000));
    let told = lines(&flood);
    assert!(told.len() < 300 && told.iter().any(|line| line.contains("more problems")), "{}", told.len());
    let many = format!(
        "{}{}",
        exception("expires: 2027-01-01, approved: true, image: 'shop/*'"),
        "  - { type: host_pid, expires: 2027-01-01 }\n".repeat(15_000)
    );
    assert_eq!(judged(&many, DAY).status, Status::NotAFinding);
    let globs = format!("expires: 2027-01-01, approved: true, image: '{}'", "{a,b}".repeat(5_000));
    let _ = lines(&exception(&globs));
}

#[test]
fn the_sample_keeps_its_findings_whatever_the_answers_say() {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/sample");
    let pack = [Pack::embedded()];
    let plain = assess(&[Source::Path(sample.clone())], &pack, &Options::default()).unwrap();
    let mut text = String::from("answers:\n");
    for rule in &plain.rules {
        writeln!(
            text,
            "  - {{ rule: {}, status: not_a_finding, comment: c, reviewer: r, date: 2026-11-19, expires: 2027-11-18, evidence_digest: {} }}",
            rule.id, rule.evidence_digest
        )
        .unwrap();
    }
    let answers = Answers::parse("answers.yaml", &text).unwrap();
    let answered = assess(&[Source::Path(sample)], &pack, &Options { answers, ..Options::default() }).unwrap();
    for (before, after) in plain.rules.iter().zip(&answered.rules) {
        assert!(before.status == after.status || before.status == Status::NotReviewed, "{}", before.id);
    }
}
