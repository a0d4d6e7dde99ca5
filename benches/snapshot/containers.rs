//! Containers as `docker inspect` prints them.

use anyhow::Result;

use crate::content::{APPS, Content, Counts, LEVELS, MKE_VERSION, REGISTRIES, TEAMS, count, version};
use crate::template::{Rng, string_list, string_map};

const SYSTEM: &[&str] = &[
    "ucp-kubelet",
    "ucp-kube-proxy",
    "ucp-proxy",
    "ucp-controller",
    "ucp-auth-api",
    "ucp-auth-worker",
    "ucp-cluster-agent",
    "ucp-worker-agent",
    "ucp-hardware-info",
    "ucp-interlock-proxy",
    "ucp-metrics",
    "ucp-swarm-manager",
];
impl Content {
    /// Appends one element of `docker inspect` and counts it.
    pub(crate) fn container(&self, out: &mut Vec<u8>, rng: &mut Rng, number: u64, counts: &mut Counts) -> Result<()> {
        let class = match number % 5 {
            0 => "mke",
            1 | 2 => "kubernetes",
            _ => "user",
        };
        let app = if class == "mke" { rng.pick(SYSTEM) } else { rng.pick(APPS) };
        let team = rng.pick(TEAMS);
        let id = rng.hex(64);
        let kubelet = matches!(app, "ucp-kubelet" | "ucp-kube-proxy");
        let privileged = kubelet || rng.percent(1);
        let host_network = kubelet || rng.percent(1);
        let host_pid = kubelet || rng.percent(1);
        count(counts, class, "containers");
        for (breaks, what) in [(privileged, "privileged"), (host_network, "host_network"), (host_pid, "host_pid")] {
            if breaks {
                count(counts, class, what);
            }
        }
        let (name, image, labels) = identity(rng, class, app, team, number < 60);
        let env = environment(rng, app, team);
        let port = 8000 + rng.below(1000);
        let exposed = format!("{{\n                \"{port}/tcp\": {{}}\n            }}");
        let ports = match rng.below(3) {
            0 => "{}".to_owned(),
            _ => format!("{{\n                \"{port}/tcp\": null\n            }}"),
        };
        let (mounts, binds) = mounts(rng, app);
        let security = match (class, rng.below(10)) {
            ("mke", _) | (_, 0) => Vec::new(),
            ("kubernetes", _) => vec!["no-new-privileges".to_owned(), "seccomp=unconfined".to_owned()],
            _ => vec!["no-new-privileges".to_owned()],
        };
        let dropped = if rng.percent(3) { vec!["NET_ADMIN".to_owned()] } else { Vec::new() };
        let (third, fourth) = (rng.below(250), rng.below(250) + 2);
        let flag = |yes: bool| if yes { "true" } else { "false" };
        self.container.render(
            out,
            &[
                ("id", &id),
                ("short_id", &id[..12]),
                ("created", &rng.nano_time()),
                ("started", &rng.nano_time()),
                ("image_id", &rng.hex(64)),
                ("path", "/usr/local/bin/entrypoint.sh"),
                ("args", &string_list(8, &[format!("--service={app}"), format!("--listen=0.0.0.0:{port}")])),
                ("name", &name),
                ("restarts", &rng.below(4).to_string()),
                ("apparmor", if class == "user" { "docker-default" } else { "" }),
                ("pid", &(1000 + rng.below(400_000)).to_string()),
                ("binds", &binds),
                ("network_mode", if host_network { "host" } else { "default" }),
                ("pid_mode", if host_pid { "host" } else { "" }),
                ("ipc_mode", rng.pick(&["private", "private", "private", "shareable"])),
                ("privileged", flag(privileged)),
                ("readonly", flag(rng.percent(30))),
                ("security_opt", &string_list(12, &security)),
                ("cap_add", &string_list(12, &dropped)),
                ("memory", rng.pick(&["0", "268435456", "536870912", "1073741824"])),
                ("nano_cpus", rng.pick(&["0", "500000000", "1000000000"])),
                ("pids_limit", rng.pick(&["null", "100", "512"])),
                ("restart", rng.pick(&["", "always", "on-failure"])),
                ("layer", &rng.hex(64)),
                ("base1", &rng.hex(64)),
                ("base2", &rng.hex(64)),
                ("base3", &rng.hex(64)),
                ("base4", &rng.hex(64)),
                ("mounts", &mounts),
                ("user", rng.pick(&["", "1000", "app", "10001:10001"])),
                ("env", &string_list(12, &env)),
                ("cmd", &string_list(12, &[format!("--service={app}"), format!("--listen=0.0.0.0:{port}")])),
                ("image", &image),
                ("exposed", &exposed),
                ("labels", &string_map(12, &labels)),
                ("workdir", rng.pick(&["", "/app", "/srv", "/opt/service"])),
                ("sandbox", &rng.hex(64)),
                ("sandbox_short", &rng.hex(12)),
                ("ports", &ports),
                ("network", &format!("{team}_default")),
                ("network_id", &rng.swarm_id()),
                ("endpoint", &rng.hex(64)),
                ("service", app),
                ("ip", &format!("10.0.{third}.{fourth}")),
                ("gateway", &format!("10.0.{third}.1")),
                ("mac", &format!("02:42:0a:00:{third:02x}:{fourth:02x}")),
            ],
        )
    }
}

