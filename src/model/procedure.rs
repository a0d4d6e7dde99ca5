//! How a finding is mended: steps that can be typed, in the order in which they are done.
//!
//! A rule states its steps once, with names left open (`{service}`). [`Procedure::text`] says them in general, for
//! checklists and for rules that are not open; a report fills in the names of the objects that fail. Settings of MKE and of
//! engines are steps of their own, so that what several rules change can be changed at once.

use std::fmt::Write as _;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The steps of a fix, and what they interrupt.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Procedure {
    /// The steps, in their order.
    pub steps: Vec<Step>,
    /// What the steps interrupt or may break; empty where they do neither.
    #[serde(default)]
    pub risk: String,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Step {
    /// Something that a person does, with the commands for it.
    Do(Action),
    /// Settings of MKE's configuration.
    MkeConfig(MkeConfig),
    /// Settings of the engine of each node that fails, which take a restart of it.
    Engine(Vec<String>),
}

/// Something that a person does.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Action {
    /// What is done; what stands between backticks is typed.
    pub text: String,
    /// Where it is done.
    #[serde(default)]
    pub at: Place,
    /// The kinds of objects that the commands are about; of all that fail where there is none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub of: Vec<String>,
    /// Names of objects that no command is about, such as `ingress`; one that ends in `*` is the beginning of names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub except: Vec<String>,
    /// The only names that commands are about, as `except` writes them; all where there is none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub only: Vec<String>,
    /// Commands, with placeholders for names. They stand once for each set of names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub run: Vec<String>,
}

/// Settings of MKE's configuration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MkeConfig {
    /// Where they are in MKE's web UI, as a sentence; empty where it does not show them.
    #[serde(default)]
    pub screen: String,
    /// Lines of the configuration file, in TOML: the table first.
    pub toml: Vec<String>,
}

/// Where a step is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// On each node that fails.
    Node,
    /// Where `docker` speaks to the whole cluster.
    Manager,
    /// Where `kubectl` speaks to the cluster.
    Kubectl,
    /// In MKE's web UI.
    Mke,
    /// In MSR's web UI.
    Msr,
    /// Wherever people work on it.
    #[default]
    Desk,
}

impl Place {
    /// The places by name, as rules and files write them.
    pub const NAMES: [(&'static str, Self); 6] = [
        ("node", Self::Node),
        ("manager", Self::Manager),
        ("kubectl", Self::Kubectl),
        ("mke", Self::Mke),
        ("msr", Self::Msr),
        ("desk", Self::Desk),
    ];

    /// The place as the beginning of a sentence; nothing where it may be any.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Node => "On each node with a finding, as root",
            Self::Manager => "On a manager, or through an administrator's client bundle",
            Self::Kubectl => "With kubectl, through an administrator's client bundle",
            Self::Mke => "In MKE's web UI",
            Self::Msr => "In MSR's web UI",
            Self::Desk => "",
        }
    }
}

/// A name that a command leaves open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Placeholder {
    /// The node of the object.
    Node,
    /// The object's own name.
    Name,
    /// The namespace of the object.
    Namespace,
    /// The service of Swarm: the object itself, or that which made the container.
    Service,
    /// The container, where neither a service nor Kubernetes made it.
    Container,
}

impl Placeholder {
    /// The placeholders by name.
    pub const NAMES: [(&'static str, Self); 5] = [
        ("node", Self::Node),
        ("name", Self::Name),
        ("namespace", Self::Namespace),
        ("service", Self::Service),
        ("container", Self::Container),
    ];

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, known)| *known == self).map_or("", |(name, _)| *name)
    }
}

/// A piece of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'c> {
    /// As it is typed.
    Text(&'c str),
    /// A name that is left open.
    Open(Placeholder),
    /// Something in braces that looks like a placeholder and is none.
    Unknown(&'c str),
}

/// The pieces of a command. Braces around anything but a word of small letters are text.
///
/// ```
/// use mke_stig::model::procedure::{Piece, Placeholder, pieces};
///
/// assert_eq!(pieces("docker rm {container}"), [Piece::Text("docker rm "), Piece::Open(Placeholder::Container)]);
/// assert_eq!(pieces("-o jsonpath={.metadata}"), [Piece::Text("-o jsonpath={.metadata}")]);
/// assert_eq!(pieces("{nobody}"), [Piece::Unknown("nobody")]);
/// ```
#[must_use]
pub fn pieces(command: &str) -> Vec<Piece<'_>> {
    let (mut found, mut from, mut at) = (Vec::new(), 0, 0);
    while let Some(open) = command[at..].find('{').map(|open| at + open) {
        at = open + 1;
        let Some(word) = command[at..].split_once('}').map(|(word, _)| word) else { break };
        if word.is_empty() || !word.bytes().all(|byte| byte.is_ascii_lowercase()) {
            continue;
        }
        if open > from {
            found.push(Piece::Text(&command[from..open]));
        }
        let known = Placeholder::NAMES.iter().find(|(name, _)| *name == word);
        found.push(known.map_or(Piece::Unknown(word), |(_, placeholder)| Piece::Open(*placeholder)));
        at += word.len() + 1;
        from = at;
    }
    if from < command.len() {
        found.push(Piece::Text(&command[from..]));
    }
    found
}

/// A command with the names of its placeholders in capitals, as manuals write it: `docker rm CONTAINER`.
#[must_use]
pub fn general(command: &str) -> String {
    pieces(command).iter().fold(String::new(), |mut text, piece| {
        match piece {
            Piece::Text(plain) => text.push_str(plain),
            Piece::Unknown(word) => text.push_str(word),
            Piece::Open(open) => text.push_str(&open.name().to_ascii_uppercase()),
        }
        text
    })
}

