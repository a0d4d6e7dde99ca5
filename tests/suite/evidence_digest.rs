//! The digest of evidence: people's answers hold as long as it stays the same, so it changes with what
//! a rule rests on and with nothing else.

use std::path::Path;

use mke_stig::assess::{Options, assess};
use mke_stig::facts::{Bounds, Source};
use mke_stig::model::assessment::{Assessment, RuleResult, Status};
use mke_stig::rules::Pack;
use mke_stig::ssp::Ssp;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::common::archives::tar;
use crate::common::lab::Lab;
use crate::common::snapshot::Snapshot;
use crate::common::{packs, rule, sample_folder};

/// One rule that containers decide, one that is for a person, one that the SSP decides, and one for
/// which nothing is there.
const RULES: &str = "\
id: T-1
rule_id: SV-1r1_rule
severity: high
title: Containers do not see the processes of the host
checks:
  - each: docker.container
    where: { Config.User: { not: nobody } }
    must: { HostConfig.PidMode: { not: host } }
    show: [Config.Image]
---
id: T-2
rule_id: SV-2r1_rule
severity: medium
title: Manual check the pods with a volume
checks:
  - each: kube.Pod
    must: { spec.containers: { none: { securityContext.privileged: { equals: true, absent: fails } } } }
person:
  - { look: Look at the volumes. }
---
id: T-3
rule_id: SV-3r1_rule
severity: medium
title: Containers run as users that the SSP excuses
checks:
  - each: docker.container
    unless: privileged
    must: { HostConfig.Privileged: { equals: false } }
---
id: T-4
rule_id: SV-4r1_rule
severity: low
title: Nothing is there for this
checks:
  - each: mke.config
    must: { auth.sessions.lifetime_minutes: { at_most: 10 } }
";

/// Rules of others, which read more of the same objects: of fields, within fields, and around fields.
const OTHERS: &str = "\
id: A-1
severity: low
title: Another
checks:
  - each: docker.container
    must: { Config: { exists: true } }
    show: [HostConfig, Config.Labels]
---
id: Z-1
severity: low
title: Another
checks:
  - each: kube.Pod
    must: { spec.containers: { every: { image: { matches: '.' } } } }
    show: [metadata, spec]
";

/// A pack of rules, each a document of its own.
fn pack(id: &str, rules: &str) -> Pack {
    let lab = Lab::new();
    lab.put("pack/pack.yaml", format!("id: {id}\nversion: '1'\ntitle: {id}\n").as_bytes());
    for (number, rule) in rules.split("---\n").enumerate() {
        lab.put(&format!("pack/{number}.yaml"), rule.as_bytes());
    }
    let pack = Pack::read(&lab.at("pack")).unwrap();
    assert_eq!(pack.problems, []);
    pack
}

fn container(name: &str, pid_mode: &str, privileged: bool) -> Value {
    json!({
        "Id": name, "Name": format!("/{name}"), "Created": "2026-01-01T00:00:00Z",
        "Config": { "Image": "shop/app:1.0", "User": "app", "Labels": { "a": "b" } },
        "HostConfig": { "PidMode": pid_mode, "Privileged": privileged, "IpcMode": "private" },
    })
}

fn pod(name: &str, privileged: bool) -> Value {
    json!({
        "kind": "Pod", "metadata": { "name": name, "namespace": "shop", "uid": "1" },
        "spec": { "containers": [{ "name": "c", "image": "shop/web:2", "securityContext": { "privileged": privileged } }] },
    })
}

/// A small snapshot: a cluster, its nodes with their containers, and its pods.
#[derive(Debug, Clone)]
struct Small {
    cluster: &'static str,
    nodes: Vec<(&'static str, Vec<Value>)>,
    pods: Vec<Value>,
}

impl Small {
    fn empty() -> Self {
        Self { cluster: "c-1", nodes: vec![("w1", vec![])], pods: vec![] }
    }

