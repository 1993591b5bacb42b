//! A line: the socket of a thread that waits, in the clear or by TLS.

use std::io::{self, IoSlice};
use std::net::SocketAddr;
use std::task::{Context, Poll};

use bytes::BytesMut;

use super::socket::Socket;
#[cfg(feature = "tls")]
use crate::tls::Tls;
use crate::wire::{TlsInfo, Wire};

/// What a connection is over.
#[derive(Debug)]
pub(super) enum Line {
    Plain(Socket),
    #[cfg(feature = "tls")]
    Tls(Box<Tls<Socket>>),
}

/// The same call on whichever line it is.
macro_rules! either {
    ($line:expr, $inner:ident => $call:expr) => {
        match $line {
            Line::Plain($inner) => $call,
            #[cfg(feature = "tls")]
            Line::Tls($inner) => $call,
        }
    };
}

impl Line {
    /// Where the thread waits.
    pub(super) fn socket(&mut self) -> &mut Socket {
        match self {
            Self::Plain(socket) => socket,
            #[cfg(feature = "tls")]
            Self::Tls(tls) => tls.get_mut(),
        }
    }
}

impl Wire for Line {
    fn poll_read(
        &mut self,
        cx: &mut Context<'_>,
        buffer: &mut BytesMut,
    ) -> Poll<io::Result<usize>> {
        either!(self, line => line.poll_read(cx, buffer))
    }

    fn poll_write(&mut self, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        either!(self, line => line.poll_write(cx, bytes))
    }

    fn poll_write_vectored(
        &mut self,
        cx: &mut Context<'_>,
        pieces: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        either!(self, line => line.poll_write_vectored(cx, pieces))
    }

    fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        either!(self, line => line.poll_flush(cx))
    }

    fn poll_shutdown(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        either!(self, line => line.poll_shutdown(cx))
    }

    fn peer(&self) -> Option<SocketAddr> {
        either!(self, line => line.peer())
    }

    fn tls(&self) -> Option<&TlsInfo> {
        either!(self, line => line.tls())
    }
}
