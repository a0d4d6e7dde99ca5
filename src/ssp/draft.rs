//! What an SSP would have to say of a snapshot: the entries of a draft.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::facts::marks_not_kept;
use crate::rules::{REDACTED, Version};
use crate::ssp::claim::Claim;
use crate::ssp::entry::Target;
use crate::ssp::section::{Form, SECTIONS, Section};
use crate::yaml::quote::quoted_ascii;

/// Entries of a draft; a file of more would not be read.
const ENTRIES: usize = 2_500;

/// What an entry states: keys, each with its values.
type Stated = Vec<(String, Vec<String>)>;

/// Keys of a scope, with exact values.
type Scoped = BTreeMap<&'static str, String>;

/// An entry that would make an object good.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Proposal {
    section: String,
    claim: Claim,
    scope: Scoped,
}

/// An exact name as a glob.
fn exact(name: &str) -> String {
    name.chars().fold(String::new(), |mut glob, c| {
        if matches!(c, '\\' | '*' | '?' | '[' | ']' | '{' | '}') {
            glob.push('\\');
        }
        glob.push(c);
        glob
    })
}

impl Proposal {
    /// An exception that would excuse an object.
    pub(crate) fn exception(kind: &str, target: &Target<'_>) -> Self {
        Self {
            section: "exceptions".to_owned(),
            claim: Claim::Name(kind.to_owned()),
            scope: scope("exceptions", target),
        }
    }

    /// An entry of a list that would name what an object does.
    pub(crate) fn listed(section: &str, claim: &Claim, target: &Target<'_>) -> Self {
        Self { section: section.to_owned(), claim: claim.clone(), scope: scope(section, target) }
    }

    /// A section with a single value.
    pub(crate) fn single(section: &str, value: &str) -> Self {
        Self { section: section.to_owned(), claim: Claim::Name(value.to_owned()), scope: BTreeMap::new() }
    }

    /// The section's single value as an object shows it, if it can be one. An authority is not taken
    /// from the server for which it is to vouch.
    pub(crate) fn of_value(section: &str, value: &str) -> Option<Self> {
        let value = value.trim_start_matches("ucp/").trim();
        let states = match section {
            "banner" => !value.is_empty() && value != REDACTED && !marks_not_kept(value),
            "mke_version" | "msr_version" => Version::parse(value).is_some(),
            _ => false,
        };
        states.then(|| Self::single(section, value))
    }

    /// What it states, each key with its values.
    fn given(&self) -> Stated {
        let one = |key: &str, value: &str| (key.to_owned(), vec![value.to_owned()]);
        match &self.claim {
            Claim::Port(port, protocol) => vec![one("ports", &format!("{port}/{protocol}"))],
            Claim::Capability(name) => vec![one("capabilities", name)],
            Claim::Quota(cpu, memory) => [("cpu", cpu), ("memory", memory)]
                .into_iter()
                .filter_map(|(key, value)| Some(one(key, value.as_ref()?)))
                .collect(),
            Claim::Facts(facts) => {
                facts.iter().filter_map(|(key, value)| Some(one(key, &self.written(key, value.as_ref()?)))).collect()
            }
            Claim::Name(name) => {
                let key = section(&self.section).and_then(|section| section.keys.first()).map_or("", |key| key.name);
                vec![one(key, &self.written(key, name))]
            }
            Claim::Use => Vec::new(),
        }
    }

    /// A value as its key is read: as a glob where it is one.
    fn written(&self, key: &str, value: &str) -> String {
        let form = section(&self.section).and_then(|section| section.keys.iter().find(|known| known.name == key));
        if form.is_some_and(|key| key.form == Form::Glob) { exact(value) } else { value.to_owned() }
    }
}

fn section(name: &str) -> Option<&'static Section> {
    SECTIONS.iter().find(|section| section.name == name)
}

