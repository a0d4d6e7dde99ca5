//! Kind 2: two views of one thing, one of which breaks a rule. The newer decides; where the times are
//! equal or unknown, the one that breaks the rule counts.

use super::base::{Base, keep_files};
use super::document::bundle;
use super::hiding::clean;
use super::known::{Fault, settle};
use super::plant::{DOUBTS, OBJECTS, Plant, Spot};
use super::plant_settings::SETTINGS;
use crate::common::snapshot::{Files, Snapshot};
use crate::common::{in_parallel, lets_off, rule};
use mke_stig::facts::Source;
use mke_stig::model::assessment::{Assessment, Status};

/// How the view that breaks the rule stands to the other in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Time {
    Newer,
    Older,
    Equal,
    Unknown,
}

/// Sets the times of the two; the second input of a run is the other one.
fn timed(bad: &mut Snapshot, good: &mut Snapshot, time: Time) {
    let (early, late) = ("2026-11-18T07:00:00Z", "2026-11-18T09:00:00Z");
    let set = |snapshot: &mut Snapshot, started: &str| snapshot.records[0]["started"] = started.into();
    match time {
        Time::Newer => {
            set(bad, late);
            set(good, early);
        }
        Time::Older => {
            set(bad, early);
            set(good, late);
        }
        Time::Equal => {
            set(bad, early);
            set(good, early);
        }
        Time::Unknown => {
            bad.records.clear();
            good.records.clear();
        }
    }
    // A clock of an engine dates what its folder holds, where nothing else does.
    for snapshot in [bad, good] {
        for path in snapshot.paths().into_iter().filter(|path| path.ends_with("docker/info.json")) {
            snapshot.change(&path, |info| {
                info.as_object_mut().unwrap().remove("SystemTime");
            });
        }
    }
}

fn run(base: &Base, plant: &Plant, first: &Snapshot, second: &Snapshot) -> Option<Assessment> {
    let source = |name: &str, files: Files| Source::Files { name: name.into(), files: files.into_iter().collect() };
    base.try_rules(&[source("one", first.files()), source("two", second.files())], plant.rules).ok()
}

/// Whether a rule's status is wrong. Where nothing tells the day, nothing is known to have expired.
fn wrong(plant: &Plant, status: Status, time: Time) -> bool {
    let doubt = DOUBTS.contains(&plant.name) || (time == Time::Unknown && plant.name.contains("expired"));
    if doubt && status == Status::NotReviewed {
        return false;
    }
    match time {
        Time::Newer => status != Status::Open,
        // The older one may be told, and decides nothing: to find it all the same is a false finding.
        Time::Older => false,
        Time::Equal | Time::Unknown => lets_off(status) || status == Status::NotReviewed,
    }
}

/// A container that breaks a rule in one view of two: through the bundle, or on its node.
fn container_views(base: &Base, plant: &Plant) -> Vec<Fault> {
    let mut bad = base.snapshot.clone();
    let Some(spot) = (plant.sow)(&mut bad) else { return Vec::new() };
    if !spot.path.ends_with("docker/containers.json") {
        return Vec::new();
    }
    let mut faults = Vec::new();
    for (side, bad_bundle) in [("the bundle's", true), ("the node's", false)] {
        for time in [Time::Newer, Time::Older, Time::Equal, Time::Unknown] {
            let cluster = bundle(if bad_bundle { &bad } else { &base.snapshot });
            let nodes = if bad_bundle { &base.snapshot } else { &bad }.part(|path| path.starts_with("nodes/"));
            let (mut cluster, mut nodes) = (cluster, nodes);
            if bad_bundle {
                timed(&mut cluster, &mut nodes, time);
            } else {
                timed(&mut nodes, &mut cluster, time);
            }
            for (order, assessment) in
                [("first", run(base, plant, &cluster, &nodes)), ("last", run(base, plant, &nodes, &cluster))]
            {
                let Some(assessment) = assessment else { continue };
                for id in plant.rules {
                    let status = rule(&assessment, id).status;
                    if wrong(plant, status, time) {
                        let what = format!("{side} view breaks the rule and is of {time:?} time");
                        keep_files(base, &what, id, &[&cluster.files(), &nodes.files()]);
                        let detail = format!("{}, {}, the bundle {order}: {status:?}", base.name, plant.name);
                        faults.push(Fault { what, kind: 2, rule: (*id).to_owned(), detail });
                    }
                }
            }
        }
    }
    faults
}

/// One member in two snapshots, in one of which it breaks a rule.
fn member_views(base: &Base, plant: &Plant) -> Vec<Fault> {
    let mut bad = base.snapshot.clone();
    let Some(Spot { path, .. }) = (plant.sow)(&mut bad) else { return Vec::new() };
    let mut faults = Vec::new();
    for time in [Time::Newer, Time::Older, Time::Equal, Time::Unknown] {
        let mut whole = bad.clone();
        let mut part = base.snapshot.part(|other| other == path);
        timed(&mut whole, &mut part, time);
        let (early, late) = (run(base, plant, &whole, &part), run(base, plant, &part, &whole));
        for (order, assessment) in [("first", early), ("last", late)] {
            let Some(assessment) = assessment else { continue };
            for id in plant.rules {
                let status = rule(&assessment, id).status;
                if wrong(plant, status, time) {
                    let what = format!("one of two snapshots breaks the rule and is of {time:?} time");
                    keep_files(base, &what, id, &[&whole.files(), &part.files()]);
                    let detail = format!("{}, {}, it comes {order}: {status:?}", base.name, plant.name);
                    faults.push(Fault { what, kind: 2, rule: (*id).to_owned(), detail });
                }
            }
        }
    }
    faults
}

#[test]
fn of_two_views_the_newer_decides_and_doubt_finds() {
    let plants: Vec<(usize, &Plant)> = OBJECTS.iter().chain(SETTINGS).enumerate().collect();
    let clean = clean();
    let found = in_parallel(&plants, |(number, plant)| {
        let base = clean[number % clean.len()];
        [container_views(base, plant), member_views(base, plant)].concat()
    });
    settle("views", &found.concat());
}
