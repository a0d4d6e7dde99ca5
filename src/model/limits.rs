//! Every bound that an input can reach, in one place. README.md has this table; a test compares.
//!
//! Bounds on what a report shows are not among them: they cut a text and say so, and are in `report/`.

use std::fmt::Write as _;

/// What a number counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Bytes.
    Bytes,
    /// Things.
    Count,
}

/// A bound.
#[derive(Debug, Clone, Copy)]
pub struct Limit {
    /// What is bounded.
    pub what: &'static str,
    /// The bound.
    pub value: u64,
    /// What it counts.
    pub unit: Unit,
    /// The option that sets another; empty where none does.
    pub option: &'static str,
    /// What happens beyond it.
    pub beyond: &'static str,
}

pub(crate) const ENTRIES: u64 = 1_000_000;
pub(crate) const BYTES: u64 = 64 << 30;
pub(crate) const MEMBER_BYTES: u64 = 16 << 30;
pub(crate) const RATIO: u64 = 500;
pub(crate) const DEPTH: u32 = 3;
pub(crate) const PATH: usize = 1024;
pub(crate) const OBJECT_BYTES: u64 = 64 << 20;
pub(crate) const ENVELOPE_BYTES: usize = 4 << 20;
pub(crate) const JSON_DEPTH: u32 = 512;
pub(crate) const JOBS: usize = 256;
pub(crate) const NESTED_ZIP: usize = 256 << 20;
pub(crate) const WINDOW_LOG: u32 = 27;
pub(crate) const XZ_KIB: u32 = 128 << 10;
pub(crate) const TAR_HEADER: u64 = 1 << 20;
pub(crate) const YAML_OBJECTS: u64 = 8 << 20;
pub(crate) const CERTIFICATES: usize = 500;
pub(crate) const CERTIFICATE_BYTES: usize = 64 << 10;
pub(crate) const SIGNATURES_TRIED: usize = 300;
pub(crate) const PEOPLE_FILE: usize = 1 << 20;
pub(crate) const PEOPLE_NESTING: usize = 512;
pub(crate) const CLAIMS: usize = 10_000;
pub(crate) const PACK_FILES: usize = 20_000;
pub(crate) const EXPRESSION: usize = 4096;
pub(crate) const INTAKE_FILE: u64 = 64 << 20;
pub(crate) const XML_DEPTH: usize = 64;
pub(crate) const XML_ATTRIBUTES: usize = 64;
pub(crate) const REVIEWS: usize = 50_000;
pub(crate) const ASSESSMENT: u64 = 1 << 30;
pub(crate) const DIGEST_LIST: u64 = 256 << 20;
pub(crate) const SEALED_MEMBERS: usize = 1_000_000;
pub(crate) const SEALED_FRAME: u32 = 8 << 20;
pub(crate) const SIGNATURE: u64 = 4 << 20;
pub(crate) const NAMES: usize = 250_000;
pub(crate) const NAME_MAP: u64 = 64 << 20;
pub(crate) const UNCUT: usize = 32 << 20;

const ENDS: &str = "the run ends with an error";
const NOT_READ: &str = "it is named and not read";
const UNREADABLE: &str = "it is unreadable, and rules that need it are Not Reviewed";
const REFUSED: &str = "the file is refused";

const fn bytes(what: &'static str, value: u64, option: &'static str, beyond: &'static str) -> Limit {
    Limit { what, value, unit: Unit::Bytes, option, beyond }
}

const fn count(what: &'static str, value: u64, option: &'static str, beyond: &'static str) -> Limit {
    Limit { what, value, unit: Unit::Count, option, beyond }
}

