//! What takes from a list that it is whole: entries of the inputs that are not read, and other facts that name
//! what is not in it.

pub(super) mod by_node;
mod contradicted;
mod foreign;
pub(super) mod not_read;
