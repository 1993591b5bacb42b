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
    use crate::client::Origin;
    use crate::io::Tcp;
    use crate::service::{Fault, FaultKind, Phase};

    impl Dial {
        /// Connects to the first of a name's addresses that answers.
        pub(crate) async fn connect(&self, origin: &Origin, limit: Duration) -> Result<Tcp, Fault> {
            let failed = |error| Fault::new(FaultKind::Connect, format!("{origin}: {error}"));
            match timeout(limit, self.first(origin)).await {
                Ok(connected) => connected.map_err(failed),
                Err(_) => Err(FaultKind::Timeout(Phase::Connect).into()),
            }
        }

        async fn first(&self, origin: &Origin) -> io::Result<Tcp> {
            let mut last = None;
            for address in lookup_host((origin.host(), origin.port())).await? {
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

#[cfg(feature = "blocking")]
mod blocking {
    use std::net::{IpAddr, TcpStream, ToSocketAddrs};
    use std::sync::mpsc;
    use std::thread;
    use std::time::Instant;

    use super::*;
    use crate::client::Origin;
    use crate::service::{Fault, FaultKind, Phase};

    impl Dial {
        /// The same, for a thread that waits.
        pub(crate) fn connect_blocking(
            &self,
            origin: &Origin,
            limit: Duration,
        ) -> Result<TcpStream, Fault> {
            self.first_blocking(origin, limit).map_err(|error| match error.kind() {
                io::ErrorKind::TimedOut => FaultKind::Timeout(Phase::Connect).into(),
                _ => Fault::new(FaultKind::Connect, format!("{origin}: {error}")),
            })
        }

        fn first_blocking(&self, origin: &Origin, limit: Duration) -> io::Result<TcpStream> {
            let start = Instant::now();
            let mut last = nowhere();
            for address in lookup(origin, limit)?.into_iter().filter(|to| self.suits(*to)) {
                let left = limit.saturating_sub(start.elapsed());
                let socket = self.socket(address)?;
                // No time at all would be an error of its own.
                match socket.connect_timeout(&address.into(), left.max(LEAST)) {
                    Ok(()) => return Ok(socket.into()),
                    Err(error) => last = error,
                }
            }
            Err(last)
        }
    }

    /// The addresses of a host. The system looks a name up for as long as it likes, so another thread waits for that.
    fn lookup(origin: &Origin, limit: Duration) -> io::Result<Vec<SocketAddr>> {
        let (host, port) = (origin.host().to_owned(), origin.port());
        if let Ok(address) = host.parse::<IpAddr>() {
            return Ok(vec![SocketAddr::new(address, port)]);
        }
        let (found, finding) = mpsc::channel();
        thread::Builder::new().name("lookup".to_owned()).spawn(move || {
            let all = (host.as_str(), port).to_socket_addrs().map(Iterator::collect);
            // Nobody may be left to hear it.
            let _ = found.send(all);
        })?;
        finding.recv_timeout(limit).map_err(|_| io::Error::from(io::ErrorKind::TimedOut))?
    }

    /// The shortest time that a socket can be told.
    const LEAST: Duration = Duration::from_millis(1);
}
