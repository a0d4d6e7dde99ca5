//! Reads an `ssp.yaml`, naming every mistake with its place.

use std::collections::BTreeMap;

use serde_yaml::Value;

use crate::facts::Anchors;
use crate::model::date::Day;
use crate::model::digest::Digest;
use crate::rules::{Version, text_digest};
use crate::ssp::claim;
use crate::ssp::entry::{Approval, Entry, Given, PortRange, Scope};
use crate::ssp::pattern::Pattern;
use crate::ssp::plan::Ssp;
use crate::ssp::section::{APPROVAL_KEYS, Form, SCOPE_KEYS, SECTIONS, Section, section};
use crate::yaml::{Checker, Node, OfCluster, Problem, nearest, parse};

impl Ssp {
    /// Reads an `ssp.yaml`.
    ///
    /// # Errors
    /// Every problem of the file, with line and column.
    ///
    /// ```
    /// use mke_stig::Ssp;
    ///
    /// let text = "ports:\n  - { prots: [443], expires: 2027-06-30 }\n";
    /// let problems = Ssp::parse("ssp.yaml", text).unwrap_err();
    /// assert!(problems[0].line().starts_with("ssp.yaml:2:"));
    /// assert_eq!(Ssp::parse("ssp.yaml", "system: Example\n").unwrap().system, "Example");
    /// ```
    pub fn parse(file: &str, text: &str) -> Result<Self, Vec<Problem>> {
        let value = parse(file, text).map_err(|problem| vec![problem])?;
        let mut checker = Checker::new(file, text);
        let mut ssp = Self { file: file.to_owned(), text: text.to_owned(), ..Self::default() };
        for (name, node) in checker.entries(&Node::root(&value), "the SSP") {
            match (name, section(name)) {
                ("system", _) => ssp.system = checker.text(&node, "`system`"),
                ("cluster", _) => ssp.cluster = Some(OfCluster::read(&mut checker, file, &node)),
                ("marking", _) => ssp.marking = Some(checker.text(&node, "`marking`")),
                ("owner", _) => ssp.owner = Some(checker.text(&node, "`owner`")),
                (_, Some(section)) => {
                    ssp.sections.push(section.name);
                    if section.list {
                        for node in checker.elements(&node, &format!("`{name}`")) {
                            ssp.entries.push(entry(&mut checker, section, &node));
                        }
                    } else {
                        ssp.entries.push(entry(&mut checker, section, &node));
                    }
                }
                (other, None) => {
                    let known: Vec<&str> = ["system", "cluster", "marking", "owner"]
                        .into_iter()
                        .chain(SECTIONS.iter().map(|known| known.name))
                        .collect();
                    checker.unknown_key(&node, other, &known);
                }
            }
        }
        if checker.clean() { Ok(ssp) } else { Err(checker.finish()) }
    }
}

