//! Mutations of a snapshot, and what they must never do.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::LazyLock;

use mke_stig::facts::Source;
use mke_stig::layout::{Owner, Placement, place};
use mke_stig::model::assessment::{Assessment, Status};
use mke_stig::ssp::Ssp;

use super::snapshot::{Snapshot, ssp};
use super::{ROWS, assess_with, in_parallel, lets_off, packs, rule, statuses};

/// What may stand in the place of a member.
pub(crate) const INSTEAD: &[(&str, &[u8])] = &[
    ("empty", b""),
    ("blank", b" \n\n"),
    ("html page", b"<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body>Session expired</body></html>\n"),
    ("forbidden", b"Error from server (Forbidden): pods is forbidden: User \"x\" cannot list resource \"pods\"\n"),
    ("daemon", b"Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?\n"),
    (
        "status object",
        br#"{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"forbidden","reason":"Forbidden","code":403}"#,
    ),
    ("api error", br#"{"errors":[{"code":"UNAUTHORIZED","message":"unauthorized"}]}"#),
    ("null", b"null\n"),
    ("empty object", b"{}\n"),
    ("empty objects", b"[{},{}]\n"),
];

/// One change to the sample.
pub(crate) struct Mutation {
    pub what: String,
    pub path: String,
    pub snapshot: Snapshot,
    /// Whether a reader can tell that something is wrong with the member.
    pub told: bool,
}

/// Whether any rule, or what is known of the cluster, may read a member.
pub(crate) fn is_read(path: &str) -> bool {
    matches!(place(path), Placement::Fact(_))
}

/// Whether a verdict may hang on a member: a rule reads its kind, or the cluster is known by it.
pub(crate) fn is_judged(path: &str) -> bool {
    const KNOWN_BY: [&str; 8] = [
        "docker.info",
        "docker.node",
        "docker.service",
        "host.os_release",
        "kube.Node",
        "mke.config",
        "mke.info",
        "mke.version",
    ];
    let Placement::Fact(place) = place(path) else { return false };
    let rules = &packs()[0].rules;
    KNOWN_BY.contains(&place.kind.name()) || rules.iter().any(|rule| rule.kinds().contains(&&place.kind))
}

/// Whether a member is a node's view of what the cluster's own list tells in full, or one of two statements
/// of MKE, either of which is enough.
pub(crate) fn is_spare(path: &str) -> bool {
    let Placement::Fact(place) = place(path) else { return false };
    if matches!(place.kind.name(), "mke.info" | "mke.version") {
        return true;
    }
    !place.kind.per_node() && matches!(place.owner, Owner::Node(_))
}

/// Whether another member tells a rule the same: of two statements of MKE one is enough.
fn has_other(rule: &str, path: &str) -> bool {
    let Placement::Fact(place) = place(path) else { return false };
    rule == "V-260931" && matches!(place.kind.name(), "mke.config" | "mke.kubernetes_config")
}

/// Whether it is a member's turn. The cluster's own members have every turn, and so have those of a
/// manager and a worker together; where no verdict hangs on a member, or other nodes have its like,
/// one of several changes will do.
pub(crate) fn turn(path: &str, number: usize, turn: usize, turns: usize) -> bool {
    let of = |node: &str| path.starts_with(&format!("nodes/{node}/"));
    let one = number % turns == turn % turns;
    match is_judged(path) {
        false => one,
        true if of("mgr-1") => turn.is_multiple_of(2),
        true if of("wrk-2") || of("wrk-3") => !turn.is_multiple_of(2),
        true => one || path.starts_with("cluster/"),
    }
}

/// Whether a member is called like a JSON file.
pub(crate) fn is_json(path: &str) -> bool {
    std::path::Path::new(path).extension() == Some("json".as_ref())
}

fn assessed(snapshot: &Snapshot, ssp: &Ssp) -> Assessment {
    assess_with(&[Source::Files { name: "in".to_owned(), files: snapshot.list() }], ssp.clone())
}

/// A snapshot and what it gives: what is changed is measured by it.
pub(crate) struct Ground {
    pub snapshot: Snapshot,
    pub assessment: Assessment,
    ssp: Ssp,
}

impl Ground {
    pub(crate) fn of(snapshot: Snapshot, ssp: Ssp) -> Self {
        Self { assessment: assessed(&snapshot, &ssp), snapshot, ssp }
    }

    /// What a changed snapshot gives, with the same SSP.
    pub(crate) fn assess(&self, snapshot: &Snapshot) -> Assessment {
        assessed(snapshot, &self.ssp)
    }

    /// A cluster on which every decided rule passes: each pass can be taken back.
    pub(crate) fn passing() -> &'static Self {
        static PASSING: LazyLock<Ground> = LazyLock::new(|| Ground::of(Snapshot::passing(), ssp()));
        &PASSING
    }

    /// The sample, with its findings: none may turn into a pass.
    pub(crate) fn sample() -> &'static Self {
        static SAMPLE: LazyLock<Ground> = LazyLock::new(|| Ground::of(Snapshot::sample(), Ssp::default()));
        &SAMPLE
    }

    /// A mutation of each member by `change`, which gets the member's number and path; it says what
    /// it did and whether that can be told, or nothing where it does not change the member.
    pub(crate) fn each(
        &self,
        wanted: fn(&str) -> bool,
        change: impl Fn(&mut Snapshot, &str, usize) -> Option<(String, bool)>,
    ) -> Vec<Mutation> {
        let paths = self.snapshot.paths().into_iter().filter(|path| wanted(path)).enumerate();
        paths
            .filter_map(|(number, path)| {
                let mut snapshot = self.snapshot.clone();
                let (what, told) = change(&mut snapshot, &path, number)?;
                Some(Mutation { what, path, snapshot, told })
            })
            .collect()
    }

    /// Runs every mutation and fails with all that is wrong.
    pub(crate) fn holds(&self, mutations: &[Mutation]) {
        let mut told = in_parallel(mutations, |mutation| complaints(self, mutation));
        told.retain(|text| !text.is_empty());
        assert!(told.is_empty(), "{} of {} mutations:\n{}", told.len(), mutations.len(), told.concat());
    }
}

