//! Every other sentence that an assessment says of its own: comments on verdicts, words in evidence
//! where no value can be shown, and warnings about the inputs. One constructor each, as in
//! [`reasons`](crate::assess::sentences::reasons), whose snapshot test prints these too.

use std::collections::BTreeSet;

use crate::assess::sentences::reasons::some_of;
use crate::layout::Kind;
use crate::model::severity::Severity;
use crate::rules::Wording;
use crate::ssp::Entry;
use crate::yaml::{OfCluster, Problem};

// What stands in evidence where no single value can be shown.

/// None of the objects of a list is one that the check is about.
pub(crate) fn none_concerned(objects: u64) -> String {
    format!("the check applies to none of the {objects} objects read")
}

/// What an older source shows of an object that meets the demand, or does not.
pub(crate) fn superseded_line(seen: &str, met: bool) -> String {
    let outcome = if met { "met the demand" } else { "did not meet the demand" };
    format!("{seen} (older, {outcome}; does not decide)")
}

/// The operating system of nodes that the rule leaves out.
pub(crate) fn operating_system(os: &str) -> String {
    format!("operating system: {os}")
}

/// What nodes would have to be for the rule to judge them.
pub(crate) fn wanted_nodes(os: &[String], not_os: &[String]) -> String {
    match (os, not_os) {
        ([], []) => "the rule's condition on nodes".to_owned(),
        ([], others) => format!("not {}", others.join(" or ")),
        (os, _) => os.join(" or "),
    }
}

/// What would have to be in use for the rule to apply.
pub(crate) fn wanted_in_use() -> String {
    "in use".to_owned()
}

/// What a fact that takes the rule away would have to be for the rule to apply.
pub(crate) fn wanted_otherwise() -> String {
    "otherwise".to_owned()
}

// What the SSP says of an object, behind what is seen of it.

/// The SSP lists all of it.
pub(crate) fn in_ssp(what: &str) -> String {
    if what.is_empty() { String::new() } else { format!("in the SSP: {what}") }
}

/// The SSP does not list this.
pub(crate) fn not_in_ssp(what: &str) -> String {
    format!("not in the SSP: {what}")
}

/// There is no SSP that could list this.
pub(crate) fn to_compare(what: &str) -> String {
    if what.is_empty() { String::new() } else { format!("to compare: {what}") }
}

// Comments on a verdict.

/// An entry of the SSP makes objects good.
pub(crate) fn approved_by_ssp(entry: &Entry) -> String {
    let approval = &entry.approval;
    format!(
        "{} by the SSP: {} (approved by {}, until {}): {}",
        if entry.section == "exceptions" { "Excused" } else { "Listed" },
        entry.words(),
        approval.approver,
        approval.expires,
        approval.reason
    )
}

/// An entry of the SSP speaks of objects and does not hold on the day.
pub(crate) fn approval_lapsed(entry: &Entry) -> String {
    format!(
        "The SSP entry {} does not count: it expired {}, before the collection.",
        entry.words(),
        entry.approval.expires
    )
}

/// Objects of a node break a check, and a fact of the node says what they leave open.
pub(crate) fn left_to_node(kind: &Kind, node: &str) -> String {
    format!(
        "On {node}, {kind} sets what objects of the node do not state themselves; these are noted and do not count."
    )
}

/// What the reading that does not decide would find.
pub(crate) fn other_reading_finds(reading: Wording, check: &str, findings: u64) -> String {
    format!("In the {} reading the check \"{check}\" has {findings} findings.", reading.name())
}

/// Of two inputs that tell the same, each with its day, the newer decides.
pub(crate) fn newer_decides(
    (newer, newer_day): (&str, Option<&str>),
    (older, older_day): (&str, Option<&str>),
) -> String {
    let unknown = "an unknown day";
    format!(
        "{newer} ({}) is newer than {older} ({}) and decides.",
        newer_day.unwrap_or(unknown),
        older_day.unwrap_or(unknown)
    )
}

/// What could not be looked at beside what is open.
pub(crate) fn gaps_beside_open(gaps: &str) -> String {
    format!("Besides the finding, some evidence is missing. {gaps}")
}

// Warnings about the snapshot.

/// A kubelet is one of MKE 4.
pub(crate) fn mke_4() -> String {
    "MKE 4 is not supported: the kubelets are k0s, and this STIG covers MKE 3".to_owned()
}

/// Sources state different versions of a product.
pub(crate) fn several_versions(product: &str, versions: &[String]) -> String {
    format!(
        "several versions of {product} run ({}): it is being upgraded, or inputs of different clusters are mixed",
        versions.join(", ")
    )
}

