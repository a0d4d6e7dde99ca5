//! The kinds of one file: which object goes to which.
//!
//! Each kind has facts, problems and pages of its own, so that a list of pods is no less whole for a service
//! beside it that is damaged. What concerns the file stands apart: a cut, an object of no known kind, an
//! error message between documents. That takes from each of its lists that it is whole.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::facts::fact::Observer;
use crate::facts::fields::position::Position;
use crate::facts::json::documents::{Passed, Piece};
use crate::facts::json::lines;
use crate::facts::json::splitter::{Item, SplitError};
use crate::facts::member::{Origin, State};
use crate::facts::objects::pages;
use crate::facts::objects::pages::Around;
use crate::facts::objects::sink::{Batch, Sink};
use crate::facts::pipeline::buffer::Buffer;
use crate::facts::read::output::open_list::List;
use crate::facts::read::reader::{Reader, unsplit};
use crate::facts::read::unfinished::{Lying, Site, Unfinished};
use crate::layout;
use crate::layout::{Kind, ListOf, Owner, Place, Refusal, ResourceFolder, Told};

/// A kind that a file holds.
pub(super) struct Found<'s, O: Observer> {
    pub(super) kind: Kind,
    /// The member that is the part of the file.
    pub(super) part: Unfinished<O::Tally>,
    pub(super) sink: Arc<Sink<'s, O>>,
    /// Objects so far.
    pub(super) order: u64,
    /// Objects in the buffer, and those among them that must say of what kind they are.
    pub(super) items: Vec<Item>,
    pub(super) named: Vec<Item>,
    /// What stood around its lists.
    pub(super) around: Vec<Around>,
}

/// The kinds of a file that is being read.
pub(super) struct Kinds<'a, 's, O: Observer> {
    pub(super) site: &'a Site<'a>,
    lying: &'a Lying,
    /// Its path in the input.
    path: String,
    pub(super) folder: ResourceFolder,
    /// The kind of objects that do not say theirs, by the file's path.
    pub(super) by_path: Option<Kind>,
    pub(super) found: Vec<Found<'s, O>>,
    /// A kind that nobody asks for.
    pub(super) unwanted: Option<Kind>,
    /// What is wrong with the file.
    pub(super) problem: Option<State>,
    /// What is wrong where nothing else is in the file.
    pub(super) nothing: Option<String>,
    pub(super) list: List,
    /// Kinds of Kubernetes in the bare list that is open, and whether it holds anything else.
    alone: BTreeSet<usize>,
    mixed: bool,
    in_bare_list: bool,
    pub(super) after_logs: bool,
    pub(super) aside: u64,
    pub(super) text: Passed,
}

impl<'a, 's, O: Observer> Kinds<'a, 's, O> {
    pub(super) fn new(
        site: &'a Site<'a>,
        lying: &'a Lying,
        path: &str,
        (is_yaml, first, ended): (bool, &[u8], bool),
    ) -> Self {
        let folder = layout::resource_folder(&lying.path);
        let by_path = folder.kind.clone().filter(|_| is_yaml || lying.path.contains("cluster-resources/"));
        let nothing = if ended && first.trim_ascii().is_empty() {
            Some("the file is empty")
        } else {
            layout::refusal(first, false).map(|_| "it begins with an error message or a page, and holds no data")
        };
        Self {
            site,
            lying,
            path: path.to_owned(),
            folder,
            by_path,
            found: Vec::new(),
            unwanted: None,
            problem: None,
            nothing: nothing.map(str::to_owned),
            list: List::None,
            alone: BTreeSet::new(),
            mixed: false,
            in_bare_list: false,
            after_logs: false,
            aside: 0,
            text: Passed::default(),
        }
    }

    /// Notes what is wrong with the file; what is found first is told.
    pub(super) fn problem(&mut self, state: State) {
        self.problem.get_or_insert(state);
    }

