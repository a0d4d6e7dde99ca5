//! Missing is never passing: whatever is taken from the sample, broken in it or put in its place, no
//! rule is let off by it.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops at the first thing that is not as it must be")]

mod common;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::LazyLock;

use common::snapshot::Snapshot;
use common::{DECIDED, ROWS, assess_files, in_parallel, lets_off, rule, statuses};
use mke_stig::assess::assessment::{Assessment, EvidenceStatus, IntegrityStatus, ReasonCode, Status};
use serde_json::{Value, json};

/// What may stand in the place of a member.
const INSTEAD: &[(&str, &[u8])] = &[
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
struct Mutation {
    what: String,
    path: String,
    snapshot: Snapshot,
    /// Whether a reader can tell that something is wrong with the member.
    told: bool,
}

/// Whether any rule, or what is known of the cluster, may read a member.
fn is_read(path: &str) -> bool {
    matches!(mke_stig::layout::place(path), mke_stig::layout::Placement::Fact(_))
}

/// A snapshot and what it gives: what is changed is measured by it.
struct Ground {
    snapshot: Snapshot,
    assessment: Assessment,
}

impl Ground {
    fn of(snapshot: Snapshot) -> Self {
        Self { assessment: assess_files(&snapshot.list()), snapshot }
    }

    /// A cluster on which every decided rule passes: each pass can be taken back.
    fn passing() -> &'static Self {
        static PASSING: LazyLock<Ground> = LazyLock::new(|| Ground::of(Snapshot::passing()));
        &PASSING
    }

    /// The sample, with its findings: none may turn into a pass.
    fn sample() -> &'static Self {
        static SAMPLE: LazyLock<Ground> = LazyLock::new(|| Ground::of(Snapshot::sample()));
        &SAMPLE
    }

    /// A mutation of each member by `change`, which gets the member's number and path; it says what
    /// it did and whether that can be told, or nothing where it does not change the member.
    fn each(
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
    fn holds(&self, mutations: &[Mutation]) {
        let mut told = in_parallel(mutations, |mutation| complaints(&self.assessment, mutation));
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
fn complaints(base: &Assessment, mutation: &Mutation) -> String {
    let after = assess_files(&mutation.snapshot.list());
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
    if mutation.told {
        for id in passed_by(base, &mutation.path) {
            let result = rule(&after, &id);
            if result.status != Status::NotReviewed {
                let _ = writeln!(told, "{head}: {id} stayed {:?} though it reads the member", result.status);
            }
        }
    }
    told
}

#[test]
fn the_sample_is_as_its_readme_says() {
    use Status::{NotAFinding, NotApplicable, NotReviewed, Open};
    let assessment = &Ground::sample().assessment;
    assert_eq!(assessment.rules.len(), ROWS);
    assert_eq!(assessment.snapshot.integrity.status, IntegrityStatus::Verified, "{:?}", assessment.snapshot.integrity);
    let wanted = [
        NotAFinding, Open, Open, NotAFinding, Open, NotApplicable, NotAFinding, NotReviewed, Open, Open, Open, Open,
    ];
    for (id, wanted) in DECIDED.iter().zip(wanted) {
        assert_eq!(rule(assessment, id).status, wanted, "{id}");
    }
}

#[test]
fn the_passing_cluster_passes() {
    let assessment = &Ground::passing().assessment;
    assert_eq!(assessment.snapshot.integrity.status, IntegrityStatus::Verified, "{:?}", assessment.snapshot.integrity);
    for id in DECIDED {
        let wanted = if id == "V-260920" { Status::NotApplicable } else { Status::NotAFinding };
        let result = rule(assessment, id);
        assert_eq!(result.status, wanted, "{id}: {:?}", result.reason);
    }
}

#[test]
fn a_member_that_is_gone() {
    let any = |_: &str| true;
    let passing = Ground::passing();
    let mut mutations = passing.each(any, |snapshot, path, _| {
        snapshot.members.remove(path);
        Some(("gone, still in the manifest".into(), true))
    });
    mutations.extend(passing.each(any, |snapshot, path, _| {
        snapshot.members.remove(path);
        snapshot.disown(path);
        Some(("gone, and from the manifest".into(), true))
    }));
    mutations.extend(passing.each(is_read, |snapshot, path, _| {
        snapshot.members.remove(path);
        snapshot.records.clear();
        Some(("gone, without any manifest".into(), true))
    }));
    mutations.extend(passing.each(any, |snapshot, path, _| {
        snapshot.disown(path);
        Some(("there, but not in the manifest".into(), true))
    }));
    passing.holds(&mutations);
    let sample = Ground::sample();
    sample.holds(&sample.each(is_read, |snapshot, path, _| {
        snapshot.members.remove(path);
        snapshot.disown(path);
        Some(("gone, and from the manifest".into(), true))
    }));
}

#[test]
fn a_member_that_is_something_else() {
    let passing = Ground::passing();
    let mut mutations = Vec::new();
    for (name, content) in INSTEAD {
        mutations.extend(passing.each(is_read, |snapshot, path, _| {
            snapshot.set(path, *content);
            // A daemon without settings of its own has `{}` as its file.
            let legal = path.ends_with("daemon.json") && *name == "empty object";
            Some((format!("{name}, as in the manifest"), !legal))
        }));
    }
    passing.holds(&mutations);
}

#[test]
fn a_member_that_is_something_else_than_the_manifest_says() {
    for ground in [Ground::passing(), Ground::sample()] {
        let mut mutations = ground.each(is_read, |snapshot, path, number| {
            let (name, content) = INSTEAD[number % INSTEAD.len()];
            snapshot.members.insert(path.to_owned(), content.to_vec());
            Some((format!("{name}, not as in the manifest"), true))
        });
        mutations.extend(ground.each(is_read, |snapshot, path, number| {
            let (name, content) = INSTEAD[(number + 5) % INSTEAD.len()];
            snapshot.records.clear();
            snapshot.members.insert(path.to_owned(), content.to_vec());
            Some((format!("{name}, without any manifest"), !path.ends_with("daemon.json")))
        }));
        ground.holds(&mutations);
    }
}

#[test]
fn a_member_that_nothing_reads_may_be_anything_but_is_told() {
    let passing = Ground::passing();
    let mutations = passing.each(
        |path| !is_read(path),
        |snapshot, path, _| {
            snapshot.members.insert(path.to_owned(), b"<html>".to_vec());
            Some(("an HTML page".into(), true))
        },
    );
    assert!(mutations.len() > 20);
    for mutation in mutations.iter().step_by(7) {
        let after = assess_files(&mutation.snapshot.list());
        assert_eq!(after.snapshot.integrity.status, IntegrityStatus::Broken, "{}", mutation.path);
        assert!(after.snapshot.integrity.problems.iter().any(|problem| problem.contains(&mutation.path)));
    }
    passing.holds(&mutations);
}

#[test]
fn a_member_of_another_kind_is_not_taken_for_the_kind() {
    let folder = |path: &str| path.rsplit_once('/').unwrap().0.to_owned();
    for ground in [Ground::passing(), Ground::sample()] {
        let mut mutations = Vec::new();
        let paths = ground.snapshot.paths();
        let read = |path: &&String| is_read(path) && path.ends_with(".json");
        for (number, path) in paths.iter().filter(read).enumerate() {
            let others = paths.iter().filter(|other| other.ends_with(".json") && *other != path && folder(other) == folder(path));
            let some = if path.ends_with("containers.json") || path.ends_with("pods.json") { 2 } else { 11 };
            for other in others.skip(number % some).step_by(some) {
                let mut snapshot = ground.snapshot.clone();
                let content = snapshot.members[other].clone();
                snapshot.set(path, content);
                // A file of settings may hold any, and an empty list may be one of anything.
                let told = !path.ends_with("daemon.json") && ground.snapshot.members[other].len() > 120;
                mutations.push(Mutation { what: format!("holds {other}"), path: path.clone(), snapshot, told });
            }
        }
        assert!(mutations.len() > 50);
        ground.holds(&mutations);
    }
}

#[test]
fn a_member_of_another_node_is_not_taken_for_the_nodes() {
    for ground in [Ground::passing(), Ground::sample()] {
        let nodes = ground.snapshot.nodes();
        let mut mutations = Vec::new();
        for node in &nodes {
            for other in nodes.iter().filter(|other| *other != node) {
                let mut snapshot = ground.snapshot.clone();
                let path = format!("nodes/{node}/docker/info.json");
                let content = snapshot.members[&format!("nodes/{other}/docker/info.json")].clone();
                snapshot.set(&path, content);
                mutations.push(Mutation { what: format!("is that of {other}"), path, snapshot, told: true });
            }
        }
        ground.holds(&mutations);
    }
}

#[test]
fn a_member_that_is_cut() {
    // A cut list of lines, or a cut file of keys, can end where it would end anyway.
    let told = |path: &str| !["images.json", ".toml", "os-release"].iter().any(|end| path.ends_with(end));
    let cut = |content: &[u8], tenth: usize| content[..content.len() * tenth / 10].to_vec();
    let passing = Ground::passing();
    let mut mutations = passing.each(is_read, |snapshot, path, number| {
        let tenth = [5, 1, 9][number % 3];
        let content = cut(&snapshot.members[path], tenth);
        snapshot.members.insert(path.to_owned(), content);
        Some((format!("cut at {tenth}/10, not as in the manifest"), true))
    });
    for tenth in [1, 5, 9] {
        mutations.extend(passing.each(is_read, |snapshot, path, _| {
            let content = cut(&snapshot.members[path], tenth);
            snapshot.set(path, content);
            Some((format!("cut at {tenth}/10, as in the manifest"), told(path)))
        }));
    }
    passing.holds(&mutations);
    let sample = Ground::sample();
    sample.holds(&sample.each(is_read, |snapshot, path, number| {
        let tenth = [9, 5, 1][number % 3];
        let content = cut(&snapshot.members[path], tenth);
        snapshot.set(path, content);
        Some((format!("cut at {tenth}/10, as in the manifest"), told(path)))
    }));
}

#[test]
fn a_configuration_that_is_cut_anywhere() {
    let path = "cluster/mke/config.toml";
    // Without MSR's own pods and settings only the configuration says that MSR is in use.
    let mut bare = Snapshot::sample();
    bare.members.remove("cluster/msr/settings.json");
    bare.change("cluster/kubectl/pods.json", |pods| {
        pods["items"].as_array_mut().unwrap().retain(|pod| pod["metadata"]["namespace"] != "msr");
    });
    for snapshot in [bare.without_manifest(), Snapshot::sample().without_manifest()] {
        let ground = Ground::of(snapshot);
        assert_eq!(rule(&ground.assessment, "V-260928").status, Status::NotReviewed);
        let whole = ground.snapshot.members[path].clone();
        let lines = whole.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1);
        let mutations: Vec<Mutation> = lines
            .step_by(2)
            .map(|at| {
                let mut snapshot = ground.snapshot.clone();
                snapshot.members.insert(path.to_owned(), whole[..at].to_vec());
                Mutation { what: format!("cut at byte {at}"), path: path.to_owned(), snapshot, told: false }
            })
            .collect();
        ground.holds(&mutations);
    }
}

#[test]
fn a_member_with_one_bit_changed() {
    let passing = Ground::passing();
    let mutations = passing.each(
        |_| true,
        |snapshot, path, _| {
            let content = snapshot.members.get_mut(path)?;
            let at = content.len() / 2;
            content[at] ^= 1;
            Some(("one bit flipped".into(), true))
        },
    );
    for mutation in mutations.iter().step_by(9) {
        let after = assess_files(&mutation.snapshot.list());
        assert_eq!(after.snapshot.integrity.status, IntegrityStatus::Broken, "{}", mutation.path);
        let problems = &after.snapshot.integrity.problems;
        assert!(problems.iter().any(|problem| problem.contains(&mutation.path) && problem.contains("SHA-256")));
    }
    passing.holds(&mutations);
}

#[test]
fn an_entry_that_admits_a_failure() {
    let statuses = ["failed", "forbidden", "timed_out", "skipped", "truncated"];
    for ground in [Ground::passing(), Ground::sample()] {
        let mut mutations = ground.each(is_read, |snapshot, path, number| {
            let status = statuses[number % 5];
            let record = snapshot.records.iter_mut().find(|record| record["path"] == path)?;
            record["status"] = status.into();
            Some((format!("the manifest says {status}, with the member there"), true))
        });
        mutations.extend(ground.each(is_read, |snapshot, path, number| {
            let status = statuses[number % 4];
            snapshot.members.remove(path);
            let record = snapshot.records.iter_mut().find(|record| record["path"] == path)?;
            record["status"] = status.into();
            record["bytes"] = 0.into();
            record["sha256"] = Value::Null;
            snapshot.count();
            Some((format!("the manifest says {status}, and it is gone"), true))
        }));
        ground.holds(&mutations);
    }
}

#[test]
fn two_members_that_are_gone() {
    let ground = Ground::passing();
    let names = ["nodes.json", "info.json", "version.json", "config.toml", "pods.json", "services.json", "settings.json"];
    let key: Vec<String> = ground
        .snapshot
        .paths()
        .into_iter()
        .filter(|path| is_read(path) && path.starts_with("cluster/") && names.iter().any(|name| path.ends_with(name)))
        .collect();
    let mut mutations = Vec::new();
    for (number, one) in key.iter().enumerate() {
        for two in &key[number + 1..] {
            let mut snapshot = ground.snapshot.clone().without_manifest();
            snapshot.members.remove(one);
            snapshot.members.remove(two);
            mutations.push(Mutation { what: format!("gone with {two}"), path: one.clone(), snapshot, told: true });
        }
    }
    ground.holds(&mutations);
}

#[test]
fn a_node_that_is_gone_altogether() {
    let ground = Ground::passing();
    let mut mutations = Vec::new();
    let lists = ["cluster/docker/nodes.json", "cluster/kubectl/nodes.json"];
    for node in ground.snapshot.nodes() {
        let path = format!("nodes/{node}/docker/info.json");
        let mut add = |what: &str, snapshot| {
            mutations.push(Mutation { what: what.into(), path: path.clone(), snapshot, told: true });
        };
        let other = |path: &str| !path.starts_with(&format!("nodes/{node}/"));
        add("gone", ground.snapshot.part(other));
        add("gone, without a manifest", ground.snapshot.part(other).without_manifest());
        // With both lists of nodes gone too, the managers still count the swarm's nodes.
        let unlisted = ground.snapshot.part(|path| other(path) && !lists.contains(&path));
        add("gone, and the lists of nodes", unlisted.without_manifest());
    }
    ground.holds(&mutations);
}

#[test]
fn a_listed_node_without_data_makes_passes_partial() {
    let lists: [(&str, fn(&mut Value)); 2] = [
        ("cluster/docker/nodes.json", |list| {
            let mut node = list[0].clone();
            node["ID"] = "another".into();
            node["Description"]["Hostname"] = "wrk-9".into();
            node["Spec"]["Role"] = "worker".into();
            list.as_array_mut().unwrap().push(node);
        }),
        ("cluster/kubectl/nodes.json", |list| {
            let mut node = list["items"][0].clone();
            node["metadata"]["name"] = "wrk-9".into();
            list["items"].as_array_mut().unwrap().push(node);
        }),
    ];
    let Ground { snapshot, assessment: before } = Ground::passing();
    for (path, add) in lists {
        let mut snapshot = snapshot.clone();
        snapshot.change(path, add);
        let after = assess_files(&snapshot.list());
        assert_eq!(after.snapshot.nodes.len(), before.snapshot.nodes.len() + 1, "{path}");
        let mut partial = 0;
        for result in &before.rules {
            let now = rule(&after, &result.id);
            if per_node(&result.id) && result.status == Status::NotAFinding {
                assert_eq!(now.status, Status::NotReviewed, "{path}: {}", result.id);
                assert_eq!(now.reason.as_ref().unwrap().code, ReasonCode::Partial, "{path}: {}", result.id);
                partial += 1;
            } else if per_node(&result.id) {
                assert!(!lets_off(now.status) || now.status == result.status, "{path}: {}", result.id);
            } else {
                assert_eq!(now.status, result.status, "{path}: {}", result.id);
            }
        }
        assert!(partial >= 6, "{partial} rules became partial");
    }
}

/// Whether a rule looks at what every node delivers.
fn per_node(id: &str) -> bool {
    let rules = &common::packs()[0].rules;
    rules.iter().any(|rule| rule.id == id && rule.kinds().iter().any(|kind| kind.per_node()))
}

#[test]
fn members_and_entries_that_do_not_fit_are_told() {
    let mut snapshot = Snapshot::sample();
    snapshot.disown("cluster/kubectl/pods.json");
    snapshot.members.remove("cluster/kubectl/roles.json");
    snapshot.members.insert("cluster/docker/extra.json".into(), b"[]".to_vec());
    let after = assess_files(&snapshot.list());
    assert_eq!(after.snapshot.integrity.status, IntegrityStatus::Broken);
    let problems = after.snapshot.integrity.problems.join("\n");
    assert!(problems.contains("cluster/kubectl/pods.json: the manifest does not name it"), "{problems}");
    assert!(problems.contains("cluster/docker/extra.json: the manifest does not name it"), "{problems}");
    assert!(problems.contains("cluster/kubectl/roles.json: the manifest names it, but it is not there"), "{problems}");
}

#[test]
fn a_manifest_that_is_not_whole_lets_nothing_pass() {
    let sample = Snapshot::sample();
    let with = |change: &dyn Fn(&mut Snapshot)| {
        let mut snapshot = sample.clone();
        change(&mut snapshot);
        snapshot
    };
    let base = &Ground::sample().assessment;
    let changed: Vec<(&str, Snapshot)> = vec![
        ("no footer", with(&|snapshot| drop(snapshot.records.pop()))),
        ("a footer that counts more", with(&|snapshot| snapshot.records.last_mut().unwrap()["items"] = 9999.into())),
        ("an interrupted collection", with(&|snapshot| snapshot.records.last_mut().unwrap()["complete"] = false.into())),
        ("no header", with(&|snapshot| drop(snapshot.records.remove(0)))),
        ("another format", with(&|snapshot| snapshot.records[0]["format"] = 2.into())),
        ("a line that is no record", with(&|snapshot| snapshot.records.insert(3, json!("what")))),
        ("a line after the footer", with(&|snapshot| snapshot.records.push(json!({"record": "item", "path": "x", "status": "collected"})))),
        ("an unknown status", with(&|snapshot| snapshot.records[5]["status"] = "fine".into())),
        ("a path twice", with(&|snapshot| {
            let again = snapshot.records[5].clone();
            snapshot.records.insert(6, again);
            snapshot.count();
        })),
    ];
    for (what, snapshot) in changed {
        let after = assess_files(&snapshot.list());
        assert_eq!(after.rules.len(), ROWS, "{what}");
        assert_eq!(after.snapshot.integrity.status, IntegrityStatus::Broken, "{what}");
        for result in &after.rules {
            let before = rule(base, &result.id).status;
            // That no node is one of the rule's can be proven though files may be lacking: the swarm
            // counts its nodes, and each of them says its system.
            let proven = result.status == Status::NotApplicable && before == Status::NotApplicable;
            assert!(!lets_off(result.status) || proven, "{what}: {} is {:?}", result.id, result.status);
        }
    }
}

#[test]
fn no_snapshot_part_alone_passes_what_it_cannot_know() {
    let Ground { snapshot: sample, assessment: base } = Ground::passing();
    let mut parts: Vec<(String, Snapshot)> = vec![("cluster".into(), sample.part(|path| path.starts_with("cluster/")))];
    for node in sample.nodes() {
        parts.push((node.clone(), sample.part(|path| path.starts_with(&format!("nodes/{node}/")))));
    }
    for (name, part) in parts {
        for snapshot in [part.clone(), part.without_manifest()] {
            let after = assess_files(&snapshot.list());
            for result in &after.rules {
                let before = rule(base, &result.id).status;
                if lets_off(result.status) {
                    assert_eq!(result.status, before, "{name}: {}", result.id);
                    assert!(!per_node(&result.id) || before == Status::NotApplicable, "{name}: {} passes", result.id);
                }
            }
        }
    }
}

#[test]
fn what_is_open_in_a_trusted_part_stays_open() {
    // A list that is cut behind a finding still shows the finding.
    let mut snapshot = Snapshot::sample().without_manifest();
    let path = "nodes/wrk-2/docker/containers.json";
    let content = snapshot.members.get_mut(path).unwrap();
    content.truncate(content.len() - 3);
    let after = assess_files(&snapshot.list());
    assert_eq!(rule(&after, "V-260930").status, Status::Open);
    let open = rule(&after, "V-260930");
    assert!(open.evidence.iter().any(|line| line.status == EvidenceStatus::Fails && line.member.ends_with(path)));
    assert!(open.comment.contains("not all could be looked at"), "{}", open.comment);
}
