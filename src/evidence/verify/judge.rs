//! Holds the files of a container against its lists.

use std::collections::{BTreeMap, BTreeSet};

use crate::evidence::sealed::OF_MANIFEST;
use crate::evidence::verify::lists::{List, Sort, Wanted};
use crate::evidence::verify::outcome::Checked;
use crate::evidence::verify::walk::{Container, FoundList, Seen};
use crate::model::display::escaped;

/// A list and the folder that it speaks of.
struct Territory {
    name: String,
    sort: Sort,
    member: usize,
    list: List,
    /// The parts of the snapshot of which a file is here.
    parts: BTreeSet<u64>,
}

/// Judges a container; `prefix` is the path of the archive that it is, ending in `!`, or empty.
pub(crate) fn judge(container: Container, prefix: &str, checked: &mut Checked) {
    let Container { members, lists, nested } = container;
    let mut territories = outermost(lists, prefix, checked);
    let inside: BTreeMap<usize, bool> =
        nested.iter().map(|archive| (archive.member, vouched(&archive.container))).collect();
    let mut governed = vec![false; members.len()];
    let mut unlisted = 0;
    for (number, seen) in members.iter().enumerate() {
        let path = format!("{prefix}{}", seen.path);
        match governing(&seen.path, &territories) {
            Some(top) => {
                governed[number] = true;
                if let Some(territory) = territories.get_mut(&top)
                    && territory.member != number
                {
                    against(territory, seen, &seen.path[top.len()..], &path, checked);
                }
            }
            // An archive that has lists of its own is judged by them.
            None if inside.get(&number) == Some(&true) => {}
            None => unlisted += 1,
        }
    }
    look_for_the_rest(territories, &members, prefix, checked);
    for archive in nested {
        let Some(seen) = members.get(archive.member) else { continue };
        let path = format!("{prefix}{}", seen.path);
        if let Some(what) = archive.damage {
            checked.problem(&path, format!("it cannot be read to its end: {what}"));
        }
        if let Some(why) = archive.unread {
            checked.unchecked(format!("{}: {why}", escaped(&path)));
        }
        if archive.preamble > 0 && !governed[archive.member] {
            checked.problem(&path, format!("{} bytes stand before it, and no list vouches for them", archive.preamble));
        }
        if !governed[archive.member] {
            checked.look_inside(|checked| checked.not_read(&format!("{path}!"), &archive.skipped));
        }
        if governed[archive.member] {
            checked.inside += archive.container.members.len() as u64;
        }
        if vouched(&archive.container) {
            checked.look_inside(|checked| judge(archive.container, &format!("{path}!"), checked));
        }
    }
    if unlisted > 0 {
        tell_unlisted(&members, &governed, &inside, prefix, checked);
    }
}

/// Whether something in a container has a list.
fn vouched(container: &Container) -> bool {
    !container.lists.is_empty() || container.nested.iter().any(|nested| vouched(&nested.container))
}

/// The lists that no other list has in its territory, by their folders.
fn outermost(mut lists: Vec<FoundList>, prefix: &str, checked: &mut Checked) -> BTreeMap<String, Territory> {
    lists.sort_by(|a, b| (&a.top, a.sort).cmp(&(&b.top, b.sort)));
    let mut territories: BTreeMap<String, Territory> = BTreeMap::new();
    for FoundList { member, top, sort, text } in lists {
        // What stands before it in this order is above it, or beside it.
        if governing(&top, &territories).is_some() {
            continue;
        }
        let name = match sort {
            Sort::Archive(algorithm) => format!("MANIFEST.{}", algorithm.name()),
            Sort::Snapshot => "manifest.jsonl".to_owned(),
            Sort::Folder => "SHA256SUMS".to_owned(),
        };
        let path = format!("{prefix}{top}{name}");
        if prefix.is_empty() && top.is_empty() && matches!(sort, Sort::Archive(_)) {
            checked.archive = true;
            checked.list_digest = text.as_ref().ok().map(|text| sort.algorithm().of(text));
        }
        let list = match text {
            Ok(text) => List::read(sort, &text),
            Err(why) => List { problems: vec![why], ..List::default() },
        };
        for problem in &list.problems {
            checked.problem(&path, problem.clone());
        }
        for (gap, why) in &list.gaps {
            checked.gap(&format!("{prefix}{top}{gap}"), why.clone());
        }
        checked.lists.push(path);
        territories.insert(top, Territory { name, sort, member, list, parts: BTreeSet::new() });
    }
    territories
}

