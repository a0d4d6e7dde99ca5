//! Judges a snapshot of a Mirantis Kubernetes Engine 3.x cluster against the DISA STIG, offline.
//!
//! Six types are the whole interface:
//!
//! | type | what it is |
//! |---|---|
//! | [`Source`] | an input: a snapshot, a support dump, or outputs of docker and kubectl |
//! | [`Pack`] | a rule pack; [`Pack::embedded`] is the STIG's |
//! | [`Ssp`] | the machine-readable part of the System Security Plan |
//! | [`Answers`] | what assessors decided |
//! | [`Assessment`] | all verdicts with their evidence; [`model`] documents what is in it |
//! | [`Format`] | a format of reports |
//!
//! [`assess`] makes an [`Assessment`] of sources, packs and [`Options`]; [`render`] makes files of it, and [`parse`] reads
//! a saved one back. Nothing opens a connection, and equal inputs give equal bytes.
//!
//! ```
//! use mke_stig::{Choices, Format, Options, Pack, Source, assess, parse, render};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let inputs = [Source::Path("testdata/sample".into())];
//! let assessment = assess(&inputs, &[Pack::embedded()], &Options::default())?;
//! assert_eq!(assessment.rules.len(), 44);
//! // One engine of the sample does not run in FIPS mode.
//! let fips = assessment.rules.iter().find(|rule| rule.id == "V-260908").ok_or("no such rule")?;
//! assert_eq!(fips.status, mke_stig::model::assessment::Status::Open);
//!
//! let json = &render(&assessment, Format::Json, &Choices::default())?[0];
//! assert_eq!(parse(json.text.as_bytes())?, assessment);
//! # Ok(())
//! # }
//! ```
//!
//! ARCHITECTURE.md shows the rooms of the source. They can be reached so that this project's own tests, benchmarks and
//! fuzz targets can try each by itself; they are no part of the interface and change without notice.

pub use answers::Answers;
pub use assess::{AssessError, Options, assess};
pub use facts::Source;
pub use model::assessment::Assessment;
pub use report::{Choices, File, Format, ReportError, parse, render, write_all};
pub use rules::{Pack, PackError};
pub use ssp::Ssp;

pub mod model;

#[doc(hidden)]
pub mod answers;
#[doc(hidden)]
pub mod archive;
#[doc(hidden)]
pub mod assess;
#[doc(hidden)]
pub mod cli;
#[doc(hidden)]
pub mod evidence;
#[doc(hidden)]
pub mod facts;
#[doc(hidden)]
pub mod intake;
#[doc(hidden)]
pub mod layout;
#[doc(hidden)]
pub mod report;
#[doc(hidden)]
pub mod rules;
#[doc(hidden)]
pub mod ssp;
#[doc(hidden)]
pub mod yaml;
