//! Rules: packs of YAML files, read, checked and ready to be run.

mod language;
mod load;
mod pack;
mod revision;
mod rule;
mod schema;

pub use language::condition::{Absent, Condition, Decisive, ElementTest, NOT_CARRIED, REDACTED, Test, short};
pub use language::expression::{Expression, View};
pub use language::matcher::Matcher;
pub use language::time_ref::TimeRef;
pub use language::truth::{Truth, Unknown};
pub use language::variables::{COLLECTED, Found, Others, Variables, text_digest};
pub use language::version::Version;
pub use load::cases::{Case, CaseFacts, Gap};
pub use load::rule_file::{BenchmarkId, PackHead, rule as read_rule};
pub use pack::{Pack, PackError};
pub(crate) use revision::{revision, variables as variables_of};
pub use rule::{
    Applies, Check, Class, Classes, Decision, Demand, EXCEPTION_TYPES, Listed, Look, MAX_CLASSES, MKE, Orchestrator,
    Rule, SSP_LISTS, Texts, USER, Wording,
};
pub use schema::rule_schema;
