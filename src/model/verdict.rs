//! How a verdict is weighed.
//!
//! A [`Verdict`] holds what it rests on, so that an Open without evidence, or a Not Reviewed without a
//! reason, cannot be built. [`Verdict::weigh`] is the only place where a status comes about.
//!
//! Open if any object breaks the rule, whatever else is missing. Otherwise Not Applicable if the rule
//! does not apply. Otherwise Not Reviewed if anything needed is unknown. Otherwise Not a Finding.

use crate::model::assessment::{Evidence, Reason, ReasonCode, Status};

/// A list that is not empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NonEmpty<T> {
    first: T,
    rest: Vec<T>,
}

impl<T> NonEmpty<T> {
    /// A list of what is there; none if nothing is.
    #[must_use]
    pub fn new(items: Vec<T>) -> Option<Self> {
        let mut items = items.into_iter();
        Some(Self { first: items.next()?, rest: items.collect() })
    }

    /// A list of one.
    #[must_use]
    pub fn one(first: T) -> Self {
        Self { first, rest: Vec::new() }
    }

    /// The items.
    #[must_use]
    pub fn into_vec(self) -> Vec<T> {
        let mut items = vec![self.first];
        items.extend(self.rest);
        items
    }
}

/// A verdict: it cannot be made without evidence or a reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict<E = Evidence> {
    /// A finding, with what breaks the rule.
    Open(NonEmpty<E>),
    /// Every object needed was seen, and none breaks the rule.
    NotAFinding(NonEmpty<E>),
    /// The rule does not apply, with the facts that say so.
    NotApplicable(NonEmpty<E>),
    /// Something needed is unknown, with everything that is.
    NotReviewed(NonEmpty<Reason>),
}

/// What judging a rule brought, before it is weighed.
#[derive(Debug)]
pub struct Findings<E = Evidence> {
    /// What breaks the rule.
    pub fails: Vec<E>,
    /// What holds.
    pub passes: Vec<E>,
    /// The facts that make the rule not applicable.
    pub exempts: Vec<E>,
    /// What is unknown.
    pub reasons: Vec<Reason>,
}

impl<E> Default for Findings<E> {
    fn default() -> Self {
        Self { fails: Vec::new(), passes: Vec::new(), exempts: Vec::new(), reasons: Vec::new() }
    }
}

impl<E> Verdict<E> {
    /// Weighs the findings. With nothing at all the rule itself is at fault, and that is a reason.
    #[must_use]
    pub fn weigh(findings: Findings<E>, nothing_at_all: impl FnOnce() -> Reason) -> Self {
        let Findings { fails, passes, exempts, reasons } = findings;
        if let Some(fails) = NonEmpty::new(fails) {
            return Self::Open(fails);
        }
        if let Some(exempts) = NonEmpty::new(exempts) {
            return Self::NotApplicable(exempts);
        }
        if let Some(reasons) = NonEmpty::new(reasons) {
            return Self::NotReviewed(reasons);
        }
        match NonEmpty::new(passes) {
            Some(passes) => Self::NotAFinding(passes),
            None => Self::NotReviewed(NonEmpty::one(nothing_at_all())),
        }
    }

    /// The status in the words of the checklist formats.
    #[must_use]
    pub fn status(&self) -> Status {
        match self {
            Self::Open(_) => Status::Open,
            Self::NotAFinding(_) => Status::NotAFinding,
            Self::NotApplicable(_) => Status::NotApplicable,
            Self::NotReviewed(_) => Status::NotReviewed,
        }
    }

    /// The reason of a Not Reviewed: the gravest code, and all that is unknown.
    #[must_use]
    pub fn reason(&self) -> Option<Reason> {
        let Self::NotReviewed(reasons) = self else { return None };
        Some(join(reasons.clone().into_vec()))
    }
}

/// Reasons as one: the gravest code first, each text once.
#[must_use]
pub(crate) fn join(mut reasons: Vec<Reason>) -> Reason {
    reasons.sort();
    reasons.dedup();
    let code = reasons.first().map_or(ReasonCode::RuleError, |reason| reason.code);
    let mut texts: Vec<&str> = Vec::new();
    for reason in &reasons {
        if !texts.contains(&reason.text.as_str()) {
            texts.push(&reason.text);
        }
    }
    Reason { code, text: texts.join(" ") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::assessment::EvidenceStatus;
    use proptest::prelude::*;

    fn evidence(status: EvidenceStatus) -> Evidence {
        Evidence {
            status,
            node: None,
            subject: "x".into(),
            class: None,
            member: "m".into(),
            pointer: String::new(),
            seen: "s".into(),
            wanted: "w".into(),
            sha256: "0".into(),
            count: 1,
            object: None,
        }
    }

    proptest! {
        #[test]
        fn unknown_never_passes(fails in 0_usize..3, exempts in 0_usize..3, reasons in 0_usize..3, passes in 0_usize..3) {
            let reason = Reason { code: ReasonCode::Missing, text: "t".into() };
            let nothing = || Reason { code: ReasonCode::RuleError, text: "n".into() };
            let verdict = Verdict::weigh(Findings {
                fails: vec![evidence(EvidenceStatus::Fails); fails],
                passes: vec![evidence(EvidenceStatus::Passes); passes],
                exempts: vec![evidence(EvidenceStatus::Exempts); exempts],
                reasons: vec![reason; reasons],
            }, nothing);
            let wanted = if fails > 0 {
                Status::Open
            } else if exempts > 0 {
                Status::NotApplicable
            } else if reasons > 0 || passes == 0 {
                Status::NotReviewed
            } else {
                Status::NotAFinding
            };
            prop_assert_eq!(verdict.status(), wanted);
            prop_assert_eq!(verdict.reason().is_some(), wanted == Status::NotReviewed);
        }
    }
}
