//! All integration tests, in one program: each file is about one promise, reader, format or command.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stderr,
    reason = "a test stops at the first thing that is not as it must be, and says what it skips"
)]

mod answers;
mod archive;
mod benchmark;
mod carried;
mod cases;
mod checklists;
mod cli;
mod clusters;
mod collector;
mod common;
mod dump;
mod evidence_digest;
mod faults;
mod fix;
mod generated;
mod hostile;
mod hostile_rules;
mod hostile_ssp;
mod hostile_text;
mod house;
mod import;
mod inputs;
mod interchange;
mod keeper;
mod killed;
mod kinds;
mod kubernetes;
mod limits;
mod memory;
mod metamorphic;
mod missing;
mod missing_whole;
mod network;
mod one_change;
mod pack;
mod page;
mod parts;
mod promises;
mod redact;
mod report;
mod report_files;
mod report_formats;
mod report_hidden;
mod rule_cases;
mod rule_language;
mod sample;
mod saved;
mod sbom;
mod seal;
mod sealed_earlier;
mod selection;
mod shapes;
mod signatures;
mod ssp;
mod trust;
mod unlike;
mod verify;
mod whole_lists;
