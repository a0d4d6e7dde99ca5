//! Rules that are broken or hostile: every problem told at once with its place, the rest runs, and
//! none takes the place of another.

use crate::common::lab::{Lab, measured};
use crate::common::run;
use serde_json::json;

const GOOD: &str = "id: X-1\nseverity: high\ntitle: Good\nchecks:\n  - each: docker.container\n    must: { HostConfig.PidMode: { not: host, absent: holds } }\n";

#[test]
fn every_problem_of_every_rule_is_told_at_once_and_the_rest_runs() {
    let lab = Lab::new();
    let rule = |id: &str, check: &str| format!("id: {id}\nseverity: low\ntitle: T\nchecks:\n{check}");
    let files: Vec<(&str, String, Vec<&str>)> = vec![
        ("good.yaml", GOOD.into(), vec![]),
        (
            "field.yaml",
            rule("X-2", "  - each: docker.info\n    must: { Name: { equals: a } }\n    wantd: a\n"),
            vec!["field.yaml:7:5", "unknown key `wantd`", "did you mean `wanted`?"],
        ),
        (
            "top.yaml",
            format!("{}severty: high\n", GOOD.replace("X-1", "X-3")),
            vec!["top.yaml:7:1", "unknown key `severty`", "did you mean `severity`?"],
        ),
        (
            "operator.yaml",
            rule("X-4", "  - each: docker.info\n    must: { Name: { equls: a } }\n"),
            vec!["operator.yaml:6:", "equls", "equals"],
        ),
        (
            "regex.yaml",
            rule("X-5", "  - each: docker.info\n    must: { Name: { matches: 'a(' } }\n"),
            vec!["regex.yaml:6:", "a("],
        ),
        (
            "cel.yaml",
            rule("X-6", "  - each: docker.info\n    expr: self.Name ==\n    fields: [Name]\n"),
            vec!["cel.yaml:6:", "expression"],
        ),
        (
            "kind.yaml",
            rule("X-7", "  - each: docker.contaner\n    must: { Name: { equals: a } }\n"),
            vec!["kind.yaml:5:", "docker.contaner", "docker.container"],
        ),
        ("twin.yaml", GOOD.replace("Good", "Twin"), vec!["X-1", "two files"]),
        ("syntax.yaml", "id: X-8\ntitle: [unclosed\n".into(), vec!["syntax.yaml:", "YAML"]),
        ("none.yaml", "id: X-9\nseverity: low\ntitle: T\nchecks: []\n".into(), vec!["none.yaml:4:", "empty"]),
        (
            "many.yaml",
            rule(
                "X-10",
                "  - each: docker.info\n    must: { Name: { equls: a } }\n    wantd: b\n  - each: nothing\n    must: {}\n",
            ),
            vec!["many.yaml:6:", "many.yaml:7:", "many.yaml:8:"],
        ),
    ];
    let pack = lab.at("pack");
    for (name, text, _) in &files {
        lab.put(&format!("pack/{name}"), text.as_bytes());
    }
    let check = run(["rules", "check", pack.to_str().unwrap()]);
    assert_eq!(check.code, 2);
    let sample = crate::common::sample_folder();
    let ran = lab.analyze(&sample, &["--rules", pack.to_str().unwrap()]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    for told in [&check.err, &ran.err] {
        for (_, _, parts) in &files {
            for part in parts {
                assert!(told.contains(part), "no `{part}` in\n{told}");
            }
        }
        assert!(!told.contains('\u{1b}') && !told.contains("panicked"));
    }
    let assessment = lab.assessment();
    let rules = assessment["rules"].as_array().unwrap();
    assert_eq!(rules.len(), crate::common::ROWS + files.len());
    let by_id = |id: &str| rules.iter().find(|rule| rule["id"] == id).unwrap_or_else(|| panic!("{id} vanished"));
    assert_eq!(by_id("X-1")["status"], "open", "the good rule runs");
    for id in ["X-2", "X-3", "X-4", "X-5", "X-6", "X-7", "X-1-duplicate", "X-8", "X-9", "X-10"] {
        let rule = rules.iter().find(|rule| rule["id"] == id || rule["id"] == "syntax");
        let rule = rules.iter().find(|rule| rule["id"] == id).or(rule).unwrap();
        assert_eq!((&rule["status"], &rule["reason"]["code"]), (&json!("not_reviewed"), &json!("rule_error")), "{id}");
    }
}

#[test]
fn a_pack_cannot_take_the_place_of_a_rule_or_of_the_memory() {
    let lab = Lab::new();
    // An id of the STIG's pack, with a check that always holds.
    let fake = GOOD.replace("X-1", "V-260930").replace("not: host, absent: holds", "exists: true, absent: holds");
    lab.put("fake/V-260930.yaml", fake.as_bytes());
    let sample = crate::common::sample_folder();
    let ran = lab.analyze(&sample, &["--rules", lab.at("fake").to_str().unwrap()]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let assessment = lab.assessment();
    let rule = assessment["rules"].as_array().unwrap().iter().find(|rule| rule["id"] == "V-260930").unwrap().clone();
    assert_eq!(rule["status"], "open");
    assert_ne!(rule["title"], "Good");

    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..10 {
        let names = vec![format!("*a{}", level - 1); 9].join(", ");
        bomb.push_str(&format!("a{level}: &a{level} [{names}]\n"));
    }
    bomb.push_str("id: X-1\nseverity: low\ntitle: *a9\n");
    lab.put("bomb/bomb.yaml", bomb.as_bytes());
    lab.put("bomb/good.yaml", GOOD.replace("X-1", "X-0").as_bytes());
    lab.put("bomb/deep.yaml", "[".repeat(100_000).as_bytes());
    lab.put("bomb/deeper.yaml", "- ".repeat(100_000).as_bytes());
    lab.put("bomb/large.yaml", &vec![b'#'; 2 << 20]);
    lab.put("bomb/bytes.yaml", &[0xff, 0, 0x1b, b'[', b'2', b'J', b'\n']);
    let pack = lab.at("bomb");
    let out = lab.out();
    let (ran, peak) = measured(&[
        "analyze",
        sample.to_str().unwrap(),
        "-o",
        out.to_str().unwrap(),
        "--rules",
        pack.to_str().unwrap(),
    ]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(peak < 128 << 10, "{peak} KiB");
    for name in ["bomb.yaml", "deep.yaml", "deeper.yaml", "large.yaml", "bytes.yaml"] {
        assert!(ran.err.contains(name), "{name} is not told of:\n{}", ran.err);
    }
    assert!(!ran.err.contains('\u{1b}'), "{}", ran.err);
    let assessment = lab.assessment();
    let rules = assessment["rules"].as_array().unwrap();
    assert_eq!(rules.iter().find(|rule| rule["id"] == "X-0").unwrap()["status"], "open");
    assert_eq!(rules.iter().filter(|rule| rule["reason"]["code"] == "rule_error").count(), 5);
}

#[test]
fn a_field_wanted_whole_and_in_part_is_seen_whole_and_in_part() {
    let lab = Lab::new();
    let check = |must: &str| {
        format!(
            "id: Y-{}\nseverity: low\ntitle: T\nchecks:\n  - each: docker.container\n    of: [user, mke, kubernetes]\n    must: {{ {must} }}\n",
            must.len()
        )
    };
    let rules = [
        ("Config: { exists: true, empty: true }", "open"),
        ("Config: { exists: true, empty: false }", "not_reviewed"),
        ("Config.Image: { equals: nothing, absent: holds }", "open"),
    ];
    for (number, (must, _)) in rules.iter().enumerate() {
        lab.put(&format!("pack/{number}.yaml"), check(must).as_bytes());
    }
    let container = json!([{ "Id": "c", "Name": "/c", "Config": { "Image": "a:1" }, "HostConfig": {} }]);
    lab.put("snap/nodes/w1/docker/containers.json", container.to_string().as_bytes());
    let ran = lab.analyze(&lab.at("snap"), &["--rules", lab.at("pack").to_str().unwrap()]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    for (must, wanted) in rules {
        let id = format!("Y-{}", must.len());
        let assessment = lab.assessment();
        let rule = assessment["rules"].as_array().unwrap().iter().find(|rule| rule["id"] == id).unwrap().clone();
        assert_eq!(rule["status"], wanted, "{must}: {rule}");
    }
}
