//! The object around a list, byte by byte: it is small, and must be kept.

/// Follows the bytes of the object around a list until the list begins or the object ends.
#[derive(Debug, Default)]
pub(crate) struct Envelope {
    depth: u32,
    in_string: bool,
    escaped: bool,
    /// The last string at depth 1, and whether a colon follows it.
    key: Vec<u8>,
    after_colon: bool,
}

/// Where a byte leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reached {
    /// It is within the object.
    Inside,
    /// It opens the list.
    List,
    /// It closes the object.
    End,
}

impl Envelope {
    /// Takes the next byte. `list` is the key of the list.
    pub(crate) fn byte(&mut self, byte: u8, list: &str) -> Reached {
        if self.in_string {
            self.in_string(byte, list);
            return Reached::Inside;
        }
        match byte {
            b'"' => {
                self.in_string = true;
                if self.depth == 1 && !self.after_colon {
                    self.key.clear();
                }
            }
            b':' if self.depth == 1 => self.after_colon = true,
            b',' if self.depth == 1 => {
                self.after_colon = false;
                self.key.clear();
            }
            b'[' if self.depth == 1 && self.after_colon && self.key == list.as_bytes() => {
                // What follows the list is a key again.
                self.after_colon = false;
                return Reached::List;
            }
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' => {
                self.depth = self.depth.saturating_sub(1);
                if self.depth == 0 {
                    return Reached::End;
                }
            }
            _ => {}
        }
        Reached::Inside
    }

    /// Whether the last byte opened a value of the object.
    pub(crate) fn opened(&self) -> bool {
        self.depth == 2 && !self.in_string
    }

    /// Goes on behind a value of the object that was followed in another way.
    pub(crate) fn closed(&mut self) {
        self.depth = 1;
    }

    fn in_string(&mut self, byte: u8, list: &str) {
        match byte {
            _ if self.escaped => self.escaped = false,
            b'\\' => self.escaped = true,
            b'"' => {
                self.in_string = false;
                return;
            }
            _ => {}
        }
        // One byte more than the list's key has is enough to tell that it is another.
        if self.depth == 1 && !self.after_colon && self.key.len() <= list.len() {
            self.key.push(byte);
        }
    }
}
