//! Answers out of checklists and answer files: what is carried, what is not, and that nothing of it
//! decides before a person has completed it.

use std::fs;
use std::path::{Path, PathBuf};

use crate::common::{packs, rule, run, sample_folder};
use mke_stig::answers::{AnswerStatus, Answers, Imported, import};
use mke_stig::assess::{Options, assess};
use mke_stig::facts::Source;
use mke_stig::model::assessment::{Assessment, DecidedBy, Status};
use mke_stig::model::severity::Severity;
use proptest::prelude::*;

/// One review as a checklist holds it.
struct Review<'a> {
    id: &'a str,
    rule_id: &'a str,
    status: &'a str,
    details: String,
    comments: String,
    severity: &'a str,
}

fn review<'a>(id: &'a str, rule_id: &'a str, status: &'a str, details: &str) -> Review<'a> {
    Review { id, rule_id, status, details: details.to_owned(), comments: String::new(), severity: "" }
}

fn ckl(reviews: &[Review<'_>]) -> String {
    let mut text = "\u{feff}<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<!--DISA STIG Viewer :: 2.17-->\r\n<CHECKLIST>\r\n<ASSET>\
        <HOST_NAME>mke-1</HOST_NAME></ASSET>\r\n<STIGS><iSTIG><STIG_INFO><SI_DATA><SID_NAME>customname</SID_NAME></SI_DATA>\
        <SI_DATA><SID_NAME>stigid</SID_NAME><SID_DATA>X</SID_DATA></SI_DATA></STIG_INFO>\r\n"
        .to_owned();
    for Review { id, rule_id, status, details, comments, severity } in reviews {
        let data = |name: &str, value: &str| {
            format!(
                "<STIG_DATA><VULN_ATTRIBUTE>{name}</VULN_ATTRIBUTE><ATTRIBUTE_DATA>{value}</ATTRIBUTE_DATA></STIG_DATA>"
            )
        };
        let escaped = crate::common::benchmark::escaped;
        text.push_str(&format!(
            "<VULN><!-- x -->{}{}<STATUS>{status}</STATUS><FINDING_DETAILS>{}</FINDING_DETAILS><COMMENTS>{}</COMMENTS>\
             <SEVERITY_OVERRIDE>{severity}</SEVERITY_OVERRIDE><SEVERITY_JUSTIFICATION>Because.</SEVERITY_JUSTIFICATION></VULN>\r\n",
            data("Vuln_Num", id),
            data("Rule_ID", rule_id),
            escaped(details),
            escaped(comments),
        ));
    }
    text + "</iSTIG></STIGS></CHECKLIST>\r\n"
}

fn cklb(reviews: &[Review<'_>]) -> String {
    let rules: Vec<serde_json::Value> = reviews
        .iter()
        .map(|review| {
            let overrides = if review.severity.is_empty() {
                serde_json::json!({})
            } else {
                serde_json::json!({"severity": {"severity": review.severity, "reason": "Because."}})
            };
            serde_json::json!({
                "group_id": review.id, "rule_id_src": review.rule_id, "rule_id": review.rule_id.trim_end_matches("_rule"),
                "status": review.status, "finding_details": review.details, "comments": review.comments,
                "overrides": overrides, "third_party_tools": null, "new_key": [1],
            })
        })
        .collect();
    let whole = serde_json::json!({
        "title": "t", "id": "x", "target_data": {"host_name": "mke-1", "fqdn": null},
        "stigs": [{"stig_id": "X", "version": "2", "rules": rules}], "cklb_version": "1.0",
    });
    serde_json::to_string_pretty(&whole).unwrap()
}

fn imported(text: &str) -> Imported {
    let imported = import("f", text.as_bytes().to_vec(), packs(), None).unwrap();
    let answers = Answers::parse("answers.yaml", &imported.yaml("00")).unwrap();
    assert_eq!(answers.answers.len(), imported.entries.len());
    imported
}

fn lines(imported: &Imported) -> Vec<String> {
    imported.problems.iter().map(mke_stig::yaml::Problem::line).collect()
}

fn told(text: &str) -> String {
    import("f", text.as_bytes().to_vec(), packs(), None).unwrap_err().line()
}

fn rule_id(id: &str) -> &'static str {
    &packs()[0].rules.iter().find(|rule| rule.id == id).unwrap().texts.rule_id
}

fn assessed(yaml: &str) -> Assessment {
    let options = Options { answers: Answers::parse("answers.yaml", yaml).unwrap(), ..Options::default() };
    assess(&[Source::Path(sample_folder())], packs(), &options).unwrap()
}

#[test]
fn both_forms_of_checklist_give_the_same() {
    let current = rule_id("V-260932");
    let reviews = [
        review("V-260932", current, "NotAFinding", "Tried it out.\nIt holds."),
        // The earlier issue of the same release is known by its own id.
        review("V-260903", "SV-260903r986160_rule", "open", "Too long."),
        Review { severity: "low", ..review("V-260930", rule_id("V-260930"), "Open", "One.") },
        review("V-260946", rule_id("V-260946"), "Not_Reviewed", "Nobody has looked."),
        review("V-260933", "SV-260933r1_rule", "Not_Applicable", "None here."),
        review("V-1", "SV-1r1_rule", "NotAFinding", ""),
        review("V-2", "SV-2r1_rule", "NotAFinding", ""),
        review("V-260934", rule_id("V-260934"), "Profile_Error", "A fifth word."),
        review("", "", "Open", "Of nothing."),
    ];
    let from_ckl = imported(&ckl(&reviews));
    let from_cklb = imported(&cklb(&reviews));
    let strip = |imported: &Imported| {
        let mut entries = imported.entries.clone();
        for entry in &mut entries {
            entry.origin.clear();
        }
        (entries, imported.not_reviewed.clone(), imported.problems.len(), imported.about.clone())
    };
    assert_eq!(strip(&from_ckl), strip(&from_cklb));
    let ids: Vec<&str> = from_ckl.entries.iter().map(|entry| entry.rule.as_str()).collect();
    assert_eq!(ids, ["V-260903", "V-260930", "V-260932", "V-260933"]);
    assert!(from_ckl.entries.iter().all(|entry| entry.status == AnswerStatus::Undecided));
    assert_eq!(from_ckl.entries[1].severity, Some(Severity::Low));
    assert_eq!(from_ckl.entries[2].comment, "Tried it out.\nIt holds.");
    assert_eq!(from_ckl.not_reviewed, ["V-260946"]);
    assert_eq!((from_ckl.form, from_ckl.about.as_str()), ("CKL", "mke-1"));
    let told = lines(&from_ckl);
    for part in [
        "f:14:1: `Profile_Error` is not a checklist status (V-260934)",
        "f:15:1: a review does not name its rule",
        "f:11:1: V-260933 must be reviewed again: given for SV-260933r1_rule",
        "f:12:1: V-1 and 1 more are in no rule pack",
    ] {
        assert!(told.iter().any(|line| line.starts_with(part)), "{part}: {told:?}");
    }
    let told = lines(&from_cklb);
    assert!(told.iter().all(|line| line.starts_with("f:")), "{told:?}");
}

#[test]
fn another_revision_decides_nothing_until_it_was_looked_at_again() {
    let imported = imported(&ckl(&[review("V-260932", "SV-260932r1_rule", "NotAFinding", "It holds.")]));
    let why = imported.entries[0].re_review.as_deref().unwrap();
    assert!(why.contains("SV-260932r1_rule") && why.contains(rule_id("V-260932")), "{why}");
    let yaml = imported.yaml("00");
    assert!(yaml.contains("re_review: \"given for SV-260932r1_rule"));
    // Completing it without having looked again is refused.
    let digest = rule(&assessed("answers: []\n"), "V-260932").evidence_digest.clone();
    let completed = complete(&yaml, "not_a_finding", &digest);
    let problems = Answers::parse("a", &completed).unwrap_err();
    assert!(problems[0].message.contains("reviewed again"), "{problems:?}");
    let confirmed: String =
        completed.lines().filter(|line| !line.contains("re_review:")).flat_map(|line| [line, "\n"]).collect();
    assert_eq!(rule(&assessed(&confirmed), "V-260932").status, Status::NotAFinding);
}

fn complete(yaml: &str, status: &str, digest: &str) -> String {
    yaml.replace("status: undecided\n", &format!("status: {status}\n"))
        .replace("reviewer: \"\"", "reviewer: R. Chen")
        .replace("date: \"\"", "date: 2026-11-19")
        .replace("expires: \"\"", "expires: 2027-11-19")
        .replace("evidence_digest: \"\"", &format!("evidence_digest: {digest}"))
}

#[test]
fn what_is_imported_changes_no_verdict() {
    let before = assessed("answers: []\n");
    let all: Vec<(String, String)> =
        packs()[0].rules.iter().map(|rule| (rule.id.clone(), rule.texts.rule_id.clone())).collect();
    for status in ["NotAFinding", "Not_Applicable", "Open"] {
        let reviews: Vec<Review<'_>> =
            all.iter().map(|(id, rule_id)| review(id, rule_id, status, "Seen and signed.")).collect();
        let imported = imported(&ckl(&reviews));
        assert_eq!(imported.entries.len(), 44);
        let after = assessed(&imported.yaml("00"));
        assert_eq!(after.rules, before.rules, "{status}");
        let waiting = after.snapshot.warnings.iter().filter(|warning| warning.contains("is not answered yet")).count();
        assert_eq!(waiting as u64, before.summary.by_status["not_reviewed"]);
    }
}

#[test]
fn a_completed_import_never_closes_a_finding() {
    let before = assessed("answers: []\n");
    let open = rule(&before, "V-260930");
    assert_eq!((open.status, open.decided_by), (Status::Open, DecidedBy::Evidence));
    let imported = imported(&ckl(&[review("V-260930", &open.rule_id, "NotAFinding", "Looks good.")]));
    let after = assessed(&complete(&imported.yaml("00"), "not_a_finding", &open.evidence_digest));
    let after = rule(&after, "V-260930");
    assert_eq!((after.status, after.decided_by, &after.evidence), (Status::Open, DecidedBy::Evidence, &open.evidence));
    assert!(after.comment.contains("stays open"), "{}", after.comment);
}

#[test]
fn two_that_disagree_are_looked_at_again() {
    let id = rule_id("V-260932");
    let imported = imported(&ckl(&[
        review("V-260932", id, "NotAFinding", "Yes."),
        review("V-260932", id, "Open", "No."),
        review("V-260933", rule_id("V-260933"), "Open", "Same."),
        review("V-260933", rule_id("V-260933"), "Open", "Same."),
    ]));
    assert_eq!(imported.entries.len(), 2);
    assert!(imported.entries[0].re_review.as_deref().unwrap().contains("two different"));
    assert_eq!(imported.entries[1].re_review, None);
    assert_eq!(lines(&imported).iter().filter(|line| line.contains("twice in the file")).count(), 2);
}

#[test]
fn what_this_program_writes_gives_the_same_answers_again() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata");
    let path = |name: &str| data.join(name).to_str().unwrap().to_owned();
    let folder = tempfile::tempdir().unwrap();
    let out = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let analyze = |answers: &str, into: &str| {
        let ran = run([
            "analyze",
            &path("sample"),
            "--ssp",
            &path("ssp.yaml"),
            "--answers",
            answers,
            "-f",
            "ckl,cklb,json",
            "-o",
            into,
        ]);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""));
        let text = fs::read_to_string(Path::new(into).join("assessment.json")).unwrap();
        let mut assessment: serde_json::Value = serde_json::from_str(&text).unwrap();
        // The file is another one, with the same answers in it.
        let files = assessment.as_object_mut().unwrap().remove("decisions").unwrap();
        assert_eq!(files[1]["role"], "answers");
        assessment
    };
    let first = analyze(&path("answers.yaml"), &out("first"));
    for form in ["ckl", "cklb"] {
        let yaml = out(&format!("{form}.yaml"));
        let ran = run(["answers", "import", &format!("{}/assessment.{form}", out("first")), "-o", &yaml]);
        assert_eq!(ran.code, 0, "{ran:?}");
        assert!(ran.err.contains(" 0 of them to be completed"), "{}", ran.err);
        assert!(analyze(&yaml, &out(form)) == first, "{form}");
    }
}

