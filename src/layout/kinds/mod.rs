//! The table of kinds: everything that the program knows of a kind of facts stands in one row.
//!
//! A row says what a kind is called and whether nodes or the cluster deliver it, how its members are
//! written, where they lie in a snapshot and in a support dump, by what an output of unknown name is
//! recognized, which fields every object has, and which command collects it. Paths, recognition and
//! the checks of rules' test cases are all derived from the rows, in both directions, so that adding a
//! kind means adding one row to the file of its product. Kubernetes kinds that are in no row
//! (`kube.Gateway`) share one pattern.

mod docker;
mod encoding;
mod host;
mod kind;
mod kubernetes;
mod mke;
mod msr;
mod naming;
mod paths;
mod row;
mod selects;
mod table;

pub use encoding::{Encoding, TextForm};
pub use kind::Kind;
pub(crate) use naming::Tells;
pub(in crate::layout) use paths::{Found, of_dump_file, of_member, of_resource, of_section, within_sections};
pub use paths::{case_path, cluster_path};
pub use row::DumpForm;
pub(in crate::layout) use row::{RecognizedBy, Scope, Signature};
pub use selects::{Covered, FLAGS, Kept, KeptField, Selection, WORDS, lists};
pub(in crate::layout) use table::rows;
