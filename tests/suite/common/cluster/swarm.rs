//! What a generated cluster's engines and its swarm say of themselves.

use serde_json::{Value, json};

use super::engine::Engine;
use super::plan::{DAY, NodePlan, Plan, System};
use super::system::labels;
use super::work::{NETWORK, Service};

const ENGINE: &str = "23.0.9";

pub(crate) fn nodes(plan: &Plan) -> Vec<Value> {
    plan.nodes.iter().map(|node| swarm_node(plan, node)).collect()
}

fn swarm_node(plan: &Plan, node: &NodePlan) -> Value {
    let collection = if node.manager { "/System" } else { "/Shared" };
    let mut value = json!({
        "ID": node.id,
        "Version": { "Index": 4711 },
        "CreatedAt": "2026-08-01T06:00:00Z",
        "UpdatedAt": format!("{DAY}T01:00:00Z"),
        "Spec": { "Role": if node.manager { "manager" } else { "worker" }, "Availability": "active",
            "Labels": { "com.docker.ucp.access.label": collection } },
        "Description": { "Hostname": node.name, "Platform": { "Architecture": "x86_64", "OS": node.os() },
            "Engine": { "EngineVersion": ENGINE } },
        "Status": { "State": "ready", "Addr": node.address },
    });
    for (orchestrator, on) in [("kubernetes", node.kubernetes), ("swarm", node.swarm)] {
        if on {
            value["Spec"]["Labels"][format!("com.docker.ucp.orchestrator.{orchestrator}")] = "true".into();
        }
    }
    if node.manager {
        let leader = plan.managers().next().is_some_and(|first| first.id == node.id);
        value["ManagerStatus"] = json!({ "Reachability": "reachable", "Addr": format!("{}:2377", node.address) });
        if leader {
            value["ManagerStatus"]["Leader"] = true.into();
        }
    }
    value
}

pub(crate) fn service(plan: &Plan, service: &Service, network: &str) -> Value {
    let mut value = json!({
        "ID": service.id,
        "Version": { "Index": 9001 },
        "CreatedAt": "2026-11-02T06:00:00Z",
        "UpdatedAt": "2027-01-05T06:00:00Z",
        "Spec": {
            "Name": service.name,
            "Labels": if service.of_mke { labels(plan) } else { json!({ "com.docker.ucp.access.label": "/Shared/works" }) },
            "TaskTemplate": { "ContainerSpec": { "Image": service.image, "Isolation": "default" },
                "RestartPolicy": { "Condition": "any" }, "ForceUpdate": 0, "Runtime": "container" },
            "Mode": if service.of_mke { json!({ "Global": {} }) } else { json!({ "Replicated": { "Replicas": 1 } }) },
            "EndpointSpec": { "Mode": "vip" },
        },
        "Endpoint": { "Spec": { "Mode": "vip" } },
    });
    if !service.of_mke && !service.windows {
        value["Spec"]["TaskTemplate"]["Networks"] = json!([{ "Target": network }]);
    }
    if let Some((target, published, mode)) = service.port {
        let ports =
            json!([{ "Protocol": "tcp", "TargetPort": target, "PublishedPort": published, "PublishMode": mode }]);
        value["Spec"]["EndpointSpec"]["Ports"] = ports.clone();
        value["Endpoint"]["Spec"]["Ports"] = ports.clone();
        value["Endpoint"]["Ports"] = ports;
    }
    value
}

fn network(name: &str, id: &str, scope: &str, driver: &str, options: &Value) -> Value {
    json!({ "Name": name, "Id": id, "Created": "2026-08-01T06:00:00Z", "Scope": scope, "Driver": driver,
        "EnableIPv6": false, "IPAM": { "Driver": "default", "Config": [] }, "Internal": false, "Attachable": false,
        "Ingress": name == "ingress", "Containers": {}, "Options": options, "Labels": {} })
}

/// The networks of the whole swarm: the engines' own one and the users'.
pub(crate) fn networks(plan: &mut Plan) -> Vec<Value> {
    let options = |id: &str| json!({ "com.docker.network.driver.overlay.vxlanid_list": id, "encrypted": "" });
    vec![
        network("ingress", &plan.dice.swarm_id(), "swarm", "overlay", &options("4096")),
        network(NETWORK, &plan.dice.swarm_id(), "swarm", "overlay", &options("4101")),
    ]
}

/// The networks that only one node has.
pub(crate) fn local_networks(plan: &mut Plan, node: &NodePlan) -> Vec<Value> {
    let of: &[(&str, &str)] = if node.windows() {
        &[("nat", "nat"), ("none", "null")]
    } else {
        &[("bridge", "bridge"), ("docker_gwbridge", "bridge"), ("host", "host"), ("none", "null")]
    };
    of.iter().map(|(name, driver)| network(name, &plan.dice.hex(64), "local", driver, &json!({}))).collect()
}

