//! `mke-stig demo`

use clap::Args;

use super::analyze::tell;
use super::args::OutputArgs;
use super::output::Out;
use super::program::EXIT_OK;
use crate::assess::{Options, assess};
use crate::facts::Source;
use crate::rules::Pack;

include!(concat!(env!("OUT_DIR"), "/sample.rs"));

/// Assess the sample snapshot that is built in: a made-up cluster of six nodes.
#[derive(Debug, Args)]
pub(super) struct Demo {
    #[command(flatten)]
    output: OutputArgs,
}

impl Demo {
    pub(super) fn run(&self, out: &mut Out) -> anyhow::Result<u8> {
        let formats = self.output.formats()?;
        let files = SAMPLE.iter().map(|(path, content)| ((*path).to_owned(), content.to_vec())).collect();
        let input = Source::Files { name: "sample".to_owned(), files };
        let options = Options { evidence_limit: 200, ..Options::default() };
        let mut assessment = assess(&[input], &[Pack::embedded()], &options)?;
        let written = self.output.write(&mut assessment, &formats)?;
        tell(&assessment, &written, out)?;
        Ok(EXIT_OK)
    }
}
