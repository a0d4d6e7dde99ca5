//! Reports into a folder, whole or not at all.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::assess::assessment::Assessment;
use crate::report::format::companions;
use crate::report::{Format, ReportError, render};

/// A file under its temporary name; removed unless it got its final one.
struct Draft {
    temporary: PathBuf,
    target: PathBuf,
    renamed: bool,
}

impl Drop for Draft {
    fn drop(&mut self) {
        if !self.renamed {
            // Best effort on a path that already reports an error.
            let _ = fs::remove_file(&self.temporary);
        }
    }
}

/// Writes an assessment in each of the formats into `dir`, which is made if need be, and returns the
/// files in the order written. JSON is followed by `assessment.schema.json`.
///
/// Everything is rendered, then everything written under temporary names in `dir`, and only then
/// renamed, so that a full disk or a missing right leaves earlier reports as they were.
///
/// # Errors
/// [`ReportError::Folder`] or [`ReportError::Write`] where the system refuses, and those of
/// [`render`].
pub fn write_all(assessment: &Assessment, dir: &Path, formats: &[Format]) -> Result<Vec<PathBuf>, ReportError> {
    let mut texts = Vec::new();
    let mut seen = BTreeSet::new();
    for format in formats {
        if seen.insert(*format) {
            texts.push((format.file_name(), render(assessment, *format)?));
            texts.extend(companions(*format)?);
        }
    }
    fs::create_dir_all(dir).map_err(|source| ReportError::Folder { path: dir.to_owned(), source })?;
    let mut drafts = Vec::new();
    for (name, text) in &texts {
        drafts.push(draft(dir, name, text)?);
    }
    let mut written = Vec::new();
    for mut draft in drafts {
        fs::rename(&draft.temporary, &draft.target).map_err(|source| refused(&draft.target, source))?;
        draft.renamed = true;
        written.push(draft.target.clone());
    }
    Ok(written)
}

fn draft(dir: &Path, name: &str, text: &str) -> Result<Draft, ReportError> {
    let target = dir.join(name);
    // A folder in the place of a report is found before any report is renamed.
    if target.is_dir() {
        return Err(refused(&target, io::ErrorKind::IsADirectory.into()));
    }
    let (temporary, mut file) = create(dir, name).map_err(|source| refused(&target, source))?;
    let draft = Draft { temporary, target, renamed: false };
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(|source| refused(&draft.target, source))?;
    Ok(draft)
}

/// A new file beside the target: never one that exists, be it a link that someone laid there.
fn create(dir: &Path, name: &str) -> io::Result<(PathBuf, File)> {
    let process = std::process::id();
    let mut attempt = 0;
    loop {
        let path = dir.join(format!(".{name}.{process}-{attempt}.tmp"));
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Ok(file) => return Ok((path, file)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && attempt < 100 => {
                attempt += 1;
            }
            Err(error) => return Err(error),
        }
    }
}

fn refused(path: &Path, source: io::Error) -> ReportError {
    ReportError::Write { path: path.to_owned(), source }
}
