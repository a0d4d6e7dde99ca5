//! Users' containers, services and pods in a generated cluster: all as the STIG wants them.

use serde_json::{Value, json};

use super::engine::{Engine, Wish};
use super::plan::{DAY, Plan, Registry, System};

/// A service of Swarm.
#[derive(Debug, Clone)]
pub(crate) struct Service {
    pub id: String,
    pub name: String,
    pub image: String,
    /// Target, published, mode.
    pub port: Option<(u16, u16, &'static str)>,
    pub windows: bool,
    pub of_mke: bool,
}

/// A pod and the containers in it.
#[derive(Debug, Clone)]
pub(crate) struct Pod {
    pub namespace: &'static str,
    pub name: String,
    pub uid: String,
    pub node: String,
    pub address: String,
    /// Name, image and id of its one container.
    pub container: (String, String, String),
    pub host_network: bool,
    pub owner: (&'static str, String),
    pub account: &'static str,
}

/// The name of the one overlay network of users'.
pub(crate) const NETWORK: &str = "gauge-net";

/// Users' services, each with a task on the nodes where it may run.
pub(crate) fn services(plan: &mut Plan) -> Vec<Service> {
    let users = plan.users.clone();
    let mut service = |name: &str, image: &str, port, windows| Service {
        id: plan.dice.swarm_id(),
        name: name.to_owned(),
        image: format!("{users}{image}"),
        port,
        windows,
        of_mke: false,
    };
    vec![
        service("gauge", "gauge:2.4.1", Some((8443, 30443, "ingress")), false),
        service("tail", "tail:0.7", None, false),
        service("badge", "badge-iis:1809", Some((80, 18080, "host")), true),
    ]
}

/// Starts a task of a service on a node.
pub(crate) fn task(plan: &mut Plan, engine: &mut Engine, service: &Service) {
    let id = plan.dice.swarm_id();
    let labels = json!({
        "com.docker.swarm.node.id": engine.node.id,
        "com.docker.swarm.service.id": service.id,
        "com.docker.swarm.service.name": service.name,
        "com.docker.swarm.task": "",
        "com.docker.swarm.task.id": id,
        "com.docker.ucp.access.label": "/Shared/works",
    });
    let command = if service.windows { "C:\\badge.exe serve" } else { "/app/serve --quiet" };
    let mut wish = Wish::new(format!("{}.1.{id}", service.name), &service.image, command, labels);
    wish.host = json!({ "NetworkMode": if service.windows { "nat" } else { NETWORK } });
    wish = match service.port {
        Some((inside, outside, "host")) => wish.port(&format!("{inside}/tcp"), outside),
        Some((inside, ..)) => wish.port(&format!("{inside}/tcp"), None),
        None => wish,
    };
    engine.start(plan, &wish);
}

/// A container that somebody started by hand.
pub(crate) fn alone(plan: &mut Plan, engine: &mut Engine) {
    let image = format!("{}ledger-cron:3", plan.users);
    let labels = json!({ "com.docker.ucp.access.label": "/Shared/works" });
    engine.start(plan, &Wish::new("ledger-cron", image, "/app/cron -f", labels));
}

/// The pods of the cluster, with their containers on the nodes.
pub(crate) fn pods(plan: &mut Plan, engines: &mut [Engine]) -> Vec<Pod> {
    let mut pods = Vec::new();
    for engine in engines.iter_mut().filter(|engine| engine.node.kubernetes) {
        let image = plan.mke("ucp-calico-node");
        let owner = ("DaemonSet", "calico-node".to_owned());
        let name = format!("calico-node-{}", plan.dice.hex(5));
        pods.push(pod(plan, engine, ("kube-system", name, "calico-node"), image, owner));
        let wanted: &[(&str, &str, &str)] = match engine.node.manager {
            true => &[],
            false if engine.node.swarm => &[("ledger", "ledger-api", "apps/ledger:5.1")],
            false => &[("ledger", "ledger-web", "apps/ledger-web:5.1"), ("tools", "probe", "apps/probe:1.2")],
        };
        for (namespace, name, image) in wanted {
            let image = format!("{}{image}", plan.users);
            let set = format!("{name}-{}", plan.dice.hex(9));
            let name = format!("{set}-{}", plan.dice.hex(5));
            pods.push(pod(plan, engine, (namespace, name, "app"), image, ("ReplicaSet", set)));
        }
    }
    let engine = engines.iter_mut().find(|engine| engine.node.manager).unwrap();
    let image = plan.mke("ucp-coredns");
    let set = format!("coredns-{}", plan.dice.hex(9));
    pods.push(pod(plan, engine, ("kube-system", format!("{set}-x1"), "coredns"), image, ("ReplicaSet", set)));
    if plan.registry == Registry::Third {
        let engine = engines.iter_mut().find(|engine| !engine.node.manager && engine.node.kubernetes).unwrap();
        let image = format!("registry.mirantis.com/msr/msr-api:{}", plan.msr_version);
        let set = format!("msr-api-{}", plan.dice.hex(9));
        pods.push(pod(plan, engine, ("msr", format!("{set}-q2"), "msr-api"), image, ("ReplicaSet", set)));
    }
    pods
}

type Named<'n> = (&'static str, String, &'n str);

fn pod(plan: &mut Plan, engine: &mut Engine, named: Named<'_>, image: String, owner: (&'static str, String)) -> Pod {
    let (namespace, name, container) = named;
    let uid = plan.dice.uuid();
    let host_network = owner.0 == "DaemonSet";
    let network = if host_network { "host" } else { "none" };
    let label = |container: &str, what: &str| {
        json!({ "io.kubernetes.container.name": container, "io.kubernetes.docker.type": what,
            "io.kubernetes.pod.name": name, "io.kubernetes.pod.namespace": namespace, "io.kubernetes.pod.uid": uid })
    };
    let named = |container: &str| format!("k8s_{container}_{name}_{namespace}_{uid}_0");
    let pause = Wish::new(named("POD"), plan.mke("ucp-pause"), "/pause", label("POD", "podsandbox"))
        .host(json!({ "NetworkMode": network, "CpuShares": 2, "Memory": 0, "IpcMode": "shareable" }));
    let sandbox = engine.start(plan, &pause);
    let shared = format!("container:{sandbox}");
    let network = if host_network { "host".to_owned() } else { shared.clone() };
    let mut wish = Wish::new(named(container), &image, "/app/run", label(container, "container"))
        .host(json!({ "NetworkMode": network, "IpcMode": shared, "CpuShares": 102 }));
    wish.by_id = true;
    let id = engine.start(plan, &wish);
    let account = if host_network { "calico-node" } else { "default" };
    let container = (container.to_owned(), image, id);
    let (node, address) = (engine.node.name.clone(), engine.node.address.clone());
    Pod { namespace, name, uid, node, address, container, host_network, owner, account }
}

impl Pod {
    pub(crate) fn json(&self) -> Value {
        let (container, image, id) = &self.container;
        let mut pod = json!({
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": { "name": self.name, "namespace": self.namespace, "uid": self.uid,
                "creationTimestamp": format!("{DAY}T01:00:00Z"), "labels": { "app": container },
                "ownerReferences": [{ "apiVersion": "apps/v1", "controller": true, "kind": self.owner.0,
                    "name": self.owner.1, "uid": "00000000-0000-4000-a000-000000000000" }] },
            "spec": { "nodeName": self.node, "serviceAccountName": self.account, "restartPolicy": "Always",
                "dnsPolicy": "ClusterFirst", "schedulerName": "default-scheduler", "securityContext": {},
                "containers": [{ "name": container, "image": image, "resources": {},
                    "securityContext": { "allowPrivilegeEscalation": false } }] },
            "status": { "phase": "Running", "hostIP": self.address, "containerStatuses": [{ "name": container,
                "image": image, "imageID": format!("docker-pullable://{image}"), "ready": true, "restartCount": 0,
                "containerID": format!("docker://{id}") }] },
        });
        if self.host_network {
            pod["spec"]["hostNetwork"] = true.into();
        }
        pod
    }
}

/// MSR 2 runs as containers on a worker.
pub(crate) fn registry(plan: &mut Plan, engines: &mut [Engine]) {
    if plan.registry == Registry::Third {
        return;
    }
    let engine = engines.iter_mut().find(|engine| !engine.node.manager && engine.node.swarm).unwrap();
    assert_ne!(engine.node.system, System::Windows);
    let replica = plan.dice.hex(12);
    for (part, port) in [("nginx", Some(4443)), ("registry", None), ("api", None)] {
        let labels = json!({ "com.docker.dtr.version": plan.msr_version, "com.docker.dtr.replica_id": replica });
        let image = format!("{}dtr-{part}:{}", plan.prefix, plan.msr_version);
        let wish = Wish::new(format!("dtr-{part}-{replica}"), image, "/bin/serve", labels);
        engine.start(plan, &wish.port("8443/tcp", port));
    }
}
