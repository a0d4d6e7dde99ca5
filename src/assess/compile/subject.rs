//! What an object is called in evidence, and which node it names.
//!
//! People know an object by what its own tools print: a container by its name and image, a Kubernetes
//! object by `namespace/name`. The name is for them alone. What must be told apart by the program
//! (which node, whether two lists show the same network) is carried as a value of its own.

use serde_json::Value;

use crate::facts::{FieldPath, Fields, Keep, Plan, Slot};
use crate::layout::{Kind, Owner, Tells};
use crate::model::assessment::NamedObject;
use crate::model::display;
use crate::ssp::Target;

/// Characters of a name that are shown.
const SHOWN: usize = 400;

/// The kind of what makes the containers of Swarm.
const SERVICE: &str = "docker.service";

/// Where the names of a kind's objects stand.
#[derive(Debug)]
pub(crate) struct Subject {
    main: Option<Slot>,
    /// Shown behind the name, in brackets.
    aside: Option<Slot>,
    /// Shown before the name, with this separator between.
    before: Option<(Slot, char)>,
    /// What makes an object that several nodes show the same one.
    shared_id: Option<Slot>,
    fallback: String,
    /// The node, where an object names it.
    node: Option<Slot>,
    container_name: Option<Slot>,
    /// The service that the object is or that made it.
    service: Option<Slot>,
    /// The pod of which it is a container.
    pod: Option<Slot>,
    images: Vec<Slot>,
    /// Lists of objects with an image each.
    image_lists: Vec<Slot>,
}

impl Subject {
    /// Asks the plan for the fields that name objects of a kind.
    pub(crate) fn of(kind: &Kind, plan: &mut Plan) -> Self {
        let (naming, workload) = (kind.naming(), kind.workload());
        let told = |what: Tells| kind.inventory().iter().find(|(tells, _)| *tells == what).map(|(_, path)| *path);
        let mut want = |path: &str, keep: Keep| Some(plan.want(kind, &path.parse::<FieldPath>().ok()?, keep).1);
        let image_lists = workload.lists.iter().filter_map(|path| want(path, only_image())).collect();
        let mut slot = |path: &str| want(path, Keep::All);
        let main = naming.main.and_then(&mut slot);
        Self {
            main,
            aside: naming.aside.and_then(&mut slot),
            before: naming.before.and_then(|(path, between)| Some((slot(path)?, between))),
            shared_id: naming.shared_id.and_then(&mut slot),
            fallback: naming.fallback.unwrap_or(kind.name()).to_owned(),
            node: workload.node.and_then(&mut slot),
            container_name: main.filter(|_| workload.node_in_name),
            service: if kind.name() == SERVICE { main } else { told(Tells::Service).and_then(&mut slot) },
            pod: told(Tells::Pod).and_then(&mut slot),
            images: workload.images.iter().filter_map(|path| slot(path)).collect(),
            image_lists,
        }
    }

    /// The fields that name an object, with what is read of each.
    pub(crate) fn naming_read(&self) -> Vec<(Slot, Keep)> {
        let slots = [self.main, self.before.map(|(slot, _)| slot), self.aside];
        slots.into_iter().flatten().map(|slot| (slot, Keep::All)).collect()
    }

    /// The fields at which entries of the SSP look besides the name: the images, and the node if an
    /// entry asks for it.
    pub(crate) fn target_read(&self, by_node: bool) -> Vec<(Slot, Keep)> {
        let whole = self.images.iter().copied().chain(self.node.filter(|_| by_node)).map(|slot| (slot, Keep::All));
        whole.chain(self.image_lists.iter().map(|slot| (*slot, only_image()))).collect()
    }

