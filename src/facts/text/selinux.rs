//! What `sestatus` prints: names and values with a colon between.

use serde_json::{Map, Value};

use crate::facts::text::error::TextError;

/// Reads the state of `SELinux` as `status`, `mode`, `configured` and `policy`, as far as they are told.
///
/// # Errors
/// A text that does not name the state.
pub(crate) fn read(text: &str) -> Result<Value, TextError> {
    const NAMES: [(&str, &str); 4] = [
        ("SELinux status", "status"),
        ("Current mode", "mode"),
        ("Mode from config file", "configured"),
        ("Loaded policy name", "policy"),
    ];
    let mut fields = Map::new();
    for (name, value) in text.lines().filter_map(|line| line.split_once(':')) {
        if let Some((_, key)) = NAMES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name.trim())) {
            fields.insert((*key).to_owned(), value.trim().into());
        }
    }
    if !fields.contains_key("status") {
        return Err(TextError::NoStatus);
    }
    Ok(Value::Object(fields))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_state_is_read() {
        let text = "SELinux status:                 enabled\nLoaded policy name:  targeted\nCurrent mode:  enforcing\n";
        let wanted = serde_json::json!({ "status": "enabled", "policy": "targeted", "mode": "enforcing" });
        assert_eq!(read(text), Ok(wanted));
        assert!(read("bash: sestatus: command not found").is_err());
    }
}
