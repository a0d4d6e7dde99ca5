//! A part of a dump's file: one section of a report, as a member of its own.

use std::sync::Arc;

use serde_json::Value;

use crate::facts::dump::config::{ConfigError, Configuration};
use crate::facts::dump::images::ImagesError;
use crate::facts::dump::info::InfoError;
use crate::facts::dump::loose::LooseError;
use crate::facts::dump::{config, images, info, loose};
use crate::facts::fact::Observer;
use crate::facts::fields::path::NOT_CARRIED;
use crate::facts::fields::plan::KindId;
use crate::facts::fields::position::Position;
use crate::facts::fields::projection::PickError;
use crate::facts::member::{Nature, Origin, State};
use crate::facts::objects::document::document;
use crate::facts::objects::sink::{Join, ObjectError, Sink};
use crate::facts::read::reader::Reader;
use crate::facts::read::unfinished::{Hash, Site, Unfinished};
use crate::layout::{DumpForm, Kind, Owner, Place};

/// Where a part stands, and what it is.
pub(crate) struct Part<'p> {
    /// The file: the number that its member has or will have, and its path.
    pub(crate) file: usize,
    pub(crate) path: &'p str,
    /// The part, as a JSON pointer.
    pub(crate) at: String,
    pub(crate) place: Place,
    pub(crate) fallback: bool,
}

