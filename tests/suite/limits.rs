//! Every bound on the input stands in one table, which README.md has and the command line agrees with.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mke_stig::archive::Limits;
use mke_stig::evidence::redact::{Names, RedactError, find_names};
use mke_stig::evidence::sealed::{Content, Part, seal};
use mke_stig::facts::{Shape, Splitter};
use mke_stig::model::digest::Algorithm;
use mke_stig::model::limits::{TABLE, markdown};

use crate::common::archives::{tar, xz};
use crate::common::snapshot::Files;
use crate::common::{Ran, in_parallel, repository_sources, repository_text, run};

#[test]
fn the_readme_has_the_table_of_bounds() {
    let table = markdown();
    assert!(repository_text("README.md").contains(&table), "README.md lacks this table:\n{table}");
}

#[test]
fn every_option_of_the_table_has_its_default() {
    let help = run(["analyze", "--help"]).out;
    for limit in TABLE.iter().filter(|limit| limit.option.starts_with("--")) {
        let text = help.split(&format!("{} <", limit.option)).nth(1).unwrap_or_else(|| panic!("no {}", limit.option));
        let default = text.split("[default: ").nth(1).and_then(|text| text.split(']').next());
        assert_eq!(default, Some(limit.value.to_string().as_str()), "{}", limit.option);
    }
}

#[test]
fn threads_are_bounded_at_the_limit() {
    for (number, fits) in [("0", false), ("1", true), ("255", true), ("256", true), ("257", false)] {
        let ran = run(["inspect", "testdata/sample", "-j", number]);
        assert_eq!(ran.code == 0, fits, "{number}: {ran:?}");
    }
}

/// Whether an input that has this many of what is bounded is read.
type Fits = fn(&Desk, u64) -> bool;

