//! The JSON Schemas of rule files and of their cases, for editors; made from the tables that the loader reads by.

use serde_json::{Map, Value, json};

use crate::layout::Kind;
use crate::model::assessment::Status;
use crate::model::labels;
use crate::model::procedure::Place;
use crate::model::severity::Severity;
use crate::rules::cases::file::{CASE_KEYS, FILE_KEYS, REASONS, STATUSES};
use crate::rules::cases::setting::{GAPS, IN_USE, SETTING_KEYS, WITHOUT};
use crate::rules::load::check::CHECK_KEYS;
use crate::rules::load::fix::{FIX_KEYS, MKE_KEYS, STEP_KEYS};
use crate::rules::load::matcher::{COMBINATORS, OPERATORS};
use crate::rules::load::operand::ABSENT_WORDS;
use crate::rules::load::rule_file::{APPLIES_KEYS, RULE_KEYS};
use crate::rules::load::values::{ORCHESTRATORS, READINGS};
use crate::rules::rule::{EXCEPTION_TYPES, SSP_LISTS};

const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// The schema (JSON Schema 2020-12) of one rule file.
///
/// ```
/// let schema = mke_stig::rules::rule_schema();
/// assert_eq!(schema["properties"]["severity"]["enum"][0], "high");
/// ```
#[must_use]
pub fn rule_schema() -> Value {
    let mut definitions = rule_definitions();
    definitions.extend(case_definitions());
    json!({
        "$schema": DIALECT,
        "title": "mke-stig rule",
        "type": "object",
        "required": ["id", "title", "severity"],
        "oneOf": [{ "required": ["checks"] }, { "required": ["undecided"] }],
        "properties": described(RULE_KEYS, |key| match key {
            "severity" => json!({ "enum": Severity::NAMES }),
            "other_rule_ids" | "ccis" | "controls" => texts(),
            "define" => of_names("matcher"),
            "applies" => reference("applies"),
            "checks" => json!({ "type": "array", "minItems": 1, "items": reference("check") }),
            "given" => reference("given"),
            "cases" => json!({ "type": "array", "items": reference("case") }),
            "person" => one_or_more("look"),
            "fix" => json!({ "anyOf": [{ "type": "string" }, reference("fix")] }),
            _ => json!({ "type": "string" }),
        }),
        "additionalProperties": false,
        "$defs": definitions,
    })
}

/// The schema (JSON Schema 2020-12) of a file with the cases of a rule.
///
/// ```
/// let schema = mke_stig::rules::cases_schema();
/// assert_eq!(schema["properties"]["cases"]["type"], "array");
/// ```
#[must_use]
pub fn cases_schema() -> Value {
    json!({
        "$schema": DIALECT,
        "title": "cases of a mke-stig rule",
        "type": "object",
        "required": ["cases"],
        "properties": described(FILE_KEYS, |key| match key {
            "given" => reference("given"),
            _ => json!({ "type": "array", "items": reference("case") }),
        }),
        "additionalProperties": false,
        "$defs": case_definitions(),
    })
}

fn rule_definitions() -> Map<String, Value> {
    let kinds: Vec<&str> = Kind::known_names().collect();
    let look = json!({
        "type": "object",
        "required": ["look"],
        "properties": { "orchestrator": reference("orchestrator"), "look": { "type": "string" } },
        "additionalProperties": false,
    });
    let applies = described(APPLIES_KEYS, |key| match key {
        "orchestrator" => reference("orchestrator"),
        "msr" => json!({ "enum": ["in_use"] }),
        "os" | "not_os" => texts(),
        _ => of_names("matcher"),
    });
    let check = check_properties();
    let in_one_reading: Map<String, Value> =
        check.clone().into_iter().filter(|(key, _)| !matches!(key.as_str(), "each" | "reading" | "readings")).collect();
    let demands = ["must", "expr", "person", "needs_ssp", "ssp", "readings"].map(|key| json!({ "required": [key] }));
    let definitions = json!({
        "kind": { "anyOf": [{ "enum": kinds }, { "type": "string", "pattern": "^kube\\.[A-Za-z0-9]+$" }] },
        "orchestrator": { "enum": ORCHESTRATORS },
        "look": { "anyOf": [{ "type": "string" }, look] },
        "applies": object(&applies),
        "check": {
            "type": "object",
            "required": ["each"],
            "anyOf": demands,
            "properties": check,
            "additionalProperties": false,
        },
        "check_in_one_reading": object(&in_one_reading),
        "fix": fix(),
        "matcher": matcher(),
        "condition": condition(),
    });
    definitions.as_object().cloned().unwrap_or_default()
}

fn fix() -> Value {
    let lines = || json!({ "anyOf": [{ "type": "string" }, texts()] });
    let mke = described(MKE_KEYS, |key| if key == "toml" { lines() } else { json!({ "type": "string" }) });
    let step = described(STEP_KEYS, |key| match key {
        "do" => json!({ "type": "string" }),
        "at" => json!({ "enum": Place::NAMES.map(|(name, _)| name) }),
        "of" => json!({ "anyOf": [reference("kind"), { "type": "array", "items": reference("kind") }] }),
        "mke" => object(&mke),
        _ => lines(),
    });
    object(&described(FIX_KEYS, |key| match key {
        "steps" => json!({ "type": "array", "minItems": 1, "items": object(&step) }),
        _ => json!({ "type": "string" }),
    }))
}

