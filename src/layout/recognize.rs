//! Outputs of `kubectl`, `docker` and other programs, recognized by what stands in them and never by
//! their name.
//!
//! The first 64 KiB are enough: the keys of the first object, two levels deep, tell which program printed
//! it. The text may be cut anywhere, so that no parser of whole documents can be used.

use std::collections::BTreeMap;

use crate::layout::kinds::{Kind, RecognizedBy, Signature, rows};

/// What a file's first bytes say it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Identity {
    /// Facts of this kind.
    Fact(Kind),
    /// A Kubernetes list without items: of what, it does not say.
    EmptyList,
    /// Nothing that is known.
    Unknown,
}

/// Tells a file by its first bytes (64 KiB are enough).
#[must_use]
pub fn identify(head: &[u8]) -> Identity {
    let text = head.trim_ascii_start();
    match text.first() {
        Some(b'{' | b'[') => by_keys(&Outline::of(text)),
        _ => Identity::Unknown,
    }
    .or_else(|| toml(text))
}

impl Identity {
    fn or_else(self, other: impl FnOnce() -> Self) -> Self {
        if self == Self::Unknown { other() } else { self }
    }

    fn fact(name: &str) -> Self {
        Kind::named(name).map_or(Self::Unknown, Self::Fact)
    }
}

fn by_keys(outline: &Outline) -> Identity {
    let has = |keys: &[&str]| keys.iter().all(|key| outline.keys.contains_key(*key));
    let text = |key: &str| outline.keys.get(key).and_then(Option::as_deref).unwrap_or_default();
    if has(&["apiVersion"]) || (has(&["items"]) && text("kind").ends_with("List")) {
        return kubernetes(outline);
    }
    let fits = |signature: &Signature| {
        let of_mke = |field: &str| text(field).starts_with("ucp/");
        has(signature.keys) && signature.version.is_none_or(|(field, mke)| of_mke(field) == mke)
    };
    let found =
        rows().find(|row| matches!(row.recognized_by, RecognizedBy::Keys(signatures) if signatures.iter().any(fits)));
    found.map_or(Identity::Unknown, |row| Identity::Fact(Kind::of(row)))
}

fn kubernetes(outline: &Outline) -> Identity {
    let text = |key: &str| outline.keys.get(key).and_then(Option::as_deref).unwrap_or_default();
    let kind = match (text("items.kind"), text("kind")) {
        ("", "List" | "") => {
            return if outline.empty_items { Identity::EmptyList } else { Identity::Unknown };
        }
        ("", list) => list.strip_suffix("List").unwrap_or(list),
        (item, _) => item,
    };
    Identity::fact(&format!("kube.{kind}"))
}

/// A TOML file with two of the tables that only one program's file has.
fn toml(text: &[u8]) -> Identity {
    let lines = || text.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let stands = |table: &&&str| lines().any(|line| line.starts_with(table.as_bytes()));
    let found = rows().find(
        |row| matches!(row.recognized_by, RecognizedBy::Tables(tables) if tables.iter().filter(stands).count() >= 2),
    );
    found.map_or(Identity::Unknown, |row| Identity::Fact(Kind::of(row)))
}

/// The keys of the first object in a JSON text that may be cut, up to two levels deep
/// (`Spec.Role`), with their values where these are strings. Lists are looked into as far as their
/// first element.
#[derive(Debug, Default)]
struct Outline {
    keys: BTreeMap<String, Option<String>>,
    empty_items: bool,
}

impl Outline {
    fn of(text: &[u8]) -> Self {
        let mut outline = Self::default();
        let mut cursor = Cursor { text, at: 0 };
        let _ = outline.value(&mut cursor, &mut Vec::new(), true, 0);
        outline
    }

    /// Walks one value; `None` at the end of the text. `note` says whether its keys are noted.
    fn value(&mut self, cursor: &mut Cursor, path: &mut Vec<String>, note: bool, depth: u32) -> Option<()> {
        if depth > DEEPEST {
            return None;
        }
        match cursor.token()? {
            Token::Open(b'{') => self.object(cursor, path, note, depth),
            Token::Open(_) => self.list(cursor, path, note, depth),
            Token::Text(_) | Token::Scalar => Some(()),
            Token::Close | Token::Between => None,
        }
    }

    /// Walks an object behind its opening bracket.
    fn object(&mut self, cursor: &mut Cursor, path: &mut Vec<String>, note: bool, depth: u32) -> Option<()> {
        loop {
            let key = match cursor.token()? {
                Token::Close => return Some(()),
                Token::Between => continue,
                Token::Text(key) => key,
                Token::Open(_) | Token::Scalar => return None,
            };
            if cursor.peek()? == b':' {
                cursor.token()?;
            }
            path.push(key);
            let noted = note && path.len() <= 2;
            if noted {
                let value = match (cursor.peek(), Cursor { ..*cursor }.token()) {
                    (Some(b'"'), Some(Token::Text(text))) => Some(text),
                    _ => None,
                };
                self.keys.entry(path.join(".")).or_insert(value);
            }
            self.value(cursor, path, noted, depth + 1)?;
            path.pop();
        }
    }

