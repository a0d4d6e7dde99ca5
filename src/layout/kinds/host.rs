//! What the host below a node's engine tells.

use crate::layout::kinds::encoding::{Encoding, TextForm};
use crate::layout::kinds::naming::{Naming, Tells};
use crate::layout::kinds::row::{DUMPED, DumpForm, Holds, InDump, NODE, Row};

pub(super) const ROWS: &[Row] = &[
    Row {
        name: "host.os_release",
        encoding: Encoding::KeyValue,
        holds: Holds::One,
        on_node: Some("host/os-release"),
        from: "`/etc/os-release` of the node",
        inventory: &[(Tells::SystemId, "ID"), (Tells::System, "PRETTY_NAME")],
        always_read: true,
        kept: &["VERSION_ID"],
        ..NODE
    },
    Row {
        name: "host.docker_socket",
        encoding: Encoding::Text(TextForm::FileMode(&["/var/run/docker.sock", "/run/docker.sock"])),
        holds: Holds::One,
        on_node: Some("host/docker-socket.txt"),
        from: "`stat -c '%U:%G %a %n' /var/run/docker.sock` on the node",
        naming: Naming { fallback: Some("/var/run/docker.sock"), ..Naming::NONE },
        ..NODE
    },
    Row {
        name: "host.docker_group",
        encoding: Encoding::Text(TextForm::Group),
        holds: Holds::One,
        on_node: Some("host/docker-group.txt"),
        from: "`getent group docker` on the node",
        naming: Naming::by("name"),
        ..NODE
    },
    Row {
        name: "host.selinux",
        encoding: Encoding::Text(TextForm::Selinux),
        holds: Holds::One,
        on_node: Some("host/selinux.txt"),
        in_dump: Some(InDump { section: &["sestatus"], form: DumpForm::OwnText, ..DUMPED }),
        from: "`sestatus` on the node",
        ..NODE
    },
    Row {
        name: "host.audit_docker",
        encoding: Encoding::Text(TextForm::Audit),
        on_node: Some("host/audit-docker.txt"),
        from: "`ausearch -k docker` as root on the node",
        naming: Naming::and("event", "command"),
        ..NODE
    },
    Row {
        name: "host.audit_rules",
        encoding: Encoding::Text(TextForm::AuditRules),
        on_node: Some("host/audit-rules.txt"),
        from: "`auditctl -l` as root on the node",
        ..NODE
    },
];
