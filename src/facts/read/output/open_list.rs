//! The list under `items` that is open while a file is read.

use crate::facts::json::splitter::Item;
use crate::layout::Kind;

/// The list that is being read.
pub(super) enum List {
    /// There is none.
    None,
    /// Its entries are of a kind, by its number; nobody may ask for it.
    Typed(Kind, Option<usize>),
    /// Its entries say their kind, and go to the first that is asked for.
    Named(usize),
    /// Nothing is known of its entries yet; `any` says that each says its kind.
    Unknown { any: bool },
    /// Its entries do not say their kind; they are held with their places.
    Held(Vec<u8>, Vec<Item>),
    /// It is not read any further.
    Dropped,
}
