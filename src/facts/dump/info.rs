//! What `docker info` prints for people, under the names of its JSON.
//!
//! The text of a node holds the output of many commands, and users can write into some of them. So the block
//! must be there exactly once, with every name at most once, and it ends where its indentation does.

use serde_json::{Map, Value, json};

/// Names of single values.
const VALUES: &[(&str, &str)] = &[
    ("Name", "Name"),
    ("Server Version", "ServerVersion"),
    ("Storage Driver", "Driver"),
    ("Logging Driver", "LoggingDriver"),
    ("Operating System", "OperatingSystem"),
    ("OSType", "OSType"),
    ("Kernel Version", "KernelVersion"),
    ("ID", "ID"),
];

/// Why a text does not tell what `docker info` does.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum InfoError {
    #[error("it has no output of `docker info`, or more than one")]
    NotOnce,
    #[error("the output of `docker info` has `{0}` twice")]
    Twice(&'static str),
    #[error("the output of `docker info` in it is cut")]
    Cut,
}

/// Reads the text of `docker info`, whatever stands around it.
///
/// # Errors
/// A text in which it is not found, or found twice.
pub(crate) fn read(text: &str) -> Result<Value, InfoError> {
    let lines: Vec<&str> = text.lines().collect();
    let begins = |line: &&str| line.trim().strip_prefix("Containers:").is_some_and(|count| number(count).is_some());
    let mut starts = lines.iter().enumerate().filter(|(_, line)| begins(line)).map(|(at, _)| at);
    let (Some(start), None) = (starts.next(), starts.next()) else {
        return Err(InfoError::NotOnce);
    };
    let margin = indent(lines[start]);
    // The block ends where a line is not indented as it is, or holds no `name: value`.
    let block: Vec<&str> = lines[start..]
        .iter()
        .take_while(|line| !line.trim().is_empty() && indent(line) >= margin && !rule(line))
        .copied()
        .collect();
    let mut info = Map::new();
    let mut options = None;
    let mut twice = None;
    for (at, line) in block.iter().enumerate().filter(|(_, line)| indent(line) == margin) {
        let Some((name, value)) = line.trim().split_once(':') else { continue };
        let value = value.trim();
        if let Some((known, key)) = VALUES.iter().find(|(known, _)| *known == name) {
            twice = twice.or(info.insert((*key).to_owned(), value.into()).map(|_| *known));
        } else if name == "Containers" {
            info.insert("Containers".to_owned(), number(value).into());
        } else if name == "Security Options" {
            let below = block[at + 1..].iter().take_while(|line| indent(line) > margin);
            options = Some(security_options(&below.copied().collect::<Vec<_>>()));
        }
    }
    if let Some(name) = twice {
        return Err(InfoError::Twice(name));
    }
    if !info.contains_key("Name") || !info.contains_key("ServerVersion") {
        return Err(InfoError::Cut);
    }
    // Without the line there are no options, or an old program did not print it: nobody knows.
    if let Some(options) = options {
        info.insert("SecurityOptions".to_owned(), options);
    }
    Ok(Value::Object(info))
}

/// `  seccomp` and, deeper, `   Profile: builtin` become `name=seccomp,profile=builtin`.
fn security_options(lines: &[&str]) -> Value {
    let margin = lines.first().map_or(0, |line| indent(line));
    let mut options: Vec<String> = Vec::new();
    for line in lines {
        let text = line.trim();
        match options.last_mut() {
            Some(last) if indent(line) > margin => {
                let (key, value) = text.split_once(':').unwrap_or((text, ""));
                last.push_str(&format!(",{}={}", key.trim().to_ascii_lowercase(), value.trim()));
            }
            _ => options.push(format!("name={text}")),
        }
    }
    json!(options)
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

fn number(text: &str) -> Option<u64> {
    text.trim().parse().ok()
}

/// A row of `~` or `=`, as stands between outputs.
fn rule(line: &str) -> bool {
    line.len() > 3 && line.chars().all(|c| matches!(c, '~' | '=' | '-'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TEXT: &str = "docker info\n~~~~~~~~~~~\nClient:\n Context: default\n\nServer:\n Containers: 9\n  Running: 9\n \
        Images: 8\n Server Version: 23.0.7\n Storage Driver: overlay2\n  Backing Filesystem: xfs\n \
        Logging Driver: journald\n Security Options:\n  seccomp\n   Profile: builtin\n  selinux\n  fips\n \
        Kernel Version: 5.14\n Operating System: Red Hat Enterprise Linux 9.4\n OSType: linux\n Name: mgr-1\n\n\
        docker images\n~~~~~~~~~~~~~\nName: other\n";

    #[test]
    fn the_text_says_what_the_json_does() {
        let info = read(TEXT).unwrap();
        assert_eq!(info["SecurityOptions"], json!(["name=seccomp,profile=builtin", "name=selinux", "name=fips"]));
        assert_eq!(info["Name"], "mgr-1");
        assert_eq!(info["Driver"], "overlay2");
        assert_eq!(info["LoggingDriver"], "journald");
        assert_eq!(info["Containers"], 9);
        assert_eq!(info["OSType"], "linux");
    }

    #[test]
    fn what_is_cut_or_doubtful_is_told() {
        assert!(read("").is_err());
        assert!(read(&TEXT.repeat(2)).is_err());
        assert!(read(TEXT.split(" Name").next().unwrap()).is_err());
        assert!(read(&TEXT.replace(" OSType: linux", " OSType: linux\n OSType: windows")).is_err());
        let without =
            read(&TEXT.replace(" Security Options:\n  seccomp\n   Profile: builtin\n  selinux\n  fips\n", ""));
        assert!(without.unwrap().get("SecurityOptions").is_none());
    }

    proptest! {
        #[test]
        fn there_are_fewer_options_than_lines(words in prop::collection::vec(prop_oneof![
            prop::sample::select(
                [" ", "\n", "Containers: 1\n", "Name: a\n", "Security Options:\n", "fips", "Server Version: 1\n", "~~~~"]
                    .map(str::to_owned)
                    .to_vec()
            ),
            any::<u8>().prop_map(|byte| String::from_utf8_lossy(&[byte]).into_owned()),
        ], 0..40)) {
            let text = words.concat();
            let options = read(&text).ok().and_then(|info| Some(info.get("SecurityOptions")?.as_array()?.len()));
            prop_assert!(options.unwrap_or(0) <= text.lines().count());
        }
    }
}
