//! What programs print for people, read as facts: one file for each form.

mod audit;
mod audit_rules;
mod exec_options;
mod file_mode;
mod form;
mod group;
mod processes;
mod selinux;

pub(crate) use form::{TextFact, read};
