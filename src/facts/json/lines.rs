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
    if has_key(line) {
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

/// Whether a line begins as an error message does.
pub(crate) fn speaks_of_error(line: &[u8]) -> bool {
    const WORDS: [&str; 7] =
        ["error", "unable to", "cannot connect", "permission denied", "unauthorized", "forbidden", "got permission"];
    WORDS.iter().any(|word| line.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word.as_bytes())))
}

/// How many lines of text stand before JSON, and their bytes: a program's warning, or the command that a terminal
/// repeated. None stand before what begins as JSON, and what is no JSON or speaks of an error is not passed over.
pub(crate) fn before_json(first: &[u8]) -> (u64, usize) {
    let (mut lines, mut at) = (0, 0);
    for (_, line) in (0..MOST).zip(first.split_inclusive(|byte| *byte == b'\n')) {
        let begins = line.trim_ascii_start();
        if begins.first() == Some(&b'{')
            || (begins.first() == Some(&b'[') && opens_list(&begins[1..], true) == Some(true))
        {
            return (lines, at);
        }
        match self::line(line) {
            Line::Words => lines += 1,
            Line::Separator => {}
            _ => break,
        }
        at += line.len();
    }
    (0, 0)
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
        let warned = b"WARNING: No swap limit support\n\n[root@mgr-1 ~]# docker info\n  {\"ID\": 1}\n";
        assert_eq!(before_json(warned), (2, warned.len() - 12));
        assert_eq!(before_json(b"a\n[\n1]"), (1, 2));
        for other in
            [&b"{}"[..], b"[]", b"", b"words alone\n", b"Error from server: x\n{}", b"\"a\": {\n{}", b"kind: x\n{}"]
        {
            assert_eq!(before_json(other), (0, 0), "{}", String::from_utf8_lossy(other));
        }
    }
}
