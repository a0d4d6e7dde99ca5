//! Support dumps: facts in loose shapes, under other names, or several kinds in one file.
//!
//! What is read here is values; the files themselves are read in `facts/read/`. A file that holds several kinds becomes
//! several members, one for each section, that share its path and digest and carry a JSON pointer. The report of a whole
//! dump repeats every file: in a zip it is decoded last, and only if nodes have no reports of their own; elsewhere it is
//! walked as a stream, and a value in it counts only where no other file has it. Logs in a zip are not decoded.

pub(crate) mod config;
pub(crate) mod images;
pub(crate) mod info;
pub(crate) mod loose;
pub(crate) mod report;
pub(crate) mod seen;
pub(crate) mod walk;
