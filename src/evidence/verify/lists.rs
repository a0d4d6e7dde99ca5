//! The lists that vouch for files: a snapshot's manifest, an evidence folder's `SHA256SUMS`, an evidence archive's
//! `MANIFEST.sha256`. Each becomes the same: a digest by path, what is wrong with the list, and what it says is missing.

use std::collections::BTreeMap;

use crate::layout::{Item, ItemStatus, Manifest};
use crate::model::digest::{Algorithm, unhex};
use crate::model::limits;

/// Bytes of a list that is read.
pub(crate) const LIMIT: u64 = limits::DIGEST_LIST;

/// What sort of list a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Sort {
    /// Of an evidence archive. It counts before the others.
    Archive(Algorithm),
    /// Of a snapshot.
    Snapshot,
    /// Of an evidence folder.
    Folder,
}

impl Sort {
    /// What a file of this name is.
    pub(crate) fn of(name: &str) -> Option<Self> {
        match name {
            "MANIFEST.sha256" => Some(Self::Archive(Algorithm::Sha256)),
            "MANIFEST.sha384" => Some(Self::Archive(Algorithm::Sha384)),
            "manifest.jsonl" => Some(Self::Snapshot),
            "SHA256SUMS" => Some(Self::Folder),
            _ => None,
        }
    }

    pub(crate) fn algorithm(self) -> Algorithm {
        match self {
            Self::Archive(algorithm) => algorithm,
            Self::Snapshot | Self::Folder => Algorithm::Sha256,
        }
    }
}

/// What a list says of a file.
#[derive(Debug)]
pub(crate) struct Wanted {
    /// Its digest in lower-case hexadecimal digits.
    pub(crate) digest: Box<str>,
    /// Its size, where the list gives one.
    pub(crate) bytes: Option<u64>,
    /// In which part of a snapshot it lies; 0 where the snapshot is one archive.
    pub(crate) part: u64,
}

/// A list.
#[derive(Debug, Default)]
pub(crate) struct List {
    /// What it says of each file, by the path below its folder.
    pub(crate) files: BTreeMap<String, Wanted>,
    /// What is wrong with the list itself.
    pub(crate) problems: Vec<String>,
    /// What was not collected, with why.
    pub(crate) gaps: Vec<(String, String)>,
}

impl List {
    /// Reads a list.
    pub(crate) fn read(sort: Sort, text: &[u8]) -> Self {
        let mut list = match sort {
            Sort::Snapshot => Self::of_manifest(text),
            Sort::Archive(_) | Sort::Folder => Self::of_sums(text, sort.algorithm()),
        };
        if list.files.is_empty() && list.problems.is_empty() {
            list.problems.push("it lists no files".to_owned());
        }
        list
    }

    fn of_manifest(text: &[u8]) -> Self {
        let mut list = Self::default();
        let manifest = match Manifest::parse(text) {
            Ok(manifest) => manifest,
            Err(why) => {
                list.problems.push(format!("it cannot be read: {why}"));
                return list;
            }
        };
        list.problems = manifest.problems;
        let mut bytes: u64 = 0;
        for (path, item) in manifest.items {
            bytes = bytes.saturating_add(item.bytes);
            list.item(path, &item);
        }
        if let Some(counted) = manifest.bytes
            && counted != bytes
        {
            list.problems.push(format!("its footer counts {counted} bytes, its items have {bytes}"));
        }
        list
    }

    fn item(&mut self, path: String, item: &Item) {
        let there = matches!(item.status, ItemStatus::Collected | ItemStatus::Truncated);
        if !there || item.status == ItemStatus::Truncated {
            self.gaps.push((path.clone(), gap(item)));
        }
        match &item.sha256 {
            None if there => self.problems.push(format!("it gives no digest for `{path}`")),
            None => {}
            Some(digest) => match checked(digest, Algorithm::Sha256) {
                None => self.problems.push(format!("what it gives for `{path}` is not a SHA-256")),
                Some(digest) => {
                    self.files.insert(path, Wanted { digest, bytes: Some(item.bytes), part: item.part });
                }
            },
        }
    }

