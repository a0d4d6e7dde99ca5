//! Files as people save them: archives with links, names from Windows, files of a folder one by one.

use std::path::{Path, PathBuf};

use crate::common::lab::Lab;
use crate::common::{assess_files, assess_sources, rule, statuses};
use crate::whole_lists::{Files, container, info, lines, node, site, with};
use mke_stig::facts::Source;
use mke_stig::model::assessment::{Assessment, Status};
use serde_json::{Value, json};

/// A rule that passes on every node of the site.
const PASSES: &str = "V-260940";

fn assess(path: &Path) -> Assessment {
    assess_sources(&[Source::Path(path.to_owned())])
}

/// The site as a tar, with links: their paths and where they lead.
fn tar_with_links(files: &Files, links: &[(&str, &str)]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (path, to) in links {
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(tar::EntryType::Symlink);
        header.set_size(0);
        builder.append_link(&mut header, path, to).unwrap();
    }
    for (path, content) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        builder.append_data(&mut header, path, content.as_slice()).unwrap();
    }
    builder.into_inner().unwrap()
}

#[test]
fn links_in_an_archive_are_told_and_hide_nothing() {
    let plain = assess_files(&site());
    assert_eq!(rule(&plain, PASSES).status, Status::NotAFinding);
    let lab = Lab::new();
    let with = |links: &[(&str, &str)]| assess(&lab.put("site.tar", &tar_with_links(&site(), links)));

    let harmless = with(&[("w1/latest.json", "containers.json"), ("app/c.log", "/var/log/c.log")]);
    assert_eq!(statuses(&harmless), statuses(&plain));
    let warnings = harmless.snapshot.warnings.join(" ");
    assert!(warnings.contains("site.tar!w1/latest.json") && warnings.contains("a symbolic link"), "{warnings}");

    for link in ["w1/more.json", "w1/more"] {
        let after = with(&[(link, "/srv/more.json")]);
        let result = rule(&after, PASSES);
        assert_eq!(result.status, Status::NotReviewed, "{link}");
        let why = &result.reason.as_ref().unwrap().text;
        assert!(why.contains(link) && why.contains("a symbolic link"), "{why}");
    }
    // What lies in another folder is of another node.
    assert_eq!(rule(&with(&[("w2/more.json", "/srv/more.json")]), PASSES).status, Status::NotAFinding);
}

#[test]
fn links_in_an_archive_in_an_archive_are_told_too() {
    let lab = Lab::new();
    let inner = tar_with_links(&site(), &[("w1/more.json", "/srv/more.json")]);
    let outer = tar_with_links(&vec![("inner.tar".to_owned(), inner)], &[]);
    let after = assess(&lab.put("outer.tar", &outer));
    assert_eq!(rule(&after, PASSES).status, Status::NotReviewed);
    let warnings = after.snapshot.warnings.join(" ");
    assert!(warnings.contains("outer.tar!inner.tar!w1/more.json"), "{warnings}");
}

fn names(assessment: &Assessment) -> Vec<&str> {
    assessment.snapshot.nodes.iter().map(|node| node.name.as_str()).collect()
}

fn kube_nodes(nodes: &[(&str, &str)]) -> (String, Vec<u8>) {
    let items: Vec<Value> = nodes
        .iter()
        .map(|(name, address)| {
            json!({ "apiVersion": "v1", "kind": "Node", "metadata": { "name": name, "labels": {} },
                "status": { "addresses": [{ "type": "InternalIP", "address": address }], "nodeInfo": {} } })
        })
        .collect();
    ("k-nodes.json".into(), json!({ "apiVersion": "v1", "kind": "List", "items": items }).to_string().into())
}

/// The site with other entries in the swarm's list, each with a name, an id, a state and an address.
fn with_entries(entries: &[(&str, &str, &str, &str)]) -> Files {
    let listed: Vec<Value> = entries
        .iter()
        .map(|(name, id, state, address)| {
            let mut entry = node(name, if *name == "m1" { "manager" } else { "worker" });
            entry["ID"] = json!(id);
            entry["Status"] = json!({ "State": state, "Addr": address });
            entry
        })
        .collect();
    let mut files = with("nodes.json", lines(&[Value::from(listed)]));
    let manager = files.iter_mut().find(|(path, _)| path == "m1/info.json").unwrap();
    let mut info: Value = serde_json::from_slice(&manager.1).unwrap();
    info["Swarm"]["Nodes"] = json!(entries.len());
    manager.1 = info.to_string().into_bytes();
    files
}

const M1: (&str, &str, &str, &str) = ("m1", "n-m1", "ready", "10.9.0.1");
const W1: (&str, &str, &str, &str) = ("w1", "n-w1", "ready", "10.9.0.2");

