//! Prints every sentence once, with example values.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::assess::sentences::objects::Objects;
use crate::assess::sentences::reasons::some_of;
use crate::assess::sentences::{in_use, lists, node_names, reasons, remarks};
use crate::layout::Kind;
use crate::model::assessment::{Reason, ReasonCode};
use crate::model::severity::Severity;
use crate::rules::{COLLECTED, Orchestrator, Unknown, Wording};
use crate::ssp::{Entry, Ssp};
use crate::yaml::Problem;

/// One sentence, under the name of its constructor.
trait Said {
    fn said(&self) -> String;
}

impl Said for Reason {
    fn said(&self) -> String {
        format!("[{:?}] {}", self.code, self.text)
    }
}

impl Said for Problem {
    fn said(&self) -> String {
        self.line()
    }
}

impl Said for String {
    fn said(&self) -> String {
        self.clone()
    }
}

impl Said for Vec<String> {
    fn said(&self) -> String {
        self.join("\n  ")
    }
}

/// Calls constructors and prints what they make.
macro_rules! say {
    ($($room:ident::$name:ident($($value:expr),*);)*) => {
        [$((stringify!($name), $room::$name($($value),*).said())),*].map(|(name, text)| format!("{name}\n  {text}\n")).concat()
    };
}

const CONTAINERS: &str = "snapshot.tar.zst!nodes/wrk-1/docker/containers.json";

fn kind(name: &str) -> Kind {
    Kind::named(name).unwrap()
}

fn entry(ssp: &str) -> Entry {
    Ssp::parse("ssp.yaml", ssp).unwrap().entries.remove(0)
}

#[test]
fn every_reason() {
    let why = of_verdicts() + &of_deliveries() + &of_values();
    let of_lists = of_lists() + &of_use();
    insta::assert_snapshot!(why.clone() + &of_lists);
    all_said(&why, include_str!("reasons.rs"), &["some_of", "unknown"]);
    all_said(&of_lists, concat!(include_str!("in_use.rs"), include_str!("lists.rs")), &[]);
}

fn of_verdicts() -> String {
    let (container, pods) = (kind("docker.container"), kind("kube.Pod"));
    let kinds = [container.source(), kind("docker.info").source()];
    let printed =
        [("Ubuntu 22.04".to_owned(), "host.os_release".to_owned()), ("RHEL 8".to_owned(), "docker.info".to_owned())];
    let approval = "reason: needed by the agent, approver: J. Ortiz, expires: 2027-06-30, approved: true";
    let excused = entry(&format!("exceptions:\n  - {{ type: host_pid, image: 'agent:*', {approval} }}\n"));
    say! {
        reasons::rule_unusable("line 3: there is no key `checks`");
        reasons::nothing_looked_at();
        reasons::undecided("Open the page and look.");
        reasons::person_looks("Look at the forwarding of logs.");
        reasons::use_not_known(&in_use::msr_use_unknown());
        reasons::check_may_not_count("sessions", &container);
        reasons::applies_not_known(&kind("mke.config"));
        reasons::nodes_not_known(&["wrk-1", "wrk-2"], &reasons::os_not_there(), true);
        reasons::os_disagrees("wrk-1", &printed);
        reasons::os_not_there();
        reasons::os_and_kinds_needed(&kinds);
        reasons::no_node_known();
        reasons::no_known_node_judged(&reasons::fewer_nodes_known(6, 5));
        reasons::too_many_waiting(CONTAINERS);
        reasons::cluster_gap(&pods, (ReasonCode::Missing, &reasons::not_in_snapshot()));
        reasons::damaged_view(&pods, "wrk-1", "it is not valid JSON");
        reasons::nodes_gap(&container, ReasonCode::Partial, (4, 6), &[("it is not in the snapshot", vec!["wrk-1", "wrk-2"])]);
        reasons::gap_without_nodes(&container, ReasonCode::Missing, &reasons::not_in_snapshot());
        reasons::gap_of_unknown_nodes(&container, 5, &reasons::no_list_of_nodes());
        reasons::nothing_to_list("docker_group", CONTAINERS, &kind("host.docker_group"));
        reasons::approval_may_have_lapsed(&excused);
        reasons::required_and_gone(&["grants c1, viewonly, u1 for everything"]);
        reasons::nothing_to_compare("The SSP must name the signers.", CONTAINERS);
        reasons::nothing_to_look_at("Look at each volume.", CONTAINERS);
        reasons::some_of_msr(2, 1, &kind("msr.settings"));
    }
}

