//! The formats, and the way from an assessment to one of them.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::model::assessment::Assessment;
use crate::report::bundle::evidence;
use crate::report::checklist::entry as checklist;
use crate::report::checklist::entry::Checklist;
use crate::report::checklist::{ckl, cklb, per_node, xccdf};
use crate::report::ident::Names;
use crate::report::interchange::{csv, hdf, junit, oscal, poam, sarif};
use crate::report::page::{html, markdown};
use crate::report::{ReportError, json};

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
    /// Every format, in the order in which they are listed and written.
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
        ]
    }

    /// The short name used on the command line.
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

/// Renders an assessment in one format, file by file, so that a report of many files is never held
/// whole; `take` is given each file once, the format's own first.
///
/// # Errors
/// [`ReportError::Template`] or [`ReportError::Serialize`], both defects of the program, and those
/// of `take`.
pub fn render_each(
    assessment: &Assessment,
    format: Format,
    choices: &Choices,
    take: &mut dyn FnMut(File) -> Result<(), ReportError>,
) -> Result<(), ReportError> {
    match format {
        Format::Html => take(html::render(assessment)?),
        Format::Markdown => take(markdown::render(assessment)?),
        Format::Json => json::render(assessment)?.into_iter().try_for_each(take),
        Format::Ckl => checklists(assessment, choices, "ckl", &|list| Ok(ckl::render(list)), take),
        Format::Cklb => checklists(assessment, choices, "cklb", &|list| cklb::render(list, choices), take),
        Format::Xccdf => checklists(assessment, choices, "xccdf.xml", &|list| Ok(xccdf::render(list)), take),
        Format::Oscal => take(oscal::render(assessment)?),
        Format::Hdf => take(hdf::render(assessment)?),
        Format::Sarif => take(sarif::render(assessment)?),
        Format::Junit => take(junit::render(assessment)),
        Format::Csv => take(csv::render(assessment)),
        Format::Poam => take(poam::render(assessment)),
        Format::Evidence => evidence::render(assessment, take),
    }
}

/// The checklist of the cluster and, if chosen, one of each node.
fn checklists(
    assessment: &Assessment,
    choices: &Choices,
    extension: &str,
    render: &dyn Fn(&Checklist<'_>) -> Result<String, ReportError>,
    take: &mut dyn FnMut(File) -> Result<(), ReportError>,
) -> Result<(), ReportError> {
    let about = checklist::about_cluster(assessment);
    let text = render(&Checklist::of(assessment, choices, &about))?;
    take(File { path: format!("assessment.{extension}"), text })?;
    if !choices.per_node {
        return Ok(());
    }
    let mut names = Names::default();
    for node in &assessment.snapshot.nodes {
        let of_node = per_node::of_node(assessment, node);
        let text = render(&Checklist::of(&of_node, choices, &per_node::about(assessment, node)))?;
        take(File { path: format!("nodes/{}.{extension}", names.name(&node.name)), text })?;
    }
    Ok(())
}

/// Renders an assessment in one format: its files in the order of [`render_each`].
///
/// # Errors
/// [`ReportError::Template`] or [`ReportError::Serialize`], both defects of the program.
pub fn render(assessment: &Assessment, format: Format, choices: &Choices) -> Result<Vec<File>, ReportError> {
    let mut files = Vec::new();
    render_each(assessment, format, choices, &mut |file| {
        files.push(file);
        Ok(())
    })?;
    Ok(files)
}

fn known() -> String {
    let names: Vec<_> = Format::all().iter().map(|format| format.name()).collect();
    names.join(", ")
}
