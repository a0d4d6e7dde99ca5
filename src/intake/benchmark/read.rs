//! Reads XCCDF, 1.1 and 1.2, as one stream.

use std::collections::BTreeMap;

use crate::intake::benchmark::description::describe;
use crate::intake::benchmark::model::{Benchmark, OfficialRule};
use crate::intake::ids::{bare, full_rule_id, vuln_of};
use crate::intake::xml::{Element, Next, Xml};
use crate::model::date::Day;
use crate::model::severity::Severity;
use crate::yaml::Problem;

/// Rules of one benchmark; the largest that is published has fewer than a thousand.
const MAX_RULES: usize = 20_000;
/// Problems that are told of one file.
const MAX_PROBLEMS: usize = 50;

/// The benchmarks in a file: one, or those in a data stream; none where the file holds other XML.
///
/// # Errors
/// Every problem of the file: XML that is not well-formed is the only one then.
pub fn read_benchmarks(file: &str, text: &str) -> Result<Vec<Benchmark>, Vec<Problem>> {
    let mut reader = Reader { xml: Xml::new(file, text), problems: Vec::new() };
    let found = reader.benchmarks().map_err(|problem| vec![problem])?;
    if reader.problems.is_empty() { Ok(found) } else { Err(reader.problems) }
}

struct Reader<'t> {
    xml: Xml<'t>,
    problems: Vec<Problem>,
}

/// A group that is open: its depth, id and title.
struct Group {
    depth: usize,
    id: String,
    title: String,
}

impl Reader<'_> {
    fn benchmarks(&mut self) -> Result<Vec<Benchmark>, Problem> {
        let mut found = Vec::new();
        loop {
            match self.xml.next()? {
                Next::Start(start) if start.name == "Benchmark" => found.push(self.benchmark(&start)?),
                Next::Eof => return Ok(found),
                Next::Start(_) | Next::End | Next::Text(_) => {}
            }
        }
    }

    fn benchmark(&mut self, start: &Element) -> Result<Benchmark, Problem> {
        let id = bare(start.attribute("id").unwrap_or_default()).to_owned();
        let mut benchmark = Benchmark { id, ..Benchmark::default() };
        let outside = self.xml.depth() - 1;
        let mut groups: Vec<Group> = Vec::new();
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        loop {
            let start = match self.xml.next()? {
                Next::Start(start) => start,
                Next::End => {
                    let depth = self.xml.depth();
                    groups.retain(|group| group.depth <= depth);
                    if depth == outside {
                        break;
                    }
                    continue;
                }
                Next::Text(_) => continue,
                Next::Eof => break,
            };
            match start.name.as_str() {
                "Group" => {
                    let id = bare(start.attribute("id").unwrap_or_default()).to_owned();
                    groups.push(Group { depth: self.xml.depth(), id, title: String::new() });
                }
                "Rule" => {
                    let tree = self.xml.tree(start)?;
                    self.rule(&tree, groups.last(), &mut benchmark, &mut seen)?;
                }
                "title" if !groups.is_empty() => {
                    let title = self.xml.tree(start)?.text();
                    if let Some(group) = groups.last_mut() {
                        group.title = title;
                    }
                }
                _ if !groups.is_empty() => self.xml.skip()?,
                "TestResult" => {
                    benchmark.has_results = true;
                    self.xml.skip()?;
                }
                "title" | "description" | "version" | "plain-text" | "notice" | "reference" => {
                    let tree = self.xml.tree(start)?;
                    head(&mut benchmark, &tree);
                }
                // Profiles select rules by the site's category; every rule is in the STIG.
                _ => self.xml.skip()?,
            }
        }
        Ok(benchmark)
    }

    fn rule(
        &mut self,
        tree: &Element,
        group: Option<&Group>,
        benchmark: &mut Benchmark,
        seen: &mut BTreeMap<String, usize>,
    ) -> Result<(), Problem> {
        if benchmark.rules.len() == MAX_RULES {
            return Err(self.xml.problem(tree.at, format!("there are more than {MAX_RULES} rules"), ""));
        }
        let rule = official(tree, group);
        if benchmark.target_key.is_none() {
            benchmark.target_key.clone_from(&rule.target_key);
        }
        if rule.vuln_id.is_empty() || rule.rule_id.is_empty() {
            let message = "a rule has no id: neither its group nor the rule itself says which one it is";
            self.note(tree, message, "get the file from its publisher again");
        } else if let Some(line) = seen.insert(rule.vuln_id.clone(), tree.line) {
            let message = format!("{} appears twice in the benchmark, first on line {line}", rule.vuln_id);
            self.note(tree, &message, "get the file from its publisher again");
        }
        benchmark.rules.push(rule);
        Ok(())
    }

    fn note(&mut self, tree: &Element, message: &str, hint: &str) {
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(self.xml.problem(tree.at, message, hint));
        }
    }
}

