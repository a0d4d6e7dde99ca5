//! What a generated cluster is: its names, nodes, versions and registry, drawn from a seed.

use crate::common::dice::Dice;

/// The system of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum System {
    RedHat,
    Ubuntu,
    Windows,
}

/// How images are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Registry {
    /// MSR 2: containers `dtr-…` on a worker.
    Second,
    /// MSR 3: pods in a namespace.
    Third,
}

/// Through what users log in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Login {
    Ldap,
    Saml,
    External,
}

/// A node.
#[derive(Debug, Clone)]
pub(crate) struct NodePlan {
    pub name: String,
    /// Its id in the swarm.
    pub id: String,
    pub address: String,
    pub manager: bool,
    pub system: System,
    /// Whether Kubernetes may run there; managers and Linux workers differ.
    pub kubernetes: bool,
    pub swarm: bool,
}

impl NodePlan {
    pub(crate) fn windows(&self) -> bool {
        self.system == System::Windows
    }

    pub(crate) fn os(&self) -> &'static str {
        if self.windows() { "windows" } else { "linux" }
    }
}

/// A cluster.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub dice: Dice,
    pub cluster_id: String,
    pub nodes: Vec<NodePlan>,
    /// What stands before the names of MKE's images, with the slash.
    pub prefix: String,
    /// MKE's version.
    pub version: String,
    /// What stands before the names of users' images, with the slash.
    pub users: String,
    pub registry: Registry,
    pub msr_version: String,
    pub login: Login,
    /// Whether an object stands on a line of its own where a list could stand.
    pub lines: bool,
}

/// The day of the collection.
pub(crate) const DAY: &str = "2027-02-09";
/// The host by which users reach MKE.
pub(crate) const HOST: &str = "mke.halyard.test";

impl Plan {
    pub(crate) fn of(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let prefixes =
            ["mirantis/", "docker.io/mirantis/", "registry.halyard.test:5000/mirantis/", "reg.halyard.test/mke/"];
        let prefix = (*dice.pick(&prefixes)).to_owned();
        let users =
            (*dice.pick(&["apps.halyard.test/", "msr.halyard.test/", "apps.halyard.test:8443/team/"])).to_owned();
        let version = format!("3.7.{}", 3 + dice.below(14));
        let nodes = nodes(&mut dice);
        Self {
            cluster_id: dice.swarm_id(),
            nodes,
            prefix,
            version,
            users,
            registry: *dice.pick(&[Registry::Second, Registry::Third]),
            msr_version: format!("{}.{}", dice.pick(&["2.9", "3.1"]), dice.below(9)),
            login: *dice.pick(&[Login::Ldap, Login::Saml, Login::External]),
            lines: dice.one_in(2),
            dice,
        }
        .settled()
    }

    /// MSR 2 has versions of its own, and so has MSR 3.
    fn settled(mut self) -> Self {
        let minor = self.msr_version.rsplit('.').next().unwrap_or("1").to_owned();
        self.msr_version = match self.registry {
            Registry::Second => format!("2.9.{minor}"),
            Registry::Third => format!("3.1.{minor}"),
        };
        self
    }

    pub(crate) fn managers(&self) -> impl Iterator<Item = &NodePlan> {
        self.nodes.iter().filter(|node| node.manager)
    }

    /// An image of MKE's by its last name.
    pub(crate) fn mke(&self, name: &str) -> String {
        format!("{}{name}:{}", self.prefix, self.version)
    }
}

/// Three managers, a worker for both orchestrators or one for each, and one with Windows.
fn nodes(dice: &mut Dice) -> Vec<NodePlan> {
    let styles: [(&str, &str); 4] =
        [("cp", "node"), ("ctl-east-", "run-east-"), ("m", "w"), ("halyard-mgr", "halyard-wkr")];
    let (manager, worker) = *dice.pick(&styles);
    let first = 1 + dice.below(3);
    let net = 1 + dice.below(200);
    let linux = *dice.pick(&[System::RedHat, System::Ubuntu]);
    let other = if dice.one_in(2) { linux } else { System::Ubuntu };
    let mut nodes = Vec::new();
    let mut add = |name: String, manager, system, kubernetes, swarm| {
        let address = format!("10.{net}.7.{}", 11 + nodes.len());
        nodes.push(NodePlan { name, id: String::new(), address, manager, system, kubernetes, swarm });
    };
    for number in first..first + 3 {
        add(format!("{manager}{number}"), true, linux, true, true);
    }
    add(format!("{worker}{first}"), false, linux, true, false);
    add(format!("{worker}{}", first + 1), false, other, true, true);
    add(format!("{worker}{}", first + 2), false, System::Windows, false, true);
    for node in &mut nodes {
        node.id = dice.swarm_id();
    }
    nodes
}
