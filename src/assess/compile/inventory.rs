//! What is read of the facts besides the rules: nodes, versions, orchestrators, MSR.
//!
//! Whether a rule applies, and whether all was delivered, depends on facts that no rule may ask for.
//! The table of kinds names the fields that tell such a fact, each with what it tells; here is what
//! becomes of them.

use core::net::IpAddr;

use serde_json::Value;

use crate::assess::compile::probe::{EngineInfo, ListedNode, OWNERS, Probe};
use crate::facts::{FieldPath, Fields, Keep, Plan, Slot};
use crate::layout::{Kind, Tells};
use crate::rules::{MKE, NOT_CARRIED, USER};

/// Slots of the fields that a kind's probe reads, each with what it tells.
#[derive(Debug)]
pub(crate) struct ProbeSlots {
    name: String,
    slots: Vec<(Tells, Slot)>,
}

/// Of what a pod says of its containers, only what tells which of them run.
fn kept(tells: Tells) -> Keep {
    let keys = ["name", "containerID", "ready"].map(FieldPath::key).into_iter();
    let keys = keys.chain([FieldPath::key("state").child("running")]);
    match tells {
        Tells::Networks => Keep::Each(Box::new(Keep::only([(FieldPath::key("NetworkID"), Keep::All)]))),
        Tells::Statuses => Keep::only(keys.map(|key| (key, Keep::All))),
        Tells::Owners => {
            let keys = ["apiVersion", "kind", "name", "controller"].map(FieldPath::key);
            Keep::only(keys.into_iter().map(|key| (key, Keep::All)))
        }
        _ => Keep::All,
    }
}

/// Characters of an id that a swarm gives; those of engines have 64.
const SWARM_ID: usize = 25;

/// Addresses of one node that are kept.
const ADDRESSES: usize = 16;

/// An address that others can reach; a lone manager calls itself 0.0.0.0.
fn address(text: &str) -> Option<IpAddr> {
    let address: IpAddr = text.parse().ok()?;
    (!address.is_unspecified() && !address.is_loopback()).then_some(address)
}

/// What `status.addresses` of a Kubernetes node says under these types.
fn addresses_of<'a>(addresses: Option<&'a Value>, types: &'a [&str]) -> impl Iterator<Item = &'a str> {
    let list = addresses.and_then(Value::as_array).into_iter().flatten().take(ADDRESSES);
    let text = |entry: &'a Value, key: &str| entry.get(key).and_then(Value::as_str);
    list.filter(move |entry| text(entry, "type").is_some_and(|name| types.contains(&name)))
        .filter_map(move |entry| text(entry, "address"))
}

/// What a probe is told of an object besides its fields.
pub(crate) struct ObjectContext<'s> {
    pub(crate) order: u64,
    /// None where it is told only when all was read.
    pub(crate) class: Option<&'s str>,
    pub(crate) images: &'s [&'s str],
    pub(crate) subject: &'s dyn Fn() -> String,
    pub(crate) node: Option<&'s str>,
    /// Which list of the member it stands in.
    pub(crate) list: u64,
}

impl ProbeSlots {
    /// Asks the plan for the fields of a kind.
    pub(crate) fn of(kind: &Kind, plan: &mut Plan) -> Self {
        let slots = kind
            .inventory()
            .iter()
            .filter_map(|(tells, path)| Some((*tells, plan.want(kind, &path.parse().ok()?, kept(*tells)).1)))
            .collect();
        Self { name: kind.name().to_owned(), slots }
    }

    /// Whether the probe looks at images.
    pub(crate) fn wants_images(&self) -> bool {
        matches!(self.name.as_str(), "docker.container" | "kube.Pod")
    }

    /// Notes what follows from whose an object is; `None` where that cannot be told.
    pub(crate) fn observe_class(
        &self,
        fields: &Fields,
        class: Option<&str>,
        (order, subject): (u64, &dyn Fn() -> String),
        probe: &mut Probe,
    ) {
        let told = Told { slots: &self.slots, fields };
        if !matches!(self.name.as_str(), "docker.service" | "docker.container" | "kube.Pod") {
            return;
        }
        match class {
            Some(USER) => probe.user(order, subject),
            Some(MKE) if self.name == "docker.container" => {
                probe.mke_versions.extend(told.word(Tells::Version).map(|version| format!("ucp/{version}")));
            }
            Some(_) => {}
            None => probe.doubtful += 1,
        }
    }

