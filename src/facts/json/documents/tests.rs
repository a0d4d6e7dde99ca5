//! Documents of many kinds in one stream, fed in pieces of any size.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

/// What comes out of a stream: a word for each piece, with its place and text.
type Told = Vec<(String, String)>;

fn told(text: &[u8], step: usize) -> (Told, Result<Passed, SplitError>) {
    let mut documents = Documents::new();
    let (mut buffer, mut out, mut fed) = (Vec::new(), Vec::new(), 0);
    loop {
        let next = (fed + step).min(text.len());
        buffer.extend_from_slice(&text[fed..next]);
        fed = next;
        let mut pieces = Vec::new();
        let outcome = documents.scan(&buffer, fed == text.len(), &mut pieces);
        let cut = |item: &Item| String::from_utf8_lossy(&buffer[item.start..item.end]).into_owned();
        out.extend(pieces.iter().map(|piece| match piece {
            Piece::Object(item) => (format!("object {}", item.position.pointer()), cut(item)),
            Piece::Entry(item) => (format!("entry {}", item.position.pointer()), cut(item)),
            Piece::ListBegins(around) => ("begins".to_owned(), String::from_utf8_lossy(around).into_owned()),
            Piece::ListEnds(around) => ("ends".to_owned(), String::from_utf8_lossy(around).into_owned()),
            other => (format!("{other:?}"), String::new()),
        }));
        if let Err(error) = outcome {
            return (out, Err(error));
        }
        if fed == text.len() {
            return (out, Ok(documents.passed()));
        }
        let keep = documents.keep_from();
        buffer.drain(..keep);
        documents.rebase(keep);
    }
}

/// The places of objects and entries.
fn places(text: &str) -> Vec<String> {
    let (pieces, outcome) = told(text.as_bytes(), 7);
    outcome.unwrap();
    let of_object =
        |(what, _): (String, String)| what.strip_prefix("object ").or(what.strip_prefix("entry ")).map(str::to_owned);
    pieces.into_iter().filter_map(of_object).collect()
}

