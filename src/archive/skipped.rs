//! Entries that are no regular files: they are named, and their content is not looked for.
//!
//! A link may lead out of the input, and a device never ends, so neither is followed. The rest of the input is
//! read, and what was left out is told with its reason. A link that leads to a file of the same input leaves
//! nothing out; of any other, nobody knows what it would have held.

use std::cell::RefCell;

/// Entries of one input that are named; more are only counted.
const NAMED: usize = 256;

/// An entry that is not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// Its path in the input.
    pub path: String,
    /// What it is, with its article.
    pub what: &'static str,
    /// Where in the same input a link leads, if it stays there.
    pub leads_to: Option<String>,
    /// Whether a file could have been read in its place: a device or a pipe is none.
    pub stands_for_file: bool,
}

impl Skipped {
    /// An entry in whose place a file could have been.
    pub(super) fn file(path: String, what: &'static str) -> Self {
        Self { path, what, leads_to: None, stands_for_file: true }
    }

    /// A device, a pipe or a socket.
    pub(super) fn special(path: String, what: &'static str) -> Self {
        Self { path, what, leads_to: None, stands_for_file: false }
    }

    /// A symbolic link, whose target counts from its own folder.
    pub(super) fn symbolic_link(path: String, target: Option<&[u8]>) -> Self {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let leads_to = target.and_then(|target| within(folder, target));
        Self { leads_to, ..Self::file(path, "a symbolic link") }
    }

    /// A hard link, whose target counts from the top of the archive.
    pub(super) fn hard_link(path: String, target: &[u8]) -> Self {
        Self { leads_to: within("", target), ..Self::file(path, "a hard link") }
    }
}

/// The entries of an input that are not read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SkippedEntries {
    /// The first of them.
    pub named: Vec<Skipped>,
    /// How many more there are.
    pub more: u64,
}

impl SkippedEntries {
    /// Adds an entry.
    pub fn add(&mut self, entry: Skipped) {
        if self.named.len() < NAMED {
            self.named.push(entry);
        } else {
            self.more += 1;
        }
    }

    /// Adds the entries of an archive that lies in the input at `prefix`.
    pub fn extend(&mut self, inner: Self, prefix: &str) {
        for entry in inner.named {
            let leads_to = entry.leads_to.map(|target| format!("{prefix}{target}"));
            self.add(Skipped { path: format!("{prefix}{}", entry.path), leads_to, ..entry });
        }
        self.more += inner.more;
    }
}

/// Entries that are not read, while the input is.
pub(super) type Skipping = RefCell<SkippedEntries>;

/// The path in the input to which a link in one of its folders leads; none if it leads out.
fn within(folder: &str, target: &[u8]) -> Option<String> {
    let target = std::str::from_utf8(target).ok()?;
    if target.starts_with('/') {
        return None;
    }
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => _ = parts.pop()?,
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_followed_by_name_as_far_as_the_input_goes() {
        for (folder, target, leads_to) in [
            ("b/app", "../logs/c.log", Some("b/logs/c.log")),
            ("", "a/./b", Some("a/b")),
            ("b", "..", Some("")),
            ("b", "../../etc/passwd", None),
            ("b", "/etc/passwd", None),
        ] {
            assert_eq!(within(folder, target.as_bytes()).as_deref(), leads_to, "{folder} {target}");
        }
    }

    #[test]
    fn only_so_many_are_named() {
        let mut entries = SkippedEntries::default();
        for number in 0..NAMED + 5 {
            entries.add(Skipped::special(number.to_string(), "a device"));
        }
        let mut outer = SkippedEntries::default();
        outer.extend(entries, "a.tar!");
        assert_eq!((outer.named.len(), outer.more, outer.named[7].path.as_str()), (NAMED, 5, "a.tar!7"));
    }
}
