//! Rules: packs of YAML files, read, checked and ready to be run.

mod cases;
mod files;
mod language;
mod load;
mod pack;
mod rule;
mod schema;

pub use cases::case::{Case, CaseFacts, CaseInput, Gap};
pub use cases::file::CasesOfRule;
pub use cases::folder::Cases;
pub use cases::stock::stock_cases;
pub use files::PackError;
pub use language::condition::{Absent, Condition, Decisive, ElementTest, NOT_CARRIED, REDACTED, Test, short};
pub use language::expression::{Expression, View};
pub use language::matcher::Matcher;
pub use language::time_ref::TimeRef;
pub use language::truth::{Truth, Unknown};
pub use language::variables::{COLLECTED, Found, Others, Variables, text_digest};
pub use language::version::Version;
pub use load::pack_file::BenchmarkId;
pub use load::rule_file::read_rule;
pub use pack::Pack;
pub use rule::{
    Applies, Check, Class, Classes, Decision, Demand, EXCEPTION_TYPES, Listed, Look, MAX_CLASSES, MKE, Orchestrator,
    Rule, SSP_LISTS, Texts, USER, Wording,
};
pub use schema::{cases_schema, rule_schema};
