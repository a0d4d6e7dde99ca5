//! A member that is being read, and the archive in which it lies.

use std::io::Read;
use std::sync::Arc;

use crate::archive::{Budget, MemberMeta};
use crate::facts::member::Member;
use crate::facts::objects::growing::Growing;
use crate::facts::pipeline::buffer::Buffer;
use crate::model::digest::Digest;

/// A member of which objects are still being parsed and bytes hashed.
pub(crate) struct Unfinished<T> {
    /// The member; its facts, state and digest come last.
    pub(crate) member: Member<T>,
    /// What was found in it so far.
    pub(crate) growing: Arc<Growing<T>>,
    pub(crate) hash: Hash,
}

impl<T> Unfinished<T> {
    /// A member of which nothing is known yet but where it is.
    pub(crate) fn new(site: &Site<'_>, path: &str) -> Self {
        let member = Member { within: site.within, ..Member::unread(site.input, path.to_owned()) };
        Self { member, growing: Arc::new(Growing::new()), hash: Hash::Nth(0) }
    }
}

/// Where a member's digest comes from.
#[derive(Debug, Clone)]
pub(crate) enum Hash {
    /// The hashing threads made it as that of the member that was the n-th to end.
    Nth(usize),
    /// It was made while reading.
    Known(Digest),
    /// It is that of another member.
    OfMember(usize),
}

impl Hash {
    /// The member that has it too.
    pub(crate) fn of_member(&self) -> Option<usize> {
        if let Self::OfMember(number) = self { Some(*number) } else { None }
    }
}

/// The archive in which members are read.
#[derive(Clone, Copy)]
pub(crate) struct Site<'a> {
    /// Number of the input.
    pub(crate) input: usize,
    /// Its name, for messages.
    pub(crate) name: &'a str,
    /// What stands before a member's path: nothing, or the path of an archive in an archive and `!`.
    pub(crate) prefix: &'a str,
    /// How many archives lie around its members, besides the input.
    pub(crate) depth: u32,
    /// The member that is the archive.
    pub(crate) within: Option<usize>,
    pub(crate) budget: &'a Budget,
}

impl Site<'_> {
    /// A folder with the archive in which it lies.
    pub(crate) fn full(&self, folder: &str) -> String {
        format!("{}{folder}", self.prefix)
    }
}

/// Where a member lies, by which it is told what it is: what a compressed file unpacks to lies in the folder in which
/// that file lies.
pub(crate) struct Lying {
    /// What stands before the path, as [`Site::prefix`].
    pub(crate) prefix: String,
    pub(crate) path: String,
    /// Whether the member is all that its archive holds.
    pub(crate) lone: bool,
}

impl Lying {
    pub(crate) fn of(site: &Site<'_>, meta: &MemberMeta) -> Self {
        let compressed = site.prefix.strip_suffix('!').filter(|_| meta.lone);
        let Some(compressed) = compressed else {
            return Self { prefix: site.prefix.to_owned(), path: meta.path.clone(), lone: meta.lone };
        };
        let at = compressed.rfind('!').map_or(0, |at| at + 1);
        let (prefix, file) = compressed.split_at(at);
        let folder = file.rfind('/').map_or("", |slash| &file[..=slash]);
        Self { prefix: prefix.to_owned(), path: format!("{folder}{}", meta.path), lone: true }
    }

    /// The folder, with the archive in which it lies.
    pub(crate) fn folder(&self) -> String {
        format!("{}{}", self.prefix, self.path.rsplit_once('/').map_or("", |(folder, _)| folder))
    }
}

/// The bytes of a member that are still to be read, behind the buffer that was filled first.
pub(crate) struct Rest<'m> {
    /// `input!path`.
    pub(crate) member: String,
    pub(crate) first: Buffer,
    pub(crate) ended: bool,
    pub(crate) stream: &'m mut dyn Read,
}
