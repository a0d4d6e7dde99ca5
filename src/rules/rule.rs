//! A rule, as its YAML file states it.
//!
//! Everything here is what the file says, checked but not interpreted: which objects a check is about, what it demands
//! of them, and what may excuse them. One check is of one kind; the short forms of the language (lists of kinds, named
//! matchers, readings) are resolved when the file is read. `assess/compile` turns rules into what is asked of objects.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::facts::FieldPath;
use crate::layout::Kind;
use crate::model::procedure::Procedure;
use crate::model::severity::Severity;
use crate::rules::language::expression::Expression;
use crate::rules::language::matcher::Matcher;
use crate::rules::language::variables::Others;

/// An orchestrator of MKE.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Orchestrator {
    /// Docker Swarm.
    Swarm,
    /// Kubernetes.
    Kubernetes,
}

impl Orchestrator {
    /// `swarm` or `kubernetes`.
    ///
    /// ```
    /// assert_eq!(mke_stig::rules::Orchestrator::Swarm.name(), "swarm");
    /// ```
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Swarm => "swarm",
            Self::Kubernetes => "kubernetes",
        }
    }
}

/// When a rule applies. Every part that is given must hold.
#[derive(Debug, Clone, Default)]
pub struct Applies {
    /// Only where this orchestrator is in use.
    pub orchestrator: Option<Orchestrator>,
    /// Only where MSR is in use.
    pub msr: bool,
    /// Only nodes with one of these operating systems (`ID` of `os-release`); empty for all.
    pub os: Vec<String>,
    /// Only nodes with none of these operating systems.
    pub not_os: Vec<String>,
    /// Only nodes whose fact of this kind matches.
    pub node: Vec<(Kind, Matcher<FieldPath>)>,
    /// Not where a fact of this kind matches.
    pub except: Vec<(Kind, Matcher<FieldPath>)>,
}

impl Applies {
    /// Whether only some of the nodes are judged.
    ///
    /// ```
    /// let pack = mke_stig::rules::Pack::embedded();
    /// let of_selinux = pack.rules.iter().find(|rule| rule.id == "V-260921").unwrap();
    /// assert!(of_selinux.applies.selects_nodes(), "it is about Red Hat's and CentOS's nodes");
    /// ```
    #[must_use]
    pub fn selects_nodes(&self) -> bool {
        !self.os.is_empty() || !self.not_os.is_empty() || !self.node.is_empty()
    }
}

/// What an object must be.
#[derive(Debug, Clone)]
pub enum Demand {
    /// It matches.
    Must(Matcher<FieldPath>),
    /// The expression holds.
    Expression(Arc<Expression>),
    /// The SSP must say; this is what to compare.
    NeedsSsp(String),
    /// Only a person can tell; this is what to look at.
    Person(String),
}

/// What the SSP lists, so that what breaks a check is good all the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The section, one of [`SSP_LISTS`].
    pub section: String,
    /// The fields whose contents must be listed, each with the key of the section that states it; the
    /// key is empty where one field tells all. None where the use itself must be listed.
    pub fields: Vec<(String, FieldPath)>,
}

/// What a person must look at besides the checks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// Only where this orchestrator is in use.
    pub orchestrator: Option<Orchestrator>,
    /// What to look at, and with what to compare it.
    pub text: String,
}

/// Which reading of an ambiguous text decides.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wording {
    /// What is meant.
    #[default]
    Intended,
    /// What the text says by the letter.
    Literal,
}

impl Wording {
    /// `intended` or `literal`.
    ///
    /// ```
    /// assert_eq!(mke_stig::rules::Wording::default().name(), "intended");
    /// ```
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Intended => "intended",
            Self::Literal => "literal",
        }
    }
}

