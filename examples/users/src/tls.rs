//! TLS for the program: from files, or by a certificate that it makes for itself.

use std::net::IpAddr;
use std::path::PathBuf;

use clap::Args;
use counterpart::tls::{Identity, ServerTls};
use counterpart::{Error, Result};
use rcgen::generate_simple_self_signed;
use ring::digest::{SHA256, digest};

/// By which certificate it speaks TLS, if it does.
#[derive(Args)]
pub(crate) struct Tls {
    /// A certificate and those that lead to its root, as PEM; they are read again when they change
    #[arg(long, env = "USERS_TLS_CERT", requires = "tls_key")]
    tls_cert: Option<PathBuf>,
    /// Its key, as PEM
    #[arg(long, env = "USERS_TLS_KEY", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
    /// Make a certificate that nobody else has signed: for trying out
    #[arg(long, conflicts_with = "tls_cert")]
    tls_self_signed: bool,
}

/// What a server speaks, and what a person is told of it.
pub(crate) struct Spoken {
    pub(crate) tls: ServerTls,
    pub(crate) words: String,
    /// What curl needs to know.
    pub(crate) curl: &'static str,
}

impl Tls {
    pub(crate) fn spoken(&self, bind: IpAddr) -> Result<Option<Spoken>> {
        match (&self.tls_cert, &self.tls_key) {
            (Some(certificate), Some(key)) => {
                let tls = ServerTls::pem_files(certificate, key)?.watch(WATCH);
                Ok(Some(Spoken { tls, words: String::new(), curl: "" }))
            }
            _ if self.tls_self_signed => self_signed(bind).map(Some),
            _ => Ok(None),
        }
    }
}

// ANCHOR: self-signed
fn self_signed(bind: IpAddr) -> Result<Spoken> {
    let mut names = vec!["localhost".to_owned(), "127.0.0.1".to_owned(), "::1".to_owned()];
    if !bind.is_loopback() && !bind.is_unspecified() {
        names.push(bind.to_string());
    }
    let made = generate_simple_self_signed(names).map_err(|error| Error::new(error.to_string()))?;
    let identity = Identity::pem(made.cert.pem(), made.signing_key.serialize_pem())?;
    let fingerprint = digest(&SHA256, made.cert.der());
    let hex: Vec<_> = fingerprint.as_ref().iter().map(|byte| format!("{byte:02X}")).collect();
    let words = format!("its certificate is made for now; SHA-256 {}\n", hex.join(":"));
    Ok(Spoken { tls: ServerTls::new(identity), words, curl: "-k " })
}
// ANCHOR_END: self-signed

/// How often files are looked at.
const WATCH: std::time::Duration = std::time::Duration::from_secs(60);
