//! The page in a real browser: its script runs under its own policy, and nothing else does.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::common::{require, run};
use serde_json::Value;

/// What a browser made of a page.
struct Seen {
    dom: String,
    /// Lines of its console.
    console: Vec<String>,
}

fn open(page: &Path, place: &str) -> Seen {
    let profile = tempfile::tempdir().unwrap();
    let ran = Command::new("chromium")
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            "--enable-logging=stderr",
        ])
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .arg("--dump-dom")
        .arg(format!("file://{}{place}", page.display()))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&ran.stderr).into_owned();
    let dom = String::from_utf8_lossy(&ran.stdout).into_owned();
    assert!(dom.contains("<html"), "nothing was shown: {told}");
    Seen { dom, console: told.lines().filter(|line| line.contains("CONSOLE")).map(str::to_owned).collect() }
}

/// The sample's page and assessment, with options of `demo`.
fn demo(out: &Path, more: &[&str]) -> (std::path::PathBuf, Value) {
    let given: Vec<&str> =
        ["demo", "-f", "html,json", "-o", out.to_str().unwrap()].into_iter().chain(more.iter().copied()).collect();
    let ran = run(given);
    assert_eq!(ran.code, 0, "{}", ran.err);
    (out.join("assessment.html"), serde_json::from_slice(&fs::read(out.join("assessment.json")).unwrap()).unwrap())
}

/// The parts of a text between two marks, without tags.
fn between(text: &str, from: &str, to: &str) -> Vec<String> {
    let tag = regex::Regex::new("<[^>]*>").unwrap();
    let parts = text.split(from).skip(1).filter_map(|rest| rest.split(to).next());
    parts.map(|part| tag.replace_all(part, "").into_owned()).collect()
}

/// Each rule opens with a sentence that can be pasted; the set can be read at once here.
#[test]
fn every_finding_of_the_sample() {
    let folder = tempfile::tempdir().unwrap();
    let (page, assessment) = demo(folder.path(), &[]);
    let page = fs::read_to_string(page).unwrap();
    let sentences = between(&page, "<p class=\"finding\">", "</p>");
    let rules = assessment["rules"].as_array().unwrap();
    assert_eq!(sentences.len(), rules.len());
    let told: Vec<String> =
        rules.iter().zip(&sentences).map(|(rule, said)| format!("{}: {said}", rule["id"].as_str().unwrap())).collect();
    insta::assert_snapshot!(told.join("\n"));
}

/// The groups of a rule's evidence count as many failing objects as the rule says.
#[test]
fn counts_of_groups_add_up() {
    let folder = tempfile::tempdir().unwrap();
    let (page, assessment) = demo(folder.path(), &[]);
    let page = fs::read_to_string(page).unwrap();
    let bodies: Vec<&str> = page.split("<div class=\"body\"").skip(1).collect();
    let heading = regex::Regex::new(">Fails[^<]*<span class=\"n\">([0-9,]+) object").unwrap();
    let mut seen = 0;
    for (rule, body) in assessment["rules"].as_array().unwrap().iter().zip(bodies) {
        let counted: u64 =
            heading.captures_iter(body).map(|found| found[1].replace(',', "").parse::<u64>().unwrap()).sum();
        assert_eq!(counted, rule["failed"].as_u64().unwrap(), "{}", rule["id"]);
        seen += counted;
    }
    assert!(seen > 20, "the sample has findings");
}

/// A filter is part of the address, and a mark in it that means nothing filters nothing.
#[test]
fn a_filter_stands_in_the_address() {
    if !require("chromium") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let (page, _) = demo(folder.path(), &[]);
    for (place, shown) in [
        ("#?s=open&c=I", "1 of 44"),
        ("#?q=sshd%20dropbear", "1 of 44"),
        ("#?x=%00%ff<b>", "44 of 44"),
        ("#?s=", "0 of 44"),
    ] {
        let seen = open(&page, place);
        assert_eq!(seen.console, [""; 0]);
        assert!(seen.dom.contains(&format!("{shown} rules shown")), "{place}");
    }
}

