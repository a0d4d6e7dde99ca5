//! From bytes of objects to sums: parsing on the threads of the pool, and what an object must be.

pub(crate) mod document;
pub(crate) mod growing;
pub(crate) mod pages;
pub(crate) mod sink;
mod tables;
