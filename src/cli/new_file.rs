//! Writes files whole or not at all: under a temporary name, until all of it is there.

use std::fs::File;
use std::io::{self, ErrorKind, Write};
#[cfg(unix)]
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use anyhow::{Context, bail};
use tempfile::NamedTempFile;

use crate::report::base::left_over;

/// A file under a temporary name beside its place, with the permissions of any new file. What killed runs left there of the
/// same file is removed.
pub(crate) fn draft(output: &Path) -> io::Result<NamedTempFile> {
    let folder = output.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let name = output.file_name().unwrap_or_default().to_string_lossy();
    left_over::remove_unlocked(folder, &name);
    let prefix = format!(".{name}.");
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(PermissionsExt::from_mode(0o666));
    // The error names the temporary file; the reader named another.
    let plain = |error: io::Error| {
        let text = error.to_string();
        io::Error::new(error.kind(), text.split(" at path ").next().unwrap_or_default())
    };
    let file = builder.prefix(&prefix).suffix(".tmp").tempfile_in(folder).map_err(plain)?;
    // Where there are no locks, nothing that is left over is removed either.
    let _ = file.as_file().try_lock();
    Ok(file)
}

/// Gives a draft its name.
pub(crate) fn persist(file: NamedTempFile, output: &Path) -> io::Result<File> {
    file.as_file().sync_all()?;
    file.persist(output).map_err(|error| error.error)
}

/// Writes a file in the place of one that may be there.
pub(crate) fn replace(path: &Path, text: &str) -> anyhow::Result<()> {
    let failed = || format!("cannot write `{}`", path.display());
    let mut file = draft(path).with_context(failed)?;
    file.write_all(text.as_bytes()).with_context(failed)?;
    persist(file, path).with_context(failed)?;
    Ok(())
}

/// Writes a file that people fill in. One that is there is never replaced: it may hold what somebody decided.
pub(crate) fn write_new(path: &Path, text: &str) -> anyhow::Result<()> {
    let failed = || format!("cannot write `{}`", path.display());
    let refused = || format!("`{}` already exists and may hold decisions; choose another file name", path.display());
    if path.symlink_metadata().is_ok() {
        bail!(refused());
    }
    let mut file = draft(path).with_context(failed)?;
    let written = file.write_all(text.as_bytes()).and_then(|()| file.as_file().sync_all());
    written.with_context(failed)?;
    match file.persist_noclobber(path) {
        Err(error) if error.error.kind() == ErrorKind::AlreadyExists => bail!(refused()),
        outcome => outcome.map(|_| ()).map_err(|error| error.error).with_context(failed),
    }
}