/// A container's name, image and labels, as the one who started it chooses them.
fn identity(
    rng: &mut Rng,
    class: &str,
    app: &str,
    team: &str,
    plain: bool,
) -> (String, String, Vec<(&'static str, String)>) {
    let uid = rng.uuid();
    match class {
        "mke" => (
            if plain { app.to_owned() } else { format!("{app}.{}", rng.swarm_id()) },
            format!("mirantis/{app}:{MKE_VERSION}"),
            vec![
                ("com.docker.ucp.InstanceID", "k3m1zq0bench5vq7d2n8x4c6e".to_owned()),
                ("com.docker.ucp.version", MKE_VERSION.to_owned()),
            ],
        ),
        "kubernetes" => (
            format!("k8s_{app}_{app}-{}-{}_{team}_{uid}_0", rng.suffix(10), rng.suffix(5)),
            format!("{}/{app}@sha256:{}", rng.pick(REGISTRIES), rng.hex(64)),
            vec![
                ("annotation.io.kubernetes.container.hash", rng.hex(8)),
                ("annotation.io.kubernetes.container.restartCount", "0".to_owned()),
                ("annotation.io.kubernetes.container.terminationMessagePath", "/dev/termination-log".to_owned()),
                ("annotation.io.kubernetes.pod.terminationGracePeriod", "30".to_owned()),
                ("io.kubernetes.container.logpath", format!("/var/log/pods/{team}_{app}_{uid}/{app}/0.log")),
                ("io.kubernetes.container.name", app.to_owned()),
                ("io.kubernetes.docker.type", "container".to_owned()),
                ("io.kubernetes.pod.name", format!("{app}-{}-{}", rng.suffix(10), rng.suffix(5))),
                ("io.kubernetes.pod.namespace", team.to_owned()),
                ("io.kubernetes.pod.uid", uid.clone()),
                ("io.kubernetes.sandbox.id", rng.hex(64)),
            ],
        ),
        _ => (
            format!("{app}.{}.{}", rng.below(12) + 1, rng.swarm_id()),
            format!("{}/{app}:{}", rng.pick(REGISTRIES), version(rng)),
            vec![
                ("com.docker.swarm.node.id", rng.swarm_id()),
                ("com.docker.swarm.service.id", rng.swarm_id()),
                ("com.docker.swarm.service.name", format!("{team}_{app}")),
                ("com.docker.swarm.task", String::new()),
                ("com.docker.swarm.task.id", rng.swarm_id()),
                ("com.docker.ucp.access.label", format!("/Shared/{team}")),
                ("com.docker.ucp.collection", rng.uuid()),
                ("org.opencontainers.image.revision", rng.hex(40)),
            ],
        ),
    }
}

fn environment(rng: &mut Rng, app: &str, team: &str) -> Vec<String> {
    let mut env = vec![
        "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin".to_owned(),
        format!("SERVICE_NAME={app}"),
        format!("TEAM={team}"),
        format!("LOG_LEVEL={}", rng.pick(LEVELS)),
        format!("BUILD_ID={}", rng.hex(40)),
        "API_KEY=(redacted)".to_owned(),
    ];
    for at in 0..rng.below(8) {
        env.push(format!(
            "UPSTREAM_{at}=http://{}.{team}.svc.cluster.local:{}",
            rng.pick(APPS),
            8000 + rng.below(1000)
        ));
    }
    env
}

fn mounts(rng: &mut Rng, app: &str) -> (String, String) {
    if rng.percent(40) {
        return ("[]".to_owned(), "null".to_owned());
    }
    let volume = rng.hex(64);
    let mounts = format!(
        r#"[
            {{
                "Type": "volume",
                "Name": "{volume}",
                "Source": "/var/lib/docker/volumes/{volume}/_data",
                "Destination": "/var/lib/{app}",
                "Driver": "local",
                "Mode": "z",
                "RW": true,
                "Propagation": ""
            }}
        ]"#
    );
    (mounts, string_list(12, &[format!("{volume}:/var/lib/{app}:z")]))
}
