//! Writes files that people fill in. One that is there is never replaced: it may hold what somebody
//! decided.

use std::fs::{OpenOptions, remove_file};
use std::io::{ErrorKind, Write};
use std::path::Path;

use anyhow::{Context, bail};

/// Writes a file that is not there yet.
pub(crate) fn write_new(path: &Path, text: &str) -> anyhow::Result<()> {
    let failed = || format!("cannot write `{}`", path.display());
    let mut file = match OpenOptions::new().write(true).create_new(true).open(path) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            bail!("`{}` already exists and may hold decisions; choose another file name", path.display())
        }
        outcome => outcome.with_context(failed)?,
    };
    let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
    if written.is_err() {
        // Half of a file would be taken for all of it.
        let _ = remove_file(path);
    }
    written.with_context(failed)
}