    fn usual() -> Self {
        let first = vec![container("a", "", false), container("b", "host", false), container("c", "", true)];
        Self {
            nodes: vec![("w1", first), ("w2", vec![container("d", "", false), container("e", "", false)])],
            pods: vec![pod("p", false), pod("q", true), pod("r", false)],
            ..Self::empty()
        }
    }

    fn files(&self) -> Vec<(String, Vec<u8>)> {
        let nodes = self.nodes.iter().map(|(name, _)| {
            json!({ "ID": name, "Spec": { "Role": "worker" }, "Description": { "Hostname": name, "Platform": { "OS": "linux" } } })
        });
        let mut files = vec![
            ("cluster/docker/nodes.json".to_owned(), Value::from(nodes.collect::<Vec<_>>()).to_string()),
            ("cluster/kubectl/pods.json".to_owned(), json!({ "kind": "List", "items": self.pods }).to_string()),
        ];
        for (name, containers) in &self.nodes {
            let info = json!({ "Name": name, "Swarm": { "Cluster": { "ID": self.cluster } } });
            files.push((format!("nodes/{name}/docker/info.json"), info.to_string()));
            files.push((format!("nodes/{name}/docker/containers.json"), Value::from(containers.clone()).to_string()));
        }
        files.into_iter().map(|(path, text)| (path, text.into_bytes())).collect()
    }

    fn assessed(&self, packs: &[Pack], options: &Options) -> Assessment {
        assess(&[Source::Files { name: "s".to_owned(), files: self.files() }], packs, options).unwrap()
    }

