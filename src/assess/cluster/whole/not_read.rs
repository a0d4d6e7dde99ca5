//! Links and other entries of the inputs that are not read: lists that they may have held are not whole.
//!
//! An entry of which the path tells the place takes its wholeness from that place alone. Of any other nobody
//! knows what it would have held, so it takes it from every list beside it that no manifest vouches for: of the
//! cluster's lists of the same input, and of nodes' those in whose folder it lies.

use crate::assess::cluster::delivery::Delivery;
use crate::assess::cluster::source::EvidenceSource;
use crate::assess::observe::tally::Tally;
use crate::assess::sentences::reasons;
use crate::evidence::{Integrity, MemberCheck};
use crate::facts::{NotRead, Reading, WouldHold};
use crate::layout::{Owner, Place};

/// Takes the lists that entries which are not read may have held for some of their objects.
pub(crate) fn weaken(read: &Reading<Tally>, integrity: &Integrity, sources: &mut [EvidenceSource]) {
    for source in sources {
        let member = &read.members[source.member];
        let Some(place) = member.place.as_ref().filter(|place| place.kind.is_list()) else { continue };
        let outer = outermost(read, source.member);
        if source.delivery != Delivery::Read || integrity.members[outer] == MemberCheck::Verified {
            continue;
        }
        let all = &read.inputs[member.input].not_read;
        let first = all.named.iter().find(|entry| may_hold_more(entry, place));
        if let Some(entry) = first {
            source.delivery = Delivery::Partial(reasons::may_hold_more(&entry.path, entry.what));
        } else if all.more > 0 {
            source.delivery = Delivery::Partial(reasons::many_not_read(all.more));
        }
    }
}

/// The places whose facts are an entry that is not read, with what it is.
pub(crate) fn places(read: &Reading<Tally>) -> impl Iterator<Item = (&Place, &NotRead)> {
    read.inputs.iter().flat_map(|input| &input.not_read.named).filter_map(|entry| match &entry.would_hold {
        WouldHold::Facts(place) => Some((place, entry)),
        WouldHold::Nothing | WouldHold::Unknown => None,
    })
}

/// The member that lies in no other: what a manifest can speak of.
pub(crate) fn outermost(read: &Reading<Tally>, mut number: usize) -> usize {
    while let Some(outer) = read.members[number].within {
        number = outer;
    }
    number
}

/// Whether an entry may have held more of what a member of the same input holds.
fn may_hold_more(entry: &NotRead, place: &Place) -> bool {
    match &entry.would_hold {
        WouldHold::Nothing => false,
        WouldHold::Facts(other) => other == place,
        WouldHold::Unknown => match &place.owner {
            Owner::Cluster => true,
            Owner::Folder(folder) => lies_in(&entry.path, folder),
            Owner::Node(name) => entry.path.contains(&format!("nodes/{name}/")),
        },
    }
}

/// Whether a path lies in a folder, which may be that of an archive, and end in `!`.
fn lies_in(path: &str, folder: &str) -> bool {
    match path.strip_prefix(folder) {
        Some(_) if folder.is_empty() || folder.ends_with('!') => true,
        Some(rest) => rest.starts_with('/'),
        None => false,
    }
}
