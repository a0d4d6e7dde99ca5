//! How much memory a list of containers takes, counted and not timed.
//!
//! Whose a container is hangs on pods and on MKE's own containers, so that every container waits until all was read.
//! What waits is what makes memory grow with a cluster; the figures of README.md rest on it.

use std::fmt::Write as _;

use super::common::lab::{Lab, measured};

/// Containers of one node.
const OF_NODE: usize = 200;

/// The containers of a node as `docker inspect` prints them: what is their own differs, and all else is alike.
fn containers(node: usize) -> String {
    let mut text = String::from("[");
    for number in 0..OF_NODE {
        let id = format!("{:016x}", (node * OF_NODE + number + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15)).repeat(4);
        let comma = if number == 0 { "" } else { "," };
        write!(
            text,
            r#"{comma}{{"Id":"{id}","Name":"/k8s_web_shop-{id:.10}","Image":"sha256:{id}","State":{{"Status":"running","Running":true}},
            "Config":{{"Image":"registry.example/shop{}:1","Labels":{{"io.kubernetes.pod.name":"shop-{id:.10}","io.kubernetes.pod.uid":"{id:.36}"}}}},
            "HostConfig":{{"Privileged":false,"PidMode":"","IpcMode":"private","NetworkMode":"default","CapAdd":null,"SecurityOpt":null,
            "Memory":0,"CpuShares":0,"ReadonlyRootfs":false,"UsernsMode":"","Mounts":null,"MaskedPaths":["/proc/acpi","/proc/kcore"]}},
            "AppArmorProfile":"docker-default","Args":["serve","--id={id:.8}"],"Platform":"linux",
            "Mounts":[{{"Type":"bind","Source":"/var/lib/kubelet/pods/{id:.36}/volumes","Destination":"/data","RW":true}}],
            "NetworkSettings":{{"Ports":{{}},"Networks":{{"bridge":{{"NetworkID":"{id}","IPAddress":"10.0.{}.{}","Gateway":"10.0.0.1"}}}}}}}}"#,
            number % 7,
            node % 256,
            number % 256,
        )
        .unwrap();
    }
    text + "]"
}

/// The peak of memory for a snapshot of so many nodes, in KiB.
fn peak(nodes: usize) -> u64 {
    let lab = Lab::new();
    for node in 0..nodes {
        lab.put(&format!("snap/nodes/w{node}/docker/containers.json"), containers(node).as_bytes());
    }
    let input = lab.at("snap");
    let out = lab.out();
    let (ran, peak) =
        measured(&["analyze", input.to_str().unwrap(), "-j", "1", "-f", "json", "-o", out.to_str().unwrap()]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    peak
}

/// Where this was written the two took 35 and 46 MiB: 1.2 KB for a container of 1.4 KB, most of it for what passes or
/// fails in which member. Values that wait as they were read take ten times as much.
#[test]
fn memory_grows_by_little_for_a_container_that_waits() {
    let (few, many) = (10, 60);
    let (small, large) = (peak(few), peak(many));
    let each = (large.saturating_sub(small) << 10) / ((many - few) * OF_NODE) as u64;
    assert!(each < 1800, "{each} bytes for a container: {small} KiB, then {large} KiB");
}
