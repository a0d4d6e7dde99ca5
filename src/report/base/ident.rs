//! Ids that are the same for the same assessment: UUIDs of version 5, and names for files and XML.

use std::collections::BTreeSet;

use uuid::Uuid;

use crate::model::digest::Digest;

/// The namespace of all ids of reports, drawn once at random and never changed.
const NAMESPACE: Uuid = Uuid::from_u128(0x9c1f_6d0a_5b7e_4e43_8a52_c3de_2f90_b714);

/// Bytes of a name that are kept where it names a file or an element.
const NAME: usize = 120;

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
    /// A harmless name for a text: the text itself where it can be, otherwise with what cannot stand
    /// in it replaced and the beginning of its SHA-256 behind.
    pub(crate) fn name(&mut self, text: &str) -> String {
        let keep = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        let replaced: String = text.chars().take(NAME).map(|c| if keep(c) { c } else { '_' }).collect();
        let plain = replaced == text && !text.is_empty() && !text.starts_with(['.', '-']) && !text.ends_with('.');
        let short = Digest::of(text.as_bytes()).short(4);
        let mut name = if plain && !is_device(text) && self.is_free(text) {
            text.to_owned()
        } else {
            // Before a device's name, for Windows looks at what is before the first dot.
            let mark = if is_device(&replaced) { "_" } else { "" };
            format!("{mark}{}-{short}", replaced.trim_matches('.')).trim_start_matches('-').to_owned()
        };
        let base = name.clone();
        let mut number = 2;
        while !self.taken.insert(name.to_ascii_lowercase()) {
            name = format!("{base}-{number}");
            number += 1;
        }
        name
    }

    fn is_free(&self, name: &str) -> bool {
        !self.taken.contains(&name.to_ascii_lowercase())
    }
}

/// Whether Windows takes a name for a device, whatever follows its first dot.
fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().to_ascii_uppercase();
    let numbered = |prefix: &str| {
        stem.strip_prefix(prefix).is_some_and(|rest| rest.len() == 1 && rest.bytes().all(|b| b.is_ascii_digit()))
    };
    matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL") || numbered("COM") || numbered("LPT")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_of_version_5_and_the_same_for_the_same_parts() {
        let id = uuid(&["asset", "rule"]);
        assert_eq!(id, uuid(&["asset", "rule"]));
        assert_ne!(id, uuid(&["asset;4", "rule"]));
        assert_ne!(uuid(&["ab", "c"]), uuid(&["a", "bc"]));
        assert_eq!((id.len(), &id[14..15]), (36, "5"));
    }

    #[test]
    fn names_stay_in_their_folder_and_differ() {
        let mut names = Names::default();
        assert_eq!(names.name("wrk-1.example.test"), "wrk-1.example.test");
        let given: Vec<String> =
            ["WRK-1.example.test", "../../etc/passwd", "..", "", "con", "nul.txt", "a b", "a_b", "é"]
                .iter()
                .map(|text| names.name(text))
                .collect();
        let long = names.name(&"x".repeat(5_000));
        assert!(long.len() < 140, "{long}");
        let mut seen = BTreeSet::new();
        for name in given.iter().chain([&long]) {
            assert!(!name.is_empty() && !name.contains(['/', '\\', ' ']) && !name.starts_with('.'), "{name}");
            assert!(!is_device(name), "{name}");
            assert!(seen.insert(name.to_lowercase()), "{name}");
        }
        assert_eq!(names.name("twice"), "twice");
        assert_ne!(names.name("twice"), "twice");
    }
}
