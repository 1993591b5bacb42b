//! Identities: a certificate with those that lead to a root, and its key.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use rustls::RootCertStore;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::sign::CertifiedKey;
use rustls::{CertificateError, Error};

use super::{TlsError, provider};

/// Who a server or a client is: a certificate, those that lead from it to a root, and the key to it.
///
/// Files and bytes are PEM, as all tools write them: the certificate first, then each that signed for the one before it,
/// without the root. The key is PKCS #8, PKCS #1 or SEC 1, and not encrypted.
#[derive(Clone)]
pub struct Identity {
    pub(super) key: Arc<CertifiedKey>,
    source: Option<Arc<Source>>,
}

/// The files that it came from, to be read again.
struct Source {
    certificate: PathBuf,
    key: PathBuf,
}

impl Identity {
    /// Of a certificate and a key as PEM.
    ///
    /// # Errors
    /// If one of them is missing or cannot be read, the key is encrypted, or they do not belong together.
    pub fn pem(certificate: impl AsRef<[u8]>, key: impl AsRef<[u8]>) -> Result<Self, TlsError> {
        let read = read(certificate.as_ref(), key.as_ref());
        let key =
            read.map_err(|why| TlsError::new(format!("the certificate and its key: {why}")))?;
        Ok(Self { key: Arc::new(key), source: None })
    }

    /// Of two files of PEM. A server reads them again when it is told to.
    ///
    /// # Errors
    /// As [`pem`](Self::pem), and if a file cannot be read.
    pub fn pem_files(
        certificate: impl AsRef<Path>,
        key: impl AsRef<Path>,
    ) -> Result<Self, TlsError> {
        let (certificate, key) = (certificate.as_ref().to_owned(), key.as_ref().to_owned());
        let source = Arc::new(Source { certificate, key });
        Ok(Self { key: source.read()?, source: Some(source) })
    }

    /// The certificates as DER, its own first.
    pub fn certificates(&self) -> impl ExactSizeIterator<Item = &[u8]> {
        self.key.cert.iter().map(|certificate| &**certificate)
    }

    /// As what a client shows to whoever asks.
    #[cfg(feature = "exchange")]
    pub(super) fn shown(&self) -> Arc<rustls::sign::SingleCertAndKey> {
        Arc::new(self.key.clone().into())
    }

    /// The same, from its files as they are now.
    pub(super) fn again(&self) -> Result<Self, TlsError> {
        let Some(source) = &self.source else { return Ok(self.clone()) };
        Ok(Self { key: source.read()?, source: Some(source.clone()) })
    }

    /// When its files were changed last, and how long they are.
    pub(super) fn stamp(&self) -> [Option<(SystemTime, u64)>; 2] {
        let Some(source) = &self.source else { return [None; 2] };
        [&source.certificate, &source.key].map(|path| {
            let metadata = fs::metadata(path).ok()?;
            Some((metadata.modified().ok()?, metadata.len()))
        })
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Identity");
        if let Some(source) = &self.source {
            shown.field("certificate", &source.certificate);
        }
        shown.finish_non_exhaustive()
    }
}

impl Source {
    fn read(&self) -> Result<Arc<CertifiedKey>, TlsError> {
        let file = |path: &Path| {
            fs::read(path).map_err(|error| TlsError::new(format!("{}: {error}", path.display())))
        };
        let read = read(&file(&self.certificate)?, &file(&self.key)?);
        let (certificate, key) = (self.certificate.display(), self.key.display());
        let named = |why: String| TlsError::new(format!("{certificate} and {key}: {why}"));
        read.map(Arc::new).map_err(named)
    }
}

/// Reads a certificate and its key, and looks whether they are of use.
fn read(certificate: &[u8], key: &[u8]) -> Result<CertifiedKey, String> {
    if !has(certificate, "CERTIFICATE")
        && has(certificate, "PRIVATE KEY")
        && has(key, "CERTIFICATE")
    {
        return Err("they are swapped: the first is the key, and the second the certificate".into());
    }
    let chain = certificates(certificate)?;
    let key = private_key(key)?;
    let key = CertifiedKey::from_der(chain, key, provider()).map_err(|error| match error {
        Error::InconsistentKeys(_) => "the key is not that of the certificate".to_owned(),
        other => format!("they cannot be used: {other}"),
    })?;
    warn_of_time(&key);
    Ok(key)
}

/// Whether there is a section of PEM of this kind.
fn has(pem: &[u8], kind: &str) -> bool {
    let text = String::from_utf8_lossy(pem);
    let mut begins = text.lines().filter_map(|line| line.trim().strip_prefix("-----BEGIN "));
    begins.any(|rest| rest.contains(kind))
}

/// The certificates of some PEM, at least one.
pub(super) fn certificates(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, String> {
    let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    match read {
        Ok(found) if !found.is_empty() => Ok(found),
        Ok(_) if has(pem, "") => Err("there is no certificate in what should be one".into()),
        Ok(_) => {
            Err("the certificate is not PEM; of DER, `openssl x509 -inform der` makes it".into())
        }
        Err(error) => Err(format!("the certificate cannot be read: {error}")),
    }
}

fn private_key(pem: &[u8]) -> Result<PrivateKeyDer<'static>, String> {
    if has(pem, "ENCRYPTED PRIVATE KEY") || contains(pem, b"Proc-Type: 4,ENCRYPTED") {
        return Err(
            "the key is encrypted; `openssl pkey -in key.pem -out plain.pem` decrypts it".into()
        );
    }
    PrivateKeyDer::from_pem_slice(pem).map_err(|error| match error {
        rustls::pki_types::pem::Error::NoItemsFound if has(pem, "") => {
            "there is no private key in what should be one".into()
        }
        rustls::pki_types::pem::Error::NoItemsFound => {
            "the key is not PEM; of DER, `openssl pkey -inform der` makes it".into()
        }
        other => format!("the key cannot be read: {other}"),
    })
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    memchr::memmem::find(bytes, part).is_some()
}

/// Says so if a certificate is not valid now. It may be meant to be used later, or by those who do not look.
fn warn_of_time(key: &CertifiedKey) {
    let Some(own) = key.cert.first() else { return };
    if let Some(error) = time_problem(own, UnixTime::now()) {
        tracing::warn!(target: "counterpart", "{}", super::problem::fault(&error));
    }
}

/// That a certificate is not valid at this time.
pub(super) fn time_problem(certificate: &CertificateDer<'_>, now: UnixTime) -> Option<Error> {
    use CertificateError as E;
    // Nobody is trusted here, but whether it is valid now is looked at before that.
    let verified = ParsedCertificate::try_from(certificate).and_then(|parsed| {
        rustls::client::verify_server_cert_signed_by_trust_anchor(
            &parsed,
            &RootCertStore::empty(),
            &[],
            now,
            provider().signature_verification_algorithms.all,
        )
    });
    let is_of_time = |error: &E| {
        matches!(
            error,
            E::Expired | E::ExpiredContext { .. } | E::NotValidYet | E::NotValidYetContext { .. }
        )
    };
    verified
        .err()
        .filter(|error| matches!(error, Error::InvalidCertificate(why) if is_of_time(why)))
}
