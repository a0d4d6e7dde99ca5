//! `mke-stig fix`: the plan names what fails, and no name of a snapshot is a command.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use mke_stig::facts::Source;
use mke_stig::report::{Choices, Format, render};
use proptest::prelude::*;
use serde_json::json;

use crate::common::lab::Lab;
use crate::common::snapshot::Snapshot;
use crate::common::{assess_sources, contents, run, sample_folder};

/// The plan of a snapshot, written into a folder of the lab.
fn plan(lab: &Lab, input: &Path) -> PathBuf {
    let out = lab.out();
    let ran = run(["fix".as_ref(), input.as_os_str(), "-o".as_ref(), out.as_os_str()]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.contains("Nothing was executed."), "{}", ran.out);
    out.join("fix")
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Lines of a script that are typed, behind its guard.
fn typed(script: &str) -> Vec<&str> {
    let (_, behind) = script.split_once("\nexit 2\n").expect("a script ends before its first command");
    behind.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect()
}

fn scripts(folder: &Path) -> Vec<(String, String)> {
    let files = contents(folder)
        .into_iter()
        .filter(|(path, _)| Path::new(path).extension().is_some_and(|extension| extension == "sh"));
    files.map(|(path, bytes)| (path, String::from_utf8(bytes).unwrap())).collect()
}

#[test]
fn the_plan_of_the_sample() {
    let lab = Lab::new();
    let folder = plan(&lab, &sample_folder());
    insta::assert_snapshot!("plan", text(&folder.join("plan.md")));
    insta::assert_snapshot!("node", text(&folder.join("nodes/wrk-2.sh")));
    insta::assert_snapshot!("manager", text(&folder.join("manager.sh")));
    let again = Lab::new();
    let again = plan(&again, &sample_folder());
    assert_eq!(contents(&folder), contents(&again), "the same snapshot gives the same bytes");
}

/// Commands that a rule states as they are, about what the product runs.
const IN_GENERAL: [&str; 2] = ["docker network inspect ingress", "docker network rm ingress"];

#[test]
fn commands_name_users_objects_and_nothing_that_the_product_runs() {
    let lab = Lab::new();
    let folder = plan(&lab, &sample_folder());
    for (path, script) in scripts(&folder) {
        for line in typed(&script) {
            // Images of an earlier release are MKE's own and removed all the same.
            let own = line.split(' ').any(|word| word.starts_with("ucp-") || word == "ingress");
            assert!(!own || IN_GENERAL.contains(&line), "{path}: {line}");
        }
    }
    let of_node = text(&folder.join("nodes/wrk-2.sh"));
    assert!(typed(&of_node).iter().any(|line| line.contains("hw-diag")), "{of_node}");
    let of_managers = text(&folder.join("manager.sh"));
    assert!(typed(&of_managers).iter().any(|line| line.ends_with(" log-shipper")), "{of_managers}");
}

/// Names that would do something if a shell took them for more than a word.
const HOSTILE: [&str; 12] = [
    "x; touch owned",
    "$(touch owned)",
    "`touch owned`",
    "x' ; touch owned ; '",
    "\"; touch owned; \"",
    "a\ntouch owned",
    "--privileged",
    "-rf",
    "x && touch owned",
    "x | touch owned #",
    "a > owned",
    "```\ntouch owned\n```",
];

/// A snapshot in which containers made by hand and containers of services have such names, and break rules.
fn hostile(lab: &Lab) -> PathBuf {
    let mut snapshot = Snapshot::sample().without_manifest();
    snapshot.change("nodes/wrk-2/docker/containers.json", |list| {
        for (number, name) in HOSTILE.iter().enumerate() {
            for (of, labels) in [("c", json!({})), ("s", json!({ "com.docker.swarm.service.name": name }))] {
                let behind = if of == "s" { ".1.t1" } else { "" };
                list.as_array_mut().unwrap().push(json!({
                    "Id": format!("{of}{number}"), "Name": format!("/{name}{behind}"),
                    "State": { "Status": "running", "Running": true },
                    "Config": { "Image": name, "Labels": labels },
                    "HostConfig": { "PidMode": "host", "Privileged": true, "NetworkMode": "host", "SecurityOpt": null },
                }));
            }
        }
    });
    snapshot.change("cluster/kubectl/namespaces.json", |list| {
        for name in HOSTILE {
            let namespace = json!({ "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": name } });
            list["items"].as_array_mut().unwrap().push(namespace);
        }
    });
    let input = lab.at("hostile");
    snapshot.write(&input);
    input
}

