//! An output of docker, kubectl or another program, under whatever name a person saved it.
//!
//! What it holds is told by each of its documents, never by the first or by its name: a file may hold the
//! outputs of several commands, as JSON or YAML, with text between them. A file of one kind is a member of
//! that kind; one of several is a member for each (`kinds.rs`). What is not understood is told, and takes
//! from every list of the file that it is whole.

use crate::facts::error::ReadError;
use crate::facts::fact::Observer;
use crate::facts::member::{Origin, State};
use crate::facts::read::output::kinds::Kinds;
use crate::facts::read::output::{json, yaml};
use crate::facts::read::placed;
use crate::facts::read::reader::Reader;
use crate::facts::read::unfinished::{Lying, Rest, Site, Unfinished};
use crate::layout;
use crate::layout::{Owner, Place};

/// Reads an output; `number` is the number that its member will have, and `lying` where it lies.
pub(crate) fn read<O: Observer>(
    reader: &mut Reader<'_, '_, O>,
    (site, number): (&Site<'_>, usize),
    lying: &Lying,
    unfinished: &mut Unfinished<O::Tally>,
    rest: Rest<'_>,
) -> Result<(), ReadError> {
    if let Some(why) = layout::not_known_here(&rest.first) {
        unfinished.member.origin = Origin::Unrecognized;
        unfinished.growing.problem(0, State::Unreadable(why.to_owned()));
        unfinished.member.bytes = reader.pass(rest)?;
        return Ok(());
    }
    let is_yaml = yaml::begins(&rest.first);
    if !is_yaml && let Some(kind) = layout::identify_toml(&rest.first) {
        unfinished.member.place = Some(Place { kind, owner: Owner::Cluster });
        unfinished.member.bytes = placed::read(reader, unfinished, rest)?;
        return Ok(());
    }
    let mut kinds = Kinds::new(site, lying, &unfinished.member.path, (is_yaml, &rest.first, rest.ended));
    unfinished.member.bytes =
        if is_yaml { yaml::read(reader, &mut kinds, rest)? } else { json::read(reader, &mut kinds, rest)? };
    kinds.finish(reader, number, unfinished);
    Ok(())
}
