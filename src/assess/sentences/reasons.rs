//! Every sentence that says why a rule is Not Reviewed.
//!
//! A [`Reason`] is built nowhere else in this room, and a test holds that.

use crate::assess::sentences::objects::Objects;
use crate::layout::Kind;
use crate::model::assessment::{Reason, ReasonCode};
use crate::model::labels::capital;
use crate::rules::{COLLECTED, Unknown};
use crate::ssp::Entry;

fn reason(code: ReasonCode, text: String) -> Reason {
    Reason { code, text }
}

// What is said of lists of names.

/// Names that a sentence shows.
const SHOWN: usize = 8;

/// Up to eight names, and how many more there are.
pub(crate) fn some_of(names: &[&str]) -> String {
    let shown = names.iter().take(SHOWN).copied().collect::<Vec<_>>().join(", ");
    if names.len() > SHOWN { format!("{shown} and {} more", names.len() - SHOWN) } else { shown }
}

// Reasons why a rule is Not Reviewed.

/// The rule's file is broken.
pub(crate) fn rule_unusable(why: &str) -> Reason {
    reason(ReasonCode::RuleError, format!("The rule's file cannot be used: {why}"))
}

/// No check of the rule was active.
pub(crate) fn nothing_looked_at() -> Reason {
    reason(ReasonCode::RuleError, "No check of this rule was active".to_owned())
}

/// No program decides the rule; a person does `what`.
pub(crate) fn undecided(what: &str) -> Reason {
    reason(ReasonCode::NeedsPerson, format!("Manual check required. {what}"))
}

/// What a person looks at besides the checks.
pub(crate) fn person_looks(what: &str) -> Reason {
    reason(ReasonCode::NeedsPerson, what.to_owned())
}

/// Whether something is in use is not known.
pub(crate) fn use_not_known(because: &str) -> Reason {
    reason(ReasonCode::Missing, format!("{}.", capital(because)))
}

/// Whether a check counts depends on facts that are not there.
pub(crate) fn check_may_not_count(check: &str, kind: &Kind) -> Reason {
    let text = format!("The check \"{check}\" may not apply. Collect {} to decide it.", kind.source());
    reason(ReasonCode::Missing, text)
}

/// Whether the rule applies depends on a field that does not tell.
pub(crate) fn applies_not_known(kind: &Kind) -> Reason {
    let text = format!("{kind} does not show whether the rule applies: a field is absent or cannot be read.");
    reason(ReasonCode::AbsentField, text)
}

/// Whether the rule is about some nodes is not known; of others (`some`) it is.
pub(crate) fn nodes_not_known(nodes: &[&str], why: &str, some: bool) -> Reason {
    let code = if some { ReasonCode::Partial } else { ReasonCode::Missing };
    reason(code, format!("Nothing shows whether the rule applies to {}: {why}.", some_of(nodes)))
}

/// Sources print different operating systems, each with the source's kind.
pub(crate) fn os_disagrees(node: &str, printed: &[(String, String)]) -> String {
    let printed: Vec<String> = printed.iter().map(|(os, source)| format!("{source} says {os}")).collect();
    format!("sources disagree on the operating system ({node}: {})", printed.join(", "))
}

/// No source prints the operating system.
pub(crate) fn os_not_there() -> String {
    "the operating system is not in the snapshot (`/etc/os-release` or `docker info` of the node)".to_owned()
}

/// The operating system and facts of these kinds are needed.
pub(crate) fn os_and_kinds_needed(kinds: &[String]) -> String {
    format!("this needs the operating system and {}", kinds.join(", "))
}

/// No node is known at all.
pub(crate) fn no_node_known() -> Reason {
    reason(ReasonCode::Missing, "No node is known, so nothing shows where the rule applies.".to_owned())
}

/// None of the nodes known is one that the rule judges, but there may be others.
pub(crate) fn no_known_node_judged(why: &str) -> Reason {
    let text = format!("The rule applies to no known node, but {why}.");
    reason(ReasonCode::Partial, text)
}

