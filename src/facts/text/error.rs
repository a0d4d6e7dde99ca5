//! Why a text is not what its form asks for.

use crate::facts::certificate::CertificateError;
use crate::model::display;

/// Why a text is not what its form asks for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TextError {
    #[error("owner, group and mode of one file cannot be told from it")]
    NoMode,
    #[error("it is about another file: {}", display::escaped(.0))]
    OtherFile(String),
    #[error("there is no line `docker:…:<gid>:<members>` in it")]
    NoGroup,
    #[error("the group docker stands in it twice")]
    GroupTwice,
    #[error("there is no audit record in it, and it does not say `<no matches>`")]
    NoRecord,
    #[error("no line of it is an audit rule")]
    NoRule,
    #[error("line {0}: a process stands before the first `== <container id>`")]
    NoContainer(u64),
    #[error("line {0}: this is not the head of a table of `docker top`")]
    NoHead(u64),
    #[error("line {0}: the columns do not fit their heads")]
    Columns(u64),
    #[error("it is no output of `sestatus`: there is no `SELinux status`")]
    NoStatus,
    #[error(transparent)]
    Certificate(#[from] CertificateError),
}
