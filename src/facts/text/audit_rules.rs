//! The audit rules that the kernel has loaded, as `auditctl -l` prints them.

use serde_json::{Value, json};

use crate::facts::text::error::TextError;

/// Reads the list of rules. The fact has `rules`, each with its `key`, the `path` that it watches
/// and whether it records the `execution` of what lies there.
pub(crate) fn read(text: &str) -> Result<Value, TextError> {
    let mut rules = Vec::new();
    let mut known = false;
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if line.eq_ignore_ascii_case("no rules") {
            known = true;
        } else if line.starts_with('-') {
            known = true;
            rules.extend(rule(line));
        }
    }
    if known { Ok(json!({ "rules": rules })) } else { Err(TextError::NoRule) }
}

/// A rule that records; rules that keep the kernel from recording are none.
fn rule(line: &str) -> Option<Value> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let (mut key, mut path, mut watch) = (None, None, false);
    let (mut permissions, mut calls) = (None, Vec::new());
    for pair in words.windows(2) {
        let [option, value] = pair else { continue };
        match *option {
            "-k" => key = Some(*value),
            "-w" => {
                watch = true;
                path = Some(*value);
            }
            "-p" => permissions = Some(*value),
            "-S" => calls.extend(value.split(',')),
            "-a" | "-A" if value.split(',').any(|word| word == "never") => return None,
            "-F" => match value.split_once('=') {
                Some(("key", value)) => key = Some(value),
                Some(("path" | "exe" | "dir", value)) => path = Some(value),
                Some(("perm", value)) => permissions = Some(value),
                _ => {}
            },
            _ => {}
        }
    }
    let execution = match permissions {
        Some(permissions) => permissions.contains('x'),
        None => watch || calls.is_empty() || calls.iter().any(|call| matches!(*call, "execve" | "all")),
    };
    Some(json!({
        "key": key.unwrap_or_default(), "path": path.unwrap_or_default(), "execution": execution,
        "text": line.chars().take(400).collect::<String>(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn watches_and_calls() {
        let told = |text: &str| -> Vec<String> {
            let fact = read(text).unwrap();
            let rules = fact["rules"].as_array().unwrap();
            rules.iter().map(|rule| format!("{} {} {}", rule["key"], rule["path"], rule["execution"])).collect()
        };
        assert_eq!(
            told(
                "-w /usr/bin/docker -p rwxa -k docker\n-w /var/lib/docker -p wa -k docker\n\
                  -a always,exit -S all -F path=/usr/bin/docker -F perm=x -F key=docker\n\
                  -a always,exit -F arch=b64 -S execve -F exe=/usr/bin/docker -k docker\n-a never,exit -S all -F key=docker\n"
            ),
            [
                r#""docker" "/usr/bin/docker" true"#,
                r#""docker" "/var/lib/docker" false"#,
                r#""docker" "/usr/bin/docker" true"#,
                r#""docker" "/usr/bin/docker" true"#,
            ]
        );
        assert_eq!(told("No rules\n"), [""; 0]);
        assert!(read("You must be root to run this program.").is_err());
    }
}
