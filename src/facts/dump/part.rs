//! A part of a file: one section of a report, as a member of its own.

use std::sync::Arc;

use serde_json::Value;

use crate::facts::dump::config;
use crate::facts::dump::config::Configuration;
use crate::facts::dump::{images, info, loose};
use crate::facts::fields::path::NOT_CARRIED;
use crate::facts::fields::plan::KindId;
use crate::facts::fields::position::Position;
use crate::facts::member::{Nature, State};
use crate::facts::objects::{Join, Sink};
use crate::facts::reader::{Hash, Reader, Site, Unfinished};
use crate::facts::stream::Observer;
use crate::layout::{DumpForm, Kind, Owner, Place};

/// Where a part stands, and what it is.
pub(crate) struct Part<'p> {
    /// The file: the number that its member has or will have, and its path.
    pub(crate) file: usize,
    pub(crate) path: &'p str,
    /// The part, as a JSON pointer.
    pub(crate) at: String,
    pub(crate) place: Place,
    pub(crate) spare: bool,
}

impl<'s, O: Observer> Reader<'_, 's, O>
where
    O::Tally: 's,
{
    /// Reads a value of a dump as facts, and adds a member for it.
    pub(crate) fn part(&mut self, site: &Site<'_>, part: Part<'_>, value: Value) {
        let Place { kind, owner } = part.place;
        // A file that is not there is printed as an error, or as nothing.
        if kind.dump_form() == Some(DumpForm::DaemonFile) && loose::text(&value).is_some_and(|text| !text.contains('{'))
        {
            return;
        }
        let mut member = Unfinished::new(site, part.path);
        member.at = part.at;
        member.within = Some(part.file);
        member.hash = Hash::OfMember(part.file);
        member.spare = part.spare;
        member.nature = nature(&kind);
        member.place = Some(Place { kind: kind.clone(), owner: owner.clone() });
        if let Some(id) = self.plan.id(&kind) {
            let sink = self.sink_of(id, &mut member, &owner, self.members.len());
            if let Err(why) = observe(&sink, &kind, value) {
                member.growing.problem(0, State::Unreadable(why));
            }
        }
        self.members.push(Some(member));
    }
}

impl<'s, O: Observer> Reader<'_, 's, O>
where
    O::Tally: 's,
{
    /// Where the facts of a dump's file or section go: inspections of containers are a file each, and
    /// are summed up as one list of their node. All but the first of them then hold nothing themselves.
    pub(crate) fn sink_of(
        &mut self,
        id: KindId,
        member: &mut Unfinished<O::Tally>,
        owner: &Owner,
        number: usize,
    ) -> Sink<'s, O> {
        if self.plan.name(id).dump_form() != Some(DumpForm::Inspections) {
            return self.sink(id, member, owner);
        }
        let spot = (member.input, owner.clone(), member.spare);
        let file = u32::try_from(number).unwrap_or(u32::MAX);
        let known = self.joined.get_mut(&spot).map(|(whole, files, earlier)| {
            *files += 1;
            (Arc::clone(whole), *files, *earlier)
        });
        let Some((whole, before, earlier)) = known else {
            let mut sink = self.sink(id, member, owner);
            self.joined.insert(spot, (Arc::clone(&member.growing), 0, sink.earlier));
            sink.join = Some(Join { whole: Arc::clone(&member.growing), file, before: 0 });
            return sink;
        };
        member.place = None;
        Sink {
            plan: self.plan,
            observer: self.observer,
            kind: id,
            placed: !member.lone,
            owner: owner.clone(),
            earlier,
            growing: Arc::clone(&member.growing),
            join: Some(Join { whole, file, before }),
        }
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
fn observe<O: Observer>(sink: &Sink<'_, O>, kind: &Kind, value: Value) -> Result<(), String> {
    let values = match kind.dump_form() {
        Some(DumpForm::Configuration) => return configuration(sink, value),
        Some(DumpForm::Images) => {
            let images = match loose::text(&value) {
                Some(text) if !text.trim_start().starts_with(['{', '[']) => images::read(&text)?,
                _ => loose::objects(value)?,
            };
            if images.is_empty() {
                return Err("the list of images is empty, on a node where MKE runs".to_owned());
            }
            images
        }
        Some(DumpForm::EngineInfo) => match loose::text(&value) {
            Some(text) if !text.trim_start().starts_with('{') => vec![info::read(&text)?],
            _ => loose::objects(value)?,
        },
        Some(DumpForm::Inspections) => containers(value)?,
        Some(DumpForm::OwnText) => {
            let text = loose::text(&value).ok_or("a text is expected")?;
            sink.document(kind.encoding(), ended(text).as_bytes());
            return Ok(());
        }
        Some(DumpForm::Objects | DumpForm::DaemonFile | DumpForm::InstanceId) | None => loose::objects(value)?,
    };
    if values.is_empty() && !kind.is_list() {
        return Err("it is empty".to_owned());
    }
    let single = values.len() == 1 && !kind.is_list();
    let mut sums = Vec::new();
    let mut outcome = Ok(());
    for (index, value) in (0..).zip(&values) {
        let position =
            if single { Position::Document { document: 0, line: 0 } } else { Position::Element { document: 0, index } };
        let text = value.to_string();
        if let Err(why) = sink.object(text.as_bytes(), position, index, &mut sums) {
            outcome = outcome.and(Err(format!("the object at /{index} {why}")));
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
fn containers(value: Value) -> Result<Vec<Value>, String> {
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
fn configuration<O: Observer>(sink: &Sink<'_, O>, value: Value) -> Result<(), String> {
    let objects = loose::objects(value)?;
    let [json] = objects.as_slice() else {
        return Err(format!("one configuration is expected, {} are there", objects.len()));
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
