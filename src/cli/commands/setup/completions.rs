//! `mke-stig completions` and `mke-stig man`

use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use clap_complete::Shell;

use crate::cli::exit::Exit;
use crate::cli::output::Out;
use crate::report::base::left_over;

/// What the folder of unfinished manual pages is called.
const PAGES: &str = "mke-stig-man";

/// Print shell completions.
#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// The shell.
    shell: Shell,
}

impl Completions {
    pub(crate) fn run(&self, command: &mut clap::Command, out: &mut Out) -> anyhow::Result<Exit> {
        let mut text = Vec::new();
        clap_complete::generate(self.shell, command, "mke-stig", &mut text);
        out.script(&String::from_utf8_lossy(&text))?;
        Ok(Exit::Done)
    }
}

/// Write manual pages into a folder.
#[derive(Debug, Args)]
pub(crate) struct Man {
    /// The folder; it is made if it is not there.
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

impl Man {
    pub(crate) fn run(&self, command: clap::Command, out: &mut Out) -> anyhow::Result<Exit> {
        let folder = self.folder.display();
        std::fs::create_dir_all(&self.folder).with_context(|| format!("cannot create the folder `{folder}`"))?;
        let failed = || format!("cannot write into `{folder}`");
        left_over::remove(&self.folder, &|name| name == PAGES);
        // Pages get their names when all of them are there.
        let pages = tempfile::Builder::new().prefix(&format!(".{PAGES}.")).suffix(".tmp").tempdir_in(&self.folder);
        let pages = pages.with_context(failed)?;
        clap_mangen::generate_to(command, &pages).with_context(failed)?;
        for page in std::fs::read_dir(&pages).with_context(failed)? {
            let page = page.with_context(failed)?;
            std::fs::rename(page.path(), self.folder.join(page.file_name())).with_context(failed)?;
        }
        out.data(&format!("manual pages are in {folder}"))?;
        Ok(Exit::Done)
    }
}
