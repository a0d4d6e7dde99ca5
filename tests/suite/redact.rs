//! Redacting: no name of the map is left in any form that a reader would decode, every verdict is kept, and a map makes two
//! snapshots agree.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read, Write};
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use flate2::read::GzDecoder;
use mke_stig::archive::{Budget, Error, Flow, read_input};
use regex::bytes::Regex;

use crate::common::archives::gz;
use crate::common::snapshot::Snapshot;
use crate::common::{Ran, names_in, program, require};

/// In every name that is planted, and in nothing else.
const CANARY: &str = "zq";

fn run_in(folder: &Path, line: &str) -> Ran {
    let output = program().current_dir(folder).args(line.split(' ')).output().unwrap();
    Ran {
        code: output.status.code().unwrap(),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

fn members(path: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    read_input::<Error>(path, &Budget::default(), &mut |_| {}, &mut |member, reader| {
        let mut bytes = Vec::new();
        reader.read_to_end(&mut bytes).unwrap();
        found.insert(member.path.clone(), bytes);
        Ok(Flow::Continue)
    })
    .unwrap();
    found
}

/// Everything that a reader could decode in some bytes, the bytes themselves first. Written anew here: the program's own
/// decoders are what is tested.
fn decoded(bytes: &[u8], depth: u32, all: &mut Vec<Vec<u8>>) {
    all.push(bytes.to_vec());
    if depth == 0 {
        return;
    }
    if bytes.starts_with(&[0x1f, 0x8b]) {
        let mut text = Vec::new();
        if GzDecoder::new(bytes).read_to_end(&mut text).is_ok() {
            decoded(&text, depth - 1, all);
        }
    }
    let text = String::from_utf8_lossy(bytes);
    let joined = text.replace("\\n", "").replace('\n', "");
    let runs = Regex::new(r"[A-Za-z0-9+/_-]{6,}={0,2}").unwrap();
    for text in [text.as_ref(), &joined] {
        for run in runs.find_iter(text.as_bytes()) {
            for engine in [&STANDARD, &STANDARD_NO_PAD, &URL_SAFE, &URL_SAFE_NO_PAD] {
                if let Ok(inner) = engine.decode(run.as_bytes()) {
                    decoded(&inner, depth - 1, all);
                }
            }
        }
    }
    for run in Regex::new(r"(?:[0-9a-fA-F]{2}){3,}").unwrap().find_iter(bytes) {
        let digits = std::str::from_utf8(run.as_bytes()).unwrap();
        all.push(
            (0..digits.len() / 2).map(|at| u8::from_str_radix(&digits[2 * at..2 * at + 2], 16).unwrap()).collect(),
        );
    }
    let escape = Regex::new(r"%([0-9a-fA-F]{2})|\\+u00([0-9a-fA-F]{2})|\\x([0-9a-fA-F]{2})").unwrap();
    let plain = escape.replace_all(bytes, |found: &regex::bytes::Captures<'_>| {
        let digits = (1..4).find_map(|number| found.get(number)).unwrap();
        vec![u8::from_str_radix(std::str::from_utf8(digits.as_bytes()).unwrap(), 16).unwrap()]
    });
    all.push(plain.into_owned());
}

fn holds(bytes: &[u8], name: &str) -> bool {
    let mut all = Vec::new();
    decoded(bytes, 3, &mut all);
    all.iter().any(|bytes| {
        let lower = bytes.to_ascii_lowercase();
        lower.windows(name.len()).any(|window| window == name.as_bytes())
    })
}

/// The sample with names of its own in every form.
fn planted() -> Snapshot {
    let mut snapshot = Snapshot::sample();
    let mut packed = Vec::new();
    packed.write_all(b"{\"host\":\"zqhost-7\"}").unwrap();
    let note = [
        "on zqhost-7.enclave.zqcorp.mil by zqperson",
        &format!("Basic {}", STANDARD.encode("zqperson:none")),
        &URL_SAFE_NO_PAD.encode("host=zqhost-7;addr=10.99.88.77"),
        &STANDARD.encode(gz(&packed)),
        "https://zqhost-7.enclave.zqcorp.mil:6443/x?user=%7Aqperson&ns=zqspace",
        "7a71686f73742d37",
        "proctitle=2F62696E2F7A71686F73742D37002D61",
        "{\\\"node\\\":\\\"zqhost-7\\\",\\\"line\\\":\\\"a\\\\nzqhost-7\\\"}",
        "cn=zqperson,ou=People,dc=zqcorp,dc=mil",
        "ZQHOST-7 zqhost-7_data pod-on-zqhost-7-x 10.99.88.77:443 fd00:99::77 02:99:88:77:66:55",
        "mail zqperson@zqcorp.mil",
    ];
    snapshot.change("cluster/kubectl/pods.json", |pods| {
        let mut pod = pods["items"].as_array().unwrap().last().unwrap().clone();
        pod["metadata"]["name"] = "zqpod-on-zqhost-7".replace("zqpod", "web").into();
        pod["metadata"]["uid"] = "11111111-2222-3333-4444-555555555555".into();
        pod["metadata"]["namespace"] = "zqspace".into();
        pod["metadata"]["annotations"] = serde_json::json!({ "note": note.join(" "), "zqspace/x": "y" });
        pod["spec"]["nodeName"] = "zqhost-7".into();
        pod["spec"]["containers"][0]["image"] = "zqreg.zqcorp.mil:5000/zqteam/zqimage:1.2".into();
        pods["items"].as_array_mut().unwrap().push(pod);
    });
    let pods = String::from_utf8(snapshot.members["cluster/kubectl/pods.json"].clone()).unwrap();
    snapshot
        .set("cluster/kubectl/pods.json", pods.replacen("on zqhost-7.enclave", "on \\u007aq\\u0068ost-7.enclave", 1));
    snapshot.change("cluster/kubectl/namespaces.json", |spaces| {
        let mut space = spaces["items"][0].clone();
        space["metadata"]["name"] = "zqspace".into();
        spaces["items"].as_array_mut().unwrap().push(space);
    });
    snapshot.set("nodes/wrk-2/host/docker-group.txt", "docker:x:983:svc-collect,zqperson\n");
    snapshot
}

#[test]
fn no_listed_name_is_left_and_every_verdict_stays() {
    let desk = tempfile::tempdir().unwrap();
    planted().write(&desk.path().join("snap"));
    assert!(members(&desk.path().join("snap")).values().any(|bytes| holds(bytes, CANARY)));
    let ran = run_in(desk.path(), "redact snap -o out.tar.zst --map map.yaml");
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.contains("all 44 rules have the same status, reason and counts before and after"), "{}", ran.out);
    let map = fs::read_to_string(desk.path().join("map.yaml")).unwrap();
    for name in
        ["zqhost-7", "zqcorp.mil", "zqperson", "10.99.88.77", "zqteam/zqimage", "zqspace", "wrk-2", "d.nakamura"]
    {
        assert!(map.contains(&format!("{name}: ")), "the map lacks {name}: {map}");
    }
    // Digests and what is not text can hold two letters by chance; the whole names are looked for in these.
    let names =
        ["zqhost", "zqcorp", "zqperson", "zqteam", "zqimage", "zqspace", "zqreg", "10.99.88.77", "wrk-2", "nakamura"];
    for (path, bytes) in members(&desk.path().join("out.tar.zst")) {
        for name in names {
            assert!(!path.contains(name), "{path}");
            assert!(!holds(&bytes, name), "{name} is in {path}");
        }
    }
    let verified = run_in(desk.path(), "verify out.tar.zst");
    assert_eq!(verified.code, run_in(desk.path(), "verify snap").code, "{verified:?}");
    assert_eq!(names_in(desk.path()), ["map.yaml", "out.tar.zst", "snap"]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(desk.path().join("map.yaml")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "the map is private");
    }
}

