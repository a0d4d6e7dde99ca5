//! One run: inputs in, assessment out.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::answers::{Answers, review};
use crate::assess::benchmark_overlay as official;
use crate::assess::cluster::context::Context;
use crate::assess::cluster::sources::{Source, member_name, sources};
use crate::assess::compile::compiled::Compiled;
use crate::assess::decide::basis::Ground;
use crate::assess::observe::judge::Judge;
use crate::assess::observe::memo::Memos;
use crate::assess::observe::tally::Tally;
use crate::assess::summary::{asset, benchmark, snapshot, summary, tool};
use crate::evidence;
use crate::evidence::Integrity;
use crate::facts;
use crate::facts::{Bounds, ReadError, Reading};
use crate::intake::Found;
use crate::layout::{Kind, Owner};
use crate::model::assessment;
use crate::model::assessment::{Assessment, RuleResult};
use crate::model::date::Day;
use crate::rules::{COLLECTED, Classes, Pack, Rule, Wording};
use crate::ssp::{Amiss, Ssp};
use crate::yaml::Problem;

/// How to assess.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Bounds on reading.
    pub bounds: Bounds,
    /// The SSP.
    pub ssp: Ssp,
    /// The benchmark whose texts and ids the results carry.
    pub benchmark: Option<Found>,
    /// What people decided.
    pub answers: Answers,
    /// Marking; it goes before the SSP's.
    pub marking: Option<String>,
    /// Evidence lines of one rule in the assessment; 0 for all that are kept.
    pub evidence_limit: usize,
    /// Only these rules; empty for all.
    pub only: Vec<String>,
    /// Which reading of ambiguous rules decides.
    pub reading: Wording,
    /// A day (`YYYY-MM-DD`) on which exceptions are measured where the snapshot names none.
    pub day: Option<String>,
}

/// Why an assessment cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum AssessError {
    /// An input cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// Nothing in the inputs is known.
    #[error(
        "nothing in {inputs} can be assessed: no snapshot of mke-collect.sh, no support dump of MKE and no JSON output of docker or kubectl is in it{}",
        .hints.iter().map(|hint| format!("\n  {hint}")).collect::<String>()
    )]
    Nothing {
        /// The inputs.
        inputs: String,
        /// What was found instead.
        hints: Vec<String>,
    },
    /// A rule was asked for that is in no pack.
    #[error("there is no rule {ids}; `mke-stig rules list` names them all")]
    UnknownRule {
        /// The ids.
        ids: String,
    },
}

/// What was read and judged, before rules are decided.
pub(crate) struct Judged<'j> {
    pub(crate) ground: Ground<'j>,
    pub(crate) rules: &'j [Rule],
    integrity: &'j Integrity,
    names: &'j [String],
    kinds: &'j [Kind],
}

/// Reads the inputs and judges them by the packs; the first pack is the STIG's.
///
/// # Errors
/// An input that cannot be read, inputs with nothing known in them, or rules that no pack has.
pub fn assess(inputs: &[facts::Source], packs: &[Pack], options: &Options) -> Result<Assessment, AssessError> {
    judged(inputs, packs, options, false, |judged| assessment(judged, packs, options))
}

