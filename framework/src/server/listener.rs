//! Listeners: sockets that wait for connections, before a runtime has them.

use std::io;
use std::net::{SocketAddr, TcpListener};
#[cfg(unix)]
use std::os::unix::net::UnixListener;
#[cfg(unix)]
use std::sync::Arc;

use socket2::{Domain, Protocol, SockRef, Socket, Type};

use super::address::{Address, Options};
use super::cover::Cover;
#[cfg(unix)]
use super::unix::SocketFile;

/// A socket that listens, and where.
#[derive(Debug)]
pub(super) struct Listener {
    pub(super) socket: Listening,
    pub(super) address: Address,
    /// Nobody else listens with the same socket, so what waits in it is lost with it.
    pub(super) ours: bool,
    options: Options,
    /// What is put over each wire.
    pub(super) cover: Cover,
    /// The file of a Unix socket, gone with the last that holds it.
    #[cfg(unix)]
    pub(super) file: Option<Arc<SocketFile>>,
}

#[derive(Debug)]
pub(super) enum Listening {
    Tcp(TcpListener),
    #[cfg(unix)]
    Unix(UnixListener),
}

impl Listener {
    /// Listens on an address of TCP.
    pub(super) fn tcp(at: SocketAddr, options: Options) -> io::Result<Self> {
        let socket = Socket::new(Domain::for_address(at), Type::STREAM, Some(Protocol::TCP))?;
        if at.is_ipv6() {
            // Whether `[::]` is IPv4 too is for us to say, and not for the machine's settings.
            socket.set_only_v6(options.only_v6)?;
        }
        #[cfg(unix)]
        socket.set_reuse_address(true)?;
        #[cfg(target_os = "linux")]
        socket.set_reuse_port(options.shared)?;
        if options.shared && !cfg!(target_os = "linux") {
            // Others have the option too, but do not part the connections.
            return Err(io::ErrorKind::Unsupported.into());
        }
        socket.bind(&at.into())?;
        socket.listen(BACKLOG)?;
        Self::of_tcp(socket.into(), true, options)
    }

    /// One that something else made, and may still hold.
    pub(super) fn made(socket: TcpListener) -> io::Result<Self> {
        Self::of_tcp(socket, false, Options::default())
    }

    fn of_tcp(socket: TcpListener, ours: bool, options: Options) -> io::Result<Self> {
        socket.set_nonblocking(true)?;
        listens(&SockRef::from(&socket))?;
        let address = Address::Tcp(socket.local_addr()?);
        Ok(Self {
            socket: Listening::Tcp(socket),
            address,
            ours,
            options,
            cover: Cover::default(),
            #[cfg(unix)]
            file: None,
        })
    }

    /// A Unix socket; its file, if it is ours to remove.
    #[cfg(unix)]
    pub(super) fn unix(socket: UnixListener, file: Option<SocketFile>) -> io::Result<Self> {
        socket.set_nonblocking(true)?;
        listens(&SockRef::from(&socket))?;
        let path = socket.local_addr()?.as_pathname().unwrap_or("".as_ref()).to_owned();
        Ok(Self {
            socket: Listening::Unix(socket),
            address: Address::Unix(path),
            ours: file.is_some(),
            options: Options::default(),
            cover: Cover::default(),
            file: file.map(Arc::new),
        })
    }

    /// The same with this over its wires, and an address that says so.
    pub(super) fn with_cover(mut self, cover: Cover) -> Self {
        if let (Some(at), true) = (self.address.tcp(), cover.is_tls()) {
            self.address = Address::Tls(at);
        }
        Self { cover, ..self }
    }

    /// Another one for the same address: with a queue of its own where the operating system parts connections
    /// between listeners, else one that takes turns with this.
    pub(super) fn another(&self) -> io::Result<Self> {
        if let (Some(at), true) = (self.address.tcp(), self.options.shared) {
            return Ok(Self::tcp(at, self.options)?.with_cover(self.cover.clone()));
        }
        let socket = match &self.socket {
            Listening::Tcp(socket) => Listening::Tcp(socket.try_clone()?),
            #[cfg(unix)]
            Listening::Unix(socket) => Listening::Unix(socket.try_clone()?),
        };
        Ok(Self {
            socket,
            address: self.address.clone(),
            ours: self.ours,
            options: self.options,
            cover: self.cover.clone(),
            #[cfg(unix)]
            file: self.file.clone(),
        })
    }
}

#[cfg(target_os = "linux")]
fn listens(socket: &SockRef<'_>) -> io::Result<()> {
    match socket.is_listener() {
        Ok(false) => Err(io::Error::new(
            io::ErrorKind::InvalidData,
            "the socket that was passed does not listen",
        )),
        _ => Ok(()),
    }
}

/// Other systems do not say; there, accepting fails.
#[cfg(not(target_os = "linux"))]
fn listens(_socket: &SockRef<'_>) -> io::Result<()> {
    Ok(())
}

/// Connections that wait to be accepted.
pub(super) const BACKLOG: i32 = 1024;
