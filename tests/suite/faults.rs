//! What goes wrong around a run: nobody reads its output, its place takes no file, its input changes. Each command says so in one
//! line and ends with 2; none leaves half a file.

#![cfg(unix)]

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};

use mke_stig::archive::Limits;
use mke_stig::evidence::redact::{Names, RedactError, find_names, write};

use crate::common::archives::tar;
use crate::common::desk::{EVERY, desk, run_in};
use crate::common::snapshot::Snapshot;
use crate::common::{Ran, contents, names_in, program, require, run, skip};

fn subcommands(command: &[String], found: &mut BTreeSet<String>) {
    let help = run(command.iter().map(String::as_str).chain(["--help"])).out;
    let list = help.split_once("\nCommands:\n").map_or("", |(_, rest)| rest.split("\n\n").next().unwrap_or(rest));
    let names: Vec<&str> = list.lines().filter_map(|line| line.strip_prefix("  ")?.split(' ').next()).collect();
    if names.is_empty() {
        found.insert(command.join(" "));
    }
    for name in names.into_iter().filter(|name| !name.is_empty() && *name != "help") {
        subcommands(&[command, &[name.to_owned()]].concat(), found);
    }
}

#[test]
fn the_list_of_commands_has_every_command() {
    let mut found = BTreeSet::new();
    subcommands(&[], &mut found);
    assert!(found.len() > 15, "{found:?}");
    for command in found {
        assert!(
            EVERY.iter().any(|one| one.line == command || one.line.starts_with(&format!("{command} "))),
            "{command}"
        );
    }
}

/// What was not read may have been a finding: a closed pipe is never success. Reports are whole all the same.
#[test]
fn output_that_nobody_reads_ends_every_command_quietly_and_with_2() {
    let desk = desk();
    for one in EVERY {
        for place in ["open", "closed"] {
            fs::create_dir(desk.path().join(place)).unwrap();
        }
        let wanted = run_in(desk.path(), &one.line.replace("{out}", "open"));
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let line = one.line.replace("{out}", "closed");
        let output = program().current_dir(desk.path()).args(line.split(' ')).stdout(writer).output().unwrap();
        let err = String::from_utf8(output.stderr).unwrap();
        let code = if wanted.out.is_empty() { wanted.code } else { 2 };
        assert_eq!(output.status.code(), Some(code), "{line}: {err}");
        assert!(err.is_empty() || err == wanted.err.replace("open/", "closed/"), "{line}: {err}");
        let files = |name: &str| contents(&desk.path().join(name));
        assert!(files("closed").keys().eq(files("open").keys()), "{line}");
        for place in ["open", "closed"] {
            fs::remove_dir_all(desk.path().join(place)).unwrap();
        }
    }
    let failing = program()
        .current_dir(desk.path())
        .args("analyze snap -f json -o q --fail-on cat1".split(' '))
        .stdout({
            let (_, writer) = std::io::pipe().unwrap();
            writer
        })
        .output()
        .unwrap();
    assert_ne!(failing.status.code(), Some(0), "{failing:?}");
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let help = program().arg("--help").stdout(writer).output().unwrap();
    assert_eq!((help.status.code(), help.stderr.as_slice()), (Some(0), &b""[..]));
}

/// Runs the program where `place` of the folder is mounted by `mount`; nothing if that is not allowed here.
fn mounted(folder: &Path, mount: &str, line: &str) -> Option<(Ran, Vec<String>)> {
    let script = format!("{mount} || exit 77; \"$@\"; code=$?; find place -type f ! -name filler >after; exit $code");
    let output = Command::new("unshare")
        .args(["-rm", "sh", "-c", &script, "sh"])
        .arg(program().get_program())
        .args(line.split(' '))
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let err = String::from_utf8_lossy(&output.stderr).into_owned();
    if output.status.code() == Some(77) || err.starts_with("unshare") {
        let _ = skip("unshare", "it may not mount here");
        return None;
    }
    let after = fs::read_to_string(folder.join("after")).unwrap();
    let ran = Ran {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err,
    };
    Some((ran, after.lines().map(str::to_owned).collect()))
}

const FULL: &str = "mount -t tmpfs -o size=4k none place && head -c 4096 /dev/zero >place/filler";
const READ_ONLY: &str = "mount -t tmpfs -o size=4k none place && mount -o remount,ro place";

#[test]
fn a_place_that_is_full_or_takes_no_file_is_one_clear_error_of_every_command() {
    if !require("unshare") {
        return;
    }
    let desk = desk();
    fs::create_dir(desk.path().join("place")).unwrap();
    for one in EVERY.iter().filter(|one| one.writes) {
        for (mount, said) in [(FULL, "No space left"), (READ_ONLY, "Read-only")] {
            let line = one.line.replace("{out}", "place");
            let Some((ran, after)) = mounted(desk.path(), mount, &line) else { return };
            assert_eq!(ran.code, 2, "{line}: {ran:?}");
            assert!(
                ran.err.contains("error: ")
                    && ran.err.contains(said)
                    && (ran.err.contains("place") || ran.err.contains("redacted snapshot")),
                "{line}: {ran:?}"
            );
            assert_eq!(ran.err.matches("error: ").count(), 1, "{line}: {ran:?}");
            assert!(after.is_empty(), "{line}: {after:?}");
        }
    }
}

