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
use crate::evidence::{Checked, Found, Status};
use crate::model::display::escaped;
use crate::model::labels::plural;
use crate::report::base::text::grouped;

/// Problems that are printed; --json has more.
const SHOWN: usize = 50;
/// Gaps that are printed: they are no problem of the archive.
const GAPS: usize = 5;

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
                tell(input, &mut text);
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
fn tell(input: &Checked, text: &mut String) {
    let name = escaped(&input.input);
    let files = |count: u64| format!("{} {}", grouped(count), plural(count, "file", "files"));
    let lists = match input.lists.as_slice() {
        [list] => escaped(list).into_owned(),
        lists => format!("{} lists", lists.len()),
    };
    let problems = format!("{} {}", grouped(input.problem_count), plural(input.problem_count, "problem", "problems"));
    let _ = match input.status {
        Status::Whole => writeln!(text, "{name}: whole; {} as {lists} says, and no other", files(input.agree)),
        Status::NotWhole if input.lists.is_empty() => writeln!(text, "{name}: NOT WHOLE; {problems}"),
        Status::NotWhole => {
            writeln!(text, "{name}: NOT WHOLE; {problems}, {} as {lists} says", files(input.agree))
        }
        Status::NotChecked => writeln!(text, "{name}: NOT CHECKED"),
    };
    for why in &input.not_checked {
        let _ = writeln!(text, "  {why}");
    }
    found(&input.problems, SHOWN, input.problem_count, text);
    for said in &input.signed {
        let _ = writeln!(text, "  {}", escaped(said));
    }
    if !input.signatures.is_empty() && input.signed.is_empty() {
        let _ = writeln!(text, "  not checked: {}; see --ca, --dsse-key and --tsa-ca", input.signatures.join(", "));
    }
    if input.inside > 0 {
        let _ = writeln!(text, "  {} in archives inside, which the digests of these cover", files(input.inside));
    }
    for (part, count) in &input.elsewhere {
        let _ = writeln!(text, "  {} in part {part} of the snapshot", files(*count));
    }
    if input.gap_count > 0 {
        let _ = writeln!(text, "  {} not collected, by the collector's own word:", items(input.gap_count));
        found(&input.gaps, GAPS, input.gap_count, text);
    }
    if let Some(sha256) = &input.sha256 {
        let _ = writeln!(text, "  SHA-256 {sha256}, {} bytes", grouped(input.bytes));
    }
}

fn items(count: u64) -> String {
    format!("{} {}", grouped(count), plural(count, "item was", "items were"))
}

fn found(found: &[Found], shown: usize, count: u64, text: &mut String) {
    for Found { path, what, .. } in found.iter().take(shown) {
        let at = if path.is_empty() { String::new() } else { format!("{}: ", escaped(path)) };
        let _ = writeln!(text, "  {at}{}", escaped(what));
    }
    let more = count.saturating_sub(shown as u64);
    if more > 0 {
        let _ = writeln!(text, "  and {} more; --json names up to 1,000", grouped(more));
    }
}
