//! The containers of a generated cluster's engines, as `docker inspect` prints them.

use serde_json::{Map, Value, json};

use super::plan::{DAY, NodePlan, Plan};
use crate::common::snapshot::digest;

/// An engine with what runs on it.
#[derive(Debug, Clone)]
pub(crate) struct Engine {
    pub node: NodePlan,
    pub containers: Vec<Value>,
    /// Repository, tag and id of its images.
    pub images: Vec<(String, String, String)>,
    /// Id and command line of each container's first process.
    pub processes: Vec<(String, String)>,
}

/// What is particular about a container.
#[derive(Debug, Clone)]
pub(crate) struct Wish {
    pub name: String,
    /// The image's name as it was asked for.
    pub image: String,
    /// Whether the image is known by its id alone, as Kubernetes starts containers.
    pub by_id: bool,
    pub command: String,
    pub labels: Value,
    /// Fields of `HostConfig` that differ from a good container's.
    pub host: Value,
    pub mounts: Value,
    /// Port of the container and of the host, or none where it is only exposed.
    pub ports: Vec<(String, Option<u16>)>,
}

impl Wish {
    pub(crate) fn new(name: impl Into<String>, image: impl Into<String>, command: &str, labels: Value) -> Self {
        Self {
            name: name.into(),
            image: image.into(),
            by_id: false,
            command: command.to_owned(),
            labels,
            host: json!({}),
            mounts: json!([]),
            ports: Vec::new(),
        }
    }

    pub(crate) fn host(mut self, host: Value) -> Self {
        self.host = host;
        self
    }

    pub(crate) fn bind(mut self, source: &str, destination: &str) -> Self {
        let mount = json!({ "Type": "bind", "Source": source, "Destination": destination, "Mode": "rw", "RW": true,
            "Propagation": "rprivate" });
        self.mounts.as_array_mut().unwrap().push(mount);
        self
    }

    pub(crate) fn port(mut self, inside: &str, outside: impl Into<Option<u16>>) -> Self {
        self.ports.push((inside.to_owned(), outside.into()));
        self
    }
}

/// The id of an image: that of its name, so that every node has the same.
pub(crate) fn image_id(image: &str) -> String {
    format!("sha256:{}", digest(image.as_bytes()))
}

/// Repository and tag of an image's name.
pub(crate) fn repository(image: &str) -> (String, String) {
    let (repository, tag) = image.rsplit_once(':').filter(|(_, tag)| !tag.contains('/')).unwrap_or((image, "latest"));
    (repository.to_owned(), tag.to_owned())
}

impl Engine {
    pub(crate) fn new(node: &NodePlan) -> Self {
        Self { node: node.clone(), containers: Vec::new(), images: Vec::new(), processes: Vec::new() }
    }

    /// Starts a container and returns its id.
    pub(crate) fn start(&mut self, plan: &mut Plan, wish: &Wish) -> String {
        let id = plan.dice.hex(64);
        self.pull(&wish.image);
        self.containers.push(container(&self.node, &id, wish));
        self.processes.push((id.clone(), wish.command.clone()));
        id
    }

    pub(crate) fn pull(&mut self, image: &str) {
        let (repository, tag) = repository(image);
        let row = (repository, tag, image_id(image));
        if !self.images.contains(&row) {
            self.images.push(row);
        }
    }
}

fn container(node: &NodePlan, id: &str, wish: &Wish) -> Value {
    let pid = 1000 + u64::from_str_radix(&id[..3], 16).unwrap();
    let (path, arguments) = wish.command.split_once(' ').unwrap_or((&wish.command, ""));
    let arguments: Vec<&str> = arguments.split(' ').filter(|word| !word.is_empty()).collect();
    let image = if wish.by_id { image_id(&wish.image) } else { wish.image.clone() };
    json!({
        "Id": id,
        "Created": format!("{DAY}T01:00:00.100200300Z"),
        "Path": path,
        "Args": arguments,
        "State": { "Status": "running", "Running": true, "Paused": false, "Restarting": false, "Dead": false,
            "Pid": pid, "ExitCode": 0, "StartedAt": format!("{DAY}T01:00:01Z"), "FinishedAt": "0001-01-01T00:00:00Z" },
        "Image": image_id(&wish.image),
        "Name": format!("/{}", wish.name),
        "Platform": node.os(),
        "AppArmorProfile": profile(node, wish),
        "HostConfig": host(node, wish),
        "Mounts": wish.mounts,
        "Config": { "Hostname": &id[..12], "User": "10001", "Env": null, "Cmd": arguments, "Image": image,
            "Labels": wish.labels },
        "NetworkSettings": { "Ports": ports(wish) },
    })
}

fn profile(node: &NodePlan, wish: &Wish) -> &'static str {
    match (node.system, wish.host["Privileged"].as_bool()) {
        (super::plan::System::Ubuntu, Some(true)) => "unconfined",
        (super::plan::System::Ubuntu, _) => "docker-default",
        _ => "",
    }
}

fn host(node: &NodePlan, wish: &Wish) -> Value {
    let bindings: Map<String, Value> = wish
        .ports
        .iter()
        .filter_map(|(inside, outside)| {
            let outside = outside.as_ref()?;
            Some((inside.clone(), json!([{ "HostIp": "", "HostPort": outside.to_string() }])))
        })
        .collect();
    let mut host = json!({
        "Binds": null,
        "NetworkMode": "default",
        "PortBindings": bindings,
        "RestartPolicy": { "Name": "no", "MaximumRetryCount": 0 },
        "CapAdd": null,
        "CapDrop": ["ALL"],
        "IpcMode": "private",
        "PidMode": "",
        "Privileged": false,
        "PublishAllPorts": false,
        "ReadonlyRootfs": true,
        "SecurityOpt": ["no-new-privileges:true"],
        "UTSMode": "",
        "UsernsMode": "",
        "Isolation": "",
        "CpuShares": 256,
        "Memory": 268_435_456,
    });
    if node.windows() {
        host["SecurityOpt"] = Value::Null;
        host["ReadonlyRootfs"] = false.into();
        host["IpcMode"] = "".into();
        host["CapDrop"] = Value::Null;
        host["Isolation"] = "process".into();
    }
    for (field, value) in wish.host.as_object().unwrap() {
        host[field] = value.clone();
    }
    host
}

fn ports(wish: &Wish) -> Value {
    let mapped = wish.ports.iter().map(|(inside, outside)| {
        let host = outside.map(|port| json!([{ "HostIp": "0.0.0.0", "HostPort": port.to_string() }]));
        (inside.clone(), host.unwrap_or_default())
    });
    Value::Object(mapped.collect())
}
