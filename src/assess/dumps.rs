//! What a reader must know of the support dumps among the inputs.
//!
//! A dump is collected for the vendor and not for an assessment: parts fail without a sign, nodes are
//! left out, and names may have been replaced. None of this changes a verdict, and all of it is said.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

use crate::assess::cluster::context::Context;
use crate::assess::cluster::inputs::Inputs;
use crate::assess::cluster::source::{EvidenceSource, Standing};
use crate::assess::observe::tally::Tally;
use crate::assess::sentences::remarks;
use crate::facts::{Member, Origin, Reading};

/// Bytes under which a dump is usually one whose collection failed.
const SMALL: u64 = 2_000_000;

/// Names that no administrator gives and that programs put in the place of real ones.
static ARTIFICIAL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)^((host|hostname|node|server)[-_]?[0-9]+|.*(sanitized|redacted|anonymi).*|x{3,}.*)$").ok()
});

/// Warnings about dumps, one sentence each.
pub(crate) fn warnings(inputs: &Inputs, context: &Context) -> Vec<String> {
    let mut warnings = Vec::new();
    for (name, input) in inputs.names.iter().zip(&inputs.read.inputs) {
        if input.preamble > 0 {
            warnings.push(remarks::text_before_archive(name, input.preamble));
        }
    }
    let of_dumps: Vec<&EvidenceSource> =
        inputs.sources.iter().filter(|source| source.origin == Origin::SupportDump).collect();
    if of_dumps.is_empty() {
        return warnings;
    }
    let small: BTreeSet<(String, u64)> =
        of_dumps.iter().map(|source| archive_of(inputs, source)).filter(|(_, bytes)| *bytes < SMALL).collect();
    warnings.extend(small.iter().map(|(name, bytes)| remarks::dump_is_small(name, *bytes)));
    let nodes: Vec<&str> = context.nodes.names().map(String::as_str).collect();
    if !inputs.read.dumps.is_empty() {
        let seen: BTreeSet<&str> = of_dumps.iter().filter_map(|source| source.node.as_deref()).collect();
        let lacking: Vec<&str> = nodes.iter().copied().filter(|name| !seen.contains(name)).collect();
        if !lacking.is_empty() {
            warnings.push(remarks::dump_lacks_nodes(&lacking, nodes.len()));
        }
    }
    let failed: Vec<&str> = context.nodes.failed.keys().map(String::as_str).collect();
    if !failed.is_empty() {
        warnings.push(remarks::dump_failed_on(&failed));
    }
    let artificial = |name: &&str| ARTIFICIAL.as_ref().is_some_and(|pattern| pattern.is_match(name));
    if !nodes.is_empty() && nodes.iter().all(artificial) {
        warnings.push(remarks::names_are_artificial());
    }
    let names = &inputs.names;
    warnings
        .extend(overruled(inputs).iter().map(|(older, newer)| remarks::inputs_overlap(&names[*older], &names[*newer])));
    warnings
}

/// The archive of a dump, which is a member or the input, and its size.
fn archive_of(inputs: &Inputs, source: &EvidenceSource) -> (String, u64) {
    if let Some(outer) = outer_archive(&inputs.read, source.member) {
        return (outer.path.clone(), outer.bytes);
    }
    let input = inputs.member(source).input;
    (inputs.names[input].clone(), inputs.read.inputs[input].bytes)
}

fn outer_archive(read: &Reading<Tally>, number: usize) -> Option<&Member<Tally>> {
    let mut at = number;
    while let Some(outer) = read.members[at].within {
        // A part of a file has the file's path.
        if read.members[outer].path != read.members[at].path {
            return Some(&read.members[outer]);
        }
        at = outer;
    }
    None
}

/// Inputs of which another one that is newer tells the same, with that other one.
fn overruled(inputs: &Inputs) -> BTreeSet<(usize, usize)> {
    let pairs = inputs.sources.iter().filter_map(|source| match source.standing {
        Standing::Superseded { by } => Some((inputs.member(source).input, inputs.member(&inputs.sources[by]).input)),
        Standing::Decides => None,
    });
    pairs.filter(|(older, newer)| older != newer).collect()
}

/// What an input holds, in words.
pub(crate) fn holds(inputs: &Inputs, input: usize) -> Vec<String> {
    let of_input = || inputs.sources.iter().filter(|source| inputs.member(source).input == input);
    let has = |origin: Origin| of_input().any(|source| source.origin == origin);
    let snapshot = inputs.read.manifests.iter().any(|found| found.input == input) || has(Origin::Snapshot);
    let holds = [(snapshot, "snapshot"), (has(Origin::SupportDump), "support dump"), (has(Origin::Output), "outputs")];
    holds.iter().filter(|(holds, _)| *holds).map(|(_, word)| (*word).to_owned()).collect()
}

/// When the latest of an input was taken.
pub(crate) fn taken_at(inputs: &Inputs, input: usize) -> Option<String> {
    let of_input = inputs.sources.iter().filter(|source| inputs.member(source).input == input);
    of_input.filter_map(|source| source.taken.as_ref()).max().map(|taken| taken.text.clone())
}
