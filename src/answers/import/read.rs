//! Reads a file of answers, whichever of the known forms it has.

use crate::answers::import::imported::Imported;
use crate::answers::import::rules::Rules;
use crate::answers::import::{answer_file, checklist};
use crate::intake;
use crate::rules::Pack;
use crate::yaml::Problem;

/// Reads a CKL, a CKLB or an answer file of Evaluate-STIG, told apart by content.
///
/// `key` names the answer key that goes before `DEFAULT` in an answer file.
///
/// # Errors
/// A file that is none of them.
pub fn import(file: &str, bytes: Vec<u8>, packs: &[Pack], key: Option<&str>) -> Result<Imported, Problem> {
    let text = intake::decode(file, bytes)?;
    let rules = Rules::of(packs);
    let problem =
        |message: String, hint: &str| Problem { file: file.to_owned(), place: None, message, hint: hint.to_owned() };
    let mut imported = if text.trim_start().starts_with('{') {
        checklist::import(&intake::read_cklb(file, &text)?, "CKLB", file, &rules)
    } else {
        match intake::root_name(file, &text)?.as_str() {
            "CHECKLIST" => checklist::import(&intake::read_ckl(file, &text)?, "CKL", file, &rules),
            "STIGComments" => answer_file::import(&intake::read_answer_file(file, &text)?, file, &rules, key),
            other => {
                let other: String = other.chars().take(60).collect();
                let hint = "known are CKL, CKLB and answer files of Evaluate-STIG";
                return Err(problem(
                    format!("this is not a file with answers: its outermost element is `{other}`"),
                    hint,
                ));
            }
        }
    };
    file.clone_into(&mut imported.file);
    if imported.entries.is_empty() && imported.not_reviewed.is_empty() && imported.by_evidence.is_empty() {
        let told: String = imported.problems.iter().take(5).map(|problem| format!("\n  {}", problem.line())).collect();
        return Err(problem(format!("it has no entry for a known rule{told}"), ""));
    }
    imported.entries.sort_by(|a, b| (&a.rule, &a.node, &a.subject).cmp(&(&b.rule, &b.node, &b.subject)));
    Ok(imported)
}