/// What the programs of the scripts were called with: each line of a script that holds `mark` is given to a shell that
/// knows no other programs.
fn called(lab: &Lab, folder: &Path, mark: &str) -> Vec<Vec<String>> {
    let programs = lab.at("programs");
    fs::create_dir_all(&programs).unwrap();
    let log = lab.at("called");
    for program in ["docker", "kubectl", "systemctl", "gpasswd", "setfacl", "touch"] {
        let recorder =
            format!("#!/bin/sh\n{{ printf '%s\\0' {program} \"$@\"; printf '\\n\\0'; }} >> '{}'\n", log.display());
        let path = programs.join(program);
        fs::write(&path, recorder).unwrap();
        let mode = <fs::Permissions as std::os::unix::fs::PermissionsExt>::from_mode(0o755);
        fs::set_permissions(&path, mode).unwrap();
    }
    for (_, script) in scripts(folder) {
        let lines: Vec<&str> = typed(&script).into_iter().filter(|line| line.contains(mark)).collect();
        let ran = Command::new("/bin/sh")
            .args(["-c", &lines.join("\n")])
            .current_dir(lab.at("programs"))
            .env_clear()
            .env("PATH", &programs)
            .output()
            .unwrap();
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    }
    assert!(!programs.join("owned").exists());
    let told = String::from_utf8(fs::read(&log).unwrap()).unwrap();
    let calls = told.split("\n\0").filter(|call| !call.is_empty());
    calls.map(|call| call.split('\0').filter(|word| !word.is_empty()).map(str::to_owned).collect()).collect()
}

#[test]
fn a_name_of_a_snapshot_is_never_a_command() {
    let lab = Lab::new();
    let folder = plan(&lab, &hostile(&lab));
    let calls = called(&lab, &folder, "touch owned");
    let named: Vec<&Vec<String>> = calls.iter().filter(|call| call.iter().any(|word| word.contains("owned"))).collect();
    assert!(named.len() > 10, "{calls:?}");
    for call in named {
        assert_ne!(call[0], "touch");
        let word = call.iter().find(|word| word.contains("owned")).unwrap();
        // A command may put something behind a name: it stays one word.
        assert!(HOSTILE.iter().any(|name| word.strip_suffix("-set-aside").unwrap_or(word) == *name), "{call:?}");
    }
    for (path, script) in scripts(&folder) {
        for line in typed(&script) {
            let option = line.split(' ').any(|word| word == "--privileged" || word == "-rf");
            assert!(!option, "{path}: {line}");
        }
    }
    let plan = text(&folder.join("plan.md"));
    for name in ["--privileged", "-rf"] {
        let told = plan.lines().any(|line| line.contains(name) && line.contains("cannot be typed"));
        assert!(told, "what no command names is told: {name}");
    }
    assert!(!plan.lines().any(|line| line.trim_start() == "touch owned"), "a name stays on its line");
}

#[test]
fn a_label_sends_no_command_elsewhere_and_hides_nothing() {
    let lab = Lab::new();
    let mut snapshot = Snapshot::sample().without_manifest();
    snapshot.change("nodes/wrk-2/docker/containers.json", |list| {
        for container in list.as_array_mut().unwrap() {
            let label = match container["Name"].as_str().unwrap() {
                "/hw-diag" => "com.docker.swarm.service.name",
                "/proc-top" => "io.kubernetes.pod.uid",
                _ => continue,
            };
            container["Config"]["Labels"][label] = "shop-web".into();
        }
    });
    let input = lab.at("labelled");
    snapshot.write(&input);
    let folder = plan(&lab, &input);
    for (path, script) in scripts(&folder) {
        assert!(!typed(&script).iter().any(|line| line.contains("shop-web")), "{path}");
    }
    let of_node = text(&folder.join("nodes/wrk-2.sh"));
    for name in ["hw-diag", "proc-top"] {
        assert!(typed(&of_node).iter().any(|line| line.contains(name)), "{name}: {of_node}");
    }
}