/// Each printed sheet says what it is marked as, of which system it is, and which of how many.
#[test]
fn every_printed_page_has_its_marking_and_number() {
    if !require("chromium") || !require("pdftotext") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let marking = "SECRET//\\\"}</style><script>document.title='owned'</script>";
    let (page, mut assessment) = demo(folder.path(), &[]);
    assessment["marking"] = marking.into();
    let given = folder.path().join("marked.json");
    fs::write(&given, assessment.to_string()).unwrap();
    let made =
        run(["report", given.to_str().unwrap(), "-f", "html", "-o", folder.path().join("marked").to_str().unwrap()]);
    assert_eq!(made.code, 0, "{}", made.err);
    let page = page.with_file_name("marked").join("assessment.html");
    assert_eq!(open(&page, "").console, [""; 0]);
    let pdf = folder.path().join("page.pdf");
    let printed = Command::new("chromium")
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"])
        .arg("--no-pdf-header-footer")
        .arg(format!("--user-data-dir={}", folder.path().join("profile").display()))
        .arg(format!("--print-to-pdf={}", pdf.display()))
        .arg(format!("file://{}#?s=open", page.display()))
        .output()
        .unwrap();
    assert!(printed.status.success());
    let text = Command::new("pdftotext").arg("-layout").arg(&pdf).arg("-").output().unwrap();
    let text = String::from_utf8(text.stdout).unwrap();
    let sheets: Vec<&str> = text.trim_end_matches('\u{c}').split('\u{c}').collect();
    assert!(sheets.len() > 3, "{}", sheets.len());
    for (number, sheet) in sheets.iter().enumerate() {
        assert!(sheet.matches("SECRET//\\\"}</style>").count() >= 2, "sheet {number}: {sheet}");
        assert!(sheet.contains(&format!("{} of {}", number + 1, sheets.len())), "sheet {number}: {sheet}");
        assert!(sheet.contains("k7w2liv4prjytrze4vqqshn3b,"), "sheet {number}: {sheet}");
    }
    // The filter holds on paper and says so.
    assert!(text.contains("15 of 44 rules shown"), "{text}");
    assert!(!text.contains("Web sessions must end") && text.contains("Every container engine must run"));
}

#[test]
fn the_page_works_in_a_browser_and_runs_nothing_but_its_own_script() {
    if !require("chromium") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path();
    assert_eq!(run(["demo", "-f", "html,json", "-o", out.to_str().unwrap()]).code, 0);
    let page = out.join("assessment.html");

    // The script ran: it counts the rules, and unfolds the one that the link names.
    let seen = open(&page, "#V-260930");
    assert_eq!(seen.console, [""; 0]);
    assert!(seen.dom.contains("44 of 44 rules shown"));
    let at = seen.dom.find("id=\"V-260930\"").unwrap();
    let tag = &seen.dom[seen.dom[..at].rfind("<details").unwrap()..at];
    let tag = &tag[..tag.find('>').unwrap()];
    assert!(tag.contains(" open"), "{tag}");
    assert_eq!(seen.dom.matches("<details class=\"rule").count(), 44);

    // Text of a snapshot stays text.
    let mut assessment: Value = serde_json::from_slice(&fs::read(out.join("assessment.json")).unwrap()).unwrap();
    let script = "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">";
    for rule in assessment["rules"].as_array_mut().unwrap() {
        rule["comment"] = script.into();
        for line in rule["evidence"].as_array_mut().unwrap() {
            line["subject"] = script.into();
            line["seen"] = script.into();
        }
    }
    let hostile = out.join("hostile");
    fs::create_dir(&hostile).unwrap();
    fs::write(hostile.join("a.json"), assessment.to_string()).unwrap();
    let given = hostile.join("a.json");
    let made = run(["report", given.to_str().unwrap(), "-f", "html", "-o", hostile.to_str().unwrap()]);
    assert_eq!(made.code, 0, "{}", made.err);
    let seen = open(&hostile.join("assessment.html"), "");
    assert_eq!(seen.console, [""; 0]);
    assert!(!seen.dom.contains("<title>owned") && seen.dom.contains("&lt;script&gt;"));

    // And were it not escaped, the policy would still stop it: the checks above can fail.
    let text = fs::read_to_string(&page).unwrap().replace("</body>", &format!("{script}</body>"));
    assert!(text.contains(script));
    let forged = out.join("forged.html");
    fs::write(&forged, text).unwrap();
    let seen = open(&forged, "");
    assert!(seen.console.iter().any(|line| line.contains("Content Security Policy")), "{:?}", seen.console);
    assert!(!seen.dom.contains("<title>owned"));
}
