//! Nothing is linked that could call home, and nothing does.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::common::desk::{EVERY, desk, run_in};
use crate::common::{contents, require, skip};

/// Crates that open sockets, or exist to.
const BANNED: &[&str] = &[
    "actix-web",
    "async-io",
    "async-net",
    "async-std",
    "attohttpc",
    "awc",
    "axum",
    "curl",
    "curl-sys",
    "git2",
    "h2",
    "h3",
    "hickory-client",
    "hickory-resolver",
    "http",
    "hyper",
    "hyper-util",
    "isahc",
    "jsonschema",
    "lettre",
    "libgit2-sys",
    "libssh2-sys",
    "minreq",
    "mio",
    "native-tls",
    "nng",
    "openssl",
    "openssl-sys",
    "opentelemetry",
    "postgres",
    "quinn",
    "redis",
    "reqwest",
    "rouille",
    "rustls",
    "schannel",
    "security-framework",
    "self_update",
    "sentry",
    "smol",
    "socket2",
    "ssh2",
    "surf",
    "tiny_http",
    "tokio",
    "tonic",
    "trust-dns-resolver",
    "tungstenite",
    "ureq",
    "warp",
    "zmq",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn no_crate_in_the_lock_file_speaks_to_a_network() {
    let lock = std::fs::read_to_string(root().join("Cargo.lock")).unwrap();
    let names: Vec<&str> = lock.lines().filter_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"')).collect();
    assert!(names.len() > 50 && names.contains(&"serde_json"), "the lock file is read");
    let found: Vec<&&str> = names.iter().filter(|name| BANNED.contains(name)).collect();
    assert!(found.is_empty(), "{found:?} must not be linked");
}

#[test]
fn no_source_file_opens_a_socket_or_runs_another_program() {
    let mut folders = vec![root().join("src")];
    let mut files = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            files += 1;
            let text = std::fs::read_to_string(&path).unwrap();
            for word in ["std::net", "std::os::unix::net", "TcpStream", "UdpSocket", "UnixStream", "process::Command"] {
                assert!(!text.contains(word), "{} uses {word}", path.display());
            }
        }
    }
    assert!(files > 50);
}

#[test]
fn no_socket_is_opened() {
    if !require("strace") {
        return;
    }
    let desk = desk();
    let trace = desk.path().join("trace");
    fs::create_dir(desk.path().join("out")).unwrap();
    let lines = EVERY.iter().map(|one| one.line.replace("{out}", "out")).chain(["analyze /no/such/input".to_owned()]);
    for line in lines {
        let status = Command::new("strace")
            .args(["-f", "-qq", "-e", "trace=%network", "-o"])
            .arg(&trace)
            .arg(env!("CARGO_BIN_EXE_mke-stig"))
            .args(line.split(' '))
            .current_dir(desk.path())
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&status.stderr);
        if told.contains("PTRACE") || told.contains("ptrace") {
            let _ = skip("strace", "it may not trace here");
            return;
        }
        let traced = fs::read_to_string(&trace).unwrap();
        let calls: Vec<&str> = traced.lines().filter(|line| line.contains('(') && !line.contains("resumed")).collect();
        assert!(calls.is_empty(), "{line}: {calls:?}");
    }
}

#[test]
fn it_runs_without_a_network() {
    if !require("unshare") {
        return;
    }
    let desk = desk();
    for place in ["with", "without"] {
        fs::create_dir(desk.path().join(place)).unwrap();
    }
    for one in &EVERY {
        let output = Command::new("unshare")
            .args(["--user", "--map-root-user", "--net", env!("CARGO_BIN_EXE_mke-stig")])
            .args(one.line.replace("{out}", "without").split(' '))
            .current_dir(desk.path())
            .output()
            .unwrap();
        if !output.status.success() && String::from_utf8_lossy(&output.stderr).contains("unshare") {
            let _ = skip("unshare", "it may not make a network namespace here");
            return;
        }
        let with = run_in(desk.path(), &one.line.replace("{out}", "with"));
        assert_eq!(output.status.code(), Some(with.code), "{}: {with:?}", one.line);
        let out = String::from_utf8(output.stdout).unwrap();
        assert_eq!(out.replace("without/", "with/"), with.out, "{}", one.line);
    }
    assert!(contents(&desk.path().join("with")) == contents(&desk.path().join("without")));
}
