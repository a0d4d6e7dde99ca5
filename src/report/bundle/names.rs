//! File names out of texts that anyone may have written.

use crate::model::digest::Hasher;

/// Characters of a name that come from the text.
const LONGEST: usize = 64;

/// Names that Windows keeps for devices, whatever stands behind a dot.
const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];

/// A text as the name of a file or folder: the text itself where every system takes it as it is, else
/// what is harmless of it with a digest of the whole, so that different texts stay apart.
pub(crate) fn safe(text: &str) -> String {
    let name = harmless(text);
    // Systems that ignore case would take two ids for one, so only capitals and digits stay bare.
    let bare = name == text && !text.bytes().any(|byte| byte.is_ascii_lowercase());
    if bare { name } else { format!("{name}-{}", digest(&[text])) }
}

/// A name for a member of this digest: the end of its path, and a digest of all of it.
pub(crate) fn of_member(member: &str, sha256: &str) -> String {
    let path = member.rsplit('!').next().unwrap_or(member);
    let start = path.char_indices().rev().nth(LONGEST - 1).map_or(0, |(at, _)| at);
    format!("{}-{}", harmless(&path[start..]), digest(&[member, sha256]))
}

/// Letters, digits, `_`, `-` and dots between them; anything else is `_`.
fn harmless(text: &str) -> String {
    let keep = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let name: String = text.chars().take(LONGEST).map(|c| if keep(c) { c } else { '_' }).collect();
    // A dot or dash in front hides a file or makes an option of it; Windows drops dots at the end.
    let name = name.trim_matches(['.', '-']).to_owned();
    let stem = name.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let port = stem.strip_prefix("com").or_else(|| stem.strip_prefix("lpt"));
    let device = DEVICES.contains(&stem.as_str()) || port.is_some_and(|number| number.len() <= 1);
    if name.is_empty() || device { format!("_{name}") } else { name }
}

fn digest(texts: &[&str]) -> String {
    let mut hasher = Hasher::default();
    for text in texts {
        hasher.part(text);
    }
    hasher.finish().short(8)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn is_safe(name: &str) -> bool {
        let stem = name.split('.').next().unwrap().to_ascii_lowercase();
        let device = DEVICES.contains(&stem.as_str()) || (stem.len() == 4 && ["com", "lpt"].contains(&&stem[..3]));
        !name.is_empty()
            && name.len() <= LONGEST + 20
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
            && !name.starts_with(['.', '-'])
            && !name.ends_with('.')
            && !device
    }

    #[test]
    fn ids_of_the_benchmark_stay_as_they_are() {
        assert_eq!(safe("V-260903"), "V-260903");
        assert!(safe("v-260903").starts_with("v-260903-"));
    }

    #[test]
    fn hostile_names_are_tamed_and_stay_apart() {
        let hostile = [
            "",
            ".",
            "..",
            "../../etc/passwd",
            "/etc/passwd",
            "C:\\x",
            "a\\b",
            "CON",
            "NUL.txt",
            "COM1",
            "LPT9.json",
            "COM",
            "V-1\n",
            "V-1 ",
            "V-1.",
            "-rf",
            "a\0b",
            "\u{202e}x",
            "V-1\u{0}",
            "é",
            "＝",
        ];
        let mut seen = std::collections::BTreeSet::new();
        for text in hostile {
            for name in [safe(text), of_member(text, "")] {
                assert!(is_safe(&name), "{text:?} {name:?}");
                assert!(seen.insert(name.to_ascii_lowercase()), "{text:?} {name:?}");
            }
        }
        assert_ne!(of_member("a", "1"), of_member("a", "2"));
        assert!(of_member("s.tar!nodes/w1/docker/containers.json", "").starts_with("nodes_w1_docker_containers.json-"));
    }

    proptest! {
        #[test]
        fn any_text_becomes_a_safe_name(text in any::<String>(), other in any::<String>()) {
            prop_assert!(is_safe(&safe(&text)));
            prop_assert!(is_safe(&of_member(&text, &other)));
            if text != other {
                prop_assert_ne!(safe(&text).to_ascii_lowercase(), safe(&other).to_ascii_lowercase());
            }
        }
    }
}
