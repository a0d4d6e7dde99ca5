//! The cases of rules: where they stand, how they differ from what is given, and what is said of mistakes in them.

use mke_stig::rules::{Cases, Pack};
use mke_stig::yaml::Problem;

use crate::common::lab::{Lab, measured};
use crate::common::run;

const RULE: &str =
    "id: X-1\nseverity: high\ntitle: T\nchecks:\n  - each: docker.daemon\n    must: { live-restore: true }\n";
const GIVEN: &str = "given:\n  nodes: [w1]\n  docker.daemon@w1: { live-restore: true, dns: [a, b] }\n";

/// The problems of a rule's cases, each in one line with the file's name alone.
fn told(lab: &Lab) -> Vec<String> {
    let prefix = format!("{}/", lab.at("p").display());
    let read = Cases::read(&lab.at("p")).unwrap();
    read.problems.iter().map(Problem::line).map(|line| line.replace(&prefix, "")).collect()
}

fn check(lab: &Lab) -> (i32, String) {
    let ran = run(["rules", "check", lab.at("p").to_str().unwrap()]);
    (ran.code, format!("{}{}", ran.out, ran.err))
}

#[test]
fn cases_stand_beside_the_rule_or_in_it_and_run_alike() {
    let cases = format!(
        "{GIVEN}cases:\n  - name: as given\n    expect: not_a_finding\n  - name: off\n    but: {{ docker.daemon@w1#/live-restore: false }}\n    expect: open\n"
    );
    let digests = [true, false].map(|beside| {
        let lab = Lab::new();
        if beside {
            lab.put("p/x.yaml", RULE.as_bytes());
            lab.put("p/cases/x.yaml", cases.as_bytes());
        } else {
            lab.put("p/x.yaml", format!("{RULE}{cases}").as_bytes());
        }
        let (code, out) = check(&lab);
        assert_eq!(code, 0, "{out}");
        assert!(out.starts_with("1 rules, 0 problems; 2 cases and "), "{out}");
        let read = Cases::read(&lab.at("p")).unwrap();
        (Pack::read(&lab.at("p")).unwrap().digest.to_string(), read.of_rules["X-1"].cases.clone())
    });
    assert_eq!(digests[0].1, digests[1].1);
    assert_ne!(digests[0].0, digests[1].0, "the digest covers the file of the rule as it is, and no other");
}

#[test]
fn a_case_that_does_not_hold_is_reported() {
    let lab = Lab::new();
    lab.put("p/x.yaml", RULE.as_bytes());
    let cases = "cases:\n  - name: wrong\n    expect: open\n  - name: why\n    but: { without: [docker.daemon@w1] }\n    expect: { not_reviewed: redacted }\n";
    lab.put("p/cases/x.yaml", format!("{GIVEN}{cases}").as_bytes());
    let (code, out) = check(&lab);
    assert_eq!(code, 2, "{out}");
    assert!(out.contains("2 failed"), "{out}");
    assert!(
        out.contains("case \"wrong\" gives not_a_finding") && out.contains("case \"why\" gives the reason"),
        "{out}"
    );
    // What is derived from is a cluster on which the rule holds.
    lab.put("p/cases/x.yaml", GIVEN.replace("restore: true", "restore: false").as_bytes());
    let (code, out) = check(&lab);
    assert_eq!(code, 2, "{out}");
    assert!(out.contains("what is given must be a cluster on which the rule holds"), "{out}");
}

