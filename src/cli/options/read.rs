//! Reads the files that options name. Problems of a file are drawn where they are.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use crate::answers::Answers;
use crate::archive::Limits;
use crate::cli::clock::latest_day;
use crate::cli::output::Out;
use crate::facts::Source;
use crate::intake::{Found, find_benchmark};
use crate::rules::Pack;
use crate::ssp::Ssp;
use crate::yaml::Problem;

/// The inputs of a command.
pub(crate) fn sources(inputs: &[PathBuf]) -> Vec<Source> {
    inputs.iter().map(|path| Source::Path(path.clone())).collect()
}

/// Finds the benchmark of the packs' rules in a file.
pub(crate) fn read_benchmark(path: Option<&Path>, limits: &Limits, packs: &[Pack]) -> anyhow::Result<Option<Found>> {
    let Some(path) = path else { return Ok(None) };
    let id = packs.first().map_or("", |pack| pack.benchmark.id.as_str());
    let rules: Vec<&str> = packs.iter().flat_map(|pack| &pack.rules).map(|rule| rule.id.as_str()).collect();
    let found = find_benchmark(path, limits, id, &rules);
    found.map(Some).with_context(|| format!("cannot use the benchmark `{}`; nothing was assessed", path.display()))
}

/// The STIG's pack and those in folders, with every problem told.
pub(crate) fn read_packs(folders: &[PathBuf], out: &mut Out) -> anyhow::Result<Vec<Pack>> {
    let mut packs = vec![Pack::embedded()];
    for folder in folders {
        let pack = Pack::read(folder)?;
        tell_problems(&pack.problems, &pack.texts, out);
        packs.push(pack);
    }
    Ok(packs)
}

/// Draws every problem of a pack's files, whose texts are given by name.
pub(crate) fn tell_problems(problems: &[Problem], texts: &BTreeMap<String, String>, out: &mut Out) {
    for problem in problems {
        let text = texts.get(&problem.file).map_or("", String::as_str);
        out.problem(problem, text);
    }
}

/// Reads an SSP, with its text; its problems are drawn.
pub(crate) fn read_ssp(path: &Path, out: &mut Out) -> anyhow::Result<(Ssp, String)> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read the SSP `{}`", path.display()))?;
    let name = path.display().to_string();
    let ssp = Ssp::parse(&name, &text).or_else(|problems: Vec<Problem>| {
        for problem in &problems {
            out.problem(problem, &text);
        }
        bail!("the SSP `{name}` has {} problems; nothing was assessed", problems.len())
    })?;
    Ok((ssp, text))
}

/// Reads a file of answers; its problems are drawn.
pub(crate) fn read_answers(path: &Path, out: &mut Out) -> anyhow::Result<Answers> {
    let text =
        std::fs::read_to_string(path).with_context(|| format!("cannot read the answers `{}`", path.display()))?;
    let name = path.display().to_string();
    let answers = Answers::parse(&name, &text).or_else(|problems: Vec<Problem>| {
        for problem in &problems {
            out.problem(problem, &text);
        }
        bail!("the answers `{name}` have {} problems; nothing was assessed", problems.len())
    })?;
    for problem in from_the_future(&answers) {
        out.problem(&problem, &text);
    }
    Ok(answers)
}

/// Answers of days that have not come yet, by the clock of this machine. The clock may be wrong, so that they
/// are told and nothing is refused.
pub(crate) fn from_the_future(answers: &Answers) -> Vec<Problem> {
    let Some(today) = latest_day().map(|day| day.to_string()) else { return Vec::new() };
    let later = answers.answers.iter().filter(|answer| answer.date > today);
    let told = later.map(|answer| {
        let message = format!("it is dated {}, and the clock of this machine says {today}", answer.date);
        answer.problem(message, "correct `date`, or the clock")
    });
    told.collect()
}
