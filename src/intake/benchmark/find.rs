//! Finds the benchmark that is wanted: in a file, in a zip, or in a zip of zips.

use std::io::Read;
use std::path::Path;

use crate::archive;
use crate::archive::{Budget, Flow, Kind, Limits, MemberMeta, Opener, sniff};
use crate::intake::benchmark::model::Benchmark;
use crate::intake::benchmark::read::read_benchmarks;
use crate::intake::text::{MAX_FILE, decode};
use crate::model::digest::{Digest, Hasher};
use crate::model::limits;
use crate::yaml::Problem;

/// Bytes of a zip within a zip, which has to be held whole: its directory stands at its end.
const MAX_INNER: u64 = limits::NESTED_ZIP as u64;

/// Problems that are told of one input.
const MAX_PROBLEMS: usize = 50;

/// What an XCCDF file begins with, white space and byte order mark aside.
const XML_STARTS: [&[u8]; 3] = [b"<", b"\xff\xfe", b"\xfe\xff"];

/// Why a benchmark cannot be had from a file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BenchmarkError {
    /// The file cannot be read.
    #[error(transparent)]
    Archive(#[from] archive::Error),
    /// It is not what it should be.
    #[error("{}", .0.iter().map(Problem::line).collect::<Vec<_>>().join("\n"))]
    Problems(Vec<Problem>),
    /// No benchmark in it is the one that is wanted.
    #[error(
        "{file} has no benchmark of Mirantis Kubernetes Engine{found}; give the `…_Manual-xccdf.xml` of the STIG, or the zip that it comes in"
    )]
    Nothing {
        /// The file.
        file: String,
        /// What it holds instead.
        found: String,
    },
    /// More than one fits.
    #[error("{file} holds more than one benchmark of Mirantis Kubernetes Engine: {found}; give only the one you mean")]
    Several {
        /// The file.
        file: String,
        /// Where they are.
        found: String,
    },
}

/// A benchmark that was found, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The benchmark.
    pub benchmark: Benchmark,
    /// Name of the file that was given.
    pub file: String,
    /// Path within the file; empty where the file is the benchmark itself.
    pub member: String,
    /// SHA-256 (hex) of the file; of a folder, of the member.
    pub sha256: String,
    /// Bytes of the file; of a folder, of the member.
    pub bytes: u64,
}

/// Finds the one benchmark that holds some of these rules (`V-…`) or has this id.
///
/// A file is recognized by its content. Archives are read within the limits; a file that is no
/// XML is not looked at, and what is wrong with a file that is not wanted does not matter.
///
/// # Errors
/// A file that cannot be read, that holds no such benchmark or more than one, or whose benchmark is
/// not what it should be.
pub fn find_benchmark(path: &Path, limits: &Limits, id: &str, rules: &[&str]) -> Result<Found, BenchmarkError> {
    find(limits, (id, rules), |budget, tap, visit| archive::read_input(path, budget, tap, visit))
}

/// Finds the benchmark in a file of an evidence archive.
///
/// # Errors
/// As [`find_benchmark`].
pub fn find_sealed_benchmark(
    file: &Opener,
    limits: &Limits,
    id: &str,
    rules: &[&str],
) -> Result<Found, BenchmarkError> {
    find(limits, (id, rules), |budget, tap, visit| archive::read_opened(file, budget, tap, visit))
}

fn find(
    limits: &Limits,
    (id, rules): (&str, &[&str]),
    read: impl FnOnce(
        &Budget,
        &mut dyn FnMut(&[u8]),
        &mut archive::Visit<'_, BenchmarkError>,
    ) -> Result<archive::InputSummary, BenchmarkError>,
) -> Result<Found, BenchmarkError> {
    let budget = Budget::new(limits.clone());
    let mut search = Search { budget: &budget, id, rules, hits: Vec::new(), others: Vec::new(), problems: Vec::new() };
    let mut hasher = Hasher::default();
    let mut tap = |bytes: &[u8]| hasher.update(bytes);
    let summary =
        read(&budget, &mut tap, &mut |meta, reader| search.member(meta, "", 1, reader).map(|()| Flow::Continue))?;
    let sha256 = hasher.finish().to_string();
    let file = summary.name.clone();
    let Search { mut hits, others, problems, .. } = search;
    match (hits.len(), hits.pop()) {
        (1, Some(hit)) => {
            let whole = summary.format != archive::Format::Folder;
            let alone = summary.format == archive::Format::File;
            Ok(Found {
                benchmark: hit.benchmark,
                file,
                member: if alone { String::new() } else { hit.path },
                sha256: if whole { sha256 } else { hit.sha256 },
                bytes: if whole { summary.bytes } else { hit.bytes },
            })
        }
        (0, _) if !problems.is_empty() => Err(BenchmarkError::Problems(problems)),
        (_, Some(last)) => {
            let paths: Vec<String> = hits.iter().map(Hit::name).chain([last.name()]).collect();
            Err(BenchmarkError::Several { file, found: paths.join(", ") })
        }
        (_, None) => {
            let some: Vec<&str> = others.iter().take(5).map(String::as_str).collect();
            let found = match (some.is_empty(), others.len() - some.len()) {
                (true, _) => String::new(),
                (_, 0) => format!(" (but {})", some.join(", ")),
                (_, more) => format!(" (but {} and {more} more)", some.join(", ")),
            };
            Err(BenchmarkError::Nothing { file, found })
        }
    }
}

