//! Dialling: from an origin to a socket.
//!
//! Here: which addresses a name has and which of them may be called, in what order they are tried, how a socket is
//! made.
//! Not here: what is said on it first, to proxies and by TLS (`connect`).
//! Read in this order: `names`, `public`, this file, `race`, `blocking`.

#[cfg(feature = "blocking")]
mod blocking;
mod names;
mod public;
#[cfg(feature = "client")]
mod race;

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use socket2::{Domain, Protocol, SockRef, Socket, TcpKeepalive, Type};

use super::origin::Origin;
use crate::service::{Fault, FaultKind};
use names::Names;

pub use names::Resolver;
pub use public::is_public;

/// How a socket is made, and to which address.
#[derive(Debug, Clone)]
pub(super) struct Dial {
    pub(super) names: Names,
    /// Where it comes from, if that is not left to the system.
    pub(super) local: Option<SocketAddr>,
    /// After how long a silence the system asks whether the peer is still there.
    pub(super) keepalive: Option<Duration>,
    /// Each write leaves at once.
    pub(super) nodelay: bool,
}

impl Default for Dial {
    fn default() -> Self {
        Self { names: Names::default(), local: None, keepalive: None, nodelay: true }
    }
}

impl Dial {
    /// A socket that is not connected yet.
    fn socket(&self, to: SocketAddr) -> io::Result<Socket> {
        let socket = Socket::new(Domain::for_address(to), Type::STREAM, Some(Protocol::TCP))?;
        if let Some(local) = self.local {
            socket.set_reuse_address(true)?;
            socket.bind(&local.into())?;
        }
        self.tune(&SockRef::from(&socket))?;
        Ok(socket)
    }

    fn tune(&self, socket: &SockRef<'_>) -> io::Result<()> {
        if let Some(time) = self.keepalive {
            socket.set_tcp_keepalive(&TcpKeepalive::new().with_time(time))?;
        }
        // A system that cannot only loses time.
        let _ = socket.set_tcp_nodelay(self.nodelay);
        Ok(())
    }

    /// Whether an origin may be called, as far as that can be told without looking it up.
    #[cfg(feature = "client")]
    pub(super) fn may_call(&self, origin: &Origin) -> Result<(), Fault> {
        let written = origin.host().parse().map(|address| SocketAddr::new(address, origin.port()));
        self.names.filter(origin.host(), &mut written.into_iter().collect())
    }

    /// Which of the addresses that were found are called, and in which order.
    fn choose(
        &self,
        origin: &Origin,
        whom: Whom,
        found: io::Result<Vec<SocketAddr>>,
    ) -> Result<Vec<SocketAddr>, Fault> {
        let mut found = found.map_err(|error| unreached(origin, error))?;
        if whom == Whom::Server {
            self.names.filter(origin.host(), &mut found)?;
        }
        found.retain(|to| self.local.is_none_or(|local| local.is_ipv4() == to.is_ipv4()));
        match found.is_empty() {
            true => Err(unreached(origin, "the name has no address")),
            false => Ok(names::in_turn(&found)),
        }
    }
}

/// Whom a connection is made to. A proxy is the program's own choice, so that its address is not filtered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whom {
    Server,
    #[cfg(feature = "client")]
    Proxy,
}

/// What came of the addresses that were called.
#[derive(Debug, Default)]
struct Failures(Vec<(SocketAddr, String)>);

impl Failures {
    fn add(&mut self, to: SocketAddr, why: impl fmt::Display) {
        self.0.push((to, why.to_string()));
    }
}

/// `[::1]:80: refused; 127.0.0.1:80: no answer`
impl fmt::Display for Failures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (to, why)) in self.0.iter().enumerate() {
            let comma = if index == 0 { "" } else { "; " };
            write!(f, "{comma}{to}: {why}")?;
        }
        Ok(())
    }
}

/// That an origin was not reached, and why.
fn unreached(origin: &Origin, why: impl fmt::Display) -> Fault {
    Fault::new(FaultKind::Connect, format!("{origin}: {why}"))
}
