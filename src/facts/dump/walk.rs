//! Walks the keys of a large JSON object as a stream, and takes out the values that are wanted.
//!
//! The report of a whole dump repeats every file of it and can have gigabytes, of which a few
//! kilobytes are wanted. What is not wanted is passed over without being kept or checked.

use std::io::{self, Read};
use std::num::NonZero;

use crate::model::limits;

/// Bytes read at once.
const CHUNK: usize = 256 << 10;

/// Longest key.
const KEY: usize = 4096;

/// Deepest nesting of what is passed over or taken.
const DEPTH: u32 = limits::JSON_DEPTH;

/// What is wanted of the value under a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Want {
    /// All of it.
    Take,
    /// What stands under its own keys, if it is an object.
    Enter,
    /// Nothing.
    Skip,
}

/// Why a walk ends early.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WalkError {
    #[error("the JSON ends inside a value: it is cut")]
    Cut,
    #[error("it is not valid JSON: {0}")]
    Invalid(&'static str),
    #[error("the value of `{0}` is larger than one object may be; allow more with --max-object-bytes")]
    TooLarge(String),
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Asks for each key what is wanted, and shows the values that are.
pub(crate) trait Keys {
    /// What is wanted of the value at this path of keys.
    fn want(&mut self, path: &[String]) -> Want;
    /// A value that was taken, as it stands in the text.
    fn value(&mut self, path: &[String], text: &[u8]);
}

/// Walks one JSON object. `limit` is the most bytes of one value.
pub(crate) fn walk(reader: &mut dyn Read, limit: usize, keys: &mut dyn Keys) -> Result<(), WalkError> {
    let mut walker = Walker { reader, buffer: vec![0; CHUNK], at: 0, end: 0, limit };
    match walker.peek()? {
        b'{' => {
            walker.object(&mut Vec::new(), keys)?;
            match walker.peek() {
                Err(WalkError::Cut) => Ok(()),
                Err(error) => Err(error),
                Ok(_) => Err(WalkError::Invalid("extra data follows the object")),
            }
        }
        _ => Err(WalkError::Invalid("it does not begin with an object")),
    }
}

struct Walker<'r> {
    reader: &'r mut dyn Read,
    buffer: Vec<u8>,
    at: usize,
    end: usize,
    limit: usize,
}