    /// The id of an object that several nodes may show, such as a network.
    pub(crate) fn shared_id<'f>(&self, fields: &'f Fields) -> Option<&'f str> {
        text(fields, self.shared_id?)
    }

    /// The object's name.
    pub(crate) fn name(&self, fields: &Fields) -> String {
        let text = |slot: Option<Slot>| slot.and_then(|slot| text(fields, slot));
        let mut name = text(self.main).unwrap_or(&self.fallback).to_owned();
        if let Some((slot, separator)) = self.before
            && let Some(before) = text(Some(slot))
        {
            name = format!("{before}{separator}{name}");
        }
        if let Some(aside) = text(self.aside) {
            name = format!("{name} ({aside})");
        }
        display::cut(&display::escaped(&name), SHOWN).to_owned()
    }

    /// The parts of the object's name, for programs.
    pub(crate) fn named(&self, kind: &str, fields: &Fields) -> NamedObject {
        let part = |text: &str| display::cut(&display::escaped(text), SHOWN).to_owned();
        let own = self.main.and_then(|slot| text(fields, slot)).unwrap_or(&self.fallback);
        let before = self.before.and_then(|(slot, between)| Some((text(fields, slot)?, between)));
        let name = match before {
            Some((before, between)) if between != '/' => format!("{before}{between}{own}"),
            _ => own.to_owned(),
        };
        let name = if self.container_name.is_some() { name.trim_start_matches('/') } else { &name };
        // Anybody can label a container; what Swarm and Kubernetes make is called by them, too.
        let made = |of: &str| {
            let of = format!("{of}.");
            self.container_name.is_none() || name.rsplit('/').next().is_some_and(|name| name.starts_with(&of))
        };
        let of_pod = name.rsplit('/').next().is_some_and(|name| name.starts_with("k8s_"));
        let told = |slot: Option<Slot>| slot.and_then(|slot| text(fields, slot));
        NamedObject {
            kind: kind.to_owned(),
            name: part(name),
            namespace: before.filter(|(_, between)| *between == '/').map(|(before, _)| part(before)),
            service: told(self.service).filter(|service| made(service)).map(part),
            pod: told(self.pod).filter(|_| of_pod).map(part),
            images: self.images(fields).into_iter().map(part).collect(),
        }
    }

    /// Whether a field is part of the name.
    pub(crate) fn shows(&self, slot: Slot) -> bool {
        self.main == Some(slot) || self.aside == Some(slot) || self.before.is_some_and(|(before, _)| before == slot)
    }

    /// The node that the object names: a pod's own field, or the prefix that MKE puts before the
    /// container's name in the cluster's own list (`/<node>/<container>`).
    pub(crate) fn node<'f>(&self, owner: &Owner, fields: &'f Fields) -> Option<&'f str> {
        if let Some(slot) = self.node {
            return text(fields, slot);
        }
        if *owner != Owner::Cluster {
            return None;
        }
        let (node, _) = text(fields, self.container_name?)?.strip_prefix('/')?.split_once('/')?;
        Some(node)
    }

    /// Whether this kind's objects in the cluster's own list belong to nodes.
    pub(crate) fn is_container(&self) -> bool {
        self.container_name.is_some()
    }

    /// Images of the object.
    pub(crate) fn images<'f>(&self, fields: &'f Fields) -> Vec<&'f str> {
        let mut images: Vec<&str> = self.images.iter().filter_map(|slot| text(fields, *slot)).collect();
        for slot in &self.image_lists {
            let list = fields[slot.index()].as_ref().and_then(Value::as_array);
            for container in list.into_iter().flatten() {
                images.extend(container.get("image").and_then(Value::as_str));
            }
        }
        images
    }

    /// What exceptions look at.
    pub(crate) fn target<'f>(
        &self,
        fields: &'f Fields,
        images: &'f [&'f str],
        node: Option<&'f str>,
        role: Option<&'f str>,
    ) -> Target<'f> {
        let own = self.main.and_then(|slot| text(fields, slot)).map(|name| name.trim_start_matches('/'));
        Target {
            images,
            container: self.container_name.and_then(|slot| text(fields, slot)).map(|name| name.trim_start_matches('/')),
            name: own,
            namespace: self.before.filter(|(_, separator)| *separator == '/').and_then(|(slot, _)| text(fields, slot)),
            node,
            role,
        }
    }
}

/// Of containers only their images.
fn only_image() -> Keep {
    Keep::only([(FieldPath::key("image"), Keep::All)])
}

/// The text in a slot.
pub(crate) fn text(fields: &Fields, slot: Slot) -> Option<&str> {
    fields[slot.index()].as_ref().and_then(Value::as_str)
}
