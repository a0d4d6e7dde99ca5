//! Reads the YAML files of a folder, within bounds.
//!
//! A folder may be somebody else's: how many files are read and how much of each is bounded here, what is in them where
//! they are parsed. Bytes that are no UTF-8 become replacement characters, about which the parser then says where they
//! are.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use crate::model::limits;
use crate::yaml::FILE_LIMIT;

/// Files that a pack may have.
const MAX_FILES: usize = limits::PACK_FILES;

/// Why a pack cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum PackError {
    /// The folder cannot be read.
    #[error("cannot read the rule pack `{}`: {source}", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// There is no rule in it.
    #[error("`{}` has no rule: a pack is a folder of .yaml files, one rule each", path.display())]
    Empty {
        /// The folder.
        path: PathBuf,
    },
    /// There is more in it than a pack can have.
    #[error("`{}` holds more than {MAX_FILES} files: this is not a rule pack", path.display())]
    TooMany {
        /// The folder.
        path: PathBuf,
    },
}

/// The YAML files of a folder, by path, without those of its own folders.
pub(crate) fn yaml_files(folder: &Path) -> Result<Vec<(String, String)>, PackError> {
    let fail = |source| PackError::Folder { path: folder.to_owned(), source };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(fail)? {
        let path = entry.map_err(fail)?.path();
        if path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml") {
            if files.len() == MAX_FILES {
                return Err(PackError::TooMany { path: folder.to_owned() });
            }
            let mut text = Vec::new();
            // One byte more than a file may have: who parses it says that it is too large.
            let opened = File::open(&path).map_err(fail)?;
            opened.take(FILE_LIMIT as u64 + 1).read_to_end(&mut text).map_err(fail)?;
            files.push((path.display().to_string(), String::from_utf8_lossy(&text).into_owned()));
        }
    }
    files.sort();
    Ok(files)
}

/// The name of a file without its folder.
pub(crate) fn base_name(file: &str) -> &str {
    file.rsplit(['/', '\\']).next().unwrap_or(file)
}

/// The name of a file without its folder and without `.yaml`.
pub(crate) fn stem(file: &str) -> &str {
    base_name(file).trim_end_matches(".yaml").trim_end_matches(".yml")
}

/// Whether a file says what the pack is.
pub(crate) fn is_head(file: &str) -> bool {
    base_name(file) == "pack.yaml"
}