fn of_deliveries() -> String {
    say! {
        reasons::not_in_snapshot();
        reasons::dump_failed_on_node("wrk-1.error");
        reasons::fewer_containers_listed(40, 38);
        reasons::fewer_processes_listed(40, 38);
        reasons::namespaces_lacking("shop", 2);
        reasons::not_listed("shop", 1);
        reasons::may_hold_more("in/pods.json", "a symbolic link");
        reasons::many_not_read(4);
        reasons::not_read("in/nodes/wrk-1/docker/info.json", "a sparse file");
        reasons::pods_not_listed(3);
        reasons::manager_not_listed("n-m1");
        node_names::nodes_of_one_name("wrk-1", &["x7k2", "y8m3"]);
        node_names::engine_of_lost_node("wrk-1", "x7k2");
        reasons::no_manager_listed();
        reasons::maybe_one_namespace();
        reasons::of_another_node("wrk-2");
        reasons::snapshot_is_cut();
        reasons::holder_is_cut("the archive ends early");
        reasons::partly_damaged("a dump holds MKE's own containers only", "it is not valid JSON");
        reasons::access_refused("HTTP 403");
        reasons::collection_took_too_long("");
        reasons::not_collected("no client bundle");
        reasons::collection_failed("exit 1");
        reasons::no_list_of_nodes();
        reasons::fewer_nodes_known(6, 5);
    }
}

fn of_lists() -> String {
    say! {
        lists::containers_of_pods_not_listed(2);
        lists::containers_with_processes_not_listed(2);
        lists::processes_of_containers_not_listed(2);
        lists::images_not_listed(2);
        lists::owners_not_listed(1);
        lists::of_other_nodes("far-1");
        lists::containers_not_counted();
    }
}

fn of_use() -> String {
    say! {
        in_use::use_unknown(Orchestrator::Swarm);
        in_use::msr_use_unknown();
        in_use::worker_labelled("wrk-1", Orchestrator::Kubernetes);
        in_use::user_object_runs("docker.service", "shop-web");
        in_use::workers_for_kubernetes_only();
        in_use::workers_for_swarm_only();
        in_use::swarm_only();
        in_use::msr_runs("/dtr-api (mirantis/dtr-api:2.9)");
        in_use::registries_configured(2);
        in_use::msr_answered();
        in_use::nothing_of_msr();
        in_use::named_by_ssp();
        in_use::not_named_by_ssp();
    }
}

fn of_values() -> String {
    let container = kind("docker.container");
    let one = Objects::of(1, "/web (nginx:1)", CONTAINERS);
    let of = |why: &Unknown| reasons::unknown(why, &one, &container).said();
    let unknowns = [
        Unknown::RuleError("no such key".to_owned()),
        Unknown::WrongType("`7` is not text".to_owned()),
        Unknown::NoVariable(COLLECTED.to_owned()),
        Unknown::NoVariable("ssp.trusted_ca".to_owned()),
        Unknown::NoVariable("mke.version".to_owned()),
        Unknown::NoVariable("msr.version".to_owned()),
        Unknown::Redacted,
        Unknown::NotKept("Config.Cmd".to_owned()),
        Unknown::NotCarried,
        Unknown::AbsentField,
        Unknown::Others("kube.Secret".to_owned()),
        Unknown::NoRole,
        Unknown::Mark("not all facts of kube.Pod were read".to_owned()),
        Unknown::Ssp("docker_group".to_owned()),
        Unknown::Ssp("exceptions".to_owned()),
        Unknown::NeedsSsp("The SSP must name the signers.".to_owned()),
        Unknown::Person("Look at each volume.".to_owned()),
    ];
    let unknowns: String = unknowns.iter().map(|why| format!("unknown {why:?}\n  {}\n", of(why))).collect();
    let mut several = Objects::of(12, "/web (nginx:1)", CONTAINERS);
    several.add(1, "/db (pg:1)", "b");
    let two = several.to_string();
    several.add(7, "/db (pg:1)", "c");
    several.add(2, "/db (pg:1)", "d");
    several.add(40, "/db (pg:1)", "e");
    let many = some_of(&["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"]);
    unknowns + &format!("several objects\n  {two}\n  {several}\n  {many}\n")
}

#[test]
fn every_remark() {
    let said = of_verdicts_and_inputs() + &of_benchmarks();
    insta::assert_snapshot!(said);
    all_said(&said, include_str!("remarks.rs"), &[]);
}

