//! Pods as `kubectl get pods -A -o json` prints them.

use std::fmt::Write as _;

use anyhow::Result;

use crate::content::{APPS, Content, Counts, LEVELS, MKE_VERSION, Node, REGISTRIES, TEAMS, count, version};
use crate::template::Rng;

impl Content {
    /// Appends one item of `kubectl get pods -A -o json` and counts it.
    pub(crate) fn pod(&self, out: &mut Vec<u8>, rng: &mut Rng, nodes: &[Node], counts: &mut Counts) -> Result<()> {
        let system = rng.percent(5);
        let class = if system { "system_pods" } else { "user_pods" };
        let app =
            if system { rng.pick(&["calico-node", "coredns", "ucp-metrics", "kube-state"]) } else { rng.pick(APPS) };
        let team = if system { "kube-system" } else { rng.pick(TEAMS) };
        let host_network = app == "calico-node" || rng.percent(1);
        let host_pid = rng.percent(1);
        count(counts, class, "all");
        let mut host = String::new();
        for (breaks, key, what) in [(host_network, "hostNetwork", "host_network"), (host_pid, "hostPID", "host_pid")] {
            if breaks {
                count(counts, class, what);
                let _ = writeln!(host, "                \"{key}\": true,");
            }
        }
        let at = usize::try_from(rng.below(nodes.len() as u64)).unwrap_or(0);
        let (hash, suffix, checksum) = (rng.suffix(10), rng.suffix(5), rng.hex(64));
        let (repository, tag) = if system {
            (format!("mirantis/ucp-{app}"), MKE_VERSION.to_owned())
        } else {
            (format!("{}/{app}", rng.pick(REGISTRIES)), version(rng))
        };
        let image = format!("{repository}:{tag}");
        let port = (8000 + rng.below(1000)).to_string();
        let (created, started) = (rng.time() + "Z", rng.time() + "Z");
        let (mut containers, mut statuses) = (Vec::new(), Vec::new());
        let number = 1 + rng.below(3);
        for at in 0..number {
            let comma: &[u8] = if at == 0 { b"[\n" } else { b",\n" };
            let name = if at == 0 { app.to_owned() } else { format!("{app}-sidecar-{at}") };
            let privileged = rng.percent(1);
            count(counts, class, "containers");
            if privileged {
                count(counts, class, "privileged");
            }
            let security = security_context(rng, privileged);
            containers.extend_from_slice(comma);
            self.pod_container.render(
                &mut containers,
                &[
                    ("level", rng.pick(LEVELS)),
                    ("db", &format!("pg-{}.{team}.svc.cluster.local", rng.below(9))),
                    ("image", &image),
                    ("delay", &rng.below(60).to_string()),
                    ("name", &name),
                    ("port", &port),
                    ("limit", rng.pick(&["128", "256", "512", "1024"])),
                    ("request", rng.pick(&["64", "128", "256"])),
                    ("cpu", rng.pick(&["50", "100", "250", "500"])),
                    ("security", &security),
                    ("app", app),
                    ("suffix", &suffix),
                ],
            )?;
            statuses.extend_from_slice(comma);
            self.pod_status.render(
                &mut statuses,
                &[
                    ("id", &rng.hex(64)),
                    ("image", &image),
                    ("repository", &repository),
                    ("digest", &rng.hex(64)),
                    ("name", &name),
                    ("restarts", &rng.below(5).to_string()),
                    ("started", &started),
                ],
            )?;
        }
        for list in [&mut containers, &mut statuses] {
            list.extend_from_slice(b"\n                ]");
        }
        self.pod.render(
            out,
            &[
                ("checksum", &checksum),
                ("sandbox", &rng.hex(64)),
                ("pod_ip", &format!("192.168.{}.{}", rng.below(256), rng.below(254) + 1)),
                ("app", app),
                ("team", team),
                ("namespace", team),
                ("replicas", &number.to_string()),
                ("image", &image),
                ("port", &port),
                ("created", &created),
                ("started", &started),
                ("template_hash", &hash),
                ("owner_uid", &rng.uuid()),
                ("name", &format!("{app}-{hash}-{suffix}")),
                ("version", &rng.below(90_000_000).to_string()),
                ("uid", &rng.uuid()),
                ("containers", &String::from_utf8(containers)?),
                ("host", &host),
                ("node", &nodes[at].name),
                ("suffix", &suffix),
                ("statuses", &String::from_utf8(statuses)?),
                ("host_ip", &nodes[at].address),
            ],
        )
    }
}

fn security_context(rng: &mut Rng, privileged: bool) -> String {
    let pad = " ".repeat(24);
    if privileged {
        return format!("{{\n{pad}    \"privileged\": true\n{pad}}}");
    }
    if rng.percent(20) {
        return "{}".to_owned();
    }
    format!(
        "{{\n{pad}    \"allowPrivilegeEscalation\": false,\n{pad}    \"capabilities\": {{\n{pad}        \"drop\": [\n{pad}            \"ALL\"\n{pad}        ]\n{pad}    }},\n{pad}    \"readOnlyRootFilesystem\": true,\n{pad}    \"runAsNonRoot\": true\n{pad}}}"
    )
}
