//! Rule packs: folders of rules, and the one that is built in.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::model::digest::Digest;
use crate::model::severity::Severity;
use crate::rules::load::rule_file::{BenchmarkId, PackHead, pack_head, rule};
use crate::rules::rule::{Applies, Classes, Decision, Rule, Texts};
use crate::yaml::FILE_LIMIT;
use crate::yaml::Problem;

include!(concat!(env!("OUT_DIR"), "/embedded_pack.rs"));

/// The folder that is built in.
const EMBEDDED_NAME: &str = "mke-stig-v2r1";

/// Files that a pack may have.
const MAX_FILES: usize = 20_000;

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
    /// How classes of objects are told.
    pub classes: Classes,
    /// The rules, by id. A rule whose file is broken is here too, with the reason.
    pub rules: Vec<Rule>,
    /// Every problem of every file.
    pub problems: Vec<Problem>,
    /// The texts of the files with problems, to draw them.
    pub texts: BTreeMap<String, String>,
}

/// Why a pack cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum PackError {
    /// The folder cannot be read.
    #[error("cannot read the rule pack `{}`: {source}", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// There is no rule in it.
    #[error("`{}` holds no rule: a pack is a folder of .yaml files, one rule each", path.display())]
    Empty {
        /// The folder.
        path: PathBuf,
    },
    /// There is more in it than a pack can have.
    #[error("`{}` holds more than {MAX_FILES} files: this is not a rule pack", path.display())]
    TooMany {
        /// The folder.
        path: PathBuf,
    },
}

impl Pack {
    /// The pack of the STIG, as built in, without the rules' cases: they are the greater part of it, and
    /// an assessment has no use for them.
    #[must_use]
    pub fn embedded() -> Self {
        Self::from_files(EMBEDDED_NAME, embedded_files(), without_cases)
    }

    /// The pack of the STIG, as built in, with all cases.
    #[must_use]
    pub fn embedded_with_cases() -> Self {
        Self::from_files(EMBEDDED_NAME, embedded_files(), |text| text)
    }

    /// Reads the pack in a folder; every problem of every file is in [`Pack::problems`].
    ///
    /// # Errors
    /// A folder that cannot be read or is no pack.
    pub fn read(folder: &Path) -> Result<Self, PackError> {
        let fail = |source| PackError::Folder { path: folder.to_owned(), source };
        let mut files = Vec::new();
        for entry in std::fs::read_dir(folder).map_err(fail)? {
            let path = entry.map_err(fail)?.path();
            if path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml") {
                if files.len() == MAX_FILES {
                    return Err(PackError::TooMany { path: folder.to_owned() });
                }
                let mut text = Vec::new();
                // One byte more than a file may have: the reader of the rule says that it is too large.
                let opened = std::fs::File::open(&path).map_err(fail)?;
                opened.take(FILE_LIMIT as u64 + 1).read_to_end(&mut text).map_err(fail)?;
                files.push((path.display().to_string(), String::from_utf8_lossy(&text).into_owned()));
            }
        }
        if files.is_empty() {
            return Err(PackError::Empty { path: folder.to_owned() });
        }
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Ok(Self::from_files(&name, files, |text| text))
    }

    /// The pack of some files; `part` says what of a rule's text is read.
    fn from_files(name: &str, mut files: Vec<(String, String)>, part: fn(&str) -> &str) -> Self {
        files.sort();
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
        let is_head = |file: &str| base_name(file) == "pack.yaml";
        let read = |(file, text): &(String, String)| (!is_head(file)).then(|| rule(file, part(text)));
        let small = |(_, text): &&(String, String)| text.len() <= READ_BESIDE_OTHERS;
        let mut beside = files.par_iter().filter(small).map(read).collect::<Vec<_>>().into_iter();
        let rules: Vec<Option<Result<Rule, Vec<Problem>>>> =
            files.iter().map(|file| if small(&file) { beside.next().flatten() } else { read(file) }).collect();
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
                None => match pack_head(&file, &text) {
                    Ok(head) => {
                        pack.set_head(head);
                        continue;
                    }
                    Err(problems) => problems,
                },
            };
            pack.problems.extend(problems);
            pack.texts.insert(file, text);
        }
        pack.rules.sort_by(|a, b| a.id.cmp(&b.id));
        pack.refuse_twins();
        pack
    }

    fn set_head(&mut self, head: PackHead) {
        let PackHead { id, version, title, benchmark, classes } = head;
        self.id = id;
        self.benchmark = benchmark;
        self.classes = classes;
        if !version.is_empty() {
            self.version = version;
        }
        if !title.is_empty() {
            self.title = title;
        }
    }

    /// Two rules of one id would hide each other.
    fn refuse_twins(&mut self) {
        let mut seen = std::collections::BTreeSet::new();
        for rule in &mut self.rules {
            if !seen.insert(rule.id.clone()) {
                let message = format!("the id `{}` stands in two files of the pack", rule.id);
                self.problems.push(Problem {
                    file: self.id.clone(),
                    place: None,
                    message: message.clone(),
                    hint: "give each rule its own id".to_owned(),
                });
                rule.id.push_str("-twin");
                rule.decision = Decision::Broken(message);
            }
        }
    }
}

fn embedded_files() -> Vec<(String, String)> {
    EMBEDDED_PACK.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
}

/// The text of a rule whose last key is `cases`, up to it.
fn without_cases(text: &str) -> &str {
    text.split_once("\ncases:\n").map_or(text, |(before, _)| before)
}

fn base_name(file: &str) -> &str {
    file.rsplit(['/', '\\']).next().unwrap_or(file)
}

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
    let stem = base_name(file).trim_end_matches(".yaml").trim_end_matches(".yml").to_owned();
    let id = Some(field("id")).filter(|id| !id.is_empty()).unwrap_or(stem);
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
        cases: Vec::new(),
    }
}
