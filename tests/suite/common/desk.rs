//! A folder with everything that a command can be given, and a line for each command of the program.

use std::fs;
use std::path::Path;

use crate::common::snapshot::Snapshot;
use crate::common::{Ran, program, repository};

/// A command that every fault is tried on. `{out}` is where it writes.
pub(crate) struct Line {
    pub(crate) line: &'static str,
    /// Whether it writes to `{out}`.
    pub(crate) writes: bool,
}

const fn writes(line: &'static str) -> Line {
    Line { line, writes: true }
}

const fn prints(line: &'static str) -> Line {
    Line { line, writes: false }
}

/// Every command; a test holds the list against `--help`.
pub(crate) const EVERY: [Line; 24] = [
    writes("demo -f json,csv -o {out}/new"),
    writes("analyze snap --ssp ssp.yaml -f json,html -o {out}/new"),
    writes("report r/assessment.json -f csv,json -o {out}/new"),
    writes("fix snap --ssp ssp.yaml -o {out}/new"),
    prints("inspect snap"),
    prints("verify snap x.tar.zst r/evidence"),
    writes("seal snap --assessment r -o {out}/new.tar.zst"),
    prints("replay x.tar.zst"),
    writes("replay x.tar.zst --extract reports/assessment.json -o {out}/new.json"),
    writes("redact snap -o {out}/new.tar --map {out}/new.yaml"),
    prints("answers draft snap"),
    prints("answers check answers.yaml snap"),
    writes("answers import r/assessment.ckl -o {out}/new.yaml"),
    prints("ssp draft snap"),
    writes("ssp draft snap -o {out}/new.yaml"),
    prints("ssp check ssp.yaml snap"),
    prints("rules list"),
    prints("rules show V-260903"),
    prints("rules check pack"),
    prints("rules schema"),
    prints("explain V-260903"),
    writes("collector {out}/new"),
    prints("completions bash"),
    writes("man {out}/new"),
];

/// A folder with a snapshot, decisions, reports, an evidence archive and a pack of one rule.
pub(crate) fn desk() -> tempfile::TempDir {
    let desk = tempfile::tempdir().unwrap();
    let at = desk.path();
    Snapshot::sample().write(&at.join("snap"));
    for name in ["ssp.yaml", "answers.yaml"] {
        fs::copy(repository(&format!("testdata/{name}")), at.join(name)).unwrap();
    }
    fs::create_dir(at.join("pack")).unwrap();
    for name in ["pack.yaml", "V-260903.yaml"] {
        fs::copy(repository(&format!("rules/mke-stig-v2r1/{name}")), at.join("pack").join(name)).unwrap();
    }
    for line in ["analyze snap -f json,ckl,evidence -o r -q", "seal snap --assessment r -o x.tar.zst"] {
        let ran = run_in(at, line);
        assert_eq!(ran.code, 0, "{line}: {ran:?}");
    }
    desk
}

/// Runs a line of the program in a folder.
pub(crate) fn run_in(folder: &Path, line: &str) -> Ran {
    let output = program().current_dir(folder).args(line.split(' ')).output().unwrap();
    Ran {
        code: output.status.code().expect("the program ends by itself"),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}