/// Reads the inputs, judges every object, and makes something of it.
pub(crate) fn judged<T>(
    inputs: &[facts::Source],
    packs: &[Pack],
    options: &Options,
    drafting: bool,
    make: impl FnOnce(&Judged<'_>) -> T,
) -> Result<T, AssessError> {
    let rules = rules_of(packs, options)?;
    let compiled = Compiled::of(&rules, &classes_of(packs), &options.ssp, drafting);
    let memos = Memos::of(&compiled.kinds);
    let judge = Judge { compiled: &compiled, ssp: &options.ssp, drafting, memos };
    let mut reading = facts::read(inputs, &options.bounds, &compiled.plan, &judge)?;
    let names = input_names(&reading);
    nothing_known(&reading, &names)?;

    let integrity = evidence::check(&reading.members, &reading.manifests, &names);
    let found = sources(&reading, &integrity, &names);
    let kinds: Vec<Kind> = compiled.kinds.iter().map(|kind| kind.kind.clone()).collect();
    let (started, cluster_ids) = headers(&reading);
    let mut context = Context::of(
        &reading,
        &found,
        &integrity,
        &compiled.kinds,
        &started,
        &cluster_ids,
        (&options.ssp, options.day.as_deref()),
    );
    if let Some(time) = &context.collected_at {
        context.variables.values.insert(COLLECTED.to_owned(), time.clone());
    }
    let collected = context.collected_at.as_deref().and_then(Day::begins).map(|day| day.to_string());
    let today = collected.or_else(|| options.day.clone());
    settle(&judge, &mut reading, &found, &context);

    let ground = Ground {
        compiled: &compiled,
        reading: &reading,
        sources: &found,
        context: &context,
        ssp: &options.ssp,
        answers: &options.answers,
        today: today.as_deref(),
        wording: options.reading,
        evidence_limit: options.evidence_limit,
    };
    let (integrity, names, kinds) = (&integrity, names.as_slice(), kinds.as_slice());
    let made = make(&Judged { ground, rules: &rules, integrity, names, kinds });
    // Giving back many small sums takes a while, and nothing waits for it.
    rayon::spawn(move || drop(reading));
    Ok(made)
}

fn assessment(judged: &Judged<'_>, packs: &[Pack], options: &Options) -> Assessment {
    let Judged { ground, rules, integrity, names, kinds } = judged;
    let results: Vec<RuleResult> =
        rules.par_iter().enumerate().map(|(number, rule)| ground.decide(number, rule)).collect();
    let snapshot = snapshot(ground, integrity, names, kinds, rules);
    let mut assessment = Assessment {
        schema: assessment::SCHEMA.to_owned(),
        tool: tool(packs, options.reading),
        benchmark: benchmark(packs),
        asset: asset(&snapshot),
        marking: options.marking.clone().or_else(|| options.ssp.marking.clone()),
        summary: summary(&results, &snapshot),
        snapshot,
        rules: results,
    };
    if options.reading == Wording::Literal {
        let both = rules.iter().filter(|rule| rule.checks().iter().any(|check| check.reading.is_some())).count();
        assessment.snapshot.warnings.insert(
            0,
            format!("the literal reading of the STIG decides: {both} rules have one that differs from what is meant"),
        );
    }
    if let Some(found) = &options.benchmark {
        official::apply(&mut assessment, packs, found);
        // The benchmark's severities count.
        assessment.summary = summary(&assessment.rules, &assessment.snapshot);
    }
    // Which answers match is seen in the results alone.
    let amiss = review(&options.answers, &assessment);
    assessment.snapshot.warnings.extend(amiss.iter().map(Problem::line));
    let amiss = options.ssp.review(ground.today, Some(&ground.needed()), &[Amiss::Expired, Amiss::Unused]);
    assessment.snapshot.warnings.extend(amiss.iter().map(Problem::line));
    assessment
}

/// Judges what had to wait until the cluster was known, member by member.
fn settle(judge: &Judge<'_>, reading: &mut Reading<Tally>, sources: &[Source], context: &Context) {
    let of_member: BTreeMap<usize, &Source> = sources.iter().map(|source| (source.member, source)).collect();
    reading.members.par_iter_mut().enumerate().for_each(|(number, member)| {
        let Some(source) = of_member.get(&number) else { return };
        // By now it is known of which node a folder is.
        let owner = match (&source.owner, &source.node) {
            (Owner::Folder(_), Some(name)) => &Owner::Node(name.clone()),
            (owner, _) => owner,
        };
        for facts in &mut member.facts {
            judge.settle(facts.kind, owner, &mut facts.tally, &context.variables);
        }
    });
}

/// All rules of all packs and of the benchmark, by id; a later pack cannot replace a rule of an earlier one.
fn rules_of(packs: &[Pack], options: &Options) -> Result<Vec<Rule>, AssessError> {
    let mut rules: BTreeMap<String, Rule> = BTreeMap::new();
    for rule in packs.iter().flat_map(|pack| &pack.rules) {
        rules.entry(rule.id.clone()).or_insert_with(|| rule.clone());
    }
    for rule in options.benchmark.iter().flat_map(|found| official::added(found, packs)) {
        rules.entry(rule.id.clone()).or_insert(rule);
    }
    let only = &options.only;
    let unknown: Vec<&str> = only.iter().filter(|id| !rules.contains_key(*id)).map(String::as_str).collect();
    if !unknown.is_empty() {
        return Err(AssessError::UnknownRule { ids: unknown.join(", ") });
    }
    Ok(rules.into_values().filter(|rule| only.is_empty() || only.contains(&rule.id)).collect())
}

fn classes_of(packs: &[Pack]) -> Classes {
    let mut classes = Classes::new();
    for pack in packs {
        for (kind, list) in &pack.classes {
            classes.entry(kind.clone()).or_insert_with(|| list.clone());
        }
    }
    classes
}

/// Names of the inputs, told apart where two are equal.
pub(crate) fn input_names(reading: &Reading<Tally>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for input in &reading.inputs {
        let twins = names.iter().filter(|name| name.split('#').next() == Some(&input.name)).count();
        names.push(if twins == 0 { input.name.clone() } else { format!("{}#{}", input.name, twins + 1) });
    }
    names
}

fn nothing_known(reading: &Reading<Tally>, names: &[String]) -> Result<(), AssessError> {
    if reading.members.iter().any(|member| member.place.is_some()) {
        return Ok(());
    }
    let mut hints: Vec<String> = reading
        .members
        .iter()
        .filter_map(|member| match &member.state {
            facts::State::Read => None,
            facts::State::Truncated(why) | facts::State::Forbidden(why) | facts::State::Unreadable(why) => {
                Some(format!("{}: {why}", member_name(names, member.input, &member.path)))
            }
        })
        .take(5)
        .collect();
    hints.push(format!(
        "{} files were looked at; collect one with collector-scripts/mke-collect.sh, or try `mke-stig demo`",
        reading.members.len()
    ));
    Err(AssessError::Nothing { inputs: names.join(", "), hints })
}

fn headers(reading: &Reading<Tally>) -> (BTreeSet<String>, BTreeSet<String>) {
    let headers = reading.manifests.iter().filter_map(|found| Some(&found.manifest.as_ref().ok()?.header));
    let (mut started, mut ids) = (BTreeSet::new(), BTreeSet::new());
    for header in headers {
        started.extend(Some(header.started.clone()).filter(|started| !started.is_empty()));
        ids.extend(Some(header.cluster_id.clone()).filter(|id| !id.is_empty()));
    }
    (started, ids)
}