/// The rules that pass and show evidence from a member.
fn passed_by(base: &Assessment, path: &str) -> BTreeSet<String> {
    let member = format!("in!{path}");
    base.rules
        .iter()
        .filter(|rule| rule.status == Status::NotAFinding && rule.evidence.iter().any(|line| line.member == member))
        .map(|rule| rule.id.clone())
        .collect()
}

/// Assesses a mutated snapshot and tells where it lets a rule off, or keeps one that it must not keep.
fn complaints(ground: &Ground, mutation: &Mutation) -> String {
    let (base, after) = (&ground.assessment, ground.assess(&mutation.snapshot));
    let mut told = String::new();
    let head = format!("{}: {}", mutation.path, mutation.what);
    if after.rules.len() != ROWS {
        let _ = writeln!(told, "{head}: {} rows", after.rules.len());
    }
    let was = statuses(base);
    for result in &after.rules {
        let before = was[&result.id];
        if !lets_off(before) && lets_off(result.status) {
            let _ = writeln!(told, "{head}: {} went from {before:?} to {:?}", result.id, result.status);
        }
        if before == Status::NotAFinding && result.status == Status::NotApplicable {
            let _ = writeln!(told, "{head}: {} went from {before:?} to {:?}", result.id, result.status);
        }
        if result.status == Status::NotReviewed && result.reason.as_ref().is_none_or(|reason| reason.text.is_empty()) {
            let _ = writeln!(told, "{head}: {} has no reason", result.id);
        }
    }
    if mutation.told && !is_spare(&mutation.path) {
        for id in passed_by(base, &mutation.path).into_iter().filter(|id| !has_other(id, &mutation.path)) {
            let result = rule(&after, &id);
            if result.status != Status::NotReviewed {
                let _ = writeln!(told, "{head}: {id} stayed {:?} though it reads the member", result.status);
            }
        }
    }
    told
}
