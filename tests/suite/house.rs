//! The house is as its plan says: rooms and stages in their order, no circles, small files, folders and functions, a
//! list of rooms that is `src/`, and commands in texts that the program has.
//!
//! Each check is a function from the house to its problems. It is tried on a small house that breaks it and then on
//! `src/`, so that a check that finds nothing is known to find something.

mod circles;
mod commands;

mod source;

use std::collections::{BTreeMap, BTreeSet};

use commands::Program;
use source::{House, Import};

use crate::common::{repository, repository_text};

/// The rooms in their order: each knows only those before it. The list in ARCHITECTURE.md is the same.
const ROOMS: [&str; 13] = [
    "model", "yaml", "archive", "layout", "facts", "evidence", "rules", "intake", "ssp", "answers", "assess", "report",
    "cli",
];

/// The stages of a room in their order, and behind them whatever else the room has. Those of one entry do not know
/// each other.
const STAGES: [(&str, &[&[&str]]); 2] = [
    ("assess", &[&["sentences"], &["compile"], &["observe"], &["cluster"], &["decide"]]),
    ("report", &[&["base"], &["fix"], &["page", "checklist", "interchange", "bundle"]]),
];

const MAX_FILES_OF_A_FOLDER: usize = 12;
const MAX_LINES_OF_A_FILE: usize = 400;
const MAX_LINES_OF_A_FUNCTION: usize = 60;
const MAX_PARAMETERS: usize = 6;

/// Conditions, matchers and expressions of rules hold each other by nature: a grammar is recursive.
const GRAMMAR: &str = "rules/language/";

fn room(path: &str) -> Option<usize> {
    ROOMS.iter().position(|room| path.split('/').next() == Some(room))
}

/// The place of a file among the stages of its room, and the name of its stage.
fn stage<'p>(path: &'p str, stages: &[&[&str]]) -> (usize, &'p str) {
    let name = path.split('/').nth(1).unwrap_or_default();
    let name = name.strip_suffix(".rs").unwrap_or(name);
    let place = stages.iter().position(|stage| stage.contains(&name)).unwrap_or(stages.len());
    (place, if place == stages.len() { "" } else { name })
}

fn said(import: &Import) -> String {
    format!("src/{}:{} imports src/{}", import.from, import.line, import.to)
}

fn backward_between_rooms(house: &House) -> Vec<String> {
    let imports = house.imports();
    // The root lists the rooms and nothing more.
    let backward = imports.iter().filter(|import| room(&import.from).is_some_and(|from| room(&import.to) > Some(from)));
    backward.map(said).collect()
}

fn backward_between_stages(house: &House) -> Vec<String> {
    let mut problems = Vec::new();
    for import in house.imports() {
        for (name, stages) in STAGES {
            let inside = |path: &str| path.split('/').next() == Some(name) && path != format!("{name}/mod.rs");
            if inside(&import.from) && inside(&import.to) {
                let (from, to) = (stage(&import.from, stages), stage(&import.to, stages));
                if to.0 > from.0 || (to.0 == from.0 && to.1 != from.1) {
                    problems.push(said(&import));
                }
            }
        }
    }
    problems
}

/// Circles of files, each as one line. A `mod.rs` that only names its files takes no part: paths lead through it.
fn circles(house: &House) -> Vec<String> {
    let mut edges: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for import in house.imports() {
        if !(import.from.starts_with(GRAMMAR) && import.to.starts_with(GRAMMAR)) {
            edges.entry(import.from).or_default().insert(import.to);
        }
    }
    circles::of(&edges).into_iter().map(|circle| circle.join(" ↔ ")).collect()
}

fn large_folders(house: &House) -> Vec<String> {
    let mut files: BTreeMap<&str, usize> = BTreeMap::new();
    for file in house.files.values().filter(|file| !file.path.ends_with("mod.rs")) {
        *files.entry(file.path.rsplit_once('/').map_or("", |(folder, _)| folder)).or_default() += 1;
    }
    let large = files.iter().filter(|(_, count)| **count > MAX_FILES_OF_A_FOLDER);
    large.map(|(folder, count)| format!("src/{folder} holds {count} files")).collect()
}

