//! Inputs of one cluster, and what people decided about it: neither is mixed with those of another.

use mke_stig::answers::Answers;
use mke_stig::assess::{AssessError, Options, assess};
use mke_stig::facts::Source;
use mke_stig::model::assessment::Assessment;
use mke_stig::model::digest::Digest;
use mke_stig::rules::Pack;
use mke_stig::ssp::Ssp;

/// An engine's own output, of a manager or, without an id of a swarm, of a worker.
fn engine(name: &str, swarm: Option<&str>) -> (String, Vec<u8>) {
    let cluster = swarm.map(|id| format!(r#","Cluster":{{"ID":"{id}"}}"#)).unwrap_or_default();
    let info = format!(
        r#"{{"ID":"{name}-engine","Containers":0,"Driver":"overlay2","Name":"{name}","ServerVersion":"23.0.9","OperatingSystem":"Ubuntu","OSType":"linux","Swarm":{{"NodeID":"{name}-node","Nodes":1{cluster}}}}}"#
    );
    (format!("nodes/{name}/docker/info.json"), info.into_bytes())
}

/// A snapshot of these members, whose manifest states the id of the cluster.
fn snapshot(name: &str, cluster: &str, members: Vec<(String, Vec<u8>)>) -> Source {
    let mut lines = vec![format!(
        r#"{{"record":"header","format":1,"collector":"c","cluster_id":"{cluster}","started":"2026-11-20T08:00:00Z","mode":"all"}}"#
    )];
    lines.extend(members.iter().map(|(path, content)| {
        let digest = Digest::of(content);
        let bytes = content.len();
        format!(r#"{{"record":"item","path":"{path}","status":"collected","bytes":{bytes},"sha256":"{digest}"}}"#)
    }));
    lines.push(format!(r#"{{"record":"footer","items":{},"complete":true}}"#, members.len()));
    let manifest = ("manifest.jsonl".to_owned(), (lines.join("\n") + "\n").into_bytes());
    Source::Files { name: name.to_owned(), files: members.into_iter().chain([manifest]).collect() }
}

fn input(name: &str, files: Vec<(String, Vec<u8>)>) -> Source {
    Source::Files { name: name.to_owned(), files }
}

fn assessed(inputs: &[Source], ssp: &str, answers: &str) -> Result<Assessment, AssessError> {
    let options = Options {
        ssp: Ssp::parse("ssp.yaml", ssp).unwrap(),
        answers: Answers::parse("answers.yaml", answers).unwrap(),
        ..Options::default()
    };
    assess(inputs, &[Pack::embedded()], &options)
}

const NO_SSP: &str = "{}";
const NO_ANSWERS: &str = "answers: []\n";

#[test]
fn engines_of_two_swarms_are_not_assessed_together() {
    let two = [input("a", vec![engine("m1", Some("aaa"))]), input("b", vec![engine("m2", Some("bbb"))])];
    let error = assessed(&two, NO_SSP, NO_ANSWERS).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the inputs are of several clusters, aaa and bbb; assess each cluster by itself, for lists of one say nothing of another"
    );
}

#[test]
fn snapshots_of_two_instances_are_not_assessed_together() {
    let snapshot = |name: &str, id: &str| snapshot(name, id, vec![engine(name, None)]);
    assert!(matches!(
        assessed(&[snapshot("m1", "INST-1"), snapshot("m2", "INST-2")], NO_SSP, NO_ANSWERS),
        Err(AssessError::SeveralClusters { ids }) if ids == ["INST-1", "INST-2"]
    ));
}

#[test]
fn an_id_of_the_instance_and_one_of_the_swarm_are_one_cluster() {
    let of_manager = snapshot("a", "INST-1", vec![engine("m1", Some("aaa"))]);
    let of_worker = snapshot("b", "aaa", vec![engine("w1", None)]);
    let assessment = assessed(&[of_manager, of_worker], NO_SSP, NO_ANSWERS).unwrap();
    assert!(assessment.snapshot.warnings.iter().any(|warning| warning.contains("if these are of two clusters")));
}

#[test]
fn what_was_decided_about_another_cluster_is_refused_at_its_place() {
    let inputs = || [snapshot("a", "INST-1", vec![engine("m1", Some("aaa"))])];
    let told =
        assessed(&inputs(), "system: S\ncluster: other\n", "cluster: third\nanswers: []\n").unwrap_err().to_string();
    let lines: Vec<&str> = told.lines().collect();
    assert!(lines[0].starts_with("ssp.yaml:2:"), "{told}");
    assert!(lines[0].contains("this is about cluster other, and the inputs are of INST-1 and aaa"), "{told}");
    assert!(lines[1].starts_with("answers.yaml:1:") && lines[1].contains("cluster third"), "{told}");
    for id in ["INST-1", "aaa"] {
        assert!(assessed(&inputs(), &format!("cluster: {id}\n"), &format!("cluster: {id}\nanswers: []\n")).is_ok());
    }
}

#[test]
fn what_ties_an_ssp_to_no_cluster_is_a_warning() {
    let warned = |inputs: &[Source], ssp: &str| {
        let assessment = assessed(inputs, ssp, NO_ANSWERS).unwrap();
        assessment.snapshot.warnings.into_iter().find(|warning| warning.contains("cluster"))
    };
    let known = [snapshot("a", "INST-1", vec![engine("m1", None)])];
    let unknown = [input("a", vec![engine("m1", None)])];
    let ssp = "ports: []\n";
    assert!(warned(&known, ssp).unwrap().contains("write `cluster: INST-1` into it"));
    assert!(
        warned(&unknown, &format!("cluster: x\n{ssp}")).unwrap().contains("do not say whether they are of cluster x")
    );
    assert_eq!(warned(&known, &format!("cluster: INST-1\n{ssp}")), None);
    assert_eq!(warned(&known, NO_SSP), None, "without an SSP there is nothing to tie");
}

#[test]
fn drafts_name_the_cluster() {
    let inputs = [snapshot("a", "INST-1", vec![engine("m1", None)])];
    let answers = mke_stig::answers::draft(&assessed(&inputs, NO_SSP, NO_ANSWERS).unwrap());
    assert_eq!(Answers::parse("a", &answers).unwrap().clusters[0].id, "INST-1");
    let ssp = mke_stig::assess::draft_ssp(&inputs, &[Pack::embedded()], &Options::default()).unwrap();
    assert_eq!(Ssp::parse("s", &ssp).unwrap().cluster.unwrap().id, "INST-1");
}

#[test]
fn what_a_bundle_says_of_its_cluster_counts_too() {
    let bundle = r#"{"ID":"bbb","Containers":0,"Driver":"overlay2","Name":"mke","ServerVersion":"ucp/3.7.7","Swarm":{"NodeID":"n","Cluster":{"ID":"bbb"}}}"#;
    let files = vec![("cluster/docker/info.json".to_owned(), bundle.as_bytes().to_vec())];
    let error =
        assessed(&[input("a", vec![engine("m1", Some("aaa"))]), input("b", files)], NO_SSP, NO_ANSWERS).unwrap_err();
    assert!(matches!(error, AssessError::SeveralClusters { ids } if ids == ["aaa", "bbb"]));
}
