//! The bill of materials that goes into evidence archives names what the program is made of. `UPDATE_SBOM=1` renews it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// What cargo knows of the packages, without a network. Where not every package is at hand it says so.
fn metadata() -> Option<Value> {
    let target = "x86_64-unknown-linux-gnu";
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["metadata", "--offline", "--locked", "--format-version", "1", "--filter-platform", target]);
    let output = cargo.current_dir(root()).output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    if !output.status.success() && !crate::common::skip("cargo-metadata", &error) {
        return None;
    }
    Some(serde_json::from_slice(&output.stdout).unwrap())
}

/// The digest of each package's archive, by name and version.
fn checksums() -> BTreeMap<(String, String), String> {
    let lock: toml::Value = toml::from_str(&std::fs::read_to_string(root().join("Cargo.lock")).unwrap()).unwrap();
    let packages = lock["package"].as_array().unwrap().iter();
    let text = |package: &toml::Value, key: &str| package.get(key).and_then(toml::Value::as_str).map(str::to_owned);
    packages
        .filter_map(|package| Some(((text(package, "name")?, text(package, "version")?), text(package, "checksum")?)))
        .collect()
}

fn purl(package: &Value) -> String {
    format!("pkg:cargo/{}@{}", package["name"].as_str().unwrap(), package["version"].as_str().unwrap())
}

/// Packages that are linked, by id, with those that each is made of: tests and build scripts are left out.
fn linked(metadata: &Value) -> BTreeMap<String, BTreeSet<String>> {
    let nodes: BTreeMap<&str, &Value> = metadata["resolve"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|node| (node["id"].as_str().unwrap(), node))
        .collect();
    let mut linked = BTreeMap::new();
    let mut open = vec![metadata["resolve"]["root"].as_str().unwrap()];
    while let Some(id) = open.pop() {
        if linked.contains_key(id) {
            continue;
        }
        let normal =
            |dependency: &&Value| dependency["dep_kinds"].as_array().unwrap().iter().any(|kind| kind["kind"].is_null());
        let used = nodes[id]["deps"].as_array().unwrap().iter().filter(normal);
        let used: BTreeSet<&str> = used.map(|dependency| dependency["pkg"].as_str().unwrap()).collect();
        open.extend(&used);
        linked.insert(id.to_owned(), used.into_iter().map(str::to_owned).collect());
    }
    linked
}

fn bill(metadata: &Value) -> Value {
    let checksums = checksums();
    let packages: BTreeMap<&str, &Value> = metadata["packages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|package| (package["id"].as_str().unwrap(), package))
        .collect();
    let root_id = metadata["resolve"]["root"].as_str().unwrap();
    let component = |id: &str| {
        let package = packages[id];
        let (name, version) = (package["name"].as_str().unwrap(), package["version"].as_str().unwrap());
        let mut component = json!({
            "type": if id == root_id { "application" } else { "library" },
            "bom-ref": purl(package), "name": name, "version": version, "purl": purl(package),
        });
        if let Some(sha256) = checksums.get(&(name.to_owned(), version.to_owned())) {
            component["hashes"] = json!([{ "alg": "SHA-256", "content": sha256 }]);
        }
        if let Some(license) = package["license"].as_str() {
            // Older packages write `/` for a choice, which is no SPDX expression.
            component["licenses"] = json!([{ "expression": license.replace('/', " OR ").replace("  ", " ") }]);
        }
        component
    };
    let linked = linked(metadata);
    let by_purl = |mut list: Vec<Value>, key: &str| {
        list.sort_by_key(|value| value[key].as_str().unwrap().to_owned());
        list
    };
    let components = linked.keys().filter(|id| *id != root_id).map(|id| component(id)).collect();
    let dependencies = linked.iter().map(|(id, used)| {
        let mut on: Vec<String> = used.iter().map(|id| purl(packages[id.as_str()])).collect();
        on.sort();
        json!({ "ref": purl(packages[id.as_str()]), "dependsOn": on })
    });
    json!({
        "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
        "metadata": { "component": component(root_id) },
        "components": by_purl(components, "bom-ref"),
        "dependencies": by_purl(dependencies.collect(), "ref"),
    })
}

#[test]
fn the_bill_of_materials_is_that_of_the_lock_file() {
    let Some(metadata) = metadata() else { return };
    let mut bill = bill(&metadata);
    let digest = Sha256::digest(bill.to_string().as_bytes());
    let hex: String = digest[..16].iter().map(|byte| format!("{byte:02x}")).collect();
    bill["serialNumber"] =
        format!("urn:uuid:{}-{}-8{}-8{}-{}", &hex[..8], &hex[8..12], &hex[13..16], &hex[17..20], &hex[20..]).into();
    let text = format!("{}\n", serde_json::to_string_pretty(&bill).unwrap());
    let path = root().join("sbom.cdx.json");
    if std::env::var_os("UPDATE_SBOM").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap();
    assert!(
        kept == text,
        "sbom.cdx.json is not that of Cargo.lock; UPDATE_SBOM=1 cargo test --test suite sbom:: renews it"
    );
    assert!(bill["components"].as_array().unwrap().len() > 50);
    assert!(!kept.contains("proptest"), "what only tests use is not in the program");
}

/// Whether an SPDX expression can be met with licences of a list. `OR` binds weaker than `AND`, and `WITH` belongs to its licence.
fn is_met(expression: &str, allowed: &BTreeSet<&str>) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let (met, rest) = either(&words, allowed);
    assert!(rest.is_empty(), "`{expression}` is no licence");
    met
}