    /// Notes an object that is nothing known, with its place.
    pub(super) fn unknown(&mut self, position: Option<Position>) {
        let at = position.map(|position| position.pointer()).unwrap_or_default();
        let at = if at.is_empty() { "an object in it".to_owned() } else { format!("the object at {}", at.trim_end()) };
        self.problem(State::Unreadable(format!("{at} is of a kind that is not known here")));
    }

    pub(super) fn too_large(&mut self, limit: usize) {
        let hint = "if it is what it should be, allow more with --max-object-bytes";
        self.problem(State::Unreadable(format!("an object in it has more than {limit} bytes; {hint}")));
    }

    /// Notes the text that was passed over.
    pub(super) fn text(&mut self, passed: Passed) {
        self.text = passed;
        if let Some(line) = passed.error {
            let why = "reports an error: what was asked for may be missing";
            self.problem(State::Truncated(format!("line {line} of it {why}")));
        }
    }

    /// Notes that the documents break off, in a value of which `around` and `value` are there.
    pub(super) fn broken(
        &mut self,
        reader: &mut Reader<'_, 's, O>,
        error: &SplitError,
        (around, value): (Vec<u8>, Vec<u8>),
    ) {
        if matches!(error, SplitError::Text { .. }) {
            let why = || format!("it is text: there is no JSON or YAML in its first {} lines", lines::MOST);
            self.nothing.get_or_insert_with(why);
        } else if !(around.is_empty() && value.is_empty()) {
            self.nothing.get_or_insert_with(|| error.to_string());
        }
        self.problem(unsplit(error));
        let told = [&around, &value].into_iter().find_map(|text| match layout::identify(text) {
            Told::Object(kind) | Told::List(ListOf::Kind(kind)) => Some(kind),
            _ => None,
        });
        if let Some(kind) = told.or_else(|| self.by_path.clone()) {
            self.kind(reader, &kind);
        }
    }

    /// The number of a kind in the file; none if nobody asks for it.
    pub(super) fn kind(&mut self, reader: &mut Reader<'_, 's, O>, kind: &Kind) -> Option<usize> {
        let known = self.found.iter().position(|found| found.kind == *kind);
        let number = known.or_else(|| self.add(reader, kind))?;
        if self.after_logs {
            let why = "it stands behind logs of containers, in which anything may stand; save lists with `-o json`";
            let found = &self.found[number];
            found.part.growing.problem(found.order, State::Truncated(why.to_owned()));
        }
        Some(number)
    }

    fn add(&mut self, reader: &mut Reader<'_, 's, O>, kind: &Kind) -> Option<usize> {
        let Some(id) = reader.plan.id(kind) else {
            self.unwanted.get_or_insert_with(|| kind.clone());
            return None;
        };
        let owner = self.owner(kind);
        let mut part: Unfinished<O::Tally> = Unfinished::new(self.site, &self.path);
        part.member.origin = Origin::Output;
        part.member.place = Some(Place { kind: kind.clone(), owner: owner.clone() });
        if self.folder.kind.as_ref() == Some(kind) {
            part.member.namespace.clone_from(&self.folder.namespace);
        }
        let sink = Arc::new(reader.sink(id, &part, &owner));
        let (items, named, around) = (Vec::new(), Vec::new(), Vec::new());
        self.found.push(Found { kind: kind.clone(), part, sink, order: 0, items, named, around });
        Some(self.found.len() - 1)
    }

    pub(super) fn owner(&self, kind: &Kind) -> Owner {
        if kind.per_node() { Owner::Folder(self.lying.folder()) } else { Owner::Cluster }
    }

