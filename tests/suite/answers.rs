//! Answers fill what is Not Reviewed, lapse, and never close a finding.

use mke_stig::answers::{Answers, draft, review};
use mke_stig::assess::{Options, assess};
use mke_stig::facts::Source;
use mke_stig::model::assessment::{AnswerEffect, Assessment, DecidedBy, DecisionRole, ReasonCode, RuleResult, Status};
use mke_stig::model::labels;
use mke_stig::model::severity::Severity;
use mke_stig::rules::Pack;
use mke_stig::yaml::Problem;

/// Two nodes with a docker group to be compared, a storage class to be tried out, and sessions that are too long.
fn assessed(answers: &str, collected: &str) -> Assessment {
    assessed_with(answers, collected, 60)
}

/// The same with sessions of some minutes.
fn assessed_with(answers: &str, collected: &str, minutes: u8) -> Assessment {
    let node = |name: &str| {
        format!(
            r#"{{"ID":"{name}","Spec":{{"Role":"worker","Labels":{{"com.docker.ucp.orchestrator.kubernetes":"true"}}}},"Description":{{"Hostname":"{name}","Platform":{{"OS":"linux"}}}}}}"#
        )
    };
    let mut files = vec![
        ("cluster/docker/nodes.json".to_owned(), format!("[{},{}]", node("w1"), node("w2"))),
        (
            "cluster/mke/config.toml".to_owned(),
            format!(
                "[auth]\nbackend = \"ldap\"\n[auth.sessions]\nlifetime_minutes = {minutes}\nrenewal_threshold_minutes = 0\n[scheduling_configuration]\ndefault_node_orchestrator = \"swarm\"\n[tracking_configuration]\ncluster_label = \"\"\n[cluster_config]\ncontroller_port = 443\n"
            ),
        ),
        (
            "cluster/kubectl/storageclasses.json".to_owned(),
            r#"{"kind":"List","items":[{"kind":"StorageClass","metadata":{"name":"disk"},"provisioner":"x"}]}"#
                .to_owned(),
        ),
    ];
    for name in ["w1", "w2"] {
        let info = format!(r#"{{"Name":"{name}","OSType":"linux","SystemTime":"{collected}"}}"#);
        files.push((format!("nodes/{name}/docker/info.json"), info));
        files.push((
            format!("nodes/{name}/host/docker-socket.txt"),
            "root:docker 660 /var/run/docker.sock\n".to_owned(),
        ));
        files.push((format!("nodes/{name}/host/docker-group.txt"), "docker:x:983:svc\n".to_owned()));
    }
    let files = files.into_iter().map(|(path, text)| (path, text.into_bytes())).collect();
    let options = Options { answers: Answers::parse("answers.yaml", answers).unwrap(), ..Options::default() };
    assess(&[Source::Files { name: "s".to_owned(), files }], &[Pack::embedded()], &options).unwrap()
}

const DAY: &str = "2026-11-18T08:15:00Z";

fn rule<'a>(assessment: &'a Assessment, id: &str) -> &'a RuleResult {
    assessment.rules.iter().find(|rule| rule.id == id).unwrap()
}

/// An answer with the digest of the evidence as it is.
fn answer(id: &str, more: &str) -> String {
    let digest = rule(&assessed("answers: []\n", DAY), id).evidence_digest.clone();
    format!(
        "answers:\n  - rule: {id}\n    comment: Looked at it.\n    reviewer: R. Chen\n    date: 2026-11-19\n    \
         expires: 2027-11-19\n    evidence_digest: {digest}\n    {more}\n"
    )
}

#[test]
fn an_answer_fills_what_is_not_reviewed_and_keeps_the_evidence() {
    let before = assessed("answers: []\n", DAY);
    let after = assessed(&answer("V-260932", "status: not_a_finding"), DAY);
    let (before, after) = (rule(&before, "V-260932"), rule(&after, "V-260932"));
    assert_eq!((before.status, after.status), (Status::NotReviewed, Status::NotAFinding));
    assert_eq!((after.decided_by, &after.reason), (DecidedBy::Answer, &None));
    assert_eq!((&after.evidence, &after.evidence_digest), (&before.evidence, &before.evidence_digest));
    assert!(after.comment.contains("R. Chen on 2026-11-19"), "{}", after.comment);
}

