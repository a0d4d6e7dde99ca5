//! What is read of the facts besides the rules: nodes, versions, orchestrators, MSR.
//!
//! Whether a rule applies, and whether all was delivered, depends on facts that no rule may ask for.
//! Each kind that tells such a fact has a list of fields here, by name, and one arm that reads them.

use core::net::IpAddr;

use serde_json::Value;

use crate::assess::compile::probe::{EngineInfo, ListedNode, Probe, VALUES};
use crate::assess::compile::subject::text;
use crate::facts::{FieldPath, Fields, Keep, Plan, Slot};
use crate::layout::Kind;
use crate::rules::{MKE, NOT_CARRIED, USER};

/// The fields that a kind's probe reads, each `None` only if its path could not be one.
#[derive(Debug)]
pub(crate) enum ProbeSlots {
    /// `docker.info`
    Engine(Box<EngineSlots>),
    /// `docker.node`
    SwarmNode(Box<SwarmNodeSlots>),
    /// `kube.Node`
    KubeNode(Box<KubeNodeSlots>),
    /// `host.os_release`
    OsRelease { id: Wanted, printed: Wanted },
    /// `mke.config`
    Configuration { swarm_only: Wanted, registries: Wanted, cluster: Wanted },
    /// `mke.version` and `mke.info`, with the places where the version may stand.
    Version(Vec<Wanted>),
    /// `mke.telemetry`
    Telemetry { nodes: Wanted },
    /// `mke.instance`
    Instance { id: Wanted },
    /// `docker.process`
    Processes { first: Wanted },
    /// `docker.service`
    Service,
    /// `docker.container`
    Container { mke_version: Wanted },
    /// `kube.Pod`
    Pod { namespace: Wanted },
    /// `kube.Namespace`
    Namespace { name: Wanted },
    /// Every other Kubernetes kind.
    Namespaced { namespace: Wanted },
    /// A kind that tells nothing of the cluster.
    Nothing,
}

/// A field that a probe reads.
type Wanted = Option<Slot>;

#[derive(Debug)]
pub(crate) struct EngineSlots {
    name: Wanted,
    os: Wanted,
    os_type: Wanted,
    containers: Wanted,
    swarm_nodes: Wanted,
    swarm_id: Wanted,
    time: Wanted,
    running: Wanted,
    address: Wanted,
}

#[derive(Debug)]
pub(crate) struct SwarmNodeSlots {
    name: Wanted,
    role: Wanted,
    os: Wanted,
    swarm: Wanted,
    kubernetes: Wanted,
    address: Wanted,
}

#[derive(Debug)]
pub(crate) struct KubeNodeSlots {
    name: Wanted,
    labels: Wanted,
    os: Wanted,
    kubelet: Wanted,
    addresses: Wanted,
}

/// What a probe is told of an object besides its fields.
pub(crate) struct ObjectContext<'s> {
    pub(crate) order: u64,
    pub(crate) class: &'s str,
    pub(crate) images: &'s [&'s str],
    pub(crate) subject: &'s dyn Fn() -> String,
    pub(crate) node: Option<&'s str>,
}

