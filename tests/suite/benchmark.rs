//! A benchmark that is given: found in every packing, its texts in the results, its differences from
//! the rule pack told, and hostile files one clear error.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::common::archives::{gz, tar, zip};
use crate::common::benchmark::{ID, Invented, RELEASE, escaped, later, of_pack, xccdf};
use crate::common::{contents, packs, rule, run, sample_folder};
use mke_stig::archive::Limits;
use mke_stig::assess::{Options, assess};
use mke_stig::facts::Source;
use mke_stig::intake::{Benchmark, BenchmarkError, Found, find_benchmark, read_benchmarks};
use mke_stig::model::assessment::{Assessment, ReasonCode, Status};
use mke_stig::model::severity::{Cat, Severity};
use proptest::prelude::*;

fn find(path: &Path) -> Result<Found, BenchmarkError> {
    let ids: Vec<&str> = packs()[0].rules.iter().map(|rule| rule.id.as_str()).collect();
    find_benchmark(path, &Limits::default(), ID, &ids)
}

fn file(folder: &Path, name: &str, content: &[u8]) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, content).unwrap();
    path
}

fn assessed(rules: &[Invented], only: &[&str]) -> Assessment {
    let folder = tempfile::tempdir().unwrap();
    let path = file(folder.path(), "U_X_V2R2_Manual-xccdf.xml", xccdf(ID, RELEASE, rules).as_bytes());
    let options = Options {
        benchmark: Some(find(&path).unwrap()),
        only: only.iter().map(|id| (*id).to_owned()).collect(),
        ..Options::default()
    };
    assess(&[Source::Path(sample_folder())], packs(), &options).unwrap()
}

fn one(text: &str) -> Benchmark {
    let mut found = read_benchmarks("f.xml", text).unwrap();
    assert_eq!(found.len(), 1);
    found.remove(0)
}

#[test]
fn it_is_found_in_every_packing_by_its_content() {
    let folder = tempfile::tempdir().unwrap();
    let mke = xccdf(ID, RELEASE, &of_pack()).into_bytes();
    let other = xccdf("Other_STIG", RELEASE, &[invented("V-1", "SV-1r1_rule")]).into_bytes();
    let name = "U_X_STIG_V2R2_Manual-xccdf.xml".to_owned();
    let inner = zip(
        &BTreeMap::from([
            ("U_X/U_Readme.pdf".to_owned(), b"%PDF-1.7 <Benchmark".to_vec()),
            (format!("U_X/{name}"), mke.clone()),
            ("U_X/STIG_unclass.xsl".to_owned(), b"<xsl:stylesheet xmlns:xsl='x'/>".to_vec()),
        ]),
        "",
    );
    let others = zip(&BTreeMap::from([("o/U_O_Manual-xccdf.xml".to_owned(), other.clone())]), "");
    let broken = zip(&BTreeMap::from([("b/broken-xccdf.xml".to_owned(), b"<Benchmark><a></Benchmark>".to_vec())]), "");
    let library = zip(
        &BTreeMap::from([
            ("a.zip".to_owned(), others),
            ("b.zip".to_owned(), broken),
            ("m.zip".to_owned(), inner.clone()),
            ("twin.zip".to_owned(), inner.clone()),
        ]),
        "U_SRG-STIG_Library/",
    );
    let files = BTreeMap::from([(name.clone(), mke.clone())]);
    for (path, member) in [
        (file(folder.path(), &name, &mke), String::new()),
        (file(folder.path(), "stig.zip", &inner), format!("U_X/{name}")),
        (file(folder.path(), "library.bin", &library), format!("U_SRG-STIG_Library/m.zip!U_X/{name}")),
        (file(folder.path(), "x.tar.gz", &gz(&tar(&files, "d/"))), format!("d/{name}")),
        (file(folder.path(), "U_y.xml.gz", &gz(&mke)), "U_y.xml".to_owned()),
    ] {
        let found = find(&path).unwrap();
        assert_eq!((found.benchmark.id.as_str(), found.benchmark.rules.len()), (ID, 44), "{path:?}");
        assert_eq!(found.member, member);
        assert_eq!(found.bytes, fs::metadata(&path).unwrap().len());
        assert_eq!(found.benchmark.classification.as_deref(), Some("UNCLASSIFIED"));
        let digest = mke_stig::model::digest::Digest::of(&fs::read(&path).unwrap()).to_string();
        assert_eq!(found.sha256, digest);
    }
    let wrong = file(folder.path(), "o.xml", &other);
    let told = find(&wrong).unwrap_err().to_string();
    assert!(told.contains("o.xml has no benchmark of Mirantis") && told.contains("(but Other_STIG)"), "{told}");
    let second = xccdf(ID, "Release: 3 Benchmark Date: 05 Jul 2030", &of_pack()).into_bytes();
    let both = zip(&BTreeMap::from([("1.xml".to_owned(), mke), ("2.xml".to_owned(), second)]), "");
    let told = find(&file(folder.path(), "both.zip", &both)).unwrap_err().to_string();
    assert!(told.contains("1.xml (version 2, release 2), 2.xml (version 2, release 3)"), "{told}");
}

