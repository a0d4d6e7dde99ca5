//! Runs programs and measures them from outside.

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

/// Time and memory of one run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Run {
    /// Wall time in seconds.
    pub(crate) wall: f64,
    /// Peak resident memory in MiB, of the largest process where there are several.
    pub(crate) peak: f64,
}

const TIME: &str = "/usr/bin/time";

/// Runs a command with its standard output thrown away or kept; it must exit with 0.
///
/// The peak comes from GNU time; without it, from `VmHWM` of the process, which is then asked
/// often enough to be near the truth.
///
/// # Errors
/// The command cannot be started or fails; the message carries its standard error.
pub(crate) fn run(command: &[&str], scratch: &Path) -> Result<(Run, String)> {
    let peak_file = scratch.join("peak.txt");
    let timed = Path::new(TIME).exists();
    let mut child = if timed {
        let mut child = Command::new(TIME);
        child.args(["-f", "%M", "-o"]).arg(&peak_file).args(command);
        child
    } else {
        let mut child = Command::new(command[0]);
        child.args(&command[1..]);
        child
    };
    let (out, err) = (scratch.join("stdout.txt"), scratch.join("stderr.txt"));
    child.stdin(Stdio::null()).stdout(std::fs::File::create(&out)?).stderr(std::fs::File::create(&err)?);
    let start = Instant::now();
    let mut child = child.spawn().with_context(|| format!("failed to start {}", command[0]))?;
    let mut seen = 0;
    let status = if timed {
        child.wait()?
    } else {
        loop {
            if let Some(status) = child.try_wait()? {
                break status;
            }
            seen = seen.max(high_water(child.id()).unwrap_or(0));
            std::thread::sleep(Duration::from_millis(2));
        }
    };
    let wall = start.elapsed().as_secs_f64();
    if !status.success() {
        bail!("{} failed ({status}): {}", command.join(" "), std::fs::read_to_string(&err)?.trim());
    }
    if timed {
        let text = std::fs::read_to_string(&peak_file)?;
        seen = text.trim().parse().with_context(|| format!("{TIME} printed {text:?}"))?;
    }
    Ok((Run { wall, peak: f64::from(seen) / 1024.0 }, std::fs::read_to_string(&out)?))
}

fn high_water(pid: u32) -> Option<u32> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.trim().trim_end_matches(" kB").trim().parse().ok()
}

/// The middle value; the lower one of two.
pub(crate) fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len().saturating_sub(1) / 2).copied().unwrap_or(f64::NAN)
}

/// The median of the times and the largest of the peaks.
pub(crate) fn summary(runs: &[Run]) -> Run {
    Run { wall: median(runs.iter().map(|run| run.wall)), peak: runs.iter().map(|run| run.peak).fold(0.0, f64::max) }
}

/// The command that was given, without what `cargo bench` adds.
pub(crate) fn command() -> String {
    let given: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    format!("cargo bench --bench snapshot -- {}", given.join(" "))
}

/// Threads that the machine runs at once, and the processor's name.
pub(crate) fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let text = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = text.lines().find_map(|line| line.strip_prefix("model name")).and_then(|line| line.split_once(':'));
    format!("{cores} cores, {}", name.map_or("unknown processor", |(_, name)| name.trim()))
}

/// A digest in hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Bytes in units of a million.
#[expect(clippy::cast_precision_loss, reason = "sizes for people")]
pub(crate) fn mega(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}
