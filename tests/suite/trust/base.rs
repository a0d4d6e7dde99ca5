//! Clusters on which trials are made, with their SSP and answers, and what is true of them.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use mke_stig::answers::Answers;
use mke_stig::assess::{AssessError, Options, assess};
use mke_stig::facts::{Bounds, Source};
use mke_stig::model::assessment::{Assessment, ReasonCode, Status};
use mke_stig::ssp::Ssp;

use crate::common::cluster::{Site, site};
use crate::common::snapshot::{Files, Snapshot};
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
    pub truth: Verdicts,
}

impl Base {
    /// A cluster whose person has answered all that only a person can decide.
    pub(crate) fn answered(name: &str, snapshot: Snapshot, ssp: Ssp) -> Self {
        let mut base =
            Self { name: name.to_owned(), snapshot, ssp, answers: Answers::default(), truth: Verdicts::new() };
        let text = answers_to(&base.assess(&base.snapshot));
        base.answers = Answers::parse("answers.yaml", &text).unwrap_or_else(|problems| panic!("{problems:?}\n{text}"));
        base.truth = statuses(&base.assess(&base.snapshot));
        base
    }

    /// The sample with its own SSP and answers: a cluster with findings.
    pub(crate) fn sample() -> &'static Self {
        static SAMPLE: LazyLock<Base> = LazyLock::new(|| {
            let read = |name: &str| std::fs::read_to_string(sample_folder().with_file_name(name)).unwrap();
            let ssp = Ssp::parse("ssp.yaml", &read("ssp.yaml")).unwrap();
            let answers = Answers::parse("answers.yaml", &read("answers.yaml")).unwrap();
            let mut base =
                Base { name: "the sample".into(), snapshot: Snapshot::sample(), ssp, answers, truth: Verdicts::new() };
            base.truth = statuses(&base.assess(&base.snapshot));
            base
        });
        &SAMPLE
    }

    /// The sample with its findings mended: a cluster with nothing to find.
    pub(crate) fn mended() -> &'static Self {
        static MENDED: LazyLock<Base> =
            LazyLock::new(|| Base::answered("the mended sample", Snapshot::passing(), crate::common::snapshot::ssp()));
        &MENDED
    }

    /// Generated clusters: one for each of the first seeds.
    pub(crate) fn generated() -> &'static [Self] {
        static GENERATED: LazyLock<Vec<Base>> = LazyLock::new(|| {
            (0..SEEDS)
                .map(|seed| {
                    let Site { snapshot, ssp, .. } = site(seed);
                    Base::answered(&format!("cluster {seed}"), snapshot, Ssp::parse("ssp.yaml", &ssp).unwrap())
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
        let options = Options {
            bounds: Bounds { jobs: 1, ..Bounds::default() },
            ssp: self.ssp.clone(),
            answers: self.answers.clone(),
            ..Options::default()
        };
        assess(inputs, packs(), &options)
    }
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
