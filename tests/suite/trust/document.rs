//! JSON members as lists of objects, whatever the form in which they stand.

use serde_json::{Value, json};

use crate::common::snapshot::Snapshot;

/// Where the objects of a document stand.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Form {
    Array,
    Lines,
    /// Under a key of an object.
    Under(&'static str),
    One,
}

/// The objects of a member.
#[derive(Debug, Clone)]
pub(crate) struct Document {
    form: Form,
    head: Value,
    pub objects: Vec<Value>,
}

const KEYS: [&str; 5] = ["items", "accounts", "grants", "repositories", "teams"];

impl Document {
    /// The objects in a text; none where it is not JSON.
    pub(crate) fn read(text: &[u8]) -> Option<Self> {
        let values: Vec<Value> =
            serde_json::Deserializer::from_slice(text).into_iter().collect::<Result<_, _>>().ok()?;
        let [one] = values.as_slice() else {
            return (!values.is_empty()).then_some(Self { form: Form::Lines, head: Value::Null, objects: values });
        };
        if let Some(list) = one.as_array() {
            return Some(Self { form: Form::Array, head: Value::Null, objects: list.clone() });
        }
        for key in KEYS {
            if let Some(list) = one[key].as_array() {
                return Some(Self { form: Form::Under(key), head: one.clone(), objects: list.clone() });
            }
        }
        let lone = one.is_object().then(|| one.clone())?;
        Some(Self { form: Form::One, head: Value::Null, objects: vec![lone] })
    }

    pub(crate) fn of(snapshot: &Snapshot, path: &str) -> Self {
        Self::read(&snapshot.members[path]).unwrap_or_else(|| panic!("{path} is no JSON"))
    }

    /// The text with its objects as they are now.
    pub(crate) fn text(&self) -> String {
        let texts: Vec<String> = self.objects.iter().map(Value::to_string).collect();
        self.around(&texts)
    }

    /// The text with objects written as given.
    pub(crate) fn around(&self, texts: &[String]) -> String {
        match &self.form {
            Form::Array => format!("[{}]", texts.join(",\n")),
            Form::Lines => texts.iter().map(|text| format!("{text}\n")).collect(),
            Form::One => texts.concat(),
            Form::Under(key) => {
                let mut head = self.head.clone();
                head[*key] = json!([]);
                let (before, after) = head
                    .to_string()
                    .split_once(&format!("\"{key}\":[]"))
                    .map(|(a, b)| (a.to_owned(), b.to_owned()))
                    .unwrap();
                format!("{before}\"{key}\":[{}]{after}", texts.join(",\n"))
            }
        }
    }

    /// Whether it is a list of Kubernetes.
    pub(crate) fn kubernetes(&self) -> bool {
        self.form == Form::Under("items")
    }

    /// Whether its list stands in an object.
    pub(crate) fn under(&self) -> bool {
        matches!(self.form, Form::Under(_))
    }

    /// Whether its objects stand on lines of their own, so that it can end behind any of them.
    pub(crate) fn lines(&self) -> bool {
        self.form == Form::Lines
    }

    /// Whether it holds one object and no list.
    pub(crate) fn lone(&self) -> bool {
        self.form == Form::One
    }

    /// A field of the object around the list.
    pub(crate) fn head(&mut self) -> &mut Value {
        &mut self.head
    }

    pub(crate) fn save(&self, snapshot: &mut Snapshot, path: &str) {
        snapshot.set(path, self.text());
    }
}

/// All containers of a snapshot's nodes as the client bundle shows them: `/node/name`.
pub(crate) fn through_bundle(snapshot: &Snapshot) -> Vec<Value> {
    let mut all = Vec::new();
    for node in snapshot.nodes() {
        for mut container in Document::of(snapshot, &format!("nodes/{node}/docker/containers.json")).objects {
            container["Name"] = format!("/{node}{}", container["Name"].as_str().unwrap()).into();
            all.push(container);
        }
    }
    all
}

/// The cluster's part of a snapshot, with all containers through the client bundle.
pub(crate) fn bundle(snapshot: &Snapshot) -> Snapshot {
    let mut part = snapshot.part(|path| path.starts_with("cluster/"));
    part.set("cluster/docker/containers.json", Value::from(through_bundle(snapshot)).to_string());
    part
}
