//! Hiding a violation by what is done to the object that has it.

use serde_json::{Map, Value, json};

use super::case::{Case, Hide};
use crate::common::snapshot::Snapshot;

/// Fields whose `null` says that nothing was set.
const NULL_IS_GOOD: [&str; 4] =
    ["/HostConfig/CapAdd", "/HostConfig/SecurityOpt", "/NetworkSettings/Ports", "/Spec/EndpointSpec/Ports"];

/// Changes the object with the violation, where it has a field that does.
fn object(case: &mut Case, change: impl FnOnce(&mut Value, &str) -> Option<()>) -> Option<()> {
    let mut document = case.document()?;
    let field = case.spot.field;
    (!field.is_empty()).then_some(())?;
    change(document.objects.get_mut(case.spot.index)?, field)?;
    case.set(document.text());
    Some(())
}

fn parent(field: &str) -> Option<(&str, &str)> {
    field.rsplit_once('/')
}

fn gone(case: &mut Case) -> Option<()> {
    (!case.spot.absent_is_good).then_some(())?;
    object(case, |object, field| {
        let (parent, key) = parent(field)?;
        object.pointer_mut(parent)?.as_object_mut()?.remove(key).map(drop)
    })
}

fn replaced(case: &mut Case, with: Value) -> Option<()> {
    object(case, |object, field| {
        *object.pointer_mut(field)? = with;
        Some(())
    })
}

fn null(case: &mut Case) -> Option<()> {
    let good = case.spot.absent_is_good || NULL_IS_GOOD.contains(&case.spot.field);
    (!good).then(|| replaced(case, Value::Null))?
}

/// A value of another type that reads like the good one.
fn other_type(case: &mut Case) -> Option<()> {
    let with = match &case.spot.good {
        Value::String(_) => json!([case.spot.good]),
        Value::Null | Value::Array(_) => json!(""),
        other => other.to_string().into(),
    };
    replaced(case, with)
}

fn parent_is(case: &mut Case, with: Option<Value>) -> Option<()> {
    object(case, |object, field| {
        let (whole, _) = parent(field)?;
        (!whole.is_empty()).then_some(())?;
        match with {
            Some(value) => *object.pointer_mut(whole)? = value,
            None => {
                let (above, key) = parent(whole)?;
                object.pointer_mut(above)?.as_object_mut()?.remove(key)?;
            }
        }
        Some(())
    })
}

fn renamed(value: &Value, name: fn(&str) -> String) -> Value {
    match value {
        Value::Object(fields) => {
            Value::Object(fields.iter().map(|(key, value)| (name(key), renamed(value, name))).collect::<Map<_, _>>())
        }
        Value::Array(list) => list.iter().map(|value| renamed(value, name)).collect(),
        other => other.clone(),
    }
}

fn keys(case: &mut Case, name: fn(&str) -> String) -> Option<()> {
    object(case, |object, _| {
        let other = renamed(object, name);
        (other != *object).then(|| *object = other)
    })
}

fn snake(key: &str) -> String {
    let mut text = String::new();
    for (at, letter) in key.char_indices() {
        if letter.is_ascii_uppercase() && at > 0 {
            text.push('_');
        }
        text.push(letter.to_ascii_lowercase());
    }
    text
}

/// The top of the object that holds the field stands twice, once with the good value.
fn twice(case: &mut Case, good_first: bool) -> Option<()> {
    let document = case.document()?;
    let field = case.spot.field;
    let bad = document.objects.get(case.spot.index)?.clone();
    let mut good = bad.clone();
    *good.pointer_mut(field)? = case.spot.good.clone();
    let top = field.split('/').nth(1)?;
    let other = format!("{}:{}", Value::from(top), good[top]);
    let text = bad.to_string();
    let inner = text.strip_prefix('{')?.strip_suffix('}')?;
    let text = if good_first { format!("{{{other},{inner}}}") } else { format!("{{{inner},{other}}}") };
    let mut texts: Vec<String> = document.objects.iter().map(Value::to_string).collect();
    texts[case.spot.index] = text;
    case.set(document.around(&texts));
    Some(())
}

/// Marks of MKE's and of Kubernetes' on the container that breaks the rule, all but one.
fn marked(case: &mut Case, mark: fn(&mut Value, &Snapshot)) -> Option<()> {
    case.spot.path.ends_with("docker/containers.json").then_some(())?;
    // Rules about ports that the SSP lists, and about new privileges, make no difference of owners.
    let snapshot = case.snapshot.clone();
    object(case, |object, _| {
        mark(object, &snapshot);
        Some(())
    })
}

fn label(container: &mut Value, key: &str, value: &str) {
    container["Config"]["Labels"][key] = value.into();
}

fn by_label_and_name(container: &mut Value, _: &Snapshot) {
    label(container, "com.docker.ucp.version", "3.7.7");
    container["Name"] = "/ucp-tool".into();
}

fn by_label_and_image(container: &mut Value, _: &Snapshot) {
    label(container, "com.docker.ucp.version", "3.7.7");
    container["Config"]["Image"] = "evil.example/tools/ucp-agent:3.7.7".into();
}

fn by_label_name_and_digest(container: &mut Value, _: &Snapshot) {
    by_label_and_name(container, &Snapshot::sample());
    container["Config"]["Image"] = format!("sha256:{}", "ab".repeat(32)).into();
}

