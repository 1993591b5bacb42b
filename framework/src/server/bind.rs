//! Binding: from the words for an address to a listener, or to words on why not.

use std::fmt;
use std::io;
use std::net::SocketAddr;

use socket2::{Domain, Protocol, Socket, Type};
use tokio::net::{TcpListener, lookup_host};

/// An address that cannot be listened on, and what to do about it.
#[derive(Debug)]
pub struct BindError {
    address: String,
    source: io::Error,
}

/// Listens on the first of the addresses the words stand for.
pub(super) async fn listen(address: String) -> Result<(TcpListener, SocketAddr), BindError> {
    match first(&address).await {
        Ok(bound) => Ok(bound),
        Err(source) => Err(BindError { address, source }),
    }
}

/// The same for several listeners on one port, of which this is the first.
pub(super) async fn listen_shared(
    address: String,
) -> Result<(std::net::TcpListener, SocketAddr), BindError> {
    match first(&address).await.and_then(|(taken, at)| {
        // A port that other programs share can be shared with them unawares, so it is taken alone first.
        drop(taken);
        let listener = shared(at)?;
        let at = listener.local_addr()?;
        Ok((listener, at))
    }) {
        Ok(bound) => Ok(bound),
        Err(source) => Err(BindError { address, source }),
    }
}

/// A listener on a port that has others, among which the operating system parts the connections.
pub(super) fn shared(at: SocketAddr) -> io::Result<std::net::TcpListener> {
    let socket = Socket::new(Domain::for_address(at), Type::STREAM, Some(Protocol::TCP))?;
    #[cfg(unix)]
    socket.set_reuse_address(true)?;
    #[cfg(target_os = "linux")]
    socket.set_reuse_port(true)?;
    socket.set_nonblocking(true)?;
    socket.bind(&at.into())?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}

async fn first(address: &str) -> io::Result<(TcpListener, SocketAddr)> {
    let mut last = None;
    for address in lookup_host(address).await? {
        match TcpListener::bind(address).await {
            Ok(listener) => {
                let bound = listener.local_addr()?;
                return Ok((listener, bound));
            }
            Err(error) => last = Some(error),
        }
    }
    Err(last.unwrap_or_else(|| io::ErrorKind::NotFound.into()))
}

impl BindError {
    /// What kind of error the operating system gave.
    #[must_use]
    pub fn kind(&self) -> io::ErrorKind {
        self.source.kind()
    }
}

impl fmt::Display for BindError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { address, source } = self;
        match source.kind() {
            io::ErrorKind::AddrInUse => write!(
                f,
                "the address {address} is taken: another program listens there; stop it or choose another port"
            ),
            io::ErrorKind::PermissionDenied => write!(
                f,
                "the address {address} is not allowed: ports below 1024 need a privilege; choose a port above"
            ),
            io::ErrorKind::AddrNotAvailable => write!(
                f,
                "the address {address} is not one of this machine; 0.0.0.0 stands for all that are"
            ),
            io::ErrorKind::InvalidInput => write!(
                f,
                "`{address}` is not an address; it is a host and a port, such as 127.0.0.1:8080"
            ),
            _ => write!(f, "the address {address} cannot be listened on"),
        }
    }
}

impl std::error::Error for BindError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.source)
    }
}

/// Connections that wait to be accepted.
const BACKLOG: i32 = 1024;
