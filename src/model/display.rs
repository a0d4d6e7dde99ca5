//! Text from others, made harmless for whoever reads it.
//!
//! Names, labels and values of a cluster may hold characters that a reader cannot see, or that change what stands
//! around them: terminals obey escapes, a direction mark makes `gpj.exe` of `exe.jpg`, two names that look the same
//! differ by a character of no width. [`is_hidden`] is the one set of them. Every report, message and diagnostic writes
//! them out, in the one way of [`visible`] and [`escaped`]; JSON writes them as `\u` sequences, so that its values stay
//! what they are. Unicode adds such characters rarely, so the set is a table here and a test holds it equal to the
//! properties of the Unicode version that the `regex` crate knows.

use std::borrow::Cow;
use std::fmt::{self, Write as _};

/// Says whether a character is never shown as it is.
///
/// These are: controls (C0 but tab and line feed, DEL, C1), format characters (direction marks, zero-width characters,
/// tags), line and paragraph separators, all that Unicode says to ignore by default where no font draws it (soft
/// hyphen, variation selectors, fillers), noncharacters, of which XML forbids two, and three characters that are drawn as
/// nothing or stand for something else: the blank Braille pattern, the null notehead and the object replacement.
///
/// ```
/// use mke_stig::model::display::is_hidden;
///
/// assert!(['\u{1b}', '\u{9b}', '\u{202e}', '\u{200b}', '\u{e0041}'].into_iter().all(is_hidden));
/// assert!(!['a', ' ', '\n', '\t', 'é', '日'].into_iter().any(is_hidden));
/// ```
#[must_use]
pub fn is_hidden(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_control() && !matches!(c, '\t' | '\n');
    }
    // Every plane ends in two noncharacters.
    if u32::from(c) & 0xfffe == 0xfffe {
        return true;
    }
    matches!(c,
        '\u{80}'..='\u{9f}' | '\u{ad}' | '\u{34f}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}'
        | '\u{890}'..='\u{891}' | '\u{8e2}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{2800}' | '\u{3164}' | '\u{fdd0}'..='\u{fdef}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffc}' | '\u{110bd}' | '\u{110cd}' | '\u{13430}'..='\u{1343f}'
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d159}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// A piece of a text: characters that may be shown, or one that may not.
pub(crate) enum Piece<'a> {
    /// Shown as it is.
    Plain(&'a str),
    /// Shown written out.
    Hidden(Written),
}

/// Splits a text into what may be shown and what may not; tab and line feed may.
pub(crate) fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    split(text, is_hidden)
}

fn split(text: &str, hidden: impl Fn(char) -> bool + Copy) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        if hidden(first) {
            rest = &rest[first.len_utf8()..];
            return Some(Piece::Hidden(Written(first)));
        }
        let (plain, after) = rest.split_at(rest.find(hidden).unwrap_or(rest.len()));
        rest = after;
        Some(Piece::Plain(plain))
    })
}

/// A character written out: `\t`, `\n` and `\r` by the names that everybody knows, all others as `\u{…}`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Written(char);

impl Written {
    /// The character written out; none for one that may be shown.
    pub(crate) fn of(c: char) -> Option<Self> {
        is_hidden(c).then_some(Self(c))
    }
}

impl fmt::Display for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            '\t' => f.write_str("\\t"),
            '\n' => f.write_str("\\n"),
            '\r' => f.write_str("\\r"),
            c => write!(f, "{}", c.escape_unicode()),
        }
    }
}

/// Returns a text of several lines with hidden characters written out; tabs and line feeds stay.
///
/// ```
/// use mke_stig::model::display::visible;
///
/// assert_eq!(visible("a\u{1b}[2J\tb\r\n"), "a\\u{1b}[2J\tb\\r\n");
/// ```
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    written_out(text, is_hidden)
}

/// Returns a text that stands within a line, such as a name or a path, with hidden characters, tabs and line feeds
/// written out.
///
/// ```
/// use mke_stig::model::display::escaped;
///
/// assert_eq!(escaped("two\nlines\u{202e}"), "two\\nlines\\u{202e}");
/// ```
#[must_use]
pub fn escaped(text: &str) -> Cow<'_, str> {
    written_out(text, |c| is_hidden(c) || matches!(c, '\t' | '\n'))
}

