//! Lists under `items`: of what their entries are.
//!
//! A list of one kind says so before its entries or behind them, as its keys are sorted; in others each entry
//! says its kind. Entries that do not are held until the list ends, within a bound.

use std::sync::Arc;

use crate::facts::fact::Observer;
use crate::facts::json::splitter::Item;
use crate::facts::member::State;
use crate::facts::objects::sink::Batch;
use crate::facts::read::output::kinds::Kinds;
use crate::facts::read::output::open_list::List;
use crate::facts::read::reader::Reader;
use crate::layout;
use crate::layout::{ListOf, Told};

/// Bytes of entries that are held until their list says of what it is.
const HELD: usize = 64 << 20;

impl<'s, O: Observer> Kinds<'_, 's, O> {
    pub(super) fn list_begins(&mut self, reader: &mut Reader<'_, 's, O>, around: &[u8]) {
        self.list = match layout::list_of(around) {
            ListOf::Kind(kind) => {
                let number = self.kind(reader, &kind);
                List::Typed(kind, number)
            }
            ListOf::Any => List::Unknown { any: true },
            ListOf::Unsaid => List::Unknown { any: false },
            ListOf::NoList => List::Dropped,
        };
    }

    pub(super) fn entry(&mut self, reader: &mut Reader<'_, 's, O>, bytes: &[u8], item: Item) {
        match &mut self.list {
            List::Typed(_, Some(number)) => self.found[*number].items.push(item),
            List::Named(number) => self.found[*number].named.push(item),
            List::Unknown { any } => {
                let any = *any;
                self.first_entry(reader, any, bytes, item);
            }
            List::Held(held, items) => {
                if held.len() + bytes.len() > HELD {
                    let why = format!(
                        "a list in it names its kind only after more than {HELD} bytes; save it with `kubectl get -o json`"
                    );
                    self.list = List::Dropped;
                    self.problem(State::Unreadable(why));
                    return;
                }
                let start = held.len();
                held.extend_from_slice(bytes);
                items.push(Item { start, end: held.len(), position: item.position });
            }
            List::None | List::Typed(_, None) | List::Dropped => {}
        }
    }

    /// Takes an entry of a list of which nothing is known yet.
    fn first_entry(&mut self, reader: &mut Reader<'_, 's, O>, any: bool, bytes: &[u8], item: Item) {
        match layout::identify(bytes) {
            Told::Object(kind) if kind.kubernetes().is_some() => {
                // Entries that nobody asks for may stand before others.
                self.list = match self.kind(reader, &kind) {
                    Some(number) => List::Named(number),
                    None => List::Unknown { any: true },
                };
                self.entry_of_named(item);
            }
            Told::Unknown if !any => self.list = List::Held(bytes.to_vec(), vec![held(bytes, item)]),
            Told::Unknown if self.by_path.is_some() => self.object(reader, bytes, item),
            _ => self.unknown(Some(item.position)),
        }
    }

    fn entry_of_named(&mut self, item: Item) {
        if let List::Named(number) = self.list {
            self.found[number].named.push(item);
        }
    }

    pub(super) fn list_ends(&mut self, reader: &mut Reader<'_, 's, O>, around: &[u8]) {
        let says = layout::list_of(around);
        if says == ListOf::NoList {
            self.unknown(None);
        }
        let number = match std::mem::replace(&mut self.list, List::None) {
            List::Typed(kind, number) => {
                if says != ListOf::Kind(kind) {
                    self.problem(State::Unreadable("a list in it names its kind twice".to_owned()));
                }
                number
            }
            List::Named(number) => Some(number),
            List::Unknown { any } => self.of_what(reader, says, any),
            List::Held(held, items) => {
                let number = self.of_what(reader, says.clone(), true);
                match number {
                    Some(number) => self.release(reader, number, &held, items),
                    None if matches!(says, ListOf::Kind(_)) => {}
                    None => self.unknown(items.first().map(|item| item.position)),
                }
                number
            }
            List::None | List::Dropped => None,
        };
        self.around(number, around);
    }

    /// The kind of a list that ended without an entry that said it.
    fn of_what(&mut self, reader: &mut Reader<'_, 's, O>, says: ListOf, is_known: bool) -> Option<usize> {
        match (says, self.by_path.clone()) {
            (ListOf::Kind(kind), _) | (ListOf::Any | ListOf::Unsaid, Some(kind)) => self.kind(reader, &kind),
            (ListOf::Unsaid, None) if !is_known => {
                self.unknown(None);
                None
            }
            (_, None | Some(_)) => {
                self.says_not_of_what();
                None
            }
        }
    }

    /// Shows entries that were held.
    fn release(&mut self, reader: &mut Reader<'_, 's, O>, number: usize, held: &[u8], items: Vec<Item>) {
        let mut buffer = reader.pool.take();
        buffer.append(held);
        let found = &mut self.found[number];
        let order = found.order;
        found.order += items.len() as u64;
        reader.observe(&found.sink, Batch { buffer: Arc::new(buffer), items, order, named: false });
    }

    /// Takes an object that calls itself a list and has no list that could be taken out.
    pub(super) fn list_without_entries(&mut self, reader: &mut Reader<'_, 's, O>, of: &ListOf, text: &[u8]) {
        let number = match of {
            ListOf::Kind(kind) => self.kind(reader, kind),
            ListOf::Any | ListOf::Unsaid | ListOf::NoList => None,
        };
        self.around(number, text);
    }
}

fn held(bytes: &[u8], item: Item) -> Item {
    Item { start: 0, end: bytes.len(), position: item.position }
}
