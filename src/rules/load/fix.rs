//! Reads how a finding is fixed.

use crate::model::procedure::{Action, MkeConfig, Piece, Place, Placeholder, Procedure, Step, pieces};
use crate::rules::load::values::{kind, one_of, unknown};
use crate::yaml::{Checker, Node};

/// Keys of a fix.
pub(crate) const FIX_KEYS: &[(&str, &str)] =
    &[("steps", "what is done, in order"), ("risk", "what it interrupts or may break, and how that is kept small")];

/// Keys of a step; those of the first row of forms exclude each other.
pub(crate) const STEP_KEYS: &[(&str, &str)] = &[
    ("do", "what a person does; what stands between backticks is typed"),
    ("at", "where `do` is done"),
    ("of", "the kind or kinds of the failing objects that `run` is about"),
    ("except", "names of objects that `run` is not about; one that ends in `*` is the beginning of names"),
    ("only", "the only names that `run` is about, written as those of `except`"),
    (
        "run",
        "commands for `do`, once for each set of names: {node}, {name}, {namespace}, {service} of Swarm, {container} \
         that no orchestrator made",
    ),
    ("mke", "settings of MKE's configuration: {screen, toml}"),
    ("engine", "lines for the engine's daemon.json on each node with a finding"),
];

/// Keys of MKE's settings.
pub(crate) const MKE_KEYS: &[(&str, &str)] = &[
    ("screen", "where they are in MKE's web UI, as a sentence"),
    ("toml", "lines of the configuration file, the table first"),
];

/// A fix: a text, or its steps.
pub(crate) fn procedure(checker: &mut Checker<'_>, node: &Node<'_>) -> Procedure {
    if node.value.is_string() {
        return Procedure::of_text(checker.text(node, "`fix`"));
    }
    let mut procedure = Procedure::default();
    for (key, value) in checker.entries(node, "`fix`") {
        match key {
            "steps" => {
                let steps = checker.elements(&value, "`steps`");
                procedure.steps = steps.iter().filter_map(|node| step(checker, node)).collect();
            }
            "risk" => procedure.risk = checker.text(&value, "`risk`"),
            other => unknown(checker, &value, other, FIX_KEYS),
        }
    }
    if procedure.steps.is_empty() && checker.clean() {
        checker.problem(node, "a fix without steps", "write what is done under `steps`");
    }
    procedure
}

fn step(checker: &mut Checker<'_>, node: &Node<'_>) -> Option<Step> {
    let mut action = Action::default();
    let (mut config, mut engine, mut forms) = (None, None, 0);
    let entries = checker.entries(node, "a step");
    for (key, value) in &entries {
        match *key {
            "do" => action.text = checker.text(value, "`do`"),
            "at" => action.at = place(checker, value),
            "of" => {
                action.of = checker.texts(value, "`of`");
                for name in &action.of {
                    kind(checker, name, value);
                }
            }
            "except" => action.except = checker.texts(value, "`except`"),
            "only" => action.only = checker.texts(value, "`only`"),
            "run" => action.run = commands(checker, value),
            "mke" => config = Some(mke_config(checker, value)),
            "engine" => engine = Some(checker.texts(value, "`engine`")),
            other => unknown(checker, value, other, STEP_KEYS),
        }
        forms += usize::from(matches!(*key, "do" | "mke" | "engine"));
    }
    if forms != 1 || (action.text.is_empty() && entries.len() > 1) {
        checker.problem(
            node,
            "a step has one of `do`, `mke` and `engine`",
            "`at`, `of`, `except` and `run` stand beside `do`",
        );
        return None;
    }
    Some(match (config, engine) {
        (Some(config), _) => Step::MkeConfig(config),
        (_, Some(lines)) => Step::Engine(lines),
        _ => Step::Do(action),
    })
}

fn place(checker: &mut Checker<'_>, node: &Node<'_>) -> Place {
    let word = one_of(checker, node, &Place::NAMES.map(|(name, _)| name));
    Place::NAMES.iter().find(|(name, _)| *name == word).map_or(Place::default(), |(_, place)| *place)
}

fn mke_config(checker: &mut Checker<'_>, node: &Node<'_>) -> MkeConfig {
    let mut config = MkeConfig { screen: String::new(), toml: Vec::new() };
    for (key, value) in checker.entries(node, "`mke`") {
        match key {
            "screen" => config.screen = checker.text(&value, "`screen`"),
            "toml" => config.toml = checker.texts(&value, "`toml`"),
            other => unknown(checker, &value, other, MKE_KEYS),
        }
    }
    if !config.toml.first().is_some_and(|line| line.starts_with('[')) {
        checker.problem(node, "the first line of `toml` is the table", "such as `[cluster_config]`");
    }
    if config.toml.iter().skip(1).any(|line| line.starts_with('[')) {
        checker.problem(node, "`toml` has two tables", "write a step for each");
    }
    config
}

/// Commands, of which names are put in quotes where they need them: so a placeholder stands in none.
fn commands(checker: &mut Checker<'_>, node: &Node<'_>) -> Vec<String> {
    let commands = checker.texts(node, "`run`");
    for command in &commands {
        let ends = command.contains(" delete ") || command.contains(" network rm ");
        if ends && pieces(command).iter().any(|piece| matches!(piece, Piece::Open(_))) {
            let hint = "write NAME: what has no class may be the product's own, so a person looks at it first";
            checker.problem(node, "a command that deletes what is in use names it itself", hint);
        }
        let (mut single, mut double) = (false, false);
        for piece in pieces(command) {
            match piece {
                Piece::Text(text) => text.chars().for_each(|c| match c {
                    '\'' if !double => single = !single,
                    '"' if !single => double = !double,
                    _ => {}
                }),
                Piece::Open(open) if single || double => {
                    let name =
                        Placeholder::NAMES.iter().find(|(_, known)| *known == open).map_or("", |(name, _)| *name);
                    checker.problem(node, format!("`{{{name}}}` stands in quotes"), "leave it alone: names are quoted");
                }
                Piece::Open(_) => {}
                Piece::Unknown(word) => {
                    let known = Placeholder::NAMES.map(|(name, _)| name).join(", ");
                    checker.problem(node, format!("`{{{word}}}` is no name that a command can leave open"), known);
                }
            }
        }
        if matches!(pieces(command).first(), Some(Piece::Open(_))) {
            checker.problem(node, "a command begins with a program", "a name of a snapshot is never one");
        }
        if command.contains(['\n', '\r']) || single || double {
            checker.problem(node, "a command is one line with its quotes closed", "write one element per command");
        }
    }
    commands
}
