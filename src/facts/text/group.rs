//! The group `docker`, as `getent group` prints it, with the accounts that `getent passwd` prints.

use serde_json::json;

use crate::facts::text::error::TextError;
use crate::facts::text::fact::TextFact;

/// Reads the line of the group `docker`; lines of other groups may stand around it. Accounts whose primary group it is
/// do not stand in that line: where lines of `getent passwd` are there too, they are members like the others.
///
/// The fact has `name`, `gid` and `members`.
pub(crate) fn read(text: &str) -> Result<TextFact, TextError> {
    let mut found: Option<(&str, Vec<&str>, u64)> = None;
    let mut accounts = Vec::new();
    for (number, line) in (0..).zip(text.lines()) {
        let parts: Vec<&str> = line.trim().split(':').collect();
        match parts[..] {
            ["docker", _, gid, members] => {
                if found.is_some() {
                    return Err(TextError::GroupTwice);
                }
                let members = members.split(',').map(str::trim).filter(|member| !member.is_empty());
                found = Some((gid, members.collect(), number));
            }
            [account, _, _, gid, _, _, _] if !account.is_empty() => accounts.push((account, gid)),
            _ => {}
        }
    }
    let (gid, mut members, line) = found.ok_or(TextError::NoGroup)?;
    for (account, _) in accounts.into_iter().filter(|(_, primary)| *primary == gid) {
        if !members.contains(&account) {
            members.push(account);
        }
    }
    Ok(TextFact { value: json!({"name": "docker", "gid": gid, "members": members}), line })
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
        assert!(read(accounts).is_err());
        assert!(read("docker:x:983\n").is_err());
        assert!(read("dockerroot:x:983:a\n").is_err());
        assert!(read("docker:x:1:\ndocker:x:2:a\n").is_err());
    }
}
