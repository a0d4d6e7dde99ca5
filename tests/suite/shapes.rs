//! One cluster, saved in every way in which people save what programs print: each rule comes to the same
//! verdict, or is Not Reviewed with a reason; no shape leads to another decision.

use std::collections::BTreeMap;

use crate::common::archives::gz;
use crate::common::assess_files;
use crate::common::snapshot::{Files, Snapshot};
use mke_stig::model::assessment::{Assessment, Status};
use serde_json::{Value, json};

/// What programs printed, apart from how it is saved.
struct Outputs {
    /// By node: `docker info`, `docker version`, containers, networks and images.
    nodes: BTreeMap<String, BTreeMap<&'static str, Vec<Value>>>,
    /// Of the swarm, through a client bundle.
    swarm: BTreeMap<&'static str, Vec<Value>>,
    /// Lists of Kubernetes by their kind, each object with its own kind.
    kubernetes: BTreeMap<String, Vec<Value>>,
    config: Vec<u8>,
}

/// Whether a shape holds all that the outputs do, or less.
#[derive(Clone, Copy, PartialEq)]
enum Told {
    All,
    Less,
}

impl Outputs {
    fn of(snapshot: &Snapshot) -> Self {
        let values = |path: &str| -> Vec<Value> {
            let Some(text) = snapshot.members.get(path) else { return Vec::new() };
            let read = serde_json::Deserializer::from_slice(text).into_iter::<Value>();
            read.flat_map(|value| match value.unwrap() {
                Value::Array(list) => list,
                other => vec![other],
            })
            .collect()
        };
        let of_node = |node: &String| {
            let names = ["info", "version", "containers", "images"];
            names.map(|name| (name, values(&format!("nodes/{node}/docker/{name}.json")))).into_iter().collect()
        };
        let nodes = snapshot.nodes().into_iter().map(|node| (node.clone(), of_node(&node))).collect();
        let swarm = ["info", "version", "nodes", "services", "networks"];
        let swarm = swarm.map(|name| (name, values(&format!("cluster/docker/{name}.json")))).into_iter().collect();
        let mut kubernetes = BTreeMap::new();
        for path in snapshot.paths().iter().filter(|path| path.starts_with("cluster/kubectl/")) {
            let Ok(list) = serde_json::from_slice::<Value>(&snapshot.members[path]) else { continue };
            let (Some(items), Some(name)) = (list["items"].as_array(), path.rsplit('/').next()) else { continue };
            let kind = Self::kind(name.trim_end_matches(".json"));
            let named = items.iter().map(|item| {
                let mut item = item.clone();
                item["kind"] = kind.clone().into();
                item["apiVersion"] = "v1".into();
                item
            });
            kubernetes.insert(kind.clone(), named.collect());
        }
        Self { nodes, swarm, kubernetes, config: snapshot.members["cluster/mke/config.toml"].clone() }
    }

    fn kind(resource: &str) -> String {
        let kinds = mke_stig::layout::Kind::all();
        let of_resource =
            |kind: &mke_stig::layout::Kind| kind.source().starts_with(&format!("`kubectl get {resource} "));
        kinds.into_iter().find(of_resource).unwrap().kubernetes().unwrap().to_owned()
    }

    /// Files as the rest of a shape leaves them: configuration and swarm in files of their own.
    fn rest(&self) -> Files {
        let mut files = Files::from([("all/ucp.toml".to_owned(), self.config.clone())]);
        for (name, values) in &self.swarm {
            files.insert(format!("all/{name}"), bytes(&document(name, values)));
        }
        files
    }

    fn with_nodes(&self, mut files: Files) -> Files {
        for (node, outputs) in &self.nodes {
            for (name, values) in outputs {
                files.insert(format!("{node}/{name}"), bytes(&document(name, values)));
            }
        }
        files
    }

