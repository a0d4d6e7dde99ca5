//! An output of docker, kubectl or another program, under whatever name a person saved it.

mod finish;
mod json;
mod kinds;
mod list;
mod open_list;
mod read;
mod yaml;

pub(crate) use read::read;