/// A member has more objects than can wait until the running version is known.
pub(crate) fn too_many_waiting(source: &str) -> Reason {
    reason(
        ReasonCode::Truncated,
        format!("{source} holds more objects than the program keeps until the running version is known."),
    )
}

// Gaps in what was delivered.

/// A kind of the cluster was not delivered.
pub(crate) fn cluster_gap(kind: &Kind, (code, why): (ReasonCode, &str)) -> Reason {
    reason(code, format!("{kind}: {why}. {}", comes_from(kind)))
}

/// One node's view of a kind of the cluster is damaged.
pub(crate) fn damaged_view(kind: &Kind, node: &str, why: &str) -> Reason {
    reason(ReasonCode::Unreadable, format!("{kind} of {node}: {why}. {}", comes_from(kind)))
}

/// Only `read` of `all` nodes delivered a kind; the others by what they lack.
pub(crate) fn nodes_gap(
    kind: &Kind,
    code: ReasonCode,
    (read, all): (usize, usize),
    lacking: &[(&str, Vec<&str>)],
) -> Reason {
    let whys: Vec<String> = lacking.iter().map(|(why, nodes)| format!("{}: {why}", some_of(nodes))).collect();
    let text = format!("{kind}: {read} of {all} nodes delivered it. {}. {}", whys.join("; "), comes_from(kind));
    reason(code, text)
}

/// A kind of nodes was not delivered, and no node is known.
pub(crate) fn gap_without_nodes(kind: &Kind, code: ReasonCode, why: &str) -> Reason {
    reason(code, format!("{kind}: {why}, and no node is known. {}", comes_from(kind)))
}

/// There may be more nodes than the `read` ones that delivered a kind.
pub(crate) fn gap_of_unknown_nodes(kind: &Kind, read: usize, why: &str) -> Reason {
    reason(ReasonCode::Partial, format!("{kind}: {read} of an unknown number of nodes delivered it: {why}."))
}

fn comes_from(kind: &Kind) -> String {
    format!("It comes from {}.", kind.source())
}

/// MKE knows more instances of MSR than were collected.
pub(crate) fn some_of_msr(stated: u64, collected: u64, kind: &Kind) -> Reason {
    let text = format!(
        "MKE's configuration names {stated} registries, but {kind} was collected from {collected}. Collect it from each \
         MSR, or compare the others by hand."
    );
    reason(ReasonCode::Partial, text)
}

// Values that do not tell.

/// Why something about objects of a kind cannot be told.
pub(crate) fn unknown(why: &Unknown, objects: &Objects<'_>, kind: &Kind) -> Reason {
    let (code, text) = match why {
        Unknown::RuleError(error) => (ReasonCode::RuleError, format!("The rule failed at {objects}: {error}.")),
        Unknown::WrongType(what) => (ReasonCode::Unreadable, format!("At {objects}, {what}.")),
        Unknown::NoVariable(name) => return variable_not_known(name, objects),
        Unknown::Ssp(section) => return ssp_must_list(section),
        Unknown::Others(kind) => {
            (ReasonCode::Missing, format!("{objects} must be compared with every {kind}, and some were not read."))
        }
        Unknown::Mark(why) => {
            let copied = "Names and labels prove nothing: anyone can copy them.";
            (ReasonCode::Missing, format!("Nothing shows who owns {objects}, because {why}. {copied}"))
        }
        Unknown::NoRole => {
            let alone = "The SSP lists this for managers or for workers alone, and nothing shows which of the two runs";
            (ReasonCode::Missing, format!("{alone} {objects}. Collect `docker node inspect` of every node."))
        }
        Unknown::NotCarried => {
            (ReasonCode::Missing, format!("The inputs do not contain this field: {objects}. {}", comes_from(kind)))
        }
        Unknown::Redacted => (ReasonCode::Redacted, format!("The collector redacted the value: {objects}.")),
        Unknown::NotKept(field) => (
            ReasonCode::Missing,
            format!("The collector does not keep this field; collect with `--keep {kind}:{field}`: {objects}."),
        ),
        Unknown::AbsentField => {
            (ReasonCode::AbsentField, format!("The field is absent, and the rule assumes no default: {objects}."))
        }
        Unknown::NeedsSsp(what) => (ReasonCode::NeedsSsp, format!("{} ({objects})", what.trim_end())),
        Unknown::Person(what) => (ReasonCode::NeedsPerson, format!("{} ({objects})", what.trim_end())),
    };
    reason(code, text)
}

