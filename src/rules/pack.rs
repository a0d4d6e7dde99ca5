//! Rule packs: folders of rules, and the one that is built in.
//!
//! A pack is what an assessment is made with, so its digest covers all that decides, the rules and `pack.yaml`, and
//! nothing else. A rule whose file cannot be used stays in the pack as a broken one, so that it is
//! reported as Not Reviewed and never vanishes.

use std::collections::BTreeMap;
use std::path::Path;

use rayon::prelude::*;

use crate::model::digest::Digest;
use crate::model::severity::Severity;
use crate::rules::files::{PackError, base_name, is_head, stem, yaml_files};
use crate::rules::load::definitions::Definitions;
use crate::rules::load::pack_file::{BenchmarkId, PackHead, pack_head};
use crate::rules::load::rule_file::rule;
use crate::rules::rule::{Applies, Classes, Decision, Rule, Texts};
use crate::yaml::Problem;

include!(concat!(env!("OUT_DIR"), "/embedded_pack.rs"));

/// Bytes of a file that are read beside others. The YAML reader takes up to 150 times a file's size, so larger ones
/// are read one after another.
const READ_BESIDE_OTHERS: usize = 64 << 10;

/// A pack of rules.
#[derive(Debug, Clone)]
pub struct Pack {
    /// Pack id.
    pub id: String,
    /// Pack version.
    pub version: String,
    /// Title.
    pub title: String,
    /// The benchmark that it restates; empty where it names none.
    pub benchmark: BenchmarkId,
    /// SHA-256 over the names and contents of its files, in the order of their names.
    pub digest: Digest,
    /// How classes of objects are recognized.
    pub classes: Classes,
    /// The rules, by id. A rule whose file is broken is here too, with the reason.
    pub rules: Vec<Rule>,
    /// Every problem of every file.
    pub problems: Vec<Problem>,
    /// The texts of the files with problems, to draw them.
    pub texts: BTreeMap<String, String>,
}

impl Pack {
    /// The pack of the STIG, as built in.
    ///
    /// ```
    /// let pack = mke_stig::rules::Pack::embedded();
    /// assert_eq!(pack.rules.len(), 44);
    /// assert!(pack.problems.is_empty());
    /// ```
    #[must_use]
    pub fn embedded() -> Self {
        Self::from_files(Self::EMBEDDED_NAME, Self::embedded_files())
    }

    /// The name of the folder that is built in.
    pub(crate) const EMBEDDED_NAME: &str = "mke-stig-v2r1";

    /// The files of a pack's folder: path and text of each.
    pub(crate) fn files_of(folder: &Path) -> Result<Vec<(String, String)>, PackError> {
        yaml_files(folder)
    }

    /// The files of the built-in pack: name and text of each.
    pub(crate) fn embedded_files() -> Vec<(String, String)> {
        EMBEDDED_PACK.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
    }

    /// Reads the pack in a folder; every problem of every file is in [`Pack::problems`].
    ///
    /// # Errors
    /// A folder that cannot be read or is no pack.
    ///
    /// ```
    /// # fn main() -> Result<(), mke_stig::rules::PackError> {
    /// use mke_stig::rules::Pack;
    ///
    /// let pack = Pack::read("rules/mke-stig-v2r1".as_ref())?;
    /// assert_eq!(pack.digest, Pack::embedded().digest);
    /// # Ok(())
    /// # }
    /// ```
    pub fn read(folder: &Path) -> Result<Self, PackError> {
        let files = yaml_files(folder)?;
        if files.is_empty() {
            return Err(PackError::Empty { path: folder.to_owned() });
        }
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Ok(Self::from_files(&name, files))
    }

