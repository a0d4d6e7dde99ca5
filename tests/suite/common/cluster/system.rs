//! MKE's own containers and services in a generated cluster.

use serde_json::{Value, json};

use super::engine::{Engine, Wish};
use super::plan::{NodePlan, Plan};

/// The labels of all that is MKE's.
pub(crate) fn labels(plan: &Plan) -> Value {
    json!({ "com.docker.ucp.InstanceID": plan.cluster_id, "com.docker.ucp.version": plan.version })
}

/// What MKE runs on a node.
pub(crate) fn install(plan: &mut Plan, engine: &mut Engine) {
    let node = engine.node.clone();
    let mut wishes = if node.windows() { windows(plan) } else { worker(plan) };
    if node.manager {
        wishes.extend(manager(plan));
    }
    if !node.kubernetes {
        wishes.retain(|wish| wish.name != "ucp-kubelet" && wish.name != "ucp-kube-proxy");
    }
    for wish in &wishes {
        engine.start(plan, wish);
    }
    agent(plan, engine, &node);
}

fn own(plan: &Plan, name: &str, image: &str, command: &str) -> Wish {
    Wish::new(name, plan.mke(image), command, labels(plan)).host(json!({ "ReadonlyRootfs": false, "CpuShares": 0,
        "Memory": 0, "CapDrop": null }))
}

fn of_host(mut wish: Wish) -> Wish {
    for (field, value) in [("NetworkMode", "host"), ("PidMode", "host"), ("IpcMode", "host")] {
        wish.host[field] = value.into();
    }
    wish.host["Privileged"] = true.into();
    wish
}

fn worker(plan: &Plan) -> Vec<Wish> {
    let kubelet = "/bin/kubelet_entrypoint.sh kubelet --protect-kernel-defaults=true --read-only-port=0";
    vec![
        own(plan, "ucp-proxy", "ucp-agent", "/bin/ucp-agent proxy")
            .bind("/var/run/docker.sock", "/var/run/docker.sock")
            .port("2376/tcp", 12376),
        of_host(own(plan, "ucp-kubelet", "ucp-hyperkube", kubelet)).bind("/", "/rootfs"),
        of_host(own(plan, "ucp-kube-proxy", "ucp-hyperkube", "kube-proxy --cluster-cidr=192.168.0.0/16")),
    ]
}

fn windows(plan: &Plan) -> Vec<Wish> {
    let mut proxy = own(plan, "ucp-proxy", "ucp-agent-win", "ucp-agent.exe proxy").port("2376/tcp", 12376);
    proxy.mounts = json!([{ "Type": "npipe", "Source": "\\\\.\\pipe\\docker_engine",
        "Destination": "\\\\.\\pipe\\docker_engine", "Mode": "", "RW": true, "Propagation": "" }]);
    vec![proxy]
}

fn manager(plan: &Plan) -> Vec<Wish> {
    vec![
        own(plan, "ucp-controller", "ucp-controller", "/bin/controller server")
            .port("8080/tcp", 443)
            .port("8081/tcp", 6443),
        own(plan, "ucp-kube-apiserver", "ucp-hyperkube", "/bin/apiserver_entrypoint.sh --anonymous-auth=false")
            .port("12388/tcp", 12388),
        own(plan, "ucp-kv", "ucp-etcd", "/bin/entrypoint.sh --client-cert-auth").port("2379/tcp", 12379),
        own(plan, "ucp-auth-store", "ucp-auth-store", "rethinkdb --cache-size 1024").port("12383/tcp", 12383),
        own(plan, "ucp-swarm-manager", "ucp-swarm", "/bin/swarm manage").port("2375/tcp", 2376),
    ]
}

/// The services that put an agent on every node.
pub(crate) fn services(plan: &mut Plan) -> Vec<(String, String, String)> {
    let of = [
        ("ucp-manager-agent", "ucp-agent"),
        ("ucp-worker-agent-x", "ucp-agent"),
        ("ucp-worker-agent-win-x", "ucp-agent-win"),
    ];
    of.into_iter().map(|(name, image)| (plan.dice.swarm_id(), name.to_owned(), plan.mke(image))).collect()
}

fn agent(plan: &mut Plan, engine: &mut Engine, node: &NodePlan) {
    let (service, image) = match (node.manager, node.windows()) {
        (true, _) => ("ucp-manager-agent", "ucp-agent"),
        (false, true) => ("ucp-worker-agent-win-x", "ucp-agent-win"),
        (false, false) => ("ucp-worker-agent-x", "ucp-agent"),
    };
    let task = plan.dice.swarm_id();
    let mut wish = own(plan, &format!("{service}.{}.{task}", node.id), image, "/bin/ucp-agent agent");
    wish.labels["com.docker.swarm.node.id"] = node.id.clone().into();
    wish.labels["com.docker.swarm.service.name"] = service.into();
    wish.labels["com.docker.swarm.task.id"] = task.into();
    engine.start(plan, &wish);
}