fn invented(vuln_id: &str, rule_id: &str) -> Invented {
    Invented {
        vuln_id: vuln_id.to_owned(),
        rule_id: rule_id.to_owned(),
        stig_id: "X-1".to_owned(),
        severity: "low".to_owned(),
        check: "Invented.".to_owned(),
    }
}

#[test]
fn all_that_the_file_states_is_read() {
    let benchmark = one(xccdf(ID, RELEASE, &of_pack()).trim_start_matches('\u{feff}'));
    assert_eq!((benchmark.version.as_str(), benchmark.release.as_str()), ("2", "2"));
    assert_eq!((benchmark.date.as_str(), benchmark.target_key.as_deref()), ("2030-01-05", Some("9999")));
    assert_eq!((benchmark.notice.as_str(), benchmark.source.as_str()), ("terms-of-use", "X.TEST"));
    let rule = &benchmark.rules[0];
    assert_eq!(rule.discussion, "Invented reason of 260903, with <angle> & more.");
    assert_eq!((rule.responsibility.as_str(), rule.mitigations.as_str()), ("A\nB", "Invented mitigation."));
    assert_eq!((rule.check_system.as_str(), rule.check_name.as_str()), ("C-260903_chk", "M"));
    assert_eq!((rule.fix_id.as_str(), rule.fix.as_str()), ("F-260903_fix", "Invented fix of 260903."));
    assert_eq!((&rule.ccis, &rule.legacy_ids), (&vec!["CCI-000366".to_owned()], &vec!["V-6".to_owned()]));
    assert_eq!((rule.srg.as_str(), rule.weight.as_str()), ("SRG-APP-260903", "10.0"));
}

#[test]
fn xccdf_1_2_prefixes_and_missing_parts_are_taken() {
    let text = "<?xml version='1.0'?>\n<ds:data-stream-collection xmlns:ds='d'><ds:component>\n\
        <xccdf:Benchmark xmlns:xccdf='http://checklists.nist.gov/xccdf/1.2' id='xccdf_mil.disa.stig_benchmark_B'>\n\
        <xccdf:plain-text id='release-info'>Release: 0.3</xccdf:plain-text>\n\
        <xccdf:Group id='xccdf_mil.disa.stig_group_V-1'><xccdf:Group id='inner'><xccdf:title>SRG-1</xccdf:title>\n\
        <xccdf:Rule id='xccdf_mil.disa.stig_rule_SV-1r7_rule' severity='unknown'>\n\
        <xccdf:description>Plain words.</xccdf:description>\n\
        <xccdf:check system='oval'><xccdf:check-content-ref href='o.xml'/></xccdf:check>\n\
        <xccdf:check system='C-1'><xccdf:check-content><![CDATA[Look <here>]]><xhtml:br xmlns:xhtml='h'/>and there.</xccdf:check-content></xccdf:check>\n\
        </xccdf:Rule></xccdf:Group></xccdf:Group>\n\
        <xccdf:Rule id='SV-2r1'><xccdf:description><VulnDiscussion>As an element.</VulnDiscussion></xccdf:description></xccdf:Rule>\n\
        <xccdf:TestResult id='t'><xccdf:rule-result idref='x'/></xccdf:TestResult>\n\
        </xccdf:Benchmark></ds:component></ds:data-stream-collection>";
    let benchmark = one(text);
    assert_eq!((benchmark.id.as_str(), benchmark.release.as_str(), benchmark.date.as_str()), ("B", "0.3", ""));
    assert!(benchmark.has_results && benchmark.title.is_empty());
    let [first, second] = benchmark.rules.as_slice() else { panic!("{benchmark:?}") };
    assert_eq!((first.vuln_id.as_str(), first.rule_id.as_str()), ("V-1", "SV-1r7_rule"));
    assert_eq!((first.srg.as_str(), first.severity, first.line), ("SRG-1", None, 6));
    assert_eq!((first.discussion.as_str(), first.check.as_str()), ("Plain words.", "Look <here>\nand there."));
    assert_eq!((second.vuln_id.as_str(), second.rule_id.as_str()), ("V-2", "SV-2r1_rule"));
    assert_eq!(second.discussion, "As an element.");
}

