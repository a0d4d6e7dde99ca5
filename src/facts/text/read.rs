//! Reads a text by its form.

use crate::facts::certificate;
use crate::facts::certificate::Anchors;
use crate::facts::text::error::TextError;
use crate::facts::text::fact::TextFact;
use crate::facts::text::{audit, audit_rules, file_mode, group, processes, selinux};
use crate::layout::TextForm;

/// Reads the facts of a text and shows them in their order. What is not text is read as far as it
/// is: a program's output may hold any byte.
///
/// # Errors
/// Why the text is not what it should be; the facts shown before are good.
pub(crate) fn read(
    form: TextForm,
    text: &[u8],
    anchors: &Anchors,
    show: &mut dyn FnMut(TextFact),
) -> Result<(), TextError> {
    let text = String::from_utf8_lossy(text);
    match form {
        TextForm::FileMode => file_mode::read(&text).map(|value| show(TextFact { value, line: 0 })),
        TextForm::AuditRules => audit_rules::read(&text).map(|value| show(TextFact { value, line: 0 })),
        TextForm::Selinux => selinux::read(&text).map(|value| show(TextFact { value, line: 0 })),
        TextForm::Group => group::read(&text).map(show),
        TextForm::Audit => audit::read(&text, show),
        TextForm::Processes => processes::read(&text, show),
        TextForm::Certificates => {
            Ok(certificate::read(&text, anchors, &mut |line, value| show(TextFact { value, line }))?)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn forms() -> impl Strategy<Value = TextForm> {
        prop::sample::select(vec![
            TextForm::FileMode,
            TextForm::Group,
            TextForm::Audit,
            TextForm::AuditRules,
            TextForm::Processes,
            TextForm::Selinux,
            TextForm::Certificates,
        ])
    }

    proptest! {
        #[test]
        fn any_bytes_end(form in forms(), bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            let _ = read(form, &bytes, &Anchors::default(), &mut |_| {});
        }

        #[test]
        fn words_of_the_forms_end(form in forms(), words in prop::collection::vec(prop::sample::select(vec![
            "== ", "abc", "\n", "  ", "PID", "CMD", "COMMAND", "USER", "1", "sshd", "docker", "exec", "-u", "--user=", "a0=", "a1[0]=",
            "type=EXECVE ", "type=PROCTITLE ", "msg=audit(1.2:3): ", "proctitle=", "646F", "\"", "argc=9", "root:docker", "660", "srw-rw----+",
            "-----BEGIN CERTIFICATE-----\n", "MIIB", "-----END CERTIFICATE-----\n", ":", ",", "-w ", "-k ", "-F key=", "é", "\u{0}",
        ]), 0..40)) {
            let _ = read(form, words.concat().as_bytes(), &Anchors::default(), &mut |_| {});
        }
    }
}
