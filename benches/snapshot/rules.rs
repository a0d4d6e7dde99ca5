//! A pack of a thousand rules, made from the decided rules of the STIG's pack.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use regex::{Captures, Regex};

/// Rules in all, the STIG's own among them.
pub(crate) const TOTAL: usize = 1000;

/// Writes so many rules into `out` that there are [`TOTAL`] together with those of `pack`.
///
/// Every copy has its own id and its own constants, so that no two conditions are the same one.
///
/// # Errors
/// The pack is unreadable or has no rule with checks.
pub(crate) fn write(pack: &Path, out: &Path) -> Result<usize> {
    let mut files = Vec::new();
    for entry in fs::read_dir(pack).with_context(|| format!("failed to read {}", pack.display()))? {
        files.push(entry?.path());
    }
    files.sort();
    let mut decided = Vec::new();
    let mut own = 0;
    for file in
        files.iter().filter(|file| file.file_stem().is_some_and(|stem| stem.to_string_lossy().starts_with("V-")))
    {
        let text = fs::read_to_string(file)?;
        own += 1;
        if text.lines().any(|line| line.starts_with("checks:")) {
            decided.push(text);
        }
    }
    if decided.is_empty() {
        bail!("{} holds no rule with checks", pack.display());
    }
    if out.exists() {
        fs::remove_dir_all(out)?;
    }
    fs::create_dir_all(out)?;
    let identity = fs::read_to_string(pack.join("pack.yaml"))?;
    fs::write(out.join("pack.yaml"), Regex::new(r"(?m)^id: .*$")?.replace(&identity, "id: bench-1000").as_ref())?;
    let vary = Vary::new()?;
    let extra = TOTAL.saturating_sub(own);
    for (at, text) in decided.iter().cycle().take(extra).enumerate() {
        fs::write(out.join(format!("V-{}.yaml", 900_000 + at)), vary.rule(text, at))?;
    }
    Ok(extra)
}

struct Vary {
    scalar: Regex,
    list: Regex,
    pattern: Regex,
}

impl Vary {
    fn new() -> Result<Self> {
        Ok(Self {
            scalar: Regex::new(r"\b(equals|not): ([^\s,{}\[\]][^,{}\[\]]*?)(\s*[,}]|$)")?,
            list: Regex::new(r"\b(in|not_in): \[")?,
            pattern: Regex::new(r"\b(matches|not_matches): '([^']*)'")?,
        })
    }

    /// One copy: own ids, no cases (they hold for the original constants), other constants.
    fn rule(&self, text: &str, at: usize) -> String {
        let number = 900_000 + at;
        let mut section = "";
        let mut copy = String::with_capacity(text.len());
        for line in text.lines() {
            if let Some((key, _)) = line.split_once(':')
                && !key.starts_with([' ', '#'])
            {
                section = key;
            }
            let line = match section {
                "cases" | "other_rule_ids" => continue,
                "id" => format!("id: V-{number}"),
                "stig_id" => format!("stig_id: CNTR-MK-{number}"),
                "rule_id" => format!("rule_id: SV-{number}r1_rule"),
                "checks" | "applies" if !line.trim_start().starts_with('#') => self.line(line, &format!("x{at:04}")),
                _ => line.to_owned(),
            };
            copy.push_str(&line);
            copy.push('\n');
        }
        copy
    }

    /// Adds a constant that never occurs, so that the rule means the same and is written differently.
    fn line(&self, line: &str, constant: &str) -> String {
        let line = self.list.replace_all(line, |found: &Captures<'_>| format!("{}: [{constant}, ", &found[1]));
        let line = self.scalar.replace_all(&line, |found: &Captures<'_>| {
            let operator = if &found[1] == "equals" { "in" } else { "not_in" };
            format!("{operator}: [{}, {constant}]{}", &found[2], &found[3])
        });
        // At the end, so that an expression that looks at the beginning alone still does.
        let line = self
            .pattern
            .replace_all(&line, |found: &Captures<'_>| format!("{}: '{}|^{constant}'", &found[1], &found[2]));
        if line.trim_start().starts_with("expr: ") && !line.ends_with(['"', '\'']) {
            return format!("{line} && \"{constant}\" != \"\"");
        }
        line.into_owned()
    }
}
