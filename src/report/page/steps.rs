//! The steps of a fix as a page shows them: what would fill pages is counted, for the plan has all of it.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::model::assessment::RuleResult;
use crate::report::fix::filled::{Block, Fix, ON_WINDOWS, fix};

/// Lines of one block, and blocks of one step, that a page shows: a screen of each.
const LINES: usize = 24;
const BLOCKS: usize = 12;
/// Objects with names that cannot be typed, which a page names.
const UNTYPED: usize = 10;

/// A fix on a page.
#[derive(Serialize)]
pub(crate) struct Steps {
    fix: Fix,
    /// What is said of nodes of Windows, where some fail.
    on_windows: Option<&'static str>,
    /// What runs and fails, and stands in no command: how many; some are named.
    unnamed: u64,
    /// Lines that the plan has besides.
    left_out: u64,
}

/// The fix of a rule, cut to what a page shows.
pub(crate) fn steps(rule: &RuleResult, of_windows: &BTreeSet<&str>) -> Option<Steps> {
    let mut fix = fix(rule, of_windows)?;
    let mut left_out = 0;
    for step in &mut fix.steps {
        let all = lines(&step.blocks);
        step.blocks.truncate(BLOCKS);
        for block in &mut step.blocks {
            block.lines.truncate(LINES);
        }
        left_out += all - lines(&step.blocks);
    }
    let unnamed = fix.unnamed.len() as u64;
    fix.unnamed.truncate(UNTYPED);
    left_out += fix.untyped.len().saturating_sub(UNTYPED);
    fix.untyped.truncate(UNTYPED);
    let on_windows = Some(ON_WINDOWS).filter(|_| !fix.windows.is_empty());
    Some(Steps { on_windows, unnamed, fix, left_out: left_out as u64 })
}

fn lines(blocks: &[Block]) -> usize {
    blocks.iter().map(|block| block.lines.len()).sum()
}