/// How a bound is tried.
enum Tried {
    /// At the bound less this, at the bound, and at the bound and this more.
    Edge(u64, Fits),
    /// The bound is set lower by its option, to what the input has, one less and one more.
    Option(u64, Fits),
    /// By a test of this name.
    By(&'static str),
    /// Not at its edge, for this reason.
    Not(&'static str),
}

struct Desk(tempfile::TempDir);

const INFO: &[u8] = br#"{"Name":"w1","ID":"x","DockerRootDir":"/var/lib/docker","ServerVersion":"25"}"#;

impl Desk {
    fn put(&self, path: &str, content: &[u8]) -> PathBuf {
        let path = self.0.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        path
    }

    /// A file of this size whose content is nothing.
    fn sparse(&self, path: &str, size: u64) -> PathBuf {
        let path = self.put(path, b"");
        fs::OpenOptions::new().write(true).open(&path).unwrap().set_len(size).unwrap();
        path
    }

    fn run(line: &[&str], path: &Path) -> Ran {
        let path = path.to_str().unwrap();
        run(line.iter().map(|word| if *word == "{}" { path } else { word }))
    }

    fn says(line: &[&str], path: &Path, what: &str) -> bool {
        let ran = Self::run(line, path);
        assert!(!ran.err.contains("panicked"), "{ran:?}");
        format!("{}{}", ran.out, ran.err).contains(what)
    }
}

fn size(number: u64) -> usize {
    usize::try_from(number).unwrap()
}

fn one(path: &str, content: &[u8]) -> Files {
    Files::from([(path.to_owned(), content.to_vec())])
}

fn info() -> Files {
    one("nodes/w1/docker/info.json", INFO)
}

/// An input of one file of 1000 bytes under a path of 25 bytes, inspected with a bound.
fn with_option(desk: &Desk, option: &str, bound: u64) -> bool {
    let text = format!("{{\"Name\":\"w1\",\"pad\":\"{}\"}}", "x".repeat(1000 - 22));
    assert_eq!(text.len(), 1000);
    desk.put("in/nodes/w1/docker/info.json", text.as_bytes());
    Desk::run(&["inspect", "{}", option, &bound.to_string()], &desk.0.path().join("in")).code == 0
}

fn depth(desk: &Desk, number: u64) -> bool {
    let mut bytes = tar(&info(), "");
    for level in 0..number {
        bytes = tar(&one(&format!("a{level}.tar"), &bytes), "");
    }
    Desk::says(&["inspect", "{}"], &desk.put("d.tar", &bytes), "w1")
}

/// What stands around a list is what is left of it without its elements.
fn envelope(_: &Desk, number: u64) -> bool {
    let begin = "{\"pad\":\"";
    let end = "\",\"items\":[]}";
    let text = format!("{begin}{}{end}", "x".repeat(size(number) - begin.len() - end.len()));
    Splitter::new(Shape::ListUnder("items")).scan(text.as_bytes(), true, &mut Vec::new()).is_ok()
}

fn nested_zip(desk: &Desk, number: u64) -> bool {
    let zip = |length: usize| {
        let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
        let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        writer.start_file("pad.bin", stored).unwrap();
        writer.write_all(&vec![0; length]).unwrap();
        writer.start_file("nodes/w1/docker/info.json", stored).unwrap();
        writer.write_all(INFO).unwrap();
        writer.finish().unwrap().into_inner()
    };
    let around = zip(1000).len() - 1000;
    let bytes = zip(size(number) - around);
    assert_eq!(bytes.len() as u64, number);
    Desk::says(&["inspect", "{}"], &desk.put("z.tar", &tar(&one("z.zip", &bytes), "")), "w1")
}

/// The bound is a power of two, and the next window that a header can ask for is an eighth more.
fn window(desk: &Desk, number: u64) -> bool {
    let bytes = tar(&info(), "");
    let exponent = number.ilog2();
    let eighths = (number - (1 << exponent)) >> (exponent - 3);
    let descriptor = u8::try_from(((exponent - 10) << 3) + u32::try_from(eighths).unwrap()).unwrap();
    let block = u32::try_from(bytes.len() << 3 | 1).unwrap().to_le_bytes();
    let frame = [&b"\x28\xb5\x2f\xfd\0"[..], &[descriptor], &block[..3], &bytes].concat();
    Desk::run(&["inspect", "{}"], &desk.put("w.tar.zst", &frame)).code == 0
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |mut sum, byte| {
        sum ^= u32::from(*byte);
        for _ in 0..8 {
            sum = if sum & 1 == 1 { sum >> 1 ^ 0xedb8_8320 } else { sum >> 1 };
        }
        sum
    })
}

/// A decoder takes its dictionary and some more, so that the largest dictionary within the bound is 96 MiB.
fn dictionary(desk: &Desk, number: u64) -> bool {
    let mut bytes = xz(&tar(&info(), ""));
    let exponent = number.ilog2();
    let half = u8::from(number > 1 << exponent);
    let end = 12 + (usize::from(bytes[12]) + 1) * 4;
    let at = 12 + bytes[12..end].windows(2).position(|two| two == [0x21, 1]).unwrap() + 2;
    bytes[at] = u8::try_from((exponent - 12) * 2).unwrap() + half;
    let sum = crc32(&bytes[12..end - 4]);
    bytes[end - 4..end].copy_from_slice(&sum.to_le_bytes());
    Desk::run(&["inspect", "{}"], &desk.put("x.tar.xz", &bytes)).code == 0
}

fn tar_header(desk: &Desk, number: u64) -> bool {
    let begin = format!("{number} comment=");
    let mut record = format!("{begin}{}\n", "a".repeat(size(number) - begin.len() - 1)).into_bytes();
    let mut header = tar::Header::new_ustar();
    header.set_path("pax").unwrap();
    header.set_entry_type(tar::EntryType::XHeader);
    header.set_size(number);
    header.set_mode(0o644);
    header.set_cksum();
    record.resize(record.len().next_multiple_of(512), 0);
    let bytes = [header.as_bytes(), &record[..], &tar(&info(), "")].concat();
    Desk::run(&["inspect", "{}"], &desk.put("t.tar", &bytes)).code == 0
}

fn yaml(desk: &Desk, number: u64) -> bool {
    let text = "apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: b, uid: u}\nspec: {containers: []}\n#";
    let text = format!("{text}{}\n", "x".repeat(size(number) - text.len() - 1));
    !Desk::says(&["inspect", "{}"], &desk.put("pods.yaml", text.as_bytes()), "too large to read")
}

fn certificates(desk: &Desk, number: u64) -> bool {
    let block = |number: u64| {
        let text = STANDARD.encode(number.to_be_bytes());
        format!("-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n")
    };
    desk.put("c/cluster/mke/ca.pem", (0..number).map(block).collect::<String>().as_bytes());
    certificate_says(desk, "it has more than 500 certificates")
}

/// The bound is on its text.
fn certificate(desk: &Desk, number: u64) -> bool {
    let text = format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", "A".repeat(size(number)));
    desk.put("c/cluster/mke/ca.pem", text.as_bytes());
    certificate_says(desk, "does not end")
}

fn certificate_says(desk: &Desk, what: &str) -> bool {
    let out = desk.0.path().join("out");
    let input = desk.0.path().join("c");
    let line = ["analyze", input.to_str().unwrap(), "-f", "json", "-q", "-o", "{}"];
    assert_eq!(Desk::run(&line, &out).code, 0);
    let text = fs::read_to_string(out.join("assessment.json")).unwrap();
    assert!(text.contains("ca.pem: "));
    !text.contains(what)
}

fn people(desk: &Desk, number: u64) -> bool {
    let text = repository_text("testdata/ssp.yaml");
    let text = format!("{text}#{}\n", "x".repeat(size(number) - text.len() - 2));
    !Desk::says(&["ssp", "check", "{}"], &desk.put("s.yaml", text.as_bytes()), "has more than")
}

fn brackets(desk: &Desk, number: u64) -> bool {
    let text = format!("a: {}{}\n", "[".repeat(size(number)), "]".repeat(size(number)));
    !Desk::says(&["ssp", "check", "{}"], &desk.put("s.yaml", text.as_bytes()), "brackets are open at once")
}

fn pack(desk: &Desk, number: u64) -> bool {
    let folder = desk.0.path().join("pack");
    fs::create_dir_all(&folder).unwrap();
    let there = fs::read_dir(&folder).unwrap().count() as u64;
    for file in there..number {
        fs::write(folder.join(format!("{file}.yaml")), "").unwrap();
    }
    !Desk::says(&["rules", "check", "{}"], &folder, "this is not a rule pack")
}

fn intake(desk: &Desk, number: u64) -> bool {
    !Desk::says(&["answers", "import", "{}"], &desk.sparse("i.ckl", number), "has more than 64 MiB")
}

fn elements(desk: &Desk, number: u64) -> bool {
    let (open, close) = ("<a>".repeat(size(number) - 1), "</a>".repeat(size(number) - 1));
    let path = desk.put("i.ckl", format!("<CHECKLIST>{open}{close}</CHECKLIST>").as_bytes());
    !Desk::says(&["answers", "import", "{}"], &path, "elements are nested more than")
}

fn attributes(desk: &Desk, number: u64) -> bool {
    let list: Vec<String> = (0..number).map(|number| format!("a{number}=\"x\"")).collect();
    let path = desk.put("i.ckl", format!("<CHECKLIST {}></CHECKLIST>", list.join(" ")).as_bytes());
    !Desk::says(&["answers", "import", "{}"], &path, "an element has more than")
}

fn reviews(desk: &Desk, number: u64) -> bool {
    let rule = vec!["{\"group_id\":\"V-260903\",\"rule_id\":\"x\",\"status\":\"open\"}"; size(number)].join(",");
    let cklb = desk.put("i.cklb", format!("{{\"title\":\"x\",\"stigs\":[{{\"rules\":[{rule}]}}]}}").as_bytes());
    let review = "<VULN><STIG_DATA><VULN_ATTRIBUTE>Vuln_Num</VULN_ATTRIBUTE><ATTRIBUTE_DATA>V-260903</ATTRIBUTE_DATA></STIG_DATA>\
                  <STATUS>Open</STATUS></VULN>";
    let text = format!("<CHECKLIST><STIGS><iSTIG>{}</iSTIG></STIGS></CHECKLIST>", review.repeat(size(number)));
    let ckl = desk.put("i.ckl", text.as_bytes());
    let fits =
        [cklb, ckl].map(|path| !Desk::says(&["answers", "import", "{}"], &path, "there are more than 50000 reviews"));
    assert_eq!(fits[0], fits[1]);
    fits[0]
}

fn digest_list(desk: &Desk, number: u64) -> bool {
    let list = desk.sparse("v/SHA256SUMS", number);
    !Desk::says(&["verify", "{}"], list.parent().unwrap(), "it has more than 268435456 bytes")
}

/// Signatures stand beside the manifest, which cannot list them.
fn signature(desk: &Desk, number: u64) -> bool {
    let part = Part { name: "inputs/x".to_owned(), content: Content::Bytes(b"x".to_vec()) };
    let mut archive = Vec::new();
    let signature = ("SIGNATURE.dsse.json".to_owned(), vec![b' '; size(number)]);
    seal(vec![part], Algorithm::Sha256, &mut archive, &mut |_| Ok(vec![signature.clone()]), &|| false).unwrap();
    let key = desk.put("key.pub", b"");
    let path = desk.put("x.tar.zst", &archive);
    let line = ["verify", "{}", "--dsse-key", key.to_str().unwrap()];
    assert_ne!(Desk::run(&line, &path).code, 0);
    !Desk::says(&line, &path, "SIGNATURE.dsse.json: the archive has none")
}

fn names(desk: &Desk, number: u64) -> bool {
    let item = |number: u64| format!("{{\"kind\":\"Namespace\",\"metadata\":{{\"name\":\"nsx{number:06}q\"}}}}");
    let items: Vec<String> = (0..number).map(item).collect();
    let text = format!("{{\"kind\":\"NamespaceList\",\"items\":[{}]}}", items.join(","));
    desk.put("n/cluster/kubectl/namespaces.json", text.as_bytes());
    match find_names(&desk.0.path().join("n"), &Limits::default(), &mut Names::default()) {
        Ok(_) => true,
        Err(RedactError::Names) => false,
        Err(error) => panic!("{error}"),
    }
}

fn redact(desk: &Desk, input: &Path, map: &Path) -> String {
    let out = desk.0.path().join("r.tar");
    let ran = run(["redact", "-o", out.to_str().unwrap(), "--map", map.to_str().unwrap(), input.to_str().unwrap()]);
    assert_eq!(ran.code, 2, "{ran:?}");
    ran.err
}

fn name_map(desk: &Desk, number: u64) -> bool {
    let input = desk.put("m/x.json", b"{}");
    !redact(desk, input.parent().unwrap(), &desk.sparse("map.yaml", number)).contains("larger than 64 MiB")
}

fn uncut(desk: &Desk, number: u64) -> bool {
    let input = desk.put("u/x.txt", &vec![b'x'; size(number)]);
    !redact(desk, input.parent().unwrap(), &desk.0.path().join("map2.yaml")).contains("without a line feed")
}

fn saved(desk: &Desk, number: u64) -> bool {
    let out = desk.0.path().join("out");
    let path = desk.sparse("a.json", number);
    !Desk::says(&["report", "{}", "-o", out.to_str().unwrap()], &path, "an assessment has at most")
}

fn tried(what: &str) -> Tried {
    match what {
        "entries over all inputs" => Tried::By("every_limit_names_its_member_and_option"),
        "decoded bytes over all inputs" => Tried::Option(1000, |desk, bound| with_option(desk, "--max-bytes", bound)),
        "decoded bytes of one member" => {
            Tried::Option(1000, |desk, bound| with_option(desk, "--max-member-bytes", bound))
        }
        "decoded bytes for each encoded byte" => Tried::By("a_bomb_goes_off_at_the_ratio"),
        "archives within archives" => Tried::Edge(1, depth),
        "a member's path" => Tried::Option(25, |desk, bound| with_option(desk, "--max-path", bound)),
        "one object, or one file that is read whole" => Tried::By("an_object_too_large_names_the_option"),
        "what stands around a list of JSON" => Tried::Edge(1, envelope),
        "JSON values within values in a support dump's report" => {
            Tried::By("values_may_stand_in_512_values_and_not_in_513")
        }
        "threads" => Tried::By("threads_are_bounded_at_the_limit"),
        "a zip inside an archive" => Tried::Edge(1, nested_zip),
        "the window of a zstd stream" => Tried::Edge(1 << 24, window),
        "the memory of an xz decoder" => Tried::By("the_largest_dictionary_of_xz_is_96_mib"),
        "an extended header of tar" => Tried::Edge(1, tar_header),
        "a YAML file of Kubernetes objects" => Tried::Edge(1, yaml),
        "certificates of one file" => Tried::Edge(1, certificates),
        "one certificate" => Tried::Edge(1, certificate),
        "signatures tried for one certificate" => Tried::Not("a chain of 300 namesakes takes minutes to make"),
        "`ssp.yaml`, `answers.yaml`, a rule" => Tried::Edge(1, people),
        "brackets within brackets in these" => Tried::Edge(1, brackets),
        "SSP entries that one object asks for" => Tried::By("an_object_asks_for_10000_entries_and_not_for_more"),
        "files of a rule pack" => Tried::Edge(1, pack),
        "a CEL expression" => Tried::By("an_expression_has_4096_bytes_and_not_more"),
        "a benchmark, a checklist, an answer file" => Tried::Edge(1, intake),
        "XML elements within elements" => Tried::Edge(1, elements),
        "attributes of an XML element" => Tried::Edge(1, attributes),
        "answers of one checklist" => Tried::Edge(1, reviews),
        "`assessment.json`" => Tried::Edge(1, saved),
        "a list of digests" => Tried::Edge(1, digest_list),
        "members of an evidence archive" => Tried::Not("an archive of a million members takes minutes to make"),
        "a signature or time stamp" => Tried::Edge(1, signature),
        "names of a snapshot that is redacted" => Tried::Edge(1, names),
        "a map of names" => Tried::Edge(1, name_map),
        "text without a line feed or a quote in a snapshot that is redacted" => Tried::Edge(1, uncut),
        other => panic!("{other} is bounded and not tried"),
    }
}

/// Each in its own thread: some take seconds.
#[test]
fn every_bound_holds_below_at_and_above_it() {
    let sources = repository_sources();
    let problems = in_parallel(&TABLE, |limit| {
        let desk = Desk(tempfile::tempdir().unwrap());
        let (at, by, fits) = match tried(limit.what) {
            Tried::Edge(by, fits) => (limit.value, by, fits),
            // The bound moves and the input stays: one less is too little.
            Tried::Option(size, fits) => {
                let told = [size - 1, size, size + 1].map(|bound| fits(&desk, bound));
                return (told != [false, true, true]).then(|| format!("{}: {told:?}", limit.what));
            }
            Tried::By(name) => {
                let there = sources.contains(&format!("fn {name}("));
                return (!there).then(|| format!("{}: there is no test {name}", limit.what));
            }
            Tried::Not(why) => {
                assert!(!why.is_empty());
                return None;
            }
        };
        let told = [at - by, at, at + by].map(|number| fits(&desk, number));
        (told != [true, true, false]).then(|| format!("{}: {told:?}", limit.what))
    });
    let problems: Vec<String> = problems.into_iter().flatten().collect();
    assert!(problems.is_empty(), "{problems:#?}");
}

#[test]
fn the_largest_dictionary_of_xz_is_96_mib() {
    let desk = Desk(tempfile::tempdir().unwrap());
    let told = [64_u64 << 20, 96 << 20, 128 << 20, 192 << 20].map(|number| dictionary(&desk, number));
    assert_eq!(told, [true, true, false, false]);
}
