//! Support dumps: in every shape the same verdicts, and none that a dump cannot carry.

use std::collections::BTreeMap;

use crate::common::archives::{gz, tar, xz, zip, zst};
use crate::common::dump::{self, Layout};
use crate::common::snapshot::{Files, Snapshot, ssp};
use crate::common::{ROWS, assess_sources, assess_with, lets_off, rule, statuses};
use mke_stig::facts::Source;
use mke_stig::model::assessment::{Assessment, ReasonCode, Status};
use mke_stig::ssp::Ssp;

/// Rules for which a dump holds all that they need.
const CARRIED: [&str; 9] =
    ["V-260908", "V-260914", "V-260915", "V-260918", "V-260921", "V-260926", "V-260942", "V-260944", "V-260945"];

/// An input in a folder of its own, under a name.
struct Inputs {
    folder: tempfile::TempDir,
    sources: Vec<Source>,
}

impl Inputs {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), sources: Vec::new() }
    }

    fn file(mut self, name: &str, bytes: &[u8]) -> Self {
        let path = self.folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        self.sources.push(Source::Path(path));
        self
    }

    fn folder(mut self, name: &str, files: &Files) -> Self {
        let path = self.folder.path().join(name);
        crate::common::snapshot::write_files(&path, files);
        self.sources.push(Source::Path(path));
        self
    }

    fn assess(&self) -> Assessment {
        assess_sources(&self.sources)
    }

    fn with(&self, ssp: &Ssp) -> Assessment {
        assess_with(&self.sources, ssp.clone())
    }
}

fn carried(assessment: &Assessment) -> BTreeMap<String, Status> {
    CARRIED.iter().map(|id| ((*id).to_owned(), rule(assessment, id).status)).collect()
}

/// A dump lets off no rule that the whole snapshot does not let off, and decides what it carries.
fn holds(what: &str, whole: &Assessment, dump: &Assessment) {
    assert_eq!(dump.rules.len(), ROWS, "{what}");
    let was = statuses(whole);
    for result in &dump.rules {
        let before = was[&result.id];
        assert!(
            !lets_off(result.status) || result.status == before,
            "{what}: {} is {:?}, the snapshot says {before:?}",
            result.id,
            result.status
        );
    }
    for (id, wanted) in carried(whole) {
        let result = rule(dump, &id);
        // The version of MSR on Kubernetes is in its pods, which no dump holds; and whether a node runs another
        // version of MKE is in a whole list of its containers, which none holds either.
        let unknown = ["V-260944", "V-260945"].contains(&id.as_str()) && result.status == Status::NotReviewed;
        assert!(!unknown || wanted != Status::Open, "{what}: {id}");
        if unknown {
            continue;
        }
        assert_eq!(result.status, wanted, "{what}: {id}: {:?}", result.reason);
    }
    let nodes: Vec<&str> = dump.snapshot.nodes.iter().map(|node| node.name.as_str()).collect();
    assert_eq!(nodes, Snapshot::sample().nodes(), "{what}");
    for id in ["V-260913", "V-260930", "V-260940"] {
        let result = rule(dump, id);
        assert_eq!(result.status, Status::NotReviewed, "{what}: {id}");
    }
}

