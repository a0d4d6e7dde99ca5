//! Text with named slots, and the numbers that fill them.

use std::fmt::Write as _;

use anyhow::{Context as _, Result, bail};

/// A document with slots of the form `«name»`.
pub(crate) struct Template {
    parts: Vec<Part>,
}

enum Part {
    Text(&'static str),
    Slot(&'static str),
}

impl Template {
    /// Splits a text into literal parts and slots.
    ///
    /// # Errors
    /// A slot that is not closed.
    pub(crate) fn new(text: &'static str) -> Result<Self> {
        let mut parts = Vec::new();
        let mut rest = text.trim_end_matches('\n');
        while let Some((before, after)) = rest.split_once('«') {
            let (name, tail) = after.split_once('»').context("a slot is not closed")?;
            parts.push(Part::Text(before));
            parts.push(Part::Slot(name));
            rest = tail;
        }
        parts.push(Part::Text(rest));
        Ok(Self { parts })
    }

    /// Appends the text with its slots filled.
    ///
    /// # Errors
    /// A slot without a value.
    pub(crate) fn render(&self, out: &mut Vec<u8>, values: &[(&str, &str)]) -> Result<()> {
        for part in &self.parts {
            match part {
                Part::Text(text) => out.extend_from_slice(text.as_bytes()),
                Part::Slot(name) => {
                    let Some((_, value)) = values.iter().find(|(key, _)| key == name) else {
                        bail!("no value for the slot {name}");
                    };
                    out.extend_from_slice(value.as_bytes());
                }
            }
        }
        Ok(())
    }
}

/// A list of strings as `docker inspect` prints it; `null` when empty.
pub(crate) fn string_list(indent: usize, items: &[String]) -> String {
    if items.is_empty() {
        return "null".to_owned();
    }
    let mut text = String::from("[");
    for (at, item) in items.iter().enumerate() {
        let comma = if at == 0 { "" } else { "," };
        let _ = write!(text, "{comma}\n{:indent$}\"{item}\"", "", indent = indent + 4);
    }
    let _ = write!(text, "\n{:indent$}]", "");
    text
}

/// An object of strings, pretty-printed; `{}` when empty.
pub(crate) fn string_map(indent: usize, items: &[(&str, String)]) -> String {
    if items.is_empty() {
        return "{}".to_owned();
    }
    let mut text = String::from("{");
    for (at, (key, value)) in items.iter().enumerate() {
        let comma = if at == 0 { "" } else { "," };
        let _ = write!(text, "{comma}\n{:indent$}\"{key}\": \"{value}\"", "", indent = indent + 4);
    }
    let _ = write!(text, "\n{:indent$}}}", "");
    text
}

/// A small generator of random numbers: the same seed, the same snapshot.
#[derive(Clone)]
pub(crate) struct Rng(u64);

impl Rng {
    /// A generator for one member; `stream` keeps members independent of each other.
    pub(crate) fn new(seed: u64, stream: u64) -> Self {
        // Mixed twice: plain multiples would make streams that are shifted copies of each other.
        let mixed = Self(seed).next() ^ Self(!stream).next();
        Self(Self(mixed).next())
    }

    /// The next 64 random bits (`SplitMix64`).
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number from 0 up to, but not including, `end`.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    /// True in `percent` of 100 cases.
    pub(crate) fn percent(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// One element of a list that is not empty.
    pub(crate) fn pick<'a, T: ?Sized>(&mut self, list: &[&'a T]) -> &'a T {
        let at = self.below(list.len() as u64);
        list[usize::try_from(at).unwrap_or(0)]
    }

    /// `digits` random characters of the given alphabet.
    pub(crate) fn text(&mut self, alphabet: &[u8], digits: usize) -> String {
        let size = alphabet.len() as u64;
        let mut text = String::with_capacity(digits);
        let mut bits = 0;
        for at in 0..digits {
            if at % 8 == 0 {
                bits = self.next();
            }
            text.push(char::from(alphabet[usize::try_from(bits % size).unwrap_or(0)]));
            bits /= size;
        }
        text
    }

    /// `digits` hexadecimal digits.
    pub(crate) fn hex(&mut self, digits: usize) -> String {
        self.text(b"0123456789abcdef", digits)
    }

    /// An id as swarm makes them: 25 characters.
    pub(crate) fn swarm_id(&mut self) -> String {
        self.text(b"0123456789abcdefghijklmnopqrstuvwxyz", 25)
    }

    /// The random suffix of a pod's name.
    pub(crate) fn suffix(&mut self, digits: usize) -> String {
        self.text(b"bcdfghjklmnpqrstvwxz2456789", digits)
    }

    /// A UUID.
    pub(crate) fn uuid(&mut self) -> String {
        format!("{}-{}-4{}-a{}-{}", self.hex(8), self.hex(4), self.hex(3), self.hex(3), self.hex(12))
    }

    /// A time in November 2026, `YYYY-MM-DDTHH:MM:SS`, without a zone.
    pub(crate) fn time(&mut self) -> String {
        let seconds = self.below(19 * 86_400);
        let (day, rest) = (seconds / 86_400 + 1, seconds % 86_400);
        format!("2026-11-{day:02}T{:02}:{:02}:{:02}", rest / 3600, rest / 60 % 60, rest % 60)
    }

    /// The same with nanoseconds and `Z`, as Docker prints it.
    pub(crate) fn nano_time(&mut self) -> String {
        format!("{}.{:09}Z", self.time(), self.below(1_000_000_000))
    }
}