#[test]
fn a_map_is_used_again_and_the_same_bytes_come_out() {
    let desk = tempfile::tempdir().unwrap();
    planted().write(&desk.path().join("snap"));
    Snapshot::sample().write(&desk.path().join("old"));
    assert_eq!(run_in(desk.path(), "redact old -o one.tar --map map.yaml").code, 0);
    let first = fs::read_to_string(desk.path().join("map.yaml")).unwrap();
    let line = first.lines().find(|line| line.contains("wrk-2: ")).unwrap().to_owned();
    assert_eq!(run_in(desk.path(), "redact snap -o two.tar --map map.yaml").code, 0);
    let second = fs::read_to_string(desk.path().join("map.yaml")).unwrap();
    assert!(second.contains(&line) && second.contains("zqhost-7: "), "{second}");
    assert_eq!(run_in(desk.path(), "redact old -o three.tar --map map.yaml").code, 0);
    assert!(fs::read(desk.path().join("one.tar")).unwrap() == fs::read(desk.path().join("three.tar")).unwrap());
}

#[test]
fn what_is_refused_leaves_nothing() {
    let desk = tempfile::tempdir().unwrap();
    Snapshot::sample().write(&desk.path().join("snap"));
    let refused = |line: &str| run_in(desk.path(), line).trouble().to_owned();
    assert!(refused("redact snap -o out.zip --map m.yaml").contains("must end in .tar"));
    assert!(refused("redact snap -o snap/out.tar --map m.yaml").contains("would lie in the snapshot"));
    assert!(refused("redact snap -o out.tar --map out.tar").contains("must be another file"));
    assert!(refused("redact nosuch -o out.tar --map m.yaml").contains("nosuch"));
    // A name on which verdicts hang: the mode of the socket is no longer what it was.
    fs::write(desk.path().join("bad.yaml"), "people: {docker.sock: person-x}\n").unwrap();
    let said = refused("redact snap -o out.tar --map bad.yaml");
    assert!(said.contains("gives another assessment") && said.contains("V-2609"), "{said}");
    fs::write(desk.path().join("broken.yaml"), "hosts: [secret-name").unwrap();
    let said = refused("redact snap -o out.tar --map broken.yaml");
    assert!(!said.contains("secret-name"), "{said}");
    assert_eq!(names_in(desk.path()), ["bad.yaml", "broken.yaml", "snap"]);
}

