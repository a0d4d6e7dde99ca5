//! `verdict.md`: what was decided of a rule and how, for a reader of the evidence folder.

use std::fmt::Write as _;

use crate::model::assessment::{Assessment, RuleResult};
use crate::model::labels;
use crate::report::base::text::Part;
use crate::report::base::{extract, prose, text};
use crate::report::bundle::model::{Excerpted, OMITTED};

/// The page of a rule.
pub(crate) fn page(assessment: &Assessment, rule: &RuleResult, excerpts: &[Excerpted<'_>]) -> String {
    let marking = escaped(&prose::marking(assessment));
    let mut page = format!("**{marking}**\n\n# {} — {}\n\n", escaped(&rule.id), escaped(extract::title(rule)));
    let mut paragraph = |said: &str| {
        if !said.trim().is_empty() {
            let _ = write!(page, "{}\n\n", escaped(said));
        }
    };
    let ids = [&rule.rule_id, &rule.stig_id, &rule.srg].map(String::as_str).join(", ");
    paragraph(&format!("{ids}, CAT {}. {}", rule.cat, prose::subject(assessment)));
    for said in prose::summary(rule) {
        paragraph(&said);
    }
    for remark in prose::each_remark(assessment, rule, false) {
        for part in text::parts(&remark) {
            let (Part::Paragraph(said) | Part::Item(said)) = part;
            paragraph(&said);
        }
    }
    page.push_str("## Evidence\n\n");
    let count = text::grouped(rule.evidence.len() as u64);
    let _ =
        writeln!(page, "- `evidence.jsonl`: {count} {}", labels::plural(rule.evidence.len() as u64, "line", "lines"));
    if rule.evidence_omitted > 0 {
        let _ = writeln!(page, "- left out: {}. {OMITTED}", text::grouped(rule.evidence_omitted));
    }
    for excerpt in excerpts {
        let file = excerpt.file.rsplit('/').next().unwrap_or_default();
        let _ = writeln!(page, "- `{file}`: from {}, SHA-256 {}", escaped(excerpt.member), escaped(excerpt.sha256));
    }
    let _ = write!(page, "\n**{marking}**\n");
    page
}

fn escaped(data: &str) -> String {
    let mut out = String::new();
    text::markdown(&mut out, &text::short(data));
    out
}
