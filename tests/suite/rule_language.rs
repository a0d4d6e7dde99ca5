//! The language of rules: what each form means, and what the loader says of what it does not know.

use mke_stig::rules::{Decision, Demand, Pack, Truth, Unknown, Variables, Wording, read_rule};
use serde_json::{Value, json};

use crate::common::lab::Lab;
use crate::common::run;

/// A rule with this `must`, in the flow style of YAML.
fn with_must(must: &str) -> String {
    format!("id: X-1\nseverity: low\ntitle: T\nchecks:\n  - each: docker.info\n    must: {must}\n")
}

/// Whether an object meets a `must` on its own fields.
fn truth(must: &str, object: &Value) -> Truth {
    let rule = read_rule("x.yaml", &with_must(must)).unwrap_or_else(|problems| panic!("{problems:?}"));
    let Demand::Must(matcher) = &rule.checks()[0].demand else { panic!("{must}") };
    matcher.eval(&mut |path, condition| {
        // Not by `FieldPath::lookup`, which takes null for absence.
        condition.eval(object.get(path.to_string()), &Variables::default())
    })
}

/// The problems of a rule, each in one line.
fn problems(text: &str) -> Vec<String> {
    let problems = read_rule("x.yaml", text).map_or_else(|problems| problems, |_| Vec::new());
    problems.iter().map(mke_stig::yaml::Problem::line).collect()
}

#[test]
fn absence_makes_its_own_condition_hold_or_fail_whatever_stands_around_it() {
    let unknown = || Truth::Unknown(Unknown::AbsentField);
    let absent = json!({ "list": [{ "b": 1 }] });
    for (must, wanted) in [
        ("{ a: { equals: 1, absent: holds } }", Truth::Yes),
        ("{ a: { equals: 1, absent: fails } }", Truth::No),
        ("{ a: { equals: 1, absent: unknown } }", unknown()),
        ("{ a: { equals: 1 } }", unknown()),
        ("{ a: { equals: 1, absent: { default: 1 } } }", Truth::Yes),
        ("{ not: { a: { equals: 1, absent: holds } } }", Truth::No),
        ("{ not: { a: { equals: 1, absent: fails } } }", Truth::Yes),
        ("{ not: { a: { equals: 1, absent: unknown } } }", unknown()),
        ("{ list: { none: { a: { equals: 1, absent: holds } } } }", Truth::No),
        ("{ list: { none: { a: { equals: 1, absent: fails } } } }", Truth::Yes),
        ("{ list: { none: { a: { equals: 1, absent: unknown } } } }", unknown()),
    ] {
        assert_eq!(truth(must, &absent), wanted, "{must}");
    }
}

#[test]
fn a_field_that_is_null_can_mean_something_else_than_one_that_is_absent() {
    let unknown = || Truth::Unknown(Unknown::AbsentField);
    for (must, of_null, of_absent) in [
        ("{ a: { empty: true, absent: holds } }", Truth::Yes, Truth::Yes),
        ("{ a: { empty: true, unset: holds } }", Truth::Yes, unknown()),
        ("{ a: { empty: true, absent: holds, unset: fails } }", Truth::No, Truth::Yes),
        ("{ a: { empty: true, absent: holds, unset: unknown } }", unknown(), Truth::Yes),
    ] {
        assert_eq!(truth(must, &json!({ "a": null })), of_null, "null in {must}");
        assert_eq!(truth(must, &json!({})), of_absent, "absent in {must}");
    }
}

#[test]
fn the_earlier_words_for_absence_are_told_with_the_new_ones() {
    for (old, new) in [("ok", "write `holds`"), ("finding", "write `fails`"), ("hold", "did you mean `holds`?")] {
        for key in ["absent", "unset"] {
            let told = problems(&with_must(&format!("{{ a: {{ equals: 1, {key}: {old} }} }}")));
            assert_eq!(told.len(), 1, "{told:?}");
            assert!(told[0].starts_with("x.yaml:6:"), "{told:?}");
            assert!(told[0].contains(&format!("`{old}`")) && told[0].contains(new), "{told:?}");
        }
    }
}