    /// Notes what an object says of the cluster.
    pub(crate) fn observe(&self, fields: &Fields, seen: &ObjectContext<'_>, probe: &mut Probe) {
        let told = Told { slots: &self.slots, fields };
        match self.name.as_str() {
            "docker.info" => {
                probe.managers.extend(told.managers());
                probe.engines.insert(told.engine());
                probe.instances.extend(told.word(Tells::ClusterId).filter(|id| !id.is_empty()));
            }
            "docker.node" => {
                probe.node_ids.extend(told.word(Tells::Id));
                probe.nodes.extend(told.swarm_node());
            }
            "kube.Node" => probe.nodes.extend(told.kubernetes_node()),
            "host.os_release" => {
                let word = |what| told.word(what).unwrap_or_default();
                probe.os_release.insert((word(Tells::SystemId), word(Tells::System)));
            }
            "mke.config" => {
                probe.swarm_only = Some(told.get(Tells::SwarmOnly).and_then(Value::as_bool).unwrap_or(false));
                probe.registries = told.registries();
            }
            "mke.version" | "mke.info" => {
                let version = told.word(Tells::Version).or_else(|| told.word(Tells::ServerVersion));
                probe.mke_versions.extend(version.filter(|version| version.starts_with("ucp/")));
                probe.stated_nodes = told.count(Tells::SwarmNodes).filter(|nodes| *nodes > 0);
                probe.swarms.extend(told.word(Tells::SwarmId).filter(|id| !id.is_empty()));
            }
            "mke.telemetry" => probe.stated_nodes = told.get(Tells::NodeCount).and_then(Value::as_u64),
            "mke.instance" => probe.instances.extend(told.word(Tells::ClusterId)),
            "docker.process" => {
                let first = told.get(Tells::FirstOfTable).and_then(Value::as_bool).unwrap_or(false);
                if let Some(id) = told.word(Tells::Id).filter(|_| first) {
                    probe.tables.insert(short(&id));
                }
            }
            "docker.service" => {
                probe.names.extend(told.word(Tells::Name).into_iter().chain(told.word(Tells::Id)));
                probe.networks.extend(told.attached().map(|id| (id.to_owned(), id.to_owned())));
            }
            "docker.network" => observe_network(&told, probe),
            "docker.image" => note_image(&told, None, probe),
            "docker.container" => observe_container(&told, seen, probe),
            "kube.Pod" => observe_pod(&told, seen, probe),
            "kube.Namespace" => probe.names.extend(told.word(Tells::Name)),
            kind => {
                note_namespace(told.word(Tells::Namespace), seen.list, probe);
                note_owners(&told, probe);
                if let Some(name) = told.word(Tells::Name).filter(|_| OWNERS.contains(&kind)) {
                    probe.objects.insert(&told.in_namespace(&name));
                }
            }
        }
        if seen.class.is_some() {
            self.observe_class(fields, seen.class, (seen.order, seen.subject), probe);
        }
        probe.bound();
    }
}

fn observe_container(told: &Told<'_>, seen: &ObjectContext<'_>, probe: &mut Probe) {
    probe.mentioned.extend(seen.node.map(str::to_owned));
    probe.services.extend(told.word(Tells::Service));
    probe.networks.extend(told.networks());
    let (id, name) = (told.word(Tells::Id), told.word(Tells::Name).unwrap_or_default());
    let listed = probe.containers.entry(seen.node.map(str::to_owned)).or_default();
    let runs = told.get(Tells::IsRunning).and_then(Value::as_bool) == Some(true);
    listed.insert(short(id.as_deref().unwrap_or(&name)), &name, runs);
    if let Some(uid) = told.word(Tells::Pod).filter(|_| runs) {
        probe.pods.insert(&uid);
    }
    if let Some(id) = told.word(Tells::ServiceId).filter(|_| runs) {
        probe.tasks.insert(id.clone(), told.word(Tells::Service).unwrap_or(id));
    }
    if let (Some(uid), Some(container)) = (told.word(Tells::Pod), told.word(Tells::InPod)) {
        probe.in_pods.entry(seen.node.map(str::to_owned)).or_default().insert(&format!("{uid}/{container}"));
    }
    note_image(told, seen.node, probe);
    workload(seen, probe);
}

fn observe_network(told: &Told<'_>, probe: &mut Probe) {
    let (name, id) = (told.word(Tells::Name), told.word(Tells::Id));
    if let Some(id) = &id {
        let of_swarm = told.word(Tells::Reach).as_deref() == Some("swarm");
        let listed = if of_swarm { &mut probe.of_swarm } else { &mut probe.of_nodes };
        listed.insert(id.clone(), name.clone().unwrap_or_else(|| id.clone()));
    }
    probe.names.extend(name.into_iter().chain(id));
}

/// Notes an image, or that of a container, by the node that is named.
fn note_image(told: &Told<'_>, node: Option<&str>, probe: &mut Probe) {
    if let Some(id) = told.word(Tells::ImageId) {
        probe.images.entry(node.map(str::to_owned)).or_default().insert(short(&id));
    }
}

