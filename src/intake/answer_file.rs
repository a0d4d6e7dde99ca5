//! Answer files of Evaluate-STIG: what to say of a rule when it was found in some state.
//!
//! Their code is read as far as to know that it is there. It is never run, and not kept.

use crate::intake::checklist::ReviewStatus;
use crate::intake::ids::bare;
use crate::intake::xml::{Element, Next, Xml};
use crate::yaml::Problem;

/// Answers of one file.
const MAX_CHOICES: usize = 50_000;
/// Problems that are told of one file.
const MAX_PROBLEMS: usize = 50;

/// A file of answers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AnswerFile {
    /// Short name of the STIG that it is for.
    pub name: String,
    /// The answers, in the order of the file.
    pub choices: Vec<Choice>,
    /// Answers that cannot be read, each with its line.
    pub problems: Vec<Problem>,
}

/// One answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choice {
    /// The rule: `V-…` or `SV-…r…_rule`.
    pub id: String,
    /// Name of the key that it stands under, `DEFAULT` or the user's own.
    pub key: String,
    /// Its number within the key; empty in the older form.
    pub index: String,
    /// The status that it is for.
    pub expected: Option<ReviewStatus>,
    /// Hosts that it is for; empty for all.
    pub hosts: Vec<String>,
    /// Other things that it is for (instance, database, site).
    pub narrowed: Vec<&'static str>,
    /// Whether it is for one result only, named by a digest of the other tool.
    pub has_hash: bool,
    /// Whether code decides if it holds.
    pub has_code: bool,
    /// The status that it gives; none to leave it as it is.
    pub status: Option<ReviewStatus>,
    /// What it says.
    pub comment: String,
    /// Line of the file in which it begins.
    pub line: usize,
}

/// Reads an answer file, in its present form and in the older one without `Answer` elements.
///
/// # Errors
/// A file that is not well-formed XML, or no answer file.
pub fn read_answer_file(file: &str, text: &str) -> Result<AnswerFile, Problem> {
    let mut xml = Xml::new(file, text);
    let mut answers = AnswerFile::default();
    loop {
        let start = match xml.next()? {
            Next::Start(start) => start,
            Next::Eof => return Ok(answers),
            Next::End | Next::Text(_) => continue,
        };
        if xml.depth() == 1 {
            if start.name != "STIGComments" {
                let message = format!("this is not an answer file: its outermost element is `{}`", start.name);
                return Err(xml.problem(start.at, message, "an answer file begins with <STIGComments>"));
            }
            start.attribute("Name").unwrap_or_default().trim().clone_into(&mut answers.name);
            continue;
        }
        if start.name != "Vuln" {
            xml.skip()?;
            continue;
        }
        let vuln = xml.tree(start)?;
        let id = bare(vuln.attribute("ID").unwrap_or_default()).to_owned();
        if id.is_empty() {
            answers.note(|| xml.problem(vuln.at, "a `Vuln` does not name its rule", "it needs `ID`"));
            continue;
        }
        for key in vuln.named("AnswerKey") {
            let name = key.attribute("Name").unwrap_or("DEFAULT").trim();
            let newer = key.named("Answer").next().is_some();
            let elements: Vec<&Element> = if newer { key.named("Answer").collect() } else { vec![key] };
            for element in elements {
                if answers.choices.len() == MAX_CHOICES {
                    return Err(xml.problem(element.at, format!("there are more than {MAX_CHOICES} answers"), ""));
                }
                match choice(element, &id, name) {
                    Ok(choice) => answers.choices.push(choice),
                    Err((message, hint)) => answers.note(|| xml.problem(element.at, message, hint)),
                }
            }
        }
    }
}

impl AnswerFile {
    /// Keeps a problem; its place is looked for only if there is room, for that takes time.
    fn note(&mut self, problem: impl FnOnce() -> Problem) {
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(problem());
        }
    }
}

fn choice(element: &Element, id: &str, key: &str) -> Result<Choice, (String, &'static str)> {
    const WORDS: &str = "known are NF, O, NA and NR, and their long forms";
    // What is an attribute now was an element once.
    let said =
        |name: &str| element.attribute(name).map_or_else(|| element.text_of(name), |value| value.trim().to_owned());
    let status = |name: &str| {
        let word = said(name);
        if word.is_empty() {
            return Ok(None);
        }
        let known = ReviewStatus::parse(&word).map(Some);
        known.ok_or_else(|| {
            let word: String = word.chars().take(60).collect();
            (format!("`{word}` is not a status ({name} of {id})"), WORDS)
        })
    };
    let set = |name: &str| element.attribute(name).is_some_and(|value| !value.trim().is_empty());
    let hosts = element.attribute("Hostname").unwrap_or_default();
    Ok(Choice {
        id: id.to_owned(),
        key: key.to_owned(),
        index: element.attribute("Index").unwrap_or_default().trim().to_owned(),
        expected: status("ExpectedStatus")?,
        hosts: hosts.split(',').map(|host| host.trim().to_owned()).filter(|host| !host.is_empty()).collect(),
        narrowed: ["Instance", "Database", "Site"].into_iter().filter(|name| set(name)).collect(),
        has_hash: set("ResultHash"),
        has_code: !element.text_of("ValidationCode").is_empty(),
        status: status("ValidTrueStatus")?,
        comment: element.text_of("ValidTrueComment"),
        line: element.line,
    })
}
