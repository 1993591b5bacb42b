//! The server's side: who it is, by which name, and anew without a restart.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant, SystemTime};

use bytes::BytesMut;
use rustls::pki_types::ServerName;
use rustls::server::{ClientHello, ParsedCertificate, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls::{Connection, ServerConfig, ServerConnection};

use super::wire::Tls;
use super::{ClientCertificates, Identity, OLDER, PROTOCOL, TlsError, problem, provider};
use crate::service::Fault;
use crate::wire::{TlsVersion, Wire};

/// How a server speaks TLS. A clone is the same: what one of them reloads, all have.
///
/// ```no_run
/// use std::time::Duration;
/// use counterpart::tls::{Identity, ServerTls};
///
/// # fn main() -> counterpart::Result<()> {
/// let tls = ServerTls::pem_files("cert.pem", "key.pem")?
///     .and_identity(Identity::pem_files("other.pem", "other-key.pem")?)
///     .watch(Duration::from_secs(60));
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct ServerTls {
    identities: Arc<Identities>,
    config: Arc<ServerConfig>,
    clients: Option<ClientCertificates>,
    min_version: TlsVersion,
}

impl ServerTls {
    /// Of a certificate and its key, each in a file of PEM, as Let's Encrypt's `fullchain.pem` and `privkey.pem`.
    ///
    /// # Errors
    /// As [`Identity::pem_files`].
    pub fn pem_files(
        certificate: impl AsRef<std::path::Path>,
        key: impl AsRef<std::path::Path>,
    ) -> Result<Self, TlsError> {
        Identity::pem_files(certificate, key).map(Self::new)
    }

    /// Of a certificate and its key as PEM.
    ///
    /// # Errors
    /// As [`Identity::pem`].
    pub fn pem(certificate: impl AsRef<[u8]>, key: impl AsRef<[u8]>) -> Result<Self, TlsError> {
        Identity::pem(certificate, key).map(Self::new)
    }

    /// With this identity.
    #[must_use]
    pub fn new(identity: Identity) -> Self {
        Self::of(Identities::new(vec![identity]), None, TlsVersion::V1_2)
    }

    /// With one identity more. A client that asks for a name (SNI, RFC 6066 §3) gets the first whose certificate is for
    /// it, exactly or by a wildcard; one that asks for another, or for none, gets the very first.
    #[must_use]
    pub fn and_identity(self, identity: Identity) -> Self {
        let mut list = self.identities.list().to_vec();
        list.push(identity);
        let every = self.identities.watch.as_ref().map(|watch| watch.every);
        let identities = Identities {
            watch: every.map(|every| Watch::new(every, &list)),
            ..Identities::new(list)
        };
        Self::of(identities, self.clients, self.min_version)
    }

    /// Asks clients for certificates. Default: they are not asked.
    #[must_use]
    pub fn client_certificates(self, clients: ClientCertificates) -> Self {
        Self::of(self.identities.copy(), Some(clients), self.min_version)
    }

    /// Speaks no version before this one. Default: 1.2.
    #[must_use]
    pub fn min_version(self, version: TlsVersion) -> Self {
        Self::of(self.identities.copy(), self.clients, version)
    }

    /// Looks whether the files have changed since it looked last, by their times and lengths, and reads them again if
    /// they have: when a client comes, and not more often than this. Default: never.
    #[must_use]
    pub fn watch(self, every: Duration) -> Self {
        let list = self.identities.list().to_vec();
        let watch = Some(Watch::new(every, &list));
        Self::of(Identities { watch, ..Identities::new(list) }, self.clients, self.min_version)
    }

    /// Reads all files again. Connections that are open keep what they have agreed on.
    ///
    /// # Errors
    /// If one of the identities cannot be used now. Then all of them stay as they were, and a line of the log says so.
    pub fn reload(&self) -> Result<(), TlsError> {
        self.identities.reload()
    }

    fn of(identities: Identities, clients: Option<ClientCertificates>, from: TlsVersion) -> Self {
        let identities = Arc::new(identities);
        let builder = ServerConfig::builder_with_provider(provider().clone())
            .with_protocol_versions(from.and_later())
            .expect("the provider has ciphers for both versions");
        let builder = match &clients {
            Some(clients) => builder.with_client_cert_verifier(clients.0.clone()),
            None => builder.with_no_client_auth(),
        };
        let mut config = builder.with_cert_resolver(identities.clone());
        config.alpn_protocols = vec![PROTOCOL.to_vec(), OLDER.to_vec()];
        // Without one, each client begins anew each time: slower, and no less safe.
        if let Ok(ticketer) = rustls::crypto::ring::Ticketer::new() {
            config.ticketer = ticketer;
        }
        Self { identities, config: Arc::new(config), clients, min_version: from }
    }

    /// Begins a session on a wire, of which these bytes were read already; [`Tls::poll_handshake`] is next.
    ///
    /// # Errors
    /// If no session can be begun.
    pub fn begin<W: Wire>(&self, wire: W, read: BytesMut) -> Result<Tls<W>, Fault> {
        self.identities.look();
        let session = ServerConnection::new(self.config.clone());
        let session = session.map_err(|error| problem::fault(&error))?;
        Ok(Tls::new(wire, Connection::Server(session), read))
    }
}

impl fmt::Debug for ServerTls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerTls")
            .field("identities", &self.identities.list())
            .field("clients", &self.clients)
            .field("min_version", &self.min_version)
            .finish_non_exhaustive()
    }
}

