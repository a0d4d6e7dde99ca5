//! A made-up cluster from a seed: complete, consistent, and as the STIG wants it as far as a cluster
//! can be. It differs from the sample in what may differ — names, registry, versions, systems,
//! orders of keys, fields that are not there — so that what holds for both holds for more than one.

mod engine;
mod host;
mod kube;
mod paper;
mod plan;
mod settings;
mod swarm;
mod system;
mod text;
mod work;

use std::collections::BTreeMap;

use serde_json::{Value, json};

pub(crate) use plan::{DAY, Plan};
pub(crate) use settings::pem;

use super::snapshot::{Files, Snapshot, digest};
use engine::Engine;
use text::{Form, write};
use work::{NETWORK, Service};

/// A cluster as a snapshot, with the SSP that goes with it.
#[derive(Debug, Clone)]
pub(crate) struct Site {
    pub plan: Plan,
    pub snapshot: Snapshot,
    pub ssp: String,
}

/// What runs in it.
struct World {
    engines: Vec<Engine>,
    services: Vec<Service>,
    /// The networks of the whole swarm.
    networks: Vec<Value>,
}

/// The cluster of a seed.
pub(crate) fn site(seed: u64) -> Site {
    let mut plan = Plan::of(seed);
    let mut engines: Vec<Engine> = plan.nodes.iter().map(Engine::new).collect();
    for engine in &mut engines {
        system::install(&mut plan, engine);
    }
    let services = services(&mut plan, &mut engines);
    let pods = work::pods(&mut plan, &mut engines);
    work::registry(&mut plan, &mut engines);
    let networks = swarm::networks(&mut plan);
    let world = World { engines, services, networks };
    let mut members = Files::new();
    nodes(&mut plan, &world, &mut members);
    docker(&mut plan, &world, &mut members);
    for (resource, items) in kube::lists(&mut plan, &pods) {
        let list = json!({ "apiVersion": "v1", "kind": "List", "metadata": { "resourceVersion": "" }, "items": items });
        members.insert(format!("cluster/kubectl/{resource}.json"), write(&list, Form::Object, &mut plan.dice));
    }
    mke(&mut plan, &mut members);
    let ssp = paper::ssp(&plan);
    let records = manifest(&plan, &members);
    Site { plan, snapshot: Snapshot { members, records }, ssp }
}

fn services(plan: &mut Plan, engines: &mut [Engine]) -> Vec<Service> {
    let mut services = work::services(plan);
    for (id, name, image) in system::services(plan) {
        services.push(Service { id, name, image, port: None, windows: false, of_mke: true });
    }
    for engine in engines.iter_mut().filter(|engine| !engine.node.manager && engine.node.swarm) {
        let windows = engine.node.windows();
        for service in services.iter().filter(|service| !service.of_mke && service.windows == windows) {
            work::task(plan, engine, service);
        }
        if !windows {
            work::alone(plan, engine);
        }
    }
    // The agents' containers name the service that made them.
    for container in engines.iter_mut().flat_map(|engine| &mut engine.containers) {
        let labels = &mut container["Config"]["Labels"];
        let name = labels["com.docker.swarm.service.name"].clone();
        if let Some(service) = services.iter().find(|service| name == service.name.as_str()) {
            labels["com.docker.swarm.service.id"] = service.id.clone().into();
        }
    }
    services
}

/// What each node delivers itself.
fn nodes(plan: &mut Plan, world: &World, members: &mut Files) {
    for (number, engine) in world.engines.iter().enumerate() {
        let node = &engine.node;
        let mut networks = swarm::local_networks(plan, node);
        // A node shows the swarm's networks that its containers use, and the one for published ports.
        let uses = engine.containers.iter().any(|container| container["HostConfig"]["NetworkMode"] == NETWORK);
        networks.extend(world.networks.iter().filter(|network| uses || network["Ingress"] == true).cloned());
        let id = plan.dice.uuid();
        let info = swarm::info(plan, engine, &id, 10 + number);
        let form = if plan.lines { Form::Lines } else { Form::Array };
        let dice = &mut plan.dice;
        let mut put = |file: &str, content: Vec<u8>| members.insert(format!("nodes/{}/{file}", node.name), content);
        put("docker/info.json", write(&info, Form::Object, dice));
        put("docker/version.json", write(&swarm::version(node), Form::Object, dice));
        put("docker/containers.json", write(&engine.containers.clone().into(), form, dice));
        put("docker/images.json", write(&images(engine), Form::Lines, dice));
        put("docker/networks.json", write(&networks.into(), Form::Array, dice));
        put("docker/daemon.json", write(&host::daemon(node), Form::Pretty, dice));
        put("docker/processes.txt", host::processes(engine).into_bytes());
        for (file, text) in host::files(node) {
            put(&format!("host/{file}"), text.into_bytes());
        }
    }
}

