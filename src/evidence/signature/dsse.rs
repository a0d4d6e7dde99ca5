//! A DSSE envelope with an in-toto statement: what other tools verify.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::model::assessment::Assessment;
use crate::model::digest::Algorithm;

/// The type of what is in the envelope.
const PAYLOAD: &str = "application/vnd.in-toto+json";
/// The type of the statement.
const STATEMENT: &str = "https://in-toto.io/Statement/v1";
/// The type of what is said of the subjects.
const PREDICATE: &str = "https://mke-stig.invalid/predicates/assessment-summary/v1";

/// An envelope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Envelope {
    /// The type of the payload.
    pub payload_type: String,
    /// The payload in base64.
    pub payload: String,
    /// The signatures.
    pub signatures: Vec<Signature>,
}

/// A signature of an envelope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// A hint at the key, which nothing rests on.
    #[serde(default)]
    pub keyid: String,
    /// The signature in base64.
    pub sig: String,
}

/// The statement: the manifest, the inputs and the assessment by their digests, and the sum of the verdicts.
#[must_use]
pub fn statement(manifest: &[u8], algorithm: Algorithm, assessment: &Assessment) -> Vec<u8> {
    let name = algorithm.name();
    let mut subjects = vec![json!({ "name": format!("MANIFEST.{name}"), "digest": { name: algorithm.of(manifest) } })];
    for line in String::from_utf8_lossy(manifest).lines() {
        let Some((digest, path)) = line.split_once("  ") else { continue };
        if path == "reports/assessment.json" || path.starts_with("inputs/") {
            subjects.push(json!({ "name": path, "digest": { name: digest } }));
        }
    }
    let statement = json!({
        "_type": STATEMENT,
        "subject": subjects,
        "predicateType": PREDICATE,
        "predicate": {
            "tool": { "name": assessment.tool.name, "version": assessment.tool.version },
            "pack": assessment.tool.pack,
            "cluster": assessment.snapshot.cluster_id,
            "collectedAt": assessment.snapshot.collected_at,
            "summary": assessment.summary,
        },
    });
    // Keys of this value are sorted, so equal statements are equal bytes.
    statement.to_string().into_bytes()
}

/// The bytes that are signed: DSSE's pre-authentication encoding.
#[must_use]
pub fn pae(payload: &[u8]) -> Vec<u8> {
    let mut bytes = format!("DSSEv1 {} {PAYLOAD} {} ", PAYLOAD.len(), payload.len()).into_bytes();
    bytes.extend_from_slice(payload);
    bytes
}

/// The envelope of a payload and its signature.
#[must_use]
pub fn envelope(payload: &[u8], signature: &[u8]) -> Vec<u8> {
    let envelope = Envelope {
        payload_type: PAYLOAD.to_owned(),
        payload: STANDARD.encode(payload),
        signatures: vec![Signature { keyid: String::new(), sig: STANDARD.encode(signature) }],
    };
    let mut text = serde_json::to_vec(&envelope).unwrap_or_default();
    text.push(b'\n');
    text
}

impl Envelope {
    /// Reads an envelope; returns it, its payload and its signatures.
    ///
    /// # Errors
    /// Why it is none, or none of a statement.
    pub fn read(text: &[u8]) -> Result<(Vec<u8>, Vec<Vec<u8>>), String> {
        let envelope: Self =
            serde_json::from_slice(text).map_err(|error| format!("it is not a DSSE envelope: {error}"))?;
        if envelope.payload_type != PAYLOAD {
            return Err("its payload is not an in-toto statement".to_owned());
        }
        let decode = |text: &str| STANDARD.decode(text).map_err(|_| "it is not valid Base64".to_owned());
        let signatures =
            envelope.signatures.iter().map(|signature| decode(&signature.sig)).collect::<Result<_, _>>()?;
        Ok((decode(&envelope.payload)?, signatures))
    }

    /// Whether a statement is about this manifest.
    ///
    /// # Errors
    /// Why it is not.
    pub fn is_about(payload: &[u8], manifest: &[u8], algorithm: Algorithm) -> Result<(), String> {
        let statement: Value =
            serde_json::from_slice(payload).map_err(|error| format!("its statement is not JSON: {error}"))?;
        if statement["_type"] != STATEMENT {
            return Err("its payload is not an in-toto statement of version 1".to_owned());
        }
        let name = format!("MANIFEST.{}", algorithm.name());
        let digest = algorithm.of(manifest);
        let named = statement["subject"].as_array().into_iter().flatten();
        let mut named = named.filter(|subject| subject["name"] == name.as_str());
        match (named.next(), named.next()) {
            (Some(subject), None) if subject["digest"][algorithm.name()] == digest.as_str() => Ok(()),
            (Some(_), None) => Err(format!("it is about another {name}")),
            _ => Err(format!("it does not name {name} once")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_signed_is_the_encoding_of_the_specification() {
        let signed = pae(b"hello");
        assert_eq!(signed, b"DSSEv1 28 application/vnd.in-toto+json 5 hello");
        let (payload, signatures) = Envelope::read(&envelope(b"hello", b"sig")).unwrap();
        assert_eq!((payload, signatures), (b"hello".to_vec(), vec![b"sig".to_vec()]));
    }

    #[test]
    fn a_statement_about_another_manifest_is_refused() {
        let of = |digest: &str| {
            json!({ "_type": STATEMENT, "subject": [{ "name": "MANIFEST.sha256", "digest": { "sha256": digest } }] })
                .to_string()
        };
        let right = Algorithm::Sha256.of(b"m");
        assert_eq!(Envelope::is_about(of(&right).as_bytes(), b"m", Algorithm::Sha256), Ok(()));
        assert!(Envelope::is_about(of(&right).as_bytes(), b"n", Algorithm::Sha256).is_err());
        assert!(Envelope::is_about(b"{}", b"m", Algorithm::Sha256).is_err());
    }
}
