//! The lines between documents.

use crate::facts::json::documents::{Documents, Piece, State, Step};
use crate::facts::json::lines;
use crate::facts::json::lines::Line;
use crate::facts::json::splitter::SplitError;

impl Documents {
    /// Takes a line of text.
    pub(super) fn line_of_text(
        &mut self,
        rest: &[u8],
        last: bool,
        pieces: &mut Vec<Piece>,
    ) -> Result<Step, SplitError> {
        let end = rest.iter().take(lines::LINE).position(|byte| *byte == b'\n');
        if end.is_none() && !last && rest.len() < lines::LINE {
            return Ok(Step::Waits);
        }
        let text = &rest[..end.unwrap_or(rest.len().min(lines::LINE))];
        if let Some(end) = &self.logs {
            if text.trim_ascii() == end.as_slice() {
                self.logs = None;
                self.gap = 0;
            }
        } else {
            self.tell(text, pieces)?;
        }
        self.pos += text.len() + usize::from(end.is_some());
        self.state = if end.is_some() || last { State::Between } else { State::RestOfLine };
        Ok(Step::Took)
    }

    fn tell(&mut self, text: &[u8], pieces: &mut Vec<Piece>) -> Result<(), SplitError> {
        let line = self.line + 1;
        match lines::line(text) {
            Line::Separator => return Ok(()),
            Line::Yaml => return Err(SplitError::Yaml { line }),
            Line::Value => return Err(self.unexpected(text[0], "a JSON object or list")),
            Line::Error => _ = self.passed.error.get_or_insert(line),
            Line::Words => {}
            Line::Logs(end) => {
                self.logs = Some(end);
                pieces.push(Piece::Logs);
            }
        }
        self.passed.lines += 1;
        self.gap += 1;
        if self.gap > lines::MOST { Err(SplitError::Text { line }) } else { Ok(()) }
    }

    pub(super) fn rest_of_line(&mut self, buffer: &[u8]) {
        match buffer[self.pos..].iter().position(|byte| *byte == b'\n') {
            Some(end) => {
                self.pos += end + 1;
                self.state = State::Between;
            }
            None => self.pos = buffer.len(),
        }
    }
}
