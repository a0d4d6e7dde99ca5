//! The program as a user meets it: subcommands, exit codes, what goes where, and the same bytes for
//! the same input.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use crate::common::archives::{gz, tar, zip, zst};
use crate::common::snapshot::{Snapshot, write_files};
use crate::common::{contents, names_in, program, require, run, sample_folder};
use serde_json::Value;

const REPORTS: [&str; 4] = ["assessment.html", "assessment.json", "assessment.md", "assessment.schema.json"];

fn words<'a>(parts: &[&'a str]) -> Vec<&'a str> {
    parts.to_vec()
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn analyze(input: &Path, out: &Path, more: &[&str]) -> crate::common::Ran {
    let mut arguments = vec!["analyze", text(input), "-o", text(out)];
    arguments.extend(more);
    run(arguments)
}

#[test]
fn written_down() {
    trycmd::TestCases::new().case("tests/cmd/*.trycmd").run();
}

#[test]
fn only_a_terminal_is_told_how_far_reading_is() {
    if !require("script") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let sample = sample_folder();
    let line = format!("'{}' analyze '{}' -o '{}'", env!("CARGO_BIN_EXE_mke-stig"), text(&sample), text(&out));
    let on_terminal = |line: &str| {
        let ran = std::process::Command::new("script").args(["-qec", line, "/dev/null"]).stdin(Stdio::null()).output();
        String::from_utf8_lossy(&ran.unwrap().stdout).into_owned()
    };
    let seen = on_terminal(&line);
    assert!(seen.contains("reading: ") && seen.contains("\r\u{1b}[K"), "{seen}");
    assert!(!on_terminal(&format!("{line} --quiet")).contains("reading: "));
    assert_eq!(analyze(&sample, &out, &[]).err, "");
}

#[test]
fn threads_are_bounded() {
    for number in ["0", "257", "20000", "99999999999999999999", "x"] {
        let ran = run(["inspect", "testdata/sample", "-j", number]);
        assert!(ran.code == 2 && ran.err.contains("a number from 1 to 256"), "{number}: {ran:?}");
    }
}

#[test]
fn demo_writes_reports_and_says_where() {
    let folder = tempfile::tempdir().unwrap();
    let ran = run(["demo", "-o", text(folder.path())]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert_eq!(names_in(folder.path()), REPORTS);
    for name in REPORTS {
        assert!(ran.out.contains(name), "{}", ran.out);
    }
    assert!(!ran.out.contains('\u{1b}'));
    let json: Value = serde_json::from_slice(&fs::read(folder.path().join("assessment.json")).unwrap()).unwrap();
    assert_eq!(json["rules"].as_array().unwrap().len(), crate::common::ROWS);
    assert_eq!(json["schema"], "mke-stig.assessment/1");
}

#[test]
fn demo_goes_to_a_folder_of_its_own_by_default() {
    let folder = tempfile::tempdir().unwrap();
    let output = program().arg("demo").current_dir(folder.path()).output().unwrap();
    assert!(output.status.success());
    assert_eq!(names_in(folder.path()), ["mke-stig-report"]);
    assert_eq!(names_in(&folder.path().join("mke-stig-report")), REPORTS);
}

#[test]
fn the_demo_is_the_sample() {
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (folder.path().join("one"), folder.path().join("two"));
    assert_eq!(run(["demo", "-o", text(&one)]).code, 0);
    assert_eq!(analyze(&sample_folder(), &two, &[]).code, 0);
    assert_eq!(contents(&one), contents(&two));
}

#[test]
fn only_the_formats_that_are_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    for (formats, wanted) in [
        ("md", &["assessment.md"][..]),
        ("json", &["assessment.json", "assessment.schema.json"]),
        ("html,md", &["assessment.html", "assessment.md"]),
        ("cklb,xccdf,ckl", &["assessment.ckl", "assessment.cklb", "assessment.xccdf.xml"]),
        ("html,md,json,md", &REPORTS),
    ] {
        let out = folder.path().join(formats);
        assert_eq!(run(["demo", "-f", formats, "-o", text(&out)]).code, 0);
        assert_eq!(names_in(&out), wanted, "{formats}");
    }
    let (all, twice) = (folder.path().join("all"), folder.path().join("twice"));
    assert_eq!(run(["demo", "-f", "all", "-o", text(&all)]).code, 0);
    assert_eq!(run(["demo", "-f", "all,md,all", "-o", text(&twice)]).code, 0);
    assert_eq!(names_in(&all), names_in(&twice));
    for name in REPORTS.iter().chain(&["assessment.ckl", "assessment.cklb", "assessment.xccdf.xml"]) {
        assert!(all.join(name).is_file(), "{name}");
    }
}

