//! What a file was, once all of it was read: a member of one kind, or one for each of several.

use crate::facts::fact::Observer;
use crate::facts::json::lines;
use crate::facts::member::{Origin, State};
use crate::facts::objects::pages;
use crate::facts::read::output::kinds::{Found, Kinds};
use crate::facts::read::reader::Reader;
use crate::facts::read::unfinished::{Hash, Unfinished};
use crate::layout::Place;

impl<'s, O: Observer> Kinds<'_, 's, O> {
    /// Makes members of what was found; `file` is the file's own, of this number.
    pub(super) fn finish(mut self, reader: &mut Reader<'_, 's, O>, number: usize, file: &mut Unfinished<O::Tally>) {
        file.member.passed = self.passed();
        if let (true, Some(kind)) = (self.found.is_empty(), self.by_path.clone()) {
            self.kind(reader, &kind);
            let why = self.nothing.clone().unwrap_or_else(|| "it holds no object".to_owned());
            self.problem(State::Unreadable(why));
        }
        let mut parts: Vec<Unfinished<O::Tally>> = std::mem::take(&mut self.found).into_iter().map(ended).collect();
        match (parts.len(), self.unwanted.take()) {
            (0, Some(kind)) => {
                let owner = self.owner(&kind);
                file.member.place = Some(Place { kind, owner });
            }
            (0, None) => {
                file.member.origin = Origin::Unrecognized;
                let refused = self.problem.take().filter(|state| matches!(state, State::Forbidden(_)));
                self.problem = refused.or(self.nothing.take().map(State::Unreadable));
            }
            (1, _) => {
                let part = parts.remove(0);
                file.growing = part.growing;
                file.member.place = part.member.place;
                file.member.namespace = part.member.namespace;
            }
            (_, _) => {}
        }
        if let Some(state) = self.problem.take() {
            // What is wrong with one object is told before what is wrong with the file.
            file.growing.problem(u64::MAX, state);
        }
        for mut part in parts {
            part.hash = Hash::OfMember(number);
            part.member.within = Some(number);
            reader.members.push(Some(part));
        }
    }

    /// What was passed over, in words.
    fn passed(&self) -> Vec<String> {
        let mut passed = Vec::new();
        if self.found.is_empty() {
            return passed;
        }
        if self.text.lines > 0 {
            passed.push(lines::passed_over(self.text.lines));
        }
        if self.aside > 0 {
            passed.push(match self.aside {
                1 => "an object of no kind that rules ask for was passed over".to_owned(),
                many => format!("{many} objects of no kind that rules ask for were passed over"),
            });
        }
        if self.after_logs {
            passed.push("logs of containers were passed over".to_owned());
        }
        passed
    }
}

/// The member of a kind, with what its lists say of further pages.
fn ended<O: Observer>(found: Found<'_, O>) -> Unfinished<O::Tally> {
    if let Some(why) = pages::cut(&found.around) {
        found.part.growing.problem(found.order, State::Truncated(why));
    }
    found.part
}
