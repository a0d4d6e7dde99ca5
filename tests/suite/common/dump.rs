//! Support dumps of the cluster of a snapshot, in the shapes in which they are handed in.

use serde_json::{Map, Value, json};

use super::archives::{gz, tar, zip};
use super::snapshot::{Files, Snapshot};

/// The word in every secret of a dump.
pub(crate) const CANARY: &str = "CANARY";

/// How a dump lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    /// `<host>/dsinfo/…`
    Nested,
    /// `<host>/…`, as support engineers lay it.
    Flat,
    /// `<host>.dsinfo.json` beside the others; inspections in `<host>/inspect/`.
    Beside,
}

/// The dump of the whole cluster.
pub(crate) fn cluster(snapshot: &Snapshot, layout: Layout) -> Files {
    let mut files = root(snapshot);
    for (number, node) in snapshot.nodes().iter().enumerate() {
        for (path, content) in node_files(snapshot, node, number) {
            let path = match (layout, path.as_str()) {
                (Layout::Nested, _) => format!("{node}/dsinfo/{path}"),
                (Layout::Flat, _) => format!("{node}/{path}"),
                (Layout::Beside, "dsinfo.json" | "dsinfo.txt") => format!("{node}.{path}"),
                (Layout::Beside, _) => format!("{node}/{path}"),
            };
            files.insert(path, content);
        }
    }
    files
}

/// The dump of one node: `dsinfo/…`.
pub(crate) fn node(snapshot: &Snapshot, name: &str) -> Files {
    let number = snapshot.nodes().iter().position(|node| node == name).unwrap();
    let files = node_files(snapshot, name, number).into_iter();
    files.map(|(path, content)| (format!("dsinfo/{path}"), content)).collect()
}

/// The report of the whole dump, which repeats every file, and nothing else.
pub(crate) fn only_root(snapshot: &Snapshot) -> Files {
    let mut whole = Map::new();
    for (path, content) in root(snapshot) {
        whole.insert(path.clone(), value(&path, &content));
    }
    for (number, node) in snapshot.nodes().iter().enumerate() {
        let files = node_files(snapshot, node, number).into_iter();
        let files = files.map(|(path, content)| (format!("dsinfo/{path}"), value(&path, &content)));
        whole.insert(node.clone(), Value::Object(files.collect()));
    }
    Files::from([("dsinfo.json".to_owned(), serde_json::to_vec_pretty(&whole).unwrap())])
}

/// What the report of a whole dump holds in the place of a file: lines of text, or JSON as it is.
fn value(path: &str, content: &[u8]) -> Value {
    let text = String::from_utf8_lossy(content);
    let extension = path.rsplit('.').next().unwrap_or_default();
    if matches!(extension, "json" | "lic") || path.ends_with("-service.txt") {
        return serde_json::from_slice(content).unwrap();
    }
    text.lines().map(str::to_owned).collect()
}

/// A zip as MKE's web page gives it, its folder's name with spaces.
pub(crate) fn zipped(files: &Files) -> Vec<u8> {
    zip(files, "docker-support-k7w2liv4prjytrze4vqqshn3b-2026-11-18 08 20 00/")
}

/// What the command line on a node gives.
pub(crate) fn tgz(files: &Files) -> Vec<u8> {
    gz(&tar(files, ""))
}

fn root(snapshot: &Snapshot) -> Files {
    let mut files = Files::new();
    let mut put = |path: &str, content: Vec<u8>| files.insert(path.to_owned(), content);
    put("ucp-nodes.txt", snapshot.members["cluster/docker/nodes.json"].clone());
    put("ucp-instance-id.txt", b"k7w2liv4prjytrze4vqqshn3b\n".to_vec());
    put("ucp-controller-config.json", configuration(snapshot).to_string().into_bytes());
    let telemetry = json!({ "cluster_id": "k7w2liv4prjytrze4vqqshn3b", "node_count": snapshot.nodes().len() });
    put("ucp-telemetry.json", telemetry.to_string().into_bytes());
    let license = json!({ "license_config": { "key_id": "x", "private_key": format!("{CANARY}-license") } });
    put("mirantis.lic", license.to_string().into_bytes());
    put("kube-describe-all.txt", b"Name: x\n".to_vec());
    put("tasks-count.txt", b"12\n".to_vec());
    let services = snapshot.json("cluster/docker/services.json");
    let of_mke = services
        .as_array()
        .unwrap()
        .iter()
        .filter(|service| service["Spec"]["Name"].as_str().is_some_and(|name| name.starts_with("ucp-")));
    for service in of_mke {
        let name = service["Spec"]["Name"].as_str().unwrap();
        put(&format!("{name}-service.txt"), service.to_string().into_bytes());
    }
    put("ucp-auth-api-tasks.txt", json!([{ "ID": "t", "ServiceID": "s", "Spec": {} }]).to_string().into_bytes());
    files
}