/// One check of a rule: what every selected object of a kind must be.
#[derive(Debug, Clone)]
pub struct Check {
    /// A short name, where the rule has several checks.
    pub name: String,
    /// The kind of the objects.
    pub each: Kind,
    /// Their classes; empty for all.
    pub of: Vec<String>,
    /// Only where this orchestrator is in use.
    pub orchestrator: Option<Orchestrator>,
    /// Only in this reading; in the other one it decides nothing and is only noted.
    pub reading: Option<Wording>,
    /// Only where a fact of this kind, of the cluster as a whole, matches.
    pub when: Vec<(Kind, Matcher<FieldPath>)>,
    /// Not on nodes whose fact of this kind is known to match: there it says what their objects leave open.
    pub unless_node: Vec<(Kind, Matcher<FieldPath>)>,
    /// Which objects.
    pub filter: Option<Matcher<FieldPath>>,
    /// What they must be.
    pub demand: Demand,
    /// What a person looks at where an object is not known to meet it, which is no finding then.
    pub person: Option<String>,
    /// Kinds of which one that was delivered is enough: what is missing of this kind is then no gap.
    pub instead: Vec<Kind>,
    /// The SSP's type of exception that excuses an object.
    pub unless: Option<String>,
    /// What breaks the check is good if the SSP lists it; without the SSP nobody knows.
    pub listed: Option<Listed>,
    /// Fields shown with the evidence.
    pub show: Vec<FieldPath>,
    /// What is wanted, in words.
    pub wanted: String,
}

impl Check {
    /// Whether the SSP can decide about an object.
    #[must_use]
    pub(crate) fn asks_ssp(&self) -> bool {
        self.unless.is_some() || self.listed.is_some() || self.names_ssp() || matches!(self.demand, Demand::NeedsSsp(_))
    }

    /// Whether it compares with a single value that the SSP states.
    #[must_use]
    pub(crate) fn names_ssp(&self) -> bool {
        !self.ssp_variables().is_empty()
    }

    /// Whether it decides in the intended reading.
    ///
    /// ```
    /// let pack = mke_stig::rules::Pack::embedded();
    /// let rule = pack.rules.iter().find(|rule| rule.id == "V-260930").unwrap();
    /// let meant: Vec<&str> =
    ///     rule.checks().iter().filter(|check| check.is_meant()).map(|check| check.name.as_str()).collect();
    /// assert_eq!(meant, ["containers", "containers that join another one"]);
    /// ```
    #[must_use]
    pub fn is_meant(&self) -> bool {
        self.reading != Some(Wording::Literal)
    }

    /// The sections of the SSP that state a value with which it compares.
    ///
    /// ```
    /// let pack = mke_stig::rules::Pack::embedded();
    /// let rule = pack.rules.iter().find(|rule| rule.id == "V-260945").unwrap();
    /// assert_eq!(rule.checks()[0].ssp_variables(), ["mke_version"]);
    /// ```
    #[must_use]
    pub fn ssp_variables(&self) -> Vec<&str> {
        let mut names = Vec::new();
        if let Demand::Must(matcher) = &self.demand {
            matcher.conditions(&mut |condition| names.extend(condition.ssp_variables()));
        }
        names.sort_unstable();
        names.dedup();
        names
    }

    /// Whether nothing is good by itself, so that the SSP must list every object.
    #[must_use]
    pub(crate) fn all_listed(&self) -> bool {
        self.listed.is_some() && matches!(&self.demand, Demand::Must(Matcher::Any(parts)) if parts.is_empty())
    }

    /// The fields of other kinds in which its objects' values must stand.
    #[must_use]
    pub fn others(&self) -> Vec<&Others> {
        let mut others = Vec::new();
        if let Demand::Must(matcher) = &self.demand {
            matcher.conditions(&mut |condition| condition.others(&mut others));
        }
        others
    }
}

/// How a rule is decided.
#[derive(Debug, Clone)]
pub enum Decision {
    /// By checks.
    Checks(Vec<Check>),
    /// Not by this version; a person looks at this.
    Undecided(String),
    /// Not at all: the rule's file is broken, for this reason.
    Broken(String),
}

/// The ids and texts of a rule.
#[derive(Debug, Clone, Default)]
pub struct Texts {
    /// `CNTR-MK-…`
    pub stig_id: String,
    /// `SV-…_rule`
    pub rule_id: String,
    /// Rule ids that other issues of the same release gave it.
    pub other_rule_ids: Vec<String>,
    /// `SRG-APP-…`
    pub srg: String,
    /// CCIs.
    pub ccis: Vec<String>,
    /// NIST SP 800-53 Rev. 5 controls.
    pub controls: Vec<String>,
    /// Title.
    pub title: String,
    /// Why it matters.
    pub why: String,
    /// How it is decided.
    pub how: String,
    /// How to fix it, in general.
    pub fix: String,
    /// The steps of the fix.
    pub procedure: Procedure,
    /// How ambiguous text is read; empty where it is plain.
    pub reading: String,
}

