//! A snapshot in several archives is the same as one in a single one, and a part that is missing is told.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use crate::common::archives::{tar, zst};
use crate::common::lab::Lab;
use crate::common::snapshot::{Files, Snapshot};
use crate::common::{run, sample_folder};

const PARTS: usize = 3;

/// The sample in parts, as the collector's option `--split` makes them: each with the whole manifest.
fn parts() -> Vec<Files> {
    let files = Snapshot::sample().files();
    let mut parts = vec![Files::new(); PARTS];
    let mut manifest = Vec::new();
    for (number, line) in String::from_utf8(files["manifest.jsonl"].clone()).unwrap().lines().enumerate() {
        let mut record: Value = serde_json::from_str(line).unwrap();
        if record["record"] == "header" {
            record["parts"] = PARTS.into();
        } else if record["sha256"].is_string() {
            let part = number % PARTS;
            record["part"] = (part + 1).into();
            let path = record["path"].as_str().unwrap();
            parts[part].insert(path.to_owned(), files[path].clone());
        }
        manifest.extend_from_slice(format!("{record}\n").as_bytes());
    }
    for part in &mut parts {
        part.insert("manifest.jsonl".to_owned(), manifest.clone());
    }
    parts
}

/// What the assessment warns of.
fn warnings(lab: &Lab) -> String {
    let snapshot = lab.assessment()["snapshot"].take();
    format!("{}{}", snapshot["warnings"], snapshot["integrity"])
}

fn archives(lab: &Lab) -> Vec<PathBuf> {
    let named = (1..).zip(parts());
    named
        .map(|(number, files)| lab.put(&format!("in/part{number}.tar.zst"), &zst(&tar(&files, "snap/"), 50_000)))
        .collect()
}

/// What was judged, without where the evidence lies.
fn judged(assessment: &Value) -> Vec<(Value, Value, Value, Value)> {
    let rules = assessment["rules"].as_array().unwrap().iter();
    rules.map(|r| (r["id"].clone(), r["status"].clone(), r["checked"].clone(), r["failed"].clone())).collect()
}

#[test]
fn all_parts_are_the_whole() {
    let lab = Lab::new();
    lab.analyze(&sample_folder(), &[]);
    let whole = judged(&lab.assessment());
    let archives = archives(&lab);
    let folder = lab.at("in");
    for inputs in [vec![folder], archives.clone()] {
        let more: Vec<&str> = inputs[1..].iter().map(|path| path.to_str().unwrap()).collect();
        lab.analyze(&inputs[0], &more);
        assert!(!warnings(&lab).contains("part"), "{}", warnings(&lab));
        assert_eq!(judged(&lab.assessment()), whole, "{inputs:?}");
    }
    // The same part once more changes no status.
    let again = lab.put("again.tar.zst", &fs::read(&archives[0]).unwrap());
    let more: Vec<&str> = archives[1..].iter().chain([&again]).map(|path| path.to_str().unwrap()).collect();
    lab.analyze(&archives[0], &more);
    assert!(judged(&lab.assessment()).iter().zip(&whole).all(|(now, was)| now.1 == was.1));
    let verify = |archives: &[PathBuf]| {
        run(["verify".as_ref(), "--json".as_ref()].into_iter().chain(archives.iter().map(|path| path.as_os_str())))
    };
    let ran = verify(&archives);
    assert_eq!((ran.code, ran.out.contains("lies in part")), (0, false), "{}", ran.out);
    // A part alone is as its manifest says, and the snapshot is not whole by it.
    for some in [&archives[..1], &archives[1..]] {
        let ran = verify(some);
        assert_eq!(ran.code, 2, "{}", ran.out);
        assert!(ran.out.contains("of the snapshot is not here; verify all parts together"), "{}", ran.out);
    }
}

#[test]
fn a_missing_part_is_told_and_nothing_passes_for_it() {
    let lab = Lab::new();
    lab.analyze(&sample_folder(), &[]);
    let whole = judged(&lab.assessment());
    let archives = archives(&lab);
    for missing in 0..archives.len() {
        let given: Vec<&PathBuf> = (0..archives.len()).filter(|n| *n != missing).map(|n| &archives[n]).collect();
        lab.analyze(given[0], &[given[1].to_str().unwrap()]);
        let told = format!("part {} of 3 of the snapshot is not here; assess all parts together", missing + 1);
        let warned = warnings(&lab);
        assert_eq!((warned.matches(&told).count(), warned.contains("but it is not there")), (1, false), "{warned}");
        let now = judged(&lab.assessment());
        let better = now.iter().zip(&whole).filter(|(now, was)| now.1 == "not_a_finding" && was.1 != "not_a_finding");
        assert_eq!(better.count(), 0);
        assert!(now.iter().zip(&whole).any(|(now, was)| now.1 == "not_reviewed" && was.1 != "not_reviewed"));
    }
}

#[test]
fn a_member_of_another_part_must_be_as_the_manifest_says() {
    let lab = Lab::new();
    let mut parts = parts();
    let info = "nodes/mgr-1/docker/info.json";
    let holder = parts.iter_mut().find(|files| files.contains_key(info)).unwrap();
    holder.get_mut(info).unwrap().push(b'\n');
    for (number, files) in (1..).zip(&parts) {
        lab.put(&format!("in/part{number}.tar.zst"), &zst(&tar(files, "snap/"), 50_000));
    }
    lab.analyze(&lab.at("in"), &[]);
    assert!(warnings(&lab).contains(&format!("{info}: its SHA-256 is")), "{}", warnings(&lab));
}
