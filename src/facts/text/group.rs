//! The group `docker`, as `getent group` prints it, with the accounts that `getent passwd` prints.

use serde_json::json;

use crate::facts::text::error::TextError;
use crate::facts::text::fact::TextFact;

/// Reads the line of the group `docker`; lines of other groups may stand around it, and one with the same number is the
/// same group. Accounts whose primary group it is do not stand in that line: where lines of `getent passwd` are there
/// too, they are members like the others.
///
/// The fact has `name`, `gid` and `members`. A line that is neither of a group nor of an account may be of a member.
pub(crate) fn read(text: &str) -> Result<TextFact, TextError> {
    let mut found: Option<(u32, u64)> = None;
    let (mut groups, mut accounts) = (Vec::new(), Vec::new());
    for (number, line) in (0..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()) {
        let unknown = || TextError::NoAccount(number + 1);
        let parts: Vec<&str> = line.trim().split(':').collect();
        match parts[..] {
            [name, _, gid, members] if !name.is_empty() => {
                let gid = id(gid).ok_or_else(unknown)?;
                if name == "docker" && found.replace((gid, number)).is_some() {
                    return Err(TextError::GroupTwice);
                }
                groups.push((gid, members));
            }
            [account, _, uid, gid, _, _, _] if !account.is_empty() => {
                id(uid).ok_or_else(unknown)?;
                accounts.push((account, id(gid).ok_or_else(unknown)?));
            }
            _ => return Err(unknown()),
        }
    }
    let (gid, line) = found.ok_or(TextError::NoGroup)?;
    let named = groups.into_iter().filter(|(of, _)| *of == gid).flat_map(|(_, members)| members.split(','));
    let primary = accounts.into_iter().filter(|(_, primary)| *primary == gid).map(|(account, _)| account);
    let mut members: Vec<&str> = Vec::new();
    for member in named.map(str::trim).filter(|member| !member.is_empty()).chain(primary) {
        if !members.contains(&member) {
            members.push(member);
        }
    }
    Ok(TextFact { value: json!({"name": "docker", "gid": gid.to_string(), "members": members}), line })
}

/// A number of a group or an account, as these files write it.
fn id(digits: &str) -> Option<u32> {
    digits.parse().ok().filter(|number: &u32| number.to_string() == digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_read() {
        let fact = read("root:x:0:\ndocker:x:983:svc-a, svc-b\n").unwrap();
        assert_eq!(
            (fact.line, fact.value),
            (1, json!({"name": "docker", "gid": "983", "members": ["svc-a", "svc-b"]}))
        );
        assert_eq!(read("docker:x:983:\n").unwrap().value["members"], json!([]));
        let accounts = "a:x:1:983::/:/bin/sh\nb:x:2:100::/:/bin/sh\nc:x:3:983:::\n";
        assert_eq!(read(&format!("docker:x:983:c\n{accounts}")).unwrap().value["members"], json!(["c", "a"]));
        let same = "docker:x:983:a\ncontainers:x:983:mallory,a\n";
        assert_eq!(read(same).unwrap().value["members"], json!(["a", "mallory"]));
        for odd in [
            "docker:x:(present):a",
            "docker:x::a",
            "docker:x:0983:a",
            "docker:x:983:a\nmallory:x:1: 983::/:/bin/sh",
            "docker:x:983:a\nmallory:x:1:(present)::/:/bin/sh",
            "docker:x:983:a\nmallory:x:1:983::/",
            "docker:x:983:a\nmallory:x:1:983::/:/bin/sh:x",
            "docker:x:983:a\nmallory",
        ] {
            assert!(read(odd).is_err(), "{odd}");
        }
        assert!(read(accounts).is_err());
        assert!(read("docker:x:983\n").is_err());
        assert!(read("dockerroot:x:983:a\n").is_err());
        assert!(read("docker:x:1:\ndocker:x:2:a\n").is_err());
    }
}
