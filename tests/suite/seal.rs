//! Evidence archives: the same bytes from the same inputs, the same verdicts from the same bytes, and a word on whatever
//! differs.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use mke_stig::evidence::sealed::{Content, Part, Sealed, seal};
use mke_stig::model::digest::Algorithm;

use crate::common::archives::{tar, zst};
use crate::common::snapshot::Snapshot;
use crate::common::{Ran, contents, names_in, program};

/// Runs the program in a folder.
pub(crate) fn run_in(folder: &Path, line: &str) -> Ran {
    let output = program().current_dir(folder).args(line.split(' ')).output().unwrap();
    Ran {
        code: output.status.code().unwrap(),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

fn done(folder: &Path, line: &str) -> String {
    let ran = run_in(folder, line);
    assert_eq!(ran.code, 0, "{line}: {ran:?}");
    ran.out
}

/// A folder with the sample as an archive, an SSP and the reports of both.
pub(crate) fn desk() -> tempfile::TempDir {
    let desk = tempfile::tempdir().unwrap();
    let archive = zst(&tar(&Snapshot::sample().files(), "snap/"), 1 << 20);
    fs::write(desk.path().join("snap.tar.zst"), archive).unwrap();
    fs::copy(crate::common::sample_folder().with_file_name("ssp.yaml"), desk.path().join("ssp.yaml")).unwrap();
    done(desk.path(), "analyze snap.tar.zst --ssp ssp.yaml -f json,evidence --asset-name A-1 -o r -q");
    desk
}

pub(crate) const SEAL: &str = "seal snap.tar.zst --ssp ssp.yaml --assessment r -o x.tar.zst";

/// The members of an archive with their content.
pub(crate) fn unsealed(path: &Path) -> BTreeMap<String, Vec<u8>> {
    let sealed = Sealed::open(path).unwrap();
    let names: Vec<String> = sealed.members().map(|(name, _)| name.to_owned()).collect();
    names.into_iter().map(|name| (name.clone(), sealed.bytes(&name, 1 << 30).unwrap())).collect()
}

/// Seals members under a manifest that fits them.
pub(crate) fn sealed_of(members: BTreeMap<String, Vec<u8>>, path: &Path) {
    let parts = members.into_iter().filter(|(name, _)| !name.starts_with("MANIFEST"));
    let parts = parts.map(|(name, content)| Part { name, content: Content::Bytes(content) }).collect();
    let file = fs::File::create(path).unwrap();
    seal(parts, Algorithm::Sha256, file, &mut |_| Ok(Vec::new()), &|| false).unwrap();
}

#[test]
fn the_same_inputs_give_the_same_bytes_and_the_same_verdicts() {
    let (one, two) = (desk(), desk());
    let said = done(one.path(), SEAL);
    assert!(
        said.contains("replayed: assessing it again gives all 44 verdicts and every byte of assessment.json"),
        "{said}"
    );
    assert_eq!(done(two.path(), SEAL), said);
    let bytes = fs::read(one.path().join("x.tar.zst")).unwrap();
    assert!(bytes == fs::read(two.path().join("x.tar.zst")).unwrap(), "two desks give two archives");
    // Sealing again replaces the archive with its equal, and leaves nothing beside it.
    done(one.path(), SEAL);
    assert!(bytes == fs::read(one.path().join("x.tar.zst")).unwrap());
    assert_eq!(names_in(one.path()), ["r", "snap.tar.zst", "ssp.yaml", "x.tar.zst"]);
    assert!(done(one.path(), "verify x.tar.zst").starts_with("x.tar.zst: whole; "));
    let replayed = done(one.path(), "replay x.tar.zst");
    assert!(
        replayed.starts_with("x.tar.zst: the same; assessing the sealed inputs again gives all 44 verdicts"),
        "{replayed}"
    );
    let members = unsealed(&one.path().join("x.tar.zst"));
    assert_eq!(members["inputs/1/snap.tar.zst"], fs::read(one.path().join("snap.tar.zst")).unwrap());
    assert_eq!(members["ssp/ssp.yaml"], fs::read(one.path().join("ssp.yaml")).unwrap());
    for (name, content) in contents(&one.path().join("r")) {
        assert!(members[&format!("reports/{name}")] == content, "{name}");
    }
    assert!(members.contains_key("sbom.cdx.json") && members.contains_key("rules/1-mke-stig-v2r1/V-260903.yaml"));
}

#[test]
fn a_folder_and_sha384_are_sealed_too() {
    let desk = tempfile::tempdir().unwrap();
    Snapshot::sample().write(&desk.path().join("snap"));
    done(desk.path(), "analyze snap -f json -o r -q");
    let said = done(desk.path(), "seal snap --assessment r --digest sha384 -o x.tar.zst");
    let digest = said.split("SHA-384 of MANIFEST.sha384: ").nth(1).unwrap().lines().next().unwrap();
    let members = unsealed(&desk.path().join("x.tar.zst"));
    assert_eq!(Algorithm::Sha384.of(&members["MANIFEST.sha384"]), digest);
    assert!(members.contains_key("inputs/1/snap/manifest.jsonl"));
    assert!(done(desk.path(), "verify x.tar.zst").contains("match MANIFEST.sha384"));
    assert!(done(desk.path(), "replay x.tar.zst").contains("the same"));
}

#[test]
fn files_that_are_given_one_by_one_keep_their_folders_when_they_are_sealed() {
    let desk = tempfile::tempdir().unwrap();
    let mut paths = Vec::new();
    for (path, content) in crate::whole_lists::site() {
        let file = desk.path().join("secret-project").join(&path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, content).unwrap();
        paths.push(format!("secret-project/{path}"));
    }
    let inputs = paths.join(" ");
    done(desk.path(), &format!("analyze {inputs} -f json -o r -q"));
    done(desk.path(), &format!("seal {inputs} --assessment r -o x.tar.zst"));
    assert!(done(desk.path(), "replay x.tar.zst").contains("the same"));
    let members = unsealed(&desk.path().join("x.tar.zst"));
    let record: serde_json::Value = serde_json::from_slice(&members["evidence.json"]).unwrap();
    let folder = |path: &str| {
        let number = paths.iter().position(|known| known.ends_with(path)).unwrap();
        record["inputs"][number].get("folder").cloned()
    };
    assert!(folder("w1/info.json").is_some() && folder("w1/info.json") == folder("w1/containers.json"));
    assert_ne!(folder("w1/info.json"), folder("m1/info.json"));
    assert_eq!(folder("nodes.json"), None);
    assert!(!String::from_utf8_lossy(&members["evidence.json"]).contains("secret-project"));
}

#[test]
fn what_does_not_come_out_again_is_not_sealed() {
    let desk = desk();
    let ran = run_in(desk.path(), "seal snap.tar.zst --assessment r -o x.tar.zst");
    assert!(ran.trouble().contains("nothing was sealed"), "{ran:?}");
    assert!(run_in(desk.path(), "seal snap.tar.zst --assessment r -o r/x.tar.zst").trouble().contains("made of"));
    assert!(run_in(desk.path(), "seal nosuch --assessment r -o x.tar.zst").trouble().contains("cannot read"));
    assert_eq!(names_in(desk.path()), ["r", "snap.tar.zst", "ssp.yaml"]);
}

#[test]
fn one_member_is_read_by_the_index_and_only_if_it_is_the_manifests() {
    let desk = desk();
    done(desk.path(), SEAL);
    let output = program()
        .current_dir(desk.path())
        .args(["replay", "x.tar.zst", "--extract", "inputs/1/snap.tar.zst"])
        .output()
        .unwrap();
    assert!(output.stdout == fs::read(desk.path().join("snap.tar.zst")).unwrap());
    done(desk.path(), "replay x.tar.zst --extract ssp/ssp.yaml -o back.yaml");
    assert_eq!(fs::read(desk.path().join("back.yaml")).unwrap(), fs::read(desk.path().join("ssp.yaml")).unwrap());
    assert!(run_in(desk.path(), "replay x.tar.zst --extract ../ssp.yaml").trouble().contains("no member"));
    let mut members = unsealed(&desk.path().join("x.tar.zst"));
    let manifest = members["MANIFEST.sha256"].clone();
    members.insert("ssp/ssp.yaml".to_owned(), b"other".to_vec());
    let parts = members.into_iter().filter(|(name, _)| name != "MANIFEST.sha256");
    let parts = parts.map(|(name, content)| Part { name, content: Content::Bytes(content) }).collect();
    // The old manifest over changed members: the one that `seal` makes is laid aside.
    let path = desk.path().join("lie.tar.zst");
    let mut bytes = Vec::new();
    seal(parts, Algorithm::Sha256, &mut bytes, &mut |_| Ok(Vec::new()), &|| false).unwrap();
    let mut decoded = Vec::new();
    zstd::stream::read::Decoder::new(bytes.as_slice()).unwrap().read_to_end(&mut decoded).unwrap();
    decoded[512..512 + manifest.len()].copy_from_slice(&manifest);
    fs::write(&path, reframed(&decoded)).unwrap();
    let ran = run_in(desk.path(), "replay lie.tar.zst --extract ssp/ssp.yaml");
    assert!(ran.trouble().contains("is not what MANIFEST.sha256 says"), "{ran:?}");
    let ran = run_in(desk.path(), "verify lie.tar.zst");
    assert!(ran.code == 1 && ran.out.contains("ssp/ssp.yaml: its SHA-256 is"), "{ran:?}");
    assert_eq!(run_in(desk.path(), "replay lie.tar.zst").code, 1);
}

/// A tar of one-frame members as an archive with an index.
fn reframed(tar: &[u8]) -> Vec<u8> {
    let mut frames = Vec::new();
    let mut at = 0;
    while tar[at] != 0 {
        let size = std::str::from_utf8(&tar[at + 124..at + 135]).unwrap();
        let end = at + 512 + usize::from_str_radix(size, 8).unwrap().next_multiple_of(512);
        frames.push(&tar[at..end]);
        at = end;
    }
    frames.push(&tar[at..]);
    indexed(&frames.iter().map(|frame| (*frame, frame.len())).collect::<Vec<_>>())
}

/// Frames with a table that says of each the size that it is given.
fn indexed(frames: &[(&[u8], usize)]) -> Vec<u8> {
    let number = |number: usize| u32::try_from(number).unwrap().to_le_bytes();
    let (mut out, mut table) = (Vec::new(), Vec::new());
    for (frame, said) in frames {
        let packed = zstd::encode_all(*frame, 1).unwrap();
        table.extend([number(packed.len()), number(*said)].concat());
        out.extend(packed);
    }
    table.extend([number(frames.len()).as_slice(), &[0], &0x8F92_EAB1_u32.to_le_bytes()].concat());
    out.extend(0x184D_2A5E_u32.to_le_bytes());
    out.extend(number(table.len()));
    out.extend(table);
    out
}

/// A small archive, and the folder that it lies in.
fn small() -> (tempfile::TempDir, PathBuf, Vec<u8>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.tar.zst");
    sealed_of([("a".to_owned(), b"one".repeat(100)), ("b/c".to_owned(), Vec::new())].into(), &path);
    let bytes = fs::read(&path).unwrap();
    (folder, path, bytes)
}

#[test]
fn a_changed_byte_anywhere_in_an_archive_is_told() {
    let (folder, path, bytes) = small();
    assert_eq!(run_in(folder.path(), "verify x.tar.zst").code, 0);
    // Some bits of a compressed block mean nothing: what is decoded is then the same, and so is the archive.
    let decoded = |bytes: &[u8]| zstd::stream::decode_all(bytes).ok();
    let before = decoded(&bytes);
    let mut told = 0;
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 1 << (at % 8);
        fs::write(&path, &changed).unwrap();
        let ran = run_in(folder.path(), "verify x.tar.zst");
        let same = decoded(&changed) == before && changed[bytes.len() - 60..] == bytes[bytes.len() - 60..];
        assert!((ran.code != 0 || same) && !ran.err.contains("panicked"), "byte {at} of {}: {ran:?}", bytes.len());
        told += usize::from(ran.code != 0);
    }
    assert!(told * 10 > bytes.len() * 9, "{told} of {}", bytes.len());
    for cut in [1, 8, 9, 17, 60, bytes.len() / 2] {
        fs::write(&path, &bytes[..bytes.len() - cut]).unwrap();
        assert_ne!(run_in(folder.path(), "verify x.tar.zst").code, 0, "cut by {cut}");
    }
}

#[test]
fn an_index_that_lies_and_members_that_hide_are_told() {
    let (folder, path, bytes) = small();
    let mut decoded = Vec::new();
    zstd::stream::read::Decoder::new(bytes.as_slice()).unwrap().read_to_end(&mut decoded).unwrap();
    let frames: Vec<&[u8]> = vec![&decoded[..1024], &decoded[1024..2048], &decoded[2048..2560], &decoded[2560..]];
    let said = |sizes: [usize; 4]| indexed(&frames.iter().copied().zip(sizes).collect::<Vec<_>>());
    let honest = said([1024, 1024, 512, 1024]);
    let again = [&frames[..2], &frames[1..]].concat();
    let twice = indexed(&again.iter().map(|frame| (*frame, frame.len())).collect::<Vec<_>>());
    let swapped = [frames[0], frames[2], frames[1], frames[3]];
    let swapped = indexed(&swapped.iter().map(|frame| (*frame, frame.len())).collect::<Vec<_>>());
    let mut outside = decoded.clone();
    outside[1024..1028].copy_from_slice(b"../a");
    let mut skipped = vec![0x50, 0x2a, 0x4d, 0x18, 4, 0, 0, 0, 1, 2, 3, 4];
    skipped.extend(&honest);
    let mut after = honest.clone();
    after.extend(zstd::encode_all(b"more".as_slice(), 1).unwrap());
    let huge = said([1024, 1024, 512, 1 << 30]);
    let cases: [(&str, Vec<u8>, i32); 9] = [
        ("honest", honest.clone(), 0),
        ("another border", said([1536, 512, 512, 1024]), 1),
        ("a huge frame", huge, 1),
        ("no index", zstd::encode_all(decoded.as_slice(), 1).unwrap(), 1),
        ("a name outside", reframed_as(&outside), 1),
        ("a member twice", twice, 1),
        ("another order", swapped, 1),
        ("bytes that are skipped", skipped, 1),
        ("bytes after the index", after, 1),
    ];
    for (name, bytes, code) in cases {
        fs::write(&path, bytes).unwrap();
        let ran = run_in(folder.path(), "verify x.tar.zst");
        assert_eq!((ran.code, ran.err.as_str()), (code, ""), "{name}: {}", ran.out);
    }
}

fn reframed_as(decoded: &[u8]) -> Vec<u8> {
    let frames = [&decoded[..1024], &decoded[1024..2048], &decoded[2048..2560], &decoded[2560..]];
    indexed(&frames.map(|frame| (frame, frame.len())))
}

#[test]
fn a_bomb_in_a_frame_is_bounded() {
    let (folder, path, _) = small();
    let zeros = vec![0; 600 << 20];
    let mut header = tar::Header::new_ustar();
    header.set_path("a").unwrap();
    header.set_size(zeros.len() as u64);
    header.set_cksum();
    let bomb = zstd::encode_all([header.as_bytes().as_slice(), &zeros].concat().as_slice(), 1).unwrap();
    fs::write(&path, bomb).unwrap();
    let ran = run_in(folder.path(), "verify x.tar.zst");
    assert!(ran.code == 2 && ran.out.contains("--max-ratio"), "{ran:?}");
}

#[test]
fn what_differs_is_named() {
    let desk = desk();
    done(desk.path(), SEAL);
    let members = unsealed(&desk.path().join("x.tar.zst"));
    let with = |name: &str, from: &str, to: &str| {
        let mut members = members.clone();
        let text = String::from_utf8(members[name].clone()).unwrap();
        assert!(text.contains(from), "{name}");
        members.insert(name.to_owned(), text.replacen(from, to, 1).into_bytes());
        sealed_of(members, &desk.path().join("y.tar.zst"));
        assert_eq!(run_in(desk.path(), "verify y.tar.zst").code, 0);
        run_in(desk.path(), "replay y.tar.zst")
    };
    let ran = with("reports/assessment.json", "\"status\": \"open\"", "\"status\": \"not_a_finding\"");
    assert!(ran.code == 1 && ran.out.starts_with("y.tar.zst: NOT THE SAME"), "{ran:?}");
    assert!(ran.out.contains("it contradicts itself"), "{ran:?}");
    let ran = with("evidence.json", "\"ssp\": {", "\"no_ssp\": {");
    assert!(ran.code == 1 && ran.out.contains("now Not Reviewed"), "{ran:?}");
    let ran = with("evidence.json", "\"version\": \"0.1.0\"", "\"version\": \"0.0.9\"");
    assert_eq!(ran.code, 0, "another version with the same result is the same: {ran:?}");
    let ran = with("rules/1-mke-stig-v2r1/V-260930.yaml", "\nid:", "\nnew_key: 1\nid:");
    assert!(ran.code == 1, "{ran:?}");
    assert!(
        ran.out.contains("possible cause: the rule pack `mke-stig-v2r1` is not the one that was recorded"),
        "{ran:?}"
    );
    assert!(ran.out.contains("cannot read all of the rule pack"), "{ran:?}");
    let ran = with("evidence.json", "mke-stig.sealed/1", "mke-stig.sealed/9");
    assert!(ran.trouble().contains("replay it with the version that sealed it"), "{ran:?}");
}
