//! What a stream of documents is cut into.

use crate::facts::json::splitter::Item;

/// What stands in a stream of documents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece {
    /// An object that stands alone or in a bare list.
    Object(Item),
    /// A list under `items` begins behind this text.
    ListBegins(Vec<u8>),
    /// One of its entries.
    Entry(Item),
    /// It ends; this is the object around it, its list emptied.
    ListEnds(Vec<u8>),
    /// A bare list begins that is a document.
    BareListBegins,
    /// A bare list ends that is a document, with so many elements.
    BareListEnds(u64),
    /// Logs of a container begin.
    Logs,
}

/// The text that was passed over.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Passed {
    /// Lines of it.
    pub(crate) lines: u64,
    /// The first line, from 1, that speaks of an error.
    pub(crate) error: Option<u64>,
}
