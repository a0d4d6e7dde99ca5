//! Violations that hosts and engines could hide from a rule: audit rules and logs, sockets, groups,
//! processes, images, and what runs on single nodes.

use serde_json::{Value, json};

use super::document::Document;
use super::plant::{add, edit, user_container};
use crate::common::snapshot::Snapshot;

/// A violation, or what is right in another form.
pub(crate) struct Sibling {
    pub name: &'static str,
    pub rules: &'static [&'static str],
    /// Makes it; says no where the cluster has no place for it.
    pub sow: fn(&mut Snapshot) -> Option<()>,
}

/// The last member of a host or an engine with Linux.
fn linux(snapshot: &Snapshot, file: &str) -> Option<String> {
    let mut paths = snapshot.paths().into_iter().filter(|path| path.starts_with("nodes/") && path.ends_with(file));
    paths.rfind(|path| {
        let node = path.split('/').nth(1).unwrap();
        snapshot.members.contains_key(&format!("nodes/{node}/host/os-release"))
    })
}

fn text(snapshot: &mut Snapshot, file: &str, text: &str) -> Option<()> {
    let path = linux(snapshot, file)?;
    snapshot.set(&path, text);
    Some(())
}

const WATCH: &str = "-w /usr/bin/docker -p rwxa -k docker\n";

fn audit(snapshot: &mut Snapshot, before: &str, after: &str) -> Option<()> {
    text(snapshot, "audit-rules.txt", &format!("{before}{WATCH}{after}"))
}

/// An event of the log: the words of the command.
fn ran(snapshot: &mut Snapshot, words: &[&str]) -> Option<()> {
    let arguments: String = words.iter().enumerate().map(|(number, word)| format!(" a{number}=\"{word}\"")).collect();
    let title: Vec<String> = words.join("\0").bytes().map(|byte| format!("{byte:02X}")).collect();
    let record = format!(
        "----\ntime->Mon Nov 16 21:33:09 2026\ntype=PROCTITLE msg=audit(1794864789.882:40117): proctitle={}\ntype=EXECVE msg=audit(1794864789.882:40117): argc={}{arguments}\ntype=SYSCALL msg=audit(1794864789.882:40117): arch=c000003e syscall=59 success=yes exit=0 ppid=20871 pid=20902 auid=1004 uid=0 gid=0 comm=\"docker\" exe=\"/usr/bin/{}\" key=\"docker\"\n",
        title.concat(),
        words.len(),
        words[0],
    );
    text(snapshot, "audit-docker.txt", &record)
}

fn process(snapshot: &mut Snapshot, command: &str) -> Option<()> {
    let path = linux(snapshot, "docker/processes.txt")?;
    let old = String::from_utf8(snapshot.members[&path].clone()).unwrap();
    let last = old.lines().last()?.split_whitespace().take(3).collect::<Vec<_>>().join("                ");
    snapshot.set(&path, format!("{old}{last}                {command}\n"));
    Some(())
}

fn image(snapshot: &mut Snapshot, repository: &str, tag: &str) -> Option<()> {
    let path = linux(snapshot, "docker/images.json")?;
    add(
        snapshot,
        &path,
        json!({ "Containers": "N/A", "ID": format!("sha256:{}", "7".repeat(64)), "Repository": repository,
        "Tag": tag, "Digest": "<none>" }),
    );
    Some(())
}

/// An image of MSR 3, where a later MSR 3 runs: to MSR 2 it is a later one, which waits for an upgrade.
fn earlier_msr(snapshot: &mut Snapshot) -> Option<()> {
    let second = snapshot.members.values().any(|text| String::from_utf8_lossy(text).contains("com.docker.dtr.version"));
    if second { None } else { image(snapshot, "registry.mirantis.com/msr/msr-api", "3.0.1") }
}