/// A review in the words in which this program writes checklists.
fn own(id: &str, status: &str, digest: &str, answer: &str) -> String {
    let word = match status {
        "NotAFinding" => "Not a Finding",
        other => other,
    };
    let by = if answer.starts_with("Answered") { "a recorded answer" } else { "the snapshot" };
    let details =
        format!("{word}.\nDecided by {by}.\nEvidence digest: SHA-256 {digest}\n\nPasses:\n- cluster: Answered by Eve");
    let comments = format!(
        "Assessed by mke-stig 0.1.0 with rule pack p 1 (SHA-256 aa).\nSnapshot collected x.\n{answer}\n\
         What was left to people: Try it.\nHow it is decided: Some way.\nReading: None."
    );
    ckl(&[Review { details, comments, ..review(id, rule_id(id), status, "") }])
}

#[test]
fn an_answer_that_this_program_wrote_comes_back_whole() {
    let before = assessed("answers: []\n");
    let digest = &rule(&before, "V-260932").evidence_digest;
    let answer = "Answered by R. Chen on 2026-11-19, Not a Finding, until 2027-11-19: Tried it: it holds.\nTwice.";
    let found = imported(&own("V-260932", "NotAFinding", digest, answer));
    let entry = &found.entries[0];
    assert_eq!((entry.status, entry.reviewer.as_str()), (AnswerStatus::NotAFinding, "R. Chen"));
    assert_eq!((entry.date.as_str(), entry.expires.as_str()), ("2026-11-19", "2027-11-19"));
    assert_eq!(entry.comment, "Tried it: it holds.\nTwice.");
    assert_eq!(entry.evidence_digest.as_ref(), Some(digest));
    let after = assessed(&found.yaml("00"));
    assert_eq!(rule(&after, "V-260932").status, Status::NotAFinding);
    // For other evidence it does not count, as any answer.
    let other = imported(&own("V-260932", "NotAFinding", &"0".repeat(64), answer));
    assert_eq!(rule(&assessed(&other.yaml("00")), "V-260932").status, Status::NotReviewed);
}