    fn with_lists(&self, mut files: Files, list: impl Fn(&str, &[Value]) -> Vec<u8>) -> Files {
        for (kind, items) in &self.kubernetes {
            files.insert(format!("all/{kind}"), list(kind, items));
        }
        files
    }

    /// Nodes and swarm one output in a file, and lists of Kubernetes as `list` writes them.
    fn lists(&self, list: impl Fn(&str, &[Value]) -> Vec<u8>) -> Files {
        self.with_lists(self.with_nodes(self.rest()), list)
    }

    /// Nodes and swarm one output in a file, and one file for all lists of Kubernetes.
    fn one(&self, all: impl Fn(&BTreeMap<String, Vec<Value>>) -> Vec<u8>) -> Files {
        let mut files = self.with_nodes(self.rest());
        files.insert("all/everything".to_owned(), all(&self.kubernetes));
        files
    }

    /// The outputs of each node in one file.
    fn node_files(&self, file: impl Fn(&BTreeMap<&'static str, Vec<Value>>) -> Vec<u8>) -> Files {
        let mut files = self.with_lists(self.rest(), |_, items| bytes(&list(items)));
        for (node, outputs) in &self.nodes {
            files.insert(format!("{node}/output.txt"), file(outputs));
        }
        files
    }

    /// One output in a file, each file changed.
    fn each(&self, change: impl Fn(&[u8]) -> Vec<u8>) -> Files {
        let plain = self.lists(|_, items| bytes(&list(items)));
        plain.into_iter().map(|(path, content)| (path, change(&content))).collect()
    }
}

/// What a program prints: an object, or a list.
fn document(name: &str, values: &[Value]) -> Value {
    if matches!(name, "info" | "version") { values[0].clone() } else { values.into() }
}

fn bytes(value: &Value) -> Vec<u8> {
    format!("{value}\n").into_bytes()
}

fn pretty(value: &Value) -> Vec<u8> {
    let mut text = serde_json::to_vec_pretty(value).unwrap();
    text.push(b'\n');
    text
}

fn yaml(value: &Value) -> Vec<u8> {
    serde_yaml::to_string(value).unwrap().into_bytes()
}

fn list(items: &[Value]) -> Value {
    json!({ "apiVersion": "v1", "kind": "List", "metadata": { "resourceVersion": "" }, "items": items })
}

/// A list as the API gives it: the items do not say their kind.
fn typed(kind: &str, items: &[Value]) -> Value {
    let mut items = items.to_vec();
    for item in &mut items {
        let fields = item.as_object_mut().unwrap();
        fields.remove("kind");
        fields.remove("apiVersion");
    }
    json!({ "apiVersion": "v1", "kind": format!("{kind}List"), "metadata": { "resourceVersion": "9" }, "items": items })
}

/// The same with its kind before the items.
fn typed_in_order(kind: &str, items: &[Value]) -> Vec<u8> {
    let items = typed(kind, items)["items"].to_string();
    format!("{{\"kind\":\"{kind}List\",\"apiVersion\":\"v1\",\"metadata\":{{}},\"items\":{items}}}\n").into_bytes()
}

fn lines(values: &[Value]) -> Vec<u8> {
    values.iter().flat_map(bytes).collect()
}

fn utf16(text: &[u8], mark: bool, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
    let text = std::str::from_utf8(text).unwrap();
    mark.then_some(0xfeff).into_iter().chain(text.encode_utf16()).flat_map(unit).collect()
}

fn crlf(text: &[u8]) -> Vec<u8> {
    std::str::from_utf8(text).unwrap().replace('\n', "\r\n").into_bytes()
}

fn marked(text: &[u8]) -> Vec<u8> {
    [b"\xef\xbb\xbf", text].concat()
}

fn is_toml(text: &[u8]) -> bool {
    text[1].is_ascii_alphabetic()
}

/// Text before JSON; TOML is left as it is.
fn behind(before: &'static str) -> impl Fn(&[u8]) -> Vec<u8> {
    move |text| if is_toml(text) { text.to_vec() } else { [before.as_bytes(), text].concat() }
}

/// Outputs one after another, each behind the command that a shell repeats.
fn traced(outputs: &BTreeMap<&'static str, Vec<Value>>) -> Vec<u8> {
    let one = |(name, values): (&&str, &Vec<Value>)| {
        let command = format!("+ docker {name} --format '{{{{json .}}}}'\n").into_bytes();
        [command, if *name == "images" { lines(values) } else { pretty(&document(name, values)) }].concat()
    };
    outputs.iter().flat_map(one).collect()
}

/// `kubectl cluster-info dump -A`: for each namespace its lists, and behind them logs.
fn dumped(kubernetes: &BTreeMap<String, Vec<Value>>) -> Vec<u8> {
    let mut text = Vec::new();
    let namespace = |item: &Value| item["metadata"]["namespace"].as_str().unwrap_or_default().to_owned();
    let mut namespaces: Vec<String> = kubernetes.values().flatten().map(namespace).collect();
    namespaces.sort();
    namespaces.dedup();
    for name in namespaces {
        for (kind, items) in kubernetes {
            let of_name: Vec<Value> = items.iter().filter(|item| namespace(item) == name).cloned().collect();
            if !of_name.is_empty() {
                text.extend(pretty(&typed(kind, &of_name)));
            }
        }
        let of = format!("logs for container a of pod {name}/b ====");
        text.extend(format!("==== START {of}\n{{\"kind\":\"PodList\",\"items\":[]}}\nready\n==== END {of}\n").bytes());
    }
    text
}

/// How a file is saved in another way, and how a list is.
type Change = fn(&[u8]) -> Vec<u8>;
type List = fn(&str, &[Value]) -> Vec<u8>;

type Shape = (&'static str, Told, Box<dyn Fn(&Outputs) -> Files>);

fn shape(name: &'static str, told: Told, files: impl Fn(&Outputs) -> Files + 'static) -> Shape {
    (name, told, Box::new(files))
}

/// Lists of Kubernetes in other shapes.
fn shapes_of_lists() -> Vec<Shape> {
    use Told::{All, Less};
    vec![
        shape("pretty", All, |all| all.lists(|_, items| pretty(&list(items)))),
        shape("sorted keys, items without a kind", All, |all| all.lists(|kind, items| pretty(&typed(kind, items)))),
        shape("as the API gives them", All, |all| all.lists(typed_in_order)),
        shape("YAML", All, |all| all.lists(|_, items| yaml(&list(items)))),
        shape("YAML of the API", All, |all| all.lists(|kind, items| yaml(&typed(kind, items)))),
        shape("YAML of Windows behind a prompt", All, |all| {
            all.lists(|_, items| crlf(&[b"PS C:\\> kubectl get x -o yaml\n", &yaml(&list(items))[..]].concat()))
        }),
        shape("bare lists", Less, |all| all.lists(|_, items| bytes(&items.into()))),
        shape("an object a line", Less, |all| all.lists(|_, items| lines(items))),
        shape("a list of all kinds", Less, |all| {
            all.one(|kinds| bytes(&list(&kinds.values().flatten().cloned().collect::<Vec<_>>())))
        }),
        shape("one list after another", All, |all| {
            all.one(|kinds| kinds.iter().flat_map(|(kind, items)| pretty(&typed(kind, items))).collect())
        }),
        shape("JSON behind dashes", All, |all| {
            let one = |(kind, items): (&String, &Vec<Value>)| [b"---\n", &typed_in_order(kind, items)[..]].concat();
            all.one(move |kinds| kinds.iter().flat_map(one).collect())
        }),
        shape("YAML documents", All, |all| {
            let one = |(kind, items): (&String, &Vec<Value>)| [b"---\n", &yaml(&typed(kind, items))[..]].concat();
            all.one(move |kinds| kinds.iter().flat_map(one).collect())
        }),
        shape("jq -s", All, |all| {
            all.one(|kinds| pretty(&kinds.iter().map(|(kind, items)| typed(kind, items)).collect()))
        }),
        shape("jq -s -c of lists that name no kind last", All, |all| {
            all.one(|kinds| {
                let lists: Vec<Vec<u8>> = kinds.iter().map(|(kind, items)| typed_in_order(kind, items)).collect();
                [b"[", &lists.join(&b","[..])[..], b"]"].concat()
            })
        }),
        shape("files with byte order marks in one", All, |all| {
            all.one(|kinds| kinds.iter().flat_map(|(kind, items)| marked(&pretty(&typed(kind, items)))).collect())
        }),
        shape("cluster-info dump", Less, |all| all.one(dumped)),
        shape("a file for each object", Less, |all| {
            let mut files = all.with_nodes(all.rest());
            for (number, item) in all.kubernetes.values().flatten().enumerate() {
                files.insert(format!("all/{number}.json"), pretty(item));
            }
            files
        }),
    ]
}

/// Outputs of nodes in other shapes.
fn shapes_of_nodes() -> Vec<Shape> {
    use Told::{All, Less};
    vec![
        shape("an object a line, of nodes", All, |all| {
            all.node_files(|outputs| outputs.values().flat_map(|values| lines(values)).collect())
        }),
        shape("all of a node behind its commands", All, |all| all.node_files(traced)),
        shape("jq -s of a node", All, |all| {
            all.node_files(|outputs| pretty(&outputs.iter().map(|(name, values)| document(name, values)).collect()))
        }),
        shape("docker inspect of everything", All, |all| {
            let mut files = all.lists(|_, items| bytes(&list(items)));
            let networks = &all.swarm["networks"];
            for (node, outputs) in &all.nodes {
                let volume = json!({ "Name": "v", "Driver": "local", "Mountpoint": "/v", "Scope": "local" });
                let all: Vec<&Value> = networks.iter().chain([&volume]).chain(&outputs["containers"]).collect();
                files.insert(format!("{node}/containers"), pretty(&json!(all)));
            }
            files
        }),
        shape("containers a file each", All, |all| {
            let mut files = all.lists(|_, items| bytes(&list(items)));
            for (node, outputs) in &all.nodes {
                files.remove(&format!("{node}/containers"));
                for (number, container) in outputs["containers"].iter().enumerate() {
                    files.insert(format!("{node}/{number}"), pretty(&json!([container])));
                }
            }
            files
        }),
        shape("no file of a node", Less, |all| all.with_lists(all.rest(), |_, items| bytes(&list(items)))),
        shape("files of nodes alone", Less, |all| all.with_nodes(Files::new())),
        shape("an engine that was not reached", Less, |all| {
            let mut files = all.lists(|_, items| bytes(&list(items)));
            for node in all.nodes.keys() {
                let told = b"Error: No such object: 4711\n";
                let content = [told, &files[&format!("{node}/containers")][..]].concat();
                files.insert(format!("{node}/containers"), content);
            }
            files
        }),
    ]
}

/// Every file in another encoding, or with something before it.
fn shapes_of_files() -> Vec<Shape> {
    use Told::{All, Less};
    let each = |change: Change| move |all: &Outputs| all.each(change);
    vec![
        shape("UTF-16 LE with a mark", All, each(|text| utf16(text, true, u16::to_le_bytes))),
        shape("UTF-16 BE with a mark", All, each(|text| utf16(text, true, u16::to_be_bytes))),
        shape("UTF-16 LE", All, each(|text| utf16(text, false, u16::to_le_bytes))),
        shape("UTF-16 BE", All, each(|text| utf16(text, false, u16::to_be_bytes))),
        shape("UTF-8 with a mark", All, each(marked)),
        shape("CRLF", All, each(crlf)),
        shape("UTF-16 and CRLF", All, each(|text| utf16(&crlf(text), true, u16::to_le_bytes))),
        shape("behind a prompt", All, |all| all.each(behind("[root@m1 ~]# docker info -f '{{json .}}'\n"))),
        shape("behind a warning", All, |all| {
            all.each(behind("W1118 08:15:59.1 7 warnings.go:70] v1 x is deprecated\nWARNING: No swap limit support\n"))
        }),
        shape("before a prompt", All, each(|text| if is_toml(text) { text.to_vec() } else { [text, b"$ "].concat() })),
        shape("gzip", Less, each(gz)),
    ]
}

fn saved(snapshot: &Snapshot) -> Files {
    Outputs::of(snapshot).lists(|_, items| bytes(&list(items)))
}

fn assess(files: &Files) -> Assessment {
    assess_files(&files.clone().into_iter().collect::<Vec<_>>())
}

/// What of an assessment is another decision than that of a first one, or none without a reason.
fn other(first: &Assessment, second: &Assessment, told: Told) -> Vec<String> {
    let pairs = first.rules.iter().zip(&second.rules);
    pairs
        .filter(|(a, b)| match (&b.reason, b.status) {
            (_, status) if status == a.status => false,
            (Some(reason), Status::NotReviewed) => told == Told::All || reason.text.len() < 20,
            _ => true,
        })
        .map(|(a, b)| {
            let why = b.reason.as_ref().map(|reason| reason.text.chars().take(200).collect::<String>());
            format!("{}: {:?} became {:?} {}", a.id, a.status, b.status, why.unwrap_or_default())
        })
        .collect()
}

/// Assesses shapes of both clusters, and compares with one output in a file.
fn compare(shapes: &[Shape]) {
    let wrong: Vec<String> = [Snapshot::sample(), Snapshot::passing()]
        .iter()
        .flat_map(|snapshot| {
            let outputs = Outputs::of(snapshot);
            let first = assess(&saved(snapshot));
            assert!(first.rules.iter().filter(|rule| rule.status != Status::NotReviewed).count() >= 15);
            let one = |(name, told, files): &Shape| {
                let second = assess(&files(&outputs));
                let other = other(&first, &second, *told);
                (!other.is_empty()).then(|| format!("{name}: {other:#?}\n{:#?}", second.snapshot.warnings))
            };
            shapes.iter().filter_map(one).collect::<Vec<_>>()
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_shape_of_lists_leads_to_another_decision() {
    compare(&shapes_of_lists());
}

#[test]
fn no_shape_of_nodes_leads_to_another_decision() {
    compare(&shapes_of_nodes());
}

#[test]
fn no_encoding_leads_to_another_decision() {
    compare(&shapes_of_files());
}

#[test]
fn a_snapshot_in_another_encoding_says_the_same() {
    let changes: [Change; 4] =
        [crlf, marked, |text| utf16(text, true, u16::to_le_bytes), |text| utf16(text, true, u16::to_be_bytes)];
    for snapshot in [Snapshot::sample(), Snapshot::passing()] {
        let snapshot = snapshot.without_manifest();
        let first = assess(&snapshot.files());
        for (number, change) in changes.into_iter().enumerate() {
            let changed = snapshot.files().into_iter().map(|(path, content)| (path, change(&content))).collect();
            let second = assess(&changed);
            assert_eq!(other(&first, &second, Told::All), [""; 0], "{number}: {:#?}", second.snapshot.warnings);
        }
    }
}

/// The digests of a manifest are those of the bytes that were saved, and not of the text in them.
#[test]
fn a_manifest_vouches_for_the_bytes_of_another_encoding() {
    let mut snapshot = Snapshot::passing();
    let first = assess(&snapshot.files());
    for path in ["cluster/kubectl/pods.json", "nodes/wrk-1/docker/containers.json", "cluster/mke/config.toml"] {
        snapshot.set(path, utf16(&snapshot.members[path], true, u16::to_le_bytes));
    }
    let second = assess(&snapshot.files());
    assert_eq!(second.snapshot.integrity.status, first.snapshot.integrity.status);
    assert_eq!(other(&first, &second, Told::All), [""; 0]);
}

/// A list is no more whole for what stands beside it and is not understood.
#[test]
fn what_is_not_understood_takes_from_the_lists_beside_it_that_they_are_whole() {
    let snapshot = Snapshot::passing();
    let outputs = Outputs::of(&snapshot);
    let plain = outputs.one(|kinds| kinds.iter().flat_map(|(kind, items)| pretty(&typed(kind, items))).collect());
    let first = assess(&plain);
    let passes = |assessment: &Assessment| assessment.rules.iter().find(|rule| rule.id == "V-260913").unwrap().status;
    assert_eq!(passes(&first), Status::NotAFinding);
    let log = "==== START logs for container a of pod b ====\n==== END logs for container a of pod b ====\n";
    for (before, after, why) in [
        ("", "{\"Name\": \"x\"}\n", "of a kind that is not known here"),
        ("", "[{\"Name\": \"x\"}]\n", "of a kind that is not known here"),
        ("", "x\"kind\": \"PodList\"}\n", "not valid JSON"),
        ("", "}\n", "not valid JSON"),
        ("", "kind: PodList\n", "is YAML"),
        ("", "{\"kind\": \"PodList\", \"items\": [{\"a\": 1}", "cut"),
        ("Error from server (Timeout): the server was unable to return a response\n", "", "reports an error"),
        ("", "error: the server doesn't have a resource type\n", "reports an error"),
        (log, "", "behind logs of containers"),
        ("", "{\"apiVersion\": \"v1\", \"kind\": \"Status\", \"status\": \"Failure\", \"reason\": \"Forbidden\"}", ""),
    ] {
        let mut files = plain.clone();
        let path = "all/everything";
        let content = [before.as_bytes(), &files[path], after.as_bytes()].concat();
        files.insert(path.to_owned(), content);
        let second = assess(&files);
        assert_eq!(passes(&second), Status::NotReviewed, "{before}{after}");
        let warnings = second.snapshot.warnings.join("\n");
        assert!(warnings.contains(path) && warnings.contains(why), "{before}{after}: {warnings}");
    }
    let mut broken = utf16(&plain["all/everything"], true, u16::to_le_bytes);
    broken.extend([0x00, 0xdc]);
    let mut files = plain;
    files.insert("all/everything".to_owned(), broken);
    assert_eq!(passes(&assess(&files)), Status::NotReviewed);
}

/// The kind of a list stands behind more bytes than are read at once.
#[test]
fn a_kind_behind_a_long_list_is_found() {
    let mut outputs = Outputs::of(&Snapshot::passing());
    let pods = outputs.kubernetes.get_mut("Pod").unwrap();
    let some = pods.clone();
    while serde_json::to_string(pods).unwrap().len() < (1 << 20) + (1 << 18) {
        for pod in &some {
            let mut pod = pod.clone();
            let name = format!("{}-{}", pod["metadata"]["name"].as_str().unwrap(), pods.len());
            pod["metadata"]["uid"] = name.clone().into();
            pod["metadata"]["name"] = name.into();
            pods.push(pod);
        }
    }
    pods.last_mut().unwrap()["spec"]["hostNetwork"] = true.into();
    let shapes: [List; 3] = [
        |kind, items| bytes(&typed(kind, items)),
        |_, items| yaml(&list(items)),
        |kind, items| yaml(&typed(kind, items)),
    ];
    for shape in shapes {
        let found = assess(&outputs.lists(shape));
        let rule = found.rules.iter().find(|rule| rule.id == "V-260913").unwrap();
        assert_eq!(rule.status, Status::Open, "{:?} {:?}", rule.reason, found.snapshot.warnings);
    }
}
