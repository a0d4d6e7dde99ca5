//! Text between JSON: what a terminal or a script wrote into the same file.
//!
//! A prompt, a command that a shell repeats, a banner, a warning: such lines are passed over and counted.
//! A line that may be the rest of a damaged value is never passed over, for the value would be lost without
//! a word. Logs of containers, as `kubectl cluster-info dump` prints them, hold anything that a container
//! wrote, JSON too: they are passed over from their first line to their last.

/// Lines of text that may stand in one place; a banner has some twenty.
pub(crate) const MOST: u64 = 100;
/// Bytes of a line that are looked at.
pub(crate) const LINE: usize = 64 << 10;

/// What a line of text is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Line {
    /// It parts documents.
    Separator,
    /// A program's or a person's words.
    Words,
    /// A program says that it could not do what it was asked for.
    Error,
    /// The rest of a value, perhaps.
    Value,
    /// A key of a Kubernetes object as YAML.
    Yaml,
    /// The logs of a container begin; this line ends them.
    Logs(Vec<u8>),
}

const LOGS: &[u8] = b"==== START logs for ";

/// Tells what a line is that no JSON begins on.
pub(crate) fn line(text: &[u8]) -> Line {
    let line = text.trim_ascii();
    if line == b"---" || line == b"..." || line.is_empty() {
        return Line::Separator;
    }
    if let Some(of) = line.strip_prefix(LOGS) {
        return Line::Logs([b"==== END logs for ", of].concat());
    }
    if is_yaml(text) {
        return Line::Yaml;
    }
    // A line of words ends or begins with none of these; the rest of a value does.
    let rest = |byte: Option<&u8>| byte.is_some_and(|byte| matches!(byte, b'}' | b']' | b','));
    if has_key(line) || rest(line.first()) || line.last() == Some(&b',') || line.ends_with(b"\"}") {
        return Line::Value;
    }
    if speaks_of_error(line) { Line::Error } else { Line::Words }
}

/// Whether a line begins with a key that Kubernetes objects have.
pub(crate) fn is_yaml(line: &[u8]) -> bool {
    ["apiVersion:", "kind:", "items:"].iter().any(|key| line.starts_with(key.as_bytes()))
}

/// Whether a text in quotes and a colon stand in a line: every JSON object has that, and no prompt.
fn has_key(line: &[u8]) -> bool {
    let behind = |at: usize| line[at + 1..].trim_ascii_start().first() == Some(&b':');
    (0..line.len()).any(|at| line[at] == b'"' && behind(at))
}

/// Whether a line tells of something that went wrong, wherever the words stand in it: behind a time, a prompt or the name
/// of a program too.
pub(crate) fn speaks_of_error(line: &[u8]) -> bool {
    const WORDS: [&str; 20] = [
        "error",
        "fail",
        "unable to",
        "cannot",
        "can't",
        "couldn't",
        "could not",
        "denied",
        "unauthorized",
        "forbidden",
        "refused",
        "timeout",
        "timed out",
        "panic",
        "closed",
        "reset by",
        "unexpected",
        "not found",
        "http/",
        "rpc ",
    ];
    let line = line.to_ascii_lowercase();
    WORDS.iter().any(|word| line.windows(word.len()).any(|part| part == word.as_bytes()))
}

/// Whether a line is a warning that a program prints beside a whole answer.
fn warns(line: &[u8]) -> bool {
    let line = line.trim_ascii();
    ["WARNING: ", "Warning: "].iter().any(|start| line.starts_with(start.as_bytes()))
}

/// How many warnings of a program stand before JSON, and their bytes. None stand before what begins as JSON; anything
/// else in a member may be the rest of what was cut, or say that what follows is not all.
pub(crate) fn before_json(first: &[u8]) -> (u64, usize) {
    let (mut lines, mut at) = (0, 0);
    for (_, line) in (0..MOST).zip(first.split_inclusive(|byte| *byte == b'\n')) {
        if begins_json(line) {
            return (lines, at);
        }
        match self::line(line) {
            Line::Words if warns(line) => lines += 1,
            Line::Separator => {}
            _ => break,
        }
        at += line.len();
    }
    (0, 0)
}

/// Whether a line begins with an object or a list.
pub(crate) fn begins_json(line: &[u8]) -> bool {
    match line.trim_ascii_start() {
        [b'{', ..] => true,
        [b'[', behind @ ..] => opens_list(behind, true) == Some(true),
        _ => false,
    }
}

/// What is said of text that was passed over.
pub(crate) fn passed_over(lines: u64) -> String {
    match lines {
        1 => "a line of text beside its data was passed over".to_owned(),
        _ => format!("{lines} lines of text beside its data were passed over"),
    }
}

/// Whether the list that a bracket seems to open is one: a prompt may begin with a bracket too. None where
/// that stands in bytes that follow.
pub(crate) fn opens_list(behind: &[u8], last: bool) -> Option<bool> {
    match behind.trim_ascii_start().first() {
        Some(byte) => Some(matches!(byte, b'{' | b'[' | b']' | b'"')),
        None if last || behind.len() > LINE => Some(true),
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_told_apart() {
        for words in
            ["$ docker info --format '{{json .}}'", "+ docker ps -aq", "time=\"x\" level=warning", "W: a", "m1:"]
        {
            assert_eq!(line(words.as_bytes()), Line::Words, "{words}");
        }
        for value in ["x\"Id\":\"1\",", "  \"Id\" : 1}", "1\"}, \"a\":{"] {
            assert_eq!(line(value.as_bytes()), Line::Value, "{value}");
        }
        assert_eq!(line(b"---\r"), Line::Separator);
        assert_eq!(line(b"Error: No such object: x"), Line::Error);
        assert_eq!(line(b"kind: List"), Line::Yaml);
        assert_eq!(line(b"==== START logs for a of b ===="), Line::Logs(b"==== END logs for a of b ====".to_vec()));
        assert_eq!(opens_list(b"root@m1 ~]# docker", false), Some(false));
        assert_eq!(opens_list(b"\r\n  {", false), Some(true));
        assert_eq!(opens_list(b"\n", false), None);
    }

    #[test]
    fn words_before_json_are_passed_over_and_an_error_is_not() {
        let warned = b"WARNING: No swap limit support\n\nWarning: v1 Endpoints is deprecated\n  {\"ID\": 1}\n";
        assert_eq!(before_json(warned), (2, warned.len() - 12));
        for wrong in [
            "The connection to the server 10.0.0.1:6443 was refused",
            "E1118 08:00:00.1 1 reflector.go:1] Failed to list *v1.Pod",
            "rpc error: code = Unavailable",
            "Get https://10.0.0.1:6443: TLS handshake timeout",
            "panic: x",
            "kubectl: Error from server (Forbidden): pods",
            "[mgr-1] Error from server (Forbidden): pods",
            "Warning: Error from server (Forbidden): pods",
            "HTTP/1.1 403 Forbidden",
            "curl: (18) transfer closed with 10 bytes remaining",
            "}",
            "12,",
            "name: x,",
            "75MB\"}",
            "words",
        ] {
            assert_eq!(before_json(format!("{wrong}\n{{}}\n").as_bytes()), (0, 0), "{wrong}");
        }
        for other in
            [&b"{}"[..], b"[]", b"", b"words alone\n", b"Error from server: x\n{}", b"\"a\": {\n{}", b"kind: x\n{}"]
        {
            assert_eq!(before_json(other), (0, 0), "{}", String::from_utf8_lossy(other));
        }
    }
}
