//! Controls of NIST SP 800-53, as rules name them and as catalogs do.

/// A control of NIST SP 800-53 in the names of OSCAL's catalogs.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Control {
    /// `ac-2.1`
    pub(crate) id: String,
    /// `ac-2.1_smt` or `ac-8_smt.a`
    pub(crate) statement: String,
    /// `AC-2 (1)`
    pub(crate) name: String,
}

impl Control {
    /// Reads `AC-2`, `AC-2 (1)`, `AC-8 a`, `IA-5 (1) (c)`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut tokens = text.split_whitespace();
        let (family, number) = tokens.next()?.split_once('-')?;
        let is_number = |text: &str| (1..=3).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        if family.len() != 2 || !family.bytes().all(|byte| byte.is_ascii_alphabetic()) || !is_number(number) {
            return None;
        }
        let mut id = format!("{}-{number}", family.to_ascii_lowercase());
        let mut parts = String::new();
        for token in tokens {
            let bare = token.strip_prefix('(').and_then(|token| token.strip_suffix(')')).unwrap_or(token);
            let bare = bare.strip_suffix('.').unwrap_or(bare);
            if is_number(bare) && token.starts_with('(') && parts.is_empty() && !id.contains('.') {
                id.push('.');
                id.push_str(bare);
            } else if is_number(bare) || (bare.len() == 1 && bare.bytes().all(|byte| byte.is_ascii_alphabetic())) {
                parts.push('.');
                parts.push_str(&bare.to_ascii_lowercase());
            } else {
                return None;
            }
        }
        let statement = format!("{id}_smt{parts}");
        let name = text.split_whitespace().collect::<Vec<_>>().join(" ");
        Some(Self { id, statement, name })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn controls_are_named_as_in_catalogs() {
        for (text, id, statement) in [
            ("SC-10", "sc-10", "sc-10_smt"),
            ("AC-2 (1)", "ac-2.1", "ac-2.1_smt"),
            ("AC-8 a", "ac-8", "ac-8_smt.a"),
            ("CM-7 (5) (b)", "cm-7.5", "cm-7.5_smt.b"),
            ("AC-1 a 1", "ac-1", "ac-1_smt.a.1"),
        ] {
            let control = Control::parse(text).unwrap();
            assert_eq!((control.id.as_str(), control.statement.as_str()), (id, statement));
        }
        for text in ["", "AC", "AC-", "AC-x", "A-1", "AC-2 (x y)", "AC-2 <b>", "ÄC-2", "AC-2222", "AC-2 \u{202e}"] {
            assert_eq!(Control::parse(text), None, "{text}");
        }
    }
}
