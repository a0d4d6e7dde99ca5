//! Missing is never passing: what a manifest admits, what a list of nodes promises, and what is not
//! there as a whole.

use crate::common::mutation::{Ground, Mutation, is_read, is_spare};
use crate::common::snapshot::{Files, Snapshot, ssp};
use crate::common::{ROWS, assess_files, lets_off, rule, statuses};
use mke_stig::facts::Source;
use mke_stig::model::assessment::{EvidenceStatus, IntegrityStatus, ReasonCode, Status};
use serde_json::{Value, json};

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
fn a_spare_member_may_be_missing_but_not_forged() {
    let ground = Ground::passing();
    let of_nodes = |path: &String| path.starts_with("nodes/") && is_spare(path);
    let spare: Vec<String> = ground.snapshot.paths().into_iter().filter(of_nodes).collect();
    assert_eq!(spare.len(), ground.snapshot.nodes().len(), "{spare:?}");
    let reads = ["V-260931"];
    for path in &spare {
        let gone = ground.snapshot.part(|other| other != path);
        let mut forged = ground.snapshot.clone();
        forged.members.get_mut(path).unwrap().push(b' ');
        let mut lost = ground.snapshot.clone();
        lost.members.remove(path);
        let mut unclaimed = ground.snapshot.clone();
        unclaimed.disown(path);
        for (what, snapshot, wanted) in [
            ("gone", gone, Status::NotAFinding),
            ("forged", forged, Status::NotReviewed),
            ("lost", lost, Status::NotReviewed),
            ("unclaimed", unclaimed, Status::NotReviewed),
        ] {
            let after = ground.assess(&snapshot);
            for id in reads {
                assert_eq!(rule(&after, id).status, wanted, "{path} {what}: {id}");
            }
        }
    }
}

#[test]
fn two_members_that_are_gone() {
    let ground = Ground::passing();
    let names =
        ["nodes.json", "info.json", "version.json", "config.toml", "pods.json", "services.json", "settings.json"];
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
    type AddNode = fn(&mut Value);
    let lists: [(&str, AddNode); 2] = [
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
    let ground = Ground::passing();
    let before = &ground.assessment;
    for (path, add) in lists {
        let mut snapshot = ground.snapshot.clone();
        snapshot.change(path, add);
        let after = ground.assess(&snapshot);
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
    let rules = &crate::common::packs()[0].rules;
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
fn a_second_manifest_vouches_for_nothing_that_the_first_denies() {
    let ground = Ground::passing();
    let mut changed = ground.snapshot.clone();
    let mut beside = Files::new();
    for node in changed.nodes() {
        let path = format!("nodes/{node}/docker/containers.json");
        changed.members.get_mut(&path).unwrap().push(b'\n');
        let mut second = Snapshot { members: Files::new(), records: changed.records.clone() };
        second.records.retain(|record| record["record"] != "item");
        second.members.insert("containers.json".to_owned(), changed.members[&path].clone());
        second.claim("containers.json");
        beside.insert(format!("nodes/{node}/docker/manifest.jsonl"), second.files().remove("manifest.jsonl").unwrap());
    }
    let denied = ground.assess(&changed);
    changed.members.extend(beside);
    let after = ground.assess(&changed);
    for result in &after.rules {
        let before = rule(&denied, &result.id).status;
        assert!(!lets_off(result.status) || result.status == before, "{}: {before:?}, {:?}", result.id, result.status);
    }
    assert_eq!(after.snapshot.integrity.status, IntegrityStatus::Broken);
}

#[test]
fn a_snapshot_in_a_folder_of_archives_is_judged_by_its_own_manifest() {
    let ground = Ground::passing();
    let with = |snapshot: &Snapshot| {
        let archive = crate::common::archives::tar(&snapshot.files(), "snap/");
        let files = vec![("a.tar".to_owned(), archive)];
        crate::common::assess_with(&[Source::Files { name: "in".to_owned(), files }], ssp())
    };
    let whole = with(&ground.snapshot);
    assert_eq!(whole.snapshot.integrity.problems, [""; 0]);
    assert_eq!(statuses(&whole), statuses(&ground.assessment));
    let mut changed = ground.snapshot.clone();
    for node in changed.nodes() {
        changed.members.get_mut(&format!("nodes/{node}/docker/containers.json")).unwrap().push(b'\n');
    }
    let denied = with(&changed);
    assert_eq!(denied.snapshot.integrity.status, IntegrityStatus::Broken);
    let lost = denied.rules.iter().filter(|result| rule(&whole, &result.id).status != result.status).count();
    assert!(lost >= 5, "{lost}");
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
        (
            "an interrupted collection",
            with(&|snapshot| snapshot.records.last_mut().unwrap()["complete"] = false.into()),
        ),
        ("no header", with(&|snapshot| drop(snapshot.records.remove(0)))),
        ("another format", with(&|snapshot| snapshot.records[0]["format"] = 99.into())),
        ("a line that is no record", with(&|snapshot| snapshot.records.insert(3, json!("what")))),
        (
            "a line after the footer",
            with(&|snapshot| snapshot.records.push(json!({"record": "item", "path": "x", "status": "collected"}))),
        ),
        ("an unknown status", with(&|snapshot| snapshot.records[5]["status"] = "fine".into())),
        (
            "a path twice",
            with(&|snapshot| {
                let again = snapshot.records[5].clone();
                snapshot.records.insert(6, again);
                snapshot.count();
            }),
        ),
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
    let ground = Ground::passing();
    let (sample, base) = (&ground.snapshot, &ground.assessment);
    let mut parts: Vec<(String, Snapshot)> = vec![("cluster".into(), sample.part(|path| path.starts_with("cluster/")))];
    for node in sample.nodes() {
        parts.push((node.clone(), sample.part(|path| path.starts_with(&format!("nodes/{node}/")))));
    }
    for (name, part) in parts {
        for snapshot in [part.clone(), part.without_manifest()] {
            let after = ground.assess(&snapshot);
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
    assert!(open.comment.contains("some evidence is missing"), "{}", open.comment);
}
