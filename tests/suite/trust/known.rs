//! What falls short today: a list that can only shrink.
//!
//! Each line names a trial, what was done, the kind of the fault, and the rules that it lets off. A
//! trial compares what it finds with its lines exactly: what is new fails it, and so does a line that
//! is true no longer. `MKE_STIG_KNOWN=shrink cargo test --test suite trust` takes such lines out of
//! this file; nothing adds one. `MKE_STIG_KNOWN=none` tells what is known as if it were new, with how
//! to see it again.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// Trial, what was done, kind of the fault, and the rules.
type Line = (&'static str, &'static str, u8, &'static [&'static str]);

#[rustfmt::skip]
const KNOWN: &[Line] = &[
];

/// Shapes of inputs, and how many rules they leave needlessly Not Reviewed: of the sample, and of a
/// generated cluster.
#[rustfmt::skip]
pub(crate) const BUDGETS: &[(&str, [usize; 2])] = &[
    ("CRLF", [0, 1]),
    ("Kubernetes as JSON behind dashes", [1, 2]),
    ("Kubernetes as YAML in braces", [8, 12]),
    ("Kubernetes as YAML with quoted keys", [1, 2]),
    ("Kubernetes as YAML", [1, 2]),
    ("Kubernetes as a YAML document for each object", [5, 11]),
    ("Kubernetes as a file for each object", [5, 11]),
    ("Kubernetes as lists in one file", [1, 2]),
    ("Kubernetes as lists of the API", [1, 2]),
    ("Kubernetes as lists slurped by jq", [1, 2]),
    ("Kubernetes as one List", [1, 2]),
    ("a line of text before the JSON", [43, 44]),
    ("both views, of no time", [3, 0]),
    ("docker says full host names", [4, 1]),
    ("docker says host names in upper case", [4, 1]),
    ("each file as an input", [13, 11]),
    ("folders with full host names", [3, 0]),
    ("folders with host names in upper case", [3, 0]),
    ("the bundle's view alone", [8, 9]),
    // Services are told by the bundle alone, and one without containers may add capabilities; so are roles of nodes, by
    // which an SSP lists ports. And an answer on the log server rests on the one that MKE's configuration names.
    ("the nodes' view alone", [22, 30]),
    ("the same snapshot twice", [6, 7]),
    ("without a manifest", [3, 0]),
    ("each file gzipped", [3, 0]),
];

/// Something that a trial found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Fault {
    /// What was done, in the words that stand in the list.
    pub what: String,
    /// The kind of the fault.
    pub kind: u8,
    /// The rule that it lets off.
    pub rule: String,
    /// How to see it again, and what it gave.
    pub detail: String,
}

type Pair = (String, String);

/// Compares what a trial found with what is known of it, and fails where they differ.
pub(crate) fn settle(trial: &str, faults: &[Fault]) {
    compare(trial, faults, true);
}

/// As [`settle`], for a part of a trial: what it does not find may still be there.
pub(crate) fn settle_part(trial: &str, faults: &[Fault]) {
    compare(trial, faults, false);
}

/// As [`settle_part`], where clusters and places are drawn at random: what a way of hiding lets off hangs on the cluster,
/// so a way that is known to fall short for any rule is known.
pub(crate) fn settle_ways(trial: &str, faults: &[Fault]) {
    let known = |fault: &&Fault| KNOWN.iter().any(|line| line.0 == trial && line.1 == fault.what);
    let new: Vec<Fault> = faults.iter().filter(|fault| !known(fault)).cloned().collect();
    compare(trial, &new, false);
}

fn compare(trial: &str, faults: &[Fault], whole: bool) {
    let mut found: BTreeMap<Pair, (usize, &Fault)> = BTreeMap::new();
    for fault in faults {
        let entry = found.entry((fault.what.clone(), fault.rule.clone())).or_insert((0, fault));
        entry.0 += 1;
    }
    let known: BTreeSet<Pair> = KNOWN
        .iter()
        .filter(|line| line.0 == trial && !std::env::var("MKE_STIG_KNOWN").is_ok_and(|wish| wish == "none"))
        .flat_map(|line| line.3.iter().map(|rule| (line.1.to_owned(), (*rule).to_owned())))
        .collect();
    let new: BTreeMap<&Pair, _> = found.iter().filter(|(pair, _)| !known.contains(*pair)).collect();
    let mended: Vec<&Pair> = known.iter().filter(|pair| whole && !found.contains_key(*pair)).collect();
    if !mended.is_empty() && std::env::var("MKE_STIG_KNOWN").is_ok_and(|wish| wish == "shrink") {
        shrink(trial, &mended);
    } else {
        assert!(mended.is_empty() && new.is_empty(), "{}", told(trial, &new, &mended));
    }
    assert!(new.is_empty(), "{}", told(trial, &new, &[]));
}

fn told(trial: &str, new: &BTreeMap<&Pair, &(usize, &Fault)>, mended: &[&Pair]) -> String {
    let mut text = String::new();
    if !new.is_empty() {
        let _ = writeln!(text, "{} rules are let off by what the trial `{trial}` does:", new.len());
        let mut by_what: BTreeMap<(&str, u8), Vec<&str>> = BTreeMap::new();
        for ((what, rule), (times, fault)) in new {
            let _ = writeln!(text, "  {what}: {rule} ({times} times); {}", fault.detail);
            by_what.entry((what, fault.kind)).or_default().push(rule);
        }
        for ((what, kind), rules) in by_what {
            let _ = writeln!(text, "    ({trial:?}, {what:?}, {kind}, &{rules:?}),");
        }
    }
    if !mended.is_empty() {
        let _ = writeln!(text, "mended; take out of tests/suite/trust/known.rs (MKE_STIG_KNOWN=shrink does it):");
        for (what, rule) in mended {
            let _ = writeln!(text, "  {trial}: {what}: {rule}");
        }
    }
    text
}

/// Takes rules that are no longer let off out of this file.
fn shrink(trial: &str, mended: &[&Pair]) {
    // Trials run side by side, and each takes out its own lines.
    static FILE: std::sync::Mutex<()> = std::sync::Mutex::new(());
    let _held = FILE.lock();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/suite/trust/known.rs");
    let text = std::fs::read_to_string(path).unwrap();
    let kept: Vec<String> = text
        .lines()
        .filter_map(|line| {
            let of: Vec<&str> = mended
                .iter()
                .filter(|(what, _)| line.trim_start().starts_with(&format!("({trial:?}, {what:?}, ")))
                .map(|(_, rule)| rule.as_str())
                .collect();
            if of.is_empty() {
                return Some(line.to_owned());
            }
            let line = of.iter().fold(line.to_owned(), |line, rule| {
                line.replace(&format!("\"{rule}\", "), "")
                    .replace(&format!(", \"{rule}\"]"), "]")
                    .replace(&format!("[\"{rule}\"]"), "[]")
            });
            (!line.contains("&[]")).then_some(line)
        })
        .collect();
    std::fs::write(path, kept.join("\n") + "\n").unwrap();
    eprintln!("{trial}: {} rules are let off no longer and were taken out of known.rs", mended.len());
}
