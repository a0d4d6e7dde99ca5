//! Parses the objects of a member and shows them to the observer.

use std::sync::{Arc, PoisonError};

use serde_json::Value;

use crate::facts::fields::plan::{KindId, Plan};
use crate::facts::fields::position::Position;
use crate::facts::fields::projection::Fields;
use crate::facts::json::splitter::Item;
use crate::facts::member::{Growing, KindFacts, State};
use crate::facts::pipeline::buffer::Buffer;
use crate::facts::stream::{Fact, Observer};
use crate::facts::text;
use crate::facts::text::TextFact;
use crate::layout::{Encoding, Kind, Owner, TextForm};
use crate::model::display;

/// Bits by which an object's number is shifted to number the facts that come of it.
const PARTS: u32 = 16;

/// Kinds whose lists MKE and MSR give in pages.
const PAGED: &[&str] = &["mke.account", "mke.team", "mke.collection", "mke.grant", "msr.account"];
/// Entries of a page unless more are asked for.
const PAGE: u64 = 10;

/// Objects of one member, cut out but not parsed.
pub(crate) struct Batch {
    pub(crate) buffer: Arc<Buffer>,
    pub(crate) items: Vec<Item>,
    /// Number of the first of them in the member.
    pub(crate) order: u64,
}

/// Where a member's objects go.
pub(crate) struct Sink<'s, O: Observer> {
    pub(crate) plan: &'s Plan,
    pub(crate) observer: &'s O,
    /// The kind that the member should hold.
    pub(crate) kind: KindId,
    /// Whether the snapshot format says so: then it can hold no other.
    pub(crate) placed: bool,
    pub(crate) owner: Owner,
    /// Members of the kind that were read before this one.
    pub(crate) earlier: usize,
    /// Where problems go.
    pub(crate) growing: Arc<Growing<O::Tally>>,
    /// Where facts go, if they are summed up with those of other files.
    pub(crate) join: Option<Join<O::Tally>>,
}

/// A file whose facts are summed up with those of other files: each would cost as much as a list.
pub(crate) struct Join<T> {
    /// The sum of all of them.
    pub(crate) whole: Arc<Growing<T>>,
    /// The file.
    pub(crate) file: u32,
    /// How many files were summed up before.
    pub(crate) before: u64,
}

impl<T> Join<T> {
    /// Bits for the objects of one file.
    const FILE: u32 = 40;

    fn place(&self, position: Position, order: u64) -> (Position, u64) {
        let index = match position {
            Position::Element { index, .. } => u32::try_from(index).ok(),
            _ => None,
        };
        (Position::Of { file: self.file, index }, (self.before << Self::FILE) + order)
    }
}

