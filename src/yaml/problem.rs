//! What is wrong with a YAML file, and where: in one line, or drawn under the line of the file as compilers do.
//!
//! The file may be somebody else's, so what is shown of it, its name included, has its control characters replaced.

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use crate::model::display;
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
    ///
    /// ```
    /// use mke_stig::rules::read_rule;
    ///
    /// let problems = read_rule("x.yaml", "id: X-1\ntitel: T\n").unwrap_err();
    /// assert_eq!(problems[1].line(), "x.yaml:2:1: unknown key `titel` (did you mean `title`?)");
    /// ```
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
    ///
    /// ```
    /// use mke_stig::rules::read_rule;
    ///
    /// let problems = read_rule("x.yaml", "id: X-1\ntitel: T\n").unwrap_err();
    /// assert!(problems[1].drawn("id: X-1\ntitel: T\n", false).contains("titel: T\n  | ^^^^^"));
    /// ```
    #[must_use]
    pub fn drawn(&self, text: &str, color: bool) -> String {
        // A rule file and its name may come from anywhere; what is shown of them is only shown.
        let file = display::escaped(&self.file);
        let [message, hint] = [&self.message, &self.hint].map(|text| display::visible(text));
        let (file, message, hint) = (file.as_ref(), message.as_ref(), hint.as_ref());
        let text = &display::masked(text);
        let renderer = if color { Renderer::styled() } else { Renderer::plain() };
        // A place behind the last line has nothing to be drawn under.
        let origin = annotate_snippets::Origin::path(file);
        let origin = match self.place {
            Some(place) => origin.line(place.line).char_column(place.column),
            None => origin,
        };
        let mut group = match self.place.and_then(|place| span(text, place)) {
            Some(span) => Level::ERROR
                .primary_title(message)
                .element(Snippet::source(text).path(file).line_start(1).annotation(AnnotationKind::Primary.span(span))),
            None => Level::ERROR.primary_title(message).element(origin),
        };
        if !hint.is_empty() {
            group = group.element(Level::HELP.message(hint));
        }
        renderer.render(&[group])
    }
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
