//! Names of a snapshot in commands that people type: a name is one word to the shell, and never an option.

use crate::model::procedure::{Piece, Placeholder, pieces};

/// Characters of a name that is typed; longer ones are for no person.
const LONGEST: usize = 255;

/// A name as one word of a POSIX shell; none where a person cannot type it, or a program would take it for an option.
///
/// A backslash stands in no name that Docker, Kubernetes or a host gives: it is how characters that cannot be seen are
/// written out, so the name is another one.
pub(crate) fn word(name: &str) -> Option<String> {
    let visible = |c: char| !c.is_control() && c != '\\' && (c == ' ' || !c.is_whitespace());
    if name.is_empty() || name.starts_with('-') || name.len() > LONGEST || !name.chars().all(visible) {
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
    use std::process::Command;

    use proptest::prelude::*;

    use super::*;

    /// What a shell takes a command's words for.
    fn words(command: &str) -> Vec<String> {
        let script = format!("set -f; printf '%s\\0' {command}");
        let printed = Command::new("sh").arg("-c").arg(script).output().unwrap();
        assert!(printed.stderr.is_empty(), "{}", String::from_utf8_lossy(&printed.stderr));
        let text = String::from_utf8(printed.stdout).unwrap();
        text.strip_suffix('\0').unwrap().split('\0').map(str::to_owned).collect()
    }

    #[test]
    fn names_that_are_no_word_are_not_typed() {
        for name in ["", "-rf", "--help", "a\nb", "a\tb", "a\u{1b}[2J", "a\\b", "\u{a0}x\u{2028}"] {
            assert_eq!(word(name), None, "{name:?}");
        }
        assert_eq!(word("web.1.x-y_z:5000/a@b"), Some("web.1.x-y_z:5000/a@b".to_owned()));
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

        #[test]
        fn a_name_is_one_word_to_a_shell(name in "[ -~äß\u{200b}]{1,20}|[$`'\";|&<>(){}!*?~# =]{1,12}") {
            if let Some(word) = word(&name) {
                let command = filled("docker service update {service} --end", |_| Some(word.clone()));
                let wanted = ["docker", "service", "update", &name, "--end"].map(str::to_owned);
                prop_assert_eq!(words(&command.unwrap()), wanted);
            }
        }
    }
}
