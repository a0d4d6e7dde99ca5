//! Answers in checklists: whatever people wrote comes back as it was, and what others wrote into a
//! snapshot is never taken for an answer.

use std::sync::LazyLock;

use crate::common::{packs, rule, sample_folder};
use mke_stig::answers::{Answer, AnswerStatus, Answers, Imported, import};
use mke_stig::assess::{Options, assess};
use mke_stig::facts::Source;
use mke_stig::model::assessment::{Assessment, GivenAnswer, Status};
use mke_stig::model::severity::Severity;
use mke_stig::report::{Choices, Format, render};
use proptest::prelude::*;

const RULE: &str = "V-260932";

/// The sample with one rule alone, so that a checklist is short.
static ONE_RULE: LazyLock<Assessment> = LazyLock::new(|| {
    let options = Options { only: vec![RULE.to_owned()], ..Options::default() };
    assess(&[Source::Path(sample_folder())], packs(), &options).unwrap()
});

/// The assessment, with a status and answers of its rule.
fn answered(status: Status, answers: &[GivenAnswer]) -> Assessment {
    let mut assessment = ONE_RULE.clone();
    let result = &mut assessment.rules[0];
    (result.status, result.answers) = (status, answers.to_vec());
    if status != Status::NotReviewed {
        result.reason = None;
    }
    assessment
}

fn written(assessment: &Assessment, format: Format, safe_text: bool) -> Vec<u8> {
    render(assessment, format, &Choices { safe_text, ..Choices::default() }).unwrap().remove(0).text.into_bytes()
}

fn read(bytes: Vec<u8>) -> Imported {
    import("f", bytes, packs(), None).unwrap()
}

/// The answers of an import, after the file of answers that it writes.
fn given(imported: &Imported) -> Vec<GivenAnswer> {
    let answers = Answers::parse("answers.yaml", &imported.yaml("00")).unwrap();
    answers.answers.into_iter().map(of).collect()
}

fn of(answer: Answer) -> GivenAnswer {
    assert_eq!((answer.rule.as_str(), answer.re_review), (RULE, None));
    GivenAnswer {
        effect: None,
        node: answer.node,
        subject: answer.subject,
        status: match answer.status {
            AnswerStatus::Open => Status::Open,
            AnswerStatus::NotAFinding => Status::NotAFinding,
            AnswerStatus::NotApplicable => Status::NotApplicable,
            AnswerStatus::Undecided => Status::NotReviewed,
        },
        comment: answer.comment,
        reviewer: answer.reviewer,
        date: answer.date,
        expires: answer.expires,
        evidence_digest: answer.evidence_digest,
        risk_acceptance: answer.risk_acceptance,
        severity: answer.severity,
        justification: answer.justification,
    }
}

fn answer(status: Status, comment: &str) -> GivenAnswer {
    GivenAnswer {
        effect: None,
        node: None,
        subject: None,
        status,
        comment: comment.to_owned(),
        reviewer: "R. Chen (ISSO)".to_owned(),
        date: "2026-11-19".to_owned(),
        expires: "2027-11-19".to_owned(),
        evidence_digest: Some("ab".repeat(32)),
        risk_acceptance: None,
        severity: None,
        justification: None,
    }
}

/// Any text that a file of answers can hold, which is without white space around it.
fn text() -> impl Strategy<Value = String> {
    let hostile = prop::sample::select(vec![
        "]]></COMMENTS><STATUS>Open</STATUS>",
        "mke-stig answers/1: none",
        "mke-stig answer/1: e30=",
        "Answered by Eve on 2026-11-19, Not a Finding, until 2099-11-19: Fine.",
        "a\nmke-stig answer/1: e30=\nHow it is decided: no",
        "\u{202e}cod.exe\u{0}\u{1b}[31m $(id) `x` ; | & .. -- \\ \u{feff}\u{ffff}",
        " The risk is accepted: never. The finding stays open.",
        "{\"rule\": \"V-1\"}",
        "---\n- rule: V-1\n  status: open",
    ]);
    let any = prop::collection::vec(any::<char>(), 1..200).prop_map(|chars| chars.into_iter().collect::<String>());
    let long = ("[ -~]{1,40}", 1..300_usize).prop_map(|(part, times)| format!("{part}\n").repeat(times));
    prop_oneof![hostile.prop_map(str::to_owned), any, long]
        .prop_map(|text| text.trim().to_owned())
        .prop_filter("is empty", |text| !text.is_empty())
}

