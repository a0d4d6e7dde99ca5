//! What an earlier report left in its folders and a new one does not have.
//!
//! The list of digests says which files the earlier report wrote. Only those are removed, and only where their digest is
//! still the listed one: what a person added or changed stays.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::model::digest::Digest;

/// Bytes of a list of digests that is read.
const LIMIT: u64 = 64 << 20;

/// The files that the list of digests in `folder` names, with their digests; none where there is no
/// list. What a person put into the folder is not in it.
pub(crate) fn listed(folder: &Path) -> Vec<(PathBuf, String)> {
    let sums = folder.join("SHA256SUMS");
    let is_list = fs::symlink_metadata(&sums).is_ok_and(|found| found.is_file() && found.len() <= LIMIT);
    let text = if is_list { fs::read_to_string(&sums).unwrap_or_default() } else { String::new() };
    let named = text.lines().filter_map(|line| line.split_once("  "));
    named.filter(|(_, path)| is_ours(path)).map(|(digest, path)| (folder.join(path), digest.to_owned())).collect()
}

/// Removes the listed files that were not written again, if they are as they were listed; folders
/// that are empty then go with them. What cannot be removed stays: the new list does not name it.
pub(crate) fn remove(listed: Vec<(PathBuf, String)>, written: &[PathBuf]) {
    let written: BTreeSet<&PathBuf> = written.iter().collect();
    for (path, digest) in listed {
        if written.contains(&path) || !is_file_in_folder(&path) {
            continue;
        }
        let same = fs::read(&path).is_ok_and(|bytes| Digest::of(&bytes).to_string() == digest);
        if same
            && fs::remove_file(&path).is_ok()
            && let Some(folder) = path.parent()
        {
            // Only an empty folder can be removed so.
            let _ = fs::remove_dir(folder);
        }
    }
}

/// A path as this program makes them: a file of plain characters, or a folder and such a file.
fn is_ours(path: &str) -> bool {
    let plain = |name: &str| {
        !name.is_empty()
            && !name.starts_with(['.', '-'])
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
    };
    path.split_once('/').map_or(plain(path), |(folder, file)| plain(folder) && plain(file))
}

/// Whether it is a file in a folder, neither of them a link.
fn is_file_in_folder(path: &Path) -> bool {
    let folder = path.parent().is_some_and(|folder| fs::symlink_metadata(folder).is_ok_and(|found| found.is_dir()));
    folder && fs::symlink_metadata(path).is_ok_and(|found| found.is_file())
}