fn variable_not_known(name: &str, objects: &Objects<'_>) -> Reason {
    if name == COLLECTED {
        let text = format!("The time of the collection is not known, so {objects} cannot be compared with it.");
        return reason(ReasonCode::Missing, text);
    }
    if name.starts_with("ssp.") {
        let section = name.trim_start_matches("ssp.");
        let text = format!(
            "Needs an SSP entry: ssp.yaml has no `{section}` that is valid on the day of the collection, to compare with \
             {objects}."
        );
        return reason(ReasonCode::NeedsSsp, text);
    }
    let product = if name.starts_with("msr") { "MSR" } else { "MKE" };
    let text = format!("The running version of {product} is not known, so {objects} cannot be compared with it.");
    reason(ReasonCode::Missing, text)
}

fn ssp_must_list(section: &str) -> Reason {
    let text = if section == "exceptions" {
        "Needs an SSP entry: no entry under `exceptions` in ssp.yaml excuses the objects that the evidence shows as unknown. \
         Compare them with the SSP, or add an approved exception."
            .to_owned()
    } else {
        format!(
            "Needs an SSP entry: ssp.yaml has no list `{section}`. Compare the objects that the evidence shows as unknown with the \
             SSP, or list them under `{section}`."
        )
    };
    reason(ReasonCode::NeedsSsp, text)
}

/// An entry of the SSP approves objects until a day, and nothing says of which day the inputs are.
pub(crate) fn approval_may_have_lapsed(entry: &Entry) -> Reason {
    let text = format!(
        "The day of the collection is not known, so the SSP entry {}, which expires {}, may no longer be valid. Add `docker info` of a node, or collect with mke-collect.sh.",
        entry.words(),
        entry.approval.expires
    );
    reason(ReasonCode::NeedsSsp, text)
}

/// The SSP requires things that the cluster does not have, each in the words of its entry.
pub(crate) fn required_and_gone(entries: &[&str]) -> Reason {
    let text = format!(
        "The cluster lacks what the SSP requires: {}. Create it, or remove it from the SSP if it is no longer required.",
        some_of(entries)
    );
    reason(ReasonCode::NeedsPerson, text)
}

/// All objects must be compared with a section of the SSP, and a source lists none.
pub(crate) fn nothing_to_list(section: &str, source: &str, kind: &Kind) -> Reason {
    let member = format!("{source} lists none");
    unknown(&Unknown::Ssp(section.to_owned()), &Objects::of(0, "", &member), kind)
}

/// All objects must be compared with the SSP, and a source lists none.
pub(crate) fn nothing_to_compare(what: &str, source: &str) -> Reason {
    reason(ReasonCode::NeedsSsp, format!("{} ({source} lists none)", what.trim_end()))
}

/// A person must look at all objects, and a source lists none.
pub(crate) fn nothing_to_look_at(what: &str, source: &str) -> Reason {
    reason(ReasonCode::NeedsPerson, format!("{} ({source} lists none)", what.trim_end()))
}

// Why facts were delivered in part or not at all.

/// Nothing delivered it.
pub(crate) fn not_in_snapshot() -> String {
    "it is not in the snapshot".to_owned()
}