#[test]
fn official_texts_and_ids_are_in_the_results() {
    let plain = assess(&[Source::Path(sample_folder())], packs(), &Options::default()).unwrap();
    let mut rules = of_pack();
    // The first issue of the release has another revision of this rule; both are known.
    rules.iter_mut().find(|rule| rule.vuln_id == "V-260903").unwrap().rule_id = "SV-260903r986160_rule".to_owned();
    let after = assessed(&rules, &[]);
    assert_eq!(after.snapshot.warnings, plain.snapshot.warnings);
    assert_eq!((after.benchmark.release.as_str(), after.benchmark.date.as_str()), ("2", "2030-01-05"));
    assert_eq!(after.benchmark.target_key.as_deref(), Some("9999"));
    let source = after.benchmark.source.as_ref().unwrap();
    assert_eq!((source.name.as_str(), source.sha256.len()), ("U_X_V2R2_Manual-xccdf.xml", 64));
    assert_eq!(rule(&after, "V-260903").rule_id, "SV-260903r986160_rule");
    for (own, official) in plain.rules.iter().zip(&after.rules) {
        assert_eq!((own.status, &own.evidence, &own.title), (official.status, &official.evidence, &official.title));
        assert_eq!(own.comment, official.comment);
        let texts = official.official.as_ref().unwrap();
        assert!(texts.check.contains("if x < 1 & y") && !texts.revision_unknown);
        assert_eq!(official.ccis, ["CCI-000366"]);
    }
}

#[test]
fn a_later_release_is_told_rule_by_rule() {
    let before = assess(&[Source::Path(sample_folder())], packs(), &Options::default()).unwrap();
    let after = assessed(&later(), &[]);
    // What the pack has and the benchmark lacks stays; nothing vanishes.
    assert_eq!(after.rules.len(), 46);
    assert!(after.rules.is_sorted_by(|a, b| a.id < b.id));

    let new = rule(&after, "V-270001");
    assert_eq!(
        (new.status, new.cat.name(), new.title.as_str()),
        (Status::NotReviewed, "I", "Invented title of 270001")
    );
    assert_eq!(new.reason.as_ref().unwrap().code, ReasonCode::NeedsPerson);
    assert_eq!(new.official.as_ref().unwrap().check, "Invented check of V-270001.");

    let removed = rule(&after, "V-260905");
    assert_eq!(removed.status, rule(&before, "V-260905").status);
    assert!(removed.official.is_none() && removed.comment.contains("does not have this rule"));

    let changed = rule(&after, "V-260914");
    assert_eq!(changed.status, rule(&before, "V-260914").status);
    assert_eq!(changed.rule_id, "SV-260914r2000001_rule");
    assert!(changed.comment.starts_with("Compare before you rely on this verdict"), "{}", changed.comment);
    assert!(changed.official.as_ref().unwrap().revision_unknown);

    for part in ["V-270001, V-270002", "not in it: V-260905", "V-260914 (SV-260914r2000001_rule, known is SV-260914r"] {
        assert!(after.snapshot.warnings.iter().any(|warning| warning.contains(part)), "{part}");
    }
    let counted: u64 = after.summary.by_status.values().sum();
    assert_eq!(counted, 46);
    let unchanged = after.rules.iter().filter(|rule| rule.official.as_ref().is_some_and(|o| !o.revision_unknown));
    assert_eq!(unchanged.filter(|rule| rule.comment.contains("Compare before")).count(), 0);
}