#[test]
fn each_document_stands_for_itself() {
    assert_eq!(places(r#"{"a":{"items":[{}]},"b":"items"}"#), [""]);
    assert_eq!(
        places("{\"items\":[{},{}]}\n{\"a\":1}\n[{},{\"items\":[{}]},[{},{}]]"),
        [
            "/items/0",
            "/items/1",
            "line 2 ",
            "document 3 /0",
            "document 3 /1/items/0",
            "document 3 /2/0",
            "document 3 /2/1",
        ]
    );
    assert_eq!(places("---\n{\"a\":1}\n---\n{\n\"a\":2}\n...\n{}"), ["", "line 4 ", "line 7 "]);
    assert_eq!(places("{} {}"), ["", "document 2 "]);
}

#[test]
fn text_is_passed_over_and_the_rest_of_a_value_never() {
    let (pieces, passed) = told(b"[root@m1 ~]# docker info\n\xef\xbb\xbf{\"a\":1}\r\nError: No such object\n[]\n$ ", 3);
    assert_eq!(pieces.iter().filter(|(what, _)| what.starts_with("object")).count(), 1);
    assert_eq!(passed.unwrap(), Passed { lines: 3, error: Some(3) });
    for damaged in
        ["x\"Id\":1}\n{}", "{}\n\"Id\":1}", "{}\n}", "{}\nkind: Pod\n", "[\"a\"]", "[[[{}]]]", "{\"items\":[1]}"]
    {
        assert!(told(damaged.as_bytes(), 5).1.is_err(), "{damaged}");
    }
    assert!(told("a\n".repeat(101).as_bytes(), 9).1.is_err());
    assert!(told("a\n".repeat(100).as_bytes(), 9).1.is_ok());
}

#[test]
fn logs_are_passed_over_to_their_own_end() {
    let text = b"{}\n==== START logs for container a of pod b/c ====\n{\"x\":1}\n\nx\"y\":\n==== END logs for container z of pod b/c ====\n\
        {\"x\":2}\n==== END logs for container a of pod b/c ====\n{\"last\":1}\n";
    for step in [1, 8, 64, 4096] {
        let (pieces, passed) = told(text, step);
        passed.unwrap();
        let objects: Vec<&str> = pieces.iter().map(|(_, text)| text.as_str()).filter(|text| !text.is_empty()).collect();
        assert_eq!(objects, ["{}", "{\"last\":1}"]);
        assert!(pieces.contains(&("Logs".to_owned(), String::new())));
    }
}

#[test]
fn a_cut_at_any_byte_is_noticed() {
    let text = r#"[{"a":"b"},{"items":[{"c":[1]}],"kind":"List"},[{}]]"#;
    for cut in 1..text.len() {
        let error = told(&text.as_bytes()[..cut], 9).1.unwrap_err();
        assert!(matches!(error, SplitError::Cut { .. }), "{cut}: {error}");
    }
}

/// Any bytes, and among them many that mean something.
fn hostile_bytes() -> impl Strategy<Value = Vec<u8>> {
    let words: Vec<&[u8]> = vec![
        b"\"items\":[",
        b"==== START logs for a",
        b"==== END logs for a",
        b"\n",
        b"{\"a\":",
        b"\xef\xbb\xbf",
        b"---\n",
    ];
    let meant = prop::sample::select(b"{}[]\",:\\ it1\n\0".to_vec()).prop_map(|byte| vec![byte]);
    let words = prop::sample::select(words).prop_map(<[u8]>::to_vec);
    let bytes = prop_oneof![4 => meant, 2 => words, 2 => any::<u8>().prop_map(|byte| vec![byte])];
    prop::collection::vec(bytes, 0..200).prop_map(|bytes| bytes.concat())
}

fn objects() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![Just(json!({})), r#"[ -~\\"\[\]{}\n\u{e9}]{0,90}"#.prop_map(Value::from)];
    let any = leaf.prop_recursive(3, 20, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(r#"[a-z"\\{}]{1,8}"#, inner, 0..4).prop_map(Value::from_iter),
        ]
    });
    prop::collection::btree_map("[a-h]{1,5}", any, 0..4).prop_map(Value::from_iter)
}

proptest! {
    #[test]
    fn objects_come_out_as_a_parser_sees_them(
        values in prop::collection::vec(objects(), 0..6), step in 1_usize..300, pretty: bool, sorted: bool, slurped: bool,
    ) {
        let key = if sorted { "kind" } else { "apiVersion" };
        let list = json!({"items": values, key: "List"});
        let whole = if slurped { json!([list, values]) } else { list };
        let text = if pretty { serde_json::to_vec_pretty(&whole) } else { serde_json::to_vec(&whole) }.unwrap();
        let (pieces, outcome) = told(&text, step);
        outcome.unwrap();
        let parsed = |word: &str| -> Vec<Value> {
            let of_word = pieces.iter().filter(|(what, _)| what.starts_with(word));
            of_word.map(|(_, text)| serde_json::from_str(text).unwrap()).collect()
        };
        prop_assert_eq!(parsed("entry"), values.clone());
        prop_assert_eq!(parsed("object"), if slurped { values } else { Vec::new() });
        prop_assert_eq!(parsed("ends"), [json!({"items": [], key: "List"})]);
    }

    #[test]
    fn every_step_takes_a_byte_or_fails(bytes in hostile_bytes()) {
        let mut documents = Documents::new();
        let mut pieces = Vec::new();
        for _ in 0..bytes.len() {
            let before = documents.pos;
            if documents.pos == bytes.len() || documents.step(&bytes, true, &mut pieces).is_err() {
                return Ok(());
            }
            prop_assert!(documents.pos > before, "{:?} at {before}", documents.state);
        }
        prop_assert_eq!(documents.pos, bytes.len());
    }

    #[test]
    fn the_size_of_pieces_changes_nothing(bytes in hostile_bytes(), step in 1_usize..70) {
        prop_assert_eq!(told(&bytes, step), told(&bytes, usize::MAX / 2));
    }
}
