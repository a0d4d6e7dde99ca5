//! The summary for a terminal: what an assessor looks at first, in 80 columns and without color.
//!
//! Texts of a snapshot are cut and stand on one line before they are wrapped, so that nobody can fill the screen.

use textwrap::{Options, WordSeparator, WordSplitter};

use crate::model::assessment::{Assessment, RuleResult, Status};
use crate::model::display;
use crate::model::labels;
use crate::model::severity::Cat;
use crate::report::base::{extract, text};
use crate::report::page::view;

/// Columns that the summary keeps to, unless a single word is longer.
const WIDTH: usize = 80;

/// Characters of one text from the snapshot that the summary shows.
const SHOWN: usize = 600;

/// Problems and warnings listed one by one.
const LISTED: usize = 10;

/// The summary of an assessment as plain text for 80 columns, ending in a newline: counts by status
/// and CAT, coverage, integrity, the rules that are Open (CAT I first) and those Not Reviewed with
/// the code of their reason. No color and no control character but the newline.
///
/// ```no_run
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use mke_stig::report::{parse, terminal_summary};
///
/// print!("{}", terminal_summary(&parse(&std::fs::read("assessment.json")?)?));
/// # Ok(())
/// # }
/// ```
#[must_use]
pub fn terminal_summary(assessment: &Assessment) -> String {
    let mut page = Page::default();
    let marking = extract::marking(assessment);
    if let Some(marking) = marking {
        page.wrap("", marking);
        page.blank();
    }
    heading(&mut page, assessment);
    page.blank();
    counts(&mut page, assessment);
    page.blank();
    state_of_input(&mut page, assessment);
    open(&mut page, assessment);
    not_reviewed(&mut page, assessment);
    if let Some(marking) = marking {
        page.blank();
        page.wrap("", marking);
    }
    page.text
}

fn heading(page: &mut Page, assessment: &Assessment) {
    let snapshot = &assessment.snapshot;
    let or_not = |value: &Option<String>| value.clone().unwrap_or_else(|| "not stated".to_owned());
    page.wrap("", &assessment.tool.pack.title);
    page.wrap("Cluster    ", &or_not(&snapshot.cluster_id));
    page.wrap("MKE        ", &or_not(&snapshot.mke_version));
    page.wrap("Collected  ", &or_not(&snapshot.collected_at));
}

fn counts(page: &mut Page, assessment: &Assessment) {
    let summary = &assessment.summary;
    let row = |head: &str, cells: Vec<String>| {
        let cells: String = cells.iter().map(|cell| right(cell)).collect();
        format!("{head:<16}{cells}")
    };
    let mut header: Vec<String> = Cat::ALL.iter().map(|cat| format!("CAT {cat}")).collect();
    header.push("all".to_owned());
    page.line(&row("", header));
    for status in labels::STATUSES {
        let count = |cat: &Cat| summary.by_cat.get(cat).map_or(0, |by_status| view::count(by_status, status));
        let mut cells: Vec<String> = Cat::ALL.iter().map(|cat| count(cat).to_string()).collect();
        cells.push(view::count(&summary.by_status, status).to_string());
        page.line(&row(labels::status(status), cells));
    }
}

fn right(cell: &str) -> String {
    format!("{cell:>9}")
}

fn state_of_input(page: &mut Page, assessment: &Assessment) {
    let coverage = &assessment.summary.coverage;
    page.wrap(
        "Coverage   ",
        &format!(
            "{} of {} {} delivered everything that the rules read",
            coverage.complete,
            coverage.nodes,
            labels::plural(coverage.nodes, "node", "nodes")
        ),
    );
    let integrity = &assessment.snapshot.integrity;
    page.wrap(
        "Integrity  ",
        &format!(
            "{}: {} {} verified, {} {}",
            labels::integrity_key(integrity.status),
            text::grouped(integrity.verified),
            labels::plural(integrity.verified, "member", "members"),
            integrity.problems.len(),
            labels::plural(integrity.problems.len() as u64, "problem", "problems"),
        ),
    );
    page.list("           ! ", &integrity.problems);
    if !assessment.snapshot.warnings.is_empty() {
        page.blank();
        page.line("Warnings");
        page.list("  ! ", &assessment.snapshot.warnings);
    }
}

fn open(page: &mut Page, assessment: &Assessment) {
    let rules = view::open(assessment);
    page.blank();
    page.line(&format!("Open ({})", rules.len()));
    for rule in rules {
        let (failed, checked) = (text::grouped(rule.failed), text::grouped(rule.checked));
        let counts = format!("{failed} of {checked} fail");
        page.wrap(&label(rule), &format!("{} ({counts})", rule.title));
    }
}

fn not_reviewed(page: &mut Page, assessment: &Assessment) {
    let rules = view::by_cat(assessment, Status::NotReviewed);
    page.blank();
    page.line(&format!("Not Reviewed ({})", rules.len()));
    for rule in rules {
        let code = rule.reason.as_ref().map_or("", |reason| labels::reason_key(reason.code));
        page.wrap(&format!("{}{code:<16}  ", label(rule)), &rule.title);
    }
}

/// `  CAT II   V-260930  `, so that titles begin in one column.
fn label(rule: &RuleResult) -> String {
    let id = display::one_line(display::cut(&rule.id, 16));
    format!("  CAT {:<3}  {id:<8}  ", rule.cat)
}

/// Lines of text, wrapped.
#[derive(Default)]
struct Page {
    text: String,
}

impl Page {
    fn blank(&mut self) {
        self.text.push('\n');
    }

    fn line(&mut self, line: &str) {
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }

    /// One text after a label, its further lines indented to where the first begins.
    fn wrap(&mut self, label: &str, body: &str) {
        let body = display::one_line(display::cut(body, SHOWN));
        let indent = " ".repeat(label.chars().count());
        let options = Options::new(WIDTH)
            .initial_indent(label)
            .subsequent_indent(&indent)
            .break_words(false)
            .word_separator(WordSeparator::AsciiSpace)
            .word_splitter(WordSplitter::NoHyphenation);
        for line in textwrap::wrap(&body, options) {
            self.line(&line);
        }
    }

    fn list(&mut self, label: &str, items: &[String]) {
        for item in items.iter().take(LISTED) {
            self.wrap(label, item);
        }
        if items.len() > LISTED {
            let more = format!("and {} more, in the reports", items.len() - LISTED);
            self.wrap(label, &more);
        }
    }
}
