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
        TextForm::FileMode(paths) => file_mode::read(&text, paths).map(|value| show(TextFact { value, line: 0 })),
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
            TextForm::FileMode(&["/x"]),
            TextForm::Group,
            TextForm::Audit,
            TextForm::AuditRules,
            TextForm::Processes,
            TextForm::Selinux,
            TextForm::Certificates,
        ])
    }

    /// How many facts are in a text; there are never more than lines.
    fn facts(form: TextForm, text: &[u8]) -> usize {
        let mut shown = 0;
        let _ = read(form, text, &Anchors::default(), &mut |_| shown += 1);
        shown
    }

    fn lines(text: &[u8]) -> usize {
        text.split(|byte| *byte == b'\n').count()
    }

    proptest! {
        #[test]
        fn any_bytes_have_fewer_facts_than_lines(form in forms(), bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            prop_assert!(facts(form, &bytes) <= lines(&bytes));
        }

        #[test]
        fn words_of_the_forms_have_fewer_facts_than_lines(form in forms(), words in prop::collection::vec(prop_oneof![
            prop::sample::select(WORDS).prop_map(|word| word.as_bytes().to_vec()),
            any::<u8>().prop_map(|byte| vec![byte]),
        ], 0..60)) {
            let text = words.concat();
            prop_assert!(facts(form, &text) <= lines(&text));
        }
    }

    /// Words that mean something to one of the forms.
    const WORDS: &[&str] = &[
        "== ",
        "abc",
        "\n",
        "  ",
        "PID",
        "CMD",
        "COMMAND",
        "USER",
        "1",
        "sshd",
        "docker",
        "exec",
        "-u",
        "--user=",
        "a0=",
        "a1[0]=",
        "type=EXECVE ",
        "type=PROCTITLE ",
        "msg=audit(1.2:3): ",
        "proctitle=",
        "646F",
        "\"",
        "argc=9",
        "root:docker",
        "660",
        "srw-rw----+",
        "-----BEGIN CERTIFICATE-----\n",
        "MIIB",
        "-----END CERTIFICATE-----\n",
        ":",
        ",",
        "-w ",
        "-k ",
        "-F key=",
        "é",
        "\u{0}",
        "SELinux status: enabled\n",
    ];
}