impl Walker<'_> {
    fn fill(&mut self) -> Result<(), WalkError> {
        if self.at < self.end {
            return Ok(());
        }
        self.at = 0;
        self.end = loop {
            match self.reader.read(&mut self.buffer) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                result => break result?,
            }
        };
        if self.end == 0 { Err(WalkError::Cut) } else { Ok(()) }
    }

    /// The next byte that is no white space.
    fn peek(&mut self) -> Result<u8, WalkError> {
        loop {
            self.fill()?;
            match self.buffer[self.at] {
                b' ' | b'\t' | b'\r' | b'\n' => self.at += 1,
                byte => return Ok(byte),
            }
        }
    }

    fn object(&mut self, path: &mut Vec<String>, keys: &mut dyn Keys) -> Result<(), WalkError> {
        self.at += 1;
        if self.peek()? == b'}' {
            self.at += 1;
            return Ok(());
        }
        loop {
            if self.peek()? != b'"' {
                return Err(WalkError::Invalid("a key is expected"));
            }
            let mut text = Vec::new();
            self.string(&mut Kept::Up(&mut text, KEY))?;
            let key = serde_json::from_slice(&text).map_err(|_| WalkError::Invalid("a key is not text"))?;
            if self.peek()? != b':' {
                return Err(WalkError::Invalid("a colon is expected after a key"));
            }
            self.at += 1;
            path.push(key);
            let first = self.peek()?;
            match keys.want(path) {
                Want::Enter if first == b'{' => self.object(path, keys)?,
                Want::Take => {
                    let mut text = Vec::new();
                    let limit = self.limit;
                    self.value(&mut Kept::Up(&mut text, limit)).map_err(|error| match error {
                        WalkError::TooLarge(_) => WalkError::TooLarge(path.join("/")),
                        other => other,
                    })?;
                    keys.value(path, &text);
                }
                Want::Enter | Want::Skip => self.value(&mut Kept::Nothing)?,
            }
            path.pop();
            match self.peek()? {
                b',' => self.at += 1,
                b'}' => {
                    self.at += 1;
                    return Ok(());
                }
                _ => return Err(WalkError::Invalid("a comma is expected after a value")),
            }
        }
    }

    /// Passes over a value.
    fn value(&mut self, kept: &mut Kept<'_>) -> Result<(), WalkError> {
        let mut depth = 0;
        loop {
            match self.token(kept)? {
                Token::Open => {
                    depth += 1;
                    if depth > DEPTH {
                        return Err(WalkError::Invalid("it is nested too deeply"));
                    }
                }
                Token::Close | Token::Between if depth == 0 => {
                    return Err(WalkError::Invalid("a value is expected"));
                }
                Token::Between => continue,
                Token::Close => depth -= 1,
                Token::Text | Token::Scalar => {}
            }
            if depth == 0 {
                return Ok(());
            }
        }
    }

    /// Passes over one token. It takes at least one byte or fails: every way out goes through
    /// [`Walker::take`], which cannot take none, so that no text can make a loop over tokens stand still.
    fn token(&mut self, kept: &mut Kept<'_>) -> Result<Token, WalkError> {
        let byte = self.peek()?;
        let token = match byte {
            b'"' => return self.string(kept).map(|()| Token::Text),
            b'{' | b'[' => Token::Open,
            b'}' | b']' => Token::Close,
            b',' | b':' => Token::Between,
            control if control < b' ' => return Err(WalkError::Invalid("a control byte outside a text")),
            _ => return self.scalar(kept).map(|()| Token::Scalar),
        };
        self.take(NonZero::<usize>::MIN, kept)?;
        Ok(token)
    }

    /// Takes bytes of the buffer.
    fn take(&mut self, count: NonZero<usize>, kept: &mut Kept<'_>) -> Result<(), WalkError> {
        let end = self.at + count.get();
        kept.add(&self.buffer[self.at..end])?;
        self.at = end;
        Ok(())
    }

    /// Takes a number or a word; its first byte is there and is one of it.
    fn scalar(&mut self, kept: &mut Kept<'_>) -> Result<(), WalkError> {
        let ends = |byte: &u8| matches!(byte, b',' | b'}' | b']' | b':' | b'"' | b'{' | b'[') || *byte <= b' ';
        self.take(NonZero::<usize>::MIN, kept)?;
        loop {
            self.fill()?;
            let rest = &self.buffer[self.at..self.end];
            let length = rest.iter().position(ends);
            if let Some(taken) = NonZero::new(length.unwrap_or(rest.len())) {
                self.take(taken, kept)?;
            }
            if length.is_some() {
                return Ok(());
            }
        }
    }

    /// Takes a text, from its opening quote to its closing one.
    fn string(&mut self, kept: &mut Kept<'_>) -> Result<(), WalkError> {
        self.take(NonZero::<usize>::MIN, kept)?;
        let mut escaped = false;
        loop {
            self.fill()?;
            let rest = &self.buffer[self.at..self.end];
            if escaped {
                self.take(NonZero::<usize>::MIN, kept)?;
                escaped = false;
                continue;
            }
            let found = rest.iter().position(|byte| matches!(byte, b'"' | b'\\'));
            let quote = found.is_some_and(|at| rest[at] == b'"');
            if let Some(taken) = NonZero::new(found.map_or(rest.len(), |at| at + 1)) {
                self.take(taken, kept)?;
            }
            if quote {
                return Ok(());
            }
            escaped = found.is_some();
        }
    }
}

/// What a step over the text passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token {
    /// `{` or `[`.
    Open,
    /// `}` or `]`.
    Close,
    /// `,` or `:`.
    Between,
    /// A text in quotes.
    Text,
    /// Anything else up to the next of these.
    Scalar,
}

/// What becomes of the bytes that are passed.
enum Kept<'k> {
    Nothing,
    Up(&'k mut Vec<u8>, usize),
}

