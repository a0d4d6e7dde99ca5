//! The JSON Schema of an `ssp.yaml`, for editors; made from the table that reading goes by.

use serde_json::{Map, Value, json};

use crate::ssp::section::{APPROVAL_KEYS, Form, SCOPE_KEYS, SECTIONS, Section};

/// The schema (JSON Schema 2020-12) of an `ssp.yaml`.
#[must_use]
pub fn ssp_schema() -> Value {
    let mut properties = Map::new();
    for (name, words) in [
        ("system", "name of the system"),
        ("cluster", "id of the cluster that this is about, as `mke-stig inspect` prints it"),
        ("owner", "who answers for the system"),
        ("marking", "classification or distribution marking"),
    ] {
        properties.insert(name.to_owned(), json!({ "type": "string", "description": words }));
    }
    for section in SECTIONS {
        let entry = entry(section);
        let mut schema = if section.list { json!({ "type": "array", "items": entry }) } else { entry };
        schema["description"] = json!(section.words);
        properties.insert(section.name.to_owned(), schema);
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "mke-stig SSP",
        "description": "The machine-readable part of a site's System Security Plan.",
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
    })
}

fn entry(section: &Section) -> Value {
    let mut properties = Map::new();
    for key in section.keys {
        let mut schema = form(key.form);
        schema["description"] = json!(key.words);
        properties.insert(key.name.to_owned(), schema);
    }
    for (name, words) in SCOPE_KEYS.iter().filter(|(name, _)| section.scope.contains(name)) {
        let mut schema =
            if *name == "role" { json!({ "enum": ["manager", "worker"] }) } else { json!({ "type": "string" }) };
        schema["description"] = json!(words);
        properties.insert((*name).to_owned(), schema);
    }
    for (name, words) in APPROVAL_KEYS {
        let mut schema = match *name {
            "approved" => json!({ "type": "boolean" }),
            "expires" => json!({ "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" }),
            _ => json!({ "type": "string" }),
        };
        schema["description"] = json!(words);
        properties.insert((*name).to_owned(), schema);
    }
    let needed: Vec<&str> =
        section.keys.iter().filter(|key| key.needed).map(|key| key.name).chain(["expires"]).collect();
    json!({ "type": "object", "required": needed, "properties": properties, "additionalProperties": false })
}

fn form(form: Form) -> Value {
    match form {
        Form::Text | Form::Glob | Form::Version | Form::Certificates => json!({ "type": "string" }),
        Form::Texts => json!({ "type": ["array", "string"], "items": { "type": "string" } }),
        Form::Ports => {
            let port = json!({ "type": ["integer", "string"] });
            json!({ "anyOf": [port, { "type": "array", "items": port }] })
        }
        Form::OneOf(words) => json!({ "enum": words }),
        Form::Quantity => json!({ "type": ["integer", "number", "string"] }),
        Form::Flag => json!({ "type": "boolean" }),
        Form::Sha256 => json!({ "type": "string", "pattern": "^[0-9A-Fa-f]{64}$" }),
    }
}
