//! Verifying: every file of an input against the list of digests that came with it.
//!
//! An input is walked once (`walk.rs`): each file is hashed, archives inside are walked too, and the lists (`lists.rs`)
//! are kept. Then each file is held against the list in whose folder it lies (`judge.rs`). Only the outermost list
//! counts: a list inside the territory of another is a file like any other, so that nobody can vouch for a changed file
//! by laying a second list beside it. An input is whole if every file is as its list says, every file that is listed is
//! there, and no file is there that is not listed.

mod judge;
mod lists;
mod outcome;
mod walk;

use std::path::Path;

use crate::archive::{Budget, Error};
use crate::evidence::verify::judge::judge;
use crate::evidence::verify::walk::{Container, walk};

pub use outcome::{Checked, Found, Status, Verified};

/// Verifies inputs, one by one and within one budget.
#[must_use]
pub fn verify(inputs: &[&Path], budget: &Budget) -> Verified {
    Verified::of(inputs.iter().map(|path| input(path, budget)).collect())
}

fn input(path: &Path, budget: &Budget) -> Checked {
    let mut container = Container::default();
    match walk(path, budget, &mut container) {
        Ok((summary, sha256)) => {
            let mut checked = Checked::new(summary.name.clone(), summary.bytes, sha256);
            checked.not_read("", &summary.skipped);
            if summary.preamble > 0 {
                let what = format!("{} bytes stand before the archive, and no list vouches for them", summary.preamble);
                checked.problem("", what);
            }
            judge(container, "", &mut checked);
            checked.conclude()
        }
        Err(error) => {
            let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
            let mut checked = Checked::new(name, 0, None);
            if damaged(&error) {
                checked.problem("", error.to_string());
            } else {
                checked.unchecked(error.to_string());
            }
            checked.conclude()
        }
    }
}

/// Whether an error shows that the input is not what was written. All others say that it could not be read.
fn damaged(error: &Error) -> bool {
    matches!(
        error,
        Error::Empty { .. }
            | Error::Truncated { .. }
            | Error::Corrupt { .. }
            | Error::UnsafeEntry { .. }
            | Error::UnsafePath { .. }
            | Error::Duplicate { .. }
    )
}
