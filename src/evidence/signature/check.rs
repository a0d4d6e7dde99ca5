//! Checks the signatures of an evidence archive with certificates and keys that came another way.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::evidence::signature::command::{CommandError, openssl};
use crate::evidence::signature::dsse::{Envelope, pae};
use crate::model::date::Timestamp;
use crate::model::digest::Algorithm;
use crate::model::display;

/// Bytes of a file of certificates or of a list of revoked ones.
const ANCHORS: u64 = 64 << 20;

/// What is trusted.
#[derive(Debug, Clone, Default)]
pub struct Trust {
    /// Certificates of the authorities that issue signers' certificates.
    pub ca: Option<PathBuf>,
    /// Certificates between the two, which are not trusted by themselves.
    pub chain: Option<PathBuf>,
    /// Their list of revoked certificates.
    pub crl: Option<PathBuf>,
    /// Certificates of the authorities that issue the time stamp service's certificate.
    pub tsa_ca: Option<PathBuf>,
    /// The public key of the DSSE envelope.
    pub key: Option<PathBuf>,
}

impl Trust {
    /// Whether anything is to be checked.
    #[must_use]
    pub fn asks(&self) -> bool {
        self.ca.is_some() || self.tsa_ca.is_some() || self.key.is_some()
    }
}

/// What was found of one signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signed {
    /// It is good, and this is whose.
    Good(String),
    /// It is not there, not good, or not of whom it should be.
    Bad(String),
    /// It could not be checked.
    Unchecked(String),
}

/// The signature members by name, as far as they are there.
pub type Members<'m> = dyn Fn(&str) -> Option<Vec<u8>> + 'm;

/// Checks what is asked for. What is asked for and not there is bad: nobody can make a signature go away.
#[must_use]
pub fn check(manifest: &[u8], algorithm: Algorithm, members: &Members<'_>, trust: &Trust) -> Vec<Signed> {
    let mut found = Vec::new();
    let place = match Place::new(manifest) {
        Ok(place) => place,
        Err(error) => return vec![Signed::Unchecked(format!("cannot write a temporary file: {error}"))],
    };
    let mut stamped = None;
    if let Some(ca) = &trust.tsa_ca {
        let outcome = place.time_stamp(members("TIMESTAMP.tsr"), ca);
        if let Ok((_, at)) = &outcome {
            stamped = *at;
        }
        found.push(told("TIMESTAMP.tsr", outcome.map(|(said, _)| said)));
    }
    if let Some(ca) = &trust.ca {
        found.push(told("SIGNATURE.cms", place.cms(members("SIGNATURE.cms"), ca, trust, stamped)));
    }
    if let Some(key) = &trust.key {
        let outcome = place.dsse(members("SIGNATURE.dsse.json"), (manifest, algorithm), key);
        found.push(told("SIGNATURE.dsse.json", outcome));
    }
    found
}

/// Why a signature does not count.
enum Why {
    Bad(String),
    Unchecked(String),
}

impl From<CommandError> for Why {
    fn from(error: CommandError) -> Self {
        match error {
            CommandError::Failed(..) | CommandError::Output(..) => Self::Bad(error.to_string()),
            CommandError::Start(..) => Self::Unchecked(error.to_string()),
        }
    }
}

impl From<io::Error> for Why {
    fn from(error: io::Error) -> Self {
        Self::Unchecked(format!("cannot write a temporary file: {error}"))
    }
}

fn told(name: &str, outcome: Result<String, Why>) -> Signed {
    match outcome {
        Ok(said) => Signed::Good(format!("{name}: {said}")),
        Err(Why::Bad(why)) => Signed::Bad(format!("{name}: {why}")),
        Err(Why::Unchecked(why)) => Signed::Unchecked(format!("{name}: {why}")),
    }
}

fn missing() -> Why {
    Why::Bad("the archive has none: it was not signed this way, or the signature was taken out".to_owned())
}

