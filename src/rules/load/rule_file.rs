//! Reads a rule's YAML file.
//!
//! The reader goes on after a mistake and notes them all, each with its place and a hint; only a file without one
//! becomes a rule. `given` and `cases` are left alone here: an assessment has no use for them, and `rules check`
//! reads them where they stand (`cases/read.rs`).

use crate::model::severity::Severity;
use crate::rules::load::check::check;
use crate::rules::load::conditions::{of_nodes, of_the_cluster};
use crate::rules::load::definitions::{Definitions, MatcherReader};
use crate::rules::load::fix::procedure;
use crate::rules::load::matcher::define;
use crate::rules::load::values::{identifier, one_of, orchestrator, unknown};
use crate::rules::rule::{Applies, Check, Decision, Look, Rule, Texts};
use crate::yaml::{Checker, Node, Problem, parse};

/// Keys of a rule, with what each says (shown by the schema).
pub(crate) const RULE_KEYS: &[(&str, &str)] = &[
    ("id", "the vulnerability id (`V-…`), or an id of your own"),
    ("stig_id", "the STIG id (`CNTR-MK-…`)"),
    ("rule_id", "the rule id of the newest issue (`SV-…_rule`)"),
    ("other_rule_ids", "rule ids that other issues of the same release gave it"),
    ("srg", "the SRG id"),
    ("severity", "high, medium or low"),
    ("ccis", "the CCIs"),
    ("controls", "NIST SP 800-53 Rev. 5 controls"),
    ("title", "requirement"),
    ("why", "why it matters"),
    ("how", "how it is decided"),
    ("fix", "how to fix a finding: a text, or {steps, risk}"),
    ("reading", "where the STIG's text is ambiguous: what it says, what is meant, which decides"),
    ("undecided", "instead of checks: what a person must look at"),
    ("define", "matchers by name, used as `$name` wherever a matcher can stand"),
    ("applies", "when the rule applies"),
    ("checks", "what every selected object must be"),
    ("person", "what a person must look at besides the checks: a text, or a list of texts and of {orchestrator, look}"),
    ("given", "what the cases begin from; in a pack with many cases both stand in cases/<the same name>.yaml"),
    ("cases", "test cases of the rule, which only `rules check` reads"),
];

/// Keys of `applies`.
pub(crate) const APPLIES_KEYS: &[(&str, &str)] = &[
    ("orchestrator", "only where this orchestrator is in use"),
    ("msr", "`in_use`: only where MSR is in use"),
    ("os", "only nodes with one of these operating systems (`ID` of os-release)"),
    ("not_os", "only nodes with none of these operating systems"),
    ("node", "only nodes whose fact of this kind matches"),
    ("except", "not where a fact of this kind, of the cluster as a whole, matches"),
];

/// Reads a rule that uses no definitions of its pack.
///
/// # Errors
/// Every problem of the file.
///
/// ```
/// use mke_stig::rules::read_rule;
///
/// let check = "each: docker.container, must: { HostConfig.Privileged: false }";
/// let rule = read_rule("x.yaml", &format!("id: X-1\nseverity: low\ntitle: T\nchecks: [{{ {check} }}]\n")).unwrap();
/// assert_eq!(rule.checks()[0].wanted, "HostConfig.Privileged: false");
/// assert!(read_rule("x.yaml", "id: X-1\nchecks: []\n").is_err());
/// ```
pub fn read_rule(file: &str, text: &str) -> Result<Rule, Vec<Problem>> {
    rule(file, text, &Definitions::default())
}

/// Reads a rule of a pack with these definitions.
///
/// # Errors
/// Every problem of the file.
pub(crate) fn rule(file: &str, text: &str, of_pack: &Definitions) -> Result<Rule, Vec<Problem>> {
    let value = parse(file, text).map_err(|problem| vec![problem])?;
    let mut reader = MatcherReader::new(file, text, of_pack);
    let root = Node::root(&value);
    let entries = reader.checker.entries(&root, "a rule");
    // Wherever they stand in the file, definitions are there for all of it.
    if let Some((_, node)) = entries.iter().find(|(key, _)| *key == "define") {
        define(&mut reader, node);
    }
    let mut parts = Parts::default();
    for (key, node) in &entries {
        if !parts.text(&mut reader.checker, key, node) {
            parts.decision(&mut reader, key, node);
        }
    }
    let rule = parts.into_rule(&mut reader.checker, &root);
    if reader.checker.clean() { Ok(rule) } else { Err(reader.checker.finish()) }
}

/// What of a rule has been read.
#[derive(Default)]
struct Parts {
    id: String,
    severity: Option<Severity>,
    texts: Texts,
    applies: Applies,
    checks: Option<Vec<Check>>,
    undecided: Option<String>,
    person: Vec<Look>,
}

