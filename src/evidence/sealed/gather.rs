//! Gathers the files that are sealed.

use std::fs;
use std::path::Path;

use walkdir::WalkDir;

use crate::evidence::sealed::build::{Content, Part, SealError};

/// A file or a folder that was given, as members below `prefix`; returns its own member, or its folder ending in `/`.
///
/// # Errors
/// See [`folder`].
pub fn given(path: &Path, prefix: &str, parts: &mut Vec<Part>) -> Result<String, SealError> {
    let name = path.file_name().map_or(Ok("folder"), |name| {
        name.to_str().ok_or_else(|| SealError::Name(name.to_string_lossy().into_owned()))
    })?;
    let member = format!("{prefix}{name}");
    let found = fs::metadata(path).map_err(|source| SealError::Read { path: path.to_owned(), source })?;
    if found.is_dir() {
        let member = format!("{member}/");
        folder(path, &member, parts)?;
        return Ok(member);
    }
    parts.push(Part { name: member.clone(), content: Content::File(path.to_owned()) });
    Ok(member)
}

/// The files of a folder and of those below it, as members below `prefix`.
///
/// # Errors
/// What cannot be read, and a link or a device, which is no evidence.
pub fn folder(path: &Path, prefix: &str, parts: &mut Vec<Part>) -> Result<(), SealError> {
    for entry in WalkDir::new(path).min_depth(1).follow_links(false).sort_by_file_name() {
        let entry = entry.map_err(|error| {
            let path = error.path().unwrap_or(path).to_owned();
            SealError::Read { path, source: error.into() }
        })?;
        if entry.file_type().is_dir() {
            continue;
        }
        if !entry.file_type().is_file() {
            return Err(SealError::NoFile(entry.path().to_owned()));
        }
        let inner = entry.path().strip_prefix(path).unwrap_or(entry.path());
        let inner: Option<Vec<&str>> = inner.iter().map(|part| part.to_str()).collect();
        let inner = inner.ok_or_else(|| SealError::Name(entry.path().display().to_string()))?;
        parts.push(Part {
            name: format!("{prefix}{}", inner.join("/")),
            content: Content::File(entry.path().to_owned()),
        });
    }
    Ok(())
}