#[test]
fn an_answer_never_closes_a_finding() {
    let after = assessed(&answer("V-260903", "status: not_a_finding"), DAY);
    let result = rule(&after, "V-260903");
    assert_eq!((result.status, result.decided_by), (Status::Open, DecidedBy::Evidence));
    assert!(result.comment.contains("stays open"), "{}", result.comment);
    assert!(after.snapshot.warnings.iter().any(|warning| warning.starts_with("answers.yaml:2:5: V-260903 is open")));
    let accepted = answer("V-260903", "status: open\n    risk_acceptance: The site's shifts need it.");
    let after = assessed(&accepted, DAY);
    assert_eq!(rule(&after, "V-260903").status, Status::Open);
    assert!(rule(&after, "V-260903").comment.contains("The risk is accepted: The site's shifts need it."));
}

#[test]
fn another_severity_and_an_accepted_risk_stand_beside_a_finding() {
    let given = "status: open\n    risk_acceptance: Shifts need it.\n    severity: low\n    justification: In a lab.";
    let after = assessed(&answer("V-260903", given), DAY);
    let result = rule(&after, "V-260903");
    let severity = result.severity_override.as_ref().unwrap();
    assert_eq!((result.severity, severity.severity), (Severity::Medium, Severity::Low));
    assert_eq!((severity.justification.as_str(), severity.reviewer.starts_with("R. Chen")), ("In a lab.", true));
    assert!(result.risk_acceptance.as_ref().unwrap().starts_with("Shifts need it. (R. Chen"));
    let lapsed = assessed(&answer("V-260903", given), "2027-11-20T00:00:00Z");
    let result = rule(&lapsed, "V-260903");
    assert_eq!((result.status, &result.severity_override, &result.risk_acceptance), (Status::Open, &None, &None));
    // It speaks of one node, so it does not speak for the rule.
    let one = assessed(&answer("V-260903", &format!("{given}\n    node: mgr-1")), DAY);
    assert_eq!(rule(&one, "V-260903").severity_override, None);
}

#[test]
fn an_answer_lapses_when_it_expires_and_when_the_evidence_changes() {
    let code = |assessment: &Assessment| {
        let result = rule(assessment, "V-260932");
        assert_eq!(result.status, Status::NotReviewed);
        result.reason.as_ref().unwrap().code
    };
    let good = answer("V-260932", "status: not_a_finding");
    assert_eq!(code(&assessed(&good, "2027-11-20T00:00:00Z")), ReasonCode::AnswerExpired);
    let digest = rule(&assessed(&good, DAY), "V-260932").evidence_digest.clone();
    for (other, reason, problem) in [
        (format!("v3:{}", "0".repeat(64)), "given for other evidence", "has changed"),
        // The form of the first version, in which no digest is equal to one of this.
        (digest.trim_start_matches("v3:").to_owned(), "of an earlier version", "of an earlier version"),
    ] {
        let other = good.replace(&digest, &other);
        let after = assessed(&other, DAY);
        assert_eq!(code(&after), ReasonCode::EvidenceChanged);
        assert!(rule(&after, "V-260932").reason.as_ref().unwrap().text.contains(reason));
        let told = review(&Answers::parse("a", &other).unwrap(), &after);
        assert!(told[0].message.contains(problem), "{}", told[0].message);
    }
    for wrong in ["v4:", "v3:0", "x"] {
        let problems = Answers::parse("a.yaml", &good.replace("v3:", wrong)).unwrap_err();
        assert!(problems[0].message.contains("not a digest of evidence"), "{wrong}");
    }
}

