//! Turns rules into what is asked of each object.
//!
//! [`builder`] is the way in. It asks the plan of the facts for every field that a rule, the inventory
//! of the cluster or the name of an object needs, and numbers the conditions.

pub(crate) mod builder;
pub(crate) mod compiled;
pub(crate) mod inventory;
pub(crate) mod probe;
pub(crate) mod subject;
