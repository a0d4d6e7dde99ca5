//! The JSON Schema of a rule file, for editors; made from the tables that the loader reads by.

use serde_json::{Map, Value, json};

use crate::layout::Kind;
use crate::model::severity::Severity;
use crate::rules::load::cases::{CASE_KEYS, STATUSES};
use crate::rules::load::rule_file::{APPLIES_KEYS, CHECK_KEYS, RULE_KEYS};
use crate::rules::load::syntax::{ABSENT_WORDS, COMBINATORS, OPERATORS};
use crate::rules::rule::{EXCEPTION_TYPES, SSP_LISTS};

/// The schema (JSON Schema 2020-12) of one rule file.
#[must_use]
pub fn rule_schema() -> Value {
    let operators: Map<String, Value> = OPERATORS
        .iter()
        .map(|(name, words)| {
            let mut schema = operator(name);
            schema["description"] = json!(words);
            ((*name).to_owned(), schema)
        })
        .collect();
    let kinds: Vec<&str> = Kind::known_names().collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "mke-stig rule",
        "type": "object",
        "required": ["id", "title", "severity"],
        "oneOf": [{ "required": ["checks"] }, { "required": ["undecided"] }],
        "properties": described(RULE_KEYS, |key| match key {
            "severity" => json!({ "enum": Severity::NAMES }),
            "other_rule_ids" | "ccis" | "controls" => json!({ "type": ["array", "string"], "items": { "type": "string" } }),
            "applies" => json!({ "$ref": "#/$defs/applies" }),
            "checks" => json!({ "type": "array", "minItems": 1, "items": { "$ref": "#/$defs/check" } }),
            "cases" => json!({ "type": "array", "items": { "$ref": "#/$defs/case" } }),
            "person" => json!({ "anyOf": [
                { "$ref": "#/$defs/look" },
                { "type": "array", "items": { "$ref": "#/$defs/look" } },
            ] }),
            _ => json!({ "type": "string" }),
        }),
        "additionalProperties": false,
        "$defs": {
            "kind": { "anyOf": [{ "enum": kinds }, { "type": "string", "pattern": "^kube\\.[A-Za-z0-9]+$" }] },
            "orchestrator": { "enum": ["swarm", "kubernetes"] },
            "look": { "anyOf": [
                { "type": "string" },
                {
                    "type": "object",
                    "required": ["look"],
                    "properties": { "orchestrator": { "$ref": "#/$defs/orchestrator" }, "look": { "type": "string" } },
                    "additionalProperties": false,
                },
            ] },
            "applies": {
                "type": "object",
                "properties": described(APPLIES_KEYS, |key| match key {
                    "orchestrator" => json!({ "$ref": "#/$defs/orchestrator" }),
                    "msr" => json!({ "enum": ["in_use"] }),
                    "os" => json!({ "type": ["array", "string"], "items": { "type": "string" } }),
                    _ => json!({ "type": "object", "additionalProperties": { "$ref": "#/$defs/matcher" } }),
                }),
                "additionalProperties": false,
            },
            "check": {
                "type": "object",
                "required": ["each"],
                "anyOf": [{ "required": ["must"] }, { "required": ["expr"] }, { "required": ["person"] }, { "required": ["needs_ssp"] }, { "required": ["ssp"] }],
                "properties": described(CHECK_KEYS, |key| match key {
                    "each" => json!({ "$ref": "#/$defs/kind" }),
                    "orchestrator" => json!({ "$ref": "#/$defs/orchestrator" }),
                    "reading" => json!({ "enum": ["intended", "literal"] }),
                    "when" => json!({ "type": "object", "additionalProperties": { "$ref": "#/$defs/matcher" } }),
                    "where" | "must" => json!({ "$ref": "#/$defs/matcher" }),
                    "of" | "fields" | "show" => json!({ "type": ["array", "string"], "items": { "type": "string" } }),
                    "unless" => json!({ "enum": EXCEPTION_TYPES }),
                    "ssp" => ssp(),
                    _ => json!({ "type": "string" }),
                }),
                "additionalProperties": false,
            },
            "matcher": {
                "type": "object",
                "minProperties": 1,
                "description": format!("field paths, each with a condition; {} combine matchers", COMBINATORS.join(", ")),
                "additionalProperties": {
                    "anyOf": [
                        { "$ref": "#/$defs/condition" },
                        { "$ref": "#/$defs/matcher" },
                        { "type": "array", "items": { "$ref": "#/$defs/matcher" } },
                    ],
                },
            },
            "condition": {
                "anyOf": [
                    { "type": ["string", "number", "boolean"] },
                    { "type": "object", "minProperties": 1, "properties": operators, "additionalProperties": false },
                ],
            },
            "case": {
                "type": "object",
                "required": ["name", "status"],
                "properties": CASE_KEYS.iter().map(|key| ((*key).to_owned(), match *key {
                    "status" => json!({ "enum": STATUSES }),
                    "reading" => json!({ "enum": ["intended", "literal"] }),
                    _ => json!({}),
                })).collect::<Map<_, _>>(),
                "additionalProperties": false,
            },
        },
    })
}

fn described(keys: &[(&str, &str)], schema: impl Fn(&str) -> Value) -> Map<String, Value> {
    keys.iter()
        .map(|(key, words)| {
            let mut schema = schema(key);
            schema["description"] = json!(words);
            ((*key).to_owned(), schema)
        })
        .collect()
}

fn ssp() -> Value {
    json!({ "anyOf": [
        { "const": "exceptions" },
        {
            "type": "object",
            "minProperties": 1,
            "maxProperties": 1,
            "propertyNames": { "enum": SSP_LISTS },
            "additionalProperties": { "anyOf": [
                { "type": "string" },
                { "type": "object", "minProperties": 1, "additionalProperties": { "type": "string" } },
            ] },
        },
    ] })
}

fn operator(name: &str) -> Value {
    let scalar = json!({ "type": ["string", "number", "boolean"] });
    match name {
        "in" | "not_in" => json!({ "type": "array", "items": scalar }),
        "at_least" | "at_most" => json!({ "type": "number" }),
        "exists" | "empty" => json!({ "type": "boolean" }),
        "every" | "some" | "none" => {
            json!({ "anyOf": [{ "$ref": "#/$defs/condition" }, { "$ref": "#/$defs/matcher" }] })
        }
        "text_digest" => json!({ "type": ["array", "string"], "items": { "type": "string" } }),
        "found_in" => json!({
            "type": "object",
            "required": ["kind", "field"],
            "properties": {
                "kind": { "$ref": "#/$defs/kind" },
                "field": { "type": "string" },
                "where": { "$ref": "#/$defs/matcher" },
            },
            "additionalProperties": false,
        }),
        "absent" | "unset" => json!({ "anyOf": [
            { "enum": ABSENT_WORDS },
            { "type": "object", "required": ["default"], "properties": { "default": {} }, "additionalProperties": false },
        ] }),
        "matches" | "not_matches" | "older_than" | "not_older_than" | "after" | "before" | "given" => {
            json!({ "type": "string" })
        }
        _ => scalar,
    }
}