#[test]
fn every_mistake_in_cases_is_told_with_place_and_hint() {
    let case = |lines: &str| format!("{GIVEN}cases:\n  - name: n\n{lines}    expect: open\n");
    let but = |change: &str| case(&format!("    but: {{ {change} }}\n"));
    for (text, parts) in [
        (case("    status: open\n"), vec!["cases/x.yaml:6:5", "a case has no `status`", "write `expect: the status`"]),
        (case("    facts: {}\n"), vec!["x.yaml:6:5", "no `facts`", "under `given` or `but`"]),
        (case("    nodes: [w2]\n"), vec!["x.yaml:6:5", "no `nodes`", "under `given` or `but`"]),
        (case("    nmae: x\n"), vec!["x.yaml:6:5", "unknown key `nmae`", "did you mean `name`?"]),
        (but("nods: [a]"), vec!["x.yaml:6:12", "unknown key `nods`", "did you mean `nodes`?"]),
        (but("docker.inf@w1: {}"), vec!["x.yaml:6:", "unknown kind `docker.inf`", "did you mean `docker.info`?"]),
        (but("docker.info@w1#/Name: x"), vec!["x.yaml:6:", "no `docker.info@w1` is given", "give it whole"]),
        (but("docker.daemon@w1#/a/b: x"), vec!["x.yaml:6:", "no list or object at `/a`", "kind@node#/0/field"]),
        (but("docker.daemon@w1#/dns/7: x"), vec!["x.yaml:6:", "has 2 elements and no `7`"]),
        (but("docker.daemon@w1: text"), vec!["x.yaml:6:", "are an object or a list of objects"]),
        (but("docker.process@w1: [a]"), vec!["x.yaml:6:", "facts of docker.process are a text", "after `|`"]),
        (but("without: [docker.daemon@w1#/nothing]"), vec!["x.yaml:6:22", "there is nothing at `/nothing`"]),
        (but("without: [docker.info@w1]"), vec!["x.yaml:6:22", "no `docker.info@w1` is given"]),
        (but("gaps: { docker.daemon@w1: lost }"), vec!["x.yaml:6:", "`lost` is not allowed here"]),
        (but("ssp#/ports: []"), vec!["x.yaml:6:", "no `ssp` is given"]),
        (but("docker.daemon@w1#/a: !tag b"), vec!["x.yaml:6:", "has no JSON form"]),
        (but("docker.daemon@w1#/a: { fixture: ../x.yaml }"), vec!["x.yaml:6:", "`../x.yaml` cannot be the name"]),
        (but("docker.daemon@w1#/a: { fixture: none.txt }"), vec!["x.yaml:6:", "none.txt cannot be read"]),
        (
            format!("{GIVEN}cases:\n  - name: n\n    expect: not_reviewed\n"),
            vec!["x.yaml:6:", "the reason is missing", "{ not_reviewed: missing }"],
        ),
        (
            format!("{GIVEN}cases:\n  - name: n\n    expect: {{ not_reviewed: mising }}\n"),
            vec!["x.yaml:6:", "`mising` is not allowed here", "did you mean `missing`?"],
        ),
        (
            format!("{GIVEN}cases:\n  - name: n\n    expect: opne\n"),
            vec!["x.yaml:6:", "`opne` is not a status", "did you mean `open`?"],
        ),
        (format!("{GIVEN}cases:\n  - expect: open\n"), vec!["x.yaml:5:", "a case needs `name` and `expect`"]),
        (
            format!("{GIVEN}cases:\n  - {{ name: n, expect: open }}\n  - {{ name: n, expect: open }}\n"),
            vec!["x.yaml:6:", "two cases are named `n`"],
        ),
        (format!("{GIVEN}casse: []\n"), vec!["x.yaml:4:1", "unknown key `casse`", "did you mean `cases`?"]),
        ("given: [\n".to_owned(), vec!["x.yaml:", "not valid YAML"]),
    ] {
        let lab = Lab::new();
        lab.put("p/x.yaml", RULE.as_bytes());
        lab.put("p/cases/x.yaml", text.as_bytes());
        let told = told(&lab);
        assert_eq!(told.len(), 1, "{text}\n{told:#?}");
        for part in parts {
            assert!(told[0].contains(part), "no `{part}` in {told:?}\n{text}");
        }
    }
}

#[test]
fn the_place_is_told_in_the_file_of_the_rule_too() {
    let lab = Lab::new();
    lab.put("p/x.yaml", format!("{RULE}{GIVEN}cases:\n  - name: n\n    status: open\n    expect: open\n").as_bytes());
    assert_eq!(told(&lab), ["x.yaml:12:5: a case has no `status` (write `expect: the status`)"]);
}

#[test]
fn cases_without_a_rule_and_in_two_places_are_refused() {
    let lab = Lab::new();
    lab.put("p/x.yaml", format!("{RULE}{GIVEN}").as_bytes());
    lab.put("p/cases/x.yaml", GIVEN.as_bytes());
    lab.put("p/cases/y.yaml", GIVEN.as_bytes());
    let told = told(&lab);
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].starts_with("x.yaml: this rule has cases of its own and in "), "{told:?}");
    assert!(told[1].starts_with("cases/y.yaml: there is no rule file of this name"), "{told:?}");
}