#[test]
fn a_rule_of_the_benchmark_alone_can_be_asked_for_and_its_severity_counts() {
    assert_eq!(assessed(&later(), &["V-270002"]).rules.len(), 1);
    let mut rules = of_pack();
    rules.iter_mut().find(|rule| rule.vuln_id == "V-260930").unwrap().severity = "high".to_owned();
    let after = assessed(&rules, &["V-260930"]);
    assert_eq!((after.rules[0].severity, after.rules[0].cat), (Severity::High, Cat::I));
    assert_eq!(after.summary.by_cat[&Cat::I].values().sum::<u64>(), 1);
    assert!(after.snapshot.warnings.iter().any(|warning| warning.contains("V-260930 (high, not medium)")));
}

#[test]
fn an_answer_to_a_rule_of_the_benchmark_lapses_with_its_revision() {
    let digest = |revision: &str| {
        let mut rules = later();
        rules.iter_mut().find(|rule| rule.vuln_id == "V-270001").unwrap().rule_id = revision.to_owned();
        assessed(&rules, &["V-270001"]).rules[0].evidence_digest.clone()
    };
    assert_ne!(digest("SV-270001r1_rule"), digest("SV-270001r2_rule"));
    assert_eq!(digest("SV-270001r1_rule"), digest("SV-270001r1_rule"));
}

#[test]
fn hostile_benchmarks_are_one_error_with_file_and_line() {
    let folder = tempfile::tempdir().unwrap();
    let rule = |id: &str| format!("<Group id='{id}'><Rule id='S{id}r1_rule'/></Group>");
    let deep = format!("<Benchmark>{}", "<Group id='V-260903'>".repeat(100_000));
    let long = format!("<Benchmark id='{ID}'><title>{}</title></Benchmark>", "x".repeat(20 << 20));
    let huge = vec![b' '; (64 << 20) + 1].into_iter().rev().collect::<Vec<u8>>();
    let huge = [b"<Benchmark>".as_slice(), &huge].concat();
    let bomb = format!("<!DOCTYPE Benchmark [<!ENTITY a \"{}\">]>\n<Benchmark>&a;</Benchmark>", "lol".repeat(1000));
    let twins = format!("<Benchmark>\n{}\n{}\n</Benchmark>", rule("V-260903"), rule("V-260903"));
    let nameless = "<Benchmark>\n<Rule severity='high'/>\n<Group id='x'>\n<Rule/></Group>\n</Benchmark>";
    for (name, content, wanted) in [
        ("bomb", bomb.into_bytes(), "bomb.xml:1:1: a document type"),
        ("deep", deep.into_bytes(), "levels deep"),
        ("long", long.into_bytes(), "more than 8 MiB of text"),
        ("huge", huge, "more than 64 MiB"),
        ("twins", twins.into_bytes(), "twins.xml:3:22: V-260903 appears twice in the benchmark, first on line 2"),
        ("nameless", nameless.as_bytes().to_vec(), "nameless.xml:4:1: a rule has no id"),
        ("latin", b"<Benchmark>\n\xe9</Benchmark>".to_vec(), "latin.xml:2:1: the file is not valid UTF-8"),
        ("cut", xccdf(ID, RELEASE, &of_pack()).as_bytes()[..9000].to_vec(), "cut.xml:1:"),
        ("json", b"{}".to_vec(), "has no benchmark"),
        ("empty", Vec::new(), "is empty"),
    ] {
        let path = file(folder.path(), &format!("{name}.xml"), &content);
        let ran =
            run(["demo", "--benchmark", path.to_str().unwrap(), "-o", folder.path().join("out").to_str().unwrap()]);
        let told = ran.trouble();
        assert!(told.contains(wanted) && told.contains("cannot use the benchmark"), "{name}: {told}");
        assert!(told.len() < 2000, "{name}: {told}");
        assert!(!folder.path().join("out").exists());
    }
    let ran = run(["demo", "--benchmark", "no-such-file.xml"]);
    assert!(ran.trouble().contains("no-such-file.xml"));
}

#[test]
fn utf_16_is_read_as_well() {
    let folder = tempfile::tempdir().unwrap();
    let wide: Vec<u8> = xccdf(ID, RELEASE, &of_pack()).encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(find(&file(folder.path(), "w.xml", &wide)).unwrap().benchmark.rules.len(), 44);
}

