//! Formats that other programs read.

pub(crate) mod csv;
pub(crate) mod document;
pub(crate) mod hdf;
pub(crate) mod junit;
pub(crate) mod oscal;
pub(crate) mod poam;
pub(crate) mod sarif;