#[test]
fn a_node_that_joined_again_is_one_and_two_of_one_name_are_not() {
    let after = assess_files(&with_entries(&[M1, W1, ("w1", "n-old", "down", "10.9.0.9")]));
    assert_eq!((names(&after), rule(&after, PASSES).status), (vec!["m1", "w1"], Status::NotAFinding));
    let warnings = after.snapshot.warnings.join(" ");
    assert!(warnings.contains("docker node rm n-old"), "{warnings}");

    for (entries, words) in [
        // Both are up: what was collected of one says nothing of the other.
        (vec![M1, W1, ("w1", "n-two", "ready", "10.9.0.9")], "2 nodes that are called w1"),
        (vec![M1, W1, ("w1", "n-two", "unknown", "10.9.0.9")], "2 nodes that are called w1"),
        // What was collected is of the entry that is gone.
        (vec![M1, ("w1", "n-w1", "down", "10.9.0.2"), ("w1", "n-new", "ready", "10.9.0.2")], "collect it again"),
        (vec![M1, ("w1", "n-w1", "down", "10.9.0.2"), ("w1", "n-two", "down", "10.9.0.9")], "2 nodes that are called"),
    ] {
        let after = assess_files(&with_entries(&entries));
        let result = rule(&after, PASSES);
        assert_eq!(result.status, Status::NotReviewed, "{words}");
        assert!(result.reason.as_ref().unwrap().text.contains(words), "{:?}", result.reason);
    }
}

#[test]
fn names_of_one_host_are_one_node_and_names_of_two_are_two() {
    let passes = |files: Files, kube: &[(&str, &str)]| {
        let after = assess_files(&[files, vec![kube_nodes(kube)]].concat());
        let names = names(&after).join(" ");
        let unsure = after.snapshot.warnings.iter().any(|warning| warning.contains("not all nodes"));
        let whole = !unsure && after.snapshot.nodes.iter().all(|node| node.kinds["docker.container"] == "read");
        (names, whole, after.snapshot.warnings.join(" "))
    };
    let site = || with_entries(&[M1, W1]);
    for kube in [
        [("m1", "10.9.0.1"), ("W1", "10.9.0.2")],
        [("M1", "10.9.0.1"), ("w1.example.mil", "10.9.0.2")],
        [("m1.example.mil", "10.9.0.1"), ("w1.example.mil", "10.9.0.2")],
    ] {
        let (names, passes, warnings) = passes(site(), &kube);
        assert_eq!((names.as_str(), passes), ("m1 w1", true), "{kube:?}");
        let by_domain = kube.iter().any(|(name, _)| name.contains('.'));
        assert_eq!(warnings.contains("are taken for one node"), by_domain, "{warnings}");
    }
    // Another address, or two with that short name: they are others, and delivered nothing.
    for (kube, all) in [
        (vec![("m1", "10.9.0.1"), ("w1.b", "10.9.0.7")], "m1 w1 w1.b"),
        (vec![("w1.a", "10.9.0.2"), ("w1.b", "10.9.0.2")], "m1 w1 w1.a w1.b"),
    ] {
        let (names, passes, _) = passes(site(), &kube);
        assert_eq!((names.as_str(), passes), (all, false));
    }
    // Two hosts of the swarm whose names differ in case alone are two.
    let (names, passes, _) = passes(with_entries(&[M1, W1, ("W1", "n-two", "ready", "10.9.0.7")]), &[]);
    assert_eq!((names.as_str(), passes), ("W1 m1 w1", false));
}

#[test]
fn a_good_view_of_one_host_never_stands_for_another() {
    // Two folders of a snapshot under one short name, as an attacker may call them: the bad one stays seen.
    for (own, other) in [("w1", "w1.b"), ("w1.a", "w1.b")] {
        let mut files: Files = Vec::new();
        for (path, content) in with_entries(&[M1, W1]) {
            let path = path.replace("m1/", "nodes/m1/docker/").replace("w1/", &format!("nodes/{own}/docker/"));
            let path = path.replace("nodes.json", "cluster/docker/nodes.json");
            files.push((path, content));
        }
        let mut bad = container(4, "/bad");
        bad["HostConfig"]["Privileged"] = json!(true);
        files.push((format!("nodes/{other}/docker/containers.json"), lines(&[bad])));
        files.push((format!("nodes/{other}/docker/info.json"), lines(&[info("w1", 1, false)])));
        let after = assess_files(&files);
        assert_eq!(rule(&after, PASSES).status, Status::Open, "{own} {other}: {:?}", names(&after));
        assert!(names(&after).contains(&other), "{:?}", names(&after));
    }
}