/// A rule.
#[derive(Debug, Clone)]
pub struct Rule {
    /// `V-…`, or an id of the user's own.
    pub id: String,
    /// Severity.
    pub severity: Severity,
    /// Ids and texts.
    pub texts: Texts,
    /// When it applies.
    pub applies: Applies,
    /// How it is decided.
    pub decision: Decision,
    /// What a person must look at besides the checks.
    pub person: Vec<Look>,
}

impl Rule {
    /// The checks; none when the rule is not decided.
    ///
    /// ```
    /// let pack = mke_stig::rules::Pack::embedded();
    /// let rule = pack.rules.iter().find(|rule| rule.id == "V-260930").unwrap();
    /// assert_eq!(rule.checks()[0].each.name(), "docker.container");
    /// ```
    #[must_use]
    pub fn checks(&self) -> &[Check] {
        match &self.decision {
            Decision::Checks(checks) => checks,
            Decision::Undecided(_) | Decision::Broken(_) => &[],
        }
    }

    /// What decides it: `evidence`, `ssp` (evidence against the SSP) or `person` (all of it, or what
    /// the checks leave).
    ///
    /// ```
    /// let pack = mke_stig::rules::Pack::embedded();
    /// let by = |id: &str| pack.rules.iter().find(|rule| rule.id == id).unwrap().decided_by();
    /// assert_eq!([by("V-260930"), by("V-260907"), by("V-260932")], ["evidence", "ssp", "person"]);
    /// ```
    #[must_use]
    pub fn decided_by(&self) -> &'static str {
        match &self.decision {
            Decision::Checks(_) if !self.person.is_empty() => "person",
            Decision::Checks(checks) if checks.iter().filter(|check| check.is_meant()).any(Check::asks_ssp) => "ssp",
            Decision::Checks(checks)
                if checks.iter().any(|check| {
                    check.is_meant() && check.filter.is_none() && matches!(check.demand, Demand::Person(_))
                }) =>
            {
                "person"
            }
            Decision::Checks(_) => "evidence",
            Decision::Undecided(_) | Decision::Broken(_) => "person",
        }
    }

    /// The kinds that its checks read.
    ///
    /// ```
    /// let pack = mke_stig::rules::Pack::embedded();
    /// let rule = pack.rules.iter().find(|rule| rule.id == "V-260930").unwrap();
    /// assert_eq!(rule.kinds()[0].name(), "docker.container");
    /// ```
    #[must_use]
    pub fn kinds(&self) -> Vec<&Kind> {
        let mut kinds: Vec<&Kind> = self.checks().iter().map(|check| &check.each).collect();
        let conditions = self.checks().iter().flat_map(|check| check.when.iter().chain(&check.unless_node));
        kinds.extend(self.applies.node.iter().chain(&self.applies.except).chain(conditions).map(|(kind, _)| kind));
        for others in self.checks().iter().flat_map(Check::others) {
            kinds.push(&others.kind);
        }
        kinds.sort();
        kinds.dedup();
        kinds
    }
}

/// A class of a kind's objects, and how it is recognized.
#[derive(Debug, Clone)]
pub struct Class {
    /// Its name.
    pub name: String,
    /// The objects of it.
    pub members: Matcher<FieldPath>,
}

/// The classes of each kind; the first that holds wins.
pub type Classes = BTreeMap<Kind, Vec<Class>>;

/// Classes that a kind may have, `user` among them.
pub const MAX_CLASSES: usize = 4;

/// The class of objects that are of none.
pub const USER: &str = "user";
/// The class of MKE's own objects.
pub const MKE: &str = "mke";

/// What the SSP can excuse: the `type` of its exceptions and the `unless` of checks.
pub const EXCEPTION_TYPES: &[&str] = &[
    "host_network",
    "host_pid",
    "host_ipc",
    "host_user_namespace",
    "privileged",
    "writable_root",
    "no_resource_limit",
    "sensitive_mount",
    "new_privileges",
    "default_namespace",
    "default_cpu_shares",
    "unencrypted_network",
];

/// Sections of the SSP that can list what breaks a check: the `ssp` of checks.
pub const SSP_LISTS: &[&str] = &[
    "ports",
    "capabilities",
    "services",
    "quotas",
    "log_drivers",
    "signers",
    "docker_group",
    "identity_providers",
    "grants",
    "role_bindings",
    "msr_accounts",
    "msr_repositories",
    "msr_teams",
    "msr_members",
    "exceptions",
];
