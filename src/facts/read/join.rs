//! Joins what the reading thread, the hashing threads and the pool found.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::archive::{Format, InputSummary};
use crate::facts::dump::seen::DumpsSeen;
use crate::facts::member::{FoundManifest, Member, Nature, ONE_OBJECT, Origin, State};
use crate::facts::pipeline::digest::Digests;
use crate::facts::read::unfinished::{Hash, Unfinished};
use crate::facts::reading::{InputRead, Reading};
use crate::facts::skipped::AllNotRead;
use crate::model::digest::{Digest, Hasher};

/// Members after which memory is given back: the list of unfinished ones shrinks while that of finished ones
/// grows. Shrinking copies the list, so it is not done after each.
const GIVEN_BACK: usize = 4096;

/// All that was read, once no thread is at work on it.
pub(crate) struct Unjoined<T> {
    pub(crate) inputs: Vec<InputSummary>,
    /// By input, the folder in which it lies with others.
    pub(crate) folders: Vec<Option<usize>>,
    /// Members that could not be read to their end have left a place without a member.
    pub(crate) members: Vec<Option<Unfinished<T>>>,
    pub(crate) manifests: Vec<FoundManifest>,
    pub(crate) dumps: DumpsSeen,
}

impl<T> Unjoined<T> {
    /// Gives each member and input its digest, and each member what was found in it.
    pub(crate) fn join(mut self, digests: &Digests) -> Reading<T> {
        inspections_as_outputs(&mut self.members, &self.dumps.take_plain_inspections());
        let (members, numbers) = finished(self.members, digests);
        let inputs = self
            .inputs
            .into_iter()
            .zip(&digests.inputs)
            .zip(self.folders)
            .enumerate()
            .map(|(number, ((input, digest), folder))| InputRead {
                digest: if input.format == Format::Folder { folder_digest(&members, number) } else { *digest },
                name: input.name,
                bytes: input.bytes,
                not_read: AllNotRead::of(&input.skipped, number, &members),
                preamble: input.preamble,
                folder: folder.filter(|_| input.format.is_lone()),
            })
            .collect();
        let (failures, dumps) = self.dumps.into_failures();
        Reading { inputs, members, numbers, manifests: self.manifests, failures, dumps }
    }
}

/// Makes inspections that are of no dump what they are: outputs of `docker inspect`, together a list of their folder.
/// The version that a proxy's inspection names is left out, for any container may be called so.
fn inspections_as_outputs<T>(members: &mut [Option<Unfinished<T>>], plain: &BTreeMap<usize, (usize, String)>) {
    if plain.is_empty() {
        return;
    }
    let mut damaged = BTreeSet::new();
    let mut lists = Vec::new();
    for (number, slot) in members.iter_mut().enumerate() {
        let Some(found) = slot else { continue };
        let file = found.member.within.filter(|within| plain.contains_key(within)).unwrap_or(number);
        let Some(folder) = plain.get(&file) else { continue };
        if found.member.place.as_ref().is_some_and(|place| !place.kind.per_node()) {
            *slot = None;
            continue;
        }
        found.member.origin = Origin::Output;
        found.member.nature = Nature::IfCounted;
        if found.growing.has_problem() {
            damaged.insert(folder);
        } else if found.member.place.is_some() {
            lists.push((folder, Arc::clone(&found.growing)));
        }
    }
    for (folder, list) in lists {
        if damaged.contains(folder) {
            let why = "another file of its folder, which is a part of the same list, cannot be read";
            list.problem(u64::MAX, State::Truncated(why.to_owned()));
        }
    }
}

/// Finishes the members; returns them with, by the number of a file, its place among them.
fn finished<T>(mut unfinished: Vec<Option<Unfinished<T>>>, digests: &Digests) -> (Vec<Member<T>>, Vec<Option<usize>>) {
    let shared = shared_hashes(&unfinished);
    let mut numbers = vec![None; unfinished.len()];
    let mut members: Vec<Member<T>> = Vec::with_capacity(unfinished.len());
    // From the last to the first, so that what is done with can be given back meanwhile.
    while let Some(last) = unfinished.pop() {
        let number = unfinished.len();
        if number.is_multiple_of(GIVEN_BACK) {
            unfinished.shrink_to_fit();
        }
        let Some(last) = last else { continue };
        let Some(digest) = digest(&last.hash, &shared, digests) else { continue };
        if let Some(member) = last.finish(digest) {
            numbers[number] = Some(members.len());
            members.push(member);
        }
    }
    members.reverse();
    for number in numbers.iter_mut().flatten() {
        *number = members.len() - 1 - *number;
    }
    for member in &mut members {
        member.within = member.within.and_then(|number| numbers.get(number).copied().flatten());
    }
    (members, numbers)
}

impl<T> Unfinished<T> {
    /// The member with what was found in it; none while a thread is still at work on it.
    fn finish(self, digest: Digest) -> Option<Member<T>> {
        let (facts, state, single) = Arc::into_inner(self.growing)?.finish();
        let mut member = self.member;
        let kubernetes = member.place.as_ref().is_some_and(|place| place.kind.kubernetes().is_some());
        if member.nature == Nature::Whole && single && kubernetes && member.origin != Origin::Snapshot {
            member.nature = Nature::SomeObjects(ONE_OBJECT);
        }
        Some(Member { state, digest, facts, ..member })
    }
}

/// Where the digests of members come from that are also those of other members: parts of a file have its
/// digest, and a part may have parts.
fn shared_hashes<T>(members: &[Option<Unfinished<T>>]) -> BTreeMap<usize, Hash> {
    let mut shared = BTreeMap::new();
    let mut named: Vec<usize> = members.iter().flatten().filter_map(|member| member.hash.of_member()).collect();
    while let Some(number) = named.pop() {
        if let Some(Some(member)) = members.get(number)
            && shared.insert(number, member.hash.clone()).is_none()
        {
            named.extend(member.hash.of_member());
        }
    }
    shared
}

fn digest(hash: &Hash, shared: &BTreeMap<usize, Hash>, digests: &Digests) -> Option<Digest> {
    let mut hash = hash;
    loop {
        match hash {
            Hash::Known(digest) => return Some(*digest),
            Hash::Nth(number) => return digests.members.get(*number).copied(),
            Hash::OfMember(number) => hash = shared.get(number)?,
        }
    }
}

/// The digest of a folder: that of its sorted `sha256  path` lines.
fn folder_digest<T>(members: &[Member<T>], input: usize) -> Digest {
    let mut files: Vec<&Member<T>> =
        members.iter().filter(|member| member.input == input && member.within.is_none()).collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let mut hasher = Hasher::default();
    for member in files {
        hasher.update(format!("{}  {}\n", member.digest, member.path).as_bytes());
    }
    hasher.finish()
}
