//! The manifest of what was redacted. A digest that was right is made right for the new bytes; one that was wrong stays wrong.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::evidence::redact::replace::Replacer;
use crate::model::digest::Digest;

/// A member before and after.
#[derive(Debug)]
pub(super) struct Changed {
    pub(super) before: (Digest, u64),
    pub(super) after: (Digest, u64),
}

/// A manifest with names replaced and digests that follow. Members are known by their paths before.
pub(super) fn rewrite(
    text: &[u8],
    folder: &str,
    members: &BTreeMap<String, Changed>,
    replacer: &mut Replacer<'_>,
) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut grown: i128 = 0;
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        let before: Option<Value> = serde_json::from_slice(line).ok();
        let path = before.as_ref().and_then(|line| line.get("path")?.as_str());
        let member = path.and_then(|path| members.get(&format!("{folder}{path}")));
        let new = replacer.bytes(line, 0);
        let Ok(Value::Object(mut item)) = serde_json::from_slice(&new) else {
            out.extend(new);
            continue;
        };
        if let Some(member) = member {
            let said = item.get("sha256").and_then(Value::as_str).unwrap_or_default();
            if said.eq_ignore_ascii_case(&member.before.0.to_string()) {
                item.insert("sha256".to_owned(), member.after.0.to_string().into());
            }
            if item.get("bytes").and_then(Value::as_u64) == Some(member.before.1) {
                item.insert("bytes".to_owned(), member.after.1.into());
                grown += i128::from(member.after.1) - i128::from(member.before.1);
            }
        }
        match item.get("record").and_then(Value::as_str) {
            Some("footer") => {
                if let Some(bytes) = item.get("bytes").and_then(Value::as_u64) {
                    let bytes = u64::try_from(i128::from(bytes) + grown).unwrap_or(bytes);
                    item.insert("bytes".to_owned(), bytes.into());
                }
            }
            Some("header") => {
                item.insert("names_replaced".to_owned(), true.into());
            }
            _ => {}
        }
        out.extend(serde_json::to_vec(&item).unwrap_or(new));
        out.push(b'\n');
    }
    out
}
