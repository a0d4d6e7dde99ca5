//! Assessments made by hand.

use std::collections::BTreeMap;

use mke_stig::model::assessment::{
    Assessment, Asset, Benchmark, ClassCount, Coverage, DecidedBy, Evidence, EvidenceStatus, Input, Integrity,
    IntegrityStatus, Node, OrchestratorUse, PackId, Reason, ReasonCode, RuleResult, SCHEMA, Snapshot, Status, Summary,
    Tool,
};
use mke_stig::model::severity::{Cat, Severity};

/// Text that tries every way out of a report.
pub(crate) const HOSTILE: &str = "<script>alert(1)</script><img src=x onerror=y> \"'>&amp; `code` | **b** [l](https://evil.test) \u{1b}[31m\u{202e}\u{2066}\0\u{2028}{{ 7*7 }}{% raw %}\n# heading\n</style>";

/// Three nodes, four rules, one of each status.
pub(crate) fn small() -> Assessment {
    let mut open = rule("V-260913", Severity::High, Status::Open);
    "Pods and containers stay out of the host's namespaces".clone_into(&mut open.title);
    (open.checked, open.failed) = (41, 2);
    "The manager mgr-1 delivered no containers; what it runs is not counted.".clone_into(&mut open.comment);
    "The command in the guide filters on MKE's own label.\nIt would show only MKE's containers, so users' containers decide.".clone_into(&mut open.reading);
    open.classes = BTreeMap::from([
        ("mke".to_owned(), ClassCount { checked: 12, failed: 1 }),
        ("user".to_owned(), ClassCount { checked: 29, failed: 2 }),
    ]);
    open.evidence = vec![
        line(EvidenceStatus::Fails, "/legacy-priv (shop/legacy:1)", "host", 1),
        line(EvidenceStatus::Noted, "/ucp-agent (mirantis/ucp-agent:3.7.1)", "host", 1),
        line(EvidenceStatus::Passes, "containers of this member", "private, \"\"", 27),
    ];
    open.evidence[1].class = Some("mke".to_owned());
    open.evidence_omitted = 3;

    let mut unknown = rule("V-260903", Severity::Medium, Status::NotReviewed);
    "Sessions end after ten idle minutes".clone_into(&mut unknown.title);
    unknown.reason = Some(Reason {
        code: ReasonCode::Missing,
        text: "The snapshot holds no MKE configuration. Collect it with mke-collect.sh cluster, as an MKE admin."
            .to_owned(),
    });

    let mut passes = rule("V-260908", Severity::Medium, Status::NotAFinding);
    "FIPS mode is on at every node".clone_into(&mut passes.title);
    passes.checked = 3;
    passes.evidence = vec![line(EvidenceStatus::Passes, "wrk-1", "true", 1)];
    "line 3".clone_into(&mut passes.evidence[0].pointer);

    let mut exempt = rule("V-260928", Severity::Low, Status::NotApplicable);
    "MSR scans images".clone_into(&mut exempt.title);
    exempt.evidence = vec![line(EvidenceStatus::Exempts, "no MSR", "no msr.settings", 1)];
    exempt.evidence[0].node = None;
    exempt.evidence[0].pointer.clear();

    assessment(vec![unknown, passes, open, exempt])
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
        if let Some(reason) = &mut rule.reason {
            reason.text = text();
        }
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

/// 300 nodes and 44 rules with as much evidence as such a cluster gives.
pub(crate) fn large() -> Assessment {
    let statuses = [Status::Open, Status::NotReviewed, Status::NotAFinding, Status::NotApplicable];
    let rules = (0..44_u64)
        .map(|index| {
            let status = statuses[usize::try_from(index % 4).unwrap()];
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
    large.snapshot.nodes = (0..300)
        .map(|index| {
            node(
                &format!("wrk-{index:03}"),
                "worker",
                &[("docker.info", "read"), ("docker.container", "read"), ("host.os_release", "forbidden")],
            )
        })
        .collect();
    large
}

/// An assessment of these rules, its counts made from them.
pub(crate) fn assessment(rules: Vec<RuleResult>) -> Assessment {
    let mut by_status: BTreeMap<String, u64> = BTreeMap::new();
    let mut by_cat: BTreeMap<Cat, BTreeMap<String, u64>> = BTreeMap::new();
    for rule in &rules {
        let key = serde_json::to_value(rule.status).unwrap();
        let key = key.as_str().unwrap().to_owned();
        *by_status.entry(key.clone()).or_default() += 1;
        *by_cat.entry(rule.cat).or_default().entry(key).or_default() += 1;
    }
    Assessment {
        schema: SCHEMA.to_owned(),
        tool: Tool {
            reading: "intended".into(),
            name: "mke-stig".to_owned(),
            version: "0.1.0".to_owned(),
            pack: PackId {
                id: "mke-stig-v2r1".to_owned(),
                version: "1".to_owned(),
                title: "Mirantis Kubernetes Engine Security Technical Implementation Guide, V2R1".to_owned(),
                sha256: "ab".repeat(32),
            },
            extra_packs: Vec::new(),
        },
        marking: None,
        benchmark: Benchmark {
            id: "Mirantis_Kubernetes_Engine_STIG".to_owned(),
            title: "Mirantis Kubernetes Engine Security Technical Implementation Guide".to_owned(),
            version: "2".to_owned(),
            release: "1".to_owned(),
            date: "2024-07-24".to_owned(),
            classification: "UNCLASSIFIED".to_owned(),
            ..Benchmark::default()
        },
        asset: Asset {
            name: "k7m2q9".to_owned(),
            fqdn: Some("mke.example.test".to_owned()),
            ips: vec!["10.20.0.11".to_owned()],
            macs: vec!["02:42:0a:14:00:0b".to_owned()],
        },
        snapshot: Snapshot {
            inputs: vec![Input {
                name: "snapshot.tar.zst".to_owned(),
                sha256: "cd".repeat(32),
                bytes: 1_234_567,
                holds: vec!["snapshot".to_owned()],
                taken_at: None,
            }],
            collected_at: Some("2026-11-20T08:00:00Z".to_owned()),
            cluster_id: Some("k7m2q9".to_owned()),
            mke_version: Some("3.7.1".to_owned()),
            orchestrators: vec![
                OrchestratorUse {
                    name: "swarm".to_owned(),
                    in_use: Some(true),
                    because: "docker info of mgr-1 names 4 services".to_owned(),
                },
                OrchestratorUse {
                    name: "kubernetes".to_owned(),
                    in_use: None,
                    because: "no list of pods is in the snapshot".to_owned(),
                },
            ],
            nodes: vec![
                node("mgr-1", "manager", &[("docker.info", "read"), ("docker.container", "forbidden")]),
                node("wrk-1", "worker", &[("docker.info", "read"), ("docker.container", "read")]),
                node(
                    "wrk-2",
                    "worker",
                    &[("docker.info", "read"), ("docker.container", "read"), ("host.os_release", "missing")],
                ),
            ],
            integrity: Integrity {
                status: IntegrityStatus::Broken,
                verified: 41,
                problems: vec!["nodes/wrk-2/host/os-release has an entry in the manifest and no member.".to_owned()],
            },
            warnings: vec!["notes.docx was not recognised and not read.".to_owned()],
        },
        summary: Summary { by_status, by_cat, coverage: Coverage { nodes: 3, complete: 1 } },
        rules,
    }
}

pub(crate) fn node(name: &str, role: &str, kinds: &[(&str, &str)]) -> Node {
    Node {
        name: name.to_owned(),
        role: Some(role.to_owned()),
        os: Some("Ubuntu 22.04.4 LTS".to_owned()),
        addresses: vec!["10.20.0.12".to_owned()],
        macs: Vec::new(),
        fqdn: None,
        kinds: kinds.iter().map(|(kind, state)| ((*kind).to_owned(), (*state).to_owned())).collect(),
    }
}

pub(crate) fn rule(id: &str, severity: Severity, status: Status) -> RuleResult {
    RuleResult {
        id: id.to_owned(),
        stig_id: "CNTR-MK-000680".to_owned(),
        rule_id: format!("SV-{}r966147_rule", &id[2..]),
        srg: "SRG-APP-000148-CTR-000345".to_owned(),
        severity,
        cat: severity.cat(),
        title: "A rule".to_owned(),
        ccis: vec!["CCI-000764".to_owned()],
        controls: vec!["IA-2".to_owned()],
        why: "A container that shares the host's namespaces sees, and can end, what else runs there.".to_owned(),
        how: "Each container of each node is looked at:\n- HostConfig.PidMode\n- HostConfig.NetworkMode".to_owned(),
        fix: "Start the container without --pid=host.".to_owned(),
        reading: String::new(),
        official: None,
        status,
        reason: None,
        gaps: Vec::new(),
        severity_override: None,
        risk_acceptance: None,
        decided_by: DecidedBy::Evidence,
        checked: 0,
        failed: 0,
        classes: BTreeMap::new(),
        evidence: Vec::new(),
        evidence_omitted: 0,
        evidence_digest: "12".repeat(32),
        comment: String::new(),
        answers: Vec::new(),
    }
}

pub(crate) fn line(status: EvidenceStatus, subject: &str, seen: &str, count: u64) -> Evidence {
    Evidence {
        status,
        node: Some("wrk-1".to_owned()),
        subject: subject.to_owned(),
        class: None,
        member: "snapshot.tar.zst!nodes/wrk-1/docker/containers.json".to_owned(),
        pointer: "/12/HostConfig/PidMode".to_owned(),
        seen: seen.to_owned(),
        wanted: "not host".to_owned(),
        sha256: "ef".repeat(32),
        count,
    }
}
