//! What stands where data should be: an error page, a refusal, nothing.
//!
//! A server that refuses answers with a page, a message or an object, and a collector saves it under the name of
//! the data. Read as data it would be an empty list, and an empty list passes every check.

use serde::Deserialize;
use serde_json::Value;

use crate::model::display;

const UTF32: &str = "the text is UTF-32: save it again as UTF-8";

/// Why a member's content is not data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The API server or MKE refused access.
    Forbidden(String),
    /// The content cannot be read as data.
    Unreadable(String),
}

/// Looks at the first bytes of a member that should hold JSON, TOML or text.
///
/// `whole` says that `head` is all there is.
#[must_use]
pub fn refusal(head: &[u8], whole: bool) -> Option<Refusal> {
    let text = head.trim_ascii_start();
    if text.is_empty() && whole {
        return Some(Refusal::Unreadable("the file is empty".into()));
    }
    if is_utf32(head) {
        return Some(Refusal::Unreadable(UTF32.into()));
    }
    let line = first_line(text);
    let lower = line.to_ascii_lowercase();
    // `ausearch` prints this where a record could have been: an answer, and not a page.
    if text.starts_with(b"<no matches>") {
        return None;
    }
    if text.starts_with(b"<") {
        const PAGE: &str = "an HTML page stands in place of the data";
        return Some(if lower.contains("403") || lower.contains("forbidden") {
            Refusal::Forbidden(format!("{PAGE}: access was refused"))
        } else {
            Refusal::Unreadable(PAGE.into())
        });
    }
    let prefixed = [
        "error",
        "unable to",
        "cannot connect",
        "permission denied",
        "unauthorized",
        "forbidden",
        "no resources found",
    ];
    if let Some(prefix) = prefixed.iter().find(|prefix| lower.starts_with(**prefix)) {
        let refused = ["forbidden", "unauthorized", "must be logged in", "permission denied", "access denied"];
        return Some(match refused.iter().find(|word| lower.contains(**word)) {
            Some(word) => Refusal::Forbidden(format!("access was refused: {}", asked_for(&line, word))),
            None => {
                Refusal::Unreadable(format!("an error message stands in place of the data: it begins with `{prefix}`"))
            }
        });
    }
    status_object(text)
}

/// What tells that an object is a Kubernetes `Status`. Everything else is skipped: most objects are none.
#[derive(Deserialize)]
struct Status {
    kind: Option<Value>,
    status: Option<Value>,
    reason: Option<Value>,
    message: Option<Value>,
}

/// A Kubernetes `Status` object stands where a list was asked for.
fn status_object(text: &[u8]) -> Option<Refusal> {
    if !text.starts_with(b"{") || text.len() > 64 * 1024 {
        return None;
    }
    let object: Status = serde_json::from_slice(text).ok()?;
    let text = |field: &Option<Value>| field.as_ref().and_then(Value::as_str).unwrap_or_default().to_owned();
    if text(&object.kind) != "Status" || text(&object.status) != "Failure" {
        return None;
    }
    let message = first_line(text(&object.message).as_bytes());
    Some(match text(&object.reason).as_str() {
        reason @ ("Forbidden" | "Unauthorized") => {
            Refusal::Forbidden(format!("access was refused: {}", asked_for(&message, &reason.to_ascii_lowercase())))
        }
        _ => Refusal::Unreadable("the server answered with an error".into()),
    })
}

/// What the API server refused, in the words of its message that cannot hold a secret: the verb and the resource.
/// Where the message is of another form, the word that told the refusal.
fn asked_for(message: &str, word: &str) -> String {
    const VERBS: [&str; 3] = ["list", "get", "watch"];
    let plain = |text: &&str| {
        (1..=63).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_lowercase() || matches!(b, b'.' | b'-'))
    };
    VERBS
        .iter()
        .find_map(|verb| {
            let (_, rest) = message.split_once(&format!("cannot {verb} resource \""))?;
            let resource = rest.split('"').next().filter(plain)?;
            Some(format!("the user cannot {verb} {resource}"))
        })
        .unwrap_or_else(|| format!("the message says `{word}`"))
}

/// Why a file whose content tells nothing cannot be read: it is packed, or written, in a way that is not known here.
#[must_use]
pub fn not_known_here(head: &[u8]) -> Option<&'static str> {
    const PACKED: &[(&[u8], &str)] = &[
        (b"BZh", "it is compressed with bzip2, which is not supported: unpack it, or compress it with gzip"),
        (b"7z\xbc\xaf\x27\x1c", "it is a 7z archive, which is not supported: unpack it, or make it a zip"),
        (b"Rar!", "it is a RAR archive, which is not supported: unpack it, or make it a zip"),
        (b"\x04\x22\x4d\x18", "it is compressed with lz4, which is not supported: unpack it, or compress it with gzip"),
        (b"\x1f\x9d", "it is compressed with compress, which is not supported: unpack it, or compress it with gzip"),
    ];
    let packed = PACKED.iter().find(|(magic, _)| head.starts_with(magic)).map(|(_, why)| *why);
    packed.or_else(|| is_utf32(head).then_some(UTF32))
}

fn is_utf32(head: &[u8]) -> bool {
    head.starts_with(&[0xff, 0xfe, 0, 0]) || head.starts_with(&[0, 0, 0xfe, 0xff])
}

fn first_line(text: &[u8]) -> String {
    let line = text.split(|byte| matches!(byte, b'\n' | b'\r')).next().unwrap_or_default();
    let line = String::from_utf8_lossy(&line[..line.len().min(200)]);
    display::escaped(&line).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_in_another_way_is_told() {
        for (head, why) in [(&b"BZh91AY"[..], "bzip2"), (b"7z\xbc\xaf\x27\x1c", "7z"), (b"\xff\xfe\0\0", "UTF-32")] {
            assert!(not_known_here(head).unwrap().contains(why), "{why}");
        }
        assert_eq!(not_known_here(b"{}"), None);
    }

    #[test]
    fn each_has_its_own_reason() {
        let seen = |text: &str| refusal(text.as_bytes(), true);
        assert!(matches!(seen(" \n"), Some(Refusal::Unreadable(why)) if why.contains("empty")));
        assert!(matches!(seen("<html><body>Sign in"), Some(Refusal::Unreadable(why)) if why.contains("HTML")));
        assert!(matches!(
            seen("Error from server (Forbidden): pods is forbidden: User \"x\" cannot list"),
            Some(Refusal::Forbidden(_))
        ));
        assert!(matches!(
            seen(r#"{"kind":"Status","status":"Failure","reason":"Forbidden","message":"no"}"#),
            Some(Refusal::Forbidden(_))
        ));
        assert!(matches!(seen("error: the server doesn't have a resource type"), Some(Refusal::Unreadable(_))));
        assert_eq!(seen("[]"), None);
        assert_eq!(seen("<no matches>\n"), None);
        assert_eq!(seen("lifetime_minutes = 10"), None);
        assert!(matches!(refusal(&[0xff, 0xfe, 0, 0], true), Some(Refusal::Unreadable(why)) if why.contains("UTF-32")));
    }
}
