//! Hostile input is normal: one clear error, exit code 2, no report under its final name, bounded
//! memory, and text of a snapshot that is data in every output.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops at the first thing that is not as it must be")]

mod common;

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use common::archives::{gz, tar as tar_of, zip, zst};
use common::snapshot::Snapshot;
use common::{Ran, lets_off, names_in, program, run};
use serde_json::{Value, json};

/// A folder with an input in it and a place for reports.
struct Lab {
    folder: tempfile::TempDir,
}

impl Lab {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn out(&self) -> PathBuf {
        self.at("out")
    }

    fn put(&self, name: &str, content: &[u8]) -> PathBuf {
        let path = self.at(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        path
    }

    fn analyze(&self, input: &Path, more: &[&str]) -> Ran {
        let out = self.out();
        let mut arguments = vec!["analyze", input.to_str().unwrap(), "-o", out.to_str().unwrap()];
        arguments.extend(more);
        run(arguments)
    }

    /// The input is refused in one clear error that says all of `parts`.
    fn refused(&self, input: &Path, more: &[&str], parts: &[&str]) {
        let ran = self.analyze(input, more);
        let told = ran.trouble();
        for part in parts {
            assert!(told.contains(part), "no `{part}` in {told}");
        }
        assert!(told.lines().count() <= 6, "{told}");
        assert!(names_in(&self.out()).is_empty(), "{:?} is left", names_in(&self.out()));
    }

    fn assessment(&self) -> Value {
        serde_json::from_slice(&fs::read(self.out().join("assessment.json")).unwrap()).unwrap()
    }
}

#[test]
fn an_archive_cut_anywhere_is_refused() {
    let lab = Lab::new();
    let files = Snapshot::sample().files();
    let packed = tar_of(&files, "snap/");
    for (name, bytes) in [("frames.tar.zst", zst(&packed, 50_000)), ("one.tar.zst", zst(&packed, usize::MAX)), ("a.tar.gz", gz(&packed)), ("a.zip", zip(&files, "snap/"))] {
        let cuts = (1..12).map(|part| bytes.len() * part / 12).chain([5, 40, bytes.len() - 1]);
        for cut in cuts {
            let input = lab.put(name, &bytes[..cut]);
            lab.refused(&input, &[], &[name]);
        }
    }
    // A tar that ends between two members is whole as a tar; its manifest tells.
    for part in 1..12 {
        let cut = packed.len() * part / 12;
        let input = lab.put("a.tar", &packed[..cut]);
        let ran = lab.analyze(&input, &[]);
        if ran.code == 0 {
            let statuses = lab.assessment();
            let passed: Vec<&Value> =
                statuses["rules"].as_array().unwrap().iter().filter(|rule| rule["status"] == "not_a_finding").collect();
            assert!(passed.is_empty(), "cut at {cut}: {passed:?}");
            fs::remove_dir_all(lab.out()).unwrap();
        } else {
            ran.trouble();
            assert!(names_in(&lab.out()).is_empty());
        }
    }
}

#[test]
fn a_bomb_is_refused_by_name_and_option() {
    let lab = Lab::new();
    let zeros = vec![b' '; 8 << 20];
    let mut header = tar::Header::new_gnu();
    header.set_path("nodes/w1/docker/containers.json").unwrap();
    header.set_size(4 << 30);
    header.set_cksum();
    let mut bomb = zstd::encode_all(header.as_bytes().as_slice(), 1).unwrap();
    let frame = zstd::encode_all(zeros.as_slice(), 1).unwrap();
    (0..512).for_each(|_| bomb.extend_from_slice(&frame));
    let input = lab.put("bomb.tar.zst", &bomb);
    lab.refused(&input, &[], &["bomb.tar.zst", "nodes/w1/docker/containers.json", "--max-ratio"]);
    let archive = zip(&[("nodes/w1/docker/containers.json".to_owned(), vec![b' '; 100 << 20])].into(), "");
    let input = lab.put("bomb.zip", &archive);
    lab.refused(&input, &[], &["bomb.zip", "nodes/w1/docker/containers.json", "--max-ratio"]);
}

/// A tar with one entry of this type and raw name behind a good one.
fn tar_with(kind: tar::EntryType, name: &str, link: &str) -> Vec<u8> {
    let mut bytes = tar_of(&[("nodes/w1/docker/info.json".to_owned(), b"{}".to_vec())].into(), "");
    bytes.truncate(1024);
    let mut header = tar::Header::new_gnu();
    header.set_entry_type(kind);
    header.set_size(0);
    header.as_mut_bytes()[..name.len()].copy_from_slice(name.as_bytes());
    header.as_mut_bytes()[157..157 + link.len()].copy_from_slice(link.as_bytes());
    header.set_cksum();
    bytes.extend_from_slice(header.as_bytes());
    bytes.extend_from_slice(&[0; 1024]);
    bytes
}

#[test]
fn a_tar_with_what_no_snapshot_holds_is_refused() {
    use tar::EntryType as Kind;
    let lab = Lab::new();
    for (kind, name, link) in [
        (Kind::Regular, "../../etc/cron.d/x", ""),
        (Kind::Regular, "a/../../x", ""),
        (Kind::Regular, "/etc/passwd", ""),
        (Kind::Regular, "C:\\x", ""),
        (Kind::Symlink, "nodes/w1/docker/containers.json", "/etc/shadow"),
        (Kind::Link, "nodes/w1/docker/containers.json", "nodes/w1/docker/info.json"),
        (Kind::Char, "dev/null", ""),
        (Kind::Block, "dev/sda", ""),
        (Kind::Fifo, "pipe", ""),
        (Kind::Regular, "nodes/w1/docker/info.json", ""),
        (Kind::Regular, "./nodes/w1/docker/info.json", ""),
        (Kind::Regular, "nodes//w1/docker/info.json", ""),
    ] {
        let bytes = tar_with(kind, name, link);
        for (file, bytes) in [("x.tar", bytes.clone()), ("x.tar.zst", zst(&bytes, usize::MAX))] {
            let input = lab.put(file, &bytes);
            let ran = lab.analyze(&input, &[]);
            // Two spellings of one path are one path; others are refused outright.
            assert_eq!(ran.code, 2, "{kind:?} {name}: {ran:?}");
            lab.refused(&input, &[], &[file]);
        }
    }
    assert!(!Path::new("/etc/cron.d/x").exists());
}

/// Runs the program and returns how it ended with its peak memory in KiB.
fn measured(arguments: &[&str]) -> (Ran, u64) {
    let mut child =
        program().args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let path = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    while child.try_wait().unwrap().is_none() {
        let status = fs::read_to_string(&path).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        peak = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(peak).max(peak);
        std::thread::sleep(Duration::from_millis(2));
    }
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (Ran { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }, peak)
}

#[test]
fn one_line_of_many_megabytes_is_read_in_little_memory() {
    let megabytes: usize =
        std::env::var("MKE_STIG_BIG_MEGABYTES").ok().and_then(|text| text.parse().ok()).unwrap_or(40);
    let lab = Lab::new();
    let filler = "x".repeat(8000);
    let path = lab.at("snap/nodes/w1/docker/containers.json");
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let mut file = std::io::BufWriter::new(fs::File::create(&path).unwrap());
    let objects = megabytes * 1_000_000 / 8300;
    file.write_all(b"[").unwrap();
    for number in 0..objects {
        let mode = if number + 1 == objects { "host" } else { "" };
        let comma = if number == 0 { "" } else { "," };
        write!(
            file,
            r#"{comma}{{"Id":"c{number}","Name":"/c{number}","Path":"{filler}","Config":{{"Image":"shop/x:1","Labels":{{}}}},"HostConfig":{{"PidMode":"{mode}","Privileged":false}}}}"#
        )
        .unwrap();
    }
    file.write_all(b"]").unwrap();
    file.into_inner().unwrap();
    let out = lab.out();
    let (ran, peak) = measured(&["analyze", lab.at("snap").to_str().unwrap(), "-o", out.to_str().unwrap()]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(peak < 64 << 10, "{peak} KiB for {megabytes} MB");
    let assessment = lab.assessment();
    let rule = assessment["rules"].as_array().unwrap().iter().find(|rule| rule["id"] == "V-260930").unwrap();
    assert_eq!((rule["status"].as_str(), rule["checked"].as_u64()), (Some("open"), Some(objects as u64)));
    assert_eq!(rule["evidence"][0]["pointer"], format!("/{}/HostConfig/PidMode", objects - 1));
}

#[test]
fn an_object_too_large_names_the_option() {
    let lab = Lab::new();
    let mut text = br#"[{"Id":"c","Name":"/c","Path":""#.to_vec();
    text.resize(3 << 20, b'x');
    text.extend_from_slice(br#"","Config":{"Image":"a:1"}}]"#);
    let path = lab.put("snap/nodes/w1/docker/containers.json", &text);
    let snap = lab.at("snap");
    lab.refused(&snap, &["--max-object-bytes", "1000000"], &["nodes/w1/docker/containers.json", "--max-object-bytes"]);
    assert_eq!(lab.analyze(&snap, &[]).code, 0, "with the default it is read");
    fs::remove_dir_all(lab.out()).unwrap();
    fs::remove_file(path).unwrap();
    // One that never ends, and a manifest that is too large.
    lab.put("snap/nodes/w1/docker/containers.json", &[b'{', b' '].repeat(1 << 20));
    lab.refused(&snap, &["--max-object-bytes", "1000000"], &["--max-object-bytes"]);
    lab.put("snap/nodes/w1/docker/containers.json", b"[]");
    lab.put("snap/manifest.jsonl", &vec![b' '; 2 << 20]);
    lab.refused(&snap, &["--max-object-bytes", "1000000"], &["manifest.jsonl", "--max-object-bytes"]);
}

#[test]
fn depth_is_no_way_in() {
    let lab = Lab::new();
    let deep = |open: &str, close: &str, depth: usize| format!("{}{}", open.repeat(depth), close.repeat(depth));
    let lists = deep("[", "]", 200_000);
    let objects = deep("{\"a\":", "}", 100_000).replace(":}", ":1}");
    for (what, inside) in [("lists", &lists), ("objects", &objects)] {
        for (path, before, after) in [
            ("nodes/w1/docker/containers.json", r#"[{"Id":"c","Name":"/c","Config":{"Image":"a:1"},"HostConfig":"#, "}]"),
            ("nodes/w1/docker/containers.json", "", ""),
            ("cluster/kubectl/pods.json", r#"{"kind":"PodList","metadata":"#, r#","items":[]}"#),
            ("cluster/kubectl/pods.json", r#"{"kind":"PodList","items":[{"metadata":{"name":"p"},"spec":"#, "}]}"),
            ("nodes/w1/docker/info.json", "", ""),
            ("lonely", r#"{"apiVersion":"v1","items":"#, "}"),
        ] {
            let input = lab.at("deep");
            let _ = fs::remove_dir_all(&input);
            lab.put("deep/nodes/w1/docker/version.json", b"{}");
            lab.put(&format!("deep/{path}"), format!("{before}{inside}{after}").as_bytes());
            let ran = lab.analyze(&input, &[]);
            assert_eq!(ran.code, 0, "{what} in {path}: {}", ran.err);
            for rule in lab.assessment()["rules"].as_array().unwrap() {
                assert_ne!(rule["status"], "not_a_finding", "{what} in {path}");
            }
        }
    }
    let _ = fs::remove_dir_all(lab.at("deep"));
    lab.put("deep/nodes/w1/docker/version.json", b"{}");
    lab.put("deep/cluster/mke/config.toml", format!("[auth]\n[cluster_config]\na = {}", deep("[", "]", 50_000)).as_bytes());
    assert_eq!(lab.analyze(&lab.at("deep"), &[]).code, 0);
}

const GOOD: &str = "id: X-1\nseverity: high\ntitle: Good\nchecks:\n  - each: docker.container\n    must: { HostConfig.PidMode: { not: host, absent: ok } }\n";

#[test]
fn every_problem_of_every_rule_is_told_at_once_and_the_rest_runs() {
    let lab = Lab::new();
    let rule = |id: &str, check: &str| format!("id: {id}\nseverity: low\ntitle: T\nchecks:\n{check}");
    let files: Vec<(&str, String, Vec<&str>)> = vec![
        ("good.yaml", GOOD.into(), vec![]),
        ("field.yaml", rule("X-2", "  - each: docker.info\n    must: { Name: { equals: a } }\n    wantd: a\n"), vec!["field.yaml:7:5", "unknown key `wantd`", "did you mean `wanted`?"]),
        ("top.yaml", format!("{}severty: high\n", GOOD.replace("X-1", "X-3")), vec!["top.yaml:7:1", "unknown key `severty`", "did you mean `severity`?"]),
        ("operator.yaml", rule("X-4", "  - each: docker.info\n    must: { Name: { equls: a } }\n"), vec!["operator.yaml:6:", "equls", "equals"]),
        ("regex.yaml", rule("X-5", "  - each: docker.info\n    must: { Name: { matches: 'a(' } }\n"), vec!["regex.yaml:6:", "a("]),
        ("cel.yaml", rule("X-6", "  - each: docker.info\n    expr: self.Name ==\n    fields: [Name]\n"), vec!["cel.yaml:6:", "expression"]),
        ("kind.yaml", rule("X-7", "  - each: docker.contaner\n    must: { Name: { equals: a } }\n"), vec!["kind.yaml:5:", "docker.contaner", "docker.container"]),
        ("twin.yaml", GOOD.replace("Good", "Twin"), vec!["X-1", "two files"]),
        ("syntax.yaml", "id: X-8\ntitle: [unclosed\n".into(), vec!["syntax.yaml:", "YAML"]),
        ("none.yaml", "id: X-9\nseverity: low\ntitle: T\nchecks: []\n".into(), vec!["none.yaml:4:", "empty"]),
        ("many.yaml", rule("X-10", "  - each: docker.info\n    must: { Name: { equls: a } }\n    wantd: b\n  - each: nothing\n    must: {}\n"), vec!["many.yaml:6:", "many.yaml:7:", "many.yaml:8:"]),
    ];
    let pack = lab.at("pack");
    for (name, text, _) in &files {
        lab.put(&format!("pack/{name}"), text.as_bytes());
    }
    let check = run(["rules", "check", pack.to_str().unwrap()]);
    assert_eq!(check.code, 2);
    let sample = common::sample_folder();
    let ran = lab.analyze(&sample, &["--rules", pack.to_str().unwrap()]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    for told in [&check.err, &ran.err] {
        for (_, _, parts) in &files {
            for part in parts {
                assert!(told.contains(part), "no `{part}` in\n{told}");
            }
        }
        assert!(!told.contains('\u{1b}') && !told.contains("panicked"));
    }
    let assessment = lab.assessment();
    let rules = assessment["rules"].as_array().unwrap();
    assert_eq!(rules.len(), common::ROWS + files.len());
    let by_id = |id: &str| rules.iter().find(|rule| rule["id"] == id).unwrap_or_else(|| panic!("{id} vanished"));
    assert_eq!(by_id("X-1")["status"], "open", "the good rule runs");
    for id in ["X-2", "X-3", "X-4", "X-5", "X-6", "X-7", "X-1-twin", "X-8", "X-9", "X-10"] {
        let rule = rules.iter().find(|rule| rule["id"] == id || rule["id"] == "syntax");
        let rule = rules.iter().find(|rule| rule["id"] == id).or(rule).unwrap();
        assert_eq!((&rule["status"], &rule["reason"]["code"]), (&json!("not_reviewed"), &json!("rule_error")), "{id}");
    }
}

#[test]
fn a_pack_cannot_take_the_place_of_a_rule_or_of_the_memory() {
    let lab = Lab::new();
    // An id of the STIG's pack, with a check that always holds.
    let fake = GOOD.replace("X-1", "V-260930").replace("not: host, absent: ok", "exists: true, absent: ok");
    lab.put("fake/V-260930.yaml", fake.as_bytes());
    let sample = common::sample_folder();
    let ran = lab.analyze(&sample, &["--rules", lab.at("fake").to_str().unwrap()]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let assessment = lab.assessment();
    let rule = assessment["rules"].as_array().unwrap().iter().find(|rule| rule["id"] == "V-260930").unwrap().clone();
    assert_eq!(rule["status"], "open");
    assert_ne!(rule["title"], "Good");

    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..10 {
        let names = vec![format!("*a{}", level - 1); 9].join(", ");
        bomb.push_str(&format!("a{level}: &a{level} [{names}]\n"));
    }
    bomb.push_str("id: X-1\nseverity: low\ntitle: *a9\n");
    lab.put("bomb/bomb.yaml", bomb.as_bytes());
    lab.put("bomb/good.yaml", GOOD.replace("X-1", "X-0").as_bytes());
    lab.put("bomb/deep.yaml", "[".repeat(100_000).as_bytes());
    lab.put("bomb/deeper.yaml", "- ".repeat(100_000).as_bytes());
    lab.put("bomb/large.yaml", &vec![b'#'; 2 << 20]);
    lab.put("bomb/bytes.yaml", &[0xff, 0, 0x1b, b'[', b'2', b'J', b'\n']);
    let pack = lab.at("bomb");
    let out = lab.out();
    let (ran, peak) =
        measured(&["analyze", sample.to_str().unwrap(), "-o", out.to_str().unwrap(), "--rules", pack.to_str().unwrap()]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(peak < 128 << 10, "{peak} KiB");
    for name in ["bomb.yaml", "deep.yaml", "deeper.yaml", "large.yaml", "bytes.yaml"] {
        assert!(ran.err.contains(name), "{name} is not told of:\n{}", ran.err);
    }
    assert!(!ran.err.contains('\u{1b}'), "{}", ran.err);
    let assessment = lab.assessment();
    let rules = assessment["rules"].as_array().unwrap();
    assert_eq!(rules.iter().find(|rule| rule["id"] == "X-0").unwrap()["status"], "open");
    assert_eq!(rules.iter().filter(|rule| rule["reason"]["code"] == "rule_error").count(), 5);
}

#[test]
fn a_field_wanted_whole_and_in_part_is_seen_whole_and_in_part() {
    let lab = Lab::new();
    let check = |must: &str| format!("id: Y-{}\nseverity: low\ntitle: T\nchecks:\n  - each: docker.container\n    of: [user, mke, kubernetes]\n    must: {{ {must} }}\n", must.len());
    let rules = [
        ("Config: { exists: true, empty: true }", "open"),
        ("Config: { exists: true, empty: false }", "not_reviewed"),
        ("Config.Image: { equals: nothing, absent: ok }", "open"),
    ];
    for (number, (must, _)) in rules.iter().enumerate() {
        lab.put(&format!("pack/{number}.yaml"), check(must).as_bytes());
    }
    let container = json!([{ "Id": "c", "Name": "/c", "Config": { "Image": "a:1" }, "HostConfig": {} }]);
    lab.put("snap/nodes/w1/docker/containers.json", container.to_string().as_bytes());
    let ran = lab.analyze(&lab.at("snap"), &["--rules", lab.at("pack").to_str().unwrap()]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    for (must, wanted) in rules {
        let id = format!("Y-{}", must.len());
        let assessment = lab.assessment();
        let rule = assessment["rules"].as_array().unwrap().iter().find(|rule| rule["id"] == id).unwrap().clone();
        assert_eq!(rule["status"], wanted, "{must}: {rule}");
    }
}

#[test]
fn text_of_a_snapshot_is_data_in_every_output() {
    let lab = Lab::new();
    let long = "A".repeat(1 << 20);
    let names = [
        "\u{1b}[2J\u{1b}]0;owned\u{7}", "nul\u{0}nul", "\u{202e}gpj.exe\u{2066}\u{200b}", "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>", "a | b | c", "one\ntwo\r\n# heading\n\n| x |", "[x](javascript:alert(1))",
        "`code` ``` ~~~", "=cmd|' /C calc'!A0", "{{ 7*7 }}{% raw %}", "\u{9b}31m\u{85}", "</style></script>&amp;", &long,
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
    snapshot.members.insert(format!("cluster/kubectl/{}.json", "<b>|\u{202e}"), b"Error: \x1b[31m <script> (Forbidden)".to_vec());
    let input = lab.at("hostile");
    snapshot.write(&input);
    let ran = lab.analyze(&input, &["--evidence-limit", "0"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let inspect = run(["inspect", input.to_str().unwrap()]);
    assert_eq!(inspect.code, 0);
    let read = |name: &str| fs::read_to_string(lab.out().join(name)).unwrap();
    let hidden = |c: char| {
        (c.is_control() && c != '\n') || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let page = read("assessment.html");
    for (what, text) in [
        ("stdout", &ran.out), ("stderr", &ran.err), ("inspect", &inspect.out), ("html", &page), ("md", &read("assessment.md")),
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
    let again = run(["report", lab.out().join("assessment.json").to_str().unwrap(), "-q", "-o", lab.at("again").to_str().unwrap()]);
    assert_eq!(again.code, 0, "{}", again.err);
    assert_eq!(fs::read_to_string(lab.at("again/assessment.html")).unwrap(), page);
}

#[test]
fn hostile_paths_and_arguments_are_shown_without_their_power() {
    let lab = Lab::new();
    let name = "\u{1b}[2J\u{202e}x";
    for arguments in [
        vec!["explain", name], vec!["report", name], vec!["analyze", name], vec!["inspect", name], vec!["rules", "check", name],
        vec!["demo", "-f", name], vec!["analyze", "x", "--ssp", name], vec!["analyze", "x", "--rules", name],
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

#[test]
fn links_and_devices_of_a_folder_are_not_followed() {
    let lab = Lab::new();
    let snapshot = Snapshot::passing();
    let input = lab.at("snap");
    snapshot.write(&input);
    let containers = input.join("nodes/wrk-2/docker/containers.json");
    let elsewhere = lab.put("elsewhere.json", &fs::read(&containers).unwrap());
    fs::remove_file(&containers).unwrap();
    std::os::unix::fs::symlink(&elsewhere, &containers).unwrap();
    std::os::unix::fs::symlink("/dev/zero", input.join("zero")).unwrap();
    std::os::unix::fs::symlink(&input, input.join("loop")).unwrap();
    let ran = lab.analyze(&input, &[]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let assessment = lab.assessment();
    let status = |id: &str| assessment["rules"].as_array().unwrap().iter().find(|rule| rule["id"] == id).unwrap()["status"].clone();
    assert_eq!(status("V-260930"), "not_reviewed");
    assert!(assessment["snapshot"]["warnings"].to_string().contains("not followed"), "{}", assessment["snapshot"]["warnings"]);
    for device in ["/dev/null", "/dev/zero"] {
        run(["inspect", device, "--max-bytes", "1000000"]).trouble();
    }
}

#[test]
fn a_saved_assessment_that_lies_is_refused() {
    let lab = Lab::new();
    let out = lab.out();
    assert_eq!(run(["demo", "-f", "json", "-o", out.to_str().unwrap()]).code, 0);
    let good = lab.assessment();
    let changes: Vec<(&str, fn(&mut Value))> = vec![
        ("a pass without evidence", |a| a["rules"][0]["evidence"] = json!([])),
        ("a rule twice", |a| {
            let rule = a["rules"][0].clone();
            a["rules"].as_array_mut().unwrap().push(rule);
        }),
        ("counts that are not those of the rules", |a| a["summary"]["by_status"]["open"] = 0.into()),
        ("another schema", |a| a["schema"] = "mke-stig.assessment/9".into()),
        ("an unknown field", |a| a["extra"] = 1.into()),
        ("not reviewed without a reason", |a| {
            let rule = a["rules"].as_array_mut().unwrap().iter_mut().find(|rule| rule["status"] == "not_reviewed").unwrap();
            rule["reason"] = Value::Null;
        }),
    ];
    for (what, change) in changes {
        let mut bad = good.clone();
        change(&mut bad);
        let path = lab.put("bad.json", bad.to_string().as_bytes());
        let ran = run(["report", path.to_str().unwrap(), "-o", lab.at("reports").to_str().unwrap()]);
        assert!(ran.trouble().contains("bad.json"), "{what}");
        assert!(names_in(&lab.at("reports")).is_empty(), "{what}");
    }
}

#[test]
fn hostile_numbers_and_types_let_nothing_off() {
    let sample = Snapshot::passing();
    let values = [json!(null), json!([]), json!({}), json!(""), json!(-1), json!(1e308), json!(true), json!("(redacted)"), json!([[]])];
    let base = common::assess_files(&sample.list());
    let fields: [(&str, &[&str], &[&str]); 4] = [
        ("nodes/wrk-2/docker/containers.json", &["HostConfig"], &["V-260930", "V-260934", "V-260940", "V-260913"]),
        ("nodes/wrk-2/docker/containers.json", &["HostConfig", "Privileged"], &["V-260940"]),
        ("nodes/wrk-2/docker/info.json", &["SecurityOptions"], &["V-260921", "V-260908"]),
        ("cluster/kubectl/pods.json", &["spec"], &["V-260913"]),
    ];
    for (path, field, ids) in fields {
        for value in &values {
            // `false` is what is wanted; an empty HostConfig is one in which absent fields are told of.
            let mut snapshot = sample.clone();
            snapshot.change(path, |document| {
                let list = if document["items"].is_array() { &mut document["items"] } else { document };
                let of_user = |object: &Value| object["Name"] == "/proc-top" || object["metadata"]["namespace"] == "payroll";
                let object = match list.as_array().map(|list| list.iter().position(of_user).unwrap()) {
                    Some(number) => &mut list[number],
                    None => list,
                };
                let at = field.iter().fold(object, |at, key| &mut at[*key]);
                *at = value.clone();
            });
            let after = common::assess_files(&snapshot.list());
            for rule in &after.rules {
                let before = common::rule(&base, &rule.id).status;
                assert!(!lets_off(rule.status) || before == rule.status, "{path} {field:?} = {value}: {}", rule.id);
            }
            let redacted = value == "(redacted)" || *value == json!([[]]) || *value == json!(-1);
            for id in ids.iter().filter(|_| redacted) {
                let status = common::rule(&after, id).status;
                assert!(!lets_off(status), "{path} {field:?} = {value}: {id} is {status:?}");
            }
        }
    }
}
