//! What the collector keeps, against what rules read, and against the lists that the collector carries.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::common::snapshot::{Snapshot, ssp};
use crate::common::{assess_with, rule, statuses};
use crate::pack::folder;
use mke_stig::assess::{FieldsRead, case_result, fields_read};
use mke_stig::facts::Source;
use mke_stig::layout::{Covered, Encoding, FLAGS, Kept, Kind, TextForm, WORDS, case_path, lists};
use mke_stig::model::assessment::{RuleResult, Status};
use mke_stig::rules::{CaseFacts, CaseInput, Cases, Pack, read_rule};
use mke_stig::ssp::Ssp;
use serde_json::{Value, json};

/// Members that pass no filter of the lists.
const UNFILTERED: [&str; 2] = ["ping.json", "docker-socket.txt"];

const CERTIFICATES: [&str; 2] = ["ca.pem", "tls-chain.pem"];

fn script_part(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("collector-scripts").join(name)
}

#[test]
fn every_field_that_a_rule_reads_is_kept() {
    let mut read = 0;
    for ((kind, keys), rules) in fields_read(&Pack::embedded()) {
        if !kind.is_collected() {
            continue;
        }
        read += 1;
        let covered = kind.selection().covers(&keys);
        assert_ne!(covered, Covered::Dropped, "{kind} {} of {rules:?}", keys.join("."));
    }
    assert!(read > 200, "{read}");
}

#[test]
fn what_recognizes_and_names_an_object_is_kept() {
    for kind in Kind::all().filter(Kind::is_collected) {
        for field in kind.recognizable_fields() {
            let path: mke_stig::facts::FieldPath = field.parse().unwrap();
            let covered = kind.selection().covers(path.keys());
            assert_ne!(covered, Covered::Dropped, "{kind}: {field}");
        }
    }
}

#[test]
fn no_list_keeps_what_holds_secrets() {
    let never = [
        ("docker.container", "Config.Env"),
        ("docker.container", "Config.Cmd"),
        ("docker.container", "Config.Entrypoint"),
        ("docker.container", "Config.Healthcheck.Test"),
        ("docker.container", "Path"),
        ("docker.container", "State.Health.Log"),
        ("docker.service", "Spec.TaskTemplate.ContainerSpec.Env"),
        ("docker.service", "Spec.TaskTemplate.ContainerSpec.Args"),
        ("docker.service", "Spec.TaskTemplate.ContainerSpec.Command"),
        ("docker.info", "HttpProxy"),
        ("docker.info", "Swarm.Cluster.JoinTokens"),
        ("kube.Pod", "spec.containers.env.value"),
        ("kube.Pod", "spec.containers.command"),
        ("kube.Pod", "spec.containers.args"),
        ("kube.Pod", "spec.containers.livenessProbe"),
        ("kube.Pod", "spec.containers.lifecycle"),
        ("kube.Pod", "metadata.annotations.note"),
        ("kube.Pod", "metadata.labels.password"),
        ("kube.Pod", "status.containerStatuses.lastState.terminated.message"),
        ("kube.Secret", "data"),
        ("kube.PersistentVolume", "spec.csi.volumeAttributes"),
        ("kube.ValidatingWebhookConfiguration", "webhooks.clientConfig.url"),
        ("mke.config", "auth.external_identity_provider.clientSecret"),
        ("mke.config", "auth.samlProxy.credentials"),
        ("msr.settings", "storage"),
    ];
    for (kind, path) in never {
        let keys: Vec<String> = path.split('.').map(str::to_owned).collect();
        let covered = Kind::named(kind).unwrap().selection().covers(&keys);
        assert!(matches!(covered, Covered::Dropped) || path.contains("etadata"), "{kind} {path}: {covered:?}");
        assert_ne!(covered, Covered::Kept, "{kind} {path}");
    }
}

#[test]
fn what_holds_secrets_is_asked_for_only_where_a_rule_reads_its_name() {
    let read = fields_read(&Pack::embedded());
    for name in ["docker.config", "docker.secret", "kube.ConfigMap", "kube.Secret"] {
        let kind = Kind::named(name).unwrap();
        assert_eq!(kind.is_collected(), read.keys().any(|(known, _)| *known == kind), "{name}");
    }
}

/// The rules that read a field or what is inside it or around it.
fn readers(read: &FieldsRead, kind: &Kind, field: &[String]) -> BTreeSet<String> {
    let touches = |keys: &[String]| keys.iter().zip(field).all(|(key, own)| key == own || own == "*");
    let of_kind = read.iter().filter(|((known, keys), _)| known == kind && touches(keys));
    of_kind.flat_map(|(_, rules)| rules.iter().cloned()).collect()
}

