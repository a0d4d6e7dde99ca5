//! `--benchmark`, which several subcommands share.

use std::path::Path;

use anyhow::Context;

use crate::archive::Limits;
use crate::intake::{Found, find_benchmark};
use crate::rules::Pack;

/// Finds the benchmark of the packs' rules in a file.
pub(crate) fn read_benchmark(path: Option<&Path>, limits: &Limits, packs: &[Pack]) -> anyhow::Result<Option<Found>> {
    let Some(path) = path else { return Ok(None) };
    let id = packs.first().map_or("", |pack| pack.benchmark.id.as_str());
    let rules: Vec<&str> = packs.iter().flat_map(|pack| &pack.rules).map(|rule| rule.id.as_str()).collect();
    let found = find_benchmark(path, limits, id, &rules);
    found.map(Some).with_context(|| format!("cannot use the benchmark `{}`; nothing was assessed", path.display()))
}
