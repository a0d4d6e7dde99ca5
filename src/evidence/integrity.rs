//! Compares members with the manifest of their snapshot.
//!
//! The manifest names every member with its digest and size, and every item that could not be had. A member that
//! differs, or that no manifest names beside those that one names, is no evidence. What the manifest names and
//! what is not there becomes a gap with the collector's own reason.

use std::collections::{BTreeMap, BTreeSet};

use crate::facts::{FoundManifest, Member};
use crate::layout::{Item, ItemStatus, Manifest, Place, Placement, place};

/// What the manifest says of a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MemberCheck {
    /// Its digest and size are those of the manifest, which calls it whole.
    Verified,
    /// No manifest speaks of it.
    Unclaimed,
    /// The manifest says that only its beginning was collected.
    Truncated(String),
    /// It is not what the manifest says.
    Broken(String),
}

/// Something that the manifest names and that is not there, or not whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// What it would have held.
    pub place: Place,
    /// How its collection went.
    pub status: ItemStatus,
    /// The collector's note, or why it counts as missing.
    pub note: String,
    /// The path, as in the manifest.
    pub path: String,
}

/// The outcome over all inputs.
#[derive(Debug, Clone, Default)]
pub struct Integrity {
    /// For each member, in their order, what the manifest says of it.
    pub members: Vec<MemberCheck>,
    /// What could not be collected, or is missing though it was.
    pub gaps: Vec<Claim>,
    /// Every problem, one sentence each.
    pub problems: Vec<String>,
    /// Whether a manifest was found.
    pub manifest: bool,
    /// Whether a manifest does not vouch for completeness: it is cut, or the collection was.
    pub cut: bool,
    /// Nodes that the manifests name.
    pub nodes: BTreeSet<String>,
}

/// Checks members against the manifests.
#[must_use]
pub fn check<T>(members: &[Member<T>], manifests: &[FoundManifest], inputs: &[String]) -> Integrity {
    let mut outcome = Integrity {
        members: vec![MemberCheck::Unclaimed; members.len()],
        manifest: !manifests.is_empty(),
        ..Integrity::default()
    };
    for found in manifests {
        let name = format!("{}!{}manifest.jsonl", inputs.get(found.input).map_or("", String::as_str), found.top);
        match &found.manifest {
            Ok(manifest) => against(manifest, found, &name, members, &mut outcome),
            Err(why) => {
                outcome.cut = true;
                outcome.problems.push(format!("{name} cannot be read: {why}"));
                for (index, _) in covered(found, members) {
                    outcome.members[index] = MemberCheck::Broken("the manifest cannot be read".to_owned());
                }
            }
        }
    }
    outcome
}

/// The members that a manifest speaks of.
fn covered<'m, T>(found: &'m FoundManifest, members: &'m [Member<T>]) -> impl Iterator<Item = (usize, &'m Member<T>)> {
    let manifest_path = format!("{}manifest.jsonl", found.top);
    members.iter().enumerate().filter(move |(_, member)| {
        member.input == found.input
            && member.within.is_none()
            && member.path.starts_with(&found.top)
            && member.path != manifest_path
    })
}

fn against<T>(manifest: &Manifest, found: &FoundManifest, name: &str, members: &[Member<T>], outcome: &mut Integrity) {
    outcome.cut |= !manifest.problems.is_empty();
    outcome.problems.extend(manifest.problems.iter().map(|problem| format!("{name}: {problem}")));
    let mut items: BTreeMap<&str, &Item> = manifest.items.iter().map(|(path, item)| (path.as_str(), item)).collect();
    for path in items.keys() {
        if let Placement::Fact(Place { owner: crate::layout::Owner::Node(node), .. }) = place(path) {
            outcome.nodes.insert(node);
        }
    }
    for (index, member) in covered(found, members) {
        let path = &member.path[found.top.len()..];
        let verdict = match items.remove(path) {
            None => MemberCheck::Broken("the manifest does not name it".to_owned()),
            Some(item) => compare(member, item),
        };
        if let MemberCheck::Broken(why) = &verdict {
            outcome.problems.push(format!("{}{}: {why}", name.trim_end_matches("manifest.jsonl"), path));
        }
        outcome.members[index] = verdict;
    }
    for (path, item) in items {
        let lost = matches!(item.status, ItemStatus::Collected | ItemStatus::Truncated);
        let note = if lost { "the manifest names it, but it is not there".to_owned() } else { item.note.clone() };
        if lost {
            outcome.problems.push(format!("{}{path}: {note}", name.trim_end_matches("manifest.jsonl")));
        }
        if let Placement::Fact(place) = place(path) {
            outcome.gaps.push(Claim { place, status: item.status, note, path: path.to_owned() });
        }
    }
}

fn compare<T>(member: &Member<T>, item: &Item) -> MemberCheck {
    match &item.sha256 {
        None => MemberCheck::Broken("the manifest gives no digest for it".to_owned()),
        Some(wanted) if wanted.parse() != Ok(member.digest) => MemberCheck::Broken(format!(
            "its SHA-256 is {}, the manifest says {}",
            member.digest,
            wanted.chars().take(64).filter(char::is_ascii_alphanumeric).collect::<String>()
        )),
        Some(_) if item.bytes != member.bytes => {
            MemberCheck::Broken(format!("it has {} bytes, the manifest says {}", member.bytes, item.bytes))
        }
        Some(_) => match item.status {
            ItemStatus::Collected => MemberCheck::Verified,
            status => MemberCheck::Truncated(if item.note.is_empty() {
                format!("the collector marked it as {status:?}").to_lowercase()
            } else {
                item.note.clone()
            }),
        },
    }
}
