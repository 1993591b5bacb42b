//! Certificates of clients: whose are good, and whether one must be shown.

use std::fmt;
use std::sync::Arc;

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::server::danger::ClientCertVerifier;
use rustls::server::{ClientCertVerifierBuilder, WebPkiClientVerifier};

use super::identity::certificates;
use super::{TlsError, provider};

/// Whether clients show certificates, and who must have issued them. Who a client is then is for the handler to say, by
/// [`TlsInfo::peer_certificates`](crate::wire::TlsInfo::peer_certificates).
#[derive(Clone)]
pub struct ClientCertificates(pub(super) Arc<dyn ClientCertVerifier>);

impl ClientCertificates {
    /// Each client shows a certificate that leads to one of these roots, which are PEM. Others are refused in the
    /// handshake.
    ///
    /// # Errors
    /// If there is no certificate in the PEM, or one that is no root.
    pub fn required(roots: impl AsRef<[u8]>) -> Result<Self, TlsError> {
        Self::of(Self::builder(roots.as_ref())?.build())
    }

    /// A client may show one, and may not; a bad one is refused in the handshake.
    ///
    /// # Errors
    /// As [`required`](Self::required).
    pub fn optional(roots: impl AsRef<[u8]>) -> Result<Self, TlsError> {
        Self::of(Self::builder(roots.as_ref())?.allow_unauthenticated().build())
    }

    fn builder(pem: &[u8]) -> Result<ClientCertVerifierBuilder, TlsError> {
        let store = Arc::new(store(&roots(pem)?)?);
        Ok(WebPkiClientVerifier::builder_with_provider(store, provider().clone()))
    }

    fn of<E: fmt::Display>(
        built: Result<Arc<dyn ClientCertVerifier>, E>,
    ) -> Result<Self, TlsError> {
        built.map(Self).map_err(|error| TlsError::new(format!("the roots cannot be used: {error}")))
    }
}

impl fmt::Debug for ClientCertificates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let required = self.0.client_auth_mandatory();
        f.debug_struct("ClientCertificates").field("required", &required).finish_non_exhaustive()
    }
}

/// The roots of some PEM, each of which can be one.
pub(super) fn roots(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let roots = certificates(pem).map_err(|why| TlsError::new(format!("the roots: {why}")))?;
    store(&roots).map(|_| roots)
}

fn store(roots: &[CertificateDer<'static>]) -> Result<RootCertStore, TlsError> {
    let mut store = RootCertStore::empty();
    for root in roots {
        let added = store.add(root.clone());
        added
            .map_err(|error| TlsError::new(format!("one of the roots cannot be used: {error}")))?;
    }
    Ok(store)
}
