//! Containers of files: folders, tar and zip, each walked as a stream.

pub(crate) mod folder;
mod inflate;
mod pax;
pub(crate) mod preamble;
pub(crate) mod tar;
mod window;
pub(crate) mod zip;
mod zip_record;
