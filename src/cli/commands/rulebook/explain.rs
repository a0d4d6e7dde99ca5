//! `mke-stig explain`

use std::fmt::Write as _;

use clap::Args;
use serde_json::json;

use crate::cli::exit::Exit;
use crate::cli::output::Out;
use crate::rules::{Decision, Demand, Pack, Rule};

/// Columns of a text behind its indent, as the texts in the files of rules have.
const WIDTH: usize = 118;

/// Explain a rule: what it asks, why, how it is decided and fixed.
#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// The rule's id, such as V-260930; its STIG id or rule id will do too.
    id: String,
    /// Print JSON: id, cat, title, `decided_by` and kinds.
    #[arg(long)]
    json: bool,
}

impl Explain {
    pub(crate) fn run(&self, out: &mut Out) -> anyhow::Result<Exit> {
        let rule = find(&self.id)?;
        if self.json {
            let kinds: Vec<&str> = rule.kinds().into_iter().map(crate::layout::Kind::name).collect();
            let value = json!({
                "id": rule.id, "cat": rule.severity.cat(), "title": rule.texts.title,
                "decided_by": rule.decided_by(), "kinds": kinds,
            });
            out.json(&value)?;
        } else {
            out.data(&explain(&rule))?;
        }
        Ok(Exit::Done)
    }
}

/// The built-in rule with an id: its own, its STIG id or a rule id.
pub(crate) fn find(id: &str) -> anyhow::Result<Rule> {
    let wanted = id.to_ascii_uppercase();
    let wanted = if wanted.bytes().all(|byte| byte.is_ascii_digit()) { format!("V-{wanted}") } else { wanted };
    let found = Pack::embedded().rules.into_iter().find(|rule| {
        let texts = &rule.texts;
        let others = texts.other_rule_ids.iter().chain([&texts.rule_id, &texts.stig_id, &rule.id]);
        others.into_iter().any(|known| known.to_ascii_uppercase() == wanted)
    });
    found.ok_or_else(|| anyhow::anyhow!("there is no rule `{id}`; `mke-stig rules list` names them all"))
}

/// A rule in full.
pub(crate) fn explain(rule: &Rule) -> String {
    let texts = &rule.texts;
    let mut text = format!("{}  CAT {}  {}\n", rule.id, rule.severity.cat(), texts.title);
    let _ = writeln!(text, "{}, {}, {}", texts.stig_id, texts.rule_id, texts.srg);
    if !texts.other_rule_ids.is_empty() {
        let _ = writeln!(text, "in another issue of the release: {}", texts.other_rule_ids.join(", "));
    }
    let _ = writeln!(text, "{}; {}", texts.ccis.join(", "), texts.controls.join(", "));
    for (heading, body) in [("Why", &texts.why), ("How it is decided", &texts.how)] {
        section(&mut text, heading, body);
    }
    match &rule.decision {
        Decision::Undecided(what) => section(&mut text, "Manual check", what),
        Decision::Broken(why) => section(&mut text, "The rule's file is broken", why),
        Decision::Checks(checks) => {
            text.push_str("\nChecks\n");
            for check in checks {
                let whose = if check.of.is_empty() { String::new() } else { format!(" of {}", check.of.join(", ")) };
                let wanted = match (&check.demand, &check.person) {
                    (Demand::Person(what), _) | (_, Some(what)) => what,
                    _ => &check.wanted,
                };
                let _ = writeln!(text, "  each {}{whose}: {wanted}", check.each);
                if let Some(filter) = &check.filter {
                    let _ = writeln!(text, "    where {}", filter.words());
                }
                if let Some(exception) = &check.unless {
                    let _ = writeln!(text, "    unless the SSP has an approved exception of type {exception}");
                }
                let _ = writeln!(text, "    from {}", check.each.source());
            }
        }
    }
    section(&mut text, "How the STIG's text is read", &texts.reading);
    section(&mut text, "Fix", &texts.fix);
    text
}

fn section(text: &mut String, heading: &str, body: &str) {
    if body.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n{heading}");
    // Options of commands stay whole.
    let options = textwrap::Options::new(WIDTH).word_splitter(textwrap::WordSplitter::NoHyphenation);
    for line in body.lines() {
        // A command is typed as it stands.
        if line.starts_with("    ") {
            let _ = writeln!(text, "  {line}");
            continue;
        }
        for line in textwrap::wrap(line, options.clone()) {
            let _ = writeln!(text, "{}", format!("  {line}").trim_end());
        }
    }
}
