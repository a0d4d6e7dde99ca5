//! What a rule compares with: written in the rule, or a variable that is known once all has been read.

use crate::rules::language::variables::{COLLECTED, Variables};

/// A version, time or digest, or the variable that holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reference {
    /// It stands in the rule.
    Fixed(String),
    /// The value of a variable.
    Variable(String),
}

impl Reference {
    /// The value; the variable's name where its value is not known.
    pub(super) fn value<'r>(&'r self, variables: &'r Variables) -> Result<&'r str, &'r str> {
        match self {
            Self::Fixed(value) => Ok(value),
            Self::Variable(name) => variables.values.get(name).map(String::as_str).ok_or(name.as_str()),
        }
    }

    /// It in words.
    pub(super) fn words(&self) -> String {
        match self {
            Self::Fixed(value) => value.clone(),
            Self::Variable(name) if name == COLLECTED => "the collection of the snapshot".to_owned(),
            Self::Variable(name) => match name.strip_prefix("ssp.") {
                Some(section) => format!("the SSP's {section}"),
                None => format!("the running {name}"),
            },
        }
    }
}
