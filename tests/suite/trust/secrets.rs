//! Kind 10: what cannot be read is told without its values. A secret stands where each parser stops.

use super::base::{Base, keep_files};
use super::known::{Fault, settle};
use crate::common::in_parallel;
use crate::common::snapshot::Files;

/// The word in every secret.
const SECRET: &str = "CANARY-8d1f";

/// Texts that a parser stops in, with the secret before, at and behind the place.
///
/// A value of another type in a field that a rule reads is not among them: the value of such a field is
/// evidence, and evidence is shown.
fn broken(path: &str) -> Vec<(&'static str, String)> {
    if path.ends_with(".toml") {
        return vec![
            (
                "a text that is not closed",
                format!("[auth]\nbackend = \"ldap\"\n[auth.ldap]\nreaderPassword = \"{SECRET}"),
            ),
            ("a value without quotes", format!("[auth]\nreaderPassword = {SECRET}\n[cluster_config]\n")),
            ("a line without a key", format!("[auth]\n{SECRET}\n[cluster_config]\n")),
            ("a key that stands twice", format!("[auth]\n{SECRET} = 1\n{SECRET} = 2\n[cluster_config]\n")),
        ];
    }
    vec![
        ("a text that is not closed", format!("[{{\"Id\":\"a\",\"password\":\"{SECRET}")),
        ("a value without quotes", format!("[{{\"Id\":\"a\",\"password\":{SECRET}}}]")),
        ("a key without quotes", format!("[{{{SECRET}: 1}}]")),
        ("a text in the place of an object", format!("[\"{SECRET}\"]")),
        ("a text in the place of the list", format!("\"{SECRET}\"")),
        ("a line before the list", format!("token={SECRET}\n[]")),
        ("an error with a value", format!("error: invalid token {SECRET}\n")),
        ("a page", format!("<html><title>{SECRET}</title></html>")),
        ("YAML that is not closed", format!("kind: List\nitems:\n- token: \"{SECRET}\n")),
        ("YAML with a tag", format!("kind: List\nitems: !{SECRET} []\n")),
        ("a number that is none", format!("[{{\"Containers\":1e{SECRET}}}]")),
    ]
}

#[test]
fn no_message_quotes_what_cannot_be_read() {
    let base = Base::sample();
    let members = [
        "cluster/mke/config.toml",
        "cluster/mke/ldap.json",
        "cluster/mke/accounts.json",
        "cluster/docker/services.json",
        "cluster/docker/version.json",
        "cluster/kubectl/pods.json",
        "nodes/wrk-2/docker/containers.json",
        "nodes/wrk-2/docker/info.json",
        "nodes/wrk-2/docker/images.json",
        "nodes/wrk-2/docker/daemon.json",
        "pods.yaml",
        "manifest.jsonl",
    ];
    let trials: Vec<(&str, &str, String)> =
        members.iter().flat_map(|path| broken(path).into_iter().map(|(name, text)| (*path, name, text))).collect();
    let found = in_parallel(&trials, |(path, name, text)| {
        let mut snapshot = base.snapshot.clone();
        let mut files: Files = if *path == "manifest.jsonl" {
            snapshot.files()
        } else {
            snapshot.set(path, text.as_str());
            snapshot.files()
        };
        files.insert((*path).to_owned(), text.clone().into_bytes());
        let told = match base.try_files(&files) {
            Ok(assessment) => serde_json::to_string(&assessment).unwrap(),
            Err(error) => error.to_string(),
        };
        let at = told.find(SECRET)?;
        keep_files(base, name, "told", &[&files]);
        let from = (0..=at.saturating_sub(60)).rev().find(|at| told.is_char_boundary(*at))?;
        let detail = format!("{path}: …{}", told[from..].chars().take(90).collect::<String>());
        Some(Fault {
            what: format!("{name} in {}", path.rsplit('/').next()?),
            kind: 10,
            rule: "a secret is told".into(),
            detail,
        })
    });
    settle("secrets", &found.into_iter().flatten().collect::<Vec<_>>());
}
