//! Files as people save them: archives with links, names from Windows, files of a folder one by one.

use std::path::Path;

use crate::common::lab::Lab;
use crate::common::{assess_files, assess_sources, rule, statuses};
use crate::whole_lists::{Files, site};
use mke_stig::facts::Source;
use mke_stig::model::assessment::{Assessment, Status};

/// A rule that passes on every node of the site.
const PASSES: &str = "V-260940";

fn assess(path: &Path) -> Assessment {
    assess_sources(&[Source::Path(path.to_owned())])
}

/// The site as a tar, with links: their paths and where they lead.
fn tar_with_links(files: &Files, links: &[(&str, &str)]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (path, to) in links {
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(tar::EntryType::Symlink);
        header.set_size(0);
        builder.append_link(&mut header, path, to).unwrap();
    }
    for (path, content) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        builder.append_data(&mut header, path, content.as_slice()).unwrap();
    }
    builder.into_inner().unwrap()
}

#[test]
fn links_in_an_archive_are_told_and_hide_nothing() {
    let plain = assess_files(&site());
    assert_eq!(rule(&plain, PASSES).status, Status::NotAFinding);
    let lab = Lab::new();
    let with = |links: &[(&str, &str)]| assess(&lab.put("site.tar", &tar_with_links(&site(), links)));

    let harmless = with(&[("w1/latest.json", "containers.json"), ("app/c.log", "/var/log/c.log")]);
    assert_eq!(statuses(&harmless), statuses(&plain));
    let warnings = harmless.snapshot.warnings.join(" ");
    assert!(warnings.contains("site.tar!w1/latest.json") && warnings.contains("a symbolic link"), "{warnings}");

    for link in ["w1/more.json", "w1/more"] {
        let after = with(&[(link, "/srv/more.json")]);
        let result = rule(&after, PASSES);
        assert_eq!(result.status, Status::NotReviewed, "{link}");
        let why = &result.reason.as_ref().unwrap().text;
        assert!(why.contains(link) && why.contains("a symbolic link"), "{why}");
    }
    // What lies in another folder is of another node.
    assert_eq!(rule(&with(&[("w2/more.json", "/srv/more.json")]), PASSES).status, Status::NotAFinding);
}

#[test]
fn links_in_an_archive_in_an_archive_are_told_too() {
    let lab = Lab::new();
    let inner = tar_with_links(&site(), &[("w1/more.json", "/srv/more.json")]);
    let outer = tar_with_links(&vec![("inner.tar".to_owned(), inner)], &[]);
    let after = assess(&lab.put("outer.tar", &outer));
    assert_eq!(rule(&after, PASSES).status, Status::NotReviewed);
    let warnings = after.snapshot.warnings.join(" ");
    assert!(warnings.contains("outer.tar!inner.tar!w1/more.json"), "{warnings}");
}
