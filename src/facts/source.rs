//! What is given to be read.

use std::path::PathBuf;

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
    Sealed(Opener),
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
            Self::Sealed(file) => file.path.clone(),
        }
    }
}
