//! What stands in a certificate.

use serde_json::{Value, json};
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::GeneralName;
use x509_parser::public_key::PublicKey;
use x509_parser::time::ASN1Time;

use crate::facts::certificate::error::CertificateError;
use crate::facts::certificate::pem::blocks;
use crate::facts::certificate::trust::{Anchors, Issued, Trust, issued_by};
use crate::facts::certificate::x509::parse_at;
use crate::model::date::Timestamp;

/// Names of a certificate that are kept.
const MOST_NAMES: usize = 50;

/// Names of signature algorithms that certificates have.
const SIGNATURES: &[(&str, &str)] = &[
    ("1.2.840.113549.1.1.4", "RSA with MD5"),
    ("1.2.840.113549.1.1.5", "RSA with SHA-1"),
    ("1.2.840.113549.1.1.10", "RSA-PSS"),
    ("1.2.840.113549.1.1.11", "RSA with SHA-256"),
    ("1.2.840.113549.1.1.12", "RSA with SHA-384"),
    ("1.2.840.113549.1.1.13", "RSA with SHA-512"),
    ("1.2.840.10045.4.1", "ECDSA with SHA-1"),
    ("1.2.840.10045.4.3.2", "ECDSA with SHA-256"),
    ("1.2.840.10045.4.3.3", "ECDSA with SHA-384"),
    ("1.2.840.10045.4.3.4", "ECDSA with SHA-512"),
    ("1.3.101.112", "Ed25519"),
];

/// Reads the certificates of a text, the server's own first, each with the line (from 0) on which it begins.
///
/// A fact is a certificate: `position` (from 0), `subject`, `issuer`, `not_before` and `not_after`
/// (RFC 3339), `self_signed`, `ca`, `key`, `key_bits`, `signature`, `names`, `issued_by_next`
/// where another follows, `server_use` where its purposes are limited; and, where authorities to
/// trust are given, `trusted` with the `anchor` and the day until which the path to it holds. If it
/// cannot be told, `trusted` says why instead of yes or no.
///
/// # Errors
/// A text without certificates, or one that cannot be read.
pub(crate) fn read(text: &str, anchors: &Anchors, show: &mut dyn FnMut(u64, Value)) -> Result<(), CertificateError> {
    let blocks = blocks(text)?;
    if blocks.is_empty() {
        return Err(CertificateError::None);
    }
    let chain = blocks.iter().map(parse_at).collect::<Result<Vec<_>, _>>()?;
    for (position, block) in blocks.iter().enumerate() {
        show(block.line, fact(position, &chain, anchors));
    }
    Ok(())
}

