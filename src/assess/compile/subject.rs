//! What an object is called in evidence, and which node it names.

use serde_json::Value;

use crate::facts::{FieldPath, Fields, Keep, Plan, Slot};
use crate::layout::{Kind, Owner};
use crate::model::display;
use crate::ssp::Target;

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
    image: Option<Slot>,
    /// Containers of a pod, with their images.
    pod_containers: Vec<Slot>,
}

fn slot(plan: &mut Plan, kind: &Kind, path: &str) -> Option<Slot> {
    path.parse::<FieldPath>().ok().map(|path| plan.want(kind, &path, Keep::All).1)
}

impl Subject {
    pub(crate) fn of(kind: &Kind, plan: &mut Plan) -> Self {
        let mut subject = Self {
            main: None,
            aside: None,
            before: None,
            shared_id: None,
            fallback: kind.name().to_owned(),
            node: None,
            container_name: None,
            image: None,
            pod_containers: Vec::new(),
        };
        match kind.name() {
            "docker.container" => {
                subject.main = slot(plan, kind, "Name");
                subject.aside = slot(plan, kind, "Config.Image");
                subject.container_name = subject.main;
                subject.image = subject.aside;
            }
            "docker.image" => {
                subject.main = slot(plan, kind, "Tag");
                subject.before = slot(plan, kind, "Repository").map(|slot| (slot, ':'));
                subject.aside = slot(plan, kind, "ID");
            }
            "docker.info" => subject.main = slot(plan, kind, "Name"),
            "docker.network" => {
                subject.main = slot(plan, kind, "Name");
                subject.aside = slot(plan, kind, "Id");
                subject.shared_id = subject.aside;
            }
            "docker.process" => {
                subject.main = slot(plan, kind, "container");
                subject.aside = slot(plan, kind, "command");
            }
            "host.docker_socket" => "/var/run/docker.sock".clone_into(&mut subject.fallback),
            "host.docker_group" => subject.main = slot(plan, kind, "name"),
            "host.audit_docker" => {
                subject.main = slot(plan, kind, "event");
                subject.aside = slot(plan, kind, "command");
            }
            "mke.certificate" | "mke.ca" | "msr.certificate" => subject.main = slot(plan, kind, "subject"),
            "mke.account" | "msr.account" | "mke.team" | "mke.role" => subject.main = slot(plan, kind, "name"),
            "mke.collection" => subject.main = slot(plan, kind, "path"),
            "mke.grant" => {
                subject.main = slot(plan, kind, "subjectID");
                subject.aside = slot(plan, kind, "roleID");
            }
            "msr.repository" => {
                subject.main = slot(plan, kind, "name");
                subject.before = slot(plan, kind, "namespace").map(|slot| (slot, '/'));
            }
            "msr.team_access" => {
                subject.main = slot(plan, kind, "team");
                subject.before = slot(plan, kind, "organization").map(|slot| (slot, '/'));
            }
            "docker.node" => subject.main = slot(plan, kind, "Description.Hostname"),
            "docker.service" => {
                subject.main = slot(plan, kind, "Spec.Name");
                subject.image = slot(plan, kind, "Spec.TaskTemplate.ContainerSpec.Image");
            }
            "docker.secret" | "docker.config" => subject.main = slot(plan, kind, "Spec.Name"),
            name if name.starts_with("kube.") && name != "kube.version" => {
                subject.main = slot(plan, kind, "metadata.name");
                subject.before = slot(plan, kind, "metadata.namespace").map(|slot| (slot, '/'));
                if name == "kube.Pod" {
                    subject.node = slot(plan, kind, "spec.nodeName");
                    let image = || Keep::only([(FieldPath::key("image"), Keep::All)]);
                    for list in ["spec.containers", "spec.initContainers", "spec.ephemeralContainers"] {
                        if let Ok(path) = list.parse() {
                            subject.pod_containers.push(plan.want(kind, &path, image()).1);
                        }
                    }
                }
            }
            _ => {}
        }
        subject
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
        display::cut(&display::escaped(&name), 400).to_owned()
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
        let mut images: Vec<&str> = self.image.and_then(|slot| text(fields, slot)).into_iter().collect();
        for slot in &self.pod_containers {
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

/// The text in a slot.
pub(crate) fn text(fields: &Fields, slot: Slot) -> Option<&str> {
    fields[slot.index()].as_ref().and_then(Value::as_str)
}
