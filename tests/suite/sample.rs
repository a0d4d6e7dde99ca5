//! A small assessment that the program makes of a made-up snapshot, and others that are made of it.
//!
//! The snapshot has three nodes and seven rules (`sample/pack/`), so that each status and each thing that decides occurs:
//! the snapshot, the SSP, an answer; a finding with gaps beside it, an accepted risk and another severity; objects that
//! are excepted, noted and passed; a broken manifest and a file that nobody knows.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

use mke_stig::answers::Answers;
use mke_stig::assess::{Options, assess};
use mke_stig::facts::Source;
use mke_stig::model::assessment::{
    Assessment, ClassCount, DecidedBy, Evidence, EvidenceStatus, Node, Reason, ReasonCode, RuleResult, Status,
};
use mke_stig::model::labels;
use mke_stig::model::severity::Severity;
use mke_stig::rules::Pack;
use mke_stig::ssp::Ssp;
use serde_json::{Value, json};

use crate::common::snapshot::{Files, Snapshot};

/// Text that tries every way out of a report.
pub(crate) const HOSTILE: &str = "<script>alert(1)</script><img src=x onerror=y> \"'>&amp; `code` | **b** [l](https://evil.test) \u{1b}[31m\u{202e}\u{2066}\0\u{2028}{{ 7*7 }}{% raw %}\n# heading\n</style>";

/// Numbers of the rules of [`small`] by what they are.
pub(crate) const UNKNOWN: usize = 0;
pub(crate) const PASSES: usize = 1;
pub(crate) const OPEN: usize = 2;

const SSP: &str = "
system: Sample
exceptions:
  - type: host_pid
    name: '*node-exporter'
    reason: The exporter reads the counters of all processes.
    approver: J. Haddad (ISSM)
    expires: 2027-06-30
    approved: true
  - type: new_privileges
    reason: The site's agents need them until the next release.
    approver: J. Haddad (ISSM)
    expires: 2027-06-30
    approved: true
";

static SMALL: LazyLock<Assessment> = LazyLock::new(|| {
    // An answer names the evidence that it was given for, so the evidence is looked at first.
    let before = assessed(Answers::default());
    let digest = &before.rules.iter().find(|rule| rule.id == "V-260930").unwrap().evidence_digest;
    let answers = format!(
        "answers:
  - rule: V-260913
    status: open
    comment: The owners know of it.
    reviewer: A. Reviewer
    date: 2026-11-19
    expires: 2027-11-18
    severity: low
    justification: The network is closed.
    risk_acceptance: Accepted until the next release.
  - rule: V-260930
    status: not_a_finding
    comment: Stopped the forwarder of wrk-1 and saw the alarm.
    reviewer: A. Reviewer
    date: 2026-11-19
    expires: 2027-11-18
    evidence_digest: {digest}
"
    );
    assessed(Answers::parse("answers.yaml", &answers).unwrap())
});

fn assessed(answers: Answers) -> Assessment {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite/sample/pack");
    let pack = Pack::read(&folder).unwrap();
    assert_eq!(pack.problems, []);
    let options =
        Options { ssp: Ssp::parse("ssp.yaml", SSP).unwrap(), answers, evidence_limit: 5, ..Options::default() };
    let input = Source::Files { name: "snapshot.tar.zst".to_owned(), files: snapshot().list() };
    assess(&[input], &[pack], &options).unwrap()
}