fn by_all_but_registry(container: &mut Value, _: &Snapshot) {
    by_label_and_image(container, &Snapshot::sample());
    container["Name"] = "/ucp-agent-helper".into();
    label(container, "com.docker.ucp.InstanceID", "k7w2liv4prjytrze4vqqshn3b");
}

fn by_kubernetes_marks(container: &mut Value, _: &Snapshot) {
    for (key, value) in [
        ("io.kubernetes.pod.name", "tool-x"),
        ("io.kubernetes.pod.namespace", "kube-system"),
        ("io.kubernetes.container.name", "tool"),
        ("io.kubernetes.docker.type", "container"),
        ("io.kubernetes.pod.uid", "22222222-0000-4000-a000-000000000000"),
    ] {
        label(container, key, value);
    }
    container["Name"] = "/k8s_tool_tool-x_kube-system_22222222-0000-4000-a000-000000000000_0".into();
}

/// All marks of a pod that there is, with the UID of none.
fn by_marks_of_a_pod(container: &mut Value, snapshot: &Snapshot) {
    by_kubernetes_marks(container, snapshot);
    let pod = snapshot.json("cluster/kubectl/pods.json")["items"][0].clone();
    let name = pod["metadata"]["name"].as_str().unwrap();
    let namespace = pod["metadata"]["namespace"].as_str().unwrap();
    label(container, "io.kubernetes.pod.name", name);
    label(container, "io.kubernetes.pod.namespace", namespace);
    container["Name"] = format!("/k8s_tool_{name}_{namespace}_22222222-0000-4000-a000-000000000000_0").into();
}

fn marked_pod(case: &mut Case) -> Option<()> {
    case.spot.path.ends_with("kubectl/pods.json").then_some(())?;
    object(case, |pod, _| {
        pod["metadata"]["namespace"] = "kube-system".into();
        for container in pod["spec"]["containers"].as_array_mut()? {
            container["image"] = "evil.example/tools/ucp-agent:3.7.7".into();
        }
        Some(())
    })
}

fn marked_service(case: &mut Case, all: bool) -> Option<()> {
    case.spot.path.ends_with("docker/services.json").then_some(())?;
    object(case, |service, _| {
        service["Spec"]["Name"] = "ucp-portal".into();
        service["Spec"]["TaskTemplate"]["ContainerSpec"]["Image"] = "evil.example/tools/ucp-portal:3.7.7".into();
        if all {
            service["Spec"]["Labels"]["com.docker.ucp.version"] = "3.7.7".into();
        }
        Some(())
    })
}

/// Ways that change the object.
#[rustfmt::skip]
pub(crate) const FIELDS: &[Hide] = &[
    Hide { name: "the field is gone", kind: 4, apply: gone },
    Hide { name: "the field is null", kind: 4, apply: null },
    Hide { name: "the field has another type", kind: 4, apply: other_type },
    Hide { name: "the field is redacted", kind: 4, apply: |case| replaced(case, json!("(redacted)")) },
    Hide { name: "the field is only said to be present", kind: 4, apply: |case| replaced(case, json!("(present)")) },
    Hide { name: "what holds the field is null", kind: 4, apply: |case| parent_is(case, Some(Value::Null)) },
    Hide { name: "what holds the field is empty", kind: 4, apply: |case| if case.spot.absent_is_good { None } else { parent_is(case, Some(json!({}))) } },
    Hide { name: "what holds the field is a list", kind: 4, apply: |case| parent_is(case, Some(json!([]))) },
    Hide { name: "what holds the field is gone", kind: 4, apply: |case| parent_is(case, None) },
    Hide { name: "keys are in snake case", kind: 4, apply: |case| keys(case, snake) },
    Hide { name: "keys are in lower case", kind: 4, apply: |case| keys(case, str::to_ascii_lowercase) },
    Hide { name: "the field stands twice, first as it should be", kind: 4, apply: |case| twice(case, true) },
    Hide { name: "the field stands twice, at last as it should be", kind: 4, apply: |case| twice(case, false) },
];

/// Ways that make a container look like somebody else's.
#[rustfmt::skip]
pub(crate) const MARKS: &[Hide] = &[
    Hide { name: "the container has MKE's label and a name like MKE's", kind: 3, apply: |case| marked(case, by_label_and_name) },
    Hide { name: "the container has MKE's label and an image named like MKE's, of another registry", kind: 3, apply: |case| marked(case, by_label_and_image) },
    Hide { name: "the container has MKE's label, a name like MKE's and an image known by its digest", kind: 3, apply: |case| marked(case, by_label_name_and_digest) },
    Hide { name: "the container has all that MKE's have but their registry", kind: 3, apply: |case| marked(case, by_all_but_registry) },
    Hide { name: "the container is marked as Kubernetes', of a pod that is not there", kind: 3, apply: |case| marked(case, by_kubernetes_marks) },
    Hide { name: "the container is marked as one of a pod that is there, with another UID", kind: 3, apply: |case| marked(case, by_marks_of_a_pod) },
    Hide { name: "the pod is in MKE's namespace with images named like MKE's, of another registry", kind: 3, apply: marked_pod },
    Hide { name: "the service has a name and an image like MKE's, of another registry", kind: 3, apply: |case| marked_service(case, false) },
    Hide { name: "the service has all that MKE's have but their registry", kind: 3, apply: |case| marked_service(case, true) },
];