/// Why a part holds no facts.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PartError {
    #[error("it is not valid JSON: {0}")]
    NotJson(serde_json::Error),
    #[error("the list of images is empty, on a node where MKE runs")]
    NoImages,
    #[error("a text is expected")]
    NoText,
    #[error("it is empty")]
    Empty,
    #[error("one configuration is expected, {0} are there")]
    Configurations(usize),
    #[error("the object at /{index} {error}")]
    Object { index: u64, error: ObjectError },
    #[error(transparent)]
    Loose(#[from] LooseError),
    #[error(transparent)]
    Images(#[from] ImagesError),
    #[error(transparent)]
    Info(#[from] InfoError),
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Pick(#[from] PickError),
}

/// Reads a value of a dump as facts, and adds a member for it.
pub(crate) fn add<O: Observer>(
    reader: &mut Reader<'_, '_, O>,
    site: &Site<'_>,
    part: Part<'_>,
    value: Result<Value, PartError>,
) {
    let Place { kind, owner } = part.place;
    // A file that is not there is printed as an error, or as nothing.
    if kind.dump_form() == Some(DumpForm::DaemonFile)
        && let Ok(value) = &value
        && loose::text(value).is_some_and(|text| !text.contains('{'))
    {
        return;
    }
    let mut unfinished = Unfinished::new(site, part.path);
    unfinished.hash = Hash::OfMember(part.file);
    unfinished.member.origin = Origin::SupportDump;
    unfinished.member.at = part.at;
    unfinished.member.within = Some(part.file);
    unfinished.member.fallback = part.fallback;
    unfinished.member.nature = nature(&kind);
    unfinished.member.place = Some(Place { kind: kind.clone(), owner: owner.clone() });
    if let Some(id) = reader.plan.id(&kind) {
        let number = reader.members.len();
        let sink = sink_of(reader, id, &mut unfinished, &owner, number);
        if let Err(error) = value.and_then(|value| observe(&sink, &kind, value)) {
            unfinished.growing.problem(0, State::Unreadable(error.to_string()));
        }
    }
    reader.members.push(Some(unfinished));
}

/// Where the facts of a dump's file or section go: inspections of containers are a file each, and
/// are summed up as one list of their node. All but the first of them then hold nothing themselves.
pub(crate) fn sink_of<'s, O: Observer>(
    reader: &mut Reader<'_, 's, O>,
    id: KindId,
    unfinished: &mut Unfinished<O::Tally>,
    owner: &Owner,
    number: usize,
) -> Sink<'s, O> {
    if reader.plan.name(id).dump_form() != Some(DumpForm::Inspections) {
        return reader.sink(id, unfinished, owner);
    }
    let spot = (unfinished.member.input, owner.clone(), unfinished.member.fallback);
    let file = u32::try_from(number).unwrap_or(u32::MAX);
    let known = reader.joined.get_mut(&spot).map(|(whole, files, earlier)| {
        *files += 1;
        (Arc::clone(whole), *files, *earlier)
    });
    let growing = Arc::clone(&unfinished.growing);
    let Some((whole, before, earlier)) = known else {
        let sink = reader.sink(id, unfinished, owner);
        reader.joined.insert(spot, (Arc::clone(&growing), 0, sink.earlier));
        return Sink { join: Some(Join { whole: growing, file, before: 0 }), ..sink };
    };
    unfinished.member.place = None;
    Sink {
        plan: reader.plan,
        observer: reader.observer,
        kind: id,
        placed: unfinished.member.origin == Origin::Snapshot,
        owner: owner.clone(),
        earlier,
        growing,
        join: Some(Join { whole, file, before }),
    }
}

/// How much of a kind a dump holds.
pub(crate) fn nature(kind: &Kind) -> Nature {
    match (kind.dump_form(), kind.only_some()) {
        (Some(DumpForm::Configuration), _) => Nature::SomeFields,
        (_, Some(why)) => Nature::SomeObjects(why),
        _ => Nature::Whole,
    }
}

/// Shows a value's objects to the observer.
fn observe<O: Observer>(sink: &Sink<'_, O>, kind: &Kind, value: Value) -> Result<(), PartError> {
    let values = match kind.dump_form() {
        Some(DumpForm::Configuration) => return configuration(sink, value),
        Some(DumpForm::Images) => {
            let images = match loose::text(&value) {
                Some(text) if !text.trim_start().starts_with(['{', '[']) => images::read(&text)?,
                _ => loose::objects(value)?,
            };
            if images.is_empty() {
                return Err(PartError::NoImages);
            }
            images
        }
        Some(DumpForm::EngineInfo) => match loose::text(&value) {
            Some(text) if !text.trim_start().starts_with('{') => vec![info::read(&text)?],
            _ => loose::objects(value)?,
        },
        Some(DumpForm::Inspections) => containers(value)?,
        Some(DumpForm::OwnText) => {
            let text = loose::text(&value).ok_or(PartError::NoText)?;
            document(sink, kind.encoding(), ended(text).as_bytes());
            return Ok(());
        }
        Some(DumpForm::Objects | DumpForm::DaemonFile | DumpForm::InstanceId) | None => loose::objects(value)?,
    };
    if values.is_empty() && !kind.is_list() {
        return Err(PartError::Empty);
    }
    let single = values.len() == 1 && !kind.is_list();
    let mut sums = Vec::new();
    let mut outcome = Ok(());
    for (index, value) in (0..).zip(&values) {
        let position =
            if single { Position::Document { document: 0, line: 0 } } else { Position::Element { document: 0, index } };
        let text = value.to_string();
        if let Err(error) = sink.object(text.as_bytes(), position, index, &mut sums) {
            outcome = outcome.and(Err(PartError::Object { index, error }));
        }
    }
    sink.add(sums);
    outcome
}

fn ended(mut text: String) -> String {
    if !text.ends_with('\n') {
        text.push('\n');
    }
    text
}

/// Containers in any of the shapes: one, a list, or by their names; each may be a list of one.
fn containers(value: Value) -> Result<Vec<Value>, LooseError> {
    let is_one = |value: &Value| value.get("HostConfig").is_some() || value.get("Config").is_some();
    match value {
        Value::Object(map) if !is_one(&Value::Object(map.clone())) => {
            let mut all = Vec::new();
            for (_, value) in map {
                all.extend(loose::objects(value)?);
            }
            Ok(all)
        }
        other => loose::objects(other),
    }
}

/// The configuration, with a mark on every wanted field that the dump does not speak of.
fn configuration<O: Observer>(sink: &Sink<'_, O>, value: Value) -> Result<(), PartError> {
    let objects = loose::objects(value)?;
    let [json] = objects.as_slice() else {
        return Err(PartError::Configurations(objects.len()));
    };
    let configuration: Configuration = config::read(json)?;
    let projection = sink.plan.projection(sink.kind);
    let mut fields = projection.pick(&configuration.value)?;
    for (slot, path) in projection.paths() {
        if !configuration.carries(path.keys()) {
            fields[slot.index()] = Some(NOT_CARRIED.into());
        }
    }
    let mut sums = Vec::new();
    sink.fact(sink.kind, &fields, Position::Document { document: 0, line: 0 }, 0, &mut sums);
    sink.add(sums);
    Ok(())
}
