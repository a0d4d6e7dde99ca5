//! Compares members with the manifest of their snapshot.
//!
//! The manifest names every member with its digest and size, and every item that could not be had. A member that
//! differs, or that no manifest names beside those that one names, is no evidence. What the manifest names and
//! what is not there becomes a gap with the collector's own reason.

use std::collections::{BTreeMap, BTreeSet};

use crate::facts::{FoundManifest, Member, Origin};
use crate::layout::{Item, ItemStatus, Manifest, Place, Placement, place};

/// What the manifest says of a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MemberCheck {
    /// Its digest and size are those of the manifest, which calls it whole.
    Verified,
    /// No manifest speaks of it.
    Unclaimed,
    /// It lies in a snapshot whose manifest does not name it, and nothing in it is evidence: a report of this
    /// program, or a note of somebody's.
    Beside,
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
///
/// Only the outermost manifest of a folder speaks of what is in it: one that lies in the folder of another is a file like
/// any other, so that a second manifest cannot vouch for what the first one denies.
#[must_use]
pub fn check<T>(members: &[Member<T>], manifests: &[FoundManifest], inputs: &[String]) -> Integrity {
    let mut outcome = Integrity {
        members: vec![MemberCheck::Unclaimed; members.len()],
        manifest: !manifests.is_empty(),
        ..Integrity::default()
    };
    let tops: BTreeMap<(usize, &str), usize> =
        manifests.iter().enumerate().map(|(number, found)| ((found.input, found.top.as_str()), number)).collect();
    let mut covered = vec![Vec::new(); manifests.len()];
    for (index, member) in members.iter().enumerate() {
        if let Some(number) = governing(member, members, &tops) {
            covered[number].push(index);
        }
    }
    for (number, found) in manifests.iter().enumerate() {
        let name = format!("{}!{}manifest.jsonl", inputs.get(found.input).map_or("", String::as_str), found.top);
        if outermost(found.input, &found.top, &tops).is_some_and(|(_, first)| first != number) {
            continue;
        }
        match &found.manifest {
            Ok(manifest) => against(manifest, (found, &name), members, &covered[number], &mut outcome),
            Err(why) => {
                outcome.cut = true;
                outcome.problems.push(format!("{name} cannot be read: {why}"));
                for index in &covered[number] {
                    outcome.members[*index] = MemberCheck::Broken("the manifest cannot be read".to_owned());
                }
            }
        }
    }
    outcome
}

/// The outermost manifest of an input in whose folder a path lies, with that folder.
fn outermost<'p>(input: usize, path: &'p str, tops: &BTreeMap<(usize, &str), usize>) -> Option<(&'p str, usize)> {
    let ends = std::iter::once(0).chain(path.match_indices(['/', '!']).map(|(at, _)| at + 1));
    ends.map(|end| &path[..end]).find_map(|top| tops.get(&(input, top)).map(|number| (top, *number)))
}

/// The manifest that speaks of a member. Of what is in an archive, only one in the same archive does.
fn governing<T>(member: &Member<T>, members: &[Member<T>], tops: &BTreeMap<(usize, &str), usize>) -> Option<usize> {
    if tops.is_empty() {
        return None;
    }
    let (top, number) = outermost(member.input, &member.path, tops)?;
    let inside = match member.within.and_then(|within| members.get(within)) {
        None => true,
        Some(archive) => top.strip_prefix(archive.path.as_str()).is_some_and(|rest| rest.starts_with('!')),
    };
    (inside && member.path[top.len()..] != *"manifest.jsonl").then_some(number)
}

fn against<T>(
    manifest: &Manifest,
    (found, name): (&FoundManifest, &str),
    members: &[Member<T>],
    covered: &[usize],
    outcome: &mut Integrity,
) {
    outcome.cut |= !manifest.problems.is_empty();
    outcome.problems.extend(manifest.problems.iter().map(|problem| format!("{name}: {problem}")));
    let mut items: BTreeMap<&str, &Item> = manifest.items.iter().map(|(path, item)| (path.as_str(), item)).collect();
    for path in items.keys() {
        if let Placement::Fact(Place { owner: crate::layout::Owner::Node(node), .. }) = place(path) {
            outcome.nodes.insert(node);
        }
    }
    let holders: BTreeSet<usize> = members.iter().filter_map(|member| member.within).collect();
    for index in covered {
        let member = &members[*index];
        let path = &member.path[found.top.len()..];
        // What lies where a snapshot keeps evidence is the manifest's to name, whatever is in it.
        let kept = member.origin == Origin::Snapshot || holders.contains(index);
        let evidence = kept || member.place.is_some() || !member.facts.is_empty();
        let verdict = match items.remove(path) {
            None if !evidence => MemberCheck::Beside,
            None => MemberCheck::Broken("the manifest does not name it".to_owned()),
            Some(item) => compare(member, item),
        };
        if let MemberCheck::Broken(why) = &verdict {
            outcome.problems.push(format!("{}{}: {why}", name.trim_end_matches("manifest.jsonl"), path));
        }
        outcome.members[*index] = verdict;
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
