//! The manifest of a snapshot: what was collected, how it went, and the digests.

use std::collections::BTreeMap;

use serde::Deserialize;

/// First line: who collected what, when.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Deserialize)]
pub struct Header {
    /// Snapshot format; this version reads 1 and 2. In the second, fields that no list of the collector names
    /// have a mark in the place of their value.
    pub format: u64,
    /// Name and version of the collector.
    #[serde(default)]
    pub collector: String,
    /// Cluster id, empty where it was not to be had.
    #[serde(default)]
    pub cluster_id: String,
    /// Start of the collection, RFC 3339.
    #[serde(default)]
    pub started: String,
    /// `cluster`, `node` or `all`.
    #[serde(default)]
    pub mode: String,
    /// Fields that were kept besides those of the lists.
    #[serde(default)]
    pub keep: String,
    /// In how many archives the snapshot lies, each with the whole manifest; 0 where it is one.
    #[serde(default)]
    pub parts: u64,
}

/// How an item's collection went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemStatus {
    /// Whole.
    Collected,
    /// The command or request failed.
    Failed,
    /// Access was refused.
    Forbidden,
    /// The time limit ended it.
    TimedOut,
    /// Not asked for, or the tool is not there.
    Skipped,
    /// Only its beginning is there.
    Truncated,
}

/// One line per member, or per member that could not be had.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Deserialize)]
pub struct Item {
    /// Path under the snapshot's top folder.
    pub path: String,
    /// Command or URL.
    #[serde(default)]
    pub what: String,
    /// How it went.
    pub status: ItemStatus,
    /// First line of the error, or a remark.
    #[serde(default)]
    pub note: String,
    /// SHA-256 of the member, lower-case hex; `null` without a member.
    #[serde(default)]
    pub sha256: Option<String>,
    /// Size of the member.
    #[serde(default)]
    pub bytes: u64,
    /// In which of the archives it lies, from 1; 0 where the snapshot is one archive.
    #[serde(default)]
    pub part: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, Deserialize)]
struct Footer {
    items: u64,
    #[serde(default)]
    bytes: Option<u64>,
    #[serde(default = "yes")]
    complete: bool,
    #[serde(default)]
    note: String,
}

fn yes() -> bool {
    true
}

/// A manifest, with the problems found while reading it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Manifest {
    /// The header.
    pub header: Header,
    /// The items by path.
    pub items: BTreeMap<String, Item>,
    /// The bytes of all members, as the footer counts them.
    pub bytes: Option<u64>,
    /// What is wrong with the manifest as a whole; empty when it is whole.
    pub problems: Vec<String>,
}

/// Why a manifest cannot be read at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ManifestError {
    /// A line is not what it should be.
    #[error("line {line}: {problem}")]
    Line {
        /// Line number, from 1.
        line: usize,
        /// What is wrong.
        problem: String,
    },
    /// The snapshot is of a format that this version does not read.
    #[error("snapshot format {0} is not known to this version, which reads formats 1 and 2")]
    Format(u64),
    /// There is no header line.
    #[error("the first line is not a header")]
    NoHeader,
}

impl Manifest {
    /// Reads a `manifest.jsonl`.
    ///
    /// # Errors
    /// The first line that cannot be read. A missing or contradicting footer is no error but a
    /// problem of the manifest: what stands in it is still good.
    pub fn parse(text: &[u8]) -> Result<Self, ManifestError> {
        let mut header = None;
        let mut items = BTreeMap::new();
        let mut count = 0;
        let mut footer: Option<Footer> = None;
        let mut problems = Vec::new();
        for (index, line) in text.split(|byte| *byte == b'\n').enumerate() {
            if line.trim_ascii().is_empty() {
                continue;
            }
            let fail = |problem: String| ManifestError::Line { line: index + 1, problem };
            let record: serde_json::Value = serde_json::from_slice(line).map_err(|error| fail(error.to_string()))?;
            let name = record.get("record").and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
            if footer.is_some() {
                return Err(fail("a line follows the footer".into()));
            }
            match name.as_str() {
                "header" if header.is_none() => {
                    let parsed: Header = serde_json::from_value(record).map_err(|error| fail(error.to_string()))?;
                    if !(1..=2).contains(&parsed.format) {
                        return Err(ManifestError::Format(parsed.format));
                    }
                    header = Some(parsed);
                }
                "item" if header.is_some() => {
                    let item: Item = serde_json::from_value(record).map_err(|error| fail(error.to_string()))?;
                    count += 1;
                    if let Some(twice) = items.insert(item.path.clone(), item) {
                        problems.push(format!("the manifest names `{}` twice", twice.path));
                    }
                }
                "footer" if header.is_some() => {
                    footer = Some(serde_json::from_value(record).map_err(|error| fail(error.to_string()))?);
                }
                _ if header.is_none() => return Err(ManifestError::NoHeader),
                other => return Err(fail(format!("`record` is `{other}`, not item or footer"))),
            }
        }
        match &footer {
            None => problems.push("the manifest has no footer: the snapshot is cut or was not finished".into()),
            Some(footer) if footer.items != count => {
                problems.push(format!("the manifest's footer counts {} items, {count} are there", footer.items));
            }
            Some(footer) if !footer.complete => problems.push(if footer.note.is_empty() {
                "the collection was interrupted".to_owned()
            } else {
                format!("the collection was interrupted: {}", footer.note)
            }),
            Some(_) => {}
        }
        let bytes = footer.and_then(|footer| footer.bytes);
        Ok(Self { header: header.ok_or(ManifestError::NoHeader)?, items, bytes, problems })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = r#"{"record":"header","format":1,"cluster_id":"abc","started":"2026-11-20T08:00:00Z"}"#;
    const ITEM: &str =
        r#"{"record":"item","path":"nodes/w1/docker/info.json","status":"collected","bytes":2,"sha256":"00"}"#;

    #[test]
    fn a_whole_manifest() {
        let text = format!("{HEADER}\n{ITEM}\n{{\"record\":\"footer\",\"items\":1,\"complete\":true}}\n");
        let manifest = Manifest::parse(text.as_bytes()).unwrap();
        assert_eq!(manifest.problems, [""; 0]);
        assert_eq!(manifest.items.len(), 1);
        assert_eq!(manifest.header.cluster_id, "abc");
    }

    #[test]
    fn a_cut_or_miscounted_manifest_is_told() {
        let cut = Manifest::parse(format!("{HEADER}\n{ITEM}\n").as_bytes()).unwrap();
        assert!(cut.problems[0].contains("no footer"));
        let miscounted = format!("{HEADER}\n{ITEM}\n{{\"record\":\"footer\",\"items\":2}}");
        assert!(Manifest::parse(miscounted.as_bytes()).unwrap().problems[0].contains("counts 2"));
    }

    #[test]
    fn what_is_no_manifest_is_an_error() {
        assert_eq!(Manifest::parse(b""), Err(ManifestError::NoHeader));
        assert_eq!(Manifest::parse(b"{\"record\":\"header\",\"format\":3}"), Err(ManifestError::Format(3)));
        assert!(matches!(Manifest::parse(b"{"), Err(ManifestError::Line { line: 1, .. })));
    }
}