fn shapes(snapshot: &Snapshot) -> Vec<(&'static str, Inputs)> {
    let nested = dump::cluster(snapshot, Layout::Nested);
    let mut shapes = vec![
        ("zip with a root folder", Inputs::new().file("docker-support x.zip", &dump::zipped(&nested))),
        ("zip without", Inputs::new().file("a", &zip(&nested, ""))),
        ("unpacked", Inputs::new().folder("dump", &nested)),
        ("flat", Inputs::new().folder("dump", &dump::cluster(snapshot, Layout::Flat))),
        ("flat, zipped", Inputs::new().file("d.zip", &zip(&dump::cluster(snapshot, Layout::Flat), "top/"))),
        ("beside", Inputs::new().folder("dump", &dump::cluster(snapshot, Layout::Beside))),
        ("tar.zst", Inputs::new().file("d", &zst(&tar(&nested, "docker-support-20261118-08_20_00/"), 1 << 16))),
        ("tar.xz", Inputs::new().file("d", &xz(&tar(&nested, "docker-support-20261118-08_20_00/")))),
        ("only the report of all", Inputs::new().folder("dump", &dump::only_root(snapshot))),
        ("the report of all, in a tgz", Inputs::new().file("d", &dump::tgz(&dump::only_root(snapshot)))),
    ];
    let mut both = nested.clone();
    both.extend(dump::only_root(snapshot));
    shapes.push(("files and the report of all", Inputs::new().file("d.zip", &dump::zipped(&both))));
    shapes.push(("files and the report of all, unpacked", Inputs::new().folder("d", &both)));
    // Single nodes, and what only a manager's dump of the cluster says.
    let mut alone = Inputs::new();
    for (number, node) in snapshot.nodes().iter().enumerate() {
        let archive = dump::tgz(&dump::node(snapshot, node));
        let bytes = if number == 0 { [b"INFO[0000] collecting\n".as_slice(), &archive].concat() } else { archive };
        alone = match number {
            4 => alone.folder("out", &dump::node(snapshot, node)),
            5 => {
                let files = dump::node(snapshot, node).into_iter();
                let files =
                    files.map(|(path, content)| (path.trim_start_matches("dsinfo/").to_owned(), content)).collect();
                alone.folder("dsinfo", &files)
            }
            _ => alone.file(&format!("docker-support-{node}-20261118-08_20_00.tgz"), &bytes),
        };
    }
    let root: Files =
        nested.iter().filter(|(path, _)| !path.contains('/')).map(|(p, c)| (p.clone(), c.clone())).collect();
    shapes.push(("nodes one by one", alone.folder("root", &root)));
    shapes
}

#[test]
fn every_shape_gives_the_verdicts_that_it_carries() {
    for (snapshot, ssp) in [(Snapshot::sample(), Ssp::default()), (Snapshot::passing(), ssp())] {
        let whole = Inputs::new().folder("s", &snapshot.files()).with(&ssp);
        for (what, inputs) in shapes(&snapshot) {
            holds(what, &whole, &inputs.with(&ssp));
        }
    }
}

#[test]
fn rules_on_users_containers_are_partial() {
    let files = dump::cluster(&Snapshot::passing(), Layout::Nested);
    let after = Inputs::new().folder("d", &files).with(&ssp());
    for id in ["V-260913", "V-260930", "V-260934", "V-260940"] {
        let reason = rule(&after, id).reason.as_ref().unwrap();
        assert!(reason.text.contains("not those of users"), "{id}: {reason:?}");
        assert!(reason.text.contains("docker inspect"), "{id}: {reason:?}");
        // The rule on networks reads pods too, and of these a dump has none.
        let code = if id == "V-260913" { ReasonCode::Missing } else { ReasonCode::Partial };
        assert_eq!(reason.code, code, "{id}: {reason:?}");
    }
    assert!(after.snapshot.nodes.iter().all(|node| node.kinds["docker.container"] == "partial"));
}

#[test]
fn a_dump_in_a_snapshot_completes_it() {
    for bytes in [dump::zipped as fn(&Files) -> Vec<u8>, dump::tgz] {
        let sample = Snapshot::sample();
        let mut poor = sample.part(|path| path.starts_with("cluster/"));
        poor.set("cluster/support/support-dump.zip", bytes(&dump::cluster(&sample, Layout::Nested)));
        let whole = Inputs::new().folder("s", &sample.files()).assess();
        for inputs in [
            Inputs::new().folder("s", &poor.files()),
            Inputs::new().file("s.tar.zst", &zst(&tar(&poor.files(), "mke-snapshot-atlas/"), 1 << 20)),
            Inputs::new().file("s.zip", &zip(&poor.files(), "")),
        ] {
            let after = inputs.assess();
            assert_eq!(carried(&after), carried(&whole), "{:?}", after.snapshot.warnings);
            assert!(after.snapshot.integrity.problems.is_empty(), "{:?}", after.snapshot.integrity);
            let line = rule(&after, "V-260908").evidence.iter().find(|line| line.node.is_some()).unwrap();
            assert!(line.member.contains("cluster/support/support-dump.zip!"), "{line:?}");
        }
    }
}