/// Words as the shell's variable, on lines that fit.
fn variable(name: &str, words: &[&str]) -> String {
    let text = textwrap(&words.join(" "), 96);
    let mut lines = text.lines();
    let mut out = format!("# shellcheck disable=SC2034\n{name}='{}'\n", lines.next().unwrap_or_default());
    lines.for_each(|line| out.extend([name, "=\"$", name, " ", line, "\"\n"]));
    out
}

fn textwrap(text: &str, width: usize) -> String {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let last = lines.last_mut().unwrap();
        if !last.is_empty() && last.len() + word.len() + 1 > width {
            lines.push(word.to_owned());
        } else {
            last.extend([if last.is_empty() { "" } else { " " }, word]);
        }
    }
    lines.join("\n")
}

/// The part of the collector that holds the lists.
fn part() -> String {
    let read = fields_read(&Pack::embedded());
    let text = lists(&|kind, field| readers(&read, kind, field));
    assert!(!text.contains('\''));
    format!(
        "# The lists of what is kept. Of a field that no line names, only the name leaves the cluster, and\n\
         # (present) stands for its value. Generated from the program's table of kinds; --explain prints them.\n\
         #\n\
         # `= name key members` begins the list of a kind, whose objects lie below the key (- for none).\n\
         # `path @name` stands for every line of the section @name. In a path * is any key; lists are entered.\n\
         # `+ path a b` are the fields path.a and path.b (. for none), which no rule reads yet.\n\
         # Behind a path: =name only that there is a value, =flags of a command line the flags in FLAGS,\n\
         # =path only a path of the host, =words only the words that a rule looks for; then the rules.\n\
         # shellcheck disable=SC2034\n\
         LISTS='{text}'\n\
         # Flags of MKE's own components that are kept with their values.\n\
         {}\
         # Words that are kept whole.\n\
         {}",
        variable("FLAGS", FLAGS),
        variable("WORDS", WORDS),
    )
}

#[test]
fn the_collector_carries_the_lists_of_the_table() {
    let (path, made) = (script_part("src/lists.sh"), part());
    assert!(made.lines().all(|line| line.len() <= 120), "{:?}", made.lines().find(|line| line.len() > 120));
    if std::env::var_os("UPDATE_COLLECTOR").is_some() {
        fs::write(&path, &made).unwrap();
    }
    let carried = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        made == carried,
        "run UPDATE_COLLECTOR=1 cargo test --test suite selection, then collector-scripts/assemble.sh"
    );
}

#[test]
fn flags_and_paths_are_kept_only_where_a_list_says_so() {
    let mut flags = Vec::new();
    for kind in Kind::all() {
        for field in kind.selection().fields() {
            if field.kept == Kept::Flags {
                flags.push(format!("{kind} {}", field.keys.join(".")));
            }
        }
    }
    assert!(flags.contains(&"docker.container Args".to_owned()), "{flags:?}");
    assert_eq!(
        flags.iter().filter(|flag| !flag.starts_with("mke.config cluster_config.custom_")).count(),
        1,
        "{flags:?}"
    );
}

