//! A large support dump: its generator, and how long an analysis of it takes beside reading it once.

use std::fs::File;
use std::io::{BufWriter, Read as _, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context as _, Result};
use sha2::{Digest as _, Sha256};
use zip::write::{SimpleFileOptions, ZipWriter};

use crate::measure::{self, Run};

/// Nodes in every generated dump.
const NODES: usize = 20;

/// Tenths of the size that are the report of the whole dump; the rest are inspections and, up to the size, logs.
const REPORT: u64 = 4;
const TENTHS: u64 = 10;

/// Where a dump is written: a zip, or a folder.
enum Place {
    Zip(Box<ZipWriter<BufWriter<File>>>),
    Folder(PathBuf, Option<BufWriter<File>>),
}

impl Place {
    fn file(&mut self, path: &str) -> Result<()> {
        match self {
            Self::Zip(zip) => zip.start_file(path, SimpleFileOptions::default().large_file(true))?,
            Self::Folder(folder, open) => {
                let path = folder.join(path);
                std::fs::create_dir_all(path.parent().unwrap_or(folder))?;
                *open = Some(BufWriter::new(File::create(&path)?));
            }
        }
        Ok(())
    }

    fn write(&mut self, text: &str) -> Result<()> {
        match self {
            Self::Zip(zip) => zip.write_all(text.as_bytes())?,
            Self::Folder(_, Some(open)) => open.write_all(text.as_bytes())?,
            Self::Folder(_, None) => {}
        }
        Ok(())
    }

    fn finish(self) -> Result<()> {
        match self {
            Self::Zip(zip) => zip.finish()?.flush()?,
            Self::Folder(_, Some(mut open)) => open.flush()?,
            Self::Folder(_, None) => {}
        }
        Ok(())
    }
}

/// A line of a log; numbers differ, so that it does not shrink to nothing.
fn line(number: u64) -> String {
    let noise = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    format!("time=\"2026-11-20T08:00:00Z\" level=info msg=\"reconcile {noise:016x}\" id={number}\n")
}

fn info(node: usize, containers: u64) -> String {
    format!(
        r#"{{"ID":"{node}","Name":"node-{node}","Containers":{containers},"Images":20,"Driver":"overlay2","LoggingDriver":"journald","OperatingSystem":"Ubuntu 22.04","OSType":"linux","ServerVersion":"23.0.7","SystemTime":"2026-11-20T08:00:00Z","SecurityOptions":["name=apparmor","name=seccomp,profile=builtin"],"Swarm":{{"Nodes":{NODES}}}}}"#
    )
}

fn container(node: usize, number: u64) -> String {
    let id = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    // What an inspection has besides: environment, mounts, networks.
    let rest = format!("\"{id:016x} and what follows it\",").repeat(200);
    format!(
        r#"[{{"Path":[{rest}""],"Id":"{id:016x}{node}","Name":"/ucp-part-{number}","State":{{"Status":"running"}},"HostConfig":{{"Privileged":false,"PidMode":"","NetworkMode":"bridge"}},"Config":{{"Image":"mirantis/ucp-agent:3.7.7","Labels":{{"com.docker.ucp.version":"3.7.7"}},"Env":["A={id:016x}"]}},"NetworkSettings":{{"Ports":{{}}}},"Mounts":[]}}]"#
    )
}