#[cfg(unix)]
#[test]
fn a_fixture_is_a_file_of_the_pack_and_never_a_link_out_of_it() {
    let lab = Lab::new();
    lab.put("secret.txt", b"of somebody else");
    lab.put("p/x.yaml", RULE.as_bytes());
    let cases = "cases:\n  - name: n\n    but: { docker.daemon@w1#/a: { fixture: link.txt } }\n    expect: open\n";
    lab.put("p/cases/x.yaml", format!("{GIVEN}{cases}").as_bytes());
    lab.put("p/cases/fixtures/large.txt", &vec![b'x'; 65 << 10]);
    std::os::unix::fs::symlink(lab.at("secret.txt"), lab.at("p/cases/fixtures/link.txt")).unwrap();
    let link = told(&lab);
    assert!(link.len() == 1 && link[0].contains("it is no file of at most 65536 bytes"), "{link:?}");
    lab.put("p/cases/x.yaml", format!("{GIVEN}{}", cases.replace("link.txt", "large.txt")).as_bytes());
    let large = told(&lab);
    assert!(large.len() == 1 && large[0].contains("it is no file of at most 65536 bytes"), "{large:?}");
}

#[test]
fn an_assessment_does_not_read_cases() {
    let lab = Lab::new();
    lab.put("p/x.yaml", format!("{RULE}given: 7\ncases: {{ broken: true }}\n").as_bytes());
    lab.put("p/y.yaml", RULE.replace("X-1", "Y-1").as_bytes());
    lab.put("p/cases/y.yaml", b"[");
    let ran = lab.analyze(&crate::common::sample_folder(), &["--rules", lab.at("p").to_str().unwrap()]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let rules = lab.assessment()["rules"].as_array().unwrap().clone();
    let own: Vec<_> = rules.iter().filter(|rule| rule["id"] == "X-1" || rule["id"] == "Y-1").collect();
    assert_eq!(own.len(), 2);
    assert!(own.iter().all(|rule| rule["reason"]["code"] != "rule_error"), "{own:?}");
    assert_eq!(check(&lab).0, 2, "`rules check` reads them");
}

#[test]
fn what_cases_and_definitions_multiply_is_bounded() {
    let lab = Lab::new();
    // Definitions that double with every line.
    let mut doubling = RULE.replace("{ live-restore: true }", "$d30") + "define:\n  d0: { live-restore: true }\n";
    for level in 1..31 {
        doubling.push_str(&format!("  d{level}: {{ all: [$d{0}, $d{0}] }}\n", level - 1));
    }
    lab.put("p/doubling.yaml", doubling.as_bytes());
    // One long matcher in many places, of many kinds, in both readings.
    let long = (0..20_000).map(|number| format!("v{number}")).collect::<Vec<_>>().join(", ");
    let uses = vec!["$long"; 5_000].join(", ");
    let wide = format!(
        "id: X-2\nseverity: low\ntitle: T\ndefine: {{ long: {{ a: {{ in: [{long}] }} }} }}\nchecks:\n  - each: docker.info\n    must: {{ any: [{uses}] }}\n"
    );
    lab.put("p/wide.yaml", wide.as_bytes());
    let kinds = (0..32).map(|number| format!("kube.K{number}")).collect::<Vec<_>>().join(", ");
    let kinds = format!(
        "id: X-3\nseverity: low\ntitle: T\nchecks:\n  - each: [{kinds}]\n    readings: {{ intended: {{}}, literal: {{}} }}\n    must: {{ a: {{ in: [{long}] }} }}\n"
    );
    lab.put("p/kinds.yaml", kinds.as_bytes());
    // Much that is given, to many cases.
    let objects = vec!["{ Name: a }"; 20_000].join(", ");
    let cases: String = (0..5_000).map(|number| format!("  - {{ name: c{number}, expect: open }}\n")).collect();
    let many = format!("given:\n  docker.daemon@w1: {{ list: [{objects}] }}\ncases:\n{cases}");
    lab.put("p/cases/doubling.yaml", many.as_bytes());
    let pack = lab.at("p");
    let (ran, peak) = measured(&["rules", "check", pack.to_str().unwrap()]);
    assert_eq!(ran.code, 2, "{}", ran.err);
    for part in ["doubling.yaml:", "wide.yaml:7:", "kinds.yaml:5:", "make this file too large", "come to too much"] {
        assert!(ran.err.contains(part), "no `{part}` in {}", ran.err.chars().take(4000).collect::<String>());
    }
    assert!(peak < 192 << 10, "{peak} KiB");
}
