//! Turns rules into what is asked of each object.

pub(crate) mod builder;
pub(crate) mod compiled;
pub(crate) mod inventory;
pub(crate) mod probe;
pub(crate) mod subject;