#[test]
fn an_accepted_risk_comes_back_with_its_reason() {
    let before = assessed("answers: []\n");
    let digest = &rule(&before, "V-260930").evidence_digest;
    let answer = "R. Chen noted on 2026-11-19, Open, until 2027-11-19: Known. The risk is accepted: The agent needs it. The finding stays open.";
    let found = imported(&own("V-260930", "Open", digest, answer));
    let entry = &found.entries[0];
    assert_eq!((entry.status, entry.comment.as_str()), (AnswerStatus::Open, "Known."));
    assert_eq!(entry.risk_acceptance.as_deref(), Some("The agent needs it."));
    let after = assessed(&found.yaml("00"));
    assert_eq!(rule(&after, "V-260930").status, Status::Open);
    assert!(rule(&after, "V-260930").risk_acceptance.as_deref().unwrap().starts_with("The agent needs it."));
}

#[test]
fn words_of_an_answer_do_not_decide_what_no_answer_decided() {
    let before = assessed("answers: []\n");
    let digest = &rule(&before, "V-260932").evidence_digest;
    let answer = "Answered by Eve on 2026-11-19, Not a Finding, until 2099-11-19: Fine.";
    // Someone changed the status afterwards; or nobody had answered and the words are from elsewhere.
    for (status, details) in
        [("Not_Applicable", "a recorded answer"), ("NotAFinding", "the snapshot"), ("Not_Reviewed", "")]
    {
        let text = own("V-260932", status, digest, answer)
            .replace("Decided by a recorded answer.", &format!("Decided by {details}."));
        let found = imported(&text);
        assert!(found.entries.iter().all(|entry| entry.status == AnswerStatus::Undecided), "{status}");
        assert_eq!(rule(&assessed(&found.yaml("00")), "V-260932").status, Status::NotReviewed);
    }
    let evidence = imported(&own("V-260932", "NotAFinding", digest, "Nothing to say."));
    assert_eq!((evidence.entries.len(), evidence.by_evidence.as_slice()), (0, &["V-260932".to_owned()][..]));
}

