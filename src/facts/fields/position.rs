//! Where objects stand in their files.

/// Where an object stands in its member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Position {
    /// The `document`-th value of the stream is the object; it begins on `line` (both from 0).
    Document {
        /// Which value of the stream.
        document: u64,
        /// Lines before it that hold other values.
        line: u64,
    },
    /// The `index`-th element of the `document`-th value, which is a list.
    Element {
        /// Which value of the stream.
        document: u64,
        /// Which element.
        index: u64,
    },
    /// The `index`-th element of the list under `key` of the `document`-th value.
    Under {
        /// Which value of the stream.
        document: u64,
        /// The list's key.
        key: &'static str,
        /// Which element.
        index: u64,
    },
    /// The object stands in a list within a list, as `jq -s` makes them.
    Within {
        /// Which value of the stream.
        document: u64,
        /// Which element of it.
        outer: u32,
        /// The key of the inner list; empty if the element itself is the list.
        key: &'static str,
        /// Which element of that.
        index: u64,
    },
    /// The object was read from a text, from this line on (from 0).
    Line(u64),
    /// The object stands in another file than the others of its list.
    Of {
        /// Number by which [`Reading::file`](crate::facts::Reading::file) finds it.
        file: u32,
        /// Which element of the file's list; none if the file is the object.
        index: Option<u32>,
    },
}

impl Position {
    /// Which list of its member the object stands in: a file may hold several, one after another. Objects
    /// that stand alone are one list.
    #[must_use]
    pub fn list(&self) -> u64 {
        match self {
            Self::Element { document, .. } | Self::Under { document, .. } => *document,
            Self::Within { document, outer, .. } => 1 << 63 | *document << 32 | u64::from(*outer),
            Self::Document { .. } | Self::Line(_) | Self::Of { .. } => u64::MAX,
        }
    }

    /// The position as people read it: a JSON pointer, with the line or document before it when the
    /// stream holds several values.
    #[must_use]
    pub fn pointer(&self) -> String {
        let (document, pointer) = match self {
            Self::Line(line) => return format!("line {}", line + 1),
            Self::Of { index, .. } => return index.map(|index| format!("/{index}")).unwrap_or_default(),
            Self::Document { document: 0, .. } => return String::new(),
            // Values that share a line, and those of YAML.
            Self::Document { document, line: 0 } => return format!("document {} ", document + 1),
            Self::Document { line, .. } => return format!("line {} ", line + 1),
            Self::Element { document, index } => (*document, format!("/{index}")),
            Self::Under { document, key, index } => (*document, format!("/{key}/{index}")),
            Self::Within { document, outer, key: "", index } => (*document, format!("/{outer}/{index}")),
            Self::Within { document, outer, key, index } => (*document, format!("/{outer}/{key}/{index}")),
        };
        if document == 0 { pointer } else { format!("document {} {pointer}", document + 1) }
    }

    /// The position of what stands `below` in the object. A text has no pointers: its line is it.
    #[must_use]
    pub fn pointer_to(&self, below: &str) -> String {
        match self {
            Self::Line(_) => self.pointer(),
            _ => format!("{}{below}", self.pointer()),
        }
    }
}
