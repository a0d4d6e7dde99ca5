//! The digest of evidence as it stands in assessments, checklists and answers.
//!
//! It is written with its version, `v3:` and 64 hexadecimal digits, since what a digest covers may
//! change with the program. Digests of different versions cannot be compared: an answer with one of
//! another version does not hold, whatever the evidence is. The first version had no prefix and
//! covered fields that only other rules read; the second added up the values of all objects, so that two objects
//! could exchange a value and nothing had changed.

use crate::model::digest::Digest;

/// The version that this program makes.
pub(crate) const VERSION: &str = "v3";

/// What a text says of the evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// A digest that can be compared with one of this program.
    Current,
    /// A digest of an earlier version.
    Earlier,
}

/// Writes a digest of the version that this program makes.
pub(crate) fn written(digest: Digest) -> String {
    format!("{VERSION}:{digest}")
}

/// Tells the form of a text; `None` if it is no digest of evidence that this program knows.
pub(crate) fn form(text: &str) -> Option<Form> {
    let (form, digits) = match text.split_once(':') {
        None => (Form::Earlier, text),
        Some(("v2", digits)) => (Form::Earlier, digits),
        Some((VERSION, digits)) => (Form::Current, digits),
        Some(_) => return None,
    };
    digits.parse::<Digest>().ok().map(|_| form)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_told_apart() {
        let digest = Digest::of(b"abc");
        assert_eq!(form(&written(digest)), Some(Form::Current));
        assert_eq!(form(&digest.to_string()), Some(Form::Earlier));
        assert_eq!(form(&format!("v2:{digest}")), Some(Form::Earlier));
        for other in
            ["", "v3:", "v3", &format!("v4:{digest}"), &format!("{digest}0"), &format!("v3:{digest}0"), "v3:v3:"]
        {
            assert_eq!(form(other), None, "{other}");
        }
    }
}