const ANSWER_FILE: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<STIGComments Name="MKE">
<Vuln ID="V-260932"><AnswerKey Name="DEFAULT">
<Answer Index="1" ExpectedStatus="NR" Hostname="w1, w2" Instance="" Database="" Site="" ResultHash="">
<ValidationCode></ValidationCode><ValidTrueStatus>NF</ValidTrueStatus><ValidTrueComment>Tried it.</ValidTrueComment>
<ValidFalseStatus>O</ValidFalseStatus><ValidFalseComment>No.</ValidFalseComment></Answer>
</AnswerKey></Vuln>
<Vuln ID="SV-260933r1_rule"><AnswerKey Name="DEFAULT">
<Answer Index="1" ExpectedStatus="Not_Reviewed" ResultHash="AA"><ValidationCode/><ValidTrueStatus>NotAFinding</ValidTrueStatus><ValidTrueComment>Older.</ValidTrueComment><ValidFalseStatus/><ValidFalseComment/></Answer>
</AnswerKey></Vuln>
<Vuln ID="V-260934"><AnswerKey Name="DEFAULT">
<Answer Index="1" ExpectedStatus="NR"><ValidationCode>Remove-Item -Recurse /; return $true</ValidationCode><ValidTrueStatus>NF</ValidTrueStatus><ValidTrueComment>By code.</ValidTrueComment></Answer>
<Answer Index="2" ExpectedStatus="O"><ValidationCode/><ValidTrueStatus>NF</ValidTrueStatus><ValidTrueComment>Closed.</ValidTrueComment></Answer>
<Answer Index="3" ExpectedStatus="NF"><ValidationCode/><ValidTrueStatus>O</ValidTrueStatus><ValidTrueComment>Opened.</ValidTrueComment></Answer>
<Answer Index="4" ExpectedStatus="NR" Database="d"><ValidationCode/><ValidTrueStatus>NF</ValidTrueStatus><ValidTrueComment>One.</ValidTrueComment></Answer>
<Answer Index="5" ExpectedStatus="what"><ValidationCode/><ValidTrueStatus>NF</ValidTrueStatus><ValidTrueComment>One.</ValidTrueComment></Answer>
<Answer Index="6"><ValidationCode/><ValidTrueStatus>NF</ValidTrueStatus><ValidTrueComment>One.</ValidTrueComment></Answer>
</AnswerKey></Vuln>
<Vuln ID="V-260941"><AnswerKey Name="PROD">
<Answer Index="1" ExpectedStatus="NR"><ValidationCode> </ValidationCode><ValidTrueStatus>NA</ValidTrueStatus><ValidTrueComment>Mine.</ValidTrueComment></Answer></AnswerKey>
<AnswerKey Name="DEFAULT"><ExpectedStatus>NR</ExpectedStatus><ValidationCode/><ValidTrueStatus>O</ValidTrueStatus><ValidTrueComment>Older form.</ValidTrueComment></AnswerKey></Vuln>
<Vuln ID="V-260945"><AnswerKey Name="DEFAULT"><Answer Index="1" ExpectedStatus="NR"><ValidationCode/><ValidTrueStatus/><ValidTrueComment>Later.</ValidTrueComment></Answer></AnswerKey></Vuln>
<Vuln ID="V-99"><AnswerKey Name="DEFAULT"><Answer Index="1" ExpectedStatus="NR"><ValidTrueStatus>NF</ValidTrueStatus></Answer></AnswerKey></Vuln>
<Vuln><AnswerKey/></Vuln>
</STIGComments>
"#;

