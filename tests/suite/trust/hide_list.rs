//! Hiding an object by what is done to the list in which it stands.

use serde_json::{Value, json};

use super::case::{Case, Hide};
use super::document::Document;

/// The document, where the violation is an object of a list that something else still names or counts.
fn witnessed(case: &Case) -> Option<Document> {
    (case.in_list() && case.spot.witnessed).then(|| case.document())?
}

fn gone(case: &mut Case) -> Option<()> {
    let mut document = witnessed(case)?;
    document.objects.remove(case.spot.index);
    case.set(document.text());
    Some(())
}

/// The node's own count is lowered with the list: the cluster's count, the processes and the pods
/// still know the container.
fn gone_and_counted(case: &mut Case) -> Option<()> {
    let info = case.spot.path.strip_suffix("containers.json")?.to_owned() + "info.json";
    gone(case)?;
    case.snapshot.change(&info, |info| {
        for count in ["Containers", "ContainersRunning"] {
            info[count] = (info[count].as_u64().unwrap() - 1).into();
        }
    });
    Some(())
}

fn twice_another(case: &mut Case) -> Option<()> {
    let mut document = witnessed(case)?;
    let other = usize::from(case.spot.index == 0);
    document.objects[case.spot.index] = document.objects.get(other)?.clone();
    case.set(document.text());
    Some(())
}

fn emptied(case: &mut Case) -> Option<()> {
    let mut document = witnessed(case)?;
    document.objects.clear();
    let text = document.text();
    case.set(if text.is_empty() { "[]".to_owned() } else { text });
    Some(())
}

/// The object is gone, and something in the list's head says that more follow.
fn more_follow(case: &mut Case, head: fn(&mut Value)) -> Option<()> {
    let mut document = case.in_list().then(|| case.document())??;
    document.kubernetes().then_some(())?;
    document.objects.remove(case.spot.index);
    head(document.head());
    case.set(document.text());
    Some(())
}

/// As [`more_follow`], with a text in the place of the list's `metadata`.
fn metadata(case: &mut Case, text: &str) -> Option<()> {
    let mut document = case.in_list().then(|| case.document())??;
    document.kubernetes().then_some(())?;
    document.objects.remove(case.spot.index);
    document.head()["metadata"] = json!("METADATA");
    let whole = document.text();
    case.set(whole.replacen("\"metadata\":\"METADATA\"", text, 1));
    Some(())
}

/// The whole list under a key that is written with an escape, and an empty one beside it.
fn escaped_key(case: &mut Case) -> Option<()> {
    let document = case.in_list().then(|| case.document())??;
    document.kubernetes().then_some(())?;
    let text = document.text().replacen("\"items\":", "\"items\":[],\"it\\u0065ms\":", 1);
    case.set(text);
    Some(())
}

/// The list stands twice in its object, once empty.
fn listed_twice(case: &mut Case, empty_first: bool) -> Option<()> {
    let document = case.in_list().then(|| case.document())??;
    document.kubernetes().then_some(())?;
    let text = document.text();
    let text = if empty_first {
        text.replacen("\"items\":", "\"items\":[],\"items\":", 1)
    } else {
        format!("{},\"items\":[]}}", text.trim_end().strip_suffix('}')?)
    };
    case.set(text);
    Some(())
}

fn nested(case: &mut Case) -> Option<()> {
    let document = case.in_list().then(|| case.document())??;
    let mut texts: Vec<String> = document.objects.iter().map(Value::to_string).collect();
    texts[case.spot.index] = format!("[{}]", texts[case.spot.index]);
    case.set(document.around(&texts));
    Some(())
}

fn as_text(case: &mut Case) -> Option<()> {
    let document = case.in_list().then(|| case.document())??;
    let mut texts: Vec<String> = document.objects.iter().map(Value::to_string).collect();
    texts[case.spot.index] = Value::from(texts[case.spot.index].as_str()).to_string();
    case.set(document.around(&texts));
    Some(())
}

fn null_object(case: &mut Case, instead: &Value) -> Option<()> {
    let mut document = witnessed(case)?;
    document.objects[case.spot.index] = instead.clone();
    case.set(document.text());
    Some(())
}

/// Bytes that JSON does not have between values, before the object.
fn bytes_before(case: &mut Case, bytes: &str) -> Option<()> {
    let document = case.in_list().then(|| case.document())??;
    let mut texts: Vec<String> = document.objects.iter().map(Value::to_string).collect();
    texts[case.spot.index].insert_str(0, bytes);
    case.set(document.around(&texts));
    Some(())
}

/// The list in two documents of one file, the second of which would hold the object.
fn first_document(case: &mut Case) -> Option<()> {
    let mut document = witnessed(case)?;
    let mut other = document.clone();
    document.objects.remove(case.spot.index);
    other.objects.truncate(1);
    case.set(format!("{}\n{}", document.text(), other.text()));
    Some(())
}