#[test]
fn answers_to_single_nodes_decide_when_they_cover_all() {
    let one = answer("V-260906", "status: not_a_finding\n    node: w1");
    assert_eq!(rule(&assessed(&one, DAY), "V-260906").status, Status::NotReviewed);
    let second = answer("V-260906", "status: not_a_finding\n    node: w2").replace("answers:\n", "");
    assert_eq!(rule(&assessed(&format!("{one}{second}"), DAY), "V-260906").status, Status::NotAFinding);
    let open = second.replace("status: not_a_finding", "status: open");
    assert_eq!(rule(&assessed(&format!("{one}{open}"), DAY), "V-260906").status, Status::Open);
    let elsewhere = answer("V-260906", "status: not_a_finding\n    node: w9");
    let after = assessed(&elsewhere, DAY);
    assert_eq!(rule(&after, "V-260906").status, Status::NotReviewed);
    assert!(after.snapshot.warnings.iter().any(|warning| warning.contains("there is no node w9")));
}

#[test]
fn what_matches_nothing_is_told_with_its_place() {
    let unknown = answer("V-260932", "status: not_a_finding").replace("V-260932", "V-260999");
    let after = assessed(&unknown, DAY);
    assert!(
        after.snapshot.warnings.iter().any(|warning| warning.starts_with("answers.yaml:2:5: no rule V-260999")),
        "{:?}",
        after.snapshot.warnings
    );
}

#[test]
fn a_draft_is_read_again_and_decides_nothing() {
    let before = assessed("answers: []\n", DAY);
    let text = draft(&before);
    let read = Answers::parse("draft", &text).unwrap();
    let left = before.rules.iter().filter(|rule| rule.status == Status::NotReviewed).count();
    assert_eq!(read.answers.len(), left);
    let after = assessed(&text, DAY);
    assert_eq!(after.rules, before.rules);
    assert!(review(&read, &after).iter().all(|problem| problem.message.contains("not answered yet")));
}

#[test]
fn every_mistake_has_its_place() {
    let problems = Answers::parse(
        "a.yaml",
        "answers:\n  - rule: V-260932\n    status: fine\n    expires: soon\n    colour: red\n  - rule: V-260933\n    status: not_a_finding\n",
    )
    .unwrap_err();
    let lines: Vec<String> = problems.iter().map(Problem::line).collect();
    for part in [
        "a.yaml:3:13: `fine`",
        "a.yaml:4:14: `soon`",
        "a.yaml:5:5: unknown key `colour`",
        "needs `evidence_digest`",
        "needs `reviewer`",
    ] {
        assert!(lines.iter().any(|line| line.contains(part)), "{part}: {lines:?}");
    }
}

/// Where this fails after a rule was changed: `mke-stig answers draft testdata/sample --ssp testdata/ssp.yaml`
/// writes the digests as they are now.
#[test]
fn with_its_ssp_and_its_answers_nothing_of_the_sample_is_left() {
    let path = |name: &str| std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata").join(name);
    let text = |name: &str| std::fs::read_to_string(path(name)).unwrap();
    let answers = Answers::parse("answers.yaml", &text("answers.yaml")).unwrap();
    let ssp = mke_stig::ssp::Ssp::parse("ssp.yaml", &text("ssp.yaml")).unwrap();
    let options = Options { ssp, answers: answers.clone(), ..Options::default() };
    let assessment = assess(&[Source::Path(path("sample"))], &[Pack::embedded()], &options).unwrap();
    let amiss: Vec<String> = review(&answers, &assessment).iter().map(Problem::line).collect();
    assert_eq!(amiss, [""; 0]);
    let left: Vec<&str> = assessment
        .rules
        .iter()
        .filter(|rule| rule.status == Status::NotReviewed)
        .map(|rule| rule.id.as_str())
        .collect();
    assert_eq!(left, [""; 0]);
}