/// Manifests state different ids, which may be one cluster's id of MKE and of its swarm.
pub(crate) fn several_clusters(ids: &BTreeSet<&String>) -> String {
    let ids: Vec<&str> = ids.iter().map(|id| id.as_str()).collect();
    format!(
        "the manifests name more than one cluster id ({}); if these are of two clusters, assess each by itself",
        ids.join(", ")
    )
}

/// A file of people's decisions is about a cluster that this is not.
pub(crate) fn other_cluster(file: &OfCluster, ids: &BTreeSet<String>) -> Problem {
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    file.problem(
        format!("this is about cluster {}, and the inputs are of {}", file.id, ids.join(" and ")),
        "use the file of this cluster; what was decided about one says nothing of another",
    )
}

/// A file says of which cluster it is, and the inputs do not.
pub(crate) fn cluster_not_stated(file: &OfCluster) -> Problem {
    file.problem(
        format!("the inputs do not say whether they are of cluster {}", file.id),
        "collect with mke-collect.sh, or add `docker info` of a manager",
    )
}

/// Nothing ties the SSP to this cluster.
pub(crate) fn ssp_of_no_cluster(cluster: Option<&str>) -> String {
    let hint = cluster.map(|id| format!("; if it is, write `cluster: {id}` into it")).unwrap_or_default();
    format!("the SSP does not say of which cluster it is, so nothing shows that it is about this one{hint}")
}

/// Two names are taken for one host's.
pub(crate) fn one_host(other: &str, used: &str) -> String {
    format!("{other} and {used} are taken for one node: no other node has that short name, and nothing contradicts it")
}

/// The swarm still lists a node that left and joined again.
pub(crate) fn node_joined_again(name: &str, id: &str) -> String {
    format!(
        "the swarm lists {name} more than once, and the entry {id} is down: it is taken for what {name} left when it \
         joined again; remove it with `docker node rm {id}`"
    )
}

/// There may be more nodes than are known.
pub(crate) fn nodes_unsure(why: &str) -> String {
    format!("not all nodes may be known: {why}")
}

/// The literal reading decides rules that have one of their own.
pub(crate) fn literal_reading(rules: usize) -> String {
    format!("the literal reading of the STIG decides; it differs from the intended reading in {rules} rules")
}

