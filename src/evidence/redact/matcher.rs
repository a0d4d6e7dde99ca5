//! Finds names in text, the longest first, where they stand as words.
//!
//! A word is a run of letters and digits; a name is one or more words with what stands between them. So `wrk-1` is found in
//! `kube-proxy-wrk-1` and not in `wrk-12`. Each place costs as many look-ups as the longest name has words, whatever the
//! number of names.

use std::collections::HashMap;

use crate::evidence::redact::names::{Category, Names};
use crate::evidence::redact::words::MAX_WORDS;

/// Names by their text in lower case.
#[derive(Debug, Default)]
pub(super) struct Matcher {
    names: HashMap<Vec<u8>, (Category, String)>,
    /// By the first word of names, the words of the longest of them.
    first: HashMap<Vec<u8>, usize>,
}

/// A name in a text.
pub(super) struct Match<'m> {
    pub(super) end: usize,
    pub(super) category: Category,
    pub(super) new: &'m str,
}

pub(super) fn is_word_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte >= 0x80
}

fn word_end(text: &[u8], at: usize) -> usize {
    text[at..].iter().position(|byte| !is_word_byte(*byte)).map_or(text.len(), |length| at + length)
}

impl Matcher {
    pub(super) fn new(names: &Names) -> Self {
        let all = names
            .mapped
            .iter()
            .flat_map(|(category, names)| names.iter().map(move |(old, new)| (*category, old.as_str(), new.as_str())));
        Self::of(all)
    }

    /// Finds what names became, and makes all of one category the same.
    pub(super) fn of_replacements(names: &Names) -> Self {
        let all = names
            .mapped
            .iter()
            .flat_map(|(category, names)| names.values().map(move |new| (*category, new.as_str(), category.name())));
        Self::of(all)
    }

    fn of<'n>(all: impl Iterator<Item = (Category, &'n str, &'n str)>) -> Self {
        let mut matcher = Self::default();
        for (category, old, new) in all {
            let old = old.to_ascii_lowercase().into_bytes();
            let first = old[..word_end(&old, 0)].to_vec();
            let words = old.split(|byte| !is_word_byte(*byte)).count();
            let most = matcher.first.entry(first).or_default();
            *most = words.max(*most);
            matcher.names.entry(old).or_insert_with(|| (category, new.to_owned()));
        }
        matcher
    }

    pub(super) fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// The longest name that begins at a place of a text in lower case, where a word begins.
    pub(super) fn at(&self, lower: &[u8], at: usize) -> Option<Match<'_>> {
        let mut end = word_end(lower, at);
        let most = *self.first.get(&lower[at..end])?;
        let mut found = None;
        let mut words = 1;
        loop {
            // An address of IPv6 may end in two colons.
            for tail in [0, 2] {
                let until = end + tail;
                if tail == 2 && lower.get(end..until) != Some(b"::") {
                    continue;
                }
                if let Some((category, new)) = self.names.get(&lower[at..until]) {
                    found = Some(Match { end: until, category: *category, new });
                }
            }
            let next = lower[end..].iter().take(8).position(|byte| is_word_byte(*byte));
            let Some(next) = next.filter(|_| words < most.min(MAX_WORDS)) else { return found };
            if lower[end..end + next].iter().any(|byte| matches!(byte, b'"' | b'\n')) {
                return found;
            }
            end = word_end(lower, end + next);
            words += 1;
        }
    }
}
