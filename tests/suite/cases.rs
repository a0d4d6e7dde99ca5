//! Every rule's cases show all that can come out of it. What can is read from the rule itself.

use std::collections::BTreeSet;

use mke_stig::assess::{Options, assess, case_result};
use mke_stig::model::assessment::{DecidedBy, EvidenceStatus, ReasonCode, RuleResult, Status};
use mke_stig::rules::{Case, CaseInput, Cases, Check, Demand, Gap, Orchestrator, Pack, Rule, Wording, stock_cases};
use mke_stig::ssp::Ssp;

use crate::pack::folder;

/// A case that was run: the sections of its SSP, its gaps, and what came out.
struct Ran {
    sections: BTreeSet<String>,
    /// Types of its exceptions.
    types: BTreeSet<String>,
    truncated: BTreeSet<String>,
    result: RuleResult,
}

fn run(pack: &Pack, rule: &Rule, cases: &[Case]) -> Vec<Ran> {
    let run = |case: &Case| {
        let case = &case.input;
        let ssp = case.ssp.as_ref().map(|text| Ssp::parse("case", text).unwrap()).unwrap_or_default();
        Ran {
            sections: ssp.sections.iter().map(|name| (*name).to_owned()).collect(),
            types: ssp.of("exceptions").filter_map(|(_, entry)| Some(entry.text("type")?.to_owned())).collect(),
            truncated: case
                .gaps
                .iter()
                .filter(|(_, _, gap)| *gap == Gap::Truncated)
                .map(|(kind, _, _)| kind.name().to_owned())
                .collect(),
            result: case_result(pack, rule, case).unwrap(),
        }
    };
    cases.iter().map(run).collect()
}

/// Whether a check leaves every object of its kind to people or to the SSP.
fn leaves_all(check: &Check) -> bool {
    check.filter.is_none() && matches!(check.demand, Demand::Person(_) | Demand::NeedsSsp(_))
}

/// Whether there is a cluster of which nothing is left to people.
fn can_pass(rule: &Rule) -> bool {
    [Orchestrator::Swarm, Orchestrator::Kubernetes].into_iter().any(|only| {
        let off = |orchestrator: Option<Orchestrator>| orchestrator.is_some_and(|named| named != only);
        !off(rule.applies.orchestrator)
            && rule.person.iter().all(|look| off(look.orchestrator))
            && rule.checks().iter().all(|check| off(check.orchestrator) || !check.is_meant() || !leaves_all(check))
    })
}

fn demands_something(check: &Check) -> bool {
    matches!(check.demand, Demand::Must(_) | Demand::Expression(_))
}

