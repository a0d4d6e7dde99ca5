//! Characters that a reader cannot see, or that change what is around them: no report, message or document holds one as
//! it is. The set is told here by Unicode's properties, not by the program's own table.

use std::fs;
use std::sync::LazyLock;

use mke_stig::model::assessment::Assessment;
use mke_stig::report::{Choices, File, Format, parse, render, terminal_summary};
use proptest::prelude::*;
use regex::Regex;

use crate::common::lab::Lab;
use crate::common::run;
use crate::interchange::every::filled;
use crate::sample::count;

/// All that is hidden: by property, and three characters that are drawn as nothing or stand for something else.
static HIDDEN: LazyLock<Regex> = LazyLock::new(|| {
    let class = r"[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]";
    Regex::new(&format!(r"{class}|\x{{2800}}|\x{{1d159}}|\x{{fffc}}")).unwrap()
});

fn is_hidden(c: char) -> bool {
    HIDDEN.is_match(c.encode_utf8(&mut [0; 4]))
}

/// The first hidden character of a text that does not belong to its format.
fn first_raw(path: &str, text: &str) -> Option<char> {
    let table = std::path::Path::new(path).extension().is_some_and(|extension| extension == "csv");
    let text = if table { text.strip_prefix('\u{feff}').unwrap().replace("\r\n", "\n") } else { text.to_owned() };
    text.chars().find(|c| !matches!(c, '\n' | '\t') && is_hidden(*c))
}

/// A few rules of each status with this text in all fields.
fn few(text: &str) -> Assessment {
    let mut assessment = filled(text);
    assessment.rules.truncate(5);
    assessment.snapshot.nodes.truncate(2);
    count(&mut assessment);
    assessment.summary.coverage.complete = 0;
    assessment
}

fn files(assessment: &Assessment) -> Vec<File> {
    let choices = Choices { per_node: true, ..Choices::default() };
    let mut files: Vec<File> =
        Format::all().iter().flat_map(|format| render(assessment, *format, &choices).unwrap()).collect();
    files.push(File { path: "terminal".to_owned(), text: terminal_summary(assessment) });
    files
}

fn walk(text: &str) {
    let assessment = few(text);
    for file in files(&assessment) {
        let raw = first_raw(&file.path, &file.text);
        assert!(raw.is_none(), "{raw:?} of {text:?} stands in {}", file.path);
        if file.path == "assessment.json" && !text.trim().is_empty() {
            assert_eq!(parse(file.text.as_bytes()).unwrap(), assessment, "a value is what it was");
        }
    }
}

#[test]
fn no_format_holds_a_hidden_character() {
    let bytes = (0..=u8::MAX).map(char::from);
    let all: Vec<char> = bytes.chain(('\0'..=char::MAX).filter(|c| is_hidden(*c))).collect();
    assert!(all.len() > 4_500, "{}", all.len());
    // Short texts, since names are cut.
    for part in all.chunks(80) {
        walk(&format!("x{}", part.iter().collect::<String>()));
    }
}

#[test]
fn bytes_that_are_no_text_are_no_commands_either() {
    for byte in 0..=u8::MAX {
        let text = String::from_utf8_lossy(&[b'x', byte, b'y']).into_owned();
        let summary = terminal_summary(&few(&text));
        assert_eq!(first_raw("terminal", &summary), None, "{byte:#x}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
    #[test]
    fn no_mixture_is_shown(text in "x([\\x00-\u{ff}]|[\u{2000}-\u{206f}]|[\u{fe00}-\u{ffff}]|[\u{e0000}-\u{e01ff}]|\\PC){1,60}") {
        walk(&text);
    }
}

#[test]
fn no_message_holds_a_hidden_character() {
    let lab = Lab::new();
    let text = "\u{1b}[2J\u{9b}1m\u{7f}\u{202e}\u{200b}\u{ad}\u{e0041}\u{fe0f}\u{2028}\t\r";
    let name = text.replace(['\t', '\r'], "");
    let file = |content: &str| lab.put(&name, content.as_bytes()).to_str().unwrap().to_owned();
    let info = serde_json::json!({ "Name": text, "ServerVersion": text, "OperatingSystem": text }).to_string();
    lab.put(&format!("in{name}/nodes/w{name}/docker/info.json"), info.as_bytes());
    lab.put(&format!("in{name}/{name}.json"), info.as_bytes());
    let input = lab.at(&format!("in{name}"));
    let input = input.to_str().unwrap();
    let answers = file(&format!("version: 1\nanswers:\n  - rule: \"V-1\\u202e\"\n    status: opn{name}\n"));
    let rules = lab.put(&format!("pack/{name}.yaml"), format!("id: V-1\ntitle: a{name}\nsevrity: {name}\n").as_bytes());
    let rules = rules.parent().unwrap().to_str().unwrap().to_owned();
    for arguments in [
        vec![name.as_str()],
        vec!["explain", &name],
        vec!["report", &name],
        vec!["report", &answers],
        vec!["inspect", input],
        vec!["inspect", input, "--json"],
        vec!["inspect", "-v", input],
        vec!["answers", "draft", input],
        vec!["answers", "check", &answers],
        vec!["answers", "import", &answers],
        vec!["ssp", "draft", input, "--day", "2026-11-20"],
        vec!["ssp", "check", &answers],
        vec!["rules", "list", "--rules", &rules],
        vec!["rules", "list", "--json", "--rules", &rules],
        vec!["rules", "check", &rules],
        vec!["analyze", input, "--rules", &rules, "-o", lab.out().to_str().unwrap()],
    ] {
        let ran = run(&arguments);
        for (what, said) in [("stdout", &ran.out), ("stderr", &ran.err)] {
            assert_eq!(first_raw(what, said), None, "{what} of {arguments:?}: {said:?}");
        }
        assert!(!ran.out.is_empty() || !ran.err.is_empty(), "{arguments:?}");
    }
    assert!(fs::read_dir(lab.out()).unwrap().count() > 0);
}
