//! What rules are decided from: the compiled rules, all that was read, and what is known of the
//! cluster and of the site. It answers questions about these and decides nothing itself.

use crate::answers::Answers;
use crate::assess::cluster::context::Context;
use crate::assess::cluster::coverage::Coverage;
use crate::assess::cluster::inputs::Inputs;
use crate::assess::compile::compiled::{Compiled, CompiledCheck, CompiledKind};
use crate::assess::observe::explain::Writer;
use crate::rules::{Check, Wording};
use crate::ssp::Ssp;

/// Everything that rules are decided from.
#[derive(Clone, Copy)]
pub(crate) struct Basis<'g> {
    pub(crate) compiled: &'g Compiled,
    pub(crate) inputs: &'g Inputs,
    pub(crate) context: &'g Context,
    pub(crate) ssp: &'g Ssp,
    pub(crate) answers: &'g Answers,
    /// The reading that decides.
    pub(crate) wording: Wording,
    /// Evidence lines of one rule; 0 for all that were kept.
    pub(crate) evidence_limit: usize,
}

/// A check of a rule, as it is written and as it was compiled.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CheckRef<'g> {
    pub(crate) stated: &'g Check,
    pub(crate) compiled: &'g CompiledCheck,
    pub(crate) kind: &'g CompiledKind,
    /// Its number among the checks of its kind.
    pub(crate) at: usize,
}

impl<'g> Basis<'g> {
    /// The check of this number in the rule of this number.
    pub(crate) fn check(&self, rule: usize, number: usize, check: &'g Check) -> Option<CheckRef<'g>> {
        let kind = self.compiled.named(&check.each)?;
        let at = kind.checks.iter().position(|known| known.rule == rule && known.check == number)?;
        Some(CheckRef { stated: check, compiled: &kind.checks[at], kind, at })
    }

    /// Whether a check decides in the reading that was chosen.
    pub(crate) fn decides(&self, reading: Option<Wording>) -> bool {
        reading.is_none_or(|reading| reading == self.wording)
    }

    /// The day on which approvals and answers are measured, `YYYY-MM-DD`.
    pub(crate) fn day(&self) -> Option<&'g str> {
        self.context.day.as_deref()
    }

    /// Writes out lines about objects of a kind.
    pub(crate) fn writer(&self, kind: &'g CompiledKind) -> Writer<'g> {
        Writer { kind, plan: &self.compiled.plan, variables: &self.context.variables }
    }

    /// What was delivered of a kind.
    pub(crate) fn coverage(&self, kind: &CompiledKind) -> Option<&'g Coverage> {
        self.context.coverage.of(&kind.kind)
    }
}