fn entry(checker: &mut Checker<'_>, section: &'static Section, node: &Node<'_>) -> Entry {
    let mut entry = Entry {
        section: section.name,
        given: BTreeMap::new(),
        scope: Scope::default(),
        approval: Approval::default(),
        path: node.path().to_vec(),
    };
    for (name, value) in checker.entries(node, &format!("an entry of `{}`", section.name)) {
        if let Some(key) = section.keys.iter().find(|key| key.name == name) {
            if let Some(given) = given(checker, key.form, name, &value) {
                entry.given.insert(key.name, given);
            }
            continue;
        }
        let scope = &mut entry.scope;
        let approval = &mut entry.approval;
        match name {
            "reason" => value.value.as_str().unwrap_or_default().trim().clone_into(&mut approval.reason),
            "approver" => value.value.as_str().unwrap_or_default().trim().clone_into(&mut approval.approver),
            "expires" => approval.expires = day(checker, &value),
            "approved" => approval.approved = checker.boolean(&value, "`approved`"),
            name if !section.scope.contains(&name) => {
                let known: Vec<&str> = section.keys.iter().map(|key| key.name).collect();
                let scope = SCOPE_KEYS.iter().map(|(name, _)| *name).filter(|name| section.scope.contains(name));
                let approval = APPROVAL_KEYS.iter().map(|(name, _)| *name);
                checker.unknown_key(&value, name, &known.into_iter().chain(scope).chain(approval).collect::<Vec<_>>());
            }
            "image" => scope.image = glob(checker, &value),
            "container" => scope.container = glob(checker, &value),
            "name" => scope.name = glob(checker, &value),
            "namespace" => scope.namespace = glob(checker, &value),
            "node" => scope.node = glob_by(checker, &value, Pattern::of_hosts),
            _ => scope.role = one_of(checker, &value, &["manager", "worker"]),
        }
    }
    complete(checker, section, node, &entry);
    // Rules compare digests, whichever way the banner is written.
    if let Some(Given::Text(text)) = entry.given.get("text").filter(|_| section.name == "banner") {
        let digest = text_digest(text);
        entry.given.insert("sha256", Given::Text(digest));
    }
    entry
}

/// An entry has what its section needs, and an approved one says why and by whom.
fn complete(checker: &mut Checker<'_>, section: &Section, node: &Node<'_>, entry: &Entry) {
    let needed = section.keys.iter().filter(|key| key.needed).map(|key| key.name);
    let missing: Vec<&str> = needed.filter(|name| !entry.given.contains_key(name)).collect();
    if node.value.is_mapping() && checker.clean() {
        for name in missing {
            checker.problem(node, format!("`{name}` is missing"), "");
        }
        if entry.approval.expires.is_empty() {
            checker.problem(node, "`expires` is missing", "write the last day on which it holds, as 2027-06-30");
        }
        if section.name == "banner" && entry.given.len() != 1 {
            checker.problem(node, "the banner needs either `text` or `sha256`", "");
        }
    }
    if section.name == "identity_providers" && entry.given.is_empty() && checker.clean() {
        checker.problem(node, "no provider is named", "write `ldap`, `saml` or `issuer` with its address");
    }
    if entry.approval.approved && (entry.approval.reason.is_empty() || entry.approval.approver.is_empty()) {
        checker.problem(node, "an approved entry needs `reason` and `approver`", "");
    }
}

fn given(checker: &mut Checker<'_>, form: Form, name: &str, node: &Node<'_>) -> Option<Given> {
    let what = format!("`{name}`");
    match form {
        Form::Text => Some(checker.text(node, &what)).filter(|text| !text.is_empty()).map(Given::Text),
        Form::Texts => Some(Given::Texts(checker.texts(node, &what))),
        Form::Glob => glob(checker, node).map(Given::Glob),
        Form::OneOf(words) => one_of(checker, node, words).map(Given::Text),
        Form::Ports => Some(Given::Ports(ports(checker, node))),
        Form::Version => {
            let text = checker.text(node, &what);
            if !text.is_empty() && Version::parse(&text).is_none() {
                checker.problem(node, format!("`{text}` is not a version"), "write it as \"3.7.8\", in quotes");
            }
            Some(Given::Text(text))
        }
        Form::Quantity => {
            let text = plain(node.value).unwrap_or_default();
            if claim::quantity(&text).is_none() {
                checker.problem(node, format!("{what} is not a quantity"), "write it as 4, 500m or 2Gi");
            }
            Some(Given::Text(text))
        }
        Form::Certificates => {
            let text = checker.text(node, &what);
            if let Err(why) = Anchors::parse(&text) {
                checker.problem(
                    node,
                    format!("this is not a bundle of certificates: {why}"),
                    "write them in PEM after `pem: |`",
                );
            }
            Some(Given::Text(text))
        }
        Form::Flag => Some(Given::Text(checker.boolean(node, &what).to_string())),
        Form::Sha256 => {
            let text = checker.text(node, &what).to_ascii_lowercase();
            if text.parse::<Digest>().is_err() {
                checker.problem(node, format!("{what} is not a SHA-256"), "64 hexadecimal digits");
            }
            Some(Given::Text(text))
        }
    }
}