#[test]
fn a_saved_assessment_gives_the_same_checklists_for_every_node_and_asset() {
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (folder.path().join("one"), folder.path().join("two"));
    let options = "--asset-name mke-a --host-fqdn mke.example.test --host-ip 192.0.2.7 --host-ip 2001:db8::7 --host-mac 02-42-0A-14-00-0B --per-node --safe-text -f ckl,cklb,xccdf,json";
    let options: Vec<&str> = options.split(' ').collect();
    assert_eq!(analyze(&sample_folder(), &one, &options).code, 0);
    let saved = one.join("assessment.json");
    let again =
        ["report", text(&saved), "-o", text(&two), "--quiet", "-f", "ckl,cklb,xccdf,json", "--per-node", "--safe-text"];
    assert_eq!(run(again).code, 0);
    for at in ["", "nodes"] {
        assert_eq!(names_in(&one.join(at)), names_in(&two.join(at)));
    }
    assert_eq!(names_in(&one.join("nodes")).len(), 18);
    assert_eq!(contents(&one.join("nodes")), contents(&two.join("nodes")));
    let checklist = std::fs::read_to_string(two.join("assessment.ckl")).unwrap();
    for wanted in [
        "<HOST_NAME>mke-a</HOST_NAME>",
        "<HOST_IP>192.0.2.7,2001:db8::7</HOST_IP>",
        "<HOST_MAC>02:42:0a:14:00:0b</HOST_MAC>",
        "<HOST_FQDN>mke.example.test</HOST_FQDN>",
    ] {
        assert!(checklist.contains(wanted), "{wanted}");
    }
    for (option, value) in
        [("--host-fqdn", "bare"), ("--host-ip", "10.0.0.0/8"), ("--host-mac", "x"), ("--asset-name", " ")]
    {
        let ran = run(["demo", "-o", text(&folder.path().join("no")), option, value]);
        assert_eq!(ran.code, 2, "{option} {value}");
    }
}

#[test]
fn quiet_is_quiet_and_fail_on_ends_with_one() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let ran = analyze(&sample_folder(), &out, &["--quiet"]);
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (0, "", ""));
    for (what, code) in [
        (words(&["--fail-on", "cat2"]), 1),
        (words(&["--fail-on", "cat3"]), 1),
        (words(&["--fail-on", "not-reviewed"]), 1),
        (words(&["--fail-on", "cat1,not-reviewed"]), 1),
        (words(&["--fail-on", "cat1", "--only", "V-260903"]), 0),
        (words(&["--fail-on", "cat3", "--only", "V-260903"]), 0),
        (words(&["--fail-on", "not-reviewed", "--only", "V-260903"]), 0),
        (words(&["--fail-on", "cat9"]), 2),
    ] {
        let ran = analyze(&sample_folder(), &out, &what);
        assert_eq!(ran.code, code, "{what:?}: {}", ran.err);
        assert_eq!(names_in(&out), REPORTS, "reports are written whether it trips or not");
    }
}

#[test]
fn no_color_and_no_terminal_mean_no_escapes() {
    let folder = tempfile::tempdir().unwrap();
    for (name, value) in [("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1"), ("TERM", "dumb")] {
        for arguments in [&["demo", "-o", text(folder.path())][..], &["--help"], &["nonsense"], &["explain", "V-0"]] {
            let output = program().args(arguments).env(name, value).output().unwrap();
            let all = [output.stdout, output.stderr].concat();
            assert!(name == "CLICOLOR_FORCE" || !all.contains(&0x1b), "{name} {arguments:?}");
        }
    }
}

