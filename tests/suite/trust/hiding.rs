//! Whatever is done to a violation to hide it, its rule is not let off.
//!
//! Every plant is tried with every way to hide it, with the manifest renewed (as by an attacker who
//! can), without one (as files that people save), and with the one that was there before (as by
//! whoever cannot make another).

use super::base::Base;
use super::case::{Case, Hide};
use super::hide_list::LISTS;
use super::hide_member::MEMBERS;
use super::hide_object::{FIELDS, MARKS};
use super::hide_text::TEXTS;
use super::known::{Fault, settle};
use super::plant::{DOUBTS, OBJECTS, Plant};
use super::plant_settings::SETTINGS;
use crate::common::{in_parallel, rule};
use mke_stig::model::assessment::Status;
use serde_json::Value;

/// All plants.
pub(crate) fn plants() -> impl Iterator<Item = &'static Plant> {
    OBJECTS.iter().chain(SETTINGS)
}

/// All ways to hide one.
pub(crate) fn hides() -> impl Iterator<Item = &'static Hide> {
    LISTS.iter().chain(FIELDS).chain(MARKS).chain(MEMBERS).chain(TEXTS)
}

/// What happens to the manifest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manifest {
    Renewed,
    None,
    Before,
}

/// A plant in a cluster and a way to hide it.
pub(crate) struct Trial {
    pub base: &'static Base,
    pub plant: &'static Plant,
    pub hide: &'static Hide,
    pub manifest: Manifest,
}

impl Trial {
    /// The inputs; none where the plant or the way does not fit.
    pub(crate) fn case(&self) -> Option<Case> {
        let mut snapshot = self.base.snapshot.clone();
        let spot = (self.plant.sow)(&mut snapshot)?;
        let counted = spot.path.ends_with("containers.json") && !self.hide.name.ends_with("counts one fewer");
        if self.manifest == Manifest::Renewed && deletes(self.hide) && !counted {
            return None;
        }
        let records: Vec<Value> = snapshot.records.clone();
        let mut case = Case::new(snapshot, spot);
        (self.hide.apply)(&mut case)?;
        match self.manifest {
            Manifest::Renewed => {}
            // Files beside those that a manifest names are files like any others where there is none.
            Manifest::None if !case.beside.is_empty() => return None,
            Manifest::None => case.snapshot.records.clear(),
            Manifest::Before => case.snapshot.records = records,
        }
        Some(case)
    }

    /// What is wrong.
    pub(crate) fn faults(&self, more: &str) -> Vec<Fault> {
        let Some(case) = self.case() else { return Vec::new() };
        case.let_off(self.base, self.hide.name, self.plant.rules)
            .into_iter()
            .map(|(rule, got)| Fault {
                what: self.hide.name.to_owned(),
                kind: self.hide.kind,
                rule,
                detail: format!("{}{}, {}, manifest {:?}: {got}", more, self.base.name, self.plant.name, self.manifest),
            })
            .collect()
    }
}

/// Whether a way leaves nothing but the names in other lists to tell that an object is gone. A
/// manifest says that its lists came whole, and counts alone speak against it.
fn deletes(hide: &Hide) -> bool {
    hide.kind == 1 && LISTS.iter().take(5).any(|way| way.name == hide.name)
}

/// The clean clusters that plants are made in.
pub(crate) fn clean() -> Vec<&'static Base> {
    std::iter::once(Base::mended()).chain(Base::generated()).collect()
}

#[test]
fn every_plant_is_found() {
    let found = in_parallel(&clean(), |base| {
        let mut faults = Vec::new();
        for plant in plants() {
            let mut snapshot = base.snapshot.clone();
            if (plant.sow)(&mut snapshot).is_none() {
                continue;
            }
            let assessment = base.assess(&snapshot);
            for id in plant.rules {
                let result = rule(&assessment, id);
                let doubt = DOUBTS.contains(&plant.name) && result.status == Status::NotReviewed;
                if result.status != Status::Open && !doubt {
                    let detail = format!("{}: {:?} {:?}", base.name, result.status, result.reason);
                    faults.push(Fault { what: plant.name.to_owned(), kind: 5, rule: (*id).to_owned(), detail });
                }
            }
        }
        faults
    });
    settle("plants", &found.concat());
}

#[test]
fn nothing_hides_a_violation() {
    let clean = clean();
    let mut trials = Vec::new();
    for (number, plant) in plants().enumerate() {
        for (turn, hide) in hides().enumerate() {
            // Each pair on one of the clusters, with one of the manifests: all of them have their turn.
            let base = clean[(number + turn) % clean.len()];
            let manifest = match (number + turn) % 5 {
                _ if deletes(hide) => Manifest::None,
                0 | 1 => Manifest::Renewed,
                2 | 3 => Manifest::None,
                _ => Manifest::Before,
            };
            trials.push(Trial { base, plant, hide, manifest });
        }
    }
    let tried = std::sync::atomic::AtomicUsize::new(0);
    let found = in_parallel(&trials, |trial| {
        trial.case().is_some().then(|| tried.fetch_add(1, std::sync::atomic::Ordering::Relaxed));
        trial.faults("")
    });
    let tried = tried.into_inner();
    assert!(tried >= 1_900, "only {tried} ways fit");
    settle("hiding", &found.concat());
}