/// A text or number, as text.
fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn ports(checker: &mut Checker<'_>, node: &Node<'_>) -> Vec<PortRange> {
    let list = if node.value.is_sequence() { checker.elements(node, "`ports`") } else { vec![node.clone()] };
    let mut ranges = Vec::new();
    for port in &list {
        match plain(port.value).as_deref().and_then(PortRange::parse) {
            Some(range) => ranges.push(range),
            None => checker.problem(port, "this is not a port", "write it as 443, 443/tcp or 8000-8010/udp"),
        }
    }
    ranges
}

fn one_of(checker: &mut Checker<'_>, node: &Node<'_>, words: &[&str]) -> Option<String> {
    let word = checker.text(node, "this");
    if word.is_empty() || words.contains(&word.as_str()) {
        return Some(word).filter(|word| !word.is_empty());
    }
    checker.problem(node, format!("`{word}` is not allowed here"), nearest(&word, words));
    None
}

fn glob(checker: &mut Checker<'_>, node: &Node<'_>) -> Option<Pattern> {
    glob_by(checker, node, Pattern::parse)
}

fn glob_by(
    checker: &mut Checker<'_>,
    node: &Node<'_>,
    parse: impl Fn(&str) -> Result<Pattern, String>,
) -> Option<Pattern> {
    let text = checker.text(node, "a pattern");
    if text.is_empty() {
        return None;
    }
    parse(&text)
        .map_err(|error| {
            checker.problem(node, format!("this is not a pattern: {error}"), "`*` stands for any characters");
        })
        .ok()
}

fn day(checker: &mut Checker<'_>, node: &Node<'_>) -> String {
    let text = checker.text(node, "`expires`");
    if !text.is_empty() && Day::parse(&text).is_none() {
        checker.problem(node, format!("`{text}` is not a day"), "write it as 2027-06-30");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(text: &str) -> Vec<String> {
        Ssp::parse("ssp.yaml", text).err().unwrap_or_default().iter().map(Problem::line).collect()
    }

    #[test]
    fn mistakes_are_named_with_their_place() {
        for (text, place, part) in [
            ("system: a\nprots: []\n", "2:1", "unknown key `prots`"),
            ("ports:\n  - { ports: 443, namespaces: x, expires: 2027-01-01 }\n", "2:", "unknown key `namespaces`"),
            ("ports:\n  - { ports: [443, 0/tcp], expires: 2027-01-01 }\n", "2:", "not a port"),
            ("ports:\n  - { expires: 2027-01-01 }\n", "2:", "`ports` is missing"),
            ("quotas:\n  - { namespace: a, cpu: lots, memory: 1Gi, expires: 2027-01-01 }\n", "2:", "not a quantity"),
            ("mke_version: { version: soon, expires: 2027-01-01 }\n", "1:", "not a version"),
            ("banner: { expires: 2027-01-01 }\n", "1:", "either `text` or `sha256`"),
            ("signers:\n  - { signer: a/b, expires: 2027-01-01, approved: true }\n", "2:", "`reason` and `approver`"),
            ("signers:\n  - { signer: a/b }\n", "2:", "`expires` is missing"),
            ("exceptions:\n  - { type: host_pidd, expires: 2027-01-01 }\n", "2:", "`host_pid`"),
            ("capabilities:\n  - { capabilities: NET_RAW, image: 'a[', expires: 2027-01-01 }\n", "2:", "not a pattern"),
        ] {
            let lines = problems(text);
            assert!(lines.iter().any(|line| line.contains(place) && line.contains(part)), "{text}: {lines:?}");
        }
    }
}