impl Parts {
    /// Reads an id or a text; whether the key is one.
    fn text(&mut self, checker: &mut Checker<'_>, key: &str, node: &Node<'_>) -> bool {
        let what = format!("`{key}`");
        let text = match key {
            "stig_id" => &mut self.texts.stig_id,
            "rule_id" => &mut self.texts.rule_id,
            "srg" => &mut self.texts.srg,
            "title" => &mut self.texts.title,
            "why" => &mut self.texts.why,
            "how" => &mut self.texts.how,
            "reading" => &mut self.texts.reading,
            _ => {
                let list = match key {
                    "other_rule_ids" => &mut self.texts.other_rule_ids,
                    "ccis" => &mut self.texts.ccis,
                    "controls" => &mut self.texts.controls,
                    _ => return false,
                };
                *list = checker.texts(node, &what);
                return true;
            }
        };
        *text = checker.text(node, &what);
        true
    }

    /// Reads a key that says what the rule asks, and of what.
    fn decision(&mut self, reader: &mut MatcherReader<'_>, key: &str, node: &Node<'_>) {
        let checker = &mut reader.checker;
        match key {
            "id" => self.id = identifier(checker, node),
            "fix" => {
                self.texts.procedure = procedure(checker, node);
                self.texts.fix = self.texts.procedure.text();
            }
            "severity" => {
                let word = one_of(checker, node, &Severity::NAMES);
                self.severity = Some(Severity::parse(&word).unwrap_or(Severity::Medium));
            }
            "undecided" => self.undecided = Some(checker.text(node, "`undecided`")),
            "person" => self.person = looks(checker, node),
            "applies" => self.applies = applies(reader, node),
            "checks" => {
                let elements = checker.elements(node, "`checks`");
                if elements.is_empty() {
                    checker.problem(node, "`checks` is empty", "a rule without a check would always pass");
                }
                self.checks = Some(elements.iter().flat_map(|node| check(reader, node)).collect());
            }
            "define" | "given" | "cases" => {}
            other => unknown(checker, node, other, RULE_KEYS),
        }
    }

    fn into_rule(self, checker: &mut Checker<'_>, root: &Node<'_>) -> Rule {
        let missing =
            [(self.id.is_empty(), "id"), (self.texts.title.is_empty(), "title"), (self.severity.is_none(), "severity")];
        for (_, key) in missing.iter().filter(|(missing, _)| *missing) {
            if checker.clean() {
                checker.problem(root, format!("`{key}` is missing"), "");
            }
        }
        let decision = match (self.checks, self.undecided) {
            (Some(checks), None) => Decision::Checks(checks),
            (None, Some(text)) => Decision::Undecided(text),
            _ => {
                checker.problem(root, "a rule has either `checks` or `undecided`", "");
                Decision::Undecided(String::new())
            }
        };
        Rule {
            id: self.id,
            severity: self.severity.unwrap_or(Severity::Medium),
            texts: self.texts,
            applies: self.applies,
            decision,
            person: self.person,
        }
    }
}

fn applies(reader: &mut MatcherReader<'_>, node: &Node<'_>) -> Applies {
    let mut applies = Applies::default();
    for (key, value) in reader.checker.entries(node, "`applies`") {
        let checker = &mut reader.checker;
        match key {
            "orchestrator" => applies.orchestrator = orchestrator(checker, &value),
            "msr" => applies.msr = !one_of(checker, &value, &["in_use"]).is_empty(),
            "os" => applies.os = checker.texts(&value, "`os`"),
            "not_os" => applies.not_os = checker.texts(&value, "`not_os`"),
            "node" => applies.node = of_nodes(reader, &value, "`node`"),
            "except" => applies.except = of_the_cluster(reader, &value, "`except`"),
            other => unknown(checker, &value, other, APPLIES_KEYS),
        }
    }
    applies
}

fn looks(checker: &mut Checker<'_>, node: &Node<'_>) -> Vec<Look> {
    let list = if node.value.is_sequence() { checker.elements(node, "`person`") } else { vec![node.clone()] };
    let mut looks = Vec::new();
    for node in &list {
        let mut look = Look { orchestrator: None, text: String::new() };
        if node.value.is_mapping() {
            for (key, value) in checker.entries(node, "`person`") {
                match key {
                    "orchestrator" => look.orchestrator = orchestrator(checker, &value),
                    "look" => look.text = checker.text(&value, "`look`"),
                    other => checker.unknown_key(&value, other, &["orchestrator", "look"]),
                }
            }
        } else {
            look.text = checker.text(node, "`person`");
        }
        if look.text.is_empty() && checker.clean() {
            checker.problem(node, "`look` is missing", "");
        }
        looks.push(look);
    }
    looks
}