fn fact(position: usize, chain: &[X509Certificate<'_>], anchors: &Anchors) -> Value {
    let certificate = &chain[position];
    let (key, bits) = key(certificate);
    let mut fact = json!({
        "position": position,
        "subject": certificate.subject().to_string(),
        "issuer": certificate.issuer().to_string(),
        "serial": certificate.raw_serial_as_string(),
        "self_signed": certificate.subject().as_raw() == certificate.issuer().as_raw(),
        "ca": certificate.is_ca(),
        "key": key,
        "key_bits": bits,
        "signature": signature(certificate),
        "names": names(certificate),
    });
    for (field, time) in
        [("not_before", &certificate.validity().not_before), ("not_after", &certificate.validity().not_after)]
    {
        if let Some(time) = instant(time) {
            fact[field] = time.into();
        }
    }
    if let Some(next) = chain.get(position + 1) {
        fact["issued_by_next"] = match issued_by(certificate, next) {
            Issued::Yes => true.into(),
            Issued::No => false.into(),
            Issued::CannotTell(why) => why.into(),
        };
    }
    if let Some(server_use) = server_use(certificate) {
        fact["server_use"] = server_use;
    }
    match anchors.trust(position, chain) {
        None => {}
        Some(Trust::Yes { anchor, until }) => {
            fact["trusted"] = true.into();
            fact["anchor"] = anchor.into();
            if let Some(until) = instant(&until) {
                fact["path_until"] = until.into();
            }
        }
        Some(Trust::No) => fact["trusted"] = false.into(),
        Some(Trust::CannotTell(why)) => fact["trusted"] = why.into(),
    }
    fact
}

/// Whether it may be a server's, where its purposes or the uses of its key are limited.
fn server_use(certificate: &X509Certificate<'_>) -> Option<Value> {
    let (Ok(purposes), Ok(usage)) = (certificate.extended_key_usage(), certificate.key_usage()) else {
        return Some("its purposes cannot be read".into());
    };
    if purposes.is_none() && usage.is_none() {
        return None;
    }
    let purpose = purposes.is_none_or(|purposes| purposes.value.any || purposes.value.server_auth);
    let key = usage.is_none_or(|usage| {
        usage.value.digital_signature() || usage.value.key_encipherment() || usage.value.key_agreement()
    });
    Some((purpose && key).into())
}

fn key(certificate: &X509Certificate<'_>) -> (String, usize) {
    let (name, bits) = match certificate.public_key().parsed() {
        Ok(PublicKey::RSA(key)) => ("RSA", key.key_size()),
        Ok(PublicKey::EC(point)) => ("EC", point.key_size()),
        Ok(PublicKey::DSA(_)) => ("DSA", 0),
        _ => return (certificate.public_key().algorithm.algorithm.to_id_string(), 0),
    };
    (format!("{name} {bits}"), bits)
}

fn signature(certificate: &X509Certificate<'_>) -> String {
    let id = certificate.signature_algorithm.algorithm.to_id_string();
    SIGNATURES.iter().find(|(known, _)| *known == id).map_or(id, |(_, name)| (*name).to_owned())
}

fn names(certificate: &X509Certificate<'_>) -> Vec<String> {
    let Ok(Some(names)) = certificate.subject_alternative_name() else { return Vec::new() };
    let dns = names.value.general_names.iter().filter_map(|name| match name {
        GeneralName::DNSName(name) => Some((*name).to_owned()),
        _ => None,
    });
    dns.take(MOST_NAMES).collect()
}

/// A time as `2028-03-01T00:00:00Z`; none for what is no time of the calendar.
fn instant(time: &ASN1Time) -> Option<String> {
    Timestamp::from_seconds(time.timestamp()).map(|time| time.to_string())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::facts::certificate::x509::parse;

    const CHAIN: &str = include_str!("../../../testdata/sample/cluster/mke/tls-chain.pem");
    const ROOT: &str = include_str!("../../../testdata/sample/cluster/mke/ca.pem");

    fn facts(text: &str, anchors: &Anchors) -> Vec<Value> {
        let mut seen = Vec::new();
        read(text, anchors, &mut |_, fact| seen.push(fact)).unwrap();
        seen
    }

    #[test]
    fn a_chain_and_its_authority() {
        let chain = facts(CHAIN, &Anchors::parse(ROOT).unwrap());
        assert_eq!(chain.len(), 2);
        let leaf = &chain[0];
        assert_eq!(leaf["issuer"], "C=US, O=Atlas Example, CN=Atlas Example Server CA 3");
        assert_eq!(
            (&leaf["not_after"], &leaf["key"], &leaf["signature"]),
            (&json!("2028-03-01T00:00:00Z"), &json!("EC 384"), &json!("ECDSA with SHA-384"))
        );
        assert_eq!(
            (&leaf["self_signed"], &leaf["issued_by_next"], &leaf["trusted"]),
            (&json!(false), &json!(true), &json!(true))
        );
        assert_eq!((&leaf["server_use"], &leaf["names"][0]), (&json!(true), &json!("mke.atlas.example")));
        assert_eq!(leaf["path_until"], "2028-03-01T00:00:00Z");
        let alone = facts(CHAIN, &Anchors::default());
        assert_eq!(alone[0].get("trusted"), None);
    }

    #[test]
    fn a_server_prints_each_certificate_once() {
        let twice = format!("CONNECTED(3)\n{CHAIN}\nServer certificate\n{CHAIN}");
        assert_eq!(facts(&twice, &Anchors::default()).len(), 2);
    }

    proptest! {
        #[test]
        fn damaged_certificates_end(at in 0_usize..600, byte in any::<u8>(), cut in 0_usize..600) {
            let block = &blocks(CHAIN).unwrap()[0].der;
            let mut der = block.clone();
            let length = der.len();
            der[at % length] = byte;
            if let Some(certificate) = parse(&der) {
                let _ = fact(0, &[certificate], &Anchors::parse(ROOT).unwrap());
            }
            prop_assert!(parse(&block[..cut % length]).is_none());
        }
    }
}
