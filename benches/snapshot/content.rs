//! The nodes of the generated snapshot, and what containers and pods have in common.

use std::collections::BTreeMap;

use anyhow::Result;

use crate::template::{Rng, Template};

/// Version of MKE that the snapshot claims to be of.
pub(crate) const MKE_VERSION: &str = "3.7.12";

/// Names of applications.
pub(crate) const APPS: &[&str] = &[
    "billing-api",
    "billing-web",
    "ledger",
    "claims-intake",
    "claims-worker",
    "intel-feed",
    "scraper",
    "geocoder",
    "tile-server",
    "auth-proxy",
    "session-cache",
    "mail-relay",
    "report-builder",
    "pdf-render",
    "image-resize",
    "search-index",
    "search-api",
    "queue-broker",
    "event-bus",
    "metrics-gateway",
    "log-shipper",
    "backup-agent",
    "schema-migrator",
    "payroll-batch",
    "hr-portal",
    "ticket-desk",
    "asset-db",
    "license-watch",
    "fleet-tracker",
    "sensor-ingest",
    "alarm-router",
    "weather-sync",
];
/// Names of teams, which are namespaces too.
pub(crate) const TEAMS: &[&str] =
    &["payroll", "intel-feeds", "claims", "geo", "platform", "logistics", "research", "default"];
/// Where images come from.
pub(crate) const REGISTRIES: &[&str] =
    &["registry.enclave.example/apps", "registry.enclave.example/base", "msr.enclave.example/prod"];
/// Levels of logs.
pub(crate) const LEVELS: &[&str] = &["debug", "info", "warn", "error"];

/// Counts of objects and of those that break rules, by a name such as `user_privileged`.
pub(crate) type Counts = BTreeMap<String, u64>;

/// Counts one object.
pub(crate) fn count(counts: &mut Counts, class: &str, what: &str) {
    *counts.entry(format!("{class}_{what}")).or_default() += 1;
}

/// The templates, parsed once.
pub(crate) struct Content {
    pub(crate) container: Template,
    pub(crate) pod: Template,
    pub(crate) pod_container: Template,
    pub(crate) pod_status: Template,
    kube_node: Template,
    swarm_node: Template,
    info: Template,
}

/// One of the nodes.
pub(crate) struct Node {
    /// Host name.
    pub(crate) name: String,
    /// Whether it is a manager.
    pub(crate) manager: bool,
    /// Its address.
    pub(crate) address: String,
    /// Its id in the swarm.
    pub(crate) swarm_id: String,
}

/// The nodes of the cluster: five managers, the rest workers.
pub(crate) fn nodes(seed: u64, number: u64) -> Vec<Node> {
    let mut rng = Rng::new(seed, 1);
    (1..=number)
        .map(|at| Node {
            name: if at <= 5 { format!("mgr-{at}") } else { format!("wrk-{}", at - 5) },
            manager: at <= 5,
            address: format!("10.20.{}.{}", at / 250, at % 250 + 1),
            swarm_id: rng.swarm_id(),
        })
        .collect()
}

impl Content {
    /// Parses the templates.
    ///
    /// # Errors
    /// A damaged template.
    pub(crate) fn new() -> Result<Self> {
        Ok(Self {
            container: Template::new(include_str!("templates/container.json"))?,
            pod: Template::new(include_str!("templates/pod.json"))?,
            pod_container: Template::new(include_str!("templates/pod-container.json"))?,
            pod_status: Template::new(include_str!("templates/pod-status.json"))?,
            kube_node: Template::new(include_str!("templates/kube-node.json"))?,
            swarm_node: Template::new(include_str!("templates/swarm-node.json"))?,
            info: Template::new(include_str!("templates/info.json"))?,
        })
    }

    /// Appends one item of `kubectl get nodes -o json`.
    pub(crate) fn kube_node(&self, out: &mut Vec<u8>, rng: &mut Rng, node: &Node) -> Result<()> {
        let role = if node.manager { ",\n                    \"node-role.kubernetes.io/master\": \"\"" } else { "" };
        self.kube_node.render(
            out,
            &[
                ("ip", &node.address),
                ("created", "2026-05-04T07:00:00Z"),
                ("node", &node.name),
                ("role", role),
                ("version", &rng.below(90_000_000).to_string()),
                ("uid", &rng.uuid()),
                ("boot", &rng.uuid()),
                ("machine", &rng.hex(32)),
                ("system", &rng.uuid()),
            ],
        )
    }

    /// Appends one element of `docker node inspect`.
    pub(crate) fn swarm_node(&self, out: &mut Vec<u8>, rng: &mut Rng, node: &Node) -> Result<()> {
        let (role, manager) = if node.manager {
            let leader = if node.name == "mgr-1" { "\n            \"Leader\": true," } else { "" };
            let address = &node.address;
            let status = format!(
                ",\n        \"ManagerStatus\": {{{leader}\n            \"Reachability\": \"reachable\",\n            \"Addr\": \"{address}:2377\"\n        }}"
            );
            ("manager", status)
        } else {
            ("worker", String::new())
        };
        self.swarm_node.render(
            out,
            &[
                ("swarm_id", &node.swarm_id),
                ("version", &rng.below(90_000).to_string()),
                ("created", "2026-05-04T07:00:00.123456789Z"),
                ("started", &rng.nano_time()),
                ("role", role),
                ("node", &node.name),
                ("pem", "MIIBbench"),
                ("key", "MFkwbench"),
                ("ip", &node.address),
                ("manager", &manager),
            ],
        )
    }

    /// Appends one `docker info`; it must state the number of containers that the node lists.
    pub(crate) fn info(
        &self,
        out: &mut Vec<u8>,
        rng: &mut Rng,
        node: &Node,
        leader: &Node,
        containers: u64,
        images: u64,
    ) -> Result<()> {
        self.info.render(
            out,
            &[
                ("engine_id", &rng.uuid()),
                ("containers", &containers.to_string()),
                ("images", &images.to_string()),
                ("node", &node.name),
                ("started", "2026-11-20T08:00:01.000000000Z"),
                ("fds", &rng.below(900).to_string()),
                ("routines", &rng.below(900).to_string()),
                ("swarm_id", &node.swarm_id),
                ("ip", &node.address),
                ("manager", if node.manager { "true" } else { "false" }),
                ("leader_id", &leader.swarm_id),
                ("cluster_id", "k3m1zq0bench5vq7d2n8x4c6e"),
                ("pem", "MIIBbench"),
                ("key", "MFkwbench"),
                ("commit", "1677a17964311325ed1c31e2c0a3589ce6d5c30d"),
            ],
        )?;
        out.push(b'\n');
        Ok(())
    }
}

/// A random version of an image.
pub(crate) fn version(rng: &mut Rng) -> String {
    format!("{}.{}.{}", rng.below(5), rng.below(30), rng.below(10))
}