fn large_files(house: &House) -> Vec<String> {
    let large = house.files.values().filter(|file| file.lines > MAX_LINES_OF_A_FILE);
    large.map(|file| format!("src/{} has {} lines", file.path, file.lines)).collect()
}

fn large_functions(house: &House) -> Vec<String> {
    let mut problems = Vec::new();
    for file in house.files.values() {
        for function in &file.functions {
            if function.lines > MAX_LINES_OF_A_FUNCTION || function.parameters > MAX_PARAMETERS {
                problems.push(format!(
                    "src/{}:{} `{}` has {} lines and {} parameters",
                    file.path, function.line, function.name, function.lines, function.parameters
                ));
            }
        }
    }
    problems
}

/// The rooms of the table in ARCHITECTURE.md, in its order.
fn rooms_of_the_table(text: &str) -> Vec<&str> {
    let rows = text.lines().filter_map(|line| line.strip_prefix("| `src/"));
    rows.filter_map(|row| row.split_once("/`").map(|(room, _)| room)).collect()
}

fn none(problems: &[String]) {
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// A house of two rooms and the files that are given.
fn small_house(files: &[(&str, &str)]) -> House {
    let plan = [
        ("lib.rs", "pub mod model;\npub mod assess;"),
        ("model/mod.rs", "mod day;\npub use day::Day;"),
        ("model/day.rs", "pub struct Day;"),
        ("assess/mod.rs", "mod decide;\nmod observe;\nmod run;\npub use run::assess;"),
        ("assess/run.rs", "use crate::assess::decide::weigh;\nuse crate::model::Day;\npub fn assess() {}"),
        ("assess/decide/mod.rs", "mod rule;\npub(crate) use rule::weigh;"),
        ("assess/decide/rule.rs", "use crate::assess::observe::look;\npub(crate) fn weigh() {}"),
        ("assess/observe/mod.rs", "mod object;\npub(crate) use object::look;"),
        ("assess/observe/object.rs", "pub(crate) fn look() {}"),
    ];
    let kept = plan.iter().filter(|(path, _)| files.iter().all(|(other, _)| other != path));
    House::of(kept.chain(files).copied())
}

#[test]
fn rooms_know_only_the_rooms_before_them() {
    none(&backward_between_rooms(&small_house(&[])));
    for line in [
        "use crate::assess::assess;",
        "fn f() { crate::assess::assess() }",
        "fn f() { dbg!(super::super::assess::assess()); }",
    ] {
        let broken = small_house(&[("model/day.rs", line)]);
        assert_eq!(backward_between_rooms(&broken), ["src/model/day.rs:1 imports src/assess/run.rs"], "{line}");
    }
    none(&backward_between_rooms(House::of_this_crate()));
}

#[test]
fn stages_know_only_the_stages_before_them() {
    none(&backward_between_stages(&small_house(&[])));
    let broken =
        small_house(&[("assess/observe/object.rs", "use crate::assess::decide::weigh as w;\npub(crate) fn look() {}")]);
    let said = backward_between_stages(&broken);
    assert_eq!(said, ["src/assess/observe/object.rs:1 imports src/assess/decide/rule.rs"]);
    let broken = small_house(&[("assess/decide/rule.rs", "pub(crate) fn weigh() { crate::assess::run::assess() }")]);
    assert_eq!(backward_between_stages(&broken), ["src/assess/decide/rule.rs:1 imports src/assess/run.rs"]);
    none(&backward_between_stages(House::of_this_crate()));
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    none(&circles(&small_house(&[])));
    let broken =
        small_house(&[("assess/observe/object.rs", "use crate::assess::decide::weigh;\npub(crate) fn look() {}")]);
    assert_eq!(circles(&broken), ["assess/decide/rule.rs ↔ assess/observe/object.rs"]);
    none(&circles(House::of_this_crate()));
}

#[test]
fn folders_files_and_functions_are_small() {
    let long = format!(
        "fn of_61_lines() {{\n{}}}\nfn of_7(a: u8, b: u8, c: u8, d: u8, e: u8, f: u8, g: u8) {{}}",
        "\n".repeat(59)
    );
    let long = small_house(&[("model/day.rs", &long)]);
    let said = ["`of_61_lines` has 61 lines and 0 parameters", "`of_7` has 1 lines and 7 parameters"];
    assert_eq!(
        large_functions(&long),
        [format!("src/model/day.rs:1 {}", said[0]), format!("src/model/day.rs:62 {}", said[1])]
    );
    let paths: Vec<String> = (0..13).map(|number| format!("model/day{number}.rs")).collect();
    let many: Vec<(&str, &str)> = paths.iter().map(|path| (path.as_str(), "")).collect();
    assert_eq!(large_folders(&small_house(&many)), ["src/model holds 14 files"]);
    assert_eq!(large_files(&small_house(&[("model/day.rs", &"\n".repeat(401))])), ["src/model/day.rs has 401 lines"]);
    let house = House::of_this_crate();
    none(&[large_folders(house), large_files(house), large_functions(house)].concat());
}

#[test]
fn the_list_of_rooms_is_the_source_tree() {
    let house = House::of_this_crate();
    let there: BTreeSet<&str> = house.files.values().filter_map(|file| Some(file.path.split_once('/')?.0)).collect();
    assert_eq!(there, ROOMS.into_iter().collect());
    assert_eq!(rooms_of_the_table(&repository_text("ARCHITECTURE.md")), ROOMS);
}

/// Texts that name commands for users, in Markdown and in what the program says.
fn told_commands() -> Vec<(String, String)> {
    let mut told = Vec::new();
    for folder in ["src", "rules", "reports", "collector-scripts"] {
        for entry in walkdir::WalkDir::new(repository(folder)) {
            let entry = entry.unwrap();
            let end = entry.path().extension().and_then(|end| end.to_str()).unwrap_or_default();
            if ["rs", "yaml", "html", "md", "sh"].contains(&end) {
                let text = std::fs::read_to_string(entry.path()).unwrap();
                let parts = text.split('`').skip(1).step_by(2).filter(|part| part.starts_with("mke-stig "));
                told.extend(parts.map(|part| (entry.path().display().to_string(), part.to_owned())));
            }
        }
    }
    told
}

#[test]
fn commands_options_and_files_that_texts_name_are_there() {
    let mut program = Program::default();
    for (line, problem) in [
        ("analyze SNAPSHOT -o report", None),
        ("analyse SNAPSHOT", Some("there is no command `mke-stig  analyse`")),
        ("ssp draft SNAPSHOT --no-such", Some("`mke-stig ssp draft` has no option --no-such")),
    ] {
        let found = program.problem(line);
        assert_eq!(found.is_some(), problem.is_some(), "{line}: {found:?}");
        assert!(problem.is_none_or(|problem| found.unwrap().contains(problem)), "{line}");
    }
    assert!(commands::file_problem("src/assess/no_such.rs").is_some());
    assert!(commands::cargo_problem("cargo bench --bench none", "name = \"snapshot\"").is_some());
    let files = [
        "README.md",
        "ARCHITECTURE.md",
        "SECURITY.md",
        "rules/README.md",
        "collector-scripts/README.md",
        "collector-scripts/COMMANDS.md",
        "testdata/README.md",
    ];
    let mut problems: Vec<String> = files.iter().flat_map(|file| commands::problems(&mut program, file)).collect();
    let told = told_commands();
    assert!(told.len() > 10, "{told:?}");
    for (file, part) in &told {
        problems.extend(
            commands::commands(part)
                .filter_map(|line| program.problem(line))
                .map(|problem| format!("{file}: {problem}")),
        );
    }
    none(&problems);
}
