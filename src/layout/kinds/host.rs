//! What the host below a node's engine tells.

use crate::layout::kinds::encoding::{Encoding, TextForm};
use crate::layout::kinds::row::{DUMPED, DumpForm, InDump, NODE, Row};

pub(super) const ROWS: &[Row] = &[
    Row {
        name: "host.os_release",
        encoding: Encoding::KeyValue,
        list: false,
        on_node: Some("host/os-release"),
        from: "`/etc/os-release` of the node",
        kept: &["VERSION_ID"],
        ..NODE
    },
    Row {
        name: "host.docker_socket",
        encoding: Encoding::Text(TextForm::FileMode),
        list: false,
        on_node: Some("host/docker-socket.txt"),
        from: "`stat -c '%U:%G %a %n' /var/run/docker.sock` on the node",
        ..NODE
    },
    Row {
        name: "host.docker_group",
        encoding: Encoding::Text(TextForm::Group),
        list: false,
        on_node: Some("host/docker-group.txt"),
        from: "`getent group docker` on the node",
        ..NODE
    },
    Row {
        name: "host.selinux",
        encoding: Encoding::Text(TextForm::Selinux),
        list: false,
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
