//! A stream of bytes that never waits, plain or by TLS.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;

use anyhow::Result;
use rustls::client::Resumption;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

/// Whom a client trusts: the holder of one certificate.
#[derive(Clone, Debug)]
pub struct Trust(Arc<ClientConfig>);

impl Trust {
    /// In the holder of this certificate alone; each handshake is a whole one.
    ///
    /// # Errors
    ///
    /// If it is no certificate.
    pub fn in_certificate(certificate: CertificateDer<'static>) -> Result<Self> {
        let mut roots = RootCertStore::empty();
        roots.add(certificate)?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config =
            ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
        let mut config = config.with_root_certificates(roots).with_no_client_auth();
        config.resumption = Resumption::disabled();
        Ok(Self(Arc::new(config)))
    }

    /// TLS over this socket, whose handshake is made when something is written.
    ///
    /// # Errors
    ///
    /// None that is known of.
    pub fn over(&self, socket: TcpStream) -> Result<StreamOwned<ClientConnection, TcpStream>> {
        let name = ServerName::try_from("localhost")?;
        Ok(StreamOwned::new(ClientConnection::new(self.0.clone(), name)?, socket))
    }
}

/// One connection's stream.
#[derive(Debug)]
pub(super) enum Wire {
    Plain(TcpStream),
    Tls(Box<StreamOwned<ClientConnection, TcpStream>>),
}

impl Wire {
    pub(super) fn open(address: SocketAddr, trust: Option<&Trust>) -> Result<Self> {
        let socket = TcpStream::connect(address)?;
        socket.set_nodelay(true)?;
        socket.set_nonblocking(true)?;
        let Some(trust) = trust else { return Ok(Self::Plain(socket)) };
        Ok(Self::Tls(Box::new(trust.over(socket)?)))
    }

    pub(super) fn socket(&self) -> &TcpStream {
        match self {
            Self::Plain(socket) => socket,
            Self::Tls(tls) => &tls.sock,
        }
    }

    /// Whether a read that did not fill the buffer has taken all there is.
    pub(super) fn is_drained_by_short_reads(&self) -> bool {
        matches!(self, Self::Plain(_))
    }

    /// Writes what it can; none, if it cannot now.
    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<Option<usize>> {
        now(match self {
            Self::Plain(socket) => socket.write(bytes),
            Self::Tls(tls) => tls.write(bytes),
        })
    }

    /// Sends what TLS still holds.
    pub(super) fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(_) => Ok(()),
            Self::Tls(tls) => now(tls.flush()).map(drop),
        }
    }

    /// Reads what there is; none, if there is nothing now.
    pub(super) fn read(&mut self, buffer: &mut [u8]) -> io::Result<Option<usize>> {
        now(match self {
            Self::Plain(socket) => socket.read(buffer),
            Self::Tls(tls) => tls.read(buffer),
        })
    }
}

fn now<T>(done: io::Result<T>) -> io::Result<Option<T>> {
    match done {
        Ok(done) => Ok(Some(done)),
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(None),
        Err(error) => Err(error),
    }
}
