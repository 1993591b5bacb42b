//! Doors: listeners on a runtime, and the connections that come through them.

use std::io;
use std::net::SocketAddr;
#[cfg(unix)]
use std::sync::Arc;
use std::task::{Context, Poll, Waker, ready};

use tokio::net::{TcpListener, TcpStream};
#[cfg(unix)]
use tokio::net::{UnixListener, UnixStream};

use super::cover::Cover;
use super::listener::{BACKLOG, Listener, Listening};
#[cfg(unix)]
use super::unix::SocketFile;
#[cfg(unix)]
use crate::io::Unix;
use crate::io::{AnyWire, Tcp};

/// A listener on a runtime.
pub(super) struct Door {
    socket: Socket,
    ours: bool,
    cover: Cover,
    #[cfg(unix)]
    file: Option<Arc<SocketFile>>,
}

/// A connection that came, and what is put over it.
pub(super) struct Caller {
    pub(super) wire: AnyWire,
    pub(super) cover: Cover,
}

enum Socket {
    Tcp(TcpListener),
    #[cfg(unix)]
    Unix(UnixListener),
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
            cover: listener.cover,
            #[cfg(unix)]
            file: listener.file,
        })
    }

    pub(super) fn poll_accept(&self, cx: &mut Context<'_>) -> Poll<io::Result<Caller>> {
        let wire = match &self.socket {
            Socket::Tcp(socket) => ready!(socket.poll_accept(cx)).map(tcp)?,
            #[cfg(unix)]
            Socket::Unix(socket) => AnyWire::Unix(Unix::new(ready!(socket.poll_accept(cx))?.0)),
        };
        Poll::Ready(Ok(Caller { wire, cover: self.cover.clone() }))
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
        let mut admit = |wire| admit(Caller { wire, cover: self.cover.clone() });
        // The runtime may not have heard of the last of them yet, so the operating system is asked.
        match self.socket {
            Socket::Tcp(socket) => {
                let socket = socket.into_std()?;
                for _ in 0..BACKLOG {
                    let (stream, peer) = socket.accept()?;
                    stream.set_nonblocking(true)?;
                    admit(tcp((TcpStream::from_std(stream)?, peer)));
                }
            }
            #[cfg(unix)]
            Socket::Unix(socket) => {
                let socket = socket.into_std()?;
                for _ in 0..BACKLOG {
                    let (stream, _) = socket.accept()?;
                    stream.set_nonblocking(true)?;
                    admit(AnyWire::Unix(Unix::new(UnixStream::from_std(stream)?)));
                }
            }
        }
        Ok(())
    }
}

fn tcp((stream, peer): (TcpStream, SocketAddr)) -> AnyWire {
    // At a socket for both, IPv4 comes in IPv6's clothes.
    let peer = SocketAddr::new(peer.ip().to_canonical(), peer.port());
    AnyWire::Tcp(Tcp::new(stream, peer))
}