/// The scope that means an object and others like it: containers of an image whatever their name and node.
fn scope(name: &str, target: &Target<'_>) -> Scoped {
    let allowed = section(name).map_or(&[][..], |section| section.scope);
    let mut scope = BTreeMap::new();
    let mut put = |key: &'static str, value: Option<&str>| {
        if let Some(value) = value.filter(|value| allowed.contains(&key) && !value.is_empty()) {
            scope.insert(key, exact(value));
            return true;
        }
        false
    };
    let images: BTreeSet<&str> = target.images.iter().copied().collect();
    let by_image = images.len() == 1 && put("image", images.first().copied());
    put("namespace", target.namespace);
    // A service of Kubernetes is stated by a key of its own.
    if !by_image {
        put("name", target.name);
    }
    if name == "ports"
        && let Some(role) = target.role
    {
        scope.insert("role", role.to_owned());
    }
    scope
}

/// The text of a draft: every entry holds until a day, and none is approved.
pub(crate) fn draft(proposals: &BTreeSet<Proposal>, about: &[String], cluster: Option<&str>, expires: &str) -> String {
    let mut text = String::new();
    for line in about {
        let _ = writeln!(text, "# {}", plain(line));
    }
    if let Some(cluster) = cluster {
        let _ = writeln!(text, "\ncluster: {}", quoted_ascii(cluster));
    }
    let mut left = ENTRIES;
    let mut beyond = 0;
    for section in SECTIONS {
        let mut entries: Vec<(&Scoped, Stated)> = Vec::new();
        let mut merged: BTreeMap<&Scoped, usize> = BTreeMap::new();
        for proposal in proposals.iter().filter(|proposal| proposal.section == section.name) {
            let given = proposal.given();
            // Ports and capabilities of one scope make one entry.
            let together = matches!(proposal.claim, Claim::Port(..) | Claim::Capability(_));
            if let (Some(at), [(_, values)]) = (merged.get(&proposal.scope).filter(|_| together), given.as_slice()) {
                entries[*at].1[0].1.extend(values.iter().cloned());
            } else {
                merged.insert(&proposal.scope, entries.len());
                entries.push((&proposal.scope, given));
            }
        }
        if !section.list {
            entries.truncate(1);
        }
        let shown = entries.len().min(left);
        left -= shown;
        beyond += entries.len() - shown;
        if shown == 0 {
            continue;
        }
        let _ = writeln!(text, "\n# {}\n{}:", section.words, section.name);
        for (scope, given) in entries.iter().take(shown) {
            entry(&mut text, section, scope, given, expires);
        }
    }
    if beyond > 0 {
        let _ =
            writeln!(text, "\n# {beyond} more entries would be needed than a file can hold: state them with globs.");
    }
    text
}

fn entry(text: &mut String, section: &Section, scope: &Scoped, given: &[(String, Vec<String>)], expires: &str) {
    let mut lines: Vec<String> = given
        .iter()
        .map(|(key, values)| {
            let values: Vec<String> = values.iter().map(|value| quoted_ascii(value)).collect();
            match section.keys.iter().find(|known| known.name == key).map(|key| key.form) {
                Some(Form::Ports | Form::Texts) => format!("{key}: [{}]", values.join(", ")),
                Some(Form::Flag) => format!("{key}: {}", values.concat().trim_matches('"')),
                _ => format!("{key}: {}", values.concat()),
            }
        })
        .collect();
    lines.extend(scope.iter().map(|(key, value)| format!("{key}: {}", quoted_ascii(value))));
    lines.extend(["reason: \"\"".to_owned(), "approver: \"\"".to_owned()]);
    lines.extend([format!("expires: {expires}"), "approved: false".to_owned()]);
    for (number, line) in lines.iter().enumerate() {
        let indent = match (section.list, number) {
            (false, _) => "  ",
            (true, 0) => "  - ",
            (true, _) => "    ",
        };
        let _ = writeln!(text, "{indent}{line}");
    }
}

/// A line of a comment.
fn plain(line: &str) -> String {
    line.chars().map(|c| if (' '..='~').contains(&c) { c } else { '?' }).collect()
}
