//! Why a text is not what its form asks for.

use crate::facts::certificate::CertificateError;
use crate::model::display;

/// Why a text is not what its form asks for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TextError {
    #[error("it does not show owner, group and mode of one file")]
    NoMode,
    #[error("it is about another file: {}", display::escaped(.0))]
    OtherFile(String),
    #[error("the access control list in it and the mode contradict each other")]
    AclContradicts,
    #[error("line {0} is no line of `getent group` or `getent passwd`")]
    NoAccount(u64),
    #[error("it has no line `docker:…:<gid>:<members>`")]
    NoGroup,
    #[error("it lists the group docker twice")]
    GroupTwice,
    #[error("it has no audit record and does not say `<no matches>`")]
    NoRecord,
    #[error("no line of it is an audit rule")]
    NoRule,
    #[error("line {0}: a process appears before the first `== <container id>`")]
    NoContainer(u64),
    #[error("line {0}: this is not the head of a table of `docker top`")]
    NoHead(u64),
    #[error("line {0}: the columns do not fit their heads")]
    Columns(u64),
    #[error("it is not output of `sestatus`: it has no `SELinux status`")]
    NoStatus,
    #[error(transparent)]
    Certificate(#[from] CertificateError),
}
