//! The steps of a rule's fix with the names of the objects that fail.
//!
//! A command stands once for each set of names that it uses. Only names of users' objects get into commands: what MKE and
//! Kubernetes run for themselves is theirs to change, so of these only the node is named.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::model::assessment::{Assessment, Evidence, Node, RuleResult, Status};
use crate::model::labels;
use crate::model::procedure::{
    Action, ENGINE_FILE, ENGINE_RISK, MKE_CONFIG_GET, MKE_CONFIG_PUT, MKE_CONFIG_RISK, MkeConfig, Piece, Place,
    Placeholder, Step, engine_commands, engine_sentence, general, pieces,
};
use crate::report::base::outcome::{failing, is_own};
use crate::report::fix::shell;

/// What is said of nodes of Windows.
pub(crate) const ON_WINDOWS: &str =
    "the commands for nodes are written for Linux; on these nodes of Windows the same is done in PowerShell.";

/// Whose settings a step changes. A plan changes those of all rules at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Settings {
    Mke,
    Engines,
}

/// A rule's fix with names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Fix {
    pub(crate) steps: Vec<FilledStep>,
    /// What it interrupts.
    pub(crate) risk: String,
    /// Failing objects that no command names, for a person cannot type their names.
    pub(crate) untyped: Vec<String>,
    /// Nodes of Windows with a finding, for which the commands of nodes are not written.
    pub(crate) windows: Vec<String>,
    /// Failing objects that run, and that no command names, each with its class and node.
    pub(crate) unnamed: Vec<String>,
    /// Failing objects that the evidence does not list.
    pub(crate) not_listed: u64,
}

/// A step with names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct FilledStep {
    pub(crate) sentence: String,
    pub(crate) at: Place,
    pub(crate) blocks: Vec<Block>,
    /// What must be known before it is done.
    pub(crate) note: String,
    /// Whose settings it changes.
    #[serde(skip)]
    pub(crate) settings: Option<Settings>,
}

/// Lines that are typed at one place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Block {
    /// The node on which they are typed, where it is one of many.
    pub(crate) node: Option<String>,
    /// The file that they are lines of, where they are no commands.
    pub(crate) file: Option<&'static str>,
    pub(crate) lines: Vec<String>,
}

impl FilledStep {
    fn of(action: &Action, blocks: Vec<Block>) -> Self {
        Self { sentence: action.sentence(), at: action.at, blocks, note: String::new(), settings: None }
    }

    /// What of it is typed on a node.
    fn of_node(&self, node: &str) -> Option<&[String]> {
        if self.at != Place::Node {
            return None;
        }
        // Blocks stand in the order of their nodes, behind those of none.
        let at = self.blocks.binary_search_by(|block| block.node.as_deref().cmp(&Some(node))).ok()?;
        Some(&self.blocks[at].lines)
    }

    /// The lines of settings that it changes.
    pub(crate) fn settings_lines(&self) -> &[String] {
        let block = self.blocks.iter().find(|block| block.file.is_some());
        block.map_or(&[], |block| &block.lines)
    }
}

impl Fix {
    /// What is typed on a node besides settings: the step with its number, and its commands.
    pub(crate) fn on_node(&self, node: &str) -> impl Iterator<Item = (usize, &FilledStep, &[String])> {
        let steps = (1..).zip(&self.steps).filter(|(_, step)| step.settings.is_none());
        steps.filter_map(move |(number, step)| Some((number, step, step.of_node(node)?)))
    }
}

impl Block {
    /// Commands that are typed at one place.
    fn commands(lines: Vec<String>) -> Self {
        Self { node: None, file: None, lines }
    }

    /// Lines of a file.
    fn of_file(file: &'static str, lines: &[String]) -> Self {
        Self { node: None, file: Some(file), lines: lines.to_vec() }
    }
}

/// The commands that bring a node's engine settings into force. Those that are typed on a manager are comments here, and
/// so are those of a node whose name cannot be typed.
pub(crate) fn engine_of(node: &str) -> Vec<String> {
    let commands = engine_commands().into_iter().map(|(place, command)| {
        let typed = shell::filled(command, |_| shell::word(node));
        match (place, typed) {
            (Place::Manager, Some(typed)) => format!("# on a manager: {typed}"),
            (_, Some(typed)) => typed,
            (_, None) => format!("# on a manager, for this node: {}", general(command)),
        }
    });
    commands.collect()
}

/// The names of the nodes of Windows: what is typed on nodes is written for Linux.
pub(crate) fn of_windows(assessment: &Assessment) -> BTreeSet<&str> {
    let is = |node: &&Node| node.os.as_deref().is_some_and(|os| os.to_ascii_lowercase().contains("windows"));
    assessment.snapshot.nodes.iter().filter(is).map(|node| node.name.as_str()).collect()
}

