//! Texts within what importers keep, and without what upload filters refuse.
//!
//! Importers store 32,767 UTF-16 units of a text and drop the rest, or the whole file. A cut is made at the end of a line
//! where one is near, never inside a character or before what combines with it, and is noted in the text.

use std::borrow::Cow;

use crate::report::base::text;

/// UTF-16 units of one text that every importer keeps.
pub(crate) const UNITS: usize = 32_767;

/// Units of a text that are looked back over for the end of a line.
const LINE: usize = 500;

/// UTF-16 units of a text.
pub(crate) fn units(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

/// A text of at most `limit` units; a note says so where it was cut, and the cut is at the end of a
/// line where one is near, and never within a character, before what is combined with it, or within
/// a hidden character that is written out.
pub(crate) fn fit(text: &str, limit: usize) -> Cow<'_, str> {
    // Bytes are never fewer than units, so most texts are not counted at all.
    if text.len() <= limit {
        return Cow::Borrowed(text);
    }
    let total = units(text);
    if total <= limit {
        return Cow::Borrowed(text);
    }
    let grouped = |number: usize| text::grouped(u64::try_from(number).unwrap_or(u64::MAX));
    let note = |shown: usize| {
        format!("\n[cut here: {} of {} characters; assessment.json has all]", grouped(shown), grouped(total))
    };
    let room = limit.saturating_sub(units(&note(total)));
    let mut end = 0;
    let mut used = 0;
    for (at, c) in text.char_indices() {
        if used + c.len_utf16() > room {
            break;
        }
        used += c.len_utf16();
        end = at + c.len_utf8();
    }
    let end = boundary(text, end);
    let head = &text[..end];
    format!("{head}{}", note(units(head))).into()
}

/// The nearest place at or before `end` where a text may be cut.
fn boundary(text: &str, end: usize) -> usize {
    let head = &text[..end];
    if let Some(line) = head.rfind('\n').filter(|line| units(&head[*line..]) <= LINE) {
        return line;
    }
    let mut end = end;
    // `\u{…}` stands for one character; it is at most ten long.
    if let Some(start) = head.rfind("\\u{").filter(|start| end - start < 10 && !head[*start..].contains('}')) {
        end = start;
    }
    while text[end..].chars().next().is_some_and(combines) {
        let Some(before) = text[..end].chars().next_back() else { break };
        end -= before.len_utf8();
    }
    end
}

/// Whether a character belongs to the one before it.
fn combines(c: char) -> bool {
    matches!(c,
        '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{591}'..='\u{5bd}' | '\u{64b}'..='\u{65f}'
        | '\u{93c}' | '\u{93e}'..='\u{94d}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}'
        | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}' | '\u{1f3fb}'..='\u{1f3ff}')
}

/// A text with what looks like a command, a path out of its folder or markup spelled out in words.
pub(crate) fn spelled_out(text: &str) -> Cow<'_, str> {
    const MARKS: [char; 8] = [';', '|', '$', '`', '<', '>', '&', '\\'];
    if !text.contains(MARKS) && !text.contains("..") && !text.contains("--") {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 64);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let word = match c {
            ';' => "[semicolon]",
            '|' => "[pipe]",
            '$' => "[dollar]",
            '`' => "[backtick]",
            '<' => "[less]",
            '>' => "[greater]",
            '&' => "[and]",
            '\\' => "[backslash]",
            '.' if chars.peek() == Some(&'.') => {
                chars.next();
                "[dot dot]"
            }
            '-' if chars.peek() == Some(&'-') => {
                chars.next();
                "[dash dash]"
            }
            c => {
                out.push(c);
                continue;
            }
        };
        out.push_str(word);
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_cut_where_nothing_is_torn() {
        for (text, torn) in [
            ("\u{1f600}".repeat(30_000), '\u{1f600}'),
            ("e\u{301}".repeat(30_000), '\u{301}'),
            ("x".repeat(60_000), 'x'),
        ] {
            let cut = fit(&text, UNITS);
            assert!(units(&cut) <= UNITS && units(&cut) > UNITS - 200, "{torn}");
            let (head, note) = cut.split_once("\n[cut here: ").unwrap();
            assert!(head.ends_with(torn) && note.contains("60,000 characters"), "{note}");
        }
        let hidden = fit(&r"\u{202e}".repeat(9_000), UNITS).into_owned();
        assert!(hidden.split_once("\n[cut").unwrap().0.ends_with('}'));
        let lines = "a line of text\n".repeat(4_000);
        assert!(fit(&lines, UNITS).split_once("\n[cut").unwrap().0.ends_with("a line of text"));
        let all_marks = "\u{301}".repeat(60_000);
        assert!(units(&fit(&all_marks, UNITS)) <= UNITS);
        assert_eq!(fit("short", UNITS), "short");
        assert_eq!(fit(&"é".repeat(UNITS), UNITS), "é".repeat(UNITS));
    }

    #[test]
    fn what_filters_refuse_is_spelled_out() {
        let hostile = "a; rm -rf / | sh $(x) `y` ../../etc <script>&& -- \\x";
        let safe = spelled_out(hostile);
        for mark in [";", "|", "$(", "`", "../", "<", ">", "&", "--", "\\"] {
            assert!(!safe.contains(mark), "{safe}");
        }
        assert_eq!(spelled_out("cat a | b; c"), "cat a [pipe] b[semicolon] c");
        assert_eq!(spelled_out("plain 1.2.3 text"), "plain 1.2.3 text");
    }
}
