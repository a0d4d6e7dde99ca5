//! Shapes in which the same cluster is handed in: as files, archives and encodings.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::document::Document;
use crate::common::archives::{gz, tar, zip, zst};
use crate::common::snapshot::{Files, Snapshot, write_files};

/// What is handed in, in the order in which it is named.
#[derive(Debug, Clone)]
pub(crate) enum Input {
    Folder(Files),
    File(&'static str, Vec<u8>),
    /// Each file of a folder by itself.
    Each(Files),
}

/// A shape.
pub(crate) struct Shape {
    pub name: &'static str,
    pub write: fn(&Snapshot) -> Vec<Input>,
}

/// Writes inputs into a folder and says how they are named on the command line.
pub(crate) fn place(inputs: &[Input], folder: &Path) -> Vec<PathBuf> {
    let mut paths = Vec::new();
    for (number, input) in inputs.iter().enumerate() {
        let place = folder.join(format!("in-{number}"));
        match input {
            Input::Folder(files) => {
                write_files(&place, files);
                paths.push(place);
            }
            Input::Each(files) => {
                write_files(&place, files);
                paths.extend(files.keys().map(|path| place.join(path)));
            }
            Input::File(name, bytes) => {
                std::fs::create_dir_all(&place).unwrap();
                std::fs::write(place.join(name), bytes).unwrap();
                paths.push(place.join(name));
            }
        }
    }
    paths
}

/// The snapshot with every member of JSON written otherwise, and with a true manifest.
fn json(snapshot: &Snapshot, write: impl Fn(&Document) -> Option<String>) -> Vec<Input> {
    let mut changed = snapshot.clone();
    for path in snapshot.paths().into_iter().filter(|path| path.ends_with(".json")) {
        if let Some(text) = Document::read(&snapshot.members[&path]).as_ref().and_then(&write) {
            changed.set(&path, text);
        }
    }
    vec![Input::Folder(changed.files())]
}

fn array(document: &Document) -> Option<String> {
    (!document.lone() && !document.under()).then(|| Value::from(document.objects.clone()).to_string())
}

fn lines(document: &Document) -> Option<String> {
    (!document.lone() && !document.under())
        .then(|| document.objects.iter().map(|object| format!("{object}\n")).collect())
}

fn pretty(document: &Document) -> Option<String> {
    let text = document.text();
    let value: Value = serde_json::from_str(&text).ok()?;
    serde_json::to_string_pretty(&value).ok()
}

/// Every member in other bytes of the same text.
fn bytes(snapshot: &Snapshot, encode: impl Fn(&str) -> Vec<u8>) -> Vec<Input> {
    let mut changed = snapshot.clone();
    for path in snapshot.paths() {
        let text = String::from_utf8(snapshot.members[&path].clone()).unwrap();
        changed.set(&path, encode(&text));
    }
    vec![Input::Folder(changed.files())]
}

fn wide(text: &str, order: fn(u16) -> [u8; 2]) -> Vec<u8> {
    std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(order).collect()
}

fn led(text: &str) -> Vec<u8> {
    // A table of TOML begins with a bracket, too.
    let list = text.trim_start().strip_prefix('[').is_some_and(|rest| rest.trim_start().starts_with(['{', '[', ']']));
    let json = text.trim_start().starts_with('{') || list;
    if json { format!("WARNING: No swap limit support\n{text}").into_bytes() } else { text.as_bytes().to_vec() }
}

fn folder(snapshot: &Snapshot) -> Vec<Input> {
    vec![Input::Folder(snapshot.files())]
}

fn gzipped(snapshot: &Snapshot) -> Vec<Input> {
    let files = snapshot.members.iter().map(|(path, content)| (format!("{path}.gz"), gz(content))).collect();
    vec![Input::Folder(files)]
}

/// What Windows PowerShell's `Compress-Archive` wrote: `\` between folders.
fn zip_of_windows(snapshot: &Snapshot) -> Vec<Input> {
    let files = snapshot.files().into_iter().map(|(path, content)| (path.replace('/', "\\"), content)).collect();
    let mut packed = zip(&files, "snapshot\\");
    // The program of the tests says that a member was made on Unix, where a backslash is part of a name.
    for at in 0..packed.len() - 6 {
        if packed[at..].starts_with(b"PK\x01\x02") {
            packed[at + 5] = 0;
        }
    }
    vec![Input::File("snapshot.zip", packed)]
}

/// What a Mac adds to an archive.
fn with_companions(files: Files) -> Files {
    let mut all = Files::new();
    for (path, content) in files {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", &path));
        let double = b"\0\x05\x16\x07\0\x02\0\0Mac OS X        \0\x02\0\0\0\x09".to_vec();
        all.insert(format!("__MACOSX/{folder}/._{name}"), double.clone());
        all.insert(if folder.is_empty() { format!("._{name}") } else { format!("{folder}/._{name}") }, double);
        all.insert(
            if folder.is_empty() { ".DS_Store".to_owned() } else { format!("{folder}/.DS_Store") },
            b"\0\0\0\x01Bud1".to_vec(),
        );
        all.insert(path, content);
    }
    all.insert("Thumbs.db".to_owned(), b"\xd0\xcf\x11\xe0".to_vec());
    all
}

/// A tar with a symbolic link, a hard link and a sparse file among its members.
fn tar_with_links(snapshot: &Snapshot) -> Vec<Input> {
    let mut builder = tar::Builder::new(Vec::new());
    let mut link = |name: &str, kind: tar::EntryType| {
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(kind);
        header.set_size(0);
        header.set_mode(0o777);
        builder.append_link(&mut header, name, "snapshot/cluster/docker/info.json").unwrap();
    };
    link("snapshot/logs/latest.log", tar::EntryType::Symlink);
    link("snapshot/logs/again.log", tar::EntryType::Link);
    for (path, content) in snapshot.files() {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        builder.append_data(&mut header, format!("snapshot/{path}"), content.as_slice()).unwrap();
    }
    let mut header = tar::Header::new_gnu();
    header.set_entry_type(tar::EntryType::GNUSparse);
    header.set_size(0);
    builder.append_data(&mut header, "snapshot/logs/sparse.log", std::io::empty()).unwrap();
    vec![Input::File("snapshot.tar.gz", gz(&builder.into_inner().unwrap()))]
}

/// Archives beside a file of remarks, as in a case of a support desk.
fn inside(name: &str, archive: Vec<u8>) -> Vec<Input> {
    let readme = b"Collected on Tuesday.\n".to_vec();
    vec![Input::Folder(Files::from([
        ("case 4711/README.txt".to_owned(), readme),
        (format!("case 4711/{name}"), archive),
    ]))]
}

fn archives_of_nodes(snapshot: &Snapshot) -> Vec<Input> {
    let mut files = Files::new();
    for node in snapshot.nodes() {
        let part = snapshot.part(|path| path.starts_with(&format!("nodes/{node}/")));
        files.insert(format!("{node}.tar.gz"), gz(&tar(&part.files(), &format!("{node}/"))));
    }
    let part = snapshot.part(|path| path.starts_with("cluster/"));
    files.insert("cluster.zip".to_owned(), zip(&part.files(), "cluster-part/"));
    vec![Input::Each(files)]
}

fn each(snapshot: &Snapshot) -> Vec<Input> {
    vec![Input::Each(snapshot.members.clone())]
}

/// Shapes of files, encodings and archives.
#[rustfmt::skip]
pub(crate) const FILES: &[Shape] = &[
    Shape { name: "lists as arrays", write: |snapshot| json(snapshot, array) },
    Shape { name: "lists as lines", write: |snapshot| json(snapshot, lines) },
    Shape { name: "sorted keys", write: |snapshot| json(snapshot, |document| Some(document.text())) },
    Shape { name: "JSON over many lines", write: |snapshot| json(snapshot, pretty) },
    Shape { name: "CRLF", write: |snapshot| bytes(snapshot, |text| text.replace('\n', "\r\n").into_bytes()) },
    Shape { name: "UTF-8 with a byte order mark", write: |snapshot| bytes(snapshot, |text| format!("\u{feff}{text}").into_bytes()) },
    Shape { name: "UTF-16, little end first", write: |snapshot| bytes(snapshot, |text| wide(text, u16::to_le_bytes)) },
    Shape { name: "UTF-16, big end first", write: |snapshot| bytes(snapshot, |text| wide(text, u16::to_be_bytes)) },
    Shape { name: "a line of text before the JSON", write: |snapshot| bytes(snapshot, led) },
    Shape { name: "without a manifest", write: |snapshot| folder(&snapshot.clone().without_manifest()) },
    Shape { name: "each file gzipped", write: gzipped },
    Shape { name: "a zip of Windows", write: zip_of_windows },
    Shape { name: "a zip of a Mac", write: |snapshot| vec![Input::File("snapshot.zip", zip(&with_companions(snapshot.files()), ""))] },
    Shape { name: "a folder of a Mac", write: |snapshot| vec![Input::Folder(with_companions(snapshot.files()))] },
    Shape { name: "a tar with links", write: tar_with_links },
    Shape { name: "a tar in a folder", write: |snapshot| inside("snapshot.tar", tar(&snapshot.files(), "mke-snapshot/")) },
    Shape { name: "a snapshot's archive in a folder", write: |snapshot| inside("snapshot.tar.zst", zst(&tar(&snapshot.files(), "mke-snapshot/"), 1 << 20)) },
    Shape { name: "a snapshot's folder in a folder", write: |snapshot| vec![Input::Folder(snapshot.files().into_iter().map(|(path, content)| (format!("case 4711/snapshot/{path}"), content)).collect())] },
    Shape { name: "an archive for each node", write: archives_of_nodes },
    Shape { name: "each file as an input", write: each },
    Shape { name: "the same snapshot twice", write: |snapshot| [folder(snapshot), folder(snapshot)].concat() },
];
