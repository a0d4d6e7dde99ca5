//! Names of a snapshot in commands that people type: a name is one word to the shell, and never an option.

use crate::model::display;
use crate::model::procedure::{Piece, Placeholder, pieces};

/// Characters of a name that is typed; longer ones are for no person.
const LONGEST: usize = 255;

/// A name as one word of a POSIX shell; none where a person cannot type it, or a program would take it for an option.
///
/// A backslash is how characters that cannot be seen are written out, so the name is another one; a name with one of
/// `<>` or a backtick is none that Docker, Kubernetes or a host gives, and would be markup where commands are shown.
pub(crate) fn word(name: &str) -> Option<String> {
    let typed = |c: char| !r"\<>`".contains(c) && (c == ' ' || !c.is_whitespace());
    let whole = !name.is_empty() && name.len() <= LONGEST && *name == *display::escaped(name);
    if !whole || name.starts_with('-') || !name.chars().all(typed) {
        return None;
    }
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_@%+:,./-".contains(&byte);
    if name.bytes().all(plain) {
        return Some(name.to_owned());
    }
    Some(format!("'{}'", name.replace('\'', r"'\''")))
}

/// A command with its names.
pub(crate) fn filled(command: &str, word_of: impl Fn(Placeholder) -> Option<String>) -> Option<String> {
    pieces(command).into_iter().try_fold(String::new(), |mut text, piece| {
        match piece {
            Piece::Text(plain) => text.push_str(plain),
            Piece::Open(open) => text.push_str(&word_of(open)?),
            Piece::Unknown(_) => return None,
        }
        Some(text)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_no_word_are_not_typed() {
        for name in ["", "-rf", "--help", "a\nb", "a\tb", "a\u{1b}[2J", "a\\b", "<b>", "`id`", "\u{a0}x\u{2028}"] {
            assert_eq!(word(name), None, "{name:?}");
        }
        assert_eq!(word("web.1.x-y_z:5000/a@b"), Some("web.1.x-y_z:5000/a@b".to_owned()));
    }
}