impl Action {
    /// Whether its commands are not about objects of this name.
    #[must_use]
    pub fn leaves_out(&self, name: &str) -> bool {
        let has = |list: &[String]| {
            list.iter().any(|known| match known.strip_suffix('*') {
                Some(beginning) => name.starts_with(beginning),
                None => known == name,
            })
        };
        has(&self.except) || (!self.only.is_empty() && !has(&self.only))
    }

    /// What is done, and where; commands follow it.
    #[must_use]
    pub fn sentence(&self) -> String {
        match (self.at.words(), self.run.is_empty()) {
            ("", _) => self.text.clone(),
            (place, true) => format!("{place}: {}", self.text),
            (place, false) => format!("{} {place}:", self.text),
        }
    }
}

impl MkeConfig {
    /// What is done, with the lines behind it.
    #[must_use]
    pub fn sentence(&self) -> String {
        let file = "set these lines in MKE's configuration file, in the table that they name, and upload it";
        if self.screen.is_empty() {
            return format!("With an administrator's token: {file}.");
        }
        format!("{} Or with an administrator's token: {file}.", self.screen)
    }
}

/// The commands by which MKE's configuration file is changed, as manuals write them; its address and the token come from
/// the shell's variables.
pub const MKE_CONFIG_GET: [&str; 2] = [
    "umask 077",
    "curl -s --cacert ca.pem -H \"Authorization: Bearer $TOKEN\" \"https://$MKE/api/ucp/config-toml\" -o mke-config.toml",
];

/// See [`MKE_CONFIG_GET`].
pub const MKE_CONFIG_PUT: [&str; 2] = [
    "curl -s --cacert ca.pem -H \"Authorization: Bearer $TOKEN\" -X PUT --upload-file mke-config.toml \
     \"https://$MKE/api/ucp/config-toml\"",
    "rm mke-config.toml",
];

/// What must be known of the configuration file before it is uploaded.
pub const MKE_CONFIG_RISK: &str = "The file holds secrets, so remove it afterwards; an old copy of it undoes what others \
                                   changed since, so fetch, edit and upload it in one go.";

/// The file of an engine's settings.
pub const ENGINE_FILE: &str = "/etc/docker/daemon.json";

/// What a restart of an engine interrupts.
pub const ENGINE_RISK: &str = "A restart of the engine stops the node's containers; drain one node at a time, and never so \
                               many managers that the others are no majority. On Windows the file is \
                               `C:\\ProgramData\\docker\\config\\daemon.json`, and `Restart-Service docker` restarts it.";

/// How an engine's settings come into force, of one node.
#[must_use]
pub fn engine_sentence(lines: &[String]) -> String {
    let named: Vec<String> = lines.iter().map(|line| format!("`{line}`")).collect();
    format!(
        "On each node with a finding, one after the other: set {} in `{ENGINE_FILE}`, check the file (engines before 23.0 \
         have no `--validate`), drain the node, restart the engine, and let the node take work again.",
        named.join(" and ")
    )
}

/// Commands that bring an engine's settings into force; those that are typed on a manager are marked.
#[must_use]
pub fn engine_commands() -> [(Place, &'static str); 4] {
    [
        (Place::Node, "dockerd --validate --config-file /etc/docker/daemon.json"),
        (Place::Manager, "docker node update --availability drain {node}"),
        (Place::Node, "systemctl restart docker"),
        (Place::Manager, "docker node update --availability active {node}"),
    ]
}

impl Procedure {
    /// One step without commands, as a rule that has only a text gives it.
    #[must_use]
    pub fn of_text(text: String) -> Self {
        let action = Action { text, ..Action::default() };
        Self { steps: vec![Step::Do(action)], risk: String::new() }
    }

    /// The steps in general, as paragraphs: names stand in capitals.
    ///
    /// ```
    /// use mke_stig::model::procedure::{Action, Place, Procedure, Step};
    ///
    /// let run = vec!["docker rm -f {container}".to_owned()];
    /// let action = Action { text: "Remove it.".to_owned(), at: Place::Node, run, ..Action::default() };
    /// let fix = Procedure { steps: vec![Step::Do(action)], risk: "It stops.".to_owned() };
    /// assert_eq!(fix.text(), "Remove it. On each node with a finding, as root:\n    docker rm -f CONTAINER\n\nRisk: It stops.");
    /// ```
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        for (number, step) in (1..).zip(&self.steps) {
            if number > 1 {
                text.push_str("\n\n");
            }
            if self.steps.len() > 1 {
                let _ = write!(text, "{number}. ");
            }
            step.write(&mut text);
        }
        if !self.risk.is_empty() {
            let _ = write!(text, "\n\nRisk: {}", self.risk);
        }
        text
    }
}

impl Step {
    fn write(&self, text: &mut String) {
        let mut commands = |sentence: String, commands: &[String]| {
            text.push_str(&sentence);
            for command in commands {
                let _ = write!(text, "\n    {command}");
            }
        };
        match self {
            Self::Do(action) => {
                let run: Vec<String> = action.run.iter().map(|command| general(command)).collect();
                commands(action.sentence(), &run);
            }
            Self::MkeConfig(config) => {
                commands(config.sentence(), &config.toml);
                let run: Vec<String> = MKE_CONFIG_GET.iter().chain(&MKE_CONFIG_PUT).map(ToString::to_string).collect();
                commands(format!("\n{MKE_CONFIG_RISK}"), &run);
            }
            Self::Engine(lines) => {
                let run: Vec<String> = engine_commands().iter().map(|(_, command)| general(command)).collect();
                commands(engine_sentence(lines), &run);
                let _ = write!(text, "\n{ENGINE_RISK}");
            }
        }
    }
}
