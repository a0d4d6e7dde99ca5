//! Whole and cut streams, fed in pieces of any size.

use super::*;
use proptest::prelude::*;
use serde_json::{Value, json};

/// Splits `text` fed in pieces of `step` bytes.
type Split = (Vec<(String, Value)>, Vec<Value>);

fn split(text: &[u8], shape: Shape, step: usize) -> Result<Split, SplitError> {
    let mut splitter = Splitter::new(shape);
    let (mut buffer, mut out, mut fed) = (Vec::new(), Vec::new(), 0);
    loop {
        let next = (fed + step).min(text.len());
        buffer.extend_from_slice(&text[fed..next]);
        fed = next;
        let mut items = Vec::new();
        splitter.scan(&buffer, fed == text.len(), &mut items)?;
        for item in items {
            let value = serde_json::from_slice(&buffer[item.start..item.end]).unwrap_or(Value::Null);
            out.push((item.position.pointer(), value));
        }
        let drop = splitter.keep_from();
        buffer.drain(..drop);
        splitter.rebase(drop);
        if fed == text.len() {
            break;
        }
    }
    let envelopes = splitter.take_envelopes();
    Ok((out, envelopes.iter().map(|e| serde_json::from_slice(e).unwrap_or(Value::Null)).collect()))
}

#[test]
fn kubernetes_list_keeps_what_stands_around_it() {
    let text = br#"{"apiVersion":"v1","x":{"items":[1]},"items":[{"a":"]}\\\""},{"b":[{}]}],"kind":"List","metadata":{"continue":"z"}}"#;
    for step in [1, 7, 64, 4096] {
        let (items, around) = split(text, Shape::ListUnder("items"), step).unwrap();
        assert_eq!(items, [("/items/0".into(), json!({"a": "]}\\\""})), ("/items/1".into(), json!({"b": [{}]})),]);
        assert_eq!(
            around,
            [json!({"apiVersion":"v1","x":{"items":[1]},"items":[],"kind":"List","metadata":{"continue":"z"}})]
        );
    }
}

#[test]
fn lines_lists_and_single_objects() {
    let pointers = |text: &str| -> Vec<String> {
        split(text.as_bytes(), Shape::Objects, 5).unwrap().0.into_iter().map(|(at, _)| at).collect()
    };
    assert_eq!(pointers("{\"a\":1}\n"), [""]);
    assert_eq!(pointers("{\"a\":1}\n\n{\"b\":2}\n"), ["", "line 3 "]);
    assert_eq!(pointers("[{},{}]\n[{}]"), ["/0", "/1", "document 2 /0"]);
    assert_eq!(pointers("[]"), [""; 0]);
}

#[test]
fn an_object_without_the_list_is_left_as_envelope() {
    let (items, around) = split(br#"{"kind":"Pod","spec":{}}"#, Shape::ListUnder("items"), 3).unwrap();
    assert!(items.is_empty());
    assert_eq!(around, [json!({"kind": "Pod", "spec": {}})]);
}

#[test]
fn a_cut_at_any_byte_is_noticed() {
    for (text, shape) in [
        (r#"{"items":[{"a":"b"},{"c":[1]}],"kind":"List"}"#, Shape::ListUnder("items")),
        (r#"[{"a":"b"},{"c":[1]}]"#, Shape::Objects),
    ] {
        for cut in 1..text.len() {
            let error = split(&text.as_bytes()[..cut], shape, 9).unwrap_err();
            assert!(matches!(error, SplitError::Cut { .. }), "{cut}: {error}");
        }
    }
}

#[test]
fn what_is_not_an_object_is_refused() {
    for text in ["<html>", "[1]", "[{} {}]", "[,{}]", "[{},]", "Error from server", "{} x", "\"a\""] {
        assert!(split(text.as_bytes(), Shape::Objects, 4).is_err(), "{text}");
    }
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        r#"[ -~\\"\[\]{}\n\u{e9}]{0,90}"#.prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(r#"[a-z"\\{}]{1,8}"#, inner, 0..6).prop_map(Value::from_iter),
        ]
    })
}

/// Any bytes, and among them many that mean something.
fn hostile_bytes() -> impl Strategy<Value = Vec<u8>> {
    let meant = prop::sample::select(b"{}[]\",:\\ items1\n\0".to_vec());
    prop::collection::vec(prop_oneof![3 => meant, 1 => any::<u8>()], 0..300)
}

proptest! {
    #[test]
    fn items_come_out_as_a_parser_sees_them(
        values in prop::collection::vec(prop::collection::btree_map("[a-z]{1,5}", any_json(), 0..5), 0..6),
        step in 1_usize..300,
        pretty in any::<bool>(),
    ) {
        let list: Vec<Value> = values.into_iter().map(Value::from_iter).collect();
        let whole = json!({"apiVersion": "v1", "items": list, "kind": "List"});
        let text = if pretty { serde_json::to_vec_pretty(&whole) } else { serde_json::to_vec(&whole) }.unwrap();
        let (items, around) = split(&text, Shape::ListUnder("items"), step).unwrap();
        prop_assert_eq!(items.into_iter().map(|(_, value)| value).collect::<Vec<_>>(), list);
        prop_assert_eq!(around.len(), 1);
    }

    #[test]
    fn every_step_takes_a_byte_or_fails(bytes in hostile_bytes(), list in any::<bool>()) {
        let mut splitter = Splitter::new(if list { Shape::ListUnder("items") } else { Shape::Objects });
        let mut items = Vec::new();
        // As many steps as there are bytes: then all are taken, or one has failed.
        for _ in 0..bytes.len() {
            let before = splitter.pos;
            if splitter.pos == bytes.len() || splitter.step(&bytes, true, &mut items).is_err() {
                return Ok(());
            }
            prop_assert!(splitter.pos > before, "{:?} at {before}", splitter.state);
        }
        prop_assert_eq!(splitter.pos, bytes.len());
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in hostile_bytes(), step in 1_usize..70) {
        let _ = split(&bytes, Shape::Objects, step);
        let _ = split(&bytes, Shape::ListUnder("items"), step);
    }
}
