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

use crate::archive::{Budget, Error, Format};
use crate::evidence::sealed::{OpenError, Sealed};
use crate::evidence::signature;
use crate::evidence::signature::{Signed, Trust};
use crate::evidence::verify::judge::judge;
use crate::evidence::verify::lists::{LIMIT, List, Sort};
use crate::evidence::verify::walk::{Container, walk};
use crate::model::limits;

use crate::model::digest::Algorithm;

pub use outcome::{Checked, Found, Status, Verified};

/// Bytes of a signature.
const SIGNATURE: u64 = limits::SIGNATURE;

/// Verifies inputs, one by one and within one budget.
#[must_use]
pub fn verify(inputs: &[&Path], budget: &Budget) -> Verified {
    Verified::of(inputs.iter().map(|path| input(path, budget)).collect())
}

/// Verifies inputs, and of evidence archives the signatures that are asked for. What is asked for must be there and good.
#[must_use]
pub fn verify_signed(inputs: &[&Path], budget: &Budget, trust: &Trust) -> Verified {
    let signed = |path: &&Path| {
        let mut checked = input(path, budget);
        if trust.asks() {
            signatures(path, trust, &mut checked);
        }
        checked.conclude()
    };
    Verified::of(inputs.iter().map(signed).collect())
}

fn signatures(path: &Path, trust: &Trust, checked: &mut Checked) {
    if !checked.archive || checked.sha256.is_none() {
        return checked.signature_problem("it is not an evidence archive, so it carries no signature".to_owned());
    }
    let sealed = match Sealed::open(path) {
        Ok(sealed) => sealed,
        Err(error) => return checked.unchecked(error.to_string()),
    };
    let manifest = [Algorithm::Sha256, Algorithm::Sha384].into_iter().find_map(|algorithm| {
        let bytes = sealed.bytes(&format!("MANIFEST.{}", algorithm.name()), LIMIT).ok()?;
        Some((bytes, algorithm))
    });
    let Some((manifest, algorithm)) = manifest else { return };
    for found in signature::check(&manifest, algorithm, &|name| sealed.bytes(name, SIGNATURE).ok(), trust) {
        match found {
            Signed::Good(said) => checked.signed.push(said),
            Signed::Bad(why) => checked.signature_problem(why),
            Signed::Unchecked(why) => checked.unchecked(why),
        }
    }
}

/// The digest that a list of an evidence archive gives for a member.
#[must_use]
pub fn listed(text: &[u8], algorithm: Algorithm, member: &str) -> Option<String> {
    let list = List::read(Sort::Archive(algorithm), text);
    list.files.get(member).filter(|_| list.problems.is_empty()).map(|wanted| wanted.digest.to_string())
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
            let members: Vec<(String, u64)> =
                container.members.iter().map(|seen| (seen.path.clone(), seen.bytes)).collect();
            judge(container, "", &mut checked);
            if checked.archive && summary.format != Format::Folder {
                index(path, &members, &mut checked);
            }
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

/// An evidence archive read by its index must show the same members as one that is read as a stream.
fn index(path: &Path, members: &[(String, u64)], checked: &mut Checked) {
    match Sealed::open(path) {
        Ok(sealed) => {
            let streamed = members.iter().map(|(name, bytes)| (name.as_str(), *bytes));
            if !sealed.members().eq(streamed) {
                checked.problem("", "its index does not match the archive's members".to_owned());
            }
        }
        Err(error @ OpenError::Index { .. }) => checked.problem("", error.to_string()),
        Err(error) => checked.unchecked(error.to_string()),
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
