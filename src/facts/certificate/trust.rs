//! Whether a certificate leads to an authority that is trusted.
//!
//! Names, signatures, the right to issue and the length of the path are looked at. Revocation is
//! not: nothing here asks a network. Policies are not either.
//!
//! The path is searched here and not by the crate `rustls-webpki`, which answers another question: whether
//! a server's certificate is good at one point in time. It refuses to judge an authority that a server
//! presents, it tells nothing of the path once a certificate on it has expired, and it does not tell until
//! when a path holds. Of the 28 certificates in the cases of the built-in rules it judged 11: 10 as this
//! search does, and one whose authority limits the names that it issues for, which is left undecided here.

use x509_parser::certificate::X509Certificate;
use x509_parser::error::X509Error;
use x509_parser::extensions::ParsedExtension;
use x509_parser::time::ASN1Time;

use crate::facts::certificate::error::CertificateError;
use crate::facts::certificate::pem::blocks;
use crate::facts::certificate::x509::{parse, parse_at};
use crate::model::limits;

/// Certificates between a server's and the authority that is trusted.
const MOST_STEPS: usize = 8;
/// Signatures that are checked for one certificate: names may repeat in a hostile chain.
const MOST_SIGNATURES: usize = limits::SIGNATURES_TRIED;

/// Authorities that are trusted, in DER.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Anchors(Vec<Vec<u8>>);

/// Whether one certificate is issued by another.
pub(crate) enum Issued {
    Yes,
    No,
    CannotTell(String),
}

/// Whether a certificate is trusted.
pub(crate) enum Trust {
    /// By way of this authority, and until the first certificate on the way ends.
    Yes {
        anchor: String,
        until: ASN1Time,
    },
    No,
    CannotTell(String),
}

impl Anchors {
    /// Reads a bundle of authorities in PEM.
    ///
    /// # Errors
    /// What is wrong with it: a bundle of which a part cannot be read is none.
    pub fn parse(pem: &str) -> Result<Self, CertificateError> {
        let blocks = blocks(pem)?;
        if blocks.is_empty() {
            return Err(CertificateError::None);
        }
        for block in &blocks {
            parse_at(block)?;
        }
        Ok(Self(blocks.into_iter().map(|block| block.der).collect()))
    }

    /// Whether none is given.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a certificate of a chain is trusted; none where no authority is given.
    pub(crate) fn trust(&self, position: usize, chain: &[X509Certificate<'_>]) -> Option<Trust> {
        if self.is_empty() {
            return None;
        }
        // They were parsed when they were given, so that none is lost here.
        let anchors: Vec<X509Certificate<'_>> = self.0.iter().filter_map(|der| parse(der)).collect();
        let mut search = Search { anchors: &anchors, chain, signatures: 0, doubt: None, way: vec![position] };
        Some(match search.from(&chain[position]) {
            Some((anchor, until)) => Trust::Yes { anchor, until },
            None => search.doubt.map_or(Trust::No, Trust::CannotTell),
        })
    }
}

/// A search for a path from a certificate to an authority.
struct Search<'s, 'd> {
    anchors: &'s [X509Certificate<'d>],
    chain: &'s [X509Certificate<'s>],
    signatures: usize,
    /// Why there may be a path that was not found.
    doubt: Option<String>,
    /// Positions of the certificates on the way.
    way: Vec<usize>,
}

impl Search<'_, '_> {
    fn from(&mut self, certificate: &X509Certificate<'_>) -> Option<(String, ASN1Time)> {
        let own = certificate.validity().not_after;
        if self.anchors.iter().any(|anchor| anchor.as_raw() == certificate.as_raw()) {
            return Some((certificate.subject().to_string(), own));
        }
        // Certificates between this one and the server's count against an issuer's path length.
        let below = self.way.len() - 1;
        for anchor in self.anchors {
            if self.issues(anchor, certificate, below) {
                return Some((anchor.subject().to_string(), own.min(anchor.validity().not_after)));
            }
        }
        if self.way.len() > MOST_STEPS {
            self.doubt.get_or_insert_with(|| format!("the path has more than {MOST_STEPS} steps"));
            return None;
        }
        let chain = self.chain;
        for (position, candidate) in chain.iter().enumerate() {
            if self.way.contains(&position) || !self.issues(candidate, certificate, below) {
                continue;
            }
            self.way.push(position);
            let found = self.from(candidate);
            self.way.pop();
            if let Some((anchor, until)) = found {
                return Some((anchor, own.min(until)));
            }
        }
        None
    }

    /// Whether `issuer` issued `certificate` and may.
    fn issues(&mut self, issuer: &X509Certificate<'_>, certificate: &X509Certificate<'_>, below: usize) -> bool {
        if issuer.subject().as_raw() != certificate.issuer().as_raw() || !may_issue(issuer, below) {
            return false;
        }
        self.signatures += 1;
        if self.signatures > MOST_SIGNATURES {
            self.doubt.get_or_insert_with(|| "too many certificates have the same name".to_owned());
            return false;
        }
        match issued_by(certificate, issuer) {
            Issued::Yes if limits_names(issuer) => {
                self.doubt
                    .get_or_insert_with(|| format!("{} limits the names that it may issue for", issuer.subject()));
                false
            }
            Issued::Yes => true,
            Issued::No => false,
            Issued::CannotTell(why) => {
                self.doubt.get_or_insert(why);
                false
            }
        }
    }
}

/// Whether a certificate is an authority's, with room for so many authorities below it. The first
/// version of X.509 has no way to say so, and no such authority is in use any more.
fn may_issue(issuer: &X509Certificate<'_>, below: usize) -> bool {
    let Ok(Some(basic)) = issuer.basic_constraints() else { return false };
    let long_enough = basic.value.path_len_constraint.is_none_or(|most| u64::from(most) >= below as u64);
    let signs = match issuer.key_usage() {
        Ok(None) => true,
        Ok(Some(usage)) => usage.value.key_cert_sign(),
        Err(_) => false,
    };
    basic.value.ca && long_enough && signs
}

/// Whether an authority may issue for some names only: which ones is not looked at here.
fn limits_names(issuer: &X509Certificate<'_>) -> bool {
    issuer
        .extensions()
        .iter()
        .any(|extension| matches!(extension.parsed_extension(), ParsedExtension::NameConstraints(_)))
}

/// Compares names and checks the signature.
pub(crate) fn issued_by(certificate: &X509Certificate<'_>, issuer: &X509Certificate<'_>) -> Issued {
    if certificate.issuer().as_raw() != issuer.subject().as_raw() {
        return Issued::No;
    }
    match certificate.verify_signature(Some(issuer.public_key())) {
        Ok(()) => Issued::Yes,
        Err(X509Error::SignatureUnsupportedAlgorithm) => Issued::CannotTell(format!(
            "the signature of {} uses an algorithm that this program cannot check",
            certificate.subject()
        )),
        Err(_) => Issued::No,
    }
}