#[test]
fn an_answer_file_gives_what_needs_no_code() {
    let found = imported(ANSWER_FILE);
    let entries: Vec<(&str, Option<&str>, &str)> = found
        .entries
        .iter()
        .map(|entry| (entry.rule.as_str(), entry.node.as_deref(), entry.comment.as_str()))
        .collect();
    assert_eq!(
        entries,
        [
            ("V-260932", Some("w1"), "Tried it."),
            ("V-260932", Some("w2"), "Tried it."),
            ("V-260933", None, "Older."),
            ("V-260941", None, "Older form."),
        ]
    );
    assert!(found.entries.iter().all(|entry| entry.status == AnswerStatus::Undecided));
    assert!(found.entries[2].re_review.is_some());
    assert_eq!(found.not_reviewed, ["V-260945"]);
    let told = lines(&found);
    for part in [
        "f:12:1: V-260934: this answer depends on code, and code is never run; it is left out",
        "f:13:1: V-260934: the answer would close a finding",
        "f:14:1: V-260934: the answer is for a rule that is already decided",
        "f:15:1: V-260934: the answer is for one Database",
        "f:16:1: `what` is not a status (ExpectedStatus of V-260934)",
        "f:17:1: V-260934: the answer does not say which status",
        "f:9:1: V-260933: the answer is for one result",
        "f:9:1: V-260933 must be reviewed again",
        "f:20:1: V-260941: the answer has the key `PROD`",
        "f:23:1: V-99 is in no rule pack",
        "f:24:1: a `Vuln` does not name",
    ] {
        assert!(told.iter().any(|line| line.starts_with(part)), "{part}: {told:#?}");
    }
    assert!(!found.yaml("00").contains("Remove-Item"));
    let keyed = import("f", ANSWER_FILE.as_bytes().to_vec(), packs(), Some("prod")).unwrap();
    let mine = keyed.entries.iter().find(|entry| entry.rule == "V-260941").unwrap();
    assert_eq!(mine.comment, "Mine.");
}

