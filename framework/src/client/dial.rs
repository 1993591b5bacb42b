//! Dialling: from a name to a socket.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use socket2::{Domain, Protocol, SockRef, Socket, TcpKeepalive, Type};

/// How a socket is made.
#[derive(Debug, Clone)]
pub(super) struct Dial {
    /// Where it comes from, if that is not left to the system.
    pub(super) local: Option<SocketAddr>,
    /// After how long a silence the system asks whether the peer is still there.
    pub(super) keepalive: Option<Duration>,
    /// Each write leaves at once.
    pub(super) nodelay: bool,
}

impl Default for Dial {
    fn default() -> Self {
        Self { local: None, keepalive: None, nodelay: true }
    }
}

impl Dial {
    /// A socket that is not connected yet.
    pub(super) fn socket(&self, to: SocketAddr) -> io::Result<Socket> {
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

    /// Whether an address can be reached from where the socket is to come from.
    pub(super) fn suits(&self, to: SocketAddr) -> bool {
        self.local.is_none_or(|local| local.is_ipv4() == to.is_ipv4())
    }
}

/// That a name has no address that could be called.
pub(super) fn nowhere() -> io::Error {
    io::Error::new(io::ErrorKind::NotFound, "the name has no address")
}

#[cfg(feature = "client")]
mod asynchronous {
    use tokio::net::{TcpSocket, lookup_host};
    use tokio::time::timeout;

    use super::*;
    use crate::client::Authority;
    use crate::io::Tcp;
    use crate::service::{Fault, FaultKind, Phase};

    impl Dial {
        /// Connects to the first of a name's addresses that answers.
        pub(crate) async fn connect(
            &self,
            authority: &Authority,
            limit: Duration,
        ) -> Result<Tcp, Fault> {
            let failed = |error| Fault::new(FaultKind::Connect, format!("{authority}: {error}"));
            match timeout(limit, self.first(authority)).await {
                Ok(connected) => connected.map_err(failed),
                Err(_) => Err(FaultKind::Timeout(Phase::Connect).into()),
            }
        }

        async fn first(&self, authority: &Authority) -> io::Result<Tcp> {
            let mut last = None;
            for address in lookup_host((authority.host(), authority.port())).await? {
                match self.one(address).await {
                    Ok(wire) => return Ok(wire),
                    Err(error) => last = Some(error),
                }
            }
            Err(last.unwrap_or_else(nowhere))
        }

        async fn one(&self, address: SocketAddr) -> io::Result<Tcp> {
            if !self.suits(address) {
                return Err(nowhere());
            }
            let socket = self.socket(address)?;
            socket.set_nonblocking(true)?;
            let stream = TcpSocket::from_std_stream(socket.into()).connect(address).await?;
            Ok(Tcp::of_tuned(stream, address))
        }
    }
}
