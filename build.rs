//! Writes the rule pack, the sample snapshot and the collector into the program.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    let (rules, sample) = (root.join("rules/mke-stig-v2r1"), root.join("testdata/sample"));
    // The cases of rules try them and decide nothing, so the program does not hold them.
    let mut decide = files_in(&rules)?;
    decide.retain(|file| !file.starts_with("cases/"));
    table(&rules, &decide, "EMBEDDED_PACK", "&str", "include_str", &out.join("embedded_pack.rs"))?;
    table(&sample, &files_in(&sample)?, "SAMPLE", "&[u8]", "include_bytes", &out.join("sample.rs"))?;
    // The parts of the collector stay behind: an enclave needs the one file that they make.
    let carried = ["COMMANDS.md", "README.md", "mke-collect.sh"].map(str::to_owned);
    let scripts = root.join("collector-scripts");
    table(&scripts, &carried, "COLLECTOR", "&str", "include_str", &out.join("collector.rs"))?;
    Ok(())
}

/// The files in a folder, by their sorted paths in it.
fn files_in(folder: &Path) -> io::Result<Vec<String>> {
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut files = Vec::new();
    collect(folder, folder, &mut files)?;
    files.sort();
    Ok(files)
}

/// Writes a table of files in a folder: their paths in it, and their contents.
fn table(folder: &Path, files: &[String], name: &str, content: &str, include: &str, out: &Path) -> io::Result<()> {
    let mut text = format!(
        "/// The files of a folder of this project, by path.\npub(crate) static {name}: &[(&str, {content})] = &[\n"
    );
    for file in files {
        let path = folder.join(file);
        println!("cargo::rerun-if-changed={}", path.display());
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