/// All that a server can be, which may change while it serves.
struct Identities {
    list: RwLock<Arc<[Identity]>>,
    watch: Option<Watch>,
}

impl Identities {
    fn new(list: Vec<Identity>) -> Self {
        Self { list: RwLock::new(list.into()), watch: None }
    }

    fn copy(&self) -> Self {
        let list = self.list().to_vec();
        let watch = self.watch.as_ref().map(|watch| Watch::new(watch.every, &list));
        Self { watch, ..Self::new(list) }
    }

    fn list(&self) -> Arc<[Identity]> {
        // No code that can panic runs under the lock.
        self.list.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn reload(&self) -> Result<(), TlsError> {
        let read: Result<Vec<_>, _> = self.list().iter().map(Identity::again).collect();
        match read {
            Ok(list) => {
                *self.list.write().unwrap_or_else(PoisonError::into_inner) = list.into();
                Ok(())
            }
            Err(error) => {
                tracing::error!(target: "counterpart", "certificates stay as they were: {error}");
                Err(error)
            }
        }
    }

    /// Reads the files again, if it is time to look and they have changed.
    fn look(&self) {
        if self.watch.as_ref().is_some_and(|watch| watch.sees_change(&self.list())) {
            // It has told of an error itself.
            let _ = self.reload();
        }
    }
}

impl ResolvesServerCert for Identities {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let list = self.list();
        let signs = |identity: &&Identity| {
            identity.key.key.choose_scheme(hello.signature_schemes()).is_some()
        };
        let name = hello.server_name().and_then(|name| ServerName::try_from(name).ok());
        let named = name
            .and_then(|name| list.iter().filter(|identity| is_for(identity, &name)).find(signs));
        named.or_else(|| list.first()).map(|identity| identity.key.clone())
    }
}

impl fmt::Debug for Identities {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.list().fmt(f)
    }
}

/// Whether a certificate is for a name.
fn is_for(identity: &Identity, name: &ServerName<'_>) -> bool {
    let parsed = identity.key.cert.first().map(ParsedCertificate::try_from);
    matches!(parsed, Some(Ok(parsed)) if rustls::client::verify_server_name(&parsed, name).is_ok())
}

/// When files are looked at, and how they were.
struct Watch {
    every: Duration,
    seen: Mutex<(Instant, Vec<Stamp>)>,
}

type Stamp = [Option<(SystemTime, u64)>; 2];

impl Watch {
    fn new(every: Duration, list: &[Identity]) -> Self {
        Self { every, seen: Mutex::new((Instant::now(), stamps(list))) }
    }

    fn sees_change(&self, list: &[Identity]) -> bool {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.0.elapsed() < self.every {
            return false;
        }
        let now = stamps(list);
        let changed = seen.1 != now;
        *seen = (Instant::now(), now);
        changed
    }
}

fn stamps(list: &[Identity]) -> Vec<Stamp> {
    list.iter().map(Identity::stamp).collect()
}
