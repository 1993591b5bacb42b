//! The connector: how connections are made, and what holds on them.

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use http::HeaderName;

use super::dial::Dial;
use super::origin::Origin;
#[cfg(feature = "client")]
use super::pool::Pooling;
#[cfg(feature = "client")]
use super::proxy::Proxy;
use crate::drive::exchange::{OnInterim, Terms};
use crate::drive::timeouts::Timeouts;
use crate::drive::trace::Trace;
use crate::proto::h1::Limits;
use crate::text::ResponseHead;
#[cfg(feature = "tls")]
use crate::tls::ClientTls;

/// How a [`Connection`](super::Connection) is made, and what holds for each request on it; the same for those of a
/// [`Client`](super::Client), which is given one by [`with_connector`](super::Client::with_connector).
///
/// ```no_run
/// use std::time::Duration;
/// use counterpart::client::{Connector, Timeouts};
///
/// # async fn connect() -> Result<(), counterpart::Fault> {
/// let mut timeouts = Timeouts::default();
/// timeouts.connect = Duration::from_secs(2);
/// let connector = Connector::new().timeouts(timeouts).trace_to_stderr();
/// let connection = connector.connect("localhost:8080").await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default)]
pub struct Connector {
    pub(super) dial: Dial,
    #[cfg(feature = "tls")]
    pub(super) tls: ClientTls,
    /// Where all connections lead to, whatever their origin.
    pub(super) unix: Option<PathBuf>,
    /// Those that may be asked, in this order.
    #[cfg(feature = "client")]
    pub(super) proxies: Vec<Arc<Proxy>>,
    #[cfg(feature = "client")]
    pub(super) pooling: Pooling,
    #[cfg(feature = "client")]
    pub(super) repeat_keyed: bool,
    pub(super) terms: Arc<Terms>,
    pub(super) limits: Option<Arc<Limits>>,
    pub(super) without_host: bool,
}

/// Where a connection comes from: an address of this machine, and maybe a port.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LocalAddress(SocketAddr);

impl From<IpAddr> for LocalAddress {
    fn from(address: IpAddr) -> Self {
        Self(SocketAddr::new(address, 0))
    }
}

impl From<SocketAddr> for LocalAddress {
    fn from(address: SocketAddr) -> Self {
        Self(address)
    }
}

impl Connector {
    /// With the defaults.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How long is waited for each thing. Default: see [`Timeouts`].
    #[must_use]
    pub fn timeouts(mut self, timeouts: Timeouts) -> Self {
        Arc::make_mut(&mut self.terms).timeouts = timeouts;
        self
    }

    /// How `https` is spoken. Default: [`ClientTls::new`], which trusts whom the platform trusts.
    #[cfg(feature = "tls")]
    #[must_use]
    pub fn tls(mut self, tls: ClientTls) -> Self {
        self.tls = tls;
        self
    }

    /// How much a peer may send. Default: [`Limits::client`].
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = Some(Arc::new(limits));
        self
    }

    /// Makes all connections to this Unix socket, whatever host their URLs name, as `curl --unix-socket` does.
    ///
    /// ```
    /// use counterpart::client::{Client, Connector};
    ///
    /// # fn main() -> Result<(), counterpart::Fault> {
    /// let docker = Connector::new().unix("/run/docker.sock");
    /// let client = Client::new("http://docker")?.with_connector(docker);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn unix(mut self, path: impl Into<PathBuf>) -> Self {
        self.unix = Some(path.into());
        self
    }

    /// The Unix socket that leads to an origin, if one does.
    pub(super) fn socket_of<'s>(&'s self, origin: &'s Origin) -> Option<&'s Path> {
        self.unix.as_deref().or(origin.path())
    }

    /// Where connections come from: an [`IpAddr`], or a [`SocketAddr`] with a port of one's own. Default: as the
    /// system likes. Of a name's addresses only those of the same family are then called.
    #[must_use]
    pub fn local_address(mut self, address: impl Into<LocalAddress>) -> Self {
        self.dial.local = Some(address.into().0);
        self
    }

    /// After how long a silence the system asks the peer whether it is still there. Default: never.
    #[must_use]
    pub const fn keepalive(mut self, time: Duration) -> Self {
        self.dial.keepalive = Some(time);
        self
    }

    /// Whether each write leaves at once (`TCP_NODELAY`). Default true: whole messages are written.
    #[must_use]
    pub const fn nodelay(mut self, nodelay: bool) -> Self {
        self.dial.nodelay = nodelay;
        self
    }

    /// Is told of each interim response but 101, such as 103 with its early hints. A request may have an
    /// [`OnInterim`] of its own, which is told instead.
    #[must_use]
    pub fn on_interim(mut self, function: impl Fn(&ResponseHead) + Send + Sync + 'static) -> Self {
        Arc::make_mut(&mut self.terms).on_interim = Some(OnInterim::new(function));
        self
    }

    /// Whether requests get a `Host` field where they have none. Default true. HTTP/1.1 requires one, so that a
    /// request then brings it, or is of HTTP/1.0.
    #[must_use]
    pub const fn host_field(mut self, host: bool) -> Self {
        self.without_host = !host;
        self
    }

    /// Is told what travels, line by line: `> GET / HTTP/1.1`, `< HTTP/1.1 200 OK`; of content its length alone. The
    /// values of `Authorization`, `Proxy-Authorization`, `Cookie` and `Set-Cookie` are hidden, and control
    /// characters escaped.
    ///
    /// The same lines are events of `tracing` under `counterpart::wire` at the level TRACE, of every client.
    #[must_use]
    pub fn trace(mut self, sink: impl Fn(&str) + Send + Sync + 'static) -> Self {
        Arc::make_mut(&mut self.terms).trace.sink = Some(Arc::new(sink));
        self
    }

    /// Writes what travels to the standard error.
    #[must_use]
    pub fn trace_to_stderr(self) -> Self {
        self.trace(|line| eprintln!("{line}"))
    }

    /// Hides the values of one more field from whoever is told what travels.
    #[must_use]
    pub fn hide(mut self, name: HeaderName) -> Self {
        let Trace { hidden, .. } = &mut Arc::make_mut(&mut self.terms).trace;
        *hidden = hidden.iter().cloned().chain([name]).collect();
        self
    }
}
