//! Writes a large snapshot: the same size and seed, the same bytes.
//!
//! The number of nodes is fixed, so that only the bytes grow with the size. Nothing larger than one
//! node's list is held in memory; the list of pods is written as it is made.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use sha2::{Digest as _, Sha256};

use crate::content::{self, Content, Counts, Node};
use crate::logs;
use crate::measure::hex;
use crate::template::Rng;

/// Nodes in every generated snapshot.
const NODES: u64 = 300;
const TOP: &str = "mke-snapshot-bench-20261120T080000Z";
const TIME: &str = "2026-11-20T08:00:00Z";
const LEVEL: i32 = 3;

/// What was written.
pub(crate) struct Written {
    /// Bytes before compression, tar headers not counted.
    pub(crate) bytes: u64,
    /// Members, the manifest not counted.
    pub(crate) items: u64,
    /// Objects, and those that break rules.
    pub(crate) counts: Counts,
}

/// Where the counts of a snapshot are kept: beside it.
pub(crate) fn counts_file(snapshot: &Path) -> PathBuf {
    let mut name = snapshot.as_os_str().to_owned();
    name.push(".counts.json");
    PathBuf::from(name)
}

/// Writes a snapshot of about `size` bytes (before compression) and its counts.
///
/// # Errors
/// The file cannot be written.
pub(crate) fn generate(size: u64, seed: u64, file: &Path) -> Result<Written> {
    let partial = file.with_extension("partial");
    let output = File::create(&partial).with_context(|| format!("failed to create {}", partial.display()))?;
    let mut encoder = zstd::stream::Encoder::new(BufWriter::with_capacity(1 << 20, output), LEVEL)?;
    encoder.include_checksum(true)?;
    let mut snapshot = Snapshot {
        tar: tar::Builder::new(encoder),
        manifest: format!(
            "{{\"record\":\"header\",\"format\":1,\"collector\":\"mke-collect 0.1.0\",\"cluster_id\":\"k3m1zq0bench5vq7d2n8x4c6e\",\"host\":\"mgr-1\",\"user\":\"root\",\"started\":\"{TIME}\",\"mode\":\"all\"}}\n"
        ),
        content: Content::new()?,
        nodes: content::nodes(seed, NODES),
        seed,
        written: Written { bytes: 0, items: 0, counts: Counts::new() },
    };
    snapshot.cluster(size / 5)?;
    snapshot.nodes(size * 7 / 20 / NODES)?;
    let rest = size.saturating_sub(snapshot.written.bytes) / NODES;
    snapshot.logs(usize::try_from(rest)?)?;
    let written = snapshot.finish()?;
    std::fs::write(counts_file(file), serde_json::to_vec_pretty(&written.counts)?)?;
    std::fs::rename(&partial, file)?;
    Ok(written)
}

struct Snapshot<W: Write> {
    tar: tar::Builder<W>,
    manifest: String,
    content: Content,
    nodes: Vec<Node>,
    seed: u64,
    written: Written,
}

impl<W: Write> Snapshot<W> {
    /// Adds one member from a reader that yields exactly `bytes` bytes.
    fn stream(&mut self, path: &str, what: &str, bytes: u64, reader: &mut dyn Read) -> Result<()> {
        let mut hashed = Hashed { reader, hash: Sha256::new() };
        append(&mut self.tar, path, bytes, &mut hashed)?;
        let digest = hex(&hashed.hash.finalize());
        writeln!(
            self.manifest,
            "{{\"record\":\"item\",\"path\":\"{path}\",\"what\":\"{what}\",\"started\":\"{TIME}\",\"ms\":120,\"exit\":0,\"http\":null,\"bytes\":{bytes},\"sha256\":\"{digest}\",\"status\":\"collected\",\"note\":\"\",\"redacted\":0}}"
        )?;
        self.written.bytes += bytes;
        self.written.items += 1;
        Ok(())
    }

    /// Adds one member that is at hand.
    fn member(&mut self, path: &str, what: &str, bytes: &[u8]) -> Result<()> {
        self.stream(path, what, bytes.len() as u64, &mut &*bytes)
    }