/// What the cases of a rule do not show.
fn lacking(pack: &Pack, rule: &Rule, cases: &[Case]) -> Vec<String> {
    let ran = run(pack, rule, cases);
    let mut lacking = Vec::new();
    let mut need = |what: String, shown: bool| {
        if !shown {
            lacking.push(format!("{}: {what}", rule.id));
        }
    };
    let status = |wanted: Status| ran.iter().any(|ran| ran.result.status == wanted);
    let reason = |ran: &Ran, code: ReasonCode| ran.result.reason.as_ref().is_some_and(|reason| reason.code == code);
    let tells = |ran: &Ran, part: &str| ran.result.reason.as_ref().is_some_and(|reason| reason.text.contains(part));
    let exempt = |subject: &str| {
        ran.iter().any(|ran| {
            ran.result.status == Status::NotApplicable
                && ran.result.evidence.iter().any(|line| {
                    line.status == EvidenceStatus::Exempts && (line.subject == subject || line.seen.contains(subject))
                })
        })
    };

    if rule.checks().iter().any(demands_something) {
        need("open".to_owned(), status(Status::Open));
    }
    if can_pass(rule) {
        need("not a finding".to_owned(), status(Status::NotAFinding));
    }
    if let Some(orchestrator) = rule.applies.orchestrator {
        need(format!("not applicable without {}", orchestrator.name()), exempt(orchestrator.name()));
    }
    if rule.applies.msr {
        need("not applicable without MSR".to_owned(), exempt("MSR"));
    }
    if rule.applies.selects_nodes() {
        need("not applicable without such a node".to_owned(), exempt("operating system: "));
    }
    for (kind, _) in &rule.applies.except {
        need(format!("not applicable by {kind}"), exempt(kind.name()));
    }
    let kinds: BTreeSet<_> = rule.checks().iter().map(|check| &check.each).collect();
    for kind in kinds {
        let speaks = |ran: &Ran| tells(ran, &format!("{kind}: "));
        let of_kind = || rule.checks().iter().filter(|check| check.each == *kind);
        // What is missing of it is told by a check of another kind, which always counts.
        let always = |other: &Check| other.instead.is_empty() && other.orchestrator.is_none() && other.when.is_empty();
        let others =
            |kind: &mke_stig::layout::Kind| rule.checks().iter().any(|other| other.each == *kind && always(other));
        if !of_kind().all(|check| check.instead.iter().any(others)) {
            let shown = ran.iter().any(|ran| reason(ran, ReasonCode::Missing) && speaks(ran));
            need(format!("{kind} missing"), shown);
        }
        let made_up_for = of_kind().all(|check| !check.instead.is_empty());
        if kind.per_node() && !made_up_for {
            let shown = ran.iter().any(|ran| reason(ran, ReasonCode::Partial) && speaks(ran));
            need(format!("{kind} of some nodes only"), shown);
        }
        if kind.is_list() {
            let shown = ran.iter().any(|ran| reason(ran, ReasonCode::Truncated) && ran.truncated.contains(kind.name()));
            need(format!("{kind} cut off"), shown);
        }
    }
    for check in rule.checks().iter().filter(|check| check.is_meant()) {
        if let Some(excuse) = &check.unless {
            let present = ran.iter().any(|ran| {
                ran.types.contains(excuse)
                    && ran.result.evidence.iter().any(|line| line.status == EvidenceStatus::Excepted)
            });
            need(format!("the SSP excuses {excuse}"), present);
            let absent = ran.iter().any(|ran| {
                !ran.types.contains(excuse) && (ran.result.status == Status::Open || reason(ran, ReasonCode::NeedsSsp))
            });
            need(format!("nothing excuses {excuse}"), absent);
        }
        let section = check.listed.as_ref().map(|listed| listed.section.as_str()).filter(|name| *name != "exceptions");
        for section in section.into_iter().chain(check.ssp_variables()) {
            let spoken = |ran: &Ran| ran.sections.contains(section);
            let present = |wanted: Status| {
                ran.iter()
                    .any(|ran| spoken(ran) && ran.result.status == wanted && ran.result.decided_by == DecidedBy::Ssp)
            };
            if can_pass(rule) {
                need(format!("good by the SSP's {section}"), present(Status::NotAFinding));
            }
            need(format!("open by the SSP's {section}"), present(Status::Open));
            let absent = ran.iter().any(|ran| !spoken(ran) && reason(ran, ReasonCode::NeedsSsp));
            need(format!("no {section} in the SSP"), absent);
        }
    }
    if rule.checks().iter().any(|check| check.each.per_node()) {
        let words = format!("{} {}", rule.texts.how, rule.texts.reading);
        need("whether Windows nodes count".to_owned(), words.contains("Windows"));
    }
    let both = |reading| rule.checks().iter().any(|check| check.reading == Some(reading));
    if both(Wording::Literal) || both(Wording::Intended) {
        let inputs = cases.iter().map(|case| &case.input);
        let differs = inputs.filter(|case| case.reading == Wording::Literal).any(|case| {
            let meant = CaseInput { reading: Wording::Intended, ..case.clone() };
            case_result(pack, rule, case).unwrap().status != case_result(pack, rule, &meant).unwrap().status
        });
        need("a case in which the readings differ".to_owned(), differs);
        need("words on the reading".to_owned(), !rule.texts.reading.is_empty());
    }
    lacking
}

#[test]
fn the_cases_of_every_rule_show_all_that_can_come_out() {
    let pack = Pack::embedded();
    let cases = Cases::read(folder()).unwrap();
    let lacking: Vec<String> = pack
        .rules
        .iter()
        .flat_map(|rule| {
            let of_rule = &cases.of_rules[&rule.id];
            let derived = stock_cases(rule, of_rule.given.as_ref().unwrap());
            lacking(&pack, rule, &[of_rule.cases.clone(), derived].concat())
        })
        .collect();
    assert!(lacking.is_empty(), "{} cases are lacking:\n{}", lacking.len(), lacking.join("\n"));
}

#[test]
fn the_reading_that_decided_is_told() {
    let sample = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/sample");
    let source = [mke_stig::facts::Source::Path(sample)];
    let told = |reading| {
        let options = Options { reading, ..Options::default() };
        let assessment = assess(&source, &[Pack::embedded()], &options).unwrap();
        let warned = assessment.snapshot.warnings.iter().any(|warning| warning.contains("literal reading"));
        let noted = assessment.rules.iter().filter(|rule| rule.comment.contains("reading the check")).count();
        assert!(noted > 5, "what the other reading finds is noted: {noted}");
        (assessment.tool.reading, warned)
    };
    assert_eq!(told(Wording::Intended), ("intended".to_owned(), false));
    assert_eq!(told(Wording::Literal), ("literal".to_owned(), true));
}
