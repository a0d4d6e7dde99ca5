//! What several test files share: the sample snapshot as files in memory, assessing it, running the
//! program, and tools that may not be there.

pub(crate) mod archives;
pub(crate) mod benchmark;
pub(crate) mod cluster;
pub(crate) mod desk;
pub(crate) mod dice;
pub(crate) mod dump;
pub(crate) mod lab;
pub(crate) mod mutation;
pub(crate) mod snapshot;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use mke_stig::assess::{Options, assess};
use mke_stig::facts::{Bounds, Source};
use mke_stig::model::assessment::{Assessment, RuleResult, Status};
use mke_stig::rules::Pack;
use mke_stig::ssp::Ssp;

/// The rules that this version decides from evidence and that the sample has something for.
pub(crate) const DECIDED: [&str; 12] = [
    "V-260903", "V-260908", "V-260913", "V-260914", "V-260918", "V-260920", "V-260921", "V-260928", "V-260930",
    "V-260934", "V-260940", "V-260944",
];

/// Rows of every assessment by the built-in pack.
pub(crate) const ROWS: usize = 44;

/// The built-in pack, read once.
pub(crate) fn packs() -> &'static [Pack] {
    static PACKS: OnceLock<Vec<Pack>> = OnceLock::new();
    PACKS.get_or_init(|| vec![Pack::embedded()])
}

/// Assesses inputs by the built-in pack without an SSP, with all evidence kept.
pub(crate) fn assess_sources(inputs: &[Source]) -> Assessment {
    assess_with(inputs, Ssp::default())
}

/// Assesses inputs by the built-in pack and an SSP, with all evidence kept.
pub(crate) fn assess_with(inputs: &[Source], ssp: Ssp) -> Assessment {
    let options = Options { bounds: Bounds { jobs: 1, ..Bounds::default() }, ssp, ..Options::default() };
    assess(inputs, packs(), &options).unwrap()
}

/// Assesses files in memory.
pub(crate) fn assess_files(files: &[(String, Vec<u8>)]) -> Assessment {
    assess_sources(&[Source::Files { name: "in".to_owned(), files: files.to_vec() }])
}

/// Where a file or folder of this repository is.
pub(crate) fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// A text file of this repository.
pub(crate) fn repository_text(path: &str) -> String {
    std::fs::read_to_string(repository(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// All Rust of this repository, tests included.
pub(crate) fn repository_sources() -> String {
    fn add(folder: &Path, text: &mut String) {
        for name in names_in(folder) {
            let path = folder.join(&name);
            if path.is_dir() {
                add(&path, text);
            } else if path.extension().is_some_and(|end| end == "rs") {
                text.push_str(&std::fs::read_to_string(path).unwrap());
            }
        }
    }
    let mut text = String::new();
    for folder in ["src", "tests"] {
        add(&repository(folder), &mut text);
    }
    text
}

/// The rule of an id.
pub(crate) fn rule<'a>(assessment: &'a Assessment, id: &str) -> &'a RuleResult {
    assessment.rules.iter().find(|rule| rule.id == id).unwrap_or_else(|| panic!("{id} is not among the results"))
}

/// Status by rule id.
pub(crate) fn statuses(assessment: &Assessment) -> BTreeMap<String, Status> {
    assessment.rules.iter().map(|rule| (rule.id.clone(), rule.status)).collect()
}

/// Whether a status lets a rule off.
pub(crate) fn lets_off(status: Status) -> bool {
    matches!(status, Status::NotAFinding | Status::NotApplicable)
}

/// Status of the rules that the sample decides, by rule id.
pub(crate) fn decided(assessment: &Assessment) -> BTreeMap<String, Status> {
    DECIDED.iter().map(|id| ((*id).to_owned(), rule(assessment, id).status)).collect()
}

/// The folder of the sample snapshot.
pub(crate) fn sample_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/sample")
}

/// The program, without anything of this environment that could change what it prints.
pub(crate) fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mke-stig"));
    command.env_remove("NO_COLOR").env_remove("SOURCE_DATE_EPOCH").env_remove("RUST_BACKTRACE").stdin(Stdio::null());
    command
}

/// How a run of the program ended.
#[derive(Debug)]
pub(crate) struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

/// Runs the program to its end.
pub(crate) fn run<S: AsRef<std::ffi::OsStr>>(arguments: impl IntoIterator<Item = S>) -> Ran {
    let output = program().args(arguments).output().unwrap();
    Ran {
        code: output.status.code().expect("the program ends by itself"),
        out: String::from_utf8(output.stdout).expect("standard output is UTF-8"),
        err: String::from_utf8(output.stderr).expect("standard error is UTF-8"),
    }
}

impl Ran {
    /// An error as it must be: exit code 2, one line that begins with `error:`, nothing on standard
    /// output, no panic.
    pub(crate) fn trouble(&self) -> &str {
        assert_eq!(self.code, 2, "{self:?}");
        assert_eq!(self.out, "", "{self:?}");
        assert!(!self.err.contains("panicked"), "{self:?}");
        assert!(self.err.starts_with("error: "), "{self:?}");
        &self.err
    }
}

/// The names in a folder, sorted; none if it is not there.
pub(crate) fn names_in(folder: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// Every file in a folder and below it with its content, by its path in the folder.
pub(crate) fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for name in names_in(folder) {
        let path = folder.join(&name);
        if path.is_dir() {
            found.extend(contents(&path).into_iter().map(|(below, content)| (format!("{name}/{below}"), content)));
        } else {
            found.insert(name, std::fs::read(path).unwrap());
        }
    }
    found
}

/// Whether a tool is there. If it is not, the test has to return; if `MKE_STIG_REQUIRE` (a comma
/// list) names it, the test fails instead.
#[must_use]
pub(crate) fn require(tool: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let there = std::env::split_paths(&path).any(|folder| folder.join(tool).is_file());
    there || skip(tool, "it is not installed")
}

/// Says that a test skips; fails where the tool is required.
#[allow(clippy::print_stderr, reason = "a test that skips says so to whoever runs it")]
pub(crate) fn skip(tool: &str, why: &str) -> bool {
    let required = std::env::var("MKE_STIG_REQUIRE").unwrap_or_default();
    assert!(!required.split(',').any(|name| name.trim() == tool), "{tool} is required by MKE_STIG_REQUIRE, and {why}");
    eprintln!("SKIP {tool}: {why}");
    false
}

/// Runs `work` over `items` on all cores. (A rayon pool would start one assessment inside another.)
pub(crate) fn in_parallel<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let part = items.len().div_ceil(threads).max(1);
    std::thread::scope(|scope| {
        let running: Vec<_> =
            items.chunks(part).map(|part| scope.spawn(|| part.iter().map(&work).collect::<Vec<R>>())).collect();
        running.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    })
}