#[test]
fn trouble_is_one_clear_error_and_exit_code_two() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::write(at("file"), "x").unwrap();
    fs::write(at("empty.tar.zst"), "").unwrap();
    fs::write(at("broken.json"), "{\"schema\":").unwrap();
    fs::write(at("other.json"), "{\"a\":1}").unwrap();
    fs::create_dir_all(at("strange/sub")).unwrap();
    fs::write(at("strange/sub/letter.txt"), "Dear all,").unwrap();
    fs::create_dir(at("nothing")).unwrap();
    let sample = sample_folder();
    let (sample, out) = (text(&sample), at("out"));
    let names: BTreeMap<&str, PathBuf> =
        ["file", "empty.tar.zst", "broken.json", "other.json", "strange", "nothing", "absent", "file/below"]
            .map(|name| (name, at(name)))
            .into();
    let name = |key: &str| text(&names[key]);
    let out = text(&out);
    for (arguments, wanted) in [
        (vec!["analyze", name("absent"), "-o", out], vec!["absent", "no such file"]),
        (vec!["inspect", name("absent")], vec!["absent"]),
        (vec!["analyze", name("strange"), "-o", out], vec!["strange", "mke-collect.sh", "demo"]),
        (vec!["inspect", name("strange")], vec!["strange"]),
        (vec!["analyze", name("nothing"), "-o", out], vec!["nothing"]),
        (vec!["analyze", name("empty.tar.zst"), "-o", out], vec!["empty.tar.zst", "empty"]),
        (vec!["analyze", name("file"), "-o", out], vec!["file"]),
        (vec!["analyze", sample, name("absent"), "-o", out], vec!["absent"]),
        (vec!["analyze", sample, "-o", name("file")], vec!["file"]),
        (vec!["analyze", sample, "-o", name("file/below")], vec!["file/below"]),
        (vec!["analyze", sample, "-o", out, "-f", "pdf"], vec!["pdf", "html, md, json"]),
        (vec!["demo", "-o", out, "-f", ""], vec!["unknown format"]),
        (vec!["analyze", sample, "-o", out, "--only", "V-1"], vec!["V-1", "rules list"]),
        (vec!["analyze", sample, "-o", out, "--ssp", name("absent")], vec!["absent"]),
        (vec!["analyze", sample, "-o", out, "--rules", name("absent")], vec!["absent"]),
        (vec!["analyze", sample, "-o", out, "--rules", name("nothing")], vec!["nothing", "no rule"]),
        (vec!["analyze", sample, "-o", out, "--max-entries", "3"], vec!["--max-entries"]),
        (vec!["analyze", sample, "-o", out, "--max-bytes", "3000"], vec!["--max-bytes"]),
        (vec!["analyze", sample, "-o", out, "--max-member-bytes", "3000"], vec!["--max-member-bytes"]),
        (vec!["analyze", sample, "-o", out, "--max-path", "20"], vec!["--max-path"]),
        (vec!["analyze", sample, "-o", out, "--max-object-bytes", "100"], vec!["--max-object-bytes"]),
        (vec!["report", name("absent"), "-o", out], vec!["absent"]),
        (vec!["report", name("broken.json"), "-o", out], vec!["broken.json"]),
        (vec!["report", name("other.json"), "-o", out], vec!["other.json"]),
        (vec!["report", name("nothing"), "-o", out], vec!["nothing"]),
        (vec!["explain", "V-1"], vec!["V-1", "rules list"]),
        (vec!["rules", "show", "V-1"], vec!["V-1", "rules list"]),
        (vec!["rules", "check", name("absent")], vec!["absent"]),
        (vec!["man", name("file")], vec!["file"]),
        (vec!["collector", name("file")], vec![""]),
    ] {
        let ran = run(&arguments);
        let told = ran.trouble().to_lowercase();
        for part in wanted {
            assert!(told.contains(&part.to_lowercase()), "{arguments:?}: no `{part}` in {told}");
        }
        assert!(names_in(Path::new(out)).is_empty(), "{arguments:?} leaves {:?}", names_in(Path::new(out)));
    }
    for arguments in [
        &[][..],
        &["analyze"],
        &["explain"],
        &["nonsense"],
        &["demo", "--nonsense"],
        &["demo", "-f"],
        &["analyze", "x", "-j", "0"],
    ] {
        let ran = run(arguments.iter());
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{arguments:?}");
        assert!(ran.err.contains("Usage") || ran.err.contains("--help"), "{arguments:?}: {}", ran.err);
    }
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    fs::create_dir(&out).unwrap();
    fs::write(out.join("assessment.html"), "an earlier report").unwrap();
    fs::set_permissions(&out, fs::Permissions::from_mode(0o555)).unwrap();
    let may_write_all_the_same = fs::write(out.join("try"), "").is_ok();
    if may_write_all_the_same {
        // Root writes anywhere but where no file can be.
        fs::remove_file(out.join("try")).unwrap();
        run(["demo", "-o", "/proc/mke-stig"]).trouble();
        fs::create_dir(out.join("assessment.md")).unwrap();
    }
    let ran = run(["demo", "-o", text(&out)]);
    fs::set_permissions(&out, fs::Permissions::from_mode(0o755)).unwrap();
    assert!(ran.trouble().contains("out"));
    assert_eq!(fs::read_to_string(out.join("assessment.html")).unwrap(), "an earlier report");
    assert!(
        !names_in(&out).iter().any(|name| name.contains("tmp") || name == "assessment.json"),
        "{:?}",
        names_in(&out)
    );
}

