//! A plan as Markdown: all of it, and what is done on one node.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::model::assessment::{RuleResult, Status};
use crate::model::labels;
use crate::model::procedure::{ENGINE_FILE, ENGINE_RISK, MKE_CONFIG_GET, MKE_CONFIG_PUT, MKE_CONFIG_RISK, Place};
use crate::report::base::text::{grouped, in_fence, markdown_with_code, short};
use crate::report::base::{extract, prose, time};
use crate::report::fix::filled::{Fix, ON_WINDOWS, Settings, engine_of};
use crate::report::fix::plan::{Plan, ToFix, joined};

/// A page being written.
struct Page(String);

impl Page {
    fn of(plan: &Plan<'_>, title: &str) -> Self {
        let marking = prose::marking(plan.assessment);
        let mut page = Self(format!("**{}**\n\n# {}\n\n", markdown_with_code(&marking), markdown_with_code(title)));
        let taken = time::collected_utc(plan.assessment).unwrap_or_else(|| "at a time not stated".to_owned());
        page.paragraph(&format!("{}; collected {taken}.", prose::subject(plan.assessment)));
        page
    }

    fn paragraph(&mut self, text: &str) {
        if !text.trim().is_empty() {
            let _ = write!(self.0, "{}\n\n", markdown_with_code(text.trim()));
        }
    }

    fn heading(&mut self, level: usize, text: &str) {
        let _ = write!(self.0, "{} {}\n\n", "#".repeat(level), markdown_with_code(text));
    }

    fn item(&mut self, text: &str) {
        let _ = writeln!(self.0, "- {}", markdown_with_code(text));
    }

    /// Lines as they are typed.
    fn lines(&mut self, lines: &[String]) {
        let lines: String = lines.iter().map(|line| format!("{}\n", in_fence(line))).collect();
        let _ = write!(self.0, "```\n{lines}```\n\n");
    }

    fn finish(mut self, plan: &Plan<'_>) -> String {
        let _ = write!(self.0, "\n**{}**\n", markdown_with_code(&prose::marking(plan.assessment)));
        self.0
    }
}

/// The whole plan.
pub(crate) fn of_all(plan: &Plan<'_>) -> String {
    let mut page = Page::of(plan, &format!("Plan of fixes: {}", short(&plan.assessment.asset.name)));
    page.paragraph(
        "Nothing of this was executed. Read a fix to its end before its first command is typed, try it where nothing \
         depends on it, and assess again afterwards. The order is safe as far as it can be told from a snapshot: settings \
         of MKE first, engines node by node, then what runs on them.",
    );
    if plan.rules.is_empty() {
        page.paragraph("No rule is Open for which there are steps.");
    }
    settings(&mut page, plan);
    engines(&mut page, plan);
    for (rule, fix) in plan.rules {
        of_rule(&mut page, rule, fix);
    }
    by_hand(&mut page, plan);
    page.finish(plan)
}

/// The part of the plan that has such settings of all rules.
fn heading(settings: Settings) -> &'static str {
    match settings {
        Settings::Mke => "MKE's configuration",
        Settings::Engines => "Engines",
    }
}

/// MKE's configuration, changed once for all rules.
fn settings(page: &mut Page, plan: &Plan<'_>) {
    if plan.settings.is_empty() {
        return;
    }
    page.heading(2, heading(Settings::Mke));
    page.paragraph(
        "With an administrator's token in `TOKEN` and MKE's address in `MKE`: fetch the file, set these lines in their \
         tables, upload it.",
    );
    page.lines(&MKE_CONFIG_GET.map(str::to_owned));
    let mut lines = Vec::new();
    for (table, keys) in &plan.settings {
        lines.push((*table).to_owned());
        lines.extend(keys.iter().map(|(line, rules)| format!("{line}  # {}", joined(rules))));
    }
    page.lines(&lines);
    page.lines(&MKE_CONFIG_PUT.map(str::to_owned));
    page.paragraph(MKE_CONFIG_RISK);
}

/// Engines, each restarted once for all rules.
fn engines(page: &mut Page, plan: &Plan<'_>) {
    if plan.engines.is_empty() {
        return;
    }
    page.heading(2, heading(Settings::Engines));
    page.paragraph(&format!(
        "Set these lines in `{ENGINE_FILE}`, one node after the other; the commands stand in the file of each node in `nodes`.",
    ));
    for (node, lines) in &plan.engines {
        let lines: Vec<String> = lines.iter().map(|(line, rules)| format!("`{line}` ({})", joined(rules))).collect();
        page.item(&format!("{}: {}", short(node), lines.join(", ")));
    }
    page.0.push('\n');
    page.paragraph(ENGINE_RISK);
}