fn check_properties() -> Map<String, Value> {
    described(CHECK_KEYS, |key| match key {
        "each" => json!({ "anyOf": [
            reference("kind"),
            { "type": "array", "minItems": 1, "uniqueItems": true, "items": reference("kind") },
        ] }),
        "orchestrator" => reference("orchestrator"),
        "reading" => json!({ "enum": READINGS }),
        "readings" => json!({ "anyOf": [
            { "type": "array", "minItems": 1, "items": { "enum": READINGS } },
            {
                "type": "object",
                "required": READINGS,
                "properties": READINGS
                    .iter()
                    .map(|name| ((*name).to_owned(), reference("check_in_one_reading")))
                    .collect::<Map<_, _>>(),
                "additionalProperties": false,
            },
        ] }),
        "when" | "unless_node" => of_names("matcher"),
        "where" | "must" => reference("matcher"),
        "of" | "fields" | "show" => texts(),
        "instead" => json!({ "type": "array", "minItems": 1, "uniqueItems": true, "items": reference("kind") }),
        "unless" => json!({ "enum": EXCEPTION_TYPES }),
        "ssp" => ssp(),
        _ => json!({ "type": "string" }),
    })
}

fn matcher() -> Value {
    json!({ "anyOf": [
        { "type": "string", "pattern": "^\\$[a-z0-9_]+$", "description": "a matcher that `define` names" },
        {
            "type": "object",
            "minProperties": 1,
            "description": format!("field paths, each with a condition; {} combine matchers", COMBINATORS.join(", ")),
            "additionalProperties": {
                "anyOf": [
                    reference("condition"),
                    reference("matcher"),
                    { "type": "array", "items": reference("matcher") },
                ],
            },
        },
    ] })
}

fn condition() -> Value {
    json!({ "anyOf": [
        { "type": ["string", "number", "boolean"] },
        {
            "type": "object",
            "minProperties": 1,
            "properties": described(OPERATORS, operator),
            "additionalProperties": false,
        },
    ] })
}

fn case_definitions() -> Map<String, Value> {
    let setting = |extra: Option<(&str, &str)>| {
        let keys: Vec<(&str, &str)> = SETTING_KEYS.iter().copied().chain(extra).collect();
        let properties = described(&keys, |key| match key {
            "nodes" => texts(),
            "orchestrator" => json!({ "enum": IN_USE }),
            "reading" => json!({ "enum": READINGS }),
            "gaps" => json!({ "type": "object", "additionalProperties": { "enum": GAPS } }),
            "without" => json!({ "type": "array", "items": { "type": "string" } }),
            _ => json!({ "type": "object" }),
        });
        // Facts by `kind` or `kind@node`, in `but` with a pointer too.
        json!({
            "type": "object",
            "properties": properties,
            "patternProperties": { "^(ssp#|[a-z]+\\.)": {} },
            "additionalProperties": false,
        })
    };
    let not_reviewed = labels::status_key(Status::NotReviewed);
    let expect = json!({ "anyOf": [
        { "enum": STATUSES.map(labels::status_key) },
        {
            "type": "object",
            "required": [not_reviewed],
            "properties": { not_reviewed: { "enum": REASONS.map(labels::reason_key) } },
            "additionalProperties": false,
        },
    ] });
    let case = described(CASE_KEYS, |key| match key {
        "given" => reference("given"),
        "but" => reference("but"),
        "expect" => expect.clone(),
        _ => json!({ "type": "string" }),
    });
    let definitions = json!({
        "given": setting(None),
        "but": setting(Some(WITHOUT)),
        "case": {
            "type": "object",
            "required": ["name", "expect"],
            "properties": case,
            "additionalProperties": false,
        },
    });
    definitions.as_object().cloned().unwrap_or_default()
}

/// A schema for each key of a table, with the table's words.
fn described(keys: &[(&str, &str)], schema: impl Fn(&str) -> Value) -> Map<String, Value> {
    keys.iter()
        .map(|(key, words)| {
            let mut schema = schema(key);
            schema["description"] = json!(words);
            ((*key).to_owned(), schema)
        })
        .collect()
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/$defs/{name}") })
}

fn texts() -> Value {
    json!({ "type": ["array", "string"], "items": { "type": "string" } })
}

fn one_or_more(name: &str) -> Value {
    json!({ "anyOf": [reference(name), { "type": "array", "items": reference(name) }] })
}

/// A mapping whose keys are names of the writer's own, or of kinds.
fn of_names(name: &str) -> Value {
    json!({ "type": "object", "additionalProperties": reference(name) })
}

fn object(properties: &Map<String, Value>) -> Value {
    json!({ "type": "object", "properties": properties, "additionalProperties": false })
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
        "every" | "some" | "none" => json!({ "anyOf": [reference("condition"), reference("matcher")] }),
        "text_digest" => texts(),
        "found_in" => json!({
            "type": "object",
            "required": ["kind", "field"],
            "properties": {
                "kind": reference("kind"),
                "field": { "type": "string" },
                "each": { "type": "string", "description": "where the field is a list of objects, the field of each" },
                "behind": { "type": "string", "description": "what stands before each value and is no part of it" },
                "where": reference("matcher"),
                "folder": { "type": "boolean", "description": "compare images by their registry and namespace alone" },
                "agreed": { "type": "boolean", "description": "tell nothing where no value is there, or where they differ" },
            },
            "additionalProperties": false,
        }),
        "absent" | "unset" => json!({ "anyOf": [
            { "enum": ABSENT_WORDS },
            { "type": "object", "required": ["default"], "properties": { "default": {} }, "additionalProperties": false },
        ] }),
        "not_kept" => json!({ "const": "other" }),
        "matches" | "not_matches" | "path_matches" | "older_than" | "not_older_than" | "after" | "before" | "given" => {
            json!({ "type": "string" })
        }
        _ => scalar,
    }
}
