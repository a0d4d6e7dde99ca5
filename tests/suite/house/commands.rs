//! Commands, options and files that texts name, held against the program and the repository.
//!
//! A text names a command as `mke-stig …` or `cargo …` inside backticks, in an indented block or in a fence. Its words
//! are followed down the tree of subcommands, and each option has to be one that the command's `--help` shows.

use std::collections::BTreeMap;

use crate::common::{program, repository, repository_text};

/// `--help` by command, asked once each.
#[derive(Default)]
pub(crate) struct Program {
    help: BTreeMap<Vec<String>, String>,
}

impl Program {
    fn help(&mut self, command: &[String]) -> &str {
        self.help.entry(command.to_vec()).or_insert_with(|| {
            let output = program().args(command).arg("--help").output().unwrap();
            String::from_utf8(output.stdout).unwrap()
        })
    }

    fn subcommands(&mut self, command: &[String]) -> Vec<String> {
        let help = self.help(command);
        let list = help.split_once("\nCommands:\n").map_or("", |(_, rest)| rest.split("\n\n").next().unwrap_or(rest));
        let names = list.lines().filter_map(|line| line.strip_prefix("  ")?.split(' ').next());
        names.filter(|name| !name.is_empty()).map(str::to_owned).collect()
    }

    fn has_option(&mut self, command: &[String], option: &str) -> bool {
        let words = self.help(command).split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
        words.into_iter().any(|word| word == option)
    }

    /// What of a line is no command of the program; the line begins behind `mke-stig `.
    pub(crate) fn problem(&mut self, line: &str) -> Option<String> {
        let mut command: Vec<String> = Vec::new();
        let mut words = line.split_whitespace().peekable();
        loop {
            let names = self.subcommands(&command);
            match words.peek() {
                Some(word) if names.iter().any(|name| name == word) => command.push((*word).to_owned()),
                Some(word) if !names.is_empty() && !word.starts_with('-') => {
                    return Some(format!("there is no command `mke-stig {} {word}`", command.join(" ")));
                }
                _ => break,
            }
            words.next();
        }
        for word in words.take_while(|word| !["|", "→", "&&", ">"].contains(word)) {
            let option = word.trim_matches(['[', ']', ':', ',', '.']).split('=').next().unwrap_or_default();
            if option.len() > 1 && option.starts_with('-') && !self.has_option(&command, option) {
                return Some(format!("`mke-stig {}` has no option {option}", command.join(" ")));
            }
        }
        None
    }
}

/// The parts of a Markdown text that are code: spans in backticks, and lines of blocks.
pub(crate) fn code(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut fenced = false;
    for line in text.lines() {
        if line.starts_with("```") {
            fenced = !fenced;
        } else if fenced || line.starts_with("    ") {
            parts.push(line.trim());
        } else {
            parts.extend(line.split('`').skip(1).step_by(2));
        }
    }
    parts
}

/// The commands that a part names, each as it stands behind `mke-stig `.
pub(crate) fn commands(part: &str) -> impl Iterator<Item = &str> {
    part.match_indices("mke-stig ").filter_map(|(at, name)| {
        let before = part[..at].chars().next_back();
        // A drawing names several in one line, and behind the last one comes its frame.
        let line = part[at + name.len()..].split(['│', '·', '`', '"', '\n']).next()?;
        (before.is_none_or(|c| c.is_whitespace() || c == '/' || c == '`')).then_some(line.trim())
    })
}

/// What of `cargo …` is not there: `--bench`, `--test` and `--bin` name targets.
pub(crate) fn cargo_problem(part: &str, manifest: &str) -> Option<String> {
    let words: Vec<&str> = part.split_whitespace().collect();
    let line = words.iter().position(|word| *word == "cargo").map(|at| &words[at..])?;
    let target = line.windows(2).find(|pair| ["--bench", "--test", "--bin"].contains(&pair[0]))?[1];
    let there = manifest.contains(&format!("name = \"{target}\""));
    (!there).then(|| format!("`{part}` names a target that Cargo.toml does not have"))
}

/// Whether a part that looks like a file of this repository is one.
pub(crate) fn file_problem(part: &str) -> Option<String> {
    const TOP: [&str; 8] =
        ["src/", "tests/", "rules/", "reports/", "collector-scripts/", "testdata/", "benches/", ".ci/"];
    let path = part.split([' ', '#']).next().unwrap_or_default();
    let plain = path.chars().all(|c| c.is_ascii_alphanumeric() || "-_./".contains(c));
    let ours = TOP.iter().any(|top| path.starts_with(top))
        || (path.contains('/') && path.rsplit_once('.').is_some_and(|(_, end)| end == "rs"));
    let there = || repository(path).exists() || repository("src").join(path).exists();
    (plain && ours && !there()).then(|| format!("there is no `{path}`"))
}

/// All that a Markdown file of this repository names and that is not there.
pub(crate) fn problems(program: &mut Program, file: &str) -> Vec<String> {
    let text = repository_text(file);
    let manifest = repository_text("Cargo.toml");
    let mut problems = Vec::new();
    for part in code(&text) {
        problems.extend(commands(part).filter_map(|line| program.problem(line)));
        problems.extend(cargo_problem(part, &manifest));
        problems.extend(file_problem(part));
    }
    let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
    for (_, rest) in text.split("](").skip(1).filter_map(|rest| Some((rest.split_once(')')?.0, rest))) {
        let target = rest.split([')', '#']).next().unwrap_or_default();
        if !target.contains("://") && !repository(folder).join(target).exists() {
            problems.push(format!("the link to {target} leads nowhere"));
        }
    }
    problems.into_iter().map(|problem| format!("{file}: {problem}")).collect()
}
