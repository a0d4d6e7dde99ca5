//! Changes a JSON value at a pointer (RFC 6901), the notation in which evidence names places too.

use serde_json::Value;

/// Puts a value in its place; `-` and the number behind the last one add to a list. What is above the place must be
/// there, so that a mistyped pointer does not make a case that tests nothing.
pub(crate) fn set(target: &mut Value, pointer: &str, value: Value) -> Result<(), String> {
    let Some((above, key)) = pointer.rsplit_once('/') else {
        *target = value;
        return Ok(());
    };
    match target.pointer_mut(above) {
        Some(Value::Object(fields)) => {
            fields.insert(unescaped(key), value);
        }
        Some(Value::Array(list)) => match index(key, list.len()) {
            Some(at) if at < list.len() => list[at] = value,
            Some(_) => list.push(value),
            None => return Err(format!("the list at `{above}` has {} elements and no `{key}`", list.len())),
        },
        _ => return Err(format!("there is no list or object at `{above}` in what is given")),
    }
    Ok(())
}

/// Takes away what is at a pointer.
pub(crate) fn remove(target: &mut Value, pointer: &str) -> Result<(), String> {
    let nothing = || Err(format!("there is nothing at `{pointer}` in what is given"));
    let Some((above, key)) = pointer.rsplit_once('/') else { return nothing() };
    let removed = match target.pointer_mut(above) {
        Some(Value::Object(fields)) => fields.remove(&unescaped(key)).is_some(),
        Some(Value::Array(list)) => match index(key, list.len()).filter(|at| *at < list.len()) {
            Some(at) => {
                list.remove(at);
                true
            }
            None => false,
        },
        _ => false,
    };
    if removed { Ok(()) } else { nothing() }
}

fn index(key: &str, length: usize) -> Option<usize> {
    if key == "-" {
        return Some(length);
    }
    key.parse().ok().filter(|at| *at <= length)
}

fn unescaped(key: &str) -> String {
    key.replace("~1", "/").replace("~0", "~")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_are_put_and_taken_where_the_pointer_says() {
        let mut value = json!([{ "a": { "b/c": 1 }, "list": [1, 2] }]);
        set(&mut value, "/0/a/b~1c", json!(null)).unwrap();
        set(&mut value, "/0/a/new", json!([])).unwrap();
        set(&mut value, "/0/list/0", json!(7)).unwrap();
        set(&mut value, "/0/list/-", json!(3)).unwrap();
        set(&mut value, "/1", json!({})).unwrap();
        remove(&mut value, "/0/list/1").unwrap();
        assert_eq!(value, json!([{ "a": { "b/c": null, "new": [] }, "list": [7, 3] }, {}]));
    }

    #[test]
    fn a_pointer_to_nowhere_is_refused() {
        let original = json!([{ "a": 1, "list": [1] }]);
        for pointer in ["/0/b/c", "/0/a/c", "/2", "/0/list/x", "/0/list/2"] {
            let mut value = original.clone();
            assert!(set(&mut value, pointer, json!(1)).is_err(), "{pointer}");
            assert!(remove(&mut value, pointer).is_err(), "{pointer}");
            assert_eq!(value, original);
        }
        assert!(remove(&mut original.clone(), "").is_err());
        assert!(remove(&mut original.clone(), "/0/list/-").is_err());
    }
}