/// Three nodes of a swarm. The manager refused to list its containers, and a file is gone.
fn snapshot() -> Snapshot {
    let header = json!({
        "record": "header", "format": 1, "collector": "mke-collect 0.1.0", "cluster_id": "k7m2q9", "host": "mgr-1",
        "user": "root", "started": "2026-11-20T08:00:00Z", "mode": "all",
    });
    let footer = json!({ "record": "footer", "finished": "2026-11-20T08:01:00Z" });
    let mut snapshot = Snapshot { members: Files::new(), records: vec![header, footer] };
    let nodes =
        [("mgr-1", "manager", "10.20.0.11"), ("wrk-1", "worker", "10.20.0.12"), ("wrk-2", "worker", "10.20.0.13")];
    let of_swarm = |(name, role, address): &(&str, &str, &str)| {
        json!({
            "ID": format!("n-{name}"),
            "Spec": { "Role": role, "Labels": { "com.docker.ucp.orchestrator.swarm": "true" } },
            "Description": { "Hostname": name, "Platform": { "OS": "linux" } },
            "Status": { "State": "ready", "Addr": address },
        })
    };
    snapshot.set("cluster/docker/nodes.json", nodes.iter().map(of_swarm).collect::<Value>().to_string());
    for (name, ..) in nodes {
        let info = json!({
            "Name": name, "ServerVersion": "23.0.7", "OSType": "linux", "OperatingSystem": "Ubuntu 22.04.4 LTS",
            "SystemTime": "2026-11-20T08:00:04Z", "SecurityOptions": ["name=seccomp,profile=builtin", "name=fips"],
            "Containers": 3, "Swarm": { "LocalNodeState": "active" },
        });
        snapshot.set(&format!("nodes/{name}/docker/info.json"), info.to_string());
    }
    let legacy = container("/legacy-priv", "shop/legacy:1", "host");
    let web = container("/web", "shop/web:1", "");
    let mut agent = container("/ucp-agent", "mirantis/ucp-agent:3.7.7", "host");
    agent["Config"]["Labels"] = json!({ "com.docker.ucp.version": "3.7.7" });
    let exporter = container("/node-exporter", "ops/exporter:2", "host");
    snapshot.set("nodes/wrk-1/docker/containers.json", json!([legacy, agent, web]).to_string());
    snapshot.set("nodes/wrk-2/docker/containers.json", json!([exporter, legacy, web]).to_string());
    snapshot.set("nodes/mgr-1/docker/containers.json", "");
    snapshot.set("nodes/wrk-2/host/os-release", "ID=ubuntu\n");
    for record in &mut snapshot.records {
        if record["path"] == "nodes/mgr-1/docker/containers.json" {
            record["status"] = "forbidden".into();
            record["note"] = "permission denied".into();
        }
    }
    snapshot.members.remove("nodes/mgr-1/docker/containers.json");
    snapshot.members.remove("nodes/wrk-2/host/os-release");
    snapshot.members.insert("notes.docx".to_owned(), b"not a fact".to_vec());
    snapshot
}

fn container(name: &str, image: &str, pid_mode: &str) -> Value {
    json!({
        "Id": format!("id-of{name}"), "Name": name, "State": { "Status": "running" },
        "Config": { "Image": image, "Labels": {} },
        "HostConfig": { "PidMode": pid_mode, "NetworkMode": "bridge", "Privileged": false },
    })
}

/// Three nodes and seven rules, as the program assesses them.
pub(crate) fn small() -> Assessment {
    SMALL.clone()
}

/// The small assessment with hostile text in every field that a snapshot or a pack can fill.
pub(crate) fn hostile() -> Assessment {
    let mut hostile = small();
    let text = || HOSTILE.to_owned();
    hostile.marking = Some(text());
    hostile.tool.pack.title = text();
    hostile.snapshot.cluster_id = Some(text());
    hostile.snapshot.mke_version = Some(text());
    hostile.snapshot.collected_at = Some(text());
    hostile.snapshot.warnings = vec![text()];
    hostile.snapshot.integrity.problems = vec![text()];
    hostile.snapshot.inputs[0].name = text();
    hostile.snapshot.inputs[0].sha256 = text();
    hostile.snapshot.orchestrators[0].name = text();
    hostile.snapshot.orchestrators[0].because = text();
    let node = &mut hostile.snapshot.nodes[0];
    node.name = text();
    node.os = Some(text());
    node.role = Some(text());
    node.kinds.insert(text(), text());
    for (index, rule) in hostile.rules.iter_mut().enumerate() {
        rule.id = format!("V-{index}{HOSTILE}");
        for field in [
            &mut rule.title,
            &mut rule.why,
            &mut rule.how,
            &mut rule.fix,
            &mut rule.reading,
            &mut rule.comment,
            &mut rule.rule_id,
            &mut rule.stig_id,
            &mut rule.srg,
            &mut rule.evidence_digest,
        ] {
            *field = text();
        }
        rule.ccis = vec![text()];
        rule.controls = vec![text()];
        rule.classes.insert(text(), ClassCount::default());
        let reasons = rule.gaps.iter_mut().chain(&mut rule.reason);
        reasons.for_each(|reason| reason.text = text());
        for line in &mut rule.evidence {
            line.node = Some(text());
            line.class = Some(text());
            for field in [
                &mut line.subject,
                &mut line.member,
                &mut line.pointer,
                &mut line.seen,
                &mut line.wanted,
                &mut line.sha256,
            ] {
                *field = text();
            }
        }
    }
    hostile
}

