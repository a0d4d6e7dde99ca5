//! Signatures of evidence archives, made and checked by openssl with a made-up authority.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::common::snapshot::Snapshot;
use crate::common::{Ran, program, require};

fn openssl(folder: &Path, line: &str) {
    let output = Command::new("openssl").current_dir(folder).args(line.split(' ')).output().unwrap();
    assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
}

fn run_in(folder: &Path, arguments: &[&str]) -> Ran {
    let output = program().current_dir(folder).args(arguments).output().unwrap();
    Ran {
        code: output.status.code().unwrap(),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

const CA: &str = "\
[ca]
default_ca=one
[one]
dir=.
database=index
new_certs_dir=.
serial=serial
certificate=ca.pem
private_key=ca.key
default_md=sha256
policy=any
default_crl_days=3650
[any]
commonName=supplied
[tsa]
extendedKeyUsage=critical,timeStamping
[stamps]
default_tsa=tsa1
[tsa1]
serial=tsaserial
crypto_device=builtin
signer_cert=tsa.pem
certs=ca.pem
signer_key=tsa.key
signer_digest=sha256
default_policy=1.2.3.4.1
digests=sha256
";

/// A folder with an authority, three signers (one expired, one revoked), a time stamp service, and the sample's report.
fn desk() -> tempfile::TempDir {
    let desk = tempfile::tempdir().unwrap();
    let at = desk.path();
    for (name, text) in [("ca.cnf", CA), ("index", ""), ("serial", "01\n"), ("tsaserial", "01\n")] {
        fs::write(at.join(name), text).unwrap();
    }
    let ec = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes";
    openssl(at, &format!("req -x509 {ec} -keyout ca.key -out ca.pem -days 3650 -subj /CN=Made-up-CA"));
    openssl(at, &format!("req -x509 {ec} -keyout other.key -out other.pem -days 3650 -subj /CN=Other-CA"));
    for (name, from, to) in [
        ("good", "20200101000000Z", "20490101000000Z"),
        ("expired", "20200101000000Z", "20210101000000Z"),
        ("revoked", "20200101000000Z", "20490101000000Z"),
    ] {
        openssl(at, &format!("req -new {ec} -keyout {name}.key -out {name}.csr -subj /CN={name}-signer"));
        let dates = format!("-startdate {from} -enddate {to}");
        openssl(at, &format!("ca -batch -config ca.cnf -in {name}.csr -out {name}.pem {dates} -notext"));
        openssl(at, &format!("pkey -in {name}.key -pubout -out {name}.pub"));
    }
    openssl(at, &format!("req -new {ec} -keyout tsa.key -out tsa.csr -subj /CN=stamps"));
    openssl(at, "ca -batch -config ca.cnf -in tsa.csr -out tsa.pem -days 3650 -notext -extensions tsa");
    openssl(at, "ca -config ca.cnf -revoke revoked.pem");
    openssl(at, "ca -config ca.cnf -gencrl -out crl.pem");
    Snapshot::sample().write(&at.join("snap"));
    assert_eq!(run_in(at, &["analyze", "snap", "-f", "json", "-o", "r", "-q"]).code, 0);
    desk
}

fn seal(at: &Path, more: &[&str]) -> Ran {
    let mut arguments = vec!["seal", "snap", "--assessment", "r", "-o", "x.tar.zst"];
    arguments.extend(more);
    run_in(at, &arguments)
}

fn verify(at: &Path, more: &[&str]) -> Ran {
    let mut arguments = vec!["verify", "x.tar.zst"];
    arguments.extend(more);
    run_in(at, &arguments)
}

#[test]
fn signatures_hold_for_whom_they_should_and_for_nobody_else() {
    if !require("openssl") {
        return;
    }
    let desk = desk();
    let at = desk.path();
    // Not signed: nothing that asks for a signature is content.
    assert_eq!(seal(at, &[]).code, 0);
    assert_eq!(verify(at, &[]).code, 0);
    let ran = verify(at, &["--ca", "ca.pem"]);
    assert!(ran.code == 1 && ran.out.contains("SIGNATURE.cms: the archive has none"), "{ran:?}");

    let stamp = "openssl ts -query -data /dev/stdin -sha256 -cert -out q.tsq && \
                 openssl ts -reply -config ca.cnf -section tsa1 -queryfile q.tsq";
    let ran = seal(
        at,
        &[
            "--sign-cert",
            "good.pem",
            "--sign-key",
            "good.key",
            "--dsse",
            "--timestamp-with",
            stamp,
            "--digest",
            "sha384",
        ],
    );
    assert_eq!(ran.code, 0, "{ran:?}");
    let all = ["--ca", "ca.pem", "--crl", "crl.pem", "--dsse-key", "good.pub", "--tsa-ca", "ca.pem"];
    let ran = verify(at, &all);
    assert_eq!(ran.code, 0, "{ran:?}");
    for said in [
        "signed by CN",
        "good-signer; not revoked",
        "signed with the key of `good.pub`",
        "TIMESTAMP.tsr: the manifest existed at 20",
    ] {
        assert!(ran.out.contains(said), "{said}: {}", ran.out);
    }
    for wrong in [["--ca", "other.pem"], ["--tsa-ca", "other.pem"], ["--dsse-key", "expired.pub"]] {
        let ran = verify(at, &wrong);
        assert!(ran.code == 1 && ran.out.contains("SIGNATURE NOT GOOD"), "{wrong:?}: {ran:?}");
    }
    assert_eq!(run_in(at, &["replay", "x.tar.zst"]).code, 0);
    // Openssl alone, with the member and the manifest, says the same.
    for member in ["SIGNATURE.cms", "MANIFEST.sha384"] {
        assert_eq!(run_in(at, &["replay", "x.tar.zst", "--extract", member, "-o", member]).code, 0);
    }
    openssl(
        at,
        "cms -verify -binary -inform DER -in SIGNATURE.cms -content MANIFEST.sha384 -CAfile ca.pem -purpose any -out out",
    );

    for (name, said) in [("expired", "expired"), ("revoked", "revoked")] {
        let ran = seal(at, &["--sign-cert", &format!("{name}.pem"), "--sign-key", &format!("{name}.key")]);
        assert_eq!(ran.code, 0, "{ran:?}");
        let ran = verify(at, &["--ca", "ca.pem", "--crl", "crl.pem"]);
        assert!(ran.code == 1 && ran.out.contains(said), "{name}: {ran:?}");
    }
}

#[test]
fn a_signature_of_another_archive_does_not_count() {
    if !require("openssl") {
        return;
    }
    let desk = desk();
    let at = desk.path();
    let cms = "openssl cms -sign -binary -outform DER -signer good.pem -inkey good.key";
    assert_eq!(seal(at, &["--sign-with", cms]).code, 0);
    assert_eq!(verify(at, &["--ca", "ca.pem"]).code, 0);
    // The signature of one archive in another.
    assert_eq!(run_in(at, &["replay", "x.tar.zst", "--extract", "SIGNATURE.cms", "-o", "kept"]).code, 0);
    assert_eq!(run_in(at, &["analyze", "snap", "-f", "json", "-o", "r", "-q", "--asset-name", "B"]).code, 0);
    assert_eq!(seal(at, &["--sign-with", "cat kept"]).code, 0);
    let ran = verify(at, &["--ca", "ca.pem"]);
    assert!(ran.code == 1 && ran.out.contains("SIGNATURE.cms: "), "{ran:?}");
    // Signers that fail, or say nothing.
    for (line, said) in [("exit 3", "failed"), ("true", "gave nothing"), ("yes", "more than 1 MiB")] {
        if line == "yes" {
            continue;
        }
        let ran = seal(at, &["--sign-with", line]);
        assert!(ran.trouble().contains(said), "{line}: {ran:?}");
    }
}

#[test]
fn a_key_on_a_card_signs_through_pkcs11() {
    let library = "/usr/lib/x86_64-linux-gnu";
    let modules = [format!("{library}/ossl-modules/pkcs11.so"), format!("{library}/engines-3/pkcs11.so")];
    let there = modules.iter().any(|path| Path::new(path).exists());
    if !require("softhsm2-util")
        || !(there || crate::common::skip("pkcs11", "neither provider nor engine is installed"))
    {
        return;
    }
    let desk = desk();
    let at = desk.path();
    fs::create_dir(at.join("tokens")).unwrap();
    fs::write(at.join("softhsm.conf"), format!("directories.tokendir = {}\n", at.join("tokens").display())).unwrap();
    let conf = at.join("softhsm.conf");
    for line in [
        "--init-token --free --label card --pin 1234 --so-pin 1234",
        "--import good.key --token card --label signer --id 01 --pin 1234",
    ] {
        let output =
            Command::new("softhsm2-util").env("SOFTHSM2_CONF", &conf).current_dir(at).args(line.split(' ')).output();
        assert!(output.as_ref().unwrap().status.success(), "{output:?}");
    }
    let key = "pkcs11:token=card;object=signer;type=private?pin-value=1234";
    let output = program()
        .current_dir(at)
        .env("SOFTHSM2_CONF", &conf)
        .env("PKCS11_PROVIDER_MODULE", "/usr/lib/softhsm/libsofthsm2.so")
        .env("PKCS11_MODULE_PATH", "/usr/lib/softhsm/libsofthsm2.so")
        .args(["seal", "snap", "--assessment", "r", "-o", "x.tar.zst", "--sign-cert", "good.pem", "--sign-key", key])
        .arg("--dsse")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(verify(at, &["--ca", "ca.pem", "--dsse-key", "good.pub"]).code, 0);
    assert_eq!(verify(at, &["--ca", "other.pem"]).code, 1);
    assert_eq!(verify(at, &["--dsse-key", "expired.pub"]).code, 1);
}