#[test]
fn a_folder_by_the_full_name_is_the_node_of_its_engine() {
    let files: Files = with_entries(&[M1, W1])
        .into_iter()
        .map(|(path, content)| {
            let path = path.replace("m1/", "nodes/m1/docker/").replace("w1/", "nodes/W1.example.mil/docker/");
            (path.replace("nodes.json", "cluster/docker/nodes.json"), content)
        })
        .collect();
    let after = assess_files(&files);
    assert_eq!((names(&after), rule(&after, PASSES).status), (vec!["m1", "w1"], Status::NotAFinding));
    assert!(after.snapshot.warnings.join(" ").contains("W1.example.mil and w1 are taken for one node"));
}

/// The site with a file for each container of w1, in a folder that is called as one of a dump.
fn inspected() -> Files {
    let mut files = site();
    files.retain(|(path, _)| path != "w1/containers.json");
    files.push(("w1/inspect/b.txt".into(), lines(&[json!([container(2, "/b")])])));
    files.push(("w1/inspect/ucp-proxy.txt".into(), lines(&[json!([container(3, "/c")])])));
    files
}

#[test]
fn a_folder_called_inspect_is_no_dump() {
    let after = assess_files(&inspected());
    assert_eq!(statuses(&after), statuses(&assess_files(&site())));
    assert!(!after.snapshot.warnings.join(" ").contains("dump"), "{:?}", after.snapshot.warnings);

    let mut fewer = inspected();
    fewer.retain(|(path, _)| path != "w1/inspect/b.txt");
    let mut uncounted = inspected();
    uncounted.retain(|(path, _)| path != "w1/info.json");
    let with = |path: &str, content: Vec<u8>| {
        let mut files = inspected();
        files.retain(|(known, _)| known != path);
        files.push((path.to_owned(), content));
        files
    };
    let no_container =
        with("w1/inspect/b.txt", lines(&[json!([{ "Name": "n", "Driver": "bridge", "Scope": "local" }])]));
    let one_more = with("w1/inspect/d.txt", b"[{\"Id\":".to_vec());
    let dump = with("ucp-nodes.txt", lines(&[node("m1", "manager"), node("w1", "worker")]));
    let report = with("w1/dsinfo.txt", b"Server Version: 23.0.7\n".to_vec());
    for files in [fewer, uncounted, no_container, one_more, dump, report] {
        let after = assess_files(&files);
        let paths: Vec<&str> = files.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(rule(&after, PASSES).status, Status::NotReviewed, "{paths:?}");
    }
}

fn gz(bytes: &[u8]) -> Vec<u8> {
    crate::common::archives::gz(bytes)
}

#[test]
fn a_compressed_file_lies_in_its_folder() {
    let compressed = |path: &str| path.starts_with("w1/");
    let files: Files = site()
        .into_iter()
        .map(|(path, content)| if compressed(&path) { (format!("{path}.gz"), gz(&content)) } else { (path, content) })
        .collect();
    assert_eq!(statuses(&assess_files(&files)), statuses(&assess_files(&site())));
    let lab = Lab::new();
    let in_a_tar = assess(&lab.put("site.tar", &tar_with_links(&files, &[])));
    assert_eq!(rule(&in_a_tar, PASSES).status, Status::NotAFinding);

    let snapshot = crate::common::snapshot::Snapshot::passing().without_manifest();
    let plain = assess_files(&snapshot.list());
    let every: Files =
        snapshot
            .list()
            .into_iter()
            .map(|(path, content)| {
                if path.strip_suffix(".json").is_some() {
                    (format!("{path}.gz"), gz(&content))
                } else {
                    (path, content)
                }
            })
            .collect();
    assert_eq!(statuses(&assess_files(&every)), statuses(&plain));
}

#[test]
fn files_that_are_given_one_by_one_keep_their_folders() {
    let lab = Lab::new();
    let paths: Vec<_> = site().iter().map(|(path, content)| lab.put(path, content)).collect();
    let given = |paths: &[PathBuf]| assess_sources(&paths.iter().cloned().map(Source::Path).collect::<Vec<_>>());
    let after = given(&paths);
    assert_eq!(statuses(&after), statuses(&assess_files(&site())));
    assert_eq!(names(&after), ["m1", "w1"]);
    // A folder that is called like another lies elsewhere, and is not that one.
    let elsewhere = lab.put("other/w1/containers.json", &lines(&[container(9, "/z")]));
    let without: Vec<_> = paths.iter().filter(|path| !path.ends_with("w1/containers.json")).cloned().collect();
    let after = given(&[without, vec![elsewhere]].concat());
    assert_eq!(rule(&after, PASSES).status, Status::NotReviewed);
}