/// The files that the examples of rules/README.md are, by name.
fn examples() -> Vec<(String, String)> {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/rules/README.md")).unwrap();
    let blocks = text.split("```yaml\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    let named = |block: &str| {
        let name = block.lines().next().unwrap().strip_prefix("# ").expect("an example begins with its name");
        (name.to_owned(), block.to_owned())
    };
    blocks.map(named).collect()
}

#[test]
fn the_examples_of_the_readme_are_a_pack_whose_cases_hold() {
    let lab = Lab::new();
    let examples = examples();
    for (name, text) in &examples {
        lab.put(name, text.as_bytes());
    }
    let check = run(["rules", "check", lab.at("mine").to_str().unwrap()]);
    assert_eq!(check.code, 0, "{}{}", check.out, check.err);
    assert!(check.out.starts_with("4 rules, 0 problems; 12 cases and "), "{}", check.out);
    assert!(check.out.trim_end().ends_with(" derived ones, 0 failed"), "{}", check.out);
    assert!(examples.iter().all(|(_, text)| text.lines().all(|line| line.chars().count() <= 120)));
    // Every form that the page is about is shown by one of them.
    for form in ["absent: ", "readings:", "each: [", "define:", "$labelled", "given:", "but:", "without:", "gaps:"] {
        assert!(examples.iter().any(|(_, text)| text.contains(form)), "{form}");
    }
}

/// A rule with these lines behind its title.
fn with_lines(lines: &str) -> String {
    format!("id: X-1\nseverity: low\ntitle: T\n{lines}")
}

/// Names and kinds of the checks of a rule.
fn names_and_kinds(lines: &str) -> Vec<(String, String)> {
    let rule = read_rule("x.yaml", &with_lines(lines)).unwrap_or_else(|problems| panic!("{problems:?}"));
    rule.checks().iter().map(|check| (check.name.clone(), check.each.name().to_owned())).collect()
}

#[test]
fn a_check_of_several_kinds_and_readings_stands_for_one_of_each_in_their_order() {
    let lines = "checks:
  - name: workload
    each: [kube.Deployment, kube.Job]
    readings: { intended: { of: user }, literal: {} }
    must: { metadata.name: { exists: true } }
  - each: docker.info
    readings: { intended: { name: every node }, literal: { name: managers alone } }
    must: { Name: { exists: true } }
  - each: [kube.Pod]
    readings: [intended, literal]
    must: { metadata.name: { exists: true } }
";
    let found = names_and_kinds(lines);
    let found: Vec<(&str, &str)> = found.iter().map(|(name, kind)| (name.as_str(), kind.as_str())).collect();
    assert_eq!(
        found,
        [
            ("workload, Deployment", "kube.Deployment"),
            ("workload, Deployment, by the letter", "kube.Deployment"),
            ("workload, Job", "kube.Job"),
            ("workload, Job, by the letter", "kube.Job"),
            ("every node", "docker.info"),
            ("managers alone", "docker.info"),
            ("Pod", "kube.Pod"),
        ]
    );
    let rule = read_rule("x.yaml", &with_lines(lines)).unwrap();
    let seen: Vec<_> = rule.checks().iter().map(|check| (check.reading, check.of.len())).collect();
    let (intended, literal) = (Some(Wording::Intended), Some(Wording::Literal));
    assert_eq!(
        seen,
        [(intended, 1), (literal, 0), (intended, 1), (literal, 0), (intended, 0), (literal, 0), (None, 0)]
    );
}

#[test]
fn a_named_matcher_is_the_matcher_itself() {
    let shared = "{ any: [{ a: 1 }, { b: { every: { c: { not: x, absent: holds } } } }] }";
    let written = with_lines(&format!(
        "checks:\n  - each: docker.info\n    where: {{ not: {shared} }}\n    must: {{ list: {{ none: {shared} }} }}\n"
    ));
    let named = with_lines(
        "checks:\n  - each: docker.info\n    where: { not: $either }\n    must: { list: { none: $either } }
define:
  inner: { c: { not: x, absent: holds } }
  either: { any: [{ a: 1 }, { b: { every: $inner } }] }
",
    );
    let checks = |text: &str| format!("{:?}", read_rule("x.yaml", text).unwrap().checks());
    assert_eq!(checks(&named), checks(&written));
}