#[test]
fn limits_hold_for_a_benchmark_too() {
    let folder = tempfile::tempdir().unwrap();
    let many: BTreeMap<String, Vec<u8>> = (0..50).map(|number| (format!("{number}.txt"), b"x".to_vec())).collect();
    let path = file(folder.path(), "many.zip", &zip(&many, ""));
    let sample = sample_folder();
    let ran = run(["analyze", sample.to_str().unwrap(), "--max-entries", "40", "--benchmark", path.to_str().unwrap()]);
    assert!(ran.trouble().contains("--max-entries"));
    let mut nested = xccdf(ID, RELEASE, &of_pack()).into_bytes();
    for _ in 0..6 {
        nested = zip(&BTreeMap::from([("in".to_owned(), nested)]), "");
    }
    let told = find(&file(folder.path(), "nested.zip", &nested)).unwrap_err().to_string();
    assert!(told.contains("--max-depth"), "{told}");
}

#[test]
fn reports_show_official_texts_as_such_and_are_the_same_twice() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(folder.path(), "b.xml", xccdf(ID, RELEASE, &later()).as_bytes());
    let made = |name: &str| {
        let out = folder.path().join(name);
        let ran = run(["demo", "--benchmark", path.to_str().unwrap(), "-o", out.to_str().unwrap()]);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""));
        contents(&out)
    };
    let (one, two) = (made("one"), made("two"));
    assert_eq!(one, two);
    for name in ["assessment.html", "assessment.md"] {
        let page = String::from_utf8(one[name].clone()).unwrap();
        for part in
            ["Check, from the benchmark file", "Invented title of 260930", "Paraphrased by the rule pack", "b.xml"]
        {
            assert!(page.contains(part), "{name}: {part}");
        }
        assert!(page.contains("x &lt; 1 &amp; y") && !page.contains("x < 1 & y"), "{name}");
    }
    let again = folder.path().join("again");
    let saved = folder.path().join("one/assessment.json");
    let ran = run(["report", saved.to_str().unwrap(), "-f", "all", "-o", again.to_str().unwrap()]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(contents(&again)["assessment.html"], one["assessment.html"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever stands in a text is read as it is, white space around it aside.
    #[test]
    fn texts_are_read_as_they_are(check in "[^\\x00-\\x08\\x0b-\\x1f\u{fffe}\u{ffff}]{0,60}") {
        let mut rule = invented("V-1", "SV-1r1_rule");
        rule.check.clone_from(&check);
        let text = xccdf("X", RELEASE, &[rule]);
        let benchmark = one(text.trim_start_matches('\u{feff}'));
        prop_assert_eq!(benchmark.rules[0].check.as_str(), check.trim());
    }

    /// A damaged file is an error or a benchmark, and always the same.
    #[test]
    fn damage_is_told(at in 0usize..100_000, with in "[<>&;/a\"' ]{0,3}") {
        let mut text = xccdf("X", RELEASE, &[invented("V-1", "SV-1r1_rule"), invented("V-2", "SV-2r1_rule")]);
        let at = (at % text.len()..text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        let end = (at + 1..=text.len()).find(|end| text.is_char_boundary(*end)).unwrap_or(text.len());
        text.replace_range(at..end.max(at), &with);
        let text = mke_stig::intake::decode("f", text.into_bytes()).unwrap();
        let first = read_benchmarks("f", &text);
        if let Err(problems) = &first {
            prop_assert!(problems.iter().all(|problem| problem.place.is_some() && problem.file == "f"));
        }
        prop_assert_eq!(first, read_benchmarks("f", &text));
    }

    /// Text between the marks of a description is cut by the marks alone.
    #[test]
    fn discussions_hold_anything(words in "[a-z<>&/ ]{0,40}") {
        prop_assume!(!words.contains("VulnDiscussion"));
        let marked = escaped(&format!("<VulnDiscussion>{words}</VulnDiscussion><Documentable>false</Documentable>"));
        let text = format!("<Benchmark><Rule id='SV-1r1_rule'><description>{marked}</description></Rule></Benchmark>");
        let benchmark = one(&text);
        prop_assert_eq!(benchmark.rules[0].discussion.as_str(), words.trim());
    }
}