impl Kept<'_> {
    fn add(&mut self, bytes: &[u8]) -> Result<(), WalkError> {
        if let Self::Up(text, limit) = self {
            if text.len() + bytes.len() > *limit {
                return Err(WalkError::TooLarge("a key".to_owned()));
            }
            text.extend_from_slice(bytes);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    struct Taken(Vec<(String, Value)>);

    impl Keys for Taken {
        fn want(&mut self, path: &[String]) -> Want {
            match path[path.len() - 1].chars().next() {
                Some('t') => Want::Take,
                Some('e') => Want::Enter,
                _ => Want::Skip,
            }
        }

        fn value(&mut self, path: &[String], text: &[u8]) {
            self.0.push((path.join("/"), serde_json::from_slice(text).unwrap_or(Value::Null)));
        }
    }

    /// Reads a few bytes at a time.
    struct Slow<'t>(&'t [u8], usize);

    impl Read for Slow<'_> {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            let count = self.1.min(out.len()).min(self.0.len());
            out[..count].copy_from_slice(&self.0[..count]);
            self.0 = &self.0[count..];
            Ok(count)
        }
    }

    #[test]
    fn wanted_values_are_taken_from_between_the_others() {
        let text = json!({
            "t1": [1, "a\"]\\", {"x": null}],
            "skip": {"t": "not this", "deep": [[["\\\""]]]},
            "e": {"t2": "é\n", "no": -1.5e3, "e2": {"t3": {}}, "e3": "no object"},
            "t4": true,
        });
        for step in [1, 3, 1000] {
            let mut taken = Taken(Vec::new());
            let pretty = serde_json::to_string_pretty(&text).unwrap();
            walk(&mut Slow(pretty.as_bytes(), step), 100, &mut taken).unwrap();
            taken.0.sort_by(|a, b| a.0.cmp(&b.0));
            let wanted = [
                ("e/e2/t3".to_owned(), json!({})),
                ("e/t2".to_owned(), text["e"]["t2"].clone()),
                ("t1".to_owned(), text["t1"].clone()),
                ("t4".to_owned(), json!(true)),
            ];
            assert_eq!(taken.0, wanted);
        }
    }

    #[test]
    fn what_is_cut_too_large_or_no_object_is_told() {
        let walk = |text: &str| walk(&mut text.as_bytes(), 8, &mut Taken(Vec::new()));
        assert!(matches!(walk("{\"t\": [1, 2"), Err(WalkError::Cut)));
        assert!(matches!(walk("{\"t\": \"0123456789\"}"), Err(WalkError::TooLarge(key)) if key == "t"));
        assert!(matches!(walk("{} {}"), Err(WalkError::Invalid(_))));
        assert!(walk("{}\n").is_ok());
        assert!(matches!(walk("[]"), Err(WalkError::Invalid(_))));
        assert!(matches!(walk(&format!("{{\"s\":{}", "[".repeat(1000))), Err(WalkError::Invalid(_))));
        assert!(matches!(walk(""), Err(WalkError::Cut)));
    }

    #[test]
    fn values_may_stand_in_512_values_and_not_in_513() {
        for (depth, fits) in [(511, true), (512, true), (513, false)] {
            let text = format!("{{\"s\":{}{}}}", "[".repeat(depth), "]".repeat(depth));
            assert_eq!(walk(&mut text.as_bytes(), 50, &mut Taken(Vec::new())).is_ok(), fits, "{depth}");
        }
    }

    #[test]
    fn a_control_byte_in_a_list_is_an_error_and_no_loop() {
        for byte in (0..b' ').filter(|byte| !b" \t\r\n".contains(byte)) {
            for text in [&b"{\"s\":[1,"[..], b"{\"s\":[", b"{\"s\":", b"{\"t\":{\"a\":"] {
                let text = [text, &[byte], b"]}"].concat();
                let outcome = walk(&mut text.as_slice(), 50, &mut Taken(Vec::new()));
                assert!(matches!(outcome, Err(WalkError::Invalid(_))), "{byte:#04x}: {outcome:?}");
            }
        }
    }

    /// Any bytes, and among them many that mean something.
    fn bytes() -> impl Strategy<Value = Vec<u8>> {
        let meant = prop::sample::select(b"{}[]\",:\\ te1\n\0".to_vec());
        prop::collection::vec(prop_oneof![meant, any::<u8>()], 0..200)
    }

    proptest! {
        #[test]
        fn every_step_takes_a_byte_or_fails(text in bytes(), few in 1_usize..5) {
            let mut left = Slow(&text, few);
            let mut walker = Walker { reader: &mut left, buffer: vec![0; 7], at: 0, end: 0, limit: 50 };
            // One step more than there are bytes: one of them must fail.
            let ended = (0..=text.len()).any(|_| walker.token(&mut Kept::Nothing).is_err());
            prop_assert!(ended);
        }

        #[test]
        fn any_text_ends(text in bytes(), few in 1_usize..5) {
            let _ = walk(&mut Slow(&text, few), 50, &mut Taken(Vec::new()));
            let _ = walk(&mut Slow(&[b"{\"s\":", text.as_slice()].concat(), few), 50, &mut Taken(Vec::new()));
        }
    }
}
