//! How the members of a kind are written.

/// How a kind's members are written in a snapshot, or where the command that prints them is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// JSON objects: one, a list, or one a line.
    Json,
    /// A JSON object that holds the list under this key (or is the only object).
    JsonUnder(&'static str),
    /// TOML, one document.
    Toml,
    /// `KEY=value` lines, as in `/etc/os-release`.
    KeyValue,
    /// What a program prints for people.
    Text(TextForm),
}

/// Whose output a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextForm {
    /// `stat` or `ls -l` of one file, which has these paths.
    FileMode(&'static [&'static str]),
    /// `getent group`.
    Group,
    /// `ausearch`.
    Audit,
    /// `auditctl -l`.
    AuditRules,
    /// `docker top` of several containers, each after a line `== <container id>`.
    Processes,
    /// `sestatus`.
    Selinux,
    /// Certificates in PEM, whatever stands between them.
    Certificates,
}