/// Everything that is only read may lie where nothing can be written.
#[test]
fn a_read_only_input_is_no_trouble() {
    if !require("unshare") {
        return;
    }
    let desk = desk();
    let place = desk.path().join("place");
    fs::create_dir(&place).unwrap();
    for name in ["snap", "r", "x.tar.zst", "ssp.yaml", "answers.yaml", "pack"] {
        fs::rename(desk.path().join(name), place.join(name)).unwrap();
    }
    let read_only = "mount --bind place place && mount -o remount,ro,bind place && cd place && touch x 2>/dev/null && exit 78; cd ..";
    for one in EVERY {
        for name in ["out", "wanted"] {
            fs::create_dir(desk.path().join(name)).unwrap();
        }
        let line = one.line.replace("{out}", "out");
        let line: Vec<String> = line
            .split(' ')
            .map(|word| if place.join(word).exists() { format!("place/{word}") } else { word.to_owned() })
            .collect();
        let Some((ran, _)) = mounted(desk.path(), read_only, &line.join(" ")) else { return };
        let wanted = run_in(&place, &one.line.replace("{out}", "../wanted"));
        assert_eq!(ran.code, wanted.code, "{line:?}: {ran:?}");
        for name in ["out", "wanted"] {
            fs::remove_dir_all(desk.path().join(name)).unwrap();
        }
    }
}

/// The command that signs runs between the two passes over the inputs.
#[test]
fn what_changes_while_it_is_sealed_is_not_sealed() {
    let desk = desk();
    for change in
        ["echo >>snap/manifest.jsonl", "rm snap/manifest.jsonl", ": >snap/manifest.jsonl", "echo >>r/assessment.json"]
    {
        let output = program()
            .current_dir(desk.path())
            .args(["seal", "snap", "--assessment", "r", "-o", "new.tar.zst", "--sign-with", &format!("cat; {change}")])
            .output()
            .unwrap();
        let err = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{change}: {err}");
        assert!(
            err.starts_with("error: ") && err.contains("manifest.jsonl") || err.contains("changed while"),
            "{change}: {err}"
        );
        assert!(!desk.path().join("new.tar.zst").exists(), "{change}");
        Snapshot::sample().write(&desk.path().join("snap"));
        assert_eq!(run_in(desk.path(), "analyze snap -f json,ckl,evidence -o r -q").code, 0);
    }
    assert_eq!(run_in(desk.path(), "seal snap --assessment r -o new.tar.zst").code, 0);
}

/// A name that comes between the passes would not be in the map, and would be handed on.
#[test]
fn what_changes_while_it_is_redacted_is_not_written() {
    let folder = tempfile::tempdir().unwrap();
    let snap = folder.path().join("snap");
    Snapshot::sample().write(&snap);
    let (limits, mut names) = (Limits::default(), Names::default());
    let known = find_names(&snap, &limits, &mut names).unwrap();
    let mut out = Vec::new();
    assert!(write((&snap, known), &limits, &names, &mut out, &|| false).is_ok());
    let file = snap.join("nodes/wrk-1/host/docker-group.txt");
    fs::OpenOptions::new().append(true).open(&file).unwrap().write_all(b"docker:x:999:newcomer\n").unwrap();
    let outcome = write((&snap, known), &limits, &names, &mut out, &|| false);
    assert!(matches!(outcome, Err(RedactError::Changed)), "{outcome:?}");
}

/// An archive that somebody writes to meanwhile is read as one of what it was, or refused.
#[test]
fn an_input_that_is_written_while_it_is_read_gives_an_error_or_one_of_its_states() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("snap.tar");
    let (whole, other) =
        (tar(&Snapshot::sample().files(), ""), tar(&Snapshot::sample().without_manifest().files(), ""));
    fs::write(&path, &whole).unwrap();
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !stop.load(Ordering::Relaxed) {
                for bytes in [&other[..], &whole[..whole.len() / 2], &whole] {
                    fs::write(&path, bytes).unwrap();
                }
            }
        });
        for round in 0..6 {
            let verify = run_in(folder.path(), "verify snap.tar");
            assert!(!verify.err.contains("panicked") && verify.code <= 2, "{verify:?}");
            let ran = run_in(folder.path(), &format!("analyze snap.tar -f json -q -o r{round}"));
            if ran.code == 0 {
                assert_eq!(names_in(&folder.path().join(format!("r{round}"))).len(), 2);
            } else {
                assert_eq!(ran.trouble().trim_end().lines().count(), 1, "{ran:?}");
                assert!(!folder.path().join(format!("r{round}")).exists());
            }
        }
        stop.store(true, Ordering::Relaxed);
    });
}