impl ProbeSlots {
    /// Kinds that are read whether a rule wants them or not.
    pub(crate) const KINDS: &'static [&'static str] = &[
        "docker.info",
        "docker.node",
        "docker.service",
        "docker.container",
        "kube.Node",
        "kube.Pod",
        "kube.Namespace",
        "host.os_release",
        "mke.config",
        "mke.version",
        "mke.info",
        "mke.telemetry",
        "mke.instance",
        "msr.settings",
    ];

    /// Asks the plan for the fields of a kind.
    pub(crate) fn of(kind: &Kind, plan: &mut Plan) -> Self {
        let mut want = |path: &str| Some(plan.want(kind, &path.parse::<FieldPath>().ok()?, Keep::All).1);
        match kind.name() {
            "docker.info" => Self::Engine(Box::new(EngineSlots::of(&mut want))),
            "docker.node" => Self::SwarmNode(Box::new(SwarmNodeSlots::of(&mut want))),
            "kube.Node" => Self::KubeNode(Box::new(KubeNodeSlots::of(&mut want))),
            "host.os_release" => Self::OsRelease { id: want("ID"), printed: want("PRETTY_NAME") },
            "mke.config" => Self::Configuration {
                swarm_only: want("cluster_config.swarm_only"),
                registries: want("registries"),
                cluster: want("cluster_config"),
            },
            "mke.version" => Self::Version(vec![want("Version"), want("Server.Version")]),
            "mke.info" => Self::Version(vec![want("ServerVersion")]),
            "mke.telemetry" => Self::Telemetry { nodes: want("node_count") },
            "mke.instance" => Self::Instance { id: want("id") },
            "docker.process" => Self::Processes { first: want("first") },
            "docker.service" => Self::Service,
            "docker.container" => Self::Container { mke_version: want("Config.Labels[\"com.docker.ucp.version\"]") },
            "kube.Pod" => Self::Pod { namespace: want("metadata.namespace") },
            "kube.Namespace" => Self::Namespace { name: want("metadata.name") },
            "kube.version" => Self::Nothing,
            name if name.starts_with("kube.") => Self::Namespaced { namespace: want("metadata.namespace") },
            _ => Self::Nothing,
        }
    }

    /// Whether the probe looks at images.
    pub(crate) fn wants_images(&self) -> bool {
        matches!(self, Self::Container { .. } | Self::Pod { .. })
    }

    /// Notes what an object says of the cluster.
    pub(crate) fn observe(&self, fields: &Fields, object: &ObjectContext<'_>, probe: &mut Probe) {
        let read = Read(fields);
        match self {
            Self::Nothing => {}
            Self::Engine(slots) => _ = probe.engines.insert(slots.read(&read)),
            Self::SwarmNode(slots) => probe.nodes.extend(slots.read(&read)),
            Self::KubeNode(slots) => probe.nodes.extend(slots.read(&read)),
            Self::OsRelease { id, printed } => {
                probe.os_release.insert((read.word(*id).unwrap_or_default(), read.word(*printed).unwrap_or_default()));
            }
            Self::Configuration { swarm_only, registries, cluster } => {
                probe.swarm_only = Some(read.value(*swarm_only).and_then(Value::as_bool).unwrap_or(false));
                // The registries stand before the cluster's own table: without it the file may be cut.
                let listed = read.value(*registries).and_then(Value::as_array).map(|list| list.len() as u64);
                let carried = read.value(*registries).and_then(Value::as_str) != Some(NOT_CARRIED);
                probe.registries = listed.or_else(|| (carried && read.value(*cluster).is_some()).then_some(0));
            }
            Self::Version(places) => {
                let version = places.iter().find_map(|place| read.word(*place));
                probe.mke_versions.extend(version.filter(|version| version.starts_with("ucp/")));
            }
            Self::Telemetry { nodes } => probe.stated_nodes = read.number(*nodes),
            Self::Instance { id } => probe.instances.extend(read.word(*id)),
            Self::Processes { first } => {
                probe.tables += u64::from(read.value(*first).and_then(Value::as_bool).unwrap_or(false));
            }
            Self::Service => user(object, probe),
            Self::Container { mke_version } => {
                if object.class == MKE {
                    probe.mke_versions.extend(read.word(*mke_version).map(|version| format!("ucp/{version}")));
                }
                probe.mentioned.extend(object.node.map(str::to_owned));
                workload(object, probe);
            }
            Self::Pod { namespace } => {
                probe.namespaces.extend(read.word(*namespace));
                workload(object, probe);
            }
            Self::Namespace { name } => probe.names.extend(read.word(*name)),
            Self::Namespaced { namespace } => probe.namespaces.extend(read.word(*namespace)),
        }
        for set in [&mut probe.mke_versions, &mut probe.msr_versions, &mut probe.namespaces] {
            while set.len() > VALUES {
                set.pop_last();
            }
        }
    }
}

/// Reads fields of an object.
struct Read<'f>(&'f Fields);

impl<'f> Read<'f> {
    fn value(&self, slot: Wanted) -> Option<&'f Value> {
        self.0[slot?.index()].as_ref().filter(|value| !value.is_null())
    }

    fn word(&self, slot: Wanted) -> Option<String> {
        text(self.0, slot?).map(str::to_owned)
    }

    fn number(&self, slot: Wanted) -> Option<u64> {
        self.value(slot).and_then(Value::as_u64)
    }

    fn address(&self, slot: Wanted) -> Option<IpAddr> {
        address(text(self.0, slot?)?)
    }
}

