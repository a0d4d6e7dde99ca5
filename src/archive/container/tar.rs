//! Walks a tar as a stream.
//!
//! Headers are taken one by one rather than through the iterator of the crate `tar`, which joins extended
//! headers itself: here their size is bounded, a missing end mark is seen, two names for one entry are an
//! error, and nothing may follow the end. What two readers could take for different members is refused.

use std::io::{self, Read};

use tar::Header;

use crate::archive::budget::Budget;
use crate::archive::container::pax::Pax;
use crate::archive::error::Error;
use crate::archive::fault::{Fault, LimitExceeded};
use crate::archive::format::checksum_holds;
use crate::archive::member::{End, Flow, MemberMeta, OpenInput, Visit, show};
use crate::archive::path::{Paths, escape};
use crate::archive::skipped::Skipped;
use crate::archive::source::CHUNK;
use crate::model::limits;

const BLOCK: usize = 512;

/// Largest extended header: far above any path, and all that is ever held in memory of one.
const MAX_EXTENDED: u64 = limits::TAR_HEADER;

/// Shows every regular file of a tar to the visitor.
pub(crate) fn walk<E: From<Error>>(
    input: &OpenInput<'_>,
    stream: &mut dyn Read,
    visit: &mut Visit<'_, E>,
) -> Result<Flow, E> {
    let mut walk = Walk { input, stream, paths: Paths::default() };
    while let Some(entry) = walk.next_entry()? {
        let end = End::After(entry.size);
        let (flow, _) = show(input, &entry.meta(), walk.stream, end, visit)?;
        if flow == Flow::Stop {
            return Ok(flow);
        }
        walk.skip(padding(entry.size)).map_err(|fault| input.fail(fault, Some(&entry.path)))?;
    }
    Ok(Flow::Continue)
}

struct Walk<'a> {
    input: &'a OpenInput<'a>,
    stream: &'a mut dyn Read,
    paths: Paths,
}

/// A regular file, its content next in the stream.
struct Entry {
    path: String,
    size: u64,
}

impl Entry {
    fn meta(&self) -> MemberMeta {
        MemberMeta { path: self.path.clone(), size: Some(self.size), ..MemberMeta::default() }
    }
}

/// What extended headers said of the member that follows them.
#[derive(Default)]
struct Extended {
    long_name: Option<Vec<u8>>,
    long_link: Option<Vec<u8>>,
    pax: Option<Pax>,
}

impl Extended {
    fn is_empty(&self) -> bool {
        self.long_name.is_none() && self.long_link.is_none() && self.pax.is_none()
    }

    fn name(&mut self, header: &Header) -> Result<Vec<u8>, Fault> {
        let pax = self.pax.as_mut().and_then(|pax| pax.path.take());
        match (self.long_name.take(), pax) {
            (Some(long), Some(pax)) if long != pax => Err(Fault::corrupt("two different names for one entry")),
            (Some(name), _) | (None, Some(name)) => Ok(name),
            (None, None) => Ok(header.path_bytes().into_owned()),
        }
    }

    /// Where a link leads.
    fn target(self, header: &Header) -> Vec<u8> {
        let pax = self.pax.and_then(|pax| pax.link);
        let own = || header.link_name_bytes().unwrap_or_default().into_owned();
        pax.or(self.long_link).unwrap_or_else(own)
    }
}