/// The configuration in the JSON form of a dump.
fn configuration(snapshot: &Snapshot) -> Value {
    let text = String::from_utf8(snapshot.members["cluster/mke/config.toml"].clone()).unwrap();
    let toml: Value = toml::from_str(&text).unwrap();
    let at = |path: &str| toml.pointer(path).cloned().unwrap_or(Value::Null);
    let of_cluster = |name: &str| at(&format!("/cluster_config/{name}"));
    let registries: Vec<Value> = toml["registries"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|registry| json!({ "hostAddress": registry["host_address"], "serviceID": registry["service_id"] }))
        .collect();
    json!({
        "analytics": {
            "disableUsageInfo": at("/tracking_configuration/disable_usageinfo"),
            "disableTracking": at("/tracking_configuration/disable_tracking"),
        },
        "backupSchedule": { "enabled": true, "passphrase": format!("{CANARY}-passphrase") },
        "dockerContentTrust": {
            "requireContentTrust": at("/trust_configuration/require_content_trust"),
            "requireSignatureFrom": at("/trust_configuration/require_signature_from"),
            "AllowRepos": null,
        },
        "dockerTrustedRegistries": registries,
        "httpServer": { "preLogonMessage": of_cluster("pre_logon_message") },
        "kubernetes": {
            "secureOverlay": of_cluster("secure_overlay"),
            "privAttributesAllowedForUserAccounts": of_cluster("priv_attributes_allowed_for_user_accounts"),
            "privAttributesUserAccounts": of_cluster("priv_attributes_user_accounts"),
            "privAttributesAllowedForServiceAccounts": of_cluster("priv_attributes_allowed_for_service_accounts"),
            "privAttributesServiceAccounts": of_cluster("priv_attributes_service_accounts"),
            "KMSEnabled": of_cluster("kms_enabled"),
        },
        "licenseConfig": { "autoRefresh": true },
        "logging": {
            "logLevel": at("/log_configuration/level"),
            "auditLevel": at("/audit_log_configuration/level"),
            "supportBundleIncludeAuditLogs": false,
        },
        "orchestration": {
            "enableAdminSystemScheduling": at("/scheduling_configuration/enable_admin_ucp_scheduling"),
        },
        "tuning": { "swarmOnly": of_cluster("swarm_only") },
    })
}

fn node_files(snapshot: &Snapshot, node: &str, number: usize) -> Files {
    let json = |name: &str| snapshot.json(&format!("nodes/{node}/docker/{name}.json"));
    let text = |name: &str| {
        let content = snapshot.members.get(&format!("nodes/{node}/{name}"));
        content.map(|content| String::from_utf8_lossy(content).into_owned())
    };
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Value>();
    let mut info = json("info");
    if let Some(cluster) = info.pointer_mut("/Swarm/Cluster") {
        cluster["JoinTokens"] =
            json!({ "Worker": format!("SWMTKN-1-{CANARY}"), "Manager": format!("SWMTKN-1-{CANARY}") });
    }
    let mut report = json!({
        "docker_info": info,
        "docker_version": json("version"),
        "hostname": [node],
        "dmesg": ["[0.0] a line"],
        "container_info": { "inspect": {}, "logs": { "ucp-proxy": ["a line"] } },
        "journalctl_daemon": [format!("a line with {CANARY}")],
    });
    // The shape of daemon.json is not certain: an object, a text, lines.
    let daemon = text("docker/daemon.json").unwrap_or_default();
    report["docker_daemon_json"] = match number % 3 {
        0 => serde_json::from_str(&daemon).unwrap(),
        1 => daemon.clone().into(),
        _ => lines(&daemon),
    };
    if let Some(images) = text("docker/images.json") {
        report["docker_images"] = if number.is_multiple_of(2) { lines(&table(&images)) } else { lines(&images) };
    }
    if let Some(selinux) = text("host/selinux.txt") {
        report["sestatus"] = lines(&selinux);
    }
    let mut files = Files::new();
    files.insert("dsinfo.json".to_owned(), report.to_string().into_bytes());
    files.insert("dsinfo.txt".to_owned(), b"uname -r\n~~~~~~~~\n5.14.0\n".to_vec());
    files.insert("logs/ucp-kv.log".to_owned(), format!("{CANARY} in a log\n").into_bytes());
    files.insert("journalctl_daemon.log".to_owned(), b"a line\n".to_vec());
    for container in json("containers").as_array().unwrap() {
        if container.pointer("/Config/Labels/com.docker.ucp.version").is_none() {
            continue;
        }
        let mut container = container.clone();
        container["Config"]["Env"] = json!([format!("SECRET={CANARY}"), "PATH=/bin"]);
        let name = container["Name"].as_str().unwrap().trim_start_matches('/').to_owned();
        files.insert(format!("inspect/{name}.txt"), json!([container]).to_string().into_bytes());
    }
    files
}

/// Lines of JSON as the table that `docker images` prints.
fn table(lines: &str) -> String {
    let mut table = format!("{:<60}{:<12}{:<76}CREATED\n", "REPOSITORY", "TAG", "IMAGE ID");
    for line in lines.lines() {
        let image: Value = serde_json::from_str(line).unwrap();
        let text = |key: &str| image[key].as_str().unwrap().to_owned();
        table += &format!("{:<60}{:<12}{:<76}2 months ago\n", text("Repository"), text("Tag"), text("ID"));
    }
    table
}