fn written_out(text: &str, hidden: impl Fn(char) -> bool + Copy) -> Cow<'_, str> {
    if !text.contains(hidden) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for piece in split(text, hidden) {
        match piece {
            Piece::Plain(plain) => shown.push_str(plain),
            Piece::Hidden(written) => {
                // Writing to a string cannot fail.
                let _ = write!(shown, "{written}");
            }
        }
    }
    Cow::Owned(shown)
}

/// Returns a text with each hidden character replaced by one that is seen, so that positions in it stay what they are.
///
/// ```
/// use mke_stig::model::display::masked;
///
/// assert_eq!(masked("id: \u{202e}x"), "id: \u{fffd}x");
/// ```
#[must_use]
pub fn masked(text: &str) -> String {
    text.chars().map(|c| if is_hidden(c) { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

/// Returns a text on one line: hidden characters written out, every run of white space one space.
///
/// ```
/// use mke_stig::model::display::one_line;
///
/// assert_eq!(one_line(" a\n  b\u{200b} "), "a b\\u{200b}");
/// ```
#[must_use]
pub fn one_line(text: &str) -> String {
    let mut line = String::new();
    for word in visible(text).split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}

/// Returns at most the first `chars` characters of a text.
///
/// ```
/// use mke_stig::model::display::cut;
///
/// assert_eq!(cut("héllo", 2), "hé");
/// ```
#[must_use]
pub fn cut(text: &str, chars: usize) -> &str {
    // Bytes are never fewer than characters, so most texts are not counted at all.
    if text.len() <= chars {
        return text;
    }
    match text.char_indices().nth(chars) {
        Some((end, _)) => &text[..end],
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use regex::Regex;

    #[test]
    fn the_set_is_that_of_unicode_and_three_more() {
        let class = r"^[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}&&[^\t\n]]$";
        let class = Regex::new(class).unwrap();
        let more = ['\u{2800}', '\u{1d159}', '\u{fffc}'];
        let mut buffer = [0; 4];
        for c in '\0'..=char::MAX {
            let wanted = more.contains(&c) || class.is_match(c.encode_utf8(&mut buffer));
            assert_eq!(is_hidden(c), wanted, "{c:?} U+{:04X}", u32::from(c));
        }
    }

    #[test]
    fn hidden_characters_are_written_out() {
        let hostile = "a\0b\u{1b}[31m\u{202e}c\u{2066}\u{2028}\r\u{200b}\u{fffe}";
        assert_eq!(visible(hostile), r"a\u{0}b\u{1b}[31m\u{202e}c\u{2066}\u{2028}\r\u{200b}\u{fffe}");
        assert_eq!(visible("tab\tnew\nline"), "tab\tnew\nline");
        assert_eq!(escaped("tab\tnew\nline"), r"tab\tnew\nline");
        assert_eq!(one_line("\u{85} a \u{a0} b\t"), r"\u{85} a b");
        assert!(matches!((visible("plain"), escaped("plain")), (Cow::Borrowed(_), Cow::Borrowed(_))));
    }

    #[test]
    fn a_cut_is_between_characters() {
        assert_eq!((cut("", 0), cut("é", 0), cut("é", 1), cut("éa", 1), cut("éa", 2)), ("", "", "é", "é", "éa"));
    }

    proptest! {
        #[test]
        fn nothing_hidden_is_left(text in "(\\PC|[\\x00-\u{ff}]|[\u{2000}-\u{206f}]|[\u{fe00}-\u{ffff}]|\u{e0041}){0,60}") {
            prop_assert!(!visible(&text).contains(is_hidden));
            prop_assert!(!escaped(&text).contains(|c| is_hidden(c) || c == '\t' || c == '\n'));
            prop_assert!(!one_line(&text).contains(|c: char| is_hidden(c) || c.is_control()));
            let masked = masked(&text);
            prop_assert!(!masked.contains(is_hidden));
            prop_assert_eq!(masked.chars().count(), text.chars().count());
        }
    }
}