impl Walk<'_> {
    /// Goes on to the next regular file; at the end mark, reads the rest of the stream.
    fn next_entry(&mut self) -> Result<Option<Entry>, Error> {
        let mut extended = Extended::default();
        loop {
            let Some(header) = self.header().map_err(|fault| self.input.fail(fault, None))? else {
                let fault = if extended.is_empty() {
                    self.finish().err()
                } else {
                    Some(Fault::corrupt("an extended header without its entry"))
                };
                return fault.map_or(Ok(None), |fault| Err(self.input.fail(fault, None)));
            };
            let shown = escape(&header.path_bytes());
            let fail = |fault| self.input.fail(fault, Some(&shown));
            self.input.budget.enter(1).map_err(fail)?;
            let size = header.entry_size().map_err(|_| {
                let what = "a size that is not a number";
                self.input.fail(Fault::corrupt(what), Some(&shown))
            })?;
            if is_extension(&header) {
                self.extend(&mut extended, &header, size).map_err(|fault| self.input.fail(fault, Some(&shown)))?;
            } else if let Some(entry) = self.entry(&header, size, std::mem::take(&mut extended))? {
                return Ok(Some(entry));
            }
        }
    }

    /// Makes a regular file of a header. A folder is nothing; what is neither is named and passed over.
    fn entry(&mut self, header: &Header, size: u64, mut extended: Extended) -> Result<Option<Entry>, Error> {
        let input = self.input;
        let raw = extended.name(header).map_err(|fault| input.fail(fault, Some(&escape(&header.path_bytes()))))?;
        let kind = header.entry_type().as_byte();
        if kind == b'V' && size == 0 {
            // The label of a volume.
            return Ok(None);
        }
        let path = input.clean(&raw)?;
        let pax = extended.pax.as_ref();
        let size = pax.and_then(|pax| pax.size).unwrap_or(size);
        let content = |what| if size == 0 { Ok(()) } else { Err(input.unsafe_entry(&path, what)) };
        let skipped = match kind {
            b'0' | b'7' | 0 if pax.is_some_and(|pax| pax.sparse) => Skipped::file(path.clone(), "a sparse file"),
            b'0' | b'7' | 0 if extended.long_link.is_some() || pax.is_some_and(|pax| pax.link.is_some()) => {
                Skipped::file(path.clone(), "a file with the target of a link")
            }
            b'0' | b'7' | 0 | b'5' if kind == b'5' || raw.ends_with(b"/") => {
                return content("a folder with content").map(|()| None);
            }
            b'0' | b'7' | 0 => {
                input.budget.check_member(size).map_err(|fault| input.fail(fault, Some(&path)))?;
                self.check_named(&path)?;
                self.paths.add(&path, input.name)?;
                return Ok(Some(Entry { path, size }));
            }
            b'1' => {
                content("a hard link with content")?;
                Skipped::hard_link(path.clone(), &extended.target(header))
            }
            b'2' => {
                content("a symbolic link with content")?;
                Skipped::symbolic_link(path.clone(), Some(&extended.target(header)))
            }
            b'3' | b'4' | b'6' => {
                content("a device or a pipe with content")?;
                Skipped::special(path.clone(), if kind == b'6' { "a named pipe" } else { "a device" })
            }
            b'S' => {
                self.pass_sparse_map(header).map_err(|fault| input.fail(fault, Some(&path)))?;
                Skipped::file(path.clone(), "a sparse file")
            }
            _ => return Err(input.unsafe_entry(&path, "an entry of an unknown type")),
        };
        self.pass(size).map_err(|fault| input.fail(fault, Some(&path)))?;
        input.skip(skipped);
        Ok(None)
    }

    /// Reads the blocks that follow the header of a sparse file of GNU's: its map, where the header has no room.
    fn pass_sparse_map(&mut self, header: &Header) -> Result<(), Fault> {
        const MORE_FOLLOWS: usize = 482;
        const MORE_FOLLOWS_YET: usize = 504;
        let mut more = header.as_bytes()[MORE_FOLLOWS] != 0;
        while more {
            let mut block = [0; BLOCK];
            self.stream.read_exact(&mut block)?;
            more = block[MORE_FOLLOWS_YET] != 0;
        }
        Ok(())
    }

    /// Reads an entry's content, which nobody wants.
    fn pass(&mut self, size: u64) -> Result<(), Fault> {
        let stream = &mut *self.stream;
        if io::copy(&mut stream.take(size), &mut io::sink())? < size {
            return Err(Fault::Truncated);
        }
        self.skip(padding(size))
    }

    fn check_named(&self, path: &str) -> Result<(), Error> {
        if path.is_empty() {
            return Err(Error::UnsafePath {
                input: self.input.name.to_owned(),
                path: ".".to_owned(),
                what: "it names no file",
            });
        }
        Ok(())
    }

    /// Reads an extended header.
    fn extend(&mut self, extended: &mut Extended, header: &Header, size: u64) -> Result<(), Fault> {
        let kind = header.entry_type().as_byte();
        if kind == b'L' {
            check_path(self.input.budget, size)?;
        }
        if size > MAX_EXTENDED {
            return Err(Fault::corrupt("an extended header of more than 1 MiB"));
        }
        let mut data = Vec::new();
        let stream = &mut *self.stream;
        stream.take(size).read_to_end(&mut data)?;
        if (data.len() as u64) < size {
            return Err(Fault::Truncated);
        }
        self.skip(padding(size))?;
        let again = match kind {
            b'L' => extended.long_name.replace(until_nul(data)).is_some(),
            b'K' => extended.long_link.replace(until_nul(data)).is_some(),
            b'x' => extended.pax.replace(Pax::parse(&data)?).is_some(),
            _ if Pax::parse(&data)?.changes_members() => {
                return Err(Fault::corrupt("a header that renames or resizes all entries"));
            }
            _ => false,
        };
        if again {
            return Err(Fault::corrupt("two extended headers for one entry"));
        }
        Ok(())
    }

    /// Takes the next header; nothing if it is the end mark, a block of zeros.
    fn header(&mut self) -> Result<Option<Header>, Fault> {
        let mut header = Header::new_old();
        let block = header.as_mut_bytes();
        // A tar without its end mark was cut, even if it was cut between two entries.
        self.stream.read_exact(block)?;
        if block.iter().all(|byte| *byte == 0) {
            return Ok(None);
        }
        if !checksum_holds(block) {
            return Err(Fault::corrupt("an entry's header has a wrong checksum"));
        }
        Ok(Some(header))
    }

    /// Reads what follows the end mark: only zeros, or there are entries that nobody would see.
    fn finish(&mut self) -> Result<(), Fault> {
        let mut scratch = vec![0; CHUNK];
        loop {
            match self.stream.read(&mut scratch) {
                Ok(0) => return Ok(()),
                Ok(count) if scratch[..count].iter().all(|byte| *byte == 0) => {}
                Ok(_) => return Err(Fault::corrupt("extra data follows the end of the tar")),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    fn skip(&mut self, count: usize) -> Result<(), Fault> {
        let mut scratch = [0; BLOCK];
        self.stream.read_exact(&mut scratch[..count])?;
        Ok(())
    }
}

/// A name in an extended header of GNU's, which ends in a NUL byte.
fn until_nul(mut data: Vec<u8>) -> Vec<u8> {
    let end = data.iter().position(|byte| *byte == 0);
    data.truncate(end.unwrap_or(data.len()));
    data
}

/// Says whether a header only describes the entry after it, or all of them.
fn is_extension(header: &Header) -> bool {
    matches!(header.entry_type().as_byte(), b'L' | b'K' | b'x' | b'g')
}

/// Refuses a long name, which ends in a NUL byte, before it is read.
fn check_path(budget: &Budget, size: u64) -> Result<(), Fault> {
    let limit = u64::try_from(budget.limits().max_path).unwrap_or(u64::MAX);
    if size > limit.saturating_add(1) {
        return Err(LimitExceeded::new("a path is too long", limit, "--max-path").into());
    }
    Ok(())
}

/// Returns how many bytes follow a content of `size` bytes to fill its last block.
fn padding(size: u64) -> usize {
    // The remainder is below 512.
    let used = usize::try_from(size % BLOCK as u64).unwrap_or_default();
    (BLOCK - used) % BLOCK
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use proptest::prelude::*;

    use super::*;
    use crate::archive::budget::Limits;
    use crate::archive::skipped::Skipping;

    /// A header with any type and name, and a checksum that is right more often than not.
    fn block() -> impl Strategy<Value = Vec<u8>> {
        let kind = prop_oneof![prop::sample::select(b"05xgLKV12346S".to_vec()), any::<u8>()];
        let content = prop::collection::vec(any::<u8>(), 0..1100);
        (kind, prop::collection::vec(any::<u8>(), 0..100), 0_u64..1100, prop::bool::weighted(0.9), content).prop_map(
            |(kind, name, size, right, content)| {
                let mut header = Header::new_ustar();
                header.as_mut_bytes()[..name.len()].copy_from_slice(&name);
                header.as_mut_bytes()[156] = kind;
                header.set_size(size);
                if right {
                    header.set_cksum();
                }
                [header.as_bytes().as_slice(), &content].concat()
            },
        )
    }

    proptest! {
        #[test]
        fn every_entry_takes_a_block_or_fails(blocks in prop::collection::vec(block(), 0..6), end in any::<bool>()) {
            let mut bytes = blocks.concat();
            if end {
                bytes.resize(bytes.len() + 1024, 0);
            }
            let (budget, taken) = (Budget::new(Limits::default()), Cell::new(0));
            let skipped = Skipping::default();
            let input = OpenInput { name: "t", budget: &budget, taken: &taken, skipped: &skipped };
            let mut stream = bytes.as_slice();
            let mut walk = Walk { input: &input, stream: &mut stream, paths: Paths::default() };
            let mut left = bytes.len() / BLOCK;
            while let Ok(Some(entry)) = walk.next_entry() {
                prop_assert!(left > 0, "more entries than blocks");
                left -= 1;
                let mut content = vec![0; usize::try_from(entry.size).unwrap() + padding(entry.size)];
                if walk.stream.read_exact(&mut content).is_err() {
                    break;
                }
            }
            prop_assert!(budget.entries() <= (bytes.len() / BLOCK) as u64);
        }
    }
}
