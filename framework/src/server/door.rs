//! Doors: listeners on a runtime, and the connections that come through them.

use std::io::{self, IoSlice};
use std::net::SocketAddr;
#[cfg(unix)]
use std::sync::Arc;
use std::task::{Context, Poll, Waker, ready};

use bytes::BytesMut;
use tokio::net::{TcpListener, TcpStream};
#[cfg(unix)]
use tokio::net::{UnixListener, UnixStream};

use super::listener::{BACKLOG, Listener, Listening};
#[cfg(unix)]
use super::unix::SocketFile;
use crate::io::Tcp;
#[cfg(unix)]
use crate::io::Unix;
use crate::wire::Wire;

/// A listener on a runtime.
pub(super) struct Door {
    socket: Socket,
    ours: bool,
    #[cfg(unix)]
    file: Option<Arc<SocketFile>>,
}

enum Socket {
    Tcp(TcpListener),
    #[cfg(unix)]
    Unix(UnixListener),
}

/// A connection that came.
pub(super) enum Caller {
    Tcp(Tcp),
    #[cfg(unix)]
    Unix(Unix),
}

impl Door {
    /// Puts a listener on the runtime of the caller.
    pub(super) fn of(listener: Listener) -> io::Result<Self> {
        let socket = match listener.socket {
            Listening::Tcp(socket) => Socket::Tcp(TcpListener::from_std(socket)?),
            #[cfg(unix)]
            Listening::Unix(socket) => Socket::Unix(UnixListener::from_std(socket)?),
        };
        Ok(Self {
            socket,
            ours: listener.ours,
            #[cfg(unix)]
            file: listener.file,
        })
    }

    pub(super) fn poll_accept(&self, cx: &mut Context<'_>) -> Poll<io::Result<Caller>> {
        Poll::Ready(Ok(match &self.socket {
            Socket::Tcp(socket) => ready!(socket.poll_accept(cx)).map(Caller::tcp)?,
            #[cfg(unix)]
            Socket::Unix(socket) => Caller::Unix(Unix::new(ready!(socket.poll_accept(cx))?.0)),
        }))
    }

    /// Closes the connection that has waited longest to be accepted, if there is one.
    pub(super) fn turn_away(&self) {
        drop(self.poll_accept(&mut Context::from_waker(Waker::noop())));
    }

    /// Closes. Whoever came before is let in: a socket that closes resets those who wait in it. Where somebody else
    /// listens with the same socket, they wait for him.
    pub(super) fn close(self, mut admit: impl FnMut(Caller)) -> io::Result<()> {
        // Nobody finds the way any more.
        #[cfg(unix)]
        drop(self.file);
        if !self.ours {
            return Ok(());
        }
        // The runtime may not have heard of the last of them yet, so the operating system is asked.
        match self.socket {
            Socket::Tcp(socket) => {
                let socket = socket.into_std()?;
                for _ in 0..BACKLOG {
                    let (stream, peer) = socket.accept()?;
                    stream.set_nonblocking(true)?;
                    admit(Caller::tcp((TcpStream::from_std(stream)?, peer)));
                }
            }
            #[cfg(unix)]
            Socket::Unix(socket) => {
                let socket = socket.into_std()?;
                for _ in 0..BACKLOG {
                    let (stream, _) = socket.accept()?;
                    stream.set_nonblocking(true)?;
                    admit(Caller::Unix(Unix::new(UnixStream::from_std(stream)?)));
                }
            }
        }
        Ok(())
    }
}

impl Caller {
    fn tcp((stream, peer): (TcpStream, SocketAddr)) -> Self {
        // At a socket for both, IPv4 comes in IPv6's clothes.
        let peer = SocketAddr::new(peer.ip().to_canonical(), peer.port());
        Self::Tcp(Tcp::new(stream, peer))
    }
}

/// One wire for all kinds of sockets: a driver is compiled once for each service and not once for each kind, which is
/// also what lets the compiler unfold it.
impl Wire for Caller {
    #[inline(always)]
    fn poll_read(
        &mut self,
        cx: &mut Context<'_>,
        buffer: &mut BytesMut,
    ) -> Poll<io::Result<usize>> {
        match self {
            Self::Tcp(tcp) => tcp.poll_read(cx, buffer),
            #[cfg(unix)]
            Self::Unix(unix) => unix.poll_read(cx, buffer),
        }
    }

    #[inline(always)]
    fn poll_write(&mut self, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match self {
            Self::Tcp(tcp) => tcp.poll_write(cx, bytes),
            #[cfg(unix)]
            Self::Unix(unix) => unix.poll_write(cx, bytes),
        }
    }

    #[inline]
    fn poll_write_vectored(
        &mut self,
        cx: &mut Context<'_>,
        pieces: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match self {
            Self::Tcp(tcp) => tcp.poll_write_vectored(cx, pieces),
            #[cfg(unix)]
            Self::Unix(unix) => unix.poll_write_vectored(cx, pieces),
        }
    }

    #[inline]
    fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self {
            Self::Tcp(tcp) => tcp.poll_flush(cx),
            #[cfg(unix)]
            Self::Unix(unix) => unix.poll_flush(cx),
        }
    }

    #[inline]
    fn poll_shutdown(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self {
            Self::Tcp(tcp) => tcp.poll_shutdown(cx),
            #[cfg(unix)]
            Self::Unix(unix) => unix.poll_shutdown(cx),
        }
    }

    #[inline]
    fn has_failed(&self) -> bool {
        match self {
            Self::Tcp(tcp) => tcp.has_failed(),
            #[cfg(unix)]
            Self::Unix(unix) => unix.has_failed(),
        }
    }

    #[inline]
    fn peer(&self) -> Option<SocketAddr> {
        match self {
            Self::Tcp(tcp) => tcp.peer(),
            #[cfg(unix)]
            Self::Unix(unix) => unix.peer(),
        }
    }
}