#[test]
fn reports_are_made_again_from_a_saved_assessment() {
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (folder.path().join("one"), folder.path().join("two"));
    let ssp = sample_folder().parent().unwrap().join("ssp.yaml");
    let ran = analyze(&sample_folder(), &one, &["--ssp", text(&ssp), "--marking", "CUI // <TEST>"]);
    let again = run(["report", text(&one.join("assessment.json")), "-o", text(&two)]);
    assert_eq!((again.code, again.err.as_str()), (0, ""));
    assert_eq!(contents(&one), contents(&two));
    assert_eq!(ran.out.replace(text(&one), ""), again.out.replace(text(&two), ""));
    let quiet = run(["report", text(&one.join("assessment.json")), "-o", text(&two), "-q"]);
    assert_eq!((quiet.code, quiet.out.as_str()), (0, ""));
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let mut first = None;
    for (number, jobs) in ["1", "1", "4", "2", "7"].iter().enumerate() {
        let out = folder.path().join(number.to_string());
        let ran = analyze(&sample_folder(), &out, &["-j", jobs]);
        assert_eq!(ran.code, 0);
        let all = (contents(&out), ran.out.replace(text(&out), ""));
        assert_eq!(*first.get_or_insert_with(|| all.clone()), all, "run {number} with {jobs} threads");
    }
}

#[test]
fn the_way_of_packing_changes_only_the_lines_about_the_input() {
    let folder = tempfile::tempdir().unwrap();
    let files = Snapshot::sample().files();
    let packed = tar(&files, "");
    let ways: Vec<(&str, Option<Vec<u8>>)> = vec![
        ("folder", None),
        ("tar", Some(packed.clone())),
        ("gz", Some(gz(&packed))),
        ("frame", Some(zst(&packed, usize::MAX))),
        ("frames", Some(zst(&packed, 10_000))),
        ("zip", Some(zip(&files, ""))),
    ];
    let mut first: Option<(Value, BTreeMap<String, Vec<String>>)> = None;
    for (way, bytes) in ways {
        // The name says nothing: all are called the same.
        let input = folder.path().join(way).join("sample");
        match bytes {
            None => write_files(&input, &files),
            Some(bytes) => {
                fs::create_dir_all(input.parent().unwrap()).unwrap();
                fs::write(&input, bytes).unwrap();
            }
        }
        let out = folder.path().join(way).join("out");
        let ran = analyze(&input, &out, &[]);
        assert_eq!(ran.code, 0, "{way}: {}", ran.err);
        let mut json: Value = serde_json::from_slice(&fs::read(out.join("assessment.json")).unwrap()).unwrap();
        let about = json["snapshot"]["inputs"][0].take();
        assert_eq!(about["name"], "sample");
        let (digest, bytes) = (about["sha256"].as_str().unwrap().to_owned(), about["bytes"].as_u64().unwrap());
        let grouped = {
            let plain = bytes.to_string();
            let heads: Vec<&str> =
                plain.as_bytes().rchunks(3).rev().map(|part| std::str::from_utf8(part).unwrap()).collect();
            heads.join(",")
        };
        let told = |content: Vec<u8>| -> Vec<String> {
            let text = String::from_utf8(content).unwrap();
            let about = |line: &str| {
                line.contains(&digest)
                    || line.contains(&digest[..12])
                    || line.contains(&bytes.to_string())
                    || line.contains(&grouped)
            };
            text.lines().filter(|line| !about(line)).map(str::to_owned).collect()
        };
        let lines: BTreeMap<String, Vec<String>> =
            contents(&out).into_iter().map(|(name, content)| (name, told(content))).collect();
        let wanted = first.get_or_insert_with(|| (json.clone(), lines.clone()));
        assert_eq!(wanted.0, json, "{way}");
        for (name, lines) in &lines {
            assert_eq!(&wanted.1[name], lines, "{way}: {name}");
        }
    }
}

