//! CKL, the XML checklist of STIG Viewer 2, whoever wrote it.

use crate::intake::checklist::review::{Checklist, MAX_PROBLEMS, MAX_REVIEWS, Review, ReviewStatus, severity};
use crate::intake::ids::{bare, full_rule_id, vuln_of};
use crate::intake::xml::{Element, Next, Xml};
use crate::yaml::Problem;

/// Reads a CKL. Order and completeness of its elements do not matter.
///
/// # Errors
/// A file that is not well-formed XML, or no CKL.
pub fn read_ckl(file: &str, text: &str) -> Result<Checklist, Problem> {
    let mut xml = Xml::new(file, text);
    let mut checklist = Checklist::default();
    let mut stig_id = String::new();
    loop {
        let start = match xml.next()? {
            Next::Start(start) => start,
            Next::Eof => return Ok(checklist),
            Next::End | Next::Text(_) => continue,
        };
        if xml.depth() == 1 {
            if start.name != "CHECKLIST" {
                let message = format!("this is not a CKL file: its outermost element is `{}`", start.name);
                return Err(xml.problem(start.at, message, "a CKL begins with <CHECKLIST>"));
            }
            continue;
        }
        match start.name.as_str() {
            "ASSET" => checklist.asset = xml.tree(start)?.text_of("HOST_NAME"),
            "STIG_INFO" => stig_id = stig(&xml.tree(start)?),
            "VULN" => {
                let tree = xml.tree(start)?;
                if checklist.reviews.len() == MAX_REVIEWS {
                    return Err(xml.problem(tree.at, format!("there are more than {MAX_REVIEWS} reviews"), ""));
                }
                match review(&tree, &stig_id) {
                    Ok(review) => checklist.reviews.push(review),
                    Err((message, hint)) if checklist.problems.len() < MAX_PROBLEMS => {
                        checklist.problems.push(xml.problem(tree.at, message, hint));
                    }
                    Err(_) => {}
                }
            }
            _ => {}
        }
    }
}

fn stig(info: &Element) -> String {
    info.named("SI_DATA")
        .find(|data| data.text_of("SID_NAME") == "stigid")
        .map(|data| bare(&data.text_of("SID_DATA")).to_owned())
        .unwrap_or_default()
}

fn review(tree: &Element, stig_id: &str) -> Result<Review, (String, &'static str)> {
    let attributes = |name: &'static str| {
        tree.named("STIG_DATA")
            .filter(move |data| data.text_of("VULN_ATTRIBUTE") == name)
            .map(|data| data.text_of("ATTRIBUTE_DATA"))
            .filter(|value| !value.is_empty())
    };
    let rule_id = attributes("Rule_ID").next().map(|id| full_rule_id(&id)).unwrap_or_default();
    let vuln_id = attributes("Vuln_Num").next().or_else(|| vuln_of(&rule_id)).unwrap_or_default();
    if vuln_id.is_empty() && rule_id.is_empty() {
        return Err(("a review does not name its rule".to_owned(), "it needs Vuln_Num or Rule_ID"));
    }
    let word = tree.text_of("STATUS");
    let Some(status) = ReviewStatus::parse(&word) else {
        let word: String = word.chars().take(60).collect();
        let message = format!("`{word}` is not a checklist status ({vuln_id})");
        return Err((message, "known are NotAFinding, Open, Not_Applicable and Not_Reviewed"));
    };
    Ok(Review {
        stig_id: stig_id.to_owned(),
        vuln_id,
        rule_id,
        legacy_ids: attributes("LEGACY_ID").collect(),
        status,
        details: tree.text_of("FINDING_DETAILS"),
        comments: tree.text_of("COMMENTS"),
        severity: severity(&tree.text_of("SEVERITY_OVERRIDE")),
        justification: tree.text_of("SEVERITY_JUSTIFICATION"),
        line: tree.line,
    })
}
