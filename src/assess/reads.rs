//! The fields that rules read, field by field: what a collector must keep for them.
//!
//! Compiling a rule asks the plan for every field that it selects by, judges by or shows. What is asked for
//! without any rule is what the program reads for itself: names, versions, whose an object is.

use std::collections::{BTreeMap, BTreeSet};

use crate::assess::compile::builder::{Site, compile};
use crate::assess::compile::compiled::Compiled;
use crate::facts::Keep;
use crate::layout::Kind;
use crate::rules::{Pack, Rule};
use crate::ssp::Ssp;

/// Fields by their kind and keys, each with the ids of the rules that read it; none for what the program
/// itself reads.
pub type FieldsRead = BTreeMap<(Kind, Vec<String>), BTreeSet<String>>;

/// The fields that the rules of a pack read.
///
/// ```
/// use mke_stig::{assess::fields_read, layout::Kind, rules::Pack};
///
/// let read = fields_read(&Pack::embedded());
/// let keys = vec!["HostConfig".to_owned(), "Privileged".to_owned()];
/// assert!(read[&(Kind::named("docker.container").unwrap(), keys)].contains("V-260940"));
/// ```
#[must_use]
pub fn fields_read(pack: &Pack) -> FieldsRead {
    let own = wanted(&[], pack);
    let mut read: FieldsRead = own.iter().map(|field| (field.clone(), BTreeSet::new())).collect();
    for rule in &pack.rules {
        let one = std::slice::from_ref(rule);
        let others = wanted(one, pack).difference(&own).cloned().collect::<Vec<_>>();
        for field in judged(one, pack).into_iter().chain(others) {
            read.entry(field).or_default().insert(rule.id.clone());
        }
    }
    read
}

type Fields = BTreeSet<(Kind, Vec<String>)>;

/// What is asked of the facts for some rules, and for the program itself.
fn wanted(rules: &[Rule], pack: &Pack) -> Fields {
    let compiled = compiled(rules, pack);
    let mut read = Fields::new();
    for kind in &compiled.kinds {
        for (path, keep) in compiled.plan.projection(kind.id).wanted() {
            expand(path.keys().to_vec(), keep, &mut |keys| _ = read.insert((kind.kind.clone(), keys)));
        }
    }
    read
}

/// What the checks of some rules look at and show.
fn judged(rules: &[Rule], pack: &Pack) -> Fields {
    let compiled = compiled(rules, pack);
    let mut read = Fields::new();
    for kind in &compiled.kinds {
        for input in kind.checks.iter().flat_map(|check| &kind.input_sets[check.shown]) {
            let input = &kind.inputs[*input];
            let keys = compiled.plan.path(kind.id, input.slot).keys().to_vec();
            expand(keys, &input.keep, &mut |keys| _ = read.insert((kind.kind.clone(), keys)));
        }
    }
    read
}

fn compiled(rules: &[Rule], pack: &Pack) -> Compiled {
    compile(rules, Site { classes: &pack.classes, ssp: &Ssp::default(), drafting: false })
}

/// A field that is kept in part is read where its parts are.
fn expand(keys: Vec<String>, keep: &Keep, add: &mut dyn FnMut(Vec<String>)) {
    match keep {
        Keep::Fields(parts) if !parts.is_empty() => {
            for (key, below) in parts {
                let mut inner = keys.clone();
                inner.push(key.clone());
                expand(inner, below, add);
            }
        }
        _ => add(keys),
    }
}
