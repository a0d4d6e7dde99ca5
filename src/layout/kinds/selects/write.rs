//! Writes the lists as the collector carries them and as its documents show them.
//!
//! A section begins with `= name key members`: the kind, the key below which its objects lie (`-` for none) and the
//! members that hold it. `= @name` is a section that others name: `spec.template @pod` stands for every line of
//! `@pod` with `spec.template.` before it. A line is a path, with `=` and what is kept of it, and the rules that
//! read the field; `+ HostConfig a b` are the paths `HostConfig.a` and `HostConfig.b`, which no rule reads.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::layout::kinds::encoding::Encoding;
use crate::layout::kinds::kind::Kind;
use crate::layout::kinds::paths::{case_path, cluster_path};
use crate::layout::kinds::row::{Group, Select};
use crate::layout::kinds::selects::fields::{keys_of, parts};

/// Columns of a line.
const WIDTH: usize = 116;

/// One section of the lists.
#[derive(Debug, Default)]
struct Section {
    head: String,
    /// References to other sections.
    parts: Vec<String>,
    /// Fields with the path that they stand below, and the rules that read them.
    fields: Vec<(String, &'static str, BTreeSet<String>)>,
}

impl Section {
    fn part(&mut self, line: String) {
        if !self.parts.contains(&line) {
            self.parts.push(line);
        }
    }

    fn field(&mut self, below: &str, field: &'static str, rules: BTreeSet<String>) {
        match self.fields.iter_mut().find(|(place, known, _)| place == below && *known == field) {
            Some((.., known)) => known.extend(rules),
            None => self.fields.push((below.to_owned(), field, rules)),
        }
    }

    fn write(&self, out: &mut String) {
        let _ = writeln!(out, "= {}", self.head);
        self.parts.iter().for_each(|line| out.extend([line, "\n"]));
        for (below, field, rules) in self.fields.iter().filter(|(.., rules)| !rules.is_empty()) {
            let between = if below.is_empty() || field.starts_with('[') { "" } else { "." };
            out.push_str(&with_rules(format!("{below}{between}{field}"), rules));
        }
        let mut line = String::new();
        for (below, field, _) in self.fields.iter().filter(|(.., rules)| rules.is_empty()) {
            let head = format!("+ {}", if below.is_empty() { "." } else { below });
            let same = line.split(' ').take(2).eq(head.split(' '));
            if !same || line.len() + field.len() + 1 > WIDTH {
                out.extend([line.as_str(), if line.is_empty() { "" } else { "\n" }]);
                line = head;
            }
            line.extend([" ", field]);
        }
        out.extend([line.as_str(), if line.is_empty() { "" } else { "\n" }]);
    }
}

/// A line with as many of the rules as fit.
fn with_rules(mut line: String, rules: &BTreeSet<String>) -> String {
    for (at, rule) in rules.iter().enumerate() {
        let left = rules.len() - at;
        if line.len() + rule.len() + " and 99 more".len() > WIDTH && left > 1 {
            let _ = write!(line, " and {left} more");
            break;
        }
        line.extend([" ", rule]);
    }
    line + "\n"
}

/// The lists of all kinds that the collector collects, as text. `readers` says which rules read a field.
#[must_use]
pub fn lists(readers: &dyn Fn(&Kind, &[String]) -> BTreeSet<String>) -> String {
    let (mut shared, mut own) = (Vec::new(), Vec::new());
    for kind in Kind::all().filter(Kind::is_collected) {
        let under = match kind.encoding() {
            Encoding::JsonUnder(key) => key,
            _ => "-",
        };
        let members = [cluster_path(&kind), case_path(&kind, Some("<node>"))];
        let mut head = format!("{kind} {under}");
        members.into_iter().flatten().for_each(|member| head.extend([" ", &member]));
        let mut section = Section { head, ..Section::default() };
        let mut writer = Writer { kind: &kind, readers, shared: &mut shared };
        writer.groups(kind.row().selects, &[], "", &mut section);
        own.push(section);
    }
    let mut out = String::new();
    shared.iter().chain(&own).for_each(|section| section.write(&mut out));
    out
}

struct Writer<'w> {
    kind: &'w Kind,
    readers: &'w dyn Fn(&Kind, &[String]) -> BTreeSet<String>,
    shared: &'w mut Vec<Section>,
}

impl Writer<'_> {
    /// Adds groups to a section. `above` are the keys above them in the kind, `within` their path in the section.
    fn groups(&mut self, groups: &'static [Group], above: &[String], within: &str, section: &mut Section) {
        for (path, select) in groups {
            let of_document = path.starts_with('/');
            let keys: Vec<String> = above.iter().cloned().chain(keys_of(path.trim_start_matches('/'))).collect();
            let place = if within.is_empty() || path.is_empty() {
                format!("{within}{path}")
            } else {
                format!("{within}.{path}")
            };
            match select {
                Select::Below(name, inner) => {
                    section.part(format!("{} @{name}", if place.is_empty() { "." } else { &place }));
                    let head = format!("@{name}");
                    let at = self.shared.iter().position(|known| known.head == head);
                    let mut part =
                        at.map_or_else(|| Section { head, ..Section::default() }, |at| self.shared.remove(at));
                    self.groups(inner, &keys, "", &mut part);
                    self.shared.push(part);
                }
                Select::Fields(text) => {
                    for field in text.split_whitespace() {
                        let (path, _) = parts(field);
                        let keys: Vec<String> = keys.iter().cloned().chain(keys_of(path)).collect();
                        let rules = if of_document { BTreeSet::new() } else { (self.readers)(self.kind, &keys) };
                        section.field(&place, field, rules);
                    }
                }
            }
        }
    }
}
