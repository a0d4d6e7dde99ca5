//! The group `docker`, as `getent group` prints it.

use serde_json::json;

use crate::facts::text::error::TextError;
use crate::facts::text::fact::TextFact;

/// Reads the line of the group `docker`; lines of other groups may stand around it.
///
/// The fact has `name`, `gid` and `members`. Whose primary group it is does not stand there.
pub(crate) fn read(text: &str) -> Result<TextFact, TextError> {
    let mut found = None;
    for (number, line) in (0..).zip(text.lines()) {
        let parts: Vec<&str> = line.trim().split(':').collect();
        let ["docker", _, gid, members] = parts[..] else { continue };
        if found.is_some() {
            return Err(TextError::GroupTwice);
        }
        let members: Vec<&str> = members.split(',').map(str::trim).filter(|member| !member.is_empty()).collect();
        found = Some(TextFact { value: json!({"name": "docker", "gid": gid, "members": members}), line: number });
    }
    found.ok_or(TextError::NoGroup)
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
        assert!(read("docker:x:983\n").is_err());
        assert!(read("dockerroot:x:983:a\n").is_err());
        assert!(read("docker:x:1:\ndocker:x:2:a\n").is_err());
    }
}
