//! The formats, the files that they make, and what a user may choose: the words of this room that every format
//! speaks. What each format does is not known here, so that formats may import this.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// A report format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// One page for a browser, complete in itself.
    Html,
    /// Markdown with tables.
    Markdown,
    /// The assessment itself, beside its JSON Schema.
    Json,
    /// The checklist of STIG Viewer 2.
    Ckl,
    /// The checklist of STIG Viewer 3.
    Cklb,
    /// XCCDF 1.2, the benchmark with its result.
    Xccdf,
    /// OSCAL assessment results.
    Oscal,
    /// The Heimdall Data Format.
    Hdf,
    /// SARIF, for code scanning.
    Sarif,
    /// `JUnit` XML, for build servers.
    Junit,
    /// A row for each rule.
    Csv,
    /// A draft of a Plan of Action and Milestones: a row for each Open.
    Poam,
    /// A folder with what each verdict rests on.
    Evidence,
    /// A folder with the plan of fixes and its commands, which nothing executes.
    Fix,
}

/// One file of a report: UTF-8 text that ends in a newline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Where it stands in the output folder, with `/` between folders.
    pub path: String,
    /// What stands in it.
    pub text: String,
}

/// What a user may choose for formats that others import.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choices {
    /// Spell out text that looks like a command, for upload filters that refuse it.
    pub safe_text: bool,
    /// Keep CKLB to the letter of its schema.
    pub strict_cklb: bool,
    /// Write a checklist for each node besides that of the cluster.
    pub per_node: bool,
}

/// A format name that is not known.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("unknown format {given:?}; known are {}", known())]
pub struct UnknownFormat {
    /// What was asked for.
    pub given: String,
}

impl Format {
    /// Returns every format, in the order in which they are listed and written.
    ///
    /// ```
    /// use mke_stig::report::Format;
    ///
    /// assert_eq!(Format::all()[0], Format::Html);
    /// ```
    #[must_use]
    pub fn all() -> &'static [Self] {
        &[
            Self::Html,
            Self::Markdown,
            Self::Json,
            Self::Ckl,
            Self::Cklb,
            Self::Xccdf,
            Self::Oscal,
            Self::Hdf,
            Self::Sarif,
            Self::Junit,
            Self::Csv,
            Self::Poam,
            Self::Evidence,
            Self::Fix,
        ]
    }

    /// Returns the short name used on the command line.
    ///
    /// ```
    /// use mke_stig::report::Format;
    ///
    /// assert_eq!("md".parse(), Ok(Format::Markdown));
    /// assert_eq!(Format::Markdown.name(), "md");
    /// ```
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Markdown => "md",
            Self::Json => "json",
            Self::Ckl => "ckl",
            Self::Cklb => "cklb",
            Self::Xccdf => "xccdf",
            Self::Oscal => "oscal",
            Self::Hdf => "hdf",
            Self::Sarif => "sarif",
            Self::Junit => "junit",
            Self::Csv => "csv",
            Self::Poam => "poam",
            Self::Evidence => "evidence",
            Self::Fix => "fix",
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

fn known() -> String {
    let names: Vec<_> = Format::all().iter().map(|format| format.name()).collect();
    names.join(", ")
}
