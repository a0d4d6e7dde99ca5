//! Killed at any moment, a command leaves the old file or the new one, whole; what it left under temporary names goes with the
//! next run.

#![cfg(unix)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::common::snapshot::Snapshot;
use crate::common::{contents, names_in, program, repository, run};

/// How often each command is killed.
const MOMENTS: u32 = 6;

fn command(folder: &Path, line: &str) -> Command {
    let mut command = program();
    command.current_dir(folder).args(line.split(' ')).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

fn is_temporary(path: &str) -> bool {
    path.split('/').any(|part| part.starts_with('.') && part.strip_suffix(".tmp").is_some())
}

/// A folder with a snapshot, decisions, reports and an evidence archive.
fn desk() -> tempfile::TempDir {
    let desk = tempfile::tempdir().unwrap();
    Snapshot::sample().write(&desk.path().join("snap"));
    for name in ["ssp.yaml", "answers.yaml"] {
        fs::copy(repository(&format!("testdata/{name}")), desk.path().join(name)).unwrap();
    }
    for line in ["analyze snap -f json -o r -q", "seal snap --assessment r -o x.tar.zst"] {
        assert!(command(desk.path(), line).status().unwrap().success(), "{line}");
    }
    desk
}

/// Kills a command at many moments. Each file in its place must be of the `old` run or of the `new` one.
fn killed(line: &str, old: &str, out: &[&str]) {
    let desk = desk();
    let kept = contents(desk.path());
    let outputs = |folder: &Path| -> BTreeMap<String, Vec<u8>> {
        let all = contents(folder).into_iter();
        all.filter(|(path, _)| out.iter().any(|out| path == out || path.starts_with(&format!("{out}/")))).collect()
    };
    let begin = Instant::now();
    assert!(command(desk.path(), line).status().unwrap().success(), "{line}");
    let whole = begin.elapsed();
    let new = outputs(desk.path());
    assert!(!new.is_empty(), "{line}");
    let clean = |old: &str| {
        for out in out {
            let path = desk.path().join(out);
            let _ = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
        }
        if !old.is_empty() {
            assert!(command(desk.path(), old).status().unwrap().success(), "{old}");
        }
    };
    clean(old);
    let before = outputs(desk.path());
    for moment in 0..MOMENTS {
        let mut child = command(desk.path(), line).spawn().unwrap();
        // More moments near the end, where files are written.
        let part = 1.0 - f64::from((MOMENTS - moment).pow(2)) / f64::from(MOMENTS.pow(2));
        std::thread::sleep(Duration::from_secs_f64(whole.as_secs_f64() * part));
        let _ = child.kill();
        child.wait().unwrap();
        for (path, content) in outputs(desk.path()).iter().filter(|(path, _)| !is_temporary(path)) {
            let whole = before.get(path) == Some(content) || new.get(path) == Some(content);
            assert!(whole, "{line}: killed at {part:.2}, {path} is neither old nor new");
        }
        if old.is_empty() {
            clean(old);
        }
    }
    clean(old);
    assert!(command(desk.path(), line).status().unwrap().success(), "{line} after it was killed");
    assert_eq!(outputs(desk.path()).keys().collect::<Vec<_>>(), new.keys().collect::<Vec<_>>());
    assert!(outputs(desk.path()) == new, "{line}: other bytes after it was killed");
    for (path, content) in &kept {
        assert!(fs::read(desk.path().join(path)).unwrap() == *content, "{line} changed {path}");
    }
}

#[test]
fn analyze_killed_at_any_moment_leaves_whole_files() {
    killed(
        "analyze snap --ssp ssp.yaml -f html,json,ckl,cklb,csv,evidence --per-node -o a -q",
        "analyze snap -f html,json,ckl,cklb,csv,evidence --per-node -o a -q",
        &["a"],
    );
}

#[test]
fn report_and_demo_killed_at_any_moment_leave_whole_files() {
    killed("report r/assessment.json -f html,evidence -o a", "", &["a"]);
    killed("demo -o a", "", &["a"]);
}

#[test]
fn seal_replay_and_redact_killed_at_any_moment_leave_whole_files() {
    killed("seal snap --assessment r -o y.tar.zst", "", &["y.tar.zst"]);
    killed("replay x.tar.zst --extract evidence.json -o e.json", "", &["e.json"]);
    killed("redact snap -o y.tar --map m.yaml", "", &["y.tar", "m.yaml"]);
}

#[test]
fn drafts_and_setup_killed_at_any_moment_leave_whole_files() {
    killed("ssp draft snap -o d.yaml", "", &["d.yaml"]);
    killed("collector c", "", &["c"]);
    killed("man c", "", &["c"]);
}

/// What dead runs left goes, what a person has stays, and a run that lives is not disturbed.
#[test]
fn what_dead_runs_left_is_removed() {
    let desk = tempfile::tempdir().unwrap();
    let out = desk.path().join("out");
    let demo = || run(["demo", "-f", "json,evidence", "-o", out.to_str().unwrap()]);
    assert_eq!(demo().code, 0);
    let before = names_in(&out);
    fs::create_dir(out.join(".evidence.abc123.tmp")).unwrap();
    fs::write(out.join(".evidence.abc123.tmp/index.json"), "half").unwrap();
    for path in [".assessment.html.abc123.tmp", "evidence/V-260903/.verdict.md.abc123.tmp"] {
        fs::write(out.join(path), "half").unwrap();
    }
    fs::write(out.join(".notes.abc123.tmp"), "mine").unwrap();
    assert_eq!(demo().code, 0);
    let mut after = names_in(&out);
    after.retain(|name| name != ".notes.abc123.tmp");
    assert_eq!(after, before);
    assert!(!out.join("evidence/V-260903/.verdict.md.abc123.tmp").exists());
    assert!(out.join(".notes.abc123.tmp").exists());
    let held = fs::File::open(&out).unwrap();
    held.lock().unwrap();
    assert!(demo().trouble().contains("another run is writing"), "two runs into one folder");
}

/// A disk that is full leaves the old reports and no others; a limit on the size of files stands for it.
#[test]
fn a_full_disk_is_one_clear_error() {
    let desk = desk();
    let program = program().get_program().to_owned();
    for (line, out) in [
        ("analyze snap -f html,json -o full -q", "full"),
        ("seal snap --assessment r -o full.tar.zst", "full.tar.zst"),
        ("redact snap -o full.tar --map full.yaml", "full.tar"),
        ("replay x.tar.zst --extract reports/assessment.json -o full.json", "full.json"),
    ] {
        // Blocks of 512 bytes; a signal would end the program, which it must not be ended by.
        let output = Command::new("sh")
            .args(["-c", "trap '' XFSZ; ulimit -f 40; exec \"$0\" \"$@\""])
            .arg(&program)
            .args(line.split(' '))
            .current_dir(desk.path())
            .output()
            .unwrap();
        let err = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{line}: {err}");
        assert!(err.starts_with("error: ") && err.trim_end().lines().count() == 1, "{line}: {err}");
        assert!(!desk.path().join(out).is_file(), "{line}");
        assert!(!contents(desk.path()).keys().any(|path| path.starts_with("full") || is_temporary(path)), "{line}");
    }
}

/// A pipe that nobody reads ends the program without a word, and a full standard output with one.
#[test]
fn a_closed_pipe_and_a_full_output_are_no_panic() {
    let program = program().get_program().to_string_lossy().into_owned();
    let shell = |script: &str| Command::new("sh").args(["-c", script, &program]).output().unwrap();
    for line in [
        "rules list",
        "explain V-260903",
        "inspect testdata/sample",
        "verify testdata/sample",
        "ssp draft testdata/sample",
    ] {
        let closed = shell(&format!("\"$0\" {line} | true"));
        assert!(!String::from_utf8_lossy(&closed.stderr).contains("panicked"), "{line}: {closed:?}");
        if Path::new("/dev/full").exists() {
            let full = shell(&format!("\"$0\" {line} >/dev/full"));
            let err = String::from_utf8_lossy(&full.stderr).into_owned();
            assert_eq!(full.status.code(), Some(2), "{line}: {err}");
            assert!(err.starts_with("error: "), "{line}: {err}");
        }
    }
}
