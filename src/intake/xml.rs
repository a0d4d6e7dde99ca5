//! XML as a bounded stream of events.
//!
//! A reader walks the events and keeps one part of the file at a time as a tree: a rule, a review, an
//! answer. Depth, attributes, elements and text of a part are bounded while they are read, so that a
//! hostile file costs no more than a sane one. Names lose their prefixes, because files differ in them
//! and mean the same. A document type is refused, so that no entity but the five of XML itself and
//! characters by number can occur.
//!
//! A tree of the whole file (`roxmltree` 0.21) was tried instead. It has no bound on attributes and
//! compares each with all before it in its element: one element with 80,000 of them, a file of
//! 0.9 MB, took 54 s. A file of 10 MB with nothing but small elements took 176 MB of memory, and a
//! prefix that a file does not declare is an error there. So the stream stays.

use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};

use crate::intake::text::{newlines, problem};
use crate::model::limits;
use crate::yaml::{Place, Problem};

/// Elements within each other.
const MAX_DEPTH: usize = limits::XML_DEPTH;
/// Attributes of one element.
const MAX_ATTRIBUTES: usize = limits::XML_ATTRIBUTES;
/// Elements of one part that is kept as a tree.
const MAX_ELEMENTS: usize = 20_000;
/// Bytes of text of one part that is kept as a tree.
const MAX_TEXT: usize = 8 << 20;

/// An element, with what is in it.
#[derive(Debug)]
pub(super) struct Element {
    /// Name without its prefix.
    pub(super) name: String,
    /// Byte at which it begins.
    pub(super) at: usize,
    /// Line in which it begins.
    pub(super) line: usize,
    attributes: Vec<(String, String)>,
    content: Vec<Content>,
}

#[derive(Debug)]
enum Content {
    Text(String),
    Element(Element),
}

impl Element {
    /// The value of an attribute.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// The elements directly in it.
    pub(super) fn children(&self) -> impl Iterator<Item = &Element> {
        self.content.iter().filter_map(|content| match content {
            Content::Element(element) => Some(element),
            Content::Text(_) => None,
        })
    }

    /// The elements of a name directly in it.
    pub(super) fn named<'e>(&'e self, name: &'e str) -> impl Iterator<Item = &'e Element> {
        self.children().filter(move |child| child.name == name)
    }

    /// The text of the first element of a name; empty where there is none.
    pub(super) fn text_of(&self, name: &str) -> String {
        self.named(name).next().map(Element::text).unwrap_or_default()
    }

    /// All text in it, trimmed, with plain line ends.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        self.collect(&mut text);
        let text = text.trim();
        if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text.to_owned() }
    }

    fn collect(&self, text: &mut String) {
        for content in &self.content {
            match content {
                Content::Text(part) => text.push_str(part),
                Content::Element(element) => {
                    // The only markup of a text that stands for a character.
                    if element.name == "br" {
                        text.push('\n');
                    }
                    element.collect(text);
                }
            }
        }
    }
}

/// What comes next in a file.
pub(super) enum Next {
    /// An element begins; what is in it comes next.
    Start(Element),
    /// The innermost element ends.
    End,
    /// Text.
    Text(String),
    /// The file ends.
    Eof,
}

/// A file being read.
pub(super) struct Xml<'t> {
    file: &'t str,
    text: &'t str,
    reader: Reader<&'t [u8]>,
    open: usize,
    root: bool,
    counted: usize,
    line: usize,
}

impl<'t> Xml<'t> {
    pub(super) fn new(file: &'t str, text: &'t str) -> Self {
        let mut reader = Reader::from_str(text);
        reader.config_mut().expand_empty_elements = true;
        Self { file, text, reader, open: 0, root: false, counted: 0, line: 1 }
    }

    /// Elements that are open.
    pub(super) fn depth(&self) -> usize {
        self.open
    }

    /// A problem at a byte.
    pub(super) fn problem(&self, at: usize, message: impl Into<String>, hint: &str) -> Problem {
        let at = at.min(self.text.len());
        let before = &self.text.as_bytes()[..at];
        let line_start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
        let line = 1 + newlines(&before[..line_start]);
        // The parser may tell a byte within a character.
        let column = 1 + String::from_utf8_lossy(&before[line_start..]).chars().count();
        problem(self.file, Some(Place { line, column }), message.into(), hint)
    }

