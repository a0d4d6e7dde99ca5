//! What the host below a node's engine tells.

use crate::layout::kinds::encoding::{Encoding, TextForm};
use crate::layout::kinds::naming::{Naming, Tells};
use crate::layout::kinds::row::Select::Fields;
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
        selects: &[(
            "",
            Fields(
                "ID ID_LIKE NAME PRETTY_NAME VERSION VERSION_ID VERSION_CODENAME PLATFORM_ID CPE_NAME VARIANT
                VARIANT_ID",
            ),
        )],
        ..NODE
    },
    Row {
        name: "host.docker_socket",
        encoding: Encoding::Text(TextForm::FileMode(&["/var/run/docker.sock", "/run/docker.sock"])),
        holds: Holds::One,
        on_node: Some("host/docker-socket.txt"),
        from: "`stat -c '%U:%G %a %n' /var/run/docker.sock` on the node",
        naming: Naming { fallback: Some("/var/run/docker.sock"), ..Naming::NONE },
        selects: &[("", Fields("owner group mode path acl acl_grants"))],
        ..NODE
    },
    Row {
        name: "host.docker_group",
        encoding: Encoding::Text(TextForm::Group),
        holds: Holds::One,
        on_node: Some("host/docker-group.txt"),
        from: "`getent group docker` on the node",
        naming: Naming::by("name"),
        selects: &[("", Fields("name gid members"))],
        ..NODE
    },
    Row {
        name: "host.selinux",
        encoding: Encoding::Text(TextForm::Selinux),
        holds: Holds::One,
        on_node: Some("host/selinux.txt"),
        in_dump: Some(InDump { section: &["sestatus"], form: DumpForm::OwnText, ..DUMPED }),
        from: "`sestatus` on the node",
        selects: &[("", Fields("status policy mode"))],
        ..NODE
    },
    Row {
        name: "host.audit_docker",
        encoding: Encoding::Text(TextForm::Audit),
        on_node: Some("host/audit-docker.txt"),
        from: "`ausearch -k docker` as root on the node",
        naming: Naming::and("event", "command"),
        selects: &[("", Fields("event account user program command=words exec_options exec_cut unknown_command"))],
        ..NODE
    },
    Row {
        name: "host.audit_rules",
        encoding: Encoding::Text(TextForm::AuditRules),
        on_node: Some("host/audit-rules.txt"),
        from: "`auditctl -l` as root on the node",
        selects: &[("", Fields("enabled pid")), ("rules", Fields("*"))],
        ..NODE
    },
    Row {
        name: "host.log_forwarding",
        on_node: Some("host/log-forwarding.json"),
        from: "the lines of rsyslog's and journald's configuration that forward entries",
        naming: Naming::and("program", "target"),
        selects: &[("", Fields("program protocol target port selector"))],
        ..NODE
    },
];