/// The fix of a rule: with names where it is Open, in general else; none where it has no steps.
pub(crate) fn fix(rule: &RuleResult, of_windows: &BTreeSet<&str>) -> Option<Fix> {
    let procedure = rule.procedure.as_ref()?;
    let failing: Vec<&Evidence> = failing(rule).collect();
    let open = rule.status == Status::Open && !failing.is_empty();
    let named = Failing { lines: if open { &failing } else { &[] }, of_windows };
    let steps = procedure.steps.iter().filter_map(|step| if open { named.step(step) } else { Some(in_general(step)) });
    let listed: u64 = failing.iter().map(|line| line.count).sum();
    Some(Fix {
        steps: steps.collect(),
        risk: procedure.risk.clone(),
        untyped: named.untyped(),
        windows: named.windows(&procedure.steps),
        unnamed: named.unnamed(&procedure.steps),
        not_listed: if open { rule.failed.saturating_sub(listed) } else { 0 },
    })
}

/// What fails.
struct Failing<'a> {
    lines: &'a [&'a Evidence],
    of_windows: &'a BTreeSet<&'a str>,
}

impl<'a> Failing<'a> {
    /// The nodes on which something fails and commands for Linux are typed.
    fn nodes(&self) -> BTreeSet<&'a str> {
        self.lines.iter().filter_map(|line| line.node.as_deref()).filter(|node| self.is_typed_on(node)).collect()
    }

    fn is_typed_on(&self, node: &str) -> bool {
        !self.of_windows.contains(node)
    }

    /// The nodes of Windows on which something fails that is mended on nodes.
    fn windows(&self, steps: &[Step]) -> Vec<String> {
        let on_nodes = |step: &Step| match step {
            Step::Do(action) => action.at == Place::Node && !action.run.is_empty(),
            Step::Engine(_) => true,
            Step::MkeConfig(_) => false,
        };
        let nodes = self.lines.iter().filter_map(|line| line.node.as_deref()).filter(|node| !self.is_typed_on(node));
        let nodes: BTreeSet<&str> = nodes.filter(|_| steps.iter().any(on_nodes)).collect();
        nodes.into_iter().map(str::to_owned).collect()
    }

    /// A step with names; none where its commands concern nothing that fails.
    fn step(&self, step: &Step) -> Option<FilledStep> {
        match step {
            Step::Do(action) => self.action(action),
            Step::MkeConfig(config) => Some(mke_config(config)),
            Step::Engine(lines) => Some(self.engine(lines)),
        }
    }

    fn action(&self, action: &Action) -> Option<FilledStep> {
        if action.run.is_empty() {
            return Some(FilledStep::of(action, Vec::new()));
        }
        // A step about some objects alone is none where none of these fails.
        let about_some = !(action.of.is_empty() && action.only.is_empty());
        if about_some && self.about(action).next().is_none() {
            return None;
        }
        let wanted = wanted(action);
        if wanted.is_empty() {
            return Some(FilledStep::of(action, vec![Block::commands(action.run.clone())]));
        }
        // By node where it is typed on nodes, then by the other names.
        let mut blocks: BTreeMap<Option<&str>, BTreeSet<Vec<String>>> = BTreeMap::new();
        for line in self.about(action) {
            let node = line.node.as_deref().filter(|_| action.at == Place::Node);
            if node.is_some_and(|node| !self.is_typed_on(node)) {
                continue;
            }
            let run: Option<Vec<String>> = action
                .run
                .iter()
                .map(|command| shell::filled(command, |open| shell::word(value(line, open)?)))
                .collect();
            let complete = wanted.iter().all(|open| value(line, *open).is_some());
            if let Some(run) = run.filter(|_| complete) {
                blocks.entry(node).or_default().insert(run);
            }
        }
        let blocks = blocks.into_iter().map(|(node, sets)| Block {
            node: node.map(str::to_owned),
            ..Block::commands(once_each(sets.into_iter().flatten()))
        });
        Some(FilledStep::of(action, blocks.collect())).filter(|step| !step.blocks.is_empty())
    }

    /// The failing lines that a step is about.
    fn about(&self, action: &Action) -> impl Iterator<Item = &'a Evidence> {
        self.lines.iter().copied().filter(|line| is_about(action, line))
    }

    fn engine(&self, lines: &[String]) -> FilledStep {
        let (nodes, mut step) = (self.nodes(), in_general(&Step::Engine(lines.to_vec())));
        if nodes.is_empty() {
            return step;
        }
        step.blocks.truncate(1);
        let of_node = |node: &str| Block { node: Some(node.to_owned()), ..Block::commands(engine_of(node)) };
        step.blocks.extend(nodes.into_iter().map(of_node));
        step
    }

    /// What runs and fails, and stands in no command.
    fn unnamed(&self, steps: &[Step]) -> Vec<String> {
        let runs = |line: &Evidence| {
            line.object.as_ref().is_some_and(|object| {
                ["docker.container", "docker.service", "kube.Pod"].contains(&object.kind.as_str())
            })
        };
        let engine = steps.iter().any(|step| matches!(step, Step::Engine(_)));
        let stands = |line: &Evidence| {
            let restarted = engine && line.node.as_deref().is_some_and(|node| self.is_typed_on(node));
            // The engine's setting is for what it makes; what users run is made again by a step of its own.
            (restarted && is_own(line))
                || steps.iter().any(|step| matches!(step, Step::Do(action) if self.names(action, line)))
        };
        let left = self.lines.iter().filter(|line| runs(line) && !stands(line));
        let told: BTreeSet<String> = left
            .map(|line| {
                let class = line.class.as_deref().filter(|_| is_own(line)).map_or("a user's", labels::class);
                let class = class.strip_suffix(" objects").unwrap_or(class);
                let node = line.node.as_deref().unwrap_or("no node known");
                format!("{} ({class}; {node})", line.subject)
            })
            .collect();
        told.into_iter().collect()
    }

    /// Whether a command of a step has the name of a failing object.
    fn names(&self, action: &Action, line: &Evidence) -> bool {
        let own = |open: &Placeholder| *open != Placeholder::Node && *open != Placeholder::Namespace;
        let wanted = wanted(action);
        let here = action.at != Place::Node || line.node.as_deref().is_some_and(|node| self.is_typed_on(node));
        let typed = |open: &Placeholder| value(line, *open).and_then(shell::word).is_some();
        here && is_about(action, line) && wanted.iter().any(own) && wanted.iter().all(typed)
    }

    /// The objects whose names cannot be typed, each once.
    fn untyped(&self) -> Vec<String> {
        let names = |line: &Evidence| -> Vec<String> {
            let Some(object) = &line.object else { return Vec::new() };
            let parts = [Some(&object.name), object.namespace.as_ref(), object.service.as_ref(), line.node.as_ref()];
            parts.into_iter().flatten().cloned().collect()
        };
        let cannot = |line: &&&Evidence| !is_own(line) && names(line).iter().any(|name| shell::word(name).is_none());
        let subjects: BTreeSet<&String> = self.lines.iter().filter(cannot).map(|line| &line.subject).collect();
        subjects.into_iter().cloned().collect()
    }
}

