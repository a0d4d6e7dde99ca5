//! Text from a snapshot, escaped for the language of a page and cut for its readers.
//!
//! Each language has one function here, so that a way out of HTML or Markdown is closed for every page at once. Hidden
//! characters are written out first (`model/display.rs`). A text that is cut says so and where the whole of it is.

use std::fmt::Write as _;

use crate::model::display::{self, Piece};

/// Characters of one text that pages for people show; the JSON form keeps all.
pub(crate) const SHOWN: usize = 2_000;

/// A text on one line, hidden characters written out, cut with a note where it is long.
pub(crate) fn short(text: &str) -> String {
    short_within(text, SHOWN)
}

/// As [`short`], within so many characters besides the note.
pub(crate) fn short_within(text: &str, limit: usize) -> String {
    let (head, note) = shown_within(text, limit);
    let mut line = display::one_line(head);
    line.push_str(&note.unwrap_or_default());
    line
}

/// The part of a text that is shown, and the note that says so where it is not all.
pub(crate) fn shown(text: &str) -> (&str, Option<String>) {
    shown_within(text, SHOWN)
}

fn shown_within(text: &str, limit: usize) -> (&str, Option<String>) {
    let head = display::cut(text, limit);
    if head.len() == text.len() {
        return (text, None);
    }
    let total = grouped(u64::try_from(text.chars().count()).unwrap_or(u64::MAX));
    let limit = grouped(u64::try_from(limit).unwrap_or(u64::MAX));
    let note = format!("… (the first {limit} of {total} characters; assessment.json has them all)");
    (head, Some(note))
}

/// A number with its thousands apart: `1,234,567`.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A part of a prose text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// A paragraph.
    Paragraph(String),
    /// An item of a list, without its `- `.
    Item(String),
}

/// A prose text as its parts: hard-wrapped lines are joined, `- ` and `* ` begin an item, indented
/// lines keep a paragraph of their own.
pub(crate) fn parts(prose: &str) -> Vec<Part> {
    let mut found = Vec::new();
    let mut open = false;
    for line in prose.lines() {
        let item = line.strip_prefix("- ").or_else(|| line.strip_prefix("* "));
        let within_item = open && matches!(found.last(), Some(Part::Item(_)));
        let own = line.starts_with([' ', '\t']) && !within_item;
        let line = item.unwrap_or(line).trim();
        if line.is_empty() {
            open = false;
            continue;
        }
        match found.last_mut() {
            Some(Part::Paragraph(text) | Part::Item(text)) if open && item.is_none() && !own => {
                text.push(' ');
                text.push_str(line);
            }
            _ if item.is_some() => found.push(Part::Item(line.to_owned())),
            _ => found.push(Part::Paragraph(line.to_owned())),
        }
        open = true;
    }
    found
}

/// Escapes a text for HTML, in elements and in quoted attributes alike. Hidden characters are
/// marked as such, so that they differ from a text that merely reads `\u{1b}`.
pub(crate) fn html(out: &mut String, text: &str) {
    for piece in display::pieces(text) {
        match piece {
            Piece::Plain(plain) => html_plain(out, plain),
            // No quote in the tag: it stays harmless even inside an attribute.
            Piece::Hidden(written) => {
                let _ = write!(out, "<i class=x>{written}</i>");
            }
        }
    }
}

fn html_plain(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '`' => out.push_str("&#96;"),
            _ => out.push(c),
        }
    }
}

/// Escapes a text for Markdown (`CommonMark` and GitHub's tables), on one line: newlines become
/// `↵`, and nothing in it can end a table cell, open a span, a link, a heading or HTML.
pub(crate) fn markdown(out: &mut String, text: &str) {
    let text = display::visible(text);
    let trimmed = text.trim();
    let mut before = ' ';
    let mut chars = trimmed.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let after = chars.peek().map_or(' ', |(_, next)| *next);
        match c {
            '\n' => out.push_str(" ↵ "),
            '\t' => out.push(' '),
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '\\' | '`' | '*' | '[' | ']' | '|' | '~' | '$' => {
                out.push('\\');
                out.push(c);
            }
            // Inside a word an underscore opens nothing, and escapes would only blur field names.
            '_' if before.is_alphanumeric() && after.is_alphanumeric() => out.push('_'),
            '_' => out.push_str("\\_"),
            // Bare addresses must not become links.
            ':' if trimmed[at..].starts_with("://") => out.push_str("\\:"),
            '.' if ends_with_www(&trimmed[..at]) => out.push_str("\\."),
            '@' => out.push_str("&#64;"),
            '#' | '>' | '-' | '+' | '=' if at == 0 => {
                out.push('\\');
                out.push(c);
            }
            // A number alone before white space would begin a list.
            '.' | ')' if at > 0 && after.is_whitespace() && trimmed[..at].bytes().all(|b| b.is_ascii_digit()) => {
                out.push('\\');
                out.push(c);
            }
            _ => out.push(c),
        }
        before = c;
    }
}

