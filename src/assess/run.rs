//! One run: inputs in, assessment out.
//!
//! The stages follow each other: rules are compiled, objects are observed while the inputs are read,
//! the cluster is learned from their sums, what had to wait for it is settled, and each rule is decided
//! from all of it. The draft of an SSP needs the same up to the decisions, and takes the basis of these.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::answers::{Answers, review};
use crate::assess::benchmark_overlay;
use crate::assess::cluster::context::{Context, Delivered};
use crate::assess::cluster::inputs::Inputs;
use crate::assess::cluster::source::{EvidenceSource, member_name};
use crate::assess::compile::builder::{Site, compile};
use crate::assess::decide::basis::Basis;
use crate::assess::decide::rule::decide;

use crate::assess::decision_files::decision_files;
use crate::assess::observe::approval::Approvals;
use crate::assess::observe::judge::Judge;
use crate::assess::observe::memo::Memos;
use crate::assess::observe::tally::Tally;
use crate::assess::sentences::remarks;
use crate::assess::ssp_use::needed;
use crate::assess::summary::{asset, benchmark, snapshot, summary, tool};
use crate::facts;
use crate::facts::{Bounds, KindId, ReadError, State};
use crate::intake::Found;
use crate::layout::Owner;
use crate::model::assessment;
use crate::model::assessment::{Assessment, RuleResult};
use crate::model::labels::plural;
use crate::rules::{Classes, Pack, Rule, Variables, Wording};
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
    /// The inputs are of more than one cluster.
    #[error(
        "the inputs are of several clusters, {}; assess each cluster by itself, for lists of one say nothing of another",
        ids.join(" and ")
    )]
    SeveralClusters {
        /// The ids that cannot be of one cluster.
        ids: Vec<String>,
    },
    /// The SSP or a file of answers is about another cluster.
    #[error("{}", problems.join("\n"))]
    OtherCluster {
        /// The files, each with its place and with what it says.
        problems: Vec<String>,
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
    pub(crate) basis: Basis<'j>,
    pub(crate) rules: &'j [Rule],
}

/// Reads the inputs and judges them by the packs; the first pack is the STIG's.
///
/// # Errors
/// An input that cannot be read, inputs with nothing known in them, or rules that no pack has.
///
/// ```
/// use mke_stig::{Options, Pack, Source, assess};
///
/// # fn main() -> Result<(), mke_stig::AssessError> {
/// let options = Options { only: vec!["V-260908".into()], ..Options::default() };
/// let assessment = assess(&[Source::Path("testdata/sample".into())], &[Pack::embedded()], &options)?;
/// assert_eq!(assessment.rules.len(), 1);
/// # Ok(())
/// # }
/// ```
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
    let compiled = compile(&rules, Site { classes: &classes_of(packs), ssp: &options.ssp, drafting });
    let memos = Memos::of(&compiled.kinds);
    let approvals = Approvals { ssp: &options.ssp, drafting };
    let judge = Judge { compiled: &compiled, approvals, memos };
    let mut inputs = Inputs::of(facts::read(inputs, &options.bounds, &compiled.plan, &judge)?);
    inputs.order(&compiled.kinds);
    if inputs.read.members.iter().all(|member| member.place.is_none()) {
        return Err(nothing_known(&inputs));
    }
    let delivered = Delivered::learn(&inputs, &compiled.kinds);
    settle_classes(&judge, &mut inputs, &delivered.compared);
    let context = Context::learn(&inputs, &compiled.kinds, delivered, &options.ssp, options.day.as_deref());
    of_one_cluster(&context, options)?;
    settle(&judge, &mut inputs, &context);
    let basis = Basis {
        compiled: &compiled,
        inputs: &inputs,
        context: &context,
        ssp: &options.ssp,
        answers: &options.answers,
        wording: options.reading,
        evidence_limit: options.evidence_limit,
    };
    let made = make(&Judged { basis, rules: &rules });
    // Giving back many small sums takes a while, and nothing waits for it.
    rayon::spawn(move || drop(inputs));
    Ok(made)
}

