//! The way from an assessment to the files of a format.
//!
//! This is the only place that knows all formats. A new one is a file beside the others, a variant in `base/types.rs` and an
//! arm here.

use crate::model::assessment::Assessment;
use crate::report::base::error::ReportError;
use crate::report::base::ident::Names;
use crate::report::base::types::{Choices, File, Format};
use crate::report::bundle::evidence;
use crate::report::checklist::entry::{self, Checklist};
use crate::report::checklist::{ckl, cklb, per_node, xccdf};
use crate::report::fix::folder;
use crate::report::interchange::{csv, document, hdf, junit, oscal, poam, sarif};
use crate::report::page::{html, markdown};

/// Renders an assessment in one format, file by file, so that a report of many files is never held
/// whole; `take` is given each file once, the format's own first.
///
/// # Errors
/// [`ReportError::Template`] or [`ReportError::Serialize`], both defects of the program, and those
/// of `take`.
///
/// ```no_run
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use mke_stig::report::{Choices, Format, parse, render_each};
///
/// let assessment = parse(&std::fs::read("assessment.json")?)?;
/// let choices = Choices { per_node: true, ..Choices::default() };
/// render_each(&assessment, Format::Ckl, &choices, &mut |file| {
///     println!("{}: {} bytes", file.path, file.text.len());
///     Ok(())
/// })?;
/// # Ok(())
/// # }
/// ```
pub fn render_each(
    assessment: &Assessment,
    format: Format,
    choices: &Choices,
    take: &mut dyn FnMut(File) -> Result<(), ReportError>,
) -> Result<(), ReportError> {
    match format {
        Format::Html => take(html::render(assessment)?),
        Format::Markdown => take(markdown::render(assessment)?),
        Format::Json => document::render(assessment)?.into_iter().try_for_each(take),
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
        Format::Fix => folder::render(assessment, take),
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
    let summary = entry::cluster_summary(assessment);
    let text = render(&Checklist::of(assessment, choices, &summary))?;
    take(File { path: format!("assessment.{extension}"), text })?;
    if !choices.per_node {
        return Ok(());
    }
    let (mut names, by_node) = (Names::default(), per_node::ByNode::of(assessment));
    for node in &assessment.snapshot.nodes {
        let of_node = by_node.node(node);
        let text = render(&Checklist::of(&of_node, choices, &per_node::node_summary(assessment, node)))?;
        take(File { path: format!("nodes/{}.{extension}", names.name(&node.name)), text })?;
    }
    Ok(())
}

/// Renders an assessment in one format: its files in the order of [`render_each`].
///
/// # Errors
/// [`ReportError::Template`] or [`ReportError::Serialize`], both defects of the program.
///
/// ```no_run
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use mke_stig::report::{Choices, Format, parse, render};
///
/// let assessment = parse(&std::fs::read("assessment.json")?)?;
/// let page = &render(&assessment, Format::Html, &Choices::default())?[0];
/// assert_eq!(page.path, "assessment.html");
/// # Ok(())
/// # }
/// ```
pub fn render(assessment: &Assessment, format: Format, choices: &Choices) -> Result<Vec<File>, ReportError> {
    let mut files = Vec::new();
    render_each(assessment, format, choices, &mut |file| {
        files.push(file);
        Ok(())
    })?;
    Ok(files)
}