#[test]
fn a_forged_dump_in_a_snapshot_is_not_trusted() {
    let passing = Snapshot::passing();
    let mut poor = passing.part(|path| path.starts_with("cluster/"));
    poor.set("cluster/support/d.zip", dump::zipped(&dump::cluster(&passing, Layout::Nested)));
    let forged = dump::zipped(&dump::cluster(&Snapshot::sample(), Layout::Flat));
    poor.members.insert("cluster/support/d.zip".to_owned(), forged);
    let after = Inputs::new().folder("s", &poor.files()).with(&ssp());
    assert_eq!(rule(&after, "V-260908").status, Status::NotReviewed);
}

#[test]
fn dumps_of_nodes_in_one_folder_are_looked_into() {
    let sample = Snapshot::sample();
    let mut files = Files::new();
    for node in sample.nodes() {
        files.insert(format!("{node}.tgz"), dump::tgz(&dump::node(&sample, &node)));
    }
    let nested = dump::cluster(&sample, Layout::Nested);
    files.extend(nested.into_iter().filter(|(path, _)| !path.contains('/')));
    let whole = Inputs::new().folder("s", &sample.files()).assess();
    holds("one folder", &whole, &Inputs::new().folder("all", &files).assess());
}

#[test]
fn a_node_that_failed_is_missing() {
    let sample = Snapshot::passing();
    let mut files = dump::cluster(&sample, Layout::Nested);
    files.retain(|path, _| !path.starts_with("wrk-2/"));
    files.insert("wrk-2.error".to_owned(), b"timed out".to_vec());
    files.insert("wrk-9.error".to_owned(), b"timed out".to_vec());
    let after = Inputs::new().folder("d", &files).with(&ssp());
    let result = rule(&after, "V-260908");
    assert_eq!(result.status, Status::NotReviewed);
    assert!(result.reason.as_ref().unwrap().text.contains("the support dump of this node failed"), "{result:?}");
    assert!(after.snapshot.nodes.iter().any(|node| node.name == "wrk-9"));
    let warnings = after.snapshot.warnings.join("\n");
    assert!(warnings.contains("failed on wrk-2, wrk-9"), "{warnings}");
    assert!(warnings.contains("under 2 MB"), "{warnings}");
    assert!(warnings.contains("has nothing of 2 of 7 nodes"), "{warnings}");
}

