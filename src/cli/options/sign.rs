//! Who signs an evidence archive, and whom a reader trusts.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Args;

use crate::evidence::sealed::SealError;
use crate::evidence::signature::{CommandError, Trust, envelope, openssl, pae, shell, statement};
use crate::model::assessment::Assessment;
use crate::model::digest::Algorithm;

/// Who signs. The work is the platform's: this program handles no key.
#[derive(Debug, Args)]
#[command(next_help_heading = "Signatures")]
pub(crate) struct SignArgs {
    /// Command of the shell that gets the manifest on standard input and prints a signature, which is kept as SIGNATURE.cms.
    #[arg(long, value_name = "CMD", conflicts_with = "sign_cert")]
    sign_with: Option<String>,
    /// Certificate of the signer: `openssl cms` makes a detached CMS with it.
    #[arg(long, value_name = "FILE", requires = "sign_key")]
    sign_cert: Option<PathBuf>,
    /// Key of the signer: a file, or the PKCS#11 URI of a key on a card or an HSM (pkcs11:…).
    #[arg(long, value_name = "KEY")]
    sign_key: Option<OsString>,
    /// Certificates between the signer's and the authority's, to go with the signature.
    #[arg(long, value_name = "FILE", requires = "sign_cert")]
    sign_chain: Option<PathBuf>,
    /// Also sign an in-toto statement with --sign-key, in a DSSE envelope.
    #[arg(long, requires = "sign_key", conflicts_with = "dsse_with")]
    dsse: bool,
    /// Command of the shell that gets the bytes of an in-toto statement to sign (DSSE's encoding) and prints the signature.
    #[arg(long, value_name = "CMD")]
    dsse_with: Option<String>,
    /// Command of the shell that gets the manifest and prints an RFC 3161 time stamp response.
    #[arg(long, value_name = "CMD")]
    timestamp_with: Option<String>,
}

impl SignArgs {
    /// The members that are made of the manifest.
    pub(crate) fn members(
        &self,
        manifest: &[u8],
        algorithm: Algorithm,
        assessment: &Assessment,
    ) -> Result<Vec<(String, Vec<u8>)>, SealError> {
        let failed = |error: CommandError| SealError::Sign(error.to_string());
        let mut members = Vec::new();
        if let Some(line) = &self.sign_with {
            members.push(("SIGNATURE.cms".to_owned(), shell(line, manifest).map_err(failed)?));
        } else if self.sign_cert.is_some() {
            members.push(("SIGNATURE.cms".to_owned(), openssl(&self.cms(algorithm), manifest).map_err(failed)?));
        }
        let statement = || statement(manifest, algorithm, assessment);
        if let Some(line) = &self.dsse_with {
            let payload = statement();
            let signature = shell(line, &pae(&payload)).map_err(failed)?;
            members.push(("SIGNATURE.dsse.json".to_owned(), envelope(&payload, &signature)));
        } else if self.dsse
            && let Some(key) = &self.sign_key
        {
            let payload = statement();
            let mut arguments: Vec<OsString> = ["dgst", "-sha256"].map(OsString::from).to_vec();
            arguments.extend(providers(key));
            arguments.extend(["-sign".into(), key.clone()]);
            let signature = openssl(&arguments, &pae(&payload)).map_err(failed)?;
            members.push(("SIGNATURE.dsse.json".to_owned(), envelope(&payload, &signature)));
        }
        if let Some(line) = &self.timestamp_with {
            members.push(("TIMESTAMP.tsr".to_owned(), shell(line, manifest).map_err(failed)?));
        }
        Ok(members)
    }

    /// A detached CMS with signed attributes, over the bytes themselves and not a digest of them: so the module hashes, too.
    fn cms(&self, algorithm: Algorithm) -> Vec<OsString> {
        let mut arguments: Vec<OsString> =
            ["cms", "-sign", "-binary", "-outform", "DER", "-md", algorithm.name()].map(OsString::from).to_vec();
        if let Some(key) = &self.sign_key {
            arguments.extend(providers(key));
            arguments.extend(["-inkey".into(), key.clone()]);
        }
        for (option, file) in [("-signer", &self.sign_cert), ("-certfile", &self.sign_chain)] {
            if let Some(file) = file {
                arguments.extend([option.into(), file.clone().into_os_string()]);
            }
        }
        arguments
    }
}

/// What openssl loads to reach a key that is no file: pkcs11-provider where it is installed, else the engine of libp11, which is all
/// that older systems have.
fn providers(key: &OsString) -> Vec<OsString> {
    if !key.to_string_lossy().starts_with("pkcs11:") {
        return Vec::new();
    }
    let loads = openssl(&["list", "-providers", "-provider", "pkcs11"], b"").is_ok();
    let through: &[&str] = if loads {
        &["-provider", "default", "-provider", "pkcs11"]
    } else {
        &["-engine", "pkcs11", "-keyform", "engine"]
    };
    through.iter().map(OsString::from).collect()
}

/// Whom a reader trusts.
#[derive(Debug, Args)]
#[command(next_help_heading = "Signatures of evidence archives")]
pub(crate) struct TrustArgs {
    /// Check SIGNATURE.cms: certificates of the authorities that are trusted.
    #[arg(long, value_name = "FILE")]
    ca: Option<PathBuf>,
    /// Certificates between the signer's and the authority's.
    #[arg(long, value_name = "FILE", requires = "ca")]
    chain: Option<PathBuf>,
    /// The authority's list of revoked certificates.
    #[arg(long, value_name = "FILE", requires = "ca")]
    crl: Option<PathBuf>,
    /// Check TIMESTAMP.tsr: certificates of the authorities that are trusted for it. The CMS is then checked at its time.
    #[arg(long, value_name = "FILE")]
    tsa_ca: Option<PathBuf>,
    /// Check SIGNATURE.dsse.json with this public key.
    #[arg(long, value_name = "FILE")]
    dsse_key: Option<PathBuf>,
}

impl TrustArgs {
    pub(crate) fn trust(&self) -> Trust {
        let Self { ca, chain, crl, tsa_ca, dsse_key } = self;
        Trust { ca: ca.clone(), chain: chain.clone(), crl: crl.clone(), tsa_ca: tsa_ca.clone(), key: dsse_key.clone() }
    }
}
