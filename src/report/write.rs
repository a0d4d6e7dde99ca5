//! Reports into a folder, whole or not at all.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::assess::assessment::Assessment;
use crate::report::{Choices, Format, ReportError, evidence, render_each, stale};

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

/// Folders made for a report; those that are empty when it fails are removed again.
#[derive(Default)]
struct Folders {
    made: Vec<PathBuf>,
}

impl Folders {
    fn make(&mut self, dir: &Path) -> Result<(), ReportError> {
        let mut missing = Vec::new();
        let mut at = Some(dir);
        while let Some(folder) = at.filter(|folder| !folder.as_os_str().is_empty() && !folder.exists()) {
            missing.push(folder.to_owned());
            at = folder.parent();
        }
        fs::create_dir_all(dir).map_err(|source| ReportError::Folder { path: dir.to_owned(), source })?;
        missing.reverse();
        self.made.extend(missing);
        Ok(())
    }
}

impl Drop for Folders {
    fn drop(&mut self) {
        for folder in self.made.iter().rev() {
            // Best effort, and only what nothing came to lie in.
            let _ = fs::remove_dir(folder);
        }
    }
}

/// Writes an assessment in each of the formats into `dir`, which is made if need be, and returns the
/// files in the order written. JSON is followed by `assessment.schema.json`.
///
/// Everything is written under temporary names beside its place, and only then renamed, so that a
/// full disk or a missing right leaves earlier reports as they were.
///
/// # Errors
/// [`ReportError::Folder`] or [`ReportError::Write`] where the system refuses, and those of
/// [`render_each`].
pub fn write_all(
    assessment: &Assessment,
    dir: &Path,
    formats: &[Format],
    choices: &Choices,
) -> Result<Vec<PathBuf>, ReportError> {
    // Dropped after the drafts, so that a folder is empty again by then.
    let mut folders = Folders::default();
    let mut drafts = Vec::new();
    folders.make(dir)?;
    let evidence = dir.join(evidence::FOLDER);
    let earlier = if formats.contains(&Format::Evidence) { stale::listed(&evidence) } else { Vec::new() };
    let mut at = PathBuf::new();
    let mut seen = BTreeSet::new();
    for format in formats.iter().filter(|format| seen.insert(**format)) {
        render_each(assessment, *format, choices, &mut |file| {
            let place = dir.join(&file.path);
            let folder = place.parent().unwrap_or(dir);
            let flush = folder == dir;
            if folder != dir && at != folder {
                folders.make(folder)?;
                inside(dir, folder)?;
                folder.clone_into(&mut at);
            }
            drafts.push(draft(place, &file.text, flush)?);
            Ok(())
        })?;
    }
    let mut written = Vec::new();
    for draft in &mut drafts {
        fs::rename(&draft.temporary, &draft.target).map_err(|source| refused(&draft.target, source))?;
        draft.renamed = true;
        written.push(draft.target.clone());
    }
    stale::remove(earlier, &written);
    Ok(written)
}

/// Refuses a folder of a report that is a link: it would lead out of the output folder.
fn inside(dir: &Path, folder: &Path) -> Result<(), ReportError> {
    let below = folder.ancestors().take_while(|folder| *folder != dir);
    for folder in below {
        let found = fs::symlink_metadata(folder).map_err(|source| refused(folder, source))?;
        if !found.is_dir() {
            return Err(refused(folder, io::ErrorKind::NotADirectory.into()));
        }
    }
    Ok(())
}

/// Writes a file beside its place. A report is flushed to the disk before it takes its name; the
/// thousands of small files of a folder are not, for their digests tell whether they are whole.
fn draft(target: PathBuf, text: &str, flush: bool) -> Result<Draft, ReportError> {
    // A folder in the place of a report is found before any report is renamed.
    if target.is_dir() {
        return Err(refused(&target, io::ErrorKind::IsADirectory.into()));
    }
    let (temporary, mut file) = create(&target).map_err(|source| refused(&target, source))?;
    let draft = Draft { temporary, target, renamed: false };
    let written = file.write_all(text.as_bytes()).and_then(|()| if flush { file.sync_all() } else { Ok(()) });
    written.map_err(|source| refused(&draft.target, source))?;
    Ok(draft)
}

/// A new file beside the target: never one that exists, be it a link that someone laid there.
fn create(target: &Path) -> io::Result<(PathBuf, File)> {
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    let process = std::process::id();
    let mut attempt = 0;
    loop {
        let path = target.with_file_name(format!(".{name}.{process}-{attempt}.tmp"));
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