prop_compose! {
    fn answers()(
        status in prop::sample::select(vec![Status::Open, Status::NotAFinding, Status::NotApplicable]),
        comment in text(),
        reviewer in text(),
        node in prop::option::of(text()),
        subject in prop::option::of(text()),
        risk in prop::option::of(text()),
        justification in prop::option::of(text()),
        digest in prop::option::of("[0-9a-f]{64}"),
    ) -> GivenAnswer {
        let open = status == Status::Open;
        GivenAnswer {
            node,
            subject,
            comment,
            reviewer,
            evidence_digest: digest.or_else(|| (!open).then(|| "cd".repeat(32))),
            risk_acceptance: risk.filter(|_| open),
            severity: justification.as_ref().filter(|_| open).map(|_| Severity::Low),
            justification: justification.filter(|_| open),
            ..answer(status, "")
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn any_answer_comes_back_from_a_checklist_as_it_was(
        answer in answers(),
        result in prop::sample::select(vec![
            Status::Open, Status::NotAFinding, Status::NotApplicable, Status::NotReviewed,
        ]),
        safe_text in any::<bool>(),
        prose in text(),
    ) {
        let mut assessment = answered(result, std::slice::from_ref(&answer));
        assessment.rules[0].comment = prose.repeat(3);
        assessment.rules[0].reading.clone_from(&prose);
        for format in [Format::Ckl, Format::Cklb] {
            let imported = read(written(&assessment, format, safe_text));
            if imported.problems.is_empty() {
                prop_assert_eq!(given(&imported), vec![answer.clone()]);
            } else {
                // The one thing that a checklist cannot do.
                prop_assert!(imported.problems[0].message.contains("too long for the checklist"));
                prop_assert!(serde_json::to_string(&answer).unwrap().len() > 17_000);
                prop_assert!(imported.entries.is_empty());
            }
        }
    }

    #[test]
    fn what_others_wrote_is_never_an_answer(prose in text()) {
        let mut assessment = answered(Status::Open, &[]);
        let result = &mut assessment.rules[0];
        (result.comment, result.reading, result.how) = (prose.clone(), format!("x\n{prose}"), prose);
        for format in [Format::Ckl, Format::Cklb] {
            let imported = read(written(&assessment, format, false));
            prop_assert!(imported.entries.is_empty() && imported.problems.is_empty(), "{:?}", imported);
        }
    }
}

#[test]
fn an_answer_of_another_status_than_the_checklist_has_now_waits_for_a_person() {
    let assessment = answered(Status::NotAFinding, &[answer(Status::NotAFinding, "Tried it.")]);
    let text = String::from_utf8(written(&assessment, Format::Ckl, false)).unwrap();
    let imported = read(text.replace("<STATUS>NotAFinding</STATUS>", "<STATUS>Open</STATUS>").into_bytes());
    let entry = &imported.entries[0];
    assert_eq!((entry.status, entry.comment.as_str()), (AnswerStatus::Undecided, "Tried it."));
    assert!(entry.re_review.as_deref().unwrap().contains("changed after it was written"), "{entry:?}");
    assert!(imported.problems[0].message.contains("must be reviewed again"));
}

#[test]
fn words_added_to_a_comment_do_no_harm_and_changed_lines_are_told() {
    let assessment = answered(Status::NotAFinding, &[answer(Status::NotAFinding, "Tried it.")]);
    let text = String::from_utf8(written(&assessment, Format::Ckl, false)).unwrap();
    let added = text.replace("</COMMENTS>", "\nISSO, 3 April: seen.\nmke-stig answer/1: e30=</COMMENTS>");
    assert_eq!(given(&read(added.into_bytes())), assessment.rules[0].answers);
    let (before, line) = text.split_once("mke-stig answer/1: ").unwrap();
    for changed in [format!("{before}mke-stig answer/1: A{line}"), format!("{before}{line}")] {
        let imported = read(changed.into_bytes());
        assert!(imported.entries.is_empty());
        assert!(imported.problems[0].line().contains("cut or changed (take them from the answers file"));
    }
}

#[test]
fn an_answer_that_is_too_long_for_a_checklist_is_told_and_the_others_are_carried() {
    let answers = [
        answer(Status::NotAFinding, &"long ".repeat(8_000)),
        GivenAnswer { node: Some("wrk-1".to_owned()), ..answer(Status::NotAFinding, "Short.") },
    ];
    let imported = read(written(&answered(Status::NotAFinding, &answers), Format::Cklb, true));
    assert_eq!(given(&imported), &answers[1..]);
    assert!(imported.problems[0].message.starts_with("1 answers to V-260932 were too long"), "{imported:?}");
}

#[test]
fn a_long_comment_leaves_room_for_what_is_carried() {
    let mut assessment = answered(Status::NotAFinding, &[answer(Status::NotAFinding, &"words ".repeat(2_000))]);
    assessment.rules[0].comment = "prose ".repeat(20_000);
    for safe_text in [false, true] {
        let bytes = written(&assessment, Format::Ckl, safe_text);
        let text = String::from_utf8(bytes.clone()).unwrap();
        let comment = text.split("<COMMENTS>").nth(1).unwrap().split("</COMMENTS>").next().unwrap();
        assert!(comment.encode_utf16().count() <= 32_767 && comment.contains("[cut here: "));
        assert_eq!(given(&read(bytes)).len(), 1);
    }
}

#[test]
fn the_answers_of_the_assessment_are_those_of_the_file() {
    let text = std::fs::read_to_string(sample_folder().with_file_name("answers.yaml")).unwrap();
    let answers = Answers::parse("answers.yaml", &text).unwrap();
    let options = Options { answers: answers.clone(), ..Options::default() };
    let assessment = assess(&[Source::Path(sample_folder())], packs(), &options).unwrap();
    let first = &answers.answers[0];
    let carried = &rule(&assessment, &first.rule).answers;
    assert!(carried.iter().any(|answer| answer.comment == first.comment && answer.reviewer == first.reviewer));
    // An assessment that is read again keeps them.
    let json = written(&assessment, Format::Json, false);
    assert_eq!(mke_stig::report::parse(&json).unwrap().rules, assessment.rules);
}
