//! What the collector keeps, against what rules read, and against the lists that the collector carries.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use mke_stig::assess::{FieldsRead, fields_read};
use mke_stig::layout::{Covered, FLAGS, Kept, Kind, WORDS, lists};
use mke_stig::rules::Pack;

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
        ("docker.config", "Spec.Data"),
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
        ("kube.ConfigMap", "data"),
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

/// The rules that read a field or what is inside it or around it.
fn readers(read: &FieldsRead, kind: &Kind, field: &[String]) -> BTreeSet<String> {
    let touches = |keys: &[String]| keys.iter().zip(field).all(|(key, own)| key == own || own == "*");
    let of_kind = read.iter().filter(|((known, keys), _)| known == kind && touches(keys));
    of_kind.flat_map(|(_, rules)| rules.iter().cloned()).collect()
}

fn wrapped(words: &[&str]) -> String {
    textwrap(&words.join(" "), 100)
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
         # (not kept) stands for its value. Generated from the program's table of kinds; --explain prints them.\n\
         #\n\
         # `= name key members` begins the list of a kind, whose objects lie below the key (- for none).\n\
         # `path @name` stands for every line of the section @name. In a path * is any key; lists are entered.\n\
         # `+ path a b` are the fields path.a and path.b (. for none), which no rule reads yet.\n\
         # Behind a path: =name only that there is a value, =flags of a command line the flags in FLAGS,\n\
         # =path only a path of the host, =words only the words that a rule looks for; then the rules.\n\
         # shellcheck disable=SC2034\n\
         LISTS='{text}'\n\
         # Flags of MKE's own components that are kept with their values.\n\
         # shellcheck disable=SC2034\n\
         FLAGS='{}'\n\
         # Words that are kept whole.\n\
         # shellcheck disable=SC2034\n\
         WORDS='{}'\n",
        wrapped(FLAGS),
        wrapped(WORDS),
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
