//! A document as a reader of XML sees it, and the restated orders of the checklist formats.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// An element.
#[derive(Debug, Clone, Default)]
pub(crate) struct Element {
    pub(crate) name: String,
    pub(crate) attributes: Vec<(String, String)>,
    pub(crate) text: String,
    pub(crate) children: Vec<Element>,
}

impl Element {
    fn of(start: &BytesStart<'_>) -> Self {
        let attributes = start.attributes().map(|attribute| {
            let attribute = attribute.expect("an attribute is well formed");
            let value = quick_xml::escape::unescape(&attribute.value).unwrap();
            (attribute.key.as_ref().to_owned(), value.into_owned())
        });
        Self { name: start.name().as_ref().to_owned(), attributes: attributes.collect(), ..Self::default() }
    }

    pub(crate) fn all<'e, 'n>(&'e self, name: &'n str) -> impl Iterator<Item = &'e Element> + use<'e, 'n> {
        self.children.iter().filter(move |child| child.name == name)
    }

    pub(crate) fn one(&self, name: &str) -> &Element {
        let found: Vec<_> = self.all(name).collect();
        assert_eq!(found.len(), 1, "one {name} in {}", self.name);
        found[0]
    }

    pub(crate) fn attribute(&self, name: &str) -> &str {
        let found = self.attributes.iter().find(|(key, _)| key == name);
        found.map_or_else(|| panic!("{} has no {name}", self.name), |(_, value)| value)
    }

    pub(crate) fn names(&self) -> Vec<&str> {
        self.children.iter().map(|child| child.name.as_str()).collect()
    }

    /// Whether the children stand in this order: `?` after a name for none or one, `*` for any
    /// number, `+` for one or more.
    pub(crate) fn is_sequence(&self, order: &str) -> bool {
        let mut names = self.names().into_iter().peekable();
        for wanted in order.split(' ') {
            let (name, least, most) = match wanted.as_bytes()[wanted.len() - 1] {
                b'?' => (&wanted[..wanted.len() - 1], 0, 1),
                b'*' => (&wanted[..wanted.len() - 1], 0, usize::MAX),
                b'+' => (&wanted[..wanted.len() - 1], 1, usize::MAX),
                _ => (wanted, 1, 1),
            };
            let mut count = 0;
            while count < most && names.next_if_eq(&name).is_some() {
                count += 1;
            }
            if count < least {
                return false;
            }
        }
        names.next().is_none()
    }

    /// This element and all below it.
    pub(crate) fn walk(&self, see: &mut impl FnMut(&Element)) {
        see(self);
        self.children.iter().for_each(|child| child.walk(see));
    }
}

/// Parses a document; anything that a strict reader refuses stops the test.
pub(crate) fn parse(document: &str) -> Element {
    assert!(
        document.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"),
        "no byte order mark, and a declaration"
    );
    assert!(document.ends_with(">\n") && !document.contains('\r'));
    for word in ["<![CDATA[", "<!DOCTYPE", "<!ENTITY"] {
        assert!(!document.contains(word), "{word}");
    }
    let legal = |c: char| matches!(c, '\t' | '\n' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..='\u{10ffff}');
    if let Some(c) = document.chars().find(|c| !legal(*c)) {
        panic!("{c:?} is not a character of XML");
    }
    let mut reader = Reader::from_str(document);
    reader.config_mut().check_end_names = true;
    let mut stack = vec![Element::default()];
    loop {
        match reader.read_event().expect("the document is well formed") {
            Event::Start(start) => stack.push(Element::of(&start)),
            Event::Empty(start) => stack.last_mut().unwrap().children.push(Element::of(&start)),
            Event::End(_) => {
                let element = stack.pop().unwrap();
                stack.last_mut().unwrap().children.push(element);
            }
            Event::Text(text) => stack.last_mut().unwrap().text.push_str(&text.into_inner()),
            Event::GeneralRef(name) => {
                let resolved = match &*name {
                    "amp" => "&",
                    "lt" => "<",
                    "gt" => ">",
                    other => panic!("&{other}; is more than is needed"),
                };
                stack.last_mut().unwrap().text.push_str(resolved);
            }
            Event::Comment(_) | Event::Decl(_) => {}
            Event::Eof => break,
            other => panic!("{other:?} has no place in a checklist"),
        }
    }
    assert_eq!(stack.len(), 1);
    let root = stack.pop().unwrap();
    assert_eq!(root.children.len(), 1);
    root.children.into_iter().next().unwrap()
}
