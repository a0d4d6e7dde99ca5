//! What is read of the facts besides the rules: nodes, versions, orchestrators, MSR.

use core::net::IpAddr;

use serde_json::Value;

use crate::assess::compile::probe::{EngineInfo, ListedNode, Probe, VALUES};
use crate::assess::compile::subject::text;
use crate::facts::{FieldPath, Fields, Keep, Plan, Slot};
use crate::layout::Kind;
use crate::rules::{MKE, NOT_CARRIED, USER};

/// Slots of the fields that a kind's probe reads.
#[derive(Debug)]
pub(crate) struct ProbeSlots {
    name: String,
    slots: Vec<Slot>,
}

const LABEL_SWARM: &str = "Spec.Labels[\"com.docker.ucp.orchestrator.swarm\"]";
const LABEL_KUBERNETES: &str = "Spec.Labels[\"com.docker.ucp.orchestrator.kubernetes\"]";

/// The fields that each probe reads, in the order in which its arm below names them.
fn fields_of(kind: &str) -> &'static [&'static str] {
    match kind {
        "docker.info" => &[
            "Name",
            "OperatingSystem",
            "OSType",
            "Containers",
            "Swarm.Nodes",
            "Swarm.Cluster.ID",
            "SystemTime",
            "ContainersRunning",
            "Swarm.NodeAddr",
        ],
        "docker.node" => &[
            "Description.Hostname",
            "Spec.Role",
            "Description.Platform.OS",
            LABEL_SWARM,
            LABEL_KUBERNETES,
            "Status.Addr",
        ],
        "kube.Node" => &[
            "metadata.name",
            "metadata.labels",
            "status.nodeInfo.osImage",
            "status.nodeInfo.kubeletVersion",
            "status.addresses",
        ],
        "kube.Pod" => &["metadata.namespace"],
        "host.os_release" => &["ID", "PRETTY_NAME"],
        "mke.config" => &["cluster_config.swarm_only", "registries", "cluster_config"],
        "mke.version" => &["Version", "Server.Version"],
        "mke.info" => &["ServerVersion"],
        "mke.telemetry" => &["node_count"],
        "mke.instance" => &["id"],
        "docker.process" => &["first"],
        "docker.container" => &["Config.Labels[\"com.docker.ucp.version\"]"],
        "kube.Namespace" => &["metadata.name"],
        name if name.starts_with("kube.") && name != "kube.version" => &["metadata.namespace"],
        _ => &[],
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

    pub(crate) fn of(kind: &Kind, plan: &mut Plan) -> Self {
        let slots = fields_of(kind.name())
            .iter()
            .filter_map(|path| path.parse::<FieldPath>().ok())
            .map(|path| plan.want(kind, &path, Keep::All).1)
            .collect();
        Self { name: kind.name().to_owned(), slots }
    }

    /// Whether the probe looks at images.
    pub(crate) fn wants_images(&self) -> bool {
        matches!(self.name.as_str(), "docker.container" | "kube.Pod")
    }

    pub(crate) fn observe(&self, fields: &Fields, seen: &ObjectContext<'_>, probe: &mut Probe) {
        let get = |at: usize| {
            self.slots.get(at).and_then(|slot| fields[slot.index()].as_ref()).filter(|value| !value.is_null())
        };
        let word = |at: usize| self.slots.get(at).and_then(|slot| text(fields, *slot)).map(str::to_owned);
        match self.name.as_str() {
            "docker.info" => {
                probe.engines.insert(EngineInfo {
                    name: word(0).unwrap_or_default(),
                    os: word(1).unwrap_or_default(),
                    windows: word(2).as_deref() == Some("windows"),
                    containers: get(3).and_then(Value::as_u64),
                    swarm_nodes: get(4).and_then(Value::as_u64).filter(|nodes| *nodes > 0),
                    swarm_id: word(5),
                    time: word(6),
                    running: get(7).and_then(Value::as_u64),
                    address: word(8).and_then(|text| address(&text)),
                });
            }
            "docker.node" => {
                let label = |at: usize| get(at).map(|value| value.as_str() == Some("true"));
                if let Some(name) = word(0) {
                    probe.nodes.insert(ListedNode {
                        name,
                        manager: word(1).map(|role| role == "manager"),
                        os: word(2).filter(|os| os == "windows"),
                        swarm: label(3),
                        kubernetes: label(4),
                        kubelet: None,
                        addresses: word(5).and_then(|text| address(&text)).into_iter().collect(),
                        fqdn: None,
                    });
                }
            }
            "kube.Node" => {
                if let Some(name) = word(0) {
                    let control = ["node-role.kubernetes.io/master", "node-role.kubernetes.io/control-plane"];
                    let labels = get(1).and_then(Value::as_object);
                    probe.nodes.insert(ListedNode {
                        name,
                        manager: labels.map(|labels| control.iter().any(|label| labels.contains_key(*label))),
                        os: word(2),
                        swarm: None,
                        kubernetes: None,
                        kubelet: word(3),
                        addresses: addresses_of(get(4), &["InternalIP", "ExternalIP"]).filter_map(address).collect(),
                        fqdn: addresses_of(get(4), &["InternalDNS", "ExternalDNS", "Hostname"])
                            .find(|name| name.contains('.') && name.parse::<IpAddr>().is_err())
                            .map(str::to_owned),
                    });
                }
            }
            "host.os_release" => {
                probe.os_release.insert((word(0).unwrap_or_default(), word(1).unwrap_or_default()));
            }
            "mke.config" => {
                probe.swarm_only = Some(get(0).and_then(Value::as_bool).unwrap_or(false));
                // The registries stand before the cluster's own table: without it the file may be cut.
                let listed = get(1).and_then(Value::as_array).map(|list| list.len() as u64);
                let told = get(1).and_then(Value::as_str) != Some(NOT_CARRIED);
                probe.registries = listed.or_else(|| (told && get(2).is_some()).then_some(0));
            }
            "mke.version" => {
                probe.mke_versions.extend(word(0).or(word(1)).filter(|version| version.starts_with("ucp/")));
            }
            "mke.info" => probe.mke_versions.extend(word(0).filter(|version| version.starts_with("ucp/"))),
            "mke.telemetry" => probe.stated_nodes = get(0).and_then(Value::as_u64),
            "mke.instance" => probe.instances.extend(word(0)),
            "docker.process" => probe.tables += u64::from(get(0).and_then(Value::as_bool).unwrap_or(false)),
            "docker.service" if seen.class == USER => probe.user(seen.order, seen.subject),
            "docker.container" => {
                if seen.class == MKE {
                    probe.mke_versions.extend(word(0).map(|version| format!("ucp/{version}")));
                } else if seen.class == USER {
                    probe.user(seen.order, seen.subject);
                }
                if let Some(node) = seen.node {
                    probe.mentioned.insert(node.to_owned());
                }
                Self::msr(seen, probe);
            }
            "kube.Pod" => {
                probe.namespaces.extend(word(0));
                if seen.class == USER {
                    probe.user(seen.order, seen.subject);
                }
                Self::msr(seen, probe);
            }
            "kube.Namespace" => probe.names.extend(word(0)),
            name if name.starts_with("kube.") && name != "kube.version" => probe.namespaces.extend(word(0)),
            _ => {}
        }
        for set in [&mut probe.mke_versions, &mut probe.msr_versions, &mut probe.namespaces] {
            while set.len() > VALUES {
                set.pop_last();
            }
        }
    }

    fn msr(seen: &ObjectContext<'_>, probe: &mut Probe) {
        for image in seen.images {
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
                probe.msr(seen.order, seen.subject);
                probe.msr_versions.extend(tag.map(str::to_owned));
            }
        }
    }
}
