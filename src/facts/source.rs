//! What is given to be read.

use std::path::PathBuf;

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
}

impl Source {
    /// Returns the name without its folders, as evidence shows it.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Path(path) => path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned(),
            Self::Files { name, .. } => name.clone(),
        }
    }
}