    /// The members of the whole cluster; `pods` is the size of the list of pods.
    fn cluster(&mut self, pods: u64) -> Result<()> {
        let mut rng = Rng::new(self.seed, 2);
        let version = include_bytes!("templates/version.json");
        self.member("cluster/docker/version.json", "docker version --format {{json .}}", version)?;
        let mut info = Vec::new();
        self.content.info(&mut info, &mut rng, &self.nodes[0], &self.nodes[0], NODES, 0)?;
        self.member("cluster/docker/info.json", "docker info --format {{json .}}", &info)?;
        let (mut swarm, mut kube) = (b"[\n".to_vec(), b"{\n    \"apiVersion\": \"v1\",\n    \"items\": [\n".to_vec());
        for (at, node) in self.nodes.iter().enumerate() {
            if at > 0 {
                swarm.extend_from_slice(b",\n");
                kube.extend_from_slice(b",\n");
            }
            self.content.swarm_node(&mut swarm, &mut rng, node)?;
            self.content.kube_node(&mut kube, &mut rng, node)?;
        }
        swarm.extend_from_slice(b"\n]\n");
        kube.extend_from_slice(LIST_END);
        self.member("cluster/docker/nodes.json", "docker node inspect", &swarm)?;
        self.member("cluster/kubectl/nodes.json", "kubectl get nodes -A -o json", &kube)?;
        let version = b"{\n    \"clientVersion\": {\n        \"gitVersion\": \"v1.27.7\"\n    },\n    \"serverVersion\": {\n        \"gitVersion\": \"v1.27.7-mirantis-1\",\n        \"major\": \"1\",\n        \"minor\": \"27\"\n    }\n}\n";
        self.member("cluster/kubectl/version.json", "kubectl version -o json", version)?;
        self.member("cluster/mke/config.toml", "GET /api/ucp/config-toml", include_bytes!("templates/config.toml"))?;
        self.pods(pods)
    }

    /// The list of pods: made once to learn its size, which tar wants first, and again to write it.
    fn pods(&mut self, target: u64) -> Result<()> {
        let (content, nodes) = (std::mem::replace(&mut self.content, Content::new()?), std::mem::take(&mut self.nodes));
        let list = |items| PodList {
            content: &content,
            nodes: &nodes,
            rng: Rng::new(self.seed, 3),
            counts: Counts::new(),
            buffer: b"{\n    \"apiVersion\": \"v1\",\n    \"items\": [\n".to_vec(),
            at: 0,
            made: 0,
            items,
        };
        let mut dry = list(u64::MAX);
        let mut bytes = dry.buffer.len() as u64;
        while bytes < target {
            dry.buffer.clear();
            dry.next_item()?;
            bytes += dry.buffer.len() as u64;
        }
        bytes += LIST_END.len() as u64;
        let mut wet = list(dry.made);
        self.stream("cluster/kubectl/pods.json", "kubectl get pods -A -o json --show-managed-fields", bytes, &mut wet)?;
        let counts = wet.counts;
        self.content = content;
        self.nodes = nodes;
        self.written.counts.extend(counts);
        Ok(())
    }

    /// The members of every node; `target` is the size of one node's list of containers.
    fn nodes(&mut self, target: u64) -> Result<()> {
        let nodes = std::mem::take(&mut self.nodes);
        for (at, node) in (0_u64..).zip(&nodes) {
            let mut rng = Rng::new(self.seed, 1000 + at);
            let mut list = b"[\n".to_vec();
            let mut number = 0;
            while (list.len() as u64) < target {
                if number > 0 {
                    list.extend_from_slice(b",\n");
                }
                self.content.container(&mut list, &mut rng, number, &mut self.written.counts)?;
                number += 1;
            }
            list.extend_from_slice(b"\n]\n");
            let images = images(&mut rng);
            let mut info = Vec::new();
            self.content.info(&mut info, &mut rng, node, &nodes[0], number, images.lines().count() as u64)?;
            let folder = format!("nodes/{}", node.name);
            self.member(&format!("{folder}/docker/info.json"), "docker info --format {{json .}}", &info)?;
            let version = include_bytes!("templates/version.json");
            self.member(&format!("{folder}/docker/version.json"), "docker version --format {{json .}}", version)?;
            self.member(&format!("{folder}/docker/containers.json"), "docker ps -aq | xargs docker inspect", &list)?;
            self.member(
                &format!("{folder}/docker/images.json"),
                "docker images --format {{json .}}",
                images.as_bytes(),
            )?;
            let os = b"NAME=\"Red Hat Enterprise Linux\"\nVERSION=\"9.3 (Plow)\"\nID=\"rhel\"\nID_LIKE=\"fedora\"\nVERSION_ID=\"9.3\"\nPRETTY_NAME=\"Red Hat Enterprise Linux 9.3 (Plow)\"\n";
            self.member(&format!("{folder}/host/os-release"), "cat /etc/os-release", os)?;
        }
        self.nodes = nodes;
        Ok(())
    }

    /// One log of `target` bytes for every node; the last line ends where the file does.
    fn logs(&mut self, target: usize) -> Result<()> {
        let mut text = String::with_capacity(target + 512);
        for at in 0..self.nodes.len() {
            let mut rng = Rng::new(self.seed, 10_000 + at as u64);
            let mut clock = rng.below(86_400_000_000);
            text.clear();
            while text.len() < target {
                logs::line(&mut text, &mut rng, &mut clock);
            }
            let path = format!("cluster/support/logs/{}.log", self.nodes[at].name);
            self.member(&path, "POST /api/support", &text.as_bytes()[..target])?;
        }
        Ok(())
    }

