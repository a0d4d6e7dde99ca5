//! XML as importers take it.
//!
//! Written here and not by a library, for what matters is what is *not* written: no CDATA (one
//! importer turns it into an object), no escaped quote in text and no escape that is not needed (the
//! same one refuses a file with more than 200,000 of them), no hidden character, which includes
//! all that XML forbids, no byte order mark.

use crate::model::display::{self, Written};

/// Escapes in one file; beyond them `&` and `<` are written in their wide forms, which need none and
/// take no more room.
const ESCAPES: usize = 150_000;

/// A document being written: two elements of one line each, or text, never both in one element.
pub(crate) struct Xml {
    out: String,
    open: Vec<&'static str>,
    escapes: usize,
}

impl Xml {
    /// An empty document.
    pub(crate) fn new() -> Self {
        Self { out: String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"), open: Vec::new(), escapes: 0 }
    }

    /// A document that begins with a comment.
    pub(crate) fn with_comment(comment: &str) -> Self {
        let mut xml = Self::new();
        // Two hyphens would end the comment.
        let comment = comment.replace("--", "- -").replace(display::is_hidden, "");
        xml.out.push_str(&format!("<!--{comment}-->\n"));
        xml
    }

    fn indent(&mut self) {
        for _ in &self.open {
            self.out.push('\t');
        }
    }

    fn tag(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.indent();
        self.out.push('<');
        self.out.push_str(name);
        for (key, value) in attributes {
            self.out.push(' ');
            self.out.push_str(key);
            self.out.push_str("=\"");
            self.escape(value, true);
            self.out.push('"');
        }
    }

    /// Begins an element that holds elements.
    pub(crate) fn open(&mut self, name: &'static str, attributes: &[(&str, &str)]) {
        self.tag(name, attributes);
        self.out.push_str(">\n");
        self.open.push(name);
    }

    /// Ends the element that was begun last.
    pub(crate) fn close(&mut self) {
        if let Some(name) = self.open.pop() {
            self.indent();
            self.out.push_str("</");
            self.out.push_str(name);
            self.out.push_str(">\n");
        }
    }

    /// An element that holds text.
    pub(crate) fn leaf(&mut self, name: &str, attributes: &[(&str, &str)], text: &str) {
        self.tag(name, attributes);
        self.out.push('>');
        self.escape(text, false);
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push_str(">\n");
    }

    /// An element that holds text and nothing to say about itself.
    pub(crate) fn text(&mut self, name: &str, text: &str) {
        self.leaf(name, &[], text);
    }

    /// An element that holds nothing.
    pub(crate) fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.tag(name, attributes);
        self.out.push_str("/>\n");
    }

    /// The document, with every element ended.
    pub(crate) fn finish(mut self) -> String {
        while !self.open.is_empty() {
            self.close();
        }
        self.out
    }

    fn escape(&mut self, text: &str, attribute: bool) {
        let mut chars = text.chars().peekable();
        let mut brackets = 0;
        while let Some(c) = chars.next() {
            let entity = match c {
                '&' => "&amp;",
                '<' => "&lt;",
                '>' if brackets >= 2 => "&gt;",
                '"' if attribute => "&quot;",
                // A reader would make a line feed of them, or of both together.
                '\r' => {
                    if chars.peek() != Some(&'\n') {
                        self.out.push('\n');
                    }
                    brackets = 0;
                    continue;
                }
                '\t' | '\n' if attribute => " ",
                _ => "",
            };
            brackets = if c == ']' { brackets + 1 } else { 0 };
            if let Some(written) = Written::of(c) {
                self.out.push_str(&written.to_string());
            } else if entity.starts_with('&') && self.escapes >= ESCAPES {
                self.out.push(match c {
                    '&' => '\u{ff06}',
                    '<' => '\u{ff1c}',
                    '>' => '\u{ff1e}',
                    _ => '\u{ff02}',
                });
            } else if entity.is_empty() {
                self.out.push(c);
            } else {
                self.escapes += usize::from(entity.starts_with('&'));
                self.out.push_str(entity);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaf(text: &str) -> String {
        let mut xml = Xml::new();
        xml.text("t", text);
        let out = xml.finish();
        out.split_once("<t>").unwrap().1.strip_suffix("</t>\n").unwrap().to_owned()
    }

    #[test]
    fn text_is_escaped_as_little_as_can_be() {
        assert_eq!(
            leaf("a > b \"c\" 'd' ]] > <e>&amp; ]]> ]]]>"),
            "a > b \"c\" 'd' ]] > &lt;e>&amp;amp; ]]&gt; ]]]&gt;"
        );
        assert_eq!(
            leaf("a\r\nb\rc\u{0}\u{1b}\u{fffe}\u{ffff}"),
            r"a\nb\nc\u{0}\u{1b}\u{fffe}\u{ffff}".replace(r"\n", "\n")
        );
        assert_eq!(leaf("\u{fffd}\u{10000}\u{85}"), "\u{fffd}\u{10000}\\u{85}");
    }

    #[test]
    fn attributes_stay_in_their_quotes_and_comments_end_where_they_must() {
        let mut xml = Xml::with_comment("a --> b\0");
        xml.empty("e", &[("k", "\" x='1'\n<&>")]);
        assert_eq!(
            xml.finish(),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!--a - -> b-->\n<e k=\"&quot; x='1' &lt;&amp;>\"/>\n"
        );
    }

    #[test]
    fn a_file_has_fewer_escapes_than_importers_count() {
        let text = leaf(&"<&".repeat(200_000));
        assert_eq!(text.matches('&').count(), ESCAPES);
        assert!(text.ends_with("\u{ff1c}\u{ff06}"));
    }

    #[test]
    fn elements_nest() {
        let mut xml = Xml::new();
        xml.open("a", &[("x", "1")]);
        xml.text("b", "t");
        assert!(xml.finish().ends_with("<a x=\"1\">\n\t<b>t</b>\n</a>\n"));
    }
}
