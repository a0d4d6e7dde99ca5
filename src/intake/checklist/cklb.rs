//! CKLB, the JSON checklist of STIG Viewer 3, whoever wrote it.

use std::fmt;

use serde::Deserialize;
use serde::de::{self, Deserializer, SeqAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::intake::checklist::review::{Checklist, MAX_PROBLEMS, MAX_REVIEWS, Review, ReviewStatus, severity};
use crate::intake::ids::{bare, full_rule_id, vuln_of};
use crate::intake::text::newlines;
use crate::yaml::{Place, Problem};

#[derive(Deserialize)]
struct Root<'t> {
    #[serde(borrow, default)]
    target_data: Option<&'t RawValue>,
    #[serde(borrow)]
    stigs: List<'t>,
}

#[derive(Deserialize)]
struct Target {
    #[serde(default)]
    host_name: Option<String>,
}

#[derive(Deserialize)]
struct Stig<'t> {
    #[serde(default)]
    stig_id: Option<String>,
    #[serde(borrow)]
    rules: List<'t>,
}

#[derive(Deserialize)]
struct Rule {
    #[serde(default)]
    group_id: Option<String>,
    #[serde(default)]
    group_id_src: Option<String>,
    #[serde(default)]
    rule_id: Option<String>,
    #[serde(default)]
    rule_id_src: Option<String>,
    #[serde(default)]
    legacy_ids: Option<Vec<String>>,
    #[serde(default)]
    status: Option<String>,
    #[serde(default)]
    finding_details: Option<String>,
    #[serde(default)]
    comments: Option<String>,
    #[serde(default)]
    overrides: Option<Value>,
}

/// A list of bounded length, whose elements are read one by one later.
struct List<'t>(Vec<&'t RawValue>);

impl<'de: 't, 't> Deserialize<'de> for List<'t> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(Elements).map(List)
    }
}

struct Elements;

impl<'de> Visitor<'de> for Elements {
    type Value = Vec<&'de RawValue>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut list = Vec::new();
        while let Some(element) = seq.next_element()? {
            if list.len() == MAX_REVIEWS {
                return Err(de::Error::custom(format!("there are more than {MAX_REVIEWS} reviews")));
            }
            list.push(element);
        }
        Ok(list)
    }
}

/// Reads a CKLB. Keys that are not known do not matter, nor does `null` where a text should stand.
///
/// # Errors
/// A file that is no JSON, or no CKLB.
pub fn read_cklb(file: &str, text: &str) -> Result<Checklist, Problem> {
    let mut lines = Lines { file, text, counted: 0, line: 1 };
    let root: Root<'_> = serde_json::from_str(text).map_err(|error| lines.problem(1, &error))?;
    let mut checklist = Checklist::default();
    if let Some(Ok(target)) = root.target_data.map(|raw| serde_json::from_str::<Target>(raw.get())) {
        target.host_name.unwrap_or_default().trim().clone_into(&mut checklist.asset);
    }
    for raw in root.stigs.0 {
        let first = lines.of(raw);
        let stig: Stig<'_> = match serde_json::from_str(raw.get()) {
            Ok(stig) => stig,
            Err(error) => {
                checklist.note(lines.problem(first, &error));
                continue;
            }
        };
        let stig_id = bare(&stig.stig_id.unwrap_or_default()).to_owned();
        for raw in stig.rules.0 {
            let line = lines.of(raw);
            if checklist.reviews.len() == MAX_REVIEWS {
                return Err(lines.at(line, format!("there are more than {MAX_REVIEWS} reviews"), ""));
            }
            match serde_json::from_str::<Rule>(raw.get()) {
                Ok(rule) => match review(rule, &stig_id, line) {
                    Ok(review) => checklist.reviews.push(review),
                    Err((message, hint)) => checklist.note(lines.at(line, message, hint)),
                },
                Err(error) => checklist.note(lines.problem(line, &error)),
            }
        }
    }
    Ok(checklist)
}

impl Checklist {
    fn note(&mut self, problem: Problem) {
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(problem);
        }
    }
}

fn review(rule: Rule, stig_id: &str, line: usize) -> Result<Review, (String, &'static str)> {
    let first = |values: [Option<String>; 2]| {
        values.into_iter().flatten().map(|value| value.trim().to_owned()).find(|value| !value.is_empty())
    };
    let rule_id = first([rule.rule_id_src, rule.rule_id]).map(|id| full_rule_id(&id)).unwrap_or_default();
    let vuln_id = first([rule.group_id, rule.group_id_src]).map(|id| bare(&id).to_owned());
    let vuln_id = vuln_id.or_else(|| vuln_of(&rule_id)).unwrap_or_default();
    if vuln_id.is_empty() && rule_id.is_empty() {
        return Err(("a review does not name its rule".to_owned(), "it needs `group_id` or `rule_id_src`"));
    }
    let word = rule.status.unwrap_or_default();
    let Some(status) = ReviewStatus::parse(&word) else {
        let word: String = word.chars().take(60).collect();
        let message = format!("`{word}` is not a checklist status ({vuln_id})");
        return Err((message, "known are not_a_finding, open, not_applicable and not_reviewed"));
    };
    let overriding = |key: &str| {
        let value = rule.overrides.as_ref()?.get("severity")?.get(key)?;
        value.as_str().map(|text| text.trim().to_owned())
    };
    let text = |value: Option<String>| value.unwrap_or_default().trim().replace("\r\n", "\n");
    Ok(Review {
        stig_id: stig_id.to_owned(),
        vuln_id,
        rule_id,
        legacy_ids: rule.legacy_ids.unwrap_or_default(),
        status,
        severity: overriding("severity").and_then(|word| severity(&word)),
        justification: overriding("reason").unwrap_or_default(),
        details: text(rule.finding_details),
        comments: text(rule.comments),
        line,
    })
}

/// Lines of parts of a text, asked for in the order of the text.
struct Lines<'t> {
    file: &'t str,
    text: &'t str,
    counted: usize,
    line: usize,
}

impl Lines<'_> {
    /// The line in which a part of the text begins.
    fn of(&mut self, part: &RawValue) -> usize {
        // A raw value is a part of the text that it was read from.
        let at = (part.get().as_ptr() as usize).wrapping_sub(self.text.as_ptr() as usize);
        if let Some(between) = self.text.as_bytes().get(self.counted..at) {
            self.line += newlines(between);
            self.counted = at;
        }
        self.line
    }

    fn at(&self, line: usize, message: String, hint: &str) -> Problem {
        let place = Some(Place { line, column: 1 });
        Problem { file: self.file.to_owned(), place, message, hint: hint.to_owned() }
    }

    /// A problem of a part that begins in a line.
    fn problem(&self, line: usize, error: &serde_json::Error) -> Problem {
        let message = error.to_string();
        let message = message.split(" at line ").next().unwrap_or_default();
        let mut problem = self.at(line + error.line().max(1) - 1, format!("this is not a CKLB file: {message}"), "");
        if let Some(place) = problem.place.as_mut().filter(|_| error.line() == 1 || line == 1) {
            place.column = error.column().max(1);
        }
        problem
    }
}