/// What stands before the names of MKE's images.
fn prefix(snapshot: &Snapshot) -> String {
    let path = linux(snapshot, "docker/images.json").unwrap();
    let images = Document::of(snapshot, &path).objects;
    let own =
        images.iter().filter_map(|image| image["Repository"].as_str()).find(|name| name.contains("/ucp-")).unwrap();
    own.split("ucp-").next().unwrap().to_owned()
}

/// MKE's container of a name on the node of the last user's one.
fn own(snapshot: &mut Snapshot, name: &str, change: impl FnOnce(&mut Value)) -> Option<()> {
    let (path, _) = user_container(snapshot);
    let index = Document::of(snapshot, &path).objects.iter().position(|found| found["Name"] == name)?;
    edit(snapshot, &path, index, change);
    Some(())
}

fn info(snapshot: &mut Snapshot, change: impl FnOnce(&mut Value)) -> Option<()> {
    let path = linux(snapshot, "docker/info.json")?;
    snapshot.change(&path, change);
    Some(())
}

/// An option of security in another spelling.
fn option(info: &mut Value, old: &str, new: &str) {
    for found in info["SecurityOptions"].as_array_mut().unwrap() {
        if found.as_str().is_some_and(|text| text.starts_with(old)) {
            *found = new.into();
        }
    }
}