#[test]
fn a_dump_that_lacks_one_file_passes_nothing_more() {
    let files = dump::cluster(&Snapshot::passing(), Layout::Nested);
    let base = Inputs::new().folder("d", &files).with(&ssp());
    let paths: Vec<&String> = files.keys().filter(|path| !path.contains("/logs/")).collect();
    let wrong = crate::common::in_parallel(&paths, |path| {
        let mut wrong = Vec::new();
        for instead in [None, Some(b"".as_slice()), Some(b"{}"), Some(b"[]"), Some(b"Error: no such object")] {
            let mut changed = files.clone();
            match instead {
                None => changed.remove(*path),
                Some(bytes) => changed.insert((*path).clone(), bytes.to_vec()),
            };
            let list: Vec<(String, Vec<u8>)> = changed.into_iter().collect();
            let after = assess_with(&[Source::Files { name: "in".into(), files: list }], ssp());
            for (id, before) in statuses(&base) {
                let now = rule(&after, &id).status;
                if lets_off(now) && now != before {
                    wrong.push(format!("{path} as {instead:?}: {id} went from {before:?} to {now:?}"));
                }
                let reports = path.ends_with("dsinfo.json") || path.ends_with("config.json");
                let read = rule(&base, &id).evidence.iter().any(|line| line.member.ends_with(path.as_str()));
                if reports && read && before == Status::NotAFinding && now == before {
                    wrong.push(format!("{path} as {instead:?}: {id} stayed {now:?}"));
                }
            }
        }
        wrong
    })
    .concat();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_newer_of_dump_and_snapshot_decides() {
    // The snapshot was taken at 08:15 on 18 November.
    let (sample, passing) = (Snapshot::sample(), Snapshot::passing());
    let dump_at = |snapshot: &Snapshot, time: &str| {
        let mut moved = snapshot.clone();
        for node in snapshot.nodes() {
            moved.change(&format!("nodes/{node}/docker/info.json"), |info| info["SystemTime"] = time.into());
        }
        dump::zipped(&dump::cluster(&moved, Layout::Nested))
    };
    let both = |snapshot: &Snapshot, dump: &[u8]| {
        Inputs::new().folder("s", &snapshot.files()).file("d.zip", dump).with(&ssp())
    };
    let status = |assessment: &Assessment, id: &str| rule(assessment, id).status;
    let id = "V-260918";
    let after = both(&passing, &dump_at(&sample, "2026-10-01T00:00:00Z"));
    assert_eq!(status(&after, id), Status::NotAFinding);
    assert!(rule(&after, id).evidence.iter().any(|line| line.seen.contains("does not decide")));
    assert!(rule(&after, id).comment.contains("is newer than"), "{}", rule(&after, id).comment);
    assert_eq!(status(&both(&passing, &dump_at(&sample, "2026-11-20T00:00:00Z")), id), Status::Open);
    assert_eq!(status(&both(&sample, &dump_at(&passing, "2026-11-20T00:00:00Z")), id), Status::NotAFinding);
    assert_eq!(status(&both(&sample, &dump_at(&passing, "2026-10-01T00:00:00Z")), id), Status::Open);
    // What a dump does not carry comes from the snapshot, whichever is newer.
    for time in ["2026-10-01T00:00:00Z", "2026-11-20T00:00:00Z"] {
        let after = both(&passing, &dump_at(&passing, time));
        let alone = Inputs::new().folder("s", &passing.files()).with(&ssp());
        assert_eq!(statuses(&after), statuses(&alone), "{time}");
    }
}

#[test]
fn nodes_of_several_versions_are_all_seen() {
    let mut snapshot = Snapshot::passing();
    snapshot.change("nodes/wrk-1/docker/containers.json", |containers| {
        for container in containers.as_array_mut().unwrap() {
            if container["Name"] == "/ucp-proxy" {
                container["Config"]["Labels"]["com.docker.ucp.version"] = "3.7.1".into();
            }
        }
    });
    // The node with the old version was visited first.
    snapshot.change("nodes/wrk-1/docker/info.json", |info| info["SystemTime"] = "2026-11-18T06:00:00Z".into());
    let mut inputs = Inputs::new();
    for node in snapshot.nodes() {
        inputs = inputs.file(&format!("{node}.tgz"), &dump::tgz(&dump::node(&snapshot, &node)));
    }
    assert_eq!(rule(&inputs.with(&ssp()), "V-260945").status, Status::Open);
}

#[test]
fn evidence_names_the_file_of_each_container() {
    let files = dump::cluster(&Snapshot::sample(), Layout::Nested);
    for inputs in [Inputs::new().folder("d", &files), Inputs::new().folder("d", &dump::only_root(&Snapshot::sample()))]
    {
        let after = inputs.assess();
        let lines = &rule(&after, "V-260934").evidence;
        let mut seen = 0;
        for line in lines.iter().filter(|line| line.subject.contains("ucp-")) {
            let name = line.subject.trim_start_matches('/').split(' ').next().unwrap();
            if let Some(file) = line.member.strip_prefix("d!").and_then(|path| files.get(path)) {
                assert!(line.member.ends_with(&format!("inspect/{name}.txt")), "{line:?}");
                assert!(line.pointer.starts_with("/0"), "{line:?}");
                assert_eq!(line.sha256, crate::common::snapshot::digest(file));
            } else {
                let section = format!("~1inspect~1{name}.txt");
                assert!(line.pointer.contains(&section), "{line:?}");
            }
            seen += 1;
        }
        assert!(seen > 10, "{seen}: {lines:?}");
    }
}

#[test]
fn secrets_reach_no_report() {
    use crate::common::run;
    let sample = Snapshot::sample();
    let mut files = dump::cluster(&sample, Layout::Nested);
    files.extend(dump::only_root(&sample));
    let inputs = Inputs::new().file("d.zip", &dump::zipped(&files)).folder("r", &dump::only_root(&sample));
    let place = tempfile::tempdir().unwrap();
    for source in &inputs.sources {
        let Source::Path(input) = source else { continue };
        let out = place.path().join("out");
        let arguments =
            ["analyze", input.to_str().unwrap(), "-o", out.to_str().unwrap(), "-f", "all", "--evidence-limit", "0"];
        let ran = run(arguments);
        assert_eq!(ran.code, 0, "{ran:?}");
        let inspected = run(["inspect", input.to_str().unwrap(), "-v"]);
        for text in [&ran.out, &ran.err, &inspected.out, &inspected.err] {
            assert!(!text.contains(dump::CANARY), "{text}");
        }
        let (mut folders, mut files) = (vec![out], 0);
        while let Some(folder) = folders.pop() {
            for name in crate::common::names_in(&folder) {
                let path = folder.join(name);
                assert!(!path.to_string_lossy().contains(dump::CANARY), "{path:?}");
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let content = std::fs::read(&path).unwrap();
                    assert!(!String::from_utf8_lossy(&content).contains(dump::CANARY), "{path:?}");
                    files += 1;
                }
            }
        }
        assert!(files > 3, "{files}");
    }
}

