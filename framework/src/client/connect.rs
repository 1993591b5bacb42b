//! Connecting: from an origin to a wire on which HTTP can be spoken.

use tokio::time::timeout;

use super::connector::Connector;
use super::origin::{Origin, Scheme, needs_tls};
use crate::io::AnyWire;
use crate::service::{Fault, FaultKind, Phase};

impl Connector {
    /// Finds the origin, connects, and begins TLS where the scheme asks for it.
    pub(super) async fn wire_to(&self, origin: &Origin) -> Result<AnyWire, Fault> {
        let wire = match origin.path() {
            None => {
                self.dial.connect(origin, self.terms.timeouts.connect).await.map(AnyWire::Tcp)?
            }
            Some(_) => self.socket_of(origin).await?,
        };
        match origin.scheme() {
            Scheme::Http => Ok(wire),
            Scheme::Https => self.secure(wire, origin).await,
        }
    }

    #[cfg(unix)]
    async fn socket_of(&self, origin: &Origin) -> Result<AnyWire, Fault> {
        let connecting = crate::io::Unix::connect(origin.path().unwrap_or("".as_ref()));
        match timeout(self.terms.timeouts.connect, connecting).await {
            Ok(Ok(wire)) => Ok(AnyWire::Unix(wire)),
            Ok(Err(error)) => Err(Fault::new(FaultKind::Connect, format!("{origin}: {error}"))),
            Err(_) => Err(FaultKind::Timeout(Phase::Connect).into()),
        }
    }

    #[cfg(not(unix))]
    async fn socket_of(&self, origin: &Origin) -> Result<AnyWire, Fault> {
        Err(Fault::new(FaultKind::Connect, format!("{origin}: this system has no such sockets")))
    }

    async fn secure(&self, _: AnyWire, origin: &Origin) -> Result<AnyWire, Fault> {
        Err(needs_tls(origin))
    }
}
