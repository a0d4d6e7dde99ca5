//! Walks the table of kinds: every path leads to its kind and back, every signature is recognized.

use crate::layout::kinds::{RecognizedBy, case_path, cluster_path, of_resource, of_section, within_sections};
use crate::layout::{DumpFile, Kind, ListOf, Located, Owner, Place, Placement, Told, identify, identify_toml, locate};

fn kind_at(path: &str) -> Option<(Kind, Owner)> {
    match locate(path) {
        Located::Snapshot(Placement::Fact(Place { kind, owner })) => Some((kind, owner)),
        Located::Dump(DumpFile::Facts(Place { kind, owner })) => Some((kind, owner)),
        _ => None,
    }
}

#[test]
fn every_kind_is_found_at_every_path_that_it_has() {
    for kind in Kind::all() {
        let row = kind.row();
        let of_node = Owner::Node("w".to_owned());
        let in_folder = if kind.per_node() { Owner::Folder("d/w".to_owned()) } else { Owner::Cluster };
        let mut paths = Vec::new();
        paths.extend(cluster_path(&kind).map(|path| (path, Owner::Cluster)));
        paths.extend(row.on_node.and(case_path(&kind, Some("w"))).map(|path| (path, of_node)));
        for file in row.in_dump.iter().flat_map(|dump| dump.files) {
            paths.push((format!("d/w/{}", file.replace('*', "x-")), in_folder.clone()));
        }
        for (path, owner) in &paths {
            assert_eq!(kind_at(path), Some((kind.clone(), owner.clone())), "{path}");
        }
        if let Some(dump) = &row.in_dump
            && !dump.section.is_empty()
        {
            assert_eq!(of_section(dump.section), Some(kind.clone()));
            assert!((1..dump.section.len()).all(|above| within_sections(&dump.section[..above])), "{kind}");
        }
        if let Some(resource) = row.resource {
            assert_eq!(of_resource(resource), Some(kind.clone()));
        }
        assert!(!paths.is_empty(), "{kind} lies nowhere");
        assert!(case_path(&kind, None).or_else(|| case_path(&kind, Some("w"))).is_some(), "{kind}");
    }
}

#[test]
fn no_two_kinds_have_a_name_or_a_path_in_common() {
    let mut seen = std::collections::BTreeSet::new();
    for kind in Kind::all() {
        let dumped = kind.row().in_dump.iter();
        let files = dumped.clone().flat_map(|dump| dump.files).map(|file| (*file).to_owned());
        let sections = dumped.map(|dump| dump.section.join("/")).filter(|section| !section.is_empty());
        let paths = [cluster_path(&kind), case_path(&kind, Some("w"))].into_iter().flatten();
        for name in [kind.name().to_owned()].into_iter().chain(files).chain(sections).chain(paths) {
            assert!(seen.insert(name.clone()), "{name}");
        }
    }
}

#[test]
fn an_object_with_the_keys_of_a_kind_is_recognized_as_it() {
    let nested = |keys: &[&str], version: Option<(&'static str, bool)>| {
        let mut object = serde_json::json!({});
        let fields = keys
            .iter()
            .map(|key| (*key, "x"))
            .chain(version.map(|(field, mke)| (field, if mke { "ucp/3.7.7" } else { "23.0.7" })));
        for (path, value) in fields {
            match path.split_once('.') {
                Some((outer, inner)) => object[outer][inner] = value.into(),
                None if object.get(path).is_none() => object[path] = serde_json::json!({}),
                None => {}
            }
            if !path.contains('.') && version.is_some_and(|(field, _)| field == path) {
                object[path] = value.into();
            }
        }
        object.to_string()
    };
    let mut recognized = 0;
    for kind in Kind::all() {
        let texts: Vec<String> = match kind.row().recognized_by {
            RecognizedBy::Path => Vec::new(),
            RecognizedBy::Keys(signatures) => {
                signatures.iter().map(|signature| nested(signature.keys, signature.version)).collect()
            }
            RecognizedBy::Tables(tables) => {
                tables.windows(2).map(|pair| format!("{}]\n{}]\n", pair[0], pair[1])).collect()
            }
            RecognizedBy::Kubernetes => {
                let own = kind.kubernetes().unwrap_or_default();
                vec![
                    format!("{{\"apiVersion\":\"v1\",\"kind\":\"{own}\"}}"),
                    format!("{{\"kind\":\"{own}List\",\"items\":[{{}}]}}"),
                ]
            }
        };
        recognized += texts.len();
        for text in texts {
            let told = match identify(text.as_bytes()) {
                Told::Object(kind) | Told::List(ListOf::Kind(kind)) => Some(kind),
                _ => identify_toml(text.as_bytes()),
            };
            assert_eq!(told, Some(kind.clone()), "{text}");
        }
    }
    assert!(recognized > 80, "{recognized}");
}

#[test]
fn what_a_user_names_is_no_file_of_the_cluster() {
    let kind = |path| kind_at(path).map(|(kind, _)| kind.name().to_owned());
    assert_eq!(kind("d/w/inspect/ucp-nodes.txt").as_deref(), Some("docker.container"));
    assert_eq!(kind("d/w/inspect/ucp-auth-api-tasks.txt").as_deref(), Some("docker.container"));
    assert_eq!(kind("d/w/INSPECT/x.txt"), None);
    assert_eq!(kind("d/ucp-service.txt"), None);
}