#[test]
fn every_mistake_in_the_short_forms_is_told_once_with_place_and_hint() {
    let check = |lines: &str| with_lines(&format!("checks:\n  - each: docker.info\n{lines}"));
    let must = "    must: { Name: { exists: true } }\n";
    for (text, parts) in [
        (check("    must: $nothing\n"), ["x.yaml:6:11", "no matcher `nothing`", "under `define`"]),
        (
            with_lines("define: { near: { a: 1 } }\nchecks:\n  - each: docker.info\n    must: $neer\n"),
            ["x.yaml:7:11", "no matcher `neer`", "did you mean `near`?"],
        ),
        // A definition cannot use what stands below it, nor itself.
        (
            with_lines("define:\n  a: { all: [$b] }\n  b: { x: 1 }\nchecks:\n  - each: docker.info\n    must: $a\n"),
            ["x.yaml:5:14", "no matcher `b`", "above its first use"],
        ),
        (
            with_lines("define: { A.b: { x: 1 } }\nchecks:\n  - each: docker.info\n    must: { x: 1 }\n"),
            ["x.yaml:4:11", "`A.b` cannot be the name", "lower-case"],
        ),
        // As a value a name would be compared as text, and `not` would hold of everything.
        (
            with_lines("define: { a: { x: 1 } }\nchecks:\n  - each: docker.info\n    must: { Name: { not: $a } }\n"),
            ["x.yaml:7:26", "`$a` cannot stand for a value", "in the place of a matcher"],
        ),
        (check("    must: { Name: $ssp.banner }\n"), ["x.yaml:6:19", "cannot stand for a value", "`matches`"]),
        (
            with_lines(&format!("checks:\n  - each: [docker.info, docker.info]\n{must}")),
            ["x.yaml:5:25", "is in the list twice", ""],
        ),
        (with_lines(&format!("checks:\n  - each: []\n{must}")), ["x.yaml:5:11", "between 1 and 32 kinds", ""]),
        (
            with_lines(&format!("checks:\n  - each: [docker.inf]\n{must}")),
            ["x.yaml:5:12", "unknown kind `docker.inf`", "did you mean `docker.info`?"],
        ),
        (
            check(&format!("    readings: {{ intended: {{ of: user }} }}\n{must}")),
            ["x.yaml:6:15", "must name both readings", "or `reading` for one"],
        ),
        (
            check(&format!("    readings: {{ intended: {{}}, literal: {{}}, meant: {{}} }}\n{must}")),
            ["x.yaml:6:", "unknown key `meant`", "known are intended, literal"],
        ),
        (
            check(&format!("    readings: {{ intended: {{ each: docker.info }}, literal: {{}} }}\n{must}")),
            ["x.yaml:6:", "`each` is already set above the readings", ""],
        ),
        (
            check(&format!("    reading: literal\n    readings: [literal]\n{must}")),
            ["x.yaml:7:5", "`reading` or `readings`, not both", ""],
        ),
        // What both readings and all kinds share is read for each of them, and told once.
        (
            with_lines(
                "checks:\n  - each: [kube.Job, kube.Pod]\n    readings: { intended: {}, literal: {} }\n    must: { a: { equls: 1 } }\n",
            ),
            ["x.yaml:7:", "unknown operator `equls`", "did you mean `equals`?"],
        ),
    ] {
        let told = problems(&text);
        assert_eq!(told.len(), 1, "{text}\n{told:#?}");
        for part in parts {
            assert!(told[0].contains(part), "no `{part}` in {told:?}\n{text}");
        }
    }
}

