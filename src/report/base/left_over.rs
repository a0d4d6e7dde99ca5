//! Files and folders under temporary names, and what is left of them when a process was killed.
//!
//! A temporary name is `.NAME.x3Yb9Q.tmp` for what will be called `NAME`. Whether its maker still lives is told by a lock, which
//! the system takes off when a process ends, however it ends.

use std::ffi::OsStr;
use std::fs::{self, File, TryLockError};
use std::path::Path;

/// What something under a temporary name was to be called; none for other names.
pub(crate) fn target(name: &OsStr) -> Option<&str> {
    let (target, random) = name.to_str()?.strip_prefix('.')?.strip_suffix(".tmp")?.rsplit_once('.')?;
    (random.len() == 6 && random.bytes().all(|byte| byte.is_ascii_alphanumeric())).then_some(target)
}

/// Removes from a folder what stands under temporary names of the targets that `ours` knows. What cannot be removed stays.
///
/// The caller sees to it that nobody else writes there.
pub(crate) fn remove(folder: &Path, ours: &dyn Fn(&str) -> bool) {
    each(folder, ours, &mut |path, found| {
        let _ = if found.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    });
}

/// Removes the temporary files of one target whose makers are gone: nobody holds their locks.
pub(crate) fn remove_unlocked(folder: &Path, name: &str) {
    each(folder, &|target| target == name, &mut |path, found| {
        if found.is_file() && File::open(path).is_ok_and(|file| file.try_lock().is_ok()) {
            let _ = fs::remove_file(path);
        }
    });
}

fn each(folder: &Path, ours: &dyn Fn(&str) -> bool, take: &mut dyn FnMut(&Path, fs::FileType)) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let named = target(&entry.file_name()).is_some_and(ours);
        if let Some(found) = entry.file_type().ok().filter(|_| named) {
            take(&entry.path(), found);
        }
    }
}

/// A folder that only this process writes reports into.
#[derive(Debug)]
pub(crate) enum Hold {
    /// It is held as long as this lives.
    Held(#[expect(dead_code, reason = "the lock is on as long as the file is open")] File),
    /// Somebody else holds it.
    Busy,
    /// The system knows no locks on folders.
    Unknown,
}

impl Hold {
    pub(crate) fn of(folder: &Path) -> Self {
        let Ok(file) = File::open(folder) else { return Self::Unknown };
        match file.try_lock() {
            Ok(()) => Self::Held(file),
            Err(TryLockError::WouldBlock) => Self::Busy,
            Err(TryLockError::Error(_)) => Self::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn temporary_names_are_told_from_others() {
        assert_eq!(target(OsStr::new(".assessment.html.x3Yb9Q.tmp")), Some("assessment.html"));
        for name in ["assessment.html", ".x3Yb9Q.tmp", ".a.x3Yb9.tmp", ".a.x3Yb9Q.tmp2", ".a.x3-b9Q.tmp"] {
            assert_eq!(target(OsStr::new(name)), None, "{name}");
        }
    }

    #[test]
    fn only_what_nobody_holds_is_removed() {
        let folder = tempfile::tempdir().unwrap();
        let (dead, alive) = (folder.path().join(".x.aaaaaa.tmp"), folder.path().join(".x.bbbbbb.tmp"));
        fs::write(&dead, "").unwrap();
        let held = File::create(&alive).unwrap();
        held.lock().unwrap();
        fs::write(folder.path().join(".y.aaaaaa.tmp"), "").unwrap();
        remove_unlocked(folder.path(), "x");
        assert!(!dead.exists() && alive.exists() && folder.path().join(".y.aaaaaa.tmp").exists());
    }
}
