//! All that was read.

use std::collections::BTreeSet;

use crate::facts::fields::position::Position;
use crate::facts::member::{Failure, FoundManifest, Member, Origin};
use crate::facts::skipped::AllNotRead;
use crate::layout::Owner;
use crate::model::digest::Digest;

/// An input that was read.
#[derive(Debug)]
pub struct InputRead {
    /// File or folder name.
    pub name: String,
    /// Encoded bytes.
    pub bytes: u64,
    /// SHA-256 of the file; of a folder, of its sorted `sha256  path` lines.
    pub digest: Digest,
    /// Links, devices and sparse files, which are not read.
    pub not_read: AllNotRead,
    /// Bytes of text before the archive, which were passed over.
    pub preamble: u64,
    /// Of a lone file, the number of the folder in which it lies with others.
    pub folder: Option<usize>,
}

/// All that was read.
#[derive(Debug)]
pub struct Reading<T> {
    /// The inputs, in the order given.
    pub inputs: Vec<InputRead>,
    /// Their members, in the order of reading.
    pub members: Vec<Member<T>>,
    /// By the number of a file, its place among the members.
    pub(crate) numbers: Vec<Option<usize>>,
    /// The manifests among them.
    pub manifests: Vec<FoundManifest>,
    /// Nodes on which a support dump could not be collected.
    pub failures: Vec<Failure>,
    /// Folders that are support dumps of a cluster: the input's number, and the folder.
    pub dumps: BTreeSet<(usize, String)>,
}

impl<T> Reading<T> {
    /// What tells the folder of a member from others, if what the member holds is of the node of a folder. Files that
    /// are given one by one lie in folders that inputs share; those of a support dump keep to their input.
    pub(crate) fn folder<'m>(&'m self, member: &'m Member<T>) -> Option<(usize, &'m str)> {
        let Owner::Folder(folder) = &member.place.as_ref()?.owner else { return None };
        let shared = self.inputs.get(member.input).and_then(|input| input.folder);
        match shared {
            Some(shared) if folder.is_empty() && member.origin == Origin::Output => {
                Some((self.inputs.len() + shared, ""))
            }
            _ => Some((member.input, folder)),
        }
    }

    /// Returns the file in which an object stands, if it is another than the member that lists it.
    #[must_use]
    pub fn file(&self, position: Position) -> Option<&Member<T>> {
        let Position::Of { file, .. } = position else { return None };
        let number = self.numbers.get(usize::try_from(file).ok()?).copied().flatten()?;
        self.members.get(number)
    }
}
