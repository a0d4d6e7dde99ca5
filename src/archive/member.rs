//! One member in the hands of a visitor.
//!
//! A visitor gets each member as a reader and may leave it half read, or unread. What is left is read here, so
//! that a member which is cut or damaged is found in every case, and the limits hold whatever the visitor does.
//! A failure is kept: a visitor that takes it for the end of the member cannot hide it.

use std::cell::Cell;
use std::io::{self, Read};

use crate::archive::budget::Budget;
use crate::archive::error::Error;
use crate::archive::fault::Fault;
use crate::archive::skipped::{Skipped, Skipping};
use crate::archive::source::CHUNK;

/// What is known of a member before it is read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MemberMeta {
    /// Its path inside the input: relative, '/'-separated, without `.` and empty parts.
    ///
    /// Bytes that are not UTF-8 are written `\xHH`; control characters are left as they are.
    pub path: String,
    /// Its decoded bytes, where the archive says so; a folder's file may have changed since.
    pub size: Option<u64>,
    /// Whether its bytes are decoded only if they are read, and it may be asked for later.
    pub lazy: bool,
    /// Whether the visitor asked for it later, and this is later.
    pub again: bool,
    /// Whether it is all that its input or archive holds: a lone file, or what a compressed file unpacks to.
    pub lone: bool,
}

/// What a visitor wants next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    /// The next member.
    Continue,
    /// The next member, and this one once more after the others; the same as `Continue` where it is
    /// not [lazy](MemberMeta::lazy) or is shown again.
    Later,
    /// No more members; the rest of the input is not read, so it is not checked either.
    Stop,
}

/// Called once for each regular file, with a reader of its bytes that need not be read to the end.
///
/// The reader hands large reads down undivided: a buffer of some hundred KiB is best. If it
/// fails, that failure is what the whole reading returns, whatever the visitor makes of it.
pub type Visit<'a, E> = dyn FnMut(&MemberMeta, &mut dyn Read) -> Result<Flow, E> + 'a;

/// The input that is being read.
pub(super) struct OpenInput<'a> {
    pub(super) name: &'a str,
    pub(super) budget: &'a Budget,
    /// Encoded bytes taken so far.
    pub(super) taken: &'a Cell<u64>,
    /// Entries that are not read, so far.
    pub(super) skipped: &'a Skipping,
}

impl OpenInput<'_> {
    /// Gives a fault its place.
    pub(super) fn fail(&self, fault: impl Into<Fault>, member: Option<&str>) -> Error {
        Error::at(fault.into(), self.name, member, self.taken.get())
    }

    /// Names an entry that is not read.
    pub(super) fn skip(&self, entry: Skipped) {
        self.skipped.borrow_mut().add(entry);
    }

    /// Makes the error for an entry of which readers take different bytes for its content.
    pub(super) fn unsafe_entry(&self, member: &str, what: impl Into<String>) -> Error {
        Error::UnsafeEntry { input: self.name.to_owned(), member: member.to_owned(), what: what.into() }
    }

    /// Cleans a member's path.
    pub(super) fn clean(&self, raw: &[u8]) -> Result<String, Error> {
        super::path::clean(raw, self.name, self.budget.limits().max_path)
    }
}

/// How the end of a member is known.
#[derive(Clone, Copy)]
pub(super) enum End {
    /// It has this many bytes, and others follow.
    After(u64),
    /// Its stream ends, which has to be seen to be sure that it is whole.
    Seen,
    /// Its stream ends, and nothing depends on that.
    Free,
    /// Its stream ends, which has to be seen only if some of it is read: the rest costs decoding.
    SeenIfRead,
}

/// Shows a member to the visitor, then reads what the visitor left; returns the bytes it had.
pub(super) fn show<E: From<Error>>(
    input: &OpenInput<'_>,
    meta: &MemberMeta,
    stream: &mut dyn Read,
    end: End,
    visit: &mut Visit<'_, E>,
) -> Result<(Flow, u64), E> {
    let mut member = Member { stream, budget: input.budget, end, read: 0, fault: None };
    let outcome = visit(meta, &mut member);
    if let Some(fault) = member.fault {
        return Err(input.fail(fault, Some(&meta.path)).into());
    }
    let flow = outcome?;
    let drained = match end {
        End::After(_) | End::Seen => true,
        End::SeenIfRead => member.read > 0,
        End::Free => false,
    };
    if flow != Flow::Stop && drained {
        member.drain().map_err(|fault| input.fail(fault, Some(&meta.path)))?;
    }
    Ok((flow, member.read))
}

struct Member<'a> {
    stream: &'a mut dyn Read,
    budget: &'a Budget,
    end: End,
    read: u64,
    fault: Option<Fault>,
}

impl Member<'_> {
    /// Reads what is left; usually nothing is, so the large buffer has to wait.
    fn drain(&mut self) -> Result<(), Fault> {
        if self.pull(&mut [0; 512])? == 0 {
            return Ok(());
        }
        let mut scratch = vec![0; CHUNK];
        while self.pull(&mut scratch)? > 0 {}
        Ok(())
    }

    fn pull(&mut self, out: &mut [u8]) -> Result<usize, Fault> {
        let left = match self.end {
            End::After(size) => size - self.read,
            End::Seen | End::Free | End::SeenIfRead => u64::MAX,
        };
        let want = usize::try_from(left).map_or(out.len(), |left| left.min(out.len()));
        if want == 0 {
            return Ok(0);
        }
        let count = loop {
            match self.stream.read(&mut out[..want]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                result => break result?,
            }
        };
        if count == 0 && matches!(self.end, End::After(_)) {
            return Err(Fault::Truncated);
        }
        self.read += count as u64;
        self.budget.check_member(self.read)?;
        Ok(count)
    }
}

impl Read for Member<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        // A decoder that failed may look as if it had ended, so it is not asked again.
        if let Some(fault) = &self.fault {
            return Err(fault.echo());
        }
        self.pull(out).map_err(|fault| {
            let echo = fault.echo();
            self.fault = Some(fault);
            echo
        })
    }
}
