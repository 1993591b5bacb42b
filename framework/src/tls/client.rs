//! The client's side: whom it trusts, and who it is.

use std::fmt;
use std::fs;
use std::future::poll_fn;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use bytes::BytesMut;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, Connection};

use super::certificates::roots;
use super::verify::Judge;
use super::wire::Tls;
use super::{Identity, PROTOCOL, TlsError, TlsProblem, problem, provider};
use crate::service::{Fault, FaultKind};
use crate::wire::{TlsVersion, Wire};

/// How a client speaks TLS. Unless told otherwise it trusts whom the platform trusts, as browsers do, and looks that the
/// certificate is for the host that it calls.
///
/// ```no_run
/// use counterpart::tls::{ClientTls, TlsVersion};
///
/// # fn main() -> counterpart::Result<()> {
/// let tls = ClientTls::new().roots_pem_file("our-ca.pem")?.min_version(TlsVersion::V1_3);
/// # Ok(())
/// # }
/// ```
///
/// A clone shares what is remembered of servers, so that each later handshake with one of them is shorter.
#[derive(Clone)]
pub struct ClientTls {
    settings: Settings,
    /// Made when it is first needed: reading the platform's roots takes its time.
    config: Arc<OnceLock<Result<Arc<ClientConfig>, String>>>,
}

#[derive(Clone)]
struct Settings {
    roots: Vec<CertificateDer<'static>>,
    platform: bool,
    identity: Option<Identity>,
    min_version: TlsVersion,
    server_name: Option<String>,
    any_certificate: bool,
    any_name: bool,
}

impl Default for ClientTls {
    fn default() -> Self {
        Self::new()
    }
}

impl ClientTls {
    /// With the platform's roots, the versions 1.2 and 1.3, and no certificate of our own.
    #[must_use]
    pub fn new() -> Self {
        Self::of(Settings {
            roots: Vec::new(),
            platform: true,
            identity: None,
            min_version: TlsVersion::V1_2,
            server_name: None,
            any_certificate: false,
            any_name: false,
        })
    }

    /// Trusts these roots as well, which are PEM: one or several.
    ///
    /// # Errors
    /// If there is no certificate in the PEM, or one that is no root.
    pub fn roots_pem(self, pem: impl AsRef<[u8]>) -> Result<Self, TlsError> {
        let mut settings = self.settings;
        settings.roots.append(&mut roots(pem.as_ref())?);
        Ok(Self::of(settings))
    }

    /// Trusts the roots of a file of PEM as well.
    ///
    /// # Errors
    /// As [`roots_pem`](Self::roots_pem), and if it cannot be read.
    pub fn roots_pem_file(self, path: impl AsRef<Path>) -> Result<Self, TlsError> {
        let path = path.as_ref();
        let named = |said: String| TlsError::new(format!("{}: {said}", path.display()));
        let pem = fs::read(path).map_err(|error| named(error.to_string()))?;
        self.roots_pem(pem).map_err(|error| named(error.to_string()))
    }

    /// Trusts the roots that it is given, and not those of the platform.
    #[must_use]
    pub fn only_own_roots(self) -> Self {
        Self::of(Settings { platform: false, ..self.settings })
    }

    /// Shows this certificate to servers that ask for one.
    #[must_use]
    pub fn identity(self, identity: Identity) -> Self {
        Self::of(Settings { identity: Some(identity), ..self.settings })
    }

    /// Speaks no version before this one. Default: 1.2.
    #[must_use]
    pub fn min_version(self, version: TlsVersion) -> Self {
        Self::of(Settings { min_version: version, ..self.settings })
    }

    /// Asks for this name, and looks that the certificate is for it, whatever host is called: for a server that is
    /// reached by another name or by an address.
    #[must_use]
    pub fn server_name(self, name: impl Into<String>) -> Self {
        Self::of(Settings { server_name: Some(name.into()), ..self.settings })
    }

    /// Takes any certificate, whoever has issued it, for whatever name and time. Then anybody in between can read and
    /// write all that travels: for tests alone.
    #[must_use]
    pub fn danger_accept_any_certificate(self) -> Self {
        Self::of(Settings { any_certificate: true, ..self.settings })
    }

    /// Takes a good certificate for whatever name. Then anybody who has one for any name can stand in between.
    #[must_use]
    pub fn danger_accept_any_name(self) -> Self {
        Self::of(Settings { any_name: true, ..self.settings })
    }

    fn of(settings: Settings) -> Self {
        Self { settings, config: Arc::default() }
    }

    /// Speaks TLS with this host over a wire to it, once both sides agree. No deadline holds here.
    ///
    /// # Errors
    /// [`FaultKind::Tls`] if they do not agree; else as the wire fails.
    pub async fn secure<W: Wire>(&self, wire: W, host: &str) -> Result<Tls<W>, Fault> {
        let mut tls = self.begin(wire, host)?;
        poll_fn(|cx| tls.poll_handshake(cx)).await?;
        Ok(tls)
    }

    /// Begins a session with this host on a wire; [`Tls::poll_handshake`] is next.
    ///
    /// # Errors
    /// If the host is none that a certificate could be for, or whom to trust cannot be told.
    pub fn begin<W: Wire>(&self, wire: W, host: &str) -> Result<Tls<W>, Fault> {
        let host = self.settings.server_name.as_deref().unwrap_or(host);
        // A zone is of this machine, and no certificate is for one; nor for a name with the dot that ends it.
        let plain = host.split('%').next().unwrap_or_default();
        let plain = plain.strip_suffix('.').unwrap_or(plain);
        let name = ServerName::try_from(plain.to_owned()).map_err(|_| {
            let said = format!("`{host}` is nothing that a certificate could be for");
            Fault::new(FaultKind::InvalidUrl, said)
        })?;
        let session = ClientConnection::new(self.config()?, name);
        let session = session.map_err(|error| problem::fault(&error))?;
        Ok(Tls::new(wire, Connection::Client(session), BytesMut::new()))
    }

    fn config(&self) -> Result<Arc<ClientConfig>, Fault> {
        let built = self.config.get_or_init(|| self.settings.build().map(Arc::new));
        built.clone().map_err(|said| problem::new(TlsProblem::NoRoots, said))
    }
}

impl Settings {
    fn judge(&self) -> Result<Judge, String> {
        if self.any_certificate {
            return Ok(Judge::of_nobody());
        }
        Judge::new(&self.roots, self.platform, self.any_name)
    }

    fn build(&self) -> Result<ClientConfig, String> {
        let builder = ClientConfig::builder_with_provider(provider().clone())
            .with_protocol_versions(self.min_version.and_later())
            .expect("the provider has ciphers for both versions");
        let judged = builder.dangerous().with_custom_certificate_verifier(Arc::new(self.judge()?));
        let mut config = match &self.identity {
            Some(identity) => judged.with_client_cert_resolver(identity.shown()),
            None => judged.with_no_client_auth(),
        };
        config.alpn_protocols = vec![PROTOCOL.to_vec()];
        Ok(config)
    }
}

impl fmt::Debug for ClientTls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Settings { roots, platform, identity, any_certificate, any_name, .. } = &self.settings;
        f.debug_struct("ClientTls")
            .field("roots", &roots.len())
            .field("platform", platform)
            .field("identity", identity)
            .field("any_certificate", any_certificate)
            .field("any_name", any_name)
            .finish_non_exhaustive()
    }
}
