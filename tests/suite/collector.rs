//! The collector as the program carries it. What it does is tested by `tests/collector/run.sh`.

use std::path::Path;
use std::process::Command;

use crate::common::snapshot::{Snapshot, ssp};
use crate::common::{assess_with, names_in, rule, run};
use mke_stig::facts::Source;
use mke_stig::model::assessment::Status;

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

#[test]
fn a_socket_with_an_access_control_list_is_never_let_off() {
    let mut snapshot = Snapshot::passing();
    let socket = format!("nodes/{}/host/docker-socket.txt", snapshot.nodes()[0]);
    let status = |snapshot: &Snapshot| {
        let files = Source::Files { name: "in".to_owned(), files: snapshot.list() };
        rule(&assess_with(&[files], ssp()), "V-260906").status
    };
    assert_eq!(status(&snapshot), Status::NotAFinding);
    // As the collector prints the line where `ls` marks a list.
    snapshot.set(&socket, "root:docker srw-rw----+ /var/run/docker.sock\n");
    assert_eq!(status(&snapshot), Status::NotReviewed);
}
