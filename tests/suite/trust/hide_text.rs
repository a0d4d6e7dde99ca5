//! Hiding a violation in a file that is no JSON: configuration, and what programs print for people.

use super::case::{Case, Hide};

fn toml(case: &Case) -> Option<String> {
    case.spot.path.ends_with("config.toml").then(|| case.text())
}

/// Where tables begin.
fn tables(text: &str) -> Vec<usize> {
    let mut at = 0;
    let mut found = Vec::new();
    for line in text.split_inclusive('\n') {
        if line.trim_start().starts_with('[') {
            found.push(at);
        }
        at += line.len();
    }
    found
}

/// Where the two texts, the clean one and the one that breaks the rule, begin to differ is not known
/// here; a table is tried by its number in the file instead.
fn cut_at_table(case: &mut Case, share: usize) -> Option<()> {
    let text = toml(case)?;
    let tables = tables(&text);
    let at = *tables.get(tables.len() * share / 10)?;
    case.set(&text.as_bytes()[..at]);
    Some(())
}

fn first_tables(case: &mut Case, number: usize) -> Option<()> {
    let text = toml(case)?;
    let at = *tables(&text).get(number)?;
    case.set(&text.as_bytes()[..at]);
    Some(())
}

fn comments(case: &mut Case) -> Option<()> {
    let text = toml(case)?;
    case.set(text.lines().map(|line| format!("# {line}\n")).collect::<String>());
    Some(())
}

/// Each table is there, and nothing in any.
fn headers(case: &mut Case) -> Option<()> {
    let text = toml(case)?;
    let lines: Vec<&str> =
        text.lines().filter(|line| line.trim_start().starts_with('[') && line.trim_end().ends_with(']')).collect();
    case.set(lines.join("\n") + "\n");
    Some(())
}

fn without_table(case: &mut Case, name: &str) -> Option<()> {
    let text = toml(case)?;
    let mut kept = String::new();
    let mut skip = false;
    let mut found = false;
    for line in text.lines() {
        if line.trim_start().starts_with('[') {
            skip = line.trim() == name;
            found |= skip;
        }
        if !skip {
            kept += &format!("{line}\n");
        }
    }
    found.then(|| case.set(kept))
}

fn redacted(case: &mut Case) -> Option<()> {
    let text = toml(case)?;
    let line = |line: &str| match line.split_once(" = ") {
        Some((key, _)) => format!("{key} = \"(redacted)\"\n"),
        None => format!("{line}\n"),
    };
    case.set(text.lines().map(line).collect::<String>());
    Some(())
}

/// What another program's configuration looks like.
fn other_program(case: &mut Case) -> Option<()> {
    toml(case)?;
    case.set("[log]\nlevel = \"info\"\n[server]\nport = 443\n[auth]\nbackend = \"ldap\"\n");
    Some(())
}

fn host(case: &Case) -> Option<String> {
    let text = case.spot.path.contains("/host/") || case.spot.path.ends_with("processes.txt");
    text.then(|| case.text())
}

fn replaced(case: &mut Case, with: &str) -> Option<()> {
    host(case)?;
    case.set(with);
    Some(())
}

/// The first lines of the text, as a copy that broke off has them.
fn first_lines(case: &mut Case) -> Option<()> {
    let text = host(case)?;
    let lines: Vec<&str> = text.lines().collect();
    // The text of a socket or a group is one line, and its first half is no text of its kind.
    let half = if lines.len() > 2 {
        lines[..lines.len() / 2].join("\n") + "\n"
    } else {
        text[..text.trim_end().len() / 2].to_owned()
    };
    // A log that is read from its beginning is whole wherever it ends.
    (!case.spot.path.ends_with("audit-docker.txt")).then(|| case.set(half))
}

fn wide(case: &mut Case) -> Option<()> {
    let text = host(case)?;
    let wide: Vec<u8> = [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    case.set(wide);
    Some(())
}

fn nul_bytes(case: &mut Case) -> Option<()> {
    let text = host(case)?;
    let at = text.len() / 2;
    let at = (0..=at).rev().find(|at| text.is_char_boundary(*at))?;
    let zeros = "\0".repeat(text.len() - at);
    case.set(format!("{}{zeros}", &text[..at]));
    Some(())
}

/// A socket elsewhere, as `stat` prints it for another path.
fn other_socket(case: &mut Case) -> Option<()> {
    case.spot.path.ends_with("docker-socket.txt").then(|| case.set("root:docker 660 /tmp/other.sock\n"))
}

fn other_group(case: &mut Case) -> Option<()> {
    case.spot.path.ends_with("docker-group.txt").then(|| case.set("wheel:x:10:\n"))
}

/// Ways that change the text.
#[rustfmt::skip]
pub(crate) const TEXTS: &[Hide] = &[
    Hide { name: "the configuration has its first table only", kind: 4, apply: |case| first_tables(case, 1) },
    Hide { name: "the configuration has its first two tables only", kind: 4, apply: |case| first_tables(case, 2) },
    Hide { name: "the configuration is cut at a table early", kind: 4, apply: |case| cut_at_table(case, 3) },
    Hide { name: "the configuration is cut at a table in the middle", kind: 4, apply: |case| cut_at_table(case, 5) },
    Hide { name: "the configuration is cut at a table late", kind: 4, apply: |case| cut_at_table(case, 8) },
    Hide { name: "the configuration is cut at its last table", kind: 4, apply: |case| { let last = tables(&toml(case)?).len() - 1; first_tables(case, last) } },
    Hide { name: "the configuration has comments only", kind: 4, apply: comments },
    Hide { name: "the configuration has the heads of its tables only", kind: 4, apply: headers },
    Hide { name: "the configuration lacks the table of sessions", kind: 4, apply: |case| without_table(case, "[auth.sessions]") },
    Hide { name: "the configuration lacks the table of scheduling", kind: 4, apply: |case| without_table(case, "[scheduling_configuration]") },
    Hide { name: "the configuration lacks the table of the cluster", kind: 4, apply: |case| without_table(case, "[cluster_config]") },
    Hide { name: "the configuration lacks the table of logs", kind: 4, apply: |case| without_table(case, "[log_configuration]") },
    Hide { name: "the configuration lacks the table of audit logs", kind: 4, apply: |case| without_table(case, "[audit_log_configuration]") },
    Hide { name: "every value of the configuration is redacted", kind: 4, apply: redacted },
    Hide { name: "the configuration is another program's", kind: 4, apply: other_program },
    Hide { name: "the text is blank", kind: 4, apply: |case| replaced(case, "\n") },
    Hide { name: "the text is an error message", kind: 4, apply: |case| replaced(case, "stat: cannot statx '/var/run/docker.sock': Permission denied\n") },
    Hide { name: "the text is a remark", kind: 4, apply: |case| replaced(case, "# nothing to see\n") },
    Hide { name: "the text has its first lines only", kind: 4, apply: first_lines },
    Hide { name: "the text is UTF-16", kind: 6, apply: wide },
    Hide { name: "the second half of the text is NUL bytes", kind: 7, apply: nul_bytes },
    Hide { name: "the text is about another socket", kind: 4, apply: other_socket },
    Hide { name: "the text is about another group", kind: 4, apply: other_group },
];