fn observe_pod(told: &Told<'_>, seen: &ObjectContext<'_>, probe: &mut Probe) {
    if let Some(uid) = told.word(Tells::Id) {
        probe.pods.insert(&uid);
        let of_node = probe.in_pods.entry(seen.node.map(str::to_owned)).or_default();
        told.containers().for_each(|container| of_node.insert(&format!("{uid}/{container}")));
    }
    probe.mentioned.extend(seen.node.map(str::to_owned));
    note_namespace(told.word(Tells::Namespace), seen.list, probe);
    note_owners(told, probe);
    workload(seen, probe);
}

/// Notes what an object of Kubernetes says that it belongs to. Kinds of other groups may have the same names.
fn note_owners(told: &Told<'_>, probe: &mut Probe) {
    let owners = told.get(Tells::Owners).and_then(Value::as_array);
    for owner in owners.into_iter().flatten().filter(|owner| owner.get("controller") == Some(&Value::Bool(true))) {
        let text = |key: &str| owner.get(key).and_then(Value::as_str);
        let built_in = text("apiVersion").is_none_or(|group| group.starts_with("apps/") || group.starts_with("batch/"));
        let kind =
            OWNERS.into_iter().find(|kind| text("kind").is_some_and(|own| kind.strip_prefix("kube.") == Some(own)));
        if let (Some(kind), Some(name), true) = (kind, text("name"), built_in) {
            probe.owners.entry(kind).or_default().insert(&told.in_namespace(name));
        }
    }
}

/// What one object tells.
struct Told<'f> {
    slots: &'f [(Tells, Slot)],
    fields: &'f Fields,
}

