//! What is shown of an object for a check: where the decision fell, and what stands there.
//!
//! An assessor must find the value in the file. So a line points to the field, and within it to the
//! element, that decided: of a failing object to what fails, of a passing one to what would have had to
//! fail. Fields that the rule wants shown stand behind it.

use serde_json::Value;

use crate::assess::compile::compiled::{CompiledCheck, CompiledDemand, CompiledKind, Leaf};
use crate::assess::observe::packed::PackedFields;
use crate::assess::observe::samples::{Line, LineText, WrittenLine};
use crate::facts::{FieldPath, Fields, Plan, Slot};
use crate::rules::{Matcher, Truth, Variables, short};

/// With what lines are written out.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Writer<'w> {
    pub(crate) kind: &'w CompiledKind,
    pub(crate) plan: &'w Plan,
    pub(crate) variables: &'w Variables,
}

impl Writer<'_> {
    /// What a line says.
    pub(crate) fn line(&self, check: &CompiledCheck, line: &Line) -> WrittenLine {
        let fields = || line.object.fields.as_ref().and_then(PackedFields::unpack);
        match &line.text {
            LineText::Written(written) => WrittenLine::clone(written),
            LineText::InFields { holds, note } => match fields() {
                Some(fields) => self.written(check, &fields, *holds, note),
                None => WrittenLine { below: String::new(), seen: note.to_string() },
            },
        }
    }

    /// Where in its object a line points.
    pub(crate) fn below(&self, check: &CompiledCheck, line: &Line) -> String {
        let fields = || line.object.fields.as_ref().and_then(PackedFields::unpack);
        match &line.text {
            LineText::Written(written) => written.below.clone(),
            LineText::InFields { holds, .. } => {
                fields().map_or_else(String::new, |fields| self.place(check, &fields, *holds).0)
            }
        }
    }

    /// What an object shows, by whether it meets the demand, with what else there is to say.
    pub(crate) fn written(&self, check: &CompiledCheck, fields: &Fields, holds: bool, note: &str) -> WrittenLine {
        let (below, mut seen) = self.place(check, fields, holds);
        if !note.is_empty() {
            let separator = if seen.is_empty() { "" } else { "; " };
            seen = format!("{seen}{separator}{note}");
        }
        for slot in &check.show {
            let path = self.path(*slot);
            if seen.starts_with(&format!("{path} = ")) {
                continue;
            }
            if let Some(value) = fields[slot.index()].as_ref().filter(|value| !value.is_null())
                && !self.kind.subject.shows(*slot)
            {
                let between = if seen.is_empty() { "" } else { "; " };
                seen.push_str(&format!("{between}{path} = {}", short(value)));
            }
        }
        WrittenLine { below, seen: seen.trim_start_matches("; ").to_owned() }
    }

    /// The pointer to what decided, and what stands there.
    fn place(&self, check: &CompiledCheck, fields: &Fields, holds: bool) -> (String, String) {
        let (below, seen) = self.decision(check, fields, holds);
        let listed = || Some(check.listed.as_ref()?.slots.first()?.1);
        match listed().filter(|_| below.is_empty()) {
            Some(slot) => (self.path(slot).pointer(), seen),
            None => (below, seen),
        }
    }

    /// Where in the object the decision fell, and what stands there. A passing object is shown by
    /// the field that would have failed it.
    fn decision(&self, check: &CompiledCheck, fields: &Fields, holds: bool) -> (String, String) {
        match &check.demand {
            CompiledDemand::Must(matcher) | CompiledDemand::Deferred(matcher) => {
                let look = |leaf: &Leaf| {
                    let (slot, condition) = &self.kind.leaves[leaf.0];
                    condition.eval(fields[slot.index()].as_ref(), self.variables)
                };
                let leaf = if holds {
                    holding(matcher, &look)
                } else {
                    matcher.deciding(&mut |leaf, _| look(leaf)).map(|(leaf, _)| *leaf)
                };
                let Some(leaf) = leaf else { return (String::new(), String::new()) };
                let (slot, condition) = &self.kind.leaves[leaf.0];
                let path = self.path(*slot);
                let at = condition.decisive(fields[slot.index()].as_ref(), self.variables);
                (path.pointer() + &at.pointer, format!("{path} = {}", at.seen))
            }
            CompiledDemand::Expression(expression, number) => {
                let values = self.kind.seen_by(*number).iter().map(|slot| fields[slot.index()].as_ref());
                let seen: Vec<String> = expression
                    .fields
                    .iter()
                    .zip(values)
                    .map(|(path, value)| format!("{path} = {}", value.map_or_else(|| "(absent)".to_owned(), short)))
                    .collect();
                (String::new(), seen.join(", "))
            }
            CompiledDemand::NeedsSsp(_) | CompiledDemand::Person(_) => (String::new(), String::new()),
        }
    }

    fn path(&self, slot: Slot) -> &FieldPath {
        self.plan.path(self.kind.id, slot)
    }
}

/// The first condition that holds.
fn holding(matcher: &Matcher<Leaf>, look: &dyn Fn(&Leaf) -> Truth) -> Option<Leaf> {
    let mut first = None;
    matcher.each(&mut |leaf, _| {
        if first.is_none() && look(leaf) == Truth::Yes {
            first = Some(*leaf);
        }
    });
    first
}

/// About how much memory fields take, in bytes.
pub(crate) fn weight(fields: &Fields) -> usize {
    const EACH: usize = 32;
    fn of(value: &Value) -> usize {
        EACH + match value {
            Value::Null | Value::Bool(_) | Value::Number(_) => 0,
            Value::String(text) => text.len(),
            Value::Array(list) => list.iter().map(of).sum(),
            Value::Object(map) => map.iter().map(|(key, value)| EACH + key.len() + of(value)).sum(),
        }
    }
    fields.iter().flatten().map(of).sum()
}
