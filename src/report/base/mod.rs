//! What every format uses and no format is: types, escaping, ids, times, writers of XML and JSON, and the sentences that
//! say a verdict.

pub(crate) mod error;
pub(crate) mod extract;
pub(crate) mod ident;
pub(crate) mod json;
pub(crate) mod left_over;
pub(crate) mod limit;
pub(crate) mod outcome;
pub(crate) mod prose;
pub(crate) mod text;
pub(crate) mod time;
pub(crate) mod types;
pub(crate) mod xml;