    /// The next event; comments and processing instructions are passed over.
    pub(super) fn next(&mut self) -> Result<Next, Problem> {
        loop {
            let at = usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX);
            let event = match self.reader.read_event() {
                Ok(event) => event,
                Err(error) => {
                    let at = usize::try_from(self.reader.error_position()).unwrap_or(at);
                    return Err(self.problem(at, format!("this is not well-formed XML: {error}"), ""));
                }
            };
            match event {
                Event::Start(start) => return self.start(&start, at).map(Next::Start),
                Event::End(_) => {
                    self.open -= 1;
                    return Ok(Next::End);
                }
                Event::Text(text) if self.open > 0 => return Ok(Next::Text(text.into_inner().into_owned())),
                Event::CData(text) if self.open > 0 => return Ok(Next::Text(text.into_inner().into_owned())),
                Event::GeneralRef(reference) if self.open > 0 => {
                    return self.character(&reference, at).map(|c| Next::Text(c.to_string()));
                }
                Event::Text(text) if text.trim().is_empty() => {}
                Event::Text(_) | Event::CData(_) | Event::GeneralRef(_) => {
                    return Err(self.problem(at, "text outside the document", ""));
                }
                Event::DocType(_) => {
                    return Err(self.problem(
                        at,
                        "a document type (<!DOCTYPE …>) is not accepted: it could define entities",
                        "take it out, or get the file from its publisher again",
                    ));
                }
                Event::Eof if self.open > 0 => {
                    return Err(self.problem(at, "the file ends within the document", "copy it again"));
                }
                Event::Eof if !self.root => return Err(self.problem(at, "the file has no element", "")),
                Event::Eof => return Ok(Next::Eof),
                Event::Decl(_) | Event::PI(_) | Event::Comment(_) | Event::Empty(_) => {}
            }
        }
    }

    /// Passes over an element that has just begun.
    pub(super) fn skip(&mut self) -> Result<(), Problem> {
        let outside = self.open - 1;
        while self.open > outside {
            self.next()?;
        }
        Ok(())
    }

    /// Reads what is in an element that has just begun.
    pub(super) fn tree(&mut self, start: Element) -> Result<Element, Problem> {
        let mut stack = vec![start];
        let (mut elements, mut bytes) = (0, 0);
        loop {
            match self.next()? {
                Next::Start(element) => {
                    elements += 1;
                    if elements > MAX_ELEMENTS {
                        return Err(self.problem(element.at, "too many elements in one part", ""));
                    }
                    stack.push(element);
                }
                Next::Text(text) => {
                    bytes += text.len();
                    let Some(top) = stack.last_mut() else { continue };
                    if bytes > MAX_TEXT {
                        let (at, limit) = (top.at, MAX_TEXT >> 20);
                        return Err(self.problem(at, format!("there are more than {limit} MiB of text here"), ""));
                    }
                    match top.content.last_mut() {
                        Some(Content::Text(own)) => own.push_str(&text),
                        _ => top.content.push(Content::Text(text)),
                    }
                }
                Next::End => {
                    let Some(done) = stack.pop() else { continue };
                    match stack.last_mut() {
                        Some(parent) => parent.content.push(Content::Element(done)),
                        None => return Ok(done),
                    }
                }
                // The end of the file within an element is an error already.
                Next::Eof => return Err(self.problem(self.text.len(), "the file ends within the document", "")),
            }
        }
    }

    fn start(&mut self, start: &BytesStart<'_>, at: usize) -> Result<Element, Problem> {
        if self.open == 0 && std::mem::replace(&mut self.root, true) {
            return Err(self.problem(at, "there is a second document in the file", ""));
        }
        self.open += 1;
        if self.open > MAX_DEPTH {
            return Err(self.problem(at, format!("elements are nested more than {MAX_DEPTH} levels deep"), ""));
        }
        let mut attributes = Vec::new();
        for attribute in start.attributes() {
            if attributes.len() == MAX_ATTRIBUTES {
                return Err(self.problem(at, format!("an element has more than {MAX_ATTRIBUTES} attributes"), ""));
            }
            let attribute =
                attribute.map_err(|error| self.problem(at, format!("an attribute is not well-formed: {error}"), ""))?;
            let value = quick_xml::escape::unescape(&attribute.value)
                .map_err(|error| self.problem(at, format!("an attribute is not well-formed: {error}"), ""))?;
            attributes.push((attribute.key.local_name().as_ref().to_owned(), value.into_owned()));
        }
        let name = start.local_name().as_ref().to_owned();
        Ok(Element { name, at, line: self.line_of(at), attributes, content: Vec::new() })
    }

    /// The character that a reference stands for.
    fn character(&self, reference: &BytesRef<'_>, at: usize) -> Result<char, Problem> {
        let name: &str = reference;
        if let Some(number) = name.strip_prefix('#') {
            let code = match number.strip_prefix('x') {
                Some(hex) => u32::from_str_radix(hex, 16),
                None => number.parse(),
            };
            let character = code.ok().and_then(char::from_u32).filter(|c| *c != '\0');
            return character.ok_or_else(|| self.problem(at, format!("`&{name};` is not a character"), ""));
        }
        Ok(match name {
            "lt" => '<',
            "gt" => '>',
            "amp" => '&',
            "quot" => '"',
            "apos" => '\'',
            _ => return Err(self.problem(at, format!("the entity `&{name};` is not one of XML's own"), "")),
        })
    }

    /// The line of a byte. Bytes are asked for in their order, so that lines are counted once.
    fn line_of(&mut self, at: usize) -> usize {
        if let Some(between) = self.text.as_bytes().get(self.counted..at) {
            self.line += newlines(between);
            self.counted = at;
        }
        self.line
    }
}

