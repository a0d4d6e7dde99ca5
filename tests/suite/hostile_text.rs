//! Text of a snapshot is data in every output: no terminal obeys it, no page runs it.

use std::fs;

use crate::common::lab::Lab;
use crate::common::snapshot::Snapshot;
use crate::common::{contents, run};
use serde_json::json;

#[test]
fn text_of_a_snapshot_is_data_in_every_output() {
    let lab = Lab::new();
    let long = "A".repeat(1 << 20);
    let names = [
        "\u{1b}[2J\u{1b}]0;owned\u{7}",
        "nul\u{0}nul",
        "\u{202e}gpj.exe\u{2066}\u{200b}",
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "a | b | c",
        "one\ntwo\r\n# heading\n\n| x |",
        "[x](javascript:alert(1))",
        "`code` ``` ~~~",
        "=cmd|' /C calc'!A0",
        "{{ 7*7 }}{% raw %}",
        "\u{9b}31m\u{85}",
        "</style></script>&amp;",
        &long,
    ];
    let mut snapshot = Snapshot::sample().without_manifest();
    snapshot.change("nodes/wrk-2/docker/containers.json", |list| {
        for (number, name) in names.iter().enumerate() {
            list.as_array_mut().unwrap().push(json!({
                "Id": format!("h{number}"), "Name": format!("/{name}"), "State": { "Status": name },
                "Config": { "Image": name, "Labels": { *name: name } },
                "HostConfig": { "PidMode": "host", "Privileged": true, "NetworkMode": "host", "SecurityOpt": [name] },
            }));
        }
    });
    snapshot.change("cluster/docker/nodes.json", |nodes| {
        nodes[5]["Description"]["Hostname"] = names[0].into();
    });
    snapshot.change("cluster/kubectl/nodes.json", |nodes| {
        nodes["items"][0]["status"]["nodeInfo"]["osImage"] = names[3].into();
    });
    snapshot
        .members
        .insert(format!("cluster/kubectl/{}.json", "<b>|\u{202e}"), b"Error: \x1b[31m <script> (Forbidden)".to_vec());
    // A node's name begins a cell of the CSV.
    let containers = snapshot.members["nodes/wrk-2/docker/containers.json"].clone();
    snapshot.members.insert("nodes/=1+1/docker/containers.json".to_owned(), containers);
    let input = lab.at("hostile");
    snapshot.write(&input);
    let ran = lab.analyze(&input, &["--evidence-limit", "0"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let inspect = run(["inspect", input.to_str().unwrap()]);
    assert_eq!(inspect.code, 0);
    let read = |name: &str| fs::read_to_string(lab.out().join(name)).unwrap();
    let hidden = |c: char| {
        (c.is_control() && c != '\n')
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let page = read("assessment.html");
    for (what, text) in [
        ("stdout", &ran.out),
        ("stderr", &ran.err),
        ("inspect", &inspect.out),
        ("html", &page),
        ("md", &read("assessment.md")),
    ] {
        let found: Vec<String> = text.chars().filter(|c| hidden(*c)).map(|c| c.escape_unicode().to_string()).collect();
        assert!(found.is_empty(), "{what} holds {:?}", &found[..found.len().min(5)]);
    }
    assert_eq!(page.matches("<script").count(), page.matches("</script>").count());
    assert_eq!(page.matches("<script").count(), 1, "only the page's own");
    for tag in ["<img", "onerror=alert(1)>", "<b>|", "<script>alert"] {
        assert!(!page.contains(tag), "{tag}");
    }
    assert!(page.contains("&lt;script&gt;alert(1)"));
    assert!(!read("assessment.md").contains("\n# heading"));
    assert!(!read("assessment.md").contains("<script>"));
    assert!(page.len() < 8 << 20, "{} bytes: long texts are cut", page.len());
    assert!(ran.out.len() < 100_000);
    // JSON keeps every character, escaped.
    let json = read("assessment.json");
    assert!(!json.chars().any(|c| c.is_control() && c != '\n'));
    let again = run([
        "report",
        lab.out().join("assessment.json").to_str().unwrap(),
        "-q",
        "-o",
        lab.at("again").to_str().unwrap(),
    ]);
    assert_eq!(again.code, 0, "{}", again.err);
    assert_eq!(fs::read_to_string(lab.at("again/assessment.html")).unwrap(), page);
    every_file_is_data(&lab, hidden);
}

/// All formats: no file holds what a reader cannot see, markup that a browser would run, or a cell that a spreadsheet would calculate.
fn every_file_is_data(lab: &Lab, hidden: impl Fn(char) -> bool) {
    let (json, out) = (lab.out().join("assessment.json"), lab.at("all"));
    let ran = run(["report", json.to_str().unwrap(), "-q", "-f", "all", "--per-node", "-o", out.to_str().unwrap()]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let files = contents(&out);
    for (name, bytes) in &files {
        let text = String::from_utf8_lossy(bytes).replace("\r\n", "\n");
        assert_eq!(text.chars().find(|c| *c != '\t' && hidden(*c)), None, "{name}");
        // What is quoted in an excerpt of a member, in JSON or CSV is no markup.
        let marked_up = [".html", ".md", ".xml", ".ckl"].iter().any(|end| name.ends_with(end));
        for tag in ["<script>alert", "<img src=x", "<b>|"] {
            assert!(!marked_up || !text.contains(tag), "{name} holds {tag}");
        }
    }
    let csv: Vec<_> = files
        .iter()
        .filter(|(name, _)| std::path::Path::new(name).extension().is_some_and(|extension| extension == "csv"))
        .collect();
    assert!(!csv.is_empty());
    for (name, bytes) in csv {
        let text = String::from_utf8_lossy(bytes);
        assert!(text.contains("=1+1"), "{name} shows no cell with the formula");
        for cell in cells(&text) {
            let begins = cell.trim_start_matches(|c: char| c.is_whitespace() || ",;\"".contains(c));
            let guarded = !begins.starts_with(['=', '+', '-', '@']);
            assert!(guarded, "{name}: {cell:?}");
        }
    }
}

/// The cells of a CSV.
fn cells(text: &str) -> Vec<String> {
    let (mut cells, mut cell, mut quoted) = (Vec::new(), String::new(), false);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => cell.extend(chars.next()),
            '"' => quoted = !quoted,
            ',' | '\r' | '\n' if !quoted => cells.push(std::mem::take(&mut cell)),
            c => cell.push(c),
        }
    }
    cells.push(cell);
    cells
}

#[test]
fn hostile_paths_and_arguments_are_shown_without_their_power() {
    let lab = Lab::new();
    let name = "\u{1b}[2J\u{202e}x";
    for arguments in [
        vec!["explain", name],
        vec!["report", name],
        vec!["analyze", name],
        vec!["inspect", name],
        vec!["rules", "check", name],
        vec!["demo", "-f", name],
        vec!["analyze", "x", "--ssp", name],
        vec!["analyze", "x", "--rules", name],
    ] {
        let ran = run(&arguments);
        assert_eq!(ran.code, 2);
        assert!(!ran.err.contains('\u{1b}') && !ran.err.contains('\u{202e}'), "{arguments:?}: {:?}", ran.err);
    }
    let input = lab.put(&format!("{name}.tar"), b"not a tar");
    let ran = lab.analyze(&input, &[]);
    assert!(!ran.trouble().contains('\u{1b}'));
    // Reports about an input of such a name, and rules in files of such names.
    lab.put(&format!("{name}/nodes/w1/docker/info.json"), br#"{"Name":"w1"}"#);
    lab.put(&format!("pack{name}/{name}.yaml"), b"id: [\n");
    let ran = lab.analyze(&lab.at(name), &["--rules", lab.at(&format!("pack{name}")).to_str().unwrap()]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(!ran.out.contains('\u{1b}') && !ran.out.contains('\u{202e}'), "{:?}", ran.out);
    assert!(!ran.err.contains('\u{1b}') && !ran.err.contains('\u{202e}'), "{:?}", ran.err);
}