    /// Takes what stands in a buffer.
    pub(super) fn take(&mut self, reader: &mut Reader<'_, 's, O>, buffer: &Arc<Buffer>, pieces: Vec<Piece>) {
        for piece in pieces {
            match piece {
                Piece::Object(item) => self.object(reader, &buffer[item.start..item.end], item),
                Piece::BareListBegins => (self.mixed, self.in_bare_list) = (false, true),
                Piece::BareListEnds(elements) => self.bare_list_ends(reader, elements),
                Piece::ListBegins(around) => {
                    self.mixed = true;
                    self.list_begins(reader, &around);
                }
                Piece::Entry(item) => self.entry(reader, &buffer[item.start..item.end], item),
                Piece::ListEnds(around) => {
                    // What is held comes behind what went before.
                    self.flush(reader, buffer);
                    self.list_ends(reader, &around);
                }
                Piece::Logs => self.after_logs = true,
            }
        }
    }

    /// Hands the objects in a buffer to the pool.
    pub(super) fn flush(&mut self, reader: &Reader<'_, 's, O>, buffer: &Arc<Buffer>) {
        for found in &mut self.found {
            for (named, items) in [(false, std::mem::take(&mut found.items)), (true, std::mem::take(&mut found.named))]
            {
                if !items.is_empty() {
                    let order = found.order;
                    found.order += items.len() as u64;
                    reader.observe(&found.sink, Batch { buffer: Arc::clone(buffer), items, order, named });
                }
            }
        }
    }

    /// Takes an object that stands alone or in a bare list.
    pub(super) fn object(&mut self, reader: &mut Reader<'_, 's, O>, bytes: &[u8], item: Item) {
        let told = match (layout::identify(bytes), &self.by_path) {
            (Told::Unknown, Some(kind)) => Told::Object(kind.clone()),
            (told, _) => told,
        };
        match told {
            Told::Object(kind) if kind.kubernetes() == Some("Status") => self.status(bytes),
            Told::Object(kind) => {
                let number = self.kind(reader, &kind);
                self.mixed |= kind.kubernetes().is_none();
                let Some(number) = number else { return };
                if matches!(item.position, Position::Document { .. }) {
                    self.found[number].part.growing.single();
                } else if self.in_bare_list {
                    self.alone.insert(number);
                }
                self.found[number].items.push(item);
            }
            Told::List(of) => {
                self.mixed = true;
                self.list_without_entries(reader, &of, bytes);
            }
            Told::Aside => {
                self.mixed = true;
                self.aside += 1;
            }
            Told::Unknown => {
                self.mixed = true;
                self.unknown(Some(item.position));
            }
        }
    }

    /// The answer of a server that refused.
    fn status(&mut self, bytes: &[u8]) {
        match layout::refusal(bytes, true) {
            Some(Refusal::Forbidden(why)) => self.problem(State::Forbidden(why)),
            Some(Refusal::Unreadable(why)) => {
                self.nothing = Some(why.clone());
                self.problem(State::Unreadable(why));
            }
            None => self.aside += 1,
        }
    }

    /// Objects of Kubernetes in a list with other things are no list of all.
    fn bare_list_ends(&mut self, reader: &mut Reader<'_, 's, O>, elements: u64) {
        let alone = std::mem::take(&mut self.alone);
        if self.mixed {
            for number in alone {
                self.found[number].part.growing.single();
            }
        }
        self.in_bare_list = false;
        if elements == 0 {
            match self.by_path.clone() {
                Some(kind) => _ = self.kind(reader, &kind),
                None => self.says_not_of_what(),
            }
        }
    }

    pub(super) fn says_not_of_what(&mut self) {
        let why = "an empty Kubernetes list does not name its kind";
        self.nothing.get_or_insert_with(|| why.to_owned());
    }

    /// Notes what stood around a list of a kind.
    pub(super) fn around(&mut self, number: Option<usize>, text: &[u8]) {
        match (pages::taken_out(text), number) {
            (Ok(envelope), Some(number)) => self.found[number].around.push(Around::of(&envelope)),
            (Ok(_), None) => {}
            (Err(error), Some(number)) => {
                let found = &self.found[number];
                found.part.growing.problem(found.order, State::Unreadable(error.to_string()));
            }
            (Err(error), None) => self.problem(State::Unreadable(error.to_string())),
        }
    }
}