    /// Lines of a digest, two spaces and a path, as `sha256sum` writes and checks them.
    fn of_sums(text: &[u8], algorithm: Algorithm) -> Self {
        let mut list = Self::default();
        let Ok(text) = std::str::from_utf8(text) else {
            list.problems.push("it is not UTF-8".to_owned());
            return list;
        };
        if !text.is_empty() && !text.ends_with('\n') {
            list.problems.push("its last line has no end: it is cut".to_owned());
        }
        for (index, line) in text.lines().enumerate() {
            let Some((path, digest)) = sum_line(line, algorithm) else {
                list.problems.push(format!("line {} is not a {} and a path", index + 1, algorithm.name()));
                if list.problems.len() > 100 {
                    break;
                }
                continue;
            };
            if list.files.insert(path.clone(), Wanted { digest, bytes: None, part: 0 }).is_some() {
                list.problems.push(format!("it names `{path}` twice"));
            }
        }
        list
    }
}

/// A line of a list: a path and its digest. A name with a backslash or a line feed is escaped, and a backslash before
/// the digest says so.
fn sum_line(line: &str, algorithm: Algorithm) -> Option<(String, Box<str>)> {
    let (line, escaped) = line.strip_prefix('\\').map_or((line, false), |rest| (rest, true));
    let (digest, path) = line.split_once("  ")?;
    let path = if escaped { unescaped(path)? } else { path.to_owned() };
    let plain = !path.is_empty() && path.split('/').all(|part| !matches!(part, "" | "." | ".."));
    Some((path, checked(digest, algorithm)?)).filter(|_| plain)
}

fn unescaped(path: &str) -> Option<String> {
    let mut out = String::with_capacity(path.len());
    let mut chars = path.chars();
    while let Some(c) = chars.next() {
        out.push(match c {
            '\\' => match chars.next()? {
                'n' => '\n',
                'r' => '\r',
                '\\' => '\\',
                _ => return None,
            },
            c => c,
        });
    }
    Some(out)
}

/// A digest in lower case, if it is one.
fn checked(digest: &str, algorithm: Algorithm) -> Option<Box<str>> {
    let length = match algorithm {
        Algorithm::Sha256 => 32,
        Algorithm::Sha384 => 48,
    };
    unhex(digest).filter(|bytes| bytes.len() == length).map(|_| digest.to_ascii_lowercase().into_boxed_str())
}

/// Why an item is a gap, in the collector's words.
fn gap(item: &Item) -> String {
    let status = match item.status {
        ItemStatus::Collected => "collected",
        ItemStatus::Failed => "failed",
        ItemStatus::Forbidden => "refused",
        ItemStatus::TimedOut => "timed out",
        ItemStatus::Skipped => "skipped",
        ItemStatus::Truncated => "only its beginning was collected",
    };
    if item.note.is_empty() { status.to_owned() } else { format!("{status}: {}", item.note) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SUM: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    fn sums(text: &str) -> List {
        List::read(Sort::Folder, text.as_bytes())
    }

    #[test]
    fn lines_of_sums_are_read_to_the_letter() {
        let list = sums(&format!("{SUM}  a/b\n\\{SUM}  c\\\\d\\ne\n"));
        assert_eq!(list.problems, [""; 0]);
        assert_eq!(list.files.keys().collect::<Vec<_>>(), ["a/b", "c\\d\ne"]);
        for wrong in [
            "",
            &format!("{SUM}  a"),
            &format!("{SUM} a\n"),
            &format!("{}  a\n", &SUM[2..]),
            &format!("{SUM}  ../a\n"),
            &format!("{SUM}  /a\n"),
            &format!("{SUM}  a\n{SUM}  a\n"),
            &format!("\\{SUM}  a\\x\n"),
            &format!("{SUM}  a\n\n"),
        ] {
            assert!(!sums(wrong).problems.is_empty(), "{wrong:?}");
        }
    }

    #[test]
    fn bytes_of_a_manifest_are_counted() {
        let manifest = |bytes: u64| {
            let item = format!(
                "{{\"record\":\"item\",\"path\":\"a\",\"status\":\"collected\",\"bytes\":3,\"sha256\":\"{SUM}\"}}"
            );
            let footer = format!("{{\"record\":\"footer\",\"items\":1,\"bytes\":{bytes}}}");
            List::read(Sort::Snapshot, format!("{{\"record\":\"header\",\"format\":1}}\n{item}\n{footer}\n").as_bytes())
        };
        assert_eq!(manifest(3).problems, [""; 0]);
        assert_eq!(manifest(4).problems, ["its footer counts 4 bytes, its items have 3"]);
    }
}
