//! Versions as MKE, MSR and their images carry them.
//!
//! They are compared as semantic versions are, with two liberties: two numbers are enough, and `ucp/` or `v` may stand
//! before them, as in what MKE says of itself.

use std::cmp::Ordering;

/// A version such as `3.7.7`, `v1.27.7` or `ucp/3.7.7-rc1`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Version {
    numbers: Vec<u64>,
    /// What follows a `-`; a version with it is older than the same one without (semver).
    pre: Option<String>,
}

impl Version {
    /// Reads a version; `None` when the text does not begin with two numbers.
    #[must_use]
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let text = text.strip_prefix("ucp/").unwrap_or(text);
        let text = text.strip_prefix('v').unwrap_or(text);
        let text = text.split('+').next()?;
        let (core, pre) = match text.split_once('-') {
            Some((core, pre)) => (core, Some(pre.to_owned())),
            None => (text, None),
        };
        let numbers: Vec<u64> = core.split('.').map(|part| part.parse().ok()).collect::<Option<_>>()?;
        (numbers.len() >= 2).then_some(Self { numbers, pre })
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        let length = self.numbers.len().max(other.numbers.len());
        let number = |version: &Self, at: usize| version.numbers.get(at).copied().unwrap_or(0);
        (0..length).map(|at| number(self, at).cmp(&number(other, at))).find(|order| order.is_ne()).unwrap_or_else(
            || match (&self.pre, &other.pre) {
                (None, None) => Ordering::Equal,
                (None, Some(_)) => Ordering::Greater,
                (Some(_), None) => Ordering::Less,
                (Some(a), Some(b)) => a.cmp(b),
            },
        )
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_by_number() {
        let version = |text: &str| Version::parse(text).unwrap();
        assert!(version("3.7.9") < version("3.7.10"));
        assert!(version("3.7.7-rc1") < version("ucp/3.7.7"));
        assert!(version("v3.8.0") > version("3.7.10+build"));
        assert_eq!(version("3.7").cmp(&version("3.7.0")), Ordering::Equal);
        for text in ["latest", "", "3", "<none>", "3.x"] {
            assert_eq!(Version::parse(text), None, "{text}");
        }
    }
}