    /// The pack of some files, in the order of their names.
    pub(crate) fn from_files(name: &str, files: Vec<(String, String)>) -> Self {
        let mut pack = Self {
            id: name.to_owned(),
            version: "0".to_owned(),
            title: name.to_owned(),
            benchmark: BenchmarkId::default(),
            digest: digest(&files),
            classes: Classes::new(),
            rules: Vec::new(),
            problems: Vec::new(),
            texts: BTreeMap::new(),
        };
        // What a pack defines for all of its rules must be known before they are read.
        let head = files.iter().find(|(file, _)| is_head(file)).map(|(file, text)| pack_head(file, text));
        let (definitions, mut problems_of_head) = match head {
            Some(Ok(head)) => (pack.set_head(head), Vec::new()),
            Some(Err(problems)) => (Definitions::default(), problems),
            None => (Definitions::default(), Vec::new()),
        };
        let rules = read_rules(&files, &definitions);
        for ((file, text), rule) in files.into_iter().zip(rules) {
            let problems = match rule {
                Some(Ok(rule)) => {
                    pack.rules.push(rule);
                    continue;
                }
                Some(Err(problems)) => {
                    pack.rules.push(broken(&file, &text, &problems));
                    problems
                }
                None => std::mem::take(&mut problems_of_head),
            };
            if !problems.is_empty() {
                pack.problems.extend(problems);
                pack.texts.insert(file, text);
            }
        }
        pack.rules.sort_by(|a, b| a.id.cmp(&b.id));
        pack.refuse_repeated_ids();
        pack
    }

    /// Takes over what `pack.yaml` says; returns the matchers that it defines.
    fn set_head(&mut self, head: PackHead) -> Definitions {
        let PackHead { id, version, title, benchmark, classes, definitions } = head;
        self.id = id;
        self.benchmark = benchmark;
        self.classes = classes;
        if !version.is_empty() {
            self.version = version;
        }
        if !title.is_empty() {
            self.title = title;
        }
        definitions
    }

    /// Two rules of one id would hide each other.
    fn refuse_repeated_ids(&mut self) {
        let mut seen = std::collections::BTreeSet::new();
        for rule in &mut self.rules {
            if !seen.insert(rule.id.clone()) {
                let message = format!("the id `{}` is used in two files of the pack", rule.id);
                self.problems.push(Problem {
                    file: self.id.clone(),
                    place: None,
                    message: message.clone(),
                    hint: "give each rule its own id".to_owned(),
                });
                rule.id.push_str("-duplicate");
                rule.decision = Decision::Broken(message);
            }
        }
    }
}

/// Reads the rules among some files; none for `pack.yaml`.
fn read_rules(files: &[(String, String)], definitions: &Definitions) -> Vec<Option<Result<Rule, Vec<Problem>>>> {
    let read = |(file, text): &(String, String)| (!is_head(file)).then(|| rule(file, text, definitions));
    let small = |(_, text): &&(String, String)| text.len() <= READ_BESIDE_OTHERS;
    let mut beside = files.par_iter().filter(small).map(read).collect::<Vec<_>>().into_iter();
    files.iter().map(|file| if small(&file) { beside.next().flatten() } else { read(file) }).collect()
}

/// The digest of the files that decide: cases are in none of them.
fn digest(files: &[(String, String)]) -> Digest {
    let mut lines = String::new();
    for (file, text) in files {
        lines.push_str(&format!("{}  {}\n", Digest::of(text.as_bytes()), base_name(file)));
    }
    Digest::of(lines.as_bytes())
}

/// Stands in for a rule whose file cannot be used, so that it does not vanish from the results.
fn broken(file: &str, text: &str, problems: &[Problem]) -> Rule {
    let value: serde_yaml::Value = serde_yaml::from_str(text).unwrap_or(serde_yaml::Value::Null);
    let field = |key: &str| value.get(key).and_then(serde_yaml::Value::as_str).unwrap_or_default().to_owned();
    let id = Some(field("id")).filter(|id| !id.is_empty()).unwrap_or_else(|| stem(file).to_owned());
    let lines: Vec<String> = problems.iter().map(Problem::line).collect();
    Rule {
        id,
        severity: Severity::parse(&field("severity")).unwrap_or(Severity::Medium),
        texts: Texts {
            stig_id: field("stig_id"),
            rule_id: field("rule_id"),
            srg: field("srg"),
            title: Some(field("title")).filter(|title| !title.is_empty()).unwrap_or_else(|| "(broken rule)".to_owned()),
            ..Texts::default()
        },
        applies: Applies::default(),
        decision: Decision::Broken(lines.join("; ")),
        person: Vec::new(),
    }
}