    /// The digests of the rules.
    fn digests(&self) -> [String; 4] {
        digests(&self.assessed(&[pack("t", RULES)], &Options::default()))
    }
}

fn digests(assessment: &Assessment) -> [String; 4] {
    ["T-1", "T-2", "T-3", "T-4"].map(|id| rule(assessment, id).evidence_digest.clone())
}

/// These stand in people's answers: a change of them makes every answer lapse, and needs a new version.
#[test]
fn digests_of_three_snapshots_are_what_they_were() {
    let other = Small { cluster: "c-2", ..Small::usual() };
    let pinned = [Small::empty(), Small::usual(), other].map(|small| small.digests());
    assert_eq!(
        pinned,
        [
            [
                "v3:3c10336da17b98c2977a05279b04affd6ff063439eb422cb678648dec0448fd5",
                "v3:4e64792453d5ce94a535c72689ff293c97bcb8f836b6b76811147ad4eb6e5a50",
                "v3:bf8797ae3287e6b74fdae9b60ac86515ea3c7d001841db0a672d4725aa7aaf59",
                "v3:1790b7bb7ba04e18588ae841399ce091f00bbdf8234abcdccf4ac05d5de6af10",
            ],
            [
                "v3:010aeeeea8504913907cdb17ce7a065cdd45f6da1465794b33fbad61eee59e48",
                "v3:20b5f6a34f69d47f81dc24b4da454af88933d1a56780efa5061da956f4029192",
                "v3:66d5b28b5927822f9325a23185957a4b906a3b90cda561627e811d5eaef4590d",
                "v3:1790b7bb7ba04e18588ae841399ce091f00bbdf8234abcdccf4ac05d5de6af10",
            ],
            [
                "v3:da9ac6ba8bc91d78ebdfc4e2584259ab9195084192980fc089b306baa0816804",
                "v3:fac3da46293582b5660e20b51b82287d354d362a01e0b6a9e7c4742a9eb68f9a",
                "v3:76bbe53216839dca7f60e93c8e5e92a06bd8ce873383e2760d200c1eea9933d8",
                "v3:390cb98f3d86ff35f6cf37b444eb2ecc13b641eee1439d88c11e4bc071113216",
            ],
        ]
    );
}

#[test]
fn where_nothing_is_seen_cluster_and_rule_still_count() {
    let empty = Small { nodes: vec![], ..Small::empty() };
    let same = RULES.split("---\n").last().unwrap().replace("T-4", "T-5");
    let rules = format!("{RULES}---\n{same}");
    let all = empty.assessed(&[pack("t", &rules)], &Options::default());
    assert_ne!(rule(&all, "T-4").evidence_digest, rule(&all, "T-5").evidence_digest);
    let (here, there) = (Small::empty().digests(), Small { cluster: "c-2", ..Small::empty() }.digests());
    for (here, there) in here.iter().zip(&there) {
        assert_ne!(here, there);
    }
}

/// What a rule asks for counts, its words do not.
#[test]
fn another_revision_of_a_rule_is_another_digest() {
    let usual = Small::usual();
    let digest = |from: &str, to: &str| {
        assert!(RULES.contains(from), "{from}");
        let pack = pack("t", &RULES.replace(from, to));
        rule(&usual.assessed(&[pack], &Options::default()), "T-4").evidence_digest.clone()
    };
    let before = digest("T-4", "T-4");
    assert_eq!(digest("Nothing is there for this", "No configuration is there"), before);
    assert_eq!(digest("SV-3r1_rule", "SV-3r2_rule"), before);
    for (from, to) in [
        ("SV-4r1_rule", "SV-4r2_rule"),
        ("at_most: 10 ", "at_most: 15 "),
        ("at_most: 10 ", "at_least: 10 "),
        ("lifetime_minutes", "renewal_threshold_minutes"),
        ("at_most: 10 } }\n", "at_most: 10 } }\n    show: [auth.backend]\n"),
    ] {
        assert_ne!(digest(from, to), before, "{from} {to}");
    }
}

#[test]
fn company_jobs_and_choice_of_rules_make_no_difference() {
    let (own, others) = (pack("t", RULES), pack("o", OTHERS));
    for small in [Small::empty(), Small::usual()] {
        let before = small.digests();
        let beside =
            [&[own.clone(), others.clone()][..], &[others.clone(), own.clone()], &[packs()[0].clone(), own.clone()]];
        for packs in beside {
            assert_eq!(digests(&small.assessed(packs, &Options::default())), before);
        }
        for jobs in [1, 2, 7] {
            let options = Options { bounds: Bounds { jobs, ..Bounds::default() }, ..Options::default() };
            assert_eq!(digests(&small.assessed(&[own.clone(), others.clone()], &options)), before);
        }
        for (number, id) in ["T-1", "T-2", "T-3", "T-4"].into_iter().enumerate() {
            let options = Options { only: vec![id.to_owned()], ..Options::default() };
            let alone = small.assessed(&[own.clone(), others.clone()], &options);
            assert_eq!(alone.rules.len(), 1);
            assert_eq!(rule(&alone, id).evidence_digest, before[number], "{id}");
        }
        let options = Options { evidence_limit: 1, ..Options::default() };
        assert_eq!(digests(&small.assessed(std::slice::from_ref(&own), &options)), before);
    }
}

/// Every rule of the built-in pack alone has the digest that it has among all of them.
#[test]
fn rules_of_the_built_in_pack_rest_on_nothing_of_each_other() {
    let assessed = |only: Vec<String>| {
        let options = Options { only, ..Options::default() };
        assess(&[Source::Path(sample_folder())], packs(), &options).unwrap()
    };
    let all = assessed(Vec::new());
    for result in &all.rules {
        let alone = assessed(vec![result.id.clone()]);
        assert_eq!(alone.rules[0].evidence_digest, result.evidence_digest, "{}", result.id);
    }
    let mut digests: Vec<&str> = all.rules.iter().map(|rule| rule.evidence_digest.as_str()).collect();
    digests.sort_unstable();
    digests.dedup();
    assert_eq!(digests.len(), all.rules.len());
}

#[test]
fn an_exception_of_the_ssp_counts() {
    let ssp = |node: &str| {
        let text = format!(
            "exceptions:\n  - {{ type: privileged, node: {node}, reason: r, approver: a, expires: 2099-12-31, approved: true }}\n"
        );
        let options = Options {
            ssp: Ssp::parse("ssp.yaml", &text).unwrap(),
            day: Some("2026-11-18".to_owned()),
            ..Options::default()
        };
        let assessment = Small::usual().assessed(&[pack("t", RULES)], &options);
        let result: &RuleResult = rule(&assessment, "T-3");
        (result.status, result.evidence_digest.clone())
    };
    let (excused, open) = (ssp("w1"), ssp("w9"));
    assert_eq!((excused.0, open.0), (Status::NotAFinding, Status::Open));
    assert_ne!(excused.1, open.1);
    assert_eq!(open.1, Small::usual().digests()[2]);
}

/// What is changed in a snapshot, how, and which rules read it.
type Change = (&'static str, fn(&mut Small), [bool; 4]);

fn changes() -> Vec<Change> {
    fn first(small: &mut Small) -> &mut Value {
        &mut small.nodes[0].1[0]
    }
    vec![
        (
            "a passing container's mode",
            |small| first(small)["HostConfig"]["PidMode"] = "private".into(),
            [true, false, false, false],
        ),
        (
            "a failing container's shown image",
            |small| small.nodes[0].1[1]["Config"]["Image"] = "x".into(),
            [true, false, false, false],
        ),
        ("a failing container's name", |small| small.nodes[0].1[1]["Name"] = "/x".into(), [true, false, false, false]),
        ("a field of the filter", |small| first(small)["Config"]["User"] = "root".into(), [true, false, false, false]),
        (
            "what the filter leaves out",
            |small| first(small)["Config"]["User"] = "nobody".into(),
            [true, false, false, false],
        ),
        (
            "the image that an exception looks at",
            |small| small.nodes[0].1[2]["Config"]["Image"] = "x".into(),
            [true, false, true, false],
        ),
        (
            "the image of what needs no exception",
            |small| first(small)["Config"]["Image"] = "x".into(),
            [true, false, false, false],
        ),
        (
            "a privileged container",
            |small| first(small)["HostConfig"]["Privileged"] = true.into(),
            [false, false, true, false],
        ),
        (
            "a field that is gone",
            |small| _ = first(small)["HostConfig"].as_object_mut().unwrap().remove("PidMode"),
            [true, false, false, false],
        ),
        (
            "a passing pod's container",
            |small| small.pods[0]["spec"]["containers"][0]["securityContext"] = json!({}),
            [false, true, false, false],
        ),
        ("one more pod", |small| small.pods.push(pod("s", false)), [false, true, false, false]),
        ("one more container", |small| small.nodes[1].1.push(container("f", "", false)), [true, false, true, false]),
        (
            "a container on another node",
            |small| {
                let one = small.nodes[0].1.pop().unwrap();
                small.nodes[1].1.push(one);
            },
            [true, false, true, false],
        ),
        ("a label", |small| first(small)["Config"]["Labels"]["a"] = "c".into(), [false; 4]),
        ("a time", |small| first(small)["Created"] = "2026-02-01T00:00:00Z".into(), [false; 4]),
        ("another mode", |small| first(small)["HostConfig"]["IpcMode"] = "host".into(), [false; 4]),
        (
            "an image of a pod's container",
            |small| small.pods[0]["spec"]["containers"][0]["image"] = "x".into(),
            [false; 4],
        ),
    ]
}

#[test]
fn it_changes_with_what_the_rule_reads_and_with_nothing_else() {
    let before = Small::usual().digests();
    for (what, change, reads) in changes() {
        let mut small = Small::usual();
        change(&mut small);
        let after = small.digests();
        for (number, reads) in reads.into_iter().enumerate() {
            assert_eq!(before[number] != after[number], reads, "{what}: T-{}", number + 1);
        }
    }
}

#[test]
fn missing_nodes_count_by_name() {
    let without = |missing: &[&str]| {
        let files = Small::usual().files();
        let gone = |path: &String| missing.iter().any(|node| *path == format!("nodes/{node}/docker/containers.json"));
        let files = files.into_iter().filter(|(path, _)| !gone(path)).collect();
        let inputs = [Source::Files { name: "s".to_owned(), files }];
        let assessment = assess(&inputs, &[pack("t", RULES)], &Options::default()).unwrap();
        rule(&assessment, "T-3").evidence_digest.clone()
    };
    let mut digests = [without(&[]), without(&["w1"]), without(&["w2"]), without(&["w1", "w2"])].to_vec();
    digests.sort();
    digests.dedup();
    assert_eq!(digests.len(), 4);
}

/// The files as an archive, in this order.
fn archived(lab: &Lab, files: Vec<(String, Vec<u8>)>) -> std::path::PathBuf {
    // Without the end of each archive of one file they are one archive.
    let parts = files.into_iter().map(|file| tar(&[file].into_iter().collect(), ""));
    let mut bytes: Vec<u8> = parts.flat_map(|one| one[..one.len() - 1024].to_vec()).collect();
    bytes.extend([0; 1024]);
    lab.put("snapshot.tar", &bytes)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Members come in any order, and objects in any order within them.
    #[test]
    fn order_makes_no_difference(
        order in Just((0..6_usize).collect::<Vec<_>>()).prop_shuffle(),
        first in Just((0..3_usize).collect::<Vec<_>>()).prop_shuffle(),
        pods in Just((0..3_usize).collect::<Vec<_>>()).prop_shuffle(),
    ) {
        let usual = Small::usual();
        let mut small = usual.clone();
        small.nodes[0].1 = first.iter().map(|at| usual.nodes[0].1[*at].clone()).collect();
        small.pods = pods.iter().map(|at| usual.pods[*at].clone()).collect();
        let files = small.files();
        prop_assert_eq!(files.len(), order.len());
        let lab = Lab::new();
        let path = archived(&lab, order.iter().map(|at| files[*at].clone()).collect());
        let inputs = [Source::Path(Path::new(&path).to_owned())];
        let assessment = assess(&inputs, &[pack("t", RULES)], &Options::default()).unwrap();
        prop_assert_eq!(assessment.rules.iter().filter(|rule| rule.status == Status::Open).count(), 3);
        prop_assert_eq!(digests(&assessment), usual.digests());
    }

    /// Whatever text stands in a field that a rule reads, another text there is another digest.
    #[test]
    fn no_text_passes_for_another(one in ".{0,12}", other in ".{0,12}") {
        let digest = |text: &str| {
            let mut small = Small::usual();
            small.nodes[0].1[1]["Config"]["Image"] = text.into();
            small.digests()[0].clone()
        };
        prop_assert_eq!(one == other, digest(&one) == digest(&other));
    }
}

/// The digest of a rule of the built-in pack.
fn of_rule(snapshot: &Snapshot, id: &str) -> String {
    let source = Source::Files { name: "in".into(), files: snapshot.files().into_iter().collect() };
    rule(&assess(&[source], packs(), &Options::default()).unwrap(), id).evidence_digest.clone()
}

#[test]
fn what_the_ssp_lists_may_stand_in_any_order() {
    let digest_with = |change: fn(&mut Vec<Value>)| {
        let mut snapshot = Snapshot::sample();
        snapshot.change("cluster/msr/team-access.json", |list| {
            change(list["teams"][0]["repositoryAccessList"].as_array_mut().unwrap());
        });
        of_rule(&snapshot, "V-260904")
    };
    let before = digest_with(|_| {});
    assert_eq!(digest_with(|list| list.reverse()), before);
    assert_ne!(digest_with(|list| _ = list.pop()), before);
    assert_ne!(digest_with(|list| list.push(list[0].clone())), before);
    assert_ne!(digest_with(|list| list[0]["accessLevel"] = "admin".into()), before);
}

#[test]
fn an_answer_on_the_log_server_lapses_with_the_server() {
    let path = "cluster/mke/config.toml";
    let mut snapshot = Snapshot::sample();
    let before = of_rule(&snapshot, "V-260915");
    let text = String::from_utf8(snapshot.members[path].clone()).unwrap();
    let host = text.lines().find(|line| line.trim_start().starts_with("host = ")).unwrap();
    snapshot.set(path, text.replacen(host, "  host = \"udp.attacker.example:514\"", 1));
    assert_ne!(of_rule(&snapshot, "V-260915"), before);
}
