//! What an object is called in evidence, and which node it names.
//!
//! People know an object by what its own tools print: a container by its name and image, a Kubernetes
//! object by `namespace/name`. The name is for them alone. What must be told apart by the program
//! (which node, whether two lists show the same network) is carried as a value of its own.

use serde_json::Value;

use crate::facts::{FieldPath, Fields, Keep, Plan, Slot};
use crate::layout::{Kind, Owner};
use crate::model::display;
use crate::ssp::Target;

/// Characters of a name that are shown.
const SHOWN: usize = 400;

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

/// The paths of the fields that make a name.
#[derive(Default)]
struct Naming {
    main: Option<&'static str>,
    aside: Option<&'static str>,
    before: Option<(&'static str, char)>,
}

impl Naming {
    const fn of(main: &'static str) -> Self {
        Self { main: Some(main), aside: None, before: None }
    }

    const fn aside(self, aside: &'static str) -> Self {
        Self { aside: Some(aside), ..self }
    }

    const fn before(self, before: &'static str, separator: char) -> Self {
        Self { before: Some((before, separator)), ..self }
    }

    /// How objects of a kind are named.
    fn of_kind(kind: &str) -> Self {
        match kind {
            "docker.container" => Self::of("Name").aside("Config.Image"),
            "docker.image" => Self::of("Tag").before("Repository", ':').aside("ID"),
            "docker.info" => Self::of("Name"),
            "docker.network" => Self::of("Name").aside("Id"),
            "docker.process" => Self::of("container").aside("command"),
            "host.docker_group" => Self::of("name"),
            "host.audit_docker" => Self::of("event").aside("command"),
            "mke.certificate" | "mke.ca" | "msr.certificate" => Self::of("subject"),
            "mke.account" | "msr.account" | "mke.team" | "mke.role" => Self::of("name"),
            "mke.collection" => Self::of("path"),
            "mke.grant" => Self::of("subjectID").aside("roleID"),
            "msr.repository" => Self::of("name").before("namespace", '/'),
            "msr.team_access" => Self::of("team").before("organization", '/'),
            "docker.node" => Self::of("Description.Hostname"),
            "docker.service" | "docker.secret" | "docker.config" => Self::of("Spec.Name"),
            "kube.version" => Self::default(),
            name if name.starts_with("kube.") => Self::of("metadata.name").before("metadata.namespace", '/'),
            _ => Self::default(),
        }
    }
}

impl Subject {
    /// Asks the plan for the fields that name objects of a kind.
    pub(crate) fn of(kind: &Kind, plan: &mut Plan) -> Self {
        let mut want = |path: &str, keep: Keep| Some(plan.want(kind, &path.parse::<FieldPath>().ok()?, keep).1);
        let naming = Naming::of_kind(kind.name());
        let main = naming.main.and_then(|path| want(path, Keep::All));
        let before = naming.before.and_then(|(path, separator)| Some((want(path, Keep::All)?, separator)));
        let aside = naming.aside.and_then(|path| want(path, Keep::All));
        let fallback = if kind.name() == "host.docker_socket" { "/var/run/docker.sock" } else { kind.name() };
        let mut subject = Self {
            main,
            aside,
            before,
            shared_id: None,
            fallback: fallback.to_owned(),
            node: None,
            container_name: None,
            image: None,
            pod_containers: Vec::new(),
        };
        match kind.name() {
            "docker.container" => (subject.container_name, subject.image) = (main, aside),
            "docker.network" => subject.shared_id = aside,
            "docker.service" => subject.image = want("Spec.TaskTemplate.ContainerSpec.Image", Keep::All),
            "kube.Pod" => {
                subject.node = want("spec.nodeName", Keep::All);
                let lists = ["spec.containers", "spec.initContainers", "spec.ephemeralContainers"];
                subject.pod_containers = lists.iter().filter_map(|list| want(list, only_image())).collect();
            }
            _ => {}
        }
        subject
    }

    /// The fields that name an object, with what is read of each.
    pub(crate) fn naming_read(&self) -> Vec<(Slot, Keep)> {
        let slots = [self.main, self.before.map(|(slot, _)| slot), self.aside];
        slots.into_iter().flatten().map(|slot| (slot, Keep::All)).collect()
    }

    /// The fields at which entries of the SSP look besides the name: the images, and the node if an
    /// entry asks for it.
    pub(crate) fn target_read(&self, by_node: bool) -> Vec<(Slot, Keep)> {
        let whole = self.image.into_iter().chain(self.node.filter(|_| by_node)).map(|slot| (slot, Keep::All));
        whole.chain(self.pod_containers.iter().map(|slot| (*slot, only_image()))).collect()
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

/// Of containers only their images.
fn only_image() -> Keep {
    Keep::only([(FieldPath::key("image"), Keep::All)])
}

/// The text in a slot.
pub(crate) fn text(fields: &Fields, slot: Slot) -> Option<&str> {
    fields[slot.index()].as_ref().and_then(Value::as_str)
}
