//! Errors with their place and with what to do about them.

use std::fmt;
use std::io;
use std::path::Path;

use crate::archive::fault::Fault;
use crate::model::display;

/// Why an input cannot be read. Each one says what, where and what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The input, or a file of a folder, cannot be opened.
    #[error("cannot open {}: {hint}", Shown(path))]
    Open {
        /// The path that was tried.
        path: String,
        /// What is wrong with it and what to do.
        hint: &'static str,
        /// What the operating system says.
        source: io::Error,
    },

    /// The operating system stops giving bytes.
    #[error("cannot read {} to its end; check the disk or network share it is on",
        Place(input, member.as_deref()))]
    Read {
        /// The input's name.
        input: String,
        /// The member that was being read, if it is known.
        member: Option<String>,
        /// What the operating system says.
        source: io::Error,
    },

    /// There is not one byte in the input.
    #[error("{} is empty; collect or copy it again", Shown(input))]
    Empty {
        /// The input's name.
        input: String,
    },

    /// The input ends before its own end mark.
    #[error("{} is cut off at byte {at}; copy it again, or collect again if the original is as short",
        Place(input, member.as_deref()))]
    Truncated {
        /// The input's name.
        input: String,
        /// The member that was being read, if it is known.
        member: Option<String>,
        /// The number of bytes of the input that were there.
        at: u64,
    },

    /// A checksum or a structure of the input is wrong.
    #[error("{} is damaged near byte {at} ({}); copy it again and compare checksums with the original",
        Place(input, member.as_deref()), Shown(what))]
    Corrupt {
        /// The input's name.
        input: String,
        /// The member that was being read, if it is known.
        member: Option<String>,
        /// How many bytes of the input were read when it was noticed.
        at: u64,
        /// What is wrong.
        what: String,
    },

    /// The archive asks for something that is not built in.
    #[error("{} cannot be read: {}", Place(input, member.as_deref()), Shown(what))]
    Unsupported {
        /// The input's name.
        input: String,
        /// The member that asks for it, if it is one.
        member: Option<String>,
        /// What it asks for and what to do.
        what: String,
    },

    /// A member is locked with a password.
    #[error("{} is encrypted; unlock it and archive it again without a password", Place(input, Some(member)))]
    Encrypted {
        /// The input's name.
        input: String,
        /// The member's path.
        member: String,
    },

    /// An entry that has no content claims some: readers differ on where the next entry starts.
    #[error("{} is {what}, which programs read in different ways; archive it again", Place(input, Some(member)))]
    UnsafeEntry {
        /// The input's name.
        input: String,
        /// The entry's path.
        member: String,
        /// What it is, with its article.
        what: String,
    },

    /// An entry's path could mean a place outside the archive.
    #[error("{} has an unsafe path ({what}); archive it again with plain relative paths", Place(input, Some(path)))]
    UnsafePath {
        /// The input's name.
        input: String,
        /// The path as the archive has it.
        path: String,
        /// What makes it unsafe.
        what: &'static str,
    },

    /// Two members have the same path, so one of them would hide the other.
    #[error("{} appears twice; archive it again so that each path appears once", Place(input, Some(member)))]
    Duplicate {
        /// The input's name.
        input: String,
        /// The path of both.
        member: String,
    },

    /// A limit does not hold.
    #[error("{}: {what}, the limit is {limit}; if you trust the input, raise {option}",
        Place(input, member.as_deref()))]
    Limit {
        /// The input's name.
        input: String,
        /// The member that went over it, if it is known.
        member: Option<String>,
        /// What there is too much of.
        what: String,
        /// The bound.
        limit: u64,
        /// The command-line option that sets it.
        option: &'static str,
    },

    /// A zip lies inside a member; its directory is at its end, so a stream cannot be looked into.
    #[error("{} is a zip inside an archive and was not opened; pass it as a separate input", Shown(member))]
    NestedZip {
        /// The zip's path.
        member: String,
    },
}

impl Error {
    /// Makes the error for a path that the operating system does not open.
    pub(super) fn open(path: &Path, source: io::Error) -> Self {
        let hint = match source.kind() {
            io::ErrorKind::NotFound => "no such file or folder; check the path",
            io::ErrorKind::PermissionDenied => "permission denied; change its mode or run as a user who can read it",
            _ => "the operating system reports an error; check the path and the disk it is on",
        };
        Self::Open { path: path.to_string_lossy().into_owned(), hint, source }
    }

    /// Gives a fault its place.
    pub(super) fn at(fault: Fault, input: &str, member: Option<&str>, at: u64) -> Self {
        let input = input.to_owned();
        let member = member.map(str::to_owned);
        match fault {
            Fault::Truncated => Self::Truncated { input, member, at },
            Fault::Corrupt(what) => Self::Corrupt { input, member, at, what },
            Fault::Unsupported(what) => Self::Unsupported { input, member, what },
            Fault::Limit(exceeded) => Self::Limit {
                input,
                member,
                what: exceeded.what.to_owned(),
                limit: exceeded.limit,
                option: exceeded.option,
            },
            Fault::Device(source) => Self::Read { input, member, source },
        }
    }
}

/// Longest name, in characters, that a message shows.
const SHOWN: usize = 300;

/// Text from an input, made harmless for a terminal.
struct Shown<'a>(&'a str);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let head = display::cut(self.0, SHOWN);
        f.write_str(&display::escaped(head))?;
        if head.len() < self.0.len() { f.write_str("…") } else { Ok(()) }
    }
}

/// An input and, if there is one, a member of it.
struct Place<'a>(&'a str, Option<&'a str>);

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Shown(self.0).fmt(f)?;
        if let Some(member) = self.1 {
            write!(f, "!{}", Shown(member))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_steer_a_terminal() {
        let error = Error::Duplicate { input: "a.tar".into(), member: "x\u{1b}[2J\n\u{202e}y".into() };
        assert_eq!(
            error.to_string(),
            "a.tar!x\\u{1b}[2J\\n\\u{202e}y appears twice; \
             archive it again so that each path appears once"
        );
    }

    #[test]
    fn long_names_are_shortened() {
        assert_eq!(Shown(&"é".repeat(1000)).to_string().chars().count(), 301);
    }
}
