//! Outputs of `kubectl`, `docker` and other programs, recognized by what stands in them and never by
//! their name.
//!
//! The keys of an object, two levels deep, tell which program printed it; a list of the Kubernetes API says
//! of what it is a list. Each object and list of a file is told for itself, since people save several
//! outputs in one file. A text may be cut anywhere and still tell its kind, so that no parser of whole
//! documents can be used.

use std::collections::{BTreeMap, BTreeSet};

use crate::layout::kinds::{Kind, RecognizedBy, Signature, rows};

/// What an object is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// A fact of this kind.
    Object(Kind),
    /// A list of the Kubernetes API.
    List(ListOf),
    /// Something of Docker that is no fact.
    Aside,
    /// Nothing that is known.
    Unknown,
}

/// What a list says of its entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListOf {
    /// All are of this kind.
    Kind(Kind),
    /// Each says its kind.
    Any,
    /// Nothing, or nothing yet.
    Unsaid,
    /// It is no list of the Kubernetes API.
    NoList,
}

/// Things of Docker that look like none of the kinds: volumes, secrets and configs of a swarm, tasks.
const ASIDE: &[&[&str]] = &[
    &["Name", "Driver", "Mountpoint", "Scope"],
    &["ID", "Version", "CreatedAt", "UpdatedAt", "Spec.Name", "Spec.Labels"],
    &["ID", "Spec", "Status", "ServiceID", "DesiredState"],
];

/// Tells an object by its text, which may be cut.
#[must_use]
pub fn identify(object: &[u8]) -> Told {
    let outline = Outline::of(object);
    let kind = outline.text("kind");
    if outline.has(&["apiVersion"]) || outline.has(&["kind", "metadata"]) || outline.has(&["kind", "items"]) {
        return match kind {
            "" => Told::Unknown,
            kind if kind.ends_with("List") => Told::List(list(&outline)),
            kind => Kind::named(&format!("kube.{kind}")).map_or(Told::Unknown, Told::Object),
        };
    }
    let fits = |signature: &Signature| {
        let of_mke = |field: &str| outline.text(field).starts_with("ucp/");
        outline.has(signature.keys) && signature.version.is_none_or(|(field, mke)| of_mke(field) == mke)
    };
    let found =
        rows().find(|row| matches!(row.recognized_by, RecognizedBy::Keys(signatures) if signatures.iter().any(fits)));
    match found {
        Some(row) => Told::Object(Kind::of(row)),
        None if ASIDE.iter().any(|keys| outline.has(keys)) => Told::Aside,
        None => Told::Unknown,
    }
}

/// Tells of what a list is by the text around it, which may be cut.
#[must_use]
pub fn list_of(around: &[u8]) -> ListOf {
    list(&Outline::of(around))
}

fn list(outline: &Outline) -> ListOf {
    match outline.text("kind") {
        "" => ListOf::Unsaid,
        kind => match kind.strip_suffix("List") {
            Some("") => ListOf::Any,
            Some(kind) => Kind::named(&format!("kube.{kind}")).map_or(ListOf::NoList, ListOf::Kind),
            None => ListOf::NoList,
        },
    }
}

/// Tells a TOML file by two of the tables that only one program's file has. What stands before the second must be TOML,
/// for texts about such a file quote lines of it.
#[must_use]
pub fn identify_toml(text: &[u8]) -> Option<Kind> {
    let lines = || text.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let found = rows().find(|row| {
        let RecognizedBy::Tables(tables) = row.recognized_by else { return false };
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        for line in lines() {
            seen.extend(tables.iter().copied().filter(|table| line.starts_with(table.as_bytes())));
            if seen.len() >= 2 {
                return true;
            }
            if !may_be_toml(line) {
                return false;
            }
        }
        false
    });
    found.map(Kind::of)
}

/// Whether a line can stand in TOML: a table, an entry, a comment, or a part of a value that has several lines.
fn may_be_toml(line: &[u8]) -> bool {
    let bare = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_. \"'".contains(byte);
    match line.first() {
        None | Some(b'#' | b'[' | b']' | b'{' | b'}' | b'"' | b'\'' | b',') => true,
        Some(b'0'..=b'9' | b'-') => true,
        Some(_) => {
            let key = line.split(|byte| *byte == b'=').next().unwrap_or_default().trim_ascii();
            key.len() < line.len() && key.iter().all(bare) && !key.contains(&b' ')
        }
    }
}

