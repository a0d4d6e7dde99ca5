//! `evidence.json`: what each member of an evidence archive was to the assessment, and how it was made.

use serde::{Deserialize, Serialize};

use crate::model::assessment::Asset;

/// What was sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Name and version of this form.
    pub schema: String,
    /// The program that assessed and sealed.
    pub tool: ToolRecord,
    /// The inputs, in the order given.
    pub inputs: Vec<InputRecord>,
    /// The SSP.
    pub ssp: Option<TextRecord>,
    /// The files of answers, in the order given.
    pub answers: Vec<TextRecord>,
    /// The benchmark whose ids and texts were used.
    pub benchmark: Option<TextRecord>,
    /// The rule packs, the STIG's first.
    pub packs: Vec<PackRecord>,
    /// How it was assessed.
    pub options: OptionsRecord,
    /// The asset as the reports name it.
    pub asset: Asset,
    /// The member that is the assessment.
    pub assessment: String,
}

impl Record {
    /// Name and version of the form that this version writes and reads.
    pub const SCHEMA: &'static str = "mke-stig.sealed/1";
    /// The member that holds it.
    pub const MEMBER: &'static str = "evidence.json";
}

/// The program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToolRecord {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// SHA-256 of its file.
    pub sha256: String,
}

/// An input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InputRecord {
    /// Its name, as evidence shows it.
    pub name: String,
    /// The member that is the file, or the folder of members that are its files, ending in `/`.
    pub member: String,
    /// Of a file, the number of the folder in which it lay with other inputs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folder: Option<usize>,
}

/// A file that an option named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextRecord {
    /// The name that was given, which messages repeat.
    pub given: String,
    /// The member that is the file.
    pub member: String,
}

/// A rule pack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackRecord {
    /// Its name.
    pub name: String,
    /// The folder that was given; empty for the built-in pack.
    pub given: String,
    /// The folder of its files in the archive, ending in `/`.
    pub member: String,
    /// Its version.
    pub version: String,
    /// SHA-256 over its files.
    pub sha256: String,
}

/// How it was assessed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OptionsRecord {
    /// Only these rules; empty for all.
    pub only: Vec<String>,
    /// Which reading of ambiguous rules decided.
    pub reading: String,
    /// The marking that was given.
    pub marking: Option<String>,
    /// Evidence lines of one rule.
    pub evidence_limit: usize,
    /// The bounds on reading.
    pub bounds: Bounds,
}

/// The bounds on reading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "each is the option of its name")]
pub struct Bounds {
    pub max_entries: u64,
    pub max_bytes: u64,
    pub max_member_bytes: u64,
    pub max_ratio: u64,
    pub max_depth: u32,
    pub max_path: usize,
    pub max_object_bytes: u64,
}