/// What the collector's filter keeps of a member.
fn selected(member: &str, content: &[u8]) -> Vec<u8> {
    let mut child = Command::new("sh")
        .arg(script_part("mke-collect.sh"))
        .args(["select", member])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let content = content.to_vec();
    let writer = std::thread::spawn(move || input.write_all(&content));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    // 3: of what is not the member that it should be, some may stay
    assert!(matches!(output.status.code(), Some(0 | 3)), "{member}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

#[test]
fn verdicts_are_the_same_of_what_is_kept() {
    for (whole, ssp) in [(Snapshot::sample(), Ssp::default()), (Snapshot::passing(), ssp())] {
        let mut kept = whole.clone();
        let mut dropped = 0;
        for (path, content) in whole.list() {
            let name = path.rsplit('/').next().unwrap_or_default();
            if name == "manifest.jsonl"
                || UNFILTERED.contains(&name)
                || path == "cluster/mke/version.json"
                || CERTIFICATES.contains(&name)
            {
                continue;
            }
            let text = selected(&path, &content);
            dropped += String::from_utf8_lossy(&text).matches("(present)").count();
            kept.set(&path, text);
        }
        assert!(dropped > 800, "{dropped}");
        let assess = |snapshot: &Snapshot| {
            let files = Source::Files { name: "in".to_owned(), files: snapshot.list() };
            assess_with(&[files], ssp.clone())
        };
        let (before, after) = (assess(&whole), assess(&kept));
        assert_eq!(statuses(&before), statuses(&after));
        for result in &before.rules {
            let now = rule(&after, &result.id);
            assert_eq!(
                (result.checked, result.failed, &result.reason),
                (now.checked, now.failed, &now.reason),
                "{}",
                result.id
            );
        }
    }
}

/// What is kept of the facts of cases: documents of one kind pass the filter together, texts one by one.
fn kept_of_cases(cases: &mut [(String, CaseInput)]) {
    let mut documents: BTreeMap<Kind, Vec<Value>> = BTreeMap::new();
    let mut texts: BTreeMap<(String, String), Value> = BTreeMap::new();
    let facts_of = |cases: &mut [(String, CaseInput)], work: &mut dyn FnMut(&mut CaseFacts, String)| {
        for facts in cases.iter_mut().flat_map(|(_, case)| &mut case.facts) {
            let node = facts.node.as_ref().map(|_| "n");
            match case_path(&facts.kind, node).filter(|_| facts.kind.is_collected()) {
                Some(member) if !UNFILTERED.contains(&member.rsplit('/').next().unwrap_or_default()) => {
                    work(facts, member);
                }
                _ => {}
            }
        }
    };
    let mut members = BTreeMap::new();
    facts_of(cases, &mut |facts, member| match facts.kind.encoding() {
        Encoding::Json | Encoding::JsonUnder(_) => {
            members.entry(facts.kind.clone()).or_insert(member);
            documents.entry(facts.kind.clone()).or_default().extend(facts.objects.iter().cloned());
        }
        Encoding::Text(form) if form != TextForm::Certificates => {
            for text in &mut facts.objects {
                let whole = text.as_str().unwrap_or_default().trim_end_matches('\n').to_owned() + "\n";
                let now = texts.entry((member.clone(), whole)).or_insert_with_key(|(member, whole)| {
                    String::from_utf8(selected(member, whole.as_bytes())).unwrap().into()
                });
                *text = now.clone();
            }
        }
        Encoding::Toml => {
            for table in &mut facts.objects {
                let whole = toml::to_string(table).unwrap();
                let now = texts.entry((member.clone(), whole)).or_insert_with_key(|(member, whole)| {
                    let text = String::from_utf8(selected(member, whole.as_bytes())).unwrap();
                    toml::from_str(&text).unwrap_or_else(|why| panic!("{why}: {text}"))
                });
                *table = now.clone();
            }
        }
        Encoding::Text(_) | Encoding::KeyValue => {}
    });
    for (kind, objects) in &mut documents {
        let count = objects.len();
        let of_list = |objects: Vec<Value>| match kind.encoding() {
            Encoding::JsonUnder(key) => json!({ key: objects }),
            _ => Value::Array(objects),
        };
        let text = selected(&members[kind], of_list(std::mem::take(objects)).to_string().as_bytes());
        let mut document: Value = serde_json::from_slice(&text).unwrap();
        if let Encoding::JsonUnder(key) = kind.encoding() {
            document = document[key].take();
        }
        objects.clone_from(document.as_array().unwrap());
        assert_eq!(objects.len(), count, "{kind}");
        objects.reverse();
    }
    facts_of(cases, &mut |facts, _| {
        if let Some(left) = documents.get_mut(&facts.kind) {
            facts.objects.iter_mut().for_each(|object| *object = left.pop().unwrap());
        }
    });
}

#[test]
fn verdicts_of_the_cases_are_the_same_of_what_is_kept() {
    let pack = Pack::embedded();
    let cases = Cases::read(folder()).unwrap();
    let whole: Vec<(String, CaseInput)> = cases
        .of_rules
        .iter()
        .flat_map(|(id, of_rule)| of_rule.cases.iter().map(|case| (id.clone(), case.input.clone())))
        .collect();
    let mut kept = whole.clone();
    kept_of_cases(&mut kept);
    let mut changed = 0;
    let mut different = Vec::new();
    for ((id, before), (_, after)) in whole.iter().zip(&kept) {
        if before.facts.iter().zip(&after.facts).all(|(before, after)| before.objects == after.objects) {
            continue;
        }
        changed += 1;
        let rule = pack.rules.iter().find(|rule| rule.id == *id).unwrap();
        let [before, after] = [before, after].map(|case| case_result(&pack, rule, case).unwrap());
        let said = |result: &RuleResult| (result.status, result.reason.as_ref().map(|reason| reason.code));
        if said(&before) != said(&after) {
            different.push(format!("{id}: {:?} -> {:?} {:?}", said(&before), said(&after), after.reason));
        }
    }
    assert!(whole.len() > 500 && changed > 50, "{changed} of {}", whole.len());
    assert!(different.is_empty(), "{}", different.join("\n"));
}

/// A container of which a collector kept little, with the remark in the place of what it did not keep.
fn little_kept(mark: &str) -> serde_json::Value {
    json!({
        "Id": "a".repeat(64), "Name": "/web", "Image": "sha256:1", "State": { "Running": true },
        "Config": { "Image": "app/web:1", "Cmd": mark, "Healthcheck": mark, "Env": [], "Labels": { "tier": mark } },
        "HostConfig": { "Mounts": [{ "Type": "bind", "Other": mark }], "Devices": [{ "A": mark }] },
        "Args": [mark, format!("--anonymous-auth=false {mark}")],
    })
}

#[test]
fn a_rule_that_reads_what_is_not_kept_names_the_option_that_keeps_it() {
    for mark in ["(present)", "(not kept)"] {
        what_is_not_kept_is_told(&little_kept(mark));
    }
}

fn what_is_not_kept_is_told(object: &serde_json::Value) {
    let judged = |must: &str| {
        let text = format!(
            "id: X-1\nseverity: low\ntitle: t\nwhy: w\nhow: h\nfix: f\nreading: r\nchecks:\n  - name: c\n    \
             each: docker.container\n    {must}\n"
        );
        let rule = read_rule("X-1.yaml", &text).unwrap_or_else(|problems| panic!("{must}: {}", problems[0].line()));
        let facts = CaseFacts {
            kind: Kind::named("docker.container").unwrap(),
            node: Some("wrk-1".to_owned()),
            objects: vec![object.clone()],
        };
        let case = CaseInput { nodes: vec!["wrk-1".to_owned()], facts: vec![facts], ..CaseInput::default() };
        let result = case_result(&Pack::embedded(), &rule, &case).unwrap();
        (result.status, result.reason.map(|reason| reason.text).unwrap_or_default())
    };
    for (must, field) in [
        ("must: { Config.Cmd: { lacks: x, absent: holds } }", "Config.Cmd"),
        ("must: { Config.Healthcheck.Test: { lacks: x, absent: holds } }", "Config.Healthcheck.Test"),
        ("must: { Config.Healthcheck.Test: { exists: false } }", "Config.Healthcheck.Test"),
        ("must: { Config.Labels: { none: { matches: x } } }", "Config.Labels"),
        ("must: { HostConfig.Mounts: { none: { Other: { matches: x } } } }", "HostConfig.Mounts.Other"),
        ("must: { HostConfig.Mounts: { none: { Other.Deep: { exists: true } } } }", "HostConfig.Mounts.Other.Deep"),
        ("must: { Args: { none: { matches: '--token=' } } }", "Args"),
        ("must: { Args: { lacks: x } }", "Args"),
        (
            "expr: self.HostConfig.Devices == [] || self.Name == 'x'\n    fields: [HostConfig.Devices, Name]\n    wanted: none",
            "HostConfig.Devices",
        ),
    ] {
        let (status, reason) = judged(must);
        assert_eq!(status, Status::NotReviewed, "{must}: {reason}");
        let wanted = format!("The collector does not keep this field; collect with `--keep docker.container:{field}`");
        assert!(reason.contains(&wanted), "{must}: {reason}");
    }
    for (must, status) in [
        ("must: { Config.Cmd: { exists: true } }", Status::NotAFinding),
        ("must: { Config.Cmd: { empty: true } }", Status::Open),
        ("must: { Config.Env: { empty: true } }", Status::NotAFinding),
        ("must: { Config.Entrypoint: { exists: false } }", Status::NotAFinding),
        ("must: { Args: { none: { matches: 'auth=true', not_kept: other } } }", Status::NotAFinding),
        ("must: { Args: { none: { matches: 'auth=false', not_kept: other } } }", Status::Open),
        ("must: { HostConfig.Mounts: { every: { Type: bind } } }", Status::NotAFinding),
    ] {
        assert_eq!(judged(must).0, status, "{must}");
    }
}
