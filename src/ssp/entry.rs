//! One entry of the SSP: what it states, of which objects, and who approved it until when.

use std::collections::BTreeMap;

use crate::model::assessment::Approved;
use crate::ssp::pattern::Pattern;
use crate::yaml::Step;

/// A value that an entry states.
#[derive(Debug, Clone)]
pub enum Given {
    /// A text.
    Text(String),
    /// Texts.
    Texts(Vec<String>),
    /// A glob.
    Glob(Pattern),
    /// Ports.
    Ports(Vec<PortRange>),
}

/// Ports of one protocol, both ends included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PortRange {
    /// First port.
    pub first: u16,
    /// Last port.
    pub last: u16,
    /// `tcp`, `udp` or `sctp`.
    pub protocol: String,
}

impl PortRange {
    /// Reads `443`, `443/tcp`, `8000-8010/udp`; without a protocol tcp is meant.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (ports, protocol) = text.split_once('/').unwrap_or((text, "tcp"));
        let (first, last) = ports.split_once('-').unwrap_or((ports, ports));
        let range = Self { first: first.parse().ok()?, last: last.parse().ok()?, protocol: protocol.to_owned() };
        let known = matches!(protocol, "tcp" | "udp" | "sctp");
        (known && range.first > 0 && range.first <= range.last).then_some(range)
    }
}

/// Which objects an entry speaks of: every pattern that is given must match.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    /// Image.
    pub image: Option<Pattern>,
    /// Container name.
    pub container: Option<Pattern>,
    /// The object's own name, whatever its kind (a service, a network).
    pub name: Option<Pattern>,
    /// Kubernetes namespace.
    pub namespace: Option<Pattern>,
    /// Node name.
    pub node: Option<Pattern>,
    /// `manager` or `worker`.
    pub role: Option<String>,
}

/// Who approved an entry, why, and until when.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Approval {
    /// Why it is needed.
    pub reason: String,
    /// Who approved it.
    pub approver: String,
    /// Last day on which it holds, `YYYY-MM-DD`.
    pub expires: String,
    /// Whether it is approved: otherwise it decides nothing.
    pub approved: bool,
}

/// An entry of a section.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The section's name.
    pub section: &'static str,
    /// What it states, by key.
    pub given: BTreeMap<&'static str, Given>,
    /// Which objects it speaks of.
    pub scope: Scope,
    /// Approval.
    pub approval: Approval,
    /// The way to it in the file.
    pub(crate) path: Vec<Step>,
}

/// What an entry can look at.
#[derive(Debug, Clone, Copy, Default)]
pub struct Target<'t> {
    /// Images of the object.
    pub images: &'t [&'t str],
    /// Container name.
    pub container: Option<&'t str>,
    /// The object's own name.
    pub name: Option<&'t str>,
    /// Namespace.
    pub namespace: Option<&'t str>,
    /// Node.
    pub node: Option<&'t str>,
    /// The node's role.
    pub role: Option<&'t str>,
}

impl Scope {
    /// Whether an object is meant. A pod is meant by its image only if all its images match.
    pub(crate) fn covers(&self, target: &Target<'_>) -> bool {
        let one = |pattern: &Option<Pattern>, value: Option<&str>| {
            pattern.as_ref().is_none_or(|pattern| value.is_some_and(|value| pattern.matches(value)))
        };
        let images = self.image.as_ref().is_none_or(|pattern| {
            !target.images.is_empty() && target.images.iter().all(|image| pattern.matches(image))
        });
        images
            && one(&self.container, target.container)
            && one(&self.name, target.name)
            && one(&self.namespace, target.namespace)
            && self.node.as_ref().is_none_or(|pattern| target.node.is_some_and(|node| pattern.matches_host(node)))
            && self.role.as_deref().is_none_or(|role| target.role == Some(role))
    }
}

impl Entry {
    /// Whether it holds on a day (`YYYY-MM-DD`); without a day it cannot be told and does not.
    pub(crate) fn holds_on(&self, day: Option<&str>) -> bool {
        self.approval.approved && day.is_some_and(|day| day <= self.approval.expires.as_str())
    }

    /// The entry as an assessment keeps it.
    pub(crate) fn approved(&self) -> Approved {
        Approved {
            section: self.section.to_owned(),
            states: self.words(),
            reason: self.approval.reason.clone(),
            approver: self.approval.approver.clone(),
            expires: self.approval.expires.clone(),
        }
    }

    /// A text that it states.
    #[doc(hidden)]
    #[must_use]
    pub fn text(&self, key: &str) -> Option<&str> {
        match self.given.get(key)? {
            Given::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The entry in one line.
    pub(crate) fn words(&self) -> String {
        let values: Vec<String> = self.given.values().map(Given::words).collect();
        let scope = &self.scope;
        let mut parts: Vec<String> = [
            ("image", &scope.image),
            ("container", &scope.container),
            ("name", &scope.name),
            ("namespace", &scope.namespace),
            ("node", &scope.node),
        ]
        .iter()
        .filter_map(|(name, pattern)| Some(format!("{name} {}", pattern.as_ref()?.text)))
        .collect();
        parts.extend(scope.role.as_ref().map(|role| format!("{role}s")));
        let values = values.join(", ");
        let what = if self.section == "exceptions" { values } else { format!("{} {values}", self.section) };
        format!("{what} for {}", if parts.is_empty() { "everything".to_owned() } else { parts.join(", ") })
    }
}

impl Given {
    fn words(&self) -> String {
        match self {
            Self::Text(text) => text.chars().take(80).collect(),
            Self::Texts(texts) => texts.join(" "),
            Self::Glob(pattern) => pattern.text.clone(),
            Self::Ports(ranges) => ranges
                .iter()
                .map(|range| {
                    let last = if range.first == range.last { String::new() } else { format!("-{}", range.last) };
                    format!("{}{last}/{}", range.first, range.protocol)
                })
                .collect::<Vec<_>>()
                .join(" "),
        }
    }
}
