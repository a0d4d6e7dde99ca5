//! What is wrong with a YAML file, and where.

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use crate::yaml::Place;

/// A problem in a rule, a pack or an SSP file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file, as the user named it.
    pub file: String,
    /// Where in the file; none when the file as a whole is meant.
    pub place: Option<Place>,
    /// What is wrong.
    pub message: String,
    /// What to do about it; may be empty.
    pub hint: String,
}

impl Problem {
    /// One line: `file:line:column: message (hint)`.
    #[must_use]
    pub fn line(&self) -> String {
        let mut line = match self.place {
            Some(place) => format!("{}:{}:{}: {}", self.file, place.line, place.column, self.message),
            None => format!("{}: {}", self.file, self.message),
        };
        if !self.hint.is_empty() {
            line.push_str(&format!(" ({})", self.hint));
        }
        line
    }

    /// The problem drawn under the line of `text` where it stands, with or without colour.
    #[must_use]
    pub fn drawn(&self, text: &str, color: bool) -> String {
        // A rule file and its name may come from anywhere; what is shown of them is only shown.
        let [file, message, hint, text] =
            [self.file.as_str(), self.message.as_str(), self.hint.as_str(), text].map(visible);
        let text = text.as_str();
        let renderer = if color { Renderer::styled() } else { Renderer::plain() };
        // A place behind the last line has nothing to be drawn under.
        let origin = annotate_snippets::Origin::path(&file);
        let origin = match self.place {
            Some(place) => origin.line(place.line).char_column(place.column),
            None => origin,
        };
        let mut group = match self.place.and_then(|place| span(text, place)) {
            Some(span) => Level::ERROR.primary_title(&message).element(
                Snippet::source(text).path(&file).line_start(1).annotation(AnnotationKind::Primary.span(span)),
            ),
            None => Level::ERROR.primary_title(&message).element(origin),
        };
        if !hint.is_empty() {
            group = group.element(Level::HELP.message(&hint));
        }
        renderer.render(&[group])
    }
}

/// A text whose characters that a terminal would take as commands are replaced, each by one.
fn visible(text: &str) -> String {
    let hidden = |c: char| {
        (c.is_control() && !matches!(c, '\n' | '\t'))
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    text.chars().map(|c| if hidden(c) { '\u{fffd}' } else { c }).collect()
}

/// The bytes of the word at a place.
fn span(text: &str, place: Place) -> Option<std::ops::Range<usize>> {
    let line_start: usize = text.split_inclusive('\n').take(place.line.checked_sub(1)?).map(str::len).sum();
    let line = text.get(line_start..)?.lines().next()?;
    let before: usize = line.chars().take(place.column.checked_sub(1)?).map(char::len_utf8).sum();
    let word = line.get(before..)?;
    let length = word.find([' ', ':', ',', '}', ']']).filter(|length| *length > 0).unwrap_or(word.len());
    Some(line_start + before..line_start + before + length)
}