/// A rule with its CAT and title.
fn titled(rule: &RuleResult) -> String {
    format!("{}, CAT {}: {}", rule.id, rule.cat, short(extract::title(rule)))
}

fn of_rule(page: &mut Page, rule: &RuleResult, fix: &Fix) {
    page.heading(2, &titled(rule));
    page.paragraph(&prose::headline(rule));
    for (number, step) in (1..).zip(&fix.steps) {
        if fix.steps.len() > 1 {
            let _ = write!(page.0, "{number}. ");
        }
        page.paragraph(&step.sentence);
        if let Some(settings) = step.settings {
            let above = heading(settings);
            page.paragraph(&format!("Its lines and commands stand above, under \"{above}\"."));
            continue;
        }
        for block in &step.blocks {
            if let Some(node) = &block.node {
                page.paragraph(&format!("On {}:", short(node)));
            }
            if let Some(file) = block.file {
                page.paragraph(&format!("In `{file}`:"));
            }
            page.lines(&block.lines);
        }
    }
    if !fix.risk.is_empty() {
        page.paragraph(&format!("Risk: {}", fix.risk));
    }
    rest(page, fix);
}

/// What the commands of a rule do not name.
fn rest(page: &mut Page, fix: &Fix) {
    for name in &fix.untyped {
        page.item(&format!("{}: its name cannot be typed safely, so no command names it.", short(name)));
    }
    if !fix.unnamed.is_empty() {
        if !fix.untyped.is_empty() {
            page.0.push('\n');
        }
        let count = fix.unnamed.len() as u64;
        let objects = labels::plural(count, "failing object stands", "failing objects stand");
        page.paragraph(&format!("{} {objects} in no command, so look at each:", grouped(count)));
        fix.unnamed.iter().for_each(|name| page.item(&short(name)));
    }
    if !(fix.untyped.is_empty() && fix.unnamed.is_empty()) {
        page.0.push('\n');
    }
    if !fix.windows.is_empty() {
        let nodes: Vec<String> = fix.windows.iter().map(|node| short(node)).collect();
        page.paragraph(&format!("{}: {}", nodes.join(", "), ON_WINDOWS));
    }
    if fix.not_listed > 0 {
        let objects = labels::plural(fix.not_listed, "object fails", "objects fail");
        let count = grouped(fix.not_listed);
        page.paragraph(&format!("{count} more {objects} and are not named; assess again when these are fixed."));
    }
}

/// The rules of which a step has no command, and why.
fn by_hand(page: &mut Page, plan: &Plan<'_>) {
    let without = |(_, fix): &&ToFix<'_>| fix.steps.iter().all(|step| step.blocks.is_empty());
    let rules: Vec<_> = plan.rules.iter().filter(without).collect();
    let no_steps: Vec<&RuleResult> =
        plan.assessment.rules.iter().filter(|rule| rule.status == Status::Open && rule.procedure.is_none()).collect();
    if rules.is_empty() && no_steps.is_empty() {
        return;
    }
    page.heading(2, "What no command fixes");
    for (rule, fix) in rules {
        let why = match fix.steps.first().map(|step| step.at) {
            Some(Place::Mke) => "it is done in MKE's web UI",
            Some(Place::Msr) => "it is done in MSR's web UI",
            _ => "people decide or prepare it",
        };
        page.item(&format!("{}: {why}; its steps stand above.", rule.id));
    }
    for rule in no_steps {
        page.item(&format!("{}: its rule states no steps. {}", rule.id, short(extract::fix(rule))));
    }
    page.0.push('\n');
}

/// What is done on a node.
pub(crate) fn of_node(plan: &Plan<'_>, node: &str) -> String {
    let mut page = Page::of(plan, &format!("Fixes on {}", short(node)));
    page.paragraph("Nothing of this was executed. The plan says what each of them interrupts.");
    if let Some(lines) = plan.engines.get(node) {
        page.heading(2, "Its engine");
        page.paragraph(&format!("Set in `{ENGINE_FILE}`:"));
        page.lines(&lines.keys().map(|line| (*line).to_owned()).collect::<Vec<_>>());
        let rules: BTreeSet<&str> = lines.values().flatten().copied().collect();
        page.paragraph(&format!("For {}. Then:", joined(&rules)));
        page.lines(&engine_of(node));
    }
    for (rule, fix) in plan.rules {
        let mut steps = fix.on_node(node).peekable();
        if steps.peek().is_none() {
            continue;
        }
        page.heading(2, &titled(rule));
        for (_, step, lines) in steps {
            page.paragraph(&step.sentence);
            page.lines(lines);
        }
        if !fix.risk.is_empty() {
            page.paragraph(&format!("Risk: {}", fix.risk));
        }
    }
    page.finish(plan)
}
