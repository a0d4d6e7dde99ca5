//! Answers as a checklist carries them, so that an import gets back what people wrote.
//!
//! A checklist has no place for a reviewer, an expiry or a digest, and its texts are cut, filtered and
//! have hidden characters written out. So the comment of a review holds, beside the sentences for its
//! reader, one line for each answer: a marker, and JSON in base64. None of what happens to a checklist's
//! text touches letters, digits, `+`, `/` and `=`. [`header`] is the comment's second line, before any
//! text that came from a snapshot; it counts the lines and has their SHA-256. Text that a snapshot
//! smuggled in is therefore never taken for an answer, and a line that was changed is noticed.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use crate::model::assessment::{GivenAnswer, RuleResult, Status};
use crate::model::digest::{Digest, Hasher};

/// What begins the header; the number is the version of the form.
const HEADER: &str = "mke-stig answers/1: ";
/// What begins the line of an answer.
const LINE: &str = "mke-stig answer/1: ";
/// Characters that all lines of a review may have together: importers keep 32,767, and the verdict
/// must stay readable beside them.
const ROOM: usize = 24_000;

/// An answer, and the result that it was written beside.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Carried<'a> {
    /// The rule.
    pub(crate) rule: Cow<'a, str>,
    /// The status that the review had when it was written.
    pub(crate) result: Status,
    /// The answer.
    pub(crate) answer: Cow<'a, GivenAnswer>,
}

/// The lines of a rule's answers, and how many answers there is no room for.
pub(crate) struct Lines {
    /// One line for each answer, without line breaks.
    pub(crate) lines: Vec<String>,
    too_long: usize,
}

impl Lines {
    /// The answers of a result.
    pub(crate) fn of(result: &RuleResult) -> Self {
        let (mut lines, mut used, mut too_long) = (Vec::new(), 0, 0);
        for answer in &result.answers {
            // What an answer does here is found anew wherever it is read.
            let answer = Cow::Owned(GivenAnswer { effect: None, ..answer.clone() });
            let carried = Carried { rule: Cow::Borrowed(&result.id), result: result.status, answer };
            // What cannot be written is counted like what is too long; a struct of texts always can be.
            let json = serde_json::to_vec(&carried).unwrap_or_default();
            let line = format!("{LINE}{}", STANDARD.encode(&json));
            if json.is_empty() || used + line.len() >= ROOM {
                too_long += 1;
                continue;
            }
            used += line.len() + 1;
            lines.push(line);
        }
        Self { lines, too_long }
    }

    /// What the second line of the comment says of them.
    pub(crate) fn header(&self) -> String {
        match (self.lines.len(), self.too_long) {
            (0, 0) => format!("{HEADER}none"),
            (carried, too_long) => {
                let digest = digest(self.lines.iter().map(String::as_str));
                format!("{HEADER}{carried} carried at the end, {too_long} too long for it, SHA-256 {digest}")
            }
        }
    }
}

fn digest<'l>(lines: impl Iterator<Item = &'l str>) -> Digest {
    let mut hasher = Hasher::default();
    for line in lines {
        hasher.update(line.as_bytes());
        hasher.update(b"\n");
    }
    hasher.finish()
}

/// What the comment of a review carries.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Found {
    /// The answers.
    pub(crate) answers: Vec<Carried<'static>>,
    /// Answers that there was no room for.
    pub(crate) too_long: usize,
    /// Whether the lines are not those that were written.
    pub(crate) damaged: bool,
}

/// Reads what [`Lines`] wrote. None for a comment without a header, as the first release wrote it.
pub(crate) fn read(comment: &str) -> Option<Found> {
    let header = comment.lines().nth(1)?.trim().strip_prefix(HEADER)?;
    if header == "none" {
        return Some(Found::default());
    }
    let damaged = Found { damaged: true, ..Found::default() };
    let lines: Vec<&str> = comment.lines().map(str::trim).filter(|line| line.starts_with(LINE)).collect();
    let stated = || {
        let (carried, rest) = header.split_once(" carried at the end, ")?;
        let (too_long, sha256) = rest.split_once(" too long for it, SHA-256 ")?;
        Some((carried.parse::<usize>().ok()?, too_long.parse::<usize>().ok()?, sha256.parse::<Digest>().ok()?))
    };
    let Some((carried, too_long, sha256)) = stated() else { return Some(damaged) };
    // Others' text in the comment may hold lines that look like these.
    let last = lines.len().saturating_sub(carried);
    let written = (0..=last).filter_map(|first| lines.get(first..first + carried));
    let written = written.rev().find(|lines| digest(lines.iter().copied()) == sha256);
    let decoded = written.and_then(|lines| lines.iter().map(|line| decode(line)).collect());
    Some(match decoded {
        Some(answers) => Found { answers, too_long, damaged: false },
        None => Found { too_long, ..damaged },
    })
}

fn decode(line: &str) -> Option<Carried<'static>> {
    let json = STANDARD.decode(line.strip_prefix(LINE)?).ok()?;
    serde_json::from_slice(&json).ok()
}
