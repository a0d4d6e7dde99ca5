//! What is unknown, in words: gaps in what was delivered, and values that do not tell.

use std::collections::BTreeMap;

use crate::assess::cluster::sources::Delivery;
use crate::assess::compile::compiled::CompiledKind;
use crate::assess::decide::accumulator::Gathered;
use crate::assess::decide::basis::Ground;
use crate::layout::Kind;
use crate::model::assessment::{Reason, ReasonCode};
use crate::rules::{COLLECTED, Truth, Unknown};

impl Ground<'_> {
    /// What is missing for a check.
    pub(crate) fn gaps(
        &self,
        kind: &CompiledKind,
        scope: Option<&BTreeMap<String, Truth>>,
        gathered: &mut Gathered<'_>,
    ) {
        let Some(coverage) = self.coverage(kind) else { return };
        let how = format!("It comes from {}.", kind.kind.source());
        if !kind.kind.per_node() {
            if coverage.cluster != Delivery::Read {
                let (code, why) = delivery_reason(&coverage.cluster);
                let text = format!("{}: {why}. {how}", kind.kind);
                gathered.findings.reasons.push(Reason { code, text });
            }
            // A node's view may be missing, for the cluster's list tells it all; but one that is
            // damaged or forged would have been used.
            for (name, delivery) in &coverage.nodes {
                if let Delivery::Unreadable(why) = delivery {
                    let text = format!("{} of {name}: {why}. {how}", kind.kind);
                    gathered.findings.reasons.push(Reason { code: ReasonCode::Unreadable, text });
                }
            }
            return;
        }
        let judged: Vec<(&String, &Delivery)> = coverage
            .nodes
            .iter()
            .filter(|(name, _)| scope.is_none_or(|scope| scope.get(*name) == Some(&Truth::Yes)))
            .collect();
        let lacking: Vec<&(&String, &Delivery)> =
            judged.iter().filter(|(_, delivery)| **delivery != Delivery::Read).collect();
        if !lacking.is_empty() {
            // Nodes of which a part was seen make the whole partial, whatever others lack.
            let some = lacking.iter().any(|(_, delivery)| matches!(delivery, Delivery::Partial(_)));
            let all = lacking.len() == judged.len() && !some;
            let code = if all {
                lacking.iter().map(|(_, delivery)| delivery_reason(delivery).0).min().unwrap_or(ReasonCode::Missing)
            } else {
                ReasonCode::Partial
            };
            let mut by_why: BTreeMap<String, Vec<&str>> = BTreeMap::new();
            for (name, delivery) in &lacking {
                by_why.entry(delivery_reason(delivery).1).or_default().push(name);
            }
            let whys: Vec<String> = by_why.iter().map(|(why, nodes)| format!("{}: {why}", some_of(nodes))).collect();
            let read = judged.len() - lacking.len();
            let text =
                format!("{}: {read} of {} nodes delivered it. {}. {how}", kind.kind, judged.len(), whys.join("; "));
            gathered.findings.reasons.push(Reason { code, text });
        } else if judged.is_empty() && scope.is_none() {
            let (code, why) = delivery_reason(&coverage.cluster);
            let code = if coverage.cluster == Delivery::Read { ReasonCode::Partial } else { code };
            let text = format!("{}: {why}, and no node is known. {how}", kind.kind);
            gathered.findings.reasons.push(Reason { code, text });
        }
        if let Some(why) = &self.context.nodes_unsure
            && !judged.is_empty()
        {
            let text = format!(
                "{}: {} of an unknown number of nodes delivered it: {why}.",
                kind.kind,
                judged.len() - lacking.len()
            );
            gathered.findings.reasons.push(Reason { code: ReasonCode::Partial, text });
        }
    }
}

pub(crate) fn unknown_reason(why: &Unknown, count: u64, example: &str, member: &str, kind: &Kind) -> Reason {
    let objects = if count == 1 {
        format!("{example} in {member}")
    } else {
        format!("{count} objects in {member} (first {example})")
    };
    let (code, text) = match why {
        Unknown::RuleError(error) => (ReasonCode::RuleError, format!("The rule failed at {objects}: {error}.")),
        Unknown::WrongType(what) => (ReasonCode::Unreadable, format!("At {objects}, {what}.")),
        Unknown::NoVariable(name) if name == COLLECTED => (
            ReasonCode::Missing,
            format!("The time of the collection is not known, so that {objects} cannot be compared with it."),
        ),
        Unknown::NoVariable(name) if name.starts_with("ssp.") => {
            let section = name.trim_start_matches("ssp.");
            let text = format!(
                "The SSP does not state {section}, or not so that it holds on the day of the collection: {objects}."
            );
            (ReasonCode::NeedsSsp, text)
        }
        Unknown::Ssp(section) => {
            let text = if section == "exceptions" {
                "The SSP must say whether it excuses what the evidence shows as unknown; no SSP with exceptions was given.".to_owned()
            } else {
                format!(
                    "The SSP must list the {section} that are approved, and none was given that does: compare what the evidence shows as unknown."
                )
            };
            (ReasonCode::NeedsSsp, text)
        }
        Unknown::Others(kind) => (
            ReasonCode::Missing,
            format!("Not all facts of {kind} were read, and this is compared with them: {objects}."),
        ),
        Unknown::NoVariable(name) => {
            let product = if name.starts_with("msr") { "MSR" } else { "MKE" };
            (
                ReasonCode::Missing,
                format!("The running version of {product} is not known, so that {objects} cannot be compared with it."),
            )
        }
        Unknown::NotCarried => (
            ReasonCode::Missing,
            format!("A support dump does not hold this: {objects}. It comes from {}.", kind.source()),
        ),
        Unknown::Redacted => (ReasonCode::Redacted, format!("The value was redacted at collection: {objects}.")),
        Unknown::AbsentField => {
            (ReasonCode::AbsentField, format!("The field is absent, and what that means is not certain: {objects}."))
        }
        Unknown::NeedsSsp(what) => (ReasonCode::NeedsSsp, format!("{} ({objects})", what.trim_end())),
        Unknown::Person(what) => (ReasonCode::NeedsPerson, format!("{} ({objects})", what.trim_end())),
    };
    Reason { code, text }
}

fn delivery_reason(delivery: &Delivery) -> (ReasonCode, String) {
    match delivery {
        Delivery::Read => (ReasonCode::Partial, "read".to_owned()),
        Delivery::Partial(why) => (ReasonCode::Partial, why.clone()),
        Delivery::Truncated(why) => (ReasonCode::Truncated, why.clone()),
        Delivery::Forbidden(why) => (ReasonCode::Forbidden, why.clone()),
        Delivery::Missing(why) => (ReasonCode::Missing, why.clone()),
        Delivery::Unreadable(why) => (ReasonCode::Unreadable, why.clone()),
    }
}

/// Up to eight names, and how many more there are.
pub(crate) fn some_of(names: &[&str]) -> String {
    const SHOWN: usize = 8;
    let shown = names.iter().take(SHOWN).copied().collect::<Vec<_>>().join(", ");
    if names.len() > SHOWN { format!("{shown} and {} more", names.len() - SHOWN) } else { shown }
}

/// A text that begins with a capital letter.
pub(crate) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