#[test]
fn a_matcher_of_pack_yaml_is_known_in_every_rule_and_has_one_meaning() {
    let lab = Lab::new();
    let rule = |id: &str, lines: &str| format!("id: {id}\nseverity: low\ntitle: T\n{lines}");
    lab.put("p/pack.yaml", b"id: p\ndefine: { named: { Name: { exists: true } } }\n");
    lab.put("p/a.yaml", rule("A-1", "checks: [{ each: docker.info, must: $named }]\n").as_bytes());
    let own = "define: { named: { Name: { exists: false } } }\nchecks: [{ each: docker.info, must: $named }]\n";
    lab.put("p/b.yaml", rule("B-1", own).as_bytes());
    let pack = Pack::read(&lab.at("p")).unwrap();
    assert_eq!(pack.rules[0].checks()[0].wanted, "Name: present");
    let told: Vec<String> = pack.problems.iter().map(mke_stig::yaml::Problem::line).collect();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains("b.yaml:4:") && told[0].contains("is defined in pack.yaml already"), "{told:?}");

    // Without a pack.yaml that can be read, nothing is guessed.
    lab.put("p/pack.yaml", b"id: p\ndefine: { named: { Name: { exsts: true } } }\n");
    let pack = Pack::read(&lab.at("p")).unwrap();
    assert_eq!(pack.rules[0].id, "A-1");
    assert!(matches!(pack.rules[0].decision, Decision::Broken(_)), "{:?}", pack.rules[0]);
}

/// A rule with this `fix`.
fn with_fix(fix: &str) -> String {
    format!("id: X-1\nseverity: low\ntitle: T\nundecided: u\nfix:\n{fix}\n")
}

#[test]
fn a_fix_is_a_text_or_steps_whose_commands_leave_names_alone() {
    let rule = read_rule("x.yaml", &with_fix("  Do it.")).unwrap();
    assert_eq!(rule.texts.fix, "Do it.");
    let steps = "  steps:\n    - { at: manager, do: Make it again., run: 'docker service update --force {service}' }\n    \
                 - engine: '\"icc\": false'\n    - mke: { screen: Save., toml: ['[auth]', 'x = 1'] }\n  risk: It stops.";
    let rule = read_rule("x.yaml", &with_fix(steps)).unwrap_or_else(|problems| panic!("{problems:?}"));
    for part in
        ["docker service update --force SERVICE\n", "`\"icc\": false`", "    [auth]\n    x = 1", "Risk: It stops."]
    {
        assert!(rule.texts.fix.contains(part), "no {part:?} in {}", rule.texts.fix);
    }
    for (step, told_of) in [
        ("{ at: node }", "one of `do`, `mke` and `engine`"),
        ("{ do: d, engine: '\"a\": 1' }", "one of `do`, `mke` and `engine`"),
        ("{ do: d, at: roof }", "`roof` is not allowed here"),
        ("{ do: d, of: docker.contaner }", "did you mean `docker.container`?"),
        ("{ do: d, rum: x }", "did you mean `run`?"),
        ("{ do: d, run: 'docker rm {cotainer}' }", "`{cotainer}` is no name"),
        ("{ do: d, run: 'docker rm \"{container}\"' }", "`{container}` stands in quotes"),
        ("{ do: d, run: \"docker rm '{container}'\" }", "`{container}` stands in quotes"),
        ("{ do: d, run: '{name} --help' }", "begins with a program"),
        ("{ do: d, run: 'kubectl delete ns {name}' }", "names it itself"),
        ("{ do: d, run: \"a\\nb\" }", "one line with its quotes closed"),
        ("{ do: d, run: 'echo \"a' }", "one line with its quotes closed"),
        ("{ mke: { toml: ['x = 1'] } }", "the first line of `toml` is the table"),
    ] {
        let told = problems(&with_fix(&format!("  steps:\n    - {step}")));
        assert!(told.iter().any(|line| line.contains(told_of)), "no {told_of:?} in {told:?}");
        assert!(told.iter().all(|line| line.starts_with("x.yaml:")), "{told:?}");
    }
    assert!(problems(&with_fix("  steps: []")).iter().any(|line| line.contains("a fix without steps")));
}
