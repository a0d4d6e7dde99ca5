//! Values as bytes that are the same whatever way they were written, for digests.
//!
//! Each value is a letter for its type and then its content, with its length before it, so that no
//! text of a value can look like the end of one. Keys of objects are in order, numbers that are equal
//! are written alike, and of a value that is kept in part only the part counts that a reader asked for:
//! what other readers had kept besides makes no difference.

use serde_json::{Number, Value};

use crate::facts::fields::keep::Keep;
use crate::model::digest::Hasher;

/// Whole numbers below this are exact as floating-point numbers.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// Adds a field's value, as far as it is kept, to a digest; `None` is an absent field.
pub(crate) fn hash_value(hasher: &mut Hasher, value: Option<&Value>, keep: &Keep) {
    match value {
        None => hasher.update(b"-"),
        Some(Value::Null) => hasher.update(b"n"),
        Some(Value::Bool(false)) => hasher.update(b"f"),
        Some(Value::Bool(true)) => hasher.update(b"t"),
        Some(Value::Number(value)) => {
            hasher.update(b"#");
            hasher.part(&number(value));
        }
        Some(Value::String(text)) => {
            hasher.update(b"s");
            hasher.part(text);
        }
        Some(Value::Array(list)) => {
            hasher.update(b"l");
            hasher.count(list.len() as u64);
            for item in list {
                hash_value(hasher, Some(item), keep);
            }
        }
        Some(Value::Object(map)) => {
            let kept = || map.iter().filter_map(|(key, value)| Some((key, value, keep.below(key)?)));
            hasher.update(b"o");
            hasher.count(kept().count() as u64);
            for (key, value, below) in kept() {
                hasher.part(key);
                hash_value(hasher, Some(value), below);
            }
        }
    }
}

/// A number in the one way in which all numbers equal to it are written.
fn number(value: &Number) -> String {
    match value.as_f64() {
        Some(float) if !value.is_i64() && !value.is_u64() && float.fract() == 0.0 && float.abs() < EXACT => {
            // Adding zero makes one of the two zeros.
            format!("{}", float + 0.0)
        }
        _ => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::facts::FieldPath;
    use crate::model::digest::Digest;

    fn digest(value: Option<&Value>, keep: &Keep) -> Digest {
        let mut hasher = Hasher::default();
        hash_value(&mut hasher, value, keep);
        hasher.finish()
    }

    fn all(value: &Value) -> Digest {
        digest(Some(value), &Keep::All)
    }

    fn parsed(text: &str) -> Value {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn equal_values_are_equal_however_they_are_written() {
        for (one, other) in [
            ("1", "1.0"),
            ("0", "-0.0"),
            ("100", "1e2"),
            (r#"{"a":1,"b":[]}"#, r#"{ "b" : [ ], "a" : 1 }"#),
            (r#""a""#, r#""\u0061""#),
        ] {
            assert_eq!(all(&parsed(one)), all(&parsed(other)), "{one} {other}");
        }
    }

    #[test]
    fn different_values_are_different() {
        let values = [
            "null",
            "false",
            "true",
            "0",
            "1",
            "-1",
            "1.5",
            "18446744073709551615",
            r#""""#,
            r#""1""#,
            r#""null""#,
            "[]",
            "[[]]",
            "[null]",
            r#"["a","b"]"#,
            r#"["ab"]"#,
            r#"["a",["b"]]"#,
            "{}",
            r#"{"a":null}"#,
            r#"{"a":"b"}"#,
            r#"{"a":{"b":null}}"#,
            r#"{"a":null,"b":null}"#,
        ];
        let mut digests: Vec<Digest> = values.iter().map(|text| all(&parsed(text))).collect();
        digests.push(digest(None, &Keep::All));
        digests.sort();
        digests.dedup();
        assert_eq!(digests.len(), values.len() + 1);
    }

    #[test]
    fn only_the_part_that_is_asked_for_counts() {
        let keep =
            |paths: &[&str]| Keep::only(paths.iter().map(|path| (path.parse::<FieldPath>().unwrap(), Keep::All)));
        let (narrow, wide) =
            (json!([{"image": "a", "x": {"y": 1}}]), json!([{"image": "a", "x": {"y": 1, "z": 2}, "name": "n"}]));
        let asked = keep(&["image", "x.y"]);
        assert_eq!(digest(Some(&narrow), &asked), digest(Some(&wide), &asked));
        assert_ne!(digest(Some(&narrow), &asked), digest(Some(&narrow), &keep(&["image"])));
        assert_ne!(digest(Some(&wide), &asked), all(&wide));
    }

    fn values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            // A whole number would equal the same one without its point.
            any::<i32>().prop_map(|number| (f64::from(number) + 0.5).into()),
            ".{0,6}".prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 24, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map(".{0,3}", inner, 0..4)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        /// Two values have one digest exactly if they are equal.
        #[test]
        fn digests_tell_values_apart(one in values(), other in values()) {
            prop_assert_eq!(one == other, all(&one) == all(&other));
            prop_assert_eq!(all(&parsed(&one.to_string())), all(&one));
        }
    }
}