/// Violations on hosts and engines.
#[rustfmt::skip]
pub(crate) const HOSTS: &[Sibling] = &[
    Sibling { name: "auditing that never records a task", rules: &["V-260938"], sow: |s| audit(s, "-a task,never\n", "") },
    Sibling { name: "auditing that never records a task, named the other way", rules: &["V-260938"], sow: |s| audit(s, "-a never,task\n", "") },
    Sibling { name: "auditing that is switched off", rules: &["V-260938"], sow: |s| audit(s, "", "-e 0\n") },
    Sibling { name: "auditing that never records exits", rules: &["V-260938"], sow: |s| audit(s, "-a never,exit -S all\n", "") },
    Sibling { name: "auditing that excludes the path first", rules: &["V-260938"], sow: |s| audit(s, "-a never,exit -F path=/usr/bin/docker -F perm=x\n", "") },
    Sibling { name: "auditing that excludes the folder first", rules: &["V-260938"], sow: |s| audit(s, "-a never,exit -F dir=/usr/bin\n", "") },
    Sibling { name: "auditing that excludes arguments", rules: &["V-260938"], sow: |s| audit(s, "-a always,exclude -F msgtype=EXECVE\n", "") },
    Sibling { name: "auditing of failed calls", rules: &["V-260938"], sow: |s| text(s, "audit-rules.txt", "-a always,exit -F path=/usr/bin/docker -F perm=x -F success=0 -F key=docker\n") },
    Sibling { name: "auditing of one user", rules: &["V-260938"], sow: |s| text(s, "audit-rules.txt", "-a always,exit -F path=/usr/bin/docker -F perm=x -F auid=1000 -F key=docker\n") },
    Sibling { name: "auditing of all but root", rules: &["V-260938"], sow: |s| text(s, "audit-rules.txt", "-a always,exit -F path=/usr/bin/docker -F perm=x -F uid!=0 -F key=docker\n") },
    Sibling { name: "auditing of changes alone", rules: &["V-260938"], sow: |s| text(s, "audit-rules.txt", "-w /usr/bin/docker -p wa -k docker\n") },
    Sibling { name: "auditing under another key", rules: &["V-260938"], sow: |s| text(s, "audit-rules.txt", "-w /usr/bin/docker -p rwxa -k docker-cli\n") },
    Sibling { name: "auditing of another program", rules: &["V-260938"], sow: |s| text(s, "audit-rules.txt", "-w /usr/bin/dockerd -p rwxa -k docker\n") },
    Sibling { name: "auditing of calls that a file takes away again", rules: &["V-260938"], sow: |s| text(s, "audit-rules.txt", "-a always,exit -F path=/usr/bin/docker -F perm=x -F key=docker\n-W /usr/bin/docker -p x -k docker\n") },
    Sibling { name: "auditing of a folder called as the program", rules: &["V-260938"], sow: |s| text(s, "audit-rules.txt", "-w /usr/bin/docker/ -p rwxa -k docker\n") },
    Sibling { name: "auditing that is commented out", rules: &["V-260938"], sow: |s| text(s, "audit-rules.txt", "# -w /usr/bin/docker -p rwxa -k docker\n") },
    Sibling { name: "an exec with privileges by compose", rules: &["V-260938"], sow: |s| ran(s, &["docker-compose", "exec", "--privileged", "t", "sh"]) },
    Sibling { name: "an exec as root", rules: &["V-260938"], sow: |s| ran(s, &["docker", "exec", "-it", "-u", "root", "t", "sh"]) },
    Sibling { name: "an exec as root in one word", rules: &["V-260938"], sow: |s| ran(s, &["docker", "exec", "-u0", "t", "sh"]) },
    Sibling { name: "an exec as root among letters", rules: &["V-260938"], sow: |s| ran(s, &["docker", "exec", "-itu", "0", "t", "sh"]) },
    Sibling { name: "an exec as a user by its long name", rules: &["V-260938"], sow: |s| ran(s, &["docker", "container", "exec", "--user=0", "t", "sh"]) },
    Sibling { name: "an exec with privileges after options of the client", rules: &["V-260938"], sow: |s| ran(s, &["docker", "--context", "x", "--tls", "exec", "--privileged=true", "t", "sh"]) },
    Sibling { name: "an exec with privileges by the plugin", rules: &["V-260938"], sow: |s| ran(s, &["docker", "compose", "-f", "x.yml", "exec", "--privileged", "t", "sh"]) },
    Sibling { name: "a socket of another owner", rules: &["V-260906"], sow: |s| text(s, "docker-socket.txt", "collector:docker 660 /var/run/docker.sock\n") },
    Sibling { name: "a socket that a group may write and others read", rules: &["V-260906"], sow: |s| text(s, "docker-socket.txt", "root:docker 664 /var/run/docker.sock\n") },
    Sibling { name: "a socket with an access list", rules: &["V-260906"], sow: |s| text(s, "docker-socket.txt", "srw-rw----+ 1 root docker 0 Nov 18 08:00 /var/run/docker.sock\n") },
    Sibling { name: "a socket that is another file", rules: &["V-260906"], sow: |s| text(s, "docker-socket.txt", "root:docker 660 /run/podman/podman.sock\n") },
    Sibling { name: "a socket whose modes contradict each other", rules: &["V-260906"], sow: |s| text(s, "docker-socket.txt", "  File: /var/run/docker.sock\nAccess: (0660/srw-rw-rw-)  Uid: (    0/    root)   Gid: (  998/  docker)\n") },
    Sibling { name: "a second line of the group with a stranger", rules: &["V-260906"], sow: |s| text(s, "docker-group.txt", "docker:x:998:\ndocker:x:998:mallory\n") },
    Sibling { name: "a group without its members", rules: &["V-260906"], sow: |s| text(s, "docker-group.txt", "docker:x:998\n") },
    Sibling { name: "an SSH server of another name", rules: &["V-260910"], sow: |s| process(s, "/usr/bin/dropbearmulti dropbear -F") },
    Sibling { name: "an SSH server in quotes", rules: &["V-260910"], sow: |s| process(s, "sh -c 'exec \"dropbear\" -F'") },
    Sibling { name: "an SSH server behind its path", rules: &["V-260910"], sow: |s| process(s, "/opt/ssh/sbin/SSHD -D -p 2222") },
    Sibling { name: "an image of MKE under a mirror's name", rules: &["V-260944"], sow: |s| { let prefix = prefix(s); image(s, &format!("{prefix}ucp-agent"), "3.6.1") } },
    Sibling { name: "the image of MKE's installer", rules: &["V-260944"], sow: |s| { let prefix = prefix(s); image(s, &format!("{prefix}ucp"), "3.5.0") } },
    Sibling { name: "an image of MKE without a tag", rules: &["V-260944"], sow: |s| { let prefix = prefix(s); image(s, &format!("{prefix}ucp-agent"), "<none>") } },
    Sibling { name: "an image of MKE called latest", rules: &["V-260944"], sow: |s| image(s, "mirantis/ucp-agent", "latest") },
    Sibling { name: "an image of MKE of the time of Docker", rules: &["V-260944"], sow: |s| image(s, "docker/ucp-agent", "3.2.5") },
    Sibling { name: "a test build of the running MKE", rules: &["V-260944"], sow: |s| { let tag = format!("{}-rc1", version(s)); image(s, "mirantis/ucp-agent", &tag) } },
    Sibling { name: "an image of an earlier MSR", rules: &["V-260944"], sow: |s| earlier_msr(s) },
    Sibling { name: "an image of an MSR of the time of Docker", rules: &["V-260944"], sow: |s| image(s, "docker/dtr-registry", "2.5.1") },
    Sibling { name: "a node that runs an earlier MKE", rules: &["V-260945"], sow: |s| own(s, "/ucp-proxy", |found| { found["Config"]["Labels"]["com.docker.ucp.version"] = "3.6.1".into(); found["Config"]["Image"] = found["Config"]["Image"].as_str().unwrap().rsplit_once(':').map(|(name, _)| format!("{name}:3.6.1")).unwrap().into(); }) },
    Sibling { name: "a kubelet without kernel defaults", rules: &["V-260933"], sow: |s| own(s, "/ucp-kubelet", |found| { found["Args"] = json!(["kubelet", "--protect-kernel-defaults=false"]); found["Config"]["Cmd"] = found["Args"].clone(); }) },
    // A switch takes no word after it: the kubelet reads `--protect-kernel-defaults false` as a switch that is on and a
    // command that it does not know, and does not start. So this is one word, as a shell might hand it on.
    Sibling { name: "a kubelet without kernel defaults, in the words of its command", rules: &["V-260933"], sow: |s| own(s, "/ucp-kubelet", |found| { found["Args"] = json!(["kubelet", "--v=2 --protect-kernel-defaults=F"]); found["Config"]["Cmd"] = found["Args"].clone(); }) },
    Sibling { name: "an engine without any profile of seccomp", rules: &["V-260937"], sow: |s| info(s, |info| option(info, "name=seccomp", "name=seccomp,profile=unconfined")) },
    Sibling { name: "an engine without seccomp", rules: &["V-260937"], sow: |s| info(s, |info| info["SecurityOptions"].as_array_mut().unwrap().retain(|found| !found.as_str().unwrap().starts_with("name=seccomp"))) },
    Sibling { name: "an engine with another module named like FIPS", rules: &["V-260908"], sow: |s| info(s, |info| option(info, "name=fips", "name=fipsless")) },
    Sibling { name: "an engine with the label of FIPS alone", rules: &["V-260908"], sow: |s| info(s, |info| { option(info, "name=fips", "name=cgroupns"); info["Labels"] = json!(["com.docker.security.fips=enabled"]); }) },
    Sibling { name: "an engine that logs nowhere", rules: &["V-260915"], sow: |s| info(s, |info| info["LoggingDriver"] = "none".into()) },
    Sibling { name: "an engine on aufs", rules: &["V-260926"], sow: |s| info(s, |info| info["Driver"] = "AUFS".into()) },
];

/// The version of MKE that runs.
fn version(snapshot: &Snapshot) -> String {
    let info = snapshot.json("cluster/docker/info.json");
    info["ServerVersion"].as_str().unwrap().trim_start_matches("ucp/").to_owned()
}