/// A text of this program's rules as Markdown: what stands between two backticks stays code where it can.
pub(crate) fn markdown_with_code(text: &str) -> String {
    let parts: Vec<&str> = text.split('`').collect();
    let mut out = String::new();
    if parts.len().is_multiple_of(2) {
        markdown(&mut out, text);
        return out;
    }
    for (index, part) in parts.iter().enumerate() {
        if index % 2 == 1 && is_code(part) {
            out.push('`');
            out.push_str(part);
            out.push('`');
        } else {
            // Blanks at the edges stand between words and code.
            let blank = |edge: bool| if edge && index > 0 { " " } else { "" };
            out.push_str(blank(part.starts_with(' ')));
            markdown(&mut out, part);
            out.push_str(if part.len() > 1 && part.ends_with(' ') { " " } else { "" });
        }
    }
    out
}

/// A line between two Markdown fences: what cannot be seen is written out, and a line that would be a fence is none.
pub(crate) fn in_fence(line: &str) -> String {
    let line = display::one_line(line);
    let fence = line.trim_start().starts_with("```");
    if fence { line.replacen("```", "` ` `", 1) } else { line }
}

fn ends_with_www(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() >= 3 && bytes[bytes.len() - 3..].eq_ignore_ascii_case(b"www")
}

/// Whether a text stands in a Markdown code span as it is, in a table too.
pub(crate) fn is_code(text: &str) -> bool {
    !text.is_empty()
        && text.trim() == text
        && text.chars().all(|c| c.is_ascii_graphic() && !matches!(c, '`' | '|' | '\\' | '<' | '>' | '&') || c == ' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn markdown_of(text: &str) -> String {
        let mut out = String::new();
        markdown(&mut out, text);
        out
    }

    #[test]
    fn markdown_is_data() {
        assert_eq!(markdown_of("# a | b"), r"\# a \| b");
        assert_eq!(markdown_of("`<b>[x](y)*"), r"\`&lt;b>\[x\](y)\*");
        assert_eq!(markdown_of("a\n- b"), "a ↵ - b");
        assert_eq!(markdown_of("1. one"), r"1\. one");
        assert_eq!(markdown_of("3.7.1"), "3.7.1");
        assert_eq!(markdown_of("not_a_finding _x_"), r"not_a_finding \_x\_");
        assert_eq!(markdown_of("https://www.x.test a@b"), r"https\://www\.x.test a&#64;b");
        assert_eq!(markdown_of(r"\|"), r"\\\|");
        assert_eq!(markdown_of("--- \u{1b}"), r"\--- \u{1b}".replace("\\u", "\\\\u"));
    }

    #[test]
    fn html_is_data() {
        let mut out = String::new();
        html(&mut out, "<script>'\"&\u{202e}");
        assert_eq!(out, "&lt;script&gt;&#39;&quot;&amp;<i class=x>\\u{202e}</i>");
    }

    #[test]
    fn long_texts_are_cut_with_a_note() {
        let (head, note) = shown("short");
        assert_eq!((head, note), ("short", None));
        let long = "é".repeat(1_234_567);
        let (head, note) = shown(&long);
        assert_eq!(head.chars().count(), SHOWN);
        assert!(note.unwrap().contains("2,000 of 1,234,567 characters"));
        assert_eq!(shown(&"é".repeat(SHOWN)).1, None);
    }

    #[test]
    fn prose_keeps_paragraphs_and_items() {
        let text = "One\nline.\n\nTwo:\n- a\n  b\n- c\n\nThree:\n    docker ps\n";
        let paragraph = |text: &str| Part::Paragraph(text.to_owned());
        let item = |text: &str| Part::Item(text.to_owned());
        assert_eq!(
            parts(text),
            [
                paragraph("One line."),
                paragraph("Two:"),
                item("a b"),
                item("c"),
                paragraph("Three:"),
                paragraph("docker ps"),
            ]
        );
    }

    #[test]
    fn numbers_are_grouped() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1_234_567), "1,234,567");
    }
}