/// 300 nodes and 44 rules with as much evidence as such a cluster gives, made of what the program says of three.
pub(crate) fn large() -> Assessment {
    let rules = (0..44_usize)
        .map(|index| {
            let status = labels::STATUSES[index % 4];
            let mut rule = rule(&format!("V-{}", 260_903 + index), Severity::Medium, status);
            rule.reason = (status == Status::NotReviewed).then(|| Reason {
                code: ReasonCode::NeedsPerson,
                text: format!("A person must compare what rule {index} asks with the site's plan."),
            });
            rule.evidence = (0..300)
                .map(|node| {
                    let mut line = line(EvidenceStatus::Passes, "containers of this member", "private", 40);
                    line.node = Some(format!("wrk-{node:03}"));
                    line.member = format!("snapshot.tar.zst!nodes/wrk-{node:03}/docker/containers.json");
                    line
                })
                .collect();
            rule
        })
        .collect();
    let mut large = assessment(rules);
    large.snapshot.nodes = (0..300).map(|index| node(&format!("wrk-{index:03}"))).collect();
    large
}

/// The small assessment with these rules in place of its own, and its counts made from them.
pub(crate) fn assessment(rules: Vec<RuleResult>) -> Assessment {
    let mut assessment = small();
    assessment.rules = rules;
    count(&mut assessment);
    assessment
}

/// Makes the counts of an assessment those of its rules.
pub(crate) fn count(assessment: &mut Assessment) {
    let (mut by_status, mut by_cat) = (BTreeMap::new(), BTreeMap::new());
    for rule in &assessment.rules {
        let key = labels::status_key(rule.status);
        *by_status.entry(key.to_owned()).or_default() += 1;
        let of_cat: &mut BTreeMap<String, u64> = by_cat.entry(rule.cat).or_default();
        *of_cat.entry(key.to_owned()).or_default() += 1;
    }
    (assessment.summary.by_status, assessment.summary.by_cat) = (by_status, by_cat);
}

/// A worker of the small assessment under another name.
pub(crate) fn node(name: &str) -> Node {
    let mut node = SMALL.snapshot.nodes[1].clone();
    name.clone_into(&mut node.name);
    node
}

/// A rule of the small assessment that the snapshot alone decides, with another id and status and without evidence.
pub(crate) fn rule(id: &str, severity: Severity, status: Status) -> RuleResult {
    let mut rule = SMALL.rules[PASSES].clone();
    assert_eq!(rule.decided_by, DecidedBy::Evidence);
    id.clone_into(&mut rule.id);
    rule.rule_id = format!("SV-{}r966147_rule", &id[2..]);
    (rule.severity, rule.cat, rule.status) = (severity, severity.cat(), status);
    (rule.checked, rule.failed) = (0, 0);
    rule.evidence.clear();
    rule
}

/// A line of evidence of the small assessment that says something else.
pub(crate) fn line(status: EvidenceStatus, subject: &str, seen: &str, count: u64) -> Evidence {
    let mut line = SMALL.rules[OPEN].evidence[0].clone();
    subject.clone_into(&mut line.subject);
    seen.clone_into(&mut line.seen);
    (line.status, line.class, line.count) = (status, None, count);
    line
}

#[test]
fn the_small_assessment_has_what_reports_can_show() {
    let small = small();
    let statuses: Vec<Status> = small.rules.iter().map(|rule| rule.status).collect();
    assert_eq!(
        statuses,
        [
            Status::NotReviewed,
            Status::NotAFinding,
            Status::Open,
            Status::NotApplicable,
            Status::NotAFinding,
            Status::NotReviewed,
            Status::NotAFinding,
        ]
    );
    let open = &small.rules[OPEN];
    let lines: Vec<EvidenceStatus> = open.evidence.iter().map(|line| line.status).collect();
    for wanted in [EvidenceStatus::Fails, EvidenceStatus::Excepted, EvidenceStatus::Noted, EvidenceStatus::Passes] {
        assert!(lines.contains(&wanted), "{wanted:?}");
    }
    assert!(open.severity_override.is_some() && open.risk_acceptance.is_some());
    assert!(!open.gaps.is_empty() && open.evidence_omitted > 0 && open.classes.len() == 2);
    let by = |wanted: DecidedBy| small.rules.iter().any(|rule| rule.decided_by == wanted);
    assert!(by(DecidedBy::Evidence) && by(DecidedBy::Ssp) && by(DecidedBy::Answer));
    assert_eq!((small.snapshot.integrity.problems.len(), small.snapshot.warnings.len()), (1, 2));
}