#[test]
fn what_stands_in_no_command_is_told_and_nothing_of_the_product_is_deleted() {
    let lab = Lab::new();
    let loose = lab.at("loose");
    fs::create_dir(&loose).unwrap();
    fs::copy(sample_folder().join("nodes/wrk-2/docker/containers.json"), loose.join("containers.json")).unwrap();
    let told = text(&plan(&lab, &loose).join("plan.md"));
    for name in ["hw-diag", "proc-top"] {
        assert!(told.contains(name), "its node is not known, so no command names it: {name}");
    }
    let ssp = lab.put("ssp.yaml", b"role_bindings: []\nservices: []\n");
    let ran = run([
        "fix".as_ref(),
        sample_folder().as_os_str(),
        "--ssp".as_ref(),
        ssp.as_os_str(),
        "-o".as_ref(),
        lab.at("empty").as_os_str(),
    ]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    for (path, script) in scripts(&lab.at("empty/fix")) {
        for line in typed(&script).iter().filter(|line| line.contains(" delete ") || line.contains(" network rm ")) {
            let left_open = line.ends_with(" NAME") || *line == "docker network rm ingress";
            assert!(left_open, "{path}: {line}");
        }
    }
}

#[test]
fn a_script_ends_before_its_first_command() {
    let lab = Lab::new();
    let folder = plan(&lab, &sample_folder());
    let all = scripts(&folder);
    assert!(all.len() > 4, "{all:?}");
    for (path, script) in all {
        let ran = Command::new("/bin/sh").args(["-ex", "-c", &script]).env_clear().output().unwrap();
        assert_eq!(ran.status.code(), Some(2), "{path}");
        let trace = String::from_utf8_lossy(&ran.stderr).into_owned();
        let ran: Vec<&str> = trace.lines().filter(|line| line.starts_with('+')).collect();
        assert_eq!(ran.len(), 2, "{path}: {trace}");
    }
}

#[test]
fn a_later_plan_leaves_nothing_of_the_earlier_one() {
    let lab = Lab::new();
    let folder = plan(&lab, &sample_folder());
    assert!(folder.join("nodes/wrk-2.sh").exists());
    fs::write(folder.join("nodes/mine.txt"), "a note").unwrap();
    fs::write(folder.join("nodes/wrk-1.md"), "changed by a person").unwrap();
    // Without a rule that is open on nodes there is nothing to type there.
    let ran = run([
        "fix".as_ref(),
        sample_folder().as_os_str(),
        "--only".as_ref(),
        "V-260918".as_ref(),
        "-o".as_ref(),
        lab.out().as_os_str(),
    ]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let left: Vec<String> = contents(&folder).into_keys().collect();
    assert_eq!(left, ["SHA256SUMS", "nodes/mine.txt", "nodes/wrk-1.md", "plan.md"]);
    assert!(!text(&folder.join("plan.md")).contains("V-260934"));
}

#[test]
fn the_page_and_the_markdown_show_the_names() {
    let lab = Lab::new();
    let ran = lab.analyze(&sample_folder(), &["-f", "html,md,fix"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    for name in ["assessment.html", "assessment.md"] {
        let page = text(&lab.out().join(name));
        assert!(page.contains("docker service update --force log-shipper"), "{name}");
    }
    let of_analyze = contents(&lab.out().join("fix"));
    let other = Lab::new();
    assert_eq!(of_analyze, contents(&plan(&other, &sample_folder())));
}

/// What a shell takes the words of a command for.
fn words(command: &str) -> Vec<String> {
    let script = format!("set -f; printf '%s\\0' {command}");
    let printed = Command::new("sh").arg("-c").arg(script).output().unwrap();
    assert!(printed.stderr.is_empty(), "{}", String::from_utf8_lossy(&printed.stderr));
    let text = String::from_utf8(printed.stdout).unwrap();
    text.strip_suffix('\0').unwrap().split('\0').map(str::to_owned).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn a_name_is_one_word_to_a_shell(name in "[ -~äß\u{200b}]{1,20}|[$'\";|&(){}!*?~# =]{1,12}") {
        static SAMPLE: std::sync::LazyLock<mke_stig::model::assessment::Assessment> = std::sync::LazyLock::new(|| {
            assess_sources(&[Source::Path(sample_folder())])
        });
        let mut assessment = SAMPLE.clone();
        for line in assessment.rules.iter_mut().flat_map(|rule| &mut rule.evidence) {
            if let Some(service) = line.object.as_mut().and_then(|object| object.service.as_mut()) {
                service.clone_from(&name);
            }
        }
        let files = render(&assessment, Format::Fix, &Choices::default()).unwrap();
        let script = files.iter().find(|file| file.path == "fix/manager.sh").map_or("", |file| &file.text);
        let commands = script.lines().filter(|line| line.starts_with("docker service update --force "));
        let typed: Vec<Vec<String>> = commands.map(words).collect();
        for words in &typed {
            let wanted = ["docker", "service", "update", "--force", &name].map(str::to_owned);
            prop_assert_eq!(words, &wanted);
        }
        let harmless = name.bytes().all(|byte| byte.is_ascii_alphanumeric());
        prop_assert!(!harmless || !typed.is_empty(), "a plain name is typed");
    }
}