/// The names that the commands of a step leave open.
fn wanted(action: &Action) -> BTreeSet<Placeholder> {
    let open = action.run.iter().flat_map(|command| pieces(command)).filter_map(|piece| match piece {
        Piece::Open(open) => Some(open),
        _ => None,
    });
    open.chain((action.at == Place::Node).then_some(Placeholder::Node)).collect()
}

/// The commands of all sets, each once: what has no name in it stands before the first that needs it.
fn once_each(commands: impl Iterator<Item = String>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    commands.filter(|command| seen.insert(command.clone())).collect()
}

/// Whether a step is about a failing object, by its kind and name.
fn is_about(action: &Action, line: &Evidence) -> bool {
    let object = line.object.as_ref();
    let left_out = object.is_some_and(|object| action.leaves_out(&object.name));
    !left_out && (action.of.is_empty() || object.is_some_and(|object| action.of.contains(&object.kind)))
}

/// The name of a failing object for a placeholder; none where it has no such name.
fn value(line: &Evidence, open: Placeholder) -> Option<&str> {
    if open == Placeholder::Node {
        return line.node.as_deref();
    }
    let object = line.object.as_ref().filter(|_| !is_own(line))?;
    match open {
        Placeholder::Node => None,
        Placeholder::Name => Some(&object.name),
        Placeholder::Namespace => object.namespace.as_deref(),
        Placeholder::Service => object.service.as_deref(),
        Placeholder::Container => {
            let by_hand = object.service.is_none() && object.pod.is_none();
            Some(object.name.as_str()).filter(|_| object.kind == "docker.container" && by_hand)
        }
    }
}

/// A step with its names left open.
fn in_general(step: &Step) -> FilledStep {
    match step {
        Step::Do(action) => {
            let lines: Vec<String> = action.run.iter().map(|command| general(command)).collect();
            FilledStep::of(action, if lines.is_empty() { Vec::new() } else { vec![Block::commands(lines)] })
        }
        Step::MkeConfig(config) => mke_config(config),
        Step::Engine(lines) => FilledStep {
            sentence: engine_sentence(lines),
            at: Place::Node,
            blocks: vec![
                Block::of_file(ENGINE_FILE, lines),
                Block::commands(engine_commands().iter().map(|(_, command)| general(command)).collect()),
            ],
            note: ENGINE_RISK.to_owned(),
            settings: Some(Settings::Engines),
        },
    }
}

fn mke_config(config: &MkeConfig) -> FilledStep {
    let commands = |lines: [&str; 2]| Block::commands(lines.map(str::to_owned).to_vec());
    FilledStep {
        sentence: config.sentence(),
        at: Place::Mke,
        blocks: vec![
            commands(MKE_CONFIG_GET),
            Block::of_file("mke-config.toml", &config.toml),
            commands(MKE_CONFIG_PUT),
        ],
        note: MKE_CONFIG_RISK.to_owned(),
        settings: Some(Settings::Mke),
    }
}