#[test]
fn rules_are_listed_shown_and_checked() {
    let list = run(["rules", "list"]);
    assert_eq!((list.code, list.out.lines().count()), (0, crate::common::ROWS));
    let json: Value = serde_json::from_str(&run(["rules", "list", "--json"]).out).unwrap();
    assert_eq!(json.as_array().unwrap().len(), crate::common::ROWS);
    for rule in json.as_array().unwrap() {
        let id = rule["id"].as_str().unwrap();
        assert!(["I", "II", "III"].contains(&rule["cat"].as_str().unwrap()), "{rule}");
        assert!(["evidence", "ssp", "person"].contains(&rule["decided_by"].as_str().unwrap()), "{rule}");
        assert!(list.out.contains(id));
    }
    for id in ["V-260930", "v-260930", "260930", "CNTR-MK-000680"] {
        let ran = run(["explain", id]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        assert!(ran.out.starts_with("V-260930  CAT II  "), "{}", ran.out);
        assert_eq!(run(["rules", "show", id]).out, ran.out);
        let json: Value = serde_json::from_str(&run(["explain", "--json", id]).out).unwrap();
        assert_eq!(json["id"], "V-260930");
    }
    let schema: Value = serde_json::from_str(&run(["rules", "schema"]).out).unwrap();
    assert!(schema["properties"]["checks"].is_object());
    let pack = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules/mke-stig-v2r1");
    let check = run(["rules", "check", text(&pack)]);
    assert_eq!(check.code, 0, "{}", check.err);
    assert!(check.out.starts_with("44 rules, 0 problems; "), "{}", check.out);
}

#[test]
fn inspect_shows_what_is_there_and_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let output = program().arg("inspect").arg(sample_folder()).current_dir(folder.path()).output().unwrap();
    assert!(output.status.success());
    let out = String::from_utf8(output.stdout).unwrap();
    for part in ["Nodes (6)", "wrk-3", "verified", "3.7.7", "missing docker.image"] {
        assert!(out.contains(part), "no {part} in {out}");
    }
    assert!(names_in(folder.path()).is_empty());
    let json: Value = serde_json::from_str(&run(["inspect", "--json", text(&sample_folder())]).out).unwrap();
    assert_eq!(json["nodes"].as_array().unwrap().len(), 6);
}

#[test]
fn help_version_completions_and_manual_pages() {
    let subcommands = ["demo", "analyze", "report", "inspect", "rules", "explain", "collector", "completions", "man"];
    let help = run(["--help"]);
    assert_eq!((help.code, help.err.as_str()), (0, ""));
    assert_eq!(run(["help"]).out, help.out);
    for name in subcommands {
        assert!(help.out.contains(name));
        let own = run([name, "--help"]);
        assert_eq!((own.code, own.err.as_str()), (0, ""), "{name}");
        assert!(own.out.contains("Usage: mke-stig"), "{name}");
    }
    let version = run(["--version"]);
    assert_eq!(version.out, format!("mke-stig {}\n", env!("CARGO_PKG_VERSION")));
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let ran = run(["completions", shell]);
        assert_eq!(ran.code, 0, "{shell}");
        assert!(ran.out.contains("mke-stig") && ran.out.contains("fail-on"), "{shell}");
    }
    let folder = tempfile::tempdir().unwrap();
    let pages = folder.path().join("a/b");
    assert_eq!(run(["man", text(&pages)]).code, 0);
    let names = names_in(&pages);
    assert!(names.contains(&"mke-stig.1".to_owned()), "{names:?}");
    for name in subcommands {
        assert!(names.contains(&format!("mke-stig-{name}.1")), "{names:?}");
    }
}
