//! What a user would take instead, on the same predicates: insights-core and jq.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::compare::{Place, text};
use crate::generate::counts_file;
use crate::measure::{self, Run, run, summary};

const PLUGIN: &str = include_str!("templates/insights_plugin.py");
const JQ: &str = include_str!("templates/hits.jq");
const INSIGHTS: &str = "insights-core==3.8.4";

/// The rules compared, and the predicates whose hits make up each one's failures.
const RULES: &[(&str, &[&str])] = &[
    ("V-260913", &["user_pods_host_network", "user_host_network"]),
    ("V-260930", &["user_host_pid"]),
    ("V-260940", &["user_privileged"]),
];

type Hits = BTreeMap<String, u64>;

/// Prints time and memory of the peers against those of an analysis by the same predicates, and by all rules, once
/// all agree on the hits.
///
/// # Errors
/// A program is missing or fails, or the hits differ.
pub(crate) fn peers(place: &Place, size: u64, name: &str) -> Result<()> {
    let snapshot = place.snapshot(size, name)?;
    let wanted: Hits = serde_json::from_slice(&std::fs::read(counts_file(&snapshot))?)?;
    let only = RULES.iter().map(|(id, _)| *id).collect::<Vec<_>>().join(",");
    let same = repeat(place, || place.analyze(&snapshot, &["--only", &only]))?;
    check_assessment(place, &wanted)?;
    let whole = repeat(place, || place.analyze(&snapshot, &[]))?;
    check_assessment(place, &wanted)?;

    println!(
        "\n`{}`: the same snapshot and predicates, {}, medians of {} runs\n",
        measure::command(),
        measure::machine(),
        place.runs
    );
    println!("| three rules by | time | memory | ÷ mke-stig, the same three | ÷ mke-stig, all rules |");
    println!("|---|---|---|---|---|");
    let row = |what: &str, peer: Run| {
        let against = |own: Run| format!("{:.1} × time, {:.0} × memory", peer.wall / own.wall, peer.peak / own.peak);
        let (same, whole) = (against(same), against(whole));
        println!("| {what} | {:.2} s | {:.0} MiB | {same} | {whole} |", peer.wall, peer.peak);
    };
    row("mke-stig", same);
    row("mke-stig, all rules", whole);
    let filter = place.dir.join("hits.jq");
    std::fs::write(&filter, JQ)?;
    let script = format!(
        "zstd -dc '{}' | tar xO --wildcards '*/cluster/kubectl/pods.json' '*/docker/containers.json' | jq -cn -f '{}'",
        text(&snapshot)?,
        text(&filter)?
    );
    let jq = repeat(place, || measured("jq", &["sh", "-c", &script], &place.dir, &wanted))?;
    row("jq, .tar.zst", jq);

    let (program, archive) = insights(place, &snapshot)?;
    let command = [text(&program)?, text(&place.dir)?, text(&archive)?];
    let insights = repeat(place, || measured("insights-core", &command, &place.dir, &wanted))?;
    row("insights-core, .tar.gz", insights);
    Ok(())
}

fn repeat(place: &Place, mut once: impl FnMut() -> Result<Run>) -> Result<Run> {
    once()?;
    let runs = (0..place.runs).map(|_| once()).collect::<Result<Vec<_>>>()?;
    Ok(summary(&runs))
}

/// Runs a peer, which prints its hits as one line of JSON, and holds them against the wanted ones.
fn measured(what: &str, command: &[&str], dir: &Path, wanted: &Hits) -> Result<Run> {
    let (run, out) = run(command, dir)?;
    let line =
        out.lines().find(|line| line.starts_with('{')).with_context(|| format!("{what} printed no hits: {out}"))?;
    let hits: Hits = serde_json::from_str(line)?;
    for (_, names) in RULES {
        for name in *names {
            let wanted = wanted.get(*name).copied().unwrap_or(0);
            let found = hits.get(*name).copied();
            if found != Some(wanted) {
                bail!("{what} finds {found:?} for {name}, generated were {wanted}");
            }
        }
    }
    Ok(run)
}

/// The failures that the analysis counted must be those that were generated.
fn check_assessment(place: &Place, wanted: &Hits) -> Result<()> {
    let file = place.out().join("assessment.json");
    let assessment: Value =
        serde_json::from_slice(&std::fs::read(&file).with_context(|| format!("failed to read {}", file.display()))?)?;
    for (id, names) in RULES {
        let sum: u64 = names.iter().filter_map(|name| wanted.get(*name)).sum();
        let rule = assessment["rules"].as_array().and_then(|rules| rules.iter().find(|rule| rule["id"] == *id));
        let found = rule.and_then(|rule| rule["failed"].as_u64());
        if found != Some(sum) {
            bail!("mke-stig finds {found:?} for {id}, generated were {sum}");
        }
    }
    Ok(())
}

/// Sets up insights-core and the archive that it can read; gives the program and the archive.
fn insights(place: &Place, snapshot: &Path) -> Result<(PathBuf, PathBuf)> {
    let venv = place.dir.join("venv");
    let python = venv.join("bin/python");
    if !venv.join("bin/insights-run").exists() {
        run(&["python3", "-m", "venv", text(&venv)?], &place.dir)?;
        run(&[text(&python)?, "-m", "pip", "install", "--quiet", INSIGHTS], &place.dir)?;
    }
    let archive = PathBuf::from(text(snapshot)?.replace(".tar.zst", ".tar.gz"));
    if !archive.exists() {
        let partial = archive.with_extension("partial");
        let script = format!("zstd -dc '{}' | gzip -6 > '{}'", text(snapshot)?, text(&partial)?);
        run(&["sh", "-c", &script], &place.dir)?;
        std::fs::rename(partial, &archive)?;
    }
    std::fs::write(place.dir.join("mke_hits.py"), PLUGIN)?;
    let program = place.dir.join("insights.sh");
    std::fs::write(
        &program,
        format!("#!/bin/sh\nPYTHONPATH=\"$1\" exec '{}' -m insights -p mke_hits \"$2\"\n", text(&python)?),
    )?;
    run(&["chmod", "+x", text(&program)?], &place.dir)?;
    Ok((program, archive))
}
