//! Benchmarks of a whole analysis: `cargo bench --bench snapshot -- all`.
//!
//! All figures are ratios to something run beside it on the same machine; nothing here is a test.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program for the terminal")]

mod compare;
mod containers;
mod content;
mod dump;
mod floor;
mod generate;
mod logs;
mod measure;
mod peers;
mod pods;
mod rules;
mod skim;
mod template;

use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context as _, Result};
use clap::{Args, CommandFactory as _, Parser, Subcommand};

use crate::compare::Place;

#[derive(Parser)]
#[command(name = "snapshot", bin_name = "cargo bench --bench snapshot --", about = "Benchmarks of a whole analysis")]
struct Options {
    #[command(subcommand)]
    command: Option<Task>,
    /// Given by `cargo bench`.
    #[arg(long, global = true, hide = true)]
    bench: bool,
}

#[derive(Subcommand)]
enum Task {
    /// Write a large snapshot
    Generate {
        /// Bytes before compression: 100M, 1G, 10G
        #[arg(long, value_parser = size)]
        size: u64,
        /// File to write, a .tar.zst
        #[arg(long)]
        out: PathBuf,
        /// The same seed gives the same bytes
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// Decode, walk, hash and skim a snapshot, and keep nothing
    Floor {
        /// The snapshot
        file: PathBuf,
        /// Threads
        #[arg(short, default_value_t = 2)]
        jobs: usize,
    },
    /// Measure a whole analysis against the floor, its growth, and a thousand rules
    Compare(Measured),
    /// Measure jq and insights-core on the same predicates
    Peers(Measured),
    /// Compare and peers
    All(Measured),
    /// Write a large support dump and measure its analysis beside reading it once
    Dump {
        /// Bytes before compression
        #[arg(long, default_value = "1G")]
        size: String,
        /// Inspected containers on each node: a file each
        #[arg(long, default_value_t = 30)]
        containers: u64,
        /// Folder for the dumps
        #[arg(long, default_value = default_dir())]
        dir: PathBuf,
        /// The mke-stig to be measured
        #[arg(long, default_value = option_env!("CARGO_BIN_EXE_mke-stig").unwrap_or("mke-stig"))]
        binary: PathBuf,
        /// Runs of each
        #[arg(long, default_value_t = 3)]
        runs: usize,
    },
}

#[derive(Args)]
struct Measured {
    /// Folder for snapshots and results
    #[arg(long, default_value = default_dir())]
    dir: PathBuf,
    /// The mke-stig to be measured
    #[arg(long, default_value = option_env!("CARGO_BIN_EXE_mke-stig").unwrap_or("mke-stig"))]
    binary: PathBuf,
    /// The STIG's rule pack, of which the thousand rules are made
    #[arg(long, default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/rules/mke-stig-v2r1"))]
    pack: PathBuf,
    /// Sizes of the snapshots, in rising order
    #[arg(long, value_delimiter = ',', default_value = "100M,1G")]
    sizes: Vec<String>,
    /// Add a snapshot of 10 GB
    #[arg(long)]
    ten: bool,
    /// Threads
    #[arg(short, default_value_t = 2)]
    jobs: usize,
    /// Runs of each
    #[arg(long, default_value_t = 5)]
    runs: usize,
}

fn default_dir() -> &'static str {
    option_env!("CARGO_TARGET_TMPDIR").unwrap_or("target/tmp")
}

impl Measured {
    fn run(self, compared: bool, peered: bool) -> Result<()> {
        let place = Place { dir: self.dir, binary: self.binary, pack: self.pack, jobs: self.jobs, runs: self.runs };
        let mut names = self.sizes;
        if self.ten {
            names.push("10G".to_owned());
        }
        if compared {
            let sizes = names.into_iter().map(|name| Ok((size(&name)?, name))).collect::<Result<Vec<_>>>()?;
            compare::compare(&place, &sizes)?;
        }
        if peered {
            peers::peers(&place, 1_000_000_000, "1G")?;
        }
        Ok(())
    }
}

fn size(text: &str) -> Result<u64> {
    let (number, unit) = match text.strip_suffix(['M', 'G']) {
        Some(number) if text.ends_with('M') => (number, 1_000_000),
        Some(number) => (number, 1_000_000_000),
        None => (text, 1),
    };
    let number: u64 = number.parse().context("a size is a number with M or G")?;
    number.checked_mul(unit).context("the size is too large")
}

fn main() -> Result<()> {
    match Options::parse().command {
        None => Options::command().print_help()?,
        Some(Task::Generate { size, out, seed }) => {
            let start = Instant::now();
            let written = generate::generate(size, seed, &out)?;
            let packed = std::fs::metadata(&out)?.len();
            let (bytes, packed) = (measure::mega(written.bytes), measure::mega(packed));
            println!(
                "{}: {bytes:.1} MB in {} members, {packed:.1} MB packed (ratio {:.2}), {:.1} s",
                out.display(),
                written.items,
                bytes / packed,
                start.elapsed().as_secs_f64()
            );
            for (name, count) in &written.counts {
                println!("  {name:<28} {count:>8}");
            }
        }
        Some(Task::Floor { file, jobs }) => {
            let start = Instant::now();
            let found = floor::floor(&file, jobs)?;
            println!(
                "{:.3} s: {:.1} MB packed, {:.1} MB in {} members ({} digests verified), {:.1} MB of JSON in {} values, sha256 {}",
                start.elapsed().as_secs_f64(),
                measure::mega(found.packed),
                measure::mega(found.bytes),
                found.members,
                found.verified,
                measure::mega(found.json),
                found.values,
                found.sha256
            );
        }
        Some(Task::Compare(measured)) => measured.run(true, false)?,
        Some(Task::Peers(measured)) => measured.run(false, true)?,
        Some(Task::All(measured)) => measured.run(true, true)?,
        Some(Task::Dump { size: name, containers, dir, binary, runs }) => {
            dump::measure(size(&name)?, containers, &name, &dir, &binary, runs)?;
        }
    }
    Ok(())
}
