//! The language of rules: what each form means, and what the loader says of what it does not know.

use mke_stig::rules::{Demand, Truth, Unknown, Variables, read_rule};
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
