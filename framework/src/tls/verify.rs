//! Verifying a server: by rustls or the platform, and then in words.

use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{WebPkiServerVerifier, verify_server_name};
use rustls::crypto::{verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};
use rustls_platform_verifier::Verifier;

use super::identity::time_problem;
use super::problem::Untrusted;
use super::{names, provider};

type Judged = Result<ServerCertVerified, Error>;

/// Whom a client trusts.
#[derive(Debug)]
pub(super) struct Judge {
    /// Certificates that are trusted themselves, as well as what they sign.
    own: Vec<CertificateDer<'static>>,
    /// Nobody judges, and any certificate is good.
    inner: Option<Arc<dyn ServerCertVerifier>>,
    /// A certificate for another name is good too.
    any_name: bool,
}

impl Judge {
    pub(super) const fn of_nobody() -> Self {
        Self { own: Vec::new(), inner: None, any_name: true }
    }

    /// Trusts these roots, and the platform's as well if it is to be asked.
    pub(super) fn new(
        roots: &[CertificateDer<'static>],
        platform: bool,
        any_name: bool,
    ) -> Result<Self, String> {
        let own = roots.to_vec();
        let roots = roots.iter().cloned();
        let inner: Arc<dyn ServerCertVerifier> = if platform {
            let verifier = Verifier::new_with_extra_roots(roots, provider().clone());
            Arc::new(verifier.map_err(|_| NO_ROOTS.to_owned())?)
        } else {
            let mut store = RootCertStore::empty();
            store.add_parsable_certificates(roots);
            WebPkiServerVerifier::builder_with_provider(Arc::new(store), provider().clone())
                .build()
                .map_err(|_| NO_OWN_ROOTS.to_owned())?
        };
        Ok(Self { own, inner: Some(inner), any_name })
    }

    /// Whether this very certificate is one of the roots: one that a server has signed for itself and that calls itself an
    /// authority, as `openssl req -x509` makes them. As such rustls takes none from a server.
    fn trusts_itself(&self, certificate: &CertificateDer<'_>, now: UnixTime) -> bool {
        self.own.iter().any(|own| own == certificate) && time_problem(certificate, now).is_none()
    }

    fn check_name(&self, own: &CertificateDer<'_>, name: &ServerName<'_>) -> Judged {
        if !self.any_name {
            verify_server_name(&ParsedCertificate::try_from(own)?, name)?;
        }
        Ok(ServerCertVerified::assertion())
    }
}

impl ServerCertVerifier for Judge {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Judged {
        use CertificateError as E;
        let Some(inner) = &self.inner else { return Ok(ServerCertVerified::assertion()) };
        match inner.verify_server_cert(certificate, intermediates, name, ocsp, now) {
            Err(Error::InvalidCertificate(
                E::NotValidForName | E::NotValidForNameContext { .. },
            )) if self.any_name => Ok(ServerCertVerified::assertion()),
            Err(Error::InvalidCertificate(E::UnknownIssuer | E::Other(_)))
                if self.trusts_itself(certificate, now) =>
            {
                self.check_name(certificate, name)
            }
            Err(Error::InvalidCertificate(E::Other(_))) if is_own_issuer(certificate) => {
                Err(Untrusted(issuer_of(certificate)).into())
            }
            Err(Error::InvalidCertificate(E::UnknownIssuer)) => {
                let last = intermediates.last().unwrap_or(certificate);
                Err(Untrusted(issuer_of(last)).into())
            }
            judged => judged,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &provider().signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &provider().signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        provider().signature_verification_algorithms.supported_schemes()
    }
}

/// Whether a certificate was signed for itself.
fn is_own_issuer(certificate: &CertificateDer<'_>) -> bool {
    names::issuer(certificate).is_some_and(|(_, itself)| itself)
}

/// Who has issued a certificate, as the subject of a sentence.
fn issuer_of(certificate: &CertificateDer<'_>) -> String {
    match names::issuer(certificate) {
        Some((name, true)) => format!("`{name}`, who signed it for itself,"),
        Some((name, false)) => format!("`{name}`, who issued it,"),
        None => "whoever issued it".to_owned(),
    }
}

const NO_ROOTS: &str = "the system has no root certificates; install them (`ca-certificates`), or give the client its \
                        own with `roots_pem`";
const NO_OWN_ROOTS: &str = "only own roots are trusted, and there are none; `roots_pem` gives some";
