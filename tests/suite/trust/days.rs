//! Kind 10: what the inputs say of themselves: days, manifests, other clusters, the program's reports.

use super::base::{Base, keep_files};
use super::known::{Fault, settle};
use crate::common::cluster::site;
use crate::common::snapshot::{Files, Snapshot};
use crate::common::{contents, lets_off, program, rule};
use mke_stig::facts::Source;
use mke_stig::model::assessment::{Assessment, IntegrityStatus};

fn inputs(all: &[&Files]) -> Vec<Source> {
    let named = all.iter().enumerate();
    named
        .map(|(number, files)| Source::Files {
            name: format!("in{number}"),
            files: (*files).clone().into_iter().collect(),
        })
        .collect()
}

/// The snapshot as it would be on another day.
fn on(day: &str, snapshot: &Snapshot) -> Snapshot {
    let mut other = snapshot.clone();
    other.records[0]["started"] = format!("{day}T08:15:00Z").into();
    for path in snapshot.paths().into_iter().filter(|path| path.ends_with("docker/info.json")) {
        other.change(&path, |info| info["SystemTime"] = format!("{day}T08:16:00Z").into());
    }
    other
}

fn worse(what: &str, base: &Base, truth: &Assessment, got: &Assessment) -> Vec<Fault> {
    got.rules
        .iter()
        .filter(|result| lets_off(result.status) && !lets_off(rule(truth, &result.id).status))
        .map(|result| Fault {
            what: what.to_owned(),
            kind: 10,
            rule: result.id.clone(),
            detail: format!("{}: {:?} became {:?}", base.name, rule(truth, &result.id).status, result.status),
        })
        .collect()
}

/// Ways to bring an old day along with a new snapshot.
fn old_days(base: &Base) -> Vec<(&'static str, Vec<Files>)> {
    let old = on("2026-09-01", &base.snapshot);
    let node = base.snapshot.nodes()[0].clone();
    let one_old = old.part(|path| path == format!("nodes/{node}/docker/version.json"));
    let nodes = old.part(|path| path.starts_with("nodes/"));
    let new = on("2029-06-01", &base.snapshot).files();
    let mut within = new.clone();
    within.extend(one_old.files().into_iter().map(|(path, content)| (format!("old/{path}"), content)));
    let mut bare = new.clone();
    bare.insert("cluster/manifest.jsonl".to_owned(), one_old.files()["manifest.jsonl"].clone());
    vec![
        ("an old file with its manifest comes after", vec![new.clone(), one_old.files()]),
        ("an old file with its manifest comes first", vec![one_old.files(), new.clone()]),
        ("an old snapshot of the nodes comes after", vec![new.clone(), nodes.files()]),
        ("an old snapshot lies in a folder of the new one", vec![within]),
        ("an old manifest lies in a folder of the new one", vec![bare]),
    ]
}

#[test]
fn the_newest_day_counts() {
    let mut faults = Vec::new();
    for base in [Base::sample(), Base::mended(), &Base::generated()[0], &Base::generated()[2]] {
        // By then every entry of the SSP, every answer and every server's certificate has expired.
        let truth = base.assess(&on("2029-06-01", &base.snapshot));
        let expired = truth.rules.iter().filter(|result| !lets_off(result.status)).count();
        assert!(expired >= 8, "{}: {expired}", base.name);
        for (what, all) in old_days(base) {
            let all: Vec<&Files> = all.iter().collect();
            if let Ok(assessment) = base.try_inputs(&inputs(&all)) {
                let found = worse(what, base, &truth, &assessment);
                for fault in &found {
                    keep_files(base, what, &fault.rule, &all);
                }
                faults.extend(found);
            }
        }
    }
    settle("days", &faults);
}

/// Two clusters in one run: what one lacks or breaks, the other must not make up for.
#[test]
fn two_clusters_are_never_one() {
    let mut faults = Vec::new();
    let clean = site(5).snapshot;
    for base in [Base::sample(), &Base::generated()[0]] {
        let truth = base.assess(&base.snapshot);
        let mut lacking =
            base.snapshot.part(|path| !path.starts_with("cluster/kubectl/") && !path.starts_with("cluster/mke/"));
        lacking.records[0]["started"] = "2026-11-18T08:15:00Z".into();
        let lacks = base.assess(&lacking);
        let newer = on("2027-03-01", &clean).files();
        let lists = clean.part(|path| path.starts_with("cluster/kubectl/"));
        for (what, of, all) in [
            ("a newer snapshot of another cluster", &truth, vec![base.snapshot.files(), newer.clone()]),
            ("a newer snapshot of another cluster, first", &truth, vec![newer.clone(), base.snapshot.files()]),
            ("another cluster's snapshot beside one with gaps", &lacks, vec![lacking.files(), newer]),
            (
                "another cluster's lists beside one with gaps",
                &lacks,
                vec![lacking.files(), lists.clone().without_manifest().files()],
            ),
            ("another cluster's lists and manifest beside one with gaps", &lacks, vec![lacking.files(), lists.files()]),
        ] {
            let all: Vec<&Files> = all.iter().collect();
            if let Ok(assessment) = base.try_inputs(&inputs(&all)) {
                let found = worse(what, base, of, &assessment);
                for fault in &found {
                    keep_files(base, what, &fault.rule, &all);
                }
                faults.extend(found);
            }
        }
    }
    settle("two clusters", &faults);
}

/// The program's own reports in the folder that it reads.
#[test]
fn own_reports_change_nothing() {
    let base = Base::sample();
    let lab = tempfile::tempdir().unwrap();
    let folder = lab.path().join("snapshot");
    base.snapshot.write(&folder);
    for out in ["mke-stig-report", "."] {
        let ran =
            program().current_dir(&folder).args(["analyze", ".", "-o", out, "-f", "all", "--quiet"]).output().unwrap();
        assert_eq!(ran.status.code(), Some(0), "{}", String::from_utf8_lossy(&ran.stderr));
    }
    assert!(contents(&folder).len() > base.snapshot.files().len() + 20);
    let assessment = base.try_inputs(&[Source::Path(folder)]).unwrap();
    let mut faults = Vec::new();
    let mut differs = |rule: &str, detail: String| {
        faults.push(Fault {
            what: "its own reports lie in the snapshot".into(),
            kind: 10,
            rule: rule.to_owned(),
            detail,
        });
    };
    if assessment.snapshot.integrity.status != IntegrityStatus::Verified {
        differs("integrity", format!("{:?}", assessment.snapshot.integrity.problems.first()));
    }
    for result in assessment.rules.iter().filter(|result| result.status != base.truth[&result.id]) {
        differs(&result.id, format!("{:?} became {:?}", base.truth[&result.id], result.status));
    }
    settle("own reports", &faults);
}