fn images(engine: &Engine) -> Value {
    let row = |(repository, tag, id): &(String, String, String)| {
        json!({ "Containers": "N/A", "CreatedAt": format!("{DAY} 01:00:00 +0000 UTC"), "Digest": "<none>",
            "ID": id, "Repository": repository, "Tag": tag, "Size": "90MB" })
    };
    engine.images.iter().map(row).collect()
}

/// What the client bundle gives.
fn docker(plan: &mut Plan, world: &World, members: &mut Files) {
    let World { engines, services, networks } = world;
    let used = networks.iter().find(|network| network["Name"] == NETWORK).unwrap()["Id"].as_str().unwrap();
    let services: Vec<Value> = services.iter().map(|service| swarm::service(plan, service, used)).collect();
    let secrets = vec![swarm::named(plan, "gauge_key")];
    let configs = vec![swarm::named(plan, "gauge_rules")];
    let mut all = Engine::new(&engines[0].node);
    for engine in engines {
        for image in &engine.images {
            if !all.images.contains(image) {
                all.images.push(image.clone());
            }
        }
    }
    let of: Vec<(&str, Value, Form)> = vec![
        ("version", swarm::bundle_version(plan), Form::Object),
        ("info", swarm::bundle_info(plan, engines), Form::Object),
        ("nodes", swarm::nodes(plan).into(), Form::Array),
        ("services", services.into(), Form::Array),
        ("networks", networks.clone().into(), Form::Array),
        ("secrets", secrets.into(), Form::Array),
        ("configs", configs.into(), Form::Array),
        ("images", images(&all), Form::Lines),
    ];
    for (name, value, form) in of {
        members.insert(format!("cluster/docker/{name}.json"), write(&value, form, &mut plan.dice));
    }
}

fn mke(plan: &mut Plan, members: &mut Files) {
    let config = settings::config(plan);
    let of: BTreeMap<&str, Value> = BTreeMap::from([
        ("mke/config-kubernetes", settings::config_kubernetes()),
        ("mke/ldap", settings::ldap(plan)),
        ("mke/accounts", settings::accounts()),
        ("mke/grants", settings::grants()),
        ("mke/roles", settings::roles()),
        ("mke/collections", settings::collections()),
        ("msr/settings", settings::msr_settings()),
        ("msr/imagescan-status", settings::msr_scanner()),
        ("msr/accounts", settings::msr_accounts()),
        ("msr/repositories", settings::msr_repositories()),
        ("msr/team-access", settings::msr_teams()),
    ]);
    for (name, value) in of {
        members.insert(format!("cluster/{name}.json"), write(&value, Form::Object, &mut plan.dice));
    }
    let texts = [
        ("mke/config.toml", config),
        ("mke/ca.pem", pem("root")),
        ("mke/tls-chain.pem", pem("mke") + &pem("issuing")),
        ("msr/tls-chain.pem", pem("msr") + &pem("issuing")),
    ];
    for (name, text) in texts {
        members.insert(format!("cluster/{name}"), text.into_bytes());
    }
}

fn manifest(plan: &Plan, members: &Files) -> Vec<Value> {
    let started = format!("{DAY}T03:20:00Z");
    let host = plan.nodes[0].name.clone();
    let mut records = vec![json!({ "record": "header", "format": 1, "collector": "mke-collect 0.1.0",
        "cluster_id": plan.cluster_id, "host": host, "user": "collector", "started": started, "mode": "all" })];
    for (path, content) in members {
        records.push(
            json!({ "record": "item", "path": path, "what": "made up", "started": started, "ms": 12, "exit": 0,
            "http": null, "bytes": content.len(), "sha256": digest(content), "status": "collected", "note": "",
            "redacted": 0 }),
        );
    }
    let bytes: usize = members.values().map(Vec::len).sum();
    records.push(json!({ "record": "footer", "finished": format!("{DAY}T03:21:00Z"), "items": members.len(),
        "bytes": bytes, "complete": true }));
    records
}