    /// Walks a list behind its opening bracket, and notes the keys of its first element.
    fn list(&mut self, cursor: &mut Cursor, path: &mut Vec<String>, note: bool, depth: u32) -> Option<()> {
        let mut first = true;
        loop {
            match cursor.peek()? {
                b']' => {
                    cursor.token()?;
                    self.empty_items |= first && path.len() == 1 && path[0] == "items";
                    return Some(());
                }
                b',' => _ = cursor.token()?,
                _ => {
                    self.value(cursor, path, note && first, depth + 1)?;
                    if path.is_empty() {
                        return None;
                    }
                    first = false;
                }
            }
        }
    }
}

/// Deepest nesting that is followed; outputs of `kubectl` and `docker` have some ten levels.
const DEEPEST: u32 = 100;

/// A place in a JSON text.
struct Cursor<'t> {
    text: &'t [u8],
    at: usize,
}

/// What stands at a place of a JSON text.
#[derive(Debug, PartialEq, Eq)]
enum Token {
    /// `{` or `[`.
    Open(u8),
    /// `}` or `]`.
    Close,
    /// `,` or `:`.
    Between,
    /// A text in quotes.
    Text(String),
    /// Anything else up to the next of these.
    Scalar,
}

impl Cursor<'_> {
    /// The next byte that is no white space.
    fn peek(&mut self) -> Option<u8> {
        while self.text.get(self.at)?.is_ascii_whitespace() {
            self.at += 1;
        }
        self.text.get(self.at).copied()
    }

    /// Takes the next token, which has at least one byte; `None` where the text ends before it does.
    fn token(&mut self) -> Option<Token> {
        let byte = self.peek()?;
        self.at += 1;
        Some(match byte {
            b'{' | b'[' => Token::Open(byte),
            b'}' | b']' => Token::Close,
            b',' | b':' => Token::Between,
            b'"' => Token::Text(self.rest_of_text()?),
            _ => {
                let ends = |byte: &u8| matches!(byte, b',' | b'}' | b']' | b' ' | b'\n' | b'\r' | b'\t');
                self.at += self.text.get(self.at..)?.iter().position(ends)?;
                Token::Scalar
            }
        })
    }

    /// Takes a text behind its opening quote; escapes stay as they are written.
    fn rest_of_text(&mut self) -> Option<String> {
        let start = self.at;
        loop {
            match self.text.get(self.at)? {
                b'\\' => self.at += 2,
                b'"' => {
                    let text = String::from_utf8_lossy(&self.text[start..self.at]).into_owned();
                    self.at += 1;
                    return Some(text);
                }
                _ => self.at += 1,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn told(text: &str) -> String {
        match identify(text.as_bytes()) {
            Identity::Fact(kind) => kind.name().to_owned(),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn outputs_are_told_by_content() {
        for (text, kind) in [
            (r#"{"apiVersion":"v1","items":[{"apiVersion":"v1","kind":"Pod","metadata":{"#, "kube.Pod"),
            (r#"{"kind":"PodList","apiVersion":"v1","metadata":{},"items":[{"metadata":{}}]}"#, "kube.Pod"),
            (r#"{"apiVersion":"v1","kind":"Node","metadata":{}}"#, "kube.Node"),
            (r#"{"apiVersion":"v1","items":[],"kind":"List"}"#, "EmptyList"),
            (
                r#"[{"Id":"1","Created":"","Args":["a","]"],"State":{},"HostConfig":{},"Config":{}},{"#,
                "docker.container",
            ),
            (r#"{"ID":"a","Containers":3,"Driver":"overlay2","ServerVersion":"23.0.7"}"#, "docker.info"),
            (r#"{"ID":"a","Containers":3,"Driver":"overlay2","ServerVersion":"ucp/3.7.7"}"#, "mke.info"),
            (r#"{"Containers":"N/A","ID":"sha256:1","Repository":"mirantis/ucp-agent","Tag":"3.7.1"}"#, "docker.image"),
            (r#"[{"ID":"x","Spec":{"Labels":{},"Role":"manager"},"Description":{"Hostname":"m"}}]"#, "docker.node"),
            (r#"[{"ID":"x","Spec":{"Name":"db"}}]"#, "Unknown"),
            ("[auth]\n  backend = \"managed\"\n[auth.sessions]\n[cluster_config]\n", "mke.config"),
            ("[]", "Unknown"),
            ("[package]\nname = \"x\"", "Unknown"),
            ("", "Unknown"),
        ] {
            assert_eq!(told(text), kind, "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_token_takes_a_byte_or_ends(text in prop::collection::vec(prop_oneof![
            prop::sample::select(b"{}[]\",:\\ te1\n\0".to_vec()), any::<u8>()
        ], 0..200)) {
            let _ = identify(&text);
            let mut cursor = Cursor { text: &text, at: 0 };
            for _ in 0..text.len() {
                let before = cursor.at;
                if cursor.token().is_none() {
                    return Ok(());
                }
                prop_assert!(cursor.at > before);
            }
            prop_assert!(cursor.token().is_none());
        }
    }

    #[test]
    fn cut_and_hostile_texts_end() {
        let deep = "[".repeat(100_000);
        assert_eq!(told(&deep), "Unknown");
        for cut in 0..40 {
            let _ = told(&r#"{"apiVersion":"v1\"","items":[{"kind":"Pod"#[..cut]);
        }
    }
}