/// What `docker ps`, `docker network ls` and `docker service ls` print of the same object.
fn summary(case: &mut Case) -> Option<()> {
    let mut document = case.in_list().then(|| case.document())??;
    let kind = case.spot.path.rsplit('/').next()?;
    for object in &mut document.objects {
        *object = match kind {
            "containers.json" => {
                json!({ "ID": object["Id"].as_str()?.get(..12)?, "Names": object["Name"], "Image": object["Config"]["Image"],
                "State": "running", "Status": "Up 2 hours", "Ports": "", "Mounts": "", "Networks": "bridge", "Labels": "" })
            }
            "networks.json" => {
                json!({ "ID": object["Id"].as_str()?.get(..12)?, "Name": object["Name"], "Driver": object["Driver"],
                "Scope": object["Scope"], "Internal": "false", "Labels": "" })
            }
            "services.json" if case.spot.path.contains("docker") => {
                json!({ "ID": object["ID"], "Name": object["Spec"]["Name"], "Mode": "replicated",
                "Replicas": "1/1", "Ports": "" })
            }
            _ => return None,
        };
    }
    case.set(document.text());
    Some(())
}

/// The answer of the API to a client that asked for metadata alone.
fn metadata_only(case: &mut Case) -> Option<()> {
    let mut document = case.in_list().then(|| case.document())??;
    document.kubernetes().then_some(())?;
    for object in &mut document.objects {
        object.as_object_mut()?.retain(|key, _| ["apiVersion", "kind", "metadata"].contains(&key.as_str()));
    }
    (case.spot.field.starts_with("/spec")).then_some(())?;
    case.set(document.text());
    Some(())
}

/// Ways that change the list.
#[rustfmt::skip]
pub(crate) const LISTS: &[Hide] = &[
    Hide { name: "the object is gone from its list", kind: 1, apply: gone },
    Hide { name: "the container is gone, and its node counts one fewer", kind: 1, apply: gone_and_counted },
    Hide { name: "another object stands twice in its place", kind: 1, apply: twice_another },
    Hide { name: "the list is empty", kind: 1, apply: emptied },
    Hide { name: "the object is gone, and the first object stands in a second list of the file", kind: 1, apply: first_document },
    Hide { name: "the object is gone, and `continue` is a text", kind: 1, apply: |case| more_follow(case, |head| head["metadata"]["continue"] = "eyJ2".into()) },
    Hide { name: "the object is gone, and `continue` is a number", kind: 1, apply: |case| more_follow(case, |head| head["metadata"]["continue"] = 7.into()) },
    Hide { name: "the object is gone, and `remainingItemCount` is a number", kind: 1, apply: |case| more_follow(case, |head| head["metadata"]["remainingItemCount"] = 1.into()) },
    Hide { name: "the object is gone, and `remainingItemCount` is a text", kind: 1, apply: |case| more_follow(case, |head| head["metadata"]["remainingItemCount"] = "1".into()) },
    Hide { name: "the object is gone, and `remainingItemCount` has a fraction", kind: 1, apply: |case| more_follow(case, |head| head["metadata"]["remainingItemCount"] = json!(1.0)) },
    Hide { name: "the object is gone, and `remainingItemCount` is huge", kind: 1, apply: |case| metadata(case, r#""metadata":{"remainingItemCount":1e30}"#) },
    Hide { name: "the object is gone, and `metadata` stands twice, the second time empty", kind: 1, apply: |case| metadata(case, r#""metadata":{"continue":"eyJ2"},"metadata":{}"#) },
    Hide { name: "the object is gone, and `continue` stands twice, the second time empty", kind: 1, apply: |case| metadata(case, r#""metadata":{"continue":"eyJ2","continue":""}"#) },
    Hide { name: "the object is gone, and `continue` is written with an escape", kind: 1, apply: |case| metadata(case, r#""metadata":{"c\u006fntinue":"eyJ2"}"#) },
    Hide { name: "an empty list stands beside the list under an escaped key", kind: 1, apply: escaped_key },
    Hide { name: "the list stands twice, first empty", kind: 1, apply: |case| listed_twice(case, true) },
    Hide { name: "the list stands twice, at last empty", kind: 1, apply: |case| listed_twice(case, false) },
    Hide { name: "the object stands in a list in the list", kind: 4, apply: nested },
    Hide { name: "the object is a text in the list", kind: 4, apply: as_text },
    Hide { name: "null stands in the object's place", kind: 4, apply: |case| null_object(case, &Value::Null) },
    Hide { name: "an object without fields stands in its place", kind: 4, apply: |case| null_object(case, &json!({})) },
    Hide { name: "NUL bytes stand before the object", kind: 7, apply: |case| bytes_before(case, "\0\0\0") },
    Hide { name: "an escape byte stands before the object", kind: 7, apply: |case| bytes_before(case, "\u{1b}[0m") },
    Hide { name: "the list is a summary", kind: 4, apply: summary },
    Hide { name: "the list is of metadata alone", kind: 4, apply: metadata_only },
];
