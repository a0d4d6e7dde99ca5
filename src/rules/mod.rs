//! Rules: packs of YAML files, read, checked and ready to be run.
//!
//! A file is read into a [`Rule`] with every problem noted (`load`), rules and `pack.yaml` make a [`Pack`], and the
//! [`Cases`] of a pack are read apart, by those who try rules. This room knows kinds of facts and their fields, and
//! neither archives nor reports; what a condition means is in `language`.

mod cases;
mod files;
mod language;
mod load;
mod pack;
mod revision;
mod rule;
mod schema;

pub use cases::case::{Case, CaseFacts, CaseInput, Gap};
pub use cases::file::CasesOfRule;
pub use cases::folder::Cases;
pub use cases::stock::stock_cases;
pub use files::PackError;
pub use language::condition::{Absent, Condition, ElementTest, NOT_CARRIED, NOT_KEPT, REDACTED, Test};
pub use language::decisive::Decisive;
pub use language::expression::Expression;
pub(crate) use language::expression::View;
pub use language::matcher::Matcher;
pub use language::reference::Reference;
pub use language::truth::{Truth, Unknown};
pub(crate) use language::value::short;
pub(crate) use language::variables::{COLLECTED, text_digest};
pub use language::variables::{Found, Others, Variables, image_folder};
pub(crate) use language::version::Version;
pub use load::pack_file::BenchmarkId;
pub use load::rule_file::read_rule;
pub use pack::Pack;
pub(crate) use revision::{revision, variables as variables_of};
pub use rule::{
    Applies, Check, Class, Classes, Decision, Demand, EXCEPTION_TYPES, Listed, Look, MAX_CLASSES, MKE, Orchestrator,
    Rule, SSP_LISTS, Texts, USER, Wording,
};
pub use schema::{cases_schema, rule_schema};
