//! Reads the cases of a pack: `cases/<name>.yaml` beside `<name>.yaml`, or keys in the file of the rule itself.
//!
//! Cases are no part of a pack as an assessment reads it, nor of its digest: they try a rule and decide nothing. The
//! built-in pack has none; they are read from a folder, by `rules check` and by the tests of this project.

use std::collections::BTreeMap;
use std::path::Path;

use serde_yaml::Value;

use crate::rules::cases::file::{CasesOfRule, FILE_KEYS, cases};
use crate::rules::cases::fixture::Fixtures;
use crate::rules::files::{PackError, is_head, stem, yaml_files};
use crate::rules::load::values::unknown;
use crate::yaml::{Checker, Node, Problem, parse};

/// The cases of a pack.
#[derive(Debug, Clone, Default)]
pub struct Cases {
    /// What each rule has, by its id.
    pub of_rules: BTreeMap<String, CasesOfRule>,
    /// Every problem of every file.
    pub problems: Vec<Problem>,
    /// The texts of the files with problems, to draw them.
    pub texts: BTreeMap<String, String>,
}

impl Cases {
    /// Reads the cases of the pack in a folder.
    ///
    /// # Errors
    /// A folder that cannot be read.
    ///
    /// ```
    /// # fn main() -> Result<(), mke_stig::rules::PackError> {
    /// use mke_stig::rules::Cases;
    ///
    /// let cases = Cases::read("rules/mke-stig-v2r1".as_ref())?;
    /// assert!(cases.problems.is_empty());
    /// assert!(cases.of_rules["V-260930"].cases.len() > 10);
    /// # Ok(())
    /// # }
    /// ```
    pub fn read(folder: &Path) -> Result<Self, PackError> {
        let fixtures = Fixtures::of(folder);
        let beside = folder.join("cases");
        let files = if beside.is_dir() { yaml_files(&beside)? } else { Vec::new() };
        let mut of_names: BTreeMap<String, (String, String)> =
            files.into_iter().map(|(file, text)| (stem(&file).to_owned(), (file, text))).collect();
        let mut read = Self::default();
        for (file, text) in yaml_files(folder)?.into_iter().filter(|(file, _)| !is_head(file)) {
            let own = of_names.remove(stem(&file));
            // The reader of the pack reports a rule that cannot be read.
            let Ok(rule) = parse(&file, &text) else { continue };
            let id = rule.get("id").and_then(Value::as_str).unwrap_or_else(|| stem(&file)).to_owned();
            let found = match own {
                Some((beside, text)) => {
                    read.refuse_both(&file, &rule, &beside);
                    read.file(&beside, text, &fixtures)
                }
                None => read.inside(&file, text, &rule, &fixtures),
            };
            read.of_rules.entry(id).or_insert(found);
        }
        for (_, (file, text)) in of_names {
            let message = "there is no rule file of this name beside the folder cases".to_owned();
            read.problems.push(Problem { file: file.clone(), place: None, message, hint: String::new() });
            read.texts.insert(file, text);
        }
        Ok(read)
    }

    /// Cases in a file of their own.
    fn file(&mut self, file: &str, text: String, fixtures: &Fixtures) -> CasesOfRule {
        let value = match parse(file, &text) {
            Ok(value) => value,
            Err(problem) => {
                self.tell(file, text, vec![problem]);
                return CasesOfRule::default();
            }
        };
        let mut checker = Checker::new(file, &text);
        let entries = checker.entries(&Node::root(&value), "a file of cases");
        for (key, node) in &entries {
            if !FILE_KEYS.iter().any(|(known, _)| known == key) {
                unknown(&mut checker, node, key, FILE_KEYS);
            }
        }
        let found = cases(&mut checker, &entries, fixtures);
        let problems = checker.finish();
        self.tell(file, text, problems);
        found
    }

    /// Cases in the file of their rule.
    fn inside(&mut self, file: &str, text: String, rule: &Value, fixtures: &Fixtures) -> CasesOfRule {
        let mut checker = Checker::new(file, &text);
        let Value::Mapping(_) = rule else { return CasesOfRule::default() };
        let entries = checker.entries(&Node::root(rule), "a rule");
        let found = cases(&mut checker, &entries, fixtures);
        let problems = checker.finish();
        self.tell(file, text, problems);
        found
    }

    fn refuse_both(&mut self, file: &str, rule: &Value, beside: &str) {
        if FILE_KEYS.iter().any(|(key, _)| rule.get(*key).is_some()) {
            let message = format!("this rule has cases of its own and in {beside}");
            let hint = "keep them in one of the two files".to_owned();
            self.problems.push(Problem { file: file.to_owned(), place: None, message, hint });
        }
    }

    fn tell(&mut self, file: &str, text: String, problems: Vec<Problem>) {
        if !problems.is_empty() {
            self.problems.extend(problems);
            self.texts.insert(file.to_owned(), text);
        }
    }
}
