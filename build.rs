//! Writes the rule pack, the sample snapshot and the collector into the program.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    table(&root.join("rules/mke-stig-v2r1"), "EMBEDDED_PACK", "&str", "include_str", &out.join("embedded_pack.rs"))?;
    table(&root.join("testdata/sample"), "SAMPLE", "&[u8]", "include_bytes", &out.join("sample.rs"))?;
    table(&root.join("collector-scripts"), "COLLECTOR", "&str", "include_str", &out.join("collector.rs"))?;
    Ok(())
}

/// Writes a table of the files in a folder: their paths in it, and their contents.
fn table(folder: &Path, name: &str, content: &str, include: &str, out: &Path) -> io::Result<()> {
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut files = Vec::new();
    collect(folder, folder, &mut files)?;
    files.sort();
    let mut text = format!(
        "/// The files of a folder of this project, by path.\npub(crate) static {name}: &[(&str, {content})] = &[\n"
    );
    for file in files {
        let path = folder.join(&file);
        let _ = writeln!(text, "    ({file:?}, {include}!({:?})),", path.display().to_string());
    }
    text.push_str("];\n");
    fs::write(out, text)
}

fn collect(root: &Path, folder: &Path, files: &mut Vec<String>) -> io::Result<()> {
    if !folder.exists() {
        return Ok(());
    }
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(root, &path, files)?;
        } else if let Ok(inner) = path.strip_prefix(root) {
            let parts: Vec<String> =
                inner.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
            files.push(parts.join("/"));
        }
    }
    Ok(())
}
