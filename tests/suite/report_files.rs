//! Reports in a folder: whole or not at all, beside what others put there, readable by others.

use std::fs;
use std::path::Path;
use std::process::Command;

use mke_stig::report::{Choices, Format, ReportError, parse, render, schema, write_all};

use crate::common::program;
use crate::sample::{large, small};

const PAGES: [Format; 3] = [Format::Html, Format::Markdown, Format::Json];

fn entries(dir: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn files_are_written_whole() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("a/b");
    let written = write_all(&small(), &out, &PAGES, &Choices::default()).unwrap();
    let names = ["assessment.html", "assessment.json", "assessment.md", "assessment.schema.json"];
    assert_eq!(entries(&out), names);
    assert_eq!(written.len(), 4);
    let read = fs::read(out.join("assessment.json")).unwrap();
    assert_eq!(parse(&read).unwrap(), small());
    let read = fs::read_to_string(out.join("assessment.schema.json")).unwrap();
    assert_eq!(read, schema().unwrap());
    let again = write_all(&small(), &out, &[Format::Json, Format::Json], &Choices::default()).unwrap();
    assert_eq!((again.len(), entries(&out).len()), (2, 4));
}

#[test]
fn nothing_is_left_where_writing_fails() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    fs::write(&file, "mine").unwrap();
    let error = write_all(&small(), &file, Format::all(), &Choices::default()).unwrap_err();
    assert!(matches!(error, ReportError::Folder { .. }), "{error}");
    assert_eq!(fs::read_to_string(&file).unwrap(), "mine");

    // The last report cannot take its place, so none of them does.
    let out = dir.path().join("out");
    fs::create_dir_all(out.join("assessment.json")).unwrap();
    fs::write(out.join("assessment.html"), "old").unwrap();
    let error = write_all(&small(), &out, Format::all(), &Choices::default()).unwrap_err();
    assert!(matches!(error, ReportError::Write { .. }), "{error}");
    assert_eq!(entries(&out), ["assessment.html", "assessment.json"]);
    assert_eq!(fs::read_to_string(out.join("assessment.html")).unwrap(), "old");
}

#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_takes_no_file_is_named() {
    // Not even root creates files there.
    let error = write_all(&small(), Path::new("/proc/self"), Format::all(), &Choices::default()).unwrap_err();
    assert!(error.to_string().contains("/proc/self/assessment.html"), "{error}");
}

#[cfg(unix)]
#[test]
fn reports_have_the_permissions_of_any_new_file() {
    use std::os::unix::fs::PermissionsExt;

    let dir = tempfile::tempdir().unwrap();
    let (plain, out) = (dir.path().join("plain"), dir.path().join("out"));
    fs::write(&plain, "").unwrap();
    fs::create_dir(dir.path().join("folder")).unwrap();
    write_all(&small(), &out, &[Format::Json, Format::Evidence], &Choices::default()).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode();
    assert_eq!(mode(&out.join("assessment.json")), mode(&plain));
    assert_eq!(mode(&out.join("evidence")), mode(&dir.path().join("folder")));
    assert_eq!(mode(&out.join("evidence/index.json")), mode(&plain));
    // A second report replaces the files of the folder one by one.
    write_all(&small(), &out, &[Format::Evidence], &Choices::default()).unwrap();
    assert_eq!(mode(&out.join("evidence/index.json")), mode(&plain));
}

/// A process that is told to end while it writes takes back what has not got its name.
#[cfg(unix)]
#[test]
fn an_interrupted_report_leaves_nothing() {
    use std::os::unix::process::ExitStatusExt;
    use std::process::Stdio;

    let dir = tempfile::tempdir().unwrap();
    let (input, out) = (dir.path().join("large.json"), dir.path().join("out"));
    fs::write(&input, render(&large(), Format::Json, &Choices::default()).unwrap().remove(0).text).unwrap();
    fs::create_dir(&out).unwrap();
    fs::write(out.join("assessment.csv"), "old").unwrap();
    for (signal, number) in [("-INT", 2), ("-TERM", 15)] {
        let mut child = program()
            .args(["report", input.to_str().unwrap(), "-f", "csv,evidence", "-o", out.to_str().unwrap()])
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        while entries(&out).len() == 1 {
            assert!(child.try_wait().unwrap().is_none(), "it was over before it could be interrupted");
            std::thread::yield_now();
        }
        let killed = Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
        assert!(killed.success());
        assert_eq!(child.wait().unwrap().signal(), Some(number), "it ends by the signal");
        assert_eq!(entries(&out), ["assessment.csv"], "{signal}");
        assert_eq!(fs::read_to_string(out.join("assessment.csv")).unwrap(), "old");
    }
}