/// Entries of an input are links, devices or sparse files.
pub(crate) fn entries_not_read(what: &str, names: &[String], more: u64) -> String {
    let shown = names.iter().take(FILES_NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
    let more = names.len().saturating_sub(FILES_NAMED) as u64 + more;
    let more = if more > 0 { format!(", and {more} more") } else { String::new() };
    format!("not read, because each is {what}: {shown}{more}")
}

/// Members that could not be used, all for the same reason.
pub(crate) fn members_unused(why: &str, members: &[String]) -> String {
    match members {
        [one] => format!("{one}: {why}"),
        [_, ..] => format!("{} members: {why}: {}", members.len(), some_named(members)),
        [] => why.to_owned(),
    }
}

/// Nothing tells of which node a member is.
pub(crate) fn of_no_node() -> String {
    "nothing says which node it comes from".to_owned()
}

/// Members could not be used for reasons that are not listed.
pub(crate) fn more_members_unused(reasons: usize) -> String {
    format!("members could not be used for {reasons} more reasons")
}

/// Files that a warning names one by one.
const FILES_NAMED: usize = 20;

/// Files that are not recognized.
pub(crate) fn files_unrecognized(files: &[String]) -> String {
    let count = files.len();
    format!("{count} files are neither part of a snapshot nor an output that is known: {}", some_named(files))
}

/// As many names as a warning holds, and how many there are besides.
fn some_named(files: &[String]) -> String {
    let shown = files.iter().take(FILES_NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
    let more = files.len().saturating_sub(FILES_NAMED);
    let more = if more > 0 { format!(", and {more} more") } else { String::new() };
    format!("{shown}{more}")
}

// Warnings about support dumps.

/// Text stands before an archive.
pub(crate) fn text_before_archive(input: &str, bytes: u64) -> String {
    format!("{input}: skipped {bytes} bytes of text before the archive")
}

/// A dump is too small to be whole.
pub(crate) fn dump_is_small(dump: &str, bytes: u64) -> String {
    format!("{dump} is a support dump of only {bytes} bytes; a dump under 2 MB is usually incomplete")
}

/// A dump has nothing of some nodes.
pub(crate) fn dump_lacks_nodes(lacking: &[&str], all: usize) -> String {
    format!("the support dump has nothing of {} of {all} nodes: {}", lacking.len(), some_of(lacking))
}

/// The collection of a dump failed on nodes.
pub(crate) fn dump_failed_on(nodes: &[&str]) -> String {
    format!("the collection of the support dump failed on {}", some_of(nodes))
}

/// Names of nodes are not real ones.
pub(crate) fn names_are_artificial() -> String {
    "the node names look sanitized: names, addresses and digests in the support dump may differ from those of the cluster and of other inputs".to_owned()
}

/// Two inputs tell the same in part.
pub(crate) fn inputs_overlap(older: &str, newer: &str) -> String {
    format!(
        "{older} and {newer} tell the same in part: where they do, the newer, {newer}, decides, and the older is shown"
    )
}

// What a benchmark that was given changes.

/// Rules that one warning about a benchmark names.
const NAMED: usize = 12;

fn benchmark_rules(file: &str, what: &str, rules: &[String]) -> String {
    let more = rules.len().saturating_sub(NAMED);
    let named = rules[..rules.len() - more].join(", ");
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    format!("benchmark {file}: {what}: {named}{more}")
}

/// What a person does for a rule that only the benchmark has.
pub(crate) fn benchmark_decides_by_hand(file: &str) -> String {
    format!(
        "Manual check required: the benchmark {file} has this rule and the rule pack does not. Perform the benchmark's check and record the result with `mke-stig answers draft`."
    )
}

/// How a rule that only the benchmark has is decided.
pub(crate) fn benchmark_rule_undecided() -> String {
    "Manual check required: the rule pack does not have this rule.".to_owned()
}

/// The benchmark lacks a rule of the pack.
pub(crate) fn benchmark_lacks_rule(file: &str) -> String {
    format!("The benchmark {file} does not have this rule; the texts are the rule pack's.")
}

/// The benchmark has another revision of a rule than the pack knows.
pub(crate) fn benchmark_revises_rule(rule_id: &str, pack: &str, known: &str) -> String {
    format!(
        "Compare before you rely on this verdict: the benchmark has this rule as {rule_id}, and the rule pack {pack} judges by {known}. Its check may have changed."
    )
}

/// The revision of a rule in the benchmark, beside those that the pack knows.
pub(crate) fn revision(rule: &str, rule_id: &str, known: &str) -> String {
    format!("{rule} ({rule_id}, known is {known})")
}

/// The severity of a rule in the benchmark, beside that of the pack.
pub(crate) fn other_severity(rule: &str, severity: Severity, of_pack: Severity) -> String {
    format!("{rule} ({severity}, not {of_pack})")
}

/// Rules of the benchmark have revisions that the pack does not know.
pub(crate) fn benchmark_revisions(file: &str, pack: &str, rules: &[String]) -> String {
    let what = format!(
        "rules have a revision that the rule pack {pack} does not know, so their check may not be the one that was judged"
    );
    benchmark_rules(file, &what, rules)
}

/// Rules are in the benchmark alone.
pub(crate) fn benchmark_adds(file: &str, pack: &str, rules: &[String]) -> String {
    let what = format!("rules are in it that the rule pack {pack} does not have; they are Not Reviewed");
    benchmark_rules(file, &what, rules)
}

/// Rules are in the pack alone.
pub(crate) fn benchmark_lacks(file: &str, pack: &str, rules: &[String]) -> String {
    benchmark_rules(file, &format!("rules of the rule pack {pack} are not in it"), rules)
}

/// Rules have another severity in the benchmark.
pub(crate) fn benchmark_severities(file: &str, pack: &str, rules: &[String]) -> String {
    let what = format!("rules have another severity than in the rule pack {pack}; the benchmark's counts");
    benchmark_rules(file, &what, rules)
}

/// The benchmark's file holds results.
pub(crate) fn benchmark_has_results(file: &str) -> String {
    format!("benchmark {file} contains results, so it is not the published file")
}

// What stands at the head of a draft of the SSP.

/// The lines before a draft from a snapshot of some time and cluster.
pub(crate) fn draft_preamble(collected_at: Option<&str>, cluster: Option<&str>) -> Vec<String> {
    let of = collected_at.unwrap_or("an unknown day");
    let cluster = cluster.unwrap_or("not known");
    vec![
        "A draft of the part of the SSP that a machine can read, from what is in a snapshot.".to_owned(),
        format!("Snapshot of {of}, cluster {cluster}."),
        "Nothing here is approved: an entry decides nothing until it has a reason, an approver and `approved: true`."
            .to_owned(),
        "What is there is not therefore right. Take out what should not be, and say it wider with globs where it should."
            .to_owned(),
        "Not drafted: trusted_ca, for an authority is not taken from the server for which it is to vouch.".to_owned(),
    ]
}

/// The cluster's list shows of a node what the node's own list does not.
pub(crate) fn views_differ(source: &str, node: Option<&str>) -> String {
    let (of, own) = node.map_or_else(
        || ("the nodes".to_owned(), "their own lists".to_owned()),
        |node| (node.to_owned(), "the list of the node itself".to_owned()),
    );
    format!("{source} shows of {of} what {own} does not show. Both count, since nothing says which of them is newer.")
}
