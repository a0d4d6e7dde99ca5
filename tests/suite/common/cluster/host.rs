//! What the hosts of a generated cluster say: files and what programs print for people.

use serde_json::{Value, json};

use super::engine::Engine;
use super::plan::{NodePlan, System};

/// The member of the group docker.
pub(crate) const MEMBER: &str = "collector";

/// The files of a host, by name; none on Windows.
pub(crate) fn files(node: &NodePlan) -> Vec<(&'static str, String)> {
    if node.windows() {
        return Vec::new();
    }
    let mut files = vec![
        ("os-release", os_release(node)),
        ("docker-socket.txt", "root:docker 660 /var/run/docker.sock\n".to_owned()),
        ("docker-group.txt", format!("docker:x:998:{MEMBER}\n")),
        ("audit-docker.txt", "<no matches>\n".to_owned()),
        ("audit-rules.txt", "-w /usr/bin/docker -p rwxa -k docker\n-w /etc/docker -p wa -k docker\n".to_owned()),
        ("sysctl.txt", "kernel.panic = 10\nkernel.panic_on_oops = 1\nvm.overcommit_memory = 1\n".to_owned()),
    ];
    if node.system == System::RedHat {
        let status = "SELinux status:                 enabled\nCurrent mode:                   enforcing\n";
        files.push(("selinux.txt", status.to_owned()));
    }
    files
}

fn os_release(node: &NodePlan) -> String {
    if node.system == System::Ubuntu {
        "PRETTY_NAME=\"Ubuntu 22.04.3 LTS\"\nNAME=\"Ubuntu\"\nVERSION_ID=\"22.04\"\nID=ubuntu\nID_LIKE=debian\n"
            .to_owned()
    } else {
        "NAME=\"Red Hat Enterprise Linux\"\nVERSION=\"8.8 (Ootpa)\"\nID=\"rhel\"\nID_LIKE=\"fedora\"\nVERSION_ID=\"8.8\"\n"
            .to_owned()
    }
}

/// `daemon.json`.
pub(crate) fn daemon(node: &NodePlan) -> Value {
    if node.windows() {
        return json!({ "log-driver": "syslog", "labels": ["com.docker.security.fips=enabled"] });
    }
    json!({ "log-driver": "journald", "icc": false, "selinux-enabled": node.system == System::RedHat })
}

/// `docker top` of each container.
pub(crate) fn processes(engine: &Engine) -> String {
    let mut text = String::new();
    for (number, (id, command)) in engine.processes.iter().enumerate() {
        text += &format!("== {}\n", &id[..12]);
        text += &if engine.node.windows() {
            let name = command.rsplit('\\').next().unwrap().split(' ').next().unwrap();
            format!(
                "{:<20}{:<10}{:<17}Private Working Set\n{name:<20}{:<10}00:00:01.000     20MB\n",
                "Name",
                "PID",
                "CPU",
                900 + number
            )
        } else {
            format!(
                "{:<20}{:<20}{:<20}COMMAND\n{:<20}{:<20}{:<20}{command}\n",
                "PID",
                "PPID",
                "USER",
                900 + number,
                1,
                "10001"
            )
        };
    }
    text
}