impl<O: Observer> Sink<'_, O> {
    /// Parses and observes a batch.
    pub(crate) fn batch(&self, batch: &Batch) {
        let mut sums = Vec::new();
        for (number, item) in (batch.order..).zip(&batch.items) {
            let bytes = &batch.buffer[item.start..item.end];
            if let Err(error) = self.object(bytes, item.position, number, &mut sums) {
                let at = item.position.pointer();
                let at = if at.is_empty() { "the object".to_owned() } else { format!("the object at {at}") };
                self.growing.problem(number, State::Unreadable(format!("{at} {error}")));
            }
        }
        self.add(sums);
    }

    /// Parses and observes one object.
    pub(crate) fn object(
        &self,
        bytes: &[u8],
        position: Position,
        order: u64,
        sums: &mut Vec<KindFacts<O::Tally>>,
    ) -> Result<(), String> {
        let not_json = |error: serde_json::Error| format!("is not valid JSON: {error}");
        let mut kind = self.kind;
        let mut fields = self.plan.planned(kind).projection.parse(bytes).map_err(not_json)?;
        // A list may mix kinds, as `kubectl get pods,services` does: each object goes to its own.
        if let Some(own) = self.plan.planned(kind).own_kind(&fields)
            && self.plan.name(kind).name().strip_prefix("kube.") != Some(own)
        {
            if self.placed {
                return Err(format!("is a {}, and no {}", display::escaped(own), self.plan.name(kind)));
            }
            let Some(other) = Kind::named(&format!("kube.{own}")).and_then(|other| self.plan.id(&other)) else {
                return Ok(());
            };
            kind = other;
            fields = self.plan.planned(kind).projection.parse(bytes).map_err(not_json)?;
        }
        if let Some(field) = self.plan.planned(kind).lacks(&fields) {
            return Err(format!("is no {}: it has no `{field}`", self.plan.name(kind)));
        }
        match &self.plan.planned(kind).image {
            None => self.fact(kind, &fields, position, order << PARTS, sums),
            Some(image) => {
                for (part, fields) in (0..).zip(image.facts(fields)) {
                    self.fact(kind, &fields, position, (order << PARTS) + part, sums);
                }
            }
        }
        Ok(())
    }

    pub(crate) fn fact(
        &self,
        kind: KindId,
        fields: &Fields,
        position: Position,
        order: u64,
        sums: &mut Vec<KindFacts<O::Tally>>,
    ) {
        let at = sums.iter().position(|sum| sum.kind == kind).unwrap_or_else(|| {
            sums.push(KindFacts { kind, count: 0, tally: self.begin(kind) });
            sums.len() - 1
        });
        sums[at].count += 1;
        let (position, order) = self.join.as_ref().map_or((position, order), |join| join.place(position, order));
        self.observer.observe(
            &self.owner,
            &Fact { kind, fields, position, order, earlier: self.earlier },
            &mut sums[at].tally,
        );
    }

    /// The sum to which facts are added.
    fn sums(&self) -> &Growing<O::Tally> {
        self.join.as_ref().map_or(&self.growing, |join| &join.whole)
    }

    /// An empty sum that knows what the member already has.
    fn begin(&self, kind: KindId) -> O::Tally {
        let whole = self.sums().inner.lock().unwrap_or_else(PoisonError::into_inner);
        let so_far = whole.facts.iter().find(|known| known.kind == kind);
        so_far.map_or_else(O::Tally::default, |so_far| self.observer.begin(&so_far.tally))
    }

    /// Adds the sums of a batch to the member's.
    pub(crate) fn add(&self, sums: Vec<KindFacts<O::Tally>>) {
        let mut whole = self.sums().inner.lock().unwrap_or_else(PoisonError::into_inner);
        for sum in sums {
            match whole.facts.iter_mut().find(|known| known.kind == sum.kind) {
                Some(known) => {
                    known.count += sum.count;
                    self.observer.merge(sum.kind, &mut known.tally, sum.tally);
                }
                None => whole.facts.push(sum),
            }
        }
    }

    /// Looks at the objects that stood around lists, their lists emptied. Several are the pages of
    /// one list, and only the last may name no next page.
    pub(crate) fn envelopes(&self, texts: &[Vec<u8>], key: &str, order: u64) {
        let mut more = None;
        for (document, text) in (0..).zip(texts) {
            match self.envelope(text, key, document, order) {
                Ok(following) => more = following,
                Err(state) => self.growing.problem(order, state),
            }
        }
        let last = texts.last().and_then(|text| serde_json::from_slice(text).ok()).unwrap_or(Value::Null);
        if let Some(why) = more.or_else(|| self.page(&last, order)) {
            self.growing.problem(order, State::Truncated(why));
        }
    }

    /// Whether a list that names no next page may be the first page of one all the same. What it
    /// says of its length decides; without that, a page of the default length may have others behind.
    pub(crate) fn page(&self, envelope: &Value, listed: u64) -> Option<String> {
        if !PAGED.contains(&self.plan.name(self.kind).name()) {
            return None;
        }
        let count = |key: &str| envelope.get(key).and_then(Value::as_u64);
        let stated = count("resourceCount").or_else(|| Some(count("usersCount")? + count("orgsCount")?));
        match stated {
            Some(stated) if listed < stated => Some(format!("the list counts {stated} entries, {listed} are there")),
            Some(_) => None,
            None if envelope.get("nextPageStart").is_some_and(Value::is_string) => None,
            None if listed == PAGE => {
                Some(format!("it has exactly {PAGE} entries, as a first page has, and does not say that none follow"))
            }
            None => None,
        }
    }

    /// What the list says of items that follow it. Without a list, the object itself is the fact.
    fn envelope(&self, text: &[u8], key: &str, document: u64, order: u64) -> Result<Option<String>, State> {
        let unreadable =
            |what: &str, error: &serde_json::Error| State::Unreadable(format!("{what} is not valid JSON: {error}"));
        let envelope: Value =
            serde_json::from_slice(text).map_err(|error| unreadable("what stands around the list", &error))?;
        let is_list = envelope.get("kind").and_then(Value::as_str).is_some_and(|kind| kind.ends_with("List"));
        match envelope.get(key) {
            // A list that was not taken out, because its key is written in another way.
            Some(Value::Array(list)) if !list.is_empty() => {
                return Err(State::Unreadable(format!("the key `{key}` is written with escapes")));
            }
            Some(Value::Array(_) | Value::Null) => {}
            None if !is_list => {
                if !self.placed {
                    self.growing.single();
                }
                let mut sums = Vec::new();
                let position = Position::Document { document, line: 0 };
                let outcome = self.object(text, position, order + document, &mut sums);
                self.add(sums);
                return outcome.map(|()| None).map_err(|error| State::Unreadable(format!("the object {error}")));
            }
            _ => return Err(State::Unreadable(format!("there is no list under `{key}`"))),
        }
        let metadata = envelope.get("metadata");
        let remaining = metadata.and_then(|m| m.get("remainingItemCount")).and_then(Value::as_u64).unwrap_or(0);
        let named = [metadata.and_then(|m| m.get("continue")), envelope.get("nextPageStart")]
            .into_iter()
            .flatten()
            .any(|token| token.as_str().is_some_and(|token| !token.is_empty()));
        Ok(if remaining > 0 {
            Some(format!("the list says that {remaining} more items follow"))
        } else if named {
            Some("the list names a next page that is not there".to_owned())
        } else {
            None
        })
    }

    /// Parses and observes a document that is read whole.
    pub(crate) fn document(&self, encoding: Encoding, text: &[u8]) {
        let parsed = match encoding {
            Encoding::Text(form) => return self.text(form, text),
            Encoding::KeyValue => key_values(text),
            _ => toml_value(text),
        };
        let plan = self.plan.planned(self.kind);
        match parsed.and_then(|value| plan.projection.pick(&value)) {
            Ok(fields) => {
                let mut sums = Vec::new();
                self.fact(self.kind, &fields, Position::Document { document: 0, line: 0 }, 0, &mut sums);
                self.add(sums);
            }
            Err(why) => self.growing.problem(0, State::Unreadable(why)),
        }
    }

    /// Parses and observes what a program printed for people.
    fn text(&self, form: TextForm, text: &[u8]) {
        let mut sums = Vec::new();
        let mut order = 0;
        // A program ends its lines: what it printed is cut where one has no end, and the rest of that
        // line may say something else than the whole would.
        let whole = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last + 1);
        let lines = if form == TextForm::Certificates { text } else { &text[..whole] };
        let outcome = text::read(form, lines, &self.plan.anchors, &mut |fact: TextFact| {
            match self.plan.planned(self.kind).projection.pick(&fact.value) {
                Ok(fields) => self.fact(self.kind, &fields, Position::Line(fact.line), order << PARTS, &mut sums),
                Err(why) => self.growing.problem(order, State::Unreadable(why)),
            }
            order += 1;
        });
        self.add(sums);
        if lines.len() < text.len() {
            self.growing.problem(order, State::Truncated("its last line has no end".to_owned()));
        } else if let Err(why) = outcome {
            self.growing.problem(order, State::Unreadable(why));
        }
    }
}

fn toml_value(text: &[u8]) -> Result<Value, String> {
    let text = std::str::from_utf8(text).map_err(|error| format!("it is not UTF-8: {error}"))?;
    toml::from_str(text)
        .map_err(|error| format!("it is not valid TOML: {}", error.to_string().trim_end().replace('\n', " ")))
}

/// Reads `KEY=value` lines; values may be quoted as in a shell.
fn key_values(text: &[u8]) -> Result<Value, String> {
    let text = std::str::from_utf8(text).map_err(|error| format!("it is not UTF-8: {error}"))?;
    let mut values = serde_json::Map::new();
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (key, value) = line.split_once('=').ok_or_else(|| format!("line {}: there is no `=`", number + 1))?;
        let value = value.trim_matches(|c| c == '"' || c == '\'');
        values.insert(key.to_owned(), value.into());
    }
    Ok(Value::Object(values))
}
