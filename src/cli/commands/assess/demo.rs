//! `mke-stig demo`

use std::path::PathBuf;

use clap::Args;

use crate::archive::Limits;
use crate::assess::{Options, assess};
use crate::cli::commands::assess::summary::print_summary;
use crate::cli::exit::Exit;
use crate::cli::options::assess::ReadingArg;
use crate::cli::options::output::OutputArgs;
use crate::cli::options::read::read_benchmark;
use crate::cli::output::Out;
use crate::facts::Source;
use crate::rules::Pack;

include!(concat!(env!("OUT_DIR"), "/sample.rs"));

/// Assess the sample snapshot that is built in: a made-up cluster of six nodes.
#[derive(Debug, Args)]
pub(crate) struct Demo {
    #[command(flatten)]
    output: OutputArgs,
    #[command(flatten)]
    reading: ReadingArg,
    /// DISA's benchmark: the …_Manual-xccdf.xml, or the zip or the zip of zips that holds it. Its ids
    /// and texts go into the reports.
    #[arg(long, value_name = "FILE")]
    benchmark: Option<PathBuf>,
}

impl Demo {
    pub(crate) fn run(&self, out: &mut Out) -> anyhow::Result<Exit> {
        let formats = self.output.formats()?;
        let files = SAMPLE.iter().map(|(path, content)| ((*path).to_owned(), content.to_vec())).collect();
        let input = Source::Files { name: "sample".to_owned(), files };
        let packs = [Pack::embedded()];
        let benchmark = read_benchmark(self.benchmark.as_deref(), &Limits::default(), &packs)?;
        let options = Options { benchmark, reading: self.reading.wording(), evidence_limit: 200, ..Options::default() };
        let mut assessment = assess(&[input], &packs, &options)?;
        let written = self.output.write(&mut assessment, &formats)?;
        print_summary(&assessment, &written, out)?;
        Ok(Exit::Done)
    }
}