/// The dump of a node failed, as a file says.
pub(crate) fn dump_failed_on_node(file: &str) -> String {
    format!("the support dump of this node failed ({file})")
}

/// `docker info` counts more containers than are listed.
pub(crate) fn fewer_containers_listed(counted: u64, listed: u64) -> String {
    format!("`docker info` counts {counted} containers, but {listed} are listed")
}

/// `docker info` counts more running containers than have their processes listed.
pub(crate) fn fewer_processes_listed(counted: u64, listed: u64) -> String {
    format!("`docker info` counts {counted} running containers, but the processes of only {listed} are listed")
}

/// Lists leave out a namespace, and `more` others.
pub(crate) fn namespaces_lacking(first: &str, more: usize) -> String {
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    format!("the list covers only some namespaces and lacks {first}{more}")
}

/// A list may be of one namespace.
pub(crate) fn maybe_one_namespace() -> String {
    "the list may cover only some namespaces; collect it with `-A`".to_owned()
}

/// A node's file is of another node.
pub(crate) fn of_another_node(other: &str) -> String {
    format!("`docker info` says that it is of {other}")
}

/// The manifest does not vouch for the whole snapshot.
pub(crate) fn snapshot_is_cut() -> String {
    "the snapshot is not whole".to_owned()
}

/// The archive or file around a member is cut.
pub(crate) fn holder_is_cut(why: &str) -> String {
    format!("what holds it is not whole: {why}")
}

/// A list that is never whole is damaged besides.
pub(crate) fn partly_damaged(why: &str, damage: &str) -> String {
    format!("{why}; and not all of them could be read ({damage})")
}

/// The collector was refused access.
pub(crate) fn access_refused(note: &str) -> String {
    with_note("access was refused", note)
}

/// The collector's time limit ended it.
pub(crate) fn collection_took_too_long(note: &str) -> String {
    with_note("the collection timed out", note)
}

/// The collector did not ask for it.
pub(crate) fn not_collected(note: &str) -> String {
    with_note("it was not collected", note)
}

/// The collector's command failed.
pub(crate) fn collection_failed(note: &str) -> String {
    with_note("its collection failed", note)
}

fn with_note(words: &str, note: &str) -> String {
    if note.is_empty() { words.to_owned() } else { format!("{words}: {note}") }
}

/// No source lists the nodes.
pub(crate) fn no_list_of_nodes() -> String {
    "no list of the cluster's nodes is in the snapshot".to_owned()
}

/// The swarm counts more nodes than are known.
pub(crate) fn fewer_nodes_known(counted: u64, known: u64) -> String {
    format!("the swarm counts {counted} nodes, but {known} are known")
}

/// A node knows a manager that no list names.
pub(crate) fn manager_not_listed(id: &str) -> String {
    format!("`docker info` names the manager {id}, which no list of nodes contains")
}

/// A swarm has a manager, and the lists have none.
pub(crate) fn no_manager_listed() -> String {
    "the list of nodes names no manager, and a swarm has at least one".to_owned()
}

/// Containers run whose pods the list of pods leaves out.
pub(crate) fn pods_not_listed(pods: u64) -> String {
    format!("the list is incomplete: it lacks {pods} pods whose containers run")
}

/// An entry that is not read may have held more of a list.
pub(crate) fn may_hold_more(path: &str, what: &str) -> String {
    format!("{path} may hold more of it, but is {what}, which is not read: give the file itself")
}

/// Too many entries to name are not read, and may have held more of a list.
pub(crate) fn many_not_read(more: u64) -> String {
    format!("{more} more links or sparse files may hold more of it, and are not read: give the files themselves")
}

/// An entry that is not read lies where facts should.
pub(crate) fn not_read(path: &str, what: &str) -> String {
    format!("{path} is {what}, which is not read: give the file itself")
}

/// Other facts name something that the list leaves out.
pub(crate) fn not_listed(name: &str, more: usize) -> String {
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    format!("the list is incomplete: it lacks {name}{more}")
}
