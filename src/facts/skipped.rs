//! What links and other entries that are not read would have held.
//!
//! A link that leads to a file which is read leaves nothing out. Of any other, its path may say what it holds,
//! as it does of a file; where it says nothing, it could hold anything, and no list beside it can be thought
//! whole.

use std::collections::{BTreeMap, BTreeSet};

use crate::archive::{Skipped, SkippedEntries};
use crate::facts::member::Member;
use crate::layout;
use crate::layout::{Located, Place, Placement};

/// Links that are followed one after another, by name.
const HOPS: usize = 16;

/// An entry that is not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotRead {
    /// Its path in the input.
    pub path: String,
    /// What it is, with its article.
    pub what: &'static str,
    /// What it would have held.
    pub would_hold: WouldHold,
}

/// What an entry that is not read would have held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WouldHold {
    /// No facts, or those of a file that is read.
    Nothing,
    /// Facts of this kind, as its path says.
    Facts(Place),
    /// Nobody knows.
    Unknown,
}

/// The entries of an input that are not read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AllNotRead {
    /// Those that are named.
    pub named: Vec<NotRead>,
    /// How many more there are.
    pub more: u64,
}

impl AllNotRead {
    /// Tells what the entries of the input of this number would have held beside its members.
    pub(crate) fn of<T>(entries: &SkippedEntries, input: usize, members: &[Member<T>]) -> Self {
        if entries.named.is_empty() {
            return Self::default();
        }
        let links = entries.named.iter().map(|entry| (entry.path.as_str(), entry.leads_to.as_deref()));
        let beside = Beside {
            files: members.iter().filter(|member| member.input == input).map(|member| member.path.as_str()).collect(),
            links: links.collect(),
        };
        let named = entries.named.iter().filter(|entry| !layout::is_litter(&entry.path));
        let named = named.map(|entry| NotRead {
            path: entry.path.clone(),
            what: entry.what,
            would_hold: beside.would_hold(entry),
        });
        Self { named: named.collect(), more: entries.more }
    }
}

/// What lies in the same input.
struct Beside<'m> {
    files: BTreeSet<&'m str>,
    links: BTreeMap<&'m str, Option<&'m str>>,
}

impl Beside<'_> {
    fn would_hold(&self, entry: &Skipped) -> WouldHold {
        if !entry.stands_for_file {
            return WouldHold::Nothing;
        }
        let path = entry.path.rsplit('!').next().unwrap_or_default();
        match layout::locate(path) {
            Located::Snapshot(Placement::Fact(place)) => WouldHold::Facts(place),
            Located::Snapshot(Placement::Other) => WouldHold::Nothing,
            // Bundles of support link to logs that they left behind.
            _ if is_log(path) || self.is_read(entry.leads_to.as_deref()) => WouldHold::Nothing,
            _ => WouldHold::Unknown,
        }
    }

    /// Whether a file that is read, or a folder with one, lies where a link leads.
    fn is_read<'s>(&'s self, mut at: Option<&'s str>) -> bool {
        for _ in 0..HOPS {
            let Some(path) = at else { return false };
            if path.is_empty() || self.files.contains(path) || self.is_folder(path) {
                return true;
            }
            at = self.links.get(path).copied().flatten();
        }
        false
    }

    fn is_folder(&self, path: &str) -> bool {
        let folder = format!("{path}/");
        self.files.range(folder.as_str()..).next().is_some_and(|file| file.starts_with(&folder))
    }
}

fn is_log(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, extension)| extension.eq_ignore_ascii_case("log"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_to_what_is_read_holds_nothing_else() {
        let members: Vec<Member<()>> =
            ["logs/c.log", "a/pods.json"].map(|path| Member::unread(0, path.to_owned())).into();
        let link = |path: &str, leads_to: Option<&str>| Skipped {
            path: path.to_owned(),
            what: "a symbolic link",
            leads_to: leads_to.map(str::to_owned),
            stands_for_file: true,
        };
        let mut entries = SkippedEntries::default();
        for (path, leads_to) in [
            ("b/c.json", Some("logs/c.log")),
            ("current", Some("a")),
            ("chain", Some("b/c.json")),
            ("loop", Some("loop")),
            ("out", None),
            ("b/gone.log", None),
            ("gone", Some("a/pod")),
            ("nodes/w1/docker/containers.json", None),
            ("x/.DS_Store", None),
        ] {
            entries.add(link(path, leads_to));
        }
        let all = AllNotRead::of(&entries, 0, &members);
        let unknown: Vec<&str> = all
            .named
            .iter()
            .filter(|entry| entry.would_hold == WouldHold::Unknown)
            .map(|entry| entry.path.as_str())
            .collect();
        assert_eq!(unknown, ["loop", "out", "gone"]);
        assert_eq!(all.named.iter().filter(|entry| matches!(entry.would_hold, WouldHold::Facts(_))).count(), 1);
        assert_eq!(all.named.len(), 8);
    }
}