/// What a file of the reader's own must hold, as PEM says it.
const CERTIFICATE: &str = "CERTIFICATE-----";
const CRL: &str = "X509 CRL-----";
const PUBLIC_KEY: &str = "PUBLIC KEY-----";

/// A file that the reader trusts. One that cannot be used says nothing of the archive.
fn trusted(path: &Path, holds: &str) -> Result<Vec<u8>, Why> {
    let found = fs::metadata(path).and_then(|found| {
        if found.len() > ANCHORS { Err(io::Error::other("it is too large")) } else { fs::read(path) }
    });
    let bytes = found.map_err(|error| Why::Unchecked(format!("cannot read `{}`: {error}", path.display())))?;
    if bytes.windows(holds.len()).any(|bytes| bytes == holds.as_bytes()) {
        return Ok(bytes);
    }
    let what = holds.trim_end_matches('-').to_lowercase().replace("x509 crl", "list of revoked certificates");
    Err(Why::Unchecked(format!("`{}` holds no {what} in PEM form", path.display())))
}

/// A folder with what openssl reads.
struct Place {
    folder: tempfile::TempDir,
    manifest: PathBuf,
}

impl Place {
    fn new(manifest: &[u8]) -> io::Result<Self> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("manifest");
        fs::write(&path, manifest)?;
        Ok(Self { folder, manifest: path })
    }

    fn put(&self, name: &str, bytes: Option<Vec<u8>>) -> Result<PathBuf, Why> {
        let bytes = bytes.ok_or_else(missing)?;
        let path = self.folder.path().join(name);
        fs::write(&path, bytes)?;
        Ok(path)
    }

    /// The trusted certificates, with their list of revoked ones where there is one: openssl takes both from one file.
    fn anchors(&self, ca: &Path, crl: Option<&Path>) -> Result<PathBuf, Why> {
        let mut bytes = Vec::new();
        for (path, holds) in std::iter::once((ca, CERTIFICATE)).chain(crl.map(|crl| (crl, CRL))) {
            bytes.extend(trusted(path, holds)?);
            bytes.push(b'\n');
        }
        self.put("anchors", Some(bytes))
    }

    /// A detached CMS over the manifest, of a signer whom the authority vouches for.
    fn cms(&self, bytes: Option<Vec<u8>>, ca: &Path, trust: &Trust, stamped: Option<i64>) -> Result<String, Why> {
        let signature = self.put("cms", bytes)?;
        let signer = self.folder.path().join("signer");
        let at = stamped.map(|at| at.to_string());
        // Any purpose: cards' certificates for signing carry none that openssl asks for by itself.
        let mut arguments: Vec<&std::ffi::OsStr> = ["cms", "-verify", "-binary", "-inform", "DER", "-purpose", "any"]
            .iter()
            .map(std::ffi::OsStr::new)
            .collect();
        arguments.extend(["-in".as_ref(), signature.as_os_str(), "-content".as_ref(), self.manifest.as_os_str()]);
        let anchors = self.anchors(ca, trust.crl.as_deref())?;
        arguments.extend(["-CAfile".as_ref(), anchors.as_os_str(), "-signer".as_ref(), signer.as_os_str()]);
        arguments.extend(["-no-CApath", "-no-CAstore", "-out", "/dev/null"].map(std::ffi::OsStr::new));
        if let Some(chain) = &trust.chain {
            trusted(chain, CERTIFICATE)?;
            arguments.extend(["-certfile".as_ref(), chain.as_os_str()]);
        }
        if trust.crl.is_some() {
            arguments.push("-crl_check".as_ref());
        }
        if let Some(at) = &at {
            arguments.extend(["-attime".as_ref(), std::ffi::OsStr::new(at)]);
        }
        openssl(&arguments, b"").map_err(|error| expired(error.into(), stamped))?;
        let name = openssl(
            &["x509".as_ref(), "-noout".as_ref(), "-subject".as_ref(), "-in".as_ref(), signer.as_os_str()],
            b"",
        )?;
        let name = display::one_line(String::from_utf8_lossy(&name).trim_start_matches("subject="));
        let revoked = if trust.crl.is_some() { "not revoked" } else { "revocation not checked: give --crl" };
        Ok(format!("signed by {name}; {revoked}"))
    }

    /// A time stamp over the manifest; returns its time too.
    fn time_stamp(&self, bytes: Option<Vec<u8>>, ca: &Path) -> Result<(String, Option<i64>), Why> {
        let stamp = self.put("tsr", bytes)?;
        trusted(ca, CERTIFICATE)?;
        let os = std::ffi::OsStr::new;
        openssl(
            &[
                os("ts"),
                os("-verify"),
                os("-data"),
                self.manifest.as_os_str(),
                os("-in"),
                stamp.as_os_str(),
                os("-CAfile"),
                ca.as_os_str(),
            ],
            b"",
        )?;
        let text = openssl(&[os("ts"), os("-reply"), os("-in"), stamp.as_os_str(), os("-text")], b"")?;
        let text = String::from_utf8_lossy(&text);
        let time = text.lines().find_map(|line| line.strip_prefix("Time stamp: ")).unwrap_or("a time not shown");
        let at = seconds(time);
        let told = at.and_then(Timestamp::from_seconds).map(|at| at.to_string());
        Ok((format!("the manifest existed at {}", told.unwrap_or_else(|| display::one_line(time))), at))
    }

    /// An envelope whose statement is about the manifest.
    fn dsse(&self, bytes: Option<Vec<u8>>, about: (&[u8], Algorithm), key: &Path) -> Result<String, Why> {
        let bytes = bytes.ok_or_else(missing)?;
        let (payload, signatures) = Envelope::read(&bytes).map_err(Why::Bad)?;
        Envelope::is_about(&payload, about.0, about.1).map_err(Why::Bad)?;
        trusted(key, PUBLIC_KEY)?;
        let mut last = Why::Bad("it has no signature".to_owned());
        let os = std::ffi::OsStr::new;
        for signature in signatures.into_iter().take(16) {
            let signature = self.put("dsse", Some(signature))?;
            let arguments =
                [os("dgst"), os("-sha256"), os("-verify"), key.as_os_str(), os("-signature"), signature.as_os_str()];
            match openssl(&arguments, &pae(&payload)) {
                Ok(_) => return Ok(format!("signed with the key of `{}`", key.display())),
                // Openssl says only that it failed.
                Err(CommandError::Failed(..)) => {
                    last = Why::Bad(format!("it was not signed with the key of `{}`", key.display()));
                }
                Err(error) => last = error.into(),
            }
        }
        Err(last)
    }
}

