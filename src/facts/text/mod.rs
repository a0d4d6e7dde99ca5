//! What programs print for people, read as facts: one file for each form.

mod audit;
mod audit_rules;
mod error;
mod exec_options;
mod fact;
mod file_mode;
mod group;
mod processes;
mod read;
mod selinux;

pub(crate) use fact::TextFact;
pub(crate) use read::read;