fn of_verdicts_and_inputs() -> String {
    let approval = "reason: needed by the agent, approver: J. Ortiz, expires: 2027-06-30, approved: true";
    let excused = entry(&format!("exceptions:\n  - {{ type: host_pid, image: 'agent:*', {approval} }}\n"));
    let listed = entry(&format!("ports:\n  - {{ ports: [443/tcp], name: shop-web, {approval} }}\n"));
    let rules = ["V-260905".to_owned(), "V-260906".to_owned()];
    let cluster = Ssp::parse("ssp.yaml", "cluster: def\n").unwrap().cluster.unwrap();
    let ids = BTreeSet::from(["abc".to_owned()]);
    say! {
        remarks::none_concerned(3);
        remarks::superseded_line("HostConfig.PidMode = host", false);
        remarks::operating_system("Ubuntu 22.04");
        remarks::wanted_nodes(&["ubuntu".to_owned(), "sles".to_owned()], &[]);
        remarks::wanted_nodes(&[], &["windows".to_owned()]);
        remarks::wanted_nodes(&[], &[]);
        remarks::left_to_node(&kind("docker.daemon"), "wrk-1");
        remarks::wanted_in_use();
        remarks::wanted_otherwise();
        remarks::in_ssp("443/tcp");
        remarks::not_in_ssp("80/tcp");
        remarks::to_compare("80/tcp, 443/tcp");
        remarks::approved_by_ssp(&excused);
        remarks::approved_by_ssp(&listed);
        remarks::approval_lapsed(&excused);
        remarks::other_reading_finds(Wording::Literal, "capabilities", 2);
        remarks::newer_decides(("snapshot.tar.zst", Some("2026-11-18")), ("dump.zip", None));
        remarks::gaps_beside_open("kube.Pod: it is not in the snapshot.");
        remarks::one_host("wrk-1.example.mil", "wrk-1");
        remarks::node_joined_again("wrk-1", "x7k2");
        remarks::mke_4();
        remarks::several_versions("MKE", &["3.7.1".to_owned(), "3.7.7".to_owned()]);
        remarks::several_clusters(&BTreeSet::from([&"abc".to_owned(), &"def".to_owned()]));
        remarks::other_cluster(&cluster, &ids);
        remarks::cluster_not_stated(&cluster);
        remarks::ssp_of_no_cluster(Some("abc"));
        remarks::ssp_of_no_cluster(None);
        remarks::nodes_unsure(&reasons::no_list_of_nodes());
        remarks::nodes_unsure(&reasons::manager_not_listed("n-m1"));
        remarks::nodes_unsure(&reasons::no_manager_listed());
        remarks::views_differ("in!cluster/docker/containers.json", Some("wrk-2"));
        remarks::views_differ("in!cluster/docker/containers.json", None);
        remarks::literal_reading(7);
        remarks::entries_not_read("a symbolic link", &["in!a".to_owned(), "in!b".to_owned()], 0);
        remarks::entries_not_read("a device", &["in!a".to_owned()], 3);
        remarks::members_unused("it is not valid JSON", &[CONTAINERS.to_owned()]);
        remarks::members_unused("it is not valid JSON", &rules);
        remarks::of_no_node();
        remarks::more_members_unused(4);
        remarks::files_unrecognized(&["in!a".to_owned(), "in!b".to_owned()]);
        remarks::text_before_archive("dump.zip", 120);
        remarks::dump_is_small("dump.zip", 40_000);
        remarks::dump_lacks_nodes(&["wrk-1"], 6);
        remarks::dump_failed_on(&["wrk-1", "wrk-2"]);
        remarks::names_are_artificial();
        remarks::inputs_overlap("dump.zip", "snapshot.tar.zst");
    }
}

fn of_benchmarks() -> String {
    let rules = ["V-260905".to_owned(), "V-260906".to_owned()];
    let many: Vec<String> = (0..20).map(|number| format!("V-{}", 260_900 + number)).collect();
    say! {
        remarks::benchmark_decides_by_hand("U_MKE_V2R2.xml");
        remarks::benchmark_rule_undecided();
        remarks::benchmark_lacks_rule("U_MKE_V2R2.xml");
        remarks::benchmark_revises_rule("SV-260905r2_rule", "mke-stig-v2r1", "SV-260905r1_rule");
        remarks::revision("V-260905", "SV-260905r2_rule", "SV-260905r1_rule");
        remarks::other_severity("V-260905", Severity::High, Severity::Medium);
        remarks::benchmark_revisions("U_MKE_V2R2.xml", "mke-stig-v2r1", &rules);
        remarks::benchmark_adds("U_MKE_V2R2.xml", "mke-stig-v2r1", &many);
        remarks::benchmark_lacks("U_MKE_V2R2.xml", "mke-stig-v2r1", &rules);
        remarks::benchmark_severities("U_MKE_V2R2.xml", "mke-stig-v2r1", &rules);
        remarks::benchmark_has_results("U_MKE_V2R2.xml");
        remarks::draft_preamble(Some("2026-11-18T07:58:10Z"), None);
    }
}

/// Every constructor of a file is among the names that were printed.
fn all_said(said: &str, source: &str, besides: &[&str]) {
    let names: Vec<&str> = said.lines().filter(|line| !line.starts_with(' ')).collect();
    let constructors = source.lines().filter_map(|line| line.strip_prefix("pub(crate) fn ")?.split('(').next());
    let constructors: Vec<&str> = constructors.filter(|name| !besides.contains(name)).collect();
    assert!(constructors.len() > 10);
    for name in constructors {
        assert!(names.contains(&name), "{name} is not printed");
    }
}

#[test]
fn reasons_are_built_nowhere_else() {
    let room = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/assess");
    let mut files = Vec::new();
    sources(&room, &mut files);
    assert!(files.len() > 30);
    for file in
        files.iter().filter(|file| !file.ends_with("sentences/reasons.rs") && !file.ends_with("sentences/tests.rs"))
    {
        let text = fs::read_to_string(file).unwrap();
        let built = text.lines().find(|line| line.contains("Reason {") && !line.contains("-> Reason {"));
        assert_eq!(built, None, "{}", file.display());
    }
}

fn sources(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}
