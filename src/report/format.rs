//! The formats, and the way from an assessment to one of them.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::assess::assessment::Assessment;
use crate::report::{ReportError, html, json, markdown};

/// A report format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// One page for a browser, complete in itself.
    Html,
    /// Markdown with tables.
    Markdown,
    /// The assessment itself, beside its JSON Schema.
    Json,
}

/// A format name that is not known.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("unknown format {given:?}; known are {}", known())]
pub struct UnknownFormat {
    /// What was asked for.
    pub given: String,
}

impl Format {
    /// Every format, in the order in which they are listed and written.
    #[must_use]
    pub fn all() -> &'static [Self] {
        &[Self::Html, Self::Markdown, Self::Json]
    }

    /// The short name used on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Markdown => "md",
            Self::Json => "json",
        }
    }

    /// The name of the file that [`write_all`](crate::report::write_all) makes.
    #[must_use]
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Html => "assessment.html",
            Self::Markdown => "assessment.md",
            Self::Json => "assessment.json",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(given: &str) -> Result<Self, Self::Err> {
        let found = Self::all().iter().find(|format| format.name() == given);
        found.copied().ok_or_else(|| UnknownFormat { given: given.to_owned() })
    }
}

/// Renders an assessment in one format: UTF-8 text, ending in a newline.
///
/// # Errors
/// [`ReportError::Template`] or [`ReportError::Serialize`], both defects of the program.
pub fn render(assessment: &Assessment, format: Format) -> Result<String, ReportError> {
    match format {
        Format::Html => html::render(assessment),
        Format::Markdown => markdown::render(assessment),
        Format::Json => json::render(assessment),
    }
}

/// Renders what stands beside a format's file: (file name, text).
pub(super) fn companions(format: Format) -> Result<Vec<(&'static str, String)>, ReportError> {
    match format {
        Format::Html | Format::Markdown => Ok(Vec::new()),
        Format::Json => Ok(vec![("assessment.schema.json", json::schema()?)]),
    }
}

fn known() -> String {
    let names: Vec<_> = Format::all().iter().map(|format| format.name()).collect();
    names.join(", ")
}
