//! `mke-stig collector`

use std::path::PathBuf;

use anyhow::{Context, ensure};
use clap::Args;

use crate::cli::exit::Exit;
use crate::cli::new_file::replace;
use crate::cli::output::Out;

include!(concat!(env!("OUT_DIR"), "/collector.rs"));

/// Write the collector's scripts into a folder, to carry them into the enclave.
#[derive(Debug, Args)]
pub(crate) struct Collector {
    /// The folder; it is made if it is not there.
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

impl Collector {
    pub(crate) fn run(&self, out: &mut Out) -> anyhow::Result<Exit> {
        ensure!(!COLLECTOR.is_empty(), "this build carries no collector scripts");
        let folder = self.folder.display();
        std::fs::create_dir_all(&self.folder).with_context(|| format!("cannot create the folder `{folder}`"))?;
        let mut written = String::new();
        for (name, text) in COLLECTOR {
            let path = self.folder.join(name);
            replace(&path, text)?;
            written.push_str(&format!("{}\n", path.display()));
        }
        out.data(&written)?;
        Ok(Exit::Done)
    }
}
