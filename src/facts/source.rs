//! What is given to be read.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

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
        /// The number of the folder in which it lay with others.
        folder: Option<usize>,
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
}

/// By source, the number of the folder in which it lies, if it is a file and others lie there, too: so those that are
/// given one by one stay together. Where a folder lies and how it is called says nothing.
pub(crate) fn shared_folders(sources: &[Source]) -> Vec<Option<usize>> {
    let folders: Vec<Option<PathBuf>> = sources.iter().map(folder_on_disk).collect();
    let mut lie_in: BTreeMap<&Path, (usize, usize)> = BTreeMap::new();
    for (number, folder) in folders.iter().enumerate() {
        if let Some(folder) = folder {
            lie_in.entry(folder).or_insert((number, 0)).1 += 1;
        }
    }
    let number = |(source, folder): (&Source, &Option<PathBuf>)| match source {
        Source::Sealed { folder, .. } => *folder,
        _ => lie_in.get(folder.as_deref()?).filter(|(_, files)| *files > 1).map(|(number, _)| *number),
    };
    sources.iter().zip(&folders).map(number).collect()
}

fn folder_on_disk(source: &Source) -> Option<PathBuf> {
    let Source::Path(path) = source else { return None };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    path.is_file().then(|| folder.canonicalize().ok())?
}
