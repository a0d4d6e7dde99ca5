//! Log lines as the components of a cluster write them.

use std::fmt::Write as _;

use crate::template::Rng;

const WORDS: &[&str] = &[
    "reconcile",
    "sync",
    "timeout",
    "retry",
    "endpoint",
    "certificate",
    "volume",
    "snapshot",
    "heartbeat",
    "lease",
    "quota",
    "image",
    "layer",
    "network",
    "overlay",
    "ingress",
    "token",
    "session",
    "worker",
    "queue",
    "batch",
    "cursor",
    "shard",
    "replica",
    "backoff",
    "handshake",
    "upstream",
    "connection",
    "deadline",
    "context",
    "payload",
    "checksum",
    "manifest",
    "revision",
    "watcher",
    "cache",
];
const FILES: &[&str] = &[
    "kubelet.go:2471",
    "reconciler.go:289",
    "proxier.go:1201",
    "pod_workers.go:965",
    "status_manager.go:667",
    "manager.go:412",
];
const PATHS: &[&str] = &[
    "/api/v1/namespaces",
    "/apis/apps/v1/deployments",
    "/accounts/",
    "/containers/json",
    "/services",
    "/_ping",
    "/collectionGrants",
];

/// Appends one line; `clock` is the time of day in microseconds and moves on.
pub(crate) fn line(out: &mut String, rng: &mut Rng, clock: &mut u64) {
    *clock += 300 + rng.below(40_000);
    let micros = *clock % 86_400_000_000;
    let (seconds, fraction) = (micros / 1_000_000, micros % 1_000_000);
    let day = *clock / 86_400_000_000 % 28 + 1;
    let time = format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    let words = [rng.pick(WORDS), rng.pick(WORDS), rng.pick(WORDS), rng.pick(WORDS)];
    let [a, b, c, d] = words;
    let (ip, port) = (format!("10.20.{}.{}", rng.below(2), rng.below(250)), 1024 + rng.below(60_000));
    let _ = match rng.below(7) {
        0 => writeln!(
            out,
            "I11{day:02} {time}.{fraction:06}   21433 {}] \"{a} {b} finished\" pod=\"{c}-{}\" podUID={} trace={} duration={}ms",
            rng.pick(FILES),
            rng.suffix(10),
            rng.uuid(),
            rng.hex(32),
            rng.below(9000)
        ),
        1 => writeln!(
            out,
            "time=\"2026-11-{day:02}T{time}.{fraction:06}Z\" level={} msg=\"{a} of {b} {c}: {d} after {} attempts\" container={} request={} node={ip}",
            rng.pick(&["info", "warning", "error", "debug"]),
            rng.below(20),
            rng.hex(24),
            rng.uuid()
        ),
        2 => writeln!(
            out,
            "{{\"audit\":{{\"auditID\":\"{}\",\"kind\":\"docker-swarm\",\"level\":\"metadata\",\"requestURI\":\"{}?limit={}\",\"sourceIPs\":[\"{ip}:{port}\"],\"user\":{{\"username\":\"{a}-{b}\"}},\"verb\":\"{}\"}},\"level\":\"info\",\"msg\":\"audit\",\"time\":\"2026-11-{day:02}T{time}Z\"}}",
            rng.uuid(),
            rng.pick(PATHS),
            rng.below(500),
            rng.pick(&["GET", "GET", "GET", "POST", "DELETE"])
        ),
        3 => writeln!(
            out,
            "{ip} - - [{day:02}/Nov/2026:{time} +0000] \"GET {}/{a}-{b} HTTP/2.0\" {} {} \"-\" \"Go-http-client/2.0\" {} 0.{:03} {}",
            rng.pick(PATHS),
            rng.pick(&["200", "200", "200", "304", "404", "500"]),
            rng.below(90_000),
            rng.hex(16),
            rng.below(1000),
            rng.hex(32)
        ),
        4 => writeln!(
            out,
            "2026-11-{day:02} {time}.{fraction:06} W | etcdserver: {a} {b} took too long ({}.{:06}ms) to execute, key \"/registry/{c}s/{d}/{a}-{}\" lease {} revision {}",
            rng.below(900),
            rng.below(1_000_000),
            rng.suffix(5),
            rng.hex(16),
            rng.below(90_000_000)
        ),
        5 => writeln!(
            out,
            "Nov {day:02} {time} kernel: [{}.{fraction:06}] veth{}: {a} {b} port {port} entered {c} state, handle {}",
            rng.below(900_000),
            rng.hex(7),
            rng.hex(32)
        ),
        _ => writeln!(
            out,
            "{{\"level\":\"{}\",\"ts\":\"2026-11-{day:02}T{time}.{fraction:06}Z\",\"caller\":\"{a}/{b}.go:{}\",\"msg\":\"{c} {d} {a}\",\"remote-peer-id\":\"{}\",\"remote\":\"{ip}:{port}\",\"took\":\"{}ms\",\"span\":\"{}\"}}",
            rng.pick(&["info", "warn", "error"]),
            rng.below(2000),
            rng.hex(16),
            rng.below(4000),
            rng.hex(24)
        ),
    };
}