#[test]
fn hostile_files_are_one_error() {
    let deep_json = format!("{{\"stigs\":{}", "[".repeat(100_000));
    let deep_override = format!(
        "{{\"stigs\":[{{\"rules\":[{{\"group_id\":\"V-260932\",\"status\":\"open\",\"overrides\":{}1{}}}]}}]}}",
        "[".repeat(5000),
        "]".repeat(5000)
    );
    for (text, wanted) in [
        ("<!DOCTYPE c [<!ENTITY a \"b\">]><CHECKLIST>&a;</CHECKLIST>", "f:1:1: a document type"),
        ("<html/>", "outermost element is `html`"),
        ("{\"a\":1}", "f:1:7: this is not a CKLB file: missing field `stigs`"),
        ("{\"stigs\":[],\n\"stigs\":[]}", "f:2:7: this is not a CKLB file: duplicate field"),
        ("{\"stigs\":{}}", "this is not a CKLB"),
        ("{\"stigs\":[]}", "it has no entry for a known rule"),
        ("<CHECKLIST/>", "it has no entry for a known rule"),
        ("plain", "outside the document"),
        ("", "the file has no element"),
        (&deep_json, "this is not a CKLB"),
        (&deep_override, "recursion limit"),
        (&format!("<CHECKLIST>{}", "<a>".repeat(100_000)), "levels deep"),
        ("{\"stigs\":[{\"rules\":[{\"status\":7}]}]}", "f:1:"),
    ] {
        let told = told(text);
        assert!(told.contains(wanted), "{wanted}: {told}");
        assert!(told.len() < 2000);
    }
    let latin = import("f", b"<CHECKLIST>\n\xe9</CHECKLIST>".to_vec(), packs(), None).unwrap_err();
    assert!(latin.line().starts_with("f:2:1: the file is not valid UTF-8"));
}

#[test]
fn null_and_wrong_types_of_one_review_do_not_cost_the_others() {
    let text = "{\"stigs\": [{\"rules\": [\n{\"group_id\": \"V-260932\", \"status\": \"open\", \"comments\": null},\n\
                {\"group_id\": \"V-260933\", \"status\": 7},\n{\"group_id\": \"V-260934\", \"status\": \"open\",\n \"status\": \"open\"}]}]}";
    let found = imported(text);
    assert_eq!(found.entries.len(), 1);
    // Without a rule id it is not known for which revision it was given.
    assert!(found.entries[0].re_review.is_some());
    let told = lines(&found);
    assert!(told.iter().any(|line| line.starts_with("f:3:") && line.contains("integer `7`")), "{told:?}");
    assert!(told.iter().any(|line| line.starts_with("f:5:") && line.contains("duplicate field `status`")), "{told:?}");
}