#[test]
fn names_in_certificates_are_replaced() {
    if !require("openssl") {
        return;
    }
    let desk = tempfile::tempdir().unwrap();
    let made = std::process::Command::new("openssl")
        .args("req -x509 -newkey rsa:2048 -nodes -keyout /dev/null -out c.pem -days 30 -subj /CN=zqhost-7.enclave.zqcorp.mil".split(' '))
        .args(["-addext", "subjectAltName=DNS:zqhost-7.enclave.zqcorp.mil,IP:10.99.88.77"])
        .current_dir(desk.path())
        .output()
        .unwrap();
    assert!(made.status.success(), "{made:?}");
    let mut snapshot = Snapshot::sample();
    let pem = fs::read(desk.path().join("c.pem")).unwrap();
    snapshot.set("cluster/msr/tls-chain.pem", pem);
    snapshot.write(&desk.path().join("snap"));
    let ran = run_in(desk.path(), "redact snap -o out.tar --map map.yaml");
    assert_eq!(ran.code, 0, "{ran:?}");
    let members = members(&desk.path().join("out.tar"));
    let pem = &members["cluster/msr/tls-chain.pem"];
    assert!(!holds(pem, "zqcorp"));
    fs::write(desk.path().join("new.pem"), pem).unwrap();
    let shown = std::process::Command::new("openssl")
        .args(["x509", "-in", "new.pem", "-noout", "-subject", "-ext", "subjectAltName"])
        .current_dir(desk.path())
        .output()
        .unwrap();
    let shown = String::from_utf8_lossy(&shown.stdout).into_owned();
    assert!(shown.contains("domain-") && !shown.contains("10.99.88.77") && !shown.contains("zq"), "{shown}");
}
