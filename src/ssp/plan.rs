//! The SSP as rules ask it: which entries a section has, and which of them speaks of an object.

use std::collections::BTreeMap;

use crate::facts::Anchors;
use crate::model::digest::Digest;
use crate::ssp::claim::Claim;
use crate::ssp::entry::{Entry, Target};
use crate::yaml::OfCluster;

/// The SSP.
#[derive(Debug, Clone, Default)]
pub struct Ssp {
    /// Name of the system.
    pub system: String,
    /// The cluster that it is about, where it says so.
    pub cluster: Option<OfCluster>,
    /// Classification or distribution marking.
    pub marking: Option<String>,
    /// Who answers for the system.
    pub owner: Option<String>,
    /// Every entry of every section, in the order of the file.
    pub entries: Vec<Entry>,
    /// The sections that the file has; one without entries says that nothing is approved.
    pub sections: Vec<&'static str>,
    /// The file, as the user named it.
    pub(super) file: String,
    /// Its text, in which places of entries are looked up when they are told.
    pub(super) text: String,
}

impl Ssp {
    /// The name of its file, as the user gave it, and the digest of its text; none where no SSP was given.
    pub(crate) fn source(&self) -> Option<(&str, Digest)> {
        (!self.file.is_empty()).then(|| (self.file.as_str(), Digest::of(self.text.as_bytes())))
    }

    /// The entries of a section, each with its number.
    #[doc(hidden)]
    pub fn of<'s>(&'s self, section: &'s str) -> impl Iterator<Item = (usize, &'s Entry)> {
        self.entries.iter().enumerate().filter(move |(_, entry)| entry.section == section)
    }

    /// Whether the file speaks of a section at all. A section in which nothing is approved yet is a
    /// draft and says nothing; one that is empty says that nothing is allowed.
    pub(crate) fn speaks_of(&self, section: &str) -> bool {
        let mut entries = self.entries.iter().filter(|entry| entry.section == section).peekable();
        let empty = entries.peek().is_none();
        self.sections.contains(&section) && (empty || entries.any(|entry| entry.approval.approved))
    }

    /// Of some entries those that speak of the object, approved or not.
    pub(crate) fn speaking<'s>(
        &'s self,
        numbers: &'s [usize],
        target: &'s Target<'_>,
        claim: Option<&'s Claim>,
    ) -> impl Iterator<Item = usize> + 's {
        let speaks =
            move |entry: &Entry| entry.scope.covers(target) && claim.is_none_or(|claim| claim.listed_by(entry));
        numbers.iter().copied().filter(move |number| speaks(&self.entries[*number]))
    }

    /// Of some entries the one that holds longest, if one is approved and speaks of the object.
    pub(crate) fn longest<'n>(
        &self,
        numbers: impl IntoIterator<Item = &'n usize>,
        target: &Target<'_>,
        claim: Option<&Claim>,
    ) -> Option<usize> {
        let speaks = |entry: &Entry| {
            entry.approval.approved && entry.scope.covers(target) && claim.is_none_or(|claim| claim.listed_by(entry))
        };
        let speaking = numbers.into_iter().copied().filter(|number| speaks(&self.entries[*number]));
        // The first of equals, so that the outcome does not hang on how the file is read.
        speaking.max_by(|a, b| {
            let expires = |number: &usize| self.entries[*number].approval.expires.as_str();
            expires(a).cmp(expires(b)).then(b.cmp(a))
        })
    }

    /// The authorities that an approved entry names, whether or not it holds on the day: rules ask
    /// for that with `$ssp.trusted_ca`.
    pub(crate) fn trusted_ca(&self) -> Option<Anchors> {
        let (_, entry) = self.of("trusted_ca").find(|(_, entry)| entry.approval.approved)?;
        Anchors::parse(entry.text("pem")?).ok()
    }

    /// Single values that rules name with `$ssp.`, as far as they hold on a day.
    pub(crate) fn variables(&self, day: Option<&str>) -> BTreeMap<String, String> {
        let mut variables = BTreeMap::new();
        for (section, key) in
            [("mke_version", "version"), ("msr_version", "version"), ("banner", "sha256"), ("trusted_ca", "pem")]
        {
            for (_, entry) in self.of(section) {
                if let Some(text) = entry.text(key)
                    && entry.holds_on(day)
                {
                    variables.insert(format!("ssp.{section}"), text.to_owned());
                }
            }
        }
        variables
    }
}
