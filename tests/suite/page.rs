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