fn assessment(judged: &Judged<'_>, packs: &[Pack], options: &Options) -> Assessment {
    let Judged { basis, rules } = judged;
    let results: Vec<RuleResult> =
        rules.par_iter().enumerate().map(|(number, rule)| decide(basis, number, rule)).collect();
    let snapshot = snapshot(basis, rules);
    let mut assessment = Assessment {
        schema: assessment::SCHEMA.to_owned(),
        tool: tool(packs, options.reading),
        benchmark: benchmark(packs),
        asset: asset(&snapshot),
        marking: options.marking.clone().or_else(|| options.ssp.marking.clone()),
        summary: summary(&results, &snapshot),
        snapshot,
        decisions: Vec::new(),
        rules: results,
    };
    if options.reading == Wording::Literal {
        let both = rules.iter().filter(|rule| rule.checks().iter().any(|check| check.reading.is_some())).count();
        assessment.snapshot.warnings.insert(0, remarks::literal_reading(both));
    }
    if let Some(found) = &options.benchmark {
        benchmark_overlay::apply(&mut assessment, packs, found);
        // The benchmark's severities count.
        assessment.summary = summary(&assessment.rules, &assessment.snapshot);
    }
    // Which answers match is seen in the results alone.
    let problems = review(&options.answers, &assessment);
    assessment.snapshot.warnings.extend(problems.iter().map(Problem::line));
    assessment.snapshot.warnings.extend(unbound(basis.context, options));
    let needed = needed(basis);
    let sorts = [Amiss::Expired, Amiss::Endless, Amiss::Unused];
    let problems = options.ssp.review(basis.day(), Some(&needed), &sorts);
    assessment.snapshot.warnings.extend(problems.iter().map(Problem::line));
    assessment.decisions = decision_files(&options.ssp, &options.answers, &assessment.rules);
    assessment
}

/// That the inputs are of one cluster, and that what people decided is about this one.
fn of_one_cluster(context: &Context, options: &Options) -> Result<(), AssessError> {
    if !context.other_clusters.is_empty() {
        return Err(AssessError::SeveralClusters { ids: context.other_clusters.clone() });
    }
    if context.cluster_ids.is_empty() {
        return Ok(());
    }
    let files = options.ssp.cluster.iter().chain(&options.answers.clusters);
    let problems: Vec<String> = files
        .filter(|file| !context.cluster_ids.contains(&file.id))
        .map(|file| remarks::other_cluster(file, &context.cluster_ids).line())
        .collect();
    if problems.is_empty() { Ok(()) } else { Err(AssessError::OtherCluster { problems }) }
}

/// What a reader must know where nothing ties the SSP to this cluster. An answer is tied by its digest.
fn unbound(context: &Context, options: &Options) -> Option<String> {
    let ssp = &options.ssp;
    match &ssp.cluster {
        None if ssp.sections.is_empty() => None,
        None => Some(remarks::ssp_of_no_cluster(context.cluster_ids.first().map(String::as_str))),
        Some(file) if context.cluster_ids.is_empty() => Some(remarks::cluster_not_stated(file).line()),
        Some(_) => None,
    }
}

/// Finds whose the objects are that are compared with facts of other kinds.
fn settle_classes(judge: &Judge<'_>, inputs: &mut Inputs, compared: &Variables) {
    each_tally(inputs, |kind, owner, tally| judge.settle_classes(kind, owner, tally, compared));
}

/// Judges what had to wait until the cluster was known, member by member.
fn settle(judge: &Judge<'_>, inputs: &mut Inputs, context: &Context) {
    each_tally(inputs, |kind, owner, tally| judge.settle(kind, owner, tally, &context.variables));
}

/// Shows the sum of each kind in each source, with whose it is.
fn each_tally(inputs: &mut Inputs, show: impl Fn(KindId, &Owner, &mut Tally) + Sync) {
    let Inputs { read, sources, .. } = inputs;
    let of_member: BTreeMap<usize, &EvidenceSource> = sources.iter().map(|source| (source.member, source)).collect();
    read.members.par_iter_mut().enumerate().for_each(|(number, member)| {
        let Some(source) = of_member.get(&number) else { return };
        // By now it is known of which node a folder is.
        let owner = match (&source.owner, &source.node) {
            (Owner::Folder(_), Some(name)) => &Owner::Node(name.clone()),
            (owner, _) => owner,
        };
        for facts in &mut member.facts {
            show(facts.kind, owner, &mut facts.tally);
        }
    });
}

/// All rules of all packs and of the benchmark, by id; a later pack cannot replace a rule of an earlier one.
fn rules_of(packs: &[Pack], options: &Options) -> Result<Vec<Rule>, AssessError> {
    let mut rules: BTreeMap<String, Rule> = BTreeMap::new();
    for rule in packs.iter().flat_map(|pack| &pack.rules) {
        rules.entry(rule.id.clone()).or_insert_with(|| rule.clone());
    }
    for rule in options.benchmark.iter().flat_map(|found| benchmark_overlay::added(found, packs)) {
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

fn nothing_known(inputs: &Inputs) -> AssessError {
    let members = &inputs.read.members;
    let unread = members.iter().filter_map(|member| match &member.state {
        State::Read => None,
        State::Truncated(why) | State::Forbidden(why) | State::Unreadable(why) => {
            Some(format!("{}: {why}", member_name(&inputs.names, member.input, &member.path)))
        }
    });
    let mut hints: Vec<String> = unread.take(5).collect();
    hints.push(format!(
        "{} {} looked at; collect one with collector-scripts/mke-collect.sh, or try `mke-stig demo`",
        members.len(),
        plural(members.len() as u64, "file was", "files were")
    ));
    AssessError::Nothing { inputs: inputs.names.join(", "), hints }
}
