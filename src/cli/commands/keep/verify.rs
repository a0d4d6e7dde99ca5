//! `mke-stig verify`

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use crate::archive::Budget;
use crate::cli::exit::Exit;
use crate::cli::options::limits::LimitArgs;
use crate::cli::options::sign::TrustArgs;
use crate::cli::output::Out;
use crate::cli::progress::Progress;
use crate::evidence;
use crate::evidence::signature::Trust;
use crate::evidence::{Checked, Found, Status};
use crate::model::display::escaped;
use crate::model::labels::plural;
use crate::report::base::text::grouped;

/// Problems that are printed; --json has more.
const SHOWN: usize = 50;
/// Gaps that are printed: they are no problem of the archive.
const GAPS: usize = 5;

/// Hexadecimal digits of a SHA-256.
const SHA256_DIGITS: usize = 64;

/// What digests are worth.
const WORTH: &str = "Digests show that nothing changed since the lists were written, not who wrote them. Compare the SHA-256 of \
                     an archive with\nthe one noted when it was made.\n";

/// Check snapshots, evidence folders and evidence archives against their own lists of digests.
///
/// Every file must be as the list says, every listed file must be there, and no other; archives inside are looked into.
#[derive(Debug, Args)]
#[command(after_help = "Exit codes: 0 all is whole, 1 something is not, 2 something could not be checked.")]
pub(crate) struct Verify {
    /// Snapshots with their manifest.jsonl, folders with a SHA256SUMS, evidence archives.
    #[arg(required = true, value_name = "INPUT")]
    inputs: Vec<PathBuf>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    trust: TrustArgs,
    #[command(flatten)]
    limits: LimitArgs,
}

impl Verify {
    pub(crate) fn run(&self, out: &mut Out) -> anyhow::Result<Exit> {
        let inputs: Vec<&Path> = self.inputs.iter().map(PathBuf::as_path).collect();
        let read = Arc::default();
        let progress = Progress::of(&read);
        let verified =
            evidence::verify_signed(&inputs, &Budget::shown(self.limits.archive(), read), &self.trust.trust());
        drop(progress);
        if self.json {
            out.json(&verified)?;
        } else {
            let mut text = String::new();
            for input in &verified.inputs {
                tell(input, &self.trust.trust(), &mut text);
            }
            if verified.status == Status::Whole {
                text.push_str(WORTH);
            }
            out.data(&text)?;
        }
        Ok(match verified.status {
            Status::Whole => Exit::Done,
            Status::NotWhole => Exit::Differs,
            Status::NotChecked => Exit::Trouble,
        })
    }
}

/// One line on whether an input is whole; the rest says what is not.
fn tell(input: &Checked, trust: &Trust, text: &mut String) {
    let _ = writeln!(text, "{}: {}", escaped(&input.input), verdict(input));
    for why in &input.not_checked {
        let _ = writeln!(text, "  {}", escaped(why));
    }
    found(&input.problems, ("  ", SHOWN), input.problem_count, text);
    for said in &input.signed {
        let _ = writeln!(text, "  {}", escaped(said));
    }
    let unasked = [
        ("SIGNATURE.cms", "--ca", trust.ca.is_none()),
        ("SIGNATURE.dsse.json", "--dsse-key", trust.key.is_none()),
        ("TIMESTAMP.tsr", "--tsa-ca", trust.tsa_ca.is_none()),
    ];
    for (member, option, _) in unasked
        .into_iter()
        .filter(|(member, _, unasked)| *unasked && input.signatures.iter().any(|signature| signature == member))
    {
        let _ = writeln!(text, "  {member}: not checked; {option} checks it");
    }
    if input.inside > 0 {
        let _ =
            writeln!(text, "  {} in archives inside; the digest of each archive covers its files", files(input.inside));
    }
    for (part, count) in &input.elsewhere {
        let _ = writeln!(text, "  {} {} in part {part} of the snapshot", files(*count), plural(*count, "is", "are"));
    }
    if input.gap_count > 0 {
        let items = plural(input.gap_count, "item", "items");
        let _ = writeln!(
            text,
            "  {} {items} could not be collected, as the collector itself noted:",
            grouped(input.gap_count)
        );
        found(&input.gaps, ("    ", GAPS), input.gap_count, text);
    }
    if let (Some(digest), Some(list)) = (&input.list_digest, input.lists.first()) {
        let hash = if digest.len() > SHA256_DIGITS { "SHA-384" } else { "SHA-256" };
        let _ = writeln!(text, "  {hash} of {}: {digest}", escaped(list));
    }
    if let Some(sha256) = &input.sha256 {
        let what = if input.archive { "of the archive" } else { "of the file" };
        let _ = writeln!(text, "  SHA-256 {what}: {sha256} ({} bytes)", grouped(input.bytes));
    }
}

fn files(count: u64) -> String {
    format!("{} {}", grouped(count), plural(count, "file", "files"))
}

/// Whether an input is whole, and by what.
fn verdict(input: &Checked) -> String {
    let lists = match input.lists.as_slice() {
        [list] => escaped(list).into_owned(),
        lists => format!("{} lists", lists.len()),
    };
    let agree = format!("{} {} {lists}", files(input.agree), plural(input.agree, "matches", "match"));
    let problems = format!("{} {}", grouped(input.problem_count), plural(input.problem_count, "problem", "problems"));
    match input.status {
        Status::Whole => format!("whole; {agree}, and there are no others"),
        Status::NotWhole if input.problem_count == input.problems_of_signatures && input.agree > 0 => {
            format!("SIGNATURE NOT GOOD; {problems}; {agree}, and there are no others")
        }
        Status::NotWhole if input.lists.is_empty() => format!("NOT WHOLE; {problems}"),
        Status::NotWhole => format!("NOT WHOLE; {problems}; {agree}"),
        Status::NotChecked => "NOT CHECKED".to_owned(),
    }
}

/// The first of what was found, each on a line that begins with `indent`.
pub(super) fn found(found: &[Found], (indent, shown): (&str, usize), count: u64, text: &mut String) {
    for Found { path, what, .. } in found.iter().take(shown) {
        let at = if path.is_empty() { String::new() } else { format!("{}: ", escaped(path)) };
        let _ = writeln!(text, "{indent}{at}{}", escaped(what));
    }
    let more = count.saturating_sub(shown as u64);
    if more > 0 {
        let _ = writeln!(text, "{indent}and {} more; `mke-stig verify --json` names up to 1,000", grouped(more));
    }
}
