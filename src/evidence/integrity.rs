//! Compares members with the manifest of their snapshot.
//!
//! The manifest names every member with its digest and size, and every item that could not be had. A member that
//! differs, or that no manifest names beside those that one names, is no evidence. What the manifest names and
//! what is not there becomes a gap with the collector's own reason. A snapshot in parts has the same manifest in each of
//! them, and what the parts hold is taken together.

use std::collections::{BTreeMap, BTreeSet, HashMap};

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
    let mut covered = vec![Covered::default(); manifests.len()];
    for (index, member) in members.iter().enumerate() {
        if let Some(number) = governing(member, members, &tops) {
            covered[number].members.push((index, number));
        }
    }
    gather_parts(manifests, &mut covered);
    for (number, found) in manifests.iter().enumerate() {
        if covered[number].joined {
            continue;
        }
        let name = format!("{}!{}manifest.jsonl", inputs.get(found.input).map_or("", String::as_str), found.top);
        if outermost(found.input, &found.top, &tops).is_some_and(|(_, first)| first != number) {
            continue;
        }
        match &found.manifest {
            Ok(manifest) => {
                against(manifest, &name, (members, manifests, inputs), &covered[number].members, &mut outcome);
            }
            Err(why) => {
                outcome.cut = true;
                outcome.problems.push(format!("{name} cannot be read: {why}"));
                for (index, _) in &covered[number].members {
                    outcome.members[*index] = MemberCheck::Broken("the manifest cannot be read".to_owned());
                }
            }
        }
    }
    outcome
}

/// What one manifest speaks of: members, each with the number of the manifest that lies beside it.
#[derive(Debug, Clone, Default)]
struct Covered {
    members: Vec<(usize, usize)>,
    /// Whether an equal manifest before this one speaks of them.
    joined: bool,
}

/// Gives the members of all parts of a snapshot to the first of its equal manifests.
fn gather_parts(manifests: &[FoundManifest], covered: &mut [Covered]) {
    let mut firsts: HashMap<&Manifest, usize> = HashMap::new();
    for (number, found) in manifests.iter().enumerate() {
        let Ok(manifest) = &found.manifest else { continue };
        if manifest.header.parts <= 1 {
            continue;
        }
        let first = *firsts.entry(manifest).or_insert(number);
        if first != number {
            let members = std::mem::take(&mut covered[number].members);
            covered[first].members.extend(members);
            covered[number].joined = true;
        }
    }
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
    name: &str,
    (members, manifests, inputs): (&[Member<T>], &[FoundManifest], &[String]),
    covered: &[(usize, usize)],
    outcome: &mut Integrity,
) {
    outcome.cut |= !manifest.problems.is_empty();
    outcome.problems.extend(manifest.problems.iter().map(|problem| format!("{name}: {problem}")));
    for path in manifest.items.keys() {
        if let Placement::Fact(Place { owner: crate::layout::Owner::Node(node), .. }) = place(path) {
            outcome.nodes.insert(node);
        }
    }
    let holders: BTreeSet<usize> = members.iter().filter_map(|member| member.within).collect();
    let mut seen: BTreeSet<(&str, usize)> = BTreeSet::new();
    for (index, number) in covered {
        let member = &members[*index];
        let top = manifests[*number].top.as_str();
        let path = &member.path[top.len()..];
        // What lies where a snapshot keeps evidence is the manifest's to name, whatever is in it.
        let kept = member.origin == Origin::Snapshot || holders.contains(index);
        let evidence = kept || member.place.is_some() || !member.facts.is_empty();
        // A path counts once in each archive.
        let item = manifest.items.get_key_value(path).filter(|(path, _)| seen.insert((path, *number)));
        let verdict = match item {
            None if !evidence => MemberCheck::Beside,
            None => MemberCheck::Broken("the manifest does not name it".to_owned()),
            Some((_, item)) => compare(member, item),
        };
        if let MemberCheck::Broken(why) = &verdict {
            let input = inputs.get(member.input).map_or("", String::as_str);
            outcome.problems.push(format!("{input}!{top}{path}: {why}"));
        }
        outcome.members[*index] = verdict;
    }
    let there: BTreeSet<&str> = seen.into_iter().map(|(path, _)| path).collect();
    not_there(manifest, name, &there, outcome);
}

/// What the manifest names beside what is there.
fn not_there(manifest: &Manifest, name: &str, there: &BTreeSet<&str>, outcome: &mut Integrity) {
    let items = || manifest.items.iter().map(|(path, item)| (path.as_str(), item));
    let given: BTreeSet<u64> = items().filter(|(path, _)| there.contains(path)).map(|(_, item)| item.part).collect();
    let mut parts = BTreeSet::new();
    for (path, item) in items().filter(|(path, _)| !there.contains(path)) {
        let lost = matches!(item.status, ItemStatus::Collected | ItemStatus::Truncated);
        let note = if !lost {
            item.note.clone()
        } else if item.part > 0 && !given.contains(&item.part) {
            parts.insert(item.part);
            format!("it lies in part {} of {} of the snapshot, which is not here", item.part, manifest.header.parts)
        } else {
            let note = "the manifest names it, but it is not there".to_owned();
            outcome.problems.push(format!("{}{path}: {note}", name.trim_end_matches("manifest.jsonl")));
            note
        };
        if let Placement::Fact(place) = place(path) {
            outcome.gaps.push(Claim { place, status: item.status, note, path: path.to_owned() });
        }
    }
    let parts = parts.into_iter().map(|part| {
        let parts = manifest.header.parts;
        format!("{name}: part {part} of {parts} of the snapshot is not here; assess all parts together")
    });
    outcome.problems.extend(parts);
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
