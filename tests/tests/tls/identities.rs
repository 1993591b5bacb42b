//! Identities: what cannot be one says why, and what to do.

use counterpart::tls::{ClientCertificates, ClientTls, Identity, ServerTls};

use super::authority::Authority;

#[track_caller]
fn refused(certificate: &str, key: &str, words: &[&str]) {
    let error = ServerTls::pem(certificate, key).unwrap_err().to_string();
    for word in words {
        assert!(error.contains(word), "{error}");
    }
}

#[test]
fn what_cannot_be_one_says_why() {
    let authority = Authority::new("Tests");
    let (one, other) = (authority.issue(&["a.example"]), authority.issue(&["a.example"]));
    assert!(ServerTls::pem(&one.certificate, &one.key).is_ok());
    refused(&one.certificate, &other.key, &["not that of the certificate"]);
    refused(&one.key, &one.certificate, &["swapped"]);
    refused("", &one.key, &["certificate", "not PEM"]);
    refused(&one.key, &one.key, &["no certificate"]);
    refused(&one.certificate, "", &["key", "not PEM"]);
    refused(&one.certificate, &one.certificate, &["no private key"]);
    let encrypted = one.key.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY");
    refused(&one.certificate, &encrypted, &["encrypted", "openssl pkey"]);
    let cut = one.certificate.replace("-----END", "----END");
    refused(&cut, &one.key, &["certificate"]);
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let error = Identity::pem_files("/nowhere/cert.pem", "/nowhere/key.pem").unwrap_err();
    assert!(error.to_string().contains("/nowhere/cert.pem"), "{error}");
    let error = ClientTls::new().roots_pem_file("/nowhere/ca.pem").unwrap_err();
    assert!(error.to_string().contains("/nowhere/ca.pem"), "{error}");
}

#[test]
fn what_is_no_root_says_so() {
    for roots in ["", "-----BEGIN NOTHING-----\n-----END NOTHING-----\n"] {
        let errors = [
            ClientTls::new().roots_pem(roots).unwrap_err(),
            ClientCertificates::required(roots).unwrap_err(),
            ClientCertificates::optional(roots).unwrap_err(),
        ];
        for error in errors {
            assert!(error.to_string().contains("roots"), "{error}");
        }
    }
}

#[test]
fn nothing_secret_is_shown() {
    let pair = Authority::new("Tests").issue(&["a.example"]);
    let shown = format!("{:?}", ServerTls::pem(&pair.certificate, &pair.key).unwrap());
    assert!(shown.starts_with("ServerTls") && shown.len() < 200, "{shown}");
}
