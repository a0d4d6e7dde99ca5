//! Reading formats back, as plain readers do.

use std::collections::BTreeMap;

use mke_stig::model::assessment::Assessment;
use mke_stig::report::{Choices, Format, render};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use serde_json::Value;

pub(crate) fn text(assessment: &Assessment, format: Format) -> String {
    let mut files = render(assessment, format, &Choices::default()).unwrap();
    assert_eq!(files.len(), 1);
    files.remove(0).text
}

pub(crate) fn json(assessment: &Assessment, format: Format) -> Value {
    serde_json::from_str(&text(assessment, format)).unwrap()
}

/// A table as RFC 4180 has it.
pub(crate) fn rows(text: &str) -> Vec<Vec<String>> {
    let text = text.strip_prefix('\u{feff}').expect("a byte order mark");
    let (mut rows, mut row, mut cell) = (Vec::new(), Vec::new(), String::new());
    let mut chars = text.chars().peekable();
    let mut quoted = false;
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                cell.push('"');
            }
            '"' if quoted => {
                quoted = false;
                assert!(matches!(chars.peek(), Some(',' | '\r')), "a quote ends its cell");
            }
            '"' => {
                assert!(cell.is_empty(), "a quote begins its cell");
                quoted = true;
            }
            _ if quoted => cell.push(c),
            ',' => row.push(std::mem::take(&mut cell)),
            '\r' => {
                assert_eq!(chars.next(), Some('\n'));
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            '\n' => panic!("a row ends with CR LF"),
            _ => cell.push(c),
        }
    }
    assert!(!quoted && row.is_empty() && cell.is_empty());
    rows
}

/// A test case with what is in it.
#[derive(Default)]
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) element: String,
    pub(crate) message: String,
}

/// The attributes of the suite, and its cases.
pub(crate) fn cases(page: &str) -> (BTreeMap<String, String>, Vec<Case>) {
    let mut reader = Reader::from_str(page);
    let (mut suite, mut cases, mut depth) = (BTreeMap::new(), Vec::<Case>::new(), 0_i32);
    loop {
        match reader.read_event().expect("well formed") {
            Event::Start(element) => {
                depth += 1;
                match element.name().as_ref() {
                    "testsuite" => suite = attributes(&element),
                    "testcase" => {
                        let name = attributes(&element)["name"].clone();
                        cases.push(Case { name, ..Case::default() });
                    }
                    "testsuites" | "properties" => {}
                    name => {
                        let case = cases.last_mut().unwrap();
                        assert!(case.element.is_empty(), "one element in a case");
                        name.clone_into(&mut case.element);
                        case.message = attributes(&element).remove("message").unwrap_or_default();
                    }
                }
            }
            Event::Empty(element) => assert_eq!(element.name().as_ref(), "property"),
            Event::End(_) => depth -= 1,
            Event::Eof => break,
            Event::Decl(_) | Event::Text(_) | Event::GeneralRef(_) => {}
            other => panic!("nothing else is written: {other:?}"),
        }
    }
    assert_eq!(depth, 0);
    (suite, cases)
}

fn attributes(element: &BytesStart<'_>) -> BTreeMap<String, String> {
    let each = element.attributes().map(|attribute| {
        let attribute = attribute.expect("well formed");
        let value =
            attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0).expect("known entities").into_owned();
        (attribute.key.as_ref().to_owned(), value)
    });
    each.collect()
}
