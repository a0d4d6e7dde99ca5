//! Support dumps: facts in loose shapes, under other names, or several kinds in one file. What is read
//! here is values; the files themselves are read in `facts/read/`.

pub(crate) mod config;
pub(crate) mod images;
pub(crate) mod info;
pub(crate) mod loose;
pub(crate) mod report;
pub(crate) mod seen;
pub(crate) mod walk;
