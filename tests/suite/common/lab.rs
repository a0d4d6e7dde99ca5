//! The program on hostile input, with a folder to work in.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;

use super::{Ran, names_in, program, run};

/// A folder with an input in it and a place for reports.
pub(crate) struct Lab {
    folder: tempfile::TempDir,
}

impl Lab {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn out(&self) -> PathBuf {
        self.at("out")
    }

    pub(crate) fn put(&self, name: &str, content: &[u8]) -> PathBuf {
        let path = self.at(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        path
    }

    pub(crate) fn analyze(&self, input: &Path, more: &[&str]) -> Ran {
        let out = self.out();
        let mut arguments = vec!["analyze", input.to_str().unwrap(), "-o", out.to_str().unwrap()];
        arguments.extend(more);
        run(arguments)
    }

    /// The input is refused in one clear error that says all of `parts`.
    pub(crate) fn refused(&self, input: &Path, more: &[&str], parts: &[&str]) {
        let ran = self.analyze(input, more);
        let told = ran.trouble();
        for part in parts {
            assert!(told.contains(part), "no `{part}` in {told}");
        }
        assert!(told.lines().count() <= 6, "{told}");
        assert!(names_in(&self.out()).is_empty(), "{:?} is left", names_in(&self.out()));
    }

    pub(crate) fn assessment(&self) -> Value {
        serde_json::from_slice(&fs::read(self.out().join("assessment.json")).unwrap()).unwrap()
    }
}

/// Runs the program and returns how it ended with its peak memory in KiB.
pub(crate) fn measured(arguments: &[&str]) -> (Ran, u64) {
    let mut child = program().args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let path = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    while child.try_wait().unwrap().is_none() {
        let status = fs::read_to_string(&path).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        peak = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(peak).max(peak);
        std::thread::sleep(Duration::from_millis(2));
    }
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (Ran { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }, peak)
}
