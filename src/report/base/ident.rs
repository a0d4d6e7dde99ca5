//! Ids and names that are the same for the same assessment.
//!
//! Importers match a finding with the last one by its id, so ids are UUIDs of version 5 over what lasts: all formats make
//! them in one space, each part with its length before it. Names of files, folders and XML elements are made of texts that
//! anyone may have written: a text that every system takes as a name stays as it is, any other is reduced to harmless
//! characters and told apart by a digest.

use std::collections::BTreeSet;

use uuid::Uuid;

use crate::model::digest::{Digest, Hasher};

/// The namespace of all ids of reports, drawn once at random and never changed.
const NAMESPACE: Uuid = Uuid::from_u128(0x9c1f_6d0a_5b7e_4e43_8a52_c3de_2f90_b714);

/// Characters of a text that are kept where it names a file or an element on its own.
const NAME: usize = 120;

/// Characters of a text that are kept where a digest stands behind it: paths stay short enough for every system.
const PART: usize = 64;

/// The UUID that stands for these parts, in this order.
pub(crate) fn uuid(parts: &[&str]) -> String {
    let mut name = String::new();
    for part in parts {
        // With its length before it, no part can reach into the next.
        name.push_str(&format!("{}:{part};", part.len()));
    }
    Uuid::new_v5(&NAMESPACE, name.as_bytes()).to_string()
}

/// Names made of letters, digits, `.`, `-` and `_`, each given out once.
#[derive(Default)]
pub(crate) struct Names {
    /// In lower case, for file systems that do not tell case apart.
    taken: BTreeSet<String>,
}

impl Names {
    /// A harmless name for a text: the text itself where it can be, otherwise what is harmless of it and the beginning
    /// of its SHA-256.
    pub(crate) fn name(&mut self, text: &str) -> String {
        let harmless = harmless(text, NAME);
        let free = !self.taken.contains(&harmless.to_ascii_lowercase());
        let base = if harmless == text && free {
            harmless
        } else {
            format!("{harmless}-{}", Digest::of(text.as_bytes()).short(4))
        };
        let mut name = base.clone();
        let mut number = 2;
        while !self.taken.insert(name.to_ascii_lowercase()) {
            name = format!("{base}-{number}");
            number += 1;
        }
        name
    }
}

/// The name of a folder for an id, always the same: the id itself where every system takes it as it is, else what is
/// harmless of it with a digest of the whole, so that different ids stay apart.
pub(crate) fn folder_name(id: &str) -> String {
    let name = harmless(id, PART);
    // Systems that ignore case would take two ids for one, so only capitals and digits stay bare.
    let bare = name == id && !id.bytes().any(|byte| byte.is_ascii_lowercase());
    if bare { name } else { format!("{name}-{}", digest_of(&[id])) }
}

/// The name of a file about a member of this digest: the end of its path, and a digest of all of it.
pub(crate) fn member_name(member: &str, sha256: &str) -> String {
    let path = member.rsplit('!').next().unwrap_or(member);
    let start = path.char_indices().rev().nth(PART - 1).map_or(0, |(at, _)| at);
    format!("{}-{}", harmless(&path[start..], PART), digest_of(&[member, sha256]))
}

fn digest_of(texts: &[&str]) -> String {
    let mut digest = Hasher::default();
    for text in texts {
        digest.part(text);
    }
    digest.finish().short(8)
}

/// At most `longest` characters of a text, as a name that every system takes and that does not leave its folder:
/// letters, digits, `_`, `-` and dots between them; anything else is `_`.
fn harmless(text: &str, longest: usize) -> String {
    let keep = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let name: String = text.chars().take(longest).map(|c| if keep(c) { c } else { '_' }).collect();
    // A dot or dash in front hides a file or makes an option of it; Windows drops dots at the end.
    let name = name.trim_start_matches(['.', '-']).trim_end_matches('.');
    if name.is_empty() || is_device(name) { format!("_{name}") } else { name.to_owned() }
}

/// Whether Windows takes a name for a device, whatever follows its first dot.
fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().to_ascii_uppercase();
    let port = stem.strip_prefix("COM").or_else(|| stem.strip_prefix("LPT"));
    matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL") || port.is_some_and(|number| number.len() <= 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HOSTILE: [&str; 24] = [
        "",
        ".",
        "..",
        "../../etc/passwd",
        "/etc/passwd",
        "C:\\x",
        "a\\b",
        "a_b",
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
        "a b",
        "A_B",
    ];

    fn is_safe(name: &str) -> bool {
        !name.is_empty()
            && name.len() <= NAME + 20
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
            && !name.starts_with(['.', '-'])
            && !name.ends_with('.')
            && !is_device(name)
    }

    #[test]
    fn ids_are_of_version_5_and_the_same_for_the_same_parts() {
        let id = uuid(&["asset", "rule"]);
        assert_eq!(id, uuid(&["asset", "rule"]));
        assert_ne!(id, uuid(&["asset;4", "rule"]));
        assert_ne!(uuid(&["ab", "c"]), uuid(&["a", "bc"]));
        assert_eq!((id.len(), &id[14..15]), (36, "5"));
    }

    #[test]
    fn names_that_can_stay_do_and_each_is_given_once() {
        let mut names = Names::default();
        assert_eq!(names.name("wrk-1.example.test"), "wrk-1.example.test");
        assert_ne!(names.name("WRK-1.example.test"), "WRK-1.example.test");
        assert_eq!(names.name("twice"), "twice");
        assert_ne!(names.name("twice"), "twice");
        assert!(names.name(&"x".repeat(5_000)).len() < 140);
        assert_eq!(folder_name("V-260903"), "V-260903");
        assert!(folder_name("v-260903").starts_with("v-260903-"));
        let name = member_name("s.tar!nodes/w1/docker/containers.json", "");
        assert!(name.starts_with("nodes_w1_docker_containers.json-"));
        assert_ne!(member_name("a", "1"), member_name("a", "2"));
    }

    #[test]
    fn devices_are_known_by_what_is_before_the_dot() {
        for name in ["con", "Nul.txt", "COM1", "lpt9.a.b", "COM", "aux."] {
            assert!(is_device(name), "{name}");
        }
        for name in ["console", "COM10", "xCON", "a.con", "_CON"] {
            assert!(!is_device(name), "{name}");
        }
    }

    #[test]
    fn hostile_names_stay_in_their_folder_and_apart() {
        let mut names = Names::default();
        let mut seen = [BTreeSet::new(), BTreeSet::new(), BTreeSet::new()];
        for text in HOSTILE {
            let made = [names.name(text), folder_name(text), member_name(text, "")];
            for (name, seen) in made.into_iter().zip(&mut seen) {
                assert!(is_safe(&name), "{text:?} {name:?}");
                assert!(seen.insert(name.to_ascii_lowercase()), "{text:?} {name:?}");
            }
        }
    }

    proptest! {
        #[test]
        fn any_text_becomes_a_safe_name(text in any::<String>(), other in any::<String>()) {
            let mut names = Names::default();
            for name in [names.name(&text), names.name(&other), folder_name(&text), member_name(&text, &other)] {
                prop_assert!(is_safe(&name), "{:?}", name);
            }
            if text != other {
                prop_assert_ne!(folder_name(&text).to_ascii_lowercase(), folder_name(&other).to_ascii_lowercase());
            }
        }
    }
}
