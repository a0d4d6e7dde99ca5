//! The sample snapshot as files in memory, and ways to change it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::OnceLock;

use mke_stig::ssp::Ssp;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// Content by path.
pub(crate) type Files = BTreeMap<String, Vec<u8>>;

const MANIFEST: &str = "manifest.jsonl";

/// A snapshot whose members and manifest can be changed apart.
#[derive(Debug, Clone)]
pub(crate) struct Snapshot {
    /// The members without the manifest.
    pub members: Files,
    /// The records of the manifest; empty for a folder that has none.
    pub records: Vec<Value>,
}

impl Snapshot {
    /// The sample.
    pub(crate) fn sample() -> Self {
        static SAMPLE: OnceLock<Snapshot> = OnceLock::new();
        SAMPLE.get_or_init(|| Self::read(&super::sample_folder())).clone()
    }

    /// The sample with nothing left that breaks a rule, and no gap: with [`ssp`] every pass of it
    /// can be taken back.
    pub(crate) fn passing() -> Self {
        static PASSING: OnceLock<Snapshot> = OnceLock::new();
        PASSING.get_or_init(|| Self::sample().mended()).clone()
    }

    fn mended(mut self) -> Self {
        for node in self.nodes() {
            self.change(&format!("nodes/{node}/docker/containers.json"), |value| {
                value.as_array_mut().unwrap().iter_mut().for_each(mend_container);
            });
            self.change(&format!("nodes/{node}/docker/networks.json"), mend_networks);
        }
        self.change("cluster/docker/networks.json", mend_networks);
        self.change("nodes/wrk-2/docker/info.json", |info| {
            info["SecurityOptions"].as_array_mut().unwrap().push("name=fips".into());
        });
        self.change("cluster/docker/services.json", |services| {
            for service in services.as_array_mut().unwrap() {
                service["Spec"]["EndpointSpec"]["Ports"] = json!([]);
                service["Endpoint"]["Ports"] = json!([]);
                if service["Spec"]["Name"] == "log-shipper" {
                    service["Spec"]["TaskTemplate"]["ContainerSpec"]["Mounts"] = json!([]);
                }
            }
        });
        self.change("cluster/kubectl/pods.json", |value| {
            for pod in value["items"].as_array_mut().unwrap() {
                pod["spec"].as_object_mut().unwrap().remove("hostNetwork");
            }
        });
        for path in ["nodes/wrk-2/docker/images.json", "cluster/docker/images.json"] {
            self.replace(path, &[("\"3.7.5\"", "\"3.7.7\"")]);
        }
        // The sample has none of the images of its Windows node.
        let containers = self.json("nodes/wrk-3/docker/containers.json");
        let image = |container: &Value| {
            let (repository, tag) = container["Config"]["Image"].as_str().unwrap().rsplit_once(':').unwrap();
            format!("{}\n", json!({ "Repository": repository, "Tag": tag, "ID": container["Image"] }))
        };
        let images: BTreeSet<String> = containers.as_array().unwrap().iter().map(image).collect();
        self.set("nodes/wrk-3/docker/images.json", images.into_iter().collect::<String>());
        let settings = [
            ("disable_tracking = false", "disable_tracking = true"),
            ("require_content_trust = false", "require_content_trust = true"),
            ("require_signature_from = []", "require_signature_from = [\"ops/release\"]"),
        ];
        self.replace("cluster/mke/config.toml", &settings);
        let settings = json!({ "createRepositoryOnPush": false, "reportAnalytics": false, "scanningEnabled": true });
        self.set("cluster/msr/settings.json", settings.to_string());
        let scanner = json!({ "state": 0, "dbVersion": 279, "dbUpdatedAt": "2026-11-01", "lastDBUpdateFailed": false });
        self.set("cluster/msr/imagescan-status.json", scanner.to_string());
        self.set("cluster/msr/tls-chain.pem", self.members["cluster/mke/tls-chain.pem"].clone());
        self.quotas();
        self
    }

    /// Gives each namespace without a quota that of another.
    fn quotas(&mut self) {
        let mut quotas = self.json("cluster/kubectl/resourcequotas.json");
        let list = quotas["items"].as_array_mut().unwrap();
        let known: Vec<Value> = list.iter().map(|quota| quota["metadata"]["namespace"].clone()).collect();
        for namespace in self.json("cluster/kubectl/namespaces.json")["items"].as_array().unwrap() {
            let name = &namespace["metadata"]["name"];
            if !known.contains(name) {
                let mut quota = list[0].clone();
                quota["metadata"]["namespace"] = name.clone();
                list.push(quota);
            }
        }
        self.set("cluster/kubectl/resourcequotas.json", quotas.to_string());
    }

    /// Replaces parts of a text, each of which must be there.
    fn replace(&mut self, path: &str, parts: &[(&str, &str)]) {
        let mut text = String::from_utf8(self.members[path].clone()).unwrap();
        for (from, to) in parts {
            assert!(text.contains(from), "{path} has no {from}");
            text = text.replace(from, to);
        }
        self.set(path, text);
    }

