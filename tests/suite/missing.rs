//! Missing is never passing: whatever is taken from a member, broken in it or put in its place, no
//! rule is let off by it.

use crate::common::mutation::{Ground, INSTEAD, Mutation, is_json, is_judged, is_read, turn};
use crate::common::snapshot::Snapshot;
use crate::common::{DECIDED, ROWS, assess_files, rule};
use mke_stig::model::assessment::{IntegrityStatus, Status};
use mke_stig::ssp::Ssp;

#[test]
fn the_sample_is_as_its_readme_says() {
    use Status::{NotAFinding, NotApplicable, NotReviewed, Open};
    let assessment = &Ground::sample().assessment;
    assert_eq!(assessment.rules.len(), ROWS);
    assert_eq!(assessment.snapshot.integrity.status, IntegrityStatus::Verified, "{:?}", assessment.snapshot.integrity);
    let wanted =
        [NotAFinding, Open, Open, NotAFinding, Open, NotApplicable, NotAFinding, NotReviewed, Open, Open, Open, Open];
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
    let open: Vec<&str> =
        assessment.rules.iter().filter(|rule| rule.status == Status::Open).map(|rule| rule.id.as_str()).collect();
    assert_eq!(open, [""; 0], "what is open cannot be taken back");
    let passes = assessment.rules.iter().filter(|rule| rule.status == Status::NotAFinding).count();
    assert!(passes >= 28, "{passes} rules pass");
}

#[test]
fn a_member_that_is_gone() {
    let passing = Ground::passing();
    let mut mutations = Vec::new();
    for way in 0..4 {
        mutations.extend(passing.each(
            |_| true,
            |snapshot, path, number| {
                if !turn(path, number, way, 4) {
                    return None;
                }
                if way > 0 {
                    snapshot.disown(path);
                }
                if way < 3 {
                    snapshot.members.remove(path);
                }
                if way == 2 {
                    snapshot.records.clear();
                }
                let ways = [
                    "gone, still in the manifest",
                    "gone, and from the manifest",
                    "gone, without any manifest",
                    "there, but not in the manifest",
                ];
                Some((ways[way].to_owned(), true))
            },
        ));
    }
    passing.holds(&mutations);
    let sample = Ground::sample();
    sample.holds(&sample.each(is_judged, |snapshot, path, _| {
        snapshot.members.remove(path);
        snapshot.disown(path);
        Some(("gone, and from the manifest".into(), true))
    }));
}

#[test]
fn a_member_that_is_something_else() {
    let passing = Ground::passing();
    let mut mutations = Vec::new();
    for (number_of, (name, content)) in INSTEAD.iter().enumerate() {
        mutations.extend(passing.each(is_read, |snapshot, path, number| {
            // Where no rule looks yet, one of the contents will do.
            if !turn(path, number, number_of, INSTEAD.len()) {
                return None;
            }
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
    assert!(!mutations.is_empty());
    for mutation in mutations.iter().step_by(3) {
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
        let read = |path: &&String| is_read(path) && is_json(path);
        for (number, path) in paths.iter().filter(read).enumerate() {
            let others = paths.iter().filter(|other| is_json(other) && *other != path && folder(other) == folder(path));
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
    let told = |path: &str, content: &[u8]| {
        let open_ended = ["images.json", ".toml", "os-release"].iter().any(|end| path.ends_with(end));
        !open_ended && (is_json(path) || !content.ends_with(b"\n"))
    };
    let cut = |content: &[u8], tenth: usize| content[..content.len() * tenth / 10].to_vec();
    let passing = Ground::passing();
    let mut mutations = passing.each(is_read, |snapshot, path, number| {
        let tenth = [5, 1, 9][number % 3];
        let content = cut(&snapshot.members[path], tenth);
        snapshot.members.insert(path.to_owned(), content);
        Some((format!("cut at {tenth}/10, not as in the manifest"), true))
    });
    for (number_of, tenth) in [1, 5, 9].into_iter().enumerate() {
        mutations.extend(passing.each(is_read, |snapshot, path, number| {
            if !turn(path, number, number_of, 3) {
                return None;
            }
            let content = cut(&snapshot.members[path], tenth);
            let told = told(path, &content);
            snapshot.set(path, content);
            Some((format!("cut at {tenth}/10, as in the manifest"), told))
        }));
    }
    passing.holds(&mutations);
    let sample = Ground::sample();
    sample.holds(&sample.each(is_judged, |snapshot, path, number| {
        let tenth = [9, 5, 1][number % 3];
        let content = cut(&snapshot.members[path], tenth);
        let told = told(path, &content);
        snapshot.set(path, content);
        Some((format!("cut at {tenth}/10, as in the manifest"), told))
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
        let ground = Ground::of(snapshot, Ssp::default());
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
