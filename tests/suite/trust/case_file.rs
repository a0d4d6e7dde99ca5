//! The parts of a case's file: what an input starts from, and what is changed in it.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

use base64::Engine as _;
use serde::Deserialize;
use serde_json::{Value, json};

use super::document::through_bundle;
use super::shape::Input;
use crate::common::archives::gz;
use crate::common::snapshot::{Files, Snapshot};
use crate::common::{contents, sample_folder};

/// An SSP or answers: those of a base, changed or not, or a text.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Paper {
    of: Option<String>,
    #[serde(default)]
    changes: Vec<Change>,
    text: Option<String>,
}

/// One change of a member.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
pub(crate) enum Change {
    /// A value at a pointer.
    Set { set: String, to: Value },
    /// What stands at a pointer goes.
    Remove { remove: String },
    /// A value at the end of the list at a pointer.
    Add { add: String, value: Value },
    /// A text that is there once or more, the first time.
    Replace { replace: String, with: String },
    /// A text before all.
    Prepend { prepend: String },
}

/// An input.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Part {
    /// How it is handed in: as a folder, each file by itself, or as the one file that it is.
    #[serde(rename = "as", default = "as_folder")]
    form: String,
    /// `sample`, `clean` (the sample with its findings mended), `small` or `none`.
    base: String,
    #[serde(default)]
    manifest: bool,
    started: Option<String>,
    /// Whether the list of all containers through the client bundle is there.
    #[serde(default)]
    bundle: bool,
    #[serde(default)]
    changes: BTreeMap<String, Vec<Change>>,
    #[serde(default)]
    files: BTreeMap<String, String>,
    #[serde(default)]
    base64: BTreeMap<String, String>,
    /// Files that hold what one of the small cluster's does, in another form.
    #[serde(default)]
    copy: BTreeMap<String, String>,
    /// Paths that go; a folder ends in `/`.
    #[serde(default)]
    remove: Vec<String>,
}

fn as_folder() -> String {
    "folder".to_owned()
}

#[derive(Debug, Deserialize)]
struct Clean {
    ssp: Vec<Change>,
    #[serde(default)]
    changes: BTreeMap<String, Vec<Change>>,
    #[serde(default)]
    files: BTreeMap<String, String>,
}

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/trust")
}

fn beside_sample(name: &str) -> String {
    std::fs::read_to_string(sample_folder().with_file_name(name)).unwrap()
}

/// What makes the clean base out of the sample.
fn clean() -> &'static Clean {
    static CLEAN: LazyLock<Clean> = LazyLock::new(|| {
        let text = std::fs::read_to_string(folder().join("clean.yaml")).unwrap();
        serde_yaml::from_str(&text).unwrap()
    });
    &CLEAN
}

fn changed_text(text: String, changes: &[Change]) -> String {
    changes.iter().fold(text, |text, change| match change {
        Change::Replace { replace, with } => {
            let (replace, with) = (written(replace), written(with));
            assert!(text.contains(&replace), "there is no {replace:?}");
            text.replacen(&replace, &with, 1)
        }
        Change::Prepend { prepend } => written(prepend) + &text,
        other => panic!("{other:?} changes no text"),
    })
}

/// A text in which `⟨x×7000⟩` stands for as many letters.
fn written(text: &str) -> String {
    let mut parts = text.split('⟨');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (run, rest) = part.split_once('⟩').unwrap();
        let (letter, times) = run.split_once('×').unwrap();
        let letter = if letter == "\\u0000" { "\0" } else { letter };
        out += &letter.repeat(times.parse().unwrap());
        out += rest;
    }
    out
}

/// The texts of the SSP and the answers.
pub(crate) fn papers(ssp: &Paper, answers: &Paper) -> (Option<String>, Option<String>) {
    let text = |paper: &Paper, name: &str| {
        let start = match paper.of.as_deref() {
            Some("sample") => Some(beside_sample(name)),
            Some("clean") => Some(changed_text(beside_sample(name), &clean().ssp)),
            Some(other) => panic!("no papers of {other}"),
            None => paper.text.clone(),
        };
        start.map(|text| changed_text(text, &paper.changes))
    };
    (text(ssp, "ssp.yaml"), text(answers, "answers.yaml"))
}

