//! Binding: from the words for an address to a listener, or to words on why not.

use std::fmt;
use std::io;
use std::net::SocketAddr;

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