/// All bounds.
pub const TABLE: [Limit; 34] = [
    count("entries over all inputs", ENTRIES, "--max-entries", ENDS),
    bytes("decoded bytes over all inputs", BYTES, "--max-bytes", ENDS),
    bytes("decoded bytes of one member", MEMBER_BYTES, "--max-member-bytes", ENDS),
    count("decoded bytes for each encoded byte", RATIO, "--max-ratio", ENDS),
    count("archives within archives", DEPTH as u64, "--max-depth", NOT_READ),
    bytes("a member's path", PATH as u64, "--max-path", ENDS),
    bytes("one object, or one file that is read whole", OBJECT_BYTES, "--max-object-bytes", UNREADABLE),
    bytes("what stands around a list of JSON", ENVELOPE_BYTES as u64, "", UNREADABLE),
    count("JSON values within values in a support dump's report", JSON_DEPTH as u64, "", UNREADABLE),
    count("threads", JOBS as u64, "-j", "the option is refused"),
    bytes("a zip inside an archive", NESTED_ZIP as u64, "", NOT_READ),
    bytes("the window of a zstd stream", 1 << WINDOW_LOG, "", ENDS),
    bytes("the memory of an xz decoder", (XZ_KIB as u64) << 10, "", ENDS),
    bytes("an extended header of tar", TAR_HEADER, "", ENDS),
    bytes("a YAML file of Kubernetes objects", YAML_OBJECTS, "", UNREADABLE),
    count("certificates of one file", CERTIFICATES as u64, "", UNREADABLE),
    bytes("one certificate", CERTIFICATE_BYTES as u64, "", UNREADABLE),
    count("signatures tried for one certificate", SIGNATURES_TRIED as u64, "", "its chain is not known"),
    bytes("`ssp.yaml`, `answers.yaml`, a rule", PEOPLE_FILE as u64, "", REFUSED),
    count("brackets within brackets in these", PEOPLE_NESTING as u64, "", REFUSED),
    count("SSP entries that one object asks for", CLAIMS as u64, "", UNREADABLE),
    count("files of a rule pack", PACK_FILES as u64, "", "the pack is refused"),
    bytes("a CEL expression", EXPRESSION as u64, "", "the rule is Not Reviewed"),
    bytes("a benchmark, a checklist, an answer file", INTAKE_FILE, "", REFUSED),
    count("XML elements within elements", XML_DEPTH as u64, "", REFUSED),
    count("attributes of an XML element", XML_ATTRIBUTES as u64, "", REFUSED),
    count("answers of one checklist", REVIEWS as u64, "", REFUSED),
    bytes("`assessment.json`", ASSESSMENT, "", REFUSED),
    bytes("a list of digests", DIGEST_LIST, "", "`verify` says that it could not be read"),
    count("members of an evidence archive", SEALED_MEMBERS as u64, "", REFUSED),
    bytes("a signature or time stamp", SIGNATURE, "", "it was not checked"),
    count("names of a snapshot that is redacted", NAMES as u64, "", ENDS),
    bytes("a map of names", NAME_MAP, "", REFUSED),
    bytes("text without a line feed or a quote in a snapshot that is redacted", UNCUT as u64, "", ENDS),
];

/// The table as README.md has it.
#[must_use]
pub fn markdown() -> String {
    let mut text = "| what | at most | option | beyond it |\n|---|---|---|---|\n".to_owned();
    for limit in TABLE {
        let option = if limit.option.is_empty() { String::new() } else { format!("`{}`", limit.option) };
        let _ = writeln!(text, "| {} | {} | {option} | {} |", limit.what, said(&limit), limit.beyond);
    }
    text
}

fn said(limit: &Limit) -> String {
    let units = [(30, "GiB"), (20, "MiB"), (10, "KiB")];
    let fits = units.iter().find(|(power, _)| limit.value >= 1 << power && limit.value.is_multiple_of(1 << power));
    match (limit.unit, fits) {
        (Unit::Bytes, Some((power, unit))) => format!("{} {unit}", limit.value >> power),
        (Unit::Bytes, None) => format!("{} bytes", limit.value),
        (Unit::Count, _) => {
            let digits = limit.value.to_string();
            let mut text = String::new();
            for (place, digit) in digits.chars().enumerate() {
                if place > 0 && (digits.len() - place).is_multiple_of(3) {
                    text.push(',');
                }
                text.push(digit);
            }
            text
        }
    }
}