/// A signature that was good once is good at the time of a stamp.
fn expired(why: Why, stamped: Option<i64>) -> Why {
    match why {
        Why::Bad(why) if stamped.is_none() && why.contains("certificate has expired") => {
            Why::Bad(format!("{why}; where the archive has a time stamp, --tsa-ca checks the signature at its time"))
        }
        why => why,
    }
}

/// Seconds since 1970 of a time as openssl prints it: `Nov 30 09:08:07 2026 GMT`.
fn seconds(time: &str) -> Option<i64> {
    let words: Vec<&str> = time.split_whitespace().collect();
    let [month, day, clock, year, "GMT"] = words[..] else { return None };
    let names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let month = names.iter().position(|name| *name == month)? + 1;
    let clock = clock.split('.').next()?;
    Timestamp::parse(&format!("{year}-{month:02}-{day:0>2}T{clock}Z")).map(Timestamp::seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_openssl_are_read() {
        assert_eq!(seconds("Jan  2 00:00:01 1970 GMT"), Some(86_401));
        assert_eq!(
            seconds("Nov 30 09:08:07.5 2026 GMT"),
            Timestamp::parse("2026-11-30T09:08:07Z").map(Timestamp::seconds)
        );
        assert_eq!(seconds("yesterday"), None);
    }
}
