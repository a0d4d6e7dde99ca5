//! Rules: packs of YAML files, read, checked and ready to be run.

mod cases;
mod condition;
mod expression;
mod instant;
mod load;
mod locate;
mod matcher;
mod pack;
mod problem;
mod rule;
mod schema;
mod syntax;
mod truth;
mod variables;
mod version;
mod words;
mod yaml;

pub use cases::{Case, CaseFacts, Gap};
pub use condition::{Absent, Condition, Decisive, ElementTest, NOT_CARRIED, REDACTED, Test, short};
pub use expression::{Expression, View};
pub use instant::{Instant, TimeRef, day_of, is_day};
pub use load::{BenchmarkId, PackHead, rule as read_rule};
pub(crate) use locate::locate;
pub use locate::{Place, Step};
pub use matcher::Matcher;
pub use pack::{Pack, PackError};
pub use problem::Problem;
pub use rule::{
    Applies, Check, Class, Classes, Decision, Demand, EXCEPTION_TYPES, Listed, Look, MAX_CLASSES, MKE, Orchestrator,
    Rule, SSP_LISTS, Severity, Texts, USER, Wording,
};
pub use schema::rule_schema;
pub use truth::{Truth, Unknown};
pub use variables::{COLLECTED, Found, Others, Variables, text_digest};
pub use version::Version;
pub(crate) use yaml::{Checker, Node, nearest, parse};