/// `docker info` of a node.
pub(crate) fn info(plan: &Plan, engine: &Engine, uuid: &str, second: usize) -> Value {
    let node = &engine.node;
    let security = match node.system {
        System::RedHat => json!(["name=seccomp,profile=builtin", "name=selinux", "name=fips"]),
        System::Ubuntu => json!(["name=apparmor", "name=seccomp,profile=builtin", "name=fips"]),
        System::Windows => Value::Null,
    };
    let system = match node.system {
        System::RedHat => "Red Hat Enterprise Linux 8.8 (Ootpa)",
        System::Ubuntu => "Ubuntu 22.04.3 LTS",
        System::Windows => "Microsoft Windows Server Version 1809 (OS Build 17763.4851)",
    };
    let remote: Vec<Value> = plan
        .managers()
        .map(|manager| json!({ "NodeID": manager.id, "Addr": format!("{}:2377", manager.address) }))
        .collect();
    let mut swarm = json!({ "NodeID": node.id, "NodeAddr": node.address, "LocalNodeState": "active",
        "ControlAvailable": node.manager, "Error": "", "RemoteManagers": remote });
    if node.manager {
        swarm["Nodes"] = plan.nodes.len().into();
        swarm["Managers"] = plan.managers().count().into();
        swarm["Cluster"] = json!({ "ID": plan.cluster_id, "Spec": { "Name": "default",
            "EncryptionConfig": { "AutoLockManagers": false } } });
    }
    let count = engine.containers.len();
    json!({
        "ID": uuid,
        "Name": node.name,
        "Containers": count, "ContainersRunning": count, "ContainersPaused": 0, "ContainersStopped": 0,
        "Images": engine.images.len(),
        "Driver": if node.windows() { "windowsfilter" } else { "overlay2" },
        "LoggingDriver": if node.windows() { "syslog" } else { "journald" },
        "OSType": node.os(), "OperatingSystem": system, "Architecture": "x86_64",
        "KernelVersion": "5.15.0", "NCPU": 4, "MemTotal": 16_777_216_000_u64,
        "ServerVersion": ENGINE,
        "SystemTime": format!("{DAY}T03:20:{second:02}.5Z"),
        "SecurityOptions": security,
        "Labels": if node.windows() { json!(["com.docker.security.fips=enabled"]) } else { json!([]) },
        "Swarm": swarm,
        "LiveRestoreEnabled": false,
        "Warnings": null,
    })
}

/// `docker info` through a client bundle.
pub(crate) fn bundle_info(plan: &Plan, engines: &[Engine]) -> Value {
    let count: usize = engines.iter().map(|engine| engine.containers.len()).sum();
    let mut status = vec![json!(["Role", "primary"]), json!(["Strategy", "spread"])];
    status.push(json!(["Nodes", plan.nodes.len().to_string()]));
    for engine in engines {
        status.push(json!([format!(" {}", engine.node.name), format!("{}:12376", engine.node.address)]));
        status.push(json!(["  └ Status", "Healthy"]));
        status.push(json!(["  └ Containers", engine.containers.len().to_string()]));
    }
    let manager = &engines[0].node;
    let remote: Vec<Value> = plan
        .managers()
        .map(|manager| json!({ "NodeID": manager.id, "Addr": format!("{}:2377", manager.address) }))
        .collect();
    json!({
        "ID": plan.cluster_id,
        "Name": format!("ucp-controller-{}", manager.name),
        "Containers": count, "ContainersRunning": count, "ContainersPaused": 0, "ContainersStopped": 0,
        "Images": 30, "Driver": "", "SystemStatus": status, "LoggingDriver": "",
        "OSType": "linux", "OperatingSystem": "linux", "Architecture": "amd64",
        "ServerVersion": format!("ucp/{}", plan.version),
        "SystemTime": format!("{DAY}T03:20:05Z"),
        "Labels": [], "SecurityOptions": null,
        "Swarm": { "NodeID": manager.id, "NodeAddr": manager.address, "LocalNodeState": "active",
            "ControlAvailable": true, "RemoteManagers": remote, "Nodes": plan.nodes.len(),
            "Managers": plan.managers().count(), "Cluster": { "ID": plan.cluster_id } },
        "Warnings": null,
    })
}

/// `docker version` of a node.
pub(crate) fn version(node: &NodePlan) -> Value {
    json!({
        "Client": { "Version": ENGINE, "ApiVersion": "1.42", "Os": node.os(), "Arch": "amd64", "Context": "default" },
        "Server": { "Platform": { "Name": "Mirantis Container Runtime" }, "Version": ENGINE, "ApiVersion": "1.42",
            "MinAPIVersion": "1.12", "Os": node.os(), "Arch": "amd64",
            "Components": [{ "Name": "Engine", "Version": ENGINE, "Details": { "Os": node.os() } }] },
    })
}

/// `docker version` through a client bundle.
pub(crate) fn bundle_version(plan: &Plan) -> Value {
    json!({
        "Client": { "Version": ENGINE, "ApiVersion": "1.42", "Os": "linux", "Arch": "amd64", "Context": "halyard" },
        "Server": { "Platform": { "Name": "Mirantis Kubernetes Engine" }, "Version": format!("ucp/{}", plan.version),
            "ApiVersion": "1.42", "MinAPIVersion": "1.20", "Os": "linux", "Arch": "amd64",
            "Components": [{ "Name": "Universal Control Plane", "Version": plan.version, "Details": {} },
                { "Name": "Kubernetes", "Version": "v1.27.10-mirantis-1", "Details": {} }] },
    })
}

/// A secret or config of Swarm.
pub(crate) fn named(plan: &mut Plan, name: &str) -> Value {
    json!({ "ID": plan.dice.swarm_id(), "Version": { "Index": 12 }, "CreatedAt": "2026-11-02T06:00:00Z",
        "UpdatedAt": "2026-11-02T06:00:00Z",
        "Spec": { "Name": name, "Labels": { "com.docker.ucp.access.label": "/Shared/works" } } })
}