fn either<'w>(words: &'w [&'w str], allowed: &BTreeSet<&str>) -> (bool, &'w [&'w str]) {
    let (mut met, mut rest) = both(words, allowed);
    while rest.first() == Some(&"OR") {
        let (other, after) = both(&rest[1..], allowed);
        (met, rest) = (met || other, after);
    }
    (met, rest)
}

fn both<'w>(words: &'w [&'w str], allowed: &BTreeSet<&str>) -> (bool, &'w [&'w str]) {
    let (mut met, mut rest) = licence(words, allowed);
    while rest.first() == Some(&"AND") {
        let (other, after) = licence(&rest[1..], allowed);
        (met, rest) = (met && other, after);
    }
    (met, rest)
}

fn licence<'w>(words: &'w [&'w str], allowed: &BTreeSet<&str>) -> (bool, &'w [&'w str]) {
    if words.first() == Some(&"(") {
        let (met, rest) = either(&words[1..], allowed);
        assert_eq!(rest.first(), Some(&")"));
        return (met, &rest[1..]);
    }
    let with = words.get(1) == Some(&"WITH");
    let count = if with { 3 } else { 1 };
    (allowed.contains(words[..count].join(" ").as_str()), &words[count..])
}

#[test]
fn expressions_of_licences_are_understood() {
    let allowed = BTreeSet::from(["MIT", "Apache-2.0", "Apache-2.0 WITH LLVM-exception"]);
    for (expression, met) in [
        ("MIT", true),
        ("GPL-3.0", false),
        ("GPL-3.0 OR MIT", true),
        ("GPL-3.0/MIT", true),
        ("GPL-3.0 AND MIT", false),
        ("(MIT OR GPL-3.0) AND Apache-2.0", true),
        ("GPL-3.0 OR MIT AND GPL-2.0", false),
        ("Apache-2.0 WITH LLVM-exception", true),
        ("MIT WITH LLVM-exception", false),
    ] {
        assert_eq!(is_met(expression, &allowed), met, "{expression}");
    }
}

/// What `cargo deny check licenses bans sources` asks by the same `deny.toml`, for whoever has no cargo-deny.
#[test]
fn licences_bans_and_sources_are_as_deny_toml_says() {
    let Some(metadata) = metadata() else { return };
    let deny: toml::Value = toml::from_str(&std::fs::read_to_string(root().join("deny.toml")).unwrap()).unwrap();
    let list = |table: &str, key: &str| deny[table][key].as_array().unwrap().clone();
    let allowed = list("licenses", "allow");
    let allowed: BTreeSet<&str> = allowed.iter().map(|name| name.as_str().unwrap()).collect();
    let banned = list("bans", "deny");
    let banned: BTreeSet<&str> = banned.iter().map(|row| row["crate"].as_str().unwrap()).collect();
    let checksums = checksums();
    let mut sources = BTreeSet::new();
    let packages = metadata["packages"].as_array().unwrap();
    assert!(packages.len() > 50 && allowed.len() > 5 && banned.len() > 10);
    for package in packages {
        let name = package["name"].as_str().unwrap();
        let version = package["version"].as_str().unwrap();
        let licence = package["license"].as_str().unwrap_or_else(|| panic!("{name} says no licence"));
        assert!(is_met(licence, &allowed), "{name} {version} is under {licence}");
        assert!(!banned.contains(name), "{name} is banned");
        if let Some(source) = package["source"].as_str() {
            assert!(source.starts_with("registry+"), "{name} comes from {source}");
            assert!(checksums.contains_key(&(name.to_owned(), version.to_owned())), "{name} {version} has no digest");
            sources.insert(source);
        } else {
            assert_eq!(name, "mke-stig", "{name} comes from a folder");
            for dependency in package["dependencies"].as_array().unwrap() {
                assert_ne!(dependency["req"], "*", "{}", dependency["name"]);
            }
        }
    }
    assert_eq!(sources.len(), 1, "{sources:?}");
    assert_eq!(deny["sources"]["unknown-registry"].as_str(), Some("deny"));
    assert_eq!(deny["sources"]["unknown-git"].as_str(), Some("deny"));
}
