//! A whole analysis beside the floor: time, memory, growth, many rules.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::measure::{self, Run, median, run, summary};
use crate::{generate, rules};

/// Where things are.
pub(crate) struct Place {
    /// Folder for snapshots and results.
    pub(crate) dir: PathBuf,
    /// The program to be measured.
    pub(crate) binary: PathBuf,
    /// The STIG's rule pack.
    pub(crate) pack: PathBuf,
    /// Threads.
    pub(crate) jobs: usize,
    /// Runs of each, after one warm-up.
    pub(crate) runs: usize,
}

impl Place {
    /// The snapshot of a size, made when it is not there yet.
    pub(crate) fn snapshot(&self, size: u64, name: &str) -> Result<PathBuf> {
        std::fs::create_dir_all(&self.dir)?;
        let file = self.dir.join(format!("snapshot-{name}.tar.zst"));
        if !file.exists() || !generate::counts_file(&file).exists() {
            eprintln!("generating {}", file.display());
            generate::generate(size, 1, &file)?;
        }
        Ok(file)
    }

    /// Runs one analysis into a folder of its own.
    pub(crate) fn analyze(&self, snapshot: &Path, extra: &[&str]) -> Result<Run> {
        let (binary, snapshot) = (text(&self.binary)?, text(snapshot)?);
        let out = self.out();
        let jobs = self.jobs.to_string();
        let mut command = vec![binary, "analyze", snapshot, "-o", text(&out)?, "-f", "json", "-j", &jobs, "--quiet"];
        command.extend_from_slice(extra);
        Ok(run(&command, &self.dir)?.0)
    }

    /// Where the analysis writes.
    pub(crate) fn out(&self) -> PathBuf {
        self.dir.join("report")
    }

    fn floor(&self, snapshot: &Path) -> Result<Run> {
        let own = std::env::current_exe()?;
        let jobs = self.jobs.to_string();
        Ok(run(&[text(&own)?, "floor", text(snapshot)?, "-j", &jobs], &self.dir)?.0)
    }
}

/// A path as text.
///
/// # Errors
/// The path is not UTF-8.
pub(crate) fn text(path: &Path) -> Result<&str> {
    path.to_str().with_context(|| format!("{} is not UTF-8", path.display()))
}

/// Runs two programs in turns: the ratio of their times, pair by pair, and both summaries.
fn in_turns(
    runs: usize,
    mut first: impl FnMut() -> Result<Run>,
    mut second: impl FnMut() -> Result<Run>,
) -> Result<(f64, Run, Run)> {
    first()?;
    second()?;
    let (mut a, mut b) = (Vec::new(), Vec::new());
    for _ in 0..runs {
        a.push(first()?);
        b.push(second()?);
    }
    let ratio = median(a.iter().zip(&b).map(|(a, b)| a.wall / b.wall));
    Ok((ratio, summary(&a), summary(&b)))
}

/// Prints the table of the analysis against the floor, its growth, and a thousand rules.
///
/// # Errors
/// A program cannot be run or fails.
pub(crate) fn compare(place: &Place, sizes: &[(u64, String)]) -> Result<()> {
    println!(
        "\n`{}`: {}, {} threads, {} runs each in turns after a warm-up\n",
        measure::command(),
        measure::machine(),
        place.jobs,
        place.runs
    );
    println!("| what | ratio | peak | detail |");
    println!("|---|---|---|---|");
    let mut before: Option<(Run, u64, &str)> = None;
    for (size, name) in sizes {
        let snapshot = place.snapshot(*size, name)?;
        let (ratio, whole, floor) = in_turns(place.runs, || place.analyze(&snapshot, &[]), || place.floor(&snapshot))?;
        println!(
            "| {name}: analysis ÷ floor, time | {ratio:.2} × | {:.0} MiB | {:.2} s, floor {:.2} s and {:.0} MiB |",
            whole.peak, whole.wall, floor.wall, floor.peak
        );
        if let Some((earlier, bytes, from)) = before {
            println!(
                "| {from} → {name} ({:.1} × the bytes): growth of time | {:.2} × | {:.2} × | {:.2} s → {:.2} s, {:.0} MiB → {:.0} MiB |",
                measure::mega(*size) / measure::mega(bytes),
                whole.wall / earlier.wall,
                whole.peak / earlier.peak,
                earlier.wall,
                whole.wall,
                earlier.peak,
                whole.peak
            );
        }
        before = Some((whole, *size, name));
    }
    many_rules(place, sizes)
}

/// A thousand rules against the STIG's own, on the snapshot nearest to 1 GB.
fn many_rules(place: &Place, sizes: &[(u64, String)]) -> Result<()> {
    let Some((size, name)) = sizes.iter().min_by_key(|(size, _)| size.abs_diff(1_000_000_000)) else {
        return Ok(());
    };
    if !place.pack.is_dir() {
        println!("| {name}: {} rules | – | – | no rule pack at {} |", rules::TOTAL, place.pack.display());
        return Ok(());
    }
    let folder = place.dir.join("rules");
    let extra = rules::write(&place.pack, &folder)?;
    let snapshot = place.snapshot(*size, name)?;
    let folder = text(&folder)?;
    let (ratio, many, few) =
        in_turns(place.runs, || place.analyze(&snapshot, &["--rules", folder]), || place.analyze(&snapshot, &[]))?;
    println!(
        "| {name}: {} rules ÷ {}, time | {ratio:.2} × | {:.2} × | {:.2} s and {:.0} MiB, {:.2} s and {:.0} MiB |",
        rules::TOTAL,
        rules::TOTAL - extra,
        many.peak / few.peak,
        many.wall,
        many.peak,
        few.wall,
        few.peak
    );
    Ok(())
}
