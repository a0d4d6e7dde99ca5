//! `assessment.csv`: a row for each rule, as RFC 4180 has it.
//!
//! Spreadsheets calculate what begins like a formula, also behind separators that a local setting brings, so each such
//! place in a cell gets an apostrophe. A cell takes 32,767 UTF-16 units; a longer one is cut with a note.

use crate::model::assessment::{Assessment, RuleResult};
use crate::model::display;
use crate::model::labels;
use crate::report::base::outcome::Outcome;
use crate::report::base::prose::Form;
use crate::report::base::types::File;
use crate::report::base::{extract, prose, text};

/// UTF-16 units that a cell of a spreadsheet takes.
const CELL: usize = 32_767;
/// UTF-16 units of details, so that what is said after the evidence fits as well.
pub(crate) const DETAILS: usize = 30_000;

const COLUMNS: [&str; 26] = [
    "Vuln ID",
    "Rule ID",
    "STIG ID",
    "SRG",
    "Severity",
    "CAT",
    "Status",
    "Result",
    "Reason",
    "Title",
    "Finding details",
    "Comments",
    "Fix",
    "Decided by",
    "Checked",
    "Failed",
    "Evidence lines left out",
    "Severity override",
    "Risk acceptance",
    "CCIs",
    "Controls",
    "Asset",
    "Nodes",
    "Benchmark",
    "Evidence digest",
    "Marking",
];

/// The assessment as CSV.
pub(crate) fn render(assessment: &Assessment) -> File {
    let rows = assessment.rules.iter().map(|rule| row(assessment, rule));
    File { path: "assessment.csv".to_owned(), text: table(&COLUMNS, rows) }
}

fn row(assessment: &Assessment, rule: &RuleResult) -> [String; COLUMNS.len()] {
    let nodes: Vec<String> = extract::nodes(rule).into_iter().map(text::short).collect();
    [
        rule.id.clone(),
        rule.rule_id.clone(),
        rule.stig_id.clone(),
        rule.srg.clone(),
        rule.severity.to_string(),
        rule.cat.to_string(),
        labels::status(rule.status).to_owned(),
        Outcome::of(rule).xccdf().to_owned(),
        rule.reason.as_ref().map_or_else(String::new, |reason| labels::reason_key(reason.code).to_owned()),
        extract::title(rule).to_owned(),
        prose::details(rule, Form::within(DETAILS)),
        prose::remarks(assessment, rule, Form::within(DETAILS)),
        extract::fix(rule).to_owned(),
        labels::decided_by(rule.decided_by).to_owned(),
        rule.checked.to_string(),
        rule.failed.to_string(),
        rule.evidence_omitted.to_string(),
        prose::override_text(rule).unwrap_or_default(),
        rule.risk_acceptance.clone().unwrap_or_default(),
        rule.ccis.join("\n"),
        rule.controls.join("\n"),
        assessment.asset.name.clone(),
        nodes.join("\n"),
        prose::benchmark(assessment),
        rule.evidence_digest.clone(),
        prose::marking(assessment),
    ]
}

/// A table as RFC 4180 has it, with the byte order mark by which spreadsheets know UTF-8.
pub(crate) fn table<const N: usize>(columns: &[&str; N], rows: impl Iterator<Item = [String; N]>) -> String {
    let mut out = String::from('\u{feff}');
    line(&mut out, columns.iter().copied());
    for row in rows {
        line(&mut out, row.iter().map(String::as_str));
    }
    out
}

fn line<'a>(out: &mut String, cells: impl Iterator<Item = &'a str>) {
    for (index, data) in cells.enumerate() {
        if index > 0 {
            out.push(',');
        }
        let cell = cell(data);
        if cell.contains([',', '"', '\n', '\t', ';', '\'', ' ']) {
            out.push('"');
            out.push_str(&cell.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(&cell);
        }
    }
    out.push_str("\r\n");
}

/// A text as a cell: hidden characters written out, no formula, no longer than a cell can be.
fn cell(data: &str) -> String {
    // Nothing beyond is shown, so nothing beyond is looked at.
    let visible = display::visible(display::cut(data, CELL + 1));
    let mut cell = String::with_capacity(visible.len() + 8);
    // What a spreadsheet would calculate is only text behind an apostrophe. A line in a cell and
    // what follows a semicolon or tab begin a cell where a program takes other separators.
    let mut begins = true;
    for c in visible.chars() {
        if begins && is_formula(c) {
            cell.push('\'');
        }
        begins = matches!(c, '\n' | ';' | '\t') || (begins && matches!(c, ' ' | '"'));
        cell.push(c);
    }
    if cell.starts_with(['\t', '\n']) {
        cell.insert(0, '\'');
    }
    limit(cell)
}

/// Characters, narrow or wide, that make a formula of a cell.
fn is_formula(c: char) -> bool {
    matches!(c, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠')
}

fn limit(cell: String) -> String {
    const NOTE: &str = " … (cut; assessment.json has it all)";
    if cell.encode_utf16().count() <= CELL {
        return cell;
    }
    let mut left = CELL - NOTE.encode_utf16().count();
    let end = cell.char_indices().find_map(|(at, c)| match left.checked_sub(c.len_utf16()) {
        Some(rest) => {
            left = rest;
            None
        }
        None => Some(at),
    });
    format!("{}{NOTE}", &cell[..end.unwrap_or(cell.len())])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        for (data, wanted) in [
            ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t'=1"),
            ("\r=1", r"\r=1"),
            ("\n=1", "'\n'=1"),
            (" =1", " '=1"),
            ("＝1", "'＝1"),
            ("a;=1", "a;'=1"),
            ("a;\"=1", "a;\"'=1"),
            ("a=1-2", "a=1-2"),
            ("", ""),
        ] {
            assert_eq!(cell(data), wanted, "{data:?}");
        }
    }

    #[test]
    fn quotes_are_doubled_and_rows_end_as_rfc_4180_says() {
        let text = table(&["a", "b"], [["x\"y".to_owned(), "1,2\n3".to_owned()]].into_iter());
        assert_eq!(text, "\u{feff}a,b\r\n\"x\"\"y\",\"1,2\n3\"\r\n");
    }

    #[test]
    fn cells_are_cut_by_utf_16_units() {
        let long = cell(&"😀".repeat(CELL));
        let units = long.encode_utf16().count();
        assert!(units == CELL || units == CELL - 1, "{units}");
        assert!(long.ends_with("assessment.json has it all)"));
        let exact = "x".repeat(CELL);
        assert_eq!(cell(&exact), exact);
    }
}