    /// Writes the manifest, which comes last, and closes the archive.
    fn finish(mut self) -> Result<Written>
    where
        W: Finish,
    {
        writeln!(
            self.manifest,
            "{{\"record\":\"footer\",\"finished\":\"2026-11-20T08:20:00Z\",\"items\":{},\"bytes\":{},\"complete\":true}}",
            self.written.items, self.written.bytes
        )?;
        append(&mut self.tar, "manifest.jsonl", self.manifest.len() as u64, &mut self.manifest.as_bytes())?;
        self.tar.into_inner()?.finish()?;
        Ok(self.written)
    }
}

const LIST_END: &[u8] =
    b"\n    ],\n    \"kind\": \"List\",\n    \"metadata\": {\n        \"resourceVersion\": \"\"\n    }\n}\n";

/// Ends the compressed stream.
trait Finish {
    fn finish(self) -> io::Result<()>;
}

impl<W: Write> Finish for zstd::stream::Encoder<'_, W> {
    fn finish(self) -> io::Result<()> {
        zstd::stream::Encoder::finish(self)?.flush()
    }
}

fn append(tar: &mut tar::Builder<impl Write>, path: &str, bytes: u64, reader: &mut dyn Read) -> io::Result<()> {
    let mut header = tar::Header::new_ustar();
    header.set_size(bytes);
    header.set_mode(0o644);
    header.set_mtime(1_795_161_600);
    header.set_entry_type(tar::EntryType::Regular);
    tar.append_data(&mut header, format!("{TOP}/{path}"), reader)
}

struct Hashed<'a> {
    reader: &'a mut dyn Read,
    hash: Sha256,
}

impl Read for Hashed<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buf)?;
        self.hash.update(&buf[..read]);
        Ok(read)
    }
}

/// The list of pods as a reader that makes one item at a time.
struct PodList<'a> {
    content: &'a Content,
    nodes: &'a [Node],
    rng: Rng,
    counts: Counts,
    buffer: Vec<u8>,
    at: usize,
    made: u64,
    items: u64,
}

impl PodList<'_> {
    fn next_item(&mut self) -> Result<()> {
        if self.made > 0 {
            self.buffer.extend_from_slice(b",\n");
        }
        self.content.pod(&mut self.buffer, &mut self.rng, self.nodes, &mut self.counts)?;
        self.made += 1;
        Ok(())
    }
}

impl Read for PodList<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if self.at == self.buffer.len() {
            self.at = 0;
            self.buffer.clear();
            if self.made < self.items {
                self.next_item().map_err(io::Error::other)?;
            } else if self.made == self.items {
                self.buffer.extend_from_slice(LIST_END);
                self.made += 1;
            }
        }
        let rest = &self.buffer[self.at..];
        let read = rest.len().min(buf.len());
        buf[..read].copy_from_slice(&rest[..read]);
        self.at += read;
        Ok(read)
    }
}

/// `docker images`, one JSON object a line.
fn images(rng: &mut Rng) -> String {
    let mut text = String::new();
    for name in
        ["agent", "auth", "controller", "etcd", "hyperkube", "interlock", "kube-proxy", "metrics", "pause", "swarm"]
    {
        image(&mut text, rng, &format!("mirantis/ucp-{name}"), content::MKE_VERSION);
    }
    for _ in 0..40 {
        let repository = format!(
            "registry.enclave.example/apps/{}",
            rng.pick(&["billing-api", "ledger", "scraper", "tile-server", "hr-portal"])
        );
        let tag = format!("{}.{}.{}", rng.below(5), rng.below(30), rng.below(10));
        image(&mut text, rng, &repository, &tag);
    }
    text
}

fn image(text: &mut String, rng: &mut Rng, repository: &str, tag: &str) {
    let _ = writeln!(
        text,
        "{{\"Containers\":\"N/A\",\"CreatedAt\":\"{} +0000 UTC\",\"CreatedSince\":\"2 weeks ago\",\"Digest\":\"sha256:{}\",\"ID\":\"sha256:{}\",\"Repository\":\"{repository}\",\"SharedSize\":\"N/A\",\"Size\":\"{}MB\",\"Tag\":\"{tag}\",\"UniqueSize\":\"N/A\",\"VirtualSize\":\"{}MB\"}}",
        rng.time().replace('T', " "),
        rng.hex(64),
        rng.hex(64),
        rng.below(900),
        rng.below(900)
    );
}