struct Hit {
    benchmark: Benchmark,
    path: String,
    sha256: String,
    bytes: u64,
}

impl Hit {
    fn name(&self) -> String {
        format!("{} (version {}, release {})", self.path, self.benchmark.version, self.benchmark.release)
    }
}

struct Search<'a> {
    budget: &'a Budget,
    id: &'a str,
    rules: &'a [&'a str],
    hits: Vec<Hit>,
    others: Vec<String>,
    problems: Vec<Problem>,
}

impl Search<'_> {
    /// Looks at a member; `within` is the way to the archive that holds it, with its `!`.
    fn member(
        &mut self,
        meta: &MemberMeta,
        within: &str,
        depth: u32,
        reader: &mut dyn Read,
    ) -> Result<(), BenchmarkError> {
        let path = format!("{within}{}", meta.path);
        let mut head = [0; 512];
        let count = fill(reader, &mut head).map_err(|error| unread(&path, &error))?;
        let head = &head[..count];
        match sniff(head) {
            Kind::Zip => self.inner(&path, depth, head, reader),
            _ if XML_STARTS.iter().any(|start| without_mark(head).starts_with(start)) => {
                if let Some(bytes) = self.whole(&path, head, reader, MAX_FILE)? {
                    self.file(&path, bytes);
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn inner(&mut self, path: &str, depth: u32, head: &[u8], reader: &mut dyn Read) -> Result<(), BenchmarkError> {
        let Some(bytes) = self.whole(path, head, reader, MAX_INNER)? else { return Ok(()) };
        let budget = self.budget;
        let within = format!("{path}!");
        archive::read_nested_bytes(path, depth, &bytes, budget, &mut |meta, reader| {
            self.member(meta, &within, depth + 1, reader).map(|()| Flow::Continue)
        })?;
        Ok(())
    }

    /// All of a member whose first bytes were read already; none of one that is too large, which is told.
    fn whole(
        &mut self,
        path: &str,
        head: &[u8],
        reader: &mut dyn Read,
        limit: u64,
    ) -> Result<Option<Vec<u8>>, BenchmarkError> {
        let mut bytes = head.to_vec();
        let left = limit + 1 - head.len() as u64;
        reader.take(left).read_to_end(&mut bytes).map_err(|error| unread(path, &error))?;
        if bytes.len() as u64 <= limit {
            return Ok(Some(bytes));
        }
        let message = format!("the file has more than {} MiB", limit >> 20);
        let hint = "give the STIG's own zip or XML file".to_owned();
        self.tell([Problem { file: path.to_owned(), place: None, message, hint }]);
        Ok(None)
    }

    /// Keeps problems. An archive holds other files too; their faults count only where nothing fits.
    fn tell(&mut self, problems: impl IntoIterator<Item = Problem>) {
        let room = MAX_PROBLEMS.saturating_sub(self.problems.len());
        self.problems.extend(problems.into_iter().take(room));
    }

    /// A file that may be a benchmark.
    fn file(&mut self, path: &str, bytes: Vec<u8>) {
        let (length, sha256) = (bytes.len() as u64, Digest::of(&bytes).to_string());
        let text = decode(path, bytes).map_err(|problem| vec![problem]);
        let found = text.and_then(|text| read_benchmarks(path, &text)).unwrap_or_else(|problems| {
            self.tell(problems);
            Vec::new()
        });
        for mut benchmark in found {
            let fits = benchmark.id == self.id
                || benchmark.rules.iter().any(|rule| self.rules.contains(&rule.vuln_id.as_str()));
            if !fits {
                let name = if benchmark.id.is_empty() { benchmark.title } else { benchmark.id };
                self.others.push(name.chars().take(100).collect());
                continue;
            }
            benchmark.classification = classification(path);
            let twin = self.hits.iter().any(|hit| hit.sha256 == sha256 && hit.benchmark == benchmark);
            if !twin {
                self.hits.push(Hit { benchmark, path: path.to_owned(), sha256: sha256.clone(), bytes: length });
            }
        }
    }
}

/// What the prefix of a file's name says of its classification.
fn classification(path: &str) -> Option<String> {
    let name = path.rsplit(['/', '!']).next().unwrap_or(path);
    let words = match name.split_once('_')?.0 {
        "U" => "UNCLASSIFIED",
        "CUI" => "CUI",
        "FOUO" => "UNCLASSIFIED//FOR OFFICIAL USE ONLY",
        _ => return None,
    };
    Some(words.to_owned())
}

/// The bytes from the first that is neither a mark nor white space.
fn without_mark(head: &[u8]) -> &[u8] {
    head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start()
}

fn fill(reader: &mut dyn Read, out: &mut [u8]) -> std::io::Result<usize> {
    let mut count = 0;
    while count < out.len() {
        match reader.read(&mut out[count..])? {
            0 => break,
            more => count += more,
        }
    }
    Ok(count)
}

/// A failure that the archive's reader tells too, with its place; this one is then not shown.
fn unread(path: &str, error: &std::io::Error) -> BenchmarkError {
    let problem = Problem {
        file: path.to_owned(),
        place: None,
        message: format!("cannot be read: {error}"),
        hint: String::new(),
    };
    BenchmarkError::Problems(vec![problem])
}
