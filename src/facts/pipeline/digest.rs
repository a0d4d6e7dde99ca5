//! SHA-256 of members and inputs, on threads of their own beside parsing.
//!
//! Each byte of an input is hashed once as it lies in the file and once as it is decoded. Members go to the
//! threads in turn, each whole to one thread, so that the n-th digest of a thread is that of a member whose
//! number is known without any message back.

use std::ops::Range;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use crate::facts::pipeline::buffer::{Buffer, Pool};
use crate::model::digest::{Digest, Hasher};

enum Job {
    Input(Vec<u8>),
    EndInput,
    Member(Arc<Buffer>, Range<usize>),
    EndMember,
    DropMember,
}

/// Buffers that may wait for the threads that hash.
const WAITING: usize = 16;

/// Threads that hash at most: members are hashed side by side, the bytes of one in their order.
const LANES: usize = 4;

/// Takes bytes in the order of reading.
pub(crate) struct Feeder {
    lanes: Vec<SyncSender<Job>>,
    /// Members that have ended.
    ended: usize,
}

/// Takes the bytes of inputs as they are.
#[derive(Clone)]
pub(crate) struct InputFeeder(SyncSender<Job>);

/// The digests of a run.
#[derive(Debug, Default)]
pub(crate) struct Digests {
    pub(crate) inputs: Vec<Digest>,
    /// In the order in which the members ended.
    pub(crate) members: Vec<Digest>,
}

/// What one thread made.
#[derive(Debug, Default)]
pub(crate) struct Lane {
    inputs: Vec<Digest>,
    members: Vec<Digest>,
}

impl Digests {
    /// Puts the digests of the threads together, in the order of the work that they were given.
    pub(crate) fn of(lanes: Vec<Lane>) -> Self {
        let mut digests = Self::default();
        let mut members = Vec::new();
        for lane in lanes {
            digests.inputs.extend(lane.inputs);
            members.push(lane.members.into_iter());
        }
        let lanes = members.len().max(1);
        digests.members = (0..).map_while(|number| members.get_mut(number % lanes)?.next()).collect();
        digests
    }
}

impl Feeder {
    /// A feeder, and the work that threads must do for it: it ends when the feeder is dropped.
    pub(crate) fn new(pool: &Pool, jobs: usize) -> (Self, Vec<impl FnOnce() -> Lane + Send + '_>) {
        let count = jobs.clamp(1, LANES);
        let channels = (0..count).map(|_| sync_channel(WAITING / count));
        let (lanes, work) = channels.map(|(sender, receiver)| (sender, move || work(&receiver, pool))).unzip();
        (Self { lanes, ended: 0 }, work)
    }

    /// Takes the bytes of inputs: all by one thread, for inputs come one after another.
    pub(crate) fn inputs(&self) -> InputFeeder {
        InputFeeder(self.lanes[0].clone())
    }

    pub(crate) fn member(&self, buffer: &Arc<Buffer>, range: Range<usize>) {
        self.send(Job::Member(Arc::clone(buffer), range));
    }

    pub(crate) fn end_member(&mut self) {
        self.send(Job::EndMember);
        self.ended += 1;
    }

    /// The place among [`Digests::members`] of the member that ended last.
    pub(crate) fn last(&self) -> usize {
        self.ended.saturating_sub(1)
    }

    /// Forgets the bytes of a member that could not be read to its end.
    pub(crate) fn drop_member(&self) {
        self.send(Job::DropMember);
    }

    fn send(&self, job: Job) {
        send(&self.lanes[self.ended % self.lanes.len()], job);
    }
}

impl InputFeeder {
    pub(crate) fn bytes(&self, bytes: Vec<u8>) {
        send(&self.0, Job::Input(bytes));
    }

    pub(crate) fn end(&self) {
        send(&self.0, Job::EndInput);
    }
}

/// A thread ends only after its senders are dropped, so that sending cannot fail before.
fn send(lane: &SyncSender<Job>, job: Job) {
    let _ = lane.send(job);
}

fn work(jobs: &Receiver<Job>, pool: &Pool) -> Lane {
    let mut digests = Lane::default();
    let (mut input, mut member) = (Hasher::default(), Hasher::default());
    for job in jobs {
        match job {
            Job::Input(bytes) => input.update(&bytes),
            Job::EndInput => digests.inputs.push(input.finish_reset()),
            Job::Member(buffer, range) => {
                member.update(&buffer[range]);
                pool.give_back(buffer);
            }
            Job::DropMember => member.reset(),
            Job::EndMember => digests.members.push(member.finish_reset()),
        }
    }
    digests
}