#[test]
fn hostile_dumps_end_in_one_error_or_in_no_pass() {
    let passing = Snapshot::passing();
    let files = dump::cluster(&passing, Layout::Nested);
    let base = statuses(&Inputs::new().folder("d", &files).with(&ssp()));
    let deep = "[".repeat(100_000);
    let report = |text: String| {
        let mut files = files.clone();
        files.insert("wrk-1/dsinfo/dsinfo.json".to_owned(), text.into_bytes());
        files
    };
    let report_of = String::from_utf8(files["wrk-1/dsinfo/dsinfo.json"].clone()).unwrap();
    let twice = format!("{},\"docker_info\":{{}}}}", report_of.trim_end().strip_suffix('}').unwrap());
    let followed = format!("{report_of}{{}}");
    let hostile = [
        report(format!("{{\"docker_info\": {deep}")),
        report(format!("{{\"dmesg\": {deep}")),
        report(report_of[..report_of.len() - 30].to_owned()),
        report(twice),
        report(followed),
        report("{\"docker_info\": {}}".to_owned()),
    ];
    for (number, files) in hostile.iter().enumerate() {
        let after = Inputs::new().folder("d", files).with(&ssp());
        for (id, before) in &base {
            let now = rule(&after, id).status;
            assert!(!lets_off(now) || now == *before, "{number}: {id} went from {before:?} to {now:?}");
        }
        assert_eq!(rule(&after, "V-260908").status, Status::NotReviewed, "{number}");
    }
    // A dump in a dump in a dump, and a nested archive that is cut, are told and not trusted.
    let mut inside = dump::tgz(&files);
    for _ in 0..5 {
        inside = gz(&tar(&Files::from([("x.tgz".to_owned(), inside)]), ""));
    }
    let cut = dump::tgz(&files);
    for bytes in [inside, cut[..cut.len() / 2].to_vec()] {
        let with = Files::from([
            ("n.tgz".to_owned(), bytes),
            ("info.json".to_owned(), passing.members["nodes/wrk-1/docker/info.json"].clone()),
        ]);
        let after = Inputs::new().folder("d", &with).with(&ssp());
        assert!(after.rules.iter().all(|rule| !lets_off(rule.status)), "{:?}", statuses(&after));
        assert!(
            after.snapshot.warnings.iter().any(|warning| warning.contains("n.tgz")),
            "{:?}",
            after.snapshot.warnings
        );
    }
}

#[test]
fn a_bomb_or_a_huge_dictionary_in_xz_is_refused() {
    let tar = tar(&Files::from([("ucp-nodes.txt".to_owned(), b"[]".to_vec())]), "");
    let mut huge = xz(&tar);
    // 4 GiB of dictionary, with the header's checksum made true.
    huge[16] = 40;
    let mut crc = flate2::Crc::new();
    crc.update(&huge[12..20]);
    huge[20..24].copy_from_slice(&crc.sum().to_le_bytes());
    let lab = crate::common::lab::Lab::new();
    let input = lab.put("d.tar.xz", &huge);
    lab.refused(&input, &[], &["dictionary"]);
    let cut = xz(&tar);
    let input = lab.put("cut.tar.xz", &cut[..cut.len() / 2]);
    lab.refused(&input, &[], &["cut"]);
}