/// What the lists name and is not among the members: it is missing, or lies in another part of the snapshot.
fn look_for_the_rest(territories: BTreeMap<String, Territory>, members: &[Seen], prefix: &str, checked: &mut Checked) {
    for (top, territory) in territories {
        if let Some(list) = members.get(territory.member) {
            checked.holds_parts(&list.sum, &territory.parts);
        }
        for (path, wanted) in &territory.list.files {
            let path = format!("{prefix}{top}{path}");
            if wanted.part > 0 && !territory.parts.contains(&wanted.part) {
                checked.elsewhere(wanted.part);
            } else {
                checked.problem(&path, format!("{} names it, but it is not there", territory.name));
            }
        }
    }
}

/// The folder of the list in whose territory a path lies. A folder given with its last `/` lies in its own.
fn governing(path: &str, territories: &BTreeMap<String, Territory>) -> Option<String> {
    if territories.is_empty() {
        return None;
    }
    let ends = std::iter::once(0).chain(path.match_indices('/').map(|(at, _)| at + 1));
    ends.map(|end| &path[..end]).find(|top| territories.contains_key(*top)).map(str::to_owned)
}

/// Holds a file against the list in whose territory it lies.
fn against(territory: &mut Territory, seen: &Seen, inner: &str, path: &str, checked: &mut Checked) {
    let name = &territory.name;
    match territory.list.files.remove(inner) {
        // A signature is made of the list, so the list cannot name it.
        None if matches!(territory.sort, Sort::Archive(_)) && OF_MANIFEST.contains(&inner) => {
            checked.signatures.push(inner.to_owned());
        }
        None => checked.problem(path, format!("{name} does not name it")),
        Some(wanted) => {
            territory.parts.insert(wanted.part);
            match difference(&wanted, seen, territory.sort, name) {
                Some(what) => checked.problem(path, what),
                None => checked.agree += 1,
            }
        }
    }
}

fn difference(wanted: &Wanted, seen: &Seen, sort: Sort, name: &str) -> Option<String> {
    let algorithm = sort.algorithm();
    let Some(digest) = seen.sum.by(algorithm) else {
        return Some(format!("it stands before {name}, which must be the first file"));
    };
    if *digest != *wanted.digest {
        let said = algorithm.name().to_uppercase().replace("SHA", "SHA-");
        return Some(format!("its {said} is {digest}; {name} says {}", wanted.digest));
    }
    let bytes = wanted.bytes.filter(|bytes| *bytes != seen.bytes)?;
    Some(format!("it has {} bytes; {name} says {bytes}", seen.bytes))
}

/// Says which files no list speaks of. Where there is no list at all, nothing can be said of any.
fn tell_unlisted(
    members: &[Seen],
    governed: &[bool],
    inside: &BTreeMap<usize, bool>,
    prefix: &str,
    checked: &mut Checked,
) {
    if checked.lists.is_empty() {
        checked.unchecked(
            "it has no list of digests: no manifest.jsonl (snapshot), no SHA256SUMS (evidence folder), no \
             MANIFEST.sha256 (evidence archive)"
                .to_owned(),
        );
        return;
    }
    for (number, seen) in members.iter().enumerate() {
        if !governed[number] && inside.get(&number) != Some(&true) {
            checked.problem(&format!("{prefix}{}", seen.path), "no list names it".to_owned());
        }
    }
}
