//! Clusters on which trials are made, with their SSP and answers, and what is true of them.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use mke_stig::answers::Answers;
use mke_stig::assess::{AssessError, Options, assess};
use mke_stig::facts::{Bounds, Source};
use mke_stig::model::assessment::{Assessment, ReasonCode, Status};
use mke_stig::ssp::Ssp;

use crate::common::cluster::{Site, site};
use crate::common::snapshot::{Files, Snapshot, write_files};
use crate::common::{packs, sample_folder, statuses};

/// Status by rule.
pub(crate) type Verdicts = BTreeMap<String, Status>;

/// A cluster, its papers, and what it gives undamaged.
#[derive(Debug, Clone)]
pub(crate) struct Base {
    pub name: String,
    pub snapshot: Snapshot,
    pub ssp: Ssp,
    pub answers: Answers,
    /// The SSP and the answers as texts.
    pub papers: [String; 2],
    pub truth: Verdicts,
    /// What it gives without its manifest.
    pub bare: Verdicts,
}

impl Base {
    /// A cluster with its papers.
    pub(crate) fn with(name: &str, snapshot: Snapshot, papers: [String; 2]) -> Self {
        let ssp = Ssp::parse("ssp.yaml", &papers[0]).unwrap();
        let answers = Answers::parse("answers.yaml", &papers[1]).unwrap();
        let mut base = Self {
            name: name.to_owned(),
            snapshot,
            ssp,
            answers,
            papers,
            truth: Verdicts::new(),
            bare: Verdicts::new(),
        };
        base.truth = statuses(&base.assess(&base.snapshot));
        base.bare = statuses(&base.assess(&base.snapshot.clone().without_manifest()));
        base
    }

    /// A cluster whose person has answered all that only a person can decide.
    pub(crate) fn answered(name: &str, snapshot: Snapshot, ssp: String) -> Self {
        let open = Self::with(name, snapshot, [ssp, "answers: []\n".to_owned()]);
        let answers = answers_to(&open.assess(&open.snapshot));
        let [ssp, _] = open.papers;
        Self::with(name, open.snapshot, [ssp, answers])
    }

    /// The sample with its own SSP and answers: a cluster with findings.
    pub(crate) fn sample() -> &'static Self {
        static SAMPLE: LazyLock<Base> = LazyLock::new(|| {
            let read = |name: &str| std::fs::read_to_string(sample_folder().with_file_name(name)).unwrap();
            Base::with("the sample", Snapshot::sample(), [read("ssp.yaml"), read("answers.yaml")])
        });
        &SAMPLE
    }

    /// The sample with its findings mended: a cluster with nothing to find.
    pub(crate) fn mended() -> &'static Self {
        static MENDED: LazyLock<Base> = LazyLock::new(|| {
            Base::answered("the mended sample", Snapshot::passing(), crate::common::snapshot::ssp_text())
        });
        &MENDED
    }

    /// Generated clusters: one for each of the first seeds.
    pub(crate) fn generated() -> &'static [Self] {
        static GENERATED: LazyLock<Vec<Base>> = LazyLock::new(|| {
            (0..SEEDS)
                .map(|seed| {
                    let Site { snapshot, ssp, .. } = site(seed);
                    Base::answered(&format!("cluster {seed}"), snapshot, ssp)
                })
                .collect()
        });
        &GENERATED
    }

    /// What a changed snapshot gives.
    pub(crate) fn assess(&self, snapshot: &Snapshot) -> Assessment {
        self.assess_files(&snapshot.files())
    }

    /// What files give.
    pub(crate) fn assess_files(&self, files: &Files) -> Assessment {
        self.try_files(files).unwrap_or_else(|error| panic!("{}: {error}", self.name))
    }

    /// What files give, where nothing may be left that can be assessed.
    pub(crate) fn try_files(&self, files: &Files) -> Result<Assessment, AssessError> {
        self.try_inputs(&[Source::Files { name: "in".into(), files: files.clone().into_iter().collect() }])
    }

    /// What inputs give.
    pub(crate) fn try_inputs(&self, inputs: &[Source]) -> Result<Assessment, AssessError> {
        self.try_rules(inputs, &[])
    }

    /// What inputs give for some rules, which takes a third of the time that all of them take. A rule
    /// that an answer decides is judged with all, for the answer was given so.
    pub(crate) fn try_rules(&self, inputs: &[Source], rules: &[&str]) -> Result<Assessment, AssessError> {
        let answered = |id: &&str| self.answers.answers.iter().any(|answer| answer.rule == **id);
        let only = if rules.iter().any(answered) { &[] } else { rules };
        let options = Options {
            only: only.iter().map(|id| (*id).to_owned()).collect(),
            bounds: Bounds { jobs: 1, ..Bounds::default() },
            ssp: self.ssp.clone(),
            answers: self.answers.clone(),
            ..Options::default()
        };
        assess(inputs, packs(), &options)
    }
}

/// Writes inputs and papers below the folder that `MKE_STIG_KEEP` names, so that a fault can be looked
/// at with the program: those of the first time that something lets a rule off.
pub(crate) fn keep(base: &Base, what: &str, rule: &str, inputs: &[Source]) {
    let Some(folder) = std::env::var_os("MKE_STIG_KEEP") else { return };
    let name: String = what.chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).collect();
    let folder = std::path::Path::new(&folder).join(name).join(rule);
    // Trials run side by side: who makes the folder has the first.
    std::fs::create_dir_all(folder.parent().unwrap()).unwrap();
    if std::fs::create_dir(&folder).is_err() {
        return;
    }
    for (name, text) in ["ssp.yaml", "answers.yaml"].iter().zip(&base.papers) {
        std::fs::write(folder.join(name), text).unwrap();
    }
    for (number, input) in inputs.iter().enumerate() {
        if let Source::Files { files, .. } = input {
            write_files(&folder.join(format!("in{number}")), &files.clone().into_iter().collect());
        }
    }
}

/// As [`keep`], of files.
pub(crate) fn keep_files(base: &Base, what: &str, rule: &str, inputs: &[&Files]) {
    let inputs =
        inputs.iter().map(|files| Source::Files { name: String::new(), files: (*files).clone().into_iter().collect() });
    keep(base, what, rule, &inputs.collect::<Vec<_>>());
}

/// Generated clusters on which trials are made: both registries, all three providers.
const SEEDS: u64 = 6;

/// An answer to everything that an assessment leaves to a person.
fn answers_to(assessment: &Assessment) -> String {
    let mut text = String::from("answers:\n");
    for rule in &assessment.rules {
        let person = rule.reason.as_ref().is_some_and(|reason| reason.code == ReasonCode::NeedsPerson);
        if rule.status == Status::NotReviewed && person {
            text += &format!(
                "  - {{ rule: {}, status: not_a_finding, comment: Looked at., reviewer: P. Ilic, date: 2026-11-19, expires: 2028-01-31, evidence_digest: \"{}\" }}\n",
                rule.id, rule.evidence_digest
            );
        }
    }
    if text.ends_with("answers:\n") { "answers: []\n".to_owned() } else { text }
}
