//! An output as a stream of JSON documents.

use std::sync::Arc;

use crate::facts::error::ReadError;
use crate::facts::fact::Observer;
use crate::facts::json::documents::Documents;
use crate::facts::read::output::kinds::Kinds;
use crate::facts::read::reader::Reader;
use crate::facts::read::unfinished::Rest;

/// Reads JSON documents; returns the size.
pub(super) fn read<'s, O: Observer>(
    reader: &mut Reader<'_, 's, O>,
    kinds: &mut Kinds<'_, 's, O>,
    rest: Rest<'_>,
) -> Result<u64, ReadError> {
    let Rest { first, mut ended, stream, .. } = rest;
    let limit = usize::try_from(reader.bounds.max_object_bytes).unwrap_or(usize::MAX);
    let mut documents = Documents::new();
    let (mut buffer, mut hashed) = (first, 0);
    let (mut bytes, mut stopped) = (0, false);
    loop {
        bytes += (buffer.len() - hashed) as u64;
        let mut pieces = Vec::new();
        let mut outcome = Ok(());
        if !stopped {
            outcome = documents.scan(&buffer, ended, &mut pieces);
        }
        stopped |= outcome.is_err();
        let mut keep = if stopped { buffer.len() } else { documents.keep_from() };
        if buffer.len() - keep > limit {
            kinds.too_large(limit);
            (stopped, keep) = (true, buffer.len());
        }
        let shared = Arc::new(buffer);
        reader.feeder.member(&shared, hashed..shared.len());
        kinds.take(reader, &shared, pieces);
        kinds.flush(reader, &shared);
        if let Err(error) = &outcome {
            kinds.broken(reader, error, documents.unfinished(&shared));
        }
        let mut next = reader.pool.take();
        next.append(&shared[keep..]);
        hashed = next.len();
        reader.pool.give_back(shared);
        if ended {
            reader.feeder.end_member();
            reader.pool.give_back(Arc::new(next));
            kinds.text(documents.passed());
            return Ok(bytes);
        }
        if !stopped {
            documents.rebase(keep);
        }
        if next.is_full() {
            next.grow();
        }
        ended = next.fill(stream)?;
        buffer = next;
    }
}
