//! Three-valued logic: what nobody knows is neither true nor false.
//!
//! This is how missing evidence never passes. `all` is false as soon as one part is, whatever is unknown beside it, and
//! true only if every part is; `any` is its mirror image; and the negation of what is unknown is unknown. Of several
//! reasons for not knowing the gravest is kept, in the order in which [`Unknown`] lists them.

/// Yes, no, or why nobody knows (Kleene's three-valued logic).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Truth {
    /// It holds.
    Yes,
    /// It does not.
    No,
    /// Nobody knows, for this reason.
    Unknown(Unknown),
}

/// Why nobody knows whether a condition holds.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unknown {
    /// The rule itself failed.
    RuleError(String),
    /// The value is not of the type that it should have.
    WrongType(String),
    /// A value to compare with is not known (`mke.version`).
    NoVariable(String),
    /// The value was redacted.
    Redacted,
    /// The collector does not keep the value of this field.
    NotKept(String),
    /// The source holds no such value, whatever it is.
    NotCarried,
    /// The field is absent and the rule does not say what that means.
    AbsentField,
    /// Facts of another kind, with which it must be compared, are not all there.
    Others(String),
    /// Whose the object is cannot be told, for this reason.
    Mark(String),
    /// The SSP speaks of nodes of one role, and which role the object's node has is not known.
    NoRole,
    /// The SSP must say, in this section.
    Ssp(String),
    /// The SSP must say; this is what to compare.
    NeedsSsp(String),
    /// Only a person can decide.
    Person(String),
}

impl Truth {
    pub(crate) fn of(holds: bool) -> Self {
        if holds { Self::Yes } else { Self::No }
    }

    /// Whether it holds, where that is known.
    pub(crate) fn told(&self) -> Option<bool> {
        match self {
            Self::Yes => Some(true),
            Self::No => Some(false),
            Self::Unknown(_) => None,
        }
    }

    /// The same of a field inside this one: of what is not kept it is told which field it is.
    pub(crate) fn within(self, path: &str) -> Self {
        match self {
            Self::Unknown(Unknown::NotKept(below)) if below.is_empty() => {
                Self::Unknown(Unknown::NotKept(path.to_owned()))
            }
            Self::Unknown(Unknown::NotKept(below)) => {
                let between = if below.starts_with('[') { "" } else { "." };
                Self::Unknown(Unknown::NotKept(format!("{path}{between}{below}")))
            }
            other => other,
        }
    }

    pub(crate) fn negate(self) -> Self {
        match self {
            Self::Yes => Self::No,
            Self::No => Self::Yes,
            unknown @ Self::Unknown(_) => unknown,
        }
    }

    /// All hold; one that does not decides, whatever is unknown.
    pub(crate) fn all(truths: impl IntoIterator<Item = Self>) -> Self {
        let mut sum = Self::Yes;
        for truth in truths {
            match truth {
                Self::No => return Self::No,
                Self::Unknown(why) => sum = sum.or_unknown(why),
                Self::Yes => {}
            }
        }
        sum
    }

    /// One holds; one that does decides, whatever is unknown.
    pub(crate) fn any(truths: impl IntoIterator<Item = Self>) -> Self {
        Self::all(truths.into_iter().map(Self::negate)).negate()
    }

    /// Of several reasons the gravest stays.
    fn or_unknown(self, why: Unknown) -> Self {
        match self {
            Self::Unknown(known) => Self::Unknown(known.min(why)),
            _ => Self::Unknown(why),
        }
    }
}
