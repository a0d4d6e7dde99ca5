//! What a reader must know of the support dumps among the inputs.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

use crate::assess::cluster::context::Context;
use crate::assess::cluster::sources::Source;
use crate::assess::decide::gaps::some_of;
use crate::assess::observe::tally::Tally;
use crate::facts::Reading;

/// Bytes under which a dump is usually one whose collection failed.
const SMALL: u64 = 2_000_000;

/// Names that no administrator gives and that programs put in the place of real ones.
static ARTIFICIAL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)^((host|hostname|node|server)[-_]?[0-9]+|.*(sanitized|redacted|anonymi).*|x{3,}.*)$").ok()
});

/// Warnings about dumps, one sentence each.
pub(crate) fn warnings(
    reading: &Reading<Tally>,
    sources: &[Source],
    context: &Context,
    names: &[String],
) -> Vec<String> {
    let mut warnings = Vec::new();
    for (name, input) in names.iter().zip(&reading.inputs) {
        if input.lead > 0 {
            warnings.push(format!("{name}: {} bytes of text before the archive were passed over", input.lead));
        }
    }
    let of_dumps: Vec<&Source> = sources.iter().filter(|source| source.dump).collect();
    if of_dumps.is_empty() {
        return warnings;
    }
    let mut small = BTreeSet::new();
    for source in &of_dumps {
        let member = &reading.members[source.member];
        // The archive of the dump: a member, or the input.
        let archive = outer_archive(reading, source.member);
        let (name, bytes) = match archive {
            Some(outer) => (outer.path.clone(), outer.bytes),
            None => (names[member.input].clone(), reading.inputs[member.input].bytes),
        };
        if bytes < SMALL {
            small.insert((name, bytes));
        }
    }
    for (name, bytes) in small {
        warnings.push(format!(
            "{name} is a support dump of only {bytes} bytes: under 2 MB, its collection has usually failed in part"
        ));
    }
    if !reading.dumps.is_empty() {
        let seen: BTreeSet<&str> = of_dumps.iter().filter_map(|source| source.node.as_deref()).collect();
        let lacking: Vec<&str> = context.nodes.keys().map(String::as_str).filter(|name| !seen.contains(name)).collect();
        if !lacking.is_empty() {
            let all = context.nodes.len();
            warnings.push(format!(
                "the support dump has nothing of {} of {all} nodes: {}",
                lacking.len(),
                some_of(&lacking)
            ));
        }
    }
    let failed: Vec<&str> = context.failed.keys().map(String::as_str).collect();
    if !failed.is_empty() {
        warnings.push(format!("the collection of the support dump failed on {}", some_of(&failed)));
    }
    let artificial = |name: &&String| ARTIFICIAL.as_ref().is_some_and(|pattern| pattern.is_match(name));
    if !context.nodes.is_empty() && context.nodes.keys().all(|name| artificial(&name)) {
        warnings.push(
            "the nodes' names look as if the support dump had been sanitised: names, addresses and digests may not be those of the cluster, and other inputs may not match them"
                .to_owned(),
        );
    }
    let overruled: BTreeSet<(usize, usize)> = sources
        .iter()
        .filter_map(|source| {
            let newer = &sources[source.newer?];
            Some((reading.members[source.member].input, reading.members[newer.member].input))
        })
        .filter(|(older, newer)| older != newer)
        .collect();
    for (older, newer) in overruled {
        warnings.push(format!(
            "{} and {} tell the same in part: where they do, the newer, {}, decides, and the older is shown",
            names[older], names[newer], names[newer]
        ));
    }
    warnings
}

fn outer_archive(reading: &Reading<Tally>, number: usize) -> Option<&crate::facts::Member<Tally>> {
    let mut at = number;
    while let Some(outer) = reading.members[at].within {
        // A part of a file has the file's path.
        if reading.members[outer].path != reading.members[at].path {
            return Some(&reading.members[outer]);
        }
        at = outer;
    }
    None
}

/// What an input holds, in words.
pub(crate) fn holds(reading: &Reading<Tally>, sources: &[Source], input: usize) -> Vec<String> {
    let mut holds = Vec::new();
    let of_input = || sources.iter().filter(|source| reading.members[source.member].input == input);
    let mut add = |there: bool, word: &str| {
        if there {
            holds.push(word.to_owned());
        }
    };
    add(
        reading.manifests.iter().any(|found| found.input == input) || of_input().any(|source| !source.lone),
        "snapshot",
    );
    add(of_input().any(|source| source.dump), "support dump");
    add(of_input().any(|source| source.lone && !source.dump), "outputs");
    holds
}

/// When the latest of an input was taken.
pub(crate) fn taken_at(reading: &Reading<Tally>, sources: &[Source], input: usize) -> Option<String> {
    let of_input = sources.iter().filter(|source| reading.members[source.member].input == input);
    of_input.filter_map(|source| source.time.as_ref()).max().map(|(_, text)| text.clone())
}
