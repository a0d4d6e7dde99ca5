//! Evidence outlives the program that made it, and the place where it was made.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::common::snapshot::Snapshot;
use crate::common::{program, repository, run, sample_folder};

/// Sealed by version 0.1.0 on an earlier day: kept as it was, whatever becomes of the code.
const ARCHIVE: &str = "testdata/sealed/atlas.tar.zst";

/// Rules of it that answers decided.
const ANSWERED: usize = 9;

/// A later program gives the same, or says what differs and why. No status may differ but of rules that an answer
/// decided: with digests of another form, which cannot be compared, it lapses, and the rule is Not Reviewed again.
#[test]
fn an_archive_sealed_earlier_replays_or_says_why_not() {
    let path = repository(ARCHIVE);
    let ran = run(["replay", path.to_str().unwrap()]);
    match ran.code {
        0 => assert!(ran.out.contains("gives all 44 verdicts and every byte"), "{ran:?}"),
        1 => {
            let of_rule = |line: &&str| line.trim().starts_with("V-") && line.contains(": was ");
            let sealed: Vec<&str> = ran.out.lines().filter(of_rule).collect();
            assert!(
                sealed.len() <= ANSWERED && sealed.iter().all(|line| line.ends_with("now Not Reviewed")),
                "{ran:?}"
            );
            assert!(ran.out.contains(": was ") || ran.out.contains(" differ\n"), "{ran:?}");
            assert!(ran.out.contains("possible cause: it was sealed by"), "{ran:?}");
        }
        _ => panic!("{ran:?}"),
    }
    let verified = run(["verify", path.to_str().unwrap()]);
    assert_eq!(verified.code, 0, "{verified:?}");
}

/// Two checkouts: other folders, other times, another umask, language, time zone and order of creation.
#[cfg(unix)]
#[test]
fn two_checkouts_seal_the_same_bytes() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::Builder::new().prefix("Ä other ").tempdir().unwrap());
    Snapshot::sample().write(&one.path().join("snap"));
    let files: Vec<_> = Snapshot::sample().files().into_iter().collect();
    for (path, content) in files.iter().rev() {
        let target = two.path().join("snap").join(path);
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        fs::write(&target, content).unwrap();
        let old = fs::File::options().write(true).open(&target).unwrap();
        old.set_modified(std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000)).unwrap();
    }
    let seal = |folder: &Path, umask: &str, locale: &str, zone: &str| {
        fs::copy(sample_folder().with_file_name("ssp.yaml"), folder.join("ssp.yaml")).unwrap();
        for line in [
            "analyze snap --ssp ssp.yaml -f json,html,evidence --asset-name A-1 -o r -q",
            "seal snap --ssp ssp.yaml --assessment r -o x.tar.zst",
        ] {
            let output = Command::new("sh")
                .args(["-c", &format!("umask {umask}; exec \"$0\" \"$@\"")])
                .arg(program().get_program())
                .args(line.split(' '))
                .current_dir(folder)
                .env("LC_ALL", locale)
                .env("TZ", zone)
                .env("HOME", folder)
                .output()
                .unwrap();
            assert!(output.status.success(), "{line}: {output:?}");
        }
        fs::read(folder.join("x.tar.zst")).unwrap()
    };
    let (a, b) = (seal(one.path(), "022", "C", "UTC"), seal(two.path(), "077", "tr_TR.UTF-8", "Pacific/Auckland"));
    assert!(a == b, "two checkouts give two archives");
}
