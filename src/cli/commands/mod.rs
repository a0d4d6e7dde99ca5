//! The subcommands: one file each, in folders by what a user wants to do.
//!
//! `assess` gives verdicts and their reports, `decide` carries what people decide, `keep` keeps
//! evidence, `rulebook` is about
//! rules, `setup` writes what goes with the program. A subcommand is an argument struct with a `run`
//! that prints through [`Out`](crate::cli::output::Out) and returns an [`Exit`](crate::cli::exit::Exit);
//! `cli/program.rs` names each once.

pub(crate) mod assess;
pub(crate) mod decide;
pub(crate) mod keep;
pub(crate) mod rulebook;
pub(crate) mod setup;