impl Told<'_> {
    /// A value, unless it is null.
    fn get(&self, what: Tells) -> Option<&Value> {
        let (_, slot) = self.slots.iter().find(|(tells, _)| *tells == what)?;
        self.fields[slot.index()].as_ref().filter(|value| !value.is_null())
    }

    /// A text.
    fn word(&self, what: Tells) -> Option<String> {
        self.get(what).and_then(Value::as_str).map(str::to_owned)
    }

    /// A name with the namespace of the object.
    fn in_namespace(&self, name: &str) -> String {
        format!("{}/{name}", self.word(Tells::Namespace).unwrap_or_default())
    }

    fn count(&self, what: Tells) -> Option<u64> {
        self.get(what).and_then(Value::as_u64)
    }

    fn engine(&self) -> EngineInfo {
        EngineInfo {
            name: self.word(Tells::NodeName).unwrap_or_default(),
            os: self.word(Tells::System).unwrap_or_default(),
            windows: self.word(Tells::SystemType).as_deref() == Some("windows"),
            linux: self.word(Tells::SystemType).as_deref() == Some("linux"),
            containers: self.count(Tells::Containers),
            swarm_nodes: self.count(Tells::SwarmNodes).filter(|nodes| *nodes > 0),
            swarm_id: self.word(Tells::SwarmId),
            time: self.word(Tells::Time),
            running: self.count(Tells::Running),
            images: self.count(Tells::ImagesHeld),
            address: self.word(Tells::Address).and_then(|text| address(&text)),
            node_id: self.word(Tells::Id).filter(|id| !id.is_empty()),
        }
    }

    /// The ids of the managers that the node knows.
    fn managers(&self) -> Vec<String> {
        let listed = self.get(Tells::Managers).and_then(Value::as_array);
        let ids = listed.into_iter().flatten().filter_map(|manager| manager.get("NodeID")?.as_str());
        ids.filter(|id| !id.is_empty()).map(str::to_owned).collect()
    }

    /// The swarm's networks on which a service's tasks are, by id. A network of the nodes, such as `host`, has a
    /// longer id and need not be listed.
    fn attached(&self) -> impl Iterator<Item = &str> {
        let networks = self.get(Tells::Attached).and_then(Value::as_array);
        let ids = networks.into_iter().flatten().filter_map(|network| network.get("Target")?.as_str());
        ids.filter(|id| id.len() == SWARM_ID)
    }

    /// The networks that connect a container, by id: one that does not run is on none.
    fn networks(&self) -> Vec<(String, String)> {
        let networks = self.get(Tells::Networks).and_then(Value::as_object);
        let with_id = |(name, network): (&String, &Value)| {
            let id = network.get("NetworkID")?.as_str().filter(|id| !id.is_empty())?;
            Some((id.to_owned(), name.clone()))
        };
        networks.into_iter().flatten().filter_map(with_id).collect()
    }

    /// The containers of a pod that an engine of Docker runs, by their names: one that ended may be gone.
    fn containers(&self) -> impl Iterator<Item = &str> {
        let statuses = self.get(Tells::Statuses).and_then(Value::as_array);
        let runs = |status: &&Value| {
            let id = status.get("containerID").and_then(Value::as_str).unwrap_or_default();
            let runs = match status.get("state") {
                Some(state) => state.get("running").is_some_and(Value::is_object),
                None => status.get("ready") == Some(&Value::Bool(true)),
            };
            runs && id.starts_with("docker://")
        };
        statuses.into_iter().flatten().filter(runs).filter_map(|status| status.get("name")?.as_str())
    }

    fn swarm_node(&self) -> Option<ListedNode> {
        let label = |what: Tells| self.get(what).map(|value| value.as_str() == Some("true"));
        Some(ListedNode {
            name: self.word(Tells::NodeName)?,
            manager: self.word(Tells::Role).map(|role| role == "manager"),
            os: self.word(Tells::SystemType).filter(|os| os == "windows"),
            swarm: label(Tells::RunsSwarm),
            kubernetes: label(Tells::RunsKubernetes),
            kubelet: None,
            addresses: self.word(Tells::Address).and_then(|text| address(&text)).into_iter().collect(),
            fqdn: None,
            id: Some(self.word(Tells::Id).unwrap_or_default()),
            is_down: self.word(Tells::State).as_deref() == Some("down"),
        })
    }

    fn kubernetes_node(&self) -> Option<ListedNode> {
        let control = ["node-role.kubernetes.io/master", "node-role.kubernetes.io/control-plane"];
        let labels = self.get(Tells::Labels).and_then(Value::as_object);
        let addresses = self.get(Tells::Addresses);
        Some(ListedNode {
            name: self.word(Tells::NodeName)?,
            manager: labels.map(|labels| control.iter().any(|label| labels.contains_key(*label))),
            os: self.word(Tells::System),
            swarm: None,
            kubernetes: None,
            kubelet: self.word(Tells::Kubelet),
            addresses: addresses_of(addresses, &["InternalIP", "ExternalIP"]).filter_map(address).collect(),
            fqdn: addresses_of(addresses, &["InternalDNS", "ExternalDNS", "Hostname"])
                .find(|name| name.contains('.') && name.parse::<IpAddr>().is_err())
                .map(str::to_owned),
            id: None,
            is_down: false,
        })
    }

    /// How many registries MKE knows. They stand before the cluster's own table: in a file without that
    /// table, none may mean that it is cut.
    fn registries(&self) -> Option<u64> {
        let registries = self.get(Tells::Registries);
        let listed = registries.and_then(Value::as_array).map(|list| list.len() as u64);
        let told = registries.and_then(Value::as_str) != Some(NOT_CARRIED);
        listed.or_else(|| (told && self.get(Tells::LastTable).is_some()).then_some(0))
    }
}

/// The first characters of an id: as many as Docker prints without `--no-trunc`.
fn short(id: &str) -> &str {
    let id = id.strip_prefix("sha256:").unwrap_or(id);
    id.get(..12).unwrap_or(id)
}

/// Notes the namespace of an object in a list.
fn note_namespace(namespace: Option<String>, list: u64, probe: &mut Probe) {
    let Some(namespace) = namespace else { return };
    probe.add_to_list(list, namespace.clone());
    probe.namespaces.insert(namespace);
}

/// Notes whether a container or pod is of MSR.
fn workload(object: &ObjectContext<'_>, probe: &mut Probe) {
    for image in object.images {
        // An image may be pinned: `msr/msr-api:3.1.4@sha256:…`.
        let image = image.split_once('@').map_or(*image, |(name, _)| name);
        let (repository, tag) = match image.rsplit_once(':') {
            Some((repository, tag)) if !tag.contains('/') => (repository, Some(tag)),
            _ => (image, None),
        };
        let mut parts = repository.rsplit('/');
        let name = parts.next().unwrap_or_default();
        let folder = parts.next().unwrap_or_default();
        let msr2 = name.starts_with("dtr-");
        // A mirror keeps the names of images under a registry and namespace of its own.
        let msr3 = name == "msr" || name.starts_with("msr-");
        // MSR 4 is Harbor, whose parts have versions of their own.
        let msr4 = ["harbor", "goharbor"].contains(&folder) || name.starts_with("harbor-");
        if msr2 || msr3 || msr4 {
            probe.msr(object.order, object.subject);
        }
        if msr2 || msr3 && ["msr", "mirantis", "mirantiseng"].contains(&folder) {
            probe.msr_versions.extend(tag.map(str::to_owned));
        }
    }
}