/// Writes a dump of about `size` bytes before compression, with so many inspected containers on each node.
fn generate(size: u64, containers: u64, mut place: Place) -> Result<()> {
    let top = "docker-support-20261120-08_00_00";
    let nodes: Vec<String> = (0..NODES)
        .map(|node| format!(r#"{{"ID":"{node}","Description":{{"Hostname":"node-{node}"}},"Spec":{{"Role":"worker","Labels":{{}}}}}}"#))
        .collect();
    place.file(&format!("{top}/ucp-nodes.txt"))?;
    place.write(&format!("[{}]", nodes.join(",")))?;
    place.file(&format!("{top}/ucp-controller-config.json"))?;
    place.write(r#"{"analytics":{"disableUsageInfo":true,"disableTracking":true},"logging":{"auditLevel":"request","logLevel":"INFO"}}"#)?;
    for node in 0..NODES {
        place.file(&format!("{top}/node-{node}/dsinfo/dsinfo.json"))?;
        place.write(&format!(r#"{{"docker_info":{},"dmesg":["a line"]}}"#, info(node, containers)))?;
        let share = size / TENTHS * (TENTHS - REPORT) / NODES as u64;
        let mut written = 0;
        for number in 0..containers {
            let text = container(node, number);
            written += text.len() as u64;
            place.file(&format!("{top}/node-{node}/dsinfo/inspect/ucp-part-{number}.txt"))?;
            place.write(&text)?;
        }
        place.file(&format!("{top}/node-{node}/dsinfo/logs/ucp-controller.log"))?;
        for number in 0.. {
            if written >= share {
                break;
            }
            let text = line(number);
            written += text.len() as u64;
            place.write(&text)?;
        }
    }
    place.file(&format!("{top}/dsinfo.json"))?;
    place.write("{")?;
    for node in 0..NODES {
        let comma = if node == 0 { "" } else { "," };
        place.write(&format!(
            "{comma}\"node-{node}\":{{\"dsinfo/dsinfo.json\":{{\"docker_info\":{}}},\"dsinfo/logs/ucp-controller.log\":[\"\"",
            info(node, containers)
        ))?;
        let mut written = 0;
        for number in 0.. {
            if written >= size / TENTHS / NODES as u64 * REPORT {
                break;
            }
            let text = format!(",\"{}\"", line(number).trim_end().replace('"', "\\\""));
            written += text.len() as u64;
            place.write(&text)?;
        }
        place.write("]}")?;
    }
    place.write("}")?;
    place.finish()
}

/// Reads a file or a folder once and hashes it; returns the seconds.
fn read_once(path: &Path) -> Result<f64> {
    let start = Instant::now();
    let mut buffer = vec![0; 1 << 20];
    let mut folders = vec![path.to_owned()];
    while let Some(next) = folders.pop() {
        if next.is_dir() {
            for entry in std::fs::read_dir(&next)? {
                folders.push(entry?.path());
            }
            continue;
        }
        let mut file = File::open(&next)?;
        let mut digest = Sha256::new();
        loop {
            let count = file.read(&mut buffer)?;
            if count == 0 {
                break;
            }
            digest.update(&buffer[..count]);
        }
        std::hint::black_box(digest.finalize());
    }
    Ok(start.elapsed().as_secs_f64())
}

/// Writes a dump as zip and as folder, and a folder with the report of the whole dump alone, and
/// measures their analysis.
///
/// # Errors
/// A dump cannot be written, or the analysis fails.
pub(crate) fn measure(size: u64, containers: u64, name: &str, dir: &Path, binary: &Path, runs: usize) -> Result<()> {
    std::fs::create_dir_all(dir)?;
    println!("{}; {}", measure::machine(), measure::command());
    let zip = dir.join(format!("dump-{name}-{containers}.zip"));
    let folder = dir.join(format!("dump-{name}-{containers}"));
    let report = dir.join(format!("dump-{name}-{containers}-report"));
    if !zip.exists() {
        let partial = dir.join("dump.partial");
        let file = BufWriter::with_capacity(1 << 20, File::create(&partial)?);
        generate(size, containers, Place::Zip(Box::new(ZipWriter::new(file))))?;
        std::fs::rename(&partial, &zip)?;
    }
    if !folder.exists() {
        generate(size, containers, Place::Folder(folder.clone(), None))?;
        std::fs::create_dir_all(&report)?;
        std::fs::copy(folder.join("docker-support-20261120-08_00_00/dsinfo.json"), report.join("dsinfo.json"))?;
    }
    println!("{:<28} {:>10} {:>12} {:>8} {:>10}", "dump", "read once", "analysis", "ratio", "peak");
    for (what, path) in [("zip", &zip), ("folder", &folder), ("the report of all alone", &report)] {
        let out = dir.join("dump-out");
        let text = |path: &Path| path.to_str().map(str::to_owned).context("a path that is not UTF-8");
        let (binary, input, out) = (text(binary)?, text(path)?, text(&out)?);
        let command = [binary.as_str(), "analyze", &input, "-o", &out, "-f", "json", "--max-entries", "100000000"];
        let (mut floors, mut measured): (Vec<f64>, Vec<Run>) = (Vec::new(), Vec::new());
        for _ in 0..runs {
            floors.push(read_once(path)?);
            measured.push(measure::run(&command, dir)?.0);
        }
        let (floor, run) = (measure::median(floors), measure::summary(&measured));
        let ratio = run.wall / floor;
        println!("{what:<28} {floor:>8.2} s {:>10.2} s {ratio:>7.2}x {:>6.0} MiB", run.wall, run.peak);
    }
    Ok(())
}