/// The keys of a JSON object that may be cut, up to two levels deep (`Spec.Role`), with their values where
/// these are strings. Lists are not looked into.
#[derive(Debug, Default)]
struct Outline {
    keys: BTreeMap<String, Option<String>>,
}

impl Outline {
    fn of(text: &[u8]) -> Self {
        let mut outline = Self::default();
        let mut cursor = Cursor { text, at: 0 };
        let _ = outline.value(&mut cursor, &mut Vec::new(), true, 0);
        outline
    }

    fn has(&self, keys: &[&str]) -> bool {
        keys.iter().all(|key| self.keys.contains_key(*key))
    }

    /// The value of a key, where it is a text.
    fn text(&self, key: &str) -> &str {
        self.keys.get(key).and_then(Option::as_deref).unwrap_or_default()
    }

    /// Walks one value; `None` at the end of the text. `note` says whether its keys are noted.
    fn value(&mut self, cursor: &mut Cursor, path: &mut Vec<String>, note: bool, depth: u32) -> Option<()> {
        if depth > DEEPEST {
            return None;
        }
        match cursor.token()? {
            Token::Open(b'{') => self.object(cursor, path, note, depth),
            Token::Open(_) => self.list(cursor, path, depth),
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

    /// Walks a list behind its opening bracket.
    fn list(&mut self, cursor: &mut Cursor, path: &mut Vec<String>, depth: u32) -> Option<()> {
        loop {
            match cursor.peek()? {
                b']' => {
                    cursor.token()?;
                    return Some(());
                }
                b',' => _ = cursor.token()?,
                _ => self.value(cursor, path, false, depth + 1)?,
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
            Told::Object(kind) | Told::List(ListOf::Kind(kind)) => kind.name().to_owned(),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn outputs_are_told_by_content() {
        for (text, kind) in [
            (r#"{"apiVersion":"v1","items":[{"apiVersion":"v1","kind":"Pod","metadata":{"#, "Unknown"),
            (r#"{"apiVersion":"v1","items":[{"apiVersion":"v1","kind":"Pod"}],"kind":"List"}"#, "List(Any)"),
            (r#"{"kind":"PodList","apiVersion":"v1","metadata":{},"items":[{"metadata":{}}]}"#, "kube.Pod"),
            (r#"{"apiVersion":"v1","kind":"Node","metadata":{}}"#, "kube.Node"),
            (r#"{"metadata":{},"kind":"Node"}"#, "kube.Node"),
            (r#"{"Id":"1","Created":"","Args":["a","]"],"State":{},"HostConfig":{},"Config":{}}"#, "docker.container"),
            (r#"{"ID":"a","Containers":3,"Driver":"overlay2","ServerVersion":"23.0.7"}"#, "docker.info"),
            (r#"{"ID":"a","Containers":3,"Driver":"overlay2","ServerVersion":"ucp/3.7.7"}"#, "mke.info"),
            (r#"{"Containers":"N/A","ID":"sha256:1","Repository":"mirantis/ucp-agent","Tag":"3.7.1"}"#, "docker.image"),
            (r#"{"ID":"x","Spec":{"Labels":{},"Role":"manager"},"Description":{"Hostname":"m"}}"#, "docker.node"),
            (r#"{"ID":"x","Spec":{"Name":"db"}}"#, "Unknown"),
            (r#"{"CreatedAt":"","Driver":"local","Mountpoint":"/x","Name":"v","Scope":"local"}"#, "Aside"),
            ("{}", "Unknown"),
            ("", "Unknown"),
        ] {
            assert_eq!(told(text), kind, "{text}");
        }
        let config = "[auth]\n  backend = \"managed\"\n[auth.sessions]\n[cluster_config]\n";
        assert_eq!(identify_toml(config.as_bytes()).unwrap().name(), "mke.config");
        assert_eq!(identify_toml(b"[package]\nname = \"x\""), None);
        let quoted =
            "# A report\n\nSet these lines:\n\n    [auth.sessions]\n    x = 1\n    [cluster_config]\n    y = 2\n";
        assert_eq!(identify_toml(quoted.as_bytes()), None, "a text about the file is not the file");
        let long = "title = \"x\"\nlist = [\n  \"a\",\n  1,\n]\n# c\n[auth.sessions]\n'k' = 2\n[cluster_config]\n";
        assert_eq!(identify_toml(long.as_bytes()).unwrap().name(), "mke.config");
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