/// What stands before the rules.
fn head(benchmark: &mut Benchmark, tree: &Element) {
    match tree.name.as_str() {
        "title" => benchmark.title = tree.text(),
        "description" => benchmark.description = tree.text(),
        "version" => benchmark.version = tree.text(),
        "notice" => tree.attribute("id").unwrap_or_default().clone_into(&mut benchmark.notice),
        "reference" => benchmark.source = tree.text_of("source"),
        "plain-text" if tree.attribute("id") == Some("release-info") => {
            let info = tree.text();
            let release = after(&info, "Release:").split_whitespace().next().unwrap_or_default();
            release.clone_into(&mut benchmark.release);
            benchmark.date =
                Day::parse_benchmark(after(&info, "Benchmark Date:")).map_or_else(String::new, |day| day.to_string());
        }
        _ => {}
    }
}

fn after<'t>(text: &'t str, label: &str) -> &'t str {
    text.split_once(label).map_or("", |(_, rest)| rest.trim_start())
}

/// A rule, as its element and its group state it.
fn official(tree: &Element, group: Option<&Group>) -> OfficialRule {
    let attribute = |name: &str| tree.attribute(name).unwrap_or_default().trim().to_owned();
    let rule_id = full_rule_id(&attribute("id"));
    let vuln_id = group.map(|group| group.id.clone()).filter(|id| id.starts_with("V-"));
    let mut rule = OfficialRule {
        vuln_id: vuln_id.or_else(|| vuln_of(&rule_id)).unwrap_or_default(),
        rule_id,
        srg: group.map(|group| group.title.clone()).unwrap_or_default(),
        stig_id: tree.text_of("version"),
        severity: Severity::parse(&attribute("severity").to_ascii_lowercase()),
        weight: attribute("weight"),
        title: tree.text_of("title"),
        fix: tree.text_of("fixtext"),
        line: tree.line,
        ..OfficialRule::default()
    };
    if let Some(description) = tree.named("description").next() {
        describe(&mut rule, description);
    }
    if let Some(fix) = tree.named("fixtext").next() {
        fix.attribute("fixref").unwrap_or_default().clone_into(&mut rule.fix_id);
    }
    // A rule may also have a check for programs; the one for people has its text in the file.
    let checks = || tree.named("check").chain(tree.named("complex-check").flat_map(|check| check.named("check")));
    let check = checks().find(|check| check.named("check-content").next().is_some()).or_else(|| checks().next());
    if let Some(check) = check {
        rule.check = check.text_of("check-content");
        check.attribute("system").unwrap_or_default().clone_into(&mut rule.check_system);
        if let Some(reference) = check.named("check-content-ref").next() {
            reference.attribute("name").unwrap_or_default().clone_into(&mut rule.check_name);
            reference.attribute("href").unwrap_or_default().clone_into(&mut rule.check_href);
        }
    }
    for ident in tree.named("ident") {
        let system = ident.attribute("system").unwrap_or_default().to_ascii_lowercase();
        let text = ident.text();
        let list = if system.ends_with("legacy") { &mut rule.legacy_ids } else { &mut rule.ccis };
        let fits = system.ends_with("legacy") || text.starts_with("CCI-");
        if fits && !text.is_empty() && !list.contains(&text) {
            list.push(text);
        }
    }
    let identifiers = tree.named("reference").flat_map(|reference| reference.named("identifier"));
    rule.target_key = identifiers.map(Element::text).find(|key| !key.is_empty());
    rule
}
