//! What can go wrong between an assessment and its files.
//!
//! Each message names the file or the field and, where there is one, the next step; defects of the program are told apart
//! from what a file or a system did.

use std::path::PathBuf;

use thiserror::Error;

use crate::model::assessment::SCHEMA;
use crate::report::base::types::Format;

/// Why a report could not be made, written or read back.
#[derive(Debug, Error)]
pub enum ReportError {
    /// A template failed: a defect of the program, not of the input.
    #[error("render the {format} report")]
    Template {
        /// The format asked for.
        format: Format,
        /// What the template engine says.
        #[source]
        source: minijinja::Error,
    },
    /// The assessment has no JSON form: a defect of the program.
    #[error("write the assessment as JSON")]
    Serialize(#[source] serde_json::Error),
    /// The output folder can be neither found nor made.
    #[error("create the output folder {}", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
    /// A report could not be written; nothing is left under its final name.
    #[error("write {}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
    /// Another run writes into the same folder.
    #[error("another run is writing reports into {}; wait for it, or name another folder", path.display())]
    Busy {
        /// The folder.
        path: PathBuf,
    },
    /// Writing was told to stop; earlier reports are as they were.
    #[error("interrupted before the reports were whole; earlier ones are as they were")]
    Interrupted,
    /// The bytes are not JSON at all.
    #[error("read the assessment: it is not JSON ({0})")]
    NotJson(#[source] serde_json::Error),
    /// JSON, but not an object with a `schema`.
    #[error("read the assessment: it names no schema, so it is no assessment.json (wanted \"schema\": \"{SCHEMA}\")")]
    NoSchema,
    /// Another schema, or another version of it.
    #[error(
        "read the assessment: its schema is {found:?} and this version reads \"{SCHEMA}\"; analyze the snapshot again"
    )]
    OtherSchema {
        /// The schema named, cut to a readable length.
        found: String,
    },
    /// The right schema, but a field is unknown, missing or of another type.
    #[error("read the assessment: it does not follow {SCHEMA} ({0})")]
    Malformed(#[source] serde_json::Error),
    /// The fields are right, but what they say together cannot be.
    #[error("read the assessment: it contradicts itself: {}", problems.join("; "))]
    Contradiction {
        /// Every contradiction found, one clause each.
        problems: Vec<String>,
    },
}