    fn read(folder: &Path) -> Self {
        let mut members = Files::new();
        let mut folders = vec![folder.to_owned()];
        while let Some(next) = folders.pop() {
            for entry in std::fs::read_dir(&next).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
                    members.insert(name, std::fs::read(&path).unwrap());
                }
            }
        }
        let manifest = members.remove(MANIFEST).unwrap();
        let lines = std::str::from_utf8(&manifest).unwrap().lines();
        Self { members, records: lines.map(|line| serde_json::from_str(line).unwrap()).collect() }
    }

    /// The paths of all members.
    pub(crate) fn paths(&self) -> Vec<String> {
        self.members.keys().cloned().collect()
    }

    /// All files, with the manifest where there is one.
    pub(crate) fn files(&self) -> Files {
        let mut files = self.members.clone();
        if !self.records.is_empty() {
            let lines: String = self.records.iter().map(|record| format!("{record}\n")).collect();
            files.insert(MANIFEST.to_owned(), lines.into_bytes());
        }
        files
    }

    /// All files as a list.
    pub(crate) fn list(&self) -> Vec<(String, Vec<u8>)> {
        self.files().into_iter().collect()
    }

    /// The same members without a manifest.
    #[must_use]
    pub(crate) fn without_manifest(mut self) -> Self {
        self.records.clear();
        self
    }

    /// Sets a member, and its line in the manifest with it.
    pub(crate) fn set(&mut self, path: &str, content: impl Into<Vec<u8>>) {
        self.members.insert(path.to_owned(), content.into());
        self.claim(path);
    }

    /// A member as JSON.
    pub(crate) fn json(&self, path: &str) -> Value {
        serde_json::from_slice(&self.members[path]).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// Changes a JSON member, and its line in the manifest with it.
    pub(crate) fn change(&mut self, path: &str, change: impl FnOnce(&mut Value)) {
        let mut value = self.json(path);
        change(&mut value);
        self.set(path, value.to_string());
    }

    /// Makes the manifest's line of a member true; adds one if there is none.
    pub(crate) fn claim(&mut self, path: &str) {
        if self.records.is_empty() {
            return;
        }
        let content = &self.members[path];
        let (bytes, sha256) = (content.len(), digest(content));
        if let Some(record) = self.records.iter_mut().find(|record| record["path"] == path) {
            record["bytes"] = bytes.into();
            record["sha256"] = sha256.into();
            record["status"] = "collected".into();
        } else {
            let at = self.records.len() - 1;
            let record =
                json!({ "record": "item", "path": path, "status": "collected", "bytes": bytes, "sha256": sha256 });
            self.records.insert(at, record);
        }
        self.count();
    }

    /// Removes a member's line from the manifest.
    pub(crate) fn disown(&mut self, path: &str) {
        self.records.retain(|record| record["path"] != path);
        self.count();
    }

    /// Makes the footer's counts true.
    pub(crate) fn count(&mut self) {
        let items = || self.records.iter().filter(|record| record["record"] == "item");
        let bytes: u64 = items().filter_map(|record| record["bytes"].as_u64()).sum();
        let items = items().count();
        if let Some(footer) = self.records.iter_mut().find(|record| record["record"] == "footer") {
            footer["items"] = items.into();
            footer["bytes"] = bytes.into();
        }
    }

    /// The part of it whose paths `wanted` says yes to, with a whole manifest of its own.
    #[must_use]
    pub(crate) fn part(&self, wanted: impl Fn(&str) -> bool) -> Self {
        let mut part = self.clone();
        part.members.retain(|path, _| wanted(path));
        part.records.retain(|record| record["path"].as_str().is_none_or(&wanted));
        part.count();
        part
    }

    /// The names of the nodes that have a folder.
    pub(crate) fn nodes(&self) -> Vec<String> {
        let mut names: Vec<String> = self
            .members
            .keys()
            .filter_map(|path| path.strip_prefix("nodes/")?.split('/').next())
            .map(str::to_owned)
            .collect();
        names.dedup();
        names
    }

    /// Writes all files into a folder.
    pub(crate) fn write(&self, folder: &Path) {
        write_files(folder, &self.files());
    }
}

/// The SSP that goes with [`Snapshot::passing`]: that of the sample, with all namespaces and the
/// version that runs.
pub(crate) fn ssp() -> Ssp {
    Ssp::parse("ssp.yaml", &ssp_text()).unwrap()
}

/// The text of [`ssp`].
pub(crate) fn ssp_text() -> String {
    let path = super::sample_folder().with_file_name("ssp.yaml");
    let text = std::fs::read_to_string(path).unwrap();
    let agreed = "reason: Made up., approver: J. Haddad (ISSM), expires: 2027-06-30, approved: true";
    let quotas: String = ["default", "kube-node-lease", "kube-public", "kube-system", "ops"]
        .iter()
        .map(|name| format!("  - {{ namespace: {name}, cpu: 8, memory: 16Gi, {agreed} }}\n"))
        .collect();
    text.replace("version: \"3.7.8\"", "version: \"3.7.7\"").replace("quotas:\n", &format!("quotas:\n{quotas}"))
}

fn mend_container(container: &mut Value) {
    let host = &mut container["HostConfig"];
    host["PidMode"] = "".into();
    host["Privileged"] = false.into();
    host["NetworkMode"] = "bridge".into();
    host["SecurityOpt"] = json!(["no-new-privileges"]);
    host["ReadonlyRootfs"] = true.into();
    host["Memory"] = (1 << 28).into();
    host["CpuShares"] = 512.into();
    host["CapAdd"] = Value::Null;
    host["PortBindings"] = json!({});
    container["NetworkSettings"]["Ports"] = json!({});
    container["Mounts"] = json!([]);
}

fn mend_networks(networks: &mut Value) {
    for network in networks.as_array_mut().unwrap() {
        network["Options"]["encrypted"] = "".into();
    }
}

/// Writes files into a folder.
pub(crate) fn write_files(folder: &Path, files: &Files) {
    for (path, content) in files {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }
}

/// The SHA-256 of bytes in lower-case hex.
pub(crate) fn digest(content: &[u8]) -> String {
    Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect()
}
