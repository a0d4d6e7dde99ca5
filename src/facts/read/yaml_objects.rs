//! A file of Kubernetes objects as YAML.

use serde_json::Value;

use crate::facts::error::ReadError;
use crate::facts::fact::Observer;
use crate::facts::member::{Nature, ONE_OBJECT, Origin, State};
use crate::facts::objects::pages;
use crate::facts::read::reader::Reader;
use crate::facts::read::unfinished::{Hash, Rest, Unfinished};
use crate::facts::yaml::{documents, objects};
use crate::layout::{Kind, Owner, Place, resource_folder};

/// Largest YAML file that is read: as values it takes several times its size in memory.
const MAX_BYTES: u64 = 8 << 20;

/// Reads Kubernetes objects as YAML.
pub(crate) fn read<O: Observer>(
    reader: &mut Reader<'_, '_, O>,
    unfinished: &mut Unfinished<O::Tally>,
    rest: Rest<'_>,
) -> Result<(), ReadError> {
    let (text, bytes) = reader.beginning(rest)?;
    unfinished.member.bytes = bytes;
    unfinished.hash = Hash::Nth(reader.feeder.last());
    let unreadable = |why: String| unfinished.growing.problem(0, State::Unreadable(why));
    let parsed = if bytes > MAX_BYTES {
        unreadable("the YAML file is too large to read; save it as JSON with `-o json`".to_owned());
        Ok(Vec::new())
    } else {
        documents(&text)
    };
    let (objects, list) = match parsed {
        Ok(documents) => {
            let order = documents.len() as u64;
            if let Some(why) = pages::cut(&documents) {
                unfinished.growing.problem(order, State::Truncated(why));
            }
            objects(documents)
        }
        Err(error) => {
            unreadable(error.to_string());
            (Vec::new(), true)
        }
    };
    let folder = resource_folder(unfinished.member.path.rsplit('!').next().unwrap_or_default());
    let own = objects.iter().find_map(|(_, object)| object.get("kind").and_then(Value::as_str));
    let kind = own.and_then(|kind| Kind::named(&format!("kube.{kind}"))).or(folder.kind);
    let Some(kind) = kind else {
        unfinished.member.origin = Origin::Unrecognized;
        return Ok(());
    };
    unfinished.member.place = Some(Place { kind: kind.clone(), owner: Owner::Cluster });
    if list {
        unfinished.member.namespace = folder.namespace;
    } else {
        unfinished.member.nature = Nature::SomeObjects(ONE_OBJECT);
    }
    let Some(id) = reader.plan.id(&kind) else { return Ok(()) };
    let sink = reader.sink(id, unfinished, &Owner::Cluster);
    let mut sums = Vec::new();
    for (order, (position, object)) in (0..).zip(&objects) {
        if let Err(error) = sink.object(object.to_string().as_bytes(), *position, order, &mut sums) {
            let why = format!("the object {} {error}", order + 1);
            unfinished.growing.problem(order, State::Unreadable(why));
        }
    }
    sink.add(sums);
    Ok(())
}
