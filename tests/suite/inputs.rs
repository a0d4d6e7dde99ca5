//! Whatever the way in, the verdicts are the same: lone outputs under any name, several archives as
//! one cluster, one folder for all files.

use crate::common::archives::{gz, tar, zip, zst};
use crate::common::snapshot::{Files, Snapshot};
use crate::common::{assess_files, assess_sources, decided, lets_off, rule, statuses};
use mke_stig::assess::{AssessError, Options};
use mke_stig::facts::Source;
use mke_stig::model::assessment::{Assessment, Status};
use serde_json::{Value, json};

fn assess(files: &Files) -> Assessment {
    assess_files(&files.clone().into_iter().collect::<Vec<_>>())
}

/// Lines of `docker images` as `docker image inspect` prints the same images.
fn inspected(lines: &[u8]) -> Vec<u8> {
    let lines = std::str::from_utf8(lines).unwrap().lines();
    let images = lines.map(|line| {
        let image: Value = serde_json::from_str(line).unwrap();
        let text = |key: &str| image[key].as_str().unwrap().to_owned();
        json!({ "Id": text("ID"), "RepoTags": [format!("{}:{}", text("Repository"), text("Tag"))], "Size": 1 })
    });
    Value::Array(images.collect()).to_string().into_bytes()
}

/// The sample's outputs as somebody saved them: any names, a folder for each node that is not called
/// like the node, no manifest.
fn saved(snapshot: &Snapshot) -> Files {
    let mut files = Files::new();
    for (number, node) in snapshot.nodes().iter().enumerate() {
        let names = [
            ("docker/info.json", "what docker says.txt"),
            ("docker/containers.json", "c"),
            ("docker/images.json", "imgs.out"),
            ("docker/version.json", "v.log"),
        ];
        for (member, name) in names {
            let Some(content) = snapshot.members.get(&format!("nodes/{node}/{member}")) else { continue };
            let content =
                if member == "docker/images.json" && number % 2 == 0 { inspected(content) } else { content.clone() };
            files.insert(format!("visit/host {number}/{name}"), content);
        }
    }
    let cluster = [
        ("docker/nodes.json", "swarm"),
        ("docker/services.json", "svc.json"),
        ("docker/version.json", "bundle version"),
        ("docker/info.json", "bundle info"),
        ("kubectl/nodes.json", "1"),
        ("kubectl/pods.json", "2.yaml"),
        ("kubectl/namespaces.json", "3"),
        ("mke/config.toml", "ucp settings (copy).bak"),
    ];
    for (member, name) in cluster {
        files.insert(format!("visit/all/{name}"), snapshot.members[&format!("cluster/{member}")].clone());
    }
    files
}

#[test]
fn saved_outputs_give_the_verdicts_of_the_snapshot() {
    for snapshot in [Snapshot::sample(), Snapshot::passing()] {
        let mut wanted = decided(&assess(&snapshot.files()));
        let after = assess(&saved(&snapshot));
        // Settings of MSR are told by their content too, but were not among what was saved.
        wanted.insert("V-260928".into(), Status::NotReviewed);
        assert_eq!(decided(&after), wanted, "{:?}", after.snapshot.warnings);
        let names: Vec<&str> = after.snapshot.nodes.iter().map(|node| node.name.as_str()).collect();
        assert_eq!(names, snapshot.nodes(), "nodes go by the name that docker info gives");
        assert_eq!(after.rules.len(), crate::common::ROWS);
    }
}

