//! Data that looks like what is asked for and tells less: a configuration that ends early, an engine
//! that was not reached, objects without the part that says how they are set up.

use crate::common::snapshot::Snapshot;
use crate::common::{assess_files, lets_off, rule, statuses};
use mke_stig::model::assessment::{Assessment, Status};
use serde_json::{Value, json};

const CONFIG: &str = "cluster/mke/config.toml";

fn passing() -> Snapshot {
    Snapshot::passing().without_manifest()
}

fn assess(snapshot: &Snapshot) -> Assessment {
    assess_files(&snapshot.list())
}

/// Rules that went to anything but Not Reviewed.
fn changed(before: &Assessment, after: &Assessment) -> Vec<String> {
    let now = statuses(after);
    let told = |(id, before): (String, Status)| {
        let now = now[&id];
        (now != before && now != Status::NotReviewed).then(|| format!("{id}: {before:?} became {now:?}"))
    };
    statuses(before).into_iter().filter_map(told).collect()
}

#[test]
fn a_configuration_that_ends_early_decides_nothing_by_what_it_lacks() {
    let whole = passing();
    let before = assess(&whole);
    let text = String::from_utf8(whole.members[CONFIG].clone()).unwrap();
    let starts: Vec<usize> = text.match_indices("\n[").map(|(at, _)| at + 1).collect();
    assert!(starts.len() >= 4, "{text}");
    for end in starts {
        let mut cut = whole.clone();
        cut.set(CONFIG, &text[..end]);
        let after = assess(&cut);
        assert_eq!(changed(&before, &after), [""; 0], "cut before {}", text[end..].lines().next().unwrap());
        let reason = rule(&after, "V-260935").reason.as_ref().expect("it reads the last table");
        assert!(reason.text.contains("which every whole one has"), "{}", reason.text);
    }
}

#[test]
fn a_configuration_of_comments_alone_is_no_whole_one() {
    let mut cut = passing();
    cut.set(CONFIG, "# [auth]\n# saved later\n");
    let after = assess(&cut);
    for id in ["V-260903", "V-260914", "V-260917", "V-260918", "V-260935"] {
        assert_eq!(rule(&after, id).status, Status::NotReviewed, "{id}");
    }
}

#[test]
fn an_engine_that_was_not_reached_tells_only_its_error() {
    let mut snapshot = passing();
    let before = assess(&snapshot);
    snapshot.change("nodes/wrk-1/docker/info.json", |info| {
        for (key, value) in info.as_object_mut().unwrap() {
            match value {
                Value::String(text) if key != "Name" => text.clear(),
                Value::Number(_) => *value = json!(0),
                _ => {}
            }
        }
        info["ServerErrors"] = json!(["Cannot connect to the Docker daemon at unix:///var/run/docker.sock."]);
    });
    let after = assess(&snapshot);
    assert_eq!(changed(&before, &after), [""; 0]);
    let reason = rule(&after, "V-260926").reason.as_ref().expect("it reads the driver");
    assert!(reason.text.contains("Cannot connect"), "{}", reason.text);
}

#[test]
fn an_object_without_its_settings_is_not_clean() {
    let cases: [(&str, &str, Value, &[&str]); 5] = [
        ("nodes/wrk-1/docker/containers.json", "/0/HostConfig", Value::Null, &["V-260930", "V-260934", "V-260940"]),
        ("cluster/kubectl/pods.json", "/items/0/spec", Value::Null, &["V-260913"]),
        ("cluster/kubectl/pods.json", "/items/0/spec/containers", json!([]), &["V-260913"]),
        ("cluster/docker/services.json", "/0/Spec/TaskTemplate", Value::Null, &["V-260929"]),
        ("cluster/docker/networks.json", "/0/IPAM", Value::Null, &["V-260931"]),
    ];
    let whole = passing();
    let before = assess(&whole);
    for (path, pointer, value, ids) in cases {
        let mut snapshot = whole.clone();
        snapshot.change(path, |json| *json.pointer_mut(pointer).expect(pointer) = value);
        let after = assess(&snapshot);
        assert_eq!(changed(&before, &after), [""; 0], "{path}");
        for id in ids {
            assert!(!lets_off(rule(&after, id).status), "{path}: {id} passes");
        }
    }
}

#[test]
fn what_a_desktop_leaves_beside_files_changes_nothing() {
    let mut files = Snapshot::passing().list();
    let before = assess_files(&files);
    for path in [".DS_Store", "cluster/kubectl/._pods.json", "__MACOSX/cluster/kubectl/pods.json"] {
        files.push((path.to_owned(), b"\0\x05\x16\x07".to_vec()));
    }
    let after = assess_files(&files);
    assert_eq!(after.snapshot.integrity.status, before.snapshot.integrity.status);
    assert_eq!(statuses(&after), statuses(&before));
}

#[test]
fn a_file_that_is_not_read_is_named_with_its_reason() {
    let mut files = passing().list();
    files.push(("all.tar.bz2".to_owned(), b"BZh91AY&SY".to_vec()));
    files.push(("notes from the visit".to_owned(), b"hello".to_vec()));
    let warnings = assess_files(&files).snapshot.warnings.join("\n");
    assert!(warnings.contains("all.tar.bz2") && warnings.contains("bzip2"), "{warnings}");
    assert!(warnings.contains("notes from the visit"), "{warnings}");
}

#[test]
fn an_engine_without_an_id_was_not_reached() {
    let whole = passing();
    let before = assess(&whole);
    for id in [json!(""), json!(" "), Value::Null] {
        let mut snapshot = whole.clone();
        snapshot.change("nodes/wrk-1/docker/info.json", |info| info["ID"] = id);
        let after = assess(&snapshot);
        assert_eq!(changed(&before, &after), [""; 0]);
        let reason = rule(&after, "V-260926").reason.as_ref().expect("it reads the driver");
        assert!(reason.text.contains("`ID` is empty"), "{}", reason.text);
    }
}

#[test]
fn an_empty_list_is_no_answer_where_one_object_is_asked_for() {
    let whole = passing();
    let before = assess(&whole);
    for (member, rules) in [
        ("docker/info.json", &["V-260908", "V-260921", "V-260926", "V-260937"][..]),
        ("cluster/mke/ldap.json", &["V-260909"]),
    ] {
        let paths: Vec<String> = whole.paths().into_iter().filter(|path| path.ends_with(member)).collect();
        assert!(!paths.is_empty(), "{member}");
        for text in ["[]", " [ ]\n", "[] []", "{}", "[{}]", "[null]", "null"] {
            let mut empty = whole.clone();
            for path in &paths {
                empty.set(path, text);
            }
            let after = assess(&empty);
            assert_eq!(changed(&before, &after), [""; 0], "{member} is {text}");
            for id in rules {
                let now = rule(&after, id).status;
                assert_ne!(now, Status::NotAFinding, "{member} is {text}: {id}");
            }
        }
    }
}