/// A status as the table of the sample writes it.
fn cell(result: &RuleResult) -> String {
    let status = match result.status {
        Status::Open => "Open",
        Status::NotReviewed => "Not Reviewed",
        Status::NotAFinding => "Not a Finding",
        Status::NotApplicable => "Not Applicable",
    };
    let reason = result.reason.as_ref().map(|reason| format!(", `{}`", labels::reason_key(reason.code)));
    format!("{status}{}", reason.unwrap_or_default())
}

#[test]
fn the_table_of_the_sample_says_what_comes_out_of_it() {
    let path = |name: &str| std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata").join(name);
    let text = |name: &str| std::fs::read_to_string(path(name)).unwrap();
    let ssp = mke_stig::ssp::Ssp::parse("ssp.yaml", &text("ssp.yaml")).unwrap();
    let answers = Answers::parse("answers.yaml", &text("answers.yaml")).unwrap();
    let plain = Options::default();
    let with = Options { ssp, ..Options::default() };
    let both = Options { answers, ..with.clone() };
    let pack = [Pack::embedded()];
    let [plain, with, both] =
        [plain, with, both].map(|options| assess(&[Source::Path(path("sample"))], &pack, &options).unwrap());
    let table = text("README.md");
    for ((plain, with), both) in plain.rules.iter().zip(&with.rules).zip(&both.rules) {
        let row = format!("| {} | {} | {} | {} | ", plain.id, cell(plain), cell(with), cell(both));
        assert!(table.lines().any(|line| line.starts_with(&row)), "testdata/README.md lacks {row}");
    }
}

#[test]
fn a_finding_of_a_person_stands_against_evidence_that_shows_none() {
    const RULE: &str = "V-260903";
    let before = assessed_with("answers: []\n", DAY, 10);
    let before = rule(&before, RULE);
    assert_eq!(before.status, Status::NotAFinding, "{:?}", before.reason);
    let text = format!(
        "answers:\n  - rule: {RULE}\n    status: open\n    comment: Looked at it.\n    reviewer: R. Chen\n    \
         date: 2026-11-01\n    expires: 2026-11-19\n"
    );
    let after = assessed_with(&text, DAY, 10);
    let result = rule(&after, RULE);
    assert_eq!((result.status, result.decided_by), (Status::Open, DecidedBy::Answer));
    assert_eq!(result.evidence, before.evidence, "the evidence stays beside it");
    assert!(result.comment.contains("Looked at it.") && result.comment.contains("The evidence alone shows no finding"));
    assert_eq!(result.answers[0].effect, Some(AnswerEffect::Decides));
    // Once it has lapsed the evidence decides again.
    let late = assessed_with(&text, "2026-11-20T08:15:00Z", 10);
    let result = rule(&late, RULE);
    assert_eq!((result.status, result.answers[0].effect), (Status::NotAFinding, Some(AnswerEffect::Lapsed)));
}

#[test]
fn the_file_of_answers_stands_in_the_assessment() {
    let text = format!("{}  - rule: V-260903\n    status: undecided\n", answer("V-260932", "status: not_a_finding"));
    let assessment = assessed(&text, DAY);
    let [file] = assessment.decisions.as_slice() else { panic!("{:?}", assessment.decisions) };
    assert_eq!((file.role, file.name.as_str(), file.cluster.as_deref()), (DecisionRole::Answers, "answers.yaml", None));
    assert_eq!(file.sha256, mke_stig::model::digest::Digest::of(text.as_bytes()).to_string());
    assert_eq!((file.entries, file.used, file.unused), (2, 1, 1));
    assert_eq!(rule(&assessment, "V-260932").answers[0].effect, Some(AnswerEffect::Decides));
}

#[test]
fn no_answer_holds_for_more_than_three_years() {
    let text = answer("V-260932", "status: not_a_finding");
    assert!(Answers::parse("answers.yaml", &text.replace("2027-11-19", "2029-11-19")).is_ok());
    let problems = Answers::parse("answers.yaml", &text.replace("2027-11-19", "2029-11-20")).unwrap_err();
    assert!(problems.iter().any(|problem| problem.line().contains("more than 3 years")), "{problems:?}");
}
