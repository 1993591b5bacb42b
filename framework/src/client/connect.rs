//! Connecting: from an origin to a wire on which HTTP can be spoken.

use std::path::Path;

use super::connector::Connector;
use super::dial::Whom;
use super::origin::{Origin, Scheme};
use super::proxy::{Proxy, Way};
#[cfg(feature = "tls")]
use crate::drive::exchange::Terms;
use crate::io::AnyWire;
#[cfg(any(unix, feature = "tls"))]
use crate::service::Phase;
use crate::service::{Fault, FaultKind};
#[cfg(feature = "tls")]
use crate::wire::Wire;

impl Connector {
    /// Finds the origin, connects, and begins TLS where the scheme asks for it.
    pub(super) async fn wire_to(&self, origin: &Origin) -> Result<AnyWire, Fault> {
        self.wire_by(self.way_to(origin)?, origin).await
    }

    /// The same by this way.
    pub(super) async fn wire_by(&self, way: Way<'_>, origin: &Origin) -> Result<AnyWire, Fault> {
        let wire = match way {
            Way::Direct => match self.socket_of(origin) {
                Some(path) => self.connect_to_socket(path).await?,
                None => AnyWire::Tcp(self.dial.connect(origin, Whom::Server, &self.terms).await?),
            },
            Way::Forward(proxy) => return self.wire_to_proxy(proxy).await,
            Way::Tunnel(proxy) => {
                let wire = self.wire_to_proxy(proxy).await?;
                AnyWire::boxed(self.tunnel_over(wire, proxy, origin).await?)
            }
        };
        self.secured(wire, origin).await
    }

    /// Connects to a proxy, whatever its address: the program itself has named it.
    pub(super) async fn wire_to_proxy(&self, proxy: &Proxy) -> Result<AnyWire, Fault> {
        let origin = proxy.origin();
        let wire = match origin.path() {
            Some(path) => self.connect_to_socket(path).await?,
            None => AnyWire::Tcp(self.dial.connect(origin, Whom::Proxy, &self.terms).await?),
        };
        self.secured(wire, origin).await
    }

    /// Begins TLS where the scheme asks for it.
    async fn secured(&self, wire: AnyWire, origin: &Origin) -> Result<AnyWire, Fault> {
        match origin.scheme() {
            Scheme::Http => Ok(wire),
            Scheme::Https => self.secure(wire, origin).await,
        }
    }

    #[cfg(unix)]
    async fn connect_to_socket(&self, path: &Path) -> Result<AnyWire, Fault> {
        let connecting = crate::io::Unix::connect(path);
        match tokio::time::timeout(self.terms.timeouts.connect, connecting).await {
            Ok(Ok(wire)) => {
                self.terms.trace.note(|| format!("connected to unix:{}", path.display()));
                Ok(AnyWire::Unix(wire))
            }
            Ok(Err(error)) => {
                let why = format!("unix:{}: {error}", path.display());
                Err(Fault::new(FaultKind::Connect, why))
            }
            Err(_) => Err(FaultKind::Timeout(Phase::Connect).into()),
        }
    }

    #[cfg(not(unix))]
    async fn connect_to_socket(&self, path: &Path) -> Result<AnyWire, Fault> {
        let why = format!("unix:{}: this system has no such sockets", path.display());
        Err(Fault::new(FaultKind::Connect, why))
    }

    #[cfg(feature = "tls")]
    async fn secure(&self, wire: AnyWire, origin: &Origin) -> Result<AnyWire, Fault> {
        let Terms { timeouts, trace, .. } = &*self.terms;
        let securing = self.tls.secure(wire, origin.host());
        let secured = tokio::time::timeout(timeouts.tls, securing).await;
        let wire = secured.unwrap_or(Err(FaultKind::Timeout(Phase::Tls).into()))?;
        trace.note(|| wire.tls().map_or_else(String::new, ToString::to_string));
        Ok(AnyWire::boxed(wire))
    }

    #[cfg(not(feature = "tls"))]
    async fn secure(&self, _: AnyWire, origin: &Origin) -> Result<AnyWire, Fault> {
        Err(super::origin::needs_tls(origin))
    }
}
