//! Inputs that are too much.

use mke_stig::archive::{Budget, Error, Flow, Limits, read_bytes};
use tar::EntryType;

use crate::archive::make::{FILES, entry, gz, read_with, tar_of, zip_of, zst};

fn breach(limits: Limits, bytes: &[u8]) -> (Option<String>, &'static str) {
    match read_with(limits, "in", bytes).expect_err("a limit has to stop it") {
        error @ Error::Limit { .. } => {
            let text = error.to_string();
            let Error::Limit { member, option, .. } = error else { unreachable!() };
            assert!(text.contains(option), "{text}");
            (member, option)
        }
        error => panic!("{error}"),
    }
}

#[test]
fn a_bomb_goes_off_at_the_ratio() {
    let zeros = vec![0; 16 << 20];
    let frame = zst(&zeros);
    let mut header = entry(EntryType::Regular, 1 << 30);
    header.set_path("bomb.json").unwrap();
    header.set_cksum();
    let mut bytes = zst(header.as_bytes());
    for _ in 0..64 {
        bytes.extend_from_slice(&frame);
    }
    let budget = Budget::default();
    let mut buffer = vec![0; 1 << 20];
    let result = read_bytes("in", &bytes, &budget, &mut |_| {}, &mut |_, reader| {
        while reader.read(&mut buffer).unwrap_or(0) > 0 {}
        Ok(Flow::Continue)
    });
    match result {
        Err(Error::Limit { member, option, .. }) => {
            assert_eq!(member.as_deref(), Some("bomb.json"));
            assert_eq!(option, "--max-ratio");
        }
        other => panic!("{other:?}"),
    }
    assert!(budget.bytes() < 66 << 20, "it stops at once");
}

#[test]
fn every_limit_names_its_member_and_option() {
    let tar = tar_of(&FILES);
    let member = |index: usize| Some(FILES[index].0.to_owned());
    for bytes in [tar.clone(), gz(&tar), zst(&tar), zip_of(&FILES)] {
        let limits = Limits { max_member_bytes: 1000, ..Limits::default() };
        assert_eq!(breach(limits, &bytes), (member(3), "--max-member-bytes"));
        let limits = Limits { max_entries: 4, ..Limits::default() };
        assert_eq!(breach(limits, &bytes).1, "--max-entries");
        let limits = Limits { max_path: 30, ..Limits::default() };
        assert_eq!(breach(limits, &bytes), (member(3), "--max-path"));
        let limits = Limits { max_bytes: 1024, ..Limits::default() };
        assert_eq!(breach(limits, &bytes).1, "--max-bytes");
    }
    let limits = Limits { max_member_bytes: 9, ..Limits::default() };
    for bytes in [&b"0123456789"[..], &gz(b"0123456789"), &zst(b"0123456789")] {
        assert_eq!(breach(limits.clone(), bytes).1, "--max-member-bytes");
    }
    let deep = format!("{}x", "d/".repeat(600));
    let deep = tar_of(&[(&deep, b"")]);
    assert_eq!(breach(Limits::default(), &deep).1, "--max-path");
}

#[test]
fn a_budget_holds_over_all_inputs() {
    let budget = Budget::new(Limits { max_entries: 7, ..Limits::default() });
    let tar = tar_of(&FILES);
    let go = || read_bytes("in", &tar, &budget, &mut |_| {}, &mut |_, _| Ok::<_, Error>(Flow::Continue));
    assert!(go().is_ok());
    assert!(matches!(go(), Err(Error::Limit { .. })));
}
