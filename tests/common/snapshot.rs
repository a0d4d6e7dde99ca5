//! The sample snapshot as files in memory, and ways to change it.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::OnceLock;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// Content by path.
pub type Files = BTreeMap<String, Vec<u8>>;

const MANIFEST: &str = "manifest.jsonl";

/// A snapshot whose members and manifest can be changed apart.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// The members without the manifest.
    pub members: Files,
    /// The records of the manifest; empty for a folder that has none.
    pub records: Vec<Value>,
}

impl Snapshot {
    /// The sample.
    pub fn sample() -> Self {
        static SAMPLE: OnceLock<Snapshot> = OnceLock::new();
        SAMPLE.get_or_init(|| Self::read(&super::sample_folder())).clone()
    }

    /// The sample with nothing left that breaks a rule that is decided from evidence, and no gap:
    /// every pass of it can be taken back.
    pub fn passing() -> Self {
        let mut snapshot = Self::sample();
        for node in snapshot.nodes() {
            snapshot.change(&format!("nodes/{node}/docker/containers.json"), |value| {
                for container in value.as_array_mut().unwrap() {
                    let host = &mut container["HostConfig"];
                    host["PidMode"] = "".into();
                    host["Privileged"] = false.into();
                    host["NetworkMode"] = "bridge".into();
                    host["SecurityOpt"] = json!(["no-new-privileges"]);
                }
            });
        }
        snapshot.change("nodes/wrk-2/docker/info.json", |info| {
            info["SecurityOptions"].as_array_mut().unwrap().push("name=fips".into());
        });
        snapshot.change("cluster/kubectl/pods.json", |value| {
            for pod in value["items"].as_array_mut().unwrap() {
                pod["spec"].as_object_mut().unwrap().remove("hostNetwork");
            }
        });
        for path in ["nodes/wrk-2/docker/images.json", "cluster/docker/images.json"] {
            let text = String::from_utf8(snapshot.members[path].clone()).unwrap();
            snapshot.set(path, text.replace("\"3.7.5\"", "\"3.7.7\""));
        }
        let image = r#"{"Containers":"N/A","ID":"sha256:77","Repository":"mirantis/ucp-agent-win","Tag":"3.7.7"}"#;
        snapshot.set("nodes/wrk-3/docker/images.json", format!("{image}\n"));
        let config = String::from_utf8(snapshot.members["cluster/mke/config.toml"].clone()).unwrap();
        snapshot.set("cluster/mke/config.toml", config.replace("disable_tracking = false", "disable_tracking = true"));
        snapshot.set("cluster/msr/settings.json", r#"{"dtrHost":"msr.atlas.example","createRepositoryOnPush":false}"#);
        snapshot
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
    pub fn paths(&self) -> Vec<String> {
        self.members.keys().cloned().collect()
    }

    /// All files, with the manifest where there is one.
    pub fn files(&self) -> Files {
        let mut files = self.members.clone();
        if !self.records.is_empty() {
            let lines: String = self.records.iter().map(|record| format!("{record}\n")).collect();
            files.insert(MANIFEST.to_owned(), lines.into_bytes());
        }
        files
    }

    /// All files as a list.
    pub fn list(&self) -> Vec<(String, Vec<u8>)> {
        self.files().into_iter().collect()
    }

    /// The same members without a manifest.
    #[must_use]
    pub fn without_manifest(mut self) -> Self {
        self.records.clear();
        self
    }

    /// Sets a member, and its line in the manifest with it.
    pub fn set(&mut self, path: &str, content: impl Into<Vec<u8>>) {
        self.members.insert(path.to_owned(), content.into());
        self.claim(path);
    }

    /// A member as JSON.
    pub fn json(&self, path: &str) -> Value {
        serde_json::from_slice(&self.members[path]).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// Changes a JSON member, and its line in the manifest with it.
    pub fn change(&mut self, path: &str, change: impl FnOnce(&mut Value)) {
        let mut value = self.json(path);
        change(&mut value);
        self.set(path, value.to_string());
    }

    /// Makes the manifest's line of a member true; adds one if there is none.
    pub fn claim(&mut self, path: &str) {
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
    pub fn disown(&mut self, path: &str) {
        self.records.retain(|record| record["path"] != path);
        self.count();
    }

    /// Makes the footer's counts true.
    pub fn count(&mut self) {
        let items = self.records.iter().filter(|record| record["record"] == "item").count();
        let bytes: u64 = self.records.iter().filter_map(|record| record["bytes"].as_u64()).sum();
        if let Some(footer) = self.records.iter_mut().find(|record| record["record"] == "footer") {
            footer["items"] = items.into();
            footer["bytes"] = bytes.into();
        }
    }

    /// The part of it whose paths `wanted` says yes to, with a whole manifest of its own.
    #[must_use]
    pub fn part(&self, wanted: impl Fn(&str) -> bool) -> Self {
        let mut part = self.clone();
        part.members.retain(|path, _| wanted(path));
        part.records.retain(|record| record["path"].as_str().is_none_or(&wanted));
        part.count();
        part
    }

    /// The names of the nodes that have a folder.
    pub fn nodes(&self) -> Vec<String> {
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
    pub fn write(&self, folder: &Path) {
        write_files(folder, &self.files());
    }
}

/// Writes files into a folder.
pub fn write_files(folder: &Path, files: &Files) {
    for (path, content) in files {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }
}

/// The SHA-256 of bytes in lower-case hex.
pub fn digest(content: &[u8]) -> String {
    Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect()
}