/// The name of a file's outermost element, without its prefix.
///
/// # Errors
/// A file that is not XML.
pub fn root_name(file: &str, text: &str) -> Result<String, Problem> {
    let mut xml = Xml::new(file, text);
    loop {
        if let Next::Start(element) = xml.next()? {
            return Ok(element.name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(text: &str) -> Result<Element, String> {
        let mut xml = Xml::new("f.xml", text);
        let read = |xml: &mut Xml<'_>| match xml.next()? {
            Next::Start(start) => {
                let tree = xml.tree(start)?;
                while !matches!(xml.next()?, Next::Eof) {}
                Ok(tree)
            }
            _ => unreachable!("a document begins with an element"),
        };
        read(&mut xml).map_err(|problem: Problem| problem.line())
    }

    #[test]
    fn text_is_what_it_stands_for() {
        let read = tree("<?xml version='1.0'?><!-- x --><a:b x='1 &amp; 2'>\r\n &lt;c&gt; <![CDATA[<d>]]>&#x41;<br/>e\r\nf </a:b>\n").unwrap();
        assert_eq!((read.name.as_str(), read.attribute("x")), ("b", Some("1 & 2")));
        assert_eq!(read.text(), "<c> <d>A\ne\nf");
    }

    #[test]
    fn hostile_files_are_one_error_with_its_place() {
        let bomb = "<?xml version=\"1.0\"?>\n<!DOCTYPE a [<!ENTITY b \"x\"><!ENTITY c \"&b;&b;\">]>\n<a>&c;</a>";
        let deep = format!("{}{}", "<a>".repeat(100_000), "</a>".repeat(100_000));
        let wide = format!("<a>{}</a>", "<b/>".repeat(30_000));
        let attributes: String = (0..100_000).map(|n| format!(" a{n}='1'")).collect();
        for (text, wanted) in [
            (bomb, "f.xml:2:1: a document type"),
            ("<a>\n &file;</a>", "f.xml:2:2: the entity `&file;`"),
            ("<a>&#0;</a>", "f.xml:1:4: `&#0;` is not a character"),
            ("<a>&#xd800;</a>", "is not a character"),
            ("<a b='&x;'/>", "f.xml:1:1: an attribute"),
            ("<a b='1' b='2'/>", "f.xml:1:1: an attribute"),
            (&deep, "levels deep"),
            (&wide, "too many elements"),
            (&format!("<a{attributes}/>"), "more than 64 attributes"),
            ("<a>\n<b></a>", "f.xml:2:4: this is not well-formed XML"),
            ("<a>\n", "f.xml:2:1: the file ends within the document"),
            ("<a/><b/>", "f.xml:1:5: there is a second document"),
            ("<a/> text", "outside the document"),
            ("text", "outside the document"),
            ("", "no element"),
            ("<a>x & y</a>", "not well-formed"),
        ] {
            let error = tree(text).unwrap_err();
            assert!(error.contains(wanted), "{wanted}: {error}");
        }
        assert!(tree(&format!("<a>{}</a>", "x".repeat(9 << 20))).unwrap_err().contains("8 MiB"));
    }
}