fn changed(content: &[u8], changes: &[Change]) -> Vec<u8> {
    let of_text = |change: &Change| matches!(change, Change::Replace { .. } | Change::Prepend { .. });
    if changes.iter().any(of_text) {
        return changed_text(String::from_utf8(content.to_vec()).unwrap(), changes).into_bytes();
    }
    let mut values: Vec<Value> =
        serde_json::Deserializer::from_slice(content).into_iter().collect::<Result<_, _>>().unwrap();
    let lines = values.len() > 1;
    let mut value = if lines { Value::from(values) } else { values.remove(0) };
    for change in changes {
        apply(&mut value, change);
    }
    match value.as_array() {
        Some(list) if lines => list.iter().map(|object| format!("{object}\n")).collect::<String>().into_bytes(),
        _ => value.to_string().into_bytes(),
    }
}

fn apply(value: &mut Value, change: &Change) {
    let unescaped = |key: &str| key.replace("~1", "/").replace("~0", "~");
    match change {
        Change::Set { set, to } if set.is_empty() => *value = to.clone(),
        Change::Set { set, to } => {
            let (parent, key) = set.rsplit_once('/').unwrap();
            match value.pointer_mut(parent).unwrap_or_else(|| panic!("no {parent}")) {
                Value::Array(list) => list[key.parse::<usize>().unwrap()] = to.clone(),
                object => object[unescaped(key)] = to.clone(),
            }
        }
        Change::Remove { remove } => {
            let (parent, key) = remove.rsplit_once('/').unwrap();
            match value.pointer_mut(parent).unwrap_or_else(|| panic!("no {parent}")) {
                Value::Array(list) => drop(list.remove(key.parse().unwrap())),
                object => drop(object.as_object_mut().unwrap().remove(&unescaped(key)).unwrap()),
            }
        }
        Change::Add { add, value: new } => value.pointer_mut(add).unwrap().as_array_mut().unwrap().push(new.clone()),
        other => panic!("{other:?} changes no JSON"),
    }
}

impl Part {
    fn base(&self) -> Snapshot {
        let none = Snapshot { members: Files::new(), records: Vec::new() };
        let mut base = match self.base.as_str() {
            "none" => none,
            "small" => Snapshot { members: contents(&folder().join("small")), records: Vec::new() },
            "sample" => Snapshot::sample(),
            "clean" => {
                let mut snapshot = Snapshot::sample();
                for (path, changes) in &clean().changes {
                    let content = changed(&snapshot.members[path], changes);
                    snapshot.set(path, content);
                }
                for (path, text) in &clean().files {
                    snapshot.set(path, text.as_str());
                }
                snapshot
            }
            other => panic!("no base {other}"),
        };
        if self.bundle {
            base.set("cluster/docker/containers.json", Value::from(through_bundle(&base)).to_string());
        }
        base
    }

    /// The files that it is.
    pub(crate) fn input(&self) -> Input {
        let mut snapshot = self.base();
        for path in snapshot.paths() {
            let gone = |gone: &String| path == *gone || (gone.ends_with('/') && path.starts_with(gone.as_str()));
            if self.remove.iter().any(gone) {
                snapshot.members.remove(&path);
                snapshot.disown(&path);
            }
        }
        for (path, changes) in &self.changes {
            let content = changed(&snapshot.members[path], changes);
            snapshot.set(path, content);
        }
        for (path, text) in &self.files {
            snapshot.set(path, written(text));
        }
        for (path, text) in &self.base64 {
            snapshot.set(path, base64::engine::general_purpose::STANDARD.decode(text).unwrap());
        }
        for (path, of) in &self.copy {
            snapshot.set(path, copied(of));
        }
        if !self.manifest {
            snapshot.records.clear();
        } else if let Some(started) = &self.started {
            snapshot.records[0]["started"] = json!(started);
        }
        let mut files = snapshot.files();
        match self.form.as_str() {
            "folder" => Input::Folder(files),
            "each" => Input::Each(files),
            "file" => {
                let (name, content) = files.pop_first().unwrap();
                Input::File(name.leak(), content)
            }
            other => panic!("no form {other}"),
        }
    }
}

/// A file of the small cluster in another form.
fn copied(of: &str) -> Vec<u8> {
    let (path, form) = of.split_once(' ').unwrap_or((of, ""));
    let content = std::fs::read(folder().join("small").join(path)).unwrap();
    match form {
        "" => content,
        "gzipped" => gz(&content),
        "with a byte order mark" => [b"\xef\xbb\xbf".as_slice(), &content].concat(),
        "as UTF-16" => {
            let text = String::from_utf8(content).unwrap().replace('\n', "\r\n");
            std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
        }
        other => panic!("no form {other}"),
    }
}
