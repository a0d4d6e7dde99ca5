//! SHA-256 of members and inputs, on a thread of its own beside parsing.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use sha2::{Digest as _, Sha256};

use super::buffer::{Buffer, Pool};

/// A SHA-256 digest; prints as lower-case hex.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// The digest of some bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    pub(super) fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The digest's bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

enum Job {
    Input(Vec<u8>),
    EndInput,
    Member(Arc<Buffer>, Range<usize>),
    EndMember,
    DropMember,
}

/// Takes bytes in the order of reading; the digests come out in the order of their ends.
#[derive(Clone)]
pub(super) struct Feeder(SyncSender<Job>);

/// The digests of a run.
#[derive(Debug, Default)]
pub(super) struct Digests {
    pub(super) inputs: Vec<Digest>,
    pub(super) members: Vec<Digest>,
}

impl Feeder {
    /// A feeder, and the work that a thread must do for it: it ends when the feeder is dropped.
    pub(super) fn new(pool: &Pool) -> (Self, impl FnOnce() -> Digests + Send + '_) {
        let (sender, receiver) = sync_channel(16);
        (Self(sender), move || work(&receiver, pool))
    }

    pub(super) fn input(&self, bytes: Vec<u8>) {
        self.send(Job::Input(bytes));
    }

    pub(super) fn end_input(&self) {
        self.send(Job::EndInput);
    }

    pub(super) fn member(&self, buffer: &Arc<Buffer>, range: Range<usize>) {
        self.send(Job::Member(Arc::clone(buffer), range));
    }

    pub(super) fn end_member(&self) {
        self.send(Job::EndMember);
    }

    /// Forgets the bytes of a member that could not be read to its end.
    pub(super) fn drop_member(&self) {
        self.send(Job::DropMember);
    }

    /// The thread ends only after the feeder is dropped, so that sending cannot fail before.
    fn send(&self, job: Job) {
        let _ = self.0.send(job);
    }
}

fn work(jobs: &Receiver<Job>, pool: &Pool) -> Digests {
    let mut digests = Digests::default();
    let (mut input, mut member) = (Sha256::new(), Sha256::new());
    for job in jobs {
        match job {
            Job::Input(bytes) => input.update(&bytes),
            Job::EndInput => digests.inputs.push(Digest(input.finalize_reset().into())),
            Job::Member(buffer, range) => {
                member.update(&buffer[range]);
                pool.give_back(buffer);
            }
            Job::DropMember => member.reset(),
            Job::EndMember => digests.members.push(Digest(member.finalize_reset().into())),
        }
    }
    digests
}
