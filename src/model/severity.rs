//! Severities and the categories that stand for them.
//!
//! The STIG says `high`, people say CAT I, and the two never differ: [`Severity`] is what is decided, [`Cat`] is how
//! it is shown. Both are closed lists with one spelling, so a text that is neither is refused where it is read.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Severity, in the STIG's words; the worst is the least, so that lists of findings begin with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// CAT I.
    High,
    /// CAT II.
    Medium,
    /// CAT III.
    Low,
}

impl Severity {
    /// The words for all severities, the worst first.
    pub const NAMES: [&str; 3] = ["high", "medium", "low"];

    /// All severities, the worst first.
    pub const ALL: [Self; 3] = [Self::High, Self::Medium, Self::Low];

    /// Reads `high`, `medium` or `low`, and nothing else.
    ///
    /// ```
    /// use mke_stig::model::severity::Severity;
    ///
    /// assert_eq!(Severity::parse("high"), Some(Severity::High));
    /// assert_eq!(Severity::parse("High"), None);
    /// ```
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.name() == word)
    }

    /// Returns `high`, `medium` or `low`.
    ///
    /// ```
    /// use mke_stig::model::severity::Severity;
    ///
    /// assert_eq!(Severity::ALL.map(Severity::name), Severity::NAMES);
    /// ```
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
        }
    }

    /// Returns the category that stands for it.
    ///
    /// ```
    /// use mke_stig::model::severity::{Cat, Severity};
    ///
    /// assert_eq!(Severity::Medium.cat(), Cat::II);
    /// ```
    #[must_use]
    pub fn cat(self) -> Cat {
        match self {
            Self::High => Cat::I,
            Self::Medium => Cat::II,
            Self::Low => Cat::III,
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Category of a finding, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub enum Cat {
    /// High.
    I,
    /// Medium.
    II,
    /// Low.
    III,
}

impl Cat {
    /// All categories, the worst first.
    pub const ALL: [Self; 3] = [Self::I, Self::II, Self::III];

    /// Returns `I`, `II` or `III`.
    ///
    /// ```
    /// use mke_stig::model::severity::Cat;
    ///
    /// assert_eq!(format!("CAT {}", Cat::III.name()), "CAT III");
    /// ```
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::I => "I",
            Self::II => "II",
            Self::III => "III",
        }
    }
}

impl fmt::Display for Cat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_spell_them_as_they_are_shown() {
        for severity in Severity::ALL {
            assert_eq!(serde_json::to_string(&severity).unwrap(), format!("{:?}", severity.name()));
            assert_eq!(serde_json::to_string(&severity.cat()).unwrap(), format!("{:?}", severity.cat().name()));
            assert_eq!(Severity::parse(severity.name()), Some(severity));
        }
        assert_eq!(Severity::ALL.map(Severity::cat), Cat::ALL);
        for other in ["", "HIGH", "critical", "medium ", "I"] {
            assert_eq!(Severity::parse(other), None, "{other}");
            assert!(serde_json::from_value::<Severity>(other.into()).is_err(), "{other}");
        }
        assert_eq!(format!("{:<4}|", Cat::II), "II  |");
    }
}
