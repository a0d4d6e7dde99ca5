//! What is given to be read.

use std::path::{Component, Path, PathBuf};

use crate::archive::Opener;

/// Something to read.
#[derive(Debug, Clone)]
pub enum Source {
    /// A folder, an archive or a lone file.
    Path(PathBuf),
    /// Files in memory, by path.
    Files {
        /// The name they go by.
        name: String,
        /// Path and content of each, in any order.
        files: Vec<(String, Vec<u8>)>,
    },
    /// A file that lies in an evidence archive.
    Sealed {
        /// The file.
        file: Opener,
        /// The folder in which it lay, as the archive tells it from others.
        folder: Option<String>,
    },
    /// The files of a folder that lie in an evidence archive.
    SealedFolder {
        /// The name of the folder.
        name: String,
        /// The files, by their paths in it.
        files: Vec<Opener>,
    },
}

impl Source {
    /// Returns the name without its folders, as evidence shows it.
    ///
    /// ```
    /// let source = mke_stig::Source::Path("enclave/snapshot.tar.zst".into());
    /// assert_eq!(source.name(), "snapshot.tar.zst");
    /// ```
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Path(path) => path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned(),
            Self::Files { name, .. } | Self::SealedFolder { name, .. } => name.clone(),
            Self::Sealed { file, .. } => file.path.clone(),
        }
    }

    /// What tells the folder in which a file lies from others: of a file on disk its whole path, with `/` between its
    /// parts. It brings files of one folder together that are given one by one, and is shown nowhere.
    #[must_use]
    pub fn folder(&self) -> Option<String> {
        match self {
            Self::Path(path) if path.is_file() => folder_of(path),
            Self::Sealed { folder, .. } => folder.clone(),
            Self::Path(_) | Self::Files { .. } | Self::SealedFolder { .. } => None,
        }
    }
}

fn folder_of(path: &Path) -> Option<String> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let whole = folder.canonicalize().ok()?;
    let parts = whole.components().filter_map(|part| match part {
        Component::Normal(part) => Some(part.to_string_lossy()),
        _ => None,
    });
    Some(parts.fold(String::new(), |path, part| format!("{path}/{part}")))
}
