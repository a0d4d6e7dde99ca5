//! Hostile input is normal: one clear error, exit code 2, no report under its final name, bounded
//! memory.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use crate::common::archives::{gz, tar as tar_of, zip, zst};
use crate::common::lab::{Lab, measured};
use crate::common::snapshot::Snapshot;
use crate::common::{lets_off, names_in, run};
use serde_json::{Value, json};

#[test]
fn an_archive_cut_anywhere_is_refused() {
    let lab = Lab::new();
    let files = Snapshot::sample().files();
    let packed = tar_of(&files, "snap/");
    for (name, bytes) in [
        ("frames.tar.zst", zst(&packed, 50_000)),
        ("one.tar.zst", zst(&packed, usize::MAX)),
        ("a.tar.gz", gz(&packed)),
        ("a.zip", zip(&files, "snap/")),
    ] {
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

#[test]
fn links_and_devices_of_a_tar_are_named_everywhere_and_not_followed() {
    use tar::EntryType as Kind;
    let lab = Lab::new();
    for (kind, name, link) in [
        (Kind::Symlink, "nodes/w1/docker/containers.json", "/etc/shadow"),
        (Kind::Link, "nodes/w1/docker/containers.json", "nodes/w1/docker/info.json"),
        (Kind::Char, "dev/null", ""),
        (Kind::Block, "dev/sda", ""),
        (Kind::Fifo, "pipe", ""),
    ] {
        let bytes = tar_with(kind, name, link);
        for (file, bytes) in [("x.tar", bytes.clone()), ("x.tar.zst", zst(&bytes, usize::MAX))] {
            let input = lab.put(file, &bytes);
            let ran = lab.analyze(&input, &[]);
            assert_eq!(ran.code, 0, "{kind:?} {name}: {ran:?}");
            let inspected = run(["inspect".as_ref(), input.as_os_str()]);
            let report = lab.assessment()["snapshot"]["warnings"].to_string();
            for (place, text) in [("analyze", &ran.out), ("inspect", &inspected.out), ("report", &report)] {
                let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
                assert!(text.contains(&format!("{file}!{name}")) && text.contains("not read"), "{place}: {text}");
            }
        }
    }
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
            (
                "nodes/w1/docker/containers.json",
                r#"[{"Id":"c","Name":"/c","Config":{"Image":"a:1"},"HostConfig":"#,
                "}]",
            ),
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
    lab.put(
        "deep/cluster/mke/config.toml",
        format!("[auth]\n[cluster_config]\na = {}", deep("[", "]", 50_000)).as_bytes(),
    );
    assert_eq!(lab.analyze(&lab.at("deep"), &[]).code, 0);
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
    let status = |id: &str| {
        assessment["rules"].as_array().unwrap().iter().find(|rule| rule["id"] == id).unwrap()["status"].clone()
    };
    assert_eq!(status("V-260930"), "not_reviewed");
    assert!(
        assessment["snapshot"]["warnings"].to_string().contains("not read, because each is a symbolic link"),
        "{}",
        assessment["snapshot"]["warnings"]
    );
    for device in ["/dev/null", "/dev/zero"] {
        run(["inspect", device, "--max-bytes", "1000000"]).trouble();
    }
}

#[test]
fn a_saved_assessment_that_lies_is_refused() {
    type Change = (&'static str, fn(&mut Value));
    let lab = Lab::new();
    let out = lab.out();
    assert_eq!(run(["demo", "-f", "json", "-o", out.to_str().unwrap()]).code, 0);
    let good = lab.assessment();
    let changes: Vec<Change> = vec![
        ("a pass without evidence", |a| a["rules"][0]["evidence"] = json!([])),
        ("a rule twice", |a| {
            let rule = a["rules"][0].clone();
            a["rules"].as_array_mut().unwrap().push(rule);
        }),
        ("counts that are not those of the rules", |a| a["summary"]["by_status"]["open"] = 0.into()),
        ("another schema", |a| a["schema"] = "mke-stig.assessment/9".into()),
        ("an unknown field", |a| a["extra"] = 1.into()),
        ("not reviewed without a reason", |a| {
            let rule =
                a["rules"].as_array_mut().unwrap().iter_mut().find(|rule| rule["status"] == "not_reviewed").unwrap();
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
    let values = [
        json!(null),
        json!([]),
        json!({}),
        json!(""),
        json!(-1),
        json!(1e308),
        json!(true),
        json!("(redacted)"),
        json!([[]]),
    ];
    let base = crate::common::assess_files(&sample.list());
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
                let of_user =
                    |object: &Value| object["Name"] == "/proc-top" || object["metadata"]["namespace"] == "payroll";
                let object = match list.as_array().map(|list| list.iter().position(of_user).unwrap()) {
                    Some(number) => &mut list[number],
                    None => list,
                };
                let at = field.iter().fold(object, |at, key| &mut at[*key]);
                *at = value.clone();
            });
            let after = crate::common::assess_files(&snapshot.list());
            for rule in &after.rules {
                let before = crate::common::rule(&base, &rule.id).status;
                assert!(!lets_off(rule.status) || before == rule.status, "{path} {field:?} = {value}: {}", rule.id);
            }
            let redacted = value == "(redacted)" || *value == json!([[]]) || *value == json!(-1);
            for id in ids.iter().filter(|_| redacted) {
                let status = crate::common::rule(&after, id).status;
                assert!(!lets_off(status), "{path} {field:?} = {value}: {id} is {status:?}");
            }
        }
    }
}