impl EngineSlots {
    fn of(want: &mut impl FnMut(&str) -> Wanted) -> Self {
        Self {
            name: want("Name"),
            os: want("OperatingSystem"),
            os_type: want("OSType"),
            containers: want("Containers"),
            swarm_nodes: want("Swarm.Nodes"),
            swarm_id: want("Swarm.Cluster.ID"),
            time: want("SystemTime"),
            running: want("ContainersRunning"),
            address: want("Swarm.NodeAddr"),
        }
    }

    fn read(&self, read: &Read<'_>) -> EngineInfo {
        EngineInfo {
            name: read.word(self.name).unwrap_or_default(),
            os: read.word(self.os).unwrap_or_default(),
            windows: read.word(self.os_type).as_deref() == Some("windows"),
            containers: read.number(self.containers),
            swarm_nodes: read.number(self.swarm_nodes).filter(|nodes| *nodes > 0),
            swarm_id: read.word(self.swarm_id),
            time: read.word(self.time),
            running: read.number(self.running),
            address: read.address(self.address),
        }
    }
}

impl SwarmNodeSlots {
    fn of(want: &mut impl FnMut(&str) -> Wanted) -> Self {
        Self {
            name: want("Description.Hostname"),
            role: want("Spec.Role"),
            os: want("Description.Platform.OS"),
            swarm: want("Spec.Labels[\"com.docker.ucp.orchestrator.swarm\"]"),
            kubernetes: want("Spec.Labels[\"com.docker.ucp.orchestrator.kubernetes\"]"),
            address: want("Status.Addr"),
        }
    }

    fn read(&self, read: &Read<'_>) -> Option<ListedNode> {
        let label = |slot| read.value(slot).map(|value| value.as_str() == Some("true"));
        Some(ListedNode {
            name: read.word(self.name)?,
            manager: read.word(self.role).map(|role| role == "manager"),
            os: read.word(self.os).filter(|os| os == "windows"),
            swarm: label(self.swarm),
            kubernetes: label(self.kubernetes),
            kubelet: None,
            addresses: read.address(self.address).into_iter().collect(),
            fqdn: None,
        })
    }
}

impl KubeNodeSlots {
    fn of(want: &mut impl FnMut(&str) -> Wanted) -> Self {
        Self {
            name: want("metadata.name"),
            labels: want("metadata.labels"),
            os: want("status.nodeInfo.osImage"),
            kubelet: want("status.nodeInfo.kubeletVersion"),
            addresses: want("status.addresses"),
        }
    }

    fn read(&self, read: &Read<'_>) -> Option<ListedNode> {
        let control = ["node-role.kubernetes.io/master", "node-role.kubernetes.io/control-plane"];
        let labels = read.value(self.labels).and_then(Value::as_object);
        let addresses = read.value(self.addresses);
        Some(ListedNode {
            name: read.word(self.name)?,
            manager: labels.map(|labels| control.iter().any(|label| labels.contains_key(*label))),
            os: read.word(self.os),
            swarm: None,
            kubernetes: None,
            kubelet: read.word(self.kubelet),
            addresses: addresses_of(addresses, &["InternalIP", "ExternalIP"]).filter_map(address).collect(),
            fqdn: addresses_of(addresses, &["InternalDNS", "ExternalDNS", "Hostname"])
                .find(|name| name.contains('.') && name.parse::<IpAddr>().is_err())
                .map(str::to_owned),
        })
    }
}

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

/// Notes an object of a user's.
fn user(object: &ObjectContext<'_>, probe: &mut Probe) {
    if object.class == USER {
        probe.user(object.order, object.subject);
    }
}

/// Notes a container or pod: whether it is a user's, and whether it is of MSR.
fn workload(object: &ObjectContext<'_>, probe: &mut Probe) {
    user(object, probe);
    for image in object.images {
        let (repository, tag) = match image.rsplit_once(':') {
            Some((repository, tag)) if !tag.contains('/') => (repository, Some(tag)),
            _ => (*image, None),
        };
        let mut parts = repository.rsplit('/');
        let name = parts.next().unwrap_or_default();
        let folder = parts.next().unwrap_or_default();
        let msr2 = name.starts_with("dtr-");
        let msr3 = folder == "msr" && (name == "msr" || name.starts_with("msr-"));
        if msr2 || msr3 {
            probe.msr(object.order, object.subject);
            probe.msr_versions.extend(tag.map(str::to_owned));
        }
    }
}