#[test]
fn saved_outputs_that_lack_one_file_pass_nothing_that_reads_it() {
    let files = saved(&Snapshot::passing());
    let base = assess(&files);
    let paths: Vec<&String> = files.keys().collect();
    let wrong = crate::common::in_parallel(&paths, |path| {
        let mut fewer = files.clone();
        fewer.remove(*path);
        let after = assess(&fewer);
        let mut wrong = Vec::new();
        for (id, before) in statuses(&base) {
            let now = rule(&after, &id).status;
            if lets_off(now) && !lets_off(before) {
                wrong.push(format!("without {path}: {id} went from {before:?} to {now:?}"));
            }
            let read = rule(&base, &id).evidence.iter().any(|line| line.member == format!("in!{path}"));
            if read && before == Status::NotAFinding && now != Status::NotReviewed {
                wrong.push(format!("without {path}: {id} stayed {now:?}"));
            }
        }
        wrong
    })
    .concat();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_folder_of_one_node_needs_no_name() {
    let sample = Snapshot::passing();
    let mut files = Files::new();
    for (member, name) in [("info.json", "a"), ("containers.json", "b"), ("images.json", "c")] {
        files.insert(name.to_owned(), sample.members[&format!("nodes/mgr-1/docker/{member}")].clone());
    }
    let after = assess(&files);
    let named: Vec<&str> = after
        .snapshot
        .nodes
        .iter()
        .filter(|node| node.kinds.values().any(|w| w == "read"))
        .map(|node| node.name.as_str())
        .collect();
    assert_eq!(named, ["mgr-1"]);
    // The manager counts six nodes: what one of them says is not enough.
    assert!(after.rules.iter().all(|rule| !lets_off(rule.status)), "{:?}", statuses(&after));
}

#[test]
fn one_flat_folder_of_several_nodes_passes_nothing_it_cannot_tell_apart() {
    for (snapshot, open) in [(Snapshot::passing(), false), (Snapshot::sample(), true)] {
        let mut files = Files::new();
        for (number, content) in saved(&snapshot).into_values().enumerate() {
            files.insert(format!("{number:03}"), content);
        }
        let after = assess(&files);
        for id in ["V-260913", "V-260930", "V-260934", "V-260940", "V-260944"] {
            let wanted = if open { Status::Open } else { Status::NotReviewed };
            assert_eq!(rule(&after, id).status, wanted, "{id}");
        }
        let warnings = after.snapshot.warnings.join("\n");
        assert!(warnings.contains("nothing says which node it comes from"), "{warnings}");
    }
}

#[test]
fn mixed_kinds_in_one_list_are_told_apart() {
    // `kubectl get pods,nodes,services -A -o json`
    let snapshot = Snapshot::passing();
    let mut files = saved(&snapshot);
    let mut items = Vec::new();
    for path in ["visit/all/2.yaml", "visit/all/1"] {
        let list: Value = serde_json::from_slice(&files.remove(path).unwrap()).unwrap();
        items.extend(list["items"].as_array().unwrap().clone());
    }
    items.push(
        json!({ "apiVersion": "v1", "kind": "Service", "metadata": { "name": "s", "namespace": "shop" }, "spec": {} }),
    );
    let whole = decided(&assess(&saved(&snapshot)));
    let list = json!({ "apiVersion": "v1", "kind": "List", "metadata": { "resourceVersion": "" }, "items": items });
    files.insert("visit/everything".into(), list.to_string().into_bytes());
    assert_eq!(decided(&assess(&files)), whole);
}

#[test]
fn several_inputs_are_one_cluster() {
    for snapshot in [Snapshot::sample(), Snapshot::passing()] {
        let whole = assess(&snapshot.files());
        let temporary = tempfile::tempdir().unwrap();
        let mut inputs = Vec::new();
        let mut add = |name: &str, bytes: Vec<u8>| {
            let path = temporary.path().join(name);
            std::fs::write(&path, bytes).unwrap();
            inputs.push(Source::Path(path));
        };
        let cluster = snapshot.part(|path| path.starts_with("cluster/"));
        add("cluster.tar.zst", zst(&tar(&cluster.files(), "mke-snapshot-atlas/"), 1 << 16));
        for (number, node) in snapshot.nodes().iter().enumerate() {
            let part = snapshot.part(|path| path.starts_with(&format!("nodes/{node}/"))).files();
            let top = format!("mke-snapshot-{node}/");
            add(
                &format!("{node}.bin"),
                match number % 3 {
                    0 => gz(&tar(&part, &top)),
                    1 => zip(&part, &top),
                    _ => tar(&part, &top),
                },
            );
        }
        let parts = assess_sources(&inputs);
        assert_eq!(statuses(&parts), statuses(&whole));
        assert_eq!(parts.snapshot.nodes, whole.snapshot.nodes);
        assert_eq!(parts.snapshot.integrity.status, whole.snapshot.integrity.status);
        assert_eq!(parts.snapshot.integrity.verified, whole.snapshot.integrity.verified);
        // In another order too, and never better with one of them left out.
        inputs.reverse();
        assert_eq!(statuses(&assess_sources(&inputs)), statuses(&whole));
        for left_out in 0..inputs.len() {
            let mut fewer = inputs.clone();
            fewer.remove(left_out);
            let after = assess_sources(&fewer);
            for (id, before) in statuses(&whole) {
                let now = rule(&after, &id).status;
                assert!(
                    !lets_off(now) || now == before,
                    "without input {left_out}: {id} went from {before:?} to {now:?}"
                );
            }
        }
    }
}

/// The swarm says of which instance of MKE it is: a manifest that states another id is of another cluster.
#[test]
fn parts_of_two_clusters_are_refused() {
    let sample = Snapshot::sample();
    let mut other = sample.part(|path| path.starts_with("nodes/wrk-1/"));
    other.records[0]["cluster_id"] = "another".into();
    let files = |snapshot: &Snapshot, name: &str| Source::Files { name: name.into(), files: snapshot.list() };
    let one = sample.part(|path| !path.starts_with("nodes/wrk-1/"));
    let inputs = [files(&one, "one"), files(&other, "two")];
    let error = mke_stig::assess::assess(&inputs, crate::common::packs(), &Options::default()).unwrap_err();
    assert!(matches!(error, AssessError::SeveralClusters { ids } if ids.contains(&"another".to_owned())));
}

#[test]
fn the_top_folder_does_not_matter() {
    let sample = Snapshot::sample();
    let wanted = statuses(&assess(&sample.files()));
    for top in ["mke-snapshot-atlas-20261118T081500Z/", "a/b/c/", "cluster/"] {
        let files = sample.files().into_iter().map(|(path, content)| (format!("{top}{path}"), content)).collect();
        assert_eq!(statuses(&assess(&files)), wanted, "{top}");
    }
}
