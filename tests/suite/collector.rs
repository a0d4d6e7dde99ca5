//! The collector as the program carries it. What it does is tested by `tests/collector/run.sh`.

use std::path::Path;
use std::process::Command;

use crate::common::{names_in, run};

#[test]
fn the_committed_script_is_its_parts_put_together() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("collector-scripts");
    let made = Command::new("sh").arg(folder.join("assemble.sh")).arg("-").output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let committed = std::fs::read(folder.join("mke-collect.sh")).unwrap();
    assert!(made.stdout == committed, "run `sh collector-scripts/assemble.sh` after a change of a part");
}

#[test]
fn an_enclave_is_given_the_one_script_and_its_two_pages() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("collector");
    let ran = run(["collector", out.to_str().unwrap()]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(names_in(&out), ["COMMANDS.md", "README.md", "mke-collect.sh"]);
    assert_eq!(ran.out.lines().count(), 3);
    let script = std::fs::read_to_string(out.join("mke-collect.sh")).unwrap();
    assert!(script.starts_with("#!/bin/sh\n") && script.ends_with("\nmain \"$@\"\n"));
}
