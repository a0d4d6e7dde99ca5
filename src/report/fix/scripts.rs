//! Scripts of a plan: commands with what they are for, to be read and typed one by one.

use std::fmt::Write as _;

use crate::model::assessment::RuleResult;
use crate::model::display;
use crate::model::procedure::{ENGINE_FILE, ENGINE_RISK, Place};
use crate::report::base::{extract, prose};
use crate::report::fix::filled::engine_of;
use crate::report::fix::plan::{Plan, joined};

/// Columns of a comment.
const WIDTH: usize = 100;

/// The script of what is typed at a place that is no node; none where nothing is.
pub(crate) fn of_place(plan: &Plan<'_>, place: Place) -> Option<String> {
    let where_typed = match place {
        Place::Kubectl => "kubectl speaks to the cluster",
        _ => "docker speaks to the cluster's managers",
    };
    let mut script = Script::of(plan, &format!("Fixes that are typed where {where_typed}"));
    let head = script.0.len();
    for (rule, fix) in plan.rules {
        for (number, step) in (1..).zip(&fix.steps) {
            if step.at != place || step.blocks.is_empty() {
                continue;
            }
            script.step(rule, (number, fix.steps.len()));
            script.comment(&step.sentence);
            script.comment(&fix.risk);
            step.blocks.iter().for_each(|block| script.lines(&block.lines));
        }
    }
    (script.0.len() > head).then_some(script.0)
}

/// The script of a node.
pub(crate) fn of_node(plan: &Plan<'_>, node: &str) -> String {
    let mut script = Script::of(plan, &format!("Fixes on {node}"));
    if let Some(lines) = plan.engines.get(node) {
        script.comment(&format!("The engine's settings: set in {ENGINE_FILE}"));
        for (line, rules) in lines {
            script.comment(&format!("  {line}  for {}", joined(rules)));
        }
        script.comment(ENGINE_RISK);
        script.lines(&engine_of(node));
    }
    for (rule, fix) in plan.rules {
        for (number, step, lines) in fix.on_node(node) {
            script.step(rule, (number, fix.steps.len()));
            script.comment(&step.sentence);
            script.comment(&fix.risk);
            script.lines(lines);
        }
    }
    script.0
}

struct Script(String);

impl Script {
    fn of(plan: &Plan<'_>, title: &str) -> Self {
        let mut script = Self("#!/bin/sh\n".to_owned());
        script.comment(&prose::marking(plan.assessment));
        script.comment(&format!("{title}. {}", prose::subject(plan.assessment)));
        script.comment(
            "It is read and not run: type its commands one by one, in the order of plan.md, for the steps between are typed elsewhere; each when the one before is known to have worked.",
        );
        script.0.push_str("echo 'type the commands of this file one by one; it is not run as a whole' >&2\nexit 2\n");
        script
    }

    /// What a step is of: the steps between are typed elsewhere.
    fn step(&mut self, rule: &RuleResult, (number, of): (usize, usize)) {
        self.comment(&format!("{}, CAT {}, step {number} of {of}: {}", rule.id, rule.cat, extract::title(rule)));
    }

    /// A text as comments: it stays on its lines, whatever is in it.
    fn comment(&mut self, text: &str) {
        let line = display::one_line(text);
        for line in textwrap::wrap(line.trim_end(), WIDTH) {
            let _ = writeln!(self.0, "# {line}");
        }
    }

    fn lines(&mut self, lines: &[String]) {
        for line in lines {
            let _ = writeln!(self.0, "{}", display::one_line(line));
        }
        self.0.push('\n');
    }
}