fn file(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, text).unwrap();
    path
}

#[test]
fn the_command_writes_once_and_prints_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let checklist = ckl(&[
        review(
            "V-260932",
            rule_id("V-260932"),
            "NotAFinding",
            "Evil \u{1b}[31m\u{202e} & 'quotes'\n- rule: V-1\n  status: open",
        ),
        review("V-260933", "SV-260933r1_rule", "Open", ""),
    ]);
    let input = file(folder.path(), "old.ckl", &checklist);
    let printed = run(["answers", "import", input.to_str().unwrap()]);
    assert_eq!(printed.code, 0, "{printed:?}");
    assert!(printed.err.contains("warning: old.ckl:9:1: V-260933 must be reviewed again"), "{}", printed.err);
    assert!(printed.err.contains("2 answers from CKL, 2 of them to be completed, 1 to be reviewed again"));
    let output = folder.path().join("answers.yaml");
    let arguments = ["answers", "import", input.to_str().unwrap(), "-o", output.to_str().unwrap()];
    let written = run(arguments);
    assert_eq!((written.code, written.out.as_str()), (0, ""));
    let yaml = fs::read_to_string(&output).unwrap();
    assert_eq!(yaml, printed.out);
    assert!(!yaml.contains('\u{1b}') && !yaml.contains('\u{202e}'));
    // What people have answered is never replaced.
    let again = run(arguments);
    assert!(again.code == 2 && again.err.contains("already exists"), "{again:?}");
    assert_eq!(fs::read_to_string(&output).unwrap(), yaml);
    let checked = run(["answers", "check", output.to_str().unwrap()]);
    assert_eq!((checked.code, checked.out.as_str()), (0, "2 answers, 2 of them undecided; 0 problems\n"));
    assert!(run(["answers", "import", "no-such.ckl"]).trouble().contains("no-such.ckl"));
    let empty = file(folder.path(), "empty.ckl", "");
    assert!(run(["answers", "import", empty.to_str().unwrap()]).trouble().contains("empty.ckl"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// Whatever a checklist says, the file made of it is read again, says the same, and decides nothing.
    #[test]
    fn any_text_is_carried_as_it_is(details in "(\\PC|[\\n\\t :#'\"-]){0,80}", status in "NotAFinding|Open|Not_Applicable") {
        let id = rule_id("V-260932");
        let found = import("f", ckl(&[review("V-260932", id, &status, &details)]).into_bytes(), packs(), None).unwrap();
        let answers = Answers::parse("a", &found.yaml("00")).unwrap();
        prop_assert_eq!(answers.answers.len(), 1);
        prop_assert_eq!(answers.answers[0].status, AnswerStatus::Undecided);
        prop_assert_eq!(answers.answers[0].comment.as_str(), details.trim());
    }

    /// A damaged file is an error or a file of answers in which nothing decides.
    #[test]
    fn damage_decides_nothing(at in 0usize..100_000, length in 0usize..40, with in "[<>&;/a\"'{}, ]{0,3}", json in any::<bool>()) {
        let reviews = [review("V-260932", "SV-260932r1_rule", "NotAFinding", "x"), review("V-260933", "", "Open", "y")];
        let text = if json { cklb(&reviews) } else { ckl(&reviews) };
        let mut bytes = text.into_bytes();
        let at = at % bytes.len();
        let end = bytes.len().min(at + length);
        bytes.splice(at..end, with.bytes());
        if let Ok(found) = import("f", bytes, packs(), None) {
            let answers = Answers::parse("a", &found.yaml("00")).unwrap();
            prop_assert!(answers.answers.iter().all(|answer| answer.status == AnswerStatus::Undecided));
        }
    }
}
